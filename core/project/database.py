"""SQLite as a project needs it: engines with their pragmas, and its errors in the words of `core.problems`.

The driver runs in autocommit and every transaction begins with our own BEGIN, because a writing transaction that begins by reading fails
at once, whatever the timeout, when another connection commits in between; and because a failing migration step then rolls back fully.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

import psutil
from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from core.problems import ProblemCode, ProblemError

DATABASE_NAME: Final = "project.sqlite"
BUSY_MILLISECONDS: Final = 5000
NETWORK_FILE_SYSTEMS: Final = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "afpfs",
        "webdav",
        "davfs",
        "davfs2",
        "ncpfs",
        "afs",
        "9p",
        "vboxsf",
        "prl_fs",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.davfs2",
    ]
)

Mode = Literal["create", "write", "read", "immutable"]
_URI_MODES: Final[dict[Mode, str]] = {"create": "mode=rwc", "write": "mode=rw", "read": "mode=ro", "immutable": "mode=ro&immutable=1"}


def whole_path(path: Path) -> Path:
    """Absolute, as a person spelt it; only a path with ".." is resolved, for behind a link ".." is not what its spelling says."""
    return path.resolve() if ".." in path.parts else path.absolute()


def connect(database: Path, mode: Mode, *, foreign_keys: bool = True) -> sqlite3.Connection:
    """A raw driver connection in autocommit.

    "immutable" reads from places where not even SQLite's helper files can be written; it must not be used while anyone writes.
    """
    path = whole_path(database).as_posix().replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    prefix = "file://" if path.startswith("/") else "file:///"  # "C:/..." needs a slash, "//server/share" keeps its two
    uri = f"{prefix}{path}?{_URI_MODES[mode]}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_MILLISECONDS / 1000)
    try:
        connection.execute(f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}")
        if mode == "write":
            # In WAL mode NORMAL cannot damage the file, whatever happens; the older journal needs FULL for that.
            journal = connection.execute("PRAGMA journal_mode").fetchone()[0]
            connection.execute(f"PRAGMA synchronous={'NORMAL' if journal == 'wal' else 'FULL'}")
        if mode in {"read", "immutable"}:
            connection.execute("PRAGMA query_only=ON")
    except BaseException:
        connection.close()
        raise
    return connection


def make_engine(database: Path, mode: Mode, *, foreign_keys: bool = True) -> Engine:
    """An engine whose connections may be used by any thread, one thread at a time."""

    def creator() -> sqlite3.Connection:
        return connect(database, mode, foreign_keys=foreign_keys)

    engine = create_engine("sqlite://", creator=creator, poolclass=QueuePool, pool_size=4, max_overflow=-1)
    begin = "BEGIN" if mode in {"read", "immutable"} else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def is_network_drive(path: Path, partitions: Iterable[Any] | None = None) -> bool:
    """Whether `path` lies on a drive of another computer, as far as the operating system tells. WAL does not work there."""
    if str(path).startswith("\\\\"):  # a share of Windows that has no letter
        return True
    text = str(path.absolute())
    best = ""
    network = False
    for partition in psutil.disk_partitions(all=True) if partitions is None else partitions:
        mount = partition.mountpoint
        inside = os.path.normcase(text) == os.path.normcase(mount) or os.path.normcase(text).startswith(
            os.path.normcase(mount).rstrip("/\\") + os.sep
        )
        if inside and len(mount) >= len(best):
            best = mount
            network = partition.fstype.lower() in NETWORK_FILE_SYSTEMS or "remote" in partition.opts.split(",")
    return network


def prepare_journal(database: Path, *, network: bool) -> str:
    """Sets the journal that suits the drive and returns the one in force: "wal", or "delete" where WAL does not work."""
    with contextlib.closing(connect(database, "write")) as connection:
        current = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
        for wanted in ("delete",) if network else ("wal", "delete"):
            try:
                if current != wanted:
                    current = str(connection.execute(f"PRAGMA journal_mode={wanted}").fetchone()[0])
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # WAL may be granted and still not work
            except sqlite3.OperationalError as error:
                if _primary_code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                    return current  # another process has it open and has already chosen
                continue
            if current == wanted:
                return current
        return current


def _primary_code(error: BaseException | None) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def problem_of(error: DBAPIError | sqlite3.Error, folder: Path) -> ProblemError | None:
    """The expected trouble behind a database error, or None if it is a bug."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    path = str(folder)
    match _primary_code(cause):
        case sqlite3.SQLITE_FULL:
            return ProblemError(ProblemCode.DISK_FULL, path=path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return ProblemError(ProblemCode.DATABASE_BUSY)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            return ProblemError(ProblemCode.PROJECT_READ_ONLY, path=path)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return ProblemError(ProblemCode.PROJECT_DAMAGED, path=path, detail=str(cause))
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CANTOPEN:
            return _drive_problem(folder, str(cause))
    return None


def _drive_problem(folder: Path, detail: str) -> ProblemError:
    if not folder.is_dir():
        return ProblemError(ProblemCode.PATH_MISSING, path=str(folder))
    if shutil.disk_usage(folder).free < 1 << 20:  # a full disk also shows as an error of the shared-memory file
        return ProblemError(ProblemCode.DISK_FULL, path=str(folder))
    return ProblemError(ProblemCode.PROJECT_DRIVE_FAILED, path=str(folder), detail=detail)


@contextlib.contextmanager
def database_problems(folder: Path) -> Iterator[None]:
    """Turns expected troubles of the database and its drive into a ProblemError; anything else passes as it is."""
    try:
        yield
    except (DBAPIError, sqlite3.Error) as error:
        problem = problem_of(error, folder)
        if problem is None:
            raise
        raise problem from error
