"""Older projects: what is in them comes through every migration unchanged, and a migration that fails changes nothing.

Fixtures are text dumps (sqlite3 `iterdump`) of projects as each released schema wrote them, with something of everything inside.
"""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from core.problems import ProblemCode, ProblemError
from core.project import audit, items, runs, thresholds
from core.project import migrations as package
from core.project.database import make_engine
from core.project.migrations import STEPS, Steps, upgrade
from core.project.opening import create_project, open_project
from core.project.schema import metadata
from core.vocabulary import Label, RunState, Split

FIXTURES = Path(__file__).parent / "fixtures"
RUNNING = "running"  # the one value that opening changes: the process of that run is gone

Content = dict[str, list[dict[str, Any]]]


def restore(fixture: str, folder: Path) -> Path:
    """The project of a fixture, as a folder."""
    folder.mkdir(parents=True)
    connection = sqlite3.connect(folder / "project.sqlite")
    connection.executescript((FIXTURES / fixture).read_text(encoding="utf-8"))
    connection.close()
    return folder


def content(database: Path) -> Content:
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
    found = {table: [dict(row) for row in sorted(connection.execute(f"SELECT * FROM {table}"), key=tuple_of)] for table in tables}
    connection.close()
    return found


def tuple_of(row: sqlite3.Row) -> tuple[str, ...]:
    return tuple(map(str, row))


def only(found: Content, wanted: Content) -> Content:
    """`found` with the tables and columns that `wanted` has."""
    kept: Content = {}
    for table, rows in wanted.items():
        columns = rows[0].keys() if rows else ()
        kept[table] = [{name: row[name] for name in columns} for row in found[table]]
    return kept


def without_state_of_run_3(found: Content) -> Content:
    for row in found["runs"]:
        if row["id"] == 3:
            row["state"] = row["finished_at"] = None
    del found["alembic_version"]
    return found


@pytest.mark.parametrize("fixture", sorted(path.name for path in FIXTURES.glob("project_*.sql")))
def test_content_of_every_released_schema_comes_through(tmp_path: Path, fixture: str) -> None:
    folder = restore(fixture, tmp_path / "양산.flawscope")
    before = content(folder / "project.sqlite")
    assert all(before.values()), "a table of the fixture is empty, so the test would not see it vanish"
    open_project(folder).close()
    after = content(folder / "project.sqlite")
    assert after["alembic_version"] == [{"version_num": STEPS.newest}]
    assert only(without_state_of_run_3(after), without_state_of_run_3(before)) == before


def test_first_schema_reads_as_it_was_written(tmp_path: Path) -> None:
    with open_project(restore("project_0001.sql", tmp_path / "a.flawscope")) as project:
        columns = items.item_columns(project)
        assert columns.label.tolist() == [Label.GOOD, Label.DEFECTIVE, Label.UNSURE, Label.NONE, Label.GOOD, Label.DEFECTIVE]
        assert columns.split.tolist() == [Split.TRAIN, Split.TEST, Split.CALIBRATION, Split.NEW, Split.TRAIN, Split.TEST]
        scratch = items.item_details(project, 2)
        assert (scratch.defect_type, scratch.labelled_by, scratch.comment) == ("긁힘", "검사자 가", 'it\'s "deep"\nsecond line')
        assert scratch.mask_path == Path("/data/부품/washers/ground_truth/긁힘/b_mask.png")
        assert [column.unit for column in items.table_columns(project, 2)] == ["", "Nm", ""]
        assert items.table_features(project, 2)[1].categories == ("A", "나")
        scores = runs.run_scores(project, 1)
        assert dict(zip(scores.item_id.tolist(), scores.score.tolist(), strict=True)) == {1: 0.1 + 0.2, 2: 1e17 / 3, 4: -2.5e-7}
        assert runs.record(project, 1).heat_scale == 0.1 + 0.2
        states = [run.state for run in runs.records(project)]
        assert states == [RunState.DONE, RunState.FAILED, RunState.INTERRUPTED]
        kept = thresholds.current_threshold(project, 1)
        assert kept is not None
        assert (kept.t1, kept.t2, kept.reason) == (0.2, 0.1 + 0.2, "고객 요구")
        assert [entry.new_value for entry in audit.rows(project, object_type="item", object_id=2)] == ["defective 긁힘"]


def test_models_and_migrated_schema_are_the_same(tmp_path: Path) -> None:
    with create_project(tmp_path / "a") as project, project.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
        migrated = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index')").fetchall()
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        modelled = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index')").fetchall()
    engine.dispose()
    assert plain_definitions(migrated) == plain_definitions(modelled)


def plain_definitions(rows: Any) -> dict[str, list[str]]:
    """Definitions without regard to the order of constraints and of white space; SQLite's own tables left out."""
    return {
        name: sorted(line.strip(" ,\n\t") for line in sql.split("\n"))
        for name, sql in rows
        if sql and name != "alembic_version" and not name.startswith("sqlite_")
    }


def test_known_versions_are_those_of_the_steps() -> None:
    config = Config()
    config.set_main_option("script_location", STEPS.location)
    walked = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(walked)) == STEPS.revisions


# --- a step that does not exist yet -------------------------------------------------------------------------------------------------

HEAD = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("sources") as batch:
        batch.add_column(sa.Column("camera", sa.String(), nullable=False, server_default="unknown"))
    with op.batch_alter_table("items", table_kwargs={"sqlite_autoincrement": True}) as batch:
        batch.add_column(sa.Column("severity", sa.String()))
        batch.alter_column("defect_type", new_column_name="flaw")
"""


def next_steps(folder: Path, step: str) -> Steps:
    """The steps of the package and one more."""
    shutil.copytree(Path(package.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "0002_next.py").write_text(step, encoding="utf-8")
    return Steps(str(folder), ("0001", "0002"))


def test_older_project_is_backed_up_and_changed_tables_keep_their_children(tmp_path: Path) -> None:
    folder = restore("project_0001.sql", tmp_path / "a.flawscope")
    before = content(folder / "project.sqlite")
    open_project(folder, steps=next_steps(tmp_path / "next 100%", HEAD)).close()
    after = content(folder / "project.sqlite")
    assert after["alembic_version"] == [{"version_num": "0002"}]
    assert {table: len(rows) for table, rows in after.items()} == {table: len(rows) for table, rows in before.items()}
    assert [row["flaw"] for row in after["items"]] == [row["defect_type"] for row in before["items"]]
    assert {row["camera"] for row in after["sources"]} == {"unknown"}
    for table in ("scores", "import_problems", "table_columns", "thresholds", "audit", "snapshot_items"):
        assert after[table] == before[table]
    (backup,) = folder.glob("project.backup-0001-*.sqlite")
    assert content(backup) == before


def test_migrated_audit_table_still_refuses(tmp_path: Path) -> None:
    folder = restore("project_0001.sql", tmp_path / "a.flawscope")
    open_project(folder, steps=next_steps(tmp_path / "next", HEAD)).close()
    connection = sqlite3.connect(folder / "project.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute("DELETE FROM audit")
    connection.close()


FAILING = (
    HEAD
    + """
    op.create_table("trace", sa.Column("x", sa.Integer()))
    op.execute("INSERT INTO nowhere VALUES (1)")
"""
)
BREAKING = (
    HEAD
    + """
    op.execute("DELETE FROM sources WHERE id = 1")
"""
)


@pytest.mark.parametrize("step", [FAILING, BREAKING])
def test_failing_step_changes_nothing(tmp_path: Path, step: str) -> None:
    folder = restore("project_0001.sql", tmp_path / "a.flawscope")
    before = content(folder / "project.sqlite")
    with pytest.raises(Exception, match=r"nowhere|broke references"):
        open_project(folder, steps=next_steps(tmp_path / "next", step))
    assert content(folder / "project.sqlite") == before
    open_project(folder).close()  # the older program still opens it


def test_older_project_where_nothing_may_be_written_is_refused(tmp_path: Path) -> None:
    folder = restore("project_0001.sql", tmp_path / "a.flawscope")
    before = content(folder / "project.sqlite")
    with pytest.raises(ProblemError) as caught:
        open_project(folder, read_only=True, steps=next_steps(tmp_path / "next", HEAD))
    assert caught.value.problem.code is ProblemCode.PROJECT_READ_ONLY
    assert content(folder / "project.sqlite") == before


def test_upgrade_of_a_current_database_does_nothing(tmp_path: Path) -> None:
    folder = restore("project_0001.sql", tmp_path / "a.flawscope")
    before = content(folder / "project.sqlite")
    engine = make_engine(folder / "project.sqlite", "write", foreign_keys=False)
    with engine.begin() as connection:
        upgrade(connection, STEPS)
    engine.dispose()
    assert content(folder / "project.sqlite") == before
