"""What the kind of items changes for a detector that rebuilds them: network, batches, and the way from errors to scores."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.detectors.base import ImageInput, Scored, TableInput, TrainingData
from core.detectors.table_values import TableScaler
from core.job_context import JobContext
from core.networks.autoencoding import AutoencodingNetwork
from core.networks.convolutional import ConvolutionalAutoencoder
from core.networks.dense import DenseAutoencoder
from core.networks.error_maps import gaussian_blur, top_mean
from core.networks.loop import Schedule, batches_per_epoch
from core.networks.pictures import SCORING_BATCH, ItemStore, PictureStore, apply_to_store, mean_and_spread, to_pictures
from core.networks.rows import RowStore
from core.networks.usual_error import UsualError

DEPTH: Final = 4
STEP: Final = 2**DEPTH  # sides of pictures are multiples of it
ROWS_PER_PICTURE: Final = 8  # a batch holds so many times more rows than pictures
_ROWS_AT_ONCE: Final = 256
_LEAST_SPREAD: Final = 1e-9  # of squared errors: the square of a hundredth of a grey level, for pictures that are all the same
_LIBRARY: Final = 200_000_000  # bytes that torch itself takes once it works

# From a batch of items to evidence against each of their values, larger = more anomalous, and to what the network rebuilt: both of the
# shape of the items.
Evidence = Callable[[Tensor], tuple[Tensor, Tensor]]


class ItemKind(ABC):
    """How pictures, or rows, get into a network and how its errors get out. Made before the training, or of a saved model.

    What it learns itself (scales, usual errors) is in `arrays`.
    """

    at_once: int
    """Items scored at once: always so many, see `in_fixed_batches`."""

    def __init__(self, parameters: Any, device: str) -> None:
        self.parameters: Final = parameters
        self.device: Final = device

    @property
    @abstractmethod
    def code_length(self) -> int:
        """Numbers in a code."""

    @abstractmethod
    def network(self, *, code_parts: int = 1, output_parts: int = 1) -> AutoencodingNetwork:
        """A new network for these items with weights that `initialise` will draw."""

    @abstractmethod
    def prepare(self, network: torch.nn.Module, data: TrainingData, context: JobContext) -> None:
        """Learns the scale of the training items, before `store` and the training."""

    @abstractmethod
    def store(self, items: NDArray[Any]) -> ItemStore:
        """Items in the form that the network takes."""

    @abstractmethod
    def schedule(self, count: int, seed: int) -> Schedule:
        """How long `count` training items are learnt from."""

    @abstractmethod
    def learn_usual(self, train: NDArray[Any], evidence: Evidence, check: Callable[[], None]) -> None:
        """Learns what evidence is usual, after the training. Calls `check` once for each `at_once` items."""

    @abstractmethod
    def scored(self, batch: NDArray[Any], evidence: Evidence, *, whole: bool, check: Callable[[], None] = lambda: None) -> Scored:
        """`whole`: the score of a picture is the sum of all its evidence as it is, and not of the part of the map that counts."""

    @abstractmethod
    def shown(self, rebuilt: Tensor) -> Tensor:
        """What the network rebuilt as a person is shown it, on the CPU."""

    @abstractmethod
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Named arrays for the model file."""

    @abstractmethod
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of `arrays`."""

    @abstractmethod
    def take(self, arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
        """Inverse of `arrays`. Raises ProblemError(MODEL_DAMAGED) if a spread is not positive."""

    @abstractmethod
    def memory_needed(self, data: TrainingData) -> int:
        """Bytes that a training takes beside its data and the weights, roughly."""

    def apply(
        self, items: NDArray[Any], function: Callable[[Tensor], tuple[Tensor, ...]], check: Callable[[], None] = lambda: None
    ) -> list[NDArray[Any]]:
        """`function` on batches of always the same size, its results joined over all items; no gradients."""
        return apply_to_store(self.store(items), function, check=check, size=self.at_once)


class PictureKind(ItemKind):
    """Pictures: a convolutional network, and maps of errors measured in the spread that each place has in good pictures."""

    at_once = SCORING_BATCH

    def __init__(self, form: ImageInput, parameters: Any, device: str) -> None:
        super().__init__(parameters, device)
        self.form: Final = form
        self.usual: UsualError

    @property
    def code_length(self) -> int:
        return int(self.parameters.latent_size)

    def network(self, *, code_parts: int = 1, output_parts: int = 1) -> AutoencodingNetwork:
        return ConvolutionalAutoencoder(
            height=self.form.height,
            width=self.form.width,
            channels=self.form.channels,
            base=self.parameters.width,
            latent=self.code_length,
            depth=DEPTH,
            code_parts=code_parts,
            output_parts=output_parts,
        )

    def prepare(self, network: torch.nn.Module, data: TrainingData, context: JobContext) -> None:
        mean, spread = mean_and_spread(data.train, context.check)
        for part in network.modules():
            if isinstance(part, ConvolutionalAutoencoder):
                part.centre(torch.from_numpy(mean), spread)

    def store(self, items: NDArray[Any]) -> ItemStore:
        return PictureStore(items, self.device)

    def schedule(self, count: int, seed: int) -> Schedule:
        return Schedule(epochs=self.parameters.epochs, batch_size=self.parameters.batch_size, seed=seed)

    def learn_usual(self, train: NDArray[Any], evidence: Evidence, check: Callable[[], None]) -> None:
        self.usual = UsualError.learnt(
            train,
            lambda pictures: self._smoothed(evidence(pictures)[0]),
            each_place=self.parameters.compare_places,
            device=self.device,
            check=check,
            least_spread=_LEAST_SPREAD,
        )

    def scored(self, batch: NDArray[Any], evidence: Evidence, *, whole: bool, check: Callable[[], None] = lambda: None) -> Scored:
        def judge(pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            found, rebuilt = evidence(pictures)
            maps = self.usual.measured(self._smoothed(found))
            scores = found.flatten(1).cpu().double().sum(dim=1) if whole else top_mean(maps, self.parameters.top_share / 100)
            return scores, maps, self.shown(rebuilt)

        scores, maps, rebuilt = self.apply(batch, judge, check)
        return Scored(scores=scores, maps=maps, reconstructions=rebuilt)

    def shown(self, rebuilt: Tensor) -> Tensor:
        return torch.from_numpy(to_pictures(rebuilt))

    def arrays(self) -> dict[str, NDArray[Any]]:
        return self.usual.arrays()

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return UsualError.shapes(self.form.height, self.form.width)

    def take(self, arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
        self.usual = UsualError.from_arrays(arrays, path, self.device)

    def memory_needed(self, data: TrainingData) -> int:
        """Activations of a batch, forward and backward, take about fourteen planes of the first layer for each picture (measured)."""
        pixels = self.form.height * self.form.width
        return int(14 * pixels * self.parameters.width * self.parameters.batch_size) + _LIBRARY

    def _smoothed(self, evidence: Tensor) -> Tensor:
        sigma = float(self.parameters.blur) / 100 * math.sqrt(self.form.height * self.form.width)
        return gaussian_blur(evidence.mean(dim=1), sigma)


class RowKind(ItemKind):
    """Rows: a dense network, and squared errors of scaled columns, whose sum is the score."""

    at_once = _ROWS_AT_ONCE

    def __init__(self, form: TableInput, parameters: Any, device: str) -> None:
        super().__init__(parameters, device)
        self.form: Final = form
        self.scaler: TableScaler

    @property
    def code_length(self) -> int:
        """With as many numbers as columns anything could be copied."""
        return min(int(self.parameters.row_latent_size), max(1, len(self.form.columns) // 2))

    def network(self, *, code_parts: int = 1, output_parts: int = 1) -> AutoencodingNetwork:
        columns = len(self.form.columns)
        return DenseAutoencoder(columns=columns, latent=self.code_length, code_parts=code_parts, output_parts=output_parts)

    def prepare(self, network: torch.nn.Module, data: TrainingData, context: JobContext) -> None:
        context.check()
        rows = np.asarray(data.train, dtype=np.float64)
        self.scaler = TableScaler.fitted(rows, self.form.columns, context, each_column=self.parameters.scale_columns)

    def store(self, items: NDArray[Any]) -> ItemStore:
        return RowStore(self.scaler.scaled(np.asarray(items, dtype=np.float64)), self.device)

    def schedule(self, count: int, seed: int) -> Schedule:
        """A small table would be learnt from in a handful of steps: its epochs go round it until there are steps enough."""
        batch_size = min(ROWS_PER_PICTURE * self.parameters.batch_size, count)
        least = math.ceil(self.parameters.row_steps / self.parameters.epochs)
        more = least if least > batches_per_epoch(count, batch_size) else None
        return Schedule(epochs=self.parameters.epochs, batch_size=batch_size, seed=seed, steps_per_epoch=more)

    def learn_usual(self, train: NDArray[Any], evidence: Evidence, check: Callable[[], None]) -> None:
        """Nothing: the columns have been scaled already, and a sum of squares is what the deck asks for."""

    def scored(self, batch: NDArray[Any], evidence: Evidence, *, whole: bool, check: Callable[[], None] = lambda: None) -> Scored:
        """The sum over the columns is the whole in any case."""
        found, rebuilt = self.apply(batch, evidence, check)
        contributions = found.astype(np.float64)
        return Scored(scores=contributions.sum(axis=1), contributions=contributions, reconstructions=self.scaler.in_units(rebuilt))

    def shown(self, rebuilt: Tensor) -> Tensor:
        return rebuilt.cpu()

    def arrays(self) -> dict[str, NDArray[Any]]:
        return self.scaler.arrays()

    def shapes(self) -> dict[str, tuple[int, ...]]:
        return TableScaler.shapes(len(self.form.columns))

    def take(self, arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
        self.scaler = TableScaler.from_arrays(arrays, path)

    def memory_needed(self, data: TrainingData) -> int:
        """The scaler works on four copies of the table, and the store is half of one (measured)."""
        return 5 * int(data.train.nbytes) + _LIBRARY


def kind_of(form: ImageInput | TableInput, parameters: Any, device: str) -> ItemKind:
    """The kind of items of the given form, for the parameters of a run."""
    return PictureKind(form, parameters, device) if isinstance(form, ImageInput) else RowKind(form, parameters, device)
