"""The rules that set T1 and T2 from the scores of calibration parts, and the sentence that says which rule did it.

A threshold is stored halfway between its neighbours among the distinct scores, so that rounding cannot flip a part; past the last one as
the next float.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from core.evaluation.costs import Costs
from core.evaluation.outcomes import SortedScores
from core.problems import ProblemCode, ProblemError
from core.vocabulary import Split, text_of
from core.wording import QT_TRANSLATE_NOOP

_Value = TypeVar("_Value")

DEFAULT_OVERKILL: Final = 0.01
_STEPS: Final = 10_000  # shares are taken in steps of 0.01 %
_ROUNDING: Final = 1e-9  # 0.07 * 100 is 7.000000000000001


class Rule(StrEnum):
    """How a threshold was found. Stored in the project and typed on the command line, so a word is never changed."""

    HAND = "hand"
    GOOD_ONLY = "good_only"
    OVERKILL = "overkill"
    ESCAPE = "escape"
    CHEAPEST = "cheapest"
    BEST_F1 = "best_f1"


_NEEDS_DEFECTIVE: Final = frozenset({Rule.ESCAPE, Rule.CHEAPEST, Rule.BEST_F1})


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Two thresholds and where they come from. `basis` is what `rule_sentence` needs, in plain JSON values."""

    t1: float
    t2: float
    rule: Rule
    rule_value: float | None
    basis: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class GoodOnly:
    """A threshold from good parts alone. `expected_overkill` and its 95 % range are fractions; `rank` is k, the place of the score that
    the threshold lies just above."""

    threshold: float
    rank: int
    expected_overkill: float
    low: float
    high: float


def stored_cuts(scores: ArrayLike) -> NDArray[np.float64]:
    """Every threshold worth choosing among, ascending: below all scores, between any two distinct ones, above all; empty for no scores."""
    distinct = np.unique(np.asarray(scores, dtype=np.float64))
    if not distinct.size:
        return distinct
    middle = distinct[:-1] + (distinct[1:] - distinct[:-1]) / 2
    middle = np.where(middle > distinct[:-1], middle, distinct[1:])  # neighbouring floats have nothing between them
    return np.concatenate([[np.nextafter(distinct[0], -np.inf)], middle, [np.nextafter(distinct[-1], np.inf)]])


def least_overkill(count: int) -> float:
    """The smallest overkill rate that `count` good calibration parts can promise."""
    return 1 / (count + 1)


def good_only(good: ArrayLike, share: float) -> GoodOnly:
    """The threshold that lets at most `share` of good parts be overkill on average (split conformal prediction; Vovk et al. 2005).

    Raises ProblemError(RULE_UNREACHABLE) when there are too few good parts for so small a share.
    """
    scores = SortedScores(good, ()).good
    steps = math.floor(share * _STEPS + _ROUNDING)
    rank = scores.size + 1 - steps * (scores.size + 1) // _STEPS
    if rank > scores.size:
        least = f"{100 * least_overkill(scores.size):.3f}"
        raise ProblemError(ProblemCode.RULE_UNREACHABLE, count=scores.size, least=least)
    return _just_above(scores, max(rank, 1))


def _just_above(sorted_good: NDArray[np.float64], rank: int) -> GoodOnly:
    count = sorted_good.size
    cuts = stored_cuts(sorted_good)
    threshold = cuts[np.searchsorted(cuts, sorted_good[rank - 1], side="right")]
    low, high = special.betaincinv(count + 1 - rank, rank, [0.025, 0.975])
    return GoodOnly(float(threshold), rank, 1 - rank / (count + 1), float(low), float(high))


def overkill_at_most(scores: SortedScores, share: float) -> float:
    """The smallest threshold at which at most `share` of the good parts are NG."""
    cuts = _cuts_of(scores)
    overkills = scores.good.size - np.searchsorted(scores.good, cuts, side="left")
    return float(cuts[np.argmax(overkills <= _allowed(share, scores.good.size))])


def escape_at_most(scores: SortedScores, share: float) -> float:
    """The largest threshold at which at most `share` of the defective parts are OK."""
    cuts = _cuts_of(scores)
    escapes = np.searchsorted(scores.defective, cuts, side="left")
    return float(cuts[np.flatnonzero(escapes <= _allowed(share, scores.defective.size))[-1]])


def cheapest(scores: SortedScores, costs: Costs, *, simple: bool = True) -> tuple[float, float]:
    """(T1, T2) of least cost, with T1 = T2 if `simple`, else over all pairs T1 <= T2; of equal ones the lower."""
    cuts, good, defective = _shares_below(scores)
    rate = costs.defect_rate
    escape = rate * costs.escape * defective
    overkill = (1 - rate) * costs.overkill * (1 - good)
    if simple:
        best = _first_least(escape + overkill)
        return float(cuts[best]), float(cuts[best])
    made_below = (1 - rate) * good + rate * defective
    # The cost of a pair is a part that depends on T1 alone and one that depends on T2 alone; the best T1 for each T2 is a running least.
    lower, upper = escape - costs.review * made_below, overkill + costs.review * made_below
    second = _first_least(np.minimum.accumulate(lower) + upper)
    first = _first_least(lower[: second + 1])
    return float(cuts[first]), float(cuts[second])


def best_f1(scores: SortedScores) -> float:
    """The threshold with the best F1 = 2 caught / (2 caught + overkills + escapes); of equal ones the lower."""
    cuts = _cuts_of(scores)
    escapes = np.searchsorted(scores.defective, cuts, side="left")
    overkills = scores.good.size - np.searchsorted(scores.good, cuts, side="left")
    caught = scores.defective.size - escapes
    return float(cuts[_first_least(-2 * caught / (2 * caught + overkills + escapes))])


def _cuts_of(scores: SortedScores) -> NDArray[np.float64]:
    return stored_cuts(np.concatenate([scores.good, scores.defective]))


def _shares_below(scores: SortedScores) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    cuts = _cuts_of(scores)
    good = np.searchsorted(scores.good, cuts, side="left") / scores.good.size
    defective = np.searchsorted(scores.defective, cuts, side="left") / scores.defective.size
    return cuts, good, defective


def _first_least(values: NDArray[np.float64]) -> int:
    """The first of the least values; sums that differ by rounding alone count as equal."""
    least = values.min()
    return int(np.argmax(values <= least + 1e-12 * np.abs(values).max()))


def _allowed(share: float, count: int) -> int:
    return math.floor(share * count + _ROUNDING)


def propose(
    rule: Rule,
    value: float | None,
    scores: SortedScores,
    *,
    costs: Costs | None = None,
    current: tuple[float, float] | None = None,
    simple: bool = True,
    split: Split = Split.CALIBRATION,
) -> Proposal:
    """T1 and T2 by `rule` from the scores of one split.

    `value` is the share (a fraction) that good_only, overkill and escape hold; `costs` belong to cheapest; `current` is (T1, T2) before.
    With `simple`, T1 = T2. Else good_only and overkill move T2 alone and escape moves T1 alone, neither past the other.

    Raises ProblemError: NO_CALIBRATION_PARTS without good parts, RULE_NEEDS_DEFECTIVE without the defective ones a rule needs,
    RULE_UNREACHABLE. Raises ValueError for a rule that is set by hand, or a missing value.
    """
    if not scores.good.size:
        raise ProblemError(ProblemCode.NO_CALIBRATION_PARTS, rule=rule.value)
    if rule in _NEEDS_DEFECTIVE and not scores.defective.size:
        raise ProblemError(ProblemCode.RULE_NEEDS_DEFECTIVE, rule=rule.value)
    before = None if simple else current
    basis: dict[str, Any] = {"split": text_of(split), "n_good": int(scores.good.size), "n_defective": int(scores.defective.size)}
    if rule is Rule.CHEAPEST:
        t1, t2 = cheapest(scores, _needed(costs), simple=simple)
        basis["costs"] = dict(vars(_needed(costs)))
    elif rule is Rule.BEST_F1:
        t1 = t2 = best_f1(scores)
    elif rule is Rule.ESCAPE:
        threshold = escape_at_most(scores, _needed(value))
        t2 = before[1] if before else threshold
        t1 = min(threshold, t2)
    elif rule is Rule.HAND:
        raise ValueError("a threshold set by hand needs no rule")
    else:
        t2, more = _upper_threshold(rule, scores, _needed(value))
        t1 = min(before[0], t2) if before else t2
        basis |= more
    return Proposal(t1=t1, t2=t2, rule=rule, rule_value=value, basis=basis)


def _upper_threshold(rule: Rule, scores: SortedScores, share: float) -> tuple[float, dict[str, float]]:
    if rule is Rule.OVERKILL:
        return overkill_at_most(scores, share), {}
    found = good_only(scores.good, share)
    return found.threshold, {"expected_overkill": found.expected_overkill, "overkill_low": found.low, "overkill_high": found.high}


def propose_default(good: ArrayLike, defective: ArrayLike = (), *, split: Split = Split.CALIBRATION) -> Proposal:
    """What a new run starts with: good_only at 1 %, or the least that so few good parts can promise. T1 = T2.

    `split` says where the scores are from, for the sentence under the slider. Raises ProblemError(NO_CALIBRATION_PARTS) without good parts.
    """
    scores = SortedScores(good, defective)
    share = DEFAULT_OVERKILL
    if math.floor(share * _STEPS + _ROUNDING) * (scores.good.size + 1) < _STEPS:
        share = math.ceil(_STEPS * least_overkill(scores.good.size)) / _STEPS
    return propose(Rule.GOOD_ONLY, share, scores, split=split)


def _needed(value: _Value | None) -> _Value:
    if value is None:
        raise ValueError("this rule needs a value or costs")
    return value


# A sentence for each rule, for parts of the calibration split and, where there are none, of the training split.
_SENTENCES: Final[Mapping[Rule, tuple[str, str]]] = {
    Rule.HAND: (
        QT_TRANSLATE_NOOP("ThresholdRule", "Set by hand by {person}; {n_good} good and {n_defective} defective calibration parts."),
        QT_TRANSLATE_NOOP("ThresholdRule", "Set by hand by {person}; {n_good} good training parts, as there are no calibration parts."),
    ),
    Rule.GOOD_ONLY: (
        QT_TRANSLATE_NOOP(
            "ThresholdRule",
            "By good parts only: expected overkill {expected} % (95 %: {low} to {high} %), from {n_good} good calibration parts.",
        ),
        QT_TRANSLATE_NOOP(
            "ThresholdRule",
            "By good parts only, from {n_good} good training parts, as there are no calibration parts: expect more overkill than {expected} %.",
        ),
    ),
    Rule.OVERKILL: (
        QT_TRANSLATE_NOOP("ThresholdRule", "By overkill of at most {value} % of {n_good} good calibration parts."),
        QT_TRANSLATE_NOOP("ThresholdRule", "By overkill of at most {value} % of {n_good} good training parts: expect more."),
    ),
    Rule.ESCAPE: (
        QT_TRANSLATE_NOOP("ThresholdRule", "By escape of at most {value} % of {n_defective} defective calibration parts."),
        QT_TRANSLATE_NOOP("ThresholdRule", "By escape of at most {value} % of {n_defective} defective training parts: expect more."),
    ),
    Rule.CHEAPEST: (
        QT_TRANSLATE_NOOP(
            "ThresholdRule",
            "By least cost at {defect_rate} % defects, from {n_good} good and {n_defective} defective calibration parts.",
        ),
        QT_TRANSLATE_NOOP(
            "ThresholdRule", "By least cost at {defect_rate} % defects, from {n_good} good and {n_defective} defective training parts."
        ),
    ),
    Rule.BEST_F1: (
        QT_TRANSLATE_NOOP("ThresholdRule", "By best F1 of {n_good} good and {n_defective} defective calibration parts."),
        QT_TRANSLATE_NOOP("ThresholdRule", "By best F1 of {n_good} good and {n_defective} defective training parts."),
    ),
}


def rule_sentence(rule: str, rule_value: float | None, basis: Mapping[str, Any], *, person: str) -> tuple[str, dict[str, object]]:
    """The sentence under the slider as a source text of context "ThresholdRule" and its arguments. `person` set the threshold."""
    on_training = basis.get("split") == text_of(Split.TRAIN)
    arguments: dict[str, object] = {
        "person": person,
        "n_good": basis.get("n_good", 0),
        "n_defective": basis.get("n_defective", 0),
        "value": _percent(rule_value),
        "expected": _percent(basis.get("expected_overkill")),
        "low": _percent(basis.get("overkill_low")),
        "high": _percent(basis.get("overkill_high")),
        "defect_rate": _percent(basis.get("costs", {}).get("defect_rate")),
    }
    return _SENTENCES[Rule(rule)][on_training], arguments


def _percent(fraction: float | None) -> str:
    return "?" if fraction is None else f"{100 * fraction:.3g}"
