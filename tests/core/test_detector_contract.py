"""Every detector of the catalogue keeps the contract. `test_contract_rules` shows that these rules catch the usual mistakes."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from core.detectors import files
from core.detectors.base import PRESETS, Detector, Gives, LearnsFrom, TrainingData, unit_of
from core.detectors.catalog import DETECTORS, declarations, detector_class, recommended
from core.job_context import Cancelled, QuietContext
from core.problems import ProblemCode, ProblemError
from core.vocabulary import Kind
from tests.core import detector_cases as rules
from tests.core.detector_cases import Case, case_name
from tests.core.detector_settings import DETERMINISTIC, LONG, OTHER, SPREADS

CASES = rules.cases()
every_case = pytest.mark.parametrize("case", CASES, ids=case_name)
every_detector = pytest.mark.parametrize("key", DETECTORS)


class Fitted(dict[str, Detector]):
    """Each case trained once, when it is first asked for."""

    def __missing__(self, name: str) -> Detector:
        self[name] = next(case for case in CASES if case_name(case) == name).fitted()
        return self[name]


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return Fitted()


# ---- declarations ------------------------------------------------------------------------------------------------------------------


def test_catalogue_keys_are_those_of_the_declarations():
    assert [declaration.key for declaration in declarations()] == list(DETECTORS)
    assert {recommended(Kind.IMAGE), recommended(Kind.ROW)} <= set(DETECTORS)


def test_unknown_detector_is_refused_with_the_list():
    with pytest.raises(ProblemError) as caught:
        detector_class("efficient_a_d")
    assert caught.value.problem.code is ProblemCode.DETECTOR_UNKNOWN
    assert "autoencoder" in caught.value.problem.sentence()


@every_detector
def test_declaration_is_complete(key: str):
    declaration = detector_class(key).declaration
    assert declaration.takes and declaration.source and declaration.title and declaration.summary.endswith(".")
    assert set(declaration.presets) == set(PRESETS)
    for name, field in declaration.parameters.model_fields.items():
        assert field.title and field.description and field.description.endswith("."), name
        assert isinstance(unit_of(field), str)
        assert field.annotation in (int, float, bool, str) or getattr(field.annotation, "__origin__", None), name
        if field.annotation in (int, float):
            limits = {type(limit).__name__ for limit in field.metadata}
            assert limits & {"Ge", "Gt"} and limits & {"Le", "Lt"}, f"{name} has no range"
    for preset in declaration.presets.values():
        declaration.parameters.model_validate(preset)


@every_detector
def test_parameters_refuse_unknown_names_and_values_out_of_range(key: str):
    model = detector_class(key).declaration.parameters
    with pytest.raises(ValueError, match="extra"):
        model.model_validate({"no_such_parameter": 1})
    for name, field in model.model_fields.items():
        if field.annotation in (int, float):
            with pytest.raises(ValueError, match=name):
                model.model_validate({name: float("nan")})
            with pytest.raises(ValueError, match=name):
                model.model_validate({name: -1e12})


@every_detector
def test_every_parameter_has_a_changed_value_to_try(key: str):
    assert set(OTHER[key]) == set(detector_class(key).declaration.parameters.model_fields)


@pytest.mark.parametrize(("key", "name"), [(key, name) for key in DETECTORS for name in OTHER.get(key, ())])
def test_every_parameter_changes_something(key: str, name: str, fitted: Fitted, tmp_path: Path):
    """Peers' trap 17: documented arguments that do nothing. One of the kinds that the detector takes is enough, in grey or colour."""
    value = OTHER[key][name]
    value, also = value if isinstance(value, tuple) else (value, {})
    value = value(tmp_path) if callable(value) else value
    assert any(_scores_change(case, {name: value}, also, fitted) for case in CASES if case.key == key)


def _scores_change(case: Case, changed: dict[str, Any], also: dict[str, Any], fitted: Fitted) -> bool:
    before, after = case.fitted(**also) if also else fitted[case_name(case)], case.fitted(**also, **changed)
    return not np.array_equal(after.score(_good(case, {**also, **changed})).scores, before.score(_good(case, also)).scores)


def _good(case: Case, changes: dict[str, Any]) -> Any:
    if "image_size" not in changes or case.kind is not Kind.IMAGE:
        return case.good
    size = changes["image_size"]
    return rules.pictures(len(case.good), rules.ImageInput(height=size, width=size, channels=1), seed=3)


# ---- scores ------------------------------------------------------------------------------------------------------------------------


@every_case
def test_scores_do_not_depend_on_the_batch(case: Case, fitted: Fitted):
    rules.assert_same_alone_and_in_batches(fitted[case_name(case)], case.mixed)


@every_case
def test_scores_follow_their_items(case: Case, fitted: Fitted):
    rules.assert_order_follows_items(fitted[case_name(case)], case.mixed)


@every_case
def test_larger_is_more_anomalous(case: Case, fitted: Fitted):
    rules.assert_larger_is_worse(fitted[case_name(case)], case.good, case.defective)


@every_case
def test_scores_are_raw(case: Case, fitted: Fitted):
    rules.assert_raw_scores(fitted[case_name(case)], case.mixed)


@every_case
def test_extras_are_those_declared_and_of_the_right_form(case: Case, fitted: Fitted):
    detector = fitted[case_name(case)]
    scored = detector.score(case.good)
    gives = detector.declaration.gives
    assert (scored.maps is not None) == (Gives.MAP in gives and case.kind is Kind.IMAGE)
    assert (scored.reconstructions is not None) == (Gives.RECONSTRUCTION in gives)
    assert (scored.contributions is not None) == (Gives.CONTRIBUTIONS in gives and case.kind is Kind.ROW)
    assert (scored.neighbours is not None) == (Gives.NEIGHBOURS in gives)
    if scored.maps is not None:
        assert scored.maps.dtype == np.float32 and scored.maps.ndim == 3 and len(scored.maps) == len(case.good)
    if scored.reconstructions is not None:
        assert scored.reconstructions.shape == case.good.shape and scored.reconstructions.dtype == case.good.dtype
    if scored.contributions is not None:
        rest = scored.scores - scored.contributions.sum(axis=1)
        assert scored.contributions.shape == case.good.shape
        np.testing.assert_allclose(rest, rest[0], rtol=0, atol=1e-9 * (1 + np.abs(scored.scores).max()))
    if scored.neighbours is not None:
        assert scored.neighbours.dtype == np.int64 and scored.neighbours.ndim == 2
        assert bool((scored.neighbours >= 0).all()) and bool((scored.neighbours < len(case.data.train)).all())
        if case.data.labels is not None:
            assert not case.data.labels[scored.neighbours].any()


@every_case
def test_scoring_leaves_items_and_random_state_alone(case: Case, fitted: Fitted):
    items = case.mixed
    before = items.copy()
    torch.manual_seed(3)
    state = torch.get_rng_state()
    fitted[case_name(case)].score(items)
    np.testing.assert_array_equal(items, before)
    assert torch.equal(torch.get_rng_state(), state)


# ---- seeds -------------------------------------------------------------------------------------------------------------------------


@every_case
def test_same_seed_same_scores(case: Case, fitted: Fitted):
    """Peers' trap 8: 0 is a seed like any other."""
    np.testing.assert_array_equal(case.fitted(seed=0).score(case.mixed).scores, fitted[case_name(case)].score(case.mixed).scores)


@every_case
def test_different_seeds_differ_if_there_is_chance_at_all(case: Case, fitted: Fitted):
    same = np.array_equal(case.fitted(seed=1).score(case.mixed).scores, fitted[case_name(case)].score(case.mixed).scores)
    assert same == (case.key in DETERMINISTIC)


# ---- files -------------------------------------------------------------------------------------------------------------------------


@every_case
def test_same_scores_after_save_and_load(case: Case, fitted: Fitted, tmp_path: Path):
    rules.assert_saves_and_loads(fitted[case_name(case)], case.mixed, tmp_path / "model")


@every_case
def test_writes_only_into_its_folders(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    work, model, checkpoints = tmp_path / "work", tmp_path / "model", tmp_path / "checkpoints"
    for folder in (work, model, checkpoints):
        folder.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("HOME", str(work))
    monkeypatch.setenv("TMPDIR", str(work))
    detector = case.make(checkpoints=checkpoints)
    detector.fit(case.data, QuietContext())
    assert not list(model.iterdir())
    detector.score(case.good)
    detector.save(model)
    assert not list(work.iterdir())
    assert {path.suffix for path in model.iterdir()} <= {".json", ".safetensors", ".skops"}
    assert {path.suffix for path in checkpoints.iterdir()} <= {".json", ".safetensors", ".skops"}


@every_case
def test_every_damaged_file_is_refused(case: Case, fitted: Fitted, tmp_path: Path):
    fitted[case_name(case)].save(tmp_path)
    kind = detector_class(case.key)
    for path in sorted(tmp_path.iterdir()):
        whole = path.read_bytes()
        for broken in (b"", whole[: len(whole) // 2], b"\x80\x04\x95" + whole[3:], b"not a model"):
            path.write_bytes(broken)
            with pytest.raises(ProblemError) as caught:
                kind.load(tmp_path)
            assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED
        path.unlink()
        with pytest.raises(ProblemError) as caught:
            kind.load(tmp_path)
        assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED
        path.write_bytes(whole)
    kind.load(tmp_path)


@every_case
def test_forged_head_is_refused(case: Case, fitted: Fitted, tmp_path: Path):
    fitted[case_name(case)].save(tmp_path)
    head = json.loads((tmp_path / files.HEAD_FILE).read_text(encoding="utf-8"))
    form = "image" if case.kind is Kind.IMAGE else "table"
    for forged in ({"detector": "other"}, {"format": 2}, {"parameters": {"unknown": 1}}, {form: {}}, {"extra": 1}):
        (tmp_path / files.HEAD_FILE).write_text(json.dumps(head | forged), encoding="utf-8")
        with pytest.raises(ProblemError) as caught:
            detector_class(case.key).load(tmp_path)
        assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED


@pytest.mark.parametrize(("key", "file", "name"), SPREADS)
def test_a_spread_of_nothing_is_refused(key: str, file: str, name: str, fitted: Fitted, tmp_path: Path):
    """It would turn scores into infinities."""
    case = next(case for case in CASES if case.key == key)
    fitted[case_name(case)].save(tmp_path)
    path = tmp_path / f"{file}.safetensors"
    arrays = load_file(path)
    save_file(arrays | {name: arrays[name] * 0}, path)
    with pytest.raises(ProblemError) as caught:
        detector_class(key).load(tmp_path)
    assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED


# ---- jobs --------------------------------------------------------------------------------------------------------------------------


@every_case
def test_cancel_takes_effect_within_a_second(case: Case):
    if case.key not in LONG:
        with pytest.raises(Cancelled):
            case.make().fit(case.data, _CancelledAtOnce())
        return
    context = _ProgressContext()
    raised_after: list[float] = []

    def train() -> None:
        try:
            case.make(**LONG[case.key]).fit(case.data, context)
        except Cancelled:
            raised_after.append(time.perf_counter())

    thread = threading.Thread(target=train)
    thread.start()
    assert context.running.wait(30)
    cancelled_at = time.perf_counter()
    context.cancelled = True
    thread.join(30)
    assert raised_after and raised_after[0] - cancelled_at < 1


class _ProgressContext(QuietContext):
    def __init__(self) -> None:
        super().__init__()
        self.running = threading.Event()

    def progress(self, done: int, total: int) -> None:
        if done:
            self.running.set()


class _CancelledAtOnce(QuietContext):
    """For trainings that are over before anybody could cancel them: as soon as something is done, but not all."""

    def progress(self, done: int, total: int) -> None:
        self.cancelled = self.cancelled or 0 < done < total


@every_case
def test_progress_reaches_its_end(case: Case):
    seen: list[tuple[int, int]] = []

    class Context(QuietContext):
        def progress(self, done: int, total: int) -> None:
            seen.append((done, total))

    case.make().fit(case.data, Context())
    assert seen[-1][0] == seen[-1][1] > 0
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


# ---- difficult data ----------------------------------------------------------------------------------------------------------------


@every_case
def test_constant_items_give_finite_scores_or_a_problem(case: Case):
    constant = np.broadcast_to(case.data.train[:1], case.data.train.shape)
    _trains_finite_or_refuses(case, case.with_train(constant))


@every_case
def test_too_few_items_are_refused(case: Case):
    """Peers' traps 16 and 19: a clear refusal before training."""
    declaration = detector_class(case.key).declaration
    for count in {0, 1, declaration.minimum_good - 1}:
        with pytest.raises(ProblemError) as caught:
            case.make().fit(case.with_counts(good=count), QuietContext())
        assert caught.value.problem.code is ProblemCode.TOO_FEW_GOOD
    if declaration.minimum_defective:
        with pytest.raises(ProblemError) as caught:
            case.make().fit(case.with_counts(good=100, defective=declaration.minimum_defective - 1), QuietContext())
        assert caught.value.problem.code is ProblemCode.TOO_FEW_DEFECTIVE
    _trains_finite_or_refuses(case, case.with_counts(good=declaration.minimum_good, defective=declaration.minimum_defective))


@every_case
def test_no_calibration_items_is_no_obstacle(case: Case):
    detector = case.make()
    detector.fit(replace(case.data, calibration=case.data.calibration[:0]), QuietContext())
    assert np.isfinite(detector.score(case.good).scores).all()


@pytest.mark.parametrize("case", [case for case in CASES if case.kind is Kind.ROW], ids=case_name)
def test_missing_and_infinite_values_count_as_missing(case: Case):
    """The median of the training rows stands in, also for a column that was never measured."""
    train = case.data.train.copy()
    train[::7, 0], train[::11, 1], train[3, 2], train[:, 1] = np.nan, np.inf, -np.inf, np.nan
    detector = case.make()
    context = QuietContext()
    detector.fit(case.with_train(train), context)
    assert any(note.code is ProblemCode.CONSTANT_COLUMNS for note in context.notes)
    row = case.good[:1].copy()
    usual = row.copy()
    usual[0, 0] = np.median(train[np.isfinite(train[:, 0]), 0])
    for missing in (np.nan, np.inf, -np.inf):
        row[0, 0] = missing
        np.testing.assert_array_equal(detector.score(row).scores, detector.score(usual).scores)
    assert np.isfinite(detector.score(np.full_like(row, 1e300)).scores).all()


def _trains_finite_or_refuses(case: Case, data: TrainingData) -> None:
    detector = case.make()
    try:
        detector.fit(data, QuietContext())
    except ProblemError:
        return
    assert np.isfinite(detector.score(case.mixed).scores).all()


@every_case
def test_only_detectors_that_learn_from_labels_are_given_any(case: Case):
    assert (case.data.labels is not None) == (detector_class(case.key).declaration.learns_from is LearnsFrom.LABELLED)
