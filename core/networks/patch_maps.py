"""From a picture to features of all its patches, from their distances to a map: the patch model of CutPaste (appendix A.5)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from core.networks.patches import all_patches

_KERNEL_SHARE: Final = 10 / 32  # standard deviation of the kernel over its side, after FCDD (Liznerski et al. 2021)
_PATCHES_AT_ONCE: Final = 1024
_BLOCK_SHARE: Final = 2  # a block of places is as large as a patch divided by this


@dataclass(frozen=True, kw_only=True)
class DensePatches:
    """Square patches of `patch` pixels, one every `stride`, on pictures of height x width pixels, each at least `patch`.

    Where the stride does not reach the lower or right edge, the edge is repeated until it does, so that every pixel is covered.
    Patches go through a network one by one, as published, and not as parts of a larger map: the padding of a network tells the inside
    of a picture from its edge, so a fully convolutional evaluation would give other features than those of a patch. The patches of a
    picture are always cut into the same portions, so that its features never depend on other pictures.
    """

    height: int
    width: int
    patch: int
    stride: int

    @property
    def rows(self) -> int:
        return -(-(self.height - self.patch) // self.stride) + 1

    @property
    def columns(self) -> int:
        return -(-(self.width - self.patch) // self.stride) + 1

    @property
    def count(self) -> int:
        """Patches of a picture."""
        return self.rows * self.columns

    def features(self, picture: Tensor, describe: Callable[[Tensor], Tensor], places: Tensor | None = None) -> Tensor:
        """(count, d): what `describe` gives for each patch of one picture (channels, height, width), row by row; or for `places` only."""
        beyond = (self._full(self.columns) - self.width, self._full(self.rows) - self.height)
        padded = functional.pad(picture[None], (0, beyond[0], 0, beyond[1]), mode="replicate")[0]
        patches = all_patches(padded, self.patch, self.stride)
        chosen = patches if places is None else patches[places]
        return torch.cat([describe(part) for part in torch.split(chosen, _PATCHES_AT_ONCE)])

    def map_of(self, values: Tensor) -> Tensor:
        """Values (n, rows, columns) to maps (n, height, width) by receptive-field up-sampling.

        Each value is spread over its patch with the weights of a Gaussian; the sum is divided by the sum of the weights, without which
        the frame, covered by few patches, would always look good.
        """
        places = torch.arange(self.patch, dtype=values.dtype, device=values.device) - (self.patch - 1) / 2
        line = torch.exp(-(places**2) / (2 * (_KERNEL_SHARE * self.patch) ** 2))
        kernel = (line[:, None] * line)[None, None]
        spread = functional.conv_transpose2d(values[:, None], kernel, stride=self.stride)
        weights = functional.conv_transpose2d(torch.ones_like(values[:1, None]), kernel, stride=self.stride)
        return (spread / weights)[:, 0, : self.height, : self.width]

    def blocks(self) -> Tensor:
        """int64 (blocks, k): the places of each of the blocks, half a patch wide, that the picture is divided into.

        At the lower and right edges, where a block has fewer places, its last row or column comes again.
        """
        side = max(1, self.patch // _BLOCK_SHARE // self.stride)
        rows, columns = (
            torch.arange(math.ceil(length / side) * side).clamp(max=length - 1).reshape(-1, side) for length in (self.rows, self.columns)
        )
        places = rows[:, None, :, None] * self.columns + columns[None, :, None, :]
        return places.reshape(len(rows) * len(columns), side * side)

    def _full(self, places: int) -> int:
        """Pixels that so many places in a line reach over."""
        return (places - 1) * self.stride + self.patch
