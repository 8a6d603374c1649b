"""The gallery: thousands of items as thumbnails that paint at once and load as they are seen."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSize, Qt, QTimerEvent, Signal, Slot
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.models.items import ItemModel
from desktop.widgets.item_delegate import ItemDelegate
from desktop.widgets.thumbnails import ThumbnailStore

SMALLEST_EDGE, DEFAULT_EDGE, LARGEST_EDGE = 64, 128, 320
_BATCH: Final = 500  # rows laid out at a time

_SLACK: Final = 2  # pixels of the width left free: QListView wraps when a line fills it exactly


def selected_rows(view: QAbstractItemView) -> NDArray[np.int64]:
    """The selected rows, ascending. Takes the ranges as they are: 100,000 selected rows are one range."""
    selection = view.selectionModel().selection()
    parts = [selection.at(number) for number in range(selection.size())]
    ranges = [np.arange(part.top(), part.bottom() + 1) for part in parts]
    return np.unique(np.concatenate(ranges)) if ranges else np.zeros(0, dtype=np.int64)


def select_rows(view: QAbstractItemView, rows: NDArray[np.int64], current: int) -> None:
    """Selects exactly these rows (ascending) as few ranges, and makes `current` (-1 for none) the current item."""
    model, selection = view.model(), QItemSelection()
    last_column = model.columnCount() - 1
    for part in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if rows.size else []:
        selection.select(model.index(int(part[0]), 0), model.index(int(part[-1]), last_column))
    chosen = view.selectionModel()
    if current >= 0:
        chosen.setCurrentIndex(model.index(current, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
    chosen.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)


class GalleryView(QListView):
    """A list in icon mode whose cells fill the width. Batched layout, uniform sizes and a grid: 100,000 items paint in milliseconds."""

    open_requested = Signal()  # a double click: large view of the current item

    def __init__(self, model: ItemModel, thumbnails: ThumbnailStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._items = model
        self._pending_row = -1
        self._delegate = ItemDelegate(model, thumbnails, self)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(_BATCH)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)  # an editable view would turn the input method on
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # or the width would swing while batches arrive
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setItemDelegate(self._delegate)
        self.setModel(model)
        self.set_edge(DEFAULT_EDGE)
        thumbnails.arrived.connect(self._on_arrived)
        self.verticalScrollBar().valueChanged.connect(self._on_moved)
        model.modelReset.connect(self._on_moved)
        model.layoutChanged.connect(self._on_moved)
        model.look_changed.connect(self.viewport().update)
        self.doubleClicked.connect(self.open_requested)

    @property
    def edge(self) -> int:
        """Longer side of a thumbnail on the screen, in pixels independent of the device."""
        return self._delegate.edge

    def set_edge(self, edge: int) -> None:
        self._delegate.set_edge(min(max(edge, SMALLEST_EDGE), LARGEST_EDGE))
        self._fill_width()

    def columns(self) -> int:
        """Number of cells side by side."""
        return max(1, (self.viewport().width() - _SLACK) // self._delegate.cell_size().width())

    def visible_rows(self) -> range:
        """The rows in view, with one line more above and below."""
        height = max(1, self.gridSize().height())
        first_line = max(0, self.verticalScrollBar().value() // height - 1)
        lines = self.viewport().height() // height + 4
        return range(
            min(first_line * self.columns(), len(self._items.rows)), min((first_line + lines) * self.columns(), len(self._items.rows))
        )

    def reveal(self, row: int) -> None:
        """Scrolls to a row, at once or as soon as it is laid out: `scrollTo` does nothing, and says nothing, before that."""
        self._pending_row = row
        self._try_reveal()

    def timerEvent(self, event: QTimerEvent) -> None:
        super().timerEvent(event)
        self._try_reveal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fill_width()
        super().resizeEvent(event)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What to repaint when the selection changes. Qt would unite the cells of all rows, which takes a second for 100,000."""
        return QRegion(self.viewport().rect())

    def keyboardSearch(self, search: str) -> None:
        """Off: digits are labels here, and a search through 100,000 names at each key would stall."""

    def _try_reveal(self) -> None:
        if self._pending_row < 0:
            return
        index = self._items.index(self._pending_row, 0)
        if not index.isValid():
            self._pending_row = -1
        elif self.visualRect(index).isValid():
            self._pending_row = -1
            self.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def _fill_width(self) -> None:
        cell = self._delegate.cell_size()
        grid = QSize(max(cell.width(), (self.viewport().width() - _SLACK) // self.columns()), cell.height())
        if grid != self.gridSize():
            current = self.currentIndex().row()
            self.setGridSize(grid)
            self.verticalScrollBar().setSingleStep(max(1, grid.height() // 3))
            if current >= 0:
                self.reveal(current)

    @Slot()
    def _on_moved(self) -> None:
        rows = self.visible_rows()
        self._thumbnails.keep_only(self._items.rows.ids_of(np.arange(rows.start, rows.stop)).tolist())

    @Slot(object)
    def _on_arrived(self, item_ids: list[int]) -> None:
        visible = self.visible_rows()
        for row in self._items.rows.rows_of(np.array(item_ids, dtype=np.int64)):
            if int(row) in visible:
                self.update(self._items.index(int(row), 0))
