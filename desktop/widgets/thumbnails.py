"""Thumbnails: decoded in the background, kept small on disk and bounded in memory, the last seen first."""

from __future__ import annotations

import functools
import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from core.job_context import JobContext
from core.problems import Problem, ProblemError

if TYPE_CHECKING:
    from core.data.arrays import PictureReference

STORED_EDGE: Final = 320  # pixels of the longer side on disk; larger wishes are decoded anew
MEMORY_LIMIT: Final = 96 * 2**20  # bytes of pixmaps
_JPEG_QUALITY: Final = 88
_VERSION: Final = "1"  # counts up when decoding changes, so that old files on disk are not used
_BYTES_PER_PIXEL: Final = 4

FindReferences = Callable[[list[int]], "list[PictureReference]"]  # in the order of the ids
Submit = Callable[[Callable[[JobContext], None]], object]


class Missing(Enum):
    """Why there is no pixmap: it is on its way, or the picture cannot be read."""

    WAITING = "waiting"
    UNREADABLE = "unreadable"


def image_from_pixels(pixels: NDArray[np.uint8]) -> QImage:
    """A deep copy of pixels (height, width, 3) RGB or (height, width) grey."""
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    grey = pixels.ndim == 2
    image_format = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    return QImage(pixels.data, width, height, pixels.strides[0], image_format).copy()


def load_thumbnail(reference: PictureReference, *, edge: int, folder: Path | None) -> QImage:
    """The picture with its longer side at most `edge` pixels, from the folder if it is kept there, else decoded and put there.

    Raises ProblemError as `core.data.images.read_image`. A folder that cannot be written to costs time, not pictures.
    """
    if edge > STORED_EDGE or folder is None:
        return image_from_pixels(_decode(reference, edge))
    path = folder / _file_name(reference)
    image = _read_stored(path)
    if image is None:
        image = image_from_pixels(_decode(reference, STORED_EDGE))
        _store(image, path)
    if max(image.width(), image.height()) <= edge:
        return image
    return image.scaled(QSize(edge, edge), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _decode(reference: PictureReference, edge: int) -> NDArray[np.uint8]:
    from core.data.images import thumbnail

    return thumbnail(reference.path, edge=edge, page=reference.page, value_maximum=reference.value_maximum)


def _read_stored(path: Path) -> QImage | None:
    from core.data.images import read_image

    try:
        return image_from_pixels(read_image(path))
    except ProblemError:  # not there yet, or half of it
        return None


def _file_name(reference: PictureReference) -> str:
    key = f"{_VERSION} {reference.sha256} {reference.page} {reference.value_maximum} {STORED_EDGE}"
    digest = hashlib.sha256(key.encode()).hexdigest()
    return f"{digest[:2]}/{digest[2:34]}.jpg"


def _store(image: QImage, path: Path) -> None:
    """Writes beside and renames, so that a reader never sees half a file."""
    beside = path.with_name(f"{path.stem}.{os.getpid()}.{threading.get_ident()}.part.jpg")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if image.save(str(beside), quality=_JPEG_QUALITY):
            beside.replace(path)
        else:
            beside.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Kept:
    pixmap: QPixmap
    reference: PictureReference

    @property
    def size(self) -> int:
        """In bytes."""
        return self.pixmap.width() * self.pixmap.height() * _BYTES_PER_PIXEL


@dataclass(frozen=True)
class _Task:
    item_id: int
    reference: PictureReference
    edge: int
    folder: Path | None
    generation: int


class ThumbnailStore(QObject):
    """Gives pixmaps by item id and edge (device pixels), and tells when those that were missing have come.

    `find_references` looks many items up at once, in the GUI thread; `submit` hands a function to the decode pool.
    """

    arrived = Signal(object)  # list of the ids of items whose pixmaps can be had now, or never
    _filled = Signal()

    def __init__(self, submit: Submit, *, workers: int = 2, memory_limit: int = MEMORY_LIMIT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._submit, self._worker_limit, self._memory_limit = submit, workers, memory_limit
        self._pixmaps: OrderedDict[int, _Kept] = OrderedDict()
        self._bytes = 0
        self._edge = 0
        self._unreadable: dict[int, Problem] = {}
        self._find_references: FindReferences | None = None
        self._folder: Path | None = None
        self._asked: list[int] = []
        self._asking = QTimer(self, singleShot=True, interval=0)
        self._asking.timeout.connect(self._look_up)
        self._lock = threading.Lock()  # guards all below, which workers share
        self._queue: OrderedDict[int, _Task] = OrderedDict()
        self._loading: set[int] = set()
        self._results: list[tuple[_Task, QImage | Problem]] = []
        self._generation = 0
        self._working = 0
        self._filled.connect(self._take_results)

    @property
    def memory_bytes(self) -> int:
        """Bytes that the pixmaps take now."""
        return self._bytes

    @property
    def idle(self) -> bool:
        """Whether nothing is asked for, queued, being decoded or waiting to be taken."""
        with self._lock:
            return not (self._asked or self._queue or self._working or self._results)

    def queued(self) -> list[int]:
        """The items whose turn has not come yet, the next one first."""
        with self._lock:
            return list(reversed(self._queue))

    def set_project(self, find_references: FindReferences | None, folder: Path | None) -> None:
        """Forgets everything: other items now, or none. `folder` is where small files may be kept."""
        self._find_references, self._folder = find_references, folder
        self._unreadable.clear()
        self._forget()

    def refresh(self, present: Collection[int]) -> None:
        """After an import: forgets what is gone, has other content now or could not be read. `present`: the ids that still exist."""
        self._unreadable.clear()
        for item_id in [item_id for item_id in self._pixmaps if item_id not in present]:
            self._drop(item_id)
        kept = list(self._pixmaps)
        references = self._find_references(kept) if self._find_references is not None else []
        for item_id, reference in zip(kept, references, strict=True):
            if reference != self._pixmaps[item_id].reference:
                self._drop(item_id)

    def problem(self, item_id: int) -> Problem | None:
        """Why the picture of this item cannot be read."""
        return self._unreadable.get(item_id)

    def pixmap(self, item_id: int, edge: int) -> QPixmap | Missing:
        """The pixmap with its longer side at most `edge` device pixels; if it is not there yet, it is wanted from now on."""
        if edge != self._edge:
            self._edge = edge
            self._forget()
        if item_id in self._unreadable:
            return Missing.UNREADABLE
        found = self._pixmaps.get(item_id)
        if found is not None:
            self._pixmaps.move_to_end(item_id)
            return found.pixmap
        if self._find_references is not None:
            self._asked.append(item_id)
            self._asking.start()
        return Missing.WAITING

    def keep_only(self, visible: Iterable[int]) -> None:
        """Drops what is queued but not visible any more."""
        seen = set(visible)
        with self._lock:
            for item_id in [item_id for item_id in self._queue if item_id not in seen]:
                del self._queue[item_id]

    @Slot()
    def _look_up(self) -> None:
        """Queues what was asked for since the last time before everything older, in the order in which it was painted."""
        asked, self._asked = self._asked, []
        with self._lock:
            item_ids = [item_id for item_id in dict.fromkeys(asked) if item_id not in self._loading]
        if self._find_references is None or not item_ids:
            return
        references = self._find_references(item_ids)
        with self._lock:
            for item_id, reference in zip(reversed(item_ids), reversed(references), strict=True):
                self._queue[item_id] = _Task(item_id, reference, self._edge, self._folder, self._generation)
                self._queue.move_to_end(item_id)
            new_workers = min(self._worker_limit - self._working, len(self._queue))
            self._working += new_workers
            work = functools.partial(self._work, self._generation)
        for _ in range(new_workers):
            self._submit(work)

    def _forget(self) -> None:
        self._asked.clear()
        with self._lock:
            self._generation += 1
            self._working = 0  # workers of earlier generations end by themselves
            self._queue.clear()
            self._loading.clear()
            self._results.clear()
        self._pixmaps.clear()
        self._bytes = 0

    def _work(self, generation: int, context: JobContext) -> None:
        """Runs in the decode pool until the queue is empty or everything was forgotten."""
        while (task := self._next_task(generation)) is not None:
            try:
                context.check()
                result = _load(task)
            except BaseException:  # a cancel, or a bug that the pool reports: the other thumbnails must still come
                with self._lock:
                    self._working -= generation == self._generation
                raise
            self._hand_over(task, result)

    def _next_task(self, generation: int) -> _Task | None:
        with self._lock:
            if generation != self._generation:
                return None
            if not self._queue:
                self._working -= 1
                return None
            item_id, task = self._queue.popitem(last=True)
            self._loading.add(item_id)
            return task

    def _hand_over(self, task: _Task, result: QImage | Problem) -> None:
        with self._lock:
            if task.generation != self._generation:
                return
            self._loading.discard(task.item_id)
            self._results.append((task, result))
            first = len(self._results) == 1
        if first:
            self._filled.emit()

    @Slot()
    def _take_results(self) -> None:
        with self._lock:
            results, self._results = self._results, []
        for task, result in results:
            if isinstance(result, Problem):
                self._unreadable[task.item_id] = result
            else:
                self._drop(task.item_id)
                self._pixmaps[task.item_id] = _Kept(QPixmap.fromImage(result), task.reference)
                self._bytes += self._pixmaps[task.item_id].size
        while self._bytes > self._memory_limit and len(self._pixmaps) > 1:
            self._drop(next(iter(self._pixmaps)))
        if results:
            self.arrived.emit([task.item_id for task, _result in results])

    def _drop(self, item_id: int) -> None:
        dropped = self._pixmaps.pop(item_id, None)
        self._bytes -= 0 if dropped is None else dropped.size


def _load(task: _Task) -> QImage | Problem:
    try:
        return load_thumbnail(task.reference, edge=task.edge, folder=task.folder)
    except ProblemError as error:
        return error.problem
