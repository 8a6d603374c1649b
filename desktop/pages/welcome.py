"""The start page: what to do while no project is open."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop import theme
from desktop.session import Session
from desktop.widgets.action_button import ActionButton
from desktop.widgets.icon_label import IconLabel
from desktop.words import translate

_WIDTH: Final = 820
_BUTTONS: Final = ("project.new", "project.open", "project.sample")


class WelcomePage(QWidget):
    """Three ways to begin, and the projects opened last. Emits `recent_chosen` with a folder."""

    recent_chosen = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_welcome")
        self._settings: Final = session.settings
        self._title, self._subtitle, self._hint, self._recent_title = QLabel(), QLabel(), QLabel(), QLabel()
        big = theme.heading_font(self.font())
        big.setPointSizeF(big.pointSizeF() * 1.5)
        self._title.setFont(big)
        self._recent_title.setFont(theme.heading_font(self.font()))
        for label in (self._subtitle, self._hint):
            label.setWordWrap(True)
        self.buttons: Final = {action_id: ActionButton(session.actions.action(action_id), width=280) for action_id in _BUTTONS}
        self.recent: Final = QListWidget()
        self.recent.setAlternatingRowColors(True)
        # Queued: opening a project changes the list while the view still works on the click.
        self.recent.itemActivated.connect(self._on_activated, Qt.ConnectionType.QueuedConnection)
        self.recent.itemClicked.connect(self._on_activated, Qt.ConnectionType.QueuedConnection)
        self._none = QLabel()
        self._none.setWordWrap(True)
        self._arrange()
        self._settings.recent_changed.connect(self._show_recent)
        self.retranslate()

    def _arrange(self) -> None:
        begin = QVBoxLayout()
        begin.setSpacing(theme.SPACING)
        for button in self.buttons.values():
            begin.addWidget(button)
        begin.addSpacing(theme.SPACING)
        begin.addWidget(self._hint)
        begin.addStretch(1)
        recent = QVBoxLayout()
        recent.setSpacing(theme.SPACING)
        recent.addWidget(self._recent_title)
        recent.addWidget(self._none)
        recent.addWidget(self.recent, 100)
        recent.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(theme.MARGIN * 2)
        columns.addLayout(begin, 2)
        columns.addLayout(recent, 3)
        heading = QHBoxLayout()
        heading.setSpacing(theme.MARGIN)
        heading.addWidget(IconLabel("flawscope", 56))
        words = QVBoxLayout()
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        heading.addLayout(words, 1)
        block = QWidget()
        block.setMaximumWidth(_WIDTH)
        inside = QVBoxLayout(block)
        inside.setSpacing(theme.MARGIN * 2)
        inside.addLayout(heading)
        inside.addLayout(columns, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN * 2, theme.MARGIN * 3, theme.MARGIN * 2, theme.MARGIN * 3)
        layout.addStretch(1)
        layout.addWidget(block, 20)
        layout.addStretch(1)

    def retranslate(self) -> None:
        self._title.setText("Flawscope")
        self._subtitle.setText(translate("Welcome", "Finds defective products in images and in tables of measurements."))
        self._hint.setText(translate("Welcome", "Or drop a folder of images, a table (CSV) or a project anywhere on this window."))
        self._recent_title.setText(translate("Welcome", "Recent projects"))
        self._none.setText(translate("Welcome", "None yet. The sample project shows the whole way in a few minutes."))
        self.recent.setAccessibleName(self._recent_title.text())
        self._show_recent()

    @Slot()
    def _show_recent(self) -> None:
        self.recent.clear()
        for folder in self._settings.recent_projects:
            name = unicodedata.normalize("NFC", folder.name).removesuffix(".flawscope")
            item = QListWidgetItem(f"{name}\n{unicodedata.normalize('NFC', str(folder.parent))}")
            item.setData(Qt.ItemDataRole.UserRole, str(folder))
            item.setIcon(theme.icon("folder"))
            item.setToolTip(str(folder))
            self.recent.addItem(item)
        self.recent.setVisible(self.recent.count() > 0)
        self._none.setVisible(self.recent.count() == 0)

    def _on_activated(self, item: QListWidgetItem) -> None:
        self.recent_chosen.emit(Path(item.data(Qt.ItemDataRole.UserRole)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
