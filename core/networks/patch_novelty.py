"""How little a patch is like those of good pictures, in three ways, measured in what is usual at its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.networks.gaussian import GaussianDensity
from core.networks.patch_bank import PatchBank, draw_patches
from core.networks.patches import PatchGrid
from core.networks.pictures import SCORING_BATCH, PictureStore, in_fixed_batches
from core.networks.relative_position import FEATURES, PICTURES_AT_ONCE, RelativePositionNetwork
from core.networks.usual_error import UsualError

JudgedBy = Literal["nearest", "density", "direction"]
_PARTS: Final = SCORING_BATCH // PICTURES_AT_ONCE
_LEAST_SPREAD: Final = 1e-6  # of raw evidence, which is of the order of 1: good pictures that are all the same


@dataclass(frozen=True, kw_only=True)
class GoodPictures:
    """uint8 (n, height, width, channels) and the positions of the pictures among all training items."""

    pictures: NDArray[np.uint8]
    positions: NDArray[np.int64]


class PatchNovelty:
    """nearest: Euclidean distance from the nearest good patch in the bank (Patch SVDD). density: squared distance in a Gaussian of good
    patches. direction: mean of -log p(true direction) over the neighbours (the pretext loss itself)."""

    def __init__(
        self,
        network: RelativePositionNetwork,
        grid: PatchGrid,
        *,
        judged_by: JudgedBy,
        bank: PatchBank,
        density: GaussianDensity | None,
        usual: UsualError,
    ) -> None:
        """density: needed if that is what patches are judged by."""
        self._network = network
        self._grid = grid
        self._judged_by = judged_by
        self.bank: Final = bank
        self._density = density
        self._usual = usual

    @classmethod
    def learnt(
        cls,
        network: RelativePositionNetwork,
        grid: PatchGrid,
        good: GoodPictures,
        *,
        judged_by: JudgedBy,
        bank_size: int,
        each_place: bool,
        seed: int,
        device: str,
        check: Callable[[], None],
    ) -> Self:
        """Goes through the pictures twice: for the bank, and for the usual evidence, where a picture's own patches do not count.

        check: called as often as `checks` says.
        """
        bank = _collected(network, grid, good, size=bank_size, seed=seed, device=device, check=check)
        density = GaussianDensity.fitted(bank.features, device=device) if judged_by == "density" else None
        flat = UsualError(torch.zeros(()), torch.ones(()))
        raw = cls(network, grid, judged_by=judged_by, bank=bank, density=density, usual=flat)
        batches = in_fixed_batches(len(good.pictures))

        def evidence(pictures: Tensor) -> Tensor:
            indices, _ = next(batches)  # the same batches as those that it is asked about, in the same order
            parts = []
            for part, owners in zip(torch.split(pictures, PICTURES_AT_ONCE), np.split(good.positions[indices], _PARTS), strict=True):
                check()
                parts.append(raw.of_patches(network.tower.on_grid(part), owners=owners))
            return torch.cat(parts)

        usual = UsualError.learnt(
            good.pictures, evidence, each_place=each_place, device=device, check=lambda: None, least_spread=_LEAST_SPREAD
        )
        return cls(network, grid, judged_by=judged_by, bank=bank, density=density, usual=usual)

    @staticmethod
    def checks(count: int) -> int:
        """How often `learnt` calls `check` for so many pictures."""
        return -(-count // PICTURES_AT_ONCE) + -(-count // SCORING_BATCH) * _PARTS

    def of_patches(self, features: Tensor, *, owners: NDArray[np.int64] | None = None) -> Tensor:
        """float32 (n, rows, columns) of features (n, FEATURES, rows, columns), each picture by itself.

        owners: positions of training pictures, whose own patches in the bank do not count.
        """
        own = [None] * len(features) if owners is None else owners.tolist()
        evidence = torch.stack([self._of_picture(one, owner) for one, owner in zip(features, own, strict=True)])
        return self._usual.measured(evidence.float().to(features.device))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays for the model file."""
        density = {} if self._density is None else self._density.arrays()
        return self.bank.arrays() | density | self._usual.arrays()

    @staticmethod
    def shapes(grid: PatchGrid, *, judged_by: JudgedBy, bank_size: int) -> dict[str, tuple[int, ...]]:
        """Shapes of `arrays`, for `files.read_arrays`."""
        density = GaussianDensity.shapes(FEATURES) if judged_by == "density" else {}
        return PatchBank.shapes(bank_size, FEATURES) | density | UsualError.shapes(grid.rows, grid.columns)

    @classmethod
    def from_arrays(
        cls,
        network: RelativePositionNetwork,
        grid: PatchGrid,
        arrays: Mapping[str, NDArray[Any]],
        *,
        judged_by: JudgedBy,
        path: Path,
        device: str,
    ) -> Self:
        """Inverse of `arrays`. Raises ProblemError(MODEL_DAMAGED) if a spread is not positive."""
        return cls(
            network,
            grid,
            judged_by=judged_by,
            bank=PatchBank.from_arrays(arrays, device),
            density=GaussianDensity.from_arrays(arrays, path, device) if judged_by == "density" else None,
            usual=UsualError.from_arrays(arrays, path, device),
        )

    def _of_picture(self, features: Tensor, owner: int | None) -> Tensor:
        if self._judged_by == "direction":
            return self._network.surprise(features, self._grid)
        rows = features.flatten(1).T
        if self._density is not None:
            return self._density.squared_distances(rows).reshape(features.shape[1:])
        return self.bank.nearest(rows, owner=owner).reshape(features.shape[1:])


def _collected(
    network: RelativePositionNetwork,
    grid: PatchGrid,
    good: GoodPictures,
    *,
    size: int,
    seed: int,
    device: str,
    check: Callable[[], None],
) -> PatchBank:
    owners, places = draw_patches(len(good.pictures), grid.count, size, seed)
    store = PictureStore(good.pictures, device)
    kept = []
    with torch.inference_mode():
        for indices, real in in_fixed_batches(store.count, PICTURES_AT_ONCE):
            check()
            features = network.tower.on_grid(store.batch(indices)).flatten(2)
            here = slice(*np.searchsorted(owners, [indices[0], indices[real - 1] + 1]))
            kept.append(features[torch.from_numpy(owners[here] - indices[0]), :, torch.from_numpy(places[here])])
        return PatchBank(torch.cat(kept), torch.from_numpy(good.positions[owners]).to(device))
