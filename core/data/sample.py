"""The sample project's data, made from a seed: pictures of washers in the MVTec layout, and the record of the lathe that turned them."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.data.sample_process import write_process
from core.data.sample_washers import DEFECTS, draw_defective, draw_good
from core.job_context import JobContext, QuietContext
from core.problems import file_problems

GOOD_TRAIN: Final = 240
GOOD_TEST: Final = 60
DEFECTIVE_TEST: Final = 60

_EDITION: Final = 1  # raised when the same seed gives other bytes
_STAMP: Final = "sample.json"


@dataclass(frozen=True, kw_only=True)
class SamplePaths:
    """`images` is a folder in the MVTec layout, `table` a CSV file."""

    images: Path
    table: Path


def write_sample(folder: Path, *, seed: int = 0, context: JobContext | None = None) -> SamplePaths:
    """Writes 240 good pictures to train on, 60 good and 60 defective ones to test, masks, and a table of 2,000 rows into `folder`.

    Same seed, same bytes. A folder that holds the sample of this seed already is left alone; one that was cut off is made again.
    Raises the ProblemErrors of `file_problems`, and Cancelled.
    """
    paths = SamplePaths(images=folder / "washers", table=folder / "turning_process.csv")
    stamp = json.dumps({"edition": _EDITION, "seed": seed})
    with file_problems(folder):
        if _read(folder / _STAMP) != stamp:
            (folder / _STAMP).unlink(missing_ok=True)
            if paths.images.exists():
                shutil.rmtree(paths.images)
            folder.mkdir(parents=True, exist_ok=True)
            _write_pictures(paths.images, seed, context or QuietContext())
            write_process(paths.table, np.random.default_rng([seed, 2]))
            (folder / _STAMP).write_text(stamp, encoding="utf-8")
    return paths


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _write_pictures(root: Path, seed: int, context: JobContext) -> None:
    """Numbers run through all pictures, those of the test in random order, so that a name tells nothing."""
    test = ["good"] * GOOD_TEST + [defect for defect in DEFECTS for _ in range(DEFECTIVE_TEST // len(DEFECTS))]
    np.random.default_rng([seed, 0]).shuffle(test)
    for split, kind in [("train", "good"), ("test", "good"), *(("test", defect) for defect in DEFECTS)]:
        (root / split / kind).mkdir(parents=True)
    for defect in DEFECTS:
        (root / "ground_truth" / defect).mkdir(parents=True)
    plan = [("train", "good")] * GOOD_TRAIN + [("test", kind) for kind in test]
    for number, (split, kind) in enumerate(plan, start=1):
        context.check()
        generator = np.random.default_rng([seed, 1, number])
        name = f"washer_{number:04d}"
        if kind == "good":
            picture = draw_good(generator)
        else:
            picture, mask = draw_defective(kind, generator)
            _save(mask.astype(np.uint8) * 255, root / "ground_truth" / kind / f"{name}_mask.png")
        _save(picture, root / split / kind / f"{name}.png")
        context.progress(number, len(plan))


def _save(pixels: NDArray[np.uint8], path: Path) -> None:
    Image.fromarray(pixels).save(path, compress_level=2)
