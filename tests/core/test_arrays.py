"""The cache of decoded pictures, and masks."""

from __future__ import annotations

import errno
import hashlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from core.data import arrays
from core.data.arrays import PictureReference, load_mask, load_pictures
from core.data.images import read_image, resize_image
from core.job_context import Cancelled, QuietContext
from core.problems import ProblemCode, ProblemError


def _pictures(folder: Path, count: int) -> list[PictureReference]:
    references = []
    for number in range(count):
        path = folder / f"{number}.png"
        pixels = np.random.default_rng(number).integers(0, 256, (20, 30, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(path)
        references.append(PictureReference(path=path, sha256=hashlib.sha256(path.read_bytes()).hexdigest()))
    return references


def _load(references: list[PictureReference], cache: Path, *, height: int = 16, width: int = 12, channels: int = 3) -> NDArray[np.uint8]:
    return load_pictures(references, height=height, width=width, channels=channels, cache_folder=cache, context=QuietContext())


def _remove(references: list[PictureReference]) -> None:
    for reference in references:
        reference.path.unlink()


def test_pictures_are_those_of_the_decoder(tmp_path: Path) -> None:
    references = _pictures(tmp_path, 20)
    for channels in (1, 3):
        loaded = _load(references, tmp_path / "cache", channels=channels)
        assert loaded.shape == (20, 16, 12, channels)
        for row, reference in enumerate(references):
            expected = resize_image(read_image(reference.path), height=16, width=12, channels=channels)
            assert np.array_equal(loaded[row], expected)


def test_the_result_may_not_be_written_to(tmp_path: Path) -> None:
    loaded = _load(_pictures(tmp_path, 2), tmp_path / "cache")
    assert isinstance(loaded, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        loaded[0] = 0


def test_each_picture_is_decoded_once_per_size(tmp_path: Path) -> None:
    references = _pictures(tmp_path, 8)
    first = np.array(_load(references, tmp_path / "cache"))
    extra = _pictures(tmp_path, 9)[8]
    _remove(references)
    assert np.array_equal(_load(references, tmp_path / "cache"), first)
    assert np.array_equal(_load(references[5:1:-1], tmp_path / "cache"), first[5:1:-1])
    mixed = _load([references[3], extra], tmp_path / "cache")
    assert np.array_equal(mixed[0], first[3])
    with pytest.raises(ProblemError):
        _load(references, tmp_path / "cache", height=17)


def test_changed_content_is_decoded_again(tmp_path: Path) -> None:
    reference = _pictures(tmp_path, 1)[0]
    _load([reference], tmp_path / "cache")
    Image.new("RGB", (30, 20), (9, 9, 9)).save(reference.path)
    changed = PictureReference(path=reference.path, sha256="another")
    assert (_load([changed], tmp_path / "cache") == 9).all()


def test_the_white_of_the_sensor_is_part_of_the_key(tmp_path: Path) -> None:
    path = tmp_path / "deep.png"
    Image.fromarray(np.full((8, 8), 1000, np.uint16)).save(path)
    values = []
    for maximum in (1023, 4095):
        reference = PictureReference(path=path, sha256="same", value_maximum=maximum)
        values.append(int(_load([reference], tmp_path / "cache", channels=1).max()))
    assert values == [249, 62]


def test_the_cache_may_be_deleted_or_damaged_at_any_time(tmp_path: Path) -> None:
    references = _pictures(tmp_path, 5)
    expected = np.array(_load(references, tmp_path / "cache"))
    for spoil in (lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:200]), lambda path: path.write_bytes(b"")):
        for path in (tmp_path / "cache").rglob("*.*"):
            spoil(path)
        assert np.array_equal(_load(references, tmp_path / "cache"), expected)


def test_nothing_is_nothing(tmp_path: Path) -> None:
    assert _load([], tmp_path / "cache").shape == (0, 16, 12, 3)


def test_an_unreadable_picture_is_named_and_leaves_nothing_behind(tmp_path: Path) -> None:
    references = _pictures(tmp_path, 4)
    references[2].path.write_bytes(b"no picture")
    with pytest.raises(ProblemError) as caught:
        _load(references, tmp_path / "cache")
    assert caught.value.problem.code == ProblemCode.NOT_AN_IMAGE
    assert caught.value.problem.arguments["path"] == str(references[2].path)
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_cancel_leaves_nothing_behind(tmp_path: Path) -> None:
    class Impatient(QuietContext):
        def progress(self, done: int, total: int) -> None:
            self.cancelled = done == 3

    with pytest.raises(Cancelled):
        load_pictures(_pictures(tmp_path, 9), height=8, width=8, channels=1, cache_folder=tmp_path / "cache", context=Impatient())
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    class Counting(QuietContext):
        seen: tuple[int, int] = (0, 0)

        def progress(self, done: int, total: int) -> None:
            assert done == self.seen[0] + 1
            self.seen = (done, total)

    context = Counting()
    load_pictures(_pictures(tmp_path, 7), height=8, width=8, channels=1, cache_folder=tmp_path / "cache", context=context)
    assert context.seen == (7, 7)


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array_header_1_0", full)
    with pytest.raises(ProblemError) as caught:
        _load(_pictures(tmp_path, 2), tmp_path / "cache")
    assert caught.value.problem.code == ProblemCode.DISK_FULL


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    with pytest.raises(ProblemError) as caught:
        _load(_pictures(tmp_path, 2), tmp_path / "cache")
    assert caught.value.problem.code == ProblemCode.NOT_A_FOLDER


def test_the_oldest_lists_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    references = _pictures(tmp_path, 6)
    one_list = np.array(_load(references[:2], tmp_path / "cache")).nbytes
    monkeypatch.setattr(arrays, "CACHE_BYTES", 2 * one_list + 512)
    _load(references[2:4], tmp_path / "cache")
    _load(references[4:], tmp_path / "cache")
    assert len(list((tmp_path / "cache").rglob("*.npy"))) == 2
    _remove(references)
    assert len(_load(references[4:], tmp_path / "cache")) == 2  # the newest is still there
    with pytest.raises(ProblemError):
        _load(references[:2], tmp_path / "cache")


# --- masks -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [1, 255])
def test_any_value_above_zero_counts(tmp_path: Path, value: int) -> None:
    pixels = np.zeros((6, 8), np.uint8)
    pixels[2, 3] = value
    Image.fromarray(pixels).save(tmp_path / "mask.png")
    assert np.array_equal(load_mask(tmp_path / "mask.png"), pixels > 0)


def test_any_channel_counts_and_transparency_does_not(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[1, 1] = (0, 0, 200, 255)
    pixels[2, 2] = (255, 255, 255, 0)
    Image.fromarray(pixels).save(tmp_path / "mask.png")
    assert np.argwhere(load_mask(tmp_path / "mask.png")).tolist() == [[1, 1]]


def test_traces_of_jpeg_do_not_count(tmp_path: Path) -> None:
    pixels = np.zeros((64, 64), np.uint8)
    pixels[20:41, 20:41] = 255
    Image.fromarray(pixels).save(tmp_path / "mask.jpg", quality=40)
    assert (load_mask(tmp_path / "mask.jpg") != (pixels > 0)).sum() <= 8


def test_a_single_pixel_survives_shrinking(tmp_path: Path) -> None:
    for row, column in ((0, 0), (37, 91), (99, 149)):
        pixels = np.zeros((100, 150), np.uint8)
        pixels[row, column] = 255
        Image.fromarray(pixels).save(tmp_path / "mask.png")
        small = load_mask(tmp_path / "mask.png", height=7, width=11)
        assert np.argwhere(small).tolist() == [[row * 7 // 100, column * 11 // 150]]


def test_a_mask_grows_without_new_values(tmp_path: Path) -> None:
    pixels = np.array([[255, 0], [0, 0]], np.uint8)
    Image.fromarray(pixels).save(tmp_path / "mask.png")
    large = load_mask(tmp_path / "mask.png", height=4, width=6)
    assert large.sum() == 6
    assert large[:2, :3].all()
