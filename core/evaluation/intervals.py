"""Exact limits for a rate seen in a sample, and what they say about a goal.

All limits are those of Clopper and Pearson (Biometrika 26, 1934), from the beta distribution. Parts are taken as independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scipy import special  # scipy.stats would take a second to import, and its calls are a hundred times slower


@dataclass(frozen=True)
class Interval:
    """Two-sided limits of a rate, as fractions."""

    low: float
    high: float


class GoalVerdict(StrEnum):
    """What a sample says about a goal of the form "rate <= goal"."""

    PASS = "PASS"
    FAIL = "FAIL"
    NOT_ENOUGH_DATA = "NOT ENOUGH DATA"


def _check(successes: int, trials: int) -> None:
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no rate")


def upper_limit(successes: int, trials: int, *, confidence: float = 0.95) -> float:
    """The one-sided upper limit of the rate; 1 when there is nothing to go by. Raises ValueError unless 0 <= successes <= trials."""
    _check(successes, trials)
    return 1.0 if successes == trials else float(special.betaincinv(successes + 1, trials - successes, confidence))


def lower_limit(successes: int, trials: int, *, confidence: float = 0.95) -> float:
    """The one-sided lower limit of the rate; 0 when there is nothing to go by. Raises ValueError unless 0 <= successes <= trials."""
    _check(successes, trials)
    return 0.0 if successes == 0 else float(special.betaincinv(successes, trials - successes + 1, 1 - confidence))


def clopper_pearson(successes: int, trials: int, *, confidence: float = 0.95) -> Interval:
    """The exact two-sided interval; 0 to 1 for no trials. Raises ValueError unless 0 <= successes <= trials."""
    each_side = (1 + confidence) / 2
    return Interval(
        lower_limit(successes, trials, confidence=each_side),
        upper_limit(successes, trials, confidence=each_side),
    )


def goal_verdict(successes: int, trials: int, *, goal: float, confidence: float = 0.95) -> GoalVerdict:
    """PASS if the one-sided upper limit is at most `goal`, FAIL if the lower one is above it."""
    if upper_limit(successes, trials, confidence=confidence) <= goal:
        return GoalVerdict.PASS
    if lower_limit(successes, trials, confidence=confidence) > goal:
        return GoalVerdict.FAIL
    return GoalVerdict.NOT_ENOUGH_DATA


def sample_size(goal: float, *, successes: int = 0, confidence: float = 0.95) -> int:
    """The smallest number of parts that proves `goal` although `successes` of them are bad. Raises ValueError unless 0 < goal < 1."""
    if not 0 < goal < 1:
        raise ValueError(f"goal {goal} is not between 0 and 1")
    too_few, enough = successes, successes + 1
    while upper_limit(successes, enough, confidence=confidence) > goal:
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if upper_limit(successes, middle, confidence=confidence) <= goal:
            enough = middle
        else:
            too_few = middle
    return enough
