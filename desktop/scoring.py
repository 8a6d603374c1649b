"""Scoring what came into the project after a run was trained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from core.job_context import JobContext
from desktop.session import Session
from desktop.words import translate

if TYPE_CHECKING:
    from core.project.opening import Project


def _score(context: JobContext, project: Project, run_id: int) -> int:
    from core.training.scoring import score_items

    score_items(project, run_id, None, context)
    return run_id


class Scoring(QObject):
    """Scores all items of the project by the current run, beside the window."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session: Final = session

    def score_all(self) -> None:
        run_id, project = self._session.current_run, self._session.project
        if run_id is None or project is None:
            return
        title = translate("Window", "Score all items by run {run}").format(run=run_id)
        self._session.jobs.start("compute", title, _score, project, run_id, on_done=self._on_done)

    def _on_done(self, run_id: int) -> None:
        if self._session.current_run == run_id:
            self._session.select_run(run_id)
