"""CSV as every spreadsheet opens it: UTF-8 with a mark, CRLF, one header row, decimal point, empty for unknown."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from core.data.formulas import harmless_text

Cell = str | int | float | bool | None

ENCODING: Final = "utf-8-sig"


def cell_text(value: Cell) -> str:
    """One cell: numbers at full precision, true or false, empty for None and NaN."""
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless_text(value)
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        return "" if math.isnan(value) else repr(float(value))
    return str(int(value))


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The whole file. Characters that no file can hold (half a surrogate pair from a damaged file name) become "?"."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell_text(value) for value in row] for row in rows)
    return text.getvalue().encode(ENCODING, errors="replace")
