"""The rules that set thresholds: the figures of the product paper, and brute force."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.evaluation.costs import Costs, cost_per_1000
from core.evaluation.outcomes import SortedScores
from core.evaluation.thresholds import (
    Rule,
    best_f1,
    cheapest,
    escape_at_most,
    good_only,
    least_overkill,
    overkill_at_most,
    propose,
    propose_default,
    rule_sentence,
    stored_cuts,
)
from core.problems import ProblemCode, ProblemError
from core.vocabulary import Split
from tests.core.evaluation_fixtures import COSTS_B, COSTS_N, SCORES_B, SCORES_N

some_scores = st.lists(st.integers(-6, 6).map(float), min_size=1, max_size=20)
shares = st.integers(0, 100).map(lambda percent: percent / 100)


def test_overkill_rule_of_fixture_b():
    threshold = overkill_at_most(SCORES_B, 0.10)
    counts = SCORES_B.counts(threshold, threshold)
    assert threshold == 36.5
    assert (counts.overkill.numerator, counts.overkill.denominator) == (2, 20)
    assert (counts.escape.numerator, counts.escape.denominator) == (2, 8)


def test_escape_rule_of_fixture_b():
    threshold = escape_at_most(SCORES_B, 0.125)
    counts = SCORES_B.counts(threshold, threshold)
    assert threshold == 32.5
    assert (counts.escape.numerator, counts.overkill.numerator) == (1, 4)


def test_cheapest_rule_of_fixtures_b_and_n():
    assert cheapest(SCORES_B, COSTS_B) == (32.5, 32.5)
    assert cost_per_1000(SCORES_B.counts(32.5, 32.5), COSTS_B) == pytest.approx(323.00)
    threshold, _ = cheapest(SCORES_N, COSTS_N)
    counts = SCORES_N.counts(threshold, threshold)
    assert threshold == pytest.approx(1.74282, abs=5e-6)
    assert (counts.escape.numerator, counts.overkill.numerator) == (10, 20)
    assert cost_per_1000(counts, COSTS_N) == pytest.approx(179.84)


@pytest.mark.parametrize(
    ("count", "share", "rank", "expected", "low", "high"),
    [(99, 0.05, 95, 5.000, 1.66, 10.02), (100, 0.05, 96, 4.950, 1.64, 9.93)],
)
def test_good_only_rule(count, share, rank, expected, low, high):
    found = good_only(np.arange(count), share)
    assert found.rank == rank
    assert 100 * found.expected_overkill == pytest.approx(expected, abs=5e-4)
    assert 100 * found.low == pytest.approx(low, abs=0.005)
    assert 100 * found.high == pytest.approx(high, abs=0.005)
    assert np.sum(np.arange(count) < found.threshold) == rank


def test_good_only_rule_of_fixture_b():
    found = good_only(SCORES_B.good, 0.10)
    assert (found.rank, found.threshold) == (19, 39.0)


def test_good_only_refuses_what_it_cannot_promise():
    with pytest.raises(ProblemError) as refused:
        good_only(np.arange(30), 0.02)
    assert refused.value.problem.code is ProblemCode.RULE_UNREACHABLE
    assert refused.value.problem.arguments == {"count": 30, "least": "3.226"}
    assert 100 * least_overkill(30) == pytest.approx(3.226, abs=5e-4)


def test_good_only_holds_its_promise_in_simulation():
    generator = np.random.default_rng(3)
    share, rates = 0.05, []
    for _ in range(2000):
        threshold = good_only(generator.normal(size=99), share).threshold
        rates.append(np.mean(generator.normal(size=200) >= threshold))
    # Storing halfway to the next good score can only lower the rate, by half a step of 1 / (n + 1) on average.
    assert share - 1 / 100 < np.mean(rates) < share + 0.002


@given(some_scores, some_scores, shares)
def test_overkill_rule_is_the_smallest_that_holds(good, defective, share):
    scores = SortedScores(good, defective)
    threshold = overkill_at_most(scores, share)
    holding = [cut for cut in stored_cuts(good + defective) if np.sum(np.array(good) >= cut) / len(good) <= share + 1e-12]
    assert threshold == min(holding)


@given(some_scores, some_scores, shares)
def test_escape_rule_is_the_largest_that_holds(good, defective, share):
    scores = SortedScores(good, defective)
    threshold = escape_at_most(scores, share)
    holding = [cut for cut in stored_cuts(good + defective) if np.sum(np.array(defective) < cut) / len(defective) <= share + 1e-12]
    assert threshold == max(holding)


@given(some_scores, some_scores, st.integers(0, 10), st.integers(0, 10), st.integers(0, 4), st.sampled_from([0.01, 0.3, 0.5]))
def test_cheapest_pair_equals_brute_force(good, defective, escape, overkill, review, rate):
    scores, costs = SortedScores(good, defective), Costs(defect_rate=rate, escape=escape, overkill=overkill, review=review)
    cuts = stored_cuts(good + defective)
    best_pair = min(cost_per_1000(scores.counts(*pair), costs) for pair in itertools.combinations_with_replacement(cuts, 2))
    best_single = min(cost_per_1000(scores.counts(cut, cut), costs) for cut in cuts)
    t1, t2 = cheapest(scores, costs, simple=False)
    assert t1 <= t2
    assert cost_per_1000(scores.counts(t1, t2), costs) == pytest.approx(best_pair, abs=1e-9)
    single, same = cheapest(scores, costs)
    assert single == same
    assert cost_per_1000(scores.counts(single, single), costs) == pytest.approx(best_single, abs=1e-9)
    assert all(cost_per_1000(scores.counts(cut, cut), costs) > best_single + 1e-9 for cut in cuts[cuts < single])


@given(some_scores, some_scores)
def test_best_f1_equals_brute_force(good, defective):
    scores = SortedScores(good, defective)

    def f1(cut):
        counts = scores.counts(cut, cut)
        return 2 * counts.defective_ng / (2 * counts.defective_ng + counts.good_ng + counts.defective_ok)

    assert f1(best_f1(scores)) == pytest.approx(max(f1(cut) for cut in stored_cuts(good + defective)))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_stored_cuts_divide_the_scores_in_every_way(scores):
    cuts = stored_cuts(scores)
    distinct = sorted(set(scores))
    assert [int(np.sum(np.array(distinct) < cut)) for cut in cuts] == list(range(len(distinct) + 1))
    assume(len(cuts) > 2)
    assert not set(cuts[1:-1]) & set(distinct) or any(np.nextafter(a, np.inf) == b for a, b in itertools.pairwise(distinct))


@given(some_scores, some_scores, shares.filter(bool))
def test_rules_follow_increasing_maps(good, defective, share):
    def stretch(values):
        return np.asarray(values) ** 3 * 2.0 + 100.0

    before, after = SortedScores(good, defective), SortedScores(stretch(good), stretch(defective))
    for rule in (overkill_at_most, escape_at_most):
        first, second = rule(before, share), rule(after, share)
        assert before.counts(first, first) == after.counts(second, second)


def test_default_is_good_only_at_one_percent_or_the_least_reachable():
    enough = propose_default(np.arange(99.0), [200.0])
    assert (enough.rule, enough.rule_value, enough.t1) == (Rule.GOOD_ONLY, 0.01, enough.t2)
    assert enough.basis["n_good"] == 99
    assert enough.basis["n_defective"] == 1
    assert enough.t1 == np.nextafter(98.0, np.inf)
    few = propose_default(np.arange(30.0))
    assert few.rule_value == pytest.approx(0.0323)
    assert few.basis["expected_overkill"] == pytest.approx(1 / 31)
    assert propose_default([5.0]).t1 > 5.0
    many = propose_default(np.arange(999.0))
    assert np.sum(np.arange(999.0) >= many.t1) == 9


def test_defective_scores_do_not_move_the_default():
    assert propose_default(np.arange(99.0)).t1 == propose_default(np.arange(99.0), [1.5, 97.2]).t1


def test_no_good_parts_is_an_expected_trouble():
    with pytest.raises(ProblemError) as refused:
        propose_default([], [1.0])
    assert refused.value.problem.code is ProblemCode.NO_CALIBRATION_PARTS


@pytest.mark.parametrize("rule", [Rule.ESCAPE, Rule.CHEAPEST, Rule.BEST_F1])
def test_rules_that_need_defective_parts_say_so(rule):
    with pytest.raises(ProblemError) as refused:
        propose(rule, 0.1, SortedScores([1.0], []), costs=COSTS_B)
    assert refused.value.problem.code is ProblemCode.RULE_NEEDS_DEFECTIVE


def test_with_two_thresholds_each_rule_moves_its_own():
    upper = propose(Rule.OVERKILL, 0.05, SCORES_B, current=(20.5, 30.5), simple=False)
    assert (upper.t1, upper.t2) == (20.5, 39.0)
    lower = propose(Rule.ESCAPE, 0.125, SCORES_B, current=(20.5, 39.0), simple=False)
    assert (lower.t1, lower.t2) == (32.5, 39.0)
    stopped = propose(Rule.ESCAPE, 0.5, SCORES_B, current=(20.5, 30.5), simple=False)
    assert (stopped.t1, stopped.t2) == (30.5, 30.5)
    pushed = propose(Rule.OVERKILL, 0.5, SCORES_B, current=(25.5, 30.5), simple=False)
    assert (pushed.t1, pushed.t2) == (pushed.t2, overkill_at_most(SCORES_B, 0.5))
    tied = propose(Rule.OVERKILL, 0.10, SCORES_B, current=(20.5, 30.5))
    assert (tied.t1, tied.t2) == (36.5, 36.5)


def test_rules_without_what_they_need_are_bugs():
    with pytest.raises(ValueError, match="needs a value"):
        propose(Rule.OVERKILL, None, SCORES_B)
    with pytest.raises(ValueError, match="by hand"):
        propose(Rule.HAND, None, SCORES_B)


@pytest.mark.parametrize("split", [Split.CALIBRATION, Split.TRAIN])
@pytest.mark.parametrize("rule", list(Rule))
def test_every_rule_has_a_sentence_that_can_be_filled(rule, split):
    if rule is Rule.HAND:
        basis = {"split": split.name.lower(), "n_good": 20, "n_defective": 8}
    else:
        basis = propose(rule, 0.1, SCORES_B, costs=COSTS_B, split=split).basis
    restored = json.loads(json.dumps(basis))
    text, arguments = rule_sentence(rule.value, 0.1, restored, person="inspector A")
    sentence = text.format(**arguments)
    assert "?" not in sentence
    assert ("training" in sentence) == (split is Split.TRAIN)
    assert "20" in sentence or "8" in sentence


def test_the_sentence_of_the_default_names_rule_count_and_range():
    proposal = propose_default(np.arange(99.0))
    text, arguments = rule_sentence(proposal.rule, proposal.rule_value, proposal.basis, person="program")
    assert text.format(**arguments).startswith("By good parts only: expected overkill 1 % (95 %: 0.0256 to 3.66 %), from 99 good")
