"""One pane: a picture with an optional overlay and outline, drawn through the zoom that all panes share."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.widgets.pixel_view import PixelView

WHEEL_STEP: Final = 1.2  # zoom for one notch
CRISP_FROM: Final = 4.0  # from this scale on, single pixels are shown as squares


def outline_of(mask: NDArray[np.bool_]) -> list[QLineF]:
    """The border of `mask` (height, width) as lines in picture pixels, runs of border joined into one line."""
    padded = np.pad(mask, 1)
    lines: list[QLineF] = []
    rows = padded[1:, :] != padded[:-1, :]  # a horizontal border between row y-1 and y
    for y, start, stop in _runs(rows):
        lines.append(QLineF(start - 1, y, stop - 1, y))
    columns = (padded[:, 1:] != padded[:, :-1]).T
    for x, start, stop in _runs(columns):
        lines.append(QLineF(x, start - 1, x, stop - 1))
    return lines


def _runs(border: NDArray[np.bool_]) -> list[tuple[int, int, int]]:
    """(line, start, stop) of every run of True along the second axis."""
    steps = np.diff(np.pad(border, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    lines, starts = np.nonzero(steps == 1)
    _, stops = np.nonzero(steps == -1)
    return [(int(line), int(start), int(stop)) for line, start, stop in zip(lines, starts, stops, strict=True)]


class PictureCanvas(QWidget):
    """Draws; holds no meaning. Its pictures are stretched to the size of the part that `PixelView` knows."""

    activated = Signal()  # double click

    def __init__(self, view: PixelView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._picture: QImage | None = None
        self._reduced: dict[int, QImage] = {}
        self._overlay: QImage | None = None
        self._outline: list[QLineF] = []
        self._message = ""
        self.overlay_opacity = 0.6
        self._outline_shown = True
        self._last = QPointF()
        self.setMouseTracking(True)
        self.setMinimumSize(80, 80)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        view.changed.connect(self.update)
        view.cursor_moved.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(320, 320)

    @property
    def message(self) -> str:
        """Why there is no picture, empty when there is one."""
        return "" if self._picture is not None else self._message

    @property
    def has_overlay(self) -> bool:
        return self._overlay is not None

    @property
    def outline_shown(self) -> bool:
        return self._outline_shown and bool(self._outline)

    @outline_shown.setter
    def outline_shown(self, shown: bool) -> None:
        self._outline_shown = shown
        self.update()

    def show_picture(self, picture: QImage | None, message: str = "") -> None:
        """`message` says why there is no picture."""
        self._picture = picture
        self._message = message
        self._reduced = {}
        self.update()

    def show_overlay(self, overlay: QImage | None) -> None:
        self._overlay = overlay
        self.update()

    def show_outline(self, lines: list[QLineF]) -> None:
        self._outline = lines
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().midlight())
        if self._picture is None:
            self._paint_message(painter)
        else:
            self._paint_pictures(painter)
            self._paint_cursor(painter)
        painter.end()
        del event

    def _paint_message(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.palette().window())
        painter.setPen(self.palette().color(self.foregroundRole()))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(16, 16, -16, -16), flags, self._message)

    def _paint_pictures(self, painter: QPainter) -> None:
        assert self._picture is not None
        target = self._view.picture_rectangle(QSizeF(self.size()))
        drawn = self._at_scale(target.width() / self._picture.width())
        crisp = target.width() / self._picture.width() >= CRISP_FROM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not crisp)
        painter.drawImage(target, drawn, QRectF(drawn.rect()))
        if self._overlay is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.setOpacity(self.overlay_opacity)
            painter.drawImage(target, self._overlay, QRectF(self._overlay.rect()))
            painter.setOpacity(1.0)
        if self.outline_shown:
            self._paint_outline(painter, target)

    def _paint_outline(self, painter: QPainter, target: QRectF) -> None:
        painter.save()
        painter.translate(target.topLeft())
        scale = self._view.scale
        painter.scale(scale, scale)
        for colour, width in ((QColor(0, 0, 0, 160), 3.0), (QColor(255, 255, 255), 1.2)):
            pen = QPen(colour, width)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines(self._outline)
        painter.restore()

    def _paint_cursor(self, painter: QPainter) -> None:
        """A small cross at the place that the mouse points at in another pane."""
        if self._view.cursor is None or self.underMouse():
            return
        target = self._view.picture_rectangle(QSizeF(self.size()))
        place = target.topLeft() + self._view.cursor * self._view.scale
        for colour, width in ((QColor(0, 0, 0, 200), 3.0), (QColor(255, 255, 255), 1.0)):
            painter.setPen(QPen(colour, width))
            painter.drawLine(place + QPointF(-7, 0), place + QPointF(7, 0))
            painter.drawLine(place + QPointF(0, -7), place + QPointF(0, 7))

    def _at_scale(self, scale: float) -> QImage:
        """The picture, averaged down to the nearest power of two above what is shown: a thin scratch must not fall between pixels."""
        assert self._picture is not None
        level = 0
        while scale * self.devicePixelRatioF() < 0.5 ** (level + 1) and level < 6:
            level += 1
        if level == 0:
            return self._picture
        if level not in self._reduced:
            size = self._picture.size()
            smaller = QSize(max(1, size.width() >> level), max(1, size.height() >> level))
            self._reduced[level] = self._picture.scaled(
                smaller, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        return self._reduced[level]

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._view.device_scale = self.devicePixelRatioF()
        self._view.set_pane_size(QSizeF(event.size()))
        super().resizeEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._picture is None or event.angleDelta().y() == 0:
            event.ignore()
            return
        fixed = self._view.to_picture(event.position(), QSizeF(self.size()))
        self._view.zoom(WHEEL_STEP ** (event.angleDelta().y() / 120.0), fixed)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._last = event.position()
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        super().mousePressEvent(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._view.set_cursor(self._view.to_picture(event.position(), QSizeF(self.size())))
        if event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.MiddleButton):
            moved = event.position() - self._last
            self._last = event.position()
            self._view.pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.unsetCursor()
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.activated.emit()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        self._view.set_cursor(None)
        super().leaveEvent(event)
