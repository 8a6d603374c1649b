"""How verdicts and labels look: a letter, a shape and a colour each, so that nothing is told by colour alone."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPaintEvent, QPalette, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from core.vocabulary import Label, Verdict
from desktop import theme
from desktop.words import verdict_word

_LETTERS: Final = {Verdict.OK: "OK", Verdict.REVIEW: "?", Verdict.NG: "NG", None: "–"}


def label_colour(label: Label, palette: QPalette) -> QColor:
    return theme.label_colour(label, palette)


def verdict_colour(verdict: Verdict | None, palette: QPalette) -> QColor:
    """As in `theme`, and grey for an item without a verdict."""
    return theme.data_colour("none", palette) if verdict is None else theme.verdict_colour(verdict, palette)


def paint_verdict(painter: QPainter, place: QRectF, verdict: Verdict | None, palette: QPalette) -> None:
    """The verdict's mark in the middle of `place`: OK a disc, REVIEW a triangle, NG a square, no verdict an empty ring."""
    side = min(place.width(), place.height())
    box = QRectF(0, 0, side, side)
    box.moveCenter(place.center())
    colour = verdict_colour(verdict, palette)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush if verdict is None else colour)
    inner = box.adjusted(1, 1, -1, -1)
    letters = QRectF(inner)
    if verdict is Verdict.NG:
        painter.drawRect(inner)
    elif verdict is Verdict.REVIEW:
        painter.drawPolygon(QPolygonF([QPointF(inner.center().x(), inner.top()), inner.bottomRight(), inner.bottomLeft()]))
        letters.setTop(inner.top() + side * 0.24)
    else:
        painter.drawEllipse(inner)
    font = QFont(painter.font())
    font.setBold(True)
    font.setPixelSize(max(7, round(side * 0.44)))
    painter.setFont(font)
    ground = palette.color(QPalette.ColorRole.Base)
    painter.setPen(colour if verdict is None else ground)
    painter.drawText(letters, Qt.AlignmentFlag.AlignCenter, _LETTERS[verdict])
    painter.restore()


def paint_label(painter: QPainter, place: QRectF, label: Label, palette: QPalette) -> None:
    """The label's mark: good a tick, defective a cross, unsure a question mark, none a dotted ring."""
    side = min(place.width(), place.height())
    box = QRectF(0, 0, side, side)
    box.moveCenter(place.center())
    inner = box.adjusted(side * 0.2, side * 0.2, -side * 0.2, -side * 0.2)
    colour = label_colour(label, palette)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, max(1.6, side * 0.13), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    if label is Label.GOOD:
        middle = QPointF(inner.left() + inner.width() * 0.38, inner.bottom() - inner.height() * 0.08)
        painter.drawPolyline(QPolygonF([QPointF(inner.left(), inner.center().y() + side * 0.05), middle, inner.topRight()]))
    elif label is Label.DEFECTIVE:
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    elif label is Label.UNSURE:
        font = QFont(painter.font())
        font.setBold(True)
        font.setPixelSize(max(8, round(side * 0.85)))
        painter.setFont(font)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?")
    else:
        painter.setPen(QPen(colour, 1.4, Qt.PenStyle.DotLine))
        painter.drawEllipse(inner)
    painter.restore()


def label_icon(label: Label, palette: QPalette) -> QIcon:
    """The label's mark for a button."""
    picture = QPixmap(32, 32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_label(painter, QRectF(0, 0, 32, 32), label, palette)
    painter.end()
    return QIcon(picture)


class VerdictMark(QWidget):
    """A verdict as a widget: mark and word."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdict: Verdict | None = None

    def show_verdict(self, verdict: Verdict | None) -> None:
        if verdict is not self._verdict or not self.accessibleName():
            self._verdict = verdict
            self.setAccessibleName(self.word())
            self.updateGeometry()
            self.update()

    @property
    def verdict(self) -> Verdict | None:
        return self._verdict

    def word(self) -> str:
        return "–" if self._verdict is None else verdict_word(self._verdict)

    def sizeHint(self) -> QSize:
        font = QFont(self.font())
        font.setBold(True)
        metrics = QFontMetrics(font)
        return QSize(metrics.height() + 8 + metrics.horizontalAdvance(self.word()), metrics.height() + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = self.fontMetrics().height()
        paint_verdict(painter, QRectF(1, (self.height() - side) / 2, side, side), self._verdict, self.palette())
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(verdict_colour(self._verdict, self.palette()))
        painter.drawText(self.rect().adjusted(side + 5, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.word())
        painter.end()
        del event
