"""Writes every kind of file that a factory hands over and a program must survive, with what is expected of each."""

from __future__ import annotations

import os
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
from PIL import Image

from core.problems import ProblemCode

NFC_NAME = unicodedata.normalize("NFC", "양품")
NFD_NAME = unicodedata.normalize("NFD", "불량")


@dataclass(frozen=True)
class BadFile:
    """`problem` is what refuses the file; None: it is read, whatever it looks like."""

    path: Path
    problem: ProblemCode | None


def ramp(height: int = 48, width: int = 64) -> np.ndarray:
    """A colour picture (height, width, 3), uint8, no two corners alike."""
    row, column = np.indices((height, width))
    return np.dstack([row * 255 // (height - 1), column * 255 // (width - 1), (row + column) % 256]).astype(np.uint8)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *, bits: int, colour: int, data: bytes, interlaced: bool = False) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced))
    chunks = png_chunk(b"IHDR", header) + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def write_refused_pictures(folder: Path) -> list[BadFile]:
    """Files with picture names that no decoder may let through."""
    folder.mkdir(parents=True, exist_ok=True)
    picture = Image.fromarray(ramp())
    picture.save(folder / "whole.jpg", quality=95)
    whole = (folder / "whole.jpg").read_bytes()
    (folder / "whole.jpg").unlink()
    picture.save(folder / "whole.png")
    whole_png = (folder / "whole.png").read_bytes()
    (folder / "whole.png").unlink()
    tifffile.imwrite(folder / "whole.tif", ramp())
    whole_tiff = (folder / "whole.tif").read_bytes()
    (folder / "whole.tif").unlink()
    contents = {
        "truncated.jpg": (whole[: len(whole) // 2], ProblemCode.IMAGE_DAMAGED),
        "truncated.png": (whole_png[: len(whole_png) // 2], ProblemCode.IMAGE_DAMAGED),
        "truncated.tif": (whole_tiff[: len(whole_tiff) // 2], ProblemCode.IMAGE_DAMAGED),
        "header only.png": (whole_png[:10], ProblemCode.IMAGE_DAMAGED),
        "empty.png": (b"", ProblemCode.FILE_EMPTY),
        "empty.jpg": (b"", ProblemCode.FILE_EMPTY),
        "text.png": (b"serial;result\n1;OK\n", ProblemCode.NOT_AN_IMAGE),
        "bomb.png": (png(20_000, 20_000, bits=8, colour=2, data=b""), ProblemCode.IMAGE_TOO_LARGE),
        "deep bomb.png": (png(20_000, 20_000, bits=16, colour=2, data=b""), ProblemCode.IMAGE_TOO_LARGE),
        "interlaced.png": (png(8, 8, bits=16, colour=2, data=b"", interlaced=True), ProblemCode.IMAGE_FORMAT_UNSUPPORTED),
    }
    files = []
    for name, (content, problem) in contents.items():
        (folder / name).write_bytes(content)
        files.append(BadFile(folder / name, problem))
    tifffile.imwrite(folder / "float.tif", np.linspace(0, 1, 64, dtype=np.float32).reshape(8, 8))
    files.append(BadFile(folder / "float.tif", ProblemCode.IMAGE_FORMAT_UNSUPPORTED))
    return files


def write_broken_link(folder: Path) -> BadFile:
    """Needs a system on which anybody may make links."""
    link = folder / "broken link.png"
    link.symlink_to(folder / "gone.png")
    return BadFile(link, ProblemCode.BROKEN_LINK)


def write_unusual_pictures(folder: Path) -> list[BadFile]:
    """Pictures of kinds that are easily read wrongly; all of them can be used."""
    folder.mkdir(parents=True, exist_ok=True)
    grey = np.arange(48 * 64, dtype=np.uint16).reshape(48, 64)
    colour = Image.fromarray(ramp())
    Image.fromarray((grey * 21).astype(np.uint16)).save(folder / "grey 16 bit.png")
    Image.fromarray(grey).save(folder / "grey 12 in 16 bit.png")
    tifffile.imwrite(folder / "grey 16 bit.tif", (grey * 21).astype(np.uint16))
    tifffile.imwrite(folder / "grey 12 in 16 bit.tif", grey)
    colour.convert("CMYK").save(folder / "cmyk.jpg", quality=95)
    palette = colour.quantize(16)
    palette.info["transparency"] = 0
    palette.save(folder / "palette with transparency.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    colour.save(folder / "turned.jpg", quality=95, exif=exif)
    frames = [colour, Image.fromarray(ramp()[::-1])]
    frames[0].save(folder / "animated.gif", save_all=True, append_images=frames[1:])
    colour.save(folder / f"{NFC_NAME}-1.png")
    colour.save(folder / f"{NFD_NAME}-1.png")
    return [BadFile(path, None) for path in sorted(folder.iterdir())]


def write_bad_folder(folder: Path) -> list[BadFile]:
    """All of the above in one flat folder, beside three plain good pictures."""
    files = write_unusual_pictures(folder) + write_refused_pictures(folder)
    for number in range(3):
        Image.fromarray(np.roll(ramp(), number, axis=0)).save(folder / f"good-{number}.png")
        files.append(BadFile(folder / f"good-{number}.png", None))
    if hasattr(os, "symlink") and os.name == "posix":
        files.append(write_broken_link(folder))
    return files


TABLES: dict[str, tuple[bytes, ProblemCode | None]] = {
    "bom.csv": ("온도 [°C],압력,판정\n20.5,1,양품\n21.5,2,불량\n".encode("utf-8-sig"), None),
    "cp949.csv": ("온도,압력,판정\n20.5,1,양품\n21.5,2,불량\n".encode("cp949"), None),
    "western.csv": ("Temperatur [°C];Größe;Ergebnis\n20,5;1,25;gut\n21,5;2,5;gut\n".encode("cp1252"), None),
    "utf16.csv": ("a\tb\n1\t2\n3\t4\n".encode("utf-16"), None),
    "semicolon.csv": (b"a;b;label\n1,5;2,5;good\n1.234,5;3;ng\n", None),
    "separator line.csv": (b"sep=;\r\na;b\r\n1;2\r\n3;4\r\n", None),
    "ragged.csv": (b"a,b,label\n1,2,0\n1,2\n3,4,1,9\n5,6,0\n", None),
    "duplicate columns.csv": (b"a,a,b,a\n1,2,3,4\n5,6,7,8\n", None),
    "not finite.csv": (b"a,b\n1,nan\n2,inf\n3,5\n,6\n5,7\n", None),
    "text in numbers.csv": (b"a,b\n1,2\nerror,3\n3,4\n4,5\n", None),
    "empty.csv": (b"", ProblemCode.FILE_EMPTY),
    "header only.csv": (b"a,b,c\n", ProblemCode.TABLE_EMPTY),
    "blank.csv": (b"\n\n  \n", ProblemCode.TABLE_EMPTY),
    "all ragged.csv": (b"a,b,c\n1,2\n3\n", ProblemCode.TABLE_RAGGED_ROW),
    "workbook.csv": (b"PK\x03\x04" + bytes(60), ProblemCode.TABLE_UNREADABLE),
    "binary.csv": (bytes(range(256)), ProblemCode.TABLE_UNREADABLE),
    "bytes.csv": (b"a,b\n\x81\x8d\x8f\xff,1\n", ProblemCode.TABLE_ENCODING_UNKNOWN),
}


def write_bad_tables(folder: Path) -> list[BadFile]:
    """Tables in every spelling, and files that are no tables."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, (content, problem) in TABLES.items():
        (folder / name).write_bytes(content)
        files.append(BadFile(folder / name, problem))
    return files
