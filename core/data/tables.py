"""Tables of measurements: what a CSV file holds, and its values. The only module that uses pandas.

Rows with the wrong number of cells are listed and left out; cells of a number column that are no number count as missing, and are
listed too. Everything else goes on.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.data.columns import TableColumn, label_of_values, split_units, with_roles
from core.data.roles import ColumnValues, guess_columns, iso_time
from core.data.table_format import TableFormat, detect_format, read_lines
from core.problems import Problem, ProblemCode, ProblemError
from core.vocabulary import ColumnRole, Label

__all__ = ["TableColumn", "TableContent", "TableFindings", "TableFormat", "inspect_table", "read_table", "with_roles"]

PREVIEW_ROWS: Final = 20
MOST_LISTED_ROWS: Final = 100  # ragged rows listed one by one; the rest is counted

_MISSING: Final = frozenset(["", "na", "n/a", "#n/a", "#na", "nan", "null", "none", "nil", "-", "--", "?", "missing", "결측", "없음"])
_POINT_THOUSANDS: Final = re.compile(r"^[+-]?\d{1,3}(?:\.\d{3})+(?=,|$)")
_COMMA_THOUSANDS: Final = re.compile(r"^[+-]?\d{1,3}(?:,\d{3})+(?=\.|$)")


@dataclass(frozen=True, kw_only=True)
class TableFindings:
    """What `inspect_table` found. `first_rows` are the cells of the first 20 good rows, all columns; `row_count` counts good rows."""

    path: Path
    format: TableFormat
    columns: tuple[TableColumn, ...]
    row_count: int
    first_rows: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, kw_only=True)
class TableContent:
    """The rows of a table, one entry per row in every field but `features` and `problems`.

    values: float64 (rows, features), NaN where a number is missing; for a category the index among `TableColumn.categories`, NaN for
    none, -1 for one that is not among them. labels: int8, values of `Label`. times: ISO 8601 where the text could be read as a date.
    digests: SHA-256 of the row's text.
    """

    values: NDArray[np.float64]
    features: tuple[TableColumn, ...]
    names: list[str]
    labels: NDArray[np.int8]
    defect_types: list[str | None]
    groups: list[str | None]
    times: list[str | None]
    digests: list[str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Text:
    """A table as text: cells by column, and the line of the file that each row stands on."""

    names: list[str]
    units: list[str]
    columns: list[list[str]]
    lines: list[int]
    digests: list[str]
    problems: list[Problem]

    @property
    def row_count(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class _Numbers:
    """The cells of one column read as numbers; `wrong` are the rows whose text is no number."""

    values: NDArray[np.float64]
    wrong: NDArray[np.int64]
    mostly: bool


def inspect_table(path: Path) -> TableFindings:
    """Detects the format and guesses the roles. Reads the whole file.

    Raises ProblemError: FILE_EMPTY, TABLE_EMPTY, TABLE_RAGGED_ROW if no row fits the header, TABLE_UNREADABLE, TABLE_ENCODING_UNKNOWN,
    and those of a file that cannot be opened.
    """
    format = detect_format(path)
    text = _load(path, format)
    numbers = [_read_numbers(cells, format.decimal) for cells in text.columns]
    columns, telling = guess_columns(
        [
            ColumnValues(name=name, unit=unit, texts=cells, numbers=number.values if number.mostly else None)
            for name, unit, cells, number in zip(text.names, text.units, text.columns, numbers, strict=True)
        ]
    )
    problems = list(text.problems)
    problems.extend(Problem(ProblemCode.TABLE_COLUMN_TELLS_LABEL, {"column": name}) for name in telling)
    features = [column for column in columns if column.role is ColumnRole.FEATURE]
    for column in features:
        if column.categories is None:
            problems.extend(_number_problems(column, numbers[column.position], text))
    if not features:
        problems.append(Problem(ProblemCode.TABLE_NO_FEATURES, {"path": path.name}))
    return TableFindings(
        path=path,
        format=format,
        columns=columns,
        row_count=text.row_count,
        first_rows=tuple(zip(*(cells[:PREVIEW_ROWS] for cells in text.columns), strict=True)),
        problems=tuple(problems),
    )


def read_table(path: Path, format: TableFormat, columns: Sequence[TableColumn]) -> TableContent:
    """Reads all rows by the given format and roles. Raises ProblemError as `inspect_table` does, TABLE_NO_FEATURES, and
    TABLE_COLUMN_MISSING if the file's columns are no longer those of `columns`."""
    text = _load(path, format)
    for column in columns:
        if column.position >= len(text.names) or text.names[column.position] != column.name:
            raise ProblemError(ProblemCode.TABLE_COLUMN_MISSING, path=path.name, column=column.name, columns=", ".join(text.names))
    features = tuple(column for column in columns if column.role is ColumnRole.FEATURE)
    if not features:
        raise ProblemError(ProblemCode.TABLE_NO_FEATURES, path=path.name)
    problems = list(text.problems)
    values = np.empty((text.row_count, len(features)))
    for place, column in enumerate(features):
        if column.categories is not None:
            values[:, place] = _category_indices(text.columns[column.position], column.categories)
        else:
            numbers = _read_numbers(text.columns[column.position], format.decimal)
            values[:, place] = numbers.values
            problems.extend(_number_problems(column, numbers, text))
    labels, defect_types = _labels(_only(columns, ColumnRole.LABEL), text, problems)
    return TableContent(
        values=values,
        features=features,
        names=[name or f"#{row}" for row, name in enumerate(_cells(columns, ColumnRole.ID, text), start=1)],
        labels=labels,
        defect_types=defect_types,
        groups=_cells(columns, ColumnRole.GROUP, text),
        times=[cell and (iso_time(cell) or cell) for cell in _cells(columns, ColumnRole.TIME, text)],
        digests=text.digests,
        problems=tuple(problems),
    )


# --- text --------------------------------------------------------------------------------------------------------------------------


def _load(path: Path, format: TableFormat) -> _Text:
    records = read_lines(path, format)
    problems: list[Problem] = []
    first = next(records, None)
    if first is None:
        raise ProblemError(ProblemCode.TABLE_EMPTY, path=str(path))
    rest = list(records)
    headers = first.cells if format.header else [""] * Counter(len(line.cells) for line in [first, *rest]).most_common(1)[0][0]
    names, units, renaming = _name_columns(headers, path)
    problems.extend(renaming)
    width = len(headers)
    rows: list[list[str]] = []
    lines: list[int] = []
    ragged = 0
    for line in rest if format.header else [first, *rest]:
        cells = _fit(line.cells, headers)
        if cells is not None:
            rows.append(cells)
            lines.append(line.number)
            continue
        ragged += 1
        if ragged <= MOST_LISTED_ROWS:
            place: dict[str, str | int | float] = {"line": line.number, "path": path.name, "found": len(line.cells), "expected": width}
            problems.append(Problem(ProblemCode.TABLE_RAGGED_ROW, place))
    if ragged > MOST_LISTED_ROWS:
        problems.append(Problem(ProblemCode.TABLE_MORE_RAGGED_ROWS, {"count": ragged - MOST_LISTED_ROWS, "path": path.name}))
    if not rows:
        for problem in problems:
            if problem.code is ProblemCode.TABLE_RAGGED_ROW:  # there are rows, but the separators are not what they seem
                raise ProblemError(problem.code, **problem.arguments)
        raise ProblemError(ProblemCode.TABLE_EMPTY, path=str(path))
    digests = [hashlib.sha256("\x1f".join(row).encode()).hexdigest() for row in rows]
    return _Text(names, units, [list(column) for column in zip(*rows, strict=True)], lines, digests, problems)


def _fit(cells: list[str], headers: list[str]) -> list[str] | None:
    """Cells to the width of the header, or None for a ragged row. Empty cells at the end, which some programs add or drop, are no fault."""
    missing = len(headers) - len(cells)
    if missing == 0:
        return cells
    if missing < 0:
        return None if any(cells[len(headers) :]) else cells[: len(headers)]
    return None if any(headers[-missing:]) or not cells else cells + [""] * missing


def _name_columns(headers: list[str], path: Path) -> tuple[list[str], list[str], list[Problem]]:
    """Names and units; a nameless column becomes "column 3", a second "x" becomes "x (2)"."""
    given = [header or f"column {place}" for place, header in enumerate(headers, start=1)]
    unique: list[str] = []
    repeated: list[str] = []
    renamed: list[str] = []
    for header in given:
        count = 1
        name = header
        while name in unique or (count > 1 and name in given):
            count += 1
            name = f"{header} ({count})"
        unique.append(name)
        if count > 1:
            repeated.append(header)
            renamed.append(name)
    problems = []
    if renamed:
        arguments = {"path": path.name, "columns": ", ".join(dict.fromkeys(repeated)), "renamed": ", ".join(renamed)}
        problems.append(Problem(ProblemCode.TABLE_DUPLICATE_COLUMNS, arguments))
    parts = split_units(unique)
    return [name for name, _ in parts], [unit for _, unit in parts], problems


# --- numbers -----------------------------------------------------------------------------------------------------------------------


def _read_numbers(cells: list[str], decimal: str) -> _Numbers:
    """Reads every cell as a number; infinite ones become NaN. `mostly` tells whether more than half of the filled cells are numbers."""
    texts = cells if decimal == "." else [_with_point(cell) for cell in cells]
    values = _to_numbers(texts)
    if decimal == ".":
        for row in np.flatnonzero(np.isnan(values)):
            if _COMMA_THOUSANDS.match(cells[row]):
                values[row] = _to_numbers([cells[row].replace(",", "")])[0]
    spoken = np.array([cell.casefold() not in _MISSING for cell in cells])
    infinite = np.isinf(values)
    is_number = ~np.isnan(values)
    values[infinite] = np.nan
    return _Numbers(values, np.flatnonzero(spoken & ~is_number), 2 * int(is_number.sum()) > int(spoken.sum()))


def _with_point(cell: str) -> str:
    if _POINT_THOUSANDS.match(cell):
        cell = cell.replace(".", "")
    elif "." in cell and "," not in cell:
        return cell
    return cell.replace(",", ".")


def _to_numbers(texts: list[str]) -> NDArray[np.float64]:
    converted = pd.to_numeric(pd.Series(texts, dtype=object), errors="coerce")
    return np.array(converted, dtype=np.float64)


def _number_problems(column: TableColumn, numbers: _Numbers, text: _Text) -> list[Problem]:
    problems: list[Problem] = []
    if len(numbers.wrong):
        row = int(numbers.wrong[0])
        example = text.columns[column.position][row]
        arguments: dict[str, str | int | float] = {
            "count": len(numbers.wrong),
            "column": column.name,
            "example": example,
            "line": text.lines[row],
        }
        problems.append(Problem(ProblemCode.TABLE_NOT_A_NUMBER, arguments))
    missing = int(np.isnan(numbers.values).sum()) - len(numbers.wrong)
    if missing:
        problems.append(Problem(ProblemCode.TABLE_MISSING_VALUES, {"count": missing, "column": column.name}))
    return problems


def _category_indices(cells: list[str], categories: tuple[str, ...]) -> NDArray[np.float64]:
    index = {category: float(place) for place, category in enumerate(categories)}
    return np.array([index.get(cell, -1.0) if cell else np.nan for cell in cells])


# --- roles -------------------------------------------------------------------------------------------------------------------------


def _only(columns: Sequence[TableColumn], role: ColumnRole) -> TableColumn | None:
    return next((column for column in columns if column.role is role), None)


def _cells(columns: Sequence[TableColumn], role: ColumnRole, text: _Text) -> list[str | None]:
    column = _only(columns, role)
    if column is None:
        return [None] * text.row_count
    return [cell or None for cell in text.columns[column.position]]


def _labels(column: TableColumn | None, text: _Text, problems: list[Problem]) -> tuple[NDArray[np.int8], list[str | None]]:
    """Labels and defect types of all rows; values that are not understood are noted in `problems`."""
    if column is None:
        return np.zeros(text.row_count, np.int8), [None] * text.row_count
    cells = text.columns[column.position]
    meanings = label_of_values(cells, column.name)
    for value, count in Counter(cell for cell in cells if cell and cell not in meanings).most_common(MOST_LISTED_ROWS):
        arguments: dict[str, str | int | float] = {"value": value, "column": column.name, "count": count}
        problems.append(Problem(ProblemCode.TABLE_LABEL_NOT_UNDERSTOOD, arguments))
    nothing: tuple[Label, str | None] = (Label.NONE, None)
    meant = [meanings.get(cell, nothing) for cell in cells]
    return np.array([int(label) for label, _ in meant], dtype=np.int8), [defect_type for _, defect_type in meant]
