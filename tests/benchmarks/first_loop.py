"""What the two first detectors reach with their standard preset, and how long a person waits for it.

    python -m tests.benchmarks.first_loop --data ../shared/data

The sample images and table are made by the program; the public sets are used if --data holds them. Nothing is chosen by looking at
test labels: every set gets the same settings. AUROC of the test split: mean over the seeds, smallest and largest in brackets. "s" is
the wall time from an imported project to the reviewed result: reading, training, scoring of everything, threshold. Processor seconds
are those of all cores together; they tell how much of the wall time other programs took.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.data.layout import scan_folder
from core.data.sample import SamplePaths, write_sample
from core.data.tables import inspect_table
from core.job_context import QuietContext
from core.project.importing import import_folder, import_table, split_project
from core.project.items import item_columns
from core.project.opening import Project, create_project
from core.reports.assessment import Assessment, assess
from core.training.request import TrainingRequest
from core.training.run import train
from core.vocabulary import Split

IMAGE_SETS = ("cookies", "elpv_poly", "kolektor_sdd")
TABLE_SET = "ai4i2020"


@dataclass(frozen=True, kw_only=True)
class Result:
    name: str
    detector: str
    counts: str
    import_seconds: float
    seconds: list[float]
    processor: list[float]
    found: list[Assessment]


class _Progress(QuietContext):
    """Tells on standard error that it is alive."""

    def metric(self, name: str, step: int, value: float) -> None:
        if name == "train_loss":
            print(f"\r  epoch {step}: {value:.4f}   ", end="", file=sys.stderr, flush=True)


def _add_folder(path: Path) -> Callable[[Project], None]:
    return lambda project: void(import_folder(project, scan_folder(path, QuietContext()), QuietContext()))


def _add_tables(paths: Iterable[Path]) -> Callable[[Project], None]:
    def add(project: Project) -> None:
        for path in paths:
            found = inspect_table(path)
            import_table(project, path, found.format, found.columns, QuietContext())

    return add


def void(_: Any) -> None:
    """Drops a result."""


def measure(folder: Path, *, name: str, detector: str, add: Callable[[Project], None], preset: str, seeds: int) -> Result:
    started = time.perf_counter()
    with create_project(folder / f"{name}-{detector}") as project:
        add(project)
        split_project(project, seed=0)
        import_seconds = time.perf_counter() - started
        seconds: list[float] = []
        processor: list[float] = []
        found: list[Assessment] = []
        for seed in range(seeds):
            print(f"{name}, {detector}, seed {seed}", file=sys.stderr)
            started, worked = time.perf_counter(), time.process_time()
            run_id = train(project, TrainingRequest(detector=detector, preset=preset, seed=seed), _Progress())
            seconds.append(time.perf_counter() - started)
            processor.append(time.process_time() - worked)
            found.append(assess(project, run_id))
            print(f"\r  {seconds[-1]:.1f} s, AUROC {found[-1].auroc}", file=sys.stderr)
        splits = item_columns(project).split
        counts = " / ".join(str(int((splits == split).sum())) for split in (Split.TRAIN, Split.CALIBRATION, Split.TEST))
    return Result(
        name=name, detector=detector, counts=counts, import_seconds=import_seconds, seconds=seconds, processor=processor, found=found
    )


def _spread(values: list[float | None]) -> str:
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    return f"{np.mean(known):.3f} ({min(known):.3f}-{max(known):.3f})"


def print_table(results: list[Result]) -> None:
    print(
        "| set | detector | train / calibration / test | image AUROC | pixel AUROC | AUPRO | import s | s to reviewed result | processor s |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for result in results:
        figures = [_spread([getattr(one, name) for one in result.found]) for name in ("auroc", "pixel_auroc", "aupro")]
        times = [f"{np.mean(values):.1f} ({min(values):.1f}-{max(values):.1f})" for values in (result.seconds, result.processor)]
        print("| " + " | ".join([result.name, result.detector, result.counts, *figures, f"{result.import_seconds:.1f}", *times]) + " |")


def machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__} on {torch.get_num_threads()} threads, "
        f"Python {platform.python_version()}{load}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with the public sets")
    parser.add_argument(
        "--only", nargs="*", default=[], help="names of the sets to measure: sample, " + ", ".join((*IMAGE_SETS, TABLE_SET))
    )
    parser.add_argument("--preset", default="standard")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    conditions = machine()
    results = []
    with tempfile.TemporaryDirectory(prefix="flawscope-benchmark-") as place:
        folder = Path(place)
        plans: list[tuple[str, str, Callable[[Project], None]]] = []
        if not options.only or "sample" in options.only:
            sample: SamplePaths = write_sample(folder / "sample")
            plans.append(("sample", "autoencoder", _add_folder(sample.images)))
            plans.append(("sample", "isolation_forest", _add_tables([sample.table])))
        wanted = [
            name for name in IMAGE_SETS if options.data and (options.data / name).is_dir() and (not options.only or name in options.only)
        ]
        plans += [(name, "autoencoder", _add_folder(options.data / name)) for name in wanted]
        tables = [options.data / TABLE_SET / name for name in ("train_normal.csv", "test.csv")] if options.data else []
        if tables and all(path.is_file() for path in tables) and (not options.only or TABLE_SET in options.only):
            plans.append((TABLE_SET, "isolation_forest", _add_tables(tables)))
        for name, detector, add in plans:
            results.append(measure(folder, name=name, detector=detector, add=add, preset=options.preset, seeds=options.seeds))
    print_table(results)
    print(f"\n{conditions}; preset {options.preset}, {options.seeds} seeds")


if __name__ == "__main__":
    main()
