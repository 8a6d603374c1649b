"""Explanations that stand back behind what they explain, and can still be read."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

OPACITY: Final = 0.72  # contrast of about 6:1 in light and dark; the palette's placeholder colour has less than 4:1


class MutedLabel(QLabel):
    """A label that wraps, in a weaker colour of the text. `set_muted(False)` makes it bold and full, for what is wrong."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._muted = True
        self._changing = False
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._apply()

    def set_muted(self, muted: bool) -> None:
        if muted != self._muted:
            self._muted = muted
            font = self.font()
            font.setBold(not muted)
            self.setFont(font)
            self._apply()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ParentChange) and not self._changing:
            self._apply()

    def _apply(self) -> None:
        parent = self.parentWidget()
        if parent is None:
            return
        colour = parent.palette().color(QPalette.ColorRole.WindowText)
        colour.setAlphaF(OPACITY if self._muted else 1.0)
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self._changing = True
        self.setPalette(palette)
        self._changing = False
