"""Pictures: every detector for images, from a folder to the figures that a user is shown.

A project in a temporary folder, import, split (a quarter of the good training pictures calibrates), training with the preset, scoring of
all pictures from the stored model, assessment of the test split. "fit" is the time until the trained model is stored, "fit, processor" the same of all
cores together; "score ms" is the time per picture to read, score and store it. "above floor": image AUROC minus what the best trivial
method of the data README reaches. Detectors that need defective training pictures are left out, because no set has any.

    --only images --methods ganomaly cutpaste --sets cookies --preset quick
    --only images --plus "cutpaste level=image" "autoencoder epochs=10 @256"     further settings; @256: on tiles of 256 px

A second table shows what labelled defects are worth to the detectors that can learn from them: 25 defective test pictures, drawn by the
seed, are taken out of the test for all runs, and none, 5, 10 or all 25 of them are trained on.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.data.layout import scan_folder
from core.data.sample import write_sample
from core.detectors.base import Declaration, LearnsFrom
from core.detectors.catalog import declarations
from core.job_context import QuietContext
from core.networks.seeds import numpy_generator
from core.problems import ProblemError
from core.project.importing import import_folder, split_project
from core.project.items import item_columns, set_splits
from core.project.opening import Project, create_project
from core.reports.assessment import FIGURES, assess
from core.training.request import TrainingRequest
from core.training.run import train
from core.training.run_files import scored_folder
from core.vocabulary import Kind, Label, Split
from tests.benchmarks.accuracy.bench import Bench, Measured
from tests.benchmarks.accuracy.results import Row, listing

TITLE: Final = "Images, in percent"
PART: Final = "images"
SEEDS: Final = (0, 1, 2)
SETS: Final = ("kolektor_sdd", "elpv_poly", "cookies", "sample")
HELD_BACK: Final = 25
LABELLED: Final = (0, 5, 10, HELD_BACK)
FEW_LABELS: Final = f", {HELD_BACK} defects fewer to test"
_DRAW: Final = 77  # place in the seed's tree

# Image AUROC that the data README gives for trivial methods.
FLOORS: Final[dict[str, dict[str, float]]] = {
    "kolektor_sdd": {"PCA of 48 x 48 pixels": 61.2, "3-NN on brightness and edges": 61.8},
    "elpv_poly": {"PCA of 48 x 48 pixels": 65.3, "3-NN on brightness and edges": 77.4},
    "cookies": {"PCA of 48 x 48 pixels": 98.6, "3-NN on brightness and edges": 87.1},
}
_NAMES: Final = dict(zip(FIGURES, ("AUROC", "AP", "pixel AUROC", "pixel AP", "AUPRO"), strict=True))
# Besides the presets: the second ways of detectors that have two.
_SECOND_WAYS: Final = ("cutpaste level=image", "anogan mode=search")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A detector with what differs from the preset. `labelled`: so many held-back defects are trained on; None if none are held back."""

    name: str
    key: str
    changes: Mapping[str, str] = field(default_factory=dict)
    tile_size: int | None = None
    labelled: int | None = None


def add_options(parser: Any) -> None:
    parser.add_argument("--preset", default="standard", choices=("quick", "standard", "thorough"), help="of every detector")
    parser.add_argument("--plus", nargs="+", default=[], type=setting, help='further settings: "KEY name=value ... @TILE_SIZE"')
    parser.add_argument("--without-few-labels", action="store_true", help="leave the table about labelled defects out")


def setting(text: str) -> Setting:
    """From "KEY name=value ... @TILE_SIZE"."""
    key, *rest = text.split()
    if key not in {declaration.key for declaration in declarations()} or not all("=" in word or word[0] == "@" for word in rest):
        raise argparse.ArgumentTypeError(f"{text}: KEY name=value ... @TILE_SIZE")
    tiles = [int(word[1:]) for word in rest if word[0] == "@"]
    return Setting(
        name=text,
        key=key,
        changes=dict(word.split("=", 1) for word in rest if word[0] != "@"),
        tile_size=tiles[0] if tiles else None,
    )


def run(bench: Bench) -> None:
    """Every detector on every set."""
    for name in SETS:
        if not (bench.wants(name) or bench.wants(name + FEW_LABELS)):
            continue
        with tempfile.TemporaryDirectory(prefix="flawscope-benchmark-") as place:
            folder = Path(place)
            pictures = write_sample(folder / "sample").images if name == "sample" else bench.data / name
            if not pictures.is_dir():
                continue
            with create_project(folder / name) as project:
                import_folder(project, scan_folder(pictures, QuietContext()), QuietContext())
                split_project(project, seed=0)
                _measure_set(bench, project, name)


def report(rows: list[Row]) -> str:
    """A table for each set, the best first, above it what trivial methods reach."""
    parts = []
    for name in dict.fromkeys(row.data_set for row in rows):
        of_set = [row for row in rows if row.data_set == name]
        means = {row.method: np.mean([one.figures.get("AUROC", 0.0) for one in of_set if one.method == row.method]) for row in of_set}
        floors = ", ".join(f"{method} {auroc}" for method, auroc in FLOORS.get(name, {}).items())
        parts.append((f"Trivial: {floors}\n\n" if floors else "") + listing(sorted(of_set, key=lambda row: -means[row.method])))
    return "\n\n".join(parts)


# ---- one set -------------------------------------------------------------------------------------------------------------------------


def _measure_set(bench: Bench, project: Project, name: str) -> None:
    for seed in bench.seeds_or(SEEDS):
        for one in _settings(bench.options):
            bench.measure(part=PART, data_set=name, method=one.name, seed=seed, work=partial(_measured, bench, project, one, seed))
    if bench.options.get("without_few_labels"):
        return
    for seed in bench.seeds_or(SEEDS):
        held_back = _drawn(project, seed)
        for one in _few_label_settings(bench.options, available=len(held_back)):
            work = partial(_measured_with_labels, bench, project, one, seed, held_back)
            bench.measure(part=PART, data_set=name + FEW_LABELS, method=one.name, seed=seed, work=work)


def _image_detectors() -> list[Declaration]:
    return [declaration for declaration in declarations() if Kind.IMAGE in declaration.takes]


def _settings(options: Mapping[str, Any]) -> Iterator[Setting]:
    keys = [declaration.key for declaration in _image_detectors() if not declaration.minimum_defective]
    yield from (Setting(name=_named(key, options), key=key) for key in keys)
    second_ways = [setting(text) for text in _SECOND_WAYS if text.split()[0] in keys]
    yield from (replace(one, name=_named(one.name, options)) for one in (*second_ways, *options["plus"]))


def _few_label_settings(options: Mapping[str, Any], *, available: int) -> Iterator[Setting]:
    """Whoever learns from labels, from as many as it needs at least."""
    for declaration in _image_detectors():
        if declaration.learns_from is LearnsFrom.LABELLED:
            for count in LABELLED:
                if declaration.minimum_defective <= count <= available:
                    name = _named(f"{declaration.key}, {count} labelled defects", options)
                    yield Setting(name=name, key=declaration.key, labelled=count)


def _named(name: str, options: Mapping[str, Any]) -> str:
    return name if options["preset"] == "standard" else f"{name}, {options['preset']}"


def _drawn(project: Project, seed: int) -> NDArray[np.int64]:
    """Ids of up to `HELD_BACK` defective test pictures, in the order in which they are labelled; ten at least are left to test."""
    columns = item_columns(project)
    defects = columns.id[(columns.split == Split.TEST) & (columns.label == Label.DEFECTIVE)]
    return numpy_generator(seed, _DRAW).permutation(defects)[: max(0, min(HELD_BACK, len(defects) - 10))]


def _measured_with_labels(bench: Bench, project: Project, one: Setting, seed: int, held_back: NDArray[np.int64]) -> Measured:
    """`_measured` while the held-back pictures are no test pictures, and the first of them are training pictures."""
    set_splits(project, held_back, Split.NEW, reason="held back")
    set_splits(project, held_back[: one.labelled], Split.TRAIN, reason="labelled")
    try:
        return _measured(bench, project, one, seed)
    finally:
        set_splits(project, held_back, Split.TEST, reason="given back")


def _measured(bench: Bench, project: Project, one: Setting, seed: int) -> Measured:
    request = TrainingRequest(
        detector=one.key,
        parameters=one.changes,
        preset=bench.options["preset"],
        seed=seed,
        device=bench.device,
        kind=Kind.IMAGE,
        tile_size=one.tile_size,
    )
    clock = _Clock()
    try:
        run_id = train(project, request, clock)
    except ProblemError as error:
        return Measured(figures={}, note=f"{one.name}: {error}")
    clock.phase("")
    found = assess(project, run_id)
    shutil.rmtree(scored_folder(project.run_folder(run_id)))  # maps of all pictures would fill the disk
    figures = {_NAMES[name]: 100 * value for name in FIGURES if (value := getattr(found, name)) is not None}
    floors = FLOORS.get(project.folder.stem, {})
    if floors and "AUROC" in figures:
        figures["above floor"] = figures["AUROC"] - max(floors.values())
    figures["score ms"] = 1000 * clock.wall["Scoring"] / len(item_columns(project))
    tested = f"{project.folder.stem}: tested on {found.n_good} good and {found.n_defective} defective pictures"
    seconds = {"fit": clock.wall["Training"], "fit, processor": clock.processor["Training"]}
    return Measured(figures=figures, seconds=seconds, note=tested)


class _Clock(QuietContext):
    """Adds up the time between the beginnings of a run's own phases; those of a detector lie inside "Training"."""

    _OF_THE_RUN: Final = ("Reading items", "Training", "Scoring", "Setting the threshold", "")

    def __init__(self) -> None:
        super().__init__()
        self.wall: defaultdict[str, float] = defaultdict(float)
        self.processor: defaultdict[str, float] = defaultdict(float)
        self._now = ("", time.perf_counter(), time.process_time())

    def phase(self, name: str) -> None:
        if name not in self._OF_THE_RUN:
            return
        last, started, worked = self._now
        self._now = (name, time.perf_counter(), time.process_time())
        self.wall[last] += self._now[1] - started
        self.processor[last] += self._now[2] - worked

    def metric(self, name: str, step: int, value: float) -> None:
        if name == "train_loss":
            print(f"\r  epoch {step}: {value:.4f}   ", end="", file=sys.stderr, flush=True)
