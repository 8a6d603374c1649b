"""What a training of this window tells while it runs, shown as long as its run is the one that is looked at."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Slot

from core.problems import Problem, ProblemCode
from desktop.models.live_runs import LiveRuns
from desktop.session import Session
from desktop.widgets.run_view import RunView


class RunFollower(QObject):
    """Passes on from `live` to `view`."""

    def __init__(self, live: LiveRuns, view: RunView, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._live = live
        self._view = view
        self._session = session
        live.changed.connect(self._on_changed)
        live.metric.connect(self._on_metric)
        live.picture.connect(self._on_picture)
        live.noted.connect(self._on_noted)

    @Slot(object)
    def _on_changed(self, run_id: int) -> None:
        if self._view.run_id() == run_id:
            self._view.show_progress(self._live.info(run_id))

    @Slot(object, str, object, object)
    def _on_metric(self, run_id: int, name: str, step: int, value: float) -> None:
        if self._view.run_id() == run_id:
            self._view.add_point(name, step, value)

    @Slot(object, str, object)
    def _on_picture(self, run_id: int, name: str, pictures: NDArray[np.uint8]) -> None:
        if self._view.run_id() == run_id:
            self._view.set_pictures(name, pictures)

    @Slot(object, object)
    def _on_noted(self, run_id: int, problem: Problem) -> None:
        if problem.code in (ProblemCode.SPLIT_MADE, ProblemCode.DEFECTIVES_MOVED):
            self._session.reload_items()
        if self._view.run_id() == run_id:
            self._view.show_message()
