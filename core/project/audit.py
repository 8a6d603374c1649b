"""Who changed what, from which value, when. Append-only: the database itself refuses to change or delete a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, String, insert, literal, select

from core.project.columns import json_cell, json_rows
from core.project.identity import application_version, computer_name, user_name, utc_now
from core.project.opening import Project
from core.project.schema import audit


@dataclass(frozen=True, kw_only=True)
class AuditRow:
    """One entry, with the columns of audit.csv."""

    seq: int
    utc_time: str
    user: str
    computer: str
    action: str
    object_type: str
    object_id: str
    old_value: str | None
    new_value: str | None
    reason: str | None
    app_version: str


def record(
    connection: Connection,
    action: str,
    object_type: str,
    object_id: int | str,
    *,
    old: str | None,
    new: str | None,
    reason: str | None = None,
) -> None:
    """Appends one row, in the transaction of the change it tells about."""
    record_many(connection, action, object_type, [(object_id, old, new)], reason=reason)


def record_many(
    connection: Connection,
    action: str,
    object_type: str,
    changes: Iterable[tuple[int | str, str | None, str | None]],
    *,
    reason: str | None = None,
) -> None:
    """Appends a row for each (object id, old value, new value)."""
    entries = [(str(identity), old, new) for identity, old, new in changes]
    if not entries:
        return
    common = {
        "utc_time": utc_now(),
        "user": user_name(),
        "computer": computer_name(),
        "action": action,
        "object_type": object_type,
        "reason": reason,
        "app_version": application_version(),
    }
    each = json_rows(entries)
    cells = {name: json_cell(each, place) for place, name in enumerate(("object_id", "old_value", "new_value"))}
    columns = {**{name: literal(value, String) for name, value in common.items()}, **cells}
    connection.execute(insert(audit).from_select(list(columns), select(*columns.values())))


def rows(project: Project, *, object_type: str | None = None, object_id: int | str | None = None) -> list[AuditRow]:
    """All entries in the order they were made, or only those of one kind of object or of one object."""
    query = select(audit).order_by(audit.c.seq)
    if object_type is not None:
        query = query.where(audit.c.object_type == object_type)
    if object_id is not None:
        query = query.where(audit.c.object_id == str(object_id))
    with project.read() as connection:
        return [AuditRow(**row) for row in connection.execute(query).mappings()]
