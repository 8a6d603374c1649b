"""Small random changes of brightness and colour, drawn for each picture of a batch."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

_GREY: Final = (0.299, 0.587, 0.114)  # ITU-R 601, as torchvision weighs colours
_SMALLEST: Final = 1e-12


def uniform(count: int, low: float | Tensor, high: float | Tensor, generator: torch.Generator) -> Tensor:
    """float32 (count,) between `low` and `high`, which may differ from place to place, on the device of `generator`."""
    drawn: Tensor = low + (high - low) * torch.rand(count, generator=generator, device=generator.device)
    return drawn


def jittered(pictures: Tensor, generator: torch.Generator, *, strength: float = 0.1, where: Tensor | None = None) -> Tensor:
    """Pictures (n, 1 or 3, height, width) in 0..1 with other brightness, contrast, saturation and hue; 0 leaves them as they are.

    Factors U(1 - strength, 1 + strength), hue shifted by U(-strength, strength) of the circle, in an order drawn once for the batch.
    Grey pictures have neither saturation nor hue. `where`, bool (n, height, width), is the part that contrast is taken around: a patch
    has its own mean. The changed values of all places are returned.
    """
    if strength == 0:
        return pictures
    changes = [_brightness, _contrast, _saturation, _hue] if pictures.shape[1] == 3 else [_brightness, _contrast]
    inside = torch.ones_like(pictures[:, 0], dtype=torch.bool) if where is None else where
    for place in torch.randperm(len(changes), generator=generator, device=generator.device).tolist():
        amounts = uniform(len(pictures), -strength, strength, generator)[:, None, None, None]
        pictures = changes[place](pictures, amounts, inside).clamp(0, 1)
    return pictures


def _brightness(pictures: Tensor, amounts: Tensor, inside: Tensor) -> Tensor:
    del inside
    return pictures * (1 + amounts)


def _contrast(pictures: Tensor, amounts: Tensor, inside: Tensor) -> Tensor:
    weights = inside[:, None].to(pictures.dtype)
    mean = (_grey(pictures) * weights).sum(dim=(2, 3), keepdim=True) / weights.sum(dim=(2, 3), keepdim=True).clamp(min=1)
    return mean + (1 + amounts) * (pictures - mean)


def _saturation(pictures: Tensor, amounts: Tensor, inside: Tensor) -> Tensor:
    del inside
    grey = _grey(pictures)
    return grey + (1 + amounts) * (pictures - grey)


def _hue(pictures: Tensor, amounts: Tensor, inside: Tensor) -> Tensor:
    """Turns the hue of the hexagonal colour cone; value and saturation of each place stay."""
    del inside
    red, green, blue = pictures.unbind(dim=1)
    value, brightest = pictures.max(dim=1)
    chroma = value - pictures.amin(dim=1)
    sixths = torch.stack([green - blue, blue - red, red - green], dim=1).gather(1, brightest[:, None])[:, 0]
    turned = (sixths / chroma.clamp(min=_SMALLEST) + 2 * brightest + 6 * amounts[:, 0]) % 6

    def channel(start: float) -> Tensor:
        place = (turned + start) % 6
        return value - chroma * torch.minimum(place, 4 - place).clamp(0, 1)

    return torch.stack([channel(5), channel(3), channel(1)], dim=1)


def _grey(pictures: Tensor) -> Tensor:
    if pictures.shape[1] == 1:
        return pictures
    weights = torch.tensor(_GREY, dtype=pictures.dtype, device=pictures.device)
    return (pictures * weights[:, None, None]).sum(dim=1, keepdim=True)
