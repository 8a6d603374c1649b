"""What the imports left out or want to be known, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.words import problem_sentence, translate

if TYPE_CHECKING:
    from core.project.items import ImportProblem

_ID: Final = Qt.ItemDataRole.UserRole
_HEIGHT: Final = 170


def remark(entry: ImportProblem) -> str:
    """The sentence with the path as it is below its source, which is short enough to read."""
    arguments = dict(entry.problem.arguments)
    if entry.relative_path and "path" in arguments:
        arguments["path"] = entry.relative_path
    return problem_sentence(replace(entry.problem, arguments=arguments))


class ProblemList(QWidget):
    """Folded to one line with the number; hidden when there is nothing. `item_chosen` carries the id of an item that a line is about."""

    item_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problems: list[ImportProblem] = []
        self.fold: Final = QToolButton(autoRaise=True)
        self.fold.setCheckable(True)
        self.fold.setIcon(theme.icon("warning"))
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.list: Final = QListWidget()
        self.list.setWordWrap(True)
        self.list.setTextElideMode(Qt.TextElideMode.ElideNone)
        self.list.setAlternatingRowColors(True)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setLayoutMode(QListView.LayoutMode.Batched)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setMinimumHeight(80)
        self.list.itemActivated.connect(self._on_chosen)
        self.list.itemClicked.connect(self._on_chosen)
        self.fold.toggled.connect(self._on_folded)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACING // 2)
        layout.addWidget(self.fold)
        layout.addWidget(self.list, 1)
        self._on_folded(False)
        self.hide()
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(240, self.fold.sizeHint().height() + (_HEIGHT if self.fold.isChecked() else 0))

    def show_problems(self, problems: list[ImportProblem]) -> None:
        self._problems = problems
        self._fill()
        self.setVisible(bool(problems))

    def retranslate(self) -> None:
        self.list.setAccessibleName(translate("DataPage", "Problems"))
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _fill(self) -> None:
        self.fold.setText(translate("DataPage", "Problems: {count}").format(count=f"{len(self._problems):,}"))
        self.list.clear()
        for entry in self._problems:
            item = QListWidgetItem(remark(entry))
            item.setData(_ID, entry.item_id)
            self.list.addItem(item)

    def _on_folded(self, unfolded: bool) -> None:
        self.list.setVisible(unfolded)
        height = QSizePolicy.Policy.Expanding if unfolded else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, height)

    def _on_chosen(self, item: QListWidgetItem) -> None:
        item_id = item.data(_ID)
        if item_id is not None:
            self.item_chosen.emit(item_id)
