"""Where the patches of a picture lie, which of them are neighbours, and the way from values of patches back to a map.

The eight directions and the drawing of pairs with a gap and jitter are those of Doersch, Gupta & Efros 2015.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

# Row by row around the centre, without the centre; stored 0..7, shown 1..8.
DIRECTIONS: Final = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))
CHANCE_LOSS: Final = math.log(len(DIRECTIONS))  # of guessing a direction
SIDES: Final = (8, 16, 32, 64)  # of patches, in pixels
COARSEST_STEP: Final = 16  # between patches of a grid: sides of pictures that are multiples of it fit every patch


def opposite(directions: Tensor) -> Tensor:
    """The direction from the neighbour back to the patch."""
    return len(DIRECTIONS) - 1 - directions


@dataclass(frozen=True, kw_only=True)
class PatchGrid:
    """Square patches of `patch` pixels on pictures of height x width pixels, one every `step` pixels.

    Neighbours have `gap` pixels between them; while training each is moved by up to `jitter` pixels. `gap` is a multiple of `step`, so
    that neighbours lie on the grid, and at least twice `jitter`, so that they never overlap. Raises ValueError where that does not hold
    and where three patches with two gaps, the whole neighbourhood, do not fit into the picture.
    """

    height: int
    width: int
    patch: int
    step: int
    gap: int
    jitter: int

    def __post_init__(self) -> None:
        fits = self.extent <= min(self.height, self.width)
        whole = all(length % self.step == 0 for length in (self.height, self.width, self.patch, self.gap))
        if not (fits and whole and 0 <= 2 * self.jitter <= self.gap):
            raise ValueError(f"patches of {self.patch} pixels do not fit into {self.height} x {self.width}")

    @property
    def extent(self) -> int:
        """Pixels that a patch and its neighbours on both sides take."""
        return 3 * self.patch + 2 * self.gap

    @property
    def rows(self) -> int:
        return (self.height - self.patch) // self.step + 1

    @property
    def columns(self) -> int:
        return (self.width - self.patch) // self.step + 1

    @property
    def count(self) -> int:
        """Patches of a picture."""
        return self.rows * self.columns

    def facing(self, direction: int) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """(rows, columns) of all patches whose neighbour in `direction` lies inside the picture, and those of the neighbours."""
        reach = (self.patch + self.gap) // self.step
        near, far = zip(
            *(_shifted(length, sign * reach) for length, sign in zip((self.rows, self.columns), DIRECTIONS[direction], strict=True)),
            strict=True,
        )
        return (near[0], near[1]), (far[0], far[1])


def patch_grid(height: int, width: int, *, share: float, gap: float, jitter: float, step_of: Callable[[int], int]) -> PatchGrid:
    """The grid whose patches are nearest to `share` of the picture's side (the root of its area), and not too large for their neighbours.

    gap: share of the patch, rounded to steps, at least one. jitter: share of the gap, 0 to 1/2. step_of: pixels between patches of a
    side. Raises ValueError if not even the smallest patches fit.
    """
    wanted = share * math.sqrt(height * width)
    for patch in sorted(SIDES, key=lambda side: (abs(math.log(side / wanted)), side)):
        step = step_of(patch)
        between = max(step, round(gap * patch / step) * step)
        try:
            return PatchGrid(height=height, width=width, patch=patch, step=step, gap=between, jitter=math.floor(jitter * between))
        except ValueError:
            continue
    raise ValueError(f"{height} x {width} pixels are too few for patches with neighbours")


def _shifted(length: int, by: int) -> tuple[slice, slice]:
    """Those of 0..length that stay inside when moved `by`, and where they come to."""
    moved = min(abs(by), length)
    low, high = slice(0, length - moved), slice(moved, length)
    return (low, high) if by >= 0 else (high, low)


@dataclass(frozen=True, kw_only=True)
class PatchPairs:
    """Corners (top, left), int64 (n, 2), of patches and their neighbours, and directions int64 (n,) from the first to the second."""

    first: Tensor
    second: Tensor
    directions: Tensor


def draw_pairs(grid: PatchGrid, count: int, generator: torch.Generator) -> PatchPairs:
    """All directions are equally likely. Both patches are moved by up to the jitter and lie inside the picture.

    The first corner is drawn among those at which both fit, which is what drawing again until they do comes to, without changing how
    often each direction comes. Moving a patch back inside, as the code of Patch SVDD does, would leave it with a wrong direction.
    """
    device = generator.device
    directions = torch.randint(len(DIRECTIONS), (count,), generator=generator, device=device)
    moves = torch.tensor(DIRECTIONS, device=device)[directions] * (grid.patch + grid.gap)
    jitter = torch.randint(-grid.jitter, grid.jitter + 1, (2, count, 2), generator=generator, device=device)
    moves = moves + jitter[1] - jitter[0]
    room = torch.tensor([grid.height - grid.patch, grid.width - grid.patch], device=device)
    lowest, highest = (-moves).clamp(min=0), room - moves.clamp(min=0)
    choices = highest - lowest + 1
    drawn = torch.rand((count, 2), generator=generator, device=device)
    first = lowest + (drawn * choices).long().minimum(choices - 1)
    return PatchPairs(first=first, second=first + moves, directions=directions)


def draw_nudged(grid: PatchGrid, corners: Tensor, generator: torch.Generator) -> Tensor:
    """Corners moved by at most 1/32 of a patch (at least one pixel) in one of eight directions, never by nothing, never outside."""
    by = max(1, grid.patch // 32)
    drawn = torch.randint(len(DIRECTIONS), (len(corners),), generator=generator, device=generator.device)
    moves = by * torch.tensor(DIRECTIONS, device=generator.device)[drawn]
    room = torch.tensor([grid.height - grid.patch, grid.width - grid.patch], device=generator.device)
    outside = (corners + moves < 0) | (corners + moves > room)
    return corners + torch.where(outside, -moves, moves)


def crops(pictures: Tensor, corners: Tensor, patch: int) -> Tensor:
    """Patches (n, channels, patch, patch) of pictures (b, channels, height, width), n / b of each, cut at `corners` (n, 2)."""
    owners = torch.arange(len(pictures), device=pictures.device).repeat_interleave(len(corners) // len(pictures))
    places = torch.arange(patch, device=pictures.device)
    rows, columns = corners[:, :1] + places, corners[:, 1:] + places
    return pictures[owners[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def all_patches(picture: Tensor, patch: int, step: int) -> Tensor:
    """Every patch, one every `step` pixels, (n, channels, patch, patch), row by row, of a picture (channels, height, width)."""
    windows = picture.unfold(1, patch, step).unfold(2, patch, step)
    return windows.permute(1, 2, 0, 3, 4).flatten(0, 1)


def spread_over_pixels(values: Tensor, grid: PatchGrid) -> Tensor:
    """Values of patches (n, rows, columns) to maps (n, height, width): each pixel gets the mean of the patches that cover it."""
    window = values.new_ones(1, 1, grid.patch, grid.patch)
    total = functional.conv_transpose2d(values[:, None], window, stride=grid.step)
    covered = functional.conv_transpose2d(torch.ones_like(values[:1, None]), window, stride=grid.step)
    return (total / covered)[:, 0]


def without_green_magenta() -> Tensor:
    """float64 (3, 3): I - a'a / (a a') with a = (-1, 2, -1) takes that axis out of colours and leaves grey as it is.

    Lenses spread colours along it more the farther a patch lies from the middle, which tells where it lies without looking at it.
    """
    axis = torch.tensor([[-1.0, 2.0, -1.0]], dtype=torch.float64)
    return torch.eye(3, dtype=torch.float64) - axis.T @ axis / (axis @ axis.T)
