"""The items as gallery, table or one at a time, with the filter and the sorting above them and one selection for all of them."""

from __future__ import annotations

from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QStackedWidget, QVBoxLayout, QWidget

from desktop import theme
from desktop.models.item_filter import ItemFilter
from desktop.models.item_rows import IMPORTED, Entry
from desktop.models.items import ItemModel
from desktop.widgets.browser_bar import BrowserBar
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.filter_bar import FilterBar, FindChoices
from desktop.widgets.gallery import GalleryView, select_rows, selected_rows
from desktop.widgets.item_table import ItemTable
from desktop.widgets.large_view import LargeView
from desktop.widgets.thumbnails import ThumbnailStore
from desktop.words import translate


class BrowserActions:
    """The actions that the browser has buttons for."""

    def __init__(self, *, labels: list[QAction], imports: list[QAction], clear_filter: QAction) -> None:
        self.labels, self.imports, self.clear_filter = labels, imports, clear_filter


class Shown(Enum):
    """What fills the middle."""

    GALLERY = 0
    TABLE = 1
    LARGE = 2
    NO_ITEMS = 3
    NO_MATCH = 4


class ItemBrowser(QWidget):
    """Keeps selection, current item and place in view by item id through every filter, sorting and change of the items.

    `current_changed` carries the Entry that the large view shows, None without one; `selection_changed` follows every change of it.
    """

    current_changed = Signal(object)
    selection_changed = Signal()
    menu_requested = Signal(QPoint)  # in global coordinates

    def __init__(
        self,
        model: ItemModel,
        thumbnails: ThumbnailStore,
        find_choices: FindChoices,
        actions: BrowserActions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model: Final = model
        self._prefer_table = False
        self._large_open = False
        self._kept: tuple[NDArray[np.int64], int | None, int] = (np.zeros(0, dtype=np.int64), None, -1)
        self.filter_bar: Final = FilterBar(find_choices)
        self.bar: Final = BrowserBar(actions.labels)
        self.gallery: Final = GalleryView(model, thumbnails)
        self.table: Final = ItemTable(model)
        self.table.setSelectionModel(self.gallery.selectionModel())
        self.large: Final = LargeView()
        self.no_items: Final = EmptyState("import")
        self.no_match: Final = EmptyState("filter")
        for action in actions.imports:
            self.no_items.add_action(action)
        self.no_match.add_action(actions.clear_filter)
        self.stack: Final = QStackedWidget()
        for widget in (self.gallery, self.table, self.large, self.no_items, self.no_match):
            self.stack.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(self.filter_bar)
        layout.addWidget(self.bar)
        layout.addWidget(self.stack, 1)
        self._connect()
        self.retranslate()
        self._show()

    def _connect(self) -> None:
        self.filter_bar.filter_changed.connect(self.model.set_filter)
        self.bar.sorting_chosen.connect(self.sort)
        self.bar.table_chosen.connect(self.show_as_table)
        self.bar.edge_chosen.connect(self.gallery.set_edge)
        self.table.sort_requested.connect(self.sort)
        self.table.doubleClicked.connect(self.open_large)
        self.gallery.open_requested.connect(self.open_large)
        self.large.closed.connect(self.close_large)
        self.large.step_requested.connect(self.step)
        self.model.modelAboutToBeReset.connect(self._on_about_to_reset)
        self.model.modelReset.connect(self._on_reset)
        self.model.shown_changed.connect(self._on_shown_changed)
        chosen = self.gallery.selectionModel()
        chosen.selectionChanged.connect(self.selection_changed)
        chosen.currentRowChanged.connect(self._on_current_changed)
        for view in (self.gallery, self.table):
            view.customContextMenuRequested.connect(self._on_menu)

    @property
    def shown(self) -> Shown:
        return Shown(self.stack.currentIndex())

    @property
    def current_row(self) -> int:
        """-1 without one."""
        return self.gallery.currentIndex().row()

    def current_entry(self) -> Entry | None:
        return self.model.rows.entry(self.current_row) if self.current_row >= 0 else None

    def selected_ids(self) -> NDArray[np.int64]:
        """In the large view the item that is shown, else the selected ones."""
        if self._large_open and self.current_row >= 0:
            return self.model.rows.ids_of([self.current_row])
        return self.model.rows.ids_of(selected_rows(self.gallery))

    def set_filter(self, wanted: ItemFilter) -> None:
        self.filter_bar.set_filter(wanted)
        self.model.set_filter(wanted)

    @Slot(str, bool)
    def sort(self, key: str, descending: bool) -> None:
        self.model.set_sorting(key, descending=descending)
        self._show_sorting()
        if self.current_row >= 0:
            self.reveal(self.current_row)

    @Slot(bool)
    def show_as_table(self, table: bool) -> None:
        self._prefer_table = table
        self.bar.show_table(table)
        self._show()
        if self.current_row >= 0:
            self.reveal(self.current_row)

    def go_to(self, row: int) -> None:
        """Makes `row` the current and only selected one, and shows it."""
        self.gallery.selectionModel().setCurrentIndex(
            self.model.index(row, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        )
        self.reveal(row)

    def go_to_item(self, item_id: int) -> bool:
        """False if the filter hides it."""
        rows = self.model.rows.rows_of([item_id])
        if rows.size:
            self.go_to(int(rows[0]))
        return bool(rows.size)

    def reveal(self, row: int) -> None:
        self.gallery.reveal(row)
        self.table.reveal(row)

    @Slot(int)
    def step(self, step: int) -> None:
        row = self.current_row + step
        if 0 <= row < len(self.model.rows):
            self.go_to(row)

    @Slot()
    def open_large(self) -> None:
        if not len(self.model.rows):
            return
        self._large_open = True
        self.go_to(max(0, self.current_row))
        self._show()
        self.large.setFocus()
        self.current_changed.emit(self.current_entry())

    @Slot()
    def close_large(self) -> None:
        self._large_open = False
        self._show()
        self.view().setFocus()
        self.current_changed.emit(None)

    @Slot()
    def toggle_large(self) -> None:
        if self._large_open:
            self.close_large()
        else:
            self.open_large()

    def view(self) -> QAbstractItemView:
        """Gallery or table, whichever is preferred now."""
        return self.table if self._prefer_table else self.gallery

    def retranslate(self) -> None:
        self.gallery.setAccessibleName(translate("DataPage", "Items"))
        self.table.setAccessibleName(translate("DataPage", "Items"))
        self.no_items.set_text(
            translate("DataPage", "No items yet"),
            translate("DataPage", "Import a folder of images or a table of measurements, or drop it on this window."),
        )
        self.no_match.set_text("", translate("DataPage", "No item passes the filter."))
        self._show_sorting()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.model.retranslate()
            self.retranslate()
        super().changeEvent(event)

    def _show(self) -> None:
        if not self.model.total:
            shown = Shown.NO_ITEMS
        elif not len(self.model.rows):
            shown = Shown.NO_MATCH
        elif self._large_open:
            shown = Shown.LARGE
        else:
            shown = Shown.TABLE if self._prefer_table else Shown.GALLERY
        self.stack.setCurrentIndex(shown.value)
        self.bar.edge.setEnabled(shown is Shown.GALLERY)
        self.bar.setVisible(shown is not Shown.NO_ITEMS)
        self.filter_bar.setVisible(shown is not Shown.NO_ITEMS)

    def _show_sorting(self) -> None:
        rows = self.model.rows
        sortings = [
            (IMPORTED, translate("DataPage", "as imported")),
            ("name", translate("DataPage", "name")),
            ("label", translate("DataPage", "label")),
            ("defect_type", translate("DataPage", "defect type")),
            ("split", translate("DataPage", "split")),
        ]
        if self.model.scored:
            sortings.append(("score", translate("DataPage", "score")))
        if rows.sort_key not in {key for key, _title in sortings}:
            sortings.append((rows.sort_key, self.model.title_of(rows.sort_key)))
        self.bar.show_sortings(sortings, rows.sort_key, descending=rows.descending)
        self.table.show_sorting(rows.sort_key, descending=rows.descending)

    @Slot()
    def _on_about_to_reset(self) -> None:
        current = self.current_entry() if self.current_row < len(self.model.rows) else None
        self._kept = (self.selected_ids(), None if current is None else current.item_id, self.current_row)

    @Slot()
    def _on_reset(self) -> None:
        """Selects what was selected, as far as it is still shown, or else the item that took the place of the current one."""
        selected_ids, current_id, row = self._kept
        selected = self.model.rows.rows_of(selected_ids)
        found = self.model.rows.rows_of([] if current_id is None else [current_id])
        current = int(found[0]) if found.size else min(max(row, 0), len(self.model.rows) - 1)
        if current >= 0:
            select_rows(self.gallery, selected if selected.size else np.array([current]), current)
            self.reveal(current)

    @Slot()
    def _on_shown_changed(self) -> None:
        self.filter_bar.set_counts(len(self.model.rows), self.model.total)
        self._show_sorting()
        self._show()
        self.selection_changed.emit()
        if self._large_open:
            self.current_changed.emit(self.current_entry())

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, previous: QModelIndex) -> None:
        del previous
        if self._large_open and current.isValid():
            self.current_changed.emit(self.current_entry())

    @Slot(QPoint)
    def _on_menu(self, place: QPoint) -> None:
        self.menu_requested.emit(self.view().viewport().mapToGlobal(place))
