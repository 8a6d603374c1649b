"""The proximal operators against their definitions: detectors.md section 11, P2 to P5."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import minimize, minimize_scalar

from core.networks.shrinkage import group_shrink, singular_value_threshold, soft_threshold

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)
VECTORS = arrays(np.float64, st.integers(1, 20), elements=NUMBERS)
MATRICES = arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=st.floats(-100, 100, allow_subnormal=False))
THRESHOLDS = st.floats(0, 1e3, allow_subnormal=False)


@given(VECTORS, THRESHOLDS)
def test_number_is_what_is_left_and_what_is_cut(values: Any, threshold: float):
    """Moreau (P2): S_t(x) + clip(x, -t, t) = x; odd; exactly zero up to t."""
    shrunk = soft_threshold(values, threshold)
    np.testing.assert_allclose(shrunk + np.clip(values, -threshold, threshold), values, rtol=4.5e-16, atol=0)
    np.testing.assert_array_equal(soft_threshold(-values, threshold), -shrunk)
    np.testing.assert_array_equal(shrunk == 0, np.abs(values) <= threshold)


@given(arrays(np.float64, (2, 10), elements=NUMBERS), THRESHOLDS)
def test_soft_threshold_never_moves_two_numbers_apart(pair: Any, threshold: float):
    before, after = pair[0] - pair[1], soft_threshold(pair[0], threshold) - soft_threshold(pair[1], threshold)
    assert bool((np.abs(after) <= np.abs(before) * (1 + 1e-15) + 1e-9).all())


@pytest.mark.parametrize("value", [-2.3, -0.4, 0.0, 0.3, 0.7, 5.0])
@pytest.mark.parametrize("threshold", [0.1, 0.5, 2.0])
def test_soft_threshold_minimises(value: float, threshold: float):
    """P3; with the whole square instead of half of it the threshold is t / 2."""
    bounds = (-abs(value) - 1, abs(value) + 1)
    half = minimize_scalar(lambda s: threshold * abs(s) + (s - value) ** 2 / 2, bounds=bounds, method="bounded", options={"xatol": 1e-10})
    whole = minimize_scalar(lambda s: threshold * abs(s) + (s - value) ** 2, bounds=bounds, method="bounded", options={"xatol": 1e-10})
    assert soft_threshold(np.array([value]), threshold)[0] == pytest.approx(half.x, abs=1e-6)
    assert soft_threshold(np.array([value]), threshold / 2)[0] == pytest.approx(whole.x, abs=1e-6)


@given(MATRICES, st.floats(0, 200, allow_subnormal=False), st.sampled_from([0, 1]))
def test_groups_vanish_or_lose_exactly_the_threshold(matrix: Any, threshold: float, axis: int):
    """P4, and no 0 / 0 (pytest turns the warning into an error)."""
    shrunk = group_shrink(matrix, threshold, axis=axis)
    before, after = np.linalg.norm(matrix, axis=axis), np.linalg.norm(shrunk, axis=axis)
    gone = before <= threshold
    assert not np.moveaxis(shrunk, axis, -1)[gone].any()
    np.testing.assert_allclose(after[~gone], before[~gone] - threshold, rtol=0, atol=1e-12 * (1 + before.max()))
    cross = before * after - (matrix * shrunk).sum(axis=axis)  # zero where the directions are the same
    np.testing.assert_allclose(cross[~gone], 0, atol=1e-12 * (1 + before.max() ** 2))


def test_groups_are_rows_along_axis_1_and_columns_along_axis_0():
    """The classic mix-up: one large row."""
    matrix = np.array([[3.0, 4.0], [0.3, 0.4]])
    np.testing.assert_allclose(group_shrink(matrix, 1.0, axis=1), [[2.4, 3.2], [0, 0]], atol=1e-15)
    columns = group_shrink(matrix, 1.0, axis=0)
    assert columns.all()
    np.testing.assert_array_equal(group_shrink(matrix.T, 1.0, axis=0), group_shrink(matrix, 1.0, axis=1).T)


def test_group_shrink_minimises():
    random = np.random.default_rng(0)
    for scale in (0.2, 1.0, 3.0):
        group = random.normal(size=4) * scale
        found = minimize(lambda s, v=group: 0.9 * np.linalg.norm(s) + np.sum((s - v) ** 2) / 2, group, method="Nelder-Mead", tol=1e-10)
        np.testing.assert_allclose(group_shrink(group[None], 0.9, axis=1)[0], found.x, atol=1e-4)


@given(MATRICES, st.floats(0, 200, allow_subnormal=False))
def test_singular_values_are_shrunk_and_rank_never_rises(matrix: Any, threshold: float):
    """P5."""
    lowered, rank = singular_value_threshold(matrix, threshold)
    before = np.linalg.svd(matrix, compute_uv=False)
    np.testing.assert_allclose(np.linalg.svd(lowered, compute_uv=False), np.maximum(before - threshold, 0), atol=1e-11 * (1 + before[0]))
    assert rank <= np.count_nonzero(before > threshold - 1e-12 * before[0])
    assert np.linalg.matrix_rank(lowered) <= rank


def test_singular_value_threshold_minimises():
    """No nearby matrix has a smaller objective: the problem is convex, so this is the minimum."""
    random = np.random.default_rng(1)
    matrix = random.normal(size=(5, 4))

    def objective(tried: Any) -> float:
        return 0.8 * np.linalg.norm(tried, "nuc") + np.sum((tried - matrix) ** 2) / 2

    lowered, _ = singular_value_threshold(matrix, 0.8)
    best = objective(lowered)
    for size in (1e-3, 1e-2, 1e-1, 1):
        assert all(objective(lowered + size * random.normal(size=(5, 4))) > best for _ in range(50))


def test_threshold_of_nothing_changes_nothing():
    values = np.random.default_rng(2).normal(size=(6, 5))
    np.testing.assert_array_equal(soft_threshold(values, 0.0), values)
    np.testing.assert_array_equal(group_shrink(values, 0.0, axis=1), values)
    lowered, rank = singular_value_threshold(values, 0.0)
    np.testing.assert_allclose(lowered, values, atol=1e-14)
    assert rank == 5
