"""Some of the items of an array, without a copy of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray


class ChosenItems:
    """The items at `places` of `items`, which may be a memory map or a sequence of tiles; they are read when asked for.

    Behaves like an array as far as length, shape, dtype, indices, slices and iteration go.
    """

    def __init__(self, items: NDArray[Any], places: NDArray[np.int64]) -> None:
        self._items: Final = items
        self._places: Final = places
        self.shape: Final[tuple[int, ...]] = (len(places), *items.shape[1:])
        self.dtype: Final = items.dtype

    def __len__(self) -> int:
        return len(self._places)

    @property
    def nbytes(self) -> int:
        """Bytes of the chosen items if they were copied."""
        return int(np.prod(self.shape)) * self.dtype.itemsize

    def __getitem__(self, key: Any) -> NDArray[Any]:
        found: NDArray[Any] = self._items[self._places[key]]
        return found

    def __iter__(self) -> Iterator[NDArray[Any]]:
        return (self._items[place] for place in self._places)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[:], dtype=dtype)
