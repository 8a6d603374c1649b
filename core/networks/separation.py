"""Training items taken apart into what a network can rebuild and what it cannot (Zhou & Paffenroth 2017)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from core.networks.pictures import ItemStore, in_fixed_batches
from core.networks.shrinkage import soft_threshold

_SAMPLED: Final = 5_000_000  # values whose sizes are looked at to choose a threshold for single values


class Group(StrEnum):
    """What is kept or set apart as a whole: the norm of S is the sum of the lengths of its groups (l1, and twice l2,1)."""

    VALUES = "values"
    ITEMS = "items"
    COLUMNS = "columns"


@dataclass(frozen=True, kw_only=True)
class Round:
    """One separation. threshold: lengths up to it went to zero. set_apart: groups that did not. left and change: as `Separation` defines them."""

    threshold: float
    set_apart: int
    left: float
    change: float


class Separation(nn.Module):
    """S, the part of the training items X that is set apart, found in turns with a network that learns to rebuild X - S.

    After some epochs, L is the rebuilt X - S of before, and the new S the shrunk X - L: groups no longer than the threshold become
    zero, others lose that much of their length. left = ||X - L - S|| / ||X|| and change = ||(L + S) - (L + S) of before|| / ||X||
    (c1 and c2 of the authors; before the first separation L + S counts as X). Both small is their sign of convergence, which it is
    not: with a threshold of 0 both are 0 at once, because S takes everything.

    corruption: S. rest: X - L - S. Both float32 of the shape of all training items, `shape` is that of one. Part of the checkpoints.
    settled: whether the training has nothing more to do; for whoever leads it.
    """

    corruption: Tensor
    rest: Tensor
    settled: Tensor

    def __init__(self, shape: tuple[int, ...], *, count: int) -> None:
        super().__init__()
        self.register_buffer("corruption", torch.zeros(count, *shape))
        self.register_buffer("rest", torch.zeros(count, *shape))
        self.register_buffer("settled", torch.zeros((), dtype=torch.bool))

    def of(self, indices: NDArray[np.int64]) -> Tensor:
        """S of the items at `indices`."""
        return self.corruption[self._places(indices)]

    def separate(
        self,
        items: ItemStore,
        rebuild: Callable[[Tensor], Tensor],
        *,
        group: Group,
        threshold: Callable[[NDArray[np.float64]], float],
        at_once: int,
        check: Callable[[], None],
    ) -> Round:
        """Finds S anew. `threshold` gets the lengths of the groups of X - L (of single values a sample), float64 (groups,)."""
        with torch.inference_mode():
            squares = self._take_differences(items, rebuild, at_once, check)
            lengths = self._lengths(group, at_once)
            limit = threshold(lengths)
            left, change, set_apart = self._shrink(group, limit, lengths, at_once, check)
        whole = math.sqrt(squares) or 1.0
        return Round(threshold=limit, set_apart=set_apart, left=math.sqrt(left) / whole, change=math.sqrt(change) / whole)

    def item_lengths(self) -> NDArray[np.float64]:
        """||S|| of each item."""
        return np.concatenate([np.sqrt(_squares(self.corruption[part]).sum(axis=1)) for part in self._parts(1)])

    def column_lengths(self) -> NDArray[np.float64]:
        """||S|| of each column, over all items."""
        squares = np.zeros(self.corruption[0].numel())
        for part in self._parts(1):
            squares += _squares(self.corruption[part]).sum(axis=0)
        return np.sqrt(squares)

    def _take_differences(self, items: ItemStore, rebuild: Callable[[Tensor], Tensor], at_once: int, check: Callable[[], None]) -> float:
        """Puts X - L in the place of S; returns ||X||^2."""
        total = 0.0
        for indices, real in in_fixed_batches(items.count, at_once):
            check()
            batch = items.batch(indices)
            places = self._places(indices)
            # Subtracted in place: pictures of one channel would be laid out differently, and then be rounded differently in convolutions.
            differences = batch - rebuild(batch.clone().sub_(self.corruption[places]))
            self.corruption[places[:real]] = differences[:real]
            total += float(_squares(batch[:real]).sum())
        return total

    def _lengths(self, group: Group, at_once: int) -> NDArray[np.float64]:
        if group is Group.ITEMS:
            return self.item_lengths()
        if group is Group.COLUMNS:
            return self.column_lengths()
        step = max(1, self.corruption.numel() // _SAMPLED)
        return np.abs(self.corruption.flatten()[::step].cpu().numpy().astype(np.float64))

    def _shrink(
        self, group: Group, limit: float, lengths: NDArray[np.float64], at_once: int, check: Callable[[], None]
    ) -> tuple[float, float, int]:
        """Puts S in the place of X - L and fills `rest`. Returns ||rest||^2, ||rest - rest of before||^2, groups that are not zero."""
        kept = soft_threshold(lengths, limit) / np.where(lengths > 0, lengths, 1.0)  # what is left of each group
        left, change, values = 0.0, 0.0, 0
        for part in self._parts(at_once):
            check()
            differences = self.corruption[part]
            flat = differences.flatten(1).cpu().numpy()
            factors = kept[part, None] if group is Group.ITEMS else kept
            shrunk = soft_threshold(flat, limit) if group is Group.VALUES else flat * factors
            corruption = torch.from_numpy(shrunk.astype(np.float32)).to(differences.device).reshape(differences.shape)
            rest = differences - corruption
            left += float(_squares(rest).sum())
            change += float(_squares(rest - self.rest[part]).sum())
            values += int(np.count_nonzero(shrunk))
            self.corruption[part] = corruption
            self.rest[part] = rest
        return left, change, values if group is Group.VALUES else int(np.count_nonzero(kept))

    def _parts(self, at_once: int) -> Iterator[slice]:
        """Slices over all items, not too large for the memory."""
        size = max(at_once, 1_000_000 // max(1, self.corruption[0].numel()))
        return (slice(start, start + size) for start in range(0, len(self.corruption), size))

    def _places(self, indices: NDArray[np.int64]) -> Tensor:
        return torch.from_numpy(indices).to(self.corruption.device)


def _squares(values: Tensor) -> NDArray[np.float64]:
    """float64 (n, numbers); on the CPU, because not every device has float64."""
    return np.square(values.flatten(1).cpu().numpy().astype(np.float64))
