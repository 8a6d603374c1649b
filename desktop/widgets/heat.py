"""Colours of evidence: one fixed scale for a whole run, v / (v + t), so that the same colour always means the same evidence."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

COLOUR_MAPS: Final = ("inferno", "viridis", "cividis", "turbo")
_SUPERSCRIPT: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
TICKS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)


def heat_fraction(values: NDArray[np.floating], scale: float) -> NDArray[np.float32]:
    """v / (v + t) in 0..1 for evidence `values` and the run's t = `scale` > 0; evidence below 0 counts as 0, NaN as 0."""
    raw = np.asarray(values, dtype=np.float64)
    positive = np.where(raw > 0, np.minimum(raw, np.finfo(np.float32).max), 0.0)
    return np.asarray(positive / (positive + scale), dtype=np.float32)


def value_at(fraction: float, scale: float) -> float:
    """The evidence that gets colour `fraction` (0 to below 1): the inverse of `heat_fraction`."""
    return scale * fraction / (1.0 - fraction)


def colour_table(name: str, *, transparent_low: bool = False) -> NDArray[np.uint8]:
    """256 colours (red, green, blue, alpha) of one of `COLOUR_MAPS`.

    With `transparent_low` the alpha rises from 0 at no evidence to full at v = t, so that an overlay hides only what is suspicious.
    """
    table = np.asarray(pyqtgraph.colormap.get(name).getLookupTable(nPts=256, alpha=True), dtype=np.uint8).copy()
    if transparent_low:
        table[:, 3] = np.round(255 * np.minimum(1.0, np.arange(256) / 128.0)).astype(np.uint8)
    return table


def heat_image(fractions: NDArray[np.float32], table: NDArray[np.uint8]) -> QImage:
    """A picture of the size of `fractions` (height, width) that owns its memory."""
    coloured = np.ascontiguousarray(table[np.round(fractions * 255).astype(np.uint8)])
    height, width = fractions.shape
    return QImage(coloured.data, width, height, width * 4, QImage.Format.Format_RGBA8888).convertToFormat(
        QImage.Format.Format_ARGB32_Premultiplied
    )


def plain_image(pixels: NDArray[np.uint8]) -> QImage:
    """A grey (height, width[, 1]) or colour (height, width, 3) picture that owns its memory."""
    if pixels.ndim == 3 and pixels.shape[2] == 1:
        pixels = pixels[:, :, 0]
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    if pixels.ndim == 2:
        return QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
    return QImage(pixels.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()


class HeatLegend(QWidget):
    """The colour bar with numbers: what evidence each colour stands for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = colour_table(COLOUR_MAPS[0])
        self._scale: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_scale(self, name: str, scale: float | None) -> None:
        """`scale` is the t of the run; None hides the numbers."""
        self._table = colour_table(name)
        self._scale = scale
        self.update()

    def exponent(self) -> int:
        """The power of ten that is left out of the numbers: 0 unless they would be too long."""
        power = 0 if self._scale is None else math.floor(math.log10(self._scale))
        return 0 if -1 <= power <= 2 else power

    def labels(self) -> list[str]:
        """The numbers under the bar, from left to right, without `exponent`."""
        if self._scale is None:
            return []
        unit = 10.0 ** self.exponent()
        numbers = [value_at(tick, self._scale) / unit for tick in TICKS[:-1]]
        return [f"{number:.0f}" if number >= 100 else f"{number:.2g}" for number in numbers] + ["∞"]

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(2 * metrics.horizontalAdvance("×10⁻⁰") + 4 * metrics.horizontalAdvance("0.000 "), metrics.height() + 12)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        margin = self.fontMetrics().horizontalAdvance("×10⁻⁰")
        bar = QRectF(margin, 1, self.width() - 2 * margin, 9)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for index in range(0, 256, 15):
            red, green, blue = (int(channel) for channel in self._table[index, :3])
            gradient.setColorAt(index / 255, QColor(red, green, blue))
        painter.fillRect(bar, gradient)
        painter.setPen(self.palette().color(self.foregroundRole()))
        for tick, text in zip(TICKS, self.labels(), strict=False):
            centre = bar.left() + tick * bar.width()
            box = QRectF(centre - 60, bar.bottom() + 1, 120, self.height() - bar.bottom() - 1)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
            painter.drawLine(int(centre), int(bar.bottom()), int(centre), int(bar.bottom()) + 2)
        if self.exponent():
            power = "×10" + str(self.exponent()).translate(_SUPERSCRIPT)
            place = QRectF(self.width() - margin, bar.top() - 4, margin, bar.height() + 8)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, power)
        painter.end()
        del event
