"""From scores and thresholds to verdicts, outcomes, counts and rates.

OK if s < T1, REVIEW if T1 <= s < T2, NG if s >= T2. The counted unit is the part: images with one serial number are one part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.evaluation.intervals import Interval, clopper_pearson
from core.vocabulary import Label, Outcome, Verdict

UNSCORED_CODE: Final = -1
VERDICTS: Final = (Verdict.OK, Verdict.REVIEW, Verdict.NG)

_VERDICT_OF_CODE: Final[NDArray[Any]] = np.array([*VERDICTS, None], dtype=object)
_GOOD_OUTCOMES: Final = (Outcome.CORRECT_OK, Outcome.IN_REVIEW, Outcome.OVERKILL)
_DEFECTIVE_OUTCOMES: Final = (Outcome.ESCAPE, Outcome.IN_REVIEW, Outcome.CORRECT_NG)
# A part is as bad as its worst picture, and as unknown as its least known one.
_PART_PRECEDENCE: Final = (Label.GOOD, Label.NONE, Label.UNSURE, Label.DEFECTIVE)


@dataclass(frozen=True)
class Rate:
    """A share of parts together with what it is a share of."""

    numerator: int
    denominator: int

    @property
    def value(self) -> float | None:
        """The fraction, None when there are no parts to take it of."""
        return self.numerator / self.denominator if self.denominator else None

    def interval(self, *, confidence: float = 0.95) -> Interval:
        """The exact two-sided interval; 0 to 1 when there are no parts."""
        return clopper_pearson(self.numerator, self.denominator, confidence=confidence)


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many good and defective parts got which verdict. Unsure, unlabelled and unscored parts are in none of them."""

    good_ok: int
    good_review: int
    good_ng: int
    defective_ok: int
    defective_review: int
    defective_ng: int

    @property
    def good(self) -> int:
        return self.good_ok + self.good_review + self.good_ng

    @property
    def defective(self) -> int:
        return self.defective_ok + self.defective_review + self.defective_ng

    @property
    def escape(self) -> Rate:
        """Defective parts judged OK, of all defective parts."""
        return Rate(self.defective_ok, self.defective)

    @property
    def overkill(self) -> Rate:
        """Good parts judged NG, of all good parts."""
        return Rate(self.good_ng, self.good)

    @property
    def review(self) -> Rate:
        """Parts in review, of all labelled parts in their mix as tested."""
        return Rate(self.good_review + self.defective_review, self.good + self.defective)

    @property
    def review_good(self) -> Rate:
        return Rate(self.good_review, self.good)

    @property
    def review_defective(self) -> Rate:
        return Rate(self.defective_review, self.defective)

    def as_table(self) -> dict[str, dict[str, int]]:
        """The counts by label, then by verdict in lower case."""
        return {
            "good": {"ok": self.good_ok, "review": self.good_review, "ng": self.good_ng},
            "defective": {"ok": self.defective_ok, "review": self.defective_review, "ng": self.defective_ng},
        }


class SortedScores:
    """The scores of good and of defective parts, sorted once, so that counts at any threshold take microseconds. NaN is left out."""

    def __init__(self, good: ArrayLike, defective: ArrayLike) -> None:
        self.good: Final = _sorted_scores(good)
        self.defective: Final = _sorted_scores(defective)

    def counts(self, t1: float, t2: float) -> Counts:
        """Counts at thresholds t1 <= t2. Raises ValueError when they are the other way round."""
        if not t1 <= t2:
            raise ValueError(f"T1 ({t1}) is above T2 ({t2})")
        good_ok, good_below_ng = (int(place) for place in np.searchsorted(self.good, (t1, t2), side="left"))
        defective_ok, defective_below_ng = (int(place) for place in np.searchsorted(self.defective, (t1, t2), side="left"))
        return Counts(
            good_ok=good_ok,
            good_review=good_below_ng - good_ok,
            good_ng=self.good.size - good_below_ng,
            defective_ok=defective_ok,
            defective_review=defective_below_ng - defective_ok,
            defective_ng=self.defective.size - defective_below_ng,
        )


def _sorted_scores(scores: ArrayLike) -> NDArray[np.float64]:
    values = np.asarray(scores, dtype=np.float64).ravel()
    return np.sort(values[~np.isnan(values)])


def verdict_codes(scores: ArrayLike, t1: float, t2: float) -> NDArray[np.int8]:
    """0 OK, 1 REVIEW, 2 NG (places in `VERDICTS`), -1 for NaN; shape (n,)."""
    values = np.asarray(scores, dtype=np.float64)
    codes = (values >= t1).astype(np.int8) + (values >= t2).astype(np.int8)
    codes[np.isnan(values)] = UNSCORED_CODE
    return codes


def verdicts(scores: ArrayLike, t1: float, t2: float) -> NDArray[Any]:
    """The `Verdict` of each score, None for NaN; object array of shape (n,)."""
    verdict_of_each: NDArray[Any] = _VERDICT_OF_CODE[verdict_codes(scores, t1, t2)]
    return verdict_of_each


def outcomes(labels: ArrayLike, scores: ArrayLike, t1: float, t2: float) -> NDArray[Any]:
    """The `Outcome` of each item; object array of shape (n,).

    `labels` holds values of `Label`. Items labelled unsure count as unlabelled: they enter no rate.
    """
    label_of_each = np.asarray(labels)
    codes = verdict_codes(scores, t1, t2)
    found = np.full(codes.shape, Outcome.UNLABELLED, dtype=object)
    for label, words in ((Label.GOOD, _GOOD_OUTCOMES), (Label.DEFECTIVE, _DEFECTIVE_OUTCOMES)):
        mine = label_of_each == int(label)
        found[mine] = np.array(words, dtype=object)[codes[mine]]
    found[codes == UNSCORED_CODE] = Outcome.UNSCORED
    return found


def percentile_of_good(good: ArrayLike, scores: ArrayLike) -> NDArray[np.float64]:
    """For each score the percentage of `good` scores that are smaller; NaN for NaN and when there are no good scores."""
    sorted_good = _sorted_scores(good)
    values = np.asarray(scores, dtype=np.float64)
    if not sorted_good.size:
        return np.full(values.shape, np.nan)
    percentages = 100.0 * np.searchsorted(sorted_good, values, side="left") / sorted_good.size
    return np.where(np.isnan(values), np.nan, percentages)


@dataclass(frozen=True)
class Parts:
    """One entry per part: its label (int8), its score (float64, NaN unscored), and the index of the item that gave the score."""

    labels: NDArray[np.int8]
    scores: NDArray[np.float64]
    item_index: NDArray[np.int64]

    def of_label(self, label: Label) -> NDArray[np.float64]:
        """The scores of the parts labelled `label`, without unscored ones."""
        wanted: NDArray[np.float64] = self.scores[(self.labels == int(label)) & ~np.isnan(self.scores)]
        return wanted

    def sorted_scores(self) -> SortedScores:
        return SortedScores(self.of_label(Label.GOOD), self.of_label(Label.DEFECTIVE))


def parts_of(serials: ArrayLike, labels: ArrayLike, scores: ArrayLike) -> Parts:
    """Joins items with the same serial number into parts; an item with an empty serial is a part of its own.

    The score of a part is its largest, and NaN while one of its items is unscored: what was not seen cannot be OK. A part is defective
    if one of its items is, else unsure, unlabelled or good, in this order. Parts keep the order of their first items.
    """
    keys = np.asarray(serials, dtype=object)
    item_labels = np.asarray(labels, dtype=np.int8)
    item_scores = np.asarray(scores, dtype=np.float64)
    part_of_item = _part_numbers(keys)
    count = int(part_of_item.max()) + 1 if part_of_item.size else 0
    if count == len(item_scores):
        return Parts(item_labels, item_scores, np.arange(count))
    ranks = np.empty(len(Label), dtype=np.int8)
    ranks[[int(label) for label in _PART_PRECEDENCE]] = np.arange(len(Label), dtype=np.int8)
    worst = np.zeros(count, dtype=np.int8)
    np.maximum.at(worst, part_of_item, ranks[item_labels])
    ascending = np.argsort(item_scores, kind="stable")  # NaN last, so that it wins
    item_index = np.zeros(count, dtype=np.int64)
    item_index[part_of_item[ascending]] = ascending
    part_labels = np.array([int(label) for label in _PART_PRECEDENCE], dtype=np.int8)[worst]
    return Parts(part_labels, item_scores[item_index], item_index)


def _part_numbers(serials: NDArray[Any]) -> NDArray[np.int64]:
    if not any(serials):
        return np.arange(len(serials), dtype=np.int64)
    numbers: dict[str, int] = {}
    found = np.empty(len(serials), dtype=np.int64)
    parts = 0
    for index, serial in enumerate(serials):
        number = numbers.setdefault(serial, parts) if serial else parts
        found[index] = number
        parts += number == parts
    return found
