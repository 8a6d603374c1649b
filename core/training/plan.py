"""What a training would use if it began now: the counts that a person wants to see before starting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.detectors.base import Declaration
from core.problems import Problem, ProblemError
from core.project.items import ItemColumns
from core.project.runs import SnapshotItem
from core.training.needed_splits import NeededSplits, needed_splits
from core.training.request import TrainingRequest
from core.training.roles import Roles, roles_of
from core.training.selection import check_counts
from core.vocabulary import Kind, Label, Split


@dataclass(frozen=True, kw_only=True)
class TrainingPlan:
    """Numbers of items. `good` are labelled good, `unlabelled` are taken as good although nobody labelled them.

    `splits_first`: the items would be divided before the training begins. `moved_defective`: so many defective items would be taken from
    calibration to training. The numbers are those after that. `problem` is what would stop the run, None if nothing does.
    """

    good: int
    unlabelled: int
    defective: int
    calibration_good: int
    calibration_defective: int
    test_good: int
    test_defective: int
    splits_first: bool
    moved_defective: int
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
    needed = needed_splits(columns, declaration, request, kind=kind_of(columns, declaration, request))
    labels, splits = columns.label[needed.mine], needed.splits[needed.mine]
    return _plan(declaration, labels, splits, _roles(labels, splits, declaration, request), needed)


def learnt_count(snapshot: Sequence[SnapshotItem], declaration: Declaration, request: TrainingRequest) -> int:
    """How many items of a snapshot the run trains on."""
    labels = np.array([item.label for item in snapshot], dtype=np.int8)
    splits = np.array([item.split for item in snapshot], dtype=np.int8)
    return int(_roles(labels, splits, declaration, request).train.sum())


def _roles(labels: NDArray[np.int8], splits: NDArray[np.int8], declaration: Declaration, request: TrainingRequest) -> Roles:
    return roles_of(labels, splits, learns_from=declaration.learns_from, include_unlabelled=request.include_unlabelled)


def _plan(declaration: Declaration, labels: NDArray[np.int8], splits: NDArray[np.int8], roles: Roles, needed: NeededSplits) -> TrainingPlan:
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
        splits_first=needed.divided,
        moved_defective=needed.moved,
        problem=problem,
    )
