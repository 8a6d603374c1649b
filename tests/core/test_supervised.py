"""Detectors that learn from labelled items, in a project: where their defective training items come from, and what is never touched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from core.cli import main
from core.data.splits import lend_defectives
from core.detectors.base import LearnsFrom
from core.detectors.catalog import declarations, detector_class
from core.job_context import QuietContext
from core.problems import ProblemCode, ProblemError
from core.project import items, runs
from core.project.labels import set_labels
from core.project.opening import Project, open_project
from core.project.splitting import split_project
from core.training.plan import plan_training
from core.training.run import train
from core.vocabulary import Kind, Label, RunState, Split
from tests.core.run_cases import ids_of, picture_project, request, table_project

KEYS = ("logistic_regression", "gradient_boosting")
G, D, N = Label.GOOD, Label.DEFECTIVE, Label.NONE
TRAIN, CALIBRATION, TEST = Split.TRAIN, Split.CALIBRATION, Split.TEST


@pytest.fixture
def table(tmp_path: Path) -> Any:
    """150 good and 20 defective rows, divided in the usual way: no defective one trains, 8 calibrate, 12 test."""
    with table_project(tmp_path) as project:
        split_project(project, seed=0)
        yield project


def defectives(project: Project) -> dict[Split, set[int]]:
    return {split: set(ids_of(project, split=split, label=Label.DEFECTIVE)) for split in (TRAIN, CALIBRATION, TEST)}


def plan(project: Project, key: str, **changes: Any) -> Any:
    return plan_training(items.item_columns(project), detector_class(key).declaration, request(key, **changes))


# ---- the rule ----------------------------------------------------------------------------------------------------------------------


def lent(labels: list[Label], splits: list[Split], groups: list[str | None] | None = None, *, needed: int, seed: int = 0) -> list[int]:
    given_groups = groups or [None] * len(labels)
    return lend_defectives(np.array(labels, np.int8), np.array(splits, np.int8), given_groups, seed=seed, needed=needed).tolist()


@pytest.mark.parametrize(("calibrating", "needed", "moved"), [(8, 3, 4), (9, 3, 5), (8, 6, 6), (5, 5, 5), (4, 5, 0), (0, 1, 0), (6, 0, 0)])
def test_half_moves_or_as_many_as_are_needed_or_none(calibrating: int, needed: int, moved: int):
    labels = [G] * 10 + [D] * calibrating + [D] * 7
    splits = [CALIBRATION] * (10 + calibrating) + [TEST] * 7
    after = lent(labels, splits, needed=needed)
    assert after.count(TRAIN) == moved
    assert after[:10] == [CALIBRATION] * 10 and after[-7:] == [TEST] * 7


def test_those_that_train_already_count():
    labels, splits = [G] + [D] * 10, [CALIBRATION] + [TRAIN] * 4 + [CALIBRATION] * 6
    assert lent(labels, splits, needed=4).count(TRAIN) == 4  # nothing is missing
    assert lent(labels, splits, needed=5).count(TRAIN) == 7


def test_groups_with_good_items_go_last_and_never_the_last_good_ones():
    labels = [D, D, G, D, G, G]
    groups: list[str | None] = ["a", "b", "b", "c", "c", None]
    splits = [CALIBRATION] * 6
    assert lent(labels, splits, groups, needed=1) in ([1, 1, 1, 2, 2, 2], [1, 2, 2, 1, 1, 2])
    assert lent([D, G, D], [CALIBRATION] * 3, ["a", "a", None], needed=2) == [2, 2, 2]


@settings(deadline=None, max_examples=60)
@given(data=st.data(), seed=st.integers(0, 99), needed=st.integers(0, 12))
def test_whole_groups_move_from_calibration_to_training_and_nothing_else(data: st.DataObject, seed: int, needed: int):
    count = data.draw(st.integers(1, 60))
    labels = data.draw(st.lists(st.sampled_from([G, D, D, N]), min_size=count, max_size=count))
    group_of = st.sampled_from([None, "a", "b", "c", "d", "e"])
    groups = data.draw(st.lists(group_of, min_size=count, max_size=count))
    of_group = {name: data.draw(st.sampled_from([TRAIN, CALIBRATION, CALIBRATION, TEST])) for name in "abcde"}
    splits = [of_group[name] if name else data.draw(st.sampled_from([TRAIN, CALIBRATION, TEST])) for name in groups]
    after = lent(labels, splits, groups, needed=needed, seed=seed)
    assert after == lent(labels, splits, groups, needed=needed, seed=seed)
    changed = [place for place in range(count) if after[place] != splits[place]]
    assert all((splits[place], after[place]) == (CALIBRATION, TRAIN) for place in changed)
    for name in "abcde":
        assert len({after[place] for place in range(count) if groups[place] == name}) <= 1
    trains = sum(label == D and split == TRAIN for label, split in zip(labels, after, strict=True))
    assert not changed or trains >= needed
    if (G, CALIBRATION) in zip(labels, splits, strict=True):
        assert (G, CALIBRATION) in zip(labels, after, strict=True)


# ---- runs --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", KEYS)
def test_a_usual_split_is_enough_to_learn_from_defective_items(key: str, table: Project):
    before = defectives(table)
    assert [len(before[split]) for split in (TRAIN, CALIBRATION, TEST)] == [0, 8, 12]
    context = QuietContext()
    run_id = train(table, request(key), context)
    after = defectives(table)
    assert after[TEST] == before[TEST] and len(after[TRAIN]) == 5 and after[TRAIN] | after[CALIBRATION] == before[CALIBRATION]
    assert [note.code for note in context.notes] == [ProblemCode.DEFECTIVES_MOVED]
    arguments = context.notes[0].arguments
    assert (arguments["moved"], arguments["train"], arguments["calibration"], arguments["test"]) == (5, 5, 3, 12)
    assert "5 defective items were moved" in context.notes[0].sentence() and "not touched" in context.notes[0].sentence()
    record = runs.record(table, run_id)
    assert record.state is RunState.DONE
    scores = runs.run_scores(table, run_id)
    tested = np.isin(scores.item_id, ids_of(table, split=TEST))
    labels = np.isin(scores.item_id[tested], sorted(after[TEST]))
    assert roc_auc_score(labels, scores.score[tested]) > 0.9
    assert plan(table, key).moved_defective == 0
    again = QuietContext()
    train(table, request(key, seed=4), again)
    assert again.notes == [] and defectives(table) == after


@pytest.mark.parametrize("key", KEYS)
def test_the_plan_shows_what_moves_before_the_start(key: str, table: Project):
    promised = plan(table, key)
    columns = items.item_columns(table).split.copy()
    assert (promised.moved_defective, promised.splits_first, promised.problem) == (5, False, None)
    assert (promised.defective, promised.calibration_defective, promised.test_defective) == (5, 3, 12)
    np.testing.assert_array_equal(items.item_columns(table).split, columns)  # a plan changes nothing
    run_id = train(table, request(key), QuietContext())
    used = runs.snapshot_content(table, runs.record(table, run_id).snapshot_id or 0)
    assert sum((item.split, item.label) == (TRAIN, Label.DEFECTIVE) for item in used) == promised.defective
    assert sum((item.split, item.label) == (TRAIN, Label.GOOD) for item in used) == promised.good


def test_items_without_a_split_are_divided_for_a_detector_that_learns_from_defective_ones(tmp_path: Path):
    with table_project(tmp_path) as project:
        context = QuietContext()
        promised = plan(project, "logistic_regression")
        train(project, request("logistic_regression"), context)
        found = defectives(project)
        assert [len(found[split]) for split in (TRAIN, CALIBRATION, TEST)] == [8, 4, 8]
        assert [note.code for note in context.notes] == [ProblemCode.SPLIT_MADE]
        assert (promised.splits_first, promised.moved_defective, promised.defective) == (True, 0, 8)


def test_defective_items_labelled_later_train_first_and_nothing_moves(table: Project):
    goods = ids_of(table, split=TRAIN, label=Label.GOOD)[:10]
    items.set_splits(table, goods, Split.NEW, reason="test")
    set_labels(table, goods, Label.DEFECTIVE)
    before = defectives(table)
    context = QuietContext()
    train(table, request("logistic_regression"), context)
    after = defectives(table)
    assert [note.code for note in context.notes] == [ProblemCode.SPLIT_MADE]
    assert before[TEST] <= after[TEST] and before[CALIBRATION] <= after[CALIBRATION] and len(after[TRAIN]) >= 5


@pytest.mark.parametrize("key", KEYS)
def test_defective_items_that_all_test_stay_there_and_the_run_says_what_to_do(key: str, tmp_path: Path):
    """MVTec's layout: every defective image is in the test folder."""
    with picture_project(tmp_path) as project:
        before = defectives(project)
        problem = plan(project, key, parameters={"image_size": 32}).problem
        with pytest.raises(ProblemError) as caught:
            train(project, request(key), QuietContext())
        assert caught.value.problem.code is ProblemCode.TOO_FEW_DEFECTIVE and caught.value.problem == problem
        sentence = caught.value.problem.sentence()
        assert "at least 5" in sentence and "there are 0" in sentence and "by hand" in sentence
        assert defectives(project) == before
        assert runs.records(project)[-1].state is RunState.FAILED


def test_too_few_in_calibration_move_nothing(table: Project):
    calibrating = sorted(defectives(table)[CALIBRATION])
    items.set_splits(table, calibrating[:4], TEST, reason="test")
    before = defectives(table)
    with pytest.raises(ProblemError):
        train(table, request("gradient_boosting"), QuietContext())
    assert defectives(table) == before


def test_detectors_that_learn_from_good_items_move_nothing(table: Project):
    before = defectives(table)
    train(table, request("isolation_forest"), QuietContext())
    assert defectives(table) == before


def test_every_detector_that_needs_defective_items_learns_from_labels():
    needing = {found.key for found in declarations() if found.minimum_defective}
    assert needing >= set(KEYS)
    assert all(detector_class(key).declaration.learns_from is LearnsFrom.LABELLED for key in needing)


# ---- moving items by hand on the command line --------------------------------------------------------------------------------------


def _answer(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> Any:
    try:
        ended = main([str(word) for word in words] + ["--json"])
    except SystemExit as wrong_usage:
        ended = int(wrong_usage.code or 0)
    assert ended == code
    printed = capsys.readouterr()
    return json.loads(printed.out) if code == 0 else printed.err


def test_chosen_items_are_put_into_a_split_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with picture_project(tmp_path, defective=12) as project:
        folder = project.folder
    answer = _answer(capsys, "split", folder, "--into", "train", "--items", "test/spot/00[0-4].png", "test/spot/005.png")
    assert answer["moved"] == 6 and answer["splits"]["train"] == 24 + 6
    trained = _answer(capsys, "train", folder, "--detector", "logistic_regression", "--image-size", 32, "--device", "cpu")
    with open_project(folder) as project:
        found = defectives(project)
        assert (len(found[TRAIN]), len(found[TEST])) == (6, 6)
        assert runs.record(project, trained["run"]).kind is Kind.IMAGE


def test_a_name_that_no_item_has_moves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with picture_project(tmp_path) as project:
        folder, before = project.folder, items.item_columns(project).split.copy()
    error = _answer(capsys, "split", folder, "--into", "train", "--items", "test/spot/*", "nothing*", code=1)
    assert "nothing*" in error
    with open_project(folder) as project:
        np.testing.assert_array_equal(items.item_columns(project).split, before)


@pytest.mark.parametrize("words", [["--into", "train"], ["--items", "a"], ["--into", "train", "--items", "a", "--anew"]])
def test_half_a_wish_is_wrong_usage(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with picture_project(tmp_path) as project:
        folder = project.folder
    _answer(capsys, "split", folder, *words, code=2)
