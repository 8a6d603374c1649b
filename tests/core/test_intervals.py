"""Exact limits, goals and the planner against figures computed with SciPy and printed in the product paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evaluation.intervals import (
    GoalVerdict,
    clopper_pearson,
    goal_verdict,
    lower_limit,
    sample_size,
    upper_limit,
)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (1, 100, 0.0253, 5.446),
        (5, 500, 0.3255, 2.318),
        (12, 600, 1.038, 3.468),
        (12, 100, 6.357, 20.024),
        (0, 30, 0, 11.570),
        (30, 30, 88.430, 100),
        (47, 50, 83.45, 98.75),
    ],
)
def test_two_sided_limits_in_percent(successes, trials, low, high):
    found = clopper_pearson(successes, trials)
    assert 100 * found.low == pytest.approx(low, rel=1e-3)
    assert 100 * found.high == pytest.approx(high, rel=1e-3)


def test_no_parts_leave_everything_possible():
    found = clopper_pearson(0, 0)
    assert (found.low, found.high) == (0.0, 1.0)


@pytest.mark.parametrize(("successes", "trials"), [(3, 2), (-1, 5)])
def test_impossible_counts_are_refused(successes, trials):
    with pytest.raises(ValueError, match="is no rate"):
        clopper_pearson(successes, trials)


@given(st.integers(1, 400), st.data())
def test_limits_hold_the_rate_and_mirror(trials, data):
    successes = data.draw(st.integers(0, trials))
    found = clopper_pearson(successes, trials)
    mirrored = clopper_pearson(trials - successes, trials)
    assert 0 <= found.low <= successes / trials <= found.high <= 1
    assert mirrored.low == pytest.approx(1 - found.high, abs=1e-12)
    wider = clopper_pearson(successes, trials, confidence=0.99)
    assert wider.low <= found.low
    assert wider.high >= found.high


@pytest.mark.parametrize(
    ("successes", "trials", "goal", "verdict"),
    [
        (0, 299, 0.01, GoalVerdict.PASS),
        (0, 298, 0.01, GoalVerdict.NOT_ENOUGH_DATA),
        (1, 100, 0.01, GoalVerdict.NOT_ENOUGH_DATA),
        (4, 100, 0.01, GoalVerdict.FAIL),
        (5, 500, 0.02, GoalVerdict.NOT_ENOUGH_DATA),
        (5, 500, 0.025, GoalVerdict.PASS),
        (0, 0, 0.01, GoalVerdict.NOT_ENOUGH_DATA),
    ],
)
def test_goal(successes, trials, goal, verdict):
    assert goal_verdict(successes, trials, goal=goal) is verdict


def test_one_sided_limits_in_percent():
    assert 100 * upper_limit(0, 299) == pytest.approx(0.9969, abs=5e-5)
    assert 100 * lower_limit(1, 100) == pytest.approx(0.0513, abs=5e-5)
    assert 100 * upper_limit(1, 100) == pytest.approx(4.656, abs=5e-4)
    assert 100 * lower_limit(4, 100) == pytest.approx(1.378, abs=5e-4)
    assert 100 * upper_limit(5, 500) == pytest.approx(2.091, abs=5e-4)


@pytest.mark.parametrize(
    ("trials", "percent"),
    [
        (20, 13.911),
        (30, 9.503),
        (50, 5.816),
        (59, 4.951),
        (100, 2.951),
        (200, 1.487),
        (299, 0.9969),
        (500, 0.5974),
        (1000, 0.2991),
        (2995, 0.09997),
    ],
)
def test_none_seen(trials, percent):
    assert 100 * upper_limit(0, trials) == pytest.approx(percent, rel=2e-4)


@pytest.mark.parametrize(
    ("goal", "sizes"),
    [
        (0.05, (59, 93, 124, 153)),
        (0.01, (299, 473, 628, 773)),
        (0.005, (598, 947, 1258, 1549)),
        (0.001, (2995, 4742, 6294, 7752)),
    ],
)
def test_planner(goal, sizes):
    assert tuple(sample_size(goal, successes=successes) for successes in range(4)) == sizes


def test_planner_at_other_confidence():
    assert sample_size(0.01, confidence=0.90) == 230
    assert sample_size(0.01, confidence=0.99) == 459
    with pytest.raises(ValueError, match="not between"):
        sample_size(0.0)
