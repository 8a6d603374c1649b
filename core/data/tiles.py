"""Overlapping tiles of pictures, so that a detector with a small working size sees small defects on large pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

OVERLAP: Final = 0.25  # of a tile, at least: a defect on the border of one tile lies inside another


@dataclass(frozen=True, kw_only=True)
class TileGrid:
    """Where the tiles lie: `tops` and `lefts` are ascending pixel positions, evenly spread, the first 0 and the last at the far edge.

    height, width: of the pictures; tile_height, tile_width: of each tile, not larger than the pictures. Places count row by row.
    """

    height: int
    width: int
    tile_height: int
    tile_width: int

    def __post_init__(self) -> None:
        if not (1 <= self.tile_height <= self.height and 1 <= self.tile_width <= self.width):
            raise ValueError(f"tiles of {self.tile_height} x {self.tile_width} do not fit into {self.height} x {self.width}")

    @property
    def tops(self) -> tuple[int, ...]:
        return _positions(self.height, self.tile_height)

    @property
    def lefts(self) -> tuple[int, ...]:
        return _positions(self.width, self.tile_width)

    @property
    def count(self) -> int:
        """Tiles per picture."""
        return len(self.tops) * len(self.lefts)

    def corners(self) -> list[tuple[int, int]]:
        """(top, left) of each place."""
        return [(top, left) for top in self.tops for left in self.lefts]

    def cut(self, picture: NDArray[Any]) -> NDArray[Any]:
        """(height, width, ...) to (count, tile height, tile width, ...)."""
        return np.stack([picture[top : top + self.tile_height, left : left + self.tile_width] for top, left in self.corners()])

    def joined(self, tiles: NDArray[Any]) -> NDArray[np.float32]:
        """Inverse of `cut` for values that differ where tiles overlap: float32 (height, width, ...), without seams.

        Each tile weighs most in its middle and next to nothing at its border, except along the border of the picture.
        """
        total = np.zeros((self.height, self.width, *tiles.shape[3:]), dtype=np.float32)
        weights = np.zeros((self.height, self.width), dtype=np.float32)
        window = np.outer(_ramp(self.tile_height), _ramp(self.tile_width)).astype(np.float32)
        spread = window.reshape(*window.shape, *(1,) * (tiles.ndim - 3))
        for tile, (top, left) in zip(tiles, self.corners(), strict=True):
            place = (slice(top, top + self.tile_height), slice(left, left + self.tile_width))
            total[place] += tile * spread
            weights[place] += window
        total /= weights.reshape(*weights.shape, *(1,) * (tiles.ndim - 3))
        return total


class Tiles:
    """The tiles of many pictures as a sequence, picture by picture, cut when asked for: it takes no memory of its own.

    Behaves like an array (n, tile height, tile width, ...) as far as length, shape, dtype, indices, slices and iteration go. `chosen`
    int64: which tiles, None for all.
    """

    def __init__(self, pictures: NDArray[Any], grid: TileGrid, chosen: NDArray[np.int64] | None = None) -> None:
        if pictures.shape[1:3] != (grid.height, grid.width):
            raise ValueError(f"pictures of {pictures.shape[1:3]} do not fit the grid")
        self._pictures: Final = pictures
        self._corners: Final = grid.corners()
        self.chosen: Final = np.arange(len(pictures) * grid.count) if chosen is None else chosen
        self._tile: Final = (grid.tile_height, grid.tile_width)
        self.dtype: Final = pictures.dtype
        self.ndim: Final = pictures.ndim

    def __len__(self) -> int:
        return len(self.chosen)

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self), *self._tile, *self._pictures.shape[3:])

    @property
    def size(self) -> int:
        return int(np.prod(self.shape))

    @property
    def nbytes(self) -> int:
        """Bytes that all tiles would take if they were cut at once."""
        return self.size * self.dtype.itemsize

    def __getitem__(self, key: Any) -> NDArray[Any]:
        wanted = self.chosen[key]
        if np.ndim(wanted) == 0:
            return self._cut(int(wanted))
        found = np.empty((len(wanted), *self.shape[1:]), dtype=self.dtype)
        for place, tile in enumerate(wanted.tolist()):
            found[place] = self._cut(tile)
        return found

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return (self._cut(tile) for tile in self.chosen.tolist())

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise ValueError("tiles are not an array: they are cut when asked for")
        return self[:] if dtype is None else self[:].astype(dtype)

    def _cut(self, tile: int) -> NDArray[Any]:
        picture, place = divmod(tile, len(self._corners))
        top, left = self._corners[place]
        cut: NDArray[Any] = self._pictures[picture, top : top + self._tile[0], left : left + self._tile[1]]
        return cut


def _positions(length: int, tile: int) -> tuple[int, ...]:
    """Starts of the fewest tiles that cover `length` with the overlap."""
    if tile == length:
        return (0,)
    count = 1 + int(np.ceil((length - tile) / (tile * (1 - OVERLAP))))
    return tuple(np.linspace(0, length - tile, count).round().astype(int).tolist())


def _ramp(length: int) -> NDArray[np.float64]:
    """1 in the middle, falling straight to almost 0 at both ends."""
    places = np.arange(length) + 0.5
    ramp: NDArray[np.float64] = np.minimum(places, length - places) / (length / 2)
    return ramp
