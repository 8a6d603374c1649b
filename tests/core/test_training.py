"""A run from request to result: which items it learns from, what it records, how it ends."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.detectors.base import Detector, LearnsFrom
from core.detectors.catalog import detector_class, recommended
from core.job_context import Cancelled, QuietContext
from core.problems import ProblemCode, ProblemError
from core.project import items, runs, thresholds
from core.project.labels import set_labels
from core.project.opening import Project
from core.training import devices, run
from core.training.request import TrainingRequest, parameters_of
from core.training.roles import roles_of
from core.training.run import execute_run, queue_run, train
from core.training.run_files import checkpoint_folder, model_folder, read_curve, read_log
from core.vocabulary import Kind, Label, RunState, Split
from tests.core.run_cases import add_table, ids_of, picture_project, request, table_project, write_table


@pytest.fixture
def picture(tmp_path: Path) -> Any:
    with picture_project(tmp_path) as project:
        yield project


@pytest.fixture
def table(tmp_path: Path) -> Any:
    with table_project(tmp_path) as project:
        yield project


def _code_of(caught: Any) -> ProblemCode:
    code: ProblemCode = caught.value.problem.code
    return code


# ---- requests ----------------------------------------------------------------------------------------------------------------------


def test_request_survives_json():
    asked = TrainingRequest(
        detector="autoencoder", parameters={"epochs": 3}, preset="quick", seed=0, source_ids=(2, 5), include_unlabelled=True
    )
    assert TrainingRequest.from_dict(json.loads(json.dumps(asked.to_dict()))) == asked


def test_parameters_are_defaults_then_preset_then_overrides():
    plain: Any = parameters_of(TrainingRequest(detector="autoencoder"))
    quick: Any = parameters_of(TrainingRequest(detector="autoencoder", preset="quick"))
    mine: Any = parameters_of(TrainingRequest(detector="autoencoder", preset="quick", parameters={"image_size": "96", "noise": 0}))
    assert quick.image_size < plain.image_size
    assert (mine.image_size, mine.noise, mine.epochs) == (96, 0.0, quick.epochs)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"parameters": {"epochs": 0}}, "epochs"),
        ({"parameters": {"epochs": "many"}}, "epochs"),
        ({"parameters": {"epoch": 3}}, "epoch"),
        ({"preset": "fast"}, "preset"),
    ],
)
def test_bad_parameters_are_named(changes: dict[str, Any], name: str):
    with pytest.raises(ProblemError) as caught:
        parameters_of(TrainingRequest(detector="autoencoder", **changes))
    assert _code_of(caught) is ProblemCode.PARAMETER_INVALID
    assert caught.value.problem.arguments["name"] == name


def test_devices_end_with_the_processor_and_unknown_ones_are_refused():
    assert devices.available_devices()[-1] == "cpu"
    assert devices.resolve_device("auto") == devices.available_devices()[0]
    assert devices.resolve_device("cpu") == "cpu" and devices.device_title("cpu") == "CPU"
    assert devices.free_memory("cpu") > 10**6
    for choice in ("cuda:99", "tpu", ""):
        with pytest.raises(ProblemError) as caught:
            devices.resolve_device(choice)
        assert _code_of(caught) is ProblemCode.DEVICE_UNAVAILABLE


# ---- roles -------------------------------------------------------------------------------------------------------------------------

G, D, N, U = Label.GOOD, Label.DEFECTIVE, Label.NONE, Label.UNSURE
T, C = Split.TRAIN, Split.CALIBRATION


@pytest.mark.parametrize(
    ("learns_from", "include", "train_places", "calibration_places"),
    [
        (LearnsFrom.GOOD, None, [0], [4]),
        (LearnsFrom.GOOD, True, [0, 2], [4, 6]),
        (LearnsFrom.GOOD, False, [0], [4]),
        (LearnsFrom.UNLABELLED, None, [0, 2], [4]),
        (LearnsFrom.LABELLED, None, [0, 1], [4]),
    ],
)
def test_roles(learns_from: LearnsFrom, include: bool | None, train_places: list[int], calibration_places: list[int]):
    labels = np.array([G, D, N, U, G, D, N, U, G, D], dtype=np.int8)
    splits = np.array([T, T, T, T, C, C, C, C, Split.TEST, Split.NEW], dtype=np.int8)
    roles = roles_of(labels, splits, learns_from=learns_from, include_unlabelled=include)
    assert np.flatnonzero(roles.train).tolist() == train_places
    assert np.flatnonzero(roles.calibration_good).tolist() == calibration_places
    assert np.flatnonzero(roles.calibration_defective).tolist() == [5]


def test_without_any_label_everything_counts_as_good():
    labels = np.array([N, N, N], dtype=np.int8)
    roles = roles_of(labels, np.array([T, T, C], dtype=np.int8), learns_from=LearnsFrom.GOOD, include_unlabelled=None)
    assert roles.train.tolist() == [True, True, False] and roles.calibration_good.tolist() == [False, False, True]


# ---- a whole run -------------------------------------------------------------------------------------------------------------------


def test_picture_run_from_import_to_threshold(picture: Project):
    context = QuietContext()
    run_id = train(picture, request("autoencoder"), context)
    record = runs.record(picture, run_id)
    assert record.state is RunState.DONE and record.kind is Kind.IMAGE and record.device == "cpu"
    assert record.parameters["epochs"] == request("autoencoder").parameters["epochs"] and "blur" in record.parameters
    assert record.input == {"height": 32, "width": 32, "channels": 3}
    assert record.heat_scale and record.heat_scale > 0 and record.model_sha256
    assert record.environment and record.environment["packages"]["torch"]
    assert [note.code for note in context.notes] == [ProblemCode.SPLIT_MADE]
    assert runs.run_scores(picture, run_id).item_id.tolist() == ids_of(picture)
    snapshot = runs.snapshot_content(picture, record.snapshot_id or 0)
    assert [item.item_id for item in snapshot] == ids_of(picture)
    assert {item.split for item in snapshot} == {Split.TRAIN, Split.CALIBRATION, Split.TEST}
    assert not checkpoint_folder(picture.run_folder(run_id)).exists()


def test_default_threshold_comes_from_calibration_goods_alone(picture: Project):
    run_id = train(picture, request("autoencoder"), QuietContext())
    kept = thresholds.current_threshold(picture, run_id)
    assert kept and kept.rule == "good_only" and kept.basis["split"] == "calibration" and kept.basis["n_good"] == 6
    scores = runs.run_scores(picture, run_id)
    calibration = scores.score[np.isin(scores.item_id, ids_of(picture, split=Split.CALIBRATION))]
    assert kept.t1 == kept.t2 > calibration.max()  # six goods promise no more than the largest of them


def test_table_run_gives_contributions_in_physical_columns(table: Project):
    context = QuietContext()
    run_id = train(table, request("isolation_forest"), context)
    record = runs.record(table, run_id)
    assert record.state is RunState.DONE and record.kind is Kind.ROW
    assert [(column["name"], column["unit"]) for column in record.input["features"]] == [
        ("Torque", "Nm"),
        ("Speed", "rpm"),
        ("Heat", "K"),
        ("Type", ""),
    ]
    scores = runs.run_scores(table, run_id)
    defective = np.isin(scores.item_id, ids_of(table, label=Label.DEFECTIVE))
    assert scores.score[defective].mean() > scores.score[~defective].mean() + 0.05


def test_defective_items_are_never_learnt_from(picture: Project, monkeypatch: pytest.MonkeyPatch):
    """Also if somebody put them into the training split."""
    defective = ids_of(picture, label=Label.DEFECTIVE)
    items.set_splits(picture, defective, Split.TRAIN, reason="test")
    counts: list[int] = []
    kind = detector_class("autoencoder")
    learn = kind.fit

    def fit(self: Detector, data: Any, context: Any) -> None:
        counts.append(len(data.train))
        assert data.labels is None
        learn(self, data, context)

    monkeypatch.setattr(kind, "fit", fit)
    train(picture, request("autoencoder"), QuietContext())
    assert counts == [len(set(ids_of(picture, split=Split.TRAIN)) - set(defective))]


def test_same_request_same_scores_other_seed_other_scores(picture: Project):
    first, second = (train(picture, request("autoencoder"), QuietContext()) for _ in range(2))
    other = train(picture, request("autoencoder", seed=1), QuietContext())
    one, two, three = (runs.run_scores(picture, run_id).score for run_id in (first, second, other))
    np.testing.assert_array_equal(one, two)
    assert not np.array_equal(one, three)


def test_splits_that_exist_are_kept(picture: Project):
    test_items = ids_of(picture, split=Split.TEST)
    train(picture, request("autoencoder"), QuietContext())
    assert set(test_items) <= set(ids_of(picture, split=Split.TEST))
    context = QuietContext()
    train(picture, request("autoencoder", seed=5), context)
    assert context.notes == []  # nothing left to split


def test_curve_and_log_outlive_the_run(picture: Project):
    run_id = train(picture, request("autoencoder"), QuietContext())
    curve = read_curve(picture, run_id)
    epochs = request("autoencoder").parameters["epochs"]
    assert {name: [step for step, _ in points] for name, points in curve.items()} == {
        name: list(range(1, epochs + 1)) for name in ("train_loss", "calibration_loss")
    }
    assert "train_loss" in read_log(picture, run_id) and "Scoring" in read_log(picture, run_id)
    (picture.run_folder(run_id) / "curve.json").write_text("{broken", encoding="utf-8")
    assert read_curve(picture, run_id) == {}


def test_working_size_keeps_the_aspect_ratio():
    from core.detectors.autoencoder import Autoencoder, AutoencoderParameters

    detector = Autoencoder(AutoencoderParameters(image_size=128))
    tall = detector.image_input([(1260, 500)] * 3, 1)
    assert 2.2 < tall.height / tall.width < 2.8 and abs(tall.height * tall.width - 128**2) < 0.2 * 128**2
    small = detector.image_input([(28, 28)], 1)
    assert (small.height, small.width) == (32, 32)
    mixed = detector.image_input([(100, 200), (200, 100), (400, 400)], 3)
    assert (mixed.height, mixed.width, mixed.channels) == (128, 128, 3)


# ---- trouble -----------------------------------------------------------------------------------------------------------------------


def test_nothing_of_the_kind_is_said_plainly(table: Project):
    run_id = queue_run(table, request("cutpaste"))
    with pytest.raises(ProblemError) as caught:
        execute_run(table, run_id, QuietContext())
    assert _code_of(caught) is ProblemCode.NOTHING_TO_TRAIN
    record = runs.record(table, run_id)
    assert record.state is RunState.FAILED and record.problem and record.problem.code is ProblemCode.NOTHING_TO_TRAIN


def test_too_few_good_items_are_counted_before_anything_is_read(tmp_path: Path):
    with picture_project(tmp_path, good=5, test_good=1, defective=1) as project:
        run_id = queue_run(project, request("autoencoder"))
        with pytest.raises(ProblemError) as caught:
            execute_run(project, run_id, QuietContext())
        assert _code_of(caught) is ProblemCode.TOO_FEW_GOOD
        assert caught.value.problem.arguments["needed"] == 8
        assert not model_folder(project.run_folder(run_id)).exists()


def test_pictures_that_went_away_are_noted_and_the_rest_goes_on(picture: Project):
    """Peers' trap 13."""
    lost, broken = [path for path in (items.item_details(picture, item).path for item in ids_of(picture, split=Split.TRAIN)[:2]) if path]
    lost.unlink()
    broken.write_bytes(broken.read_bytes()[:60])
    context = QuietContext()
    run_id = train(picture, request("autoencoder"), context)
    codes = [note.code for note in context.notes]
    assert ProblemCode.PATH_MISSING in codes and ProblemCode.IMAGE_DAMAGED in codes
    assert runs.record(picture, run_id).state is RunState.DONE
    assert len(runs.run_scores(picture, run_id)) == len(ids_of(picture)) - 2
    assert len(runs.snapshot_content(picture, runs.record(picture, run_id).snapshot_id or 0)) == len(ids_of(picture)) - 2


def test_unlabelled_project_trains_on_everything(tmp_path: Path):
    with picture_project(tmp_path, defective=1) as project:
        set_labels(project, ids_of(project), Label.NONE)
        items.set_splits(project, ids_of(project), Split.NEW, reason="test")
        run_id = train(project, request("autoencoder"), QuietContext())
        kept = thresholds.current_threshold(project, run_id)
        assert kept and kept.basis["n_good"] == len(ids_of(project, split=Split.CALIBRATION)) > 0


def test_without_calibration_goods_the_threshold_says_so(picture: Project):
    """All goods in the training split of one group that cannot be divided."""
    with picture.write() as connection:
        connection.exec_driver_sql("UPDATE items SET group_id = 'one lot' WHERE split = 'train'")
    context = QuietContext()
    run_id = train(picture, request("autoencoder"), context)
    kept = thresholds.current_threshold(picture, run_id)
    assert kept and kept.basis["split"] == "train"
    assert ProblemCode.NO_CALIBRATION_GOODS in [note.code for note in context.notes]


def test_tables_with_other_columns_are_refused(table: Project, tmp_path: Path):
    other = write_table(tmp_path / "other.csv")
    other.write_text(other.read_text(encoding="utf-8").replace("Heat [K]", "Cold [K]"), encoding="utf-8")
    add_table(table, other)
    with pytest.raises(ProblemError) as caught:
        train(table, request("isolation_forest"), QuietContext())
    assert _code_of(caught) is ProblemCode.TABLE_COLUMNS_DIFFER
    assert caught.value.problem.arguments["columns"] == "Cold, Heat"
    first = items.sources(table)[0].id
    run_id = train(table, request("isolation_forest", source_ids=(first,)), QuietContext())
    assert len(runs.run_scores(table, run_id)) == 170  # rows of the other table have no Heat and are left out


def test_too_little_memory_is_told_before_the_training(picture: Project, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "free_memory", lambda device: 10**6)
    run_id = queue_run(picture, request("autoencoder"))
    with pytest.raises(ProblemError) as caught:
        execute_run(picture, run_id, QuietContext())
    assert _code_of(caught) is ProblemCode.OUT_OF_MEMORY


@pytest.mark.parametrize("error", [MemoryError("no room"), RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate")])
def test_memory_that_runs_out_is_a_problem_and_not_a_bug(error: Exception, picture: Project, monkeypatch: pytest.MonkeyPatch):
    def fit(self: Detector, data: Any, context: Any) -> None:
        raise error

    monkeypatch.setattr(detector_class("autoencoder"), "fit", fit)
    run_id = queue_run(picture, request("autoencoder"))
    with pytest.raises(ProblemError) as caught:
        execute_run(picture, run_id, QuietContext())
    assert _code_of(caught) is ProblemCode.OUT_OF_MEMORY
    assert runs.record(picture, run_id).state is RunState.FAILED


def test_a_bug_marks_the_run_failed_and_is_not_hidden(picture: Project, monkeypatch: pytest.MonkeyPatch):
    def fit(self: Detector, data: Any, context: Any) -> None:
        raise ZeroDivisionError("bug")

    monkeypatch.setattr(detector_class("autoencoder"), "fit", fit)
    run_id = queue_run(picture, request("autoencoder"))
    with pytest.raises(ZeroDivisionError):
        execute_run(picture, run_id, QuietContext())
    record = runs.record(picture, run_id)
    assert record.state is RunState.FAILED and record.problem is None
    assert "ZeroDivisionError" in read_log(picture, run_id)


def test_a_done_run_is_not_executed_twice(table: Project):
    run_id = train(table, request("isolation_forest"), QuietContext())
    with pytest.raises(ValueError, match="done"):
        execute_run(table, run_id, QuietContext())


# ---- cancel and resume -------------------------------------------------------------------------------------------------------------


class _CancelAt(QuietContext):
    def __init__(self, epoch: int) -> None:
        super().__init__()
        self.epoch = epoch

    def metric(self, name: str, step: int, value: float) -> None:
        super().metric(name, step, value)
        self.cancelled = step >= self.epoch


def test_cancelled_run_is_recorded_and_resumes_to_the_same_scores(picture: Project):
    whole = train(picture, request("autoencoder"), QuietContext())
    run_id = queue_run(picture, request("autoencoder"))
    with pytest.raises(Cancelled):
        execute_run(picture, run_id, _CancelAt(7))
    assert runs.record(picture, run_id).state is RunState.CANCELLED
    assert len(runs.run_scores(picture, run_id)) == 0
    set_labels(picture, ids_of(picture, split=Split.TRAIN)[:3], Label.DEFECTIVE)  # the snapshot remembers them as good
    context = QuietContext()
    execute_run(picture, run_id, context)
    assert min(step for _, step, _ in context.metrics) > 5, "it began again from the start"
    np.testing.assert_array_equal(runs.run_scores(picture, run_id).score, runs.run_scores(picture, whole).score)
    assert read_curve(picture, run_id) == read_curve(picture, whole)


def test_resume_begins_anew_when_the_items_have_changed(picture: Project):
    run_id = queue_run(picture, request("autoencoder"))
    with pytest.raises(Cancelled):
        execute_run(picture, run_id, _CancelAt(7))
    items.remove_items(picture, ids_of(picture, split=Split.TRAIN)[:1])
    context = QuietContext()
    execute_run(picture, run_id, context)
    assert min(step for _, step, _ in context.metrics) == 1
    assert len(runs.run_scores(picture, run_id)) == len(ids_of(picture))


def test_recommended_detectors_run_with_their_quick_preset_declared():
    for kind in Kind:
        declaration = detector_class(recommended(kind)).declaration
        assert kind in declaration.takes
        parameters_of(TrainingRequest(detector=declaration.key, preset="quick"))


def test_run_folder_may_be_deleted_and_the_project_still_answers(picture: Project):
    run_id = train(picture, request("autoencoder"), QuietContext())
    shutil.rmtree(picture.run_folder(run_id))
    assert len(runs.run_scores(picture, run_id)) == len(ids_of(picture))
    assert read_log(picture, run_id) == "" and read_curve(picture, run_id) == {}


def test_request_is_kept_enough_to_start_again(picture: Project):
    asked = request("autoencoder", preset="quick")
    run_id = train(picture, asked, QuietContext())
    kept = TrainingRequest.from_dict(runs.record(picture, run_id).request)
    assert kept == replace(asked, parameters=dict(asked.parameters))
