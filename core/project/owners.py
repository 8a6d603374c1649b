"""Which process works on a run, so that a run whose process died can be told from one that is still going."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select, update

from core.project.identity import ProcessIdentity, utc_now
from core.project.schema import runs
from core.vocabulary import RunState

OWNER_FILE: Final = "owner.json"
FOREIGN_HOURS: Final = 48.0
"""A run of another computer cannot be asked whether it lives; after this long it is taken for dead."""


def write_owner(run_folder: Path) -> None:
    """Notes that this process works on the run. Raises OSError if the folder cannot be written."""
    run_folder.mkdir(parents=True, exist_ok=True)
    (run_folder / OWNER_FILE).write_text(ProcessIdentity.current().to_json(), encoding="utf-8")


def remove_owner(run_folder: Path) -> None:
    (run_folder / OWNER_FILE).unlink(missing_ok=True)


def is_abandoned(run_folder: Path) -> bool:
    """Whether nobody works on the run any more."""
    path = run_folder / OWNER_FILE
    try:
        owner = ProcessIdentity.from_json(path.read_text(encoding="utf-8"))
        if owner.is_local:
            return not owner.is_alive()
        return time.time() - path.stat().st_mtime > FOREIGN_HOURS * 3600
    except (FileNotFoundError, ValueError):  # cut off while it was written
        return True


def interrupt_dead_runs(connection: Connection, runs_folder: Path) -> list[int]:
    """Marks queued and running runs whose process is gone as interrupted; returns their ids."""
    waiting = connection.scalars(select(runs.c.id).where(runs.c.state.in_([RunState.QUEUED, RunState.RUNNING]))).all()
    dead = [run for run in waiting if is_abandoned(runs_folder / str(run))]
    if dead:
        connection.execute(update(runs).where(runs.c.id.in_(dead)).values(state=RunState.INTERRUPTED, finished_at=utc_now()))
    for run in dead:
        remove_owner(runs_folder / str(run))
    return dead
