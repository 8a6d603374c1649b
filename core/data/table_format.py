"""How a text file spells a table: encoding, separator, decimal sign, header; and its rows as text."""

from __future__ import annotations

import codecs
import contextlib
import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from core.data.formulas import bare_text
from core.problems import ProblemCode, ProblemError

_SAMPLE_BYTES: Final = 1 << 18
_SAMPLE_ROWS: Final = 200
_DELIMITERS: Final = ("\t", ";", "|", ",")  # of equally fitting ones the first: a comma may be a decimal sign
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATOR_LINE: Final = re.compile(r"^\"?sep=(.)\"?\s*$")  # Excel writes it above the header
_POINT_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d*)\.\d+(?:[eE][+-]?\d+)?")
_COMMA_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d*),\d+(?:[eE][+-]?\d+)?")
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?")

csv.field_size_limit(1 << 24)


@dataclass(frozen=True, kw_only=True)
class TableFormat:
    """`encoding` is a Python codec, `decimal` "." or ",". Without `header` the first line is data already."""

    encoding: str
    delimiter: str
    decimal: str
    header: bool = True

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> TableFormat:
        """Inverse of `to_json`."""
        return cls(**json.loads(text))


@dataclass(frozen=True)
class Line:
    """Cells of one record, and the number of the line of the file, from 1, on which it ends."""

    number: int
    cells: list[str]


def detect_format(path: Path) -> TableFormat:
    """Finds the format from the bytes alone.

    Raises ProblemError: FILE_EMPTY, TABLE_EMPTY, TABLE_UNREADABLE for what is no text, TABLE_ENCODING_UNKNOWN, and those of a file
    that cannot be opened.
    """
    with table_problems(path):
        encoding = _detect_encoding(path)
        with path.open(encoding=encoding, newline="") as file:
            text = file.read(_SAMPLE_BYTES)
    lines = text.splitlines(keepends=True)
    if len(text) == _SAMPLE_BYTES and len(lines) > 1:
        lines.pop()  # cut through
    stated = _SEPARATOR_LINE.match(lines[0]) if lines else None
    if stated:
        lines = lines[1:]
    if not any(line.strip() for line in lines):
        raise ProblemError(ProblemCode.TABLE_EMPTY, path=str(path))
    delimiter = stated[1] if stated else _detect_delimiter(lines)
    rows = _split(lines, delimiter)
    return TableFormat(encoding=encoding, delimiter=delimiter, decimal=_detect_decimal(rows, delimiter), header=_has_header(rows))


def read_lines(path: Path, format: TableFormat) -> Iterator[Line]:
    """All records that are not blank, the header too, cells as `_bare` leaves them. Raises ProblemError as `detect_format`."""
    with table_problems(path), path.open(encoding=format.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=format.delimiter, skipinitialspace=True)
        for cells in reader:
            if reader.line_num == 1 and _SEPARATOR_LINE.match(format.delimiter.join(cells)):
                continue
            bare = _bare(cells)
            if any(bare):
                yield Line(reader.line_num, bare)


def _bare(cells: list[str]) -> list[str]:
    """Without space around them, and without the apostrophe by which exports keep spreadsheets from reading formulas."""
    return [bare_text(cell.strip()) for cell in cells]


@contextlib.contextmanager
def table_problems(path: Path) -> Iterator[None]:
    """Turns what the file system, the codec and the csv module raise into a ProblemError about `path`."""
    try:
        yield
    except FileNotFoundError as error:
        code = ProblemCode.BROKEN_LINK if path.is_symlink() else ProblemCode.PATH_MISSING
        raise ProblemError(code, path=str(path)) from error
    except OSError as error:
        raise ProblemError(ProblemCode.PATH_UNREADABLE, path=str(path)) from error
    except UnicodeError as error:
        raise ProblemError(ProblemCode.TABLE_ENCODING_UNKNOWN, path=str(path)) from error
    except csv.Error as error:
        raise ProblemError(ProblemCode.TABLE_UNREADABLE, path=str(path), detail=str(error)) from error


# --- encoding ----------------------------------------------------------------------------------------------------------------------


def _detect_encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(_SAMPLE_BYTES)
    if not head:
        raise ProblemError(ProblemCode.FILE_EMPTY, path=str(path))
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ProblemError(ProblemCode.TABLE_UNREADABLE, path=str(path), detail="Excel")
    if b"\0" in head:
        raise ProblemError(ProblemCode.TABLE_UNREADABLE, path=str(path), detail="binary")
    if _decodes(path, "utf-8"):
        return "utf-8"
    if _decodes(path, "cp949") and _looks_korean(head):
        return "cp949"
    if _decodes(path, "cp1252"):
        return "cp1252"
    raise ProblemError(ProblemCode.TABLE_ENCODING_UNKNOWN, path=str(path))


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(_SAMPLE_BYTES):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _looks_korean(head: bytes) -> bool:
    """Whether most characters beyond ASCII are common Hangul or the symbols of KS X 1001.

    Western text decodes as cp949 more often than not: "°C" is then the syllable 캜, which hardly any Korean text contains.
    """
    foreign = [character for character in head.decode("cp949", errors="ignore") if ord(character) > 127]
    common = 0
    for character in foreign:
        try:
            lead = character.encode("euc_kr")[0]
        except UnicodeEncodeError:
            continue
        common += 0xA1 <= lead <= 0xAC or 0xB0 <= lead <= 0xC8
    return common * 2 > len(foreign)


# --- separator, decimal sign, header -----------------------------------------------------------------------------------------------


def _split(lines: list[str], delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for cells in csv.reader(lines, delimiter=delimiter, skipinitialspace=True):
            bare = _bare(cells)
            if any(bare):
                rows.append(bare)
            if len(rows) == _SAMPLE_ROWS:
                break
    except csv.Error:
        pass  # the rows before the trouble are enough to judge by
    return rows


def _detect_delimiter(lines: list[str]) -> str:
    best = max(_DELIMITERS, key=lambda candidate: _fitness(lines, candidate))
    return best if _fitness(lines, best)[0] else ","  # a table of one column


def _fitness(lines: list[str], delimiter: str) -> tuple[float, bool]:
    """Share of the rows that have as many cells as the header, 0 where the header is one cell; then whether that is a common count."""
    rows = _split(lines, delimiter)
    if not rows or len(rows[0]) < 2:
        return 0.0, False
    counts = Counter(len(row) for row in rows)
    return counts[len(rows[0])] / len(rows), counts.most_common(1)[0][0] == len(rows[0])


def _detect_decimal(rows: list[list[str]], delimiter: str) -> str:
    cells = [cell for row in rows[1:] or rows for cell in row]
    points = sum(_POINT_NUMBER.fullmatch(cell) is not None for cell in cells)
    commas = sum(_COMMA_NUMBER.fullmatch(cell) is not None and _THOUSANDS.fullmatch(cell) is None for cell in cells)
    if commas == points == 0 and delimiter != ",":
        commas = sum(_COMMA_NUMBER.fullmatch(cell) is not None for cell in cells)  # only the likes of 1,234: more often a decimal comma
    return "," if commas > points else "."


def _has_header(rows: list[list[str]]) -> bool:
    """A first line that is all numbers is data."""
    return not all(_NUMBER.fullmatch(cell) for cell in rows[0])
