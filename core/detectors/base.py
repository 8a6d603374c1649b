"""The contract of a detector.

A detector is one file: a frozen `Declaration`, a pydantic model of its parameters, and a class with `fit`, `score`, `save` and `load`.
Window, command line, documentation and the shared tests are derived from the declaration alone.

Scores are raw float64, larger = more anomalous, never clamped and never rescaled by the batch they came in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from core.job_context import JobContext
from core.problems import ProblemCode, ProblemError
from core.vocabulary import Kind

PRESETS: Final = ("quick", "standard", "thorough")


class LearnsFrom(StrEnum):
    """Which items a detector may see while it trains."""

    GOOD = "good"
    UNLABELLED = "unlabelled"
    LABELLED = "labelled"


class Gives(StrEnum):
    """What a detector tells about an item besides its score.

    Pictures never get contributions, rows never a map. NEIGHBOURS: the good training items most like it. PROBABILITY: the score is the
    log-odds of being defective, so 1 / (1 + exp(-score)) is the probability that the detector gives.
    """

    MAP = "map"
    RECONSTRUCTION = "reconstruction"
    CONTRIBUTIONS = "contributions"
    NEIGHBOURS = "neighbours"
    PROBABILITY = "probability"


class Parameters(BaseModel):
    """Base of every detector's parameters: frozen, unknown names refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def parameter(
    default: Any,
    *,
    title: str,
    help: str,
    unit: str = "",
    advanced: bool = False,
    **limits: Any,
) -> Any:
    """One field of a `Parameters` model.

    `title` and `help` are source texts of context "Parameter"; `limits` are pydantic's ge, le, gt, lt and multiple_of.
    """
    return Field(default, title=title, description=help, json_schema_extra={"unit": unit, "advanced": advanced}, **limits)


def unit_of(info: FieldInfo) -> str:
    """The unit of a field made with `parameter`, empty if it has none."""
    extra = info.json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """All that the rest of the program knows about a detector before using it.

    `title` and `summary` are source texts of context "Detector". `presets` maps quick, standard and thorough to the parameters that
    differ from their defaults. `minimum_good` and `minimum_defective` count training items. `shortest` holds parameters of a training
    that is over at once, by which the time that scoring takes is tried before a real training.
    """

    key: str
    title: str
    summary: str
    takes: frozenset[Kind]
    learns_from: LearnsFrom
    gives: frozenset[Gives]
    source: str
    parameters: type[Parameters]
    presets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    shortest: Mapping[str, Any] = field(default_factory=dict)
    minimum_good: int = 2
    minimum_defective: int = 0


@dataclass(frozen=True, kw_only=True)
class ImageInput:
    """What pictures look like when they reach the detector: uint8 of shape (n, height, width, channels), channels 1 or 3."""

    height: int
    width: int
    channels: int


@dataclass(frozen=True, kw_only=True)
class TableInput:
    """What rows look like when they reach the detector: float64 of shape (n, len(columns)), NaN where a value is missing.

    `columns` are the encoded columns (a category becomes one column for each value, named "column=value"); `sources` gives for each of
    them the position of the column of the table it came from, so that contributions can be added up per table column.
    """

    columns: tuple[str, ...]
    sources: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class TrainingData:
    """`train` and `calibration` hold items in the form that `input` states; `labels` has 1 for defective, 0 for good or unlabelled.

    `labels` is None unless the detector learns from labelled items: one that learns from good items is never handed a defective one.
    `calibration` holds good items that are not trained on; it may be empty. Arrays may be memory maps and must not be written to.
    """

    input: ImageInput | TableInput
    train: NDArray[Any]
    calibration: NDArray[Any]
    labels: NDArray[np.int8] | None = None


@dataclass(frozen=True, kw_only=True)
class Scored:
    """Answers for a batch of n items.

    scores: float64 (n,). maps: float32 (n, map height, map width), unscaled evidence per place, larger = more anomalous.
    reconstructions: pictures uint8 (n, height, width, channels), or for rows float64 (n, columns) in the units of the table.
    contributions: float64 (n, encoded columns), in the unit of the score; their sum is the score but for one constant of the model.
    neighbours: int64 (n, k), the positions of the most similar good items in the training array, nearest first.
    """

    scores: NDArray[np.float64]
    maps: NDArray[np.float32] | None = None
    reconstructions: NDArray[Any] | None = None
    contributions: NDArray[np.float64] | None = None
    neighbours: NDArray[np.int64] | None = None


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What a fit found out about the training items themselves. Each part may be absent.

    suspicion: float64 (n,) >= 0 for the n training items in their order; 0 means that nothing about the item is out of line.
    column_suspicion: float64 (encoded columns,) >= 0, likewise for the columns of a table.
    codes: float32 (m, k), codes of at most a few thousand training items, for a plot; `code_items` int64 (m,) their positions.
    """

    suspicion: NDArray[np.float64] | None = None
    column_suspicion: NDArray[np.float64] | None = None
    codes: NDArray[np.float32] | None = None
    code_items: NDArray[np.int64] | None = None


class Detector(ABC):
    """One method of finding anomalies. Made with its parameters, the seed of the run and a torch device name ("cpu", "cuda:0", "mps").

    `checkpoints` is a folder in which `fit` may keep what it needs to go on after a break; it exists. A `fit` that finds there what an
    earlier one left, with the same data, parameters and seed, ends with the same model as one that was never cut off.

    `check` is called now and then by a `score` that takes long. Whoever scores sets it to its context's, so that a cancel takes effect
    within a second; it may raise.
    """

    declaration: ClassVar[Declaration]

    def __init__(self, parameters: Parameters, *, seed: int = 0, device: str = "cpu", checkpoints: Path | None = None) -> None:
        self.parameters: Any = parameters
        self.seed: Final = seed
        self.device: Final = device
        self.checkpoints: Final = checkpoints
        self.check: Callable[[], None] = _go_on

    def image_input(self, sizes: Sequence[tuple[int, int]], channels: int) -> ImageInput:
        """The working size for pictures of the given (height, width) sizes. Only for detectors that take pictures."""
        raise NotImplementedError

    def memory_needed(self, data: TrainingData) -> int:
        """Bytes of main or device memory that `fit` takes at its peak beside the data itself, roughly; asked before it starts."""
        return 2 * int(data.train.nbytes)

    def findings(self) -> Findings:
        """What the last `fit` found out about its training items. Not part of the saved model."""
        return Findings()

    def require_enough(self, data: TrainingData) -> None:
        """Raises ProblemError(TOO_FEW_GOOD, TOO_FEW_DEFECTIVE) if there are fewer training items than declared."""
        declaration = self.declaration
        defective = 0 if data.labels is None else int(np.count_nonzero(data.labels))
        good = len(data.train) - defective
        if good < declaration.minimum_good:
            raise ProblemError(ProblemCode.TOO_FEW_GOOD, detector=declaration.title, needed=declaration.minimum_good, found=good)
        if defective < declaration.minimum_defective:
            needed = declaration.minimum_defective
            raise ProblemError(ProblemCode.TOO_FEW_DEFECTIVE, detector=declaration.title, needed=needed, found=defective)

    @abstractmethod
    def fit(self, data: TrainingData, context: JobContext) -> None:
        """Learns from `data`. Calls `context.check()` at least once per batch.

        Raises ProblemError for data that cannot be learnt from, Cancelled after a cancel.
        """

    @abstractmethod
    def score(self, batch: NDArray[Any]) -> Scored:
        """Scores items of the form the detector was trained on, each independently of the others in the batch."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Writes everything that `score` needs into `folder`, which exists: safetensors, JSON, skops; never pickle."""

    @classmethod
    @abstractmethod
    def load(cls, folder: Path, *, device: str = "cpu") -> Self:
        """Inverse of `save`. Raises ProblemError(MODEL_DAMAGED) for anything that `save` would not have written."""


def _go_on() -> None:
    """The `check` of a detector that nobody wants to stop."""
