"""All items of a run's kind beside their score, verdict and outcome: what every table and page that leaves the program starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.evaluation.outcomes import Parts, outcomes, parts_of, percentile_of_good, verdicts
from core.problems import ProblemCode, ProblemError
from core.project.items import ItemColumns, item_columns
from core.project.opening import Project
from core.project.runs import RunRecord, ScoreColumns, record, run_scores
from core.project.thresholds import ThresholdRecord, current_threshold
from core.vocabulary import Kind, Label, RunState, Split


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """`places` are those items of `items` that are of the run's kind, by ascending id; every other array is aligned with it.

    scores: float64, NaN where unscored. found: place of each item in `columns`, -1 where unscored.
    """

    run: RunRecord
    threshold: ThresholdRecord
    items: ItemColumns
    columns: ScoreColumns
    places: NDArray[np.int64]
    scores: NDArray[np.float64]
    found: NDArray[np.int64]

    @property
    def ids(self) -> NDArray[np.int64]:
        return self.items.id[self.places]

    @property
    def labels(self) -> NDArray[np.int8]:
        return self.items.label[self.places]

    @property
    def splits(self) -> NDArray[np.int8]:
        return self.items.split[self.places]

    def verdicts(self) -> NDArray[Any]:
        return verdicts(self.scores, self.threshold.t1, self.threshold.t2)

    def outcomes(self) -> NDArray[Any]:
        return outcomes(self.labels, self.scores, self.threshold.t1, self.threshold.t2)

    def in_split(self, split: Split) -> NDArray[np.int64]:
        """Indices into the aligned arrays."""
        return np.flatnonzero(self.splits == int(split))

    def parts(self, split: Split) -> Parts:
        """The parts of one split; `item_index` of the result points into the aligned arrays."""
        chosen = self.in_split(split)
        parts = parts_of(self.items.serial[self.places[chosen]], self.labels[chosen], self.scores[chosen])
        return Parts(parts.labels, parts.scores, chosen[parts.item_index])

    def percentiles_of_good(self) -> NDArray[np.float64]:
        """Per cent of the good calibration parts with a smaller score; NaN where that cannot be said."""
        return percentile_of_good(self.parts(Split.CALIBRATION).of_label(Label.GOOD), self.scores)

    def ranks(self) -> NDArray[np.int64]:
        """1 for the largest score, 0 for items without one; of equal scores the lower id comes first."""
        order = np.argsort(-self.scores, kind="stable")[: int(np.sum(self.found >= 0))]
        ranks = np.zeros(len(self.scores), dtype=np.int64)
        ranks[order] = np.arange(1, len(order) + 1)
        return ranks


def done_run(project: Project, run_id: int) -> RunRecord:
    """The record of a run that has a model. Raises ProblemError RUN_UNKNOWN or RUN_NOT_DONE."""
    run = record(project, run_id)
    if run.state is not RunState.DONE:
        raise ProblemError(ProblemCode.RUN_NOT_DONE, run=run_id, state=run.state.value)
    return run


def judge(project: Project, run_id: int) -> Judgement:
    """Raises ProblemError RUN_UNKNOWN, RUN_NOT_DONE, or NO_CALIBRATION_PARTS if the run has no threshold."""
    run = done_run(project, run_id)
    threshold = current_threshold(project, run_id)
    if threshold is None:
        raise ProblemError(ProblemCode.NO_CALIBRATION_PARTS, rule="")
    items, columns = item_columns(project), run_scores(project, run_id)
    places = np.flatnonzero(items.is_row == (run.kind is Kind.ROW))
    ids = items.id[places]
    slots = np.minimum(np.searchsorted(columns.item_id, ids), max(len(columns) - 1, 0))
    is_scored = columns.item_id[slots] == ids if len(columns) else np.zeros(len(ids), dtype=bool)
    scores = np.full(len(ids), np.nan)
    scores[is_scored] = columns.score[slots[is_scored]]
    found = np.where(is_scored, slots, -1).astype(np.int64)
    return Judgement(run=run, threshold=threshold, items=items, columns=columns, places=places, scores=scores, found=found)
