"""The left side of the Data page: sources, how many items each split has, and what the imports remarked."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.problem_list import ProblemList
from desktop.widgets.source_list import SourceList
from desktop.widgets.split_counts import SplitCounts
from desktop.words import translate

_ICON: Final = QSize(16, 16)


class DataPanel(QWidget):
    """Holds the three lists; the page fills them."""

    def __init__(self, imports: list[QAction], split: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sources: Final = SourceList()
        self.counts: Final = SplitCounts()
        self.problems: Final = ProblemList()
        self._sources_title, self._counts_title = QLabel(), QLabel()
        self.import_button: Final = QToolButton()
        self.import_button.setIcon(theme.icon("import"))
        self.import_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.import_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.import_button)
        menu.addActions(imports)
        self.import_button.setMenu(menu)
        self.split_button: Final = QToolButton()
        self.split_button.setDefaultAction(split)
        self.split_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for button in (self.import_button, self.split_button):
            button.setIconSize(_ICON)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hint: Final = QLabel()
        self.hint.setWordWrap(True)
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, theme.SPACING, 0)
        layout.setSpacing(theme.SPACING)
        for title, button, widget, stretch in (
            (self._sources_title, self.import_button, self.sources, 3),
            (self._counts_title, self.split_button, self.counts, 0),
        ):
            font = title.font()
            font.setBold(True)
            title.setFont(font)
            line = QHBoxLayout()
            line.addWidget(title, 1)
            line.addWidget(button)
            layout.addLayout(line)
            layout.addWidget(widget, stretch)
        layout.addWidget(self.hint)
        layout.addWidget(self.problems, 2)
        self.sources.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def retranslate(self) -> None:
        self._sources_title.setText(translate("DataPage", "Sources"))
        self._counts_title.setText(translate("DataPage", "Items by split"))
        self.import_button.setText(translate("DataPage", "Import..."))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
