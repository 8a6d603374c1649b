"""What a training would use if it began now: the counts that a person wants to see before starting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.detectors.base import Declaration, LearnsFrom
from core.problems import Problem, ProblemError
from core.project.items import ItemColumns
from core.project.runs import SnapshotItem
from core.project.splitting import proposed_splits
from core.training.request import TrainingRequest
from core.training.selection import Roles, check_counts, roles_of
from core.vocabulary import Kind, Label, Split


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """Numbers of items. `good` are labelled good, `unlabelled` are taken as good although nobody labelled them.

    `splits_first`: the items would be divided before the training begins, and the numbers are those after that. `problem` is what would
    stop the run, None if nothing does.
    """

    good: int
    unlabelled: int
    defective: int
    calibration_good: int
    calibration_defective: int
    test_good: int
    test_defective: int
    splits_first: bool
    problem: Problem | None


def kind_of(columns: ItemColumns, declaration: Declaration, request: TrainingRequest) -> Kind:
    """What the run would be about: the kind that was asked for, else pictures if the detector takes both and both are there."""
    chosen = columns.is_row if request.source_ids is None else columns.is_row[np.isin(columns.source_id, request.source_ids)]
    present = {Kind.ROW if is_row else Kind.IMAGE for is_row in np.unique(chosen)}
    usable = declaration.takes & present or declaration.takes
    if request.kind in usable:
        return request.kind
    return Kind.IMAGE if Kind.IMAGE in usable else Kind.ROW


def plan_training(columns: ItemColumns, declaration: Declaration, request: TrainingRequest) -> TrainingPlan:
    """Which items the run would use. Changes nothing."""
    kind = kind_of(columns, declaration, request)
    of_kind = columns.is_row == (kind is Kind.ROW)
    mine = of_kind if request.source_ids is None else of_kind & np.isin(columns.source_id, request.source_ids)
    roles = _roles(columns.label[mine], columns.split[mine], declaration, request)
    splits = columns.split
    if mine.any() and not (roles.train.any() and roles.calibration_good.any()):
        splits = proposed_splits(columns, seed=request.seed, supervised=declaration.learns_from is LearnsFrom.LABELLED)
        roles = _roles(columns.label[mine], splits[mine], declaration, request)
    splits_first = bool((splits[mine] != columns.split[mine]).any())
    return _plan(declaration, columns.label[mine], splits[mine], roles, splits_first=splits_first)


def learnt_count(snapshot: Sequence[SnapshotItem], declaration: Declaration, request: TrainingRequest) -> int:
    """How many items of a snapshot the run trains on."""
    labels = np.array([item.label for item in snapshot], dtype=np.int8)
    splits = np.array([item.split for item in snapshot], dtype=np.int8)
    return int(_roles(labels, splits, declaration, request).train.sum())


def _roles(labels: NDArray[np.int8], splits: NDArray[np.int8], declaration: Declaration, request: TrainingRequest) -> Roles:
    return roles_of(labels, splits, learns_from=declaration.learns_from, include_unlabelled=request.include_unlabelled)


def _plan(
    declaration: Declaration, labels: NDArray[np.int8], splits: NDArray[np.int8], roles: Roles, *, splits_first: bool
) -> TrainingPlan:
    def count(mask: NDArray[np.bool_], label: Label) -> int:
        return int((mask & (labels == label)).sum())

    good, unlabelled, defective = (count(roles.train, label) for label in (Label.GOOD, Label.NONE, Label.DEFECTIVE))
    problem = None
    try:
        check_counts(declaration, good=good + unlabelled, defective=defective)
    except ProblemError as error:
        problem = error.problem
    return TrainingPlan(
        good=good,
        unlabelled=unlabelled,
        defective=defective,
        calibration_good=int(roles.calibration_good.sum()),
        calibration_defective=int(roles.calibration_defective.sum()),
        test_good=count(splits == Split.TEST, Label.GOOD),
        test_defective=count(splits == Split.TEST, Label.DEFECTIVE),
        splits_first=splits_first,
        problem=problem,
    )
