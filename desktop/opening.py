"""All ways to open and close a project, with the questions that belong to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from core.job_context import JobContext
from core.problems import ProblemCode, ProblemError
from desktop.dialogs.ask import ask, choose_folder
from desktop.dialogs.new_project import NewProjectDialog
from desktop.session import Session
from desktop.settings import data_folder
from desktop.words import problem_sentence, translate


def _prepare_sample(context: JobContext, folder: Path) -> Path:
    from desktop.sample_project import prepare_sample  # takes pandas and more along, which the start of the program need not wait for

    return prepare_sample(context, folder)


class Opening(QObject):
    """Nothing here blocks. While jobs run, closing asks, cancels them, and goes on when the last one has stopped."""

    sample_ready = Signal(object)  # Path of the sample project, just before it is opened

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session: Final = session
        self._window: Final = window
        self._then: Callable[[], object] | None = None
        self._sample_job: int | None = None
        self._new_dialog: NewProjectDialog | None = None
        session.jobs.idle.connect(self._on_idle)

    def new(self) -> NewProjectDialog:
        """Opens the dialog, or the one that is open already, and returns it."""
        if self._new_dialog is not None:
            return self._new_dialog
        dialog = NewProjectDialog(self._window)
        dialog.chosen.connect(self._on_new_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(self._on_new_finished)
        dialog.open()
        self._new_dialog = dialog
        return dialog

    @Slot()
    def _on_new_finished(self) -> None:
        self._new_dialog = None

    @Slot(object)
    def _on_new_chosen(self, folder: Path) -> None:
        self.when_free(lambda: self._try(self._session.create_project, folder))

    def choose(self) -> None:
        choose_folder(self._window, title=translate("Window", "Open a project (a folder NAME.flawscope)"), on_chosen=self.open)

    def open(self, folder: Path) -> None:
        self.when_free(lambda: self._open(folder, read_only=False))

    def open_sample(self) -> None:
        if self._sample_job is not None and self._session.jobs.info(self._sample_job) is not None:
            return
        title = translate("Window", "Prepare the sample project")
        self._sample_job = self._session.jobs.start("io", title, _prepare_sample, data_folder(), on_done=self._on_sample)

    def _on_sample(self, folder: Path) -> None:
        self.sample_ready.emit(folder)
        self.open(folder)

    def close(self) -> None:
        self.when_free(self._session.close_project)

    def when_free(self, then: Callable[[], object]) -> None:
        """Calls `then` once no visible job runs: at once, or after a person agreed to stop them."""
        active = self._session.jobs.active()
        if not active:
            then()
            return
        names = "\n".join(f"•  {info.title}" for info in active)
        ask(
            self._window,
            title=translate("Window", "Jobs are running"),
            text=translate("Window", "These jobs have not finished:\n{names}\nStop them? What they stored so far is kept.").format(
                names=names
            ),
            yes=translate("Window", "&Stop them"),
            on_yes=lambda: self._stop_then(then),
        )

    def _stop_then(self, then: Callable[[], object]) -> None:
        self._then = then
        self._session.jobs.cancel_all()
        if not self._session.jobs.active(hidden=True):
            self._on_idle()

    @Slot()
    def _on_idle(self) -> None:
        then, self._then = self._then, None
        if then is not None:
            then()

    def _try(self, function: Callable[[Path], None], folder: Path) -> None:
        try:
            function(folder)
        except ProblemError as error:
            self._session.notify(error.problem)

    def _open(self, folder: Path, *, read_only: bool) -> None:
        try:
            self._session.open_project(folder, read_only=read_only)
        except ProblemError as error:
            if error.problem.code is ProblemCode.PROJECT_IN_USE:
                ask(
                    self._window,
                    title=translate("Window", "The project is in use"),
                    text=problem_sentence(error.problem),
                    yes=translate("Window", "Open for &reading only"),
                    on_yes=lambda: self._open(folder, read_only=True),
                )
                return
            if error.problem.code is ProblemCode.PROJECT_NOT_FOUND:
                self._session.settings.forget_project(folder)
            self._session.notify(error.problem)
