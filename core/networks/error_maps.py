"""From the difference between a picture and its reconstruction to a map of evidence and a score."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional


def gaussian_blur(maps: Tensor, sigma: float) -> Tensor:
    """Blurs (n, height, width) with a Gaussian of `sigma` pixels, edges repeated; 0 leaves the maps as they are."""
    if sigma <= 0:
        return maps
    radius = max(1, math.ceil(3 * sigma))
    places = torch.arange(-radius, radius + 1, dtype=maps.dtype, device=maps.device)
    weights = torch.exp(-(places**2) / (2 * sigma**2))
    weights = weights / weights.sum()
    padded = functional.pad(maps[:, None], (radius, radius, radius, radius), mode="replicate")
    rows = functional.conv2d(padded, weights[None, None, None, :])
    return functional.conv2d(rows, weights[None, None, :, None])[:, 0]


def squared_error_maps(pictures: Tensor, reconstructions: Tensor) -> Tensor:
    """Mean over the channels of the squared difference: (n, channels, height, width) twice to (n, height, width)."""
    return (pictures - reconstructions).square().mean(dim=1)


def top_mean(maps: Tensor, share: float) -> Tensor:
    """float64 (n,): the mean of the largest `share` (0..1] of each map, at least one place. 1 gives the mean, a tiny share the maximum."""
    flat = maps.flatten(1)
    count = max(1, round(share * flat.shape[1]))
    return flat.topk(count, dim=1).values.double().mean(dim=1)
