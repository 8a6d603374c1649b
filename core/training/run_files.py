"""The folder of a run: model, checkpoint, curves, log and what was scored."""

from __future__ import annotations

import json
import math
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from core.job_context import JobContext
from core.problems import Problem
from core.project.opening import Project

CURVE_FILE: Final = "curve.json"
LOG_FILE: Final = "log.txt"
USUAL_FILE: Final = "usual.json"
TRAINING_ITEMS_FILE: Final = "training_items.npy"
_WRITE_EVERY: Final = 2.0  # seconds between two writings of the curve


def model_folder(run_folder: Path) -> Path:
    return run_folder / "model"


def checkpoint_folder(run_folder: Path) -> Path:
    return run_folder / "checkpoint"


def scored_folder(run_folder: Path) -> Path:
    return run_folder / "scored"


def replace_file(path: Path, text: str) -> None:
    """A kill at any moment leaves the old or the new text whole."""
    side = path.with_name(path.name + ".new")
    side.write_text(text, encoding="utf-8")
    side.replace(path)


def replace_folder(path: Path, filled: Path) -> None:
    """Puts the finished folder `filled` in the place of `path`."""
    if path.exists():
        shutil.rmtree(path)
    filled.replace(path)


class RecordingContext:
    """Passes everything on to the context of whoever started the run, and keeps curves and log in the run's folder.

    A resumed run goes on in the same files; points of epochs that are trained again replace the old ones.
    """

    def __init__(self, context: JobContext, run_folder: Path) -> None:
        self._context: Final = context
        self._folder: Final = run_folder
        self._curve = {name: dict(points) for name, points in _curve(run_folder).items()}
        self._written_at = time.monotonic()
        self._log = (run_folder / LOG_FILE).open("a", encoding="utf-8")

    def progress(self, done: int, total: int) -> None:
        self._context.progress(done, total)

    def phase(self, name: str) -> None:
        self.write(name)
        self._context.phase(name)

    def note(self, problem: Problem) -> None:
        self.write(problem.sentence())
        self._context.note(problem)

    def metric(self, name: str, step: int, value: float) -> None:
        self._curve.setdefault(name, {})[step] = value
        self.write(f"{name} {step} {value:.6g}")
        if time.monotonic() - self._written_at > _WRITE_EVERY:
            self._write_curve()
        self._context.metric(name, step, value)

    def picture(self, name: str, pictures: NDArray[np.uint8]) -> None:
        self._context.picture(name, pictures)

    def check(self) -> None:
        self._context.check()

    def write(self, line: str) -> None:
        """A line of the log, with the time."""
        self._log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {line}\n")
        self._log.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            self.write(f"{type(error).__name__}: {error}")
        self._write_curve()
        self._log.close()

    def _write_curve(self) -> None:
        points = {name: sorted(values.items()) for name, values in self._curve.items()}
        replace_file(self._folder / CURVE_FILE, json.dumps(points))
        self._written_at = time.monotonic()


class CheckingContext:
    """For work inside a larger piece of work: passes on nothing but the cancel, so that progress is told by one voice."""

    def __init__(self, context: JobContext) -> None:
        self._context: Final = context

    def progress(self, done: int, total: int) -> None: ...

    def phase(self, name: str) -> None: ...

    def note(self, problem: Problem) -> None: ...

    def metric(self, name: str, step: int, value: float) -> None: ...

    def picture(self, name: str, pictures: NDArray[np.uint8]) -> None: ...

    def check(self) -> None:
        self._context.check()


def read_curve(project: Project, run_id: int) -> dict[str, list[tuple[int, float]]]:
    """Points (step, value) of each curve of a run by name, ascending; empty if the run drew none."""
    return _curve(project.run_folder(run_id))


def read_log(project: Project, run_id: int) -> str:
    """What the run told while it went, a line each with its time in UTC."""
    path = project.run_folder(run_id) / LOG_FILE
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _curve(run_folder: Path) -> dict[str, list[tuple[int, float]]]:
    try:
        raw: dict[str, Any] = json.loads((run_folder / CURVE_FILE).read_text(encoding="utf-8"))
        return {str(name): [(int(step), float(value)) for step, value in points] for name, points in raw.items()}
    except (OSError, ValueError, TypeError, AttributeError):  # a curve is decoration: its loss stops nothing
        return {}


def write_training_items(run_folder: Path, ids: NDArray[np.int64]) -> None:
    """Keeps the item behind each training item as the detector saw them, int64 (n,): a picture's id once for each of its tiles."""
    side = run_folder / f"{TRAINING_ITEMS_FILE}.new"
    with side.open("wb") as file:
        np.save(file, ids, allow_pickle=False)
    side.replace(run_folder / TRAINING_ITEMS_FILE)


def read_training_items(run_folder: Path) -> NDArray[np.int64]:
    """Inverse of `write_training_items`; empty if the file is gone or damaged."""
    try:
        ids = np.load(run_folder / TRAINING_ITEMS_FILE, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return np.empty(0, np.int64)
    return ids if ids.ndim == 1 and ids.dtype == np.int64 else np.empty(0, np.int64)


def write_usual(run_folder: Path, usual: NDArray[np.float64]) -> None:
    """Keeps the usual range of each column, float64 (columns, 3): low, median, high of the training rows, NaN where there is none."""
    values = [[None if math.isnan(value) else value for value in row] for row in usual.tolist()]
    replace_file(run_folder / USUAL_FILE, json.dumps(values))


def read_usual(run_folder: Path, columns: int) -> NDArray[np.float64] | None:
    """Inverse of `write_usual`; None if the file is gone or does not fit."""
    try:
        values = json.loads((run_folder / USUAL_FILE).read_text(encoding="utf-8"))
        usual = np.array(values, dtype=np.float64)
    except (OSError, ValueError, TypeError):
        return None
    return usual if usual.shape == (columns, 3) else None
