"""The error that good pictures have at each place, and maps measured in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.networks.pictures import moments_in_batches
from core.problems import ProblemCode, ProblemError

_FLOOR: Final = 0.1  # of the mean spread: places that never vary must not divide by almost nothing


class UsualError:
    """Mean and spread, float32 (height, width), of the error maps of good pictures."""

    def __init__(self, usual: Tensor, spread: Tensor) -> None:
        self._usual: Final = usual
        self._spread: Final = spread

    @classmethod
    def learnt(
        cls,
        pictures: NDArray[np.uint8],
        error_maps: Callable[[Tensor], Tensor],
        *,
        each_place: bool,
        device: str,
        check: Callable[[], None],
        least_spread: float = float(np.finfo(np.float32).tiny),
    ) -> Self:
        """From the maps that `error_maps` gives for float batches of `pictures`. `each_place` False: one mean and spread for all places.

        least_spread: added to every spread if the pictures are so alike that a tenth of the mean spread is less.
        """
        usual, spread = moments_in_batches(pictures, error_maps, device=device, check=check)
        if not each_place:
            everywhere = np.sqrt(np.mean(spread**2) + np.var(usual))  # of all places together
            usual, spread = np.full_like(usual, usual.mean()), np.full_like(spread, everywhere)
        floor = max(_FLOOR * float(spread.mean()), least_spread)
        return cls(torch.from_numpy(usual.astype(np.float32)).to(device), torch.from_numpy((spread + floor).astype(np.float32)).to(device))

    def measured(self, errors: Tensor) -> Tensor:
        """Error maps (n, height, width) in spreads above what is usual at each place."""
        return (errors - self._usual) / self._spread

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays for the model file."""
        return {"usual": self._usual.cpu().numpy(), "spread": self._spread.cpu().numpy()}

    @staticmethod
    def shapes(height: int, width: int) -> dict[str, tuple[int, ...]]:
        """Shapes of `arrays`, for `files.read_arrays`."""
        return dict.fromkeys(("usual", "spread"), (height, width))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], path: Path, device: str) -> Self:
        """Inverse of `arrays`. Raises ProblemError(MODEL_DAMAGED) if a spread is not positive."""
        if arrays["spread"].min() <= 0:
            raise ProblemError(ProblemCode.MODEL_DAMAGED, path=path.name, detail="a spread is not positive")
        return cls(torch.from_numpy(arrays["usual"]).to(device), torch.from_numpy(arrays["spread"]).to(device))
