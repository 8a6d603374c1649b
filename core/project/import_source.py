"""What imports of pictures and of tables share: their source, the list of troubles, and the end of the job."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update

from core.problems import Problem
from core.project import audit
from core.project.columns import ids_in
from core.project.identity import utc_now
from core.project.items import ImportProblem
from core.project.opening import Project
from core.project.schema import import_problems, sources
from core.vocabulary import Kind, Label, text_of

IMPORT: Final = "import"
"""In place of a person's name on labels that came with the files."""


@dataclass(frozen=True, kw_only=True)
class ImportSummary:
    """How many items are new, how many had changed since the last import, how many were there already as they are.

    `skipped` could not be imported, `notes` were, but something about them should be known; `missing` were there at the last import.
    """

    source_id: int
    added: int
    changed: int
    unchanged: int
    missing: int
    skipped: tuple[ImportProblem, ...]
    notes: tuple[ImportProblem, ...]


def open_source(project: Project, kind: Kind, path: Path, layout: str) -> int:
    """Finds or makes the source of this path, marks it incomplete and forgets what it left out; returns its id. Commits."""
    with project.write() as connection:
        known = connection.execute(select(sources.c.id, sources.c.path).where(sources.c.kind == kind.value)).all()
        source_id = next((source for source, place in known if _same_place(place) == _same_place(str(path))), None)
        values = {"path": str(path), "layout": layout, "imported_at": utc_now(), "complete": False}
        if source_id is None:
            made = connection.execute(insert(sources).values(kind=kind.value, **values))
            return int(made.inserted_primary_key[0])  # type: ignore[index]
        connection.execute(update(sources).where(sources.c.id == source_id).values(**values))
        # Troubles of single items stay until the item is looked at again: an import that is cut off must not forget them.
        of_no_item = (import_problems.c.source_id == source_id) & import_problems.c.item_id.is_(None)
        connection.execute(delete(import_problems).where(of_no_item))
        return int(source_id)


def _same_place(path: str) -> str:
    return os.path.normcase(unicodedata.normalize("NFC", path))


def store_problems(connection: Connection, problems: Iterable[ImportProblem]) -> None:
    rows = [
        {
            "source_id": entry.source_id,
            "item_id": entry.item_id,
            "relative_path": storable(entry.relative_path),
            "problem": storable(entry.problem.to_json()),
        }
        for entry in problems
    ]
    if rows:
        connection.execute(insert(import_problems), rows)


def forget_problems(connection: Connection, item_ids: Iterable[int]) -> None:
    connection.execute(delete(import_problems).where(ids_in(import_problems.c.item_id, item_ids)))


def storable(text: str) -> str:
    """SQLite takes no text with halves of surrogate pairs, which stand for bytes of file names that are no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def with_short_path(problem: Problem, path: Path, relative_path: str) -> Problem:
    """The same trouble, named by the path below the source, which a list of hundreds has room for."""
    if problem.arguments.get("path") != str(path):
        return problem
    return Problem(problem.code, {**problem.arguments, "path": relative_path})


def label_values(label: Label, defect_type: str | None) -> dict[str, Any]:
    """The columns of an item whose label came with the files; of one that came without, as if never judged."""
    if label is Label.NONE:
        return {"label": None, "defect_type": None, "labelled_by": None, "labelled_at": None}
    kept_type = defect_type if label is Label.DEFECTIVE else None
    return {"label": text_of(label), "defect_type": kept_type, "labelled_by": IMPORT, "labelled_at": utc_now()}


def relabelled(row: Mapping[str, Any], label: Label, defect_type: str | None) -> dict[str, Any]:
    """The columns to change when the files now say this about an item that is in the project already. A person's word stays."""
    judged_by_person = row["labelled_at"] is not None and row["labelled_by"] != IMPORT
    if judged_by_person or label is Label.NONE:
        return {}
    wanted = label_values(label, defect_type)
    return {} if (row["label"], row["defect_type"]) == (wanted["label"], wanted["defect_type"]) else wanted


def record_changes(connection: Connection, rows: Mapping[int, Mapping[str, Any]], changes: Mapping[int, Mapping[str, Any]]) -> None:
    """Audit rows for labels and splits that an import changed on items that were there before."""
    for column, action in (("label", "set_label"), ("split", "set_split")):
        entries = [(item, rows[item][column], values[column]) for item, values in changes.items() if column in values]
        audit.record_many(connection, action, "item", entries, reason=IMPORT)


def close_source(connection: Connection, summary: ImportSummary) -> None:
    """The import is complete."""
    connection.execute(update(sources).where(sources.c.id == summary.source_id).values(complete=True))
    text = f"{summary.added} added, {summary.changed} changed, {summary.unchanged} unchanged, {len(summary.skipped)} skipped"
    audit.record(connection, "import", "source", summary.source_id, old=None, new=text)
