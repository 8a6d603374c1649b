"""Scoring items with the model of a run. What was found is read back with `core.training.evidence`.

There is one way to a score: window, command line and the run itself come through here. Work goes in chunks of items, each stored in
one transaction after its arrays are on disk, so that a cancel or a kill loses at most one chunk.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.detectors.base import Detector, Scored
from core.job_context import JobContext
from core.problems import ProblemCode, ProblemError, file_problems
from core.project import items, runs
from core.project.opening import Project
from core.project.runs import RunRecord
from core.training.devices import resolve_device
from core.training.item_forms import ItemForm, PictureForm, TableForm, form_from_json
from core.training.models import load_model
from core.training.run_files import CheckingContext, read_training_items, scored_folder
from core.training.tiled import score_tiled
from core.vocabulary import Kind, RunState
from core.wording import QT_TRANSLATE_NOOP

PICTURES_PER_PART: Final = 512
ROWS_PER_PART: Final = 20_000
_AT_ONCE: Final = {Kind.IMAGE: 32, Kind.ROW: 4096}  # between two looks at the cancel button
_HALF: Final = float(np.finfo(np.float16).max)


def score_items(project: Project, run_id: int, item_ids: ArrayLike | None, context: JobContext) -> int:
    """Scores these items, or all of the run's kind, with the run's model; scores that they had are replaced. Returns how many.

    Items that cannot be read are noted and left out. Raises ProblemError(RUN_UNKNOWN, RUN_NOT_DONE, NOTHING_TO_SCORE, MODEL_DAMAGED,
    DISK_FULL), Cancelled: what was stored until then stays.
    """
    run = runs.record(project, run_id)
    if run.state is not RunState.DONE or run.input is None:
        raise ProblemError(ProblemCode.RUN_NOT_DONE, run=run_id, state=run.state.value)
    ids = items_of_kind(project, run.kind) if item_ids is None else np.asarray(item_ids, dtype=np.int64)
    if not len(ids):
        raise ProblemError(ProblemCode.NOTHING_TO_SCORE, run=run_id)
    detector = load_model(project, run, device=_device_of(run))
    return score_with(project, run_id, detector, context, form=form_from_json(run.input), ids=ids)


def items_of_kind(project: Project, kind: Kind) -> NDArray[np.int64]:
    """All items of `kind` by ascending id."""
    columns = items.item_columns(project)
    chosen: NDArray[np.int64] = columns.id[columns.is_row == (kind is Kind.ROW)]
    return chosen


def score_with(project: Project, run_id: int, detector: Detector, context: JobContext, *, form: ItemForm, ids: ArrayLike) -> int:
    """Scores `ids` with a loaded detector and stores scores and evidence. Raises ProblemError, Cancelled."""
    context.phase(QT_TRANSLATE_NOOP("Phase", "Scoring"))
    detector.check = context.check
    kind = Kind.ROW if isinstance(form, TableForm) else Kind.IMAGE
    wanted = np.sort(np.asarray(ids, dtype=np.int64))
    size = ROWS_PER_PART if kind is Kind.ROW else PICTURES_PER_PART
    folder = scored_folder(project.run_folder(run_id))
    stored = 0
    context.progress(0, len(wanted))
    for start in range(0, len(wanted), size):
        loaded = form.load(project, wanted[start : start + size], CheckingContext(context))
        for problem in loaded.problems:
            context.note(problem)
        if len(loaded.ids):
            found = _score_part(detector, form, loaded.values, context, done=start, total=len(wanted))
            part = _write_part(project, run_id, loaded.ids, found)
            runs.store_scores(project, run_id, loaded.ids, found.scores, part=part)
        stored += len(loaded.ids)
        context.progress(min(start + size, len(wanted)), len(wanted))
    _drop_unused_parts(project, run_id, folder)
    return stored


def _device_of(run: RunRecord) -> str:
    try:
        return resolve_device(run.device)
    except ProblemError:  # trained on another computer: any device gives the answer, only a little rounded
        return resolve_device("auto")


def score_values(detector: Detector, form: ItemForm, values: NDArray[Any]) -> Scored:
    """What `detector` says about items in the form that they were loaded in: whole pictures, also if it sees their tiles."""
    grid = form.grid if isinstance(form, PictureForm) else None
    return detector.score(values) if grid is None else score_tiled(detector, grid, values)


def _score_part(detector: Detector, form: ItemForm, values: NDArray[Any], context: JobContext, *, done: int, total: int) -> Scored:
    parts: list[Scored] = []
    step = _AT_ONCE[Kind.ROW if isinstance(form, TableForm) else Kind.IMAGE]
    if isinstance(form, PictureForm) and form.grid is not None:
        step = max(1, step // form.grid.count)
    for start in range(0, len(values), step):
        context.check()
        parts.append(score_values(detector, form, values[start : start + step]))
        context.progress(done + min(start + step, len(values)), total)
    return Scored(
        scores=np.concatenate([part.scores for part in parts]),
        maps=_joined([part.maps for part in parts]),
        reconstructions=_joined([part.reconstructions for part in parts]),
        contributions=_joined([part.contributions for part in parts]),
        neighbours=_joined([part.neighbours for part in parts]),
    )


def _joined(parts: list[NDArray[Any] | None]) -> NDArray[Any] | None:
    present = [part for part in parts if part is not None]
    return np.concatenate(present) if present else None


def _write_part(project: Project, run_id: int, ids: NDArray[np.int64], found: Scored) -> int:
    """Writes the arrays of one chunk under a new number; the folder gets that name only when it is whole."""
    run_folder = project.run_folder(run_id)
    folder = scored_folder(run_folder)
    training = read_training_items(run_folder) if found.neighbours is not None else np.empty(0, np.int64)
    with file_problems(project.folder):
        folder.mkdir(parents=True, exist_ok=True)
        part = 1 + max((int(path.name) for path in folder.iterdir() if path.name.isdecimal()), default=-1)
        draft = folder / f"{part}.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        arrays: dict[str, NDArray[Any] | None] = {
            "items": ids,
            "maps": None if found.maps is None else found.maps.clip(-_HALF, _HALF).astype(np.float16),
            "reconstructions": found.reconstructions,
            "contributions": found.contributions,
            "neighbours": training[found.neighbours] if len(training) else None,
        }
        for name, array in arrays.items():
            if array is not None:
                np.save(draft / f"{name}.npy", array, allow_pickle=False)
        draft.replace(folder / str(part))
    return part


def _drop_unused_parts(project: Project, run_id: int, folder: Path) -> None:
    used = {str(part) for part in np.unique(runs.run_scores(project, run_id).part)}
    for path in folder.iterdir() if folder.exists() else ():
        if path.name not in used:
            shutil.rmtree(path, ignore_errors=True)
