"""Which items a run learns from and which calibrate it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.detectors.base import Declaration, LearnsFrom
from core.job_context import JobContext
from core.problems import Problem, ProblemCode, ProblemError
from core.project import items, runs
from core.project.opening import Project
from core.project.runs import RunRecord
from core.project.splitting import split_project
from core.training.request import TrainingRequest
from core.training.run_files import checkpoint_folder
from core.vocabulary import Kind, Label, Split

_PLURALS: Final = {Kind.IMAGE: "images", Kind.ROW: "a table"}


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Masks over the items of a run: what it trains on, and the calibration items that count as good and as defective."""

    train: NDArray[np.bool_]
    calibration_good: NDArray[np.bool_]
    calibration_defective: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class _Columns:
    id: NDArray[np.int64]
    label: NDArray[np.int8]
    split: NDArray[np.int8]
    source_id: NDArray[np.int32]


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


def roles_of(labels: NDArray[np.int8], splits: NDArray[np.int8], *, learns_from: LearnsFrom, include_unlabelled: bool | None) -> Roles:
    """`labels` hold values of `Label`, `splits` of `Split`. Unsure items have no role.

    Unlabelled items count as good if `include_unlabelled`; None means: only if the training split has no label at all. A detector that
    learns from unlabelled items takes them always. Only one that learns from labels sees defective items.
    """
    training, calibrating = splits == Split.TRAIN, splits == Split.CALIBRATION
    good, defective, unlabelled = labels == Label.GOOD, labels == Label.DEFECTIVE, labels == Label.NONE
    if include_unlabelled is None:
        include_unlabelled = not bool((training & ~unlabelled).any())
    as_good = good | unlabelled if include_unlabelled else good
    learnt = as_good
    if learns_from is LearnsFrom.UNLABELLED:
        learnt = good | unlabelled
    elif learns_from is LearnsFrom.LABELLED:
        learnt = as_good | defective
    return Roles(train=training & learnt, calibration_good=calibrating & as_good, calibration_defective=calibrating & defective)


def choose_items(project: Project, run: RunRecord, declaration: Declaration, *, request: TrainingRequest, context: JobContext) -> Chosen:
    """The items of the run: those of an earlier attempt, or those that fit now.

    Splits the project first if there is nothing to train on or nothing to calibrate with, and says so. Raises ProblemError(NOTHING_TO_TRAIN).
    """
    before = _chosen_before(project, run, declaration, request)
    if before is not None:
        return before
    shutil.rmtree(checkpoint_folder(project.run_folder(run.id)), ignore_errors=True)  # it knows other items
    chosen = _choose_now(project, run, declaration, request)
    if not chosen.roles.train.any() or not chosen.roles.calibration_good.any():
        before_split = _columns_of(project, run, request).split
        split_project(project, seed=request.seed, supervised=declaration.learns_from is LearnsFrom.LABELLED)
        chosen = _choose_now(project, run, declaration, request)
        splits = _columns_of(project, run, request).split
        if not np.array_equal(splits, before_split):
            context.note(_split_made(splits, request.seed))
    return chosen


def _choose_now(project: Project, run: RunRecord, declaration: Declaration, request: TrainingRequest) -> Chosen:
    columns = _columns_of(project, run, request)
    if not len(columns.id):
        raise ProblemError(ProblemCode.NOTHING_TO_TRAIN, detector=declaration.title, kind=_PLURALS[run.kind])
    roles = roles_of(columns.label, columns.split, learns_from=declaration.learns_from, include_unlabelled=request.include_unlabelled)
    sources = tuple(np.unique(columns.source_id[roles.train]).tolist())
    return Chosen(ids=columns.id, labels=columns.label, roles=roles, source_ids=sources)


def _columns_of(project: Project, run: RunRecord, request: TrainingRequest) -> _Columns:
    columns = items.item_columns(project)
    mine = columns.is_row == (run.kind is Kind.ROW)
    if request.source_ids is not None:
        mine &= np.isin(columns.source_id, request.source_ids)
    return _Columns(id=columns.id[mine], label=columns.label[mine], split=columns.split[mine], source_id=columns.source_id[mine])


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


def _split_made(splits: NDArray[np.int8], seed: int) -> Problem:
    counts = {split.name.lower(): int((splits == split).sum()) for split in (Split.TRAIN, Split.CALIBRATION, Split.TEST)}
    return Problem(ProblemCode.SPLIT_MADE, {**counts, "seed": seed})
