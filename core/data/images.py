"""The one decoder of the program: from a file to pixels, the same for window, training and reports.

8-bit samples are taken as they are. Deeper ones are scaled to 8 bits by the sensor's white, never clipped. Transparent pixels are
laid over white, as picture viewers show them. Orientation marks (EXIF, TIFF) are applied. Colour profiles are ignored.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeAlias

import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from core.data import deep_png
from core.problems import ProblemCode, ProblemError

Samples: TypeAlias = NDArray[Any]  # uint8 or uint16, as stored

IMAGE_SUFFIXES: Final = frozenset(
    {".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".webp", ".tif", ".tiff", ".pgm", ".ppm", ".pnm", ".pbm", ".jp2"}
)
PIXEL_LIMIT: Final = 150_000_000
WHITE: Final = 255

# Formats that Pillow may try: none of them runs other programs, as EPS would. JPEG covers MPO.
_FORMATS: Final = ("PNG", "JPEG", "BMP", "DIB", "GIF", "WEBP", "TIFF", "PPM", "JPEG2000")
_MAGIC: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x00\x00\x00\x0cjP  ", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_TIFF_MAGIC: Final = _MAGIC[-4:]
_TIFF_COMPRESSIONS: Final = frozenset({1, 8, 32773, 32946})  # none, deflate, PackBits: what tifffile reads without further libraries
_SENSOR_MAXIMA: Final = (255, 1023, 4095, 16383, 65535)
_ORIENTATION: Final = 0x0112

# The limit is PIXEL_LIMIT, checked below before anything is decoded; Pillow's own check would warn at another one.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, kw_only=True)
class ImageHeader:
    """Width and height in pixels after the orientation mark was applied. `bit_depth` is that of the stored samples, 8 or 16.

    `frames` counts the pictures in the file: those of an animation, the pages of a TIFF.
    """

    width: int
    height: int
    channels: int
    bit_depth: int
    frames: int
    format: str


@dataclass(frozen=True)
class _Stored:
    """Samples as stored: uint8 or uint16, (height, width) or (height, width, 3)."""

    samples: Samples
    frames: int
    format: str


def inspect_image(path: Path) -> tuple[ImageHeader, int]:
    """Decodes the first page in full. The second value is the largest stored sample, which tells 12 bits in 16 from true 16.

    Raises ProblemError: PATH_MISSING, BROKEN_LINK, PATH_UNREADABLE, FILE_EMPTY, NOT_AN_IMAGE, IMAGE_DAMAGED, IMAGE_TOO_LARGE,
    IMAGE_FORMAT_UNSUPPORTED, IMAGE_NEEDS_MEMORY.
    """
    stored = _decode(path, page=0)
    samples = stored.samples
    header = ImageHeader(
        width=samples.shape[1],
        height=samples.shape[0],
        channels=1 if samples.ndim == 2 else 3,
        bit_depth=samples.dtype.itemsize * 8,
        frames=stored.frames,
        format=stored.format,
    )
    return header, int(samples.max())


def read_image(path: Path, *, page: int = 0, value_maximum: int | None = None) -> NDArray[np.uint8]:
    """Pixels of shape (height, width) for grey or (height, width, 3) for RGB.

    `value_maximum` is the stored value that becomes 255 in pictures deeper than 8 bits; without it, or if a pixel is brighter, the
    smallest sensor maximum that holds the page. Raises ProblemError as `inspect_image` does.
    """
    return _to_eight_bits(_decode(path, page=page).samples, value_maximum)


def sensor_maximum(largest: int) -> int:
    """The white of the smallest usual sensor depth (8, 10, 12, 14, 16 bits) that holds the value `largest`."""
    return next(maximum for maximum in _SENSOR_MAXIMA if largest <= maximum)


def resize_image(image: NDArray[np.uint8], *, height: int, width: int, channels: int) -> NDArray[np.uint8]:
    """Resizes to exactly (height, width, channels), each pixel the weighted mean of the area it covers (box, then triangle filter).

    Colour becomes grey by the luma weights of ITU-R BT.601; grey becomes colour by repeating.
    """
    picture = Image.fromarray(image)
    if channels == 1 and picture.mode != "L":
        picture = picture.convert("L")
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0)
    pixels = np.asarray(picture)
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[..., None], channels, axis=2)
    return np.ascontiguousarray(pixels)


def thumbnail(path: Path, *, edge: int, page: int = 0, value_maximum: int | None = None) -> NDArray[np.uint8]:
    """RGB pixels (height, width, 3) with the longer side at most `edge`; smaller pictures keep their size. Raises as `inspect_image`."""
    image = _to_eight_bits(_decode(path, page=page, draft_edge=edge).samples, value_maximum)
    height, width = image.shape[:2]
    factor = min(1.0, edge / max(height, width))
    return resize_image(image, height=max(1, round(height * factor)), width=max(1, round(width * factor)), channels=3)


def read_mask_samples(path: Path) -> tuple[Samples, bool]:
    """Stored samples of a mask, transparent pixels black, and whether its format loses detail (JPEG). Raises as `inspect_image`."""
    stored = _decode(path, page=0, backdrop=0)
    return stored.samples, stored.format in {"JPEG", "MPO"}


def _to_eight_bits(samples: Samples, value_maximum: int | None) -> NDArray[np.uint8]:
    if samples.dtype == np.uint8:
        return np.ascontiguousarray(samples, dtype=np.uint8)
    largest = int(samples.max())
    maximum = value_maximum if value_maximum is not None and value_maximum >= largest else sensor_maximum(largest)
    return ((samples.astype(np.uint32) * 255 + maximum // 2) // maximum).astype(np.uint8)


def _decode(path: Path, *, page: int, draft_edge: int | None = None, backdrop: int = WHITE) -> _Stored:
    with _as_problems(path), path.open("rb") as handle:
        head = handle.read(32)
        handle.seek(0)
        if not head:
            raise ProblemError(ProblemCode.FILE_EMPTY, path=str(path))
        if head.startswith(_TIFF_MAGIC):
            return _decode_tiff(handle, path, page=page, backdrop=backdrop)
        if page:
            raise ValueError("only TIFF files have pages")
        if deep_png.is_deep_colour(head):
            return _decode_deep_png(handle, head, path, backdrop=backdrop)
        return _decode_with_pillow(handle, path, page=0, draft_edge=draft_edge, backdrop=backdrop)


@contextlib.contextmanager
def _as_problems(path: Path) -> Iterator[None]:
    """Translates what file system and decoders raise. Decoders fail in any way they like on foreign bytes: all of it means damaged."""
    try:
        yield
    except ProblemError:
        raise
    except MemoryError as error:  # of this one picture; smaller ones may well find room
        raise ProblemError(ProblemCode.IMAGE_NEEDS_MEMORY, path=str(path)) from error
    except NotImplementedError as error:
        raise ProblemError(ProblemCode.IMAGE_FORMAT_UNSUPPORTED, path=str(path), detail=str(error)) from error
    except UnidentifiedImageError as error:
        known = _starts_like_an_image(path)
        raise ProblemError(ProblemCode.IMAGE_DAMAGED if known else ProblemCode.NOT_AN_IMAGE, path=str(path)) from error
    except OSError as error:
        raise ProblemError(_code_of(error, path), path=str(path)) from error
    except Exception as error:
        raise ProblemError(ProblemCode.IMAGE_DAMAGED, path=str(path)) from error


def _code_of(error: OSError, path: Path) -> ProblemCode:
    if error.errno is None:  # raised by a decoder, not by the system
        return ProblemCode.IMAGE_DAMAGED
    if isinstance(error, FileNotFoundError):
        return ProblemCode.BROKEN_LINK if os.path.lexists(path) else ProblemCode.PATH_MISSING
    return ProblemCode.PATH_UNREADABLE


def _starts_like_an_image(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(12).startswith(_MAGIC)


def _refuse_giant(width: int, height: int, path: Path) -> None:
    if width * height > PIXEL_LIMIT:
        limit = PIXEL_LIMIT // 1_000_000
        raise ProblemError(ProblemCode.IMAGE_TOO_LARGE, path=str(path), width=width, height=height, limit=limit)


@functools.cache
def _formats() -> tuple[str, ...]:
    Image.init()
    return tuple(name for name in _FORMATS if name in Image.OPEN)  # Pillow may be built without WebP or JPEG 2000


def _decode_with_pillow(handle: BinaryIO, path: Path, *, page: int, draft_edge: int | None, backdrop: int) -> _Stored:
    with Image.open(handle, formats=_formats()) as image:
        _refuse_giant(*image.size, path)
        if page:
            image.seek(page)
        if draft_edge is not None:
            image.draft(None, (draft_edge, draft_edge))
        image.load()
        # Pillow orients TIFF by itself while loading and then drops the mark, so this must come after it.
        orientation = image.getexif().get(_ORIENTATION, 1)
        frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
        return _Stored(_orient(_flatten(image, backdrop), orientation), frames, image.format or "")


def _flatten(image: Image.Image, backdrop: int) -> Samples:
    mode = image.mode
    if mode.startswith("I;16"):
        return np.asarray(image).astype(np.uint16)
    if mode == "I":
        values = np.asarray(image)
        if values.min() < 0 or values.max() > _SENSOR_MAXIMA[-1]:
            raise NotImplementedError("32-bit integers")
        return values.astype(np.uint16)
    if mode not in {"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr"}:
        raise NotImplementedError(f"pixels of kind {mode}")
    colours = "L" if mode in {"1", "L", "LA", "La"} else "RGB"
    if image.has_transparency_data:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, (backdrop, backdrop, backdrop, 255)), image)
    return np.array(image.convert(colours))


def _decode_deep_png(handle: BinaryIO, head: bytes, path: Path, *, backdrop: int) -> _Stored:
    _refuse_giant(*deep_png.size(head), path)
    if deep_png.is_interlaced(head):
        raise NotImplementedError("interlaced colour of 16 bits")
    content = handle.read()
    handle.seek(0)
    with Image.open(handle, formats=("PNG",)) as image:
        orientation = image.getexif().get(_ORIENTATION, 1)
    samples = deep_png.decode(content)
    colours = 1 if samples.shape[2] == 2 else 3
    alpha = samples[..., colours] if samples.shape[2] in {2, 4} else None
    return _Stored(_orient(_lay_over(samples[..., :colours], alpha, backdrop), orientation), 1, "PNG")


def _lay_over(samples: Samples, alpha: Samples | None, backdrop: int) -> Samples:
    """Drops a colour axis of length 1, and lays the samples over the backdrop where they are transparent."""
    if alpha is not None:
        white = int(np.iinfo(samples.dtype).max)
        share = alpha[..., None].astype(np.float64) / white
        blended = samples * share + (1 - share) * (white * backdrop // WHITE)
        samples = np.rint(blended).astype(samples.dtype)
    return samples[..., 0] if samples.shape[2] == 1 else samples


def _decode_tiff(handle: BinaryIO, path: Path, *, page: int, backdrop: int) -> _Stored:
    with tifffile.TiffFile(handle) as file:
        everything = [candidate for candidate in file.pages if isinstance(candidate, tifffile.TiffPage)]
        full = [index for index, candidate in enumerate(everything) if not candidate.is_reduced] or list(range(len(everything)))
        chosen = everything[full[page]]
        _refuse_giant(chosen.imagewidth, chosen.imagelength, path)
        if _is_plain(chosen):
            orientation = chosen.tags.valueof(_ORIENTATION, 1)
            return _Stored(_orient(_plain_samples(chosen, backdrop), orientation), len(full), "TIFF")
        if chosen.samplesperpixel > 1 and chosen.bitspersample > 8:
            raise NotImplementedError(f"TIFF, {chosen.bitspersample}-bit colour, {_compression_name(chosen)}")
        detail = f"TIFF, {_compression_name(chosen)}, {chosen.bitspersample} bits, {chosen.samplesperpixel} samples"
    handle.seek(0)
    try:
        stored = _decode_with_pillow(handle, path, page=full[page], draft_edge=None, backdrop=backdrop)
    except UnidentifiedImageError as error:
        raise NotImplementedError(detail) from error
    return _Stored(stored.samples, len(full), "TIFF")


def _compression_name(page: tifffile.TiffPage) -> str:
    return str(getattr(page.compression, "name", page.compression))


def _is_plain(page: tifffile.TiffPage) -> bool:
    """Whether tifffile alone can read the page and its samples mean grey or RGB; Pillow would cut 16-bit colour down to 8 bits."""
    colours = {0: 1, 1: 1, 2: 3}.get(int(page.photometric))
    return (
        colours is not None
        and page.dtype in (np.uint8, np.uint16, np.bool_)
        and page.bitspersample in {1, 2, 4, 8, 16}
        and page.samplesperpixel in {colours, colours + 1}
        and page.compression in _TIFF_COMPRESSIONS
        and page.axes in {"YX", "YXS", "SYX"}
    )


def _plain_samples(page: tifffile.TiffPage, backdrop: int) -> Samples:
    samples = page.asarray()
    if page.axes == "SYX":
        samples = np.moveaxis(samples, 0, -1)
    elif page.axes == "YX":
        samples = samples[..., None]
    if page.bitspersample < 8:
        samples = (samples.astype(np.uint16) * WHITE // (2**page.bitspersample - 1)).astype(np.uint8)
    samples = samples.astype(np.uint16 if samples.dtype.itemsize == 2 else np.uint8)
    if int(page.photometric) == 0:  # 0 means white
        samples = np.iinfo(samples.dtype).max - samples
    colours = 3 if int(page.photometric) == 2 else 1
    has_alpha = samples.shape[2] > colours and tuple(page.extrasamples)[:1] in {(1,), (2,)}
    return _lay_over(samples[..., :colours], samples[..., colours] if has_alpha else None, backdrop)


def _orient(samples: Samples, orientation: object) -> Samples:
    """Applies an EXIF orientation, 1 to 8; any other value is a mistake of the camera and means upright."""
    upright = {
        2: lambda: np.fliplr(samples),
        3: lambda: np.rot90(samples, 2),
        4: lambda: np.flipud(samples),
        5: lambda: np.swapaxes(samples, 0, 1),
        6: lambda: np.rot90(samples, -1),
        7: lambda: np.swapaxes(np.rot90(samples, 2), 0, 1),
        8: lambda: np.rot90(samples, 1),
    }
    turn = upright.get(orientation) if isinstance(orientation, int) else None
    return np.ascontiguousarray(turn()) if turn else samples
