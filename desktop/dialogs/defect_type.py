"""Asks for the defect type of the selected items: one of the project's, or a new one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from desktop import theme
from desktop.dialogs.buttons import button_box
from desktop.words import translate


class DefectTypeDialog(QDialog):
    """Emits `chosen` with the type when it is accepted; an empty one means defective without a type."""

    chosen = Signal(str)

    def __init__(self, known: list[str], current: str, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("defect_type_dialog")
        self.setWindowTitle(translate("DefectType", "Defect type"))
        label = QLabel(translate("DefectType", "&Type of %n defective item(s):", None, count))
        self.box: Final = QComboBox()
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.addItems(known)
        self.box.setCurrentText(current)
        completer = self.box.completer()
        if completer is not None:
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseSensitive)
        edit = self.box.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(translate("DefectType", "for example scratch"))
            edit.selectAll()
        label.setBuddy(self.box)
        buttons = button_box(QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.SPACING)
        for widget in (label, self.box, buttons):
            layout.addWidget(widget)
        self.setMinimumWidth(340)

    def accept(self) -> None:
        super().accept()
        self.chosen.emit(" ".join(self.box.currentText().split()))
