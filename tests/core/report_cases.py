"""A small trained project whose files and names are awkward on purpose, for tests of reports and of the command line."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import numpy as np
from PIL import Image

from core.data.layout import scan_folder
from core.data.tables import inspect_table
from core.job_context import QuietContext
from core.project.importing import import_folder, import_table, split_project
from core.project.items import item_columns
from core.project.labels import set_labels
from core.project.opening import Project, create_project
from core.project.runs import run_scores
from core.project.thresholds import set_threshold
from core.training.request import TrainingRequest
from core.training.run import train
from core.vocabulary import Kind, Label, Split

EDGE = 32
IMAGE_RUN, TABLE_RUN = 1, 2
DENT = unicodedata.normalize("NFD", "찍힘")  # as macOS spells a folder
FORMULA = "=1+1.png"
MARKUP = "<script>alert(1)</script>"
QUICK = {"image_size": 32, "epochs": 2, "latent_size": 4, "width": 4, "batch_size": 8}


def write_washers(folder: Path) -> Path:
    """MVTec layout: 20 good to train on, 8 good and 8 defective (with masks) to test, and one file that is no picture."""
    generator = np.random.default_rng(5)
    for name in ("train/good", "test/good", f"test/{DENT}", f"ground_truth/{DENT}"):
        (folder / name).mkdir(parents=True)
    for number in range(20):
        _save(_good(generator), folder / "train/good" / f"{number:02d}.png")
    for number in range(8):
        _save(_good(generator), folder / "test/good" / (FORMULA if number == 0 else f"{number:02d}.png"))
        spoilt, mask = _good(generator), np.zeros((EDGE, EDGE), dtype=np.uint8)
        top, left = generator.integers(4, EDGE - 10, 2)
        mask[top : top + 6, left : left + 6] = 255
        spoilt[mask > 0] = 250
        _save(spoilt, folder / f"test/{DENT}" / f"{number:02d}.png")
        _save(mask, folder / f"ground_truth/{DENT}" / f"{number:02d}_mask.png")
    (folder / "test/good/broken.png").write_bytes(b"")
    return folder


def _good(generator: np.random.Generator) -> np.ndarray:
    shade = np.linspace(60, 140, EDGE)[:, None] + generator.normal(0, 4, (EDGE, EDGE))
    return np.clip(shade, 0, 255).astype(np.uint8)


def _save(pixels: np.ndarray, path: Path) -> None:
    Image.fromarray(pixels).save(path)


def write_process(path: Path, *, rows: int = 150, defective: int = 20, seed: int = 7) -> Path:
    """Torque and speed, a lot and a serial number; defective rows have a torque far off."""
    generator = np.random.default_rng(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Serial number", "Lot", "Torque [Nm]", "Speed [rpm]", "Result"])
        for number in range(rows):
            spoilt = number % (rows // defective) == 1 if defective else False
            torque, speed = generator.normal(20 if spoilt else 8, 0.5), generator.normal(1500, 30)
            word = "defective" if spoilt else "good"
            writer.writerow([f"S{seed}-{number:04d}", f"L{number // 10:02d}", f"{torque:.4f}", f"{speed:.3f}", word])
    return path


def awkward_project(folder: Path) -> Path:
    """Both kinds imported, split, trained (runs 1 and 2), with two thresholds that leave no outcome empty; returns the folder."""
    context = QuietContext()
    images, table = write_washers(folder / "부품 사진"), write_process(folder / "공정.csv")
    with create_project(folder / "와셔") as project:
        import_folder(project, scan_folder(images, context), context)
        found = inspect_table(table)
        import_table(project, table, found.format, found.columns, context)
        split_project(project, seed=0)
        assert train(project, TrainingRequest(detector="autoencoder", parameters=QUICK, device="cpu"), context) == IMAGE_RUN
        on_table = TrainingRequest(detector="isolation_forest", parameters={"trees": 20}, device="cpu", kind=Kind.ROW)
        assert train(project, on_table, context) == TABLE_RUN
        for run_id in (IMAGE_RUN, TABLE_RUN):
            _mix_outcomes(project, run_id)
        items = item_columns(project)
        unsure = items.id[(items.split == Split.TEST) & ~items.is_row & (items.label == Label.GOOD)][1]
        set_labels(project, [int(unsure)], Label.UNSURE)
        return project.folder


def _mix_outcomes(project: Project, run_id: int) -> None:
    """Relabels the ends, so that the lowest test score is an escape and the highest an overkill, and puts one defective into review."""
    items, scores = item_columns(project), run_scores(project, run_id)
    places = items.positions(scores.item_id)
    is_test = items.split[places] == Split.TEST
    order = np.argsort(scores.score[is_test], kind="stable")
    ids, values, labels = scores.item_id[is_test][order], scores.score[is_test][order], items.label[places][is_test][order]
    set_labels(project, [int(ids[0])], Label.DEFECTIVE, defect_type=MARKUP)
    set_labels(project, [int(ids[-1])], Label.GOOD)
    first = int(np.argmax(labels == Label.DEFECTIVE))
    t1, t2 = float(np.mean(values[first - 1 : first + 1])), float(np.mean(values[first : first + 2]))
    basis = {"split": "calibration", "n_good": 5, "n_defective": 0}
    set_threshold(project, run_id, t1=t1, t2=t2, rule="hand", rule_value=None, basis=basis)
