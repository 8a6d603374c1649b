"""How long the run in the form would take with each effort: tried in the background a moment after the last change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.detectors.base import PRESETS
from core.job_context import JobContext
from core.problems import ProblemError
from core.project.opening import Project
from core.training.request import TrainingRequest
from desktop.session import Session
from desktop.words import duration_text, translate

PATIENCE: Final = 700  # milliseconds without a change before the trial begins


def _estimate(context: JobContext, project: Project, requests: Sequence[TrainingRequest]) -> None:
    """Tells the seconds of each request as a metric under the name of its preset."""
    from core.training.estimate import estimate_run

    for request in requests:
        try:
            seconds = estimate_run(project, request, context).seconds
        except ProblemError:  # what hinders the run is said beside its button
            continue
        context.metric(str(request.preset), 0, seconds)


class RunEstimates(QObject):
    """`changed`: `times` knows more or less than before. Works in the compute pool, so that it never slows a training, and makes way
    for one that is to begin."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted: dict[str, TrainingRequest] = {}
        self._seconds: dict[tuple[object, ...], float] = {}
        self._job: int | None = None
        self._timer = QTimer(self, singleShot=True, interval=PATIENCE)
        self._timer.timeout.connect(self._begin)
        session.closing.connect(self.forget)
        session.jobs.metric.connect(self._on_metric)
        session.jobs.finished.connect(self._on_finished)

    def ask(self, request: TrainingRequest | None) -> None:
        """For this request with each preset, its own first; None to ask for nothing."""
        presets = () if request is None else sorted(PRESETS, key=lambda preset: preset != request.preset)
        wanted = {preset: replace(request, preset=preset) for preset in presets} if request is not None else {}
        if wanted == self._wanted:
            return
        self.stop()
        self._wanted = wanted
        if any(self._key(each) not in self._seconds for each in wanted.values()):
            self._timer.start()
        self.changed.emit()

    def times(self) -> Mapping[str, str]:
        """What is known, in words, by preset."""
        found = {preset: self._seconds.get(self._key(request)) for preset, request in self._wanted.items()}
        return {preset: duration_text(_rounded(seconds)) for preset, seconds in found.items() if seconds is not None}

    @Slot()
    def stop(self) -> None:
        """Before a training begins, or when the form is left."""
        self._timer.stop()
        self._wanted = {}
        if self._job is not None:
            self._session.jobs.cancel(self._job)
            self._job = None

    @Slot()
    def forget(self) -> None:
        """The items of the project changed."""
        self.stop()
        self._seconds.clear()

    @Slot()
    def _begin(self) -> None:
        project = self._session.project
        missing = [request for request in self._wanted.values() if self._key(request) not in self._seconds]
        if project is not None and missing:
            title = translate("NewRun", "Trying how long a run takes")
            self._job = self._session.jobs.start("compute", title, _estimate, project, missing, visible=False)

    @Slot(object, str, object, object)
    def _on_metric(self, job_id: int, name: str, _step: int, value: float) -> None:
        if job_id == self._job and name in self._wanted:
            self._seconds[self._key(self._wanted[name])] = value
            self.changed.emit()

    @Slot(object)
    def _on_finished(self, job_id: int) -> None:
        if job_id == self._job:
            self._job = None

    @staticmethod
    def _key(request: TrainingRequest) -> tuple[object, ...]:
        """All that the time may depend on: everything but the seed."""
        parameters = tuple(sorted((name, str(value)) for name, value in request.parameters.items()))
        rest = replace(request, parameters={}, seed=0)
        return (parameters, *(value for name, value in sorted(rest.to_dict().items()) if name != "parameters"))


def _rounded(seconds: float) -> float:
    """To what an estimate can honestly say: 5 s up to a minute, 15 s up to ten, minutes beyond."""
    step = 5 if seconds < 60 else 15 if seconds < 600 else 60
    return max(step * round(seconds / step), 5)
