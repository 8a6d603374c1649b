"""Importing a table: its numbers go to one file, each of its rows becomes an item.

Cut off at any point, every item that is there stands for a row of the values file in force; the same import again adds the rest. An
edited table is matched row by row: by the text of the row, then by its id.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select, update

from core.data.columns import TableColumn
from core.data.words import is_number_like, label_from_word, split_from_word
from core.job_context import JobContext
from core.problems import Problem, ProblemCode, file_problems
from core.project import audit
from core.project.columns import ids_in, update_items
from core.project.database import whole_path
from core.project.identity import utc_now
from core.project.import_source import (
    ImportSummary,
    close_source,
    label_values,
    open_source,
    record_changes,
    relabelled,
    store_problems,
)
from core.project.items import ImportProblem
from core.project.opening import Project
from core.project.schema import items, scores, sources, table_columns
from core.vocabulary import ColumnRole, Kind, Label, Split, text_of
from core.wording import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from core.data.table_format import TableFormat
    from core.data.tables import TableContent

PHASE_READ: Final = QT_TRANSLATE_NOOP("Phase", "Reading the table")
PHASE_IMPORT: Final = QT_TRANSLATE_NOOP("Phase", "Importing rows")
BATCH: Final = 5000


@dataclass(frozen=True)
class NameHints:
    """What the name of a table file says about all of its rows; None where it says nothing."""

    label: Label | None
    split: Split | None


def hints_of_name(path: Path, columns: Sequence[TableColumn]) -> NameHints:
    """ "train_normal.csv" holds good rows to train on. A label column knows better than the name."""
    words = [word for word in re.split(r"[\s_\-.()\[\]]+", path.stem) if word and not is_number_like(word)]
    labels = {meaning[0] for meaning in map(label_from_word, words) if meaning is not None}
    splits = {split for split in map(split_from_word, words) if split is not None}
    labelled = any(column.role is ColumnRole.LABEL for column in columns)
    return NameHints(
        labels.pop() if len(labels) == 1 and not labelled else None,
        splits.pop() if len(splits) == 1 else None,
    )


@dataclass(frozen=True)
class _Rows:
    """All rows of the table, and how the items that are there already match them: row of each item, items without a row."""

    content: TableContent
    labels: NDArray[np.int8]
    split: Split | None
    known: Mapping[int, Mapping[str, Any]]
    matched: Mapping[int, int]
    gone: Sequence[int]

    def text_columns(self, row: int) -> dict[str, Any]:
        content = self.content
        return {
            "position": row,
            "name": content.names[row],
            "sha256": content.digests[row],
            "group_id": content.groups[row],
            "captured_at": content.times[row],
        }

    def label(self, row: int) -> tuple[Label, str | None]:
        return Label(int(self.labels[row])), self.content.defect_types[row]


def import_table(
    project: Project,
    path: Path,
    format: TableFormat,
    columns: Sequence[TableColumn],
    context: JobContext,
    *,
    label_all: Label | None = None,
    split_all: Split | None = None,
) -> ImportSummary:
    """Brings the rows of a table into the project; rows that are there already are not doubled, rows that left the table leave too.

    `label_all` and `split_all` count instead of the label column and of what the file name says (`hints_of_name`). A label that a
    person set stays. Raises the ProblemErrors of `read_table` and `Project.write`, and Cancelled, which leaves what was imported so far.
    """
    from core.data.tables import read_table  # brings pandas, which opening a project need not wait for

    context.phase(PHASE_READ)
    path = whole_path(path)
    content = read_table(path, format, columns)
    context.check()
    hints = hints_of_name(path, columns)
    label_all = hints.label if label_all is None else label_all
    source_id = open_source(project, Kind.ROW, path, "table")
    values_file = _save_values(project, source_id, content.values)
    known = _known_items(project, source_id)
    matched = _match(content, known, by_name=any(column.role is ColumnRole.ID for column in columns))
    rows = _Rows(
        content=content,
        labels=content.labels if label_all is None else np.full(len(content.labels), label_all.value, dtype=np.int8),
        split=split_all if split_all is not None else hints.split,
        known=known,
        matched=matched,
        gone=[item for item in known if item not in matched],
    )
    notes = [ImportProblem(source_id=source_id, item_id=None, relative_path=path.name, problem=problem) for problem in content.problems]
    with project.write() as connection:
        _describe_source(connection, source_id, format, columns, values_file)
        changed = _update_rows(connection, rows, move_split=split_all is not None)
        store_problems(connection, notes)
    added = _insert_rows(project, source_id, rows, context)
    summary = ImportSummary(
        source_id=source_id,
        added=added,
        changed=changed,
        unchanged=len(matched) - changed,
        missing=len(rows.gone),
        skipped=tuple(note for note in notes if _left_out(note.problem)),
        notes=tuple(note for note in notes if not _left_out(note.problem)),
    )
    with project.write() as connection:
        close_source(connection, summary)
    return summary


def _left_out(problem: Problem) -> bool:
    return problem.code in {ProblemCode.TABLE_RAGGED_ROW, ProblemCode.TABLE_MORE_RAGGED_ROWS}


def _save_values(project: Project, source_id: int, values: NDArray[np.float64]) -> str:
    """Writes the numbers beside those in force and returns the name of the file; leftovers of older imports go."""
    with project.read() as connection:
        in_force = connection.scalar(select(sources.c.values_file).where(sources.c.id == source_id))
    name = f"{hashlib.sha256(repr(values.shape).encode() + values.tobytes()).hexdigest()[:16]}.npy"
    folder = project.table_folder(source_id)
    with file_problems(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for leftover in folder.iterdir():
            if leftover.name not in {in_force, name}:
                with contextlib.suppress(PermissionError):  # Windows keeps a file that someone has mapped into memory
                    leftover.unlink()
        if _holds(folder / name, values):
            return name
        handle, draft = tempfile.mkstemp(prefix="values-", dir=folder)
        with os.fdopen(handle, "wb") as file:
            np.save(file, values, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(folder / name)
    return name


def _holds(path: Path, values: NDArray[np.float64]) -> bool:
    try:
        return np.array_equal(np.load(path, allow_pickle=False), values, equal_nan=True)
    except (OSError, ValueError):  # not there, or damaged
        return False


def _known_items(project: Project, source_id: int) -> dict[int, Mapping[str, Any]]:
    query = select(items).where(items.c.source_id == source_id).order_by(items.c.position)
    with project.read() as connection:
        return {row["id"]: dict(row) for row in connection.execute(query).mappings()}


def _match(content: TableContent, known: Mapping[int, Mapping[str, Any]], *, by_name: bool) -> dict[int, int]:
    """The row of each item that still has one: the same text in the same place, the same text elsewhere, or the same id."""
    digests = content.digests
    matched = {
        item: row["position"] for item, row in known.items() if row["position"] < len(digests) and digests[row["position"]] == row["sha256"]
    }
    taken = set(matched.values())
    keys = [("sha256", digests), *([("name", content.names)] if by_name else [])]
    for column, texts in keys:
        free: defaultdict[str, deque[int]] = defaultdict(deque)
        for row, text in enumerate(texts):
            if row not in taken:
                free[text].append(row)
        for item, values in known.items():
            if item not in matched and free[values[column]]:
                matched[item] = free[values[column]].popleft()
                taken.add(matched[item])
    return matched


def _describe_source(connection: Connection, source_id: int, format: TableFormat, columns: Sequence[TableColumn], values_file: str) -> None:
    described = {"table_format": format.to_json(), "values_file": values_file}
    connection.execute(update(sources).where(sources.c.id == source_id).values(**described))
    connection.execute(delete(table_columns).where(table_columns.c.source_id == source_id))
    rows = [
        {
            "source_id": source_id,
            "position": column.position,
            "name": column.name,
            "role": column.role.value,
            "unit": column.unit,
            "categories": None if column.categories is None else json.dumps(column.categories, ensure_ascii=False),
        }
        for column in columns
    ]
    connection.execute(insert(table_columns), rows)


def _update_rows(connection: Connection, rows: _Rows, *, move_split: bool) -> int:
    """Brings the items that are there already to their rows, takes away those without one, and returns how many rows had changed."""
    gone = [(item, rows.known[item]["name"] + " " + (rows.known[item]["label"] or ""), None) for item in rows.gone]
    connection.execute(delete(items).where(ids_in(items.c.id, rows.gone)))
    audit.record_many(connection, "remove", "item", gone, reason="the row left the table")
    changes: dict[int, dict[str, Any]] = {}
    for item, row in rows.matched.items():
        before = rows.known[item]
        values = {name: value for name, value in rows.text_columns(row).items() if before[name] != value}
        values |= relabelled(before, *rows.label(row))
        if rows.split is not None and before["split"] != text_of(rows.split) and (move_split or before["split"] == text_of(Split.NEW)):
            values["split"] = text_of(rows.split)
        if values:
            changes[item] = values
    # Two rows that change places would collide on the way.
    moved = {item: {"position": -1 - item} for item, values in changes.items() if "position" in values}
    update_items(connection, moved)
    update_items(connection, changes)
    record_changes(connection, rows.known, changes)
    edited = [item for item, values in changes.items() if "sha256" in values]
    connection.execute(delete(scores).where(ids_in(scores.c.item_id, edited)))
    contents = [(item, rows.known[item]["sha256"], changes[item]["sha256"]) for item in edited]
    audit.record_many(connection, "content_changed", "item", contents, reason="import")
    return len(edited)


def _insert_rows(project: Project, source_id: int, rows: _Rows, context: JobContext) -> int:
    total = len(rows.content.digests)
    taken = set(rows.matched.values())
    missing = [row for row in range(total) if row not in taken]
    context.phase(PHASE_IMPORT)
    for start in range(0, len(missing), BATCH):
        context.progress(len(taken) + start, total)
        context.check()
        now = utc_now()
        batch = [
            {
                "source_id": source_id,
                "kind": Kind.ROW.value,
                "relative_path": "",
                "split": text_of(rows.split or Split.NEW),
                "imported_at": now,
                **rows.text_columns(row),
                **label_values(*rows.label(row)),
            }
            for row in missing[start : start + BATCH]
        ]
        with project.write() as connection:
            connection.execute(insert(items), batch)
    context.progress(total, total)
    return len(missing)
