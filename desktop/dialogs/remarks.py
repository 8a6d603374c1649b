"""A list of remarks: what an import left out, and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QVBoxLayout, QWidget

from core.problems import Problem
from desktop.dialogs.buttons import button_box
from desktop.words import problem_sentence


class RemarksDialog(QDialog):
    """One sentence for each problem."""

    def __init__(self, title: str, problems: Sequence[Problem], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("remarks_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._list = QListWidget()
        self._list.setAlternatingRowColors(True)
        self._list.setWordWrap(True)
        self._list.setAccessibleName(title)
        self._list.addItems([problem_sentence(problem) for problem in problems])
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self._list, 1)
        layout.addWidget(buttons)
        self.resize(680, 360)

    def sentences(self) -> list[str]:
        return [self._list.item(row).text() for row in range(self._list.count())]
