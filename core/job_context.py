"""How a long work function talks to whoever started it, without knowing who that is.

Work functions are plain functions: plain values and a `JobContext` in, plain values out. They call `check` at least once per batch,
so that a cancel takes effect within a second, and `progress` as often as they like: the receiver throttles.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.problems import Problem


class Cancelled(Exception):  # noqa: N818 - not an error: a person asked for it
    """Raised by `JobContext.check` after a cancel. Never logged as an error."""


class JobContext(Protocol):
    """Everything a job may tell while it runs. All methods may be called from any thread."""

    def progress(self, done: int, total: int) -> None:
        """Steps done of the current phase; total 0 means unknown."""

    def phase(self, name: str) -> None:
        """A new phase begins; `name` is a source text of context "Phase", see `core.wording`."""

    def note(self, problem: Problem) -> None:
        """Something a person should know although the job goes on."""

    def metric(self, name: str, step: int, value: float) -> None:
        """A point of a curve, for example ("train_loss", epoch, value)."""

    def picture(self, name: str, pictures: NDArray[np.uint8]) -> None:
        """Sample pictures of shape (n, height, width, channels); `name` is "input" or "reconstruction"."""

    def check(self) -> None:
        """Raises Cancelled if a person asked to stop."""


class PartContext:
    """For one of several parts of a longer work: its steps are counted on from `start` towards the `total` of the whole."""

    def __init__(self, context: JobContext, *, start: int, total: int) -> None:
        self._context = context
        self._start = start
        self._total = total

    def progress(self, done: int, total: int) -> None:
        self._context.progress(self._start + done, self._total)

    def phase(self, name: str) -> None:
        self._context.phase(name)

    def note(self, problem: Problem) -> None:
        self._context.note(problem)

    def metric(self, name: str, step: int, value: float) -> None:
        self._context.metric(name, step, value)

    def picture(self, name: str, pictures: NDArray[np.uint8]) -> None:
        self._context.picture(name, pictures)

    def check(self) -> None:
        self._context.check()


class QuietContext:
    """A context for scripts and tests: never cancelled unless told, keeps the notes and metrics it was given."""

    def __init__(self) -> None:
        self.notes: list[Problem] = []
        self.metrics: list[tuple[str, int, float]] = []
        self.cancelled = False

    def progress(self, done: int, total: int) -> None: ...

    def phase(self, name: str) -> None: ...

    def note(self, problem: Problem) -> None:
        self.notes.append(problem)

    def metric(self, name: str, step: int, value: float) -> None:
        self.metrics.append((name, step, value))

    def picture(self, name: str, pictures: NDArray[np.uint8]) -> None: ...

    def check(self) -> None:
        if self.cancelled:
            raise Cancelled
