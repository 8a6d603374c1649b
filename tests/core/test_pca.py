"""PCA against its definitions, scipy, scikit-learn and a linear autoencoder: detectors.md section 5.1, P9 and P10 of section 11."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import mahalanobis
from sklearn.covariance import EmpiricalCovariance, LedoitWolf
from sklearn.decomposition import PCA

from core.detectors.base import ImageInput, TableInput, TrainingData
from core.detectors.pca import PrincipalComponentParameters, PrincipalComponents
from core.job_context import QuietContext
from core.networks.principal_components import Subspace, principal_components
from tests.core.digits import DIGITS, leave_one_out, mean_auroc, one_class


def _subspace(values: Any, count: int) -> Subspace:
    tensor = torch.from_numpy(values)
    return principal_components(lambda places: tensor[places], np.arange(len(values)), choose=lambda variances: min(count, len(variances)))


def _fitted(train: Any, **parameters: Any) -> PrincipalComponents:
    if train.ndim == 2:
        form: Any = TableInput(columns=tuple(f"c{place}" for place in range(train.shape[1])), sources=tuple(range(train.shape[1])))
    else:
        form = ImageInput(height=train.shape[1], width=train.shape[2], channels=train.shape[3])
    detector = PrincipalComponents(PrincipalComponentParameters(**parameters), seed=0)
    detector.fit(TrainingData(input=form, train=train, calibration=train[:0]), QuietContext())
    return detector


def _related(count: int, seed: int = 0) -> Any:
    """Seven columns of different scale that depend on three numbers, and a little noise."""
    random = np.random.default_rng(seed)
    mixed = np.random.default_rng(99).normal(size=(3, 7))
    return (random.normal(size=(count, 3)) @ mixed + 0.2 * random.normal(size=(count, 7))) * np.array([1, 5, 0.1, 2, 1, 30, 1]) + 10


# ---- the plane ---------------------------------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 30), st.integers(1, 12), st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_plane_keeps_pythagoras_and_the_tail(count: int, dimensions: int, kept: int, seed: int):
    """||x - mu||^2 = Q + ||V'(x - mu)||^2; mean Q = variances left out; directions orthonormal, largest entry positive. n > d and n < d."""
    values = np.random.default_rng(seed).normal(size=(count, dimensions)) * np.logspace(0, 2, dimensions)
    plane = _subspace(values, kept)
    centred = torch.from_numpy(values) - plane.centre
    coordinates = plane.coordinates(centred)
    residual = (centred - plane.along(coordinates)).square().sum(dim=1)
    size = float(centred.square().sum(dim=1).max())
    np.testing.assert_allclose(centred.square().sum(dim=1), residual + coordinates.square().sum(dim=1), atol=1e-11 * size)
    assert float(residual.mean()) == pytest.approx(plane.left_over, abs=1e-11 * size)
    np.testing.assert_allclose(coordinates.square().mean(dim=0), plane.variances, rtol=1e-6)
    np.testing.assert_allclose(plane.directions @ plane.directions.T, np.eye(len(plane.directions)), atol=1e-10)
    assert bool((plane.directions.gather(1, plane.directions.abs().argmax(dim=1, keepdim=True)) > 0).all())


@pytest.mark.parametrize("shape", [(40, 9), (9, 40)])
def test_plane_is_scikit_learns(shape: tuple[int, int]):
    values = np.random.default_rng(1).normal(size=shape)
    plane, theirs = _subspace(values, 4), PCA(4).fit(values)
    np.testing.assert_allclose(np.abs((plane.directions.numpy() * theirs.components_).sum(axis=1)), 1, atol=1e-12)
    np.testing.assert_allclose(plane.variances * shape[0] / (shape[0] - 1), theirs.explained_variance_, rtol=1e-12)


def test_directions_that_are_rounding_are_dropped():
    random = np.random.default_rng(2)
    flat = random.normal(size=(50, 2)) @ random.normal(size=(2, 6))
    assert len(_subspace(flat, 6).directions) == 2
    assert len(_subspace(flat.T.copy(), 50).directions) <= 2
    assert len(_subspace(np.ones((20, 3)), 3).directions) == 0


def test_portions_make_no_difference(monkeypatch: pytest.MonkeyPatch):
    values = np.random.default_rng(3).normal(size=(100, 5))
    whole = _subspace(values, 3)
    monkeypatch.setattr("core.networks.principal_components._NUMBERS_AT_ONCE", 80)
    seen: list[float] = []
    tensor = torch.from_numpy(values)
    parts = principal_components(lambda places: tensor[places], np.arange(100), choose=lambda variances: 3, tell=seen.append)
    np.testing.assert_allclose(parts.directions, whole.directions, atol=1e-12)
    assert len(seen) == 14 and seen == sorted(seen) and seen[-1] == 1


# ---- scores ------------------------------------------------------------------------------------------------------------------------


def test_residual_of_rows_is_the_squared_distance_from_scikit_learns_plane():
    train, items = _related(200), _related(50, seed=1)
    detector = _fitted(train, components=3)
    scaled = (items - train.mean(axis=0)) / train.std(axis=0)
    theirs = PCA(3).fit((train - train.mean(axis=0)) / train.std(axis=0))
    away = scaled - theirs.inverse_transform(theirs.transform(scaled))
    scored = detector.score(items)
    np.testing.assert_allclose(scored.scores, np.square(away).sum(axis=1), rtol=1e-10)
    np.testing.assert_allclose(scored.contributions, np.square(away), atol=1e-10)
    np.testing.assert_allclose(scored.reconstructions, items - away * train.std(axis=0), rtol=1e-9)


def test_distance_with_all_components_is_the_squared_mahalanobis_distance():
    """P10; scikit-learn's `mahalanobis` gives the square, scipy's the root. Ledoit-Wolf only without its shrinkage."""
    train, items = _related(300), _related(40, seed=1)
    scored = _fitted(train, score="distance", variance_share=100).score(items)
    empirical = EmpiricalCovariance().fit(train)
    np.testing.assert_allclose(scored.scores, empirical.mahalanobis(items), rtol=1e-9)
    inverse = np.linalg.inv(np.cov(train.T, bias=True))
    np.testing.assert_allclose(scored.scores, [mahalanobis(item, train.mean(axis=0), inverse) ** 2 for item in items], rtol=1e-9)
    shrunk = LedoitWolf().fit(train)
    shrunk.covariance_, shrunk.precision_ = empirical.covariance_, empirical.precision_
    np.testing.assert_allclose(scored.scores, shrunk.mahalanobis(items), rtol=1e-9)
    np.testing.assert_allclose(scored.contributions.sum(axis=1), scored.scores, rtol=1e-9)


def test_all_components_leave_no_residual():
    train = _related(100)
    assert _fitted(train, variance_share=100).score(_related(30, seed=1)).scores.max() < 1e-20


def test_both_are_measured_in_spreads_of_good_items():
    train, items = _related(200), _related(30, seed=1)
    residual, distance, both = (_fitted(train, score=score, components=3) for score in ("residual", "distance", "both"))
    units = [detector.score(train).scores.std() for detector in (residual, distance)]
    expected = residual.score(items).scores / units[0] + distance.score(items).scores / units[1]
    np.testing.assert_allclose(both.score(items).scores, expected, rtol=1e-9)


def test_residual_finds_broken_relations_and_distance_extreme_values():
    train = _related(400)
    broken, extreme = _related(20, seed=1), (_related(20, seed=2) - 10) * 4 + 10
    broken[:, 5] = 20 - broken[:, 5]
    labels = np.repeat([False, True], [400, 20])
    for score, items in (("residual", broken), ("distance", extreme)):
        scores = _fitted(train, score=score, components=3).score(np.concatenate([train, items])).scores
        assert np.median(scores[labels]) > np.quantile(scores[~labels], 0.99)


def test_linear_autoencoder_leaves_the_same_residual():
    """P9: squared loss, no activation, trained to the end with LBFGS."""
    values = torch.from_numpy(np.random.default_rng(4).normal(size=(120, 8)) @ np.diag(np.linspace(2, 0.3, 8)))
    plane = _subspace(values.numpy(), 3)
    torch_generator = torch.Generator().manual_seed(0)
    encode, decode = (torch.randn(shape, generator=torch_generator, dtype=torch.float64) / 3 for shape in ((8, 3), (3, 8)))
    weights = [encode.requires_grad_(), decode.requires_grad_()]
    optimiser = torch.optim.LBFGS(weights, max_iter=500, tolerance_grad=1e-12, tolerance_change=1e-15, line_search_fn="strong_wolfe")
    centred = values - values.mean(dim=0)

    def loss() -> Any:
        return (centred - centred @ weights[0] @ weights[1]).square().sum(dim=1).mean()

    def closure() -> Any:
        optimiser.zero_grad()
        value = loss()
        value.backward()
        return value

    optimiser.step(closure)
    left = float(loss().detach())
    assert left == pytest.approx(plane.left_over, rel=2e-6)
    assert left > plane.left_over * (1 - 1e-12)


# ---- pictures ----------------------------------------------------------------------------------------------------------------------


def _striped(count: int, *, spot: bool = False, seed: int = 0) -> Any:
    random = np.random.default_rng(seed)
    across = np.sin(np.arange(24) / 3)[None, :] * random.uniform(20, 60, (count, 1))
    values = 128 + across[:, None, :] + random.normal(0, 3, (count, 16, 24))
    if spot:
        values[:, 4:8, 15:19] += 60
    return values.clip(0, 255).astype(np.uint8)[..., None]


def test_map_of_a_picture_shows_where_it_is_off():
    detector = _fitted(_striped(60), components=2)
    scored = detector.score(_striped(10, spot=True, seed=1))
    places = [np.unravel_index(evidence.argmax(), evidence.shape) for evidence in scored.maps]
    assert all(3 <= row <= 8 and 14 <= column <= 19 for row, column in places)
    assert scored.scores.min() > detector.score(_striped(50, seed=2)).scores.max()


def test_plain_residual_of_pictures_is_there_too():
    """No blur, all of the map, one usual error for all places: the order of Q itself."""
    train, items = _striped(60), _striped(40, spot=True, seed=1)
    detector = _fitted(train, components=2, blur=0, top_share=100, compare_places=False)
    flat = train.reshape(60, -1) / 255
    theirs = PCA(2, svd_solver="full").fit(flat)
    away = items.reshape(40, -1) / 255 - theirs.inverse_transform(theirs.transform(items.reshape(40, -1) / 255))
    assert np.corrcoef(detector.score(items).scores, np.square(away).sum(axis=1))[0, 1] > 1 - 1e-9


def test_distance_of_a_picture_is_the_sum_of_its_map():
    train, items = _striped(60), _striped(5, seed=1)
    scored = _fitted(train, score="distance", components=3).score(items)
    theirs = PCA(3, svd_solver="full").fit(train.reshape(60, -1) / 255)
    expected = np.square(theirs.transform(items.reshape(5, -1) / 255)) / (theirs.explained_variance_ * 59 / 60)
    np.testing.assert_allclose(scored.scores, expected.sum(axis=1), rtol=1e-5)


def test_too_many_large_pictures_are_drawn_from_with_the_seed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("core.detectors.pca._MOST", 30)
    items = _striped(8, seed=1)
    form = ImageInput(height=16, width=24, channels=1)
    scores = []
    for seed in (0, 0, 1):
        detector = PrincipalComponents(PrincipalComponentParameters(), seed=seed)
        detector.fit(TrainingData(input=form, train=_striped(60), calibration=_striped(0)), QuietContext())
        scores.append(detector.score(items).scores)
    np.testing.assert_array_equal(scores[0], scores[1])
    assert not np.array_equal(scores[0], scores[2])


# ---- the bench ---------------------------------------------------------------------------------------------------------------------


def _on_digits(**parameters: Any) -> Any:
    return lambda: PrincipalComponents(PrincipalComponentParameters(components=8, scale_columns=False, **parameters))


def test_digits():
    """detectors.md 10.2: eight components, residual; ten digits, three seeds. 99.52 and 88.88 are printed there."""
    assert mean_auroc(_on_digits(), (one_class(digit, seed) for digit in DIGITS for seed in range(3))) > 0.99
    assert mean_auroc(_on_digits(), (leave_one_out(digit, seed) for digit in DIGITS for seed in range(3))) == pytest.approx(0.889, abs=0.02)
