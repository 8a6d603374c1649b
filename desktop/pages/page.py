"""What all pages of the window have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from desktop.session import Session


class Page(QWidget):
    """One step of the work, a tab of the window.

    A page sets its texts in `retranslate` only, calls it at the end of its constructor, and is called again when the language changes.
    It is made once, before any project is open, and lives as long as the window.
    """

    key: ClassVar[str]
    icon_name: ClassVar[str]

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setObjectName(f"page_{self.key}")

    def title(self) -> str:
        """The text of the tab, translated."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Sets all texts in the current language."""

    def refresh_actions(self) -> None:
        """Called when the page is shown and when the state of the program changed; sets what `enable_action` knows."""

    def connect_action(self, action_id: str, slot: Callable[[], object]) -> None:
        """`slot` is called for the action while this page is shown."""
        self.session.actions.connect(action_id, slot, page=self.key)

    def enable_action(self, action_id: str, enabled: bool, reason: str = "") -> None:
        """`reason` tells, translated, why the action cannot be used now; it becomes its tool tip."""
        self.session.actions.enable(action_id, enabled, reason, page=self.key)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
