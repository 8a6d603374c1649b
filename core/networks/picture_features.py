"""Numbers that describe a picture without any training: brightness, spots and edges of each cell of a small grid.

They make pictures into rows, for detectors that know tables only. Parts must lie about the same way in every picture, for a cell is
compared with itself. Differences of neighbouring pixels in four directions are the gradients of any textbook on image processing; the
grid of cells follows the gist of Oliva & Torralba 2001, with differences at three scales in place of Gabor filters.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from core.networks.pictures import apply_in_batches

_GRID: Final = 4  # cells along each side
_DIRECTIONS: Final = {"across": (0, 1), "down": (1, 0), "falling": (1, 1), "rising": (1, -1)}
_COARSER: Final = (2, 4)  # pictures halved once and twice
_GREY: Final = ("brightness", "dark spot", "bright spot", *(f"edges {name}" for name in _DIRECTIONS), "edges 2", "edges 4", "sharpest edge")
_COLOUR: Final = ("red less green", "blue less yellow")
SMALLEST: Final = 16  # of the picture's sides: below it a cell of the coarsest scale holds less than a pixel


def feature_names(channels: int) -> tuple[str, ...]:
    """What each column of `picture_features` holds, with the row and column of its cell, counted from 1."""
    kinds = _GREY if channels == 1 else _GREY + _COLOUR
    return tuple(f"{kind} ({row}, {column})" for kind in kinds for row in range(1, _GRID + 1) for column in range(1, _GRID + 1))


def picture_features(pictures: NDArray[Any], *, device: str, check: Callable[[], None] = lambda: None) -> NDArray[np.float64]:
    """float64 (n, len(feature_names(channels))) of uint8 pictures (n, height, width, channels), sides of at least `SMALLEST`.

    Brightness is 0..1. "dark spot" and "bright spot" say how far the darkest and brightest 3 x 3 pixels of the cell lie from its mean:
    so many together that noise does not count, and from the mean so that the light of the day does not. Edges are the
    mean absolute difference of pixels two apart; "edges 2" and "edges 4" those across and down after the picture was halved once and
    twice. The features of a picture do not depend on the others. `check` is called once for each batch.
    """
    return apply_in_batches(pictures, _described, device=device, check=check)[0].astype(np.float64)


def _described(pictures: Tensor) -> tuple[Tensor]:
    grey = pictures.mean(dim=1, keepdim=True)
    smooth = functional.avg_pool2d(grey, 3, stride=1, padding=1, count_include_pad=False)
    differences = {name: _difference(grey, *step) for name, step in _DIRECTIONS.items()}
    sharpest = torch.maximum(differences["across"], differences["down"])
    planes = [grey, *differences.values()]
    cells = [_cell_mean(plane) for plane in planes]
    cells[1:1] = [cells[0] + _cell_maximum(-smooth), _cell_maximum(smooth) - cells[0]]
    for factor in _COARSER:
        coarse = functional.avg_pool2d(grey, factor)
        cells.append(_cell_mean((_difference(coarse, 0, 1) + _difference(coarse, 1, 0)) / 2))
    cells.append(_cell_maximum(sharpest))
    if pictures.shape[1] == 3:
        red, green, blue = pictures[:, 0:1], pictures[:, 1:2], pictures[:, 2:3]
        cells += [_cell_mean(red - green), _cell_mean(blue - (red + green) / 2)]
    return (torch.cat([cell.flatten(1) for cell in cells], dim=1),)


def _difference(planes: Tensor, down: int, right: int) -> Tensor:
    """Absolute difference of the pixels on both sides of each place along (down, right); edges repeated."""
    height, width = planes.shape[-2:]
    padded = functional.pad(planes, (1, 1, 1, 1), mode="replicate")

    def moved(rows: int, columns: int) -> Tensor:
        return padded[..., 1 + rows : 1 + rows + height, 1 + columns : 1 + columns + width]

    return (moved(down, right) - moved(-down, -right)).abs()


def _cell_mean(planes: Tensor) -> Tensor:
    return functional.adaptive_avg_pool2d(planes, _GRID)


def _cell_maximum(planes: Tensor) -> Tensor:
    return functional.adaptive_max_pool2d(planes, _GRID)
