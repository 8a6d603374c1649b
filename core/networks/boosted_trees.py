"""A sum of decision trees as plain arrays: what it says of a row, and which column said it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

_ROWS_AT_ONCE: Final = 4096
NODE_ARRAYS: Final = ("features", "thresholds", "left", "right", "values")


@dataclass(frozen=True, kw_only=True)
class BoostedTrees:
    """Trees whose nodes follow one another, each tree after the last, a child always after its parent.

    For every node: `features` int64 the column that is asked, `thresholds` float64, `left` and `right` int64 the nodes to go on at if the
    value is at most the threshold, or above it; -1 for both at a leaf. `values` float64: what the tree adds at a leaf, and at an inner
    node the mean of that over the training items which came by. `roots` int64 (trees,): the first node of each tree. `base`: the sum
    before the first tree.
    """

    features: NDArray[np.int64]
    thresholds: NDArray[np.float64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    values: NDArray[np.float64]
    roots: NDArray[np.int64]
    base: float

    @classmethod
    def of_histogram_boosting(cls, estimator: Any) -> Self:
        """The trees of a fitted HistGradientBoostingClassifier of two classes without missing values and categories.

        scikit-learn keeps at inner nodes the Newton step before the learning rate, which is on another scale than its leaves; the means
        over the training items are made here instead.
        """
        nodes = [stage[0].nodes for stage in estimator._predictors]
        roots = np.concatenate([[0], np.cumsum([len(tree) for tree in nodes])])
        offsets = np.repeat(roots[:-1], np.diff(roots))
        flat = np.concatenate(nodes)
        leaf = flat["is_leaf"].astype(bool)
        left = np.where(leaf, -1, flat["left"].astype(np.int64) + offsets)
        right = np.where(leaf, -1, flat["right"].astype(np.int64) + offsets)
        counts, values = flat["count"].astype(np.float64), flat["value"].astype(np.float64)
        for node in np.flatnonzero(~leaf)[::-1].tolist():  # children come after their parents
            children = [left[node], right[node]]
            values[node] = np.average(values[children], weights=counts[children])
        return cls(
            features=np.where(leaf, 0, flat["feature_idx"].astype(np.int64)),
            thresholds=np.where(leaf, 0.0, flat["num_threshold"].astype(np.float64)),
            left=left,
            right=right,
            values=values,
            roots=roots[:-1].astype(np.int64),
            base=float(estimator._baseline_prediction[0, 0]),
        )

    @property
    def constant(self) -> float:
        """What remains of each sum when the contributions of the columns are taken off."""
        return self.base + float(self.values[self.roots].sum())

    def sums(self, rows: NDArray[np.float64], check: Callable[[], None] = lambda: None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Of float64 rows (n, columns) without missing values: the sums (n,), and the contributions (n, columns).

        A contribution is the change of value along the paths at the questions about the column (Saabas 2014). Calls `check` often.
        """
        sums = np.full(len(rows), self.base)
        contributions = np.zeros(rows.shape)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            part = slice(start, start + _ROWS_AT_ONCE)
            for root in self.roots.tolist():
                check()
                sums[part] += self.values[self._leaves(root, rows[part], contributions[part])]
        return sums, contributions

    def _leaves(self, root: int, rows: NDArray[np.float64], contributions: NDArray[np.float64]) -> NDArray[np.int64]:
        """The leaf of each row in one tree; adds the changes on the way to `contributions`."""
        nodes = np.full(len(rows), root)
        moving = np.arange(len(rows))
        while len(moving := moving[self.left[nodes[moving]] >= 0]):
            here = nodes[moving]
            asked = self.features[here]
            lower = rows[moving, asked] <= self.thresholds[here]
            there = np.where(lower, self.left[here], self.right[here])
            contributions[moving, asked] += self.values[there] - self.values[here]
            nodes[moving] = there
        return nodes

    def fault(self, columns: int) -> str | None:
        """What is wrong with trees from a file: a question about no column, or a way out of the tree or round in circles."""
        count = len(self.values)
        integers = all(array.dtype.kind == "i" for array in (self.features, self.left, self.right, self.roots))
        if not integers or not count or not len(self.roots) or self.roots[0] != 0 or (np.diff(self.roots) <= 0).any():
            return "its trees do not follow one another"
        if self.roots[-1] >= count:
            return "a tree has no nodes"
        places = np.arange(count)
        ends = np.append(self.roots[1:], count)[np.searchsorted(self.roots, places, side="right") - 1]
        leaf = self.left == -1
        inside = (self.left > places) & (self.left < ends) & (self.right > places) & (self.right < ends)
        asked = (self.features >= 0) & (self.features < columns)
        if not (asked.all() and inside[~leaf].all() and (self.right[leaf] == -1).all()):
            return "a tree points outside itself"
        return None
