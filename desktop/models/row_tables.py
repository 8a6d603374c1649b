"""The measured values of table sources, read in the background when items of a table come into view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from core.job_context import JobContext
from desktop.models.item_rows import ItemRows, RowTable
from desktop.session import Session

if TYPE_CHECKING:
    from core.project.items import ItemColumns
    from core.project.opening import Project


def read_row_table(context: JobContext, project: Project, source_id: int, columns: ItemColumns) -> RowTable:
    """Raises ProblemError as `core.project.items.row_values`."""
    from core.project.items import row_positions, row_values, table_features

    context.check()
    places = np.flatnonzero(columns.source_id == source_id)
    row_of_place = np.full(len(columns), -1, dtype=np.int64)
    row_of_place[places] = row_positions(project, columns.id[places].tolist())
    return RowTable(table_features(project, source_id), row_values(project, source_id), row_of_place)


def only_table(rows: ItemRows) -> int | None:
    """The table whose rows are among the visible items, None if there are rows of several or of none."""
    if rows.columns is None:
        return None
    visible = rows.order[rows.columns.is_row[rows.order]]
    if not visible.size:
        return None
    source_ids = rows.columns.source_id[visible]
    first = int(source_ids[0])
    return first if bool((source_ids == first).all()) else None


class RowTables(QObject):
    """`arrived` carries the id of a source whose values can be had now."""

    arrived = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tables: dict[int, RowTable] = {}
        self._jobs: dict[int, int] = {}

    def table(self, source_id: int) -> RowTable | None:
        """None if it is not there yet; it is wanted from now on."""
        if source_id not in self._tables and source_id not in self._jobs:
            self._start(source_id)
        return self._tables.get(source_id)

    def forget(self) -> None:
        """Other items now."""
        for job in self._jobs.values():
            self._session.jobs.cancel(job)
        self._jobs.clear()
        self._tables.clear()

    def _start(self, source_id: int) -> None:
        project, items = self._session.project, self._session.items
        if project is None or items is None:
            return
        self._jobs[source_id] = self._session.jobs.start(
            "io",
            "",
            read_row_table,
            project,
            source_id,
            items,
            on_done=lambda table: self._on_done(source_id, table),
            on_failed=lambda _error: self._jobs.pop(source_id, None),
            visible=False,
        )

    def _on_done(self, source_id: int, table: RowTable) -> None:
        self._jobs.pop(source_id, None)
        self._tables[source_id] = table
        self.arrived.emit(source_id)
