"""The flag on top of a threshold line: what one grasps, and what the keyboard moves."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from desktop.words import translate

HEIGHT: Final = 20


class ThresholdHandle(QWidget):
    """T1's flag lies left of its line and T2's right of it, so that both can be taken when the thresholds are equal."""

    def __init__(self, index: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.index: Final = index
        self._text = ""
        self._simple = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)

    def retranslate(self, *, simple: bool) -> None:
        self._simple = simple
        self._text = "T" if simple else f"T{self.index + 1}"
        self.setAccessibleName(translate("ScoreHistogram", "Threshold {name}").format(name=self._text))
        self.setToolTip(translate("ScoreHistogram", "Drag, or move by one part with Left and Right, by ten with Shift. Esc takes it back."))
        self.resize(self.sizeHint())
        self.update()

    def describe(self, value: float) -> None:
        self.setAccessibleDescription(f"{value:.6g}")

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("T2") + 14, HEIGHT)

    def place(self, x: float, *, simple: bool) -> None:
        """Puts the flag beside (in simple mode on) the line at `x`."""
        left = x - self.width() / 2 if simple else (x - self.width() if self.index == 0 else x)
        self.move(round(left), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        role = QPalette.ColorRole.Highlight if self.hasFocus() else QPalette.ColorRole.WindowText
        ground = self.palette().color(role)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        tip = box.bottom()
        shoulder = tip - 5
        if self._simple:
            middle = box.center().x()
            corners = [box.topLeft(), box.topRight(), QPointF(box.right(), shoulder), QPointF(middle, tip), QPointF(box.left(), shoulder)]
        elif self.index == 0:
            corners = [box.topLeft(), box.topRight(), box.bottomRight(), QPointF(box.left(), shoulder)]
        else:
            corners = [box.topLeft(), box.topRight(), QPointF(box.right(), shoulder), box.bottomLeft()]
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Base), 1))
        painter.setBrush(ground)
        painter.drawPolygon(QPolygonF(corners))
        text_role = QPalette.ColorRole.HighlightedText if self.hasFocus() else QPalette.ColorRole.Window
        painter.setPen(self.palette().color(text_role))
        painter.drawText(box.adjusted(0, 0, 0, -4), Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()
        del event
