"""Progress and remarks on standard error, results on standard output, and Ctrl+C as a cancel."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final, TextIO

import numpy as np
from numpy.typing import NDArray

from core.job_context import Cancelled
from core.problems import Problem
from core.wording import Translator

_DRAW_SECONDS: Final = 0.1
_LINE_SECONDS: Final = 10.0  # where standard error is a file, a line now and then shows that the work goes on
_BAR: Final = 24


class Terminal:
    """A `core.job_context.JobContext` for people and scripts at a command line. Used from the thread that it was made in, and others."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json: Final = as_json
        self.notes: list[Problem] = []
        self._cancelled = False
        self._phase = ""
        self._metric = ""
        self._began = self._drawn = time.monotonic()
        self._line = ""
        self._is_screen = sys.stderr is not None and sys.stderr.isatty()

    def progress(self, done: int, total: int) -> None:
        now = time.monotonic()
        last = total > 0 and done >= total
        pause = _DRAW_SECONDS if self._is_screen else _LINE_SECONDS
        if now - self._drawn < pause and not (last and self._is_screen):
            return
        self._drawn = now
        self._draw(self._progress_line(done, total, now - self._began))

    def phase(self, name: str) -> None:
        self._finish_line()
        self._phase = Translator()("Phase", name)
        self._metric = ""
        self._began = self._drawn = time.monotonic()
        self._draw(self._phase)

    def note(self, problem: Problem) -> None:
        self.notes.append(problem)
        self.say(f"Note: {problem.sentence()}")

    def metric(self, name: str, step: int, value: float) -> None:
        if name == "train_loss":
            self._metric = f"  loss {value:.4g}"

    def picture(self, name: str, pictures: NDArray[np.uint8]) -> None: ...

    def check(self) -> None:
        if self._cancelled:
            raise Cancelled

    def say(self, text: str) -> None:
        """A line on standard error, below any progress."""
        self._finish_line()
        _write(sys.stderr, text + "\n")

    def answer(self, data: dict[str, Any], lines: list[str]) -> None:
        """The result on standard output: one JSON object, or lines for people."""
        self._finish_line()
        if self.as_json:
            told = [{"code": note.code.value, "sentence": note.sentence()} for note in self.notes]
            text = json.dumps({**data, "notes": told}, ensure_ascii=False, indent=2, allow_nan=False)
            _write(sys.stdout, text + "\n")
        else:
            _write(sys.stdout, "".join(line + "\n" for line in lines))

    @contextlib.contextmanager
    def interruptible(self) -> Iterator[None]:
        """The first Ctrl+C cancels at the next check, so that work is left in order; the second one stops at once."""

        def on_interrupt(_number: int, _frame: FrameType | None) -> None:
            if self._cancelled:
                raise KeyboardInterrupt
            self._cancelled = True

        is_main = threading.current_thread() is threading.main_thread()  # only there may handlers be set
        before = signal.signal(signal.SIGINT, on_interrupt) if is_main else None
        try:
            yield
        finally:
            if is_main:
                signal.signal(signal.SIGINT, before)
            self._finish_line()

    def _progress_line(self, done: int, total: int, seconds: float) -> str:
        if total <= 0:
            return f"{self._phase}  {done:,}"
        share = min(done / total, 1.0)
        left = f"  {duration_text(seconds * (1 - share) / share)} left" if 0 < share < 1 and seconds > 2 else ""
        bar = ""
        if self._is_screen:
            full = round(share * _BAR)
            bar = f"[{'#' * full}{'.' * (_BAR - full)}] "
        return f"{self._phase}  {bar}{100 * share:3.0f} %  {done:,} of {total:,}{self._metric}{left}"

    def _draw(self, line: str) -> None:
        if self._is_screen:
            _write(sys.stderr, "\r" + line.ljust(len(self._line)))
            self._line = line
        else:
            _write(sys.stderr, line + "\n")

    def _finish_line(self) -> None:
        if self._line:
            _write(sys.stderr, "\n")
            self._line = ""


def duration_text(seconds: float) -> str:
    """A length of time in minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def prepare_streams() -> None:
    """UTF-8 whatever the locale says; characters that cannot be written are escaped rather than fatal."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _write(stream: TextIO | None, text: str) -> None:
    """Writes at once. A reader that went away (`| head`) is no reason to stop the work."""
    if stream is None:
        return
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        # What is still buffered would raise again when the interpreter ends.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
