"""How the score histogram is drawn. Bars are kept as pictures, so that moving a threshold only copies them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPalette, QPen, QPixmap

from core.vocabulary import Label, Verdict
from desktop import theme
from desktop.widgets.threshold_handle import HEIGHT
from desktop.widgets.verdict_marks import paint_label, verdict_colour
from desktop.words import translate, verdict_word

if TYPE_CHECKING:
    from desktop.widgets.score_histogram import ScoreHistogram

_SMALLEST_BAR: Final = 3.0  # a single item must be seen beside a bar of thousands
_ZONE_TINT: Final = 26  # of 255


class HistogramPainter:
    """Draws a `ScoreHistogram`; keeps the pictures of its bars until `forget`."""

    def __init__(self, widget: ScoreHistogram) -> None:
        self._widget = widget
        self._bars: dict[bool, QPixmap] = {}

    def forget(self) -> None:
        """The bars are drawn anew at the next painting."""
        self._bars = {}

    def plot(self) -> QRectF:
        """Where the bars are."""
        metrics = self._widget.fontMetrics()
        words = (translate("ScoreHistogram", "good"), translate("ScoreHistogram", "defective"), translate("ScoreHistogram", "no label"))
        gutter = max(metrics.horizontalAdvance(word) for word in words) + 24
        bottom = 2 * metrics.height() + 6
        width = max(10.0, self._widget.width() - gutter - 8.0)
        return QRectF(gutter, HEIGHT + 2, width, max(10.0, self._widget.height() - HEIGHT - 2 - bottom))

    def baseline(self) -> float:
        """The line from which bars of good items go up and bars of defective ones down."""
        plot = self.plot()
        share = 0.58 if self._widget.groups.defective.size else 0.9
        return plot.top() + share * plot.height()

    def paint(self, painter: QPainter, dirty: QRectF) -> None:
        palette = self._widget.palette()
        plot = self.plot()
        painter.fillRect(plot, palette.base())
        self._paint_zones(painter, plot)
        self._paint_bars(painter, plot)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(QPointF(plot.left(), self.baseline()), QPointF(plot.right(), self.baseline()))
        self._paint_mistakes(painter, plot)
        self._paint_lines(painter, plot)
        self._paint_axis(painter, plot)
        self._paint_gutter(painter, plot)
        if self._widget.groups.span() is None:
            painter.setPen(palette.color(QPalette.ColorRole.WindowText))
            text = translate("ScoreHistogram", "No item of this choice has a score.")
            painter.drawText(plot, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
        del dirty

    def _paint_zones(self, painter: QPainter, plot: QRectF) -> None:
        """Ground and name of OK, REVIEW and NG."""
        if self._widget.thresholds is None:
            return
        x1, x2 = (self._widget.x_of(value) for value in self._widget.thresholds)
        ends = {Verdict.OK: (plot.left(), x1), Verdict.REVIEW: (x1, x2), Verdict.NG: (x2, plot.right())}
        flag = self._widget.handles[0].width()
        for verdict, (left, right) in ends.items():
            colour = verdict_colour(verdict, self._widget.palette())
            ground = QColor(colour)
            ground.setAlpha(_ZONE_TINT)
            painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), ground)
            room = QRectF(left, 0, right - left, HEIGHT)
            covered = flag / 2 if self._widget.simple else flag
            if verdict is not Verdict.REVIEW:
                room.adjust(0, 0, -covered, 0) if verdict is Verdict.OK else room.adjust(covered, 0, 0, 0)
            word = verdict_word(verdict)
            if painter.fontMetrics().horizontalAdvance(word) + 6 <= room.width():
                painter.setPen(colour)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, word)

    def _paint_bars(self, painter: QPainter, plot: QRectF) -> None:
        painter.drawPixmap(plot.topLeft(), self._picture(plot, wrong=False))
        if self._widget.thresholds is None:
            return
        x1, x2 = (self._widget.x_of(value) for value in self._widget.thresholds)
        baseline = self.baseline()
        for place in (
            QRectF(plot.left(), baseline, x1 - plot.left(), plot.bottom() - baseline),  # escapes
            QRectF(x2, plot.top(), plot.right() - x2, baseline - plot.top()),  # overkill
        ):
            painter.save()
            painter.setClipRect(place)
            painter.drawPixmap(plot.topLeft(), self._picture(plot, wrong=True))
            painter.restore()

    def _paint_mistakes(self, painter: QPainter, plot: QRectF) -> None:
        """Names the hatched bars: escapes in the lower left, overkill in the upper right corner."""
        if self._widget.thresholds is None:
            return
        x1, x2 = (self._widget.x_of(value) for value in self._widget.thresholds)
        metrics, palette = painter.fontMetrics(), self._widget.palette()
        corners = (
            (translate("ScoreHistogram", "escapes"), "defective", QRectF(plot.left(), plot.bottom(), x1 - plot.left(), 0), True),
            (translate("ScoreHistogram", "overkill"), "good", QRectF(x2, plot.top(), plot.right() - x2, 0), False),
        )
        groups = {"defective": self._widget.groups.defective, "good": self._widget.groups.good}
        for word, name, edge, lower_left in corners:
            box = QRectF(0, 0, metrics.horizontalAdvance(word) + metrics.height() + 8, metrics.height() + 2)
            if box.width() > edge.width() or not groups[name].size:
                continue
            box.moveBottomLeft(edge.bottomLeft()) if lower_left else box.moveTopRight(edge.topRight())
            ground = palette.color(QPalette.ColorRole.Base)
            ground.setAlpha(190)
            painter.fillRect(box, ground)
            sample = QRectF(box.left() + 3, box.top() + 4, metrics.height() - 6, metrics.height() - 6)
            colour = theme.data_colour(name, palette)
            painter.fillRect(sample, colour)
            painter.fillRect(sample, QBrush(palette.color(QPalette.ColorRole.Base), Qt.BrushStyle.BDiagPattern))
            painter.setPen(colour)
            painter.drawText(box.adjusted(metrics.height() + 2, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, word)

    def _picture(self, plot: QRectF, *, wrong: bool) -> QPixmap:
        if wrong not in self._bars:
            ratio = self._widget.devicePixelRatioF()
            picture = QPixmap(max(1, round(plot.width() * ratio)), max(1, round(plot.height() * ratio)))
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            painter = QPainter(picture)
            painter.translate(-plot.topLeft())
            self._draw_bars(painter, plot, wrong=wrong)
            painter.end()
            self._bars[wrong] = picture
        return self._bars[wrong]

    def _draw_bars(self, painter: QPainter, plot: QRectF, *, wrong: bool) -> None:
        """`wrong` draws the bars as they look on the wrong side of the threshold: full colour, hatched."""
        bins, palette, baseline = self._widget.bins, self._widget.palette(), self.baseline()
        up, down = baseline - plot.top() - 2, plot.bottom() - baseline - 2
        for counts, name, room, sign in ((bins.good, "good", up, -1), (bins.defective, "defective", down, 1)):
            colour = theme.data_colour(name, palette)
            heights = _heights(counts, room, tallest=self._tallest(name))
            path = QPainterPath()
            step = plot.width() / counts.size
            for index in np.flatnonzero(counts):
                top = baseline if sign > 0 else baseline - heights[index]
                path.addRect(QRectF(plot.left() + index * step, top, max(1.0, step - 1), heights[index]))
            colour.setAlpha(255 if wrong else 150)
            painter.fillPath(path, colour)
            if wrong:
                painter.fillPath(path, QBrush(palette.color(QPalette.ColorRole.Base), Qt.BrushStyle.BDiagPattern))
        self._draw_other(painter, plot, up)

    def _draw_other(self, painter: QPainter, plot: QRectF, room: float) -> None:
        """Unlabelled items as an outline: they may be good or defective."""
        counts = self._widget.bins.other
        if not counts.any():
            return
        heights = _heights(counts, room, tallest=self._tallest("good"))
        step = plot.width() / counts.size
        outline = QPainterPath(QPointF(plot.left(), self.baseline()))
        for index, height in enumerate(heights):
            outline.lineTo(plot.left() + index * step, self.baseline() - height)
            outline.lineTo(plot.left() + (index + 1) * step, self.baseline() - height)
        painter.strokePath(outline, QPen(theme.data_colour("none", self._widget.palette()), 1.2))

    def _tallest(self, name: str) -> int:
        """The count that fills the room: above the baseline good and unlabelled items share one scale."""
        bins = self._widget.bins
        if name == "defective":
            return int(bins.defective.max(initial=1))
        return int(max(bins.good.max(initial=1), bins.other.max(initial=1)))

    def _paint_lines(self, painter: QPainter, plot: QRectF) -> None:
        if self._widget.thresholds is None:
            return
        painter.setPen(QPen(self._widget.palette().color(QPalette.ColorRole.WindowText), 2))
        for value in set(self._widget.thresholds):
            x = self._widget.x_of(value)
            painter.drawLine(QPointF(x, HEIGHT - 1), QPointF(x, plot.bottom()))

    def _paint_axis(self, painter: QPainter, plot: QRectF) -> None:
        metrics = painter.fontMetrics()
        painter.setPen(self._widget.palette().color(QPalette.ColorRole.WindowText))
        numbers = QRectF(0, plot.bottom() + 3, 80, metrics.height())
        for tick, text in self._widget.axis.ticks(max(2, int(plot.width() // 80))):
            x = self._widget.x_of(tick)
            painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 3))
            numbers.moveCenter(QPointF(x, numbers.center().y()))
            painter.drawText(numbers, Qt.AlignmentFlag.AlignCenter, text)
        words = QRectF(plot.left(), plot.bottom() + 4 + metrics.height(), plot.width(), metrics.height())
        bins = self._widget.bins
        left = translate("ScoreHistogram", "◂ {count} lower").format(count=bins.below) if bins.below else ""
        right = translate("ScoreHistogram", "more anomalous →")
        if bins.above:
            right = translate("ScoreHistogram", "{count} higher ▸").format(count=bins.above) + "   " + right
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft, left)
        painter.drawText(words, Qt.AlignmentFlag.AlignRight, right)
        painter.drawText(words, Qt.AlignmentFlag.AlignHCenter, self._axis_name())

    def _axis_name(self) -> str:
        if self._widget.axis.logarithmic:
            return translate("ScoreHistogram", "anomaly score, logarithmic")
        return translate("ScoreHistogram", "anomaly score")

    def _paint_gutter(self, painter: QPainter, plot: QRectF) -> None:
        """What the bars are, and of how many items."""
        groups, baseline = self._widget.groups, self.baseline()
        line = painter.fontMetrics().height()
        rows = [(translate("ScoreHistogram", "good"), groups.good.size, Label.GOOD, plot.top() + 2)]
        if groups.defective.size:
            rows.append((translate("ScoreHistogram", "defective"), groups.defective.size, Label.DEFECTIVE, baseline + 4))
        if groups.other.size:
            rows.append((translate("ScoreHistogram", "no label"), groups.other.size, Label.NONE, baseline - 2 * line - 2))
        for word, count, label, top in rows:
            mark = QRectF(0, top, 14, line)
            paint_label(painter, mark, label, self._widget.palette())
            painter.setPen(self._widget.palette().color(QPalette.ColorRole.WindowText))
            painter.drawText(QRectF(16, top, plot.left() - 18, line), Qt.AlignmentFlag.AlignLeft, word)
            painter.drawText(QRectF(16, top + line - 2, plot.left() - 18, line), Qt.AlignmentFlag.AlignLeft, f"{count:,}")


def _heights(counts: NDArray[np.int64], room: float, *, tallest: int) -> NDArray[np.float64]:
    """Screen pixels of each bar: `tallest` fills the room, none that holds an item is lost."""
    return np.where(counts > 0, np.maximum(_SMALLEST_BAR, counts / tallest * room), 0.0)
