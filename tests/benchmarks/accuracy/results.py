"""What the accuracy benchmark keeps of every measurement, and how it is shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

_Key = TypeVar("_Key")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measurement: `method` on `data_set` with one seed.

    figures: by the name of their column. references: what somebody else printed for the same figure, in the same unit.
    seconds: wall time by what was done, usually "fit" and "score". machine: where it ran.
    """

    part: str
    data_set: str
    method: str
    seed: int
    figures: Mapping[str, float]
    references: Mapping[str, float] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    note: str = ""
    machine: str = ""

    @property
    def name(self) -> tuple[str, str, str, int]:
        """What makes a measurement the same one, for --resume."""
        return self.part, self.data_set, self.method, self.seed


class Results:
    """All rows, written to a JSON file after each so that a run that is cut off loses nothing."""

    def __init__(self, path: Path | None, *, resume: bool) -> None:
        self._path: Final = path
        self.rows: list[Row] = []
        if path and resume and path.exists():
            self.rows = [Row(**row) for row in json.loads(path.read_text(encoding="utf-8"))]

    def has(self, name: tuple[str, str, str, int]) -> bool:
        return any(row.name == name for row in self.rows)

    def add(self, row: Row) -> None:
        self.rows.append(row)
        if self._path:
            beside = self._path.with_name(self._path.name + ".part")
            beside.write_text(json.dumps([asdict(row) for row in self.rows], indent=1, ensure_ascii=False), encoding="utf-8")
            beside.replace(self._path)


def listing(rows: Sequence[Row]) -> str:
    """A markdown table with a line for each method on each data set: every figure, what others printed, seconds."""
    figures = _in_order(name for row in rows for name in row.figures)
    seconds = _in_order(name for row in rows for name in row.seconds)
    head = ["set", "method", *(_with_reference(name, rows) for name in figures), *(f"{name} s" for name in seconds), "seeds"]
    lines = []
    for (data_set, method), group in _grouped(rows, lambda row: (row.data_set, row.method)).items():
        cells = [_cell(group, name) for name in figures]
        times = [_spread([row.seconds[name] for row in group if name in row.seconds], digits=1) for name in seconds]
        lines.append([data_set, method, *cells, *times, str(len(group))])
    return markdown(head, lines)


def crosstab(rows: Sequence[Row], value: str) -> str:
    """A markdown table with a line for each method and a column for each data set, showing one figure, or one kind of seconds."""
    sets = _in_order(row.data_set for row in rows)
    lines = []
    for method, group in _grouped(rows, lambda row: row.method).items():
        found = {data_set: [row for row in group if row.data_set == data_set] for data_set in sets}
        lines.append([method, *(_cell(found[data_set], value) for data_set in sets)])
    return markdown(["method", *sets], lines)


def notes(rows: Sequence[Row]) -> str:
    """What was noted on the way, each text once."""
    return "\n".join(f"- {text}" for text in _in_order(row.note for row in rows if row.note))


def markdown(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A markdown table."""
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *lines])


def _cell(rows: Sequence[Row], figure: str) -> str:
    values = [{**row.seconds, **row.figures}[figure] for row in rows if figure in row.figures or figure in row.seconds]
    known = [row.references[figure] for row in rows if figure in row.references]
    return _spread(values, digits=_digits(values)) + (f" [{np.mean(known):.{_digits(known)}f}]" if known else "")


def _with_reference(figure: str, rows: Sequence[Row]) -> str:
    return f"{figure} [printed]" if any(figure in row.references for row in rows) else figure


def _digits(values: Sequence[float]) -> int:
    """Figures up to 1 with three decimals, percentages and larger with one or two."""
    return 3 if all(abs(value) <= 1 for value in values) else 2


def _spread(values: Sequence[float], *, digits: int) -> str:
    """Mean, and smallest to largest if there are several."""
    if not values:
        return "-"
    mean = f"{np.mean(values):.{digits}f}"
    return mean if len(values) == 1 else f"{mean} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def _in_order(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _grouped(rows: Iterable[Row], key: Callable[[Row], _Key]) -> dict[_Key, list[Row]]:
    groups: dict[_Key, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
