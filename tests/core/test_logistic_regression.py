"""Logistic regression against its objective, scikit-learn, and the properties of detectors.md 2.1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression as Regression
from sklearn.metrics import roc_auc_score

from core.detectors.base import TableInput, TrainingData
from core.detectors.logistic_regression import LogisticRegression, LogisticRegressionParameters
from core.job_context import QuietContext
from tests.core.detector_cases import GREY, picture_data, pictures


def _data(train: Any, labels: Any) -> TrainingData:
    width = train.shape[1]
    form = TableInput(columns=tuple(f"c{place}" for place in range(width)), sources=tuple(range(width)))
    return TrainingData(input=form, train=train, calibration=train[:0], labels=np.asarray(labels, dtype=np.int8))


def _fitted(train: Any, labels: Any, **parameters: Any) -> LogisticRegression:
    detector = LogisticRegression(LogisticRegressionParameters(**parameters), seed=0)
    detector.fit(_data(train, labels), QuietContext())
    return detector


def _drawn(count: int = 400, *, seed: int = 0, base: float = -1.0) -> tuple[Any, Any]:
    """Rows whose true log-odds are 1.5 a - b + base, in very different units, with a third column that tells nothing."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, 3))
    odds = 1.5 * rows[:, 0] - rows[:, 1] + base
    labels = (random.random(count) < 1 / (1 + np.exp(-odds))).astype(np.int8)
    return rows * np.array([1000.0, 0.01, 1.0]) + np.array([5.0, 300.0, 0.0]), labels


def _standardised(rows: Any) -> Any:
    return (rows - rows.mean(axis=0)) / rows.std(axis=0)


@pytest.mark.parametrize("freedom", [0.01, 1.0, 100.0])
def test_weights_are_scikit_learns(freedom: float):
    rows, labels = _drawn()
    detector = _fitted(rows, labels, freedom=freedom, balance="never")
    theirs = Regression(C=freedom, tol=1e-9, max_iter=10_000).fit(_standardised(rows), labels)
    np.testing.assert_allclose(detector._weights, theirs.coef_[0], atol=1e-4)
    np.testing.assert_allclose(detector.score(rows).scores, theirs.decision_function(_standardised(rows)), atol=1e-3)


def test_scores_are_scikit_learns_with_the_same_weights():
    rows, labels = _drawn()
    detector = _fitted(rows, labels, balance="never")
    theirs = Regression().fit(_standardised(rows), labels)
    theirs.coef_, theirs.intercept_ = detector._weights[None], np.array([detector._base])
    np.testing.assert_allclose(detector.score(rows).scores, theirs.decision_function(_standardised(rows)), rtol=0, atol=1e-10)


@pytest.mark.parametrize("balance", ["never", "always"])
def test_the_gradient_of_the_objective_vanishes(balance: str):
    rows, labels = _drawn()
    detector = _fitted(rows, labels, freedom=3.0, balance=balance)
    good, defective = detector._class_weights(labels)
    each = np.where(labels == 1, defective, good)
    odds = detector.score(rows).scores + np.log(defective / good)
    rest = each * (1 / (1 + np.exp(-odds)) - labels)
    pull = 3.0 * _standardised(rows).T @ rest
    np.testing.assert_allclose(detector._weights + pull, 0, atol=1e-4 * np.abs(detector._weights).max() * len(rows))
    assert abs(rest.sum()) < 1e-4 * len(rows)


def test_without_freedom_the_score_is_the_share_of_defective_items():
    rows, labels = _drawn()
    scores = _fitted(rows, labels, freedom=1e-9, balance="never").score(rows).scores
    np.testing.assert_allclose(1 / (1 + np.exp(-scores)), labels.mean(), atol=1e-4)


def test_swapped_labels_turn_the_score_around():
    rows, labels = _drawn()
    one, other = _fitted(rows, labels, balance="never"), _fitted(rows, 1 - labels, balance="never")
    np.testing.assert_allclose(one._weights, -other._weights, atol=1e-5)
    np.testing.assert_allclose(one.score(rows).scores, -other.score(rows).scores, atol=1e-4)


@settings(max_examples=15, deadline=None)
@given(factor=st.floats(1e-6, 1e6), shift=st.floats(-1e6, 1e6))
def test_units_of_a_column_change_nothing(factor: float, shift: float):
    """Columns are standardised first, so the penalty is the same for all of them."""
    rows, labels = _drawn(120)
    moved = rows.copy()
    moved[:, 2] = rows[:, 2] * factor + shift
    spread = np.finfo(float).eps * (abs(shift) + factor) / factor  # digits that the shift takes from the column
    np.testing.assert_allclose(
        _fitted(moved, labels).score(moved).scores, _fitted(rows, labels).score(rows).scores, atol=1e-4 + 100 * spread
    )


def test_probabilities_match_the_share_of_defective_items_also_where_they_are_weighed_up():
    """scikit-learn's own answer to class weights is too high by log(a_1 / a_0)."""
    rows, labels = _drawn(4000, base=-4.0)
    assert labels.mean() < 0.1
    for balance in ("never", "auto", "always"):
        scores = _fitted(rows, labels, balance=balance).score(rows).scores
        assert (1 / (1 + np.exp(-scores))).mean() == pytest.approx(labels.mean(), rel=0.25), balance
    theirs = Regression(class_weight="balanced").fit(_standardised(rows), labels)
    ours = _fitted(rows, labels, balance="always").score(rows).scores
    shift = theirs.decision_function(_standardised(rows)) - ours
    np.testing.assert_allclose(shift, np.log((1 - labels.mean()) / labels.mean()), atol=1e-2)


def test_defective_items_are_weighed_up_by_themselves_only_where_they_are_few():
    rows, labels = _drawn(base=0.0)
    assert labels.mean() > 0.2
    np.testing.assert_array_equal(_fitted(rows, labels).score(rows).scores, _fitted(rows, labels, balance="never").score(rows).scores)
    few = np.concatenate([np.flatnonzero(labels == 0), np.flatnonzero(labels)[:10]])
    auto, always = (_fitted(rows[few], labels[few], balance=balance) for balance in ("auto", "always"))
    np.testing.assert_array_equal(auto.score(rows).scores, always.score(rows).scores)


def test_contributions_are_the_weighted_distances_from_the_mean():
    rows, labels = _drawn()
    detector = _fitted(rows, labels)
    scored = detector.score(rows)
    assert scored.contributions is not None
    np.testing.assert_allclose(scored.contributions, detector._weights * _standardised(rows), atol=1e-9)
    np.testing.assert_allclose(scored.contributions.mean(axis=0), 0, atol=1e-9)
    assert np.abs(scored.contributions[:, 2]).mean() < 0.3 * np.abs(scored.contributions[:, 0]).mean()


def test_classes_that_can_be_told_apart_exactly_keep_finite_weights_and_an_order():
    random = np.random.default_rng(1)
    rows = np.concatenate([random.normal(size=(60, 2)), random.normal(size=(20, 2)) + 30])
    labels = np.repeat([0, 1], [60, 20])
    detector = _fitted(rows, labels, freedom=1e6)
    scores = detector.score(rows).scores
    assert np.isfinite(scores).all() and roc_auc_score(labels, scores) == 1 and len(np.unique(scores)) == 80


def test_more_columns_than_items_and_a_constant_one_are_no_obstacle():
    random = np.random.default_rng(2)
    rows = random.normal(size=(20, 60))
    rows[:, 5] = 7
    labels = np.repeat([0, 1], [14, 6])
    detector = _fitted(rows, labels)
    assert detector._weights[5] == 0
    assert np.isfinite(detector.score(random.normal(size=(9, 60))).scores).all()


def test_pictures_are_judged_by_their_features(tmp_path: Path):
    detector = LogisticRegression(LogisticRegressionParameters(), seed=0)
    detector.fit(picture_data(GREY, labelled=True), QuietContext())
    good, defective = pictures(20, GREY, seed=8), pictures(20, GREY, seed=9, defective=True)
    scored = detector.score(np.concatenate([good, defective]))
    assert scored.contributions is None
    assert roc_auc_score(np.repeat([0, 1], 20), scored.scores) > 0.98
    detector.save(tmp_path)
    np.testing.assert_array_equal(LogisticRegression.load(tmp_path).score(good).scores, scored.scores[:20])
