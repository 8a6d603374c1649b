"""Convolutional encoder and decoder for pictures of any size, square or not."""

from __future__ import annotations

import itertools
from typing import Final

import torch
from torch import Tensor, nn

from core.networks.autoencoding import AutoencodingNetwork

STRIDE: Final = 2
SMALLEST_SPREAD: Final = 1e-3  # a quarter of a grey level: pictures that are all the same


def widths_of(width: int, depth: int) -> list[int]:
    """Channels after each halving: doubled each time, at most four times the first."""
    return [min(width * 2**level, width * 4) for level in range(depth)]


class ConvolutionalAutoencoder(AutoencodingNetwork):
    """Pictures (n, channels, height, width) in 0..1 through a code of `latent` numbers and back to the same shape.

    Works on the difference from the mean picture, in units of its spread: what all parts share needs no learning. No skip
    connections: what does not fit through the code cannot be copied. height and width must be multiples of 2**depth.
    """

    mean: Tensor
    spread: Tensor

    def __init__(
        self,
        *,
        height: int,
        width: int,
        channels: int,
        base: int,
        latent: int,
        depth: int = 4,
        code_parts: int = 1,
        output_parts: int = 1,
    ) -> None:
        super().__init__()
        factor = STRIDE**depth
        if height % factor or width % factor:
            raise ValueError(f"{height} x {width} is not a multiple of {factor}")
        widths = widths_of(base, depth)
        self.inner = (widths[-1], height // factor, width // factor)
        flat = widths[-1] * (height // factor) * (width // factor)
        self.register_buffer("mean", torch.zeros(channels, height, width))
        self.register_buffer("spread", torch.ones(()))
        self.encoder = nn.Sequential(*_down(channels, widths), nn.Flatten(), nn.Linear(flat, code_parts * latent))
        self.expand = nn.Linear(latent, flat)
        self.decoder = nn.Sequential(*_up(widths, output_parts * channels))

    def centre(self, mean: Tensor, spread: float) -> None:
        """Sets the mean picture (channels, height, width) and the standard deviation around it, taken over all places."""
        self.mean.copy_(mean)
        self.spread.fill_(max(spread, SMALLEST_SPREAD))

    def standardised(self, items: Tensor) -> Tensor:
        return (items - self.mean) / self.spread

    def in_units(self, standardised: Tensor) -> Tensor:
        return standardised * self.spread + self.mean

    def relative(self, differences: Tensor) -> Tensor:
        return differences / self.spread

    def encode(self, standardised: Tensor) -> Tensor:
        code: Tensor = self.encoder(standardised)
        return code

    def decode(self, codes: Tensor) -> Tensor:
        decoded: Tensor = self.decoder(self.expand(codes).unflatten(1, self.inner))
        return decoded


def _down(channels: int, widths: list[int]) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for before, after in zip([channels, *widths], widths, strict=False):
        layers += [nn.Conv2d(before, after, 4, STRIDE, 1, bias=False), nn.BatchNorm2d(after), nn.LeakyReLU(0.2)]
    return layers


def _up(widths: list[int], channels: int) -> list[nn.Module]:
    layers: list[nn.Module] = [nn.BatchNorm2d(widths[-1]), nn.LeakyReLU(0.2)]
    downward = widths[::-1]
    for before, after in itertools.pairwise(downward):
        layers += [nn.ConvTranspose2d(before, after, 4, STRIDE, 1, bias=False), nn.BatchNorm2d(after), nn.LeakyReLU(0.2)]
    return [*layers, nn.ConvTranspose2d(downward[-1], channels, 4, STRIDE, 1)]


def initialise(network: nn.Module, seed: int) -> None:
    """Draws all weights anew from `seed`, in the order of the modules, without touching torch's global random state."""
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight, a=0.2, nonlinearity="leaky_relu", generator=generator)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
