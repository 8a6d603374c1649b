"""Reading back what a run found about its items."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from core.data.columns import TableColumn
from core.detectors.base import Gives
from core.detectors.catalog import detector_class
from core.problems import ProblemCode, ProblemError
from core.project import runs
from core.project.opening import Project
from core.training.item_forms import TableForm, form_from_json
from core.training.run_files import read_usual, scored_folder
from core.vocabulary import Kind


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a run found about one item.

    map: float32 (map height, map width), unscaled. reconstruction: uint8 (height, width, channels) at working size.
    contributions, values: float64 (features,), in the unit of the score and as measured (NaN missing; a category is its place in
    `columns[i].categories`). expected: float64 (features, 3), low, median and high of the training rows, NaN for categories.
    rebuilt: float64 (features,), the row as the detector would have expected it, in the same form as `values`. neighbours: ids of the
    most similar good training items, nearest first; nearest: float64 (features,), the values of the first. probability: of being
    defective, as the detector gives it.
    """

    item_id: int
    score: float
    map: NDArray[np.float32] | None = None
    reconstruction: NDArray[np.uint8] | None = None
    contributions: NDArray[np.float64] | None = None
    values: NDArray[np.float64] | None = None
    expected: NDArray[np.float64] | None = None
    rebuilt: NDArray[np.float64] | None = None
    nearest: NDArray[np.float64] | None = None
    columns: tuple[TableColumn, ...] = ()
    neighbours: tuple[int, ...] = ()
    probability: float | None = None


def shares_of(contributions: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each of the contributions (features,) that raise the score takes of their sum: >= 0 and together 1. NaN if none raises it."""
    raising = np.maximum(contributions, 0)
    total = raising.sum()
    shares: NDArray[np.float64] = raising / total if total > 0 else np.full_like(raising, np.nan)
    return shares


def load_evidence(project: Project, run_id: int, item_id: int) -> Evidence:
    """What the run found about the item. Raises KeyError if the run did not score it, ProblemError(RUN_UNKNOWN, PROJECT_DAMAGED)."""
    run = runs.record(project, run_id)
    found_score = runs.run_scores(project, run_id, item_id=item_id)
    if not len(found_score):
        raise KeyError(item_id)
    run_folder = project.run_folder(run_id)
    part, row = scored_folder(run_folder) / str(found_score.part[0]), int(found_score.row[0])
    if int(_row(project, part, "items", row) or 0) != item_id:
        raise ProblemError(ProblemCode.PROJECT_DAMAGED, path=project.name, detail=f"runs/{run_id}/scored/{part.name}")
    score = float(found_score.score[0])
    common: dict[str, Any] = {
        "item_id": item_id,
        "score": score,
        "neighbours": neighbours_of(_row(project, part, "neighbours", row), item_id),
        "probability": float(expit(score)) if Gives.PROBABILITY in detector_class(run.detector).declaration.gives else None,
    }
    rebuilt = _row(project, part, "reconstructions", row)
    if run.kind is Kind.IMAGE:
        found = _row(project, part, "maps", row)
        return Evidence(**common, map=None if found is None else found.astype(np.float32), reconstruction=rebuilt)
    form = form_from_json(run.input or {})
    assert isinstance(form, TableForm)
    _, values, _ = form.rows(project, [item_id])
    contributions = _row(project, part, "contributions", row)
    return Evidence(
        **common,
        contributions=None if contributions is None else form.per_feature(contributions),
        values=values[0] if len(values) else None,
        expected=read_usual(run_folder, len(form.features)),
        rebuilt=None if rebuilt is None else form.decoded(rebuilt),
        nearest=_nearest(project, form, common["neighbours"]),
        columns=form.features,
    )


def _nearest(project: Project, form: TableForm, neighbours: tuple[int, ...]) -> NDArray[np.float64] | None:
    try:
        _, values, _ = form.rows(project, neighbours[:1])
    except KeyError:  # it left the project
        return None
    return values[0] if len(values) else None


def neighbours_of(ids: NDArray[np.int64] | None, item_id: int) -> tuple[int, ...]:
    """The stored neighbours `ids` of an item, nearest first, each once: several tiles of one picture may be near. None is itself."""
    return () if ids is None else tuple(found for found in dict.fromkeys(ids.tolist()) if found != item_id)


def load_maps(project: Project, run_id: int, item_ids: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The maps of those of the items that have one: their ids and float32 (n, map height, map width)."""
    scores = runs.run_scores(project, run_id)
    wanted = np.isin(scores.item_id, np.asarray(item_ids, dtype=np.int64))
    found_ids, found = [], []
    for part in np.unique(scores.part[wanted]).tolist():
        here = wanted & (scores.part == part)
        maps = _array(project, scored_folder(project.run_folder(run_id)) / str(part), "maps")
        if maps is not None:
            found_ids.append(scores.item_id[here])
            found.append(maps[scores.row[here]].astype(np.float32))
    if not found:
        return np.empty(0, np.int64), np.empty((0, 0, 0), np.float32)
    return np.concatenate(found_ids), np.concatenate(found)


def _array(project: Project, part: Path, name: str) -> NDArray[Any] | None:
    path = part / f"{name}.npy"
    if not path.exists():
        return None
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ProblemError(ProblemCode.PROJECT_DAMAGED, path=project.name, detail="/".join(path.parts[-5:])) from error
    return array


def _row(project: Project, part: Path, name: str, row: int) -> NDArray[Any] | None:
    array = _array(project, part, name)
    return None if array is None or row >= len(array) else np.array(array[row])
