"""The Local Outlier Factor's formula: how much thinner the items lie around one of them than around its neighbours.

Breunig, Kriegel, Ng & Sander 2000, definitions 3 to 7, with scikit-learn's two departures, so that its figures can be compared: exactly k
neighbours also where distances tie, and 1e-10 added to every mean distance before it is inverted. Where more than k rows agree, their
distance to the k-th neighbour is 0 and both formulas give everything near them factors of 10^9; such rows, and only they, have the paper's
k-distinct-distance instead (below definition 6): that to the k-th row which differs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

_LEAST: Final = 1e-10
_ROWS_AT_ONCE: Final = 256
_LEAF: Final = 32
_SCANNED: Final = 20_000


@dataclass(frozen=True)
class Judged:
    """Of n rows: `factors` float64 (n,), about 1 where a row lies as densely as its neighbours, larger where it lies thinner;
    `neighbours` int64 (n, k), places among the rows learnt from, nearest first."""

    factors: NDArray[np.float64]
    neighbours: NDArray[np.int64]


@dataclass(frozen=True)
class LocalDensity:
    """What is frozen of the rows learnt from: `rows` float64 (m, d), `reaches` (m,) the distance of each to its k-th neighbour, and
    `densities` (m,) the local reachability densities."""

    rows: NDArray[np.float64]
    reaches: NDArray[np.float64]
    densities: NDArray[np.float64]
    neighbour_count: int

    @classmethod
    def learnt(
        cls, rows: NDArray[np.float64], neighbour_count: int, tell: Callable[[int], None] = lambda done: None, *, agreement: float = 0.0
    ) -> tuple[Self, NDArray[np.float64]]:
        """From m > `neighbour_count` >= 1 rows. Second: the factor of each of these rows among the others, float64 (m,).

        Rows agree if they are equal when rounded to multiples of `agreement`; with 0 none do. Calls `tell` with the number of rows done,
        again and again.
        """
        tree = _tree(rows)
        distances = np.empty((len(rows), neighbour_count))
        neighbours = np.empty((len(rows), neighbour_count), dtype=np.int64)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            tell(start)
            part = slice(start, start + _ROWS_AT_ONCE)
            own = np.arange(start, min(start + _ROWS_AT_ONCE, len(rows)))
            distances[part], neighbours[part] = _without_self(*_nearest(tree, rows[part], neighbour_count + 1), own)
        reaches = distances[:, -1].copy()
        if agreement > 0:
            reaches = _beyond_those_that_agree(rows, reaches, neighbour_count, agreement)
        densities = _densities(distances, reaches[neighbours])
        return cls(rows, reaches, densities, neighbour_count), _factors(densities, densities[neighbours])

    def judged(self, rows: NDArray[np.float64]) -> Judged:
        """New rows, float64 (n, d), against those learnt from; a row among them counts itself as its nearest neighbour."""
        distances, neighbours = _nearest(self._search, rows, self.neighbour_count)
        densities = _densities(distances, self.reaches[neighbours])
        return Judged(_factors(densities, self.densities[neighbours]), neighbours)

    @cached_property
    def _search(self) -> Any:
        return _tree(self.rows)


def _tree(rows: NDArray[np.float64]) -> Any:
    """Up to `_SCANNED` rows are one leaf, read from the first to the last: of rows at the same distance the first ones are taken, as by
    brute force. In tables of whole numbers the choice was worth up to ten points of AUROC (breastw), and with many columns a tree takes
    longer. Larger tables are cut in the middle of the range: the median would leave thousands of equal rows on one side."""
    from scipy.spatial import cKDTree

    return cKDTree(rows, leafsize=_LEAF if len(rows) > _SCANNED else _SCANNED, balanced_tree=False)


def _nearest(tree: Any, rows: NDArray[np.float64], count: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Distances (n, count) and places (n, count), nearest first, then by place; of each row alone, so that others do not matter."""
    distances, places = tree.query(rows, k=np.arange(1, count + 1))
    order = np.lexsort((places, distances), axis=-1)
    return np.take_along_axis(distances, order, axis=1), np.take_along_axis(places, order, axis=1).astype(np.int64)


def _without_self(
    distances: NDArray[np.float64], neighbours: NDArray[np.int64], own: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """One neighbour less: the row itself, or the first one where a row has so many equals that it does not find itself."""
    kept = neighbours != own[:, None]
    kept[kept.all(axis=1), 0] = False
    shape = (len(own), neighbours.shape[1] - 1)
    return distances[kept].reshape(shape), neighbours[kept].reshape(shape)


def _beyond_those_that_agree(rows: NDArray[np.float64], reaches: NDArray[np.float64], count: int, agreement: float) -> NDArray[np.float64]:
    """`reaches` (m,), where more than `count` rows agree raised to the distance of the `count`-th row that differs from them."""
    rounded = np.round(rows / agreement) + 0.0  # -0 and 0 are one number but different bytes
    _, first, group, sizes = np.unique(rounded, axis=0, return_index=True, return_inverse=True, return_counts=True)
    crowded = np.flatnonzero(sizes > count)
    if not len(crowded) or len(first) == 1:
        return reaches
    different = rows[first]
    raised = np.zeros(len(first))
    raised[crowded] = _nearest(_tree(different), different[crowded], min(count, len(first) - 1) + 1)[0][:, -1]
    farther: NDArray[np.float64] = np.maximum(reaches, raised[group.reshape(-1)])
    return farther


def _densities(distances: NDArray[np.float64], reaches: NDArray[np.float64]) -> NDArray[np.float64]:
    densities: NDArray[np.float64] = 1.0 / (np.maximum(distances, reaches).mean(axis=1) + _LEAST)
    return densities


def _factors(densities: NDArray[np.float64], of_neighbours: NDArray[np.float64]) -> NDArray[np.float64]:
    factors: NDArray[np.float64] = (of_neighbours / densities[:, None]).mean(axis=1)
    return factors
