"""The loss of a training, drawn while it goes on: one line for the training items, one for the calibration goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from desktop.words import translate

REDRAW_MILLISECONDS: Final = 100
GRID: Final = 38  # opacity of 255
# Okabe and Ito's blue and vermilion: told apart by people who are colour blind, and legible on white and on black
TRAIN_COLOUR: Final = QColor(0, 114, 178), QColor(86, 180, 233)
CALIBRATION_COLOUR: Final = QColor(213, 94, 0), QColor(230, 159, 0)


@dataclass(frozen=True)
class CurveLook:
    """How one metric is drawn; the colours are for light and dark backgrounds, and the style tells the lines apart without colour."""

    metric: str
    colours: tuple[QColor, QColor]
    style: Qt.PenStyle


LOOKS: Final = (
    CurveLook("train_loss", TRAIN_COLOUR, Qt.PenStyle.SolidLine),
    CurveLook("calibration_loss", CALIBRATION_COLOUR, Qt.PenStyle.DashLine),
)


def metric_title(metric: str) -> str:
    """What a person reads for a metric's name."""
    titles = {
        "train_loss": translate("LossCurve", "training items"),
        "calibration_loss": translate("LossCurve", "calibration goods"),
    }
    return titles.get(metric, metric)


class StepAxis(pg.AxisItem):  # type: ignore[misc]
    """Marks whole steps only."""

    def tickSpacing(self, minimum: float, maximum: float, size: float) -> list[tuple[float, float]]:
        spacings = [(spacing, offset) for spacing, offset in super().tickSpacing(minimum, maximum, size) if spacing >= 1]
        return spacings or [(1.0, 0.0)]


class LossCurve(QWidget):
    """Metrics that it does not know are kept out. Points may come at any rate: it is redrawn at most ten times a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: dict[str, tuple[list[float], list[float]]] = {}
        self._plot = pg.GraphicsView(parent=self, background=None)
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False)
        self._axes = {"left": pg.AxisItem(orientation="left"), "bottom": StepAxis(orientation="bottom")}
        self._legend = pg.LegendItem(offset=(-8, 8))
        self._lines = {look.metric: pg.PlotDataItem([], [], connect="finite") for look in LOOKS}
        self._compose()
        self._empty = QLabel(self)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self.log_box = QCheckBox(self)
        self.log_box.toggled.connect(self._on_log_toggled)
        self._redraw = QTimer(self, interval=REDRAW_MILLISECONDS, singleShot=True)
        self._redraw.timeout.connect(self._draw)
        self._arrange()
        self._apply_palette()
        self.retranslate()
        self._draw()

    def clear(self) -> None:
        """Forgets all points, for another run."""
        self._points.clear()
        self._redraw.stop()
        self._draw()

    def add_point(self, metric: str, step: int, value: float) -> None:
        steps, values = self._points.setdefault(metric, ([], []))
        steps.append(step)
        values.append(value)
        if not self._redraw.isActive():
            self._redraw.start()

    def set_points(self, metric: str, steps: Sequence[float], values: Sequence[float]) -> None:
        """Replaces all points of `metric`, for a run that ended before."""
        self._points[metric] = (list(steps), list(values))
        self._draw()

    def points(self, metric: str) -> tuple[list[float], list[float]]:
        """Steps and values so far."""
        steps, values = self._points.get(metric, ([], []))
        return list(steps), list(values)

    def line(self, metric: str) -> pg.PlotDataItem:
        """The line of one of the metrics in `LOOKS`."""
        return self._lines[metric]

    def legend_texts(self) -> list[str]:
        """What stands beside the lines: their names and newest values."""
        return [self._legend.getLabel(line).text for line in self._lines.values()]

    def is_empty(self) -> bool:
        return not any(self._points.get(metric) for metric in self._lines)

    def set_empty_text(self, text: str) -> None:
        """The sentence that stands where the curve will be."""
        self._empty.setText(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self._apply_palette()

    def retranslate(self) -> None:
        self.log_box.setText(translate("LossCurve", "Logarithmic loss axis"))
        self._axes["bottom"].setLabel(translate("LossCurve", "step"))
        self._axes["left"].setLabel(translate("LossCurve", "loss"))
        self._plot.setAccessibleName(translate("LossCurve", "Loss curve"))
        self._show_latest()

    def _compose(self) -> None:
        """The parts of pyqtgraph's PlotItem without its menus, which would be widgets that nobody sees or owns."""
        layout = pg.GraphicsLayout()
        layout.setSpacing(0)
        layout.setContentsMargins(4, 4, 4, 0)
        self._plot.setCentralItem(layout)
        layout.addItem(self._axes["left"], 0, 0)
        layout.addItem(self._box, 0, 1)
        layout.addItem(self._axes["bottom"], 1, 1)
        for axis in self._axes.values():
            axis.linkToView(self._box)
            axis.setGrid(GRID)
            axis.setZValue(-1)  # the grid lies behind the lines
        self._legend.setParentItem(self._box)
        for metric, line in self._lines.items():
            self._box.addItem(line)
            self._legend.addItem(line, metric)

    def _arrange(self) -> None:
        for widget in (self._plot, self._plot.viewport()):  # there is nothing to do in it with the keyboard
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        stack = QStackedLayout()
        stack.setStackingMode(QStackedLayout.StackingMode.StackAll)
        stack.addWidget(self._plot)
        stack.addWidget(self._empty)
        foot = QHBoxLayout()
        foot.addWidget(self.log_box)
        foot.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(stack, 1)
        layout.addLayout(foot)

    def _apply_palette(self) -> None:
        text = self.palette().color(QPalette.ColorRole.WindowText)
        dark = text.lightness() > 127
        for axis in self._axes.values():
            axis.setPen(text)
            axis.setTextPen(text)
        for look in LOOKS:
            self._lines[look.metric].setPen(pg.mkPen(look.colours[dark], width=2, style=look.style))
        self._legend.setLabelTextColor(text)

    @Slot()
    def _draw(self) -> None:
        log = self.log_box.isChecked()
        for metric, line in self._lines.items():
            steps, values = self._points.get(metric, ([], []))
            shown = np.asarray(values, dtype=np.float64)
            if log:
                shown = np.where(shown > 0, shown, np.nan)  # zero has no place on a logarithmic axis
            line.setData(np.asarray(steps, dtype=np.float64), shown)
        drawn = not self.is_empty()
        self._plot.setVisible(drawn)
        self._empty.setVisible(not drawn)
        self.log_box.setEnabled(drawn)
        self._show_latest()

    def _show_latest(self) -> None:
        """The legend names each line with its newest value."""
        for look in LOOKS:
            label = self._legend.getLabel(self._lines[look.metric])
            values = self.points(look.metric)[1]
            label.setText(f"{metric_title(look.metric)} {values[-1]:.4g}" if values else metric_title(look.metric))
        self._legend.updateSize()

    @Slot()
    def _on_log_toggled(self) -> None:
        self._axes["left"].setLogMode(y=self.log_box.isChecked())
        for line in self._lines.values():
            line.setLogMode(False, self.log_box.isChecked())
        self._draw()
