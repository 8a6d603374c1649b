"""Local Outlier Factor against scikit-learn (P12) and the properties of detectors.md 4: lattices, duplicates, distances that are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import load_file, save_file
from sklearn.metrics import roc_auc_score
from sklearn.neighbors import LocalOutlierFactor as Library

from core.detectors.base import TableInput, TrainingData
from core.detectors.local_outlier_factor import LocalOutlierFactor, LocalOutlierFactorParameters
from core.job_context import QuietContext
from core.networks.local_density import LocalDensity
from core.problems import ProblemCode, ProblemError
from tests.core import digits
from tests.core.detector_cases import COLOUR, picture_data, pictures


def _fitted(train: Any, context: QuietContext | None = None, **parameters: Any) -> LocalOutlierFactor:
    width = train.shape[1]
    form = TableInput(columns=tuple(f"c{place}" for place in range(width)), sources=tuple(range(width)))
    detector = LocalOutlierFactor(LocalOutlierFactorParameters(**parameters), seed=0)
    detector.fit(TrainingData(input=form, train=train, calibration=train[:0]), context or QuietContext())
    return detector


def _standardised(rows: Any, by: Any) -> Any:
    return (rows - by.mean(axis=0)) / by.std(axis=0)


# ---- the formula -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "columns", "neighbours"), [(300, 4, 20), (600, 30, 20), (50, 2, 1), (90, 60, 5)])
def test_factors_are_scikit_learns_in_training_and_in_novelty_mode(count: int, columns: int, neighbours: int):
    """P12. Beyond 15 columns scikit-learn takes distances from a product of matrices, which rounds a little more."""
    random = np.random.default_rng(columns)
    train, new = random.normal(size=(count, columns)), 2 * random.normal(size=(100, columns))
    density, of_training = LocalDensity.learnt(train, neighbours)
    np.testing.assert_allclose(of_training, -Library(n_neighbors=neighbours).fit(train).negative_outlier_factor_, rtol=0, atol=1e-12)
    library = Library(n_neighbors=neighbours, novelty=True).fit(train)
    judged = density.judged(new)
    np.testing.assert_allclose(judged.factors, -library.score_samples(new), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(judged.neighbours, library.kneighbors(new, return_distance=False))


def test_within_a_lattice_every_factor_is_one():
    """The paper's own case: equal density all around. 12 neighbours of a square lattice are whole rings, so that no tie is cut."""
    lattice = np.stack(np.meshgrid(np.arange(15.0), np.arange(15.0)), axis=-1).reshape(-1, 2)
    _, factors = LocalDensity.learnt(lattice, 12)
    inside = ((lattice >= 6) & (lattice <= 8)).all(axis=1)
    np.testing.assert_allclose(factors[inside], 1, atol=1e-9)
    assert factors[~inside].max() > 1.01


def test_of_rows_at_the_same_distance_the_first_are_neighbours():
    """Tables of whole numbers are full of ties; which rows win them must not hang on how a tree was cut."""
    around = np.tile(np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]]), (30, 1))
    density, _ = LocalDensity.learnt(around, 7)
    assert density.judged(np.zeros((1, 2))).neighbours[0].tolist() == list(range(7))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10**6), scale=st.floats(0.01, 100), shift=st.floats(-100, 100))
def test_turning_moving_and_scaling_all_rows_change_nothing(seed: int, scale: float, shift: float):
    random = np.random.default_rng(seed)
    train, new = random.normal(size=(80, 4)), random.normal(size=(20, 4)) * 3
    turn, _ = np.linalg.qr(random.normal(size=(4, 4)))
    before = LocalDensity.learnt(train, 7)[0].judged(new).factors
    after = LocalDensity.learnt(scale * train @ turn + shift, 7)[0].judged(scale * new @ turn + shift).factors
    np.testing.assert_allclose(after, before, rtol=1e-6)


def test_the_order_of_the_training_rows_does_not_matter():
    random = np.random.default_rng(3)
    train, new = random.normal(size=(200, 5)), random.normal(size=(50, 5))
    order = random.permutation(len(train))
    density, factors = LocalDensity.learnt(train, 9)
    shuffled, of_shuffled = LocalDensity.learnt(train[order], 9)
    np.testing.assert_allclose(of_shuffled, factors[order], atol=1e-12)
    np.testing.assert_allclose(shuffled.judged(new).factors, density.judged(new).factors, atol=1e-12)
    np.testing.assert_array_equal(order[shuffled.judged(new).neighbours], density.judged(new).neighbours)


# ---- the detector ------------------------------------------------------------------------------------------------------------------


def test_scores_are_scikit_learns_on_standardised_columns():
    random = np.random.default_rng(4)
    train = random.normal(size=(400, 6)) * np.array([1, 10, 100, 0.1, 1, 5]) + 50
    new = train[:60] + random.normal(size=(60, 6)) * 3
    library = Library(n_neighbors=20, novelty=True).fit(_standardised(train, train))
    detector = _fitted(train)
    np.testing.assert_allclose(detector.score(new).scores, -library.score_samples(_standardised(new, train)), rtol=0, atol=1e-10)


def test_with_one_scale_for_all_columns_distances_are_those_of_the_table():
    random = np.random.default_rng(5)
    train, new = random.normal(size=(300, 3)) * np.array([1, 5, 0.2]), random.normal(size=(50, 3))
    library = Library(n_neighbors=20, novelty=True).fit(train)
    np.testing.assert_allclose(_fitted(train, scale_columns=False).score(new).scores, -library.score_samples(new), rtol=1e-7)


def test_neighbours_are_the_nearest_training_items_by_their_place():
    random = np.random.default_rng(6)
    train, new = random.normal(size=(150, 4)), random.normal(size=(30, 4))
    found = _fitted(train).score(new).neighbours
    distances = np.linalg.norm(_standardised(new, train)[:, None] - _standardised(train, train), axis=2)
    np.testing.assert_array_equal(found, np.argsort(distances, axis=1)[:, :5])
    assert _fitted(train, neighbours=3).score(new).neighbours.shape == (30, 3)


def test_contributions_are_shares_of_the_distance_to_the_neighbours():
    random = np.random.default_rng(7)
    train = random.normal(size=(300, 5))
    detector = _fitted(train)
    items = random.normal(size=(60, 5))
    off = random.integers(0, 5, 60)
    items[np.arange(60), off] = 6
    scored = detector.score(items)
    np.testing.assert_allclose(scored.contributions.sum(axis=1), scored.scores, rtol=1e-12)
    assert (scored.contributions.argmax(axis=1) == off).all() and (scored.contributions >= 0).all()


def test_an_item_among_dense_ones_is_stranger_than_one_as_far_among_thin_ones():
    """What a global distance cannot tell, and the paper is about."""
    random = np.random.default_rng(8)
    train = np.concatenate([random.normal(size=(200, 2)) * 0.1, random.normal(size=(200, 2)) * 3 + 30])
    near_dense, near_thin = _fitted(train).score(np.array([[1.0, 1.0], [33.0, 33.0]])).scores
    assert near_dense > 3 and near_thin < 1.5


# ---- rows that agree ---------------------------------------------------------------------------------------------------------------


def _with_copies(copies: int) -> tuple[Any, Any]:
    random = np.random.default_rng(9)
    apart = random.normal(size=(200, 3))
    return apart, np.concatenate([apart, np.repeat(apart[:1], copies, axis=0)])


def test_a_row_measured_again_and_again_does_not_make_its_neighbourhood_suspicious():
    """detectors.md 4(c): with more than k equal rows the library's factors near them are of the order of 10^9."""
    apart, train = _with_copies(40)
    beside = apart[:1] + 0.05
    library = Library(n_neighbors=20, novelty=True).fit(train)
    assert -library.score_samples(beside)[0] > 1e6
    scores = _fitted(train).score(np.concatenate([train, beside])).scores
    assert scores[-1] < 1.5 and np.isfinite(scores).all() and scores.max() < 4
    assert scores[0] < 1.01


def test_a_row_far_from_copies_is_still_suspicious():
    _, train = _with_copies(40)
    assert _fitted(train).score(np.full((1, 3), 8.0)).scores[0] > 3


@settings(max_examples=20, deadline=None)
@given(copies=st.integers(0, 19), seed=st.integers(0, 10**6))
def test_up_to_as_many_copies_as_neighbours_all_is_scikit_learns(copies: int, seed: int):
    """The rule concerns the rows whose distance would be 0, and nothing else."""
    random = np.random.default_rng(seed)
    train = random.normal(size=(100, 3))
    train = np.concatenate([train, np.repeat(train[:1], copies, axis=0)])
    new = random.normal(size=(20, 3))
    library = Library(n_neighbors=20, novelty=True).fit(_standardised(train, train))
    np.testing.assert_allclose(_fitted(train).score(new).scores, -library.score_samples(_standardised(new, train)), rtol=1e-9)


def test_crowded_rows_reach_to_the_kth_row_that_differs():
    line = np.concatenate([np.zeros(6), np.arange(1.0, 9.0)])[:, None]
    density, _ = LocalDensity.learnt(line, 3, agreement=1e-6)
    assert density.reaches[:6].tolist() == [3.0] * 6  # six zeros; 1, 2 and 3 are the rows that differ
    assert density.reaches[6:9].tolist() == [1.0, 2.0, 2.0]
    plain, _ = LocalDensity.learnt(line, 3)
    assert plain.reaches[:6].tolist() == [0.0] * 6


def test_nothing_is_raised_if_told_so_and_numbers_are_scikit_learns_with_all_their_copies():
    apart, train = _with_copies(30)
    library = Library(n_neighbors=20, novelty=True).fit(_standardised(train, train))
    new = apart[:50] + 0.1
    ours = _fitted(train, counts_as_one=0).score(new).scores
    np.testing.assert_allclose(ours, -library.score_samples(_standardised(new, train)), rtol=1e-6)


def test_rows_that_agree_nearly_are_seen_as_well():
    apart, _ = _with_copies(0)
    random = np.random.default_rng(10)
    train = np.concatenate([apart, apart[:1] + random.normal(size=(40, 3)) * 1e-9])
    beside = apart[:1] + 0.05
    assert _fitted(train, counts_as_one=0).score(beside).scores[0] > 1e5
    assert _fitted(train).score(beside).scores[0] < 1.5


@pytest.mark.parametrize(("asked", "rows", "used"), [(20, 12, 11), (1000, 30, 29), (5, 8, 5)])
def test_more_neighbours_than_rows_are_cut_and_told(asked: int, rows: int, used: int):
    train = np.random.default_rng(11).normal(size=(rows, 2))
    context = QuietContext()
    detector = _fitted(train, context, neighbours=asked)
    assert [(note.code, note.arguments["used"]) for note in context.notes] == (
        [(ProblemCode.FEWER_NEIGHBOURS, used)] if used < asked else []
    )
    library = Library(n_neighbors=used, novelty=True).fit(_standardised(train, train))
    new = train + 0.5
    np.testing.assert_allclose(detector.score(new).scores, -library.score_samples(_standardised(new, train)), atol=1e-10)


def test_a_table_of_few_different_rows_is_judged_with_all_their_copies():
    train = np.repeat(np.random.default_rng(12).normal(size=(4, 2)), 30, axis=0)
    context = QuietContext()
    scores = _fitted(train, context).score(np.concatenate([train, train + 0.1, train + 20])).scores
    assert context.notes == [] and np.isfinite(scores).all()
    assert scores[:240].max() < 2 < scores[240:].min()


def test_nothing_but_equal_rows_is_refused_in_words():
    with pytest.raises(ProblemError) as caught:
        _fitted(np.ones((30, 3)))
    assert caught.value.problem.code is ProblemCode.ALL_ITEMS_EQUAL
    assert "all of them are equal" in caught.value.problem.sentence()


# ---- findings, pictures, files -----------------------------------------------------------------------------------------------------


def test_findings_name_training_rows_that_lie_apart():
    random = np.random.default_rng(13)
    train = random.normal(size=(200, 3))
    train[[17, 60]] = [[9, 0, 0], [0, -9, 4]]
    suspicion = _fitted(train).findings().suspicion
    assert suspicion is not None and set(np.argsort(suspicion)[-2:]) == {17, 60}
    assert (suspicion > 0).sum() < 10 and (suspicion >= 0).all()


def test_pictures_are_compared_by_their_features_and_show_their_neighbours():
    detector = LocalOutlierFactor(LocalOutlierFactorParameters(image_size=32), seed=0)
    data = picture_data(COLOUR)
    detector.fit(data, QuietContext())
    good, defective = pictures(20, COLOUR, seed=8), pictures(20, COLOUR, seed=9, defective=True)
    scored = detector.score(np.concatenate([good, defective]))
    assert scored.contributions is None and scored.neighbours.shape == (40, 5)
    assert roc_auc_score(np.repeat([0, 1], 20), scored.scores) > 0.95
    assert detector.score(data.train[7:8]).neighbours[0, 0] == 7


def _changed(arrays: Any, name: str, value: Any) -> Any:
    copy = arrays[name].copy()
    copy[1] = value
    return arrays | {name: copy}


@pytest.mark.parametrize(("name", "value"), [("densities", 0), ("densities", -2), ("reaches", -1)])
def test_forged_neighbours_are_refused(name: str, value: float, tmp_path: Path):
    _fitted(np.random.default_rng(14).normal(size=(200, 3))).save(tmp_path)
    path = tmp_path / "neighbours.safetensors"
    whole = load_file(path)
    LocalOutlierFactor.load(tmp_path)
    save_file(_changed(whole, name, value), path)
    with pytest.raises(ProblemError) as caught:
        LocalOutlierFactor.load(tmp_path)
    assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED


@pytest.mark.parametrize(("name", "value"), [("neighbours", 200), ("neighbours", 0), ("rows", 10**9), ("rows", 3), ("rows", "many")])
def test_forged_numbers_of_neighbours_are_refused(name: str, value: Any, tmp_path: Path):
    import json

    _fitted(np.random.default_rng(15).normal(size=(200, 3))).save(tmp_path)
    path = tmp_path / "model.json"
    head = json.loads(path.read_text(encoding="utf-8"))
    head["values"][name] = value
    path.write_text(json.dumps(head), encoding="utf-8")
    with pytest.raises(ProblemError) as caught:
        LocalOutlierFactor.load(tmp_path)
    assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED


# ---- digits ------------------------------------------------------------------------------------------------------------------------


def test_digits_one_class_and_leave_one_out():
    """detectors.md 10.2: one-class mean >= 97 over ten digits and three seeds, leave-one-out >= 94 over ten digits and one seed."""

    def make() -> LocalOutlierFactor:
        return LocalOutlierFactor(LocalOutlierFactorParameters(scale_columns=False), seed=0)

    assert digits.mean_auroc(make, (digits.one_class(digit, seed) for digit in digits.DIGITS for seed in range(3))) >= 0.97
    assert digits.mean_auroc(make, (digits.leave_one_out(digit, 0) for digit in digits.DIGITS)) >= 0.94
