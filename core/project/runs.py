"""Runs: what was trained with which detector, on exactly which items, and what it scored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sqlalchemy import Connection, RowMapping, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.problems import Problem, ProblemCode, ProblemError, file_problems
from core.project import audit
from core.project.columns import column_arrays, ids_in
from core.project.identity import utc_now
from core.project.opening import Project
from core.project.owners import remove_owner, write_owner
from core.project.schema import items, runs, scores, snapshot_items, snapshots
from core.vocabulary import Kind, Label, RunState, Split, label_from_text, split_from_text


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """One run. `input` and `environment` are known once it has started, the rest of the None values once it is done.

    `parameters` holds all values, defaults too; `request` is enough to start again; `heat_scale` is the t of v / (v + t).
    """

    id: int
    detector: str
    kind: Kind
    state: RunState
    parameters: Mapping[str, Any]
    preset: str | None
    seed: int
    device: str
    request: Mapping[str, Any]
    snapshot_id: int | None
    input: Mapping[str, Any] | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    stopped_early: bool
    environment: Mapping[str, Any] | None
    heat_scale: float | None
    pixel_threshold: float | None
    model_sha256: str | None
    problem: Problem | None


@dataclass(frozen=True)
class ScoreColumns:
    """The scores of a run, one entry per scored item, by ascending item id.

    item_id int64, score float64, part and row int32: row `row` of the arrays in runs/<run>/scored/<part>/ belongs to the item.
    """

    item_id: NDArray[np.int64]
    score: NDArray[np.float64]
    part: NDArray[np.int32]
    row: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.item_id)


@dataclass(frozen=True)
class SnapshotItem:
    """An item as it was when the run was trained; the item itself may have changed or left the project since."""

    item_id: int
    sha256: str
    label: Label
    split: Split


def create_run(
    project: Project,
    *,
    detector: str,
    kind: Kind,
    parameters: Mapping[str, Any],
    preset: str | None,
    seed: int,
    device: str,
    request: Mapping[str, Any],
) -> int:
    """Queues a run that this process is going to work on, makes its folder, and returns its id. Raises ProblemError."""
    values = {
        "detector": detector,
        "kind": kind.value,
        "state": RunState.QUEUED.value,
        "parameters": _to_json(parameters),
        "preset": preset,
        "seed": seed,
        "device": device,
        "request": _to_json(request),
        "created_at": utc_now(),
        "stopped_early": False,
    }
    with project.write() as connection:
        run_id = int(connection.execute(insert(runs).values(**values)).inserted_primary_key[0])  # type: ignore[index]
        # Before the commit: nobody may see a run without an owner, it would be taken for dead.
        with file_problems(project.folder):
            write_owner(project.run_folder(run_id))
        audit.record(connection, "create_run", "run", run_id, old=None, new=detector)
    return run_id


def start_run(project: Project, run_id: int, *, device: str | None = None) -> None:
    """The run is going, in this process. `device` is the one that was chosen for "auto"."""
    with file_problems(project.folder):
        write_owner(project.run_folder(run_id))
    values = {"state": RunState.RUNNING.value, "started_at": utc_now(), "finished_at": None, "problem": None}
    _change(project, run_id, {**values, **({} if device is None else {"device": device})})


def describe_run(
    project: Project,
    run_id: int,
    *,
    snapshot_id: int | None = None,
    input: Mapping[str, Any] | None = None,
    environment: Mapping[str, Any] | None = None,
    heat_scale: float | None = None,
    pixel_threshold: float | None = None,
    model_sha256: str | None = None,
) -> None:
    """Stores what has become known about a run; what is None stays as it was."""
    given = {
        "snapshot_id": snapshot_id,
        "input": None if input is None else _to_json(input),
        "environment": None if environment is None else _to_json(environment),
        "heat_scale": heat_scale,
        "pixel_threshold": pixel_threshold,
        "model_sha256": model_sha256,
    }
    _change(project, run_id, {name: value for name, value in given.items() if value is not None})


def finish_run(project: Project, run_id: int, *, stopped_early: bool = False) -> None:
    """The run is done: its model, scores and threshold are all stored."""
    _end(project, run_id, RunState.DONE, stopped_early=stopped_early)


def fail_run(project: Project, run_id: int, problem: Problem | None) -> None:
    """The run ended by a trouble; `problem` is None for a bug."""
    _end(project, run_id, RunState.FAILED, problem=None if problem is None else problem.to_json())


def cancel_run(project: Project, run_id: int) -> None:
    """A person stopped the run."""
    _end(project, run_id, RunState.CANCELLED)


def _end(project: Project, run_id: int, state: RunState, **values: Any) -> None:
    _change(project, run_id, {"state": state.value, "finished_at": utc_now(), **values}, action=f"run_{state.value}")
    remove_owner(project.run_folder(run_id))


def _change(project: Project, run_id: int, values: Mapping[str, Any], *, action: str | None = None) -> None:
    with project.write() as connection:
        state = connection.scalar(select(runs.c.state).where(runs.c.id == run_id))
        if state is None:
            raise ProblemError(ProblemCode.RUN_UNKNOWN, run=run_id)
        if values:
            connection.execute(update(runs).where(runs.c.id == run_id).values(**values))
        if action is not None:
            audit.record(connection, action, "run", run_id, old=state, new=str(values["state"]))


def record(project: Project, run_id: int) -> RunRecord:
    """Raises ProblemError RUN_UNKNOWN."""
    with project.read() as connection:
        row = connection.execute(select(runs).where(runs.c.id == run_id)).mappings().first()
    if row is None:
        raise ProblemError(ProblemCode.RUN_UNKNOWN, run=run_id)
    return _record(row)


def records(project: Project) -> list[RunRecord]:
    """All runs, oldest first."""
    with project.read() as connection:
        return [_record(row) for row in connection.execute(select(runs).order_by(runs.c.id)).mappings()]


def _record(row: RowMapping) -> RunRecord:
    values: dict[str, Any] = dict(row)
    for name in ("parameters", "request", "input", "environment"):
        values[name] = None if values[name] is None else json.loads(values[name])
    problem = values["problem"]
    return RunRecord(
        **{
            **values,
            "kind": Kind(values["kind"]),
            "state": RunState(values["state"]),
            "problem": None if problem is None else Problem.from_json(problem),
        }
    )


def _to_json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True)


def make_snapshot(project: Project, item_ids: Iterable[int]) -> int:
    """Keeps content hash, label and split of these items for good, and returns the id. The same state again gives the same snapshot."""
    wanted = ids_in(items.c.id, item_ids)
    query = select(items.c.id.label("item_id"), items.c.sha256, items.c.label, items.c.split).where(wanted).order_by(items.c.id)
    with project.write() as connection:
        states = [dict(row) for row in connection.execute(query).mappings()]
        digest = hashlib.sha256(json.dumps(states, sort_keys=True).encode()).hexdigest()
        known = connection.scalar(select(snapshots.c.id).where(snapshots.c.sha256 == digest))
        if known is not None:
            return int(known)
        made = connection.execute(insert(snapshots).values(sha256=digest, created_at=utc_now()))
        snapshot_id = int(made.inserted_primary_key[0])  # type: ignore[index]
        if states:
            connection.execute(insert(snapshot_items), [{"snapshot_id": snapshot_id, **state} for state in states])
        return snapshot_id


def snapshot_digest(project: Project, snapshot_id: int) -> str:
    """The hash over all items of a snapshot, for run.json. Raises KeyError if there is none."""
    with project.read() as connection:
        digest = connection.scalar(select(snapshots.c.sha256).where(snapshots.c.id == snapshot_id))
    if digest is None:
        raise KeyError(snapshot_id)
    return str(digest)


def snapshot_content(project: Project, snapshot_id: int) -> list[SnapshotItem]:
    """The items of a snapshot by ascending id."""
    query = select(snapshot_items).where(snapshot_items.c.snapshot_id == snapshot_id).order_by(snapshot_items.c.item_id)
    with project.read() as connection:
        rows = connection.execute(query).all()
    return [SnapshotItem(row.item_id, row.sha256, label_from_text(row.label), split_from_text(row.split)) for row in rows]


def store_scores(
    project: Project,
    run_id: int,
    item_ids: ArrayLike,
    values: ArrayLike,
    *,
    part: int,
    rows: ArrayLike | None = None,
) -> None:
    """Stores or replaces the scores of these items in one transaction; `rows` default to 0, 1, 2, ...

    Items that left the project meanwhile are passed over. Raises ValueError for NaN: an item without a score is not stored.
    """
    identities = np.asarray(item_ids, dtype=np.int64)
    numbers = np.asarray(values, dtype=np.float64)
    places = np.arange(len(identities)) if rows is None else np.asarray(rows, dtype=np.int64)
    if not len(identities) == len(numbers) == len(places):
        raise ValueError(f"{len(identities)} items, {len(numbers)} scores, {len(places)} rows")
    if np.isnan(numbers).any():
        raise ValueError("a score is NaN")
    with project.write() as connection:
        if connection.scalar(select(runs.c.id).where(runs.c.id == run_id)) is None:
            raise ProblemError(ProblemCode.RUN_UNKNOWN, run=run_id)
        present = set(connection.scalars(select(items.c.id).where(ids_in(items.c.id, identities.tolist()))))
        entries = [
            {"run_id": run_id, "item_id": item, "score": score, "part": part, "row": row}
            for item, score, row in zip(identities.tolist(), numbers.tolist(), places.tolist(), strict=True)
            if item in present
        ]
        _replace_scores(connection, entries)


def _replace_scores(connection: Connection, entries: Sequence[Mapping[str, Any]]) -> None:
    if not entries:
        return
    statement = upsert(scores)
    newer = {name: statement.excluded[name] for name in ("score", "part", "row")}
    connection.execute(statement.on_conflict_do_update(index_elements=["run_id", "item_id"], set_=newer), entries)


def run_scores(project: Project, run_id: int, *, item_id: int | None = None) -> ScoreColumns:
    """Of all items, by ascending id, or of one. Empty for a run that scored nothing or does not exist."""
    mine = scores.c.run_id == run_id
    if item_id is not None:
        mine &= scores.c.item_id == item_id
    with project.read() as connection:
        whole = select(scores.c.item_id, scores.c.part, scores.c.row).where(mine)
        columns = column_arrays(connection, whole, {"item_id": np.int64, "part": np.int32, "row": np.int32})
        values = connection.scalars(select(scores.c.score).where(mine).order_by(scores.c.item_id)).all()
    return ScoreColumns(columns["item_id"], np.array(values, dtype=np.float64), columns["part"], columns["row"])
