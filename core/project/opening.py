"""Creating and opening a project: a folder NAME.flawscope with one database, the files of its runs and a cache.

An older project is backed up and migrated, a newer one refused. Runs whose process died are marked interrupted. Where nothing may be
written the project opens for reading only.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import tempfile
import unicodedata
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import platformdirs
from sqlalchemy import Connection, Engine, insert

from core.problems import Problem, ProblemCode, ProblemError, file_problems
from core.project import schema
from core.project.database import (
    DATABASE_NAME,
    Mode,
    connect,
    database_problems,
    is_network_drive,
    make_engine,
    prepare_journal,
    whole_path,
)
from core.project.identity import utc_now
from core.project.migrations import STEPS, Steps, upgrade
from core.project.owners import interrupt_dead_runs

SUFFIX: Final = ".flawscope"


class Project:
    """An open project. May be used from several threads; every call of `read` or `write` is one transaction on a connection of its own.

    Never open one transaction inside another in the same thread: where WAL does not work, the inner one would wait for the outer.
    `notes` are things a person should know about this opening.
    """

    def __init__(self, folder: Path, *, project_id: str, mode: Mode, notes: list[Problem]) -> None:
        self.folder: Final = folder
        self.project_id: Final = project_id
        self.read_only: Final = mode != "write"
        self.notes: Final = notes
        database = folder / DATABASE_NAME
        self._writer: Engine | None = None if self.read_only else make_engine(database, "write")
        self._reader = make_engine(database, mode if self.read_only else "read")

    @property
    def name(self) -> str:
        """The name of the folder without its suffix, as a person reads it."""
        return unicodedata.normalize("NFC", self.folder.name).removesuffix(SUFFIX)

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the database, untouched by what others commit meanwhile. Keep it short.

        Raises ProblemError DATABASE_BUSY, PROJECT_DAMAGED, PROJECT_DRIVE_FAILED or PATH_MISSING.
        """
        with database_problems(self.folder), self._reader.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that commits at the end, or undoes everything if the body raises. Others wait meanwhile: keep it short.

        Raises ProblemError DISK_FULL, DATABASE_BUSY, PROJECT_READ_ONLY, PROJECT_DAMAGED, PROJECT_DRIVE_FAILED or PATH_MISSING.
        """
        if self._writer is None:
            raise ProblemError(ProblemCode.PROJECT_READ_ONLY, path=str(self.folder))
        with database_problems(self.folder), self._writer.begin() as connection:
            yield connection

    @property
    def runs_folder(self) -> Path:
        return self.folder / "runs"

    def run_folder(self, run_id: int) -> Path:
        """Where the files of a run lie; made together with the run."""
        return self.runs_folder / str(run_id)

    def table_folder(self, source_id: int) -> Path:
        return self.folder / "tables" / str(source_id)

    @property
    def cache_folder(self) -> Path:
        """A folder that may be deleted at any time; outside of a project that may not be written to."""
        folder = platformdirs.user_cache_path("flawscope") / self.project_id if self.read_only else self.folder / "cache"
        with file_problems(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return folder

    def close(self) -> None:
        """Gives all connections back; SQLite then folds its log into the database file."""
        self._reader.dispose()
        if self._writer is not None:
            self._writer.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def with_suffix(folder: Path) -> Path:
    """The folder of the project that a person named, with ".flawscope" at the end; a drive itself, which has no name, stays."""
    return folder if folder.name.endswith(SUFFIX) or not folder.name else folder.with_name(folder.name + SUFFIX)


def create_project(folder: Path) -> Project:
    """Makes a new, empty project and opens it. It appears under its name only when it is whole.

    Raises ProblemError PROJECT_EXISTS, and those of `file_problems`.
    """
    folder = with_suffix(whole_path(folder))
    with file_problems(folder):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise ProblemError(ProblemCode.PROJECT_EXISTS, path=str(folder))
    with file_problems(folder.parent):
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = folder.parent / f".new-{uuid.uuid4().hex}{SUFFIX}"
        draft.mkdir()
    try:
        with database_problems(draft), file_problems(folder):
            _write_first_database(draft / DATABASE_NAME, name=folder.name.removesuffix(SUFFIX))
            if folder.exists():
                folder.rmdir()
            try:
                draft.rename(folder)
            except OSError as error:
                if error.errno in {errno.EEXIST, errno.ENOTEMPTY}:  # someone was faster
                    raise ProblemError(ProblemCode.PROJECT_EXISTS, path=str(folder)) from error
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return open_project(folder)


def _write_first_database(database: Path, *, name: str) -> None:
    engine = make_engine(database, "create", foreign_keys=False)
    try:
        with engine.begin() as connection:
            upgrade(connection, STEPS)
            connection.execute(insert(schema.project).values(project_id=str(uuid.uuid4()), name=name, created_at=utc_now()))
    finally:
        engine.dispose()


def open_project(folder: Path, *, read_only: bool = False, steps: Steps = STEPS) -> Project:
    """Opens the project in `folder` (or the one whose database file is given). `steps` lead from older schemas to this program's.

    Raises ProblemError PROJECT_NOT_FOUND, PROJECT_DAMAGED, PROJECT_TOO_NEW, DATABASE_BUSY, or PROJECT_READ_ONLY for an older project
    that would have to be migrated where nothing may be written, and DISK_FULL if its backup does not fit.
    """
    folder = whole_path(folder)
    if folder.name == DATABASE_NAME:
        folder = folder.parent
    database = folder / DATABASE_NAME
    if not database.is_file():
        raise ProblemError(ProblemCode.PROJECT_NOT_FOUND, path=str(folder))
    notes: list[Problem] = []
    with database_problems(folder):
        mode: Mode = "write"
        if read_only or not _may_write(folder, database):
            mode = _reading_mode(database)
            notes.append(Problem(ProblemCode.PROJECT_READ_ONLY, {"path": str(folder)}))
        project_id = _inspect(folder, database, mode, steps)
        if mode == "write" and prepare_journal(database, network=is_network_drive(folder)) != "wal":
            notes.append(Problem(ProblemCode.PROJECT_NO_WAL, {"path": str(folder)}))
    project = Project(folder, project_id=project_id, mode=mode, notes=notes)
    if mode == "write":
        try:
            with project.write() as connection:
                interrupt_dead_runs(connection, project.runs_folder)
        except BaseException:
            project.close()
            raise
    return project


def _may_write(folder: Path, database: Path) -> bool:
    """For the folder tried out, as permission bits tell little on Windows and on network drives; for the database asked.

    Opening and closing the database file would drop the locks of every connection this process has to it: POSIX locks belong to the
    process, not to the handle. SQLite would then take a project that is open here for abandoned.
    """
    try:
        with tempfile.TemporaryFile(dir=folder):
            return os.access(database, os.W_OK)
    except OSError as error:
        return error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}


def _reading_mode(database: Path) -> Mode:
    """ "read" sees what others commit meanwhile, but needs its helper files beside the database; "immutable" does without."""
    try:
        with contextlib.closing(connect(database, "read")) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        return "immutable"
    return "read"


def _inspect(folder: Path, database: Path, mode: Mode, steps: Steps) -> str:
    """Checks the file, brings an older one up to date, and returns the id of the project."""
    if database.stat().st_size == 0:
        raise ProblemError(ProblemCode.PROJECT_DAMAGED, path=str(folder), detail=f"{DATABASE_NAME} is empty")
    with contextlib.closing(connect(database, mode)) as connection:
        damage = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if damage != "ok":
            raise ProblemError(ProblemCode.PROJECT_DAMAGED, path=str(folder), detail=str(damage))
        version = _version(connection, folder)
    if version not in steps.revisions:
        raise ProblemError(ProblemCode.PROJECT_TOO_NEW, path=str(folder))
    if version != steps.newest:
        if mode != "write":
            raise ProblemError(ProblemCode.PROJECT_READ_ONLY, path=str(folder))
        _migrate(database, version, steps)
    with contextlib.closing(connect(database, mode)) as connection:
        row = connection.execute("SELECT project_id FROM project").fetchone()
        if row is None:
            raise ProblemError(ProblemCode.PROJECT_DAMAGED, path=str(folder), detail="the table project is empty")
        return str(row[0])


def _version(connection: sqlite3.Connection, folder: Path) -> str:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if "alembic_version" in tables else None
    if row is None or "project" not in tables:
        raise ProblemError(ProblemCode.PROJECT_NOT_FOUND, path=str(folder))
    return str(row[0])


def _migrate(database: Path, version: str, steps: Steps) -> None:
    """Backs the database up beside itself, then takes all missing steps in one transaction.

    Labels are safe: foreign keys are off meanwhile, because changing a table recreates it and would delete its children, and every
    reference is checked before the commit.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    backup = database.with_name(f"project.backup-{version}-{stamp}.sqlite")
    draft = backup.with_suffix(".partial")
    try:
        with contextlib.closing(connect(database, "write")) as connection:
            connection.execute("VACUUM INTO ?", (str(draft),))
        draft.rename(backup)
    finally:
        draft.unlink(missing_ok=True)
    engine = make_engine(database, "write", foreign_keys=False)
    try:
        with engine.begin() as connection_:
            upgrade(connection_, steps)
            broken = connection_.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"migration from {version} broke references: {broken[:5]}")
    finally:
        engine.dispose()
