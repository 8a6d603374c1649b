"""The codes of training items as points in a plane, over the rings of the distribution that they were drawn towards."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.loss_curve import GRID
from desktop.words import translate

RINGS: Final = (1.0, 2.0, 3.0)  # standard deviations: 39, 86 and 99 % of a standard normal distribution in the plane lie inside
_RING_POINTS: Final = 97
_POINT_EDGE: Final = 6


def in_plane(codes: NDArray[np.float32]) -> NDArray[np.float64]:
    """Codes (m, k) as places (m, 2): themselves if k is at most 2, else along the two directions in which they spread most.

    The directions are of length 1 and nothing is centred, so that codes that follow the standard normal distribution in k dimensions
    do so in the plane, and the rings hold.
    """
    values = codes.astype(np.float64)
    if values.shape[1] > 2:
        _, _, directions = np.linalg.svd(values - values.mean(axis=0), full_matrices=False)
        first = directions[:2]
        largest = first[np.arange(len(first)), np.abs(first).argmax(axis=1)]
        values = values @ (first * np.sign(largest)[:, None]).T  # of the two signs always the same one
    places = np.zeros((len(values), 2))
    places[:, : values.shape[1]] = values
    return places


class CodePlot(QWidget):
    """`chosen` carries the position of a point that was clicked."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._length = 0
        self._view = pg.GraphicsView(parent=self, background=None)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False, lockAspect=1.0)
        self._axes = {"left": pg.AxisItem(orientation="left"), "bottom": pg.AxisItem(orientation="bottom")}
        self._points = pg.ScatterPlotItem(pxMode=True, size=_POINT_EDGE, hoverable=False)
        self._rings = [pg.PlotCurveItem(*_ring(radius)) for radius in RINGS]
        self._points.sigClicked.connect(self._on_clicked)
        self._compose()
        self._apply_palette()
        self.retranslate()

    def set_codes(self, codes: NDArray[np.float32]) -> None:
        """Codes (m, k) of m items."""
        self._length = codes.shape[1]
        places = in_plane(codes) if codes.size else np.empty((0, 2))
        self._points.setData(pos=places, data=np.arange(len(places)))
        self.retranslate()

    def places(self) -> NDArray[np.float64]:
        """Where the points lie, (m, 2)."""
        across, up = self._points.getData()
        return np.column_stack([across, up])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._apply_palette()

    def retranslate(self) -> None:
        if self._length > 2:
            self._axes["bottom"].setLabel(translate("CodePlot", "first principal direction of the codes"))
            self._axes["left"].setLabel(translate("CodePlot", "second"))
        else:
            self._axes["bottom"].setLabel(translate("CodePlot", "first number of the code"))
            self._axes["left"].setLabel(translate("CodePlot", "second"))
        self._view.setAccessibleName(translate("CodePlot", "Codes of the training items"))
        self.setToolTip(
            translate("CodePlot", "Each point is the code of a training item; click it to see the item. The rings are 1, 2 and 3 spreads.")
        )

    def _compose(self) -> None:
        """As in the loss curve: the parts of pyqtgraph's PlotItem without its menus."""
        layout = pg.GraphicsLayout()
        layout.setSpacing(0)
        layout.setContentsMargins(4, 4, 4, 0)
        self._view.setCentralItem(layout)
        layout.addItem(self._axes["left"], 0, 0)
        layout.addItem(self._box, 0, 1)
        layout.addItem(self._axes["bottom"], 1, 1)
        for axis in self._axes.values():
            axis.linkToView(self._box)
            axis.setGrid(GRID)
            axis.setZValue(-1)
        for ring in self._rings:
            self._box.addItem(ring)
        self._box.addItem(self._points)
        for widget in (self._view, self._view.viewport()):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._view)

    def _apply_palette(self) -> None:
        text = self.palette().color(QPalette.ColorRole.WindowText)
        for axis in self._axes.values():
            axis.setPen(text)
            axis.setTextPen(text)
        for ring in self._rings:
            ring.setPen(pg.mkPen(theme.data_colour("none", self.palette()), width=1, style=Qt.PenStyle.DashLine))
        colour = theme.data_colour("good", self.palette())
        self._points.setPen(pg.mkPen(colour))
        colour.setAlphaF(0.4)
        self._points.setBrush(pg.mkBrush(colour))

    def _on_clicked(self, _plot: object, points: list[Any], _event: object) -> None:
        if len(points):
            self.chosen.emit(int(points[0].data()))


def _ring(radius: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    turn = np.linspace(0, 2 * np.pi, _RING_POINTS)
    return radius * np.cos(turn), radius * np.sin(turn)
