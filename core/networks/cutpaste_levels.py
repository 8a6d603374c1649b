"""What CutPaste's features are asked: how far whole pictures, or each of their patches, lie from those of good pictures."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from core.job_context import JobContext
from core.networks.cutpaste import CutPasteClassifier
from core.networks.error_maps import top_mean
from core.networks.gaussian import GaussianDensity
from core.networks.patch_maps import DensePatches
from core.networks.pictures import PictureStore, apply_in_batches, in_fixed_batches

_MEASURED: Final = 60_000  # patches that the densities rest on, spread over places and pictures
_CODES: Final = 2000
_BACKWARD: Final = 3  # a step forward and backward takes as long as so many forward
_SMALLEST_PATCH: Final = 8


def patch_side(wanted: int, *, height: int, width: int) -> int:
    """`wanted`, or what leaves room for a crop of twice the side in a small picture; a multiple of 8."""
    return max(_SMALLEST_PATCH, min(wanted, min(height, width) // 2 // _SMALLEST_PATCH * _SMALLEST_PATCH))


class Level(ABC):
    """Features of good pictures, their density, and the judgement of others. `crop` is the side of what is learnt from, None: whole."""

    crop: int | None = None
    density: GaussianDensity

    def __init__(self, classifier: CutPasteClassifier, *, shrink: bool, device: str) -> None:
        self._classifier: Final = classifier
        self._shrink: Final = shrink
        self._device: Final = device

    @abstractmethod
    def memory_needed(self, count: int) -> int:
        """Bytes for measuring `count` pictures."""

    @abstractmethod
    def steps_to_measure(self, count: int, batch_size: int) -> int:
        """How many training steps measuring `count` pictures takes as long as."""

    @abstractmethod
    def measure(self, pictures: NDArray[np.uint8], context: JobContext, *, steps: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Fits the density; progress counts up to `steps`. Codes of some of the pictures, float32 (m, d), and their positions."""

    @abstractmethod
    def judge(self, pictures: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Scores (n,) and maps (n, height, width)."""

    @abstractmethod
    def density_shapes(self) -> dict[str, tuple[int, ...]]: ...

    def take_density(self, arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
        """Of a model file. Raises ProblemError(MODEL_DAMAGED)."""
        self.density = GaussianDensity.from_arrays(arrays, path, self._device)

    @property
    def _features(self) -> int:
        return self._classifier.backbone.widths[-1]

    def _described(self, pictures: Tensor) -> Tensor:
        pooled: Tensor = self._classifier.backbone(pictures).pooled
        return pooled


class PictureLevel(Level):
    """One feature vector per picture; the map is Grad-CAM."""

    def memory_needed(self, count: int) -> int:
        return 20 * count * self._features

    def steps_to_measure(self, count: int, batch_size: int) -> int:
        return -(-count // (_BACKWARD * 3 * batch_size))

    def measure(self, pictures: NDArray[np.uint8], context: JobContext, *, steps: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        (features,) = apply_in_batches(pictures, lambda shown: (self._described(shown),), device=self._device, check=context.check)
        self.density = GaussianDensity.fitted(features, shrink=self._shrink, device=self._device)
        context.progress(steps, steps)
        items = _spread_out(len(pictures), _CODES)
        return features[items], items

    def judge(self, pictures: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        scores, maps = apply_in_batches(pictures, self._judged, device=self._device)
        return scores, maps

    def density_shapes(self) -> dict[str, tuple[int, ...]]:
        return GaussianDensity.shapes(self._features)

    def _judged(self, shown: Tensor) -> tuple[Tensor, Tensor]:
        found = self._classifier.backbone(shown)
        attention = self._classifier.attention(found.layer4)
        maps = functional.interpolate(attention[:, None], size=shown.shape[2:], mode="bilinear", align_corners=False)[:, 0]
        return self.density.squared_distances(found.pooled), maps


class PatchLevel(Level):
    """A feature vector for every patch; one density for all of them, or ("aligned") one for each block of places.

    A picture is judged alone, so that neither its score nor the time until a cancel depends on others.
    """

    def __init__(
        self,
        classifier: CutPasteClassifier,
        *,
        height: int,
        width: int,
        patch: int,
        stride: int,
        aligned: bool,
        top_share: float,
        shrink: bool,
        device: str,
    ) -> None:
        super().__init__(classifier, shrink=shrink, device=device)
        self.crop = 2 * patch
        self._patches: Final = DensePatches(height=height, width=width, patch=patch, stride=stride)
        self._aligned: Final = aligned
        self._top_share: Final = top_share
        with torch.device("cpu"):  # also while a model file is checked with shapes only
            self._blocks: Final = self._patches.blocks()

    def memory_needed(self, count: int) -> int:
        measured, draws = self._portions(count)
        features = measured * draws * len(self._blocks) * self._features
        covariances = (len(self._blocks) if self._aligned else 1) * self._features**2
        return 24 * (features + covariances)

    def steps_to_measure(self, count: int, batch_size: int) -> int:
        measured, draws = self._portions(count)
        areas = 4  # a crop is as large as four patches
        return -(-measured * draws * len(self._blocks) // (_BACKWARD * 3 * areas * batch_size))

    def measure(self, pictures: NDArray[np.uint8], context: JobContext, *, steps: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Each picture gives one or more patches of every block, another place of the block in each turn."""
        measured, draws = self._portions(len(pictures))
        items = _spread_out(len(pictures), measured)
        store = PictureStore(pictures, self._device)
        places_in_block = self._blocks.shape[1]
        found: list[Tensor] = []
        with torch.inference_mode():
            for turn, (indices, _) in enumerate(in_fixed_batches(measured, 1)):
                context.check()
                drawn = (turn * draws + torch.arange(draws)) % places_in_block
                places = self._blocks[:, drawn].T.flatten().to(self._device)
                features = self._patches.features(store.batch(items[indices])[0], self._described, places)
                found.append(features.reshape(draws, len(self._blocks), -1).cpu())
                context.progress((turn + 1) * steps // measured, steps)
        features = torch.stack(found)  # (pictures, draws, blocks, d)
        per_place = features.flatten(0, 1)
        self.density = GaussianDensity.fitted(
            per_place if self._aligned else per_place.flatten(0, 1), shrink=self._shrink, device=self._device
        )
        shown = _spread_out(measured, _CODES)
        return features[shown].mean(dim=(1, 2)).numpy(), items[shown]

    def judge(self, pictures: NDArray[np.uint8]) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        scores, maps = apply_in_batches(pictures, self._judged, device=self._device, size=1)
        return scores, maps

    def density_shapes(self) -> dict[str, tuple[int, ...]]:
        return GaussianDensity.shapes(self._features, places=len(self._blocks) if self._aligned else 1)

    def _judged(self, shown: Tensor) -> tuple[Tensor, Tensor]:
        features = self._patches.features(shown[0], self._described)
        distances = self._distances(features).reshape(1, self._patches.rows, self._patches.columns)
        maps = self._patches.map_of(distances)
        return top_mean(maps, self._top_share), maps.float()

    def _distances(self, features: Tensor) -> Tensor:
        """Of (count, d) to (count,)."""
        if not self._aligned:
            return self.density.squared_distances(features)
        members = self._blocks.T.to(features.device)  # (k, blocks)
        by_block = self.density.squared_distances(features[members])
        distances = by_block.new_empty(len(features))
        distances[members.to(by_block.device)] = by_block
        return distances

    def _portions(self, count: int) -> tuple[int, int]:
        """How many of `count` pictures are measured, and how many patches each gives for each block."""
        blocks, places_in_block = self._blocks.shape
        measured = min(count, max(_MEASURED // blocks, 1))
        return measured, min(max(_MEASURED // (measured * blocks), 1), places_in_block)


def _spread_out(count: int, wanted: int) -> NDArray[np.int64]:
    """At most `wanted` positions from all over 0..count."""
    positions: NDArray[np.int64] = np.linspace(0, count - 1, min(count, wanted)).round().astype(np.int64)
    return positions
