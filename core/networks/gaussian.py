"""Gaussian densities of feature vectors: how far a vector lies from the cloud of good ones, in units of that cloud."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.problems import ProblemCode, ProblemError

_SMALLEST_SHARE: Final = 1e-9  # of the mean variance: no direction counts as narrower, or rounding would decide the distance
_SMALLEST_VARIANCE: Final = 1e-9  # if nothing varies at all
_PLACES_AT_ONCE: Final = 64  # factorised together: enough to keep the device busy, few enough for the memory


class GaussianDensity:
    """One Gaussian for all vectors ("shared"), or one for each place of a map whose places always show the same part of the product.

    All in float64; an Apple GPU has none, so there the sums are done by the CPU. A covariance whose smallest eigenvalue is below 1e-9 of
    its mean is lifted to that by a multiple of the identity; any other is used as it is.
    """

    def __init__(self, means: Tensor, factors: Tensor) -> None:
        """means: float64 (places, d); factors: float64 (places, d, d), lower Cholesky factors of the covariances. Shared: one place."""
        self._means: Final = means
        self._factors: Final = factors

    @classmethod
    def fitted(cls, features: Tensor | NDArray[Any], *, shrink: bool = True, device: str = "cpu") -> Self:
        """From good vectors (n, d), or (n, places, d) for one density per place.

        shrink: Ledoit & Wolf 2004, which is invertible even if n < d; False: the covariance of the sample, divided by n.
        """
        values = torch.as_tensor(features)
        if values.ndim == 2:
            values = values[:, None, :]
        kept = exact_device(torch.device(device))
        parts = [
            _mean_and_factor(values[:, start : start + _PLACES_AT_ONCE].to(kept).double().transpose(0, 1), shrink=shrink)
            for start in range(0, values.shape[1], _PLACES_AT_ONCE)
        ]
        return cls(torch.cat([mean for mean, _ in parts]), torch.cat([factor for _, factor in parts]))

    def squared_distances(self, features: Tensor) -> Tensor:
        """float64 (x - mean)' covariance^-1 (x - mean): of (..., d) to (...) if shared, else of (n, places, d) to (n, places).

        On the device of `features`, or on the CPU if that has no float64.
        """
        device = exact_device(features.device)
        means, factors = self._means.to(device), self._factors.to(device)
        if len(means) == 1:
            flat = features.reshape(-1, features.shape[-1]).to(device).double() - means[0]
            whitened: Tensor = torch.linalg.solve_triangular(factors[0], flat.T, upper=False)
            return whitened.square().sum(dim=0).reshape(features.shape[:-1])
        centred = (features.to(device).double() - means).permute(1, 2, 0)
        distances: Tensor = torch.linalg.solve_triangular(factors, centred, upper=False).square().sum(dim=1).T
        return distances

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays for the model file."""
        return {"density.means": self._means.cpu().numpy(), "density.factors": self._factors.cpu().numpy()}

    @staticmethod
    def shapes(features: int, *, places: int = 1) -> dict[str, tuple[int, ...]]:
        """Shapes of `arrays`, for `files.read_arrays`."""
        return {"density.means": (places, features), "density.factors": (places, features, features)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], path: Path, device: str) -> Self:
        """Inverse of `arrays`. Raises ProblemError(MODEL_DAMAGED) if a spread is not positive."""
        factors = arrays["density.factors"]
        if np.diagonal(factors, axis1=1, axis2=2).min() <= 0:
            raise ProblemError(ProblemCode.MODEL_DAMAGED, path=path.name, detail="a spread is not positive")
        kept = exact_device(torch.device(device))
        return cls(torch.from_numpy(arrays["density.means"]).to(kept).double(), torch.from_numpy(factors).to(kept).double())


def exact_device(device: torch.device) -> torch.device:
    """Where float64 sums are done: on `device`, or on the CPU if that has no float64."""
    return torch.device("cpu") if device.type == "mps" else device


def _mean_and_factor(values: Tensor, *, shrink: bool) -> tuple[Tensor, Tensor]:
    """float64 (places, n, d) to the means (places, d) and Cholesky factors (places, d, d)."""
    means = values.mean(dim=1)
    centred = values - means[:, None, :]
    covariances = centred.mT @ centred / values.shape[1]
    if shrink:
        covariances = _shrunk(centred, covariances)
    identity = torch.eye(values.shape[2], dtype=values.dtype, device=values.device)
    variances = covariances.diagonal(dim1=1, dim2=2).mean(dim=1)
    least = torch.where(variances > _SMALLEST_VARIANCE, _SMALLEST_SHARE * variances, _SMALLEST_VARIANCE)
    lift = (least - torch.linalg.eigvalsh(covariances)[:, 0]).clamp(min=0)
    factors: Tensor = torch.linalg.cholesky(covariances + lift[:, None, None] * identity)
    return means, factors


def _shrunk(centred: Tensor, covariances: Tensor) -> Tensor:
    """Ledoit & Wolf 2004 as scikit-learn computes it: the sample covariance drawn towards its mean variance times the identity.

    centred: float64 (places, n, d) around each place's mean. The weight is the ratio of what the sample covariance is wrong by on
    average, estimated from the fourth powers of the lengths of the vectors, to its distance from the target.
    """
    count, dimensions = centred.shape[1:]
    variance = covariances.diagonal(dim1=1, dim2=2).mean(dim=1)
    squares = covariances.square().sum(dim=(1, 2))
    distance = squares / dimensions - variance.square()
    error = (centred.square().sum(dim=2).square().mean(dim=1) - squares) / (dimensions * count)
    weight = torch.where(error > 0, torch.minimum(error, distance) / distance, 0.0)
    weight = torch.nan_to_num(weight, nan=0.0).clamp(0, 1)[:, None, None]  # one dimension, or nothing varies: there is no distance
    identity = torch.eye(dimensions, dtype=centred.dtype, device=centred.device)
    return (1 - weight) * covariances + weight * variance[:, None, None] * identity
