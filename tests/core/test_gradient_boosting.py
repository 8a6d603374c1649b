"""Gradient boosting against scikit-learn, and its properties (detectors.md 2.2)."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import log_loss, roc_auc_score

from core.detectors.base import TableInput, TrainingData
from core.detectors.gradient_boosting import GradientBoosting
from core.job_context import Cancelled, QuietContext
from core.networks.boosted_trees import BoostedTrees
from core.problems import ProblemCode, ProblemError
from tests.core.detector_cases import GREY, picture_data, pictures


def rows(count: int, *, seed: int) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Six columns, of which the last is constant; defective where two of them disagree, with some noise."""
    random = np.random.default_rng(seed)
    values = np.column_stack([random.normal(0, [1, 5, 0.1, 40, 3], (count, 5)), np.full(count, 7.0)])
    odds = 2 * values[:, 0] - 0.5 * np.abs(values[:, 1]) + random.logistic(0, 0.5, count)
    return values, (odds > 0).astype(np.int8)


def fitted(values: NDArray[Any], labels: NDArray[np.int8], **parameters: Any) -> GradientBoosting:
    form = TableInput(columns=tuple("abcdef"[: values.shape[1]]), sources=tuple(range(values.shape[1])))
    detector = GradientBoosting(GradientBoosting.declaration.parameters.model_validate(parameters))
    detector.fit(TrainingData(input=form, train=values, calibration=values[:0], labels=labels), QuietContext())
    return detector


def test_scores_are_scikit_learns_log_odds():
    values, labels = rows(600, seed=0)
    detector = fitted(values, labels)
    scaled = detector._scaler.scaled(values)
    reference = HistGradientBoostingClassifier(early_stopping=False).fit(scaled, labels)
    new, _ = rows(200, seed=1)
    np.testing.assert_allclose(detector.score(new).scores, reference.decision_function(detector._scaler.scaled(new)), rtol=0, atol=1e-10)


def test_the_score_is_the_sum_of_the_stages():
    values, labels = rows(300, seed=0)
    detector = fitted(values, labels, trees=12)
    trees = detector._trees
    scaled = detector._scaler.scaled(values)
    total = np.full(len(values), trees.base)
    for place, root in enumerate(trees.roots):
        end = trees.roots[place + 1] if place + 1 < len(trees.roots) else len(trees.values)
        part = slice(int(root), int(end))
        inner = trees.left[part] >= 0
        one = BoostedTrees(
            features=trees.features[part],
            thresholds=trees.thresholds[part],
            left=np.where(inner, trees.left[part] - root, -1),
            right=np.where(inner, trees.right[part] - root, -1),
            values=trees.values[part],
            roots=np.zeros(1, dtype=np.int64),
            base=0.0,
        )
        total += one.sums(scaled)[0]
    np.testing.assert_allclose(detector.score(values).scores, total, atol=1e-12)


def test_more_trees_never_raise_the_deviance_on_the_training_rows():
    values, labels = rows(400, seed=2)
    losses = [
        log_loss(labels, 1 / (1 + np.exp(-fitted(values, labels, trees=count).score(values).scores))) for count in (1, 2, 4, 8, 16, 32)
    ]
    assert all(after <= before for before, after in itertools.pairwise(losses)) and losses[-1] < 0.5 * losses[0]


def test_before_the_first_tree_stands_the_share_of_defective_rows():
    values, labels = rows(400, seed=3)
    share = labels.mean()
    assert fitted(values, labels, trees=1)._trees.base == pytest.approx(np.log(share / (1 - share)))


def test_a_monotone_transform_of_a_column_changes_nothing():
    """Bins follow the order of the values, so training rows with at most 255 values are cut alike."""
    values, labels = rows(200, seed=4)
    bent = values.copy()
    bent[:, 0], bent[:, 1] = np.exp(values[:, 0]), values[:, 1] ** 3
    np.testing.assert_allclose(fitted(values, labels).score(values).scores, fitted(bent, labels).score(bent).scores, atol=1e-9)


def test_a_constant_column_says_nothing_and_the_telling_ones_most():
    values, labels = rows(500, seed=5)
    told = np.abs(fitted(values, labels).score(values).contributions).mean(axis=0)
    assert told[5] == 0 and set(np.argsort(-told)[:2]) == {0, 1}


def test_few_defective_rows_are_learnt_although_a_leaf_holds_twenty():
    """Twelve defective rows cannot fill a leaf of twenty; the leaf shrinks to half their number."""
    random = np.random.default_rng(6)
    values = np.concatenate([random.normal(0, 1, (300, 3)), random.normal([4, 0, 0], 0.3, (12, 3))])
    labels = np.repeat(np.array([0, 1], dtype=np.int8), [300, 12])
    detector = fitted(values, labels)
    good, defective = detector.score(random.normal(0, 1, (200, 3))).scores, detector.score(random.normal([4, 0, 0], 0.3, (50, 3))).scores
    assert roc_auc_score(np.repeat([0, 1], [200, 50]), np.concatenate([good, defective])) > 0.99
    assert (defective > 0).mean() > 0.9


@pytest.mark.parametrize(
    ("name", "forge", "said"),
    [
        ("left", lambda trees: np.where(trees.left >= 0, 0, -1), "outside"),
        ("right", lambda trees: np.where(trees.right >= 0, trees.right + 10**6, -1), "outside"),
        ("features", lambda trees: trees.features + 99, "outside"),
        ("roots", lambda trees: trees.roots[::-1].copy(), "follow"),
        ("roots", lambda trees: trees.roots + 10**7 * (np.arange(len(trees.roots)) > 0), "no nodes"),
    ],
)
def test_trees_that_lead_astray_are_refused(name: str, forge: Any, said: str):
    values, labels = rows(200, seed=7)
    trees = fitted(values, labels, trees=3)._trees
    assert trees.fault(6) is None
    arrays = {field: getattr(trees, field) for field in ("features", "thresholds", "left", "right", "values", "roots")}
    assert said in str(BoostedTrees(**(arrays | {name: forge(trees)}), base=0.0).fault(6))


def test_forged_trees_in_a_model_file_are_refused(tmp_path: Path):
    values, labels = rows(200, seed=8)
    fitted(values, labels, trees=3).save(tmp_path)
    path = tmp_path / "trees.safetensors"
    whole = load_file(path)
    GradientBoosting.load(tmp_path)
    for name, change in (("left", 10**6), ("right", -(10**6)), ("features", 6)):
        save_file(whole | {name: np.where(whole["left"] >= 0, whole[name] + change, whole[name])}, path)
        with pytest.raises(ProblemError) as caught:
            GradientBoosting.load(tmp_path)
        assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED
    save_file(whole | {"left": whole["left"].astype(np.float64)}, path)  # nodes that are no whole numbers
    with pytest.raises(ProblemError):
        GradientBoosting.load(tmp_path)


def test_contributions_are_the_changes_along_the_paths_and_leave_one_constant():
    values, labels = rows(300, seed=9)
    detector = fitted(values, labels, trees=20)
    scored = detector.score(values)
    assert scored.contributions is not None
    np.testing.assert_allclose(scored.scores - scored.contributions.sum(axis=1), detector._trees.constant, atol=1e-10)
    # an inner node holds the mean of the leaves below it over the training rows, so the contributions average out over them
    np.testing.assert_allclose(scored.contributions.sum(axis=1).mean(), 0, atol=1e-10)


def test_a_cancel_is_seen_after_each_tree():
    values, labels = rows(300, seed=10)
    form = TableInput(columns=tuple("abcdef"), sources=tuple(range(6)))
    seen: list[int] = []

    class Context(QuietContext):
        def progress(self, done: int, total: int) -> None:
            seen.append(done)
            self.cancelled = done == 7

    detector = GradientBoosting(GradientBoosting.declaration.parameters.model_validate({"trees": 5000}))
    with pytest.raises(Cancelled):
        detector.fit(TrainingData(input=form, train=values, calibration=values[:0], labels=labels), Context())
    assert seen == list(range(8))


def test_pictures_are_judged_by_their_features():
    detector = GradientBoosting(GradientBoosting.declaration.parameters.model_validate({"image_size": 32}))
    detector.fit(picture_data(GREY, labelled=True), QuietContext())
    items = np.concatenate([pictures(20, GREY, seed=8), pictures(20, GREY, seed=9, defective=True)])
    scored = detector.score(items)
    assert scored.contributions is None
    assert roc_auc_score(np.repeat([0, 1], 20), scored.scores) > 0.9
