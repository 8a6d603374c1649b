"""Reads the shown item in the background, and the ones that a person will probably look at next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QObject, Signal

from desktop.models.shown_part import ShownPart, load_part
from desktop.session import Session

MEMORY_LIMIT: Final = 256 * 2**20  # bytes of pictures kept


class PartLoader(QObject):
    """`loaded` tells the wanted part, at once if it was read before. A part that is not wanted any more never arrives."""

    loaded = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kept: OrderedDict[int, ShownPart] = OrderedDict()
        self._wanted: int | None = None
        self._ahead: list[int] = []
        self._job: int | None = None
        self._reading: int | None = None

    def forget(self) -> None:
        """Another run, another project, or other scores."""
        self._kept.clear()
        self._wanted, self._ahead = None, []
        self._stop()

    def want(self, item_id: int, ahead: Iterable[int] = ()) -> None:
        """Reads `item_id` now and those in `ahead` after it."""
        self._wanted, self._ahead = item_id, list(ahead)
        if item_id in self._kept:
            self._kept.move_to_end(item_id)
            self.loaded.emit(self._kept[item_id])
        self._next()

    def _next(self) -> None:
        candidates = ([] if self._wanted is None else [self._wanted]) + self._ahead
        missing = next((item_id for item_id in candidates if item_id not in self._kept), None)
        if missing is not None and missing == self._reading:
            return
        self._stop()
        if missing is None or self._session.project is None:
            return
        self._reading = missing
        self._job = self._session.jobs.start(
            "decode",
            "",
            load_part,
            self._session.project,
            self._session.current_run,
            missing,
            on_done=self._on_done,
            on_failed=self._on_failed,
            visible=False,
        )

    def _stop(self) -> None:
        self._reading = None
        if self._job is not None:
            job, self._job = self._job, None
            self._session.jobs.cancel(job)

    def _on_failed(self, error: Exception) -> None:
        """The window shows the error; the item is not tried again by itself."""
        del error
        self._job = self._reading = None

    def _on_done(self, part: ShownPart) -> None:
        self._job = self._reading = None
        self._kept[part.item_id] = part
        while len(self._kept) > 2 and sum(kept.size_bytes for kept in self._kept.values()) > MEMORY_LIMIT:
            self._kept.popitem(last=False)
        if part.item_id == self._wanted:
            self.loaded.emit(part)
        self._next()
