"""Proximal operators: what is left of numbers, groups of numbers and singular values when a norm pulls at them.

Each solves argmin_s  t * norm(s) + ||s - v||^2 / 2. With ||s - v||^2 in place of its half, hand over t / 2.
Parikh & Boyd 2014, section 6; singular values: Cai, Candes & Shen 2010, theorem 2.1. All work in float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def soft_threshold(values: NDArray[Any], threshold: float) -> NDArray[np.float64]:
    """For the l1 norm: every number comes closer to zero by `threshold` (>= 0), those nearer than that become exactly zero."""
    values = np.asarray(values, dtype=np.float64)
    shrunk: NDArray[np.float64] = values - np.clip(values, -threshold, threshold)
    return shrunk


def group_shrink(values: NDArray[Any], threshold: float, *, axis: int) -> NDArray[np.float64]:
    """For the l2,1 norm, the sum of the Euclidean norms of groups; a group runs along `axis` (1: each row of a matrix is a group).

    A group whose norm is at most `threshold` (>= 0) becomes exactly zero; the norm of every other drops by `threshold`, its direction stays.
    """
    values = np.asarray(values, dtype=np.float64)
    norms = np.linalg.norm(values, axis=axis, keepdims=True)
    kept = norms > threshold
    # Dividing by 1 where nothing is kept: a group of zeros must not become 0 / 0.
    factors = np.where(kept, 1 - threshold / np.where(kept, norms, 1.0), 0.0)
    shrunk: NDArray[np.float64] = np.where(kept, values * factors, 0.0)
    return shrunk


def singular_value_threshold(matrix: NDArray[Any], threshold: float) -> tuple[NDArray[np.float64], int]:
    """For the nuclear norm: the singular values of `matrix` (m, n) come closer to zero by `threshold` (>= 0). Second, the rank left."""
    left, values, right = np.linalg.svd(np.asarray(matrix, dtype=np.float64), full_matrices=False)
    shrunk = np.maximum(values - threshold, 0.0)
    rank = int(np.count_nonzero(shrunk))
    lowered: NDArray[np.float64] = (left[:, :rank] * shrunk[:rank]) @ right[:rank]
    return lowered, rank
