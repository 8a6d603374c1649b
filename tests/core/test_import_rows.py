"""Importing tables: rows become items, numbers one file, and an edited table is matched row by row."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from core.data.tables import inspect_table, with_roles
from core.job_context import Cancelled, QuietContext
from core.problems import ProblemCode, ProblemError
from core.project import audit, runs
from core.project.importing import ImportSummary, hints_of_name, import_table
from core.project.items import (
    item_columns,
    item_details,
    problems,
    row_positions,
    row_values,
    sources,
    table_columns,
    table_features,
)
from core.project.labels import set_labels
from core.project.opening import Project, create_project, open_project
from core.vocabulary import ColumnRole, Kind, Label, Split

HEADER = "serial;Torque [Nm];Type;lot;result"
ROWS = [
    "P1;1,5;A;L1;good",
    "P2;2,5;B;L1;good",
    "P3;3,5;A;L2;defective",
    "P4;;B;L2;good",
]


@pytest.fixture
def project(tmp_path: Path):
    with create_project(tmp_path / "a") as made:
        yield made


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write(tmp_path / "process.csv", ROWS)


def write(path: Path, rows: list[str], header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def bring_in(project: Project, path: Path, **choices) -> ImportSummary:
    found = inspect_table(path)
    columns = with_roles(found.columns, label_column="result", id_column="serial", group_column="lot")
    return import_table(project, path, found.format, columns, QuietContext(), **choices)


def values_by_name(project: Project) -> dict[str, float]:
    """The torque that each item finds at its place of the values file."""
    columns = item_columns(project)
    values = row_values(project, 1)[row_positions(project, columns.id)]
    return dict(zip(columns.name.tolist(), values[:, 0].tolist(), strict=True))


def test_table_becomes_items_and_numbers(project: Project, table: Path) -> None:
    summary = bring_in(project, table)
    assert (summary.added, summary.changed, summary.unchanged, summary.missing, summary.skipped) == (4, 0, 0, 0, ())
    (source,) = sources(project)
    assert (source.kind, source.path, source.complete, source.item_count) == (Kind.ROW, table, True, 4)
    columns = item_columns(project)
    assert columns.is_row.all()
    assert columns.name.tolist() == ["P1", "P2", "P3", "P4"]
    assert columns.group_id.tolist() == ["L1", "L1", "L2", "L2"]
    assert columns.label.tolist() == [Label.GOOD, Label.GOOD, Label.DEFECTIVE, Label.GOOD]
    roles = [column.role for column in table_columns(project, 1)]
    assert roles == [ColumnRole.ID, ColumnRole.FEATURE, ColumnRole.FEATURE, ColumnRole.GROUP, ColumnRole.LABEL]
    torque, kind = table_features(project, 1)
    assert (torque.name, torque.unit, torque.categories, kind.categories) == ("Torque", "Nm", None, ("A", "B"))
    values = row_values(project, 1)
    np.testing.assert_array_equal(values, [[1.5, 0], [2.5, 1], [3.5, 0], [np.nan, 1]])
    assert not values.flags.writeable
    assert row_positions(project, [3, 1]).tolist() == [2, 0]
    details = item_details(project, 3)
    assert (details.kind, details.path, details.labelled_by, details.relative_path) == (Kind.ROW, None, "import", "")
    assert [note.problem.code for note in summary.notes] == [ProblemCode.TABLE_MISSING_VALUES]


def test_importing_again_changes_nothing(project: Project, table: Path) -> None:
    bring_in(project, table)
    before = [item_details(project, item) for item in range(1, 5)]
    summary = bring_in(project, table)
    assert (summary.added, summary.changed, summary.unchanged, summary.missing) == (0, 0, 4, 0)
    assert [item_details(project, item) for item in range(1, 5)] == before
    assert len(problems(project)) == 1


def test_edited_table_is_matched_row_by_row(project: Project, table: Path) -> None:
    bring_in(project, table)
    set_labels(project, [1, 2], Label.DEFECTIVE, defect_type="loose")
    run = runs.create_run(project, detector="x", kind=Kind.ROW, parameters={}, preset=None, seed=0, device="cpu", request={})
    runs.store_scores(project, run, [1, 2, 3, 4], [1.0, 2.0, 3.0, 4.0], part=0)
    # P2 and P1 change places, P3 is measured anew, P4 is gone, P5 is new.
    write(table, [ROWS[1], ROWS[0], "P3;9,5;A;L2;good", "P5;5,5;B;L3;good"])
    summary = bring_in(project, table)
    assert (summary.added, summary.changed, summary.unchanged, summary.missing) == (1, 1, 2, 1)
    assert values_by_name(project) == {"P1": 1.5, "P2": 2.5, "P3": 9.5, "P5": 5.5}
    by_name = dict(zip(item_columns(project).name, item_columns(project).id.tolist(), strict=True))
    assert {name: item for name, item in by_name.items() if name != "P5"} == {"P1": 1, "P2": 2, "P3": 3}
    assert by_name["P5"] > 4
    assert item_details(project, 1).defect_type == "loose"  # a person's word stays
    assert item_details(project, 3).label is Label.GOOD  # that of the file follows the file
    assert runs.run_scores(project, run).item_id.tolist() == [1, 2]  # a score of other numbers is none
    removed = [(entry.object_id, entry.old_value) for entry in audit.rows(project) if entry.action == "remove"]
    assert removed == [("4", "P4 good")]


def test_equal_rows_are_as_many_items(project: Project, tmp_path: Path) -> None:
    table = write(tmp_path / "process.csv", [ROWS[0]] * 3)
    bring_in(project, table)
    write(table, [*[ROWS[0]] * 2, ROWS[1], *[ROWS[0]] * 3])
    summary = bring_in(project, table)
    assert (summary.added, summary.unchanged, summary.changed, summary.missing) == (3, 3, 0, 0)
    assert sorted(row_positions(project, item_columns(project).id).tolist()) == list(range(6))


def test_other_roles_give_other_numbers_to_the_same_items(project: Project, table: Path) -> None:
    bring_in(project, table)
    found = inspect_table(table)
    columns = with_roles(found.columns, id_column="Type", label_column="result", group_column="serial", ignore=["lot"])
    import_table(project, table, found.format, columns, QuietContext())
    assert [column.name for column in table_features(project, 1)] == ["Torque"]
    assert row_values(project, 1).shape == (4, 1)
    assert item_columns(project).id.tolist() == [1, 2, 3, 4]
    assert item_columns(project).group_id.tolist() == ["P1", "P2", "P3", "P4"]
    assert item_columns(project).name.tolist() == ["A", "B", "A", "B"]


def test_older_values_files_are_swept_away_one_import_later(project: Project, table: Path) -> None:
    for count in range(2, 5):
        write(table, ROWS[:count])
        bring_in(project, table)
        assert len(row_values(project, 1)) == count
        assert len(list(project.table_folder(1).iterdir())) == 1 + (count > 2)


def test_lost_values_are_said(project: Project, table: Path) -> None:
    bring_in(project, table)
    for path in project.table_folder(1).iterdir():
        path.write_bytes(b"not numbers")
    with pytest.raises(ProblemError) as caught:
        row_values(project, 1)
    assert caught.value.problem.code is ProblemCode.PROJECT_DAMAGED
    assert "tables/1/" in caught.value.problem.sentence()
    assert bring_in(project, table).unchanged == 4
    assert row_values(project, 1).shape == (4, 2)
    for path in project.table_folder(1).iterdir():
        path.unlink()
    with pytest.raises(ProblemError):
        row_values(project, 1)


def test_bad_lines_are_listed_and_the_rest_goes_on(project: Project, tmp_path: Path) -> None:
    table = write(tmp_path / "process.csv", [*ROWS, "P5;5,5;A;L3;good;too;many", "P6;six;A;L3;perhaps"])
    for _ in range(2):
        summary = bring_in(project, table)
        assert [entry.problem.code for entry in summary.skipped] == [ProblemCode.TABLE_RAGGED_ROW]
        codes = {note.problem.code for note in summary.notes}
        assert codes >= {ProblemCode.TABLE_MISSING_VALUES, ProblemCode.TABLE_NOT_A_NUMBER}
        listed = sorted(entry.problem.sentence() for entry in problems(project))
        assert listed == sorted(entry.problem.sentence() for entry in (*summary.skipped, *summary.notes))
        assert len(item_columns(project)) == 5


@pytest.mark.parametrize(
    ("name", "label", "split"),
    [
        ("train_normal.csv", Label.GOOD, Split.TRAIN),
        ("test.csv", None, Split.TEST),
        ("학습 양품.csv", Label.GOOD, Split.TRAIN),
        ("NG-2026.csv", Label.DEFECTIVE, None),
        ("train_test.csv", None, None),
        ("latest.csv", None, None),
        ("line 1.csv", None, None),
    ],
)
def test_name_of_the_file_tells_label_and_split(tmp_path: Path, name: str, label: Label | None, split: Split | None) -> None:
    columns = inspect_table(write(tmp_path / name, ["1,5;7", "2,5;8"], "Torque;Speed")).columns
    hints = hints_of_name(tmp_path / name, columns)
    assert (hints.label, hints.split) == (label, split)


def test_hints_are_used_unless_someone_chose(project: Project, tmp_path: Path) -> None:
    rows = [f"{place}.5;{place * 7 % 5}" for place in range(10)]
    for name in ("train_normal.csv", "test.csv"):
        path = write(tmp_path / name, rows, "Torque;Speed")
        found = inspect_table(path)
        import_table(project, path, found.format, found.columns, QuietContext())
    columns = item_columns(project)
    assert columns.label.tolist() == [Label.GOOD] * 10 + [Label.NONE] * 10
    assert columns.split.tolist() == [Split.TRAIN] * 10 + [Split.TEST] * 10
    import_table(project, path, found.format, found.columns, QuietContext(), label_all=Label.DEFECTIVE, split_all=Split.NEW)
    assert item_columns(project).label.tolist() == [Label.GOOD] * 10 + [Label.DEFECTIVE] * 10
    assert item_columns(project).split.tolist() == [Split.TRAIN] * 10 + [Split.NEW] * 10


def test_label_column_knows_better_than_the_name(project: Project, tmp_path: Path) -> None:
    bring_in(project, write(tmp_path / "train_good.csv", ROWS))
    assert item_columns(project).label.tolist() == [Label.GOOD, Label.GOOD, Label.DEFECTIVE, Label.GOOD]
    assert (item_columns(project).split == Split.TRAIN).all()


class CancellingContext(QuietContext):
    def progress(self, done: int, total: int) -> None:
        self.cancelled = done >= 5000


def test_cancelled_import_is_whole_as_far_as_it_goes(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "long.csv", [f"P{place};{place},25;{'AB'[place % 2]};L{place // 100};good" for place in range(12_000)])
    found = inspect_table(path)
    with pytest.raises(Cancelled):
        import_table(project, path, found.format, found.columns, CancellingContext())
    assert len(item_columns(project)) == 5000
    assert not sources(project)[0].complete
    assert values_by_name(project)["P4999"] == 4999.25
    summary = bring_in(project, path)
    assert (summary.added, summary.unchanged) == (7000, 5000)
    assert values_by_name(project) == {f"P{place}": place + 0.25 for place in range(12_000)}
    assert sources(project)[0].complete


def test_format_is_remembered(project: Project, table: Path) -> None:
    bring_in(project, table)
    with open_project(project.folder) as again, again.read() as connection:
        kept = json.loads(connection.exec_driver_sql("SELECT table_format FROM sources").scalar())
    assert (kept["delimiter"], kept["decimal"]) == (";", ",")
