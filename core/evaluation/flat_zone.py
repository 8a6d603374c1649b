"""Which thresholds cost as much as the chosen one, as far as the parts at hand can tell."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.evaluation.costs import Costs
from core.evaluation.intervals import Interval
from core.evaluation.outcomes import SortedScores
from core.evaluation.thresholds import stored_cuts

_MAXIMUM_CUTS: Final = 2000  # a finer grid of thresholds cannot be told apart on a screen
_BOOTSTRAP_CHUNK: Final = 500  # repeats at once, to bound memory


def flat_zone(
    scores: SortedScores, costs: Costs, threshold: float, *, repeats: int = 2000, seed: int = 0, confidence: float = 0.95
) -> Interval:
    """The thresholds T1 = T2 around `threshold` that cannot be told to cost more, by a paired bootstrap of the cost difference.

    Raises ValueError when there are no good or no defective parts.
    """
    if not scores.good.size or not scores.defective.size:
        raise ValueError("a cost needs good and defective parts")
    cuts = _grid(scores, threshold)
    here = int(np.searchsorted(cuts, threshold))
    difference = _bootstrap_differences(scores, costs, cuts, here, repeats=repeats, seed=seed)
    same = np.quantile(difference, (1 - confidence) / 2, axis=0) <= 0
    first = here - _run_length(same[here::-1]) + 1
    last = here + _run_length(same[here:]) - 1
    return Interval(float(cuts[first]), float(cuts[last]))


def _bootstrap_differences(
    scores: SortedScores, costs: Costs, cuts: NDArray[np.float64], here: int, *, repeats: int, seed: int
) -> NDArray[np.float64]:
    """cost(cut) - cost(cuts[here]) of each repeat; shape (repeats, cuts). Drawing cells is drawing parts: a cell's parts are alike."""
    generator = np.random.default_rng(seed)
    good, defective = (np.diff(np.searchsorted(sorted_scores, cuts), prepend=0) for sorted_scores in (scores.good, scores.defective))
    good_shares = np.append(good, scores.good.size - good.sum()) / scores.good.size
    defective_shares = np.append(defective, scores.defective.size - defective.sum()) / scores.defective.size
    chunks = []
    for start in range(0, repeats, _BOOTSTRAP_CHUNK):
        size = min(_BOOTSTRAP_CHUNK, repeats - start)
        good_below = np.cumsum(generator.multinomial(scores.good.size, good_shares, size=size), axis=1)[:, :-1]
        defective_below = np.cumsum(generator.multinomial(scores.defective.size, defective_shares, size=size), axis=1)[:, :-1]
        cost = costs.defect_rate * costs.escape * defective_below / scores.defective.size
        cost += (1 - costs.defect_rate) * costs.overkill * (1 - good_below / scores.good.size)
        chunks.append(cost - cost[:, here : here + 1])
    return np.concatenate(chunks)


def _grid(scores: SortedScores, threshold: float) -> NDArray[np.float64]:
    cuts = stored_cuts(np.concatenate([scores.good, scores.defective]))
    if cuts.size > _MAXIMUM_CUTS:
        cuts = cuts[np.linspace(0, cuts.size - 1, _MAXIMUM_CUTS).astype(int)]
    return np.union1d(cuts, [threshold])


def _run_length(flags: NDArray[np.bool_]) -> int:
    return int(flags.size if flags.all() else np.argmin(flags))
