"""A push button that stands for an action: same icon, text, tool tip and state."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QWidget

_HEIGHT: Final = 36


class ActionButton(QPushButton):
    """Does what the action does, wherever it stands."""

    def __init__(self, action: QAction, *, width: int = 240, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: Final = action
        self.setObjectName(f"button_{action.objectName()}")
        self.setMinimumSize(width, _HEIGHT)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.setText(self._action.text())
        self.setIcon(self._action.icon())
        self.setEnabled(self._action.isEnabled())
        self.setToolTip(self._action.toolTip())
