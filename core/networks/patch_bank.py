"""A bounded number of good patches as feature vectors, and the nearest of them to other patches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.networks.seeds import numpy_generator

_CANDIDATES: Final = 8  # by the fast distances, whose rounding may swap equals; the distances of these are computed exactly
_ROWS_AT_ONCE: Final = 1024  # of a block of distances


class PatchBank:
    """features: float32 (m, d). owners: int64 (m,), the position of the picture that each was cut from, ascending."""

    def __init__(self, features: Tensor, owners: Tensor) -> None:
        self.features: Final = features
        self.owners: Final = owners
        self._centre: Final = features.mean(dim=0)
        self._centred: Final = features - self._centre
        self._squares: Final = self._centred.square().sum(dim=1)

    def nearest(self, features: Tensor, *, owner: int | None = None) -> Tensor:
        """float64 (n,): Euclidean distance of each of `features` (n, d) from its nearest good patch; 0 for one that is in the bank.

        owner: a picture whose own patches do not count, so that training pictures can be measured like others.
        """
        own = None if owner is None else self.owners == owner
        if own is not None and bool(own.all()):
            own = None
        blocks = [self._nearest_of(block, own) for block in torch.split(features, _ROWS_AT_ONCE)]
        return torch.cat(blocks)

    def nearest_owners(self, feature: Tensor, count: int) -> Tensor:
        """int64 (count,): the different pictures that hold the patches nearest to `feature` (d,), nearest first."""
        distances = exact_distances(self.features, feature[None])
        order = self.owners[distances.argsort(stable=True)].cpu()
        owners, first = np.unique(order.numpy(), return_index=True)
        return torch.from_numpy(owners[np.argsort(first)][:count])

    @property
    def pictures(self) -> int:
        """How many pictures have patches in the bank."""
        return len(torch.unique(self.owners))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays for the model file."""
        return {"bank.features": self.features.cpu().numpy(), "bank.owners": self.owners.cpu().numpy()}

    @staticmethod
    def shapes(size: int, features: int) -> dict[str, tuple[int, ...]]:
        """Shapes of `arrays`, for `files.read_arrays`."""
        return {"bank.features": (size, features), "bank.owners": (size,)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], device: str) -> Self:
        """Inverse of `arrays`."""
        features, owners = torch.from_numpy(arrays["bank.features"]), torch.from_numpy(arrays["bank.owners"])
        return cls(features.float().to(device), owners.long().to(device))

    def _nearest_of(self, features: Tensor, own: Tensor | None) -> Tensor:
        # |a|^2 is the same for all candidates of a row and is left out
        distances = torch.addmm(self._squares[None, :], features - self._centre, self._centred.T, alpha=-2)
        if own is not None:
            distances = distances.masked_fill(own[None, :], torch.inf)
        allowed = len(self.features) if own is None else int((~own).sum())
        candidates = distances.topk(min(_CANDIDATES, allowed), dim=1, largest=False).indices
        return exact_distances(self.features[candidates], features[:, None, :]).amin(dim=1)


def exact_distances(one: Tensor, other: Tensor) -> Tensor:
    """float64 lengths of the differences along the last axis, 0 for equal vectors; where there is no float64 the CPU does it."""
    if one.device.type == "mps":
        one, other = one.cpu(), other.cpu()
    return (one.double() - other.double()).square().sum(dim=-1).sqrt()


def draw_patches(pictures: int, places: int, size: int, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """`size` different patches of all, or all if there are fewer: positions of their pictures, ascending, and their places on the grid."""
    total = pictures * places
    drawn = np.arange(total) if total <= size else np.sort(numpy_generator(seed).choice(total, size, replace=False, shuffle=False))
    return drawn // places, drawn % places
