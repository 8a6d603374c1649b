"""Tables in every spelling: format, roles, values, labels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.columns import split_units
from core.data.encoding import encode_rows
from core.data.roles import iso_time
from core.data.tables import TableContent, TableFindings, TableFormat, inspect_table, read_table, with_roles
from core.problems import ProblemCode, ProblemError
from core.reports.csv_text import csv_bytes
from core.vocabulary import ColumnRole, Label
from tests.core import bad_inputs

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def _inspect(folder: Path, content: str | bytes) -> TableFindings:
    path = folder / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return inspect_table(path)


def _read(findings: TableFindings) -> TableContent:
    return read_table(findings.path, findings.format, findings.columns)


def _roles(findings: TableFindings) -> dict[str, str]:
    return {column.name: column.role.value for column in findings.columns}


def _codes(findings: TableFindings | TableContent) -> list[ProblemCode]:
    return [problem.code for problem in findings.problems]


# --- what comes in -----------------------------------------------------------------------------------------------------------------


def test_every_bad_table_is_read_or_refused_with_its_reason(tmp_path: Path) -> None:
    for file in bad_inputs.write_bad_tables(tmp_path):
        if file.problem is None:
            findings = inspect_table(file.path)
            assert findings.row_count >= 2, file.path.name
            assert _read(findings).values.shape[0] == findings.row_count
        else:
            with pytest.raises(ProblemError) as caught:
                inspect_table(file.path)
            assert caught.value.problem.code == file.problem, file.path.name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bom.csv", TableFormat(encoding="utf-8-sig", delimiter=",", decimal=".")),
        ("cp949.csv", TableFormat(encoding="cp949", delimiter=",", decimal=".")),
        ("western.csv", TableFormat(encoding="cp1252", delimiter=";", decimal=",")),
        ("utf16.csv", TableFormat(encoding="utf-16", delimiter="\t", decimal=".")),
        ("semicolon.csv", TableFormat(encoding="utf-8", delimiter=";", decimal=",")),
        ("separator line.csv", TableFormat(encoding="utf-8", delimiter=";", decimal=".")),
    ],
)
def test_format_is_detected(tmp_path: Path, name: str, expected: TableFormat) -> None:
    bad_inputs.write_bad_tables(tmp_path)
    findings = inspect_table(tmp_path / name)
    assert findings.format == expected
    assert TableFormat.from_json(findings.format.to_json()) == expected


def test_korean_words_and_units_arrive(tmp_path: Path) -> None:
    bad_inputs.write_bad_tables(tmp_path)
    for name in ("bom.csv", "cp949.csv"):
        findings = inspect_table(tmp_path / name)
        assert _roles(findings) == {"온도": "feature", "압력": "feature", "판정": "label"}
        assert _read(findings).labels.tolist() == [Label.GOOD, Label.DEFECTIVE]
    assert inspect_table(tmp_path / "bom.csv").columns[0].unit == "°C"


def test_decimal_comma_and_thousands(tmp_path: Path) -> None:
    bad_inputs.write_bad_tables(tmp_path)
    assert _read(inspect_table(tmp_path / "semicolon.csv")).values.tolist() == [[1.5, 2.5], [1234.5, 3.0]]
    quoted = _inspect(tmp_path, 'a,b\n"1,234.5",2.5\n"12,345.0",3.5\n')
    assert _read(quoted).values.tolist() == [[1234.5, 2.5], [12345.0, 3.5]]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=3, max_size=3), min_size=2, max_size=12),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    decimal=st.sampled_from([".", ","]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp949", "utf-16"]),
)
def test_numbers_survive_every_spelling(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[float]], delimiter: str, decimal: str, encoding: str
) -> None:
    if delimiter == ",":
        decimal = "."
    lines = [delimiter.join(["온도 [C]", "압력 [bar]", "토크"])]
    lines += [delimiter.join(f"{value:.4f}".replace(".", decimal) for value in row) for row in rows]
    path = tmp_path_factory.mktemp("spelling") / "표.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    findings = inspect_table(path)
    assert (findings.format.delimiter, findings.format.decimal) == (delimiter, decimal)
    columns = [column.__class__(**{**column.__dict__, "role": ColumnRole.FEATURE}) for column in findings.columns]
    assert np.allclose(read_table(path, findings.format, columns).values, np.round(rows, 4))


def test_ragged_rows_are_listed_and_left_out(tmp_path: Path) -> None:
    bad_inputs.write_bad_tables(tmp_path)
    findings = inspect_table(tmp_path / "ragged.csv")
    ragged = [problem.arguments for problem in findings.problems if problem.code == ProblemCode.TABLE_RAGGED_ROW]
    assert [(place["line"], place["found"], place["expected"]) for place in ragged] == [(3, 2, 3), (4, 4, 3)]
    assert _read(findings).values.tolist() == [[1.0, 2.0], [5.0, 6.0]]


def test_very_many_ragged_rows_are_counted(tmp_path: Path) -> None:
    findings = _inspect(tmp_path, "a,b\n" + "1,2\n" * 400 + "1\n" * 250)
    assert _codes(findings).count(ProblemCode.TABLE_RAGGED_ROW) == 100
    more = [problem for problem in findings.problems if problem.code == ProblemCode.TABLE_MORE_RAGGED_ROWS]
    assert [problem.arguments["count"] for problem in more] == [150]
    assert findings.row_count == 400


def test_empty_cells_at_the_end_are_no_fault(tmp_path: Path) -> None:
    assert inspect_table_rows(tmp_path, "a;b\n1;2;\n3;4;\n") == [("1", "2"), ("3", "4")]
    assert inspect_table_rows(tmp_path, "a;b;\n1;2\n3;4\n") == [("1", "2", ""), ("3", "4", "")]


def inspect_table_rows(folder: Path, content: str) -> list[tuple[str, ...]]:
    findings = _inspect(folder, content)
    assert findings.problems == ()
    return list(findings.first_rows)


def test_blank_lines_and_quoted_line_breaks(tmp_path: Path) -> None:
    findings = _inspect(tmp_path, 'a,note\n\n1,"two\nlines"\n\n2,"one, line"\n')
    assert findings.first_rows == (("1", "two\nlines"), ("2", "one, line"))


def test_duplicate_columns_are_renamed(tmp_path: Path) -> None:
    bad_inputs.write_bad_tables(tmp_path)
    findings = inspect_table(tmp_path / "duplicate columns.csv")
    assert [column.name for column in findings.columns] == ["a", "a (2)", "b", "a (3)"]
    problem = next(problem for problem in findings.problems if problem.code == ProblemCode.TABLE_DUPLICATE_COLUMNS)
    assert problem.arguments["renamed"] == "a (2), a (3)"


def test_a_renamed_column_does_not_take_a_name_that_is_given(tmp_path: Path) -> None:
    assert [column.name for column in _inspect(tmp_path, "a,a (2),a\n1.5,2.5,3.5\n2.5,3.5,4.5\n").columns] == ["a", "a (2)", "a (3)"]


def test_values_that_are_not_finite_are_missing(tmp_path: Path) -> None:
    bad_inputs.write_bad_tables(tmp_path)
    findings = inspect_table(tmp_path / "not finite.csv")
    missing = {p.arguments["column"]: p.arguments["count"] for p in findings.problems if p.code == ProblemCode.TABLE_MISSING_VALUES}
    assert missing == {"a": 1, "b": 2}
    assert np.isnan(_read(findings).values).tolist() == [[False, True], [False, True], [False, False], [True, False], [False, False]]


def test_text_among_numbers_is_listed_with_its_line(tmp_path: Path) -> None:
    bad_inputs.write_bad_tables(tmp_path)
    findings = inspect_table(tmp_path / "text in numbers.csv")
    problem = next(problem for problem in findings.problems if problem.code == ProblemCode.TABLE_NOT_A_NUMBER)
    assert problem.arguments == {"count": 1, "column": "a", "example": "error", "line": 3}
    assert ProblemCode.TABLE_MISSING_VALUES not in _codes(findings)
    assert np.isnan(_read(findings).values[1, 0])


def test_a_table_without_header(tmp_path: Path) -> None:
    findings = _inspect(tmp_path, "1.5,2.5\n3.5,4.5\n")
    assert not findings.format.header
    assert [column.name for column in findings.columns] == ["column 1", "column 2"]
    assert _read(findings).values.tolist() == [[1.5, 2.5], [3.5, 4.5]]


def test_one_column(tmp_path: Path) -> None:
    assert _read(_inspect(tmp_path, "force [N]\n1.5\n2.5\n")).values.tolist() == [[1.5], [2.5]]


def test_files_that_are_not_there(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "gone.csv", ProblemCode.PATH_MISSING), (tmp_path, ProblemCode.PATH_UNREADABLE)):
        with pytest.raises(ProblemError) as caught:
            inspect_table(path)
        assert caught.value.problem.code == code


# --- roles -------------------------------------------------------------------------------------------------------------------------


def test_units() -> None:
    headers = ["Torque [Nm]", "Speed (rpm)", "Count (total)", "Temp [°C]", "Feed (mm/rev)", "T [C]", "T [K]", "Time", "a (m/s²)"]
    assert split_units(headers) == [
        ("Torque", "Nm"),
        ("Speed", "rpm"),
        ("Count (total)", ""),
        ("Temp", "°C"),
        ("Feed", "mm/rev"),
        ("T [C]", "C"),
        ("T [K]", "K"),
        ("Time", ""),
        ("a", "m/s²"),
    ]


PROCESS = """Serial,Lot,Time,Line,Operator note,Shift,Torque [Nm],Count,Alarm,Failure mode,Result
{rows}"""


def _process_rows() -> str:
    generator = np.random.default_rng(0)
    rows = []
    for row in range(60):
        bad = row % 10 == 3
        rows.append(
            f"S{row:03d},L{row // 5},2026-01-{row % 28 + 1:02d} 07:30,A,note {row},{'day' if row % 2 else 'night'},"
            f"{generator.normal(9, 1):.3f},{generator.integers(0, 4)},{int(bad)},{'wear' if bad else ''},{'NG' if bad else 'OK'}"
        )
    return "\n".join(rows) + "\n"


def test_roles_are_guessed(tmp_path: Path) -> None:
    findings = _inspect(tmp_path, PROCESS.format(rows=_process_rows()))
    assert _roles(findings) == {
        "Serial": "id",
        "Lot": "group",
        "Time": "time",
        "Line": "ignore",  # always the same text
        "Operator note": "ignore",  # never the same text, and the serial number names the rows better
        "Shift": "feature",
        "Torque": "feature",
        "Count": "feature",
        "Alarm": "ignore",  # repeats the label
        "Failure mode": "ignore",
        "Result": "label",
    }
    assert {column.name: column.categories for column in findings.columns}["Shift"] == ("day", "night")
    told = [p.arguments["column"] for p in findings.problems if p.code == ProblemCode.TABLE_COLUMN_TELLS_LABEL]
    assert told == ["Alarm", "Failure mode"]


def test_content_of_the_guessed_roles(tmp_path: Path) -> None:
    content = _read(_inspect(tmp_path, PROCESS.format(rows=_process_rows())))
    assert [feature.name for feature in content.features] == ["Shift", "Torque", "Count"]
    assert content.values[:2, 0].tolist() == [1.0, 0.0]
    assert content.names[:2] == ["S000", "S001"]
    assert content.groups[4:6] == ["L0", "L1"]
    assert content.times[0] == "2026-01-01T07:30:00"
    assert (content.labels == Label.DEFECTIVE).sum() == 6
    assert len(set(content.digests)) == 60


def test_a_number_that_follows_the_label_by_chance_stays_a_feature(tmp_path: Path) -> None:
    rows = "".join(f"{row * 0.37 % 1:.3f},{int(row in (3, 13, 25))},{int(row in (3, 13, 30, 40))}\n" for row in range(60))
    assert _roles(_inspect(tmp_path, "force,valve,failure\n" + rows))["valve"] == "feature"


def test_counters_are_no_features(tmp_path: Path) -> None:
    rows = "".join(f"{row},{row * 7 % 5 + 0.5},{100 + 3 * row}\n" for row in range(20))
    assert _roles(_inspect(tmp_path, ",force,part id\n" + rows)) == {"column 1": "ignore", "force": "feature", "part id": "id"}


def test_a_repeated_serial_number_groups(tmp_path: Path) -> None:
    rows = "".join(f"S{row // 2},{row * 0.7 % 3:.2f}\n" for row in range(40))
    assert _roles(_inspect(tmp_path, "Serial No,force\n" + rows))["Serial No"] == "group"


def test_few_lots_neither_group_nor_teach(tmp_path: Path) -> None:
    rows = "".join(f"L{row // 20},{row * 0.7 % 3:.2f}\n" for row in range(40))
    assert _roles(_inspect(tmp_path, "lot,force\n" + rows))["lot"] == "ignore"


def test_defect_types_in_the_label_column(tmp_path: Path) -> None:
    content = _read(_inspect(tmp_path, "force,result\n1.5,ok\n2.5,긁힘\n3.5,NG\n4.5,\n5.5,scratch\n"))
    assert content.labels.tolist() == [Label.GOOD, Label.DEFECTIVE, Label.DEFECTIVE, Label.NONE, Label.DEFECTIVE]
    assert content.defect_types == [None, "긁힘", None, None, "scratch"]


def test_a_column_named_for_the_good_is_read_the_other_way(tmp_path: Path) -> None:
    content = _read(_inspect(tmp_path, "force,pass\n1.5,1\n2.5,0\n3.5,1\n"))
    assert content.labels.tolist() == [Label.GOOD, Label.DEFECTIVE, Label.GOOD]


def test_none_in_a_column_of_failures_is_good(tmp_path: Path) -> None:
    content = _read(_inspect(tmp_path, "force,failure mode\n1.5,none\n2.5,wear\n3.5,none\n"))
    assert content.labels.tolist() == [Label.GOOD, Label.DEFECTIVE, Label.GOOD]
    assert content.defect_types[1] == "wear"


def test_labels_that_are_not_understood_are_counted(tmp_path: Path) -> None:
    findings = _inspect(tmp_path, "force,grade\n1.5,7\n2.5,8\n3.5,7\n4.5,0\n")
    columns = with_roles(findings.columns, label_column="grade")
    content = read_table(findings.path, findings.format, columns)
    assert content.labels.tolist() == [Label.NONE, Label.NONE, Label.NONE, Label.GOOD]
    unknown = {p.arguments["value"]: p.arguments["count"] for p in content.problems if p.code == ProblemCode.TABLE_LABEL_NOT_UNDERSTOOD}
    assert unknown == {"7": 2, "8": 1}


def test_chosen_roles_replace_the_guess(tmp_path: Path) -> None:
    findings = _inspect(tmp_path, PROCESS.format(rows=_process_rows()))
    columns = with_roles(findings.columns, label_column="alarm", id_column="Operator note", group_column="Serial", ignore=["torque [nm]"])
    roles = {column.name: column.role.value for column in columns}
    assert (roles["Alarm"], roles["Result"]) == ("label", "ignore")
    assert (roles["Operator note"], roles["Serial"], roles["Lot"]) == ("id", "group", "ignore")
    assert roles["Torque"] == "ignore"


def test_choosing_a_column_that_is_not_there(tmp_path: Path) -> None:
    findings = _inspect(tmp_path, "force,label\n1.5,0\n2.5,1\n")
    with pytest.raises(ProblemError) as caught:
        with_roles(findings.columns, ignore=["weight"], path="table.csv")
    assert caught.value.problem.code == ProblemCode.TABLE_COLUMN_MISSING
    assert caught.value.problem.arguments == {"path": "table.csv", "column": "weight", "columns": "force, label"}


def test_a_table_that_changed_since_is_refused(tmp_path: Path) -> None:
    findings = _inspect(tmp_path, "force,label\n1.5,0\n2.5,1\n")
    _inspect(tmp_path, "weight,label\n1.5,0\n2.5,1\n")
    with pytest.raises(ProblemError) as caught:
        _read(findings)
    assert caught.value.problem.code == ProblemCode.TABLE_COLUMN_MISSING


def test_no_features(tmp_path: Path) -> None:
    findings = _inspect(tmp_path, "serial,label\nA1,0\nA2,1\n")
    assert ProblemCode.TABLE_NO_FEATURES in _codes(findings)
    with pytest.raises(ProblemError) as caught:
        _read(findings)
    assert caught.value.problem.code == ProblemCode.TABLE_NO_FEATURES


def test_rows_without_an_id_are_numbered(tmp_path: Path) -> None:
    assert _read(_inspect(tmp_path, "a,b\n1.5,2\n1.5,3\n")).names == ["#1", "#2"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-04", "2026-03-04"),
        ("2026/3/4 5:06", "2026-03-04T05:06:00"),
        ("2026-03-04T05:06:07.5Z", "2026-03-04T05:06:07.5+00:00"),
        ("2026-03-04 05:06:07+0900", "2026-03-04T05:06:07+09:00"),
        ("4.3.2026 05:06", "2026-03-04T05:06:00"),
        ("2026년 3월 4일", "2026-03-04"),
        ("03/04/2026", None),
        ("2026-13-04", None),
        ("2026-03-04 noon", None),
        ("12.5", None),
    ],
)
def test_times(text: str, expected: str | None) -> None:
    assert iso_time(text) == expected


# --- encoding ----------------------------------------------------------------------------------------------------------------------


def test_categories_become_columns(tmp_path: Path) -> None:
    findings = _inspect(tmp_path, "force,colour\n1.5,red\n2.5,blue\n,red\n4.5,\n")
    content = _read(findings)
    encoded = encode_rows(content.values, content.features)
    assert encoded.columns == ("force", "colour=blue", "colour=red")
    assert encoded.sources == (0, 1, 1)
    assert encoded.values[:, 1:].tolist() == [[0, 1], [1, 0], [0, 1], [0, 0]]
    assert np.isnan(encoded.values[2, 0])


def test_an_unknown_category_is_none_of_them(tmp_path: Path) -> None:
    findings = _inspect(tmp_path, "force,colour\n1.5,red\n2.5,blue\n3.5,red\n")
    (tmp_path / "later.csv").write_text("force,colour\n1.5,green\n2.5,blue\n")
    content = read_table(tmp_path / "later.csv", findings.format, findings.columns)
    assert content.values[:, 1].tolist() == [-1.0, 0.0]
    assert encode_rows(content.values, content.features).values[0].tolist() == [1.5, 0.0, 0.0]


def test_encoding_refuses_another_width() -> None:
    with pytest.raises(ValueError, match="expected 0 columns"):
        encode_rows(np.zeros((2, 3)), ())


# --- real data ---------------------------------------------------------------------------------------------------------------------

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")


@needs_shared
def test_ai4i() -> None:
    findings = inspect_table(SHARED / "ai4i2020" / "ai4i2020.csv")
    assert _roles(findings) == {
        "UDI": "ignore",
        "Product ID": "id",
        "Type": "feature",
        "Air temperature": "feature",
        "Process temperature": "feature",
        "Rotational speed": "feature",
        "Torque": "feature",
        "Tool wear": "feature",
        "Machine failure": "label",
        "TWF": "ignore",
        "HDF": "ignore",
        "PWF": "ignore",
        "OSF": "ignore",
        "RNF": "feature",  # random failures hardly ever coincide with the label
    }
    assert [column.unit for column in findings.columns[3:8]] == ["K", "K", "rpm", "Nm", "min"]
    content = _read(findings)
    assert content.values.shape == (10_000, 7)
    assert (content.labels == Label.DEFECTIVE).sum() == 339
    assert not np.isnan(content.values).any()


@needs_shared
def test_ai4i_parts_have_the_same_features() -> None:
    train, test = (inspect_table(SHARED / "ai4i2020" / name) for name in ("train_normal.csv", "test.csv"))
    features = [[c for c in findings.columns if c.role is ColumnRole.FEATURE] for findings in (train, test)]
    assert features[0] == features[1]
    assert _roles(test)["label"] == "label"


def test_apostrophes_of_an_export_come_off_again(tmp_path: Path) -> None:
    texts = ["=1+1", "-3", "'quoted", "plain", "'=twice", "@home"]
    path = tmp_path / "export.csv"
    path.write_bytes(csv_bytes(["+name", "-value"], [[text, f"-{place}.5"] for place, text in enumerate(texts)]))
    findings = inspect_table(path)
    assert [column.name for column in findings.columns] == ["+name", "-value"]
    assert [cells[0] for cells in findings.first_rows] == texts
    content = read_table(path, findings.format, findings.columns)
    assert content.names == texts
    assert content.values[:, 0].tolist() == [-0.5, -1.5, -2.5, -3.5, -4.5, -5.5]
