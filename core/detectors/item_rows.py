"""One row of numbers for each item, whatever its kind: what detectors for tables see of rows, and of pictures."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.detectors.base import Detector, ImageInput, Parameters, Scored, TableInput, TrainingData
from core.detectors.picture_input import usual_input
from core.job_context import JobContext, PartContext, QuietContext

_STEP: Final = 16  # working sizes are multiples of it
_WORK: Final = 100  # bytes for each pixel of a picture on its way to its features: two dozen planes of float32


class RowDetector(Detector):
    """Base of the detectors that judge rows of numbers and nothing else: table rows as they are, pictures by `picture_features`.

    Its detectors have a parameter `image_size`. Of pictures they tell no contributions: shares of "edges rising (2, 3)" help nobody.
    """

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._input: ImageInput | TableInput

    def image_input(self, sizes: Sequence[tuple[int, int]], channels: int) -> ImageInput:
        return usual_input(sizes, channels, image_size=self.parameters.image_size, multiple=_STEP, smallest=2 * _STEP)

    def _columns(self) -> TableInput:
        """The columns of the rows; those of pictures come from a column of their own each."""
        if isinstance(self._input, TableInput):
            return self._input
        from core.networks.picture_features import feature_names

        names = feature_names(self._input.channels)
        return TableInput(columns=names, sources=tuple(range(len(names))))

    def _rows(self, items: NDArray[Any], check: Callable[[], None] | None = None) -> NDArray[np.float64]:
        """float64 (n, columns); NaN and infinities of a table are still there. `check` None: that of whoever scores."""
        if isinstance(self._input, TableInput):
            return np.asarray(items, dtype=np.float64)
        from core.networks.picture_features import picture_features

        return picture_features(items, device=self.device, check=check or self.check)

    def _training_rows(self, data: TrainingData, context: JobContext, *, steps: int) -> tuple[NDArray[np.float64], JobContext]:
        """The rows to learn from, and a context for the `steps` that follow, each as long as the features of one picture (about 2 ms)."""
        from core.networks.pictures import SCORING_BATCH

        self._input = data.input
        pictures = 0 if isinstance(data.input, TableInput) else len(data.train)
        done = itertools.count(0, SCORING_BATCH)

        def check() -> None:
            context.check()
            context.progress(next(done), pictures + steps)

        context.check()
        return self._rows(data.train, check), PartContext(context, start=pictures, total=pictures + steps)

    def _row_width(self, data: TrainingData) -> int:
        """Numbers in the row of each item of `data`."""
        if isinstance(data.input, TableInput):
            return len(data.input.columns)
        from core.networks.picture_features import feature_names

        return len(feature_names(data.input.channels))

    def _row_bytes(self, data: TrainingData) -> int:
        """Bytes that the rows of the training items take, with those of the pictures under way."""
        rows = 8 * len(data.train) * self._row_width(data)
        if isinstance(data.input, TableInput):
            return rows
        from core.networks.pictures import SCORING_BATCH

        return rows + SCORING_BATCH * _WORK * data.input.height * data.input.width

    def _notes_on_columns(self, context: JobContext) -> JobContext:
        """`context` for notes that name columns: a user knows those of a table, but not the features of pictures."""
        return context if isinstance(self._input, TableInput) else QuietContext()

    def _scored(
        self, scores: NDArray[np.float64], contributions: NDArray[np.float64], neighbours: NDArray[np.int64] | None = None
    ) -> Scored:
        told = contributions if isinstance(self._input, TableInput) else None
        return Scored(scores=scores, contributions=told, neighbours=neighbours)


def shares_of_one(evidence: NDArray[np.float64]) -> NDArray[np.float64]:
    """The positive part of evidence (n, columns) as shares of 1 in each row; equal shares where nothing is positive."""
    positive = np.maximum(evidence, 0)
    totals = positive.sum(axis=1, keepdims=True)
    equal = np.full_like(positive, 1 / positive.shape[1])
    shares: NDArray[np.float64] = np.divide(positive, totals, out=equal, where=totals > 0)
    return shares
