"""The parts of the accuracy benchmark about images: what is held back is given back, and ratios are taken run by run."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.data.layout import scan_folder
from core.job_context import QuietContext
from core.project.importing import import_folder, split_project
from core.project.items import item_columns
from core.project.opening import create_project
from core.vocabulary import Label, Split
from tests.benchmarks.accuracy import images, mnist, speed
from tests.benchmarks.accuracy.bench import Bench
from tests.benchmarks.accuracy.results import Results, Row
from tests.core import detector_cases as rules

OPTIONS = {"preset": "quick", "plus": [images.setting("pca image_size=48 variance_share=60")], "without_few_labels": False}
NORMAL, ODD = 14, 16


def _bench(folder: Path, **narrowed: object) -> Bench:
    return Bench(data=folder, results=Results(None, resume=False), options=OPTIONS, seeds=[0], **narrowed)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small set under the name of a public one."""
    root = tmp_path_factory.mktemp("data")
    form = rules.ImageInput(height=48, width=64, channels=1)
    parts = {"train/good": (NORMAL, False), "test/good": (8, False), "test/spot": (ODD, True)}
    for seed, (name, (count, defective)) in enumerate(parts.items()):
        folder = root / "cookies" / name
        folder.mkdir(parents=True)
        for number, picture in enumerate(rules.pictures(count, form, seed=seed, defective=defective)):
            Image.fromarray(picture[:, :, 0]).save(folder / f"{number:02d}.png")
    return root


def test_a_part_measures_what_a_user_would_get(data: Path):
    wanted = ["pca, quick", "pca image_size=48 variance_share=60, quick", "logistic_regression, 5 labelled defects, quick"]
    bench = _bench(data, sets=["cookies", "cookies" + images.FEW_LABELS], methods=wanted)
    images.run(bench)
    assert [row.method for row in bench.results.rows] == wanted
    for row in bench.results.rows:
        assert 0 <= row.figures["AUROC"] <= 100 and row.figures["score ms"] > 0 and row.seconds["fit"] > 0
        assert row.figures["above floor"] == pytest.approx(row.figures["AUROC"] - 98.6)
    report = images.report(bench.results.rows)
    assert "PCA of 48 x 48 pixels 98.6" in report and report.index("pca, quick") > 0


def test_held_back_defects_are_neither_tested_nor_lost(data: Path, tmp_path: Path):
    with create_project(tmp_path / "cookies") as project:
        import_folder(project, scan_folder(data / "cookies", QuietContext()), QuietContext())
        split_project(project, seed=0)
        before = item_columns(project)
        drawn = images._drawn(project, 0)
        assert len(set(drawn)) == ODD - 10
        assert drawn.tolist() == images._drawn(project, 0).tolist() != images._drawn(project, 3).tolist()
        places = before.positions(drawn)
        assert set(before.label[places]) == {Label.DEFECTIVE} and set(before.split[places]) == {Split.TEST}
        few = images.Setting(name="few", key="logistic_regression", labelled=5)
        assert "8 good and 10 defective" in images._measured_with_labels(_bench(data), project, few, 0, drawn).note
        refused = images.Setting(name="refused", key="logistic_regression", changes={"image_size": "nonsense"}, labelled=5)
        found = images._measured_with_labels(_bench(data), project, refused, 0, drawn)
        assert "image_size" in found.note and not found.figures
        np.testing.assert_array_equal(item_columns(project).split, before.split)


def test_further_settings_are_read_from_one_text():
    found = images.setting("pca image_size=64 @256")
    assert (found.key, found.changes, found.tile_size, found.name) == ("pca", {"image_size": "64"}, 256, "pca image_size=64 @256")
    for text in ("no_such_detector", "pca image_size"):
        with pytest.raises(argparse.ArgumentTypeError):
            images.setting(text)


def _row(part: str, data_set: str, method: str, seed: int, value: float, **more: object) -> Row:
    figure = "images/s" if part == "speed" else "AUROC"
    return Row(part=part, data_set=data_set, method=method, seed=seed, figures={figure: value}, **more)


def test_ratios_are_to_the_faster_one_of_the_same_run():
    rows = [
        _row("speed", speed.GANOMALY, method, seed, value)
        for seed, values in enumerate([(60.0, 10.0, 20.0), (50.0, 25.0, 5.0)])
        for method, value in zip((speed.OURS, speed._theirs(8), speed._theirs(0)), values, strict=True)
    ]
    assert "| GANomaly, to the faster anomalib | 2.50 | 2.00 | 3.00 | 2 |" in speed.report(rows)
    assert "to the faster" not in speed.report(rows[:1])


def test_digits_are_averaged_beside_the_printed_mean_of_the_same_digits():
    rows = [
        _row("mnist", f"digit {digit}", "m", seed, value + seed, seconds={"fit": 1.0, "score": 2.0}, references={"AUROC": printed})
        for digit, value, printed in ((1, 90.0, 99.0), (8, 70.0, 80.0))
        for seed in (0, 1)
    ]
    assert "| m | 90.5 (90.0-91.0) | 70.5 (70.0-71.0) | 80.5 [89.5] | 1 | 2 | 2 |" in mnist.report(rows)
