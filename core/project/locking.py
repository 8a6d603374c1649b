"""One window for each project. The command line takes no lock: SQLite keeps its transactions apart from those of a window."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
from pathlib import Path
from typing import Final

from core.problems import ProblemCode, ProblemError, file_problems
from core.project.database import DATABASE_NAME, connect, database_problems
from core.project.identity import ProcessIdentity

LOCK_NAME: Final = "window.lock"


class Lock:
    """A held lock. Its file names the process, so that one left behind by a crash is recognised, and no other lock has the same content."""

    def __init__(self, path: Path, content: str) -> None:
        self._path = path
        self._content = content

    def release(self) -> None:
        """Lets the next window in. Does nothing if the lock was released or taken over."""
        with contextlib.suppress(FileNotFoundError):
            if self._path.read_text(encoding="utf-8") == self._content:
                self._path.unlink()


def acquire_lock(folder: Path, program: str) -> Lock:
    """Takes the project for one window of `program`; a lock whose process is gone is taken over.

    Raises ProblemError PROJECT_IN_USE, naming the holder, FOLDER_READ_ONLY or DATABASE_BUSY.
    """
    path = folder / LOCK_NAME
    content = f"{ProcessIdentity.current().to_json()}\n{program}\n{uuid.uuid4()}"
    # The write lock of the database makes looking and taking one step, and dies with its process.
    with database_problems(folder), contextlib.closing(connect(folder / DATABASE_NAME, "write")) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            holder = _living_holder(path)
            if holder is not None:
                raise ProblemError(ProblemCode.PROJECT_IN_USE, path=str(folder), holder=holder)
            with file_problems(folder):
                _write(path, content)
        finally:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
    return Lock(path, content)


def _write(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _living_holder(path: Path) -> str | None:
    try:
        identity, program, _ = path.read_text(encoding="utf-8").split("\n")
        holder = ProcessIdentity.from_json(identity)
    except (FileNotFoundError, ValueError):
        return None
    if holder.is_local and not holder.is_alive():
        return None
    return f"{program}, {holder.user}, {holder.computer}, {holder.pid}"
