"""The one zoom and place that all image panes share."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal

LARGEST_SCALE: Final = 64.0  # screen pixels per picture pixel


class PixelView(QObject):
    """Scale (screen pixels per picture pixel) and centre (in picture pixels) of every pane.

    `fitted` means that the whole picture is shown as large as fits, also after a pane or the picture changes its size. A zoom made by
    hand is kept from picture to picture. `cursor` is the point under the mouse in picture pixels, None when it is outside.
    """

    changed = Signal()
    cursor_moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.fitted = True
        self.scale = 1.0
        self.centre = QPointF(0.5, 0.5)
        self.cursor: QPointF | None = None
        self.device_scale = 1.0  # screen dots per screen pixel, so that 1:1 is one dot for one picture pixel
        self._pane = QSizeF(1, 1)
        self._picture = QSizeF(1, 1)

    @property
    def picture_size(self) -> QSizeF:
        return self._picture

    def set_pane_size(self, size: QSizeF) -> None:
        """The size that every pane has, in screen pixels."""
        if size != self._pane and not size.isEmpty():
            self._pane = size
            self._settle()

    def set_picture_size(self, width: int, height: int) -> None:
        size = QSizeF(max(1, width), max(1, height))
        if size != self._picture:
            relative = QPointF(self.centre.x() / self._picture.width(), self.centre.y() / self._picture.height())
            self._picture = size
            self.centre = QPointF(relative.x() * size.width(), relative.y() * size.height())
            self._settle()

    def fit_scale(self) -> float:
        return min(self._pane.width() / self._picture.width(), self._pane.height() / self._picture.height())

    def fit(self) -> None:
        """Shows the whole picture."""
        self.fitted = True
        self._settle()

    def one_to_one(self) -> None:
        """One screen dot for each picture pixel."""
        self.fitted = False
        self.scale = 1.0 / self.device_scale
        self._settle()

    def toggle_fit(self) -> None:
        """Between the whole picture and 1:1."""
        if self.fitted:
            self.one_to_one()
        else:
            self.fit()

    def zoom(self, factor: float, fixed: QPointF | None = None) -> None:
        """Zooms so that picture point `fixed` (None = the centre) stays where it is on the screen."""
        wanted = min(max(self.scale * factor, self.fit_scale() / 2), max(LARGEST_SCALE, self.fit_scale()))
        if fixed is not None:
            ratio = self.scale / wanted
            self.centre = QPointF(
                fixed.x() + (self.centre.x() - fixed.x()) * ratio,
                fixed.y() + (self.centre.y() - fixed.y()) * ratio,
            )
        self.scale = wanted
        self.fitted = False
        self._settle()

    def pan(self, screen_x: float, screen_y: float) -> None:
        """Moves the picture by a distance in screen pixels."""
        self.fitted = False
        self.centre = QPointF(self.centre.x() - screen_x / self.scale, self.centre.y() - screen_y / self.scale)
        self._settle()

    def set_cursor(self, point: QPointF | None) -> None:
        inside = point is not None and QRectF(QPointF(0, 0), self._picture).contains(point)
        cursor = point if inside else None
        if cursor != self.cursor:
            self.cursor = cursor
            self.cursor_moved.emit()

    def to_picture(self, place: QPointF, pane: QSizeF) -> QPointF:
        """The picture point shown at screen point `place` of a pane of size `pane`."""
        return QPointF(
            self.centre.x() + (place.x() - pane.width() / 2) / self.scale,
            self.centre.y() + (place.y() - pane.height() / 2) / self.scale,
        )

    def picture_rectangle(self, pane: QSizeF) -> QRectF:
        """Where the whole picture lies in a pane of size `pane`, in screen pixels."""
        return QRectF(
            pane.width() / 2 - self.centre.x() * self.scale,
            pane.height() / 2 - self.centre.y() * self.scale,
            self._picture.width() * self.scale,
            self._picture.height() * self.scale,
        )

    def _settle(self) -> None:
        if self.fitted:
            self.scale = self.fit_scale()
            self.centre = QPointF(self._picture.width() / 2, self._picture.height() / 2)
        else:  # the middle of the pane never leaves the picture, so that it cannot be lost
            self.centre = QPointF(
                min(max(self.centre.x(), 0.0), self._picture.width()),
                min(max(self.centre.y(), 0.0), self._picture.height()),
            )
        self.changed.emit()
