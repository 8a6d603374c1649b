"""The runs of the open project as the Train page needs them: records, snapshots, lines for the list, and what a new run would use."""

from __future__ import annotations

from collections.abc import Sequence

from core.detectors.base import Declaration
from core.problems import Problem, ProblemCode
from core.project import runs
from core.project.runs import RunRecord, SnapshotItem
from core.training.findings import RunFindings, read_findings
from core.training.plan import TrainingPlan, plan_training
from core.training.request import TrainingRequest
from core.vocabulary import Kind, RunState
from desktop.models.live_runs import LiveRuns
from desktop.session import Session
from desktop.widgets.plan_text import plan_reason, plan_text
from desktop.widgets.run_list import RunLine
from desktop.words import detector_title, phase_word, problem_sentence, translate


class RunBook:
    """`declarations` by key are empty until they have been loaded. Records are read on demand; snapshots never change."""

    def __init__(self, session: Session, live: LiveRuns) -> None:
        self._session = session
        self._live = live
        self._records: dict[int, RunRecord] = {}
        self._snapshots: dict[int, list[SnapshotItem]] = {}
        self._plans: dict[tuple[object, ...], TrainingPlan] = {}  # to split 100,000 items takes half a second
        self.declarations: dict[str, Declaration] = {}

    def clear(self) -> None:
        self._records.clear()
        self._snapshots.clear()
        self._plans.clear()

    def forget_promises(self) -> None:
        """Items, labels or splits changed."""
        self._plans.clear()

    def promise(self, request: TrainingRequest) -> tuple[str, str]:
        """Two sentences: which items a run would use now, and why it cannot start (empty if it can)."""
        project, columns, declaration = self._session.project, self._session.items, self.declarations[request.detector]
        if project is None or columns is None:
            return "", translate("TrainPage", "No project is open.")
        key = (request.detector, request.seed, request.source_ids, request.include_unlabelled, request.kind)
        if key not in self._plans:
            self._plans[key] = plan_training(columns, declaration, request)
        plan = self._plans[key]
        if not self._session.writable:
            return plan_text(plan), problem_sentence(Problem(ProblemCode.PROJECT_READ_ONLY, {"path": project.name}))
        return plan_text(plan), plan_reason(plan, declaration)

    def read(self) -> None:
        """Looks up in the project what has become of the runs."""
        project = self._session.project
        self._records = {} if project is None else {record.id: record for record in runs.records(project)}

    def record(self, run_id: int | None) -> RunRecord | None:
        return None if run_id is None else self._records.get(run_id)

    def newest(self) -> int | None:
        return max(self._records, default=None)

    def snapshot(self, record: RunRecord) -> Sequence[SnapshotItem]:
        """The items of a run; none before it has read them."""
        if record.snapshot_id is None or self._session.project is None:
            return ()
        if record.snapshot_id not in self._snapshots:
            self._snapshots[record.snapshot_id] = runs.snapshot_content(self._session.project, record.snapshot_id)
        return self._snapshots[record.snapshot_id]

    def findings(self, record: RunRecord) -> RunFindings | None:
        """What a run that is done found out about its training items."""
        project = self._session.project
        return None if project is None or record.state is not RunState.DONE else read_findings(project, record.id)

    def title_of(self, detector: str) -> str:
        """The name of a detector; of one that this version does not have, its key."""
        declaration = self.declarations.get(detector)
        return detector_title(declaration) if declaration is not None else detector

    def lines(self) -> list[RunLine]:
        """Newest first."""
        return [self._line(record) for record in reversed(self._records.values())]

    def _line(self, record: RunRecord) -> RunLine:
        info = self._live.info(record.id)
        state, detail, share = record.state, "", None
        if info is not None:
            state = RunState.RUNNING if info.running else RunState.QUEUED
            share = info.done / info.total if info.total else None
            detail = phase_word(info.phase) if info.phase else ""
        elif record.problem is not None:
            detail = problem_sentence(record.problem)
        return RunLine(run_id=record.id, title=self.title_of(record.detector), state=state, seed=record.seed, detail=detail, share=share)

    def kinds(self) -> set[Kind]:
        """The kinds of items that the project has."""
        columns = self._session.items
        if columns is None or not len(columns):
            return set()
        return {kind for kind in Kind if bool((columns.is_row == (kind is Kind.ROW)).any())}
