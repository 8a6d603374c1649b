"""Scores apart by what a person said about the items, each group sorted once."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


def _no_scores() -> NDArray[np.float64]:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class ScoreGroups:
    """Ascending scores of good, defective and all other (unlabelled and unsure) items, without NaN."""

    good: NDArray[np.float64] = field(default_factory=_no_scores)
    defective: NDArray[np.float64] = field(default_factory=_no_scores)
    other: NDArray[np.float64] = field(default_factory=_no_scores)

    def span(self) -> tuple[float, float] | None:
        """The least and the largest score, None when there is none."""
        ends = [(float(group[0]), float(group[-1])) for group in (self.good, self.defective, self.other) if group.size]
        return (min(low for low, _ in ends), max(high for _, high in ends)) if ends else None
