"""Runs, their snapshots, scores and thresholds; runs whose process died; the lock of a window."""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.problems import Problem, ProblemCode, ProblemError
from core.project import audit, runs, thresholds
from core.project.identity import ProcessIdentity
from core.project.items import remove_items, set_splits
from core.project.labels import set_labels
from core.project.locking import LOCK_NAME, acquire_lock
from core.project.opening import Project, create_project, open_project
from core.vocabulary import Kind, Label, RunState, Split
from tests.core.project_cases import Worker, add_items


@pytest.fixture
def project(tmp_path: Path):
    with create_project(tmp_path / "a") as made:
        yield made


def queue(project: Project, **changes: object) -> int:
    values = {"detector": "x", "kind": Kind.ROW, "parameters": {"깊이": 1.5}, "preset": "quick", "seed": 0, "device": "auto", "request": {}}
    return runs.create_run(project, **{**values, **changes})


def states(project: Project) -> list[RunState]:
    return [run.state for run in runs.records(project)]


# --- life of a run -----------------------------------------------------------------------------------------------------------------


def test_run_remembers_everything(project: Project) -> None:
    ids = add_items(project, 3, label="good", split="train")
    run = queue(project, request={"sources": [1, 2]})
    assert runs.record(project, run).state is RunState.QUEUED
    runs.start_run(project, run, device="cpu")
    snapshot = runs.make_snapshot(project, ids)
    runs.describe_run(project, run, snapshot_id=snapshot, input={"columns": ["a"]}, environment={"python": "3.11"})
    runs.describe_run(project, run, heat_scale=0.1 + 0.2, model_sha256="f" * 64)
    runs.finish_run(project, run, stopped_early=True)
    kept = runs.record(project, run)
    assert (kept.state, kept.kind, kept.device, kept.preset, kept.seed) == (RunState.DONE, Kind.ROW, "cpu", "quick", 0)
    assert (kept.parameters, kept.request, kept.input) == ({"깊이": 1.5}, {"sources": [1, 2]}, {"columns": ["a"]})
    assert (kept.environment, kept.snapshot_id, kept.heat_scale) == ({"python": "3.11"}, snapshot, 0.1 + 0.2)
    assert (kept.model_sha256, kept.pixel_threshold, kept.stopped_early, kept.problem) == ("f" * 64, None, True, None)
    assert kept.created_at <= str(kept.started_at) <= str(kept.finished_at)
    assert [entry.action for entry in audit.rows(project, object_type="run")] == ["create_run", "run_done"]
    assert runs.records(project) == [kept]


def test_run_ends_by_trouble_or_by_a_person(project: Project) -> None:
    problem = Problem(ProblemCode.TOO_FEW_GOOD, {"detector": "x", "needed": 2, "found": 0})
    first, second, third = (queue(project) for _ in range(3))
    runs.fail_run(project, first, problem)
    runs.fail_run(project, second, None)
    runs.cancel_run(project, third)
    assert states(project) == [RunState.FAILED, RunState.FAILED, RunState.CANCELLED]
    assert [run.problem for run in runs.records(project)] == [problem, None, None]
    assert not list(project.runs_folder.rglob("owner.json"))


def test_unknown_run_is_refused_everywhere(project: Project) -> None:
    acts = [
        lambda: runs.record(project, 7),
        lambda: runs.finish_run(project, 7),
        lambda: runs.describe_run(project, 7, heat_scale=1.0),
        lambda: runs.store_scores(project, 7, [1], [1.0], part=0),
        lambda: thresholds.set_threshold(project, 7, t1=0.0, t2=1.0, rule="hand", rule_value=None, basis={}),
    ]
    for act in acts:
        with pytest.raises(ProblemError) as caught:
            act()
        assert caught.value.problem.code is ProblemCode.RUN_UNKNOWN


# --- dead processes ----------------------------------------------------------------------------------------------------------------


def interrupted_by_opening(project: Project) -> list[int]:
    open_project(project.folder).close()
    return [run.id for run in runs.records(project) if run.state is RunState.INTERRUPTED]


def test_runs_of_a_killed_process_are_interrupted_when_the_project_opens(project: Project) -> None:
    worker = Worker("run", project.folder)
    assert worker.lines(3) == ["1", "2", "running"]
    mine = queue(project)
    with open_project(project.folder):
        assert states(project) == [RunState.RUNNING, RunState.QUEUED, RunState.QUEUED]
    worker.kill()
    with open_project(project.folder):
        assert states(project) == [RunState.INTERRUPTED, RunState.INTERRUPTED, RunState.QUEUED]
    assert runs.record(project, 1).finished_at is not None
    runs.start_run(project, mine)
    assert states(project)[2] is RunState.RUNNING


def test_process_id_given_out_again_does_not_keep_a_run_alive(project: Project) -> None:
    run = queue(project)
    owner = json.loads((project.run_folder(run) / "owner.json").read_text())
    owner["started"] -= 3600.0  # this process has the number, but began later
    (project.run_folder(run) / "owner.json").write_text(json.dumps(owner))
    assert interrupted_by_opening(project) == [run]


@pytest.mark.parametrize(("hours", "dead"), [(1, False), (100, True)])
def test_run_of_another_computer_is_believed_for_two_days(project: Project, hours: int, dead: bool) -> None:
    run = queue(project)
    path = project.run_folder(run) / "owner.json"
    owner = json.loads(path.read_text())
    path.write_text(json.dumps({**owner, "computer": "another"}))
    then = path.stat().st_mtime - hours * 3600
    os.utime(path, (then, then))
    assert interrupted_by_opening(project) == ([run] if dead else [])


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}', None])
def test_owner_file_cut_off_by_a_crash_is_dead(project: Project, content: str | None) -> None:
    run = queue(project)
    path = project.run_folder(run) / "owner.json"
    path.unlink() if content is None else path.write_text(content)
    assert interrupted_by_opening(project) == [run]


# --- snapshots ---------------------------------------------------------------------------------------------------------------------


def test_snapshot_stays_as_it_was(project: Project) -> None:
    ids = add_items(project, 4, label="good", split="train")
    first = runs.make_snapshot(project, reversed(ids))
    assert runs.make_snapshot(project, ids) == first
    before = runs.snapshot_content(project, first)
    set_labels(project, ids[:1], Label.DEFECTIVE)
    set_splits(project, ids[1:2], Split.TEST, reason="x")
    second = runs.make_snapshot(project, ids)
    remove_items(project, ids)
    assert runs.snapshot_content(project, first) == before
    assert [(item.item_id, item.label, item.split) for item in before] == [(item, Label.GOOD, Split.TRAIN) for item in ids]
    changed = [(item.label, item.split) for item in runs.snapshot_content(project, second)]
    assert changed == [(Label.DEFECTIVE, Split.TRAIN), (Label.GOOD, Split.TEST), *[(Label.GOOD, Split.TRAIN)] * 2]
    assert runs.snapshot_digest(project, first) != runs.snapshot_digest(project, second)
    with pytest.raises(KeyError):
        runs.snapshot_digest(project, 99)


# --- scores ------------------------------------------------------------------------------------------------------------------------


def test_scores_are_replaced_part_by_part(project: Project) -> None:
    ids = add_items(project, 4)
    run, other = queue(project), queue(project)
    assert len(runs.run_scores(project, run)) == 0
    runs.store_scores(project, run, [ids[2], ids[0]], [5.0, -1e-300], part=0)
    runs.store_scores(project, run, np.array(ids[2:]), np.array([7.0, math.inf]), part=1, rows=[10, 11])
    runs.store_scores(project, other, ids, [1, 2, 3, 4], part=0)
    columns = runs.run_scores(project, run)
    assert columns.item_id.tolist() == [ids[0], ids[2], ids[3]]
    assert columns.score.tolist() == [-1e-300, 7.0, math.inf]
    assert (columns.part.tolist(), columns.row.tolist()) == ([0, 1, 1], [1, 10, 11])
    remove_items(project, [ids[0]])
    assert runs.run_scores(project, run).item_id.tolist() == ids[2:]


def test_scores_of_items_that_left_are_passed_over(project: Project) -> None:
    ids = add_items(project, 3)
    run = queue(project)
    remove_items(project, [ids[1]])
    runs.store_scores(project, run, ids, [1.0, 2.0, 3.0], part=0)
    assert runs.run_scores(project, run).score.tolist() == [1.0, 3.0]


def test_item_without_a_score_is_no_nan(project: Project) -> None:
    ids = add_items(project, 2)
    run = queue(project)
    with pytest.raises(ValueError, match="NaN"):
        runs.store_scores(project, run, ids, [1.0, math.nan], part=0)
    with pytest.raises(ValueError, match="2 items, 1 scores"):
        runs.store_scores(project, run, ids, [1.0], part=0)
    assert len(runs.run_scores(project, run)) == 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.floats(allow_nan=False), min_size=1, max_size=20))
def test_every_score_comes_back_to_the_last_bit(project: Project, values: list[float]) -> None:
    ids = add_items(project, len(values))
    run = queue(project)
    runs.store_scores(project, run, ids, values, part=0)
    assert runs.run_scores(project, run).score.tolist() == values


# --- thresholds --------------------------------------------------------------------------------------------------------------------


def test_newest_threshold_holds_and_all_are_kept(project: Project) -> None:
    run = queue(project)
    assert thresholds.current_threshold(project, run) is None
    first = thresholds.set_threshold(project, run, t1=0.1 + 0.2, t2=0.5, rule="good_only", rule_value=0.01, basis={"n_good": 48})
    second = thresholds.set_threshold(project, run, t1=0.4, t2=math.inf, rule="hand", rule_value=None, basis={}, reason="고객")
    assert thresholds.history(project, run) == [first, second]
    assert thresholds.current_threshold(project, run) == second
    assert (first.t1, first.basis, first.rule_value, second.t2, second.reason) == (0.1 + 0.2, {"n_good": 48}, 0.01, math.inf, "고객")
    changes = [(entry.old_value, entry.new_value) for entry in audit.rows(project) if entry.action == "set_threshold"]
    assert changes == [(None, "0.30000000000000004 0.5 good_only"), ("0.30000000000000004 0.5 good_only", "0.4 inf hand")]


@pytest.mark.parametrize(("t1", "t2"), [(2.0, 1.0), (math.nan, 1.0), (1.0, math.nan)])
def test_thresholds_in_the_wrong_order_are_refused(project: Project, t1: float, t2: float) -> None:
    run = queue(project)
    with pytest.raises(ProblemError) as caught:
        thresholds.set_threshold(project, run, t1=t1, t2=t2, rule="hand", rule_value=None, basis={})
    assert caught.value.problem.code is ProblemCode.THRESHOLD_ORDER
    assert thresholds.history(project, run) == []


# --- one window --------------------------------------------------------------------------------------------------------------------


def test_second_window_is_told_who_holds_the_project(project: Project) -> None:
    lock = acquire_lock(project.folder, "Flawscope")
    with pytest.raises(ProblemError) as caught:
        acquire_lock(project.folder, "Flawscope")
    assert caught.value.problem.code is ProblemCode.PROJECT_IN_USE
    assert str(ProcessIdentity.current().pid) in caught.value.problem.sentence()
    lock.release()
    second = acquire_lock(project.folder, "Flawscope")
    lock.release()  # must not open the door of the second
    with pytest.raises(ProblemError):
        acquire_lock(project.folder, "Flawscope")
    second.release()
    assert not (project.folder / LOCK_NAME).exists()


def test_lock_of_a_living_process_holds_and_that_of_a_killed_one_does_not(project: Project) -> None:
    worker = Worker("lock", project.folder)
    assert worker.lines(1) == ["locked"]
    with pytest.raises(ProblemError):
        acquire_lock(project.folder, "Flawscope")
    add_items(project, 1)  # a lock of the window is no lock of the database
    worker.kill()
    acquire_lock(project.folder, "Flawscope").release()


@pytest.mark.parametrize("content", ["", "nonsense\nFlawscope\nx", "{}\nFlawscope\nx"])
def test_lock_file_cut_off_by_a_crash_does_not_lock(project: Project, content: str) -> None:
    (project.folder / LOCK_NAME).write_text(content)
    acquire_lock(project.folder, "Flawscope").release()


def test_lock_of_another_computer_holds(project: Project) -> None:
    identity = json.loads(ProcessIdentity.current().to_json())
    (project.folder / LOCK_NAME).write_text(json.dumps({**identity, "pid": 999_999_999, "computer": "line-2"}) + "\nFlawscope\nx")
    with pytest.raises(ProblemError, match="line-2"):
        acquire_lock(project.folder, "Flawscope")
