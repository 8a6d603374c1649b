"""The bars behind the thresholds: binned once per size or zoom, then only copied while a threshold moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from desktop.models.score_groups import ScoreGroups

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


def bins_of(groups: ScoreGroups, low: float, high: float, count: int) -> Bins:
    """`count` equal bins from `low` to `high`; a score on an edge belongs to the bin on its right, the largest to the last bin."""
    edges = np.linspace(low, high, count + 1)
    inner = edges.copy()
    inner[-1] = np.nextafter(high, np.inf)
    counted = []
    below = above = 0
    for group in (groups.good, groups.defective, groups.other):
        places = np.searchsorted(group, inner, side="left")
        counted.append(np.diff(places))
        below += int(places[0])
        above += int(group.size - places[-1])
    return Bins(edges, counted[0], counted[1], counted[2], below, above)


def natural_range(groups: ScoreGroups) -> tuple[float, float]:
    """What to show at first: everything, unless one per cent of the scores would squeeze the rest into a third of the width."""
    span = groups.span()
    if span is None:
        return 0.0, 1.0
    low, high = span
    if low == high:
        margin = abs(low) * 0.05 or 0.5
        return low - margin, high + margin
    everything = np.concatenate([groups.good, groups.defective, groups.other])
    main_low, main_high = (float(value) for value in np.quantile(everything, (0.005, 0.995)))
    if main_high > main_low and (high - low) > 3 * (main_high - main_low):
        reach = 0.25 * (main_high - main_low)
        low, high = max(low, main_low - reach), min(high, main_high + reach)
    margin = 0.03 * (high - low)
    return low - margin, high + margin


def ticks_of(low: float, high: float, most: int) -> tuple[list[float], int]:
    """At most `most` round numbers between `low` and `high`, and how many digits after the point they need."""
    rough = (high - low) / max(1, most)
    power = float(10.0 ** np.floor(np.log10(rough)))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first = int(np.ceil(low / step - 1e-9))
    last = int(np.floor(high / step + 1e-9))
    digits = max(0, -int(np.floor(np.log10(step) + 1e-9)))
    return [index * step for index in range(first, last + 1)], digits
