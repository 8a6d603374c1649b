"""Creating and opening projects: what a person meets when all is well and when it is not."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from core.problems import ProblemCode, ProblemError
from core.project.database import connect, is_network_drive, prepare_journal
from core.project.items import item_columns
from core.project.labels import set_labels
from core.project.opening import create_project, open_project
from core.vocabulary import Label
from tests.core.project_cases import Worker, add_items
from tests.packaging_scripts import ROOT


def refused(code: ProblemCode) -> pytest.RaisesExc[ProblemError]:
    return pytest.raises(ProblemError, check=lambda error: error.problem.code is code)


@pytest.mark.parametrize("name", ["washers", "나사 검사", unicodedata.normalize("NFD", "나사"), "50 % #1 & more?", "ünïcode'; --"])
def test_created_project_opens_again_under_any_name(tmp_path: Path, name: str) -> None:
    with create_project(tmp_path / "line 1" / name) as project:
        identity = project.project_id
        assert project.name == unicodedata.normalize("NFC", name)
        assert project.folder == tmp_path / "line 1" / f"{name}.flawscope"
        add_items(project, 3)
    with open_project(tmp_path / "line 1" / f"{name}.flawscope" / "project.sqlite") as project:
        assert (project.project_id, len(item_columns(project)), project.read_only, project.notes) == (identity, 3, False, [])
    assert [path.name for path in (tmp_path / "line 1").iterdir()] == [f"{name}.flawscope"]


def test_existing_folder_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "taken.flawscope").mkdir()
    (tmp_path / "taken.flawscope" / "diary.txt").write_text("mine")
    with refused(ProblemCode.PROJECT_EXISTS):
        create_project(tmp_path / "taken")
    assert [path.name for path in (tmp_path / "taken.flawscope").iterdir()] == ["diary.txt"]
    (tmp_path / "empty.flawscope").mkdir()
    create_project(tmp_path / "empty").close()


def test_other_folders_are_not_projects(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with sqlite3.connect(tmp_path / "other" / "project.sqlite") as connection:
        connection.execute("CREATE TABLE cats (name)")
    connection.close()
    for folder in (tmp_path, tmp_path / "nowhere", tmp_path / "other"):
        with refused(ProblemCode.PROJECT_NOT_FOUND):
            open_project(folder)


def spoil_header(database: Path) -> None:
    database.write_bytes(b"not a database at all" + database.read_bytes()[21:])


def spoil_middle(database: Path) -> None:
    content = bytearray(database.read_bytes())
    for page in range(2 * 4096, len(content), 4096):
        content[page : page + 64] = b"\xff" * 64
    database.write_bytes(content)


def cut_off(database: Path) -> None:
    content = database.read_bytes()
    database.write_bytes(content[: len(content) // 3])


def empty(database: Path) -> None:
    database.write_bytes(b"")


@pytest.mark.parametrize("spoil", [spoil_header, spoil_middle, cut_off, empty])
def test_damaged_database_is_named(tmp_path: Path, spoil) -> None:
    with create_project(tmp_path / "a") as project:
        add_items(project, 500)
    spoil(project.folder / "project.sqlite")
    with pytest.raises(ProblemError) as caught:
        open_project(project.folder)
    assert caught.value.problem.code is ProblemCode.PROJECT_DAMAGED
    assert str(project.folder) in caught.value.problem.sentence()


def test_newer_project_is_refused_untouched(tmp_path: Path) -> None:
    with create_project(tmp_path / "a") as project, project.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    before = (project.folder / "project.sqlite").read_bytes()
    with refused(ProblemCode.PROJECT_TOO_NEW):
        open_project(project.folder)
    assert (project.folder / "project.sqlite").read_bytes() == before


def test_connections_have_what_keeps_data_safe(tmp_path: Path) -> None:
    with create_project(tmp_path / "a") as project:
        with project.write() as connection:
            settings = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys", "synchronous")]
        assert settings == ["wal", 1, 1]
        with project.read() as connection, pytest.raises(Exception, match="readonly"):
            connection.execute(text("DELETE FROM items"))
    assert [path.name for path in project.folder.iterdir()] == ["project.sqlite"]


def test_body_that_raises_leaves_nothing(tmp_path: Path) -> None:
    with create_project(tmp_path / "a") as project:
        with pytest.raises(KeyError), project.write() as connection:
            connection.execute(text("INSERT INTO snapshots (sha256, created_at) VALUES ('a', 'b')"))
            connection.execute(text("CREATE TABLE trace (x)"))
            raise KeyError
        with project.read() as connection:
            assert connection.execute(text("SELECT count(*) FROM snapshots")).scalar() == 0
            assert connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'trace'")).scalar() == 0


def test_reading_sees_one_moment(tmp_path: Path) -> None:
    with create_project(tmp_path / "a") as project:
        ids = add_items(project, 2)
        with project.read() as connection:
            before = connection.execute(text("SELECT count(*) FROM items WHERE label = 'good'")).scalar()
            writer = threading.Thread(target=set_labels, args=(project, ids, Label.GOOD))
            writer.start()
            writer.join()
            assert connection.execute(text("SELECT count(*) FROM items WHERE label = 'good'")).scalar() == before == 0
        assert item_columns(project).label.tolist() == [1, 1]


def test_project_opened_for_reading_only(tmp_path: Path) -> None:
    with create_project(tmp_path / "a") as project:
        ids = add_items(project, 4)
    with open_project(project.folder, read_only=True) as reader:
        assert [note.code for note in reader.notes] == [ProblemCode.PROJECT_READ_ONLY]
        assert len(item_columns(reader)) == 4
        with refused(ProblemCode.PROJECT_READ_ONLY):
            set_labels(reader, ids, Label.GOOD)
        with open_project(project.folder) as writer:
            set_labels(writer, ids, Label.GOOD)
        assert item_columns(reader).label.tolist() == [1, 1, 1, 1]


def test_cache_of_a_read_only_project_lies_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "home"))
    with create_project(tmp_path / "a") as project:
        assert project.cache_folder == project.folder / "cache"
    if sys.platform != "darwin":  # there the place cannot be moved
        with open_project(project.folder, read_only=True) as reader:
            assert reader.cache_folder.is_relative_to(tmp_path / "home")


@pytest.mark.skipif(sys.platform != "linux", reason="gives up capabilities of root, which only Linux has")
@pytest.mark.parametrize("log_left_behind", [False, True])
def test_folder_without_permission_opens_for_reading_by_itself(tmp_path: Path, log_left_behind: bool) -> None:
    with create_project(tmp_path / "a") as project:
        add_items(project, 4)
    folder = tmp_path / "kept.flawscope"
    if log_left_behind:
        writer = Worker("write", project.folder)
        writer.lines(1)
        shutil.copytree(project.folder, folder)
        writer.kill()
    else:
        shutil.copytree(project.folder, folder)
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    worker = Worker("look", folder)
    assert worker.finish() == ["read_only True", "project_read_only", "items 4"]
    refusing = Worker("create", folder / "inside")
    assert refusing.finish() == ["folder_read_only"]
    folder.chmod(0o755)


def test_full_disk_is_said_and_costs_nothing(tmp_path: Path) -> None:
    with create_project(tmp_path / "a") as project:
        ids = add_items(project, 2000)
        set_labels(project, ids[:10], Label.GOOD)
        with project.write() as connection:
            pages = connection.execute(text("PRAGMA page_count")).scalar()
            connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        with refused(ProblemCode.DISK_FULL):
            set_labels(project, ids, Label.DEFECTIVE, defect_type="a long name of a defect" * 20)
        assert item_columns(project).label.tolist() == [1] * 10 + [0] * 1990
        with project.write() as connection:
            connection.execute(text("PRAGMA max_page_count = 1000000"))
        set_labels(project, ids, Label.DEFECTIVE)
        assert item_columns(project).label.tolist() == [2] * 2000


def test_database_held_by_another_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.project.database.BUSY_MILLISECONDS", 50)
    with create_project(tmp_path / "a") as project:
        holder = Worker("write", project.folder)
        assert holder.lines(1) == ["inside"]
        with refused(ProblemCode.DATABASE_BUSY):
            add_items(project, 1)
        assert len(item_columns(project)) == 0  # reading goes on
        holder.proceed()
        holder.finish()
        add_items(project, 1)


def test_lost_drive_is_said(tmp_path: Path) -> None:
    with create_project(tmp_path / "a") as project:
        project.close()
        shutil.rmtree(project.folder)
        with refused(ProblemCode.PATH_MISSING):
            item_columns(project)


def test_network_drive_gets_the_older_journal_and_full_safety(tmp_path: Path) -> None:
    with create_project(tmp_path / "a") as project:
        add_items(project, 2)
    database = project.folder / "project.sqlite"
    assert prepare_journal(database, network=True) == "delete"
    connection = connect(database, "write")
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    connection.close()
    assert prepare_journal(database, network=False) == "wal"


def test_journal_in_use_is_left_alone(tmp_path: Path) -> None:
    with create_project(tmp_path / "a") as project:
        add_items(project, 2)
        reader = Worker("read", project.folder)
        assert reader.lines(1) == ["inside"]
        assert prepare_journal(project.folder / "project.sqlite", network=True) == "wal"
        reader.proceed()
        reader.finish()


@pytest.mark.parametrize(
    ("mount", "kind", "options", "expected"),
    [
        ("/mnt/server", "nfs4", "rw", True),
        ("/mnt/server", "cifs", "rw", True),
        ("/mnt/server", "ext4", "rw", False),
        ("/mnt/ser", "nfs4", "rw", False),
        ("/mnt/server", "NTFS", "rw,remote", True),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="paths of other systems")
def test_network_drives_are_told_by_the_innermost_mount(mount: str, kind: str, options: str, expected: bool) -> None:
    partitions = [
        SimpleNamespace(mountpoint="/", fstype="ext4", opts="rw"),
        SimpleNamespace(mountpoint=mount, fstype=kind, opts=options),
    ]
    assert is_network_drive(Path("/mnt/server/line/a.flawscope"), partitions) is expected
    assert not is_network_drive(Path("/home/a.flawscope"), partitions)
    assert is_network_drive(Path("\\\\server\\share\\a.flawscope"), [])


def test_opening_a_project_twice_does_not_blind_the_first_to_other_processes(tmp_path: Path) -> None:
    """Closing a plain handle on the database file drops SQLite's locks in the whole process, and another one then removes the WAL."""
    with create_project(tmp_path / "shared") as project:
        ids = add_items(project, 2)
        folder = project.folder
    code = (
        "import sys; from pathlib import Path; from core.project.opening import open_project; from core.project.labels import set_labels\n"
        "from core.vocabulary import Label\n"
        "with open_project(Path(sys.argv[1])) as project: set_labels(project, [int(sys.argv[2])], Label.DEFECTIVE)"
    )
    with open_project(folder) as first:
        assert item_columns(first).label.tolist() == [Label.NONE, Label.NONE]
        open_project(folder).close()
        subprocess.run([sys.executable, "-c", code, str(folder), str(ids[0])], check=True, cwd=ROOT)
        assert item_columns(first).label.tolist() == [Label.DEFECTIVE, Label.NONE]
        set_labels(first, [int(ids[1])], Label.GOOD)
        assert item_columns(first).label.tolist() == [Label.DEFECTIVE, Label.GOOD]
    with open_project(folder) as again:
        assert item_columns(again).label.tolist() == [Label.DEFECTIVE, Label.GOOD]
