"""Why a table row got its score: value, what was expected, the usual range and the share of the score, column by column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from desktop import theme
from desktop.models.contributions import Contribution, ContributionColumn, ContributionModel, number_text
from desktop.words import translate

_ROW_HEIGHT: Final = 28
_INNER: Final = 0.5  # the usual range takes the middle half of the drawing
_WIDTHS: Final = {
    ContributionColumn.NAME: 180,
    ContributionColumn.VALUE: 110,
    ContributionColumn.EXPECTED: 100,
    ContributionColumn.DIFFERENCE: 90,
    ContributionColumn.RANGE: 300,
}


def place_in_range(value: float, low: float, high: float) -> float:
    """Where `value` is drawn, 0 to 1: the usual range from 0.25 to 0.75, beyond it in the same measure, at the edge what is farther."""
    if not high > low:
        return 0.5 if value == low else (0.0 if value < low else 1.0)
    place = (1 - _INNER) / 2 + _INNER * (value - low) / (high - low)
    return min(max(place, 0.0), 1.0)


class _DrawingDelegate(QStyledItemDelegate):
    """Draws the usual range and the share of the score; leaves words and numbers to the style."""

    def __init__(self, model: ContributionModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        entry = self._model.contribution(index.row())
        column = ContributionColumn(index.column())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.base())  # the view has filled the row with a colour that hides the drawings
            tint = option.palette.color(QPalette.ColorRole.Highlight)
            tint.setAlphaF(0.18)
            painter.fillRect(option.rect, tint)
        box = QRectF(option.rect).adjusted(6, 0, -6, 0)
        if column is ContributionColumn.RANGE:
            self._paint_range(painter, box, entry, option.palette)
        elif column is ContributionColumn.SHARE:
            self._paint_share(painter, box, entry, option.palette)
        else:
            self._paint_text(painter, box, index, entry, option.palette)
        painter.restore()

    def _paint_text(
        self, painter: QPainter, box: QRectF, index: QModelIndex | QPersistentModelIndex, entry: Contribution, palette: QPalette
    ) -> None:
        text = str(self._model.data(index) or "")
        flags = self._model.data(index, Qt.ItemDataRole.TextAlignmentRole)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        if index.column() in (ContributionColumn.VALUE, ContributionColumn.DIFFERENCE) and entry.unusual:
            font = painter.font()
            font.setBold(True)
            painter.setFont(font)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, int(flags) if isinstance(flags, int) else 0, shown)

    def _paint_range(self, painter: QPainter, box: QRectF, entry: Contribution, palette: QPalette) -> None:
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        if math.isnan(entry.low):
            why = (
                translate("ContributionTable", "text column")
                if entry.is_text
                else translate("ContributionTable", "no good row has a value")
            )
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, why)
            return
        numbers = painter.fontMetrics().horizontalAdvance("-00000.0")
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, number_text(entry.low))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number_text(entry.high))
        line = box.adjusted(numbers + 4, 0, -numbers - 4, 0)
        middle = box.center().y()
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(QPointF(line.left(), middle), QPointF(line.right(), middle))
        usual = QRectF(line.left() + line.width() * (1 - _INNER) / 2, middle - 5, line.width() * _INNER, 10)
        ground = theme.data_colour("good", palette)
        ground.setAlphaF(0.35)
        painter.setBrush(ground)
        painter.setPen(QPen(theme.data_colour("good", palette), 1))
        painter.drawRect(usual)
        if not math.isnan(entry.value):
            self._paint_mark(painter, line, middle, entry, palette)

    def _paint_mark(self, painter: QPainter, line: QRectF, middle: float, entry: Contribution, palette: QPalette) -> None:
        """A disc inside the usual range, a diamond outside of it, an arrow where it lies beyond the drawing."""
        place = place_in_range(entry.value, entry.low, entry.high)
        centre = QPointF(line.left() + line.width() * place, middle)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Base), 1))
        if not entry.unusual:
            painter.setBrush(palette.color(QPalette.ColorRole.Text))
            painter.drawEllipse(centre, 4, 4)
            return
        painter.setBrush(theme.data_colour("defective", palette))
        if 0 < place < 1:
            corners = [QPointF(0, -6), QPointF(6, 0), QPointF(0, 6), QPointF(-6, 0)]
        else:
            tip = 7 if place >= 1 else -7
            corners = [QPointF(tip, 0), QPointF(-tip, -6), QPointF(-tip, 6)]
        painter.drawPolygon(QPolygonF([centre + corner for corner in corners]))

    def _paint_share(self, painter: QPainter, box: QRectF, entry: Contribution, palette: QPalette) -> None:
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        width = painter.fontMetrics().horizontalAdvance("100 % ")
        text = "–" if math.isnan(entry.share) else f"{100 * entry.share:.0f} %"
        number = QRectF(box.left(), box.top(), width, box.height())
        painter.drawText(number, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        if not math.isnan(entry.share):
            room = box.adjusted(width + 8, 8, 0, -8)
            painter.fillRect(QRectF(room.left(), room.top(), room.width() * entry.share, room.height()), palette.highlight())


class _Table(QTableView):
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Signs and digits belong to the page, not to the search for a name."""
        if event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)


class ContributionTable(QWidget):
    """The table with a line to filter its columns and a sentence when there is nothing to show."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model: Final = ContributionModel(self)
        self.view: Final = _Table(self)
        self.filter: Final = QLineEdit(self)
        self.filter.setClearButtonEnabled(True)
        self.filter.setMaximumWidth(260)
        self.note: Final = QLabel(self)
        self.note.setWordWrap(True)
        self._set_up_view()
        top = QHBoxLayout()
        top.addWidget(self.note, 1)
        top.addWidget(self.filter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        self.filter.textChanged.connect(self.model.set_filter)
        self.retranslate()

    def _set_up_view(self) -> None:
        self.view.setModel(self.model)
        self.view.setItemDelegate(_DrawingDelegate(self.model, self.view))
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setShowGrid(False)
        self.view.setAlternatingRowColors(True)
        self.view.verticalHeader().hide()
        self.view.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.view.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        header = self.view.horizontalHeader()
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.setMinimumSectionSize(60)
        for column, width in _WIDTHS.items():
            header.resizeSection(column, width)
        self.view.sortByColumn(ContributionColumn.SHARE, Qt.SortOrder.DescendingOrder)
        self.view.setSortingEnabled(True)

    def show_row(self, contributions: Sequence[Contribution], note: str = "") -> None:
        """`note` says what "expected" is, or why there is nothing."""
        self.model.set_contributions(contributions)
        self.note.setText(note)

    def retranslate(self) -> None:
        self.view.setAccessibleName(translate("ContributionTable", "Contribution of each column to the score"))
        self.filter.setPlaceholderText(translate("ContributionTable", "Filter columns"))
        self.filter.setAccessibleName(translate("ContributionTable", "Filter columns"))
        self.model.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
