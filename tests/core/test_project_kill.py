"""kill -9 of a real process at work: what it had told is there, the database is sound, and the same job again completes it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from core.project import audit
from core.project.items import item_columns, item_details, row_positions, row_values, sources
from core.project.opening import Project, create_project, open_project
from core.vocabulary import Label
from tests.core.project_cases import Worker, add_items, bring_in, write_pictures

BATCH = 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_project(tmp_path / "line").close()
    return tmp_path / "line.flawscope"


def assert_sound(folder: Path) -> None:
    connection = sqlite3.connect(folder / "project.sqlite")
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()


def relative_paths(project: Project) -> list[str]:
    return [item_details(project, item).relative_path for item in item_columns(project).id.tolist()]


# --- pictures ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("stop_at", "committed"), [(1, 0), (199, 0), (430, 400)])
def test_killed_import_of_pictures_is_completed_by_the_next(tmp_path: Path, folder: Path, stop_at: int, committed: int) -> None:
    names = [f"train/good/{place:04}.png" for place in range(500)]
    write_pictures(tmp_path / "pictures", names)
    worker = Worker("import", folder, tmp_path / "pictures", stop_at)
    assert worker.lines(stop_at)[-1] == str(stop_at)
    worker.kill()
    assert_sound(folder)
    with open_project(folder) as project:
        assert len(item_columns(project)) == committed
        assert not sources(project)[0].complete
        summary = bring_in(project, tmp_path / "pictures")
        assert (summary.added, summary.unchanged) == (500 - committed, committed)
        assert sorted(relative_paths(project)) == names
        assert sources(project)[0].complete
    assert_sound(folder)


@pytest.mark.parametrize("seen", [50, 199, 205, 395, 470])
def test_import_killed_anywhere_leaves_whole_batches(tmp_path: Path, folder: Path, seen: int) -> None:
    """Here the process runs on while it is killed, so that some of the kills fall into a transaction."""
    names = [f"{place:04}.png" for place in range(600)]
    write_pictures(tmp_path / "pictures", names)
    worker = Worker("import", folder, tmp_path / "pictures")
    worker.lines(seen)
    worker.kill()
    assert_sound(folder)
    with open_project(folder) as project:
        count = len(item_columns(project))
        assert count % BATCH == 0
        assert count >= seen // BATCH * BATCH  # a batch is committed before its last picture is told
        assert bring_in(project, tmp_path / "pictures").added == 600 - count
        assert sorted(relative_paths(project)) == names


def test_kill_inside_a_transaction_leaves_nothing_of_it(folder: Path) -> None:
    worker = Worker("write", folder)
    assert worker.lines(1) == ["inside"]
    worker.kill()
    assert_sound(folder)
    with open_project(folder) as project:
        assert sources(project) == []
        add_items(project, 1)  # the lock of the dead process is gone


# --- tables ------------------------------------------------------------------------------------------------------------------------


def write_table(path: Path, rows: range) -> Path:
    lines = [f"P{row};{row}.25;{row % 7}.5" for row in rows]
    path.write_text("\n".join(["id;Torque [Nm];Speed [rpm]", *lines]), encoding="utf-8")
    return path


def assert_numbers_belong_to_their_rows(project: Project, rows: set[int]) -> None:
    columns = item_columns(project)
    numbers = row_values(project, 1)[row_positions(project, columns.id)][:, 0]
    found = dict(zip(columns.name.tolist(), numbers.tolist(), strict=True))
    assert found == {f"P{row}": row + 0.25 for row in rows}


@pytest.mark.parametrize("stop_at", [0, 5000])
def test_killed_import_of_a_table_is_completed_by_the_next(tmp_path: Path, folder: Path, stop_at: int) -> None:
    table = write_table(tmp_path / "process.csv", range(12_000))
    worker = Worker("import-table", folder, table, stop_at)
    worker.lines(1 + stop_at // 5000)
    worker.kill()
    assert_sound(folder)
    with open_project(folder) as project:
        assert not sources(project)[0].complete
        assert_numbers_belong_to_their_rows(project, set(range(stop_at)))
    Worker("import-table", folder, table).finish()
    with open_project(folder) as project:
        assert_numbers_belong_to_their_rows(project, set(range(12_000)))
        assert sources(project)[0].complete


def test_killed_import_of_an_edited_table_mixes_no_rows(tmp_path: Path, folder: Path) -> None:
    Worker("import-table", folder, write_table(tmp_path / "process.csv", range(9000))).finish()
    shifted = range(3000, 15_000)
    worker = Worker("import-table", folder, write_table(tmp_path / "process.csv", shifted), 6000)
    assert worker.lines(1) == ["6000"]  # of the 12,000 rows, 6,000 are known and now stand elsewhere
    worker.kill()
    assert_sound(folder)
    with open_project(folder) as project:
        assert_numbers_belong_to_their_rows(project, set(range(3000, 9000)))
    Worker("import-table", folder, tmp_path / "process.csv").finish()
    with open_project(folder) as project:
        assert_numbers_belong_to_their_rows(project, set(shifted))


# --- labels ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", [1, 40, 333])
def test_every_label_that_was_told_survives(folder: Path, seen: int) -> None:
    with open_project(folder) as project:
        ids = add_items(project, 1000)
    worker = Worker("label", folder, ids[0], ids[-1] + 1)
    told = worker.lines(seen) + worker.kill()
    assert_sound(folder)
    acknowledged = {int(item): Label(int(label)) for item, label in (line.split() for line in told)}
    assert len(acknowledged) >= seen
    with open_project(folder) as project:
        columns = item_columns(project)
        kept = {item: Label(label) for item, label in zip(columns.id.tolist(), columns.label.tolist(), strict=True) if label}
        assert acknowledged.items() <= kept.items()
        assert len(kept) - len(acknowledged) <= 1  # committed, and killed before it could tell
        assert len(kept) < 1000, "the worker was done before it was killed, so this shows nothing"
        assert [int(entry.object_id) for entry in audit.rows(project)] == sorted(kept)
