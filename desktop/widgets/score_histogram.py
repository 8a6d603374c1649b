"""Scores of good and defective items as mirrored bars, with the two thresholds to drag."""

from __future__ import annotations

from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QToolTip, QWidget

from core.evaluation.thresholds import stored_cuts
from desktop.models.score_groups import ScoreGroups
from desktop.widgets.histogram_bars import BAR_WIDTH, Bins, bins_of
from desktop.widgets.histogram_painting import HistogramPainter
from desktop.widgets.score_axis import ScoreAxis, can_be_logarithmic, natural_axis
from desktop.widgets.threshold_handle import ThresholdHandle
from desktop.words import translate

COMMIT_AFTER: Final = 700  # milliseconds without another key, so that ten arrow keys are one change
GRASP: Final = 6  # screen pixels from a line at which the mouse takes it
_ZOOM_STEP: Final = 1.25


class ScoreHistogram(QWidget):
    """T1 <= T2 always; in simple mode they are one. Values are raw scores.

    `moved` follows every step of a drag, `committed` comes once it is over: on release of the mouse, or when the keys have rested.
    Setting thresholds from code emits nothing.
    """

    moved = Signal(float, float)
    committed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.groups = ScoreGroups()
        self.thresholds: tuple[float, float] | None = None
        self.simple = True
        self.axis = ScoreAxis()
        self._logarithmic: bool | None = None  # as a person chose it
        self._bins: Bins | None = None
        self._distinct = np.empty(0)
        self._before: tuple[float, float] | None = None
        self._dragged: int | None = None
        self._panned: float | None = None
        self._painter: Final = HistogramPainter(self)
        self.handles: Final = (ThresholdHandle(0, self), ThresholdHandle(1, self))
        for handle in self.handles:
            handle.installEventFilter(self)
        self.scale_button: Final = QToolButton(self)
        self.scale_button.setCheckable(True)
        self.scale_button.setAutoRaise(True)
        self.scale_button.toggled.connect(self.set_logarithmic)
        self._rest: Final = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(COMMIT_AFTER)
        self._rest.timeout.connect(self._commit)
        self.setMinimumSize(260, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.retranslate()

    def sizeHint(self) -> QSize:
        return QSize(560, 180)

    def retranslate(self) -> None:
        self.setAccessibleName(translate("ScoreHistogram", "Scores of good and defective items"))
        for handle in self.handles:
            handle.retranslate(simple=self.simple)
        self.scale_button.setText(translate("ScoreHistogram", "log"))
        self.scale_button.setToolTip(translate("ScoreHistogram", "Logarithmic axis, for scores of very different size (all above 0)"))
        self._painter.forget()
        self.update()

    def set_groups(self, groups: ScoreGroups) -> None:
        """Other items; the zoom starts anew."""
        self.update_groups(groups)
        self.show_all()

    def update_groups(self, groups: ScoreGroups) -> None:
        """The same scores under other labels; the zoom stays."""
        self.groups = groups
        self._distinct = np.unique(np.concatenate([groups.good, groups.defective, groups.other]))
        self._show_axis(self.axis)

    def set_thresholds(self, thresholds: tuple[float, float] | None) -> None:
        """None takes the lines away (no run, no threshold yet). Ends a drag."""
        self._rest.stop()
        self._dragged = self._before = None
        first_time = self.thresholds is None
        self.thresholds = thresholds
        if first_time and thresholds is not None:
            self.show_all()
        self._place_handles()

    def set_simple(self, simple: bool) -> None:
        """In simple mode there is one line."""
        self.simple = simple
        for handle in self.handles:
            handle.retranslate(simple=simple)
        self._place_handles()

    def show_all(self) -> None:
        """The range that shows all scores well, and both thresholds."""
        axis = natural_axis(self.groups, logarithmic=self._logarithmic)
        self._show_axis(axis if self.thresholds is None else axis.including(*self.thresholds))

    def set_logarithmic(self, logarithmic: bool) -> None:
        """As a person wants it, also for other items, where it is possible."""
        self._logarithmic = logarithmic
        self.show_all()

    @property
    def shown_range(self) -> tuple[float, float]:
        """The scores at both ends."""
        return self.axis.score(0.0), self.axis.score(1.0)

    @property
    def bins(self) -> Bins:
        if self._bins is None:
            count = max(8, int(self._painter.plot().width() // BAR_WIDTH))
            self._bins = bins_of(self.groups, self.axis, count)
        return self._bins

    def x_of(self, score: float) -> float:
        """The place of a score in widget pixels; beyond the plot it stays at the edge."""
        plot = self._painter.plot()
        return float(plot.left() + plot.width() * min(max(self.axis.fraction(score), 0.0), 1.0))

    def score_at(self, x: float) -> float:
        plot = self._painter.plot()
        return self.axis.score((x - plot.left()) / plot.width())

    def _show_axis(self, axis: ScoreAxis) -> None:
        self.axis = axis
        self._bins = None
        self._painter.forget()
        with QSignalBlocker(self.scale_button):
            self.scale_button.setChecked(axis.logarithmic)
        self.scale_button.setEnabled(can_be_logarithmic(self.groups))
        self._place_handles()

    def _place_handles(self) -> None:
        for index, handle in enumerate(self.handles):
            shown = self.thresholds is not None and (index == 1 or not self.simple)
            handle.setVisible(shown)
            if shown and self.thresholds is not None:
                handle.place(self.x_of(self.thresholds[index]), simple=self.simple)
                handle.describe(self.thresholds[index])
        self.update()

    def move_threshold(self, index: int, value: float) -> None:
        """Moves T1 (0) or T2 (1) without committing; it stops at the other one, in simple mode both move."""
        if self.thresholds is None or not np.isfinite(value):
            return
        if self._before is None:
            self._before = self.thresholds
        t1, t2 = self.thresholds
        if self.simple:
            wanted = (value, value)
        elif index == 0:
            wanted = (min(value, t2), t2)
        else:
            wanted = (t1, max(value, t1))
        if wanted != self.thresholds:
            self.thresholds = wanted
            self._place_handles()
            self.moved.emit(*wanted)

    def step_threshold(self, index: int, parts: int) -> None:
        """Moves a threshold so that `parts` more (or fewer) distinct scores lie below it."""
        if self.thresholds is None or not self._distinct.size:
            return
        below = int(np.searchsorted(self._distinct, self.thresholds[index], side="left"))
        cuts = stored_cuts(self._distinct)  # the cut at place k has k distinct scores below it
        self.move_threshold(index, float(cuts[min(max(below + parts, 0), cuts.size - 1)]))
        self._rest.start()

    def cancel_move(self) -> None:
        """Back to where the drag began."""
        self._rest.stop()
        self._dragged = None
        if self._before is not None:
            before, self._before = self._before, None
            self.thresholds = before
            self._place_handles()
            self.moved.emit(*before)

    def _commit(self) -> None:
        self._rest.stop()
        self._dragged = None
        before, self._before = self._before, None
        if self.thresholds is not None and before is not None and before != self.thresholds:
            self.committed.emit(*self.thresholds)

    def commit_now(self) -> None:
        """Does not wait for the keys to rest."""
        self._commit()

    def _grasped(self, x: float) -> int | None:
        if self.thresholds is None:
            return None
        away = [abs(x - self.x_of(value)) for value in self.thresholds]
        if self.simple:
            return 1 if away[1] <= GRASP else None
        nearest = 0 if away[0] < away[1] or (away[0] == away[1] and x < self.x_of(self.thresholds[0])) else 1
        return nearest if away[nearest] <= GRASP else None

    def _grasp(self, index: int) -> None:
        self._dragged = index
        self._before = self.thresholds
        self.handles[index].setFocus(Qt.FocusReason.MouseFocusReason)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        index = self._grasped(event.position().x())
        if index is None:
            self._panned = event.position().x()
        else:
            self._grasp(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._dragged is not None:
            self.move_threshold(self._dragged, self.score_at(x))
        elif self._panned is not None:
            self._show_axis(self.axis.shifted((self._panned - x) / self._painter.plot().width()))
            self._panned = x
        else:
            over = self._grasped(x) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._panned = None
        if self._dragged is not None:
            self._commit()
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._grasped(event.position().x()) is None:
            self.show_all()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y() == 0:
            return
        plot = self._painter.plot()
        factor = _ZOOM_STEP ** (-event.angleDelta().y() / 120.0)
        self._show_axis(self.axis.zoomed(factor, (event.position().x() - plot.left()) / plot.width()))
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Mouse and keys on a handle act as on its line."""
        if not isinstance(watched, ThresholdHandle):
            return super().eventFilter(watched, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(watched.index, event)
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            self._grasp(watched.index)
            return True
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove and self._dragged is not None:
            self.move_threshold(self._dragged, self.score_at(watched.mapTo(self, event.position()).x()))
            return True
        if event.type() == QEvent.Type.MouseButtonRelease and self._dragged is not None:
            self._commit()
            return True
        if event.type() == QEvent.Type.FocusOut and self._dragged is None:
            self.commit_now()
        return super().eventFilter(watched, event)

    def _on_key(self, index: int, event: QKeyEvent) -> bool:
        step = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        if event.key() == Qt.Key.Key_Left:
            self.step_threshold(index, -step)
        elif event.key() == Qt.Key.Key_Right:
            self.step_threshold(index, step)
        elif event.key() == Qt.Key.Key_Escape and self._before is not None:
            self.cancel_move()
        else:
            return False
        return True

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.description_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def description_at(self, place: QPointF) -> str:
        """How many items the bar at `place` stands for; empty outside the plot."""
        plot, bins = self._painter.plot(), self.bins
        index = int((place.x() - plot.left()) / plot.width() * bins.good.size)
        if not plot.contains(place) or not 0 <= index < bins.good.size:
            return ""
        return bins.description(index)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._bins = None
        self._painter.forget()
        self._place_handles()
        self.scale_button.move(0, self.height() - self.scale_button.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._painter.forget()
            self._bins = None
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._painter.paint(painter, QRectF(event.rect()))
        painter.end()
