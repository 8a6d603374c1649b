"""A tiny project with pictures and a table, for tests of training and scoring."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from core.data.layout import scan_folder
from core.data.tables import inspect_table
from core.detectors.base import ImageInput
from core.job_context import QuietContext
from core.project.importing import import_folder, import_table
from core.project.items import item_columns
from core.project.opening import Project, create_project
from core.training.request import TrainingRequest
from core.vocabulary import Label, Split
from tests.core.detector_cases import QUICK, pictures, rows

FORM = ImageInput(height=40, width=56, channels=3)


def write_pictures(folder: Path, *, good: int = 24, test_good: int = 6, defective: int = 6, form: ImageInput = FORM) -> Path:
    """MVTec layout: train/good, test/good, test/spot."""
    parts = [("train/good", good, 1, False), ("test/good", test_good, 2, False), ("test/spot", defective, 3, True)]
    for name, count, seed, spoilt in parts:
        (folder / name).mkdir(parents=True)
        for place, picture in enumerate(pictures(count, form, seed=seed, defective=spoilt)):
            Image.fromarray(picture.squeeze()).save(folder / name / f"{place:03}.png")
    return folder


def write_table(path: Path, *, good: int = 150, defective: int = 20) -> Path:
    """Columns with units, a category, a label and an id."""
    values = np.concatenate([rows(good, seed=1), rows(defective, seed=2, defective=True)])
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "Torque [Nm]", "Speed [rpm]", "Heat [K]", "Type", "label"])
        for place, row in enumerate(values):
            kind = "A" if row[3] else "B"
            label = "good" if place < good else "defective"
            writer.writerow([f"P{place:04}", *(f"{value:.4f}" for value in row[:3]), kind, label])
    return path


def picture_project(folder: Path, **counts: Any) -> Project:
    source = write_pictures(folder / "pictures", **counts)
    project = create_project(folder / "washers")
    import_folder(project, scan_folder(source, QuietContext()), QuietContext())
    return project


def table_project(folder: Path) -> Project:
    path = write_table(folder / "process.csv")
    project = create_project(folder / "process")
    add_table(project, path)
    return project


def add_table(project: Project, path: Path) -> None:
    found = inspect_table(path)
    import_table(project, path, found.format, found.columns, QuietContext())


def request(detector: str, **changes: Any) -> TrainingRequest:
    values: dict[str, Any] = {"seed": 0, "device": "cpu"} | changes
    fewer = {"epochs": 9} if "epochs" in QUICK[detector] else {}
    parameters = QUICK[detector] | fewer | dict(values.pop("parameters", {}))
    return TrainingRequest(detector=detector, parameters=parameters, **values)


def ids_of(project: Project, *, split: Split | None = None, label: Label | None = None) -> list[int]:
    columns = item_columns(project)
    chosen = np.ones(len(columns), dtype=bool)
    if split is not None:
        chosen &= columns.split == split
    if label is not None:
        chosen &= columns.label == label
    found: list[int] = columns.id[chosen].tolist()
    return found
