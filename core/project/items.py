"""Items: the pictures and table rows of a project, as numpy columns for lists and one by one for details."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from sqlalchemy import ColumnElement, RowMapping, case, delete, func, select, update

from core.data.arrays import PictureReference
from core.data.columns import TableColumn
from core.problems import Problem, ProblemCode, ProblemError
from core.project import audit
from core.project.columns import column_arrays, ids_in, json_rows
from core.project.opening import Project
from core.project.schema import import_problems, items
from core.project.schema import sources as source_table
from core.project.schema import table_columns as column_table
from core.vocabulary import ColumnRole, Kind, Label, Split, label_from_text, split_from_text, text_of


@dataclass(frozen=True, kw_only=True)
class Source:
    """A folder of pictures or one table file. `complete` is false after an import that was cut off; `missing`: not there any more."""

    id: int
    kind: Kind
    path: Path
    layout: str
    complete: bool
    value_maximum: int | None
    imported_at: str
    item_count: int
    missing: bool


@dataclass(frozen=True, kw_only=True)
class ImportProblem:
    """Something the import left out (no item) or wants to be known about an item."""

    source_id: int
    item_id: int | None
    relative_path: str
    problem: Problem


@dataclass(frozen=True)
class ItemColumns:
    """All items by ascending id, one entry each.

    label and split hold the values of `Label` and `Split`; text is "" where nothing is known; width and height are 0 for rows;
    `problem` marks items about which the import had something to say. The window may write to label, split and defect_type.
    """

    id: NDArray[np.int64]
    source_id: NDArray[np.int32]
    is_row: NDArray[np.bool_]
    name: NDArray[np.object_]
    label: NDArray[np.int8]
    split: NDArray[np.int8]
    defect_type: NDArray[np.object_]
    group_id: NDArray[np.object_]
    lot: NDArray[np.object_]
    serial: NDArray[np.object_]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    has_mask: NDArray[np.bool_]
    problem: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.id)

    def positions(self, ids: ArrayLike) -> NDArray[np.int64]:
        """Where these items stand in the columns. Raises KeyError if one is not there."""
        wanted = np.asarray(ids, dtype=np.int64)
        found = np.searchsorted(self.id, wanted)
        if np.any(found >= len(self.id)) or np.any(self.id[found] != wanted):
            raise KeyError("an item is not in the project")
        return found.astype(np.int64)


@dataclass(frozen=True, kw_only=True)
class ItemDetails:
    """Everything about one item. `path` and `mask_path` are absolute; a row has neither, `position` is its row in the table."""

    id: int
    source_id: int
    kind: Kind
    name: str
    relative_path: str
    path: Path | None
    mask_path: Path | None
    position: int
    sha256: str
    size_bytes: int | None
    modified_at: str | None
    width: int | None
    height: int | None
    channels: int | None
    bit_depth: int | None
    value_maximum: int | None
    label: Label
    defect_type: str | None
    labelled_by: str | None
    labelled_at: str | None
    comment: str | None
    split: Split
    group_id: str | None
    lot: str | None
    serial: str | None
    captured_at: str | None
    imported_at: str
    problems: tuple[Problem, ...]


def sources(project: Project) -> list[Source]:
    """All sources in the order they were first imported."""
    counts = select(items.c.source_id, func.count().label("item_count")).group_by(items.c.source_id).subquery()
    query = (
        select(source_table, func.coalesce(counts.c.item_count, 0).label("item_count"))
        .outerjoin(counts, counts.c.source_id == source_table.c.id)
        .order_by(source_table.c.id)
    )
    with project.read() as connection:
        rows = connection.execute(query).mappings().all()
    return [
        Source(
            id=row["id"],
            kind=Kind(row["kind"]),
            path=Path(row["path"]),
            layout=row["layout"],
            complete=row["complete"],
            value_maximum=row["value_maximum"],
            imported_at=row["imported_at"],
            item_count=row["item_count"],
            missing=not Path(row["path"]).exists(),
        )
        for row in rows
    ]


def _code_of(column: ColumnElement[Any], kind: type[Label] | type[Split]) -> ColumnElement[int]:
    return case({text_of(value): value.value for value in kind}, value=column, else_=0)


def item_columns(project: Project) -> ItemColumns:
    """Everything that lists, filters and counts need, in one query."""
    has_problem = items.c.id.in_(select(import_problems.c.item_id).where(import_problems.c.item_id.is_not(None)))
    text = np.object_
    wanted: dict[str, tuple[ColumnElement[Any], DTypeLike]] = {
        "id": (items.c.id, np.int64),
        "source_id": (items.c.source_id, np.int32),
        "is_row": (items.c.kind == Kind.ROW.value, np.bool_),
        "name": (items.c.name, text),
        "label": (_code_of(items.c.label, Label), np.int8),
        "split": (_code_of(items.c.split, Split), np.int8),
        "defect_type": (func.coalesce(items.c.defect_type, ""), text),
        "group_id": (func.coalesce(items.c.group_id, ""), text),
        "lot": (func.coalesce(items.c.lot, ""), text),
        "serial": (func.coalesce(items.c.serial, ""), text),
        "width": (func.coalesce(items.c.width, 0), np.int32),
        "height": (func.coalesce(items.c.height, 0), np.int32),
        "has_mask": (items.c.mask_path.is_not(None), np.bool_),
        "problem": (has_problem, np.bool_),
    }
    query = select(*(column.label(name) for name, (column, _) in wanted.items()))
    with project.read() as connection:
        return ItemColumns(**column_arrays(connection, query, {name: kind for name, (_, kind) in wanted.items()}))


def item_details(project: Project, item_id: int) -> ItemDetails:
    """Raises KeyError if the item is not in the project."""
    return item_records(project, [item_id])[0]


def item_records(project: Project, ids: Iterable[int] | None = None) -> list[ItemDetails]:
    """Everything about these items in the order given, or about all by ascending id. Raises KeyError if one is not in the project."""
    wanted = None if ids is None else [int(identity) for identity in ids]
    query = select(items, source_table.c.path.label("source_path"), source_table.c.value_maximum).join(source_table)
    notes = select(import_problems.c.item_id, import_problems.c.problem).where(import_problems.c.item_id.is_not(None))
    if wanted is not None:
        query = query.where(ids_in(items.c.id, wanted))
        notes = notes.where(ids_in(import_problems.c.item_id, wanted))
    problems: dict[int, list[Problem]] = {}
    with project.read() as connection:
        for item_id, problem in connection.execute(notes.order_by(import_problems.c.id)):
            problems.setdefault(item_id, []).append(Problem.from_json(problem))
        rows = connection.execute(query.order_by(items.c.id)).mappings().all()
    found = {row["id"]: _details(row, tuple(problems.get(row["id"], ()))) for row in rows}
    return [found[identity] for identity in (found if wanted is None else wanted)]


def _details(row: RowMapping, problems: tuple[Problem, ...]) -> ItemDetails:
    values = dict(row)
    root = Path(values.pop("source_path"))
    is_image = values["kind"] == Kind.IMAGE
    mask = values["mask_path"]
    values["kind"] = Kind(values["kind"])
    values["path"] = root / values["relative_path"] if is_image else None
    values["mask_path"] = None if mask is None else root / mask
    values["label"] = label_from_text(values["label"])
    values["split"] = split_from_text(values["split"])
    values["value_maximum"] = _sensor_white(values["bit_depth"], values["value_maximum"])
    return ItemDetails(**values, problems=problems)


def _rows_of(project: Project, ids: Iterable[int], *columns: ColumnElement[Any]) -> list[Sequence[Any]]:
    """These columns of items and their sources, in the order of `ids`. Raises KeyError if one is not in the project."""
    wanted = [int(identity) for identity in ids]
    query = select(items.c.id, *columns).join(source_table).where(ids_in(items.c.id, wanted))
    with project.read() as connection:
        found = {row[0]: row[1:] for row in connection.execute(query)}
    return [found[identity] for identity in wanted]


def picture_references(project: Project, ids: Iterable[int]) -> list[PictureReference]:
    """What the decoder needs to know about these pictures, in the order given; rows of tables are passed over.

    Raises KeyError if one is not in the project.
    """
    of_item = (items.c.kind, items.c.relative_path, items.c.sha256, items.c.position, items.c.bit_depth)
    rows = _rows_of(project, ids, *of_item, source_table.c.path, source_table.c.value_maximum)
    return [
        PictureReference(path=Path(root, path), sha256=digest, page=page, value_maximum=_sensor_white(depth, white))
        for kind, path, digest, page, depth, root, white in rows
        if kind == Kind.IMAGE
    ]


def _sensor_white(bit_depth: int | None, of_source: int | None) -> int | None:
    """The sensor's white is that of the source's deep pictures; a picture of 8 bits among them has its own."""
    return of_source if (bit_depth or 8) > 8 else None


def mask_paths(project: Project, ids: Iterable[int]) -> list[Path | None]:
    """The files that mark the defects of these items, in the order given; None where there is none."""
    rows = _rows_of(project, ids, items.c.mask_path, source_table.c.path)
    return [None if mask is None else Path(root, mask) for mask, root in rows]


def row_positions(project: Project, ids: Iterable[int]) -> NDArray[np.int64]:
    """For items that are rows: which row of `row_values` is theirs, in the order given."""
    return np.array([position for (position,) in _rows_of(project, ids, items.c.position)], dtype=np.int64)


def table_columns(project: Project, source_id: int) -> tuple[TableColumn, ...]:
    """All columns of a table in the order of the file; empty for a folder."""
    query = select(column_table).where(column_table.c.source_id == source_id).order_by(column_table.c.position)
    with project.read() as connection:
        rows = connection.execute(query).mappings().all()
    return tuple(
        TableColumn(
            position=row["position"],
            name=row["name"],
            role=ColumnRole(row["role"]),
            unit=row["unit"],
            categories=None if row["categories"] is None else tuple(json.loads(row["categories"])),
        )
        for row in rows
    )


def table_features(project: Project, source_id: int) -> tuple[TableColumn, ...]:
    """The columns that `row_values` holds, in its order."""
    return tuple(column for column in table_columns(project, source_id) if column.role is ColumnRole.FEATURE)


def row_values(project: Project, source_id: int) -> NDArray[np.float64]:
    """The numbers of a table as float64 (rows, features), read only; NaN is missing, a category is the index of its value.

    Raises ProblemError PROJECT_DAMAGED if the file is gone, KeyError if the source is no table.
    """
    with project.read() as connection:
        name = connection.scalar(select(source_table.c.values_file).where(source_table.c.id == source_id))
    if name is None:
        raise KeyError(source_id)
    path = project.table_folder(source_id) / name
    try:
        values: NDArray[np.float64] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise ProblemError(ProblemCode.PROJECT_DAMAGED, path=str(project.folder), detail=f"tables/{source_id}/{name}") from error
    return values


def set_splits(project: Project, ids: ArrayLike, splits: ArrayLike, *, reason: str) -> int:
    """Puts each item into its split, in one transaction; returns how many changed. `splits` is one value, or one for each item."""
    identities = np.asarray(ids, dtype=np.int64)
    wanted = np.broadcast_to(np.asarray(splits, dtype=np.int64), identities.shape)
    targets = {text_of(split): json_rows(identities[wanted == split].tolist()) for split in map(Split, np.unique(wanted).tolist())}
    changes: list[tuple[int, str, str]] = []
    with project.write() as connection:
        for target, rows in targets.items():
            here = items.c.id.in_(select(rows.c.value)) & (items.c.split != target)
            changes += [(item, before, target) for item, before in connection.execute(select(items.c.id, items.c.split).where(here))]
            connection.execute(update(items).where(here).values(split=target))
        audit.record_many(connection, "set_split", "item", sorted(changes), reason=reason)
    return len(changes)


def problems(project: Project) -> list[ImportProblem]:
    """What the imports left out or want to be known, by source and path."""
    query = select(import_problems).order_by(import_problems.c.source_id, import_problems.c.relative_path, import_problems.c.id)
    with project.read() as connection:
        rows = connection.execute(query).mappings().all()
    return [
        ImportProblem(
            source_id=row["source_id"],
            item_id=row["item_id"],
            relative_path=row["relative_path"],
            problem=Problem.from_json(row["problem"]),
        )
        for row in rows
    ]


def remove_items(project: Project, ids: Iterable[int], *, reason: str | None = None) -> int:
    """Takes items and their scores out of the project, never a file from the disk; returns how many. Snapshots keep naming them."""
    wanted = [int(identity) for identity in ids]
    with project.write() as connection:
        query = select(items.c.id, items.c.name, items.c.label).where(ids_in(items.c.id, wanted))
        leaving = [(item, f"{name} {label or ''}".strip()) for item, name, label in connection.execute(query)]
        connection.execute(delete(items).where(ids_in(items.c.id, wanted)))
        audit.record_many(connection, "remove", "item", [(item, text, None) for item, text in leaving], reason=reason)
    return len(leaving)
