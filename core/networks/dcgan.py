"""Generator and discriminator of DCGAN (Radford, Metz & Chintala 2015) for pictures of any shape, and the start that GANs need.

4x4 convolutions of stride 2 throughout; batch normalisation everywhere but at the generator's output and the discriminator's input;
ReLU in the generator, LeakyReLU 0.2 in the discriminator; tanh at the end, so pictures are in -1..1 here.
"""

from __future__ import annotations

import itertools
from typing import Final

import torch
from torch import Tensor, nn

INNERMOST: Final = 4  # the shorter side of the innermost map is this or a little more
_WIDEST: Final = 8  # times the width of the outermost layer
_WEIGHT_SPREAD: Final = 0.02


def halvings(height: int, width: int) -> int:
    """How often both sides can be halved without a rest while the shorter one stays at least `INNERMOST`: 4 for 64 x 64, 3 for 32 x 48.

    Raises ValueError if that is not even once.
    """
    count = 0
    while min(height, width) // 2 >= INNERMOST and height % 2 == 0 and width % 2 == 0:
        height, width, count = height // 2, width // 2, count + 1
    if not count:
        raise ValueError(f"{height} x {width} cannot be halved down to {INNERMOST}")
    return count


class Generator(nn.Module):
    """Codes (n, latent), drawn from N(0, 1) in training, to pictures (n, channels, height, width) in -1..1.

    `base` is the number of channels of the outermost layer, `bias` whether that one has a bias, as no other has. Raises ValueError for
    sides that are not even.
    """

    def __init__(self, *, height: int, width: int, channels: int, base: int, latent: int, bias: bool = True) -> None:
        super().__init__()
        self.latent: Final = latent
        widths = _widths(base, halvings(height, width))[::-1]
        inner = (height >> len(widths), width >> len(widths))
        layers: list[nn.Module] = [
            nn.Linear(latent, widths[0] * inner[0] * inner[1], bias=False),
            nn.Unflatten(1, (widths[0], *inner)),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(),
        ]
        for before, after in itertools.pairwise(widths):
            layers += [nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.ConvTranspose2d(widths[-1], channels, 4, 2, 1, bias=bias), nn.Tanh())

    def forward(self, codes: Tensor) -> Tensor:
        pictures: Tensor = self.layers(codes)
        return pictures


class Discriminator(nn.Module):
    """Pictures (n, channels, height, width) in -1..1 to `outputs` numbers each, (n, outputs), without a last activation.

    One output is the log-odds of being real. The encoders of f-AnoGAN and GANomaly have the same shape, with one output for each number
    of a code. `bias`: whether the first and the last layer have one, as no other has.
    """

    def __init__(self, *, height: int, width: int, channels: int, base: int, outputs: int = 1, bias: bool = True) -> None:
        super().__init__()
        widths = _widths(base, halvings(height, width))
        layers: list[nn.Module] = [nn.Conv2d(channels, widths[0], 4, 2, 1, bias=bias), nn.LeakyReLU(0.2)]
        for before, after in itertools.pairwise(widths):
            layers += [nn.Conv2d(before, after, 4, 2, 1, bias=False), nn.BatchNorm2d(after), nn.LeakyReLU(0.2)]
        self.features = nn.Sequential(*layers)
        innermost = widths[-1] * (height >> len(widths)) * (width >> len(widths))
        self.judgement = nn.Sequential(nn.Flatten(), nn.Linear(innermost, outputs, bias=bias))

    def forward(self, pictures: Tensor) -> Tensor:
        outputs: Tensor = self.judgement(self.features(pictures))
        return outputs


def initialise_gan(network: nn.Module, seed: int) -> None:
    """Draws all weights anew from `seed`, in the order of the modules, without touching torch's global random state.

    Weights N(0, 0.02), gains of batch normalisation N(1, 0.02), biases 0 (DCGAN, section 4).
    """
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(module.weight, 0.0, _WEIGHT_SPREAD, generator=generator)
        elif isinstance(module, nn.BatchNorm2d):
            nn.init.normal_(module.weight, 1.0, _WEIGHT_SPREAD, generator=generator)
        else:
            continue
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def to_signed(pictures: Tensor) -> Tensor:
    """0..1, as pictures reach a network, to the -1..1 of tanh."""
    return pictures * 2 - 1


def from_signed(pictures: Tensor) -> Tensor:
    """Inverse of `to_signed`."""
    return (pictures + 1) / 2


def _widths(base: int, count: int) -> list[int]:
    """Channels of the discriminator's layers from the outside in: doubled each time, at most `_WIDEST` times the first."""
    return [base * min(2**level, _WIDEST) for level in range(count)]
