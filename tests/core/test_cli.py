"""The command line as scripts use it: words, exit codes, one JSON object on standard output, everything else on standard error."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import cli
from core.commands import COMMANDS
from core.commands.new_items import columns_like
from core.data.tables import inspect_table
from core.detectors.catalog import DETECTORS, declarations, detector_class
from core.project.items import item_columns
from core.project.opening import create_project, open_project
from core.project.runs import records, run_scores
from core.vocabulary import ColumnRole, RunState, Split
from tests.core.report_cases import IMAGE_RUN, QUICK, TABLE_RUN, awkward_project, write_process, write_washers
from tests.packaging_scripts import ROOT

IMAGE_FLAGS = [flag for name, value in QUICK.items() for flag in ("--param", f"{name}={value}")]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return awkward_project(tmp_path_factory.mktemp("명령"))


@pytest.fixture
def project(trained: Path, tmp_path: Path) -> str:
    """A copy that a test may change; the pictures stay where they are."""
    shutil.copytree(trained, tmp_path / trained.name)
    return str(tmp_path / trained.name)


class Shell:
    """Runs commands in this process and keeps what they wrote."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys
        self.out = self.err = ""

    def __call__(self, *words: object, code: int = 0) -> str:
        self.capsys.readouterr()
        try:
            found = cli.main([str(word) for word in words])
        except SystemExit as ended:
            found = ended.code
        self.out, self.err = self.capsys.readouterr()
        assert found == code, self.err
        return self.out

    def json(self, *words: object, code: int = 0) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self(*words, "--json", code=code))
        return parsed


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


def process(*words: object, **environment: str) -> subprocess.Popen[bytes]:
    """The real program; without colours of the caller's locale."""
    settings = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **environment}
    command = [sys.executable, "-m", "core.cli", *(str(word) for word in words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=settings)


# --- words and help ----------------------------------------------------------------------------------------------------------------


def test_the_words_that_scripts_rely_on():
    assert [command.name for command in COMMANDS] == [
        "detectors",
        "new",
        "import",
        "split",
        "estimate",
        "train",
        "score",
        "threshold",
        "evaluate",
        "findings",
        "export",
        "demo",
    ]


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_each_help_has_a_paragraph_examples_and_json(shell, command):
    text = shell(command, "--help")
    assert "examples:" in text
    assert f"flawscope-cli {command}" in text
    assert "--json" in text
    assert len(text.split("\n\n")[1]) > 150  # the paragraph


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_each_example_is_understood(command):
    for example in command.examples:
        words = example.split()
        if "--help" not in words:
            cli.build_parser(words).parse_args(words)


def test_help_names_every_command(shell):
    text = shell("--help")
    for command in COMMANDS:
        assert f"    {command.name}" in text
        assert command.summary in text


def test_detectors_tell_everything_that_is_declared(shell):
    found = {detector["key"]: detector for detector in shell.json("detectors")["detectors"]}
    assert list(found) == list(DETECTORS)
    for declaration in declarations():
        told = found[declaration.key]
        assert told["title"] == declaration.title
        assert told["takes"] == [kind.value for kind in sorted(declaration.takes)]
        assert told["learns_from"] == declaration.learns_from.value
        assert set(told["presets"]) == set(declaration.presets)
        assert told["parameter_schema"] == declaration.parameters.model_json_schema()
        for parameter in told["parameters"]:
            info = declaration.parameters.model_fields[parameter["name"]]
            assert (parameter["default"], parameter["title"], parameter["help"]) == (info.default, info.title, info.description)
    text = shell("detectors")
    assert all(f"{name} = " in text for detector in found.values() for name in (entry["name"] for entry in detector["parameters"]))


@pytest.mark.parametrize("key", DETECTORS)
def test_every_parameter_is_a_flag_of_train(shell, key):
    text = shell("train", "--detector", key, "--help")
    for name, info in detector_class(key).declaration.parameters.model_fields.items():
        assert f"--{name.replace('_', '-')} VALUE" in text
        assert str(info.default) in text


# --- the loop ----------------------------------------------------------------------------------------------------------------------


def test_the_whole_loop_on_images(shell, tmp_path):
    images = write_washers(tmp_path / "washers")
    project = tmp_path / "project"
    made = shell.json("new", project)
    assert made["project"] == str(tmp_path / "project.flawscope")
    imported = shell.json("import", project, images)
    assert (imported["added"], imported["kind"], imported["layout"]) == (36, "image", "mvtec")
    assert imported["labels"] == {"unlabelled": 0, "good": 28, "defective": 8, "unsure": 0}
    assert imported["splits"]["train"] == 20
    assert [entry["path"] for entry in imported["skipped"]] == ["test/good/broken.png"]
    assert "0 bytes" in imported["skipped"][0]["sentence"]
    again = shell.json("import", project, images)
    assert (again["added"], again["unchanged"]) == (0, 36)
    counts = shell.json("split", project, "--seed", 3)["splits"]
    assert counts == {"new": 0, "train": 15, "calibration": 5, "test": 16}

    run = shell("train", project, "--detector", "autoencoder", *IMAGE_FLAGS, "--epochs", "1", "--seed", 4, "--device", "cpu")
    assert run == "1\n"
    assert "good calibration parts" in shell.err
    with open_project(tmp_path / "project.flawscope") as opened:
        (record,) = records(opened)
        assert (record.parameters["epochs"], record.parameters["width"], record.seed) == (1, QUICK["width"], 4)

    figures = shell.json("evaluate", project, "--run", 1)
    assert {"image_auroc", "average_precision", "pixel_auroc", "aupro", "t1", "t2", "counts", "escape", "overkill", "review"} <= set(
        figures
    )
    assert (figures["n_good"], figures["n_defective"], figures["n_unsure"], figures["n_unlabelled"], figures["n_unscored"]) == (
        8,
        8,
        0,
        0,
        0,
    )
    assert sum(figures["counts"]["defective"].values()) == 8
    assert figures["escape"]["denominator"] == 8
    assert 0 <= figures["escape"]["low"] <= figures["escape"]["rate"] <= figures["escape"]["high"] <= 1
    assert 0.5 < figures["image_auroc"] <= 1
    assert figures["aupro"] is not None

    files = shell.json("export", project, "--run", 1, "--out", tmp_path / "out")["files"]
    assert set(files) == {"items_csv", "summary_csv", "report_html", "run_json"}
    rows = list(csv.DictReader(io.StringIO(Path(files["items_csv"]).read_bytes().decode("utf-8-sig"))))
    assert len(rows) == 36


def test_train_divides_what_has_no_split_and_says_so(shell, tmp_path):
    project = tmp_path / "p"
    shell("new", project)
    imported = shell.json("import", project, write_process(tmp_path / "process.csv"))
    assert imported["splits"]["new"] == 150
    assert {column["name"]: column["role"] for column in imported["columns"]}["Result"] == "label"
    trained = shell.json("train", project, "--detector", "isolation_forest", "--trees", 20)
    assert trained["parameters"]["trees"] == 20
    assert [note["code"] for note in trained["notes"]] == ["split_made"]
    assert "Items without a split were divided" in shell.err
    assert trained["threshold"]["rule"] == "good_only"
    figures = shell.json("evaluate", project, "--run", trained["run"])
    assert figures["pixel_auroc"] is None
    assert figures["image_auroc"] > 0.9


def test_table_roles_can_be_chosen(shell, tmp_path):
    project = tmp_path / "p"
    shell("new", project)
    table = write_process(tmp_path / "process.csv", rows=30, defective=3)
    flags = ["--label-column", "Result", "--id-column", "Serial number", "--group-column", "Lot", "--ignore", "Speed"]
    imported = shell.json("import", project, table, *flags)
    roles = {column["name"]: column["role"] for column in imported["columns"]}
    assert roles == {"Serial number": "id", "Lot": "group", "Torque": "feature", "Speed": "ignore", "Result": "label"}
    shell("import", project, table, "--label-column", "Nonsense", code=1)
    assert "has no column named Nonsense" in shell.err


def test_labels_and_splits_can_be_given_for_all(shell, tmp_path):
    project = tmp_path / "p"
    shell("new", project)
    table = write_process(tmp_path / "process.csv", rows=30, defective=3)
    imported = shell.json("import", project, table, "--label", "good", "--split", "train")
    assert imported["labels"]["good"] == 30
    assert imported["splits"]["train"] == 30


def test_items_labelled_later_can_be_divided_anew(shell, tmp_path):
    project = tmp_path / "p"
    shell("new", project)
    shell("import", project, write_process(tmp_path / "process.csv"), "--split", "train")
    assert shell.json("split", project)["splits"]["test"] == 0
    divided = shell.json("split", project, "--anew")["splits"]
    assert divided["train"] > divided["test"] > 0


def test_a_parameter_that_does_not_exist_is_answered_with_those_that_do(shell, project):
    shell("train", project, "--detector", "isolation_forest", "--param", "nonsense=0", code=1)
    assert "nonsense" in shell.err
    assert "trees, sample_size" in shell.err


def test_new_parts_are_imported_as_new_and_scored(shell, project, tmp_path):
    lot = write_process(tmp_path / "new_lot.csv", rows=12, defective=3, seed=9)
    scored = shell.json("score", project, "--run", TABLE_RUN, "--source", lot)
    assert scored["scored"] == len(scored["items"]) == 12
    assert sum(scored["verdicts"].values()) == 12
    values = [item["score"] for item in scored["items"]]
    assert values == sorted(values, reverse=True)
    assert {item["name"] for item in scored["items"][:3]} <= {f"S9-{number:04d}" for number in (1, 5, 9)}  # the defective ones
    with open_project(Path(project)) as opened:
        columns = item_columns(opened)
        assert set(columns.split[columns.source_id == scored["source_id"]]) == {Split.NEW}
    again = shell.json("score", project, "--run", TABLE_RUN, "--source", lot)
    assert [item["score"] for item in again["items"]] == values
    assert again["source_id"] == scored["source_id"]


def test_new_pictures_of_a_known_folder_do_not_move_the_old_ones(shell, trained, tmp_path):
    work = tmp_path / "work"
    shutil.copytree(trained.parent, work)
    folder, images = work / trained.name, work / "부품 사진"
    with open_project(folder) as opened:
        with opened.write() as connection:
            connection.exec_driver_sql("UPDATE sources SET path = ? WHERE kind = 'image'", (str(images),))
        before = item_columns(opened)
        old_scores = run_scores(opened, IMAGE_RUN)
    shutil.copy(images / "train/good/03.png", images / "train/good/99.png")
    scored = shell.json("score", folder, "--run", IMAGE_RUN, "--source", images)
    with open_project(folder) as opened:
        after = item_columns(opened)
        new_scores = run_scores(opened, IMAGE_RUN)
    assert scored["scored"] == len(old_scores) + 1
    assert after.split[after.positions(before.id)].tolist() == before.split.tolist()
    added = after.positions(np.setdiff1d(after.id, before.id))
    assert after.split[added].tolist() == [Split.NEW]
    assert new_scores.score[np.isin(new_scores.item_id, before.id)].tolist() == old_scores.score.tolist()
    twin = after.id[(after.name == "03.png") & (after.split != Split.TEST)]
    assert new_scores.score[np.isin(new_scores.item_id, twin)][0] == new_scores.score[new_scores.item_id == after.id[added][0]][0]


def test_a_new_table_of_few_rows_keeps_the_features_of_the_run(tmp_path):
    table = tmp_path / "few.csv"
    table.write_text("Counter,Torque [Nm],Extra\n1,5,0.5\n2,6,0.25\n3,7,0.125\n", encoding="utf-8")
    guessed = inspect_table(table).columns
    features = [column for column in guessed if column.name in {"Counter", "Torque"}]
    chosen = {column.name: column.role for column in columns_like(guessed, features, path=table)}
    assert chosen["Counter"] is chosen["Torque"] is ColumnRole.FEATURE
    assert chosen["Extra"] is not ColumnRole.FEATURE


def test_a_new_table_without_the_columns_of_the_run_is_not_imported(shell, project, tmp_path):
    (tmp_path / "other.csv").write_text("Serial number,Torque [Nm],Extra\nS1,5,0.5\nS2,6,0.25\n", encoding="utf-8")
    with open_project(Path(project)) as opened:
        before = len(item_columns(opened))
    told = shell.json("score", project, "--run", TABLE_RUN, "--source", tmp_path / "other.csv", code=1)
    assert told["error"]["sentence"] == "other.csv has no column named Speed. Its columns are: Serial number, Torque, Extra."
    with open_project(Path(project)) as opened:
        assert len(item_columns(opened)) == before


def test_pictures_cannot_be_scored_by_a_run_on_tables(shell, project, tmp_path):
    shell("score", project, "--run", TABLE_RUN, "--source", write_washers(tmp_path / "pictures"), code=1)
    assert "nothing for run 2 to score" in shell.err


def test_scoring_again_changes_no_score(shell, project):
    with open_project(Path(project)) as opened:
        before = run_scores(opened, IMAGE_RUN)
    assert shell.json("score", project, "--run", IMAGE_RUN)["source_id"] is None
    with open_project(Path(project)) as opened:
        after = run_scores(opened, IMAGE_RUN)
    assert after.score.tolist() == before.score.tolist()


# --- thresholds --------------------------------------------------------------------------------------------------------------------


def test_thresholds_by_hand_follow_at_once(shell, project):
    low = shell.json("threshold", project, "--run", TABLE_RUN, "--t1", -5, "--t2", -5)
    assert (low["t1"], low["t2"], low["rule"]) == (-5, -5, "hand")
    counts = shell.json("evaluate", project, "--run", TABLE_RUN)["counts"]
    assert counts["good"]["ok"] == counts["defective"]["ok"] == 0
    shell("threshold", project, "--run", TABLE_RUN, "--t1", -5, "--t2", 1e9)
    counts = shell.json("evaluate", project, "--run", TABLE_RUN)["counts"]
    assert counts["good"]["ok"] == counts["good"]["ng"] == 0
    assert shell.json("threshold", project, "--run", TABLE_RUN)["t2"] == 1e9


@pytest.mark.parametrize(
    ("rule", "value", "limit"),
    [("overkill=0.1", 0.1, ("overkill", 0.1)), ("overkill=20%", 0.2, ("overkill", 0.2)), ("escape=0", 0.0, ("escape", 0.0))],
)
def test_rules_hold_on_the_calibration_parts(shell, project, rule, value, limit):
    shell("threshold", project, "--run", TABLE_RUN, "--t1", 0.5, "--t2", 0.5)
    found = shell.json("threshold", project, "--run", TABLE_RUN, "--rule", rule)
    name, share = limit
    assert found["t1"] == found["t2"]
    assert (found["rule"], found["rule_value"]) == (rule.partition("=")[0], value)
    assert found["calibration"][name]["rate"] <= share
    assert str(found["basis"]["n_good"]) in found["sentence"] or str(found["basis"]["n_defective"]) in found["sentence"]


def test_two_rules_set_two_thresholds_in_any_order(shell, project):
    def both(*rules):
        shell("threshold", project, "--run", TABLE_RUN, "--t1", 0.5, "--t2", 0.5)
        found = shell.json("threshold", project, "--run", TABLE_RUN, *(word for rule in rules for word in ("--rule", rule)))
        return found["t1"], found["t2"]

    first = both("overkill=0", "escape=0")
    assert first == both("escape=0", "overkill=0")
    assert first[0] <= first[1]


def test_the_cheapest_rule_takes_costs_and_shows_the_flat_zone(shell, project):
    shell("threshold", project, "--run", TABLE_RUN, "--t1", 0.5, "--t2", 0.5)
    found = shell.json("threshold", project, "--run", TABLE_RUN, "--rule", "cheapest=0.01:100:1")
    assert found["basis"]["costs"] == {"defect_rate": 0.01, "escape": 100.0, "overkill": 1.0, "review": 0.0}
    assert found["flat_zone"]["low"] <= found["t1"] <= found["flat_zone"]["high"]
    with_review = shell.json("threshold", project, "--run", TABLE_RUN, "--rule", "cheapest=0.01:100:1:0.1")
    assert with_review["t1"] <= with_review["t2"]
    assert shell.json("threshold", project, "--run", TABLE_RUN, "--rule", "best_f1")["rule"] == "best_f1"


def test_a_rule_that_cannot_be_had_sets_nothing(shell, project):
    before = shell.json("threshold", project, "--run", IMAGE_RUN)
    assert before["basis"]["n_defective"] == 0
    found = shell.json("threshold", project, "--run", IMAGE_RUN, "--rule", "overkill=0.1", "--rule", "escape=0.1", code=1)
    assert found["error"]["code"] == "rule_needs_defective"
    after = shell.json("threshold", project, "--run", IMAGE_RUN)
    assert (after["t1"], after["t2"], after["set_at"]) == (before["t1"], before["t2"], before["set_at"])


# --- exit codes --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ["new", "{folder}/have.flawscope"],
        ["new", "{folder}/have.flawscope/project.sqlite/inside"],
        ["new", "{folder}/" + 250 * "x"],
        ["new", "/"],
        ["import", "{folder}/have", "{folder}/nowhere"],
        ["import", "{folder}/nowhere", "{folder}"],
        ["import", "{folder}/have", "{folder}/empty"],
        ["import", "{folder}/have", "{folder}/one.PNG"],
        ["train", "{folder}/have", "--detector", "autoencoder"],
        ["train", "{folder}/have", "--detector", "crystal_ball"],
        ["train", "{folder}/have", "--detector", "isolation_forest", "--param", "trees=many"],
        ["train", "{folder}/have", "--detector", "isolation_forest", "--device", "abacus"],
        ["score", "{folder}/have", "--run", "1"],
        ["threshold", "{folder}/have", "--run", "1"],
        ["threshold", "{folder}/have", "--run", "1", "--rule", "coin=0.5"],
        ["evaluate", "{folder}/have", "--run", "1"],
        ["export", "{folder}/have", "--run", "1", "--out", "{folder}/out"],
    ],
    ids=" ".join,
)
def test_expected_trouble_is_one_sentence_and_exit_code_one(shell, tmp_path, words):
    create_project(tmp_path / "have").close()
    (tmp_path / "empty").mkdir()
    (tmp_path / "one.PNG").write_bytes(b"x")
    placed = [word.format(folder=tmp_path) for word in words]
    shell(*placed, code=1)
    assert shell.out == ""
    assert "Traceback" not in shell.err
    last = shell.err.strip().splitlines()[-1]
    assert last.endswith(".")
    error = shell.json(*placed, code=1)["error"]
    assert error["sentence"] == last
    assert error["code"]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["paint"],
        ["new"],
        ["train", "p"],
        ["train", "p", "--detector", "autoencoder", "--preset", "heroic"],
        ["train", "p", "--detector", "autoencoder", "--param", "epochs"],
        ["train", "p", "--detector", "isolation_forest", "--epochs", "3"],
        ["evaluate", "p", "--run", "one"],
        ["threshold", "p", "--run", "1", "--t1", "3"],
        ["threshold", "p", "--run", "1", "--t1", "nan", "--t2", "3"],
        ["threshold", "p", "--run", "1", "--t1", "3", "--t2", "3", "--rule", "best_f1"],
        ["threshold", "p", "--run", "1", "--rule", "overkill=lots"],
        ["threshold", "p", "--run", "1", "--rule", "overkill=2"],
        ["threshold", "p", "--run", "1", "--rule", "cheapest=0.01"],
        ["threshold", "p", "--run", "1", "--rule", "cheapest=0.01:inf:1"],
        ["import", "p", "{folder}/pictures", "--label-column", "x"],
        ["new", ""],
        ["import", "p", "x" * 300],
        ["split", "p", "--seed", "-1"],
        ["train", "p", "--detector", "autoencoder", "--seed", str(2**70)],
        ["evaluate", "p", "--run", str(2**70)],
        ["evaluate", "p", "--run", "0"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_code_two(shell, tmp_path, words):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "1.png").write_bytes(b"x")
    shell(*(word.format(folder=tmp_path) for word in words), code=2)
    assert shell.err.startswith("usage:")
    assert shell.out == ""


def test_negative_thresholds_may_be_spelt_as_json_spells_them(shell, project):
    found = shell.json("threshold", project, "--run", TABLE_RUN, "--t1", "-2.5e-05", "--t2", "1e-05")
    assert (found["t1"], found["t2"]) == (-2.5e-05, 1e-05)


def test_a_folder_of_pictures_may_have_the_name_of_the_project(shell, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_washers(tmp_path / "washers")
    shell("new", "washers")
    assert shell.json("import", "washers", "washers")["added"] == 36
    for same in ("washers.flawscope", "washers.flawscope/project.sqlite", tmp_path / "washers"):
        assert shell.json("split", same)["splits"]["new"] == 0
    monkeypatch.chdir(tmp_path / "washers.flawscope")
    assert shell.json("split", ".")["splits"]["new"] == 0
    shell("split", tmp_path / "nowhere", code=1)
    assert "There is no Flawscope project at" in shell.err


def test_t1_above_t2_is_refused(shell, project):
    shell("threshold", project, "--run", TABLE_RUN, "--t1", 3, "--t2", 2, code=1)
    assert "must not be above" in shell.err


def test_one_picture_is_told_from_a_table(shell, tmp_path):
    shell("new", tmp_path / "p")
    (tmp_path / "one.PNG").write_bytes(b"x")
    assert shell.json("import", tmp_path / "p", tmp_path / "one.PNG", code=1)["error"]["code"] == "single_image"


def test_several_tables_are_left_to_the_user(shell, tmp_path):
    shell("new", tmp_path / "p")
    (tmp_path / "tables").mkdir()
    write_process(tmp_path / "tables" / "a.csv")
    assert shell.json("import", tmp_path / "p", tmp_path / "tables")["added"] == 150  # a single one is clear
    write_process(tmp_path / "tables" / "b.csv")
    assert shell.json("import", tmp_path / "p", tmp_path / "tables", code=1)["error"]["arguments"]["tables"] == "a.csv, b.csv"


def test_one_class_only_is_said(shell, tmp_path):
    project = tmp_path / "p"
    shell("new", project)
    shell("import", project, write_process(tmp_path / "process.csv", rows=60, defective=0))
    shell("train", project, "--detector", "isolation_forest", "--trees", 10)
    figures = shell.json("evaluate", project, "--run", 1)
    assert figures["image_auroc"] is None
    assert figures["escape"] == {"rate": None, "low": None, "high": None, "numerator": 0, "denominator": 0}
    assert [note["code"] for note in figures["notes"]] == ["one_class_only"]
    shell("evaluate", project, "--run", 1, "--split", "calibration")
    assert "The calibration items are all good" in shell.err


# --- as a real process -------------------------------------------------------------------------------------------------------------


def test_ctrl_c_cancels_and_marks_the_run(trained, tmp_path):
    if sys.platform == "win32":
        pytest.skip("Windows sends Ctrl+C to whole consoles only")
    shutil.copytree(trained, tmp_path / trained.name)
    folder = tmp_path / trained.name
    running = process("train", folder, "--detector", "autoencoder", *IMAGE_FLAGS, "--epochs", "2000", "--json")
    assert running.stderr is not None
    for line in running.stderr:
        if line.startswith(b"Training"):
            running.send_signal(signal.SIGINT)
            break
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert out == b""
    assert err.decode().strip().endswith("Cancelled.")
    with open_project(folder) as opened:
        assert records(opened)[-1].state is RunState.CANCELLED


def test_a_reader_that_leaves_early_breaks_nothing():
    running = process("detectors")
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    error = running.stderr.read()
    assert running.wait(timeout=60) == 0
    assert error == b""
    running.stderr.close()


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LANG": "C", "LC_ALL": ""}])
def test_output_is_utf8_whatever_the_locale(tmp_path, locale):
    out, err = process("new", tmp_path / "와셔", "--json", **locale).communicate(timeout=60)
    assert json.loads(out.decode("utf-8"))["project"].endswith("와셔.flawscope"), err


def test_parsers_accept_no_abbreviations():
    parser: ArgumentParser = cli.build_parser([])
    with pytest.raises(SystemExit):
        parser.parse_args(["evaluate", "p", "--ru", "1"])
