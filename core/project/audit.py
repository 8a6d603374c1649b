"""Who changed what, from which value, when. Append-only: the database itself refuses to change or delete a row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

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
    common = {
        "utc_time": utc_now(),
        "user": user_name(),
        "computer": computer_name(),
        "action": action,
        "object_type": object_type,
        "reason": reason,
        "app_version": application_version(),
    }
    entries = [{**common, "object_id": str(identity), "old_value": old, "new_value": new} for identity, old, new in changes]
    if entries:
        connection.execute(insert(audit), entries)


def rows(project: Project, *, object_type: str | None = None, object_id: int | str | None = None) -> list[AuditRow]:
    """All entries in the order they were made, or only those of one kind of object or of one object."""
    query = select(audit).order_by(audit.c.seq)
    if object_type is not None:
        query = query.where(audit.c.object_type == object_type)
    if object_id is not None:
        query = query.where(audit.c.object_id == str(object_id))
    with project.read() as connection:
        return [AuditRow(**row) for row in connection.execute(query).mappings()]
