"""What the trainings of this window have told so far, so that a page can show any of them at any time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from core.problems import Problem
from desktop.jobs import JobInfo, Jobs


@dataclass
class LiveRun:
    """One training and its job. `curves` holds steps and values by metric name, `pictures` the newest sample pictures by name.

    `trained_since` is the `time.monotonic` second of the first point of a curve, `first_step` its step.
    """

    run_id: int
    job_id: int
    curves: dict[str, tuple[list[int], list[float]]] = field(default_factory=dict)
    pictures: dict[str, NDArray[np.uint8]] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)
    error: Problem | Exception | None = None
    ended: bool = False
    trained_since: float | None = None
    first_step: int = 0

    def last_step(self, metric: str = "train_loss") -> int:
        """0 before the first point."""
        steps = self.curves.get(metric, ([], []))[0]
        return steps[-1] if steps else 0

    def steps_per_second(self, now: float) -> float | None:
        """Epochs a second, from the second epoch on."""
        done = self.last_step() - self.first_step
        if self.trained_since is None or done < 1 or now <= self.trained_since:
            return None
        return done / (now - self.trained_since)


class LiveRuns(QObject):
    """Listens to the jobs and sorts what they say by run. All signals carry the run's id first."""

    changed = Signal(object)  # progress, cancelling
    phase_changed = Signal(object)
    metric = Signal(object, str, object, object)
    picture = Signal(object, str, object)
    noted = Signal(object, object)
    ended = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._by_job: dict[int, LiveRun] = {}
        self._by_run: dict[int, LiveRun] = {}
        jobs.changed.connect(self._on_changed)
        jobs.phase_changed.connect(self._on_phase_changed)
        jobs.metric.connect(self._on_metric)
        jobs.picture.connect(self._on_picture)
        jobs.noted.connect(self._on_noted)
        jobs.failed.connect(self._on_failed)
        jobs.finished.connect(self._on_finished)

    def add(self, run_id: int, job_id: int) -> None:
        """From now on what the job says belongs to the run; what an earlier job said of it is forgotten."""
        live = LiveRun(run_id, job_id)
        self._by_job[job_id] = self._by_run[run_id] = live

    def clear(self) -> None:
        """Forgets everything: the ids of another project mean other runs."""
        self._by_job.clear()
        self._by_run.clear()

    def of_run(self, run_id: int) -> LiveRun | None:
        return self._by_run.get(run_id)

    def info(self, run_id: int) -> JobInfo | None:
        """The job of a run that waits, runs or is stopping."""
        live = self._by_run.get(run_id)
        return None if live is None or live.ended else self._jobs.info(live.job_id)

    def active(self) -> list[int]:
        """The runs that wait, run or are stopping, in the order they were started."""
        return [live.run_id for live in self._by_job.values() if not live.ended]

    @Slot(object)
    def _on_changed(self, job_id: int) -> None:
        if live := self._by_job.get(job_id):
            self.changed.emit(live.run_id)

    @Slot(object, str)
    def _on_phase_changed(self, job_id: int, _phase: str) -> None:
        if live := self._by_job.get(job_id):
            self.phase_changed.emit(live.run_id)

    @Slot(object, str, object, object)
    def _on_metric(self, job_id: int, name: str, step: int, value: float) -> None:
        if live := self._by_job.get(job_id):
            steps, values = live.curves.setdefault(name, ([], []))
            steps.append(step)
            values.append(value)
            if live.trained_since is None:
                live.trained_since, live.first_step = time.monotonic(), step
            self.metric.emit(live.run_id, name, step, value)

    @Slot(object, str, object)
    def _on_picture(self, job_id: int, name: str, pictures: NDArray[np.uint8]) -> None:
        if live := self._by_job.get(job_id):
            live.pictures[name] = pictures
            self.picture.emit(live.run_id, name, pictures)

    @Slot(object, object)
    def _on_noted(self, job_id: int, problem: Problem) -> None:
        if live := self._by_job.get(job_id):
            live.notes.append(problem)
            self.noted.emit(live.run_id, problem)

    @Slot(object, object)
    def _on_failed(self, job_id: int, error: Problem | Exception) -> None:
        if live := self._by_job.get(job_id):
            live.error = error

    @Slot(object)
    def _on_finished(self, job_id: int) -> None:
        live = self._by_job.pop(job_id, None)
        if live is not None:
            live.ended = True
            self.ended.emit(live.run_id)
