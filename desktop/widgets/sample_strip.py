"""A few fixed parts during a training: what goes in, what comes out, and where the two differ."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.words import translate

GAP: Final = 6
SMALLEST_EDGE: Final = 48
LARGEST_EDGE: Final = 160
WANTED_COLUMNS: Final = 4


def to_image(picture: NDArray[np.uint8]) -> QImage:
    """A picture of shape (height, width, 1 or 3) as an image that owns its bytes."""
    height, width, channels = picture.shape
    rgb = np.ascontiguousarray(np.repeat(picture, 3, axis=2) if channels == 1 else picture)
    return QImage(rgb.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def difference(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The largest absolute difference of any channel, shape (n, height, width, 1): black where the two agree."""
    gap = np.abs(first.astype(np.int16) - second.astype(np.int16))
    largest: NDArray[np.uint8] = gap.max(axis=3, keepdims=True).astype(np.uint8)
    return largest


class SampleStrip(QWidget):
    """Three rows, one column per part. The difference keeps the grey levels of the pictures, so it darkens as the training gets better."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inputs: NDArray[np.uint8] | None = None
        self._reconstructions: NDArray[np.uint8] | None = None
        self._rows: list[list[QImage]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.retranslate()

    def clear(self) -> None:
        self._inputs = self._reconstructions = None
        self._rebuild()

    def set_pictures(self, name: str, pictures: NDArray[np.uint8]) -> None:
        """`name` is "input" or "reconstruction", as in `JobContext.picture`; other names are passed over."""
        if name == "input":
            self._inputs = pictures
        elif name == "reconstruction":
            self._reconstructions = pictures
        self._rebuild()

    def is_empty(self) -> bool:
        return not self._rows

    def rows(self) -> list[list[QImage]]:
        """The pictures as they are painted: inputs, reconstructions, differences."""
        return self._rows

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self._titles = (
            translate("SampleStrip", "part"),
            translate("SampleStrip", "reconstruction"),
            translate("SampleStrip", "difference"),
        )
        self.setAccessibleName(translate("SampleStrip", "Sample parts during training"))
        self.setToolTip(
            translate(
                "SampleStrip",
                "The same parts all the time, from the train and calibration splits. The reconstruction should come to look like the part, "
                "and the difference should turn dark.",
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._columns() * (96 + GAP), 3 * (96 + self._title_height() + GAP))

    def minimumSizeHint(self) -> QSize:
        return QSize(3 * (SMALLEST_EDGE + GAP), 3 * (SMALLEST_EDGE + self._title_height() + GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        edge = self._edge()
        visible = max(1, (self.width() + GAP) // (edge + GAP))
        top = 0
        for title, row in zip(self._titles, self._rows, strict=False):
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(QRect(0, top, self.width(), self._title_height()), Qt.AlignmentFlag.AlignVCenter, title)
            top += self._title_height()
            for column, image in enumerate(row[:visible]):
                size = image.size().scaled(edge, edge, Qt.AspectRatioMode.KeepAspectRatio)
                painter.drawImage(QRect(column * (edge + GAP), top, size.width(), size.height()), image)
            top += edge + GAP

    def _columns(self) -> int:
        return len(self._rows[0]) if self._rows else 3

    def _title_height(self) -> int:
        return self.fontMetrics().height() + 2

    def _edge(self) -> int:
        by_height = self.height() // 3 - self._title_height() - GAP
        by_width = (self.width() + GAP) // min(self._columns(), WANTED_COLUMNS) - GAP
        return max(SMALLEST_EDGE, min(by_height, by_width, LARGEST_EDGE))

    def _rebuild(self) -> None:
        rows = []
        if self._inputs is not None:
            rows.append(self._inputs)
            if self._reconstructions is not None and self._reconstructions.shape == self._inputs.shape:
                rows += [self._reconstructions, difference(self._inputs, self._reconstructions)]
        self._rows = [[to_image(picture) for picture in pictures] for pictures in rows]
        self.updateGeometry()
        self.update()
