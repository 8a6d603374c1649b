"""The same items as rows of a table, with the measured values of table rows in their units."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QItemSelection, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPalette, QRegion
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from core.vocabulary import Label
from desktop.models.items import ItemModel
from desktop.widgets.verdict_marks import label_colour, paint_label, paint_verdict

_PADDING: Final = 10
_NAME_WIDTH, _NAME_WIDTH_WITH_VALUES = 230, 120
_WIDTHS: Final = {"label": 110, "defect_type": 110, "split": 90, "source": 130, "score": 100}
_GAP: Final = 5
_STRENGTH: Final = 0.3  # of the highlight colour in a selected row


class _MarkDelegate(QStyledItemDelegate):
    """Draws the mark of label and verdict before their word, on a selection pale enough for their colours."""

    def __init__(self, model: ItemModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        palette: QPalette = option.palette
        strong, ground = palette.color(QPalette.ColorRole.Highlight), palette.color(QPalette.ColorRole.Base)
        parts = ((strong.red(), ground.red()), (strong.green(), ground.green()), (strong.blue(), ground.blue()))
        mixed = [round(_STRENGTH * one + (1 - _STRENGTH) * other) for one, other in parts]
        palette.setColor(QPalette.ColorRole.Highlight, QColor(*mixed))
        palette.setColor(QPalette.ColorRole.HighlightedText, palette.color(QPalette.ColorRole.Text))
        option.palette = palette

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        column = index.column()
        is_label = column == self._model.column_of("label")
        if not is_label and column != self._model.column_of("verdict"):
            super().paint(painter, option, index)
            return
        filled = QStyleOptionViewItem(option)
        self.initStyleOption(filled, index)
        text, filled.text = filled.text, ""
        widget = filled.widget
        style = widget.style() if widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, filled, painter, widget)
        entry = self._model.rows.entry(index.row())
        cell: QRect = filled.rect
        side = painter.fontMetrics().height()
        place = QRectF(cell.left() + _GAP, cell.center().y() - side / 2 + 1, side, side)
        palette: QPalette = filled.palette
        painter.save()
        colour = palette.color(QPalette.ColorRole.Text)
        if is_label:
            paint_label(painter, place, entry.label, palette)
            colour = palette.color(QPalette.ColorRole.PlaceholderText) if entry.label is Label.NONE else label_colour(entry.label, palette)
        elif entry.verdict is not None:
            paint_verdict(painter, place, entry.verdict, palette)
        painter.setPen(colour)
        room = cell.adjusted(side + 2 * _GAP, 0, -_GAP, 0)
        word = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, word)
        painter.restore()


class ItemTable(QTableView):
    """Rows of fixed height; a click on a heading asks for that order, a second one for the reverse."""

    sort_requested = Signal(str, bool)  # key, descending

    def __init__(self, model: ItemModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items = model
        self.setItemDelegate(_MarkDelegate(model, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + _PADDING)
        header = self.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.sectionClicked.connect(self._on_heading)
        self.setModel(model)
        model.modelReset.connect(self._fit_columns)
        model.look_changed.connect(self.viewport().update)
        self._fitted_columns: tuple[str, ...] = ()
        self._fit_columns()
        self.show_sorting("", descending=False)

    def show_sorting(self, key: str, *, descending: bool) -> None:
        """Marks the heading by which the rows are sorted; none if no column shows the key."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.horizontalHeader().setSortIndicator(self._items.column_of(key), order)

    def reveal(self, row: int) -> None:
        self.scrollTo(self._items.index(row, 0))

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What to repaint when the selection changes: what is in view, however many rows are selected."""
        return QRegion(self.viewport().rect())

    def keyboardSearch(self, search: str) -> None:
        """Off: digits are labels here."""

    @Slot()
    def _fit_columns(self) -> None:
        """Widths by heading, only when there are other columns: never by the content of all rows."""
        columns = [self._items.headerData(column, Qt.Orientation.Horizontal) for column in range(self._items.columnCount())]
        headings = tuple(str(column) for column in columns)
        if headings == self._fitted_columns:
            return
        self._fitted_columns = headings
        name_width = _NAME_WIDTH if self._items.rows.row_table is None else _NAME_WIDTH_WITH_VALUES
        for column, heading in enumerate(headings):
            wanted = self.fontMetrics().horizontalAdvance(heading) + 4 * _PADDING
            least = name_width if column == 0 else _WIDTHS.get(self._items.heading_key(column), 80)
            self.setColumnWidth(column, max(wanted, least))

    @Slot(int)
    def _on_heading(self, column: int) -> None:
        key = self._items.heading_key(column)
        sorted_by = self._items.rows.sort_key == key
        self.sort_requested.emit(key, sorted_by and not self._items.rows.descending)
