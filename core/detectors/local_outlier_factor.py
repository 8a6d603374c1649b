"""Local Outlier Factor: items that lie in thinner surroundings than their nearest good items do are suspicious."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from core.detectors import common_parameters as common
from core.detectors import files
from core.detectors.base import Declaration, Findings, Gives, LearnsFrom, Parameters, Scored, TableInput, TrainingData, parameter
from core.detectors.item_rows import RowDetector, shares_of_one
from core.detectors.table_values import TableScaler
from core.job_context import JobContext
from core.networks.local_density import LocalDensity
from core.problems import Problem, ProblemCode, ProblemError
from core.vocabulary import Kind
from core.wording import QT_TRANSLATE_NOOP

_SHOWN: Final = 5  # neighbours told of each item
_ROWS_PER_STEP: Final = 4  # neighbours of so many rows take about as long as the features of one picture
_ROWS_AT_ONCE: Final = 256
_FAR_OUT: Final = 3.0  # quartile distances above the third quartile: Tukey's far-out fence


class LocalOutlierFactorParameters(Parameters):
    """Settings of the Local Outlier Factor."""

    neighbours: int = parameter(
        20,
        title=QT_TRANSLATE_NOOP("Parameter", "Neighbours"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Nearest good items that each item is compared with. More are steadier, and see groups of defects up to that size as defects.",
        ),
        ge=1,
        le=1000,
    )
    scale_columns: bool = common.scale_columns()
    counts_as_one: float = parameter(
        1e-6,
        title=QT_TRANSLATE_NOOP("Parameter", "Rows that count as one"),
        help=QT_TRANSLATE_NOOP(
            "Parameter",
            "Where more rows than neighbours agree to within this, all near them would be suspicious; there, distances are measured to rows that differ. 0 turns this off.",
        ),
        unit=QT_TRANSLATE_NOOP("Parameter", "of the spread"),
        ge=0,
        le=1,
        advanced=True,
    )
    image_size: int = common.image_size(128)


class LocalOutlierFactor(RowDetector):
    """Score: LOF_k(x), the mean density of the k nearest good items over the density at x; about 1 for good items (Breunig et al. 2000).

    Novelty mode: distances and densities of the training items are frozen. Numbers are scikit-learn's unless more than k rows agree; then
    their distance is 0 and scikit-learn gives everything near them factors of 10^9, while here those rows have the k-distinct-distance of
    the paper. To count rows that agree only once everywhere would be simpler, but forgets how usual they are. An item that was trained
    on finds itself as its nearest neighbour and so looks better than a new one; `findings` have its factor among the others.

    Contributions: the squared distance to the mean of the k neighbours, as shares of the columns in the score.
    """

    declaration = Declaration(
        key="local_outlier_factor",
        title=QT_TRANSLATE_NOOP("Detector", "Local Outlier Factor"),
        summary=QT_TRANSLATE_NOOP(
            "Detector", "Compares each item with the good items most like it, and shows them. What lies apart from them is suspicious."
        ),
        takes=frozenset({Kind.IMAGE, Kind.ROW}),
        learns_from=LearnsFrom.GOOD,
        gives=frozenset({Gives.CONTRIBUTIONS, Gives.NEIGHBOURS}),
        source="Breunig, Kriegel, Ng & Sander 2000",
        parameters=LocalOutlierFactorParameters,
        presets={"quick": {"image_size": 64}, "standard": {}, "thorough": {"image_size": 256}},
        minimum_good=8,
    )

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        super().__init__(parameters, seed=seed, device=device, checkpoints=checkpoints)
        self._scaler: TableScaler
        self._density: LocalDensity
        self._suspicion: NDArray[np.float64]

    def memory_needed(self, data: TrainingData) -> int:
        return 5 * self._row_bytes(data) + 40 * int(self.parameters.neighbours) * len(data.train)

    def fit(self, data: TrainingData, context: JobContext) -> None:
        self.require_enough(data)
        steps = 1 + len(data.train) // _ROWS_PER_STEP
        learnt, context = self._training_rows(data, context, steps=steps)
        each_column = self.parameters.scale_columns or not isinstance(data.input, TableInput)
        notes = self._notes_on_columns(context)
        self._scaler = TableScaler.fitted(learnt, self._columns().columns, notes, each_column=each_column)
        rows = self._scaler.scaled(learnt)
        count = self._neighbour_count(rows, context)
        context.check()
        context.progress(1, steps)

        def tell(done: int) -> None:
            context.check()
            context.progress(1 + done // _ROWS_PER_STEP, steps)

        self._density, factors = LocalDensity.learnt(rows, count, tell, agreement=self.parameters.counts_as_one)
        context.progress(steps, steps)
        self._suspicion = _excess(factors)

    def findings(self) -> Findings:
        """Suspicion: how far the factor of an item among the other training items is above what is far out for them."""
        return Findings(suspicion=self._suspicion)

    def score(self, batch: NDArray[Any]) -> Scored:
        rows = self._scaler.scaled(self._rows(batch))
        scores = np.empty(len(rows))
        contributions = np.empty_like(rows)
        shown = np.empty((len(rows), min(_SHOWN, self._density.neighbour_count)), dtype=np.int64)
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            self.check()
            part = slice(start, start + _ROWS_AT_ONCE)
            judged = self._density.judged(rows[part])
            scores[part] = judged.factors
            shown[part] = judged.neighbours[:, : shown.shape[1]]
            contributions[part] = shares_of_one((rows[part] - self._mean_of(judged.neighbours)) ** 2) * judged.factors[:, None]
        return self._scored(scores, contributions, shown)

    def save(self, folder: Path) -> None:
        density = self._density
        files.write_head(folder, self, self._input, {"rows": len(density.rows), "neighbours": density.neighbour_count})
        arrays = {"rows": density.rows, "reaches": density.reaches, "densities": density.densities}
        files.write_arrays(folder / "neighbours.safetensors", arrays | self._scaler.arrays())

    @classmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        head = files.read_head(folder, cls)
        detector = cls(files.parameters_of(head, folder, cls), seed=head.seed, device=device)
        detector._input = files.input_of(head, folder)
        columns = len(detector._columns().columns)
        count, neighbours = head.values.get("rows"), head.values.get("neighbours")
        if not (isinstance(count, int) and isinstance(neighbours, int) and 1 <= neighbours < count):
            raise files.damaged(folder / files.HEAD_FILE, "its numbers of rows and neighbours are not valid")
        path = folder / "neighbours.safetensors"
        shapes = {"rows": (count, columns), "reaches": (count,), "densities": (count,)}
        arrays = files.read_arrays(path, shapes | TableScaler.shapes(columns))
        if arrays["densities"].min() <= 0 or arrays["reaches"].min() < 0:
            raise files.damaged(path, "a density is not positive")
        detector._scaler = TableScaler.from_arrays(arrays, path)
        detector._density = LocalDensity(arrays["rows"], arrays["reaches"], arrays["densities"], neighbours)
        return detector

    def _neighbour_count(self, rows: NDArray[np.float64], context: JobContext) -> int:
        """As many as asked for, or as there are beside each item. Raises ProblemError(ALL_ITEMS_EQUAL)."""
        asked, there = self.parameters.neighbours, len(rows) - 1
        if np.ptp(rows, axis=0).max() <= self.parameters.counts_as_one:
            raise ProblemError(ProblemCode.ALL_ITEMS_EQUAL, detector=self.declaration.title)
        if there < asked:
            context.note(Problem(ProblemCode.FEWER_NEIGHBOURS, {"asked": asked, "used": there}))
        return int(min(asked, there))

    def _mean_of(self, neighbours: NDArray[np.int64]) -> NDArray[np.float64]:
        total = np.zeros((len(neighbours), self._density.rows.shape[1]))
        for places in neighbours.T:  # one neighbour of each item at a time: all at once would fill the memory
            total += self._density.rows[places]
        mean: NDArray[np.float64] = total / neighbours.shape[1]
        return mean


def _excess(factors: NDArray[np.float64]) -> NDArray[np.float64]:
    lower, upper = np.quantile(factors, (0.25, 0.75))
    excess: NDArray[np.float64] = np.maximum(factors - (upper + _FAR_OUT * (upper - lower)), 0.0)
    return excess
