"""What the parts of the accuracy benchmark share: choosing, timing and recording measurements.

A part is a module beside this one, listed in `__main__.PARTS`, with

    TITLE: str                            heading of its table
    def run(bench: Bench) -> None         measures, one `bench.measure` call for every method, data set and seed
    def report(rows: list[Row]) -> str    markdown of its rows; usually `results.listing(rows)`
    def add_options(parser)               if it has options of its own; `bench.options` holds all that were given

A measurement is a function without arguments that returns `Measured`; `bench.measure` calls it unless the command line excluded it or
the result file has it already, and writes the result file after it. So a part loads its data lazily, and asks `bench.wants(data_set)`
before loading something large. Test labels never choose anything: settings are the presets, or those that a facts page prints.
"""

from __future__ import annotations

import platform
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import torch
from numpy.typing import NDArray

from core.detectors.base import Detector, Scored, TrainingData
from core.detectors.catalog import detector_class
from core.evaluation.metrics import average_precision, image_auroc
from core.job_context import QuietContext
from tests.benchmarks.accuracy.results import Results, Row


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a measurement found; see `results.Row` for the fields."""

    figures: Mapping[str, float]
    references: Mapping[str, float] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One run of the benchmark. `data` is the folder with the public sets; `sets` and `methods` narrow the work down, empty for all."""

    data: Path
    results: Results
    device: str = "cpu"
    seeds: Sequence[int] | None = None
    sets: Sequence[str] = ()
    methods: Sequence[str] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def seeds_or(self, usual: Sequence[int]) -> Sequence[int]:
        """The seeds of the command line, or else those `usual` for the part."""
        return usual if self.seeds is None else self.seeds

    def wants(self, data_set: str) -> bool:
        """Whether anything is to be measured on `data_set`."""
        return not self.sets or data_set in self.sets

    def measure(self, *, part: str, data_set: str, method: str, seed: int, work: Callable[[], Measured]) -> None:
        """Calls `work` and keeps what it found, unless that is not wanted or known already."""
        row = Row(part=part, data_set=data_set, method=method, seed=seed, figures={}, machine=machine(self.device))
        chosen = self.wants(data_set) and (not self.methods or method in self.methods)
        if not chosen or self.results.has(row.name):
            return
        print(f"{part}: {data_set}, {method}, seed {seed} ...", end=" ", file=sys.stderr, flush=True)
        found = work()
        print(", ".join(f"{name} {value:.4g}" for name, value in found.figures.items()), file=sys.stderr, flush=True)
        self.results.add(
            Row(**{**vars(row), "figures": found.figures, "references": found.references, "seconds": found.seconds, "note": found.note})
        )


def fitted(
    key: str, data: TrainingData, *, seed: int, device: str = "cpu", preset: str = "standard", **changes: Any
) -> tuple[Detector, float]:
    """Detector `key`, trained with the preset's parameters and `changes`; second, the seconds it took."""
    kind = detector_class(key)
    parameters = kind.declaration.parameters.model_validate({**kind.declaration.presets[preset], **changes})
    detector = kind(parameters, seed=seed, device=device)
    started = time.perf_counter()
    detector.fit(data, QuietContext())
    return detector, time.perf_counter() - started


def scored(detector: Detector, items: NDArray[Any]) -> tuple[Scored, float]:
    """What `detector` says about `items`; second, the seconds it took."""
    started = time.perf_counter()
    return detector.score(items), time.perf_counter() - started


def ranking(labels: NDArray[Any], scores: NDArray[np.float64]) -> dict[str, float]:
    """AUROC and AP in percent; both classes must be there."""
    figures = {"AUROC": image_auroc(labels, scores), "AP": average_precision(labels, scores)}
    return {name: 100 * value for name, value in figures.items() if value is not None}


def machine(device: str) -> str:
    """Processor, device and versions, in one line."""
    name = f", {torch.cuda.get_device_name(device)}" if device.startswith("cuda") else ""
    versions = ", ".join(f"{package} {metadata.version(package)}" for package in ("numpy", "scikit-learn", "torch"))
    return (
        f"{platform.system()} {platform.machine()}, {psutil.cpu_count()} cores, {torch.get_num_threads()} torch threads{name}; "
        f"Python {platform.python_version()}, {versions}"
    )
