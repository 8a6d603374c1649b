"""What is open: the project, its items as columns, the current run and its scores, and the undo steps.

Pages read from here, change through here, and are told by signals. Nothing here draws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from core.problems import Problem, ProblemError
from core.vocabulary import Label, RunState
from desktop.actions import Actions
from desktop.jobs import Jobs
from desktop.settings import PROGRAM, Settings
from desktop.words import label_word, translate

if TYPE_CHECKING:  # SQLAlchemy and Alembic are loaded when a project is opened, not at the start of the program
    from core.project.items import ItemColumns
    from core.project.labels import LabelChange
    from core.project.locking import Lock
    from core.project.opening import Project
    from core.project.runs import ScoreColumns


class Session(QObject):
    """One for each window. `items` and `scores` are None while there is nothing; their arrays must not be written to by pages."""

    project_opened = Signal()
    project_closed = Signal()
    items_changed = Signal(object)  # None: all of them, `items` is new; else int64 ids whose label or split changed in `items`
    runs_changed = Signal()  # a run was added, went on or ended
    current_run_changed = Signal()  # another run, or new scores of this one
    thresholds_changed = Signal(object)  # (t1, t2) of the current run, already committed
    notified = Signal(object)  # Problem to show in a banner
    items_requested = Signal(object, str)  # int64 ids and a translated title: show them on the Data page
    page_requested = Signal(str)
    import_requested = Signal(object)  # Path of a folder, a table, or None to ask for one
    closing = Signal()  # the project is about to close and still open: take your hands off it

    def __init__(self, settings: Settings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings: Final = settings or Settings(parent=self)
        self.jobs: Final = Jobs(self)
        self.actions: Final = Actions(self)
        self.undo_stack: Final = QUndoStack(self)
        self.project: Project | None = None
        self.items: ItemColumns | None = None
        self.current_run: int | None = None
        self.scores: ScoreColumns | None = None
        self._lock: Lock | None = None

    @property
    def writable(self) -> bool:
        return self.project is not None and not self.project.read_only

    def create_project(self, folder: Path) -> None:
        """Makes and opens a project. Raises ProblemError; the project that was open is then still open."""
        from core.project.opening import create_project

        with create_project(folder) as project:
            made = project.folder
        self.open_project(made)

    def open_project(self, folder: Path, *, read_only: bool = False) -> None:
        """Opens a project instead of the one that is open.

        Raises ProblemError; PROJECT_IN_USE if another window has it. The project that was open is then still open.
        """
        from core.project.locking import acquire_lock
        from core.project.opening import open_project

        folder = folder.resolve()
        if self.project is not None and self.project.folder == folder and self.project.read_only <= read_only:
            return
        project = open_project(folder, read_only=read_only)
        lock = None
        try:
            if not project.read_only:
                lock = acquire_lock(folder, PROGRAM)
            content = _read_content(project)
        except BaseException:
            project.close()
            if lock is not None:
                lock.release()
            raise
        self.close_project()
        self.project, self._lock = project, lock
        self.items, self.current_run, self.scores = content
        self.settings.remember_project(folder)
        self.project_opened.emit()
        for problem in project.notes:
            self.notified.emit(problem)

    def close_project(self) -> bool:
        """Stops the jobs, closes the project and gives its lock back. Returns whether a project was open."""
        if self.project is None:
            return False
        self.closing.emit()
        self.jobs.cancel_all()
        self.jobs.wait()
        project, lock = self.project, self._lock
        self.undo_stack.clear()
        self.project = self.items = self.scores = self.current_run = self._lock = None
        self.project_closed.emit()
        project.close()
        if lock is not None:
            lock.release()
        return True

    def shutdown(self) -> None:
        """The end: closes the project and ends all threads."""
        self.close_project()
        self.jobs.shutdown()

    def reload_items(self) -> None:
        """Reads all items again, after an import or a split."""
        from core.project.items import item_columns

        if self.project is None:
            return
        self.items = item_columns(self.project)
        self.items_changed.emit(None)

    def set_labels(self, ids: Iterable[int], label: Label, defect_type: str | None = None) -> bool:
        """Labels items as one undo step, committed at once. Returns whether it worked; trouble goes to `notified`."""
        from core.project.labels import set_labels

        wanted = [int(item_id) for item_id in ids]
        if self.project is None or not wanted:
            return False
        try:
            change = set_labels(self.project, wanted, label, defect_type=defect_type)
        except ProblemError as error:
            self.notified.emit(error.problem)
            return False
        if change:
            name = defect_type or label_word(label)
            count = len(change.ids)
            text = translate("Session", "%n item(s): {label}", None, count).format(label=name)
            self.undo_stack.push(_LabelCommand(text, change, self._apply_change))
            self._show_change(change, undo=False)
        return True

    def _apply_change(self, change: LabelChange, undo: bool) -> None:
        from core.project.labels import apply_change

        if self.project is None:
            return
        try:
            apply_change(self.project, change, undo=undo)
        except ProblemError as error:
            self.notified.emit(error.problem)
            return
        self._show_change(change, undo=undo)

    def _show_change(self, change: LabelChange, *, undo: bool) -> None:
        if self.items is None:
            return
        here = np.isin(change.ids, self.items.id)
        positions = self.items.positions(change.ids[here])
        states = [state for state, wanted in zip(change.before if undo else change.after, here, strict=True) if wanted]
        self.items.label[positions] = [int(state.label) for state in states]
        self.items.defect_type[positions] = [state.defect_type or "" for state in states]
        self.items_changed.emit(change.ids[here])

    def select_run(self, run_id: int | None) -> None:
        """Makes a run the current one and reads its scores; the same id reads them again. Trouble goes to `notified`."""
        try:
            self._read_run(run_id)
        except ProblemError as error:
            self.notified.emit(error.problem)
        self.current_run_changed.emit()

    def _read_run(self, run_id: int | None) -> None:
        from core.project.runs import run_scores

        self.current_run, self.scores = run_id, None
        if run_id is not None and self.project is not None:
            self.scores = run_scores(self.project, run_id)

    def show_items(self, ids: Iterable[int], title: str) -> None:
        """Shows exactly these items on the Data page, under a translated title such as "12 escapes"."""
        self.request_page("data")
        self.items_requested.emit(np.asarray(list(ids), dtype=np.int64), title)

    def request_page(self, key: str) -> None:
        """`key` is one of `desktop.pages.PAGES`."""
        self.page_requested.emit(key)

    def notify(self, problem: Problem) -> None:
        self.notified.emit(problem)


def _read_content(project: Project) -> tuple[ItemColumns, int | None, ScoreColumns | None]:
    """The items, the last run that is done, and its scores. Raises ProblemError."""
    from core.project.items import item_columns
    from core.project.runs import records, run_scores

    done = [record.id for record in records(project) if record.state is RunState.DONE]
    return item_columns(project), (done[-1] if done else None), (run_scores(project, done[-1]) if done else None)


class _LabelCommand(QUndoCommand):
    """A change that was made already when it is pushed."""

    def __init__(self, text: str, change: LabelChange, apply: Callable[[LabelChange, bool], None]) -> None:
        super().__init__(text)
        self._change: Final = change
        self._apply: Final = apply
        self._done = True

    def redo(self) -> None:
        if not self._done:
            self._apply(self._change, False)
        self._done = True

    def undo(self) -> None:
        self._apply(self._change, True)
        self._done = False
