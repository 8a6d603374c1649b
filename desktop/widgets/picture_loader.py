"""Reads the pictures of the large view in the background: the one that is shown, then the one that comes next."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from core.job_context import JobContext
from core.problems import Problem, ProblemError
from desktop.jobs import Jobs
from desktop.widgets.thumbnails import image_from_pixels

if TYPE_CHECKING:
    from core.data.arrays import PictureReference

MEMORY_LIMIT: Final = 192 * 2**20  # bytes of pictures kept
LARGEST_EDGE: Final = 4096  # larger pictures are shown reduced to this

FindReference = Callable[[int], "PictureReference | None"]


def read_picture(context: JobContext, reference: PictureReference) -> QImage:
    """Raises ProblemError as `core.data.images.read_image`."""
    from core.data.images import thumbnail

    context.check()
    return image_from_pixels(thumbnail(reference.path, edge=LARGEST_EDGE, page=reference.page, value_maximum=reference.value_maximum))


class PictureLoader(QObject):
    """`loaded` carries the id that was wanted last and its picture, `failed` the id and the Problem. Nothing else ever arrives."""

    loaded = Signal(object, object)
    failed = Signal(object, object)

    def __init__(self, jobs: Jobs, find_reference: FindReference, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._find_reference = jobs, find_reference
        self._kept: OrderedDict[int, QImage] = OrderedDict()
        self._queue: list[int] = []
        self._wanted: int | None = None
        self._reading: int | None = None
        self._job: int | None = None

    def want(self, item_id: int | None, ahead: Sequence[int] = ()) -> None:
        """None: nothing any more."""
        self._wanted = item_id
        self._queue = [] if item_id is None else [wanted for wanted in (item_id, *ahead) if wanted not in self._kept]
        if item_id is not None and item_id in self._kept:
            self._kept.move_to_end(item_id)
            self.loaded.emit(item_id, self._kept[item_id])
        if self._reading is not None and self._reading not in self._queue[:1]:
            self._stop()
        self._next()

    def forget(self) -> None:
        """Another project."""
        self.want(None)
        self._kept.clear()

    def _stop(self) -> None:
        if self._job is not None:
            self._jobs.cancel(self._job)
        self._job = self._reading = None

    def _next(self) -> None:
        while self._reading is None and self._queue:
            item_id = self._queue[0]
            reference = self._find_reference(item_id)
            if reference is None:
                self._queue.pop(0)
                continue
            self._reading = item_id
            self._job = self._jobs.start(
                "decode", "", read_picture, reference, on_done=self._on_done, on_failed=self._on_failed, visible=False
            )

    def _on_done(self, image: QImage) -> None:
        item_id = self._end()
        if item_id is None:
            return
        self._kept[item_id] = image
        while len(self._kept) > 2 and sum(kept.sizeInBytes() for kept in self._kept.values()) > MEMORY_LIMIT:
            self._kept.popitem(last=False)
        if item_id == self._wanted:
            self.loaded.emit(item_id, image)
        self._next()

    def _on_failed(self, error: Exception) -> None:
        item_id = self._end()
        if item_id is not None and item_id == self._wanted and isinstance(error, ProblemError):
            problem: Problem = error.problem
            self.failed.emit(item_id, problem)
        self._next()

    def _end(self) -> int | None:
        item_id, self._reading, self._job = self._reading, None, None
        if item_id in self._queue:
            self._queue.remove(item_id)
        return item_id
