"""The bars behind the thresholds: binned once per size or zoom, then only copied while a threshold moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from desktop.models.score_groups import ScoreGroups
from desktop.widgets.score_axis import ScoreAxis
from desktop.words import translate

BAR_WIDTH: Final = 5  # screen pixels


@dataclass(frozen=True, eq=False)
class Bins:
    """Counts per bin and the number of items left and right of what is shown."""

    edges: NDArray[np.float64]
    good: NDArray[np.int64]
    defective: NDArray[np.int64]
    other: NDArray[np.int64]
    below: int
    above: int

    def description(self, index: int) -> str:
        """What one bar stands for, in words."""
        return translate("ScoreHistogram", "Score {low} to {high}: {good} good, {defective} defective, {other} without label").format(
            low=f"{self.edges[index]:.4g}",
            high=f"{self.edges[index + 1]:.4g}",
            good=int(self.good[index]),
            defective=int(self.defective[index]),
            other=int(self.other[index]),
        )


def bins_of(groups: ScoreGroups, axis: ScoreAxis, count: int) -> Bins:
    """`count` bins of equal width on the screen; a score on an edge belongs to the bin on its right, the last edge to the last bin."""
    edges = axis.edges(count)
    inner = edges.copy()
    inner[-1] = np.nextafter(edges[-1], np.inf)
    counted = []
    below = above = 0
    for group in (groups.good, groups.defective, groups.other):
        places = np.searchsorted(group, inner, side="left")
        counted.append(np.diff(places))
        below += int(places[0])
        above += int(group.size - places[-1])
    return Bins(edges, counted[0], counted[1], counted[2], below, above)
