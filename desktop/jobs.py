"""Long work beside the window: named pools of threads, and one object in the GUI thread that tells what becomes of each job.

A job is a plain function `function(context, *arguments)`. Whatever it tells its context reaches the window in bundles, at most ten a
second, so that no job can freeze it. Cancelling forgets the job first: nothing that it still says or returns arrives afterwards.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal, Slot

from core.job_context import Cancelled
from core.problems import Problem, ProblemError

PoolName = Literal["compute", "decode", "io"]
WORKERS: Final[dict[PoolName, int]] = {"compute": 1, "decode": max(2, min(4, (os.cpu_count() or 2) // 2)), "io": 2}
INTERVAL_S: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class JobInfo:
    """What the jobs panel shows. `total` 0 means unknown; times are `time.monotonic` seconds; `phase` is a text of context "Phase"."""

    id: int
    title: str
    pool: PoolName
    visible: bool
    running: bool
    cancelling: bool
    done: int
    total: int
    phase: str
    started_at: float
    phase_started_at: float

    def seconds_left(self, now: float) -> float | None:
        """An estimate for the current phase, from 2 s on; None while there is nothing to judge by."""
        elapsed = now - self.phase_started_at
        if self.total <= 0 or self.done <= 0 or elapsed < 2 or self.cancelling:
            return None
        return elapsed * (self.total - self.done) / self.done


@dataclass
class _Bundle:
    """What a job told since the last delivery."""

    running: bool = False
    phase: str | None = None
    progress: tuple[int, int] | None = None
    metrics: list[tuple[str, int, float]] = field(default_factory=list)
    pictures: dict[str, NDArray[np.uint8]] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Ended:
    """The worker is through with a job: a result, an error, or neither of them after a cancel."""

    result: Any = None
    error: Exception | None = None
    cancelled: bool = False


@dataclass
class _Job:
    info: JobInfo
    context: ThreadContext
    on_done: Callable[[Any], object] | None
    on_failed: Callable[[Exception], object] | None
    future: Future[None] | None = None


class _Bridge(QObject):
    """Lives in the GUI thread; workers emit, and the queued connection delivers in the GUI thread."""

    told = Signal(object, object)


class ThreadContext:
    """The `JobContext` of a worker thread. Collects what it is told and delivers it at most every `INTERVAL_S`."""

    def __init__(self, deliver: Callable[[_Bundle], None]) -> None:
        self._deliver = deliver
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._bundle = _Bundle()
        self._empty = True
        self._last = 0.0

    def progress(self, done: int, total: int) -> None:
        with self._lock:
            self._bundle.progress = (int(done), int(total))
            self._told()

    def phase(self, name: str) -> None:
        with self._lock:
            self._bundle.phase, self._bundle.progress = name, None
            self._told()

    def note(self, problem: Problem) -> None:
        with self._lock:
            self._bundle.notes.append(problem)
            self._told()

    def metric(self, name: str, step: int, value: float) -> None:
        with self._lock:
            self._bundle.metrics.append((name, int(step), float(value)))
            self._told()

    def picture(self, name: str, pictures: NDArray[np.uint8]) -> None:
        with self._lock:
            self._bundle.pictures[name] = pictures
            self._told()

    def check(self) -> None:
        if self._stop.is_set():
            raise Cancelled
        with self._lock:
            self._deliver_if_due()

    def cancel(self) -> None:
        self._stop.set()

    def begin(self) -> None:
        with self._lock:
            self._bundle.running = True
            self._empty = False
            self._flush()

    def flush(self) -> None:
        """Delivers what is left, at the end of the job."""
        with self._lock:
            self._flush()

    def _told(self) -> None:
        self._empty = False
        self._deliver_if_due()

    def _deliver_if_due(self) -> None:
        if not self._empty and time.monotonic() - self._last >= INTERVAL_S:
            self._flush()

    def _flush(self) -> None:
        if not self._empty:
            bundle, self._bundle, self._empty, self._last = self._bundle, _Bundle(), True, time.monotonic()
            self._deliver(bundle)


def _work(tell: Callable[[object], None], context: ThreadContext, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Runs in the worker thread and always tells exactly one `_Ended`."""
    ended = _Ended(cancelled=True)
    try:
        context.check()
        context.begin()
        ended = _Ended(result=function(context, *arguments))
    except Cancelled:
        pass
    except Exception as error:  # noqa: BLE001 - handed to the window, which shows it
        ended = _Ended(error=error)
    finally:
        context.flush()
        tell(ended)


def _surface(future: Future[None]) -> None:
    """An executor hides what it catches; anything but the cancel of a waiting job is a bug and goes to the hook."""
    if not future.cancelled() and (error := future.exception()) is not None:
        sys.excepthook(type(error), error, error.__traceback__)


class Jobs(QObject):
    """Owner of all worker threads. Ids are never reused. All methods belong to the GUI thread, and all signals are emitted there.

    Every job emits `started`, then any of the middle ones, then exactly one of `succeeded`, `failed`, `cancelled`, then `finished`.
    `failed` carries a `Problem` for expected trouble and the exception itself for a bug; the window shows both, so a page need not.
    """

    started = Signal(object)
    changed = Signal(object)  # id: anything of its JobInfo
    progressed = Signal(object, object, object)  # id, done, total
    phase_changed = Signal(object, str)
    metric = Signal(object, str, object, object)  # id, name, step, value
    picture = Signal(object, str, object)  # id, name, uint8 (n, height, width, channels)
    noted = Signal(object, object)  # id, Problem
    succeeded = Signal(object, object)  # id, result
    failed = Signal(object, object)  # id, Problem | Exception
    cancelled = Signal(object)  # when the worker has really stopped
    finished = Signal(object)
    idle = Signal()  # the last job has finished

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids = itertools.count(1)
        self._live: dict[int, _Job] = {}
        self._leaving: dict[int, _Job] = {}
        self._executors: dict[PoolName, ThreadPoolExecutor] = {}
        self._closed = False
        self._bridge = _Bridge(self)
        self._bridge.told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    def start(
        self,
        pool: PoolName,
        title: str,
        function: Callable[..., Any],
        *arguments: Any,
        on_done: Callable[[Any], object] | None = None,
        on_failed: Callable[[Exception], object] | None = None,
        visible: bool = True,
    ) -> int:
        """Queues `function(context, *arguments)` and returns the job's id.

        `on_done(result)` and `on_failed(exception)` are called in the GUI thread just before the signals, never after a cancel.
        `visible=False` keeps a job out of the jobs panel and out of the question at closing. Raises RuntimeError after `shutdown`.
        """
        if self._closed:
            raise RuntimeError("jobs are shut down")
        job_id = next(self._ids)
        tell = self._bridge.told.emit
        context = ThreadContext(lambda bundle: tell(job_id, bundle))
        now = time.monotonic()
        info = JobInfo(
            id=job_id, title=title, pool=pool, visible=visible, running=False, cancelling=False,
            done=0, total=0, phase="", started_at=now, phase_started_at=now,
        )  # fmt: skip
        job = _Job(info, context, on_done, on_failed)
        self._live[job_id] = job
        if pool not in self._executors:
            self._executors[pool] = ThreadPoolExecutor(WORKERS[pool], thread_name_prefix=f"flawscope-{pool}")
        self.started.emit(job_id)
        job.future = self._executors[pool].submit(_work, lambda ended: tell(job_id, ended), context, function, arguments)
        job.future.add_done_callback(_surface)
        return job_id

    def cancel(self, job_id: int) -> None:
        """Forgets the job, then asks its worker to stop. Unknown and finished ids are ignored."""
        job = self._live.pop(job_id, None)
        if job is None:
            return
        self._leaving[job_id] = job
        job.info = replace(job.info, cancelling=True)
        job.context.cancel()
        if job.future is not None and job.future.cancel():
            self._bridge.told.emit(job_id, _Ended(cancelled=True))
        self.changed.emit(job_id)

    def cancel_all(self) -> None:
        for job_id in list(self._live):
            self.cancel(job_id)

    def info(self, job_id: int) -> JobInfo | None:
        """None once the job has finished."""
        job = self._live.get(job_id) or self._leaving.get(job_id)
        return job.info if job else None

    def active(self, *, hidden: bool = False) -> list[JobInfo]:
        """All jobs that wait, run or are stopping, oldest first; those of `visible=False` only on demand."""
        jobs = {**self._live, **self._leaving}
        return [jobs[key].info for key in sorted(jobs) if hidden or jobs[key].info.visible]

    def wait(self) -> None:
        """Blocks until all workers that were asked to stop have stopped. Their signals arrive later, through the event loop."""
        futures.wait([job.future for job in self._leaving.values() if job.future is not None])

    def shutdown(self, *, wait: bool = True) -> None:
        """Cancels everything and ends the threads. No signal is emitted afterwards."""
        if self._closed:
            return
        self._closed = True
        self.cancel_all()
        self._bridge.told.disconnect(self._on_told)
        self._leaving.clear()
        for executor in self._executors.values():
            executor.shutdown(wait=wait, cancel_futures=True)
        self._executors.clear()

    @Slot(object, object)
    def _on_told(self, job_id: int, message: _Bundle | _Ended) -> None:
        if isinstance(message, _Ended):
            self._end(job_id, message)
        elif job_id in self._live:
            self._unpack(job_id, message)

    def _unpack(self, job_id: int, bundle: _Bundle) -> None:
        job = self._live[job_id]
        if bundle.running:
            now = time.monotonic()
            job.info = replace(job.info, running=True, started_at=now, phase_started_at=now)
        if bundle.phase is not None:
            job.info = replace(job.info, phase=bundle.phase, done=0, total=0, phase_started_at=time.monotonic())
            self.phase_changed.emit(job_id, bundle.phase)
        if bundle.progress is not None:
            job.info = replace(job.info, done=bundle.progress[0], total=bundle.progress[1])
            self.progressed.emit(job_id, *bundle.progress)
        for name, step, value in bundle.metrics:
            self.metric.emit(job_id, name, step, value)
        for name, pictures in bundle.pictures.items():
            self.picture.emit(job_id, name, pictures)
        for problem in bundle.notes:
            self.noted.emit(job_id, problem)
        self.changed.emit(job_id)

    def _end(self, job_id: int, ended: _Ended) -> None:
        left = self._leaving.pop(job_id, None)
        job = self._live.pop(job_id, None)
        if left is None and job is None:
            return
        try:
            if job is None or ended.cancelled:
                self.cancelled.emit(job_id)
            elif ended.error is not None:
                self._fail(job, ended.error)
            else:
                if job.on_done is not None:
                    job.on_done(ended.result)
                self.succeeded.emit(job_id, ended.result)
        finally:
            self.finished.emit(job_id)
            if not self._live and not self._leaving:
                self.idle.emit()

    def _fail(self, job: _Job, error: Exception) -> None:
        if job.on_failed is not None:
            job.on_failed(error)
        self.failed.emit(job.info.id, error.problem if isinstance(error, ProblemError) else error)
