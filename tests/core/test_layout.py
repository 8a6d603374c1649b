"""What folders say by their names."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from core.data.layout import FolderFindings, FoundImage, scan_folder
from core.data.words import label_from_stem, label_from_word, split_from_word
from core.job_context import Cancelled, QuietContext
from core.problems import ProblemCode, ProblemError
from core.vocabulary import Label, Split
from tests.core import bad_inputs

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def _touch(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def _scan(root: Path) -> FolderFindings:
    return scan_folder(root, QuietContext())


def _by_path(root: Path) -> dict[str, FoundImage]:
    return {image.relative_path: image for image in _scan(root).images}


def test_mvtec(tmp_path: Path) -> None:
    _touch(tmp_path, "train/good/0.png", "test/good/0.png", "test/scratch/0.png", "test/scratch/1.png", "ground_truth/scratch/0_mask.png")
    findings = _scan(tmp_path)
    assert findings.layout == "mvtec"
    images = _by_path(tmp_path)
    assert set(images) == {"train/good/0.png", "test/good/0.png", "test/scratch/0.png", "test/scratch/1.png"}
    assert (images["train/good/0.png"].label, images["train/good/0.png"].split) == (Label.GOOD, Split.TRAIN)
    scratch = images["test/scratch/0.png"]
    assert (scratch.label, scratch.defect_type, scratch.split) == (Label.DEFECTIVE, "scratch", Split.TEST)
    assert scratch.mask_path == "ground_truth/scratch/0_mask.png"
    assert images["test/scratch/1.png"].mask_path is None
    assert images["test/good/0.png"].mask_path is None


def test_mvtec_of_several_products_and_without_a_good_folder_in_test(tmp_path: Path) -> None:
    _touch(tmp_path, "bolt/train/good/1.png", "bolt/test/bent/1.png", "nut/train/good/1.png", "nut/test/good/2.png")
    images = _by_path(tmp_path)
    assert images["bolt/test/bent/1.png"].defect_type == "bent"
    assert images["nut/train/good/1.png"].label is Label.GOOD


def test_split_folders_without_labels(tmp_path: Path) -> None:
    _touch(tmp_path, "train/1.png", "train/images/2.png", "test/3.png", "val/ok/4.png")
    images = _by_path(tmp_path)
    assert images["train/1.png"].label is Label.NONE
    assert images["train/images/2.png"].label is Label.NONE
    assert images["train/images/2.png"].split is Split.TRAIN
    assert (images["val/ok/4.png"].label, images["val/ok/4.png"].split) == (Label.GOOD, Split.CALIBRATION)


def test_a_word_for_defective_is_no_defect_type(tmp_path: Path) -> None:
    _touch(tmp_path, "train/good/1.png", "test/defective/1.png", "test/anomaly/crack/2.png", "test/anomaly/2026-01-02/3.png")
    images = _by_path(tmp_path)
    assert (images["test/defective/1.png"].label, images["test/defective/1.png"].defect_type) == (Label.DEFECTIVE, None)
    assert images["test/anomaly/crack/2.png"].defect_type == "crack"
    assert images["test/anomaly/2026-01-02/3.png"].defect_type is None


def test_label_folder_below_a_lot_folder(tmp_path: Path) -> None:
    _touch(tmp_path, "train/lot 7/good/1.png", "test/lot 8/ng/2.png")
    images = _by_path(tmp_path)
    assert images["train/lot 7/good/1.png"].label is Label.GOOD
    assert (images["test/lot 8/ng/2.png"].label, images["test/lot 8/ng/2.png"].defect_type) == (Label.DEFECTIVE, None)


def test_class_folders(tmp_path: Path) -> None:
    _touch(tmp_path, "OK/1.bmp", "Dent/2.BMP", "NG/Stain/3.bmp", "unsure/4.bmp", "images/5.bmp")
    assert _scan(tmp_path).layout == "class_folders"
    images = _by_path(tmp_path)
    assert images["OK/1.bmp"].label is Label.GOOD
    assert images["Dent/2.BMP"].defect_type == "Dent"
    assert images["NG/Stain/3.bmp"].defect_type == "Stain"
    assert images["unsure/4.bmp"].label is Label.UNSURE
    assert images["images/5.bmp"].label is Label.NONE
    assert {image.split for image in images.values()} == {None}


def test_folders_that_name_no_label_are_flat(tmp_path: Path) -> None:
    _touch(tmp_path, "2026-01/1.png", "2026-02/2.png")
    findings = _scan(tmp_path)
    assert findings.layout == "flat"
    assert {image.label for image in findings.images} == {Label.NONE}


def test_zero_and_one_are_labels_only_among_themselves(tmp_path: Path) -> None:
    _touch(tmp_path / "two", "0/a.png", "1/b.png")
    _touch(tmp_path / "ten", *(f"{digit}/a.png" for digit in range(10)))
    assert [image.label for image in _scan(tmp_path / "two").images] == [Label.GOOD, Label.DEFECTIVE]
    assert {image.label for image in _scan(tmp_path / "ten").images} == {Label.NONE}


def test_flat_folder_takes_labels_from_names(tmp_path: Path) -> None:
    _touch(tmp_path, "normal-1.jpg", "NG_02.jpg", "part7.jpg", "part 8 (ok).jpg", "양품3.jpg")
    labels = {image.relative_path: image.label for image in _scan(tmp_path).images}
    assert labels == {
        "normal-1.jpg": Label.GOOD,
        "NG_02.jpg": Label.DEFECTIVE,
        "part7.jpg": Label.NONE,
        "part 8 (ok).jpg": Label.GOOD,
        "양품3.jpg": Label.GOOD,
    }


def test_masks_beside_the_pictures(tmp_path: Path) -> None:
    _touch(tmp_path, "Part0.jpg", "Part0_label.bmp", "Part1.jpg", "no_label.png")
    images = _by_path(tmp_path)
    assert set(images) == {"Part0.jpg", "Part1.jpg", "no_label.png"}
    assert images["Part0.jpg"].mask_path == "Part0_label.bmp"
    assert images["Part1.jpg"].mask_path is None


def test_a_folder_of_masks_without_classes(tmp_path: Path) -> None:
    _touch(tmp_path, "good/1.png", "bad/2.png", "masks/2.png")
    images = _by_path(tmp_path)
    assert images["bad/2.png"].mask_path == "masks/2.png"
    assert set(images) == {"good/1.png", "bad/2.png"}


def test_only_masks_are_pictures(tmp_path: Path) -> None:
    _touch(tmp_path, "masks/1.png", "masks/2.png")
    assert len(_scan(tmp_path).images) == 2


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_hangul_folders_in_both_forms(tmp_path: Path, form: str) -> None:
    def spelt(text: str) -> str:
        return unicodedata.normalize(form, text)

    names = ("학습/양품/가.png", "평가/불량/나.png", "평가/긁힘/다.png")
    _touch(tmp_path, *map(spelt, names), spelt("ground_truth/") + unicodedata.normalize("NFC", "긁힘/다_mask.png"))
    images = _by_path(tmp_path)
    assert images[spelt(names[0])].label is Label.GOOD
    assert images[spelt(names[0])].split is Split.TRAIN
    assert images[spelt(names[1])].label is Label.DEFECTIVE
    scratched = images[spelt(names[2])]
    assert scratched.defect_type == unicodedata.normalize("NFC", "긁힘")
    assert scratched.mask_path == unicodedata.normalize("NFC", "ground_truth/긁힘/다_mask.png")
    assert all((tmp_path / path).is_file() for path in images)  # the spelling of the disk is kept


def test_order_is_that_of_people(tmp_path: Path) -> None:
    _touch(tmp_path, "10.png", "9.png", "1.png")
    assert [image.relative_path for image in _scan(tmp_path).images] == ["1.png", "9.png", "10.png"]


def test_what_is_not_ours_is_left(tmp_path: Path) -> None:
    _touch(tmp_path, "a.png", ".hidden.png", "._a.png", "__MACOSX/b.png", "old.flawscope/cache/c.png", "notes.txt", "data.csv", "x.TSV")
    findings = _scan(tmp_path)
    assert [image.relative_path for image in findings.images] == ["a.png"]
    assert [table.name for table in findings.tables] == ["data.csv", "x.TSV"]


def test_loop_of_links_ends(tmp_path: Path) -> None:
    _touch(tmp_path, "a/1.png", "b/2.png")
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "again").symlink_to(tmp_path / "b", target_is_directory=True)
    assert [image.relative_path for image in _scan(tmp_path).images] == ["a/1.png", "b/2.png"]


def test_linked_folder_outside_is_followed(tmp_path: Path) -> None:
    _touch(tmp_path, "outside/1.png", "inside/2.png")
    (tmp_path / "inside" / "more").symlink_to(tmp_path / "outside", target_is_directory=True)
    assert [image.relative_path for image in _scan(tmp_path / "inside").images] == ["2.png", "more/1.png"]


def test_broken_links_are_listed_and_the_rest_goes_on(tmp_path: Path) -> None:
    _touch(tmp_path, "1.png")
    bad_inputs.write_broken_link(tmp_path)
    findings = _scan(tmp_path)
    assert [(path, problem.code) for path, problem in findings.problems] == [("broken link.png", ProblemCode.BROKEN_LINK)]
    assert [image.relative_path for image in findings.images] == ["1.png"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_folders(tmp_path: Path) -> None:
    _touch(tmp_path, "open/1.png", "locked/2.png")
    (tmp_path / "locked").chmod(0)
    try:
        findings = _scan(tmp_path)
        assert [(path, problem.code) for path, problem in findings.problems] == [("locked", ProblemCode.PATH_UNREADABLE)]
        assert len(findings.images) == 1
        with pytest.raises(ProblemError) as caught:
            _scan(tmp_path / "locked")
        assert caught.value.problem.code == ProblemCode.PATH_UNREADABLE
    finally:
        (tmp_path / "locked").chmod(0o700)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "camera.png")
    (tmp_path / "part.png").write_bytes(b"x")
    findings = _scan(tmp_path)
    assert [image.relative_path for image in findings.images] == ["part.png"]
    assert [(path, problem.code) for path, problem in findings.problems] == [("camera.png", ProblemCode.NOT_AN_IMAGE)]


def test_a_folder_that_vanishes_or_refuses_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _touch(tmp_path, "open/1.png", "locked/2.png")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "no")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    findings = _scan(tmp_path)
    assert [(path, problem.code) for path, problem in findings.problems] == [("locked", ProblemCode.PATH_UNREADABLE)]
    assert [image.relative_path for image in findings.images] == ["open/1.png"]


def test_nothing_there(tmp_path: Path) -> None:
    for root, code in ((tmp_path, ProblemCode.NOTHING_TO_IMPORT), (tmp_path / "gone", ProblemCode.PATH_MISSING)):
        with pytest.raises(ProblemError) as caught:
            _scan(root)
        assert caught.value.problem.code == code


def test_cancel(tmp_path: Path) -> None:
    _touch(tmp_path, "1.png")
    context = QuietContext()
    context.cancelled = True
    with pytest.raises(Cancelled):
        scan_folder(tmp_path, context)


@pytest.mark.parametrize(
    "word", ["good", "OK", " Pass ", "0", "false", "normal", "양품", unicodedata.normalize("NFD", "양품"), "defect free"]
)
def test_words_for_good(word: str) -> None:
    assert label_from_word(word) == (Label.GOOD, None)


@pytest.mark.parametrize("word", ["NG", "bad", "Fail", "1", "TRUE", "defective", "anomaly", "불량", unicodedata.normalize("NFD", "불량")])
def test_words_for_defective(word: str) -> None:
    assert label_from_word(word) == (Label.DEFECTIVE, None)


@pytest.mark.parametrize("word", ["", "scratch", "2", "goodness", "긁힘"])
def test_words_for_nothing(word: str) -> None:
    assert label_from_word(word) is None


def test_names_that_contradict_themselves_say_nothing() -> None:
    assert label_from_stem("good_01_ng") is None
    assert label_from_stem("0_1") is None
    assert label_from_stem("goods1") is Label.GOOD
    assert label_from_stem("goodness1") is None


def test_words_for_splits() -> None:
    words = ["Train", "학습", "val", "test", "TEST", "trains"]
    assert [split_from_word(word) for word in words] == [Split.TRAIN, Split.TRAIN, Split.CALIBRATION, Split.TEST, Split.TEST, None]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
def test_cookies() -> None:
    findings = _scan(SHARED / "cookies")
    assert findings.layout == "mvtec"
    counts = {}
    for image in findings.images:
        key = (image.split, image.label, image.mask_path is not None)
        counts[key] = counts.get(key, 0) + 1
    assert counts == {
        (Split.TRAIN, Label.GOOD, False): 31,
        (Split.TEST, Label.GOOD, False): 14,
        (Split.TEST, Label.DEFECTIVE, True): 32,
        (Split.TEST, Label.DEFECTIVE, False): 8,
    }
