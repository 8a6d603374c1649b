"""Principal component pursuit on planted matrices: detectors.md section 5.2 and P6 to P8 of section 11."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.networks.principal_component_pursuit import Decomposition, Doubt, principal_component_pursuit


def _planted(rows: int, columns: int, rank: int, share: float, *, signs: bool = False, seed: int = 0) -> tuple[Any, Any]:
    """A matrix of `rank`, and one with a `share` of its entries uniform in -10..10, or +-1 beside a small low-rank part."""
    random = np.random.default_rng(seed)
    low_rank = random.normal(size=(rows, rank)) @ random.normal(size=(rank, columns))
    disturbed = random.random((rows, columns)) < share
    if signs:
        return low_rank / np.sqrt(rows * columns), disturbed * random.choice([-1.0, 1.0], (rows, columns))
    return low_rank, disturbed * random.uniform(-10, 10, (rows, columns))


def _error(found: Any, planted: Any) -> float:
    return float(np.linalg.norm(found - planted) / np.linalg.norm(planted))


def _objective(low_rank: Any, sparse: Any) -> float:
    return float(np.linalg.norm(low_rank, "nuc") + np.abs(sparse).sum() / np.sqrt(max(sparse.shape)))


FEASIBLE = {
    "200x200 signs": (200, 200, 10, 0.05, True),
    "200x200": (200, 200, 10, 0.05, False),
    "200x200 rank 20": (200, 200, 20, 0.10, False),
    "500x500 signs": (500, 500, 25, 0.05, True),
    "300x100": (300, 100, 5, 0.05, False),
    "60x40": (60, 40, 2, 0.05, False),
}


@pytest.mark.parametrize("name", FEASIBLE)
def test_planted_parts_are_found_again(name: str):
    """P6, with rank and support exact; at tolerance 1e-7 the 500 x 500 case would miss 1e-6."""
    rows, columns, rank, share, signs = FEASIBLE[name]
    low_rank, sparse = _planted(rows, columns, rank, share, signs=signs)
    found = principal_component_pursuit(low_rank + sparse, tolerance=1e-9)
    assert _error(found.low_rank, low_rank) < 1e-8 and _error(found.sparse, sparse) < 1e-8
    assert found.rank == rank
    np.testing.assert_array_equal(found.sparse != 0, sparse != 0)
    assert found.trusted and found.relative_error <= 1e-9
    assert _objective(found.low_rank, found.sparse) <= _objective(low_rank, sparse) + 1e-6


def test_usual_tolerance_is_good_for_seven_digits():
    low_rank, sparse = _planted(200, 200, 10, 0.05)
    found = principal_component_pursuit(low_rank + sparse)
    assert _error(found.low_rank, low_rank) < 1e-6 and _error(found.sparse, sparse) < 1e-6
    np.testing.assert_allclose(found.low_rank + found.sparse, low_rank + sparse, atol=1e-7 * np.linalg.norm(low_rank + sparse))
    assert found.iterations < 30


def test_past_the_phase_transition_it_says_so():
    """P8: rank 20 %, 20 % disturbed. The program converges, to something else."""
    low_rank, sparse = _planted(200, 200, 40, 0.20)
    found = principal_component_pursuit(low_rank + sparse)
    assert found.relative_error <= 1e-7
    assert _error(found.low_rank, low_rank) > 0.05
    assert found.doubt is Doubt.TOO_COMPLEX and not found.trusted


def test_other_doubts():
    low_rank, sparse = _planted(60, 40, 2, 0.05)
    assert principal_component_pursuit(low_rank + sparse, iterations=5).doubt is Doubt.NOT_CONVERGED
    narrow, disturbed = _planted(300, 6, 1, 0.05)
    found = principal_component_pursuit(narrow + disturbed)
    assert _error(found.low_rank, narrow) > 0.01
    assert found.doubt is Doubt.TOO_NARROW


def test_turning_and_stretching_the_matrix_turns_and_stretches_the_parts():
    """P7: RPCA(X') = (L', S'), RPCA(c X) = c RPCA(X)."""
    matrix = sum(_planted(60, 40, 2, 0.05))
    found, turned, stretched = (principal_component_pursuit(other) for other in (matrix, matrix.T, -3.7 * matrix))
    for name in ("low_rank", "sparse"):
        size = np.abs(getattr(found, name)).max()
        np.testing.assert_allclose(getattr(turned, name).T, getattr(found, name), rtol=0, atol=5e-12 * size)
        np.testing.assert_allclose(getattr(stretched, name), -3.7 * getattr(found, name), rtol=0, atol=5e-12 * size * 3.7)


def test_factor_decides_who_takes_everything():
    """P7: lambda -> infinity gives S = 0 and L = X, lambda -> 0 gives L = 0 and S = X, both exactly."""
    matrix = sum(_planted(60, 40, 2, 0.05))
    size = np.sqrt(60)
    large, small = (principal_component_pursuit(matrix, sparsity=weight * size) for weight in (100, 1e-4))
    assert not large.sparse.any() and large.nonzero == 0
    np.testing.assert_allclose(large.low_rank, matrix, atol=1e-6 * np.abs(matrix).max())
    assert not small.low_rank.any() and small.rank == 0
    np.testing.assert_allclose(small.sparse, matrix, atol=1e-6 * np.abs(matrix).max())
    assert not large.trusted and not small.trusted


def test_slower_growth_comes_closer_where_there_are_no_exact_parts():
    """Objective value of a noisy matrix; faster than 1.5 is refused, because it ends at a wrong point."""
    matrix = sum(_planted(60, 40, 2, 0.05)) + np.random.default_rng(1).normal(size=(60, 40))
    values = [
        _objective(found.low_rank, found.sparse)
        for found in (principal_component_pursuit(matrix, growth=growth) for growth in (1.5, 1.2, 1.05))
    ]
    assert values[0] > values[1] > values[2] > 0.9 * values[0]
    for growth in (1.0, 2.0):
        with pytest.raises(ValueError, match="growth"):
            principal_component_pursuit(matrix, growth=growth)


def test_more_weight_leaves_less_in_the_sparse_part():
    matrix = sum(_planted(60, 40, 2, 0.05)) + 0.1 * np.random.default_rng(1).normal(size=(60, 40))
    shares = [principal_component_pursuit(matrix, sparsity=sparsity).nonzero for sparsity in (0.3, 1.0, 3.0)]
    assert shares[0] > shares[1] > shares[2]


@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (5, 5)])
def test_degenerate_matrices(shape: tuple[int, int]):
    empty = principal_component_pursuit(np.zeros(shape))
    assert (empty.rank, empty.iterations) == (0, 0) and not empty.low_rank.any() and not empty.sparse.any()
    ones = principal_component_pursuit(np.ones(shape))
    np.testing.assert_allclose(ones.low_rank + ones.sparse, 1, atol=1e-6)


def test_it_can_be_watched_and_stopped():
    matrix = sum(_planted(60, 40, 2, 0.05))
    errors: list[float] = []
    found: Decomposition = principal_component_pursuit(matrix, watch=errors.append)
    assert len(errors) == found.iterations and errors[-1] == found.relative_error < errors[0]

    def stop(relative_error: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        principal_component_pursuit(matrix, watch=stop)
