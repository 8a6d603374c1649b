"""The decoder: what each kind of file becomes, and what is refused."""

from __future__ import annotations

import os
import struct
import unicodedata
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from core.data import deep_png
from core.data.images import PIXEL_LIMIT, inspect_image, read_image, resize_image, sensor_maximum, thumbnail
from core.problems import ProblemCode, ProblemError
from tests.core import bad_inputs
from tests.core.bad_inputs import ramp


def _problem(path: Path) -> ProblemError:
    with pytest.raises(ProblemError) as caught:
        read_image(path)
    return caught.value


def test_refused_files_say_why(tmp_path: Path) -> None:
    files = bad_inputs.write_refused_pictures(tmp_path)
    assert {file.path.name: _problem(file.path).problem.code for file in files} == {file.path.name: file.problem for file in files}


def test_every_way_in_refuses_alike(tmp_path: Path) -> None:
    for file in bad_inputs.write_refused_pictures(tmp_path):
        for read in (inspect_image, lambda path: thumbnail(path, edge=32)):
            with pytest.raises(ProblemError) as caught:
                read(file.path)
            assert caught.value.problem.code == file.problem


def test_header_bomb_names_its_size(tmp_path: Path) -> None:
    bad_inputs.write_refused_pictures(tmp_path)
    arguments = _problem(tmp_path / "bomb.png").problem.arguments
    assert (arguments["width"], arguments["height"], arguments["limit"]) == (20_000, 20_000, PIXEL_LIMIT // 1_000_000)


def test_missing_and_broken_link(tmp_path: Path) -> None:
    assert _problem(tmp_path / "nowhere.png").problem.code == ProblemCode.PATH_MISSING
    assert _problem(bad_inputs.write_broken_link(tmp_path).path).problem.code == ProblemCode.BROKEN_LINK


@pytest.mark.skipif(os.name != "posix" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(tmp_path: Path) -> None:
    path = tmp_path / "locked.png"
    Image.fromarray(ramp()).save(path)
    path.chmod(0)
    assert _problem(path).problem.code == ProblemCode.PATH_UNREADABLE


def test_folder_with_the_name_of_a_picture(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    assert _problem(tmp_path / "folder.png").problem.code == ProblemCode.PATH_UNREADABLE


def test_unusual_pictures_are_all_read(tmp_path: Path) -> None:
    for file in bad_inputs.write_unusual_pictures(tmp_path):
        image = read_image(file.path)
        header, largest = inspect_image(file.path)
        assert image.dtype == np.uint8
        assert image.shape[:2] == (header.height, header.width)
        assert (1 if image.ndim == 2 else 3) == header.channels
        assert 0 < largest < 2**header.bit_depth


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_deep_grey_is_scaled_and_not_clipped(tmp_path: Path, suffix: str) -> None:
    values = np.linspace(0, 65535, 4096, dtype=np.uint16).reshape(64, 64)
    path = tmp_path / f"deep.{suffix}"
    if suffix == "png":
        Image.fromarray(values).save(path)
    else:
        tifffile.imwrite(path, values)
    image = read_image(path)
    assert np.abs(image.astype(float) - values / 257).max() <= 0.5
    header, largest = inspect_image(path)
    assert (header.bit_depth, header.channels, largest) == (16, 1, 65535)


@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_twelve_bits_in_sixteen_use_the_whole_range(tmp_path: Path, suffix: str) -> None:
    values = np.linspace(0, 4095, 4096, dtype=np.uint16).reshape(64, 64)
    path = tmp_path / f"camera.{suffix}"
    if suffix == "png":
        Image.fromarray(values).save(path)
    else:
        tifffile.imwrite(path, values)
    assert np.abs(read_image(path).astype(float) - values * (255 / 4095)).max() <= 0.5 + 1e-9
    assert read_image(path, value_maximum=16383).max() == 64
    assert len(np.unique(read_image(path, value_maximum=1023))) == 256  # too small a white: widened, not clipped


def test_the_white_of_a_source_makes_dark_and_bright_pictures_comparable(tmp_path: Path) -> None:
    dark, bright = np.full((8, 8), 200, np.uint16), np.full((8, 8), 4000, np.uint16)
    for name, values in (("dark", dark), ("bright", bright)):
        tifffile.imwrite(tmp_path / f"{name}.tif", values)
    assert read_image(tmp_path / "dark.tif", value_maximum=4095).max() == round(200 * 255 / 4095)
    assert read_image(tmp_path / "bright.tif", value_maximum=4095).max() == round(4000 * 255 / 4095)


@pytest.mark.parametrize(("largest", "white"), [(0, 255), (255, 255), (256, 1023), (4095, 4095), (4096, 16383), (65535, 65535)])
def test_sensor_maximum(largest: int, white: int) -> None:
    assert sensor_maximum(largest) == white


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_marks_agree_with_pillow(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / "turned.png"
    Image.fromarray(ramp()).save(path, exif=exif)
    expected = np.asarray(ImageOps.exif_transpose(Image.open(path)))
    assert np.array_equal(read_image(path), expected)
    header, _ = inspect_image(path)
    assert (header.height, header.width) == expected.shape[:2]
    assert thumbnail(path, edge=400).shape == expected.shape


@pytest.mark.parametrize("compression", [None, "zlib", "tiff_lzw"])
def test_tiff_orientation_is_applied_once(tmp_path: Path, compression: str | None) -> None:
    path = tmp_path / "turned.tif"
    if compression == "tiff_lzw":
        Image.fromarray(ramp()).save(path, compression=compression, tiffinfo={274: 6})
    else:
        tifffile.imwrite(path, ramp(), compression=compression, extratags=[(274, "H", 1, 6, False)], photometric="rgb")
    assert np.array_equal(read_image(path), np.rot90(ramp(), -1))


def test_turned_photograph_is_upright(tmp_path: Path) -> None:
    bad_inputs.write_unusual_pictures(tmp_path)
    header, _ = inspect_image(tmp_path / "turned.jpg")
    assert (header.width, header.height) == (48, 64)


def test_transparent_pixels_lie_over_white(tmp_path: Path) -> None:
    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[..., 0] = 200
    pixels[0, 0, 3], pixels[1, 1, 3] = 255, 128
    Image.fromarray(pixels).save(tmp_path / "alpha.png")
    image = read_image(tmp_path / "alpha.png")
    assert image[0, 0].tolist() == [200, 0, 0]
    assert image[3, 3].tolist() == [255, 255, 255]
    assert np.allclose(image[1, 1], [228, 127, 127], atol=1)


def test_grey_with_transparency_stays_grey(tmp_path: Path) -> None:
    Image.fromarray(np.dstack([np.full((4, 4), 90, np.uint8), np.full((4, 4), 255, np.uint8)])).save(tmp_path / "grey.png")
    assert read_image(tmp_path / "grey.png").tolist() == [[90] * 4] * 4


def test_palette_with_transparency(tmp_path: Path) -> None:
    palette = Image.new("P", (4, 4), 1)
    palette.putpalette([0, 0, 0, 10, 200, 30])
    palette.putpixel((0, 0), 0)
    palette.save(tmp_path / "palette.png", transparency=0)
    image = read_image(tmp_path / "palette.png")
    assert image[0, 0].tolist() == [255, 255, 255]
    assert image[3, 3].tolist() == [10, 200, 30]


def test_cmyk_becomes_the_same_colours(tmp_path: Path) -> None:
    Image.fromarray(np.full((16, 16, 3), (200, 60, 20), np.uint8)).convert("CMYK").save(tmp_path / "cmyk.jpg", quality=100)
    assert np.abs(read_image(tmp_path / "cmyk.jpg").astype(int) - (200, 60, 20)).max() <= 3


def test_animation_gives_its_first_frame_and_their_number(tmp_path: Path) -> None:
    frames = [Image.new("L", (6, 5), shade) for shade in (10, 120, 240)]
    frames[0].save(tmp_path / "three.gif", save_all=True, append_images=frames[1:])
    header, _ = inspect_image(tmp_path / "three.gif")
    assert header.frames == 3
    assert read_image(tmp_path / "three.gif").max() == 10


def test_a_still_picture_has_one_frame(tmp_path: Path) -> None:
    Image.fromarray(ramp()).save(tmp_path / "still.png")
    assert inspect_image(tmp_path / "still.png")[0].frames == 1


def test_pages_of_a_tiff_are_pictures_of_their_own(tmp_path: Path) -> None:
    stack = np.stack([np.full((5, 7), shade, np.uint8) for shade in (1, 2, 3)])
    tifffile.imwrite(tmp_path / "stack.tif", stack, photometric="minisblack")
    header, _ = inspect_image(tmp_path / "stack.tif")
    assert header.frames == 3
    assert [int(read_image(tmp_path / "stack.tif", page=page).max()) for page in range(3)] == [1, 2, 3]
    with pytest.raises(ProblemError) as caught:
        read_image(tmp_path / "stack.tif", page=3)
    assert caught.value.problem.code == ProblemCode.IMAGE_DAMAGED


@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize("bits", [8, 16])
def test_colour_tiff_keeps_its_depth(tmp_path: Path, planar: str, bits: int) -> None:
    pixels = ramp().astype(np.uint16) * 257 if bits == 16 else ramp()
    stored = np.moveaxis(pixels, -1, 0) if planar == "separate" else pixels
    tifffile.imwrite(tmp_path / "colour.tif", stored, photometric="rgb", planarconfig=planar)
    assert np.array_equal(read_image(tmp_path / "colour.tif"), ramp())
    assert inspect_image(tmp_path / "colour.tif")[0].bit_depth == bits


def test_tiff_with_white_zero_is_turned_round(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "inverse.tif", np.array([[0, 255]], np.uint8), photometric="miniswhite")
    assert read_image(tmp_path / "inverse.tif").tolist() == [[255, 0]]


def test_deep_colour_tiff_that_would_lose_bits_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "jpeg.tif"
    tifffile.imwrite(path, ramp(), photometric="rgb", compression="zlib")
    content = bytearray(path.read_bytes())
    with tifffile.TiffFile(path) as file:
        tag = file.pages[0].tags[259]
        bits = file.pages[0].tags[258]
    content[tag.valueoffset : tag.valueoffset + 2] = struct.pack("<H", 5)
    content[bits.valueoffset : bits.valueoffset + 6] = struct.pack("<HHH", 16, 16, 16)
    path.write_bytes(content)
    error = _problem(path)
    assert error.problem.code == ProblemCode.IMAGE_FORMAT_UNSUPPORTED
    assert "LZW" in str(error.problem.arguments["detail"])


def test_lzw_tiff_is_read_by_the_other_library(tmp_path: Path) -> None:
    Image.fromarray(ramp()).save(tmp_path / "lzw.tif", compression="tiff_lzw")
    assert np.array_equal(read_image(tmp_path / "lzw.tif"), ramp())


# --- 16-bit colour PNG -------------------------------------------------------------------------------------------------------------


def _deep_png(samples: np.ndarray, filters: list[int]) -> bytes:
    """Encodes (height, width, 2 to 4) uint16 with the given filter per row; the reference is the formula of the specification, byte by
    byte."""
    height, width, depth = samples.shape
    raw = samples.astype(">u2").view(np.uint8).reshape(height, -1).astype(int)
    step = depth * 2
    body = bytearray()
    for row in range(height):
        body.append(filters[row])
        for place in range(raw.shape[1]):
            left = raw[row, place - step] if place >= step else 0
            upper = raw[row - 1, place] if row else 0
            corner = raw[row - 1, place - step] if row and place >= step else 0
            estimate = left + upper - corner
            nearest = min((abs(estimate - left), 0, left), (abs(estimate - upper), 1, upper), (abs(estimate - corner), 2, corner))[2]
            prediction = [0, left, upper, (left + upper) // 2, nearest][filters[row]]
            body.append((raw[row, place] - prediction) % 256)
    colour = {3: 2, 2: 4, 4: 6}[depth]
    return bad_inputs.png(width, height, bits=16, colour=colour, data=zlib.compress(bytes(body)))


@settings(max_examples=40, deadline=None)
@given(
    height=st.integers(1, 9),
    width=st.integers(1, 9),
    depth=st.sampled_from([2, 3, 4]),
    filters=st.lists(st.integers(0, 4), min_size=9, max_size=9),
    seed=st.integers(0, 2**16),
)
def test_deep_png_is_read_exactly(height: int, width: int, depth: int, filters: list[int], seed: int) -> None:
    samples = np.random.default_rng(seed).integers(0, 65536, (height, width, depth)).astype(np.uint16)
    assert np.array_equal(deep_png.decode(_deep_png(samples, filters)), samples)


def test_deep_colour_png_is_scaled(tmp_path: Path) -> None:
    samples = np.random.default_rng(0).integers(0, 4096, (20, 30, 3)).astype(np.uint16)
    samples[0, 0] = 4095
    (tmp_path / "deep.png").write_bytes(_deep_png(samples, [row % 5 for row in range(20)]))
    assert np.abs(read_image(tmp_path / "deep.png") - samples * (255 / 4095)).max() <= 0.5 + 1e-9
    assert inspect_image(tmp_path / "deep.png")[0].bit_depth == 16


def test_deep_png_with_alpha_lies_over_white(tmp_path: Path) -> None:
    samples = np.zeros((2, 2, 4), np.uint16)
    samples[0, 0, 3] = 65535
    (tmp_path / "alpha.png").write_bytes(_deep_png(samples, [0, 0]))
    assert read_image(tmp_path / "alpha.png")[..., 0].tolist() == [[0, 255], [255, 255]]


@pytest.mark.parametrize("spoil", ["cut", "flipped"])
def test_damaged_deep_png(tmp_path: Path, spoil: str) -> None:
    content = bytearray(_deep_png(np.ones((6, 6, 3), np.uint16), [0] * 6))
    if spoil == "cut":
        content = content[:-20]
    else:
        content[50] ^= 255
    (tmp_path / "damaged.png").write_bytes(content)
    assert _problem(tmp_path / "damaged.png").problem.code == ProblemCode.IMAGE_DAMAGED


@settings(max_examples=150, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["png", "jpg", "gif", "bmp", "tif", "webp"]))
def test_damage_anywhere_is_a_problem_or_a_picture(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, kind: str) -> None:
    path = tmp_path_factory.mktemp("damage") / f"picture.{kind}"
    Image.fromarray(ramp(16, 16)).save(path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(1, len(content)))])
    try:
        image = read_image(path)
    except ProblemError as error:
        assert error.problem.sentence()
    else:
        assert image.dtype == np.uint8
        assert image.size


# --- sizes -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shape", "channels"), [((30, 50), 1), ((30, 50), 3), ((30, 50, 3), 1), ((30, 50, 3), 3)])
def test_resize_gives_what_is_asked_for(shape: tuple[int, ...], channels: int) -> None:
    resized = resize_image(np.full(shape, 77, np.uint8), height=16, width=24, channels=channels)
    assert resized.shape == (16, 24, channels)
    assert (resized == 77).all()


def test_resize_averages_what_it_covers() -> None:
    stripes = np.tile(np.array([0, 255], np.uint8), (256, 128))
    assert np.abs(resize_image(stripes, height=32, width=32, channels=1).astype(int) - 127).max() <= 2


def test_resize_to_its_own_size_changes_nothing() -> None:
    assert np.array_equal(resize_image(ramp(), height=48, width=64, channels=3), ramp())


@pytest.mark.parametrize("name", ["wide.jpg", "wide.png"])
def test_thumbnail_fits_and_looks_like_the_picture(tmp_path: Path, name: str) -> None:
    Image.fromarray(ramp(900, 1600)).save(tmp_path / name)
    small = thumbnail(tmp_path / name, edge=160)
    assert small.shape == (90, 160, 3)
    expected = resize_image(read_image(tmp_path / name), height=90, width=160, channels=3)
    assert np.abs(small[2:-2, 2:-2, :2].astype(int) - expected[2:-2, 2:-2, :2]).max() <= 6


def test_thumbnail_of_a_small_picture_is_not_blown_up(tmp_path: Path) -> None:
    Image.fromarray(ramp(20, 30)).save(tmp_path / "small.png")
    assert thumbnail(tmp_path / "small.png", edge=160).shape == (20, 30, 3)


def test_hangul_names_in_both_forms(tmp_path: Path) -> None:
    for form in ("NFC", "NFD"):
        path = tmp_path / f"{unicodedata.normalize(form, '와셔 검사')}.png"
        Image.fromarray(ramp()).save(path)
        assert np.array_equal(read_image(path), ramp())
