"""Columns of a table: what they are called, what they are used for, and what the values of a label column mean."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from core.data.words import is_number_like, label_from_word, plain
from core.problems import ProblemCode, ProblemError
from core.vocabulary import ColumnRole, Label

MOST_CATEGORIES: Final = 20

_UNIT_PART: Final = (
    r"(?:%|‰|°[CFK]?|deg(?:C|F)?|[CFK]|ppm|ppb|pH|rpm|rev|rad|sr|dB[A]?|Ohm|ohm|Ω|bar|mbar|psi|mmHg|min|sec|s|h|hr|d|g|lx|lm|EA|ea|pcs|shots?|"
    r"[pnuµμmkMG]?(?:m|g|s|N|Pa|V|A|W|J|Hz|L|l|Ω|F|H|T|C|VA|Wh|Nm|eV)|cm|dm|in|inch|mil|cc|ml|개|초|분|회)"
)
_UNIT: Final = re.compile(rf"1?/?{_UNIT_PART}[²³23]?(?:[·*/\s^]{_UNIT_PART}[²³23]?)*", re.UNICODE)
_SQUARE: Final = re.compile(r"^(?P<name>.*\S)\s*\[(?P<unit>[^\[\]]*)\]$")
_ROUND: Final = re.compile(r"^(?P<name>.*\S)\s*\((?P<unit>[^()]*)\)$")
_TOKEN: Final = re.compile(r"[a-z0-9]+|[가-힣]+|#")

_GOODNESS_NAMES: Final = frozenset({"pass", "passed", "ok", "good", "양품", "합격"})
_BADNESS_NAMES: Final = frozenset({"ng", "nok", "not"})
CAUSE_NAMES: Final = frozenset({"failure", "fault", "defect", "anomaly", "불량", "결함"})
_NO_CAUSE: Final = frozenset({"none", "없음"})


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """`position` counts the columns of the file from 0. `categories` are the values of a text column in order, None for numbers and
    for text with more than 20 different values."""

    position: int
    name: str
    role: ColumnRole
    unit: str
    categories: tuple[str, ...] | None


def with_roles(
    columns: Sequence[TableColumn],
    *,
    label_column: str | None = None,
    id_column: str | None = None,
    group_column: str | None = None,
    ignore: Iterable[str] = (),
    path: str = "The table",
) -> tuple[TableColumn, ...]:
    """Replaces guessed roles by chosen ones. Names may be given with or without their unit.

    A column that had a role which now goes to another is ignored: what was taken for a label or a serial number is no measurement.
    Raises ProblemError(TABLE_COLUMN_MISSING), with `path` as the name of the table.
    """
    chosen = list(columns)
    for name, role in ((label_column, ColumnRole.LABEL), (id_column, ColumnRole.ID), (group_column, ColumnRole.GROUP)):
        if name is not None:
            place = _place_of(name, columns, path)
            chosen = [replace(column, role=ColumnRole.IGNORE) if column.role is role else column for column in chosen]
            chosen[place] = replace(chosen[place], role=role)
    for name in ignore:
        place = _place_of(name, columns, path)
        chosen[place] = replace(chosen[place], role=ColumnRole.IGNORE)
    return tuple(chosen)


def _place_of(name: str, columns: Sequence[TableColumn], path: str) -> int:
    wanted = plain(name)
    for place, column in enumerate(columns):
        spellings = (column.name, f"{column.name} [{column.unit}]", f"{column.name} ({column.unit})")
        if wanted in map(plain, spellings):
            return place
    known = ", ".join(column.name for column in columns)
    raise ProblemError(ProblemCode.TABLE_COLUMN_MISSING, path=path, column=name, columns=known)


# --- names and units ---------------------------------------------------------------------------------------------------------------


def split_units(headers: Sequence[str]) -> list[tuple[str, str]]:
    """Name and unit of each header: "Torque [Nm]" gives ("Torque", "Nm"). Headers that differ in nothing but the unit stay whole."""
    parts = [_split_unit(unicodedata.normalize("NFC", header).strip()) for header in headers]
    counts = Counter(name for name, _ in parts)
    return [
        (name if counts[name] == 1 else unicodedata.normalize("NFC", header).strip(), unit)
        for header, (name, unit) in zip(headers, parts, strict=True)
    ]


def _split_unit(header: str) -> tuple[str, str]:
    square = _SQUARE.match(header)
    if square:
        return square["name"], square["unit"].strip()
    bracket = _ROUND.match(header)
    if bracket and _UNIT.fullmatch(bracket["unit"].strip()):
        return bracket["name"], bracket["unit"].strip()
    return header, ""


def tokens(name: str) -> set[str]:
    """The words that a column name is made of, without case, and the whole name."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFC", name))
    return set(_TOKEN.findall(spaced.casefold())) | {plain(name)}


# --- labels ------------------------------------------------------------------------------------------------------------------------


def label_of_values(values: Iterable[str], column_name: str) -> dict[str, tuple[Label, str | None]]:
    """What each value of a label column means; a value that is not understood is absent.

    Beside a word for good, any other text is the name of a defect type. In a column named for the good ("pass", "ok"), 1 is good; in
    one named for failures, "none" is.
    """
    distinct = {value for value in values if value}
    words = tokens(column_name)
    inverted = bool(words & _GOODNESS_NAMES) and not words & _BADNESS_NAMES
    meanings: dict[str, tuple[Label, str | None]] = {}
    for value in distinct:
        meaning = label_from_word(value)
        if words & CAUSE_NAMES and plain(value) in _NO_CAUSE:
            meaning = (Label.GOOD, None)
        if meaning is not None:
            swap = inverted and is_number_like(value)
            meanings[value] = ((Label.DEFECTIVE if meaning[0] is Label.GOOD else Label.GOOD), None) if swap else meaning
    if any(label is Label.GOOD for label, _ in meanings.values()):
        for value in distinct - meanings.keys():
            if any(character.isalpha() for character in value):
                meanings[value] = (Label.DEFECTIVE, unicodedata.normalize("NFC", value))
    return meanings
