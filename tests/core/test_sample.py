"""The sample project: complete, repeatable, quick, and not solved by anything trivial."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.ensemble import IsolationForest
from sklearn.metrics import roc_auc_score

from core.data import sample as sample_data
from core.data.arrays import load_mask
from core.data.encoding import encode_rows
from core.data.images import inspect_image, read_image
from core.data.layout import FolderFindings, scan_folder
from core.data.sample import SamplePaths, write_sample
from core.data.sample_washers import DEFECTS, draw_defective, draw_good
from core.data.splits import assign_splits
from core.data.tables import TableContent, inspect_table, read_table
from core.job_context import Cancelled, QuietContext
from core.problems import ProblemCode, ProblemError
from core.vocabulary import Label, Split

seconds_taken: list[float] = []


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SamplePaths:
    started = time.process_time()
    paths = write_sample(tmp_path_factory.mktemp("sample"))
    seconds_taken.append(time.process_time() - started)
    return paths


@pytest.fixture(scope="module")
def findings(sample: SamplePaths) -> FolderFindings:
    return scan_folder(sample.images, QuietContext())


@pytest.fixture(scope="module")
def table(sample: SamplePaths) -> TableContent:
    found = inspect_table(sample.table)
    assert found.problems == ()
    return read_table(found.path, found.format, found.columns)


@pytest.fixture(autouse=True)
def _no_time_zone_matters(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    yield


def _digests(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_counts_and_layout(findings: FolderFindings) -> None:
    assert findings.layout == "mvtec"
    assert findings.problems == ()
    counts = Counter((image.split, image.label, image.defect_type, image.mask_path is not None) for image in findings.images)
    assert counts == {
        (Split.TRAIN, Label.GOOD, None, False): 240,
        (Split.TEST, Label.GOOD, None, False): 60,
        **{(Split.TEST, Label.DEFECTIVE, defect, True): 15 for defect in DEFECTS},
    }


def test_same_seed_same_bytes(sample: SamplePaths, tmp_path: Path) -> None:
    again = write_sample(tmp_path / "again")
    assert _digests(again.images.parent) == _digests(sample.images.parent)


def test_another_seed_gives_other_pictures() -> None:
    pictures = [draw_good(np.random.default_rng(seed)) for seed in (0, 1)]
    assert (pictures[0] != pictures[1]).mean() > 0.5


@pytest.mark.usefixtures("sample")
def test_it_takes_less_than_ten_seconds_of_one_core() -> None:
    assert seconds_taken[-1] < 10


def test_a_sample_that_is_there_is_left_alone_and_one_cut_off_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("GOOD_TRAIN", "GOOD_TEST", "DEFECTIVE_TEST"):
        monkeypatch.setattr(sample_data, kind, 4)

    class Impatient(QuietContext):
        def progress(self, done: int, total: int) -> None:
            self.cancelled = done == 3

    with pytest.raises(Cancelled):
        write_sample(tmp_path, context=Impatient())
    assert 0 < len(list(tmp_path.rglob("*.png"))) < 12
    first = write_sample(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in first.images.rglob("*.png")}
    assert len(before) == 16
    write_sample(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in first.images.rglob("*.png")} == before


def test_pictures_are_grey_and_of_one_size(findings: FolderFindings) -> None:
    for image in findings.images[::40]:
        header, _ = inspect_image(findings.root / image.relative_path)
        assert (header.width, header.height, header.channels, header.bit_depth) == (256, 256, 1, 8)


def test_nothing_trivial_gives_the_answer(findings: FolderFindings) -> None:
    test = [image for image in findings.images if image.split is Split.TEST]
    defective = [image.label is Label.DEFECTIVE for image in test]
    pictures = [read_image(findings.root / image.relative_path).astype(float) for image in test]
    clues = {
        "brightness": [picture.mean() for picture in pictures],
        "median": [np.median(picture) for picture in pictures],
        "contrast": [picture.std() for picture in pictures],
        "brightest": [np.percentile(picture, 99.9) for picture in pictures],
        "darkest": [np.percentile(picture, 0.1) for picture in pictures],
        "file size": [(findings.root / image.relative_path).stat().st_size for image in test],
        "name": [image.relative_path.rpartition("/")[2] for image in test],
    }
    clues["name"] = np.argsort(np.argsort(clues["name"])).tolist()
    for clue, values in clues.items():
        area = roc_auc_score(defective, values)
        assert max(area, 1 - area) < 0.65, clue


def test_masks_are_exact(findings: FolderFindings) -> None:
    """Outside its mask a part with a defect is the same part without; inside it differs."""
    for defect in DEFECTS:
        for seed in range(3):
            picture, mask = draw_defective(defect, np.random.default_rng(seed))
            good = draw_good(np.random.default_rng(seed))  # same draws up to the defect; the noise after it differs
            difference = np.abs(picture.astype(float) - good)
            assert 60 < mask.sum() < 0.06 * mask.size
            assert difference[mask].mean() > 4 * difference[~mask].mean()
            assert np.percentile(difference[~mask], 99.9) < 24
    for image in findings.images:
        if image.mask_path:
            assert load_mask(findings.root / image.mask_path).any()


def test_a_mean_of_good_parts_already_tells_most_defects(findings: FolderFindings) -> None:
    """A floor under what an autoencoder can reach: the largest smoothed deviation from the mean picture."""
    small = {
        image.relative_path: read_image(findings.root / image.relative_path).reshape(64, 4, 64, 4).mean(axis=(1, 3))
        for image in findings.images
    }
    train = np.stack([small[image.relative_path] for image in findings.images if image.split is Split.TRAIN])
    centre, spread = train.mean(axis=0), train.std(axis=0) + 4
    test = [image for image in findings.images if image.split is Split.TEST]
    scores = [np.sort((np.abs(small[image.relative_path] - centre) / spread).ravel())[-20:].mean() for image in test]
    assert roc_auc_score([image.label is Label.DEFECTIVE for image in test], scores) > 0.8


def test_the_table_is_a_process(sample: SamplePaths, table: TableContent) -> None:
    found = inspect_table(sample.table)
    roles = Counter(column.role.value for column in found.columns)
    assert roles == {"feature": 15, "id": 1, "group": 1, "time": 1, "label": 1}
    assert sum(bool(column.unit) for column in found.columns) == 13
    assert table.values.shape == (2000, 15)
    assert not np.isnan(table.values).any()
    assert set(table.defect_types) == {None, "tool wear", "coolant loss", "imbalance"}
    assert 80 <= (table.labels == Label.DEFECTIVE).sum() <= 140
    assert len(set(table.groups)) == 40
    assert table.times == sorted(time for time in table.times if time)


def test_no_single_reading_gives_the_answer_but_a_forest_does(table: TableContent) -> None:
    encoded = encode_rows(table.values, table.features).values
    defective = table.labels == Label.DEFECTIVE
    for column in encoded.T:
        area = roc_auc_score(defective, column)
        assert max(area, 1 - area) < 0.85
    splits = assign_splits(table.labels, np.zeros(2000, np.int8), table.groups, seed=0)
    train = (splits == Split.TRAIN) & ~defective
    test = splits == Split.TEST
    forest = IsolationForest(random_state=0, n_jobs=1).fit(encoded[train])
    assert roc_auc_score(defective[test], -forest.score_samples(encoded[test])) > 0.85


def test_lots_with_failures_are_left_to_calibrate_and_test(table: TableContent) -> None:
    splits = assign_splits(table.labels, np.zeros(2000, np.int8), table.groups, seed=0)
    defective = table.labels == Label.DEFECTIVE
    assert (splits[defective] == Split.TEST).sum() >= 45
    for defect in ("tool wear", "coolant loss", "imbalance"):
        places = np.array([kind == defect for kind in table.defect_types])
        assert (splits[places] != Split.TRAIN).any()


def test_a_file_may_be_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "blocked").write_text("a file in the way")
    with pytest.raises(ProblemError) as caught:
        write_sample(tmp_path / "blocked")
    assert caught.value.problem.code == ProblemCode.NOT_A_FOLDER
    assert os.listdir(tmp_path) == ["blocked"]  # noqa: PTH208


def test_a_disk_may_be_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(ProblemError) as caught:
        write_sample(tmp_path / "sample")
    assert caught.value.problem.code == ProblemCode.DISK_FULL
