"""What a choice of thresholds costs at the production defect rate, and how sure that is.

The mix of good and defective parts in a test says nothing about production, so every figure here is weighted by the defect rate that a
person states.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.evaluation.intervals import Interval
from core.evaluation.outcomes import Counts


@dataclass(frozen=True, kw_only=True)
class Costs:
    """The production defect rate (a fraction) and the cost of one escape, one overkill and one review, in any one currency."""

    defect_rate: float
    escape: float
    overkill: float
    review: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.defect_rate <= 1:
            raise ValueError(f"the defect rate {self.defect_rate} is not between 0 and 1")
        if not all(0 <= cost < math.inf for cost in (self.escape, self.overkill, self.review)):
            raise ValueError("a cost is below 0, or no finite number")


@dataclass(frozen=True)
class ProductionFigures:
    """What happens to parts as they are made. ppm: parts per million made. `review_rate` and `share_of_ng_defective` are fractions."""

    review_rate: float
    escape_ppm: float
    overkill_ppm: float
    review_ppm: float
    share_of_ng_defective: float | None


def production_figures(counts: Counts, defect_rate: float) -> ProductionFigures:
    """Counts of a test carried over to production. Raises ValueError when there are no good or no defective parts."""
    good, defective = _fractions(counts)
    review_rate = float((1 - defect_rate) * good[1] + defect_rate * defective[1])
    ng_defective, ng_good = float(defect_rate * defective[2]), float((1 - defect_rate) * good[2])
    return ProductionFigures(
        review_rate=review_rate,
        escape_ppm=float(1e6 * defect_rate * defective[0]),
        overkill_ppm=1e6 * ng_good,
        review_ppm=1e6 * review_rate,
        share_of_ng_defective=ng_defective / (ng_defective + ng_good) if ng_defective + ng_good > 0 else None,
    )


def cost_per_1000(counts: Counts, costs: Costs) -> float:
    """The cost of 1,000 parts made. Raises ValueError when there are no good or no defective parts."""
    good, defective = _fractions(counts)
    return float(_cost(good, defective, costs))


def cost_band(counts: Counts, costs: Costs, *, repeats: int = 2000, seed: int = 0, confidence: float = 0.95) -> Interval:
    """Bootstrap band of `cost_per_1000`: good and defective parts are drawn again apart."""
    good, defective = _fractions(counts)
    generator = np.random.default_rng(seed)
    drawn = _cost(
        generator.multinomial(counts.good, good, size=repeats) / counts.good,
        generator.multinomial(counts.defective, defective, size=repeats) / counts.defective,
        costs,
    )
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Interval(float(low), float(high))


def cost_range(counts: Counts, costs: Costs, *, confidence: float = 0.95) -> Interval:
    """The cost at the exact limits of the escape rate; needed because a bootstrap of no escapes has no spread."""
    base = cost_per_1000(counts, costs)
    escape = counts.escape
    limits = escape.interval(confidence=confidence)
    seen = escape.value or 0.0
    per_escape = 1000 * costs.defect_rate * costs.escape
    return Interval(base + per_escape * (limits.low - seen), base + per_escape * (limits.high - seen))


def _fractions(counts: Counts) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not counts.good or not counts.defective:
        raise ValueError("a cost needs good and defective parts")
    good = np.array([counts.good_ok, counts.good_review, counts.good_ng]) / counts.good
    defective = np.array([counts.defective_ok, counts.defective_review, counts.defective_ng]) / counts.defective
    return good, defective


def _cost(good: NDArray[np.float64], defective: NDArray[np.float64], costs: Costs) -> NDArray[np.float64]:
    """`good` and `defective` have fractions OK, REVIEW, NG along their last axis."""
    rate = costs.defect_rate
    in_review = (1 - rate) * good[..., 1] + rate * defective[..., 1]
    cost: NDArray[np.float64] = 1000 * (
        rate * costs.escape * defective[..., 0] + (1 - rate) * costs.overkill * good[..., 2] + costs.review * in_review
    )
    return cost
