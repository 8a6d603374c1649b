"""CSV as every spreadsheet opens it: UTF-8 with a mark, CRLF, one header row, decimal point, empty for unknown.

Text that a spreadsheet would take for a formula gets a leading apostrophe; `bare_text` takes it off again.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

Cell = str | int | float | bool | None

ENCODING: Final = "utf-8-sig"
_RISKY: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def harmless_text(text: str) -> str:
    """`text` with an apostrophe before it if its first character could start a formula."""
    return f"'{text}" if _is_risky(text) else text


def bare_text(text: str) -> str:
    """Inverse of `harmless_text`."""
    return text[1:] if text.startswith("'") and _is_risky(text) else text


def _is_risky(text: str) -> bool:
    # Apostrophes before a formula count as risky too: else taking one off could not tell whose it is.
    return text.lstrip("'").startswith(_RISKY)


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
