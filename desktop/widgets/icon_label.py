"""An icon that is drawn anew when the colours change; a QLabel would keep the pixmap of the old ones."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop import theme


class IconLabel(QWidget):
    """The icon `name` of `resources/icons`, `edge` pixels wide and high."""

    def __init__(self, name: str, edge: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon: Final = theme.icon(name)
        self._edge: Final = edge
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._edge, self._edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()
