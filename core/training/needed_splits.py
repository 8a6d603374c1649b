"""The splits that a run needs and would make if it began now: the plan shows them, the run stores them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.detectors.base import Declaration, LearnsFrom
from core.problems import Problem, ProblemCode
from core.project.items import ItemColumns
from core.project.splitting import proposed_splits, splits_with_defectives
from core.training.request import TrainingRequest
from core.training.roles import roles_of
from core.vocabulary import Kind, Label, Split


@dataclass(frozen=True, kw_only=True)
class NeededSplits:
    """`splits`: of all items of the project. `mine`: a mask over them, the items that the run is about.

    `divided`: items without a split got one. `moved`: defective items taken from calibration to training.
    """

    splits: NDArray[np.int8]
    mine: NDArray[np.bool_]
    divided: bool
    moved: int

    def notes(self, columns: ItemColumns, declaration: Declaration, seed: int) -> list[Problem]:
        """What a person should know about the change."""
        found = []
        if self.divided:
            found.append(Problem(ProblemCode.SPLIT_MADE, {**_counts(self.splits[self.mine]), "seed": seed}))
        if self.moved:
            defective = self.splits[self.mine & (columns.label == Label.DEFECTIVE)]
            facts: dict[str, str | int | float] = {"moved": self.moved, "detector": declaration.title, **_counts(defective)}
            found.append(Problem(ProblemCode.DEFECTIVES_MOVED, facts))
        return found


def needed_splits(columns: ItemColumns, declaration: Declaration, request: TrainingRequest, *, kind: Kind) -> NeededSplits:
    """The splits of now, unless something is missing to train on or to calibrate with; changes nothing.

    First new items are divided. If a detector that learns from labelled items still finds fewer defective ones than it needs, as after the
    usual split, which gives it none, some that calibrate are moved to the training split.
    """
    mine = columns.is_row == (kind is Kind.ROW)
    if request.source_ids is not None:
        mine &= np.isin(columns.source_id, request.source_ids)
    splits, moved = columns.split, 0
    supervised = declaration.learns_from is LearnsFrom.LABELLED
    lacking = supervised and _training_defectives(columns, splits, mine) < declaration.minimum_defective
    now = roles_of(columns.label[mine], splits[mine], learns_from=declaration.learns_from, include_unlabelled=request.include_unlabelled)
    if mine.any() and (lacking or not (now.train.any() and now.calibration_good.any())):
        splits = proposed_splits(columns, seed=request.seed, supervised=supervised)
    divided = bool((splits[mine] != columns.split[mine]).any())
    before = _training_defectives(columns, splits, mine)
    if mine.any() and supervised and before < declaration.minimum_defective:
        splits = splits_with_defectives(columns, splits, mine, seed=request.seed, needed=declaration.minimum_defective)
        moved = _training_defectives(columns, splits, mine) - before
    return NeededSplits(splits=splits, mine=mine, divided=divided, moved=moved)


def _training_defectives(columns: ItemColumns, splits: NDArray[np.int8], mine: NDArray[np.bool_]) -> int:
    return int((mine & (columns.label == Label.DEFECTIVE) & (splits == Split.TRAIN)).sum())


def _counts(splits: NDArray[np.int8]) -> dict[str, int]:
    return {split.name.lower(): int((splits == split).sum()) for split in (Split.TRAIN, Split.CALIBRATION, Split.TEST)}
