"""What a detector finds out about its training items, from the fit to the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from core import cli
from core.detectors.autoencoder import Autoencoder
from core.detectors.base import Findings
from core.detectors.isolation_forest import IsolationForest
from core.job_context import Cancelled, QuietContext
from core.project import runs
from core.project.items import item_records, remove_items
from core.project.labels import set_labels
from core.project.opening import Project
from core.training.findings import FINDINGS_FILE, read_findings, write_findings
from core.training.item_forms import form_from_json
from core.training.run import execute_run, train
from core.vocabulary import Label
from tests.core.run_cases import picture_project, request, table_project

COLUMNS = np.array([0.5, 0.0, 2.0, 3.0, 4.0])  # torque, speed, heat, type=A, type=B


def _suspicion(count: int) -> np.ndarray:
    """Every third item is suspicious, the last of them most."""
    return np.where(np.arange(count) % 3 == 0, 0.5 + np.arange(count), 0.0)


def _with_table_findings(monkeypatch: pytest.MonkeyPatch, found: Callable[[int], Findings]) -> None:
    """An Isolation Forest that finds something out; how many rows it was given is known when it is asked."""
    fit = IsolationForest.fit

    def counting(self, data, context) -> None:
        self.seen = len(data.train)
        fit(self, data, context)

    monkeypatch.setattr(IsolationForest, "fit", counting)
    monkeypatch.setattr(IsolationForest, "findings", lambda self: found(self.seen))


@pytest.fixture
def table_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Project, int]:
    _with_table_findings(monkeypatch, lambda count: Findings(suspicion=_suspicion(count), column_suspicion=COLUMNS))
    project = table_project(tmp_path)
    return project, train(project, request("isolation_forest"), QuietContext())


def test_items_are_named_in_the_order_of_training(table_run):
    project, run_id = table_run
    found = read_findings(project, run_id)
    assert found is not None
    learnt = [
        item.item_id for item in runs.snapshot_content(project, runs.record(project, run_id).snapshot_id) if item.split.name == "TRAIN"
    ]
    np.testing.assert_array_equal(found.item_ids, learnt)
    np.testing.assert_array_equal(found.suspicion, _suspicion(len(learnt)))
    largest_first = [learnt[place] for place in range(len(learnt)) if place % 3 == 0][::-1]
    assert found.suspicious_items().tolist() == largest_first
    assert found.suspicion_of(found.suspicious_items()[:1]).tolist() == [found.suspicion.max()]


def test_the_encoded_columns_of_a_category_count_together(table_run):
    project, run_id = table_run
    found = read_findings(project, run_id)
    assert [column.name for column in found.features] == ["Torque", "Speed", "Heat", "Type"]
    np.testing.assert_allclose(found.feature_suspicion, [0.5, 0, 2, 5], rtol=1e-15)  # 3-4-5
    assert [(column.name, value) for column, value in found.suspicious_features()] == [("Type", 5), ("Heat", 2), ("Torque", 0.5)]


def test_codes_keep_their_items(tmp_path, monkeypatch):
    codes = np.arange(8, dtype=np.float32).reshape(4, 2)
    places = np.array([7, 2, 5, 0])
    monkeypatch.setattr(Autoencoder, "findings", lambda self: Findings(codes=codes, code_items=places))
    project = picture_project(tmp_path)
    run_id = train(project, request("autoencoder"), QuietContext())
    found = read_findings(project, run_id)
    np.testing.assert_array_equal(found.codes, codes)
    np.testing.assert_array_equal(found.code_item_ids, found.item_ids[places])
    assert len(found.suspicion) == len(found.suspicious_items()) == 0
    assert found.suspicious_features() == []


def test_a_detector_that_looks_for_nothing_leaves_no_findings(tmp_path):
    project = table_project(tmp_path)
    run_id = train(project, request("isolation_forest"), QuietContext())
    assert read_findings(project, run_id) is None
    assert not (project.run_folder(run_id) / FINDINGS_FILE).exists()


def test_findings_of_an_earlier_attempt_do_not_stay(table_run):
    project, run_id = table_run
    ids = read_findings(project, run_id).item_ids
    form = form_from_json(runs.record(project, run_id).input)
    write_findings(project.run_folder(run_id), Findings(), ids, form)
    assert read_findings(project, run_id) is None


def test_nothing_suspicious_is_a_finding_too(tmp_path, monkeypatch):
    _with_table_findings(monkeypatch, lambda count: Findings(suspicion=np.zeros(count)))
    project = table_project(tmp_path)
    found = read_findings(project, train(project, request("isolation_forest"), QuietContext()))
    assert found is not None and len(found.suspicion) > 0 and len(found.suspicious_items()) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.unlink(),
        lambda path: save_file({"suspicion": np.ones(3)}, path),
        lambda path: save_file(load_file(path) | {"suspicion": np.ones(3)}, path),
        lambda path: save_file(load_file(path) | {"feature_suspicion": np.ones(3)}, path),
        lambda path: save_file(load_file(path) | {"suspicion": load_file(path)["suspicion"] * np.nan}, path),
        lambda path: save_file(load_file(path) | {"items": load_file(path)["items"].astype(np.float64)}, path),
        lambda path: save_file(load_file(path) | {"codes": np.ones((2, 2), dtype=np.float32)}, path),
        lambda path: save_file(load_file(path) | {"more": np.ones(2)}, path),
    ],
)
def test_damaged_findings_are_none(table_run, change):
    project, run_id = table_run
    change(project.run_folder(run_id) / FINDINGS_FILE)
    assert read_findings(project, run_id) is None


def test_a_run_cancelled_while_it_scores_keeps_what_it_found(tmp_path, monkeypatch):
    """And the second attempt, from the same checkpoint, says the same."""
    codes = np.ones((3, 2), dtype=np.float32)
    monkeypatch.setattr(Autoencoder, "findings", lambda self: Findings(codes=codes, code_items=np.arange(3)))

    class Impatient(QuietContext):
        def phase(self, name: str) -> None:
            self.cancelled = name == "Scoring"

    project = picture_project(tmp_path)
    with pytest.raises(Cancelled):
        train(project, request("autoencoder"), Impatient())
    before = read_findings(project, 1)
    assert before is not None
    execute_run(project, 1, QuietContext())
    np.testing.assert_array_equal(read_findings(project, 1).code_item_ids, before.code_item_ids)


# --- the command -------------------------------------------------------------------------------------------------------------------


def _answer(capsys: pytest.CaptureFixture[str], *words: object) -> dict:
    capsys.readouterr()
    assert cli.main(["findings", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_command_lists_the_most_suspicious_first(table_run, capsys):
    project, run_id = table_run
    found = read_findings(project, run_id)
    told = _answer(capsys, project.folder, "--run", run_id, "--top", 3)
    assert (told["training_items"], told["suspicious_items"]) == (len(found.item_ids), len(found.suspicious_items()))
    assert [item["item_id"] for item in told["items"]] == found.suspicious_items()[:3].tolist()
    assert [item["suspicion"] for item in told["items"]] == sorted(found.suspicion)[::-1][:3]
    (record,) = item_records(project, [told["items"][0]["item_id"]])
    first = told["items"][0]
    assert (first["name"], first["row"], first["label"]) == (record.name, record.position + 1, "good")
    assert first["path"].endswith("process.csv")
    assert [column["name"] for column in told["columns"]] == ["Type", "Heat", "Torque"]
    assert cli.main(["findings", str(project.folder), "--run", str(run_id), "--top", "3"]) == 0
    text = capsys.readouterr().out
    assert f"{len(found.suspicious_items())} of {len(found.item_ids)} training items are suspicious" in text
    assert f"row {record.position + 1} of" in text and "and " in text and "Heat" in text


def test_the_command_passes_over_items_that_left(table_run, capsys):
    project, run_id = table_run
    worst, second = read_findings(project, run_id).suspicious_items()[:2].tolist()
    remove_items(project, [worst])
    set_labels(project, [second], Label.DEFECTIVE)
    told = _answer(capsys, project.folder, "--run", run_id)
    assert told["items"][0]["item_id"] == second
    assert told["items"][0]["label"] == "defective"  # what it is now: that is what a person has to know


def test_the_command_gives_the_paths_of_pictures(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(Autoencoder, "findings", lambda self: Findings(suspicion=np.array([1.0] + [0.0] * 17)))
    project = picture_project(tmp_path, good=24)
    run_id = train(project, request("autoencoder"), QuietContext())
    (item,) = _answer(capsys, project.folder, "--run", run_id)["items"]
    (record,) = item_records(project, [item["item_id"]])
    assert item["path"] == str(record.path) and item["row"] is None
    assert Path(item["path"]).is_file()


def test_the_command_says_that_there_is_nothing(tmp_path, capsys):
    project = table_project(tmp_path)
    run_id = train(project, request("isolation_forest"), QuietContext())
    assert _answer(capsys, project.folder, "--run", run_id)["training_items"] is None
    assert cli.main(["findings", str(project.folder), "--run", str(run_id)]) == 0
    assert "nothing to say about its training items" in capsys.readouterr().out
    assert cli.main(["findings", str(project.folder), "--run", "9"]) == 1
