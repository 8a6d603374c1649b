"""The variational autoencoder of Kingma & Welling (2013): a code is a small cloud, and the decoder says how sure it is of each value."""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from core.networks.autoencoding import AutoencodingNetwork

CODE_BOUNDS: Final = (-8.0, 4.0)  # of the log-variance of a code (`detectors.md` 6.3)
ITEM_BOUNDS: Final = (-6.0, 2.0)  # of the log-variance of a standardised value: at zero variance the density would be infinite
_LOG_TWO_PI: Final = math.log(2 * math.pi)


def divergence_from_prior(mean: Tensor, log_variance: Tensor) -> Tensor:
    """(n,): Kullback-Leibler divergence of N(mean, exp(log_variance)) from N(0, 1), summed over the code (n, k); never below 0.

    It is not cut off from above: in PyOD `capacity`, 0 unless set, does so and leaves no divergence at all.
    """
    return 0.5 * (mean.square() + torch.expm1(log_variance) - log_variance).sum(dim=1)


def surprise(values: Tensor, means: Tensor, log_variances: Tensor) -> Tensor:
    """-log N(values; means, exp(log_variances)) of each value; may be negative, since it is a density."""
    return 0.5 * ((values - means).square() * torch.exp(-log_variances) + log_variances + _LOG_TWO_PI)


def bounded(values: Tensor, bounds: tuple[float, float]) -> Tensor:
    """Bends values into the bounds. A hard cut would have no gradient outside, and what is once there would stay there."""
    low, high = bounds
    below = high - functional.softplus(high - values)
    return low + functional.softplus(below - low)


class VariationalAutoencoder(AutoencodingNetwork):
    """An encoder and decoder of two parts each: mean and log-variance. `variance` None: the decoder learns a variance for each value;
    a number: it is the same everywhere, in units of the variance of the training items, and the decoder needs one part only.

    `encode` and `decode` give the means, so that `forward` rebuilds an item from the middle of its cloud.
    """

    def __init__(self, network: AutoencodingNetwork, *, variance: float | None) -> None:
        super().__init__()
        self.network = network
        self._log_variance = None if variance is None else math.log(variance)

    def posterior(self, standardised: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance (n, k) of the code."""
        mean, log_variance = self.network.encode(standardised).chunk(2, dim=1)
        return mean, bounded(log_variance, CODE_BOUNDS)

    def likelihood(self, codes: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of each standardised value, of the shape of items."""
        decoded = self.network.decode(codes)
        if self._log_variance is not None:
            return decoded, torch.full_like(decoded, self._log_variance)
        mean, log_variance = decoded.chunk(2, dim=1)
        return mean, bounded(log_variance, ITEM_BOUNDS)

    def standardised(self, items: Tensor) -> Tensor:
        return self.network.standardised(items)

    def in_units(self, standardised: Tensor) -> Tensor:
        return self.network.in_units(standardised)

    def relative(self, differences: Tensor) -> Tensor:
        return self.network.relative(differences)

    def encode(self, standardised: Tensor) -> Tensor:
        return self.posterior(standardised)[0]

    def decode(self, codes: Tensor) -> Tensor:
        return self.likelihood(codes)[0]


class WarmUp(nn.Module):
    """Counts steps and gives a weight that rises evenly from 0 to 1 over the first `steps` of them. A module, so that checkpoints keep
    the count and a resumed training goes on with the weight it had."""

    done: Tensor

    def __init__(self, steps: int) -> None:
        super().__init__()
        self._steps: Final = steps
        self.register_buffer("done", torch.zeros((), dtype=torch.int64))

    def next_weight(self) -> float:
        """The weight of this step; counts it."""
        done = int(self.done)
        self.done += 1
        return min(1.0, done / self._steps) if self._steps else 1.0
