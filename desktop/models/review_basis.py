"""The items that a review looks at, their scores sorted once, and which of them a choice names. Without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.evaluation.outcomes import VERDICTS as VERDICT_ORDER
from core.evaluation.outcomes import Counts, Parts, SortedScores, parts_of, verdict_codes
from core.project.items import ItemColumns
from core.project.runs import ScoreColumns
from core.vocabulary import Label, Split, Verdict
from desktop.models.score_groups import ScoreGroups

Thresholds = tuple[float, float]


@dataclass(frozen=True)
class Choice:
    """Which items to list; None for all. A choice with verdicts lists one item for each part, the one that gave the part its score."""

    labels: frozenset[Label] | None = None
    verdicts: frozenset[Verdict] | None = None

    @classmethod
    def cell(cls, label: Label, verdict: Verdict) -> Choice:
        return cls(frozenset({label}), frozenset({verdict}))

    def as_cell(self) -> tuple[Label, Verdict] | None:
        """Inverse of `cell`; None for a choice that is not one cell."""
        if self.labels is None or self.verdicts is None or len(self.labels) != 1 or len(self.verdicts) != 1:
            return None
        return next(iter(self.labels)), next(iter(self.verdicts))


EVERYTHING: Final = Choice()


def scores_by_place(columns: ItemColumns, scores: ScoreColumns | None) -> NDArray[np.float64]:
    """The score of each item of the project in the order of `columns`, NaN for unscored ones; shape (items,)."""
    values = np.full(len(columns), np.nan)
    if scores is not None and len(scores) and len(columns):
        places = np.minimum(np.searchsorted(columns.id, scores.item_id), len(columns) - 1)
        known = columns.id[places] == scores.item_id
        values[places[known]] = scores.score[known]
    return values


class ReviewBasis:
    """Items of one kind and one split (None = every split), with the scores of one run.

    A place is an index into `columns`. Counts are of parts, lists are of items.
    """

    def __init__(self, columns: ItemColumns, values: NDArray[np.float64], *, rows: bool, split: Split | None) -> None:
        self.columns: Final = columns
        self.values: Final = values
        mine = columns.is_row == rows
        if split is not None:
            mine = mine & (columns.split == int(split))
        self.places: Final = np.flatnonzero(mine)
        labels, scores = columns.label[self.places], values[self.places]
        self.parts: Final[Parts] = parts_of(columns.serial[self.places], labels, scores)
        self.sorted: Final[SortedScores] = self.parts.sorted_scores()
        unscored = np.isnan(self.parts.scores)
        other = ~unscored & np.isin(self.parts.labels, (int(Label.NONE), int(Label.UNSURE)))
        self.groups: Final = ScoreGroups(self.sorted.good, self.sorted.defective, np.sort(self.parts.scores[other]))
        self.unlabelled: Final = int(np.count_nonzero(other & (self.parts.labels == int(Label.NONE))))
        self.unsure: Final = int(np.count_nonzero(other & (self.parts.labels == int(Label.UNSURE))))
        self.unscored: Final = int(np.count_nonzero(unscored))

    def counts(self, thresholds: Thresholds) -> Counts:
        return self.sorted.counts(*thresholds)

    def matching(self, choice: Choice, thresholds: Thresholds | None) -> NDArray[np.intp]:
        """The places that `choice` names, in the order of the project."""
        if choice.verdicts is None:
            wanted = np.ones(len(self.places), dtype=np.bool_) if choice.labels is None else self._labelled(choice.labels)
            return self.places[wanted]
        if thresholds is None:
            return self.places[:0]
        codes = verdict_codes(self.parts.scores, *thresholds)
        chosen = np.isin(codes, [VERDICT_ORDER.index(verdict) for verdict in choice.verdicts])
        if choice.labels is not None:
            chosen &= np.isin(self.parts.labels, [int(label) for label in choice.labels])
        return self.places[self.parts.item_index[chosen]]

    def _labelled(self, labels: frozenset[Label]) -> NDArray[np.bool_]:
        return np.isin(self.columns.label[self.places], [int(label) for label in labels])

    def ranked(self, choice: Choice, thresholds: Thresholds | None, *, descending: bool = True) -> NDArray[np.intp]:
        """The places that `choice` names by score, equal scores in the order of the project, unscored items last."""
        places = self.matching(choice, thresholds)
        scores = self.values[places]
        keys = np.where(np.isnan(scores), np.inf, -scores if descending else scores)
        return places[np.argsort(keys, kind="stable")]

    def has_labels(self) -> tuple[bool, bool]:
        """Whether there is a scored good and a scored defective part."""
        return bool(self.sorted.good.size), bool(self.sorted.defective.size)
