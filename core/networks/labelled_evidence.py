"""What a judge that was taught by a few labelled defects adds to the novelty of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from core.networks.relative_position import DefectJudge, pooled_log_odds
from core.problems import ProblemCode, ProblemError

_SCATTER: Final = 1.0  # standard deviations of the log-odds of good pictures that are no evidence
_LEAST_SPREAD: Final = 0.01  # novelty is measured in usual spreads, evidence in log-odds: less than this is no difference in either


@dataclass(frozen=True, kw_only=True)
class Scale:
    """Mean and standard deviation over good pictures."""

    mean: float
    spread: float

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Self:
        return cls(mean=float(values.mean()), spread=max(float(values.std()), _LEAST_SPREAD))

    def measured(self, values: Tensor) -> Tensor:
        """In standard deviations above the mean."""
        return (values - self.mean) / self.spread


class LabelledEvidence:
    """Novelty and log-odds, each in standard deviations of good pictures, are added; of the log-odds only what exceeds one of them counts.

    So the scatter of good pictures in log-odds that few defects taught adds little noise, and evidence can only raise a score: defects
    unlike the labelled ones stay as novel as they were. A larger novelty or larger log-odds never give a smaller score.
    """

    def __init__(self, judge: DefectJudge, *, novelty: Scale, odds: Scale) -> None:
        """Scales of whole pictures."""
        self._judge: Final = judge
        self._novelty: Final = novelty
        self._odds: Final = odds

    def of_patches(self, pictures: Tensor) -> Tensor:
        """Log-odds (n, rows, columns)."""
        return self._judge(pictures)  # type: ignore[no-any-return]

    def scores(self, novelty: Tensor, odds: Tensor) -> Tensor:
        """float64 (n,) from the novelty of pictures (n,) and the log-odds of their patches."""
        return self._novelty.measured(novelty) + self._counted(pooled_log_odds(odds).double())

    def places(self, novelty: Tensor, odds: Tensor) -> Tensor:
        """The same for each place of maps of one shape."""
        return self._novelty.measured(novelty) + self._counted(odds)

    def _counted(self, odds: Tensor) -> Tensor:
        return (self._odds.measured(odds) - _SCATTER).clamp(min=0)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays for the model file."""
        scales = np.array([self._novelty.mean, self._novelty.spread, self._odds.mean, self._odds.spread])
        return {f"judge.{name}": tensor.cpu().numpy() for name, tensor in self._judge.state_dict().items()} | {"scales": scales}

    @staticmethod
    def shapes(judge: DefectJudge) -> dict[str, tuple[int, ...]]:
        """Shapes of `arrays`, for `files.read_arrays`."""
        return {f"judge.{name}": tuple(tensor.shape) for name, tensor in judge.state_dict().items()} | {"scales": (4,)}

    @classmethod
    def from_arrays(cls, judge: DefectJudge, arrays: Mapping[str, NDArray[Any]], path: Path) -> Self:
        """Inverse of `arrays`; `judge` has its weights already. Raises ProblemError(MODEL_DAMAGED) if a spread is not positive."""
        novelty_mean, novelty_spread, odds_mean, odds_spread = (float(value) for value in arrays["scales"])
        if min(novelty_spread, odds_spread) <= 0:
            raise ProblemError(ProblemCode.MODEL_DAMAGED, path=path.name, detail="a spread is not positive")
        return cls(judge, novelty=Scale(mean=novelty_mean, spread=novelty_spread), odds=Scale(mean=odds_mean, spread=odds_spread))
