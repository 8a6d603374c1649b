"""Fills the large view of the Data page: the picture as it comes from the disk, or the values of a table row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from core.problems import Problem
from desktop.models.item_rows import Entry
from desktop.models.row_tables import RowTables
from desktop.session import Session
from desktop.widgets.item_browser import ItemBrowser
from desktop.widgets.large_view import Value
from desktop.widgets.picture_loader import PictureLoader
from desktop.widgets.thumbnails import ThumbnailStore
from desktop.words import problem_sentence

if TYPE_CHECKING:
    from core.data.arrays import PictureReference


class LargeItem(QObject):
    """Shows a thumbnail until the picture has come, and reads the next picture ahead. `changed` follows what is shown."""

    changed = Signal()

    def __init__(self, session: Session, browser: ItemBrowser, thumbnails: ThumbnailStore, tables: RowTables, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._browser, self._thumbnails, self._tables = session, browser, thumbnails, tables
        self._view: Final = browser.large
        self._pictures: Final = PictureLoader(session.jobs, self._find_reference, self)
        self._pictures.loaded.connect(self._on_picture)
        self._pictures.failed.connect(self._on_failed)
        browser.current_changed.connect(self._on_current_changed)
        tables.arrived.connect(self._on_table)

    @property
    def is_picture(self) -> bool:
        """Whether a picture is shown, which can be zoomed."""
        return self._view.item_id is not None and self._view.shows_picture()

    def zoom(self, factor: float) -> None:
        self._view.pixels.zoom(factor)

    def forget(self) -> None:
        """The project is about to close."""
        self._view.item_id = None
        self._pictures.forget()

    def _find_reference(self, item_id: int) -> PictureReference | None:
        from core.project.items import picture_references

        project = self._session.project
        found = [] if project is None else picture_references(project, [item_id])
        return found[0] if found else None

    @Slot(object)
    def _on_current_changed(self, entry: Entry | None) -> None:
        if entry is None:
            self._view.item_id = None
            self._pictures.want(None)
        else:
            self._show(entry)
        self.changed.emit()

    def _show(self, entry: Entry) -> None:
        rows, row = self._browser.model.rows, self._browser.current_row
        is_new = entry.item_id != self._view.item_id
        self._view.show_entry(entry, row, len(rows))
        if entry.is_row:
            self._show_values(entry)
        elif is_new:
            self._show_thumbnail(entry)
            ahead = rows.ids_of(range(row + 1, min(row + 2, len(rows))))
            self._pictures.want(entry.item_id, ahead.tolist())

    def _show_values(self, entry: Entry) -> None:
        table = self._tables.table(entry.source_id)
        columns = () if table is None else table.columns
        texts = [] if table is None else [table.text(entry.place, number) for number in range(len(columns))]
        self._view.show_values([Value(column.name, text, column.unit) for column, text in zip(columns, texts, strict=True)])

    def _show_thumbnail(self, entry: Entry) -> None:
        ratio = self._view.devicePixelRatioF()
        found = self._thumbnails.pixmap(entry.item_id, round(self._browser.gallery.edge * ratio))
        columns = self._browser.model.rows.columns
        if isinstance(found, QPixmap) and columns is not None:
            self._view.show_picture(found.toImage(), int(columns.width[entry.place]), int(columns.height[entry.place]))

    @Slot(object)
    def _on_table(self, source_id: int) -> None:
        entry = self._browser.current_entry()
        if entry is not None and entry.source_id == source_id and entry.item_id == self._view.item_id:
            self._show_values(entry)

    @Slot(object, object)
    def _on_picture(self, item_id: int, image: QImage) -> None:
        if item_id == self._view.item_id:
            self._view.show_picture(image)

    @Slot(object, object)
    def _on_failed(self, item_id: int, problem: Problem) -> None:
        if item_id == self._view.item_id:
            self._view.show_trouble(problem_sentence(problem))
