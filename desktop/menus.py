"""The menu bar, made from the action table."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from desktop.actions import ACTIONS, Actions, Menu
from desktop.settings import Settings
from desktop.words import translate

_RECENT_AFTER: Final = "project.open"


class Menus(QObject):
    """Fills a menu bar and keeps its texts and the list of recent projects up to date. Emits `recent_chosen` with a folder."""

    recent_chosen = Signal(object)

    def __init__(self, bar: QMenuBar, actions: Actions, settings: Settings) -> None:
        super().__init__(bar)
        self._settings: Final = settings
        self.menus: Final = {menu: bar.addMenu("") for menu in Menu}
        self.recent: Final = QMenu(bar)
        for entry in ACTIONS:
            menu = self.menus[entry.menu]
            if entry.separator:
                menu.addSeparator()
            menu.addAction(actions.action(entry.id))
            if entry.id == _RECENT_AFTER:
                menu.addMenu(self.recent)
        for menu in self.menus.values():
            menu.setToolTipsVisible(True)
        settings.recent_changed.connect(self._fill_recent)
        self.retranslate()

    def retranslate(self) -> None:
        for key, menu in self.menus.items():
            menu.setTitle(translate("Menu", key.value))
        self.recent.setTitle(translate("Menu", "&Recent projects"))
        self._fill_recent()

    def _fill_recent(self) -> None:
        self.recent.clear()
        for place, folder in enumerate(self._settings.recent_projects, start=1):
            self.recent.addAction(self._recent_action(place, folder))
        self.recent.setEnabled(not self.recent.isEmpty())

    def _recent_action(self, place: int, folder: Path) -> QAction:
        name = folder.name.removesuffix(".flawscope").replace("&", "&&")
        action = QAction(f"&{place} {name}", self.recent)
        action.setToolTip(str(folder))
        # Queued: opening a project clears this menu, and the action with it, while it is still being triggered.
        action.setData(str(folder))
        action.triggered.connect(self._on_triggered, Qt.ConnectionType.QueuedConnection)
        return action

    def _on_triggered(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.recent_chosen.emit(Path(str(sender.data())))
