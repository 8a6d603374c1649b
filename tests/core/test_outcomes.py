"""Verdicts, outcomes, counts, parts and production figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.evaluation.costs import Costs, cost_band, cost_per_1000, cost_range, production_figures
from core.evaluation.flat_zone import flat_zone
from core.evaluation.outcomes import (
    Counts,
    SortedScores,
    outcomes,
    parts_of,
    percentile_of_good,
    verdict_codes,
    verdicts,
)
from core.evaluation.thresholds import cheapest
from core.vocabulary import Label, Outcome, Verdict
from tests.core.evaluation_fixtures import COSTS_A, COSTS_B, COSTS_N, COUNTS_A, SCORES_B, SCORES_N

NAN = float("nan")
few_scores = st.lists(st.integers(-5, 5).map(float), max_size=30)
thresholds = st.tuples(st.integers(-12, 12), st.integers(-12, 12)).map(lambda pair: tuple(sorted(value / 2 for value in pair)))


def brute_force(good, defective, t1, t2):
    def verdict(score):
        return "ok" if score < t1 else "review" if score < t2 else "ng"

    table = {label: {"ok": 0, "review": 0, "ng": 0} for label in ("good", "defective")}
    for label, scores in (("good", good), ("defective", defective)):
        for score in scores:
            table[label][verdict(score)] += 1
    return table


@given(few_scores, few_scores, thresholds)
def test_counts_equal_brute_force(good, defective, limits):
    assert SortedScores(good, defective).counts(*limits).as_table() == brute_force(good, defective, *limits)


@given(few_scores, few_scores, thresholds)
def test_counts_and_outcomes_agree(good, defective, limits):
    labels = [Label.GOOD] * len(good) + [Label.DEFECTIVE] * len(defective)
    words = list(outcomes(labels, good + defective, *limits))
    counts = SortedScores(good, defective).counts(*limits)
    assert words.count(Outcome.ESCAPE) == counts.escape.numerator == counts.defective_ok
    assert words.count(Outcome.OVERKILL) == counts.overkill.numerator == counts.good_ng
    assert words.count(Outcome.IN_REVIEW) == counts.review.numerator
    assert words.count(Outcome.CORRECT_OK) == counts.good_ok
    assert words.count(Outcome.CORRECT_NG) == counts.defective_ng


@given(few_scores, few_scores, thresholds)
def test_counts_survive_increasing_maps(good, defective, limits):
    def stretch(values):
        return np.exp(np.asarray(values, dtype=float)) * 3 + 7

    before = SortedScores(good, defective).counts(*limits)
    assert SortedScores(stretch(good), stretch(defective)).counts(*stretch(limits)) == before


def test_a_score_on_the_threshold_belongs_above_it():
    assert list(verdicts([0.9, 1.0, 1.9, 2.0], 1.0, 2.0)) == [Verdict.OK, Verdict.REVIEW, Verdict.REVIEW, Verdict.NG]
    assert list(verdict_codes([0.9, 1.0, 2.0, NAN], 1.0, 1.0)) == [0, 2, 2, -1]


def test_unscored_is_never_ok_and_unsure_enters_no_rate():
    labels = [Label.GOOD, Label.DEFECTIVE, Label.UNSURE, Label.NONE, Label.UNSURE]
    assert list(outcomes(labels, [NAN, NAN, 0.0, 0.0, NAN], 1.0, 1.0)) == [
        Outcome.UNSCORED,
        Outcome.UNSCORED,
        Outcome.UNLABELLED,
        Outcome.UNLABELLED,
        Outcome.UNSCORED,
    ]
    assert verdicts([NAN], 1.0, 1.0)[0] is None
    assert SortedScores([NAN, 0.0], [NAN]).counts(1.0, 1.0).good == 1


def test_thresholds_the_wrong_way_round_are_refused():
    with pytest.raises(ValueError, match="above"):
        SortedScores([1.0], [2.0]).counts(2.0, 1.0)


def test_rates_of_fixture_a():
    assert COUNTS_A.escape.value == 0.01
    assert COUNTS_A.overkill.value == 0.01
    assert (COUNTS_A.review.numerator, COUNTS_A.review.denominator) == (12, 600)
    assert 100 * COUNTS_A.escape.interval().high == pytest.approx(5.446, abs=5e-4)
    assert COUNTS_A.review_good.value == 8 / 500
    assert COUNTS_A.review_defective.value == 4 / 100


def test_production_figures_of_fixture_a():
    figures = production_figures(COUNTS_A, 0.002)
    assert figures.review_rate == pytest.approx(0.016048)
    assert figures.escape_ppm == pytest.approx(20)
    assert figures.overkill_ppm == pytest.approx(9980)
    assert figures.review_ppm == pytest.approx(16048)
    assert 100 * figures.share_of_ng_defective == pytest.approx(15.99, abs=0.005)


def test_cost_of_fixture_a():
    assert cost_per_1000(COUNTS_A, COSTS_A) == pytest.approx(37.984)
    band = cost_band(COUNTS_A, COSTS_A, repeats=100_000)
    assert band.low == pytest.approx(15.0, abs=1)
    assert band.high == pytest.approx(67.9, abs=1)
    limits = cost_range(COUNTS_A, COSTS_A)
    assert limits.low == pytest.approx(28.24, abs=0.005)
    assert limits.high == pytest.approx(82.44, abs=0.005)


def test_no_escapes_still_have_a_range():
    none_escaped = Counts(good_ok=500, good_review=0, good_ng=0, defective_ok=0, defective_review=0, defective_ng=100)
    band, limits = cost_band(none_escaped, COSTS_A), cost_range(none_escaped, COSTS_A)
    assert band.low == band.high == 0
    assert limits.high > 30


def test_costs_need_both_kinds_of_parts_and_sensible_values():
    only_good = Counts(good_ok=5, good_review=0, good_ng=0, defective_ok=0, defective_review=0, defective_ng=0)
    with pytest.raises(ValueError, match="good and defective"):
        cost_per_1000(only_good, COSTS_A)
    with pytest.raises(ValueError, match="defect rate"):
        Costs(defect_rate=1.5, escape=1, overkill=1)
    with pytest.raises(ValueError, match="below 0"):
        Costs(defect_rate=0.5, escape=-1, overkill=1)
    for endless in (math.inf, math.nan):
        with pytest.raises(ValueError, match="no finite number"):
            Costs(defect_rate=0.5, escape=1, overkill=1, review=endless)
    assert only_good.escape.value is None
    assert production_figures(SortedScores([0.0], [0.0]).counts(1, 1), 0.1).share_of_ng_defective is None


def test_fixture_n_flat_zone_and_band():
    threshold, _ = cheapest(SCORES_N, COSTS_N)
    counts = SCORES_N.counts(threshold, threshold)
    band = cost_band(counts, COSTS_N, repeats=10_000)
    assert band.low == pytest.approx(115.9, abs=3)
    assert band.high == pytest.approx(251.8, abs=3)
    zone = flat_zone(SCORES_N, COSTS_N, threshold, repeats=10_000)
    assert zone.low == pytest.approx(1.30, abs=0.06)
    assert zone.high == pytest.approx(2.21, abs=0.06)
    assert zone.low <= threshold <= zone.high


def test_the_flat_zone_of_many_scores_is_quick_and_holds_its_threshold():
    generator = np.random.default_rng(0)
    scores = SortedScores(generator.normal(size=20_000), generator.normal(3, size=5_000))
    threshold, _ = cheapest(scores, COSTS_N)
    zone = flat_zone(scores, COSTS_N, threshold, repeats=500)
    assert zone.low <= threshold <= zone.high
    assert zone.high - zone.low < 0.6
    with pytest.raises(ValueError, match="good and defective"):
        flat_zone(SortedScores([1.0], []), COSTS_B, 1.0)


def test_percentile_of_good():
    assert percentile_of_good(SCORES_B.good, [37.0])[0] == 90
    assert np.isnan(percentile_of_good(SCORES_B.good, [NAN])[0])
    assert np.isnan(percentile_of_good([], [1.0])[0])


def test_parts_take_the_largest_score_and_the_worst_label():
    parts = parts_of(
        ["a", "", "a", "b", "b", "", "c", "c"],
        [Label.GOOD, Label.GOOD, Label.DEFECTIVE, Label.GOOD, Label.NONE, Label.DEFECTIVE, Label.GOOD, Label.UNSURE],
        [3.0, 1.0, 2.0, 1.0, 5.0, 4.0, NAN, 9.0],
    )
    assert list(parts.labels) == [Label.DEFECTIVE, Label.GOOD, Label.NONE, Label.DEFECTIVE, Label.UNSURE]
    assert list(parts.scores[:4]) == [3.0, 1.0, 5.0, 4.0]
    assert np.isnan(parts.scores[4])
    assert list(parts.item_index) == [0, 1, 4, 5, 6]
    assert list(parts.of_label(Label.DEFECTIVE)) == [3.0, 4.0]


@given(st.lists(st.tuples(st.sampled_from(["", "x", "y", "z"]), st.integers(0, 3), st.floats(-3, 3)), max_size=25))
def test_parts_equal_brute_force(items):
    serials = [item[0] for item in items]
    parts = parts_of(serials, [item[1] for item in items], [item[2] for item in items])
    groups: dict[object, list[int]] = {}
    for index, serial in enumerate(serials):
        groups.setdefault(serial or index, []).append(index)
    order = {Label.GOOD: 0, Label.NONE: 1, Label.UNSURE: 2, Label.DEFECTIVE: 3}
    assert list(parts.scores) == [max(items[index][2] for index in members) for members in groups.values()]
    assert list(parts.labels) == [max((Label(items[index][1]) for index in members), key=order.get) for members in groups.values()]
