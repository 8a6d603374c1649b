"""The queue and history of runs: one line each, with a sign for its state, how far it is, and why it failed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.vocabulary import RunState
from desktop.words import run_state_word, translate

LineRole: Final = int(Qt.ItemDataRole.UserRole)
PADDING: Final = 8
SIGN: Final = 16
BAR: Final = 4

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """What the list says of a run. `share` is how much of the present phase is done, from 0 to 1; None while that is unknown."""

    run_id: int
    title: str
    state: RunState
    seed: int
    detail: str = ""
    share: float | None = None


def status_text(line: RunLine) -> str:
    """The second row of a line: state, progress or reason."""
    parts = [run_state_word(line.state)]
    if line.state is RunState.RUNNING and line.share is not None:
        parts = [f"{line.share:.0%}"]
    if line.detail:
        parts.append(line.detail)
    return " · ".join(parts)


class RunListModel(QAbstractListModel):
    """Lines in the order given, newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[RunLine] = []

    def set_lines(self, lines: Sequence[RunLine]) -> None:
        """Replaces all lines. Where the same runs stay in the same order the selection and the place of the scroll bar stay too."""
        if [line.run_id for line in lines] == [line.run_id for line in self._lines]:
            changed = [row for row, line in enumerate(lines) if line != self._lines[row]]
            self._lines = list(lines)
            for row in changed:
                self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def row_of(self, run_id: int) -> int | None:
        return next((row for row, line in enumerate(self._lines) if line.run_id == run_id), None)

    def line(self, row: int) -> RunLine:
        return self._lines[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{line.run_id}  {line.title}"
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return f"{run_state_word(line.state)}. {line.detail}" if line.detail else run_state_word(line.state)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.run_id}  {line.title}, {status_text(line)}"
        return line if role == LineRole else None


class RunDelegate(QStyledItemDelegate):
    """Two rows of text beside the sign of the state, and under them a bar while the run is going."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, 2 * option.fontMetrics.height() + 2 * PADDING + BAR + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line = index.data(LineRole)
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(option.palette.color(role))
        area = option.rect.adjusted(PADDING, PADDING, -PADDING, -PADDING)
        paint_sign(painter, QRectF(area.left(), area.top() + 2, SIGN, SIGN), line.state)
        self._paint_texts(painter, area.adjusted(SIGN + PADDING, 0, 0, 0), option.font, line)
        if line.state is RunState.RUNNING:
            _paint_bar(
                painter, QRect(area.left() + SIGN + PADDING, area.bottom() - BAR + 3, area.width() - SIGN - PADDING, BAR), line.share
            )
        painter.restore()

    def _paint_texts(self, painter: QPainter, area: QRect, font: QFont, line: RunLine) -> None:
        height = painter.fontMetrics().height()
        bold = QFont(font)
        bold.setBold(True)
        painter.setFont(bold)
        seed = translate("RunList", "seed {seed}").format(seed=line.seed)
        seed_width = painter.fontMetrics().horizontalAdvance(seed) + PADDING
        title = painter.fontMetrics().elidedText(
            f"{line.run_id}  {line.title}", Qt.TextElideMode.ElideRight, max(area.width() - seed_width, area.width() // 2)
        )
        painter.drawText(QRect(area.left(), area.top(), area.width(), height), Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(font)
        painter.drawText(QRect(area.left(), area.top(), area.width(), height), Qt.AlignmentFlag.AlignRight, seed)
        status = painter.fontMetrics().elidedText(status_text(line), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(QRect(area.left(), area.top() + height + 2, area.width(), height), Qt.AlignmentFlag.AlignLeft, status)


def _paint_bar(painter: QPainter, area: QRect, share: float | None) -> None:
    solid = painter.pen().color()
    faint = painter.pen().color()
    faint.setAlphaF(0.25)
    painter.fillRect(area, faint)
    painter.fillRect(QRect(area.left(), area.top(), round(area.width() * (share or 0.0)), area.height()), solid)


def paint_sign(painter: QPainter, area: QRectF, state: RunState) -> None:
    """A sign for each state that differs by shape, not by colour: triangle, dots, tick, cross, square, broken line."""
    painter.save()
    pen = QPen(painter.pen().color(), 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    inner = area.adjusted(3, 3, -3, -3)
    middle = inner.center()
    if state is RunState.RUNNING:
        painter.setBrush(pen.color())
        painter.drawPolygon(QPolygonF([inner.topLeft(), QPointF(inner.right(), middle.y()), inner.bottomLeft()]))
    elif state is RunState.QUEUED:
        painter.setBrush(pen.color())
        for x in (inner.left(), middle.x(), inner.right()):
            painter.drawEllipse(QPointF(x, middle.y()), 0.8, 0.8)
    elif state is RunState.DONE:
        painter.drawPolyline(QPolygonF([QPointF(inner.left(), middle.y()), QPointF(middle.x() - 1, inner.bottom()), inner.topRight()]))
    elif state is RunState.FAILED:
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    elif state is RunState.CANCELLED:
        painter.drawRect(inner)
    else:
        painter.drawLine(inner.topLeft(), QPointF(middle.x() - 1, middle.y() - 2))
        painter.drawLine(QPointF(middle.x() + 1, middle.y() + 2), inner.bottomRight())
        painter.drawLine(inner.bottomLeft(), inner.topRight())
    painter.restore()


class RunList(QListView):
    """`chosen` carries the id of the run that a person went to, by mouse or keyboard."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = RunListModel(self)
        self._choosing = False
        self.setModel(self._model)
        self.setItemDelegate(RunDelegate(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.retranslate()

    def set_lines(self, lines: Sequence[RunLine]) -> None:
        current = self.current_run()
        self._model.set_lines(lines)
        if current is not None and self.current_run() != current:
            self.choose(current)

    def current_run(self) -> int | None:
        index = self.currentIndex()
        return self._model.line(index.row()).run_id if index.isValid() else None

    def choose(self, run_id: int | None) -> None:
        """Marks a run, or none, without `chosen`."""
        row = None if run_id is None else self._model.row_of(run_id)
        self._choosing = True
        if row is None:
            self.setCurrentIndex(QModelIndex())
            self.clearSelection()
        else:
            self.setCurrentIndex(self._model.index(row))
        self._choosing = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._model.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            area = self.viewport().rect().adjusted(PADDING, PADDING, -PADDING, -PADDING)
            text = translate("RunList", "No runs yet. Each training will be listed here with its result.")
            painter.drawText(area, Qt.TextFlag.TextWordWrap, text)
            painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(translate("RunList", "Runs"))
        self.viewport().update()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._choosing:
            self.chosen.emit(self._model.line(current.row()).run_id)
