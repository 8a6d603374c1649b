"""A run from request to result: choose items, train, save, score everything, propose the first threshold.

A run that was cancelled or interrupted may be executed again: it goes on from its last checkpoint, on the items of its snapshot.
"""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from core.detectors.base import Detector, LearnsFrom, TrainingData
from core.detectors.catalog import detector_class
from core.detectors.files import library_versions
from core.evaluation.thresholds import propose_default
from core.job_context import Cancelled, JobContext
from core.problems import Problem, ProblemCode, ProblemError, file_problems
from core.project import items, runs
from core.project.opening import Project
from core.project.runs import RunRecord
from core.project.thresholds import adopt_proposal
from core.training.devices import device_title, free_memory, make_repeatable, resolve_device
from core.training.evidence import load_maps
from core.training.findings import write_findings
from core.training.item_forms import ItemForm, PictureForm, TableForm, picture_form, table_form
from core.training.models import load_model, save_model
from core.training.plan import kind_of
from core.training.request import TrainingRequest, check_tile_size, parameters_of
from core.training.run_files import RecordingContext, checkpoint_folder, write_training_items, write_usual
from core.training.scoring import items_of_kind, score_with
from core.training.selection import Chosen, choose_items
from core.training.tiled import findings_of_pictures, tiled_data
from core.vocabulary import Kind, Label, RunState, Split
from core.wording import QT_TRANSLATE_NOOP

HEAT_QUANTILE: Final = 0.999
_HEAT_MAPS: Final = 200  # calibration maps that are enough to find the heat scale
_USUAL: Final = (0.05, 0.5, 0.95)
_STARTABLE: Final = frozenset({RunState.QUEUED, RunState.CANCELLED, RunState.INTERRUPTED, RunState.FAILED})


def queue_run(project: Project, request: TrainingRequest) -> int:
    """Checks the request and creates the run. Raises ProblemError(DETECTOR_UNKNOWN, PARAMETER_INVALID, DEVICE_UNAVAILABLE)."""
    declaration = detector_class(request.detector).declaration
    parameters = parameters_of(request)
    check_tile_size(request)
    resolve_device(request.device)
    return runs.create_run(
        project,
        detector=declaration.key,
        kind=kind_of(items.item_columns(project), declaration, request),
        parameters=parameters.model_dump(mode="json"),
        preset=request.preset,
        seed=request.seed,
        device=request.device,
        request=request.to_dict(),
    )


def train(project: Project, request: TrainingRequest, context: JobContext) -> int:
    """Queues and executes a run; returns its id. Raises what the two raise."""
    run_id = queue_run(project, request)
    execute_run(project, run_id, context)
    return run_id


def execute_run(project: Project, run_id: int, context: JobContext) -> None:
    """Does the whole run. A failure or a cancel is recorded in the run before it is raised.

    Raises ProblemError, Cancelled, ValueError if the run is done or running.
    """
    record = runs.record(project, run_id)
    if record.state not in _STARTABLE:
        raise ValueError(f"run {run_id} is {record.state}")
    with file_problems(project.folder), RecordingContext(context, project.run_folder(run_id)) as recording, _recorded_end(project, run_id):
        request = TrainingRequest.from_dict(record.request)
        device = resolve_device(request.device)
        runs.start_run(project, run_id, device=device)
        make_repeatable()
        _execute(project, run_id, request, device, recording)
        runs.finish_run(project, run_id)
    shutil.rmtree(checkpoint_folder(project.run_folder(run_id)), ignore_errors=True)


@contextmanager
def _recorded_end(project: Project, run_id: int) -> Iterator[None]:
    try:
        yield
    except Cancelled:
        runs.cancel_run(project, run_id)
        raise
    except KeyboardInterrupt:
        runs.cancel_run(project, run_id)
        raise
    except ProblemError as error:
        runs.fail_run(project, run_id, error.problem)
        raise
    except Exception as error:
        problem = _memory_problem(error)
        runs.fail_run(project, run_id, problem.problem if problem else None)
        if problem:
            raise problem from error
        raise


def _execute(project: Project, run_id: int, request: TrainingRequest, device: str, context: RecordingContext) -> None:
    record = runs.record(project, run_id)
    folder = project.run_folder(run_id)
    context.phase(QT_TRANSLATE_NOOP("Phase", "Reading items"))
    kind = detector_class(request.detector)
    chosen = choose_items(project, record, kind.declaration, request=request, context=context)
    checkpoints = checkpoint_folder(folder)
    checkpoints.mkdir(exist_ok=True)
    detector = kind(parameters_of(request), seed=request.seed, device=device, checkpoints=checkpoints)
    form, data, ids = _load(project, record, detector, chosen, context)
    runs.describe_run(project, run_id, input=form.to_json(), environment=environment(device))
    if isinstance(form, TableForm):
        write_usual(folder, _usual_ranges(project, form, chosen.ids[chosen.roles.train]))
    places = np.arange(len(ids))
    if isinstance(form, PictureForm) and form.grid is not None:
        data, places = tiled_data(data, form.grid, items.mask_paths(project, ids.tolist()), context)
    _check_memory(detector, data, device)
    context.phase(QT_TRANSLATE_NOOP("Phase", "Training"))
    detector.fit(data, context)
    write_training_items(folder, ids[places])
    write_findings(folder, findings_of_pictures(detector.findings(), places, len(ids)), ids, form)
    runs.describe_run(project, run_id, model_sha256=save_model(detector, folder))
    saved = load_model(project, runs.record(project, run_id), device=device)  # scores come from what is on disk, now and later
    score_with(project, run_id, saved, context, form=form, ids=items_of_kind(project, record.kind))
    context.phase(QT_TRANSLATE_NOOP("Phase", "Setting the threshold"))
    _set_scales(project, run_id, chosen, context)


def _load(
    project: Project, run: RunRecord, detector: Detector, chosen: Chosen, context: JobContext
) -> tuple[ItemForm, TrainingData, NDArray[np.int64]]:
    """Reads the items and fixes them in a snapshot, without those that cannot be read any more. Third: the ids of the training items."""
    training, calibrating = chosen.ids[chosen.roles.train], chosen.ids[chosen.roles.calibration_good]
    chosen.check_counts(detector.declaration, training)
    tile_size = TrainingRequest.from_dict(run.request).tile_size
    form: ItemForm
    form = (
        table_form(project, chosen.source_ids) if run.kind is Kind.ROW else picture_form(project, detector, training, tile_size=tile_size)
    )
    loaded = form.load(project, np.concatenate([training, calibrating]), context)
    if loaded.problems and chosen.final:  # the rest of the training would be on other items than its beginning
        first = loaded.problems[0]
        raise ProblemError(first.code, **first.arguments)
    for problem in loaded.problems:
        context.note(problem)
    count = int(np.isin(loaded.ids, training).sum())
    chosen.check_counts(detector.declaration, loaded.ids[:count])
    if not chosen.final:
        lost = np.setdiff1d(np.concatenate([training, calibrating]), loaded.ids)
        runs.describe_run(project, run.id, snapshot_id=runs.make_snapshot(project, np.setdiff1d(chosen.ids, lost).tolist()))
    labels = chosen.defective(loaded.ids[:count]) if detector.declaration.learns_from is LearnsFrom.LABELLED else None
    data = TrainingData(input=form.input, train=loaded.values[:count], calibration=loaded.values[count:], labels=labels)
    return form, data, loaded.ids[:count]


def _check_memory(detector: Detector, data: TrainingData, device: str) -> None:
    needed, available = detector.memory_needed(data), free_memory(device)
    if needed > available:
        raise ProblemError(ProblemCode.OUT_OF_MEMORY, needed=needed // 10**6, available=available // 10**6)


def _memory_problem(error: Exception) -> ProblemError | None:
    """torch and numpy each have their own way to say that memory ran out; None if it is something else."""
    text = str(error).lower()
    if not isinstance(error, MemoryError) and "out of memory" not in text and "not enough memory" not in text:
        return None
    return ProblemError(ProblemCode.OUT_OF_MEMORY, needed="?", available=free_memory("cpu") // 10**6)


def _usual_ranges(project: Project, form: TableForm, ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Low, median and high of each feature of the training rows; NaN for categories and for columns without values."""
    _, rows, _ = form.rows(project, ids)
    usual = np.full((len(form.features), len(_USUAL)), np.nan)
    for place, feature in enumerate(form.features):
        values = rows[np.isfinite(rows[:, place]), place]
        if feature.categories is None and len(values):
            usual[place] = np.quantile(values, _USUAL)
    return usual


def _set_scales(project: Project, run_id: int, chosen: Chosen, context: JobContext) -> None:
    """The heat scale and the first threshold, both from calibration goods, or from training goods where there are none."""
    scores = runs.run_scores(project, run_id)
    good, defective = chosen.ids[chosen.roles.calibration_good], chosen.ids[chosen.roles.calibration_defective]
    split = Split.CALIBRATION
    if not np.isin(scores.item_id, good).any():
        context.note(Problem(ProblemCode.NO_CALIBRATION_GOODS))
        good, defective, split = chosen.ids[chosen.roles.train & (chosen.labels != Label.DEFECTIVE)], defective[:0], Split.TRAIN
    _, maps = load_maps(project, run_id, good[:: max(1, len(good) // _HEAT_MAPS)])
    if maps.size:
        scale = float(np.quantile(maps, HEAT_QUANTILE))
        runs.describe_run(project, run_id, heat_scale=max(scale, float(np.finfo(np.float32).tiny)))
    proposal = propose_default(scores.score[np.isin(scores.item_id, good)], scores.score[np.isin(scores.item_id, defective)], split=split)
    adopt_proposal(project, run_id, proposal)


def environment(device: str) -> dict[str, Any]:
    """What a result may depend on beside data, parameters and seed."""
    import torch

    names = ("flawscope", "numpy", "scikit-learn", "scipy", "torch", "pillow", "skops", "safetensors")
    packages = library_versions(names)
    return {
        "os": platform.platform(),
        "python": packages.pop("python"),
        "packages": packages,
        "device": device_title(device),
        "threads": torch.get_num_threads(),
    }
