"""Labels: set by one person at a time, committed at once, and undone by a command that knows what was there before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from core.project import audit
from core.project.columns import ids_in, update_items
from core.project.identity import user_name, utc_now
from core.project.opening import Project
from core.project.schema import items
from core.vocabulary import Label, label_from_text, text_of


@dataclass(frozen=True)
class ItemLabel:
    """The label of one item, who set it and when; by "import" if it came with the files, by None if nobody ever judged the item."""

    label: Label
    defect_type: str | None
    by: str | None
    at: str | None


@dataclass(frozen=True)
class LabelChange:
    """What one act of labelling did to the items it changed, enough to undo and redo it. False if it changed nothing."""

    ids: NDArray[np.int64]
    before: tuple[ItemLabel, ...]
    after: tuple[ItemLabel, ...]

    def __bool__(self) -> bool:
        return len(self.ids) > 0


def set_labels(project: Project, ids: Iterable[int], label: Label, *, defect_type: str | None = None) -> LabelChange:
    """Labels items in one transaction; those that are so already are left alone.

    `defect_type` counts for defective items only: None keeps the type an item has, "" takes it away.
    """
    wanted = [int(identity) for identity in ids]
    by, at = user_name(), utc_now()
    changed: list[int] = []
    before: list[ItemLabel] = []
    after: list[ItemLabel] = []
    with project.write() as connection:
        for item, old in _current(connection, wanted).items():
            new_type = (old.defect_type if defect_type is None else defect_type or None) if label is Label.DEFECTIVE else None
            if (old.label, old.defect_type) != (label, new_type):
                changed.append(item)
                before.append(old)
                after.append(ItemLabel(label, new_type, by, at))
        change = LabelChange(np.array(changed, dtype=np.int64), tuple(before), tuple(after))
        _store(connection, change, undo=False, reason=None)
    return change


def apply_change(project: Project, change: LabelChange, *, undo: bool = False) -> None:
    """Redoes the change, or with `undo` puts back exactly what was there before. Items that left the project are passed over."""
    with project.write() as connection:
        _store(connection, change, undo=undo, reason="undo" if undo else "redo")


def _current(connection: Connection, ids: Iterable[int]) -> Mapping[int, ItemLabel]:
    query = select(items.c.id, items.c.label, items.c.defect_type, items.c.labelled_by, items.c.labelled_at)
    rows = connection.execute(query.where(ids_in(items.c.id, ids)).order_by(items.c.id))
    return {item: ItemLabel(label_from_text(label), defect_type, by, at) for item, label, defect_type, by, at in rows}


def _store(connection: Connection, change: LabelChange, *, undo: bool, reason: str | None) -> None:
    if not change:
        return
    old = _current(connection, change.ids.tolist())
    new = dict(zip(change.ids.tolist(), change.before if undo else change.after, strict=True))
    present = [item for item in new if item in old]
    update_items(connection, {item: _columns(new[item]) for item in present})
    audit.record_many(connection, "set_label", "item", [(item, _text(old[item]), _text(new[item])) for item in present], reason=reason)


def _columns(state: ItemLabel) -> dict[str, str | None]:
    return {"label": text_of(state.label) or None, "defect_type": state.defect_type, "labelled_by": state.by, "labelled_at": state.at}


def _text(state: ItemLabel) -> str | None:
    """As written in the audit table: the label, for a defective item with its type."""
    return " ".join(filter(None, [text_of(state.label), state.defect_type])) or None
