"""The Train page: the runs of the project on the left; on the right the form for a new run, or the run that was chosen."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from core.detectors.base import Declaration
from core.detectors.catalog import declarations, recommended
from core.job_context import JobContext
from core.problems import ProblemError
from core.project import items, runs
from core.project.opening import Project
from core.training.devices import available_devices
from core.training.plan import learnt_count
from core.training.request import TrainingRequest
from core.training.run_files import read_curve, read_log
from core.vocabulary import Kind, RunState
from desktop import theme
from desktop.models.live_runs import LiveRuns
from desktop.models.run_book import RunBook
from desktop.models.run_estimates import RunEstimates
from desktop.pages.page import Page
from desktop.pages.run_follower import RunFollower
from desktop.session import Session
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.new_run import NewRun
from desktop.widgets.run_list import RunList
from desktop.widgets.run_view import RunView
from desktop.words import translate


def _load_choices(context: JobContext) -> tuple[list[Declaration], list[str]]:
    """Detectors and devices. In a worker, because both need torch, which takes its time to be loaded."""
    context.check()
    return declarations(), available_devices()


def _execute(context: JobContext, project: Project, run_id: int) -> None:
    from core.training.run import execute_run

    execute_run(project, run_id, context)


class TrainPage(Page):
    """Trainings wait for each other in the compute pool; the page follows them through `LiveRuns`."""

    key: ClassVar[str] = "train"
    icon_name: ClassVar[str] = "train"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.live = LiveRuns(session.jobs, self)
        self.book = RunBook(session, self.live)
        self._stale = False
        self.run_list = RunList(self)
        self.new_button = QPushButton(self)
        self.new_button.setIcon(theme.icon("add"))
        self.new_run = NewRun(self.book.promise, self)
        self.estimates = RunEstimates(session, self)
        self.run_view = RunView(self)
        self._follower = RunFollower(self.live, self.run_view, session, self)
        self.empty = EmptyState("train", self)
        self._list_title = QLabel(self)
        self._stack = QStackedWidget(self)
        self._arrange()
        self._connect()
        self.retranslate()
        self._on_project_opened()

    def title(self) -> str:
        return translate("TrainPage", "Train")

    def retranslate(self) -> None:
        self._list_title.setText(translate("TrainPage", "Runs"))
        self.new_button.setText(translate("TrainPage", "New run"))
        self.empty.set_text(
            translate("TrainPage", "Nothing to learn from yet"),
            translate("TrainPage", "Import images or a table first. A detector then learns what good items look like."),
        )
        self._refresh_lines()
        self._refresh_choices()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._refresh_choices()
        self._ask_for_times()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.estimates.stop()

    def refresh_actions(self) -> None:
        form_shown = self._stack.currentWidget() is self.new_run
        startable = self._stack.currentWidget() is self.run_view or (form_shown and self.new_run.can_start())
        self.enable_action("train.start", startable, self.new_run.start_button.toolTip() if form_shown else "")
        self.enable_action("train.cancel", bool(self.live.active()), translate("TrainPage", "No training is going on."))

    def start(self, request: TrainingRequest) -> int | None:
        """Queues a run and shows it; returns its id, or None after trouble, which goes to the banner."""
        from core.training.run import queue_run

        project = self.session.project
        if project is None:
            return None
        try:
            run_id = queue_run(project, request)
        except ProblemError as error:
            self.session.notify(error.problem)
            return None
        self._launch(run_id, request.detector)
        return run_id

    def start_again(self, run_id: int) -> None:
        """Goes on with a run that was cancelled, interrupted or failed, from its checkpoint if it has one."""
        record = self.book.record(run_id)
        if record is not None and self.live.info(run_id) is None:
            self._launch(run_id, record.detector)

    def cancel(self, run_id: int) -> None:
        """Stops a run of this window, whether it is going or still waits."""
        live = self.live.of_run(run_id)
        if live is not None:
            self.session.jobs.cancel(live.job_id)

    def show_run(self, run_id: int) -> None:
        self.run_list.choose(run_id)
        self._show_record()
        self._stack.setCurrentWidget(self.run_view)
        self._ask_for_times()
        self.refresh_actions()

    @Slot()
    def show_new_run(self) -> None:
        """The form, or what to do first if there is nothing to learn from."""
        self.run_list.choose(None)
        items_there = self.session.items is not None and len(self.session.items) > 0
        self._stack.setCurrentWidget(self.new_run if items_there else self.empty)
        self._ask_for_times()
        self.refresh_actions()

    def _arrange(self) -> None:
        self._list_title.setFont(theme.heading_font(self.font()))
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(theme.MARGIN, theme.MARGIN, 0, theme.MARGIN)
        column.addWidget(self._list_title)
        column.addWidget(self.run_list, 1)
        column.addWidget(self.new_button)
        for action in ("import.folder", "import.table"):
            self.empty.add_action(self.session.actions.action(action))
        for widget in (self.empty, self.new_run, self.run_view):
            self._stack.addWidget(widget)
        splitter = QSplitter(self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self._stack)
        splitter.setStretchFactor(0, 0)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([260, 900])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _connect(self) -> None:
        session = self.session
        session.project_opened.connect(self._on_project_opened)
        session.project_closed.connect(self._on_project_closed)
        session.closing.connect(self._on_closing)
        session.items_changed.connect(self._on_items_changed)
        session.runs_changed.connect(self._on_runs_changed)
        self.live.changed.connect(self._on_live_changed)
        self.live.phase_changed.connect(self._on_phase_changed)
        self.live.ended.connect(self._on_ended)
        self.run_list.chosen.connect(self.show_run)
        self.new_button.clicked.connect(self.show_new_run)
        self.new_run.requested.connect(self.estimates.stop)
        self.new_run.requested.connect(self.start)
        self.new_run.changed.connect(self.refresh_actions)
        self.new_run.changed.connect(self._ask_for_times)
        self.estimates.changed.connect(lambda: self.new_run.options.set_times(self.estimates.times()))
        self.run_view.cancel_requested.connect(self.cancel)
        self.run_view.again_requested.connect(self.start_again)
        self.run_view.review_requested.connect(self._on_review_requested)
        self.run_view.findings.items_requested.connect(session.show_items)
        self.connect_action("train.start", self._on_start_action)
        self.connect_action("train.cancel", self._on_cancel_action)

    def _launch(self, run_id: int, detector: str) -> None:
        title = translate("TrainPage", "Run {run}: {detector}").format(run=run_id, detector=self.book.title_of(detector))
        job_id = self.session.jobs.start("compute", title, _execute, self.session.project, run_id)
        self.live.add(run_id, job_id)
        self.session.runs_changed.emit()
        self.show_run(run_id)

    def _show_record(self) -> None:
        """Shows the chosen run as it stands in the project and in the jobs."""
        project, run_id = self.session.project, self.run_list.current_run()
        record = self.book.record(run_id)
        declaration = self.book.declarations.get(record.detector) if record is not None else None
        if project is None or record is None or declaration is None:
            return
        snapshot = self.book.snapshot(record)
        self.run_view.show_run(
            record,
            declaration,
            snapshot=snapshot,
            learnt=learnt_count(snapshot, declaration, TrainingRequest.from_dict(record.request)),
            curve=read_curve(project, record.id),
            log=read_log(project, record.id),
            live=self.live.of_run(record.id),
            info=self.live.info(record.id),
        )
        self.run_view.show_findings(self.book.findings(record), self.session.items)

    def _refresh_lines(self) -> None:
        self.run_list.set_lines(self.book.lines())

    def _refresh_choices(self) -> None:
        """Which detectors the items allow, and how many items a run would use. Other pages must not wait for the counts of this one."""
        self._stale = not self.isVisible()
        if self._stale or not self.book.declarations:
            return
        kinds = self.book.kinds()
        reasons = {key: _missing_text(declaration) for key, declaration in self.book.declarations.items() if not declaration.takes & kinds}
        first = recommended(Kind.IMAGE if Kind.IMAGE in kinds else Kind.ROW)
        self.new_run.set_choices(list(self.book.declarations.values()), reasons, first=first)

    def _refresh_sources(self) -> None:
        found = items.sources(self.session.project) if self.session.project is not None else []
        self.new_run.options.set_sources([(source.id, source.kind, source.path.name) for source in found])

    @Slot()
    def _on_project_opened(self) -> None:
        self.live.clear()
        self.book.clear()
        if self.session.project is None:
            return
        if not self.book.declarations:
            self.session.jobs.start("io", "", _load_choices, on_done=self._on_choices_loaded, visible=False)
        self.book.read()
        self._refresh_lines()
        self._refresh_sources()
        self._refresh_choices()
        newest = self.book.newest()
        if newest is not None:
            self.show_run(newest)
        else:
            self.show_new_run()

    def _on_choices_loaded(self, loaded: tuple[list[Declaration], list[str]]) -> None:
        found, devices = loaded
        self.book.declarations = {declaration.key: declaration for declaration in found}
        self.new_run.options.set_devices(devices)
        self._refresh_choices()
        self._refresh_lines()
        self._show_record()
        self.refresh_actions()

    @Slot()
    def _on_project_closed(self) -> None:
        self.live.clear()
        self.book.clear()
        self._refresh_lines()
        self.show_new_run()

    @Slot()
    def _on_closing(self) -> None:
        """Runs that still wait never begin, so nobody else would write down that they were cancelled."""
        for run_id in self.live.active():
            self.cancel(run_id)
            self._note_cancelled(run_id)

    def _note_cancelled(self, run_id: int) -> None:
        project = self.session.project
        if project is not None and runs.record(project, run_id).state is RunState.QUEUED:
            try:
                runs.cancel_run(project, run_id)
            except ProblemError as error:
                self.session.notify(error.problem)

    @Slot(object)
    def _on_items_changed(self, ids: NDArray[np.int64] | None) -> None:
        self.book.forget_promises()
        self.estimates.forget()
        if ids is None:
            self._refresh_sources()
            if self._stack.currentWidget() is self.run_view:
                self._show_record()  # its findings name items
            else:
                self.show_new_run()
        self._refresh_choices()

    @Slot()
    def _on_runs_changed(self) -> None:
        self.book.read()
        self._refresh_lines()
        self._show_record()
        self.refresh_actions()

    @Slot()
    def _ask_for_times(self) -> None:
        """Only while a person looks at the form, and for a run that could start."""
        shown = self.isVisible() and self._stack.currentWidget() is self.new_run and self.new_run.can_start()
        self.estimates.ask(self.new_run.request() if shown else None)

    @Slot(object)
    def _on_live_changed(self, _run_id: int) -> None:
        self._refresh_lines()

    @Slot(object)
    def _on_phase_changed(self, _run_id: int) -> None:
        self._on_runs_changed()  # the record knows more: its items after reading, its model after training

    @Slot(object)
    def _on_ended(self, run_id: int) -> None:
        if self.session.project is None:
            return
        self._note_cancelled(run_id)
        self.session.runs_changed.emit()
        record = self.book.record(run_id)
        if record is not None and record.state is RunState.DONE and self.session.current_run in (None, run_id):
            self.session.select_run(run_id)

    @Slot(object)
    def _on_review_requested(self, run_id: int) -> None:
        self.session.select_run(run_id)
        self.session.request_page("review")

    def _on_start_action(self) -> None:
        if self._stack.currentWidget() is self.new_run:
            self.new_run.start()
        else:
            self.show_new_run()

    def _on_cancel_action(self) -> None:
        active = self.live.active()
        shown = self.run_view.run_id() if self._stack.currentWidget() is self.run_view else None
        if active:
            self.cancel(shown if shown in active else active[0])


def _missing_text(declaration: Declaration) -> str:
    if Kind.IMAGE in declaration.takes and Kind.ROW in declaration.takes:
        return translate("TrainPage", "Not here: this project has no items.")
    if Kind.IMAGE in declaration.takes:
        return translate("TrainPage", "Not here: this project has no images.")
    return translate("TrainPage", "Not here: this project has no table.")
