"""Scoring again, in other portions, after reopening and from another process: always the same score. And the evidence behind it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.data.layout import scan_folder
from core.job_context import Cancelled, QuietContext
from core.problems import ProblemCode, ProblemError
from core.project import items, runs
from core.project.importing import import_folder
from core.project.opening import Project, open_project
from core.project.runs import ScoreColumns
from core.training import scoring
from core.training.evidence import load_evidence, load_maps
from core.training.run import queue_run, train
from core.training.run_files import model_folder, scored_folder
from core.training.scoring import score_items
from core.vocabulary import Label
from tests.core.detector_cases import pictures
from tests.core.run_cases import FORM, add_table, ids_of, picture_project, request, table_project, write_table


@pytest.fixture(scope="module")
def picture_run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    project = picture_project(tmp_path_factory.mktemp("pictures"))
    yield project, train(project, request("autoencoder"), QuietContext())
    project.close()


@pytest.fixture(scope="module")
def table_run(tmp_path_factory: pytest.TempPathFactory) -> Any:
    project = table_project(tmp_path_factory.mktemp("tables"))
    yield project, train(project, request("isolation_forest"), QuietContext())
    project.close()


def _assert_same(one: ScoreColumns, other: ScoreColumns) -> None:
    np.testing.assert_array_equal(one.item_id, other.item_id)
    np.testing.assert_array_equal(one.score, other.score)


@pytest.mark.parametrize("name", ["picture_run", "table_run"])
def test_scoring_again_or_one_by_one_changes_nothing(name: str, request: pytest.FixtureRequest):
    project, run_id = request.getfixturevalue(name)
    before = runs.run_scores(project, run_id)
    assert score_items(project, run_id, None, QuietContext()) == len(before)
    _assert_same(runs.run_scores(project, run_id), before)
    for item in before.item_id[:4].tolist():
        score_items(project, run_id, [item], QuietContext())
    _assert_same(runs.run_scores(project, run_id), before)


def test_the_project_opened_again_gives_the_same_scores(tmp_path: Path):
    with table_project(tmp_path) as project:
        run_id = train(project, request("isolation_forest"), QuietContext())
        before = runs.run_scores(project, run_id)
    with open_project(project.folder) as again:
        _assert_same(runs.run_scores(again, run_id), before)
        score_items(again, run_id, before.item_id[::-1], QuietContext())
        _assert_same(runs.run_scores(again, run_id), before)


@pytest.mark.parametrize("name", ["picture_run", "table_run"])
def test_another_process_gives_the_same_scores(name: str, request: pytest.FixtureRequest):
    project, run_id = request.getfixturevalue(name)
    code = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from core.job_context import QuietContext\n"
        "from core.project import runs\n"
        "from core.project.opening import open_project\n"
        "from core.training.scoring import score_items\n"
        "project = open_project(Path(sys.argv[1]))\n"
        "score_items(project, int(sys.argv[2]), None, QuietContext())\n"
        "scores = runs.run_scores(project, int(sys.argv[2]))\n"
        "print(json.dumps(dict(zip(scores.item_id.tolist(), scores.score.tolist()))))\n"
    )
    before = runs.run_scores(project, run_id)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", code, str(project.folder), str(run_id)], capture_output=True, text=True, check=True, env=environment
    )
    there = json.loads(done.stdout)
    assert there == {str(item): score for item, score in zip(before.item_id.tolist(), before.score.tolist(), strict=True)}


def test_many_small_parts_give_the_same_scores(picture_run: tuple[Project, int], monkeypatch: pytest.MonkeyPatch):
    project, run_id = picture_run
    before = runs.run_scores(project, run_id)
    monkeypatch.setattr(scoring, "PICTURES_PER_PART", 5)
    score_items(project, run_id, None, QuietContext())
    after = runs.run_scores(project, run_id)
    _assert_same(after, before)
    assert len(np.unique(after.part)) == -(-len(after) // 5)
    for item in (after.item_id[0], after.item_id[7], after.item_id[-1]):
        assert load_evidence(project, run_id, int(item)).item_id == item
    kept = {path.name for path in scored_folder(project.run_folder(run_id)).iterdir()}
    assert kept == {str(part) for part in np.unique(after.part)}, "parts that nothing points to must go"


def test_picture_evidence_is_what_the_detector_said(picture_run: tuple[Project, int]):
    project, run_id = picture_run
    item = ids_of(project, label=Label.DEFECTIVE)[0]
    evidence = load_evidence(project, run_id, item)
    record = runs.record(project, run_id)
    assert record.input is not None
    assert evidence.map is not None and evidence.reconstruction is not None
    assert evidence.map.dtype == np.float32 and evidence.map.shape == (record.input["height"], record.input["width"])
    assert evidence.reconstruction.shape == (record.input["height"], record.input["width"], record.input["channels"])
    assert evidence.contributions is None and evidence.columns == ()
    assert evidence.map.max() >= 0.999 * evidence.score > evidence.map.mean()  # maps are kept with three digits
    found, maps = load_maps(project, run_id, [item])
    assert found.tolist() == [item]
    np.testing.assert_array_equal(maps[0], evidence.map)


def test_row_evidence_is_in_the_units_of_the_table(table_run: tuple[Project, int]):
    project, run_id = table_run
    item = ids_of(project, label=Label.DEFECTIVE)[0]
    evidence = load_evidence(project, run_id, item)
    assert [column.name for column in evidence.columns] == ["Torque", "Speed", "Heat", "Type"]
    assert evidence.contributions is not None and evidence.values is not None and evidence.expected is not None
    assert evidence.contributions.sum() == pytest.approx(evidence.score)
    assert 30 < evidence.values[0] < 80 and evidence.columns[3].categories is not None
    low, median, high = evidence.expected[0]
    assert 25 < low < median < high < 55
    assert np.isnan(evidence.expected[3]).all()
    worst = evidence.columns[int(evidence.contributions.argmax())].name
    assert worst in ("Torque", "Speed", "Heat")
    assert evidence.map is None and evidence.reconstruction is None


def test_items_that_were_not_scored_have_no_evidence(picture_run: tuple[Project, int]):
    project, run_id = picture_run
    with pytest.raises(KeyError):
        load_evidence(project, run_id, 10**6)
    assert load_maps(project, run_id, [10**6])[1].shape == (0, 0, 0)


def test_categories_are_matched_by_name_and_unknown_ones_count_as_missing(table_run: tuple[Project, int], tmp_path: Path):
    """The same rows in a table whose categories come in another order, with one that was never seen."""
    project, run_id = table_run
    text = write_table(tmp_path / "again.csv").read_text(encoding="utf-8").splitlines()
    header, body = text[0], text[1:]
    body = [body[1].replace(",A,", ",B,").replace(",B,", ",Z,"), *body[::-1]]
    (tmp_path / "again.csv").write_text("\n".join([header, *body]), encoding="utf-8")
    old = set(ids_of(project))
    add_table(project, tmp_path / "again.csv")
    new = sorted(set(ids_of(project)) - old)
    score_items(project, run_id, new, QuietContext())
    scores = runs.run_scores(project, run_id)
    by_name: dict[str, set[float]] = {}
    for item, score in zip(scores.item_id.tolist(), scores.score.tolist(), strict=True):
        if item != new[0]:
            by_name.setdefault(items.item_details(project, item).name, set()).add(score)
    assert all(len(found) == 1 for found in by_name.values())
    first = load_evidence(project, run_id, new[0])
    assert first.values is not None and np.isnan(first.values[3])
    items.remove_items(project, new)


# ---- trouble -----------------------------------------------------------------------------------------------------------------------


def test_runs_without_a_model_are_refused(picture_run: tuple[Project, int]):
    project, _ = picture_run
    waiting = queue_run(project, request("autoencoder"))
    for run_id, code in ((waiting, ProblemCode.RUN_NOT_DONE), (10**6, ProblemCode.RUN_UNKNOWN)):
        with pytest.raises(ProblemError) as caught:
            score_items(project, run_id, None, QuietContext())
        assert caught.value.problem.code is code


def test_nothing_to_score_is_said(picture_run: tuple[Project, int]):
    project, run_id = picture_run
    with pytest.raises(ProblemError) as caught:
        score_items(project, run_id, [], QuietContext())
    assert caught.value.problem.code is ProblemCode.NOTHING_TO_SCORE


def test_tampered_model_is_refused(tmp_path: Path):
    """One bit of one weight, and a file that is not ours."""
    with picture_project(tmp_path) as project:
        run_id = train(project, request("autoencoder"), QuietContext())
        before = runs.run_scores(project, run_id)
        weights = model_folder(project.run_folder(run_id)) / "weights.safetensors"
        whole = weights.read_bytes()
        stranger = model_folder(project.run_folder(run_id)) / "evil.pkl"
        for change in (
            lambda: weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1])),
            lambda: stranger.write_bytes(b"\x80\x04."),
            weights.unlink,
        ):
            change()
            with pytest.raises(ProblemError) as caught:
                score_items(project, run_id, None, QuietContext())
            assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED
            weights.write_bytes(whole)
            stranger.unlink(missing_ok=True)
        score_items(project, run_id, None, QuietContext())
        _assert_same(runs.run_scores(project, run_id), before)


def test_damaged_evidence_is_a_problem_and_not_a_bug(tmp_path: Path):
    with picture_project(tmp_path) as project:
        run_id = train(project, request("autoencoder"), QuietContext())
        part = scored_folder(project.run_folder(run_id)) / "0"
        assert not part.exists() or part.is_dir()
        folder = next(scored_folder(project.run_folder(run_id)).iterdir())
        item = ids_of(project)[0]
        whole = (folder / "maps.npy").read_bytes()
        (folder / "maps.npy").write_bytes(whole[:40])
        with pytest.raises(ProblemError) as caught:
            load_evidence(project, run_id, item)
        assert caught.value.problem.code is ProblemCode.PROJECT_DAMAGED
        (folder / "maps.npy").write_bytes(whole)
        np.save(folder / "items.npy", np.load(folder / "items.npy")[::-1])
        with pytest.raises(ProblemError):
            load_evidence(project, run_id, item)


def test_cancel_keeps_what_was_stored(picture_run: tuple[Project, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    project, run_id = picture_run
    before = set(ids_of(project))
    for place, picture in enumerate(pictures(12, FORM, seed=9)):
        (tmp_path / "more").mkdir(exist_ok=True)
        Image.fromarray(picture).save(tmp_path / "more" / f"새것{place}.png")
    import_folder(project, scan_folder(tmp_path / "more", QuietContext()), QuietContext())
    new = sorted(set(ids_of(project)) - before)
    assert len(new) == 12
    monkeypatch.setattr(scoring, "PICTURES_PER_PART", 4)

    class Context(QuietContext):
        def progress(self, done: int, total: int) -> None:
            self.cancelled = done >= 4

    with pytest.raises(Cancelled):
        score_items(project, run_id, new, Context())
    scored = set(runs.run_scores(project, run_id).item_id.tolist())
    assert scored & set(new) == set(new[:4])
    assert score_items(project, run_id, new, QuietContext()) == 12


def test_progress_of_scoring_is_told_by_one_voice(picture_run: tuple[Project, int]):
    project, run_id = picture_run
    seen: list[tuple[int, int]] = []

    class Context(QuietContext):
        def progress(self, done: int, total: int) -> None:
            seen.append((done, total))

    score_items(project, run_id, None, Context())
    assert {total for _, total in seen} == {len(ids_of(project))}
    assert [done for done, _ in seen] == sorted(done for done, _ in seen) and seen[-1][0] == seen[-1][1]
