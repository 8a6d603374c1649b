"""Detectors that compare an item with its nearest point in a plane through the good items."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.detectors import common_parameters as common
from core.detectors import files
from core.detectors.base import Detector, ImageInput, Parameters, Scored, TableInput, TrainingData
from core.detectors.item_kinds import ItemKind, PictureKind, RowKind
from core.detectors.picture_input import usual_input
from core.detectors.table_values import TableScaler
from core.job_context import JobContext
from core.networks.gaussian import exact_device
from core.networks.pictures import ItemStore
from core.networks.principal_components import Subspace

_STEP: Final = 8  # sides of pictures are multiples of it
_STEPS: Final = 1000  # of the progress of a fit
_LIBRARY: Final = 200_000_000  # bytes that torch itself takes once it works

Tell = Callable[[float], None]  # takes the share done, 0..1; raises Cancelled


class ProjectionParameters(Parameters):
    """What every detector with a plane asks for."""

    image_size: int = common.image_size(64, multiple_of=_STEP, low=16, high=128)
    scale_columns: bool = common.scale_columns()
    blur: float = common.blur()
    top_share: float = common.top_share()
    compare_places: bool = common.compare_places()


class ProjectionDetector(Detector):
    """Fit, score and model file of a detector with a plane. All sums are in float64.

    Rows: scaled columns; the score is the sum of the evidence against them. Pictures, flattened: evidence is averaged over the colours,
    blurred, and measured in the spread that it has at each place of good pictures; the score is the mean of the largest part of that map.

    A subclass learns the plane and more in `_learn`, and tells the evidence in `_weighed`; `_kept`, `_kept_shapes` and `_take_kept` put
    what it learnt beside the plane into the model file. `_whole`: a picture's score is the sum of all its evidence as it is.
    """

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._input: ImageInput | TableInput
        self._kind: ItemKind
        self._subspace: Subspace

    # ---- what subclasses change ----------------------------------------------------------------------------------------------------

    @abstractmethod
    def _learn(self, items: ItemStore, tell: Tell, context: JobContext) -> None:
        """Learns `self._subspace` and more. `self._values(items, places)` gives vectors; calls `tell` at least every 0.3 seconds."""

    @abstractmethod
    def _weighed(self, centred: Tensor) -> tuple[Tensor, Tensor]:
        """Evidence against each value of float64 vectors (n, d) from which the centre was taken off, and what they ought to be instead,
        likewise without the centre."""

    @property
    def _whole(self) -> bool:
        return False

    def _kept(self) -> dict[str, NDArray[Any]]:
        return {}

    def _kept_shapes(self) -> dict[str, tuple[int, ...]]:
        return {}

    def _take_kept(self, arrays: dict[str, NDArray[Any]], path: Path) -> None:
        """Inverse of `_kept`. Raises ProblemError(MODEL_DAMAGED)."""

    # ---- the contract --------------------------------------------------------------------------------------------------------------

    def image_input(self, sizes: Sequence[tuple[int, int]], channels: int) -> ImageInput:
        return usual_input(sizes, channels, image_size=self.parameters.image_size, multiple=_STEP, smallest=_STEP)

    def memory_needed(self, data: TrainingData) -> int:
        """Three copies in double precision of the items looked at, or of their products."""
        dimensions = int(np.prod(data.train.shape[1:]))
        return 3 * 8 * dimensions * min(len(data.train), self._most_items(dimensions)) + _LIBRARY

    @abstractmethod
    def _most_items(self, dimensions: int) -> int:
        """How many training items of so many numbers are looked at together at most."""

    def fit(self, data: TrainingData, context: JobContext) -> None:
        self.require_enough(data)
        self._take(data.input)
        context.check()
        context.progress(0, _STEPS)
        if isinstance(self._kind, RowKind):
            rows = np.asarray(data.train, dtype=np.float64)
            self._kind.scaler = TableScaler.fitted(rows, self._kind.form.columns, context, each_column=self.parameters.scale_columns)
        learning = _STEPS * 4 // 5 if isinstance(data.input, ImageInput) else _STEPS  # pictures are gone through once more
        self._learn(self._kind.store(data.train), _telling(context, start=0, end=learning), context)
        tell, batches, done = _telling(context, start=learning, end=_STEPS), -(-len(data.train) // self._kind.at_once), 0

        def check() -> None:
            nonlocal done
            tell(done / batches)
            done += 1

        self._kind.learn_usual(data.train, self._evidence, check)
        context.progress(_STEPS, _STEPS)

    def score(self, batch: NDArray[Any]) -> Scored:
        scored = self._kind.scored(batch, self._evidence, whole=self._whole)
        return replace(scored, maps=None if scored.maps is None else scored.maps.astype(np.float32))

    def save(self, folder: Path) -> None:
        files.write_head(folder, self, self._input, {"components": len(self._subspace.directions)})
        files.write_arrays(folder / "weights.safetensors", self._subspace.arrays() | self._kind.arrays() | self._kept())

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        head = files.read_head(folder, cls)
        detector = cls(files.parameters_of(head, folder, cls), seed=head.seed, device=device)
        form = files.table_input_of(head, folder) if head.image is None else files.image_input_of(head, folder)
        detector._take(form)
        components = head.values.get("components")
        if type(components) is not int or components < 0:
            raise files.damaged(folder / files.HEAD_FILE, "its number of components is not valid")
        path = folder / "weights.safetensors"
        dimensions = len(form.columns) if isinstance(form, TableInput) else form.height * form.width * form.channels
        shapes = Subspace.shapes(dimensions, components) | detector._kind.shapes() | detector._kept_shapes()
        arrays = files.read_arrays(path, shapes)
        detector._subspace = Subspace.from_arrays(arrays, path, detector._kind.device)
        detector._kind.take(arrays, path)
        detector._take_kept(arrays, path)
        return detector

    # ---- items as vectors ----------------------------------------------------------------------------------------------------------

    def _values(self, items: ItemStore, places: NDArray[np.int64]) -> Tensor:
        """float64 (len(places), d): pictures in 0..1 flattened, rows scaled."""
        return items.batch(places).flatten(1).double()

    def _evidence(self, items: Tensor) -> tuple[Tensor, Tensor]:
        centre = self._subspace.centre
        evidence, usual = self._weighed(items.flatten(1).double() - centre)
        return evidence.reshape(items.shape), (usual + centre).reshape(items.shape)

    def _take(self, form: ImageInput | TableInput) -> None:
        self._input = form
        device = str(exact_device(torch.device(self.device)))
        kind = PictureKind if isinstance(form, ImageInput) else _ExactRows
        self._kind = kind(form, self.parameters, device)  # type: ignore[arg-type]


class _ExactRows(RowKind):
    """Rows in double precision, which the networks of `RowKind` do without."""

    def store(self, items: NDArray[Any]) -> ItemStore:
        return _ExactRowStore(torch.from_numpy(self.scaler.scaled(np.asarray(items, dtype=np.float64))).to(self.device))


class _ExactRowStore:
    def __init__(self, rows: Tensor) -> None:
        self._rows: Final = rows
        self.count: Final = len(rows)

    def batch(self, indices: NDArray[np.int64]) -> Tensor:
        """float64 (n, columns) on the device."""
        return self._rows[torch.from_numpy(indices).to(self._rows.device)]


def _telling(context: JobContext, *, start: int, end: int) -> Tell:
    def tell(share: float) -> None:
        context.check()
        context.progress(start + int((end - start) * min(share, 1.0)), _STEPS)

    return tell
