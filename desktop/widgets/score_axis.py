"""The axis of scores: which part of it is shown, evenly or logarithmically."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from desktop.models.score_groups import ScoreGroups

LOGARITHMIC_FROM: Final = 100.0  # the ratio of high to low scores from which an even axis would squeeze the low ones
_NARROWEST: Final = 1e-12  # of the size of the numbers: beyond this, floats run out


@dataclass(frozen=True)
class ScoreAxis:
    """Shows from `low` to `high`, which are scores, or their decimal logarithms if `logarithmic`. Fractions run from 0 to 1."""

    low: float = 0.0
    high: float = 1.0
    logarithmic: bool = False

    def score(self, fraction: float) -> float:
        place = self.low + (self.high - self.low) * fraction
        return 10.0**place if self.logarithmic else place

    def fraction(self, score: float) -> float:
        """Below 0 and above 1 for scores that are not shown; scores without a logarithm lie far below."""
        if self.logarithmic:
            score = math.log10(score) if score > 0 else -1e9
        return (score - self.low) / (self.high - self.low)

    def edges(self, count: int) -> NDArray[np.float64]:
        """The scores at the borders of `count` bins of equal width on the screen; shape (count + 1,)."""
        places = np.linspace(self.low, self.high, count + 1)
        return 10.0**places if self.logarithmic else places

    def zoomed(self, factor: float, fraction: float) -> ScoreAxis:
        """Shows `factor` times as much around the point at `fraction`, which stays in its place."""
        fixed = self.low + (self.high - self.low) * fraction
        low, high = fixed + (self.low - fixed) * factor, fixed + (self.high - fixed) * factor
        return self if high - low < _NARROWEST * max(abs(low), abs(high), 1e-300) else replace(self, low=low, high=high)

    def shifted(self, fraction: float) -> ScoreAxis:
        step = (self.high - self.low) * fraction
        return replace(self, low=self.low + step, high=self.high + step)

    def including(self, *scores: float) -> ScoreAxis:
        """Wide enough for these scores too, with a margin."""
        margin = 0.05 * (self.high - self.low)
        places = [math.log10(score) if self.logarithmic else score for score in scores if score > 0 or not self.logarithmic]
        low = min([self.low, *(place - margin for place in places if place - margin < self.low)])
        high = max([self.high, *(place + margin for place in places if place + margin > self.high)])
        return replace(self, low=low, high=high)

    def ticks(self, most: int) -> list[tuple[float, str]]:
        """About `most` round scores in view with their texts."""
        if not self.logarithmic:
            return _even_ticks(self.low, self.high, most)
        low, high = 10.0**self.low, 10.0**self.high
        for digits in ((1, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
            found = [
                float(f"{digit}e{power}")
                for power in range(math.floor(self.low), math.floor(self.high) + 1)
                for digit in digits
                if low <= float(f"{digit}e{power}") <= high
            ]
            if len(found) <= most:
                break
        else:
            found = found[:: -(-len(found) // most)]
        return [(tick, f"{tick:.10g}") for tick in found] if len(found) > 1 else _even_ticks(low, high, most)


def _even_ticks(low: float, high: float, most: int) -> list[tuple[float, str]]:
    rough = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return [(index * step, f"{index * step:.{digits}f}") for index in range(first, last + 1)]


def can_be_logarithmic(groups: ScoreGroups) -> bool:
    span = groups.span()
    return span is not None and span[0] > 0


def natural_axis(groups: ScoreGroups, *, logarithmic: bool | None = None) -> ScoreAxis:
    """What to show at first: everything, unless one per cent of the scores would squeeze the rest into a third of the width.

    `logarithmic` None: if all scores are above 0 and their sizes differ more than `LOGARITHMIC_FROM` times.
    """
    span = groups.span()
    if span is None:
        return ScoreAxis()
    everything = np.concatenate([groups.good, groups.defective, groups.other])
    quantiles = np.quantile(everything, (0.005, 0.995))
    possible = can_be_logarithmic(groups)
    use_logarithm = possible and (logarithmic if logarithmic is not None else bool(quantiles[1] > LOGARITHMIC_FROM * quantiles[0]))
    ends = np.log10([*span, *quantiles]) if use_logarithm else np.array([*span, *quantiles])
    low, high, main_low, main_high = (float(end) for end in ends)
    if low == high:
        margin = abs(low) * 0.05 or 0.5
        return ScoreAxis(low - margin, high + margin, use_logarithm)
    if main_high > main_low and (high - low) > 3 * (main_high - main_low):
        reach = 0.25 * (main_high - main_low)
        low, high = max(low, main_low - reach), min(high, main_high + reach)
    margin = 0.03 * (high - low)
    return ScoreAxis(low - margin, high + margin, use_logarithm)
