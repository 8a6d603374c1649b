"""Gaussian densities: detectors.md 9.3 items 4 and 5, and property P10."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.spatial.distance import mahalanobis
from sklearn.covariance import LedoitWolf

from core.networks.gaussian import GaussianDensity
from core.problems import ProblemCode, ProblemError


def _cloud(count: int, dimensions: int, *, seed: int = 0) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.normal(size=(count, dimensions)) @ random.normal(size=(dimensions, dimensions)) + random.normal(size=dimensions)


def _distances(density: GaussianDensity, vectors: np.ndarray) -> np.ndarray:
    return density.squared_distances(torch.from_numpy(vectors)).numpy()


@pytest.mark.parametrize(("count", "dimensions"), [(200, 6), (12, 30), (50, 1)])
def test_shrunk_distances_are_scikit_learns_squared_ones(count: int, dimensions: int):
    """Also with fewer vectors than dimensions, where the sample covariance has no inverse."""
    train, items = _cloud(count, dimensions), _cloud(40, dimensions, seed=1)
    theirs = LedoitWolf().fit(train).mahalanobis(items)
    np.testing.assert_allclose(_distances(GaussianDensity.fitted(train), items), theirs, rtol=1e-10)


def test_unshrunk_distances_are_scipys_squared_ones():
    train, items = _cloud(80, 5), _cloud(10, 5, seed=1)
    inverse = np.linalg.inv(np.cov(train.T, bias=True))
    theirs = [mahalanobis(item, train.mean(axis=0), inverse) ** 2 for item in items]
    np.testing.assert_allclose(_distances(GaussianDensity.fitted(train, shrink=False), items), theirs, rtol=1e-10)


def test_unshrunk_distances_do_not_change_with_the_units():
    train, items = _cloud(80, 5), _cloud(10, 5, seed=1)
    transform = _cloud(5, 5, seed=2)
    before = _distances(GaussianDensity.fitted(train, shrink=False), items)
    after = _distances(GaussianDensity.fitted(train @ transform + 7, shrink=False), items @ transform + 7)
    np.testing.assert_allclose(after, before, rtol=1e-8)


def test_the_mean_is_no_distance_away_and_the_training_vectors_are_d_on_average():
    train = _cloud(80, 5)
    density = GaussianDensity.fitted(train, shrink=False)
    assert _distances(density, train.mean(axis=0, keepdims=True))[0] < 1e-12
    assert _distances(density, train).mean() == pytest.approx(5, abs=1e-9)


def test_one_density_per_place_is_the_same_as_one_by_one():
    """More places than are factorised at once."""
    train = np.stack([_cloud(20, 4, seed=place) for place in range(70)], axis=1)
    items = np.stack([_cloud(3, 4, seed=place + 100) for place in range(70)], axis=1)
    alone = [_distances(GaussianDensity.fitted(train[:, place]), items[:, place]) for place in range(70)]
    np.testing.assert_allclose(_distances(GaussianDensity.fitted(train), items), np.stack(alone, axis=1), rtol=1e-12)


def test_a_shared_density_takes_whole_maps():
    train, items = _cloud(60, 4), _cloud(24, 4, seed=1)
    density = GaussianDensity.fitted(train)
    np.testing.assert_array_equal(_distances(density, items.reshape(2, 3, 4, 4)).ravel(), _distances(density, items))


@pytest.mark.parametrize("shrink", [True, False])
@pytest.mark.parametrize("count", [1, 5])
def test_vectors_that_never_vary_give_finite_distances(count: int, shrink: bool):
    density = GaussianDensity.fitted(np.full((count, 3), 2.0), shrink=shrink)
    near, far = _distances(density, np.array([[2.0, 2.0, 2.0], [2.0, 2.5, 2.0]]))
    assert near == 0 < far < 1e12


def test_directions_that_never_vary_give_finite_distances():
    train = np.concatenate([_cloud(50, 2), np.zeros((50, 1))], axis=1)
    distances = _distances(GaussianDensity.fitted(train, shrink=False), train + np.array([0, 0, 1e-3]))
    assert np.isfinite(distances).all() and distances.min() > 10


def test_arrays_and_back():
    train, items = _cloud(40, 4).reshape(20, 2, 4), _cloud(6, 4, seed=1).reshape(3, 2, 4)
    density = GaussianDensity.fitted(train)
    arrays = density.arrays()
    assert {name: array.shape for name, array in arrays.items()} == GaussianDensity.shapes(4, places=2)
    again = GaussianDensity.from_arrays(arrays, Path("weights.safetensors"), "cpu")
    np.testing.assert_array_equal(_distances(again, items), _distances(density, items))
    arrays["density.factors"][1, 2, 2] = 0
    with pytest.raises(ProblemError) as caught:
        GaussianDensity.from_arrays(arrays, Path("weights.safetensors"), "cpu")
    assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED
