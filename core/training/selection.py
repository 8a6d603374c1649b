"""Which items a run learns from and which calibrate it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.detectors.base import Declaration, LearnsFrom
from core.job_context import JobContext
from core.problems import ProblemCode, ProblemError
from core.project import items, runs
from core.project.opening import Project
from core.project.runs import RunRecord
from core.training.needed_splits import needed_splits
from core.training.request import TrainingRequest
from core.training.roles import Roles, roles_of
from core.training.run_files import checkpoint_folder
from core.vocabulary import Kind, Label

_PLURALS: Final = {Kind.IMAGE: "images", Kind.ROW: "a table"}


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The items of a run by ascending id, as they were when it began; `final` if a snapshot holds them already."""

    ids: NDArray[np.int64]
    labels: NDArray[np.int8]
    roles: Roles
    source_ids: tuple[int, ...]
    final: bool = False

    def defective(self, ids: NDArray[np.int64]) -> NDArray[np.int8]:
        """1 for each of these items that is labelled defective, 0 for the others."""
        labelled: NDArray[np.int8] = (self.labels[np.searchsorted(self.ids, ids)] == Label.DEFECTIVE).astype(np.int8)
        return labelled

    def check_counts(self, declaration: Declaration, training: NDArray[np.int64]) -> None:
        """Raises ProblemError(TOO_FEW_GOOD, TOO_FEW_DEFECTIVE) if these training items are not enough."""
        defective = int(self.defective(training).sum())
        check_counts(declaration, good=len(training) - defective, defective=defective)


def check_counts(declaration: Declaration, *, good: int, defective: int) -> None:
    """Raises ProblemError(TOO_FEW_GOOD, TOO_FEW_DEFECTIVE) before anything expensive begins. `good` counts unlabelled items taken as good."""
    if good < declaration.minimum_good:
        raise ProblemError(ProblemCode.TOO_FEW_GOOD, detector=declaration.title, needed=declaration.minimum_good, found=good)
    if defective < declaration.minimum_defective:
        needed = declaration.minimum_defective
        raise ProblemError(ProblemCode.TOO_FEW_DEFECTIVE, detector=declaration.title, needed=needed, found=defective)


def choose_items(project: Project, run: RunRecord, declaration: Declaration, *, request: TrainingRequest, context: JobContext) -> Chosen:
    """The items of the run: those of an earlier attempt, or those that fit now.

    Stores the splits that the run needs first, and says so; see `needed_splits`. Raises ProblemError(NOTHING_TO_TRAIN).
    """
    before = _chosen_before(project, run, declaration, request)
    if before is not None:
        return before
    shutil.rmtree(checkpoint_folder(project.run_folder(run.id)), ignore_errors=True)  # it knows other items
    columns = items.item_columns(project)
    needed = needed_splits(columns, declaration, request, kind=run.kind)
    if not needed.mine.any():
        raise ProblemError(ProblemCode.NOTHING_TO_TRAIN, detector=declaration.title, kind=_PLURALS[run.kind])
    if needed.divided or needed.moved:
        supervised = declaration.learns_from is LearnsFrom.LABELLED
        reason = f"run {run.id}: split seed={request.seed} supervised={supervised}, {needed.moved} defective items moved to train"
        items.set_splits(project, columns.id, needed.splits, reason=reason)
    for note in needed.notes(columns, declaration, request.seed):
        context.note(note)
    mine = needed.mine
    labels, sources = columns.label[mine], columns.source_id[mine]
    roles = roles_of(labels, needed.splits[mine], learns_from=declaration.learns_from, include_unlabelled=request.include_unlabelled)
    return Chosen(ids=columns.id[mine], labels=labels, roles=roles, source_ids=tuple(np.unique(sources[roles.train]).tolist()))


def _chosen_before(project: Project, run: RunRecord, declaration: Declaration, request: TrainingRequest) -> Chosen | None:
    """The items of an earlier attempt, None if there was none or if they are no longer what they were."""
    if run.snapshot_id is None:
        return None
    content = runs.snapshot_content(project, run.snapshot_id)
    try:
        records = items.item_records(project, [item.item_id for item in content])
    except KeyError:
        return None
    if any(item.sha256 != record.sha256 for item, record in zip(content, records, strict=True)):
        return None
    labels = np.array([item.label for item in content], dtype=np.int8)
    splits = np.array([item.split for item in content], dtype=np.int8)
    roles = roles_of(labels, splits, learns_from=declaration.learns_from, include_unlabelled=request.include_unlabelled)
    sources = np.array([record.source_id for record in records])
    return Chosen(
        ids=np.array([item.item_id for item in content], dtype=np.int64),
        labels=labels,
        roles=roles,
        source_ids=tuple(np.unique(sources[roles.train]).tolist()),
        final=True,
    )
