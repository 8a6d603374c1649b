"""How long a training would take on this computer, found out by beginning it: a few seconds of the real thing, then a cancel."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from core.data.tiles import TileGrid, Tiles
from core.detectors.base import Declaration, Detector, LearnsFrom, TrainingData
from core.detectors.catalog import detector_class
from core.job_context import Cancelled, JobContext, QuietContext
from core.problems import ProblemError
from core.project import items
from core.project.items import ItemColumns
from core.project.opening import Project
from core.training.devices import device_title, make_repeatable, resolve_device
from core.training.item_forms import PictureForm, picture_form, table_form
from core.training.plan import TrainingPlan, kind_of, plan_training
from core.training.request import TrainingRequest, check_tile_size, parameters_of
from core.training.run_files import CheckingContext
from core.training.scoring import score_values
from core.vocabulary import Kind, Label

_TRY_FOR: Final = 2.0  # seconds of training, once it has begun to count
_GIVE_UP: Final = 12.0
_STEPS: Final = 3  # the first step is slower than the rest, so one is not enough
_SAMPLE: Final = {Kind.IMAGE: 24, Kind.ROW: 2000}  # items that stand for all
_SCORED: Final = {Kind.IMAGE: 8, Kind.ROW: 2000}


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Seconds from the start of a run to its result on `device`; each part may be off by a third, more while other programs work.

    reading: of pictures that were not read at this size before. training, scoring: of all items of the run.
    """

    reading: float
    training: float
    scoring: float
    device: str

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.reading + self.training + self.scoring


def estimate_run(project: Project, request: TrainingRequest, context: JobContext) -> Estimate:
    """Tries for a few seconds what the run would do. Changes nothing in the project but its cache of pictures.

    Raises what the run would raise before its training begins (ProblemError), Cancelled.
    """
    declaration = detector_class(request.detector).declaration
    check_tile_size(request)
    columns = items.item_columns(project)
    kind = kind_of(columns, declaration, request)
    plan = plan_training(columns, declaration, request)
    if plan.problem is not None:
        raise ProblemError(plan.problem.code, **plan.problem.arguments)
    device = resolve_device(request.device)
    make_repeatable()
    trial = _Trial.prepared(project, request, columns, kind, device=device, context=context)
    return Estimate(
        reading=trial.seconds_per_picture * (plan.good + plan.unlabelled + plan.defective + plan.calibration_good),
        training=_training_seconds(trial.detector(request), trial.data(plan, declaration), context),
        scoring=trial.scoring_seconds(request, context) * int((columns.is_row == (kind is Kind.ROW)).sum()),
        device=device_title(device),
    )


class _Clock(QuietContext):
    """Watches a training and cancels it when enough was seen."""

    def __init__(self, check: Callable[[], None]) -> None:
        super().__init__()
        self._check_outside: Final = check
        self.began: Final = time.perf_counter()
        self.points: list[tuple[float, int, int]] = []  # seconds, done, total

    def progress(self, done: int, total: int) -> None:
        if not self.points or done > self.points[-1][1]:
            self.points.append((time.perf_counter() - self.began, done, total))

    def check(self) -> None:
        self._check_outside()
        now = time.perf_counter() - self.began
        counted = now - self.points[0][0] if self.points else 0.0
        if (counted > _TRY_FOR and len(self.points) > _STEPS) or now > _GIVE_UP:
            raise Cancelled

    def seconds(self) -> float:
        """Of the whole training, from the pace of the steps after the first."""
        now = time.perf_counter() - self.began
        if len(self.points) < 2 or self.points[-1][1] == 0:  # not even one step is over: at least this long
            return now
        first, last = self.points[1 if len(self.points) > 2 else 0], self.points[-1]
        pace = (last[0] - first[0]) / (last[1] - first[1])
        return first[0] + pace * (last[2] - first[1])


def _training_seconds(detector: Detector, data: TrainingData, context: JobContext) -> float:
    clock = _Clock(context.check)
    try:
        detector.fit(data, clock)
    except Cancelled:
        context.check()  # if a person asked for it, it goes on upwards
        return clock.seconds()
    return time.perf_counter() - clock.began


@dataclass(frozen=True, kw_only=True)
class _Trial:
    """A sample of the project's items in the form that the detector takes."""

    form: Any
    device: str
    good: NDArray[Any]
    defective: NDArray[Any]
    kind: Kind
    seconds_per_picture: float

    @classmethod
    def prepared(
        cls, project: Project, request: TrainingRequest, columns: ItemColumns, kind: Kind, *, device: str, context: JobContext
    ) -> _Trial:
        mine = columns.is_row == (kind is Kind.ROW)
        if request.source_ids is not None:
            mine &= np.isin(columns.source_id, request.source_ids)
        defective = mine & (columns.label == Label.DEFECTIVE)
        ids = {False: _spread(columns.id[mine & ~defective], kind), True: _spread(columns.id[defective], kind)}
        detector = detector_class(request.detector)(parameters_of(request), seed=request.seed, device=device)
        form: Any
        if kind is Kind.ROW:
            form = table_form(project, np.unique(columns.source_id[mine]).tolist())
        else:
            form = picture_form(project, detector, ids[False], tile_size=request.tile_size)
        began = time.perf_counter()
        loaded = form.load(project, np.concatenate([ids[False], ids[True]]), CheckingContext(context))
        seconds = (time.perf_counter() - began) / max(len(loaded.ids), 1) if kind is Kind.IMAGE else 0.0
        bad = np.isin(loaded.ids, ids[True])
        return cls(form=form, device=device, good=loaded.values[~bad], defective=loaded.values[bad], kind=kind, seconds_per_picture=seconds)

    def detector(self, request: TrainingRequest) -> Detector:
        return detector_class(request.detector)(parameters_of(request), seed=request.seed, device=self.device)

    def data(self, plan: TrainingPlan, declaration: Declaration) -> TrainingData:
        """As many items as the run would learn from, the sample again and again."""
        defective = plan.defective if declaration.learns_from is LearnsFrom.LABELLED else 0
        return self._data(plan.good + plan.unlabelled, defective, plan.calibration_good, declaration)

    def _data(self, good: int, defective: int, calibration: int, declaration: Declaration) -> TrainingData:
        pictures = np.concatenate([self.good, self.defective])
        grid = _grid(self.form, pictures)
        per_item = 1 if grid is None else grid.count
        places = np.concatenate(
            [_again(good * per_item, 0, len(self.good) * per_item), _again(defective, len(self.good) * per_item, len(pictures) * per_item)]
        )
        labelled = declaration.learns_from is LearnsFrom.LABELLED
        return TrainingData(
            input=self.form.input,
            train=_items(pictures, grid, places),
            calibration=_items(pictures, grid, _again(calibration * per_item, 0, len(self.good) * per_item)),
            labels=np.repeat(np.array([0, 1], dtype=np.int8), [good * per_item, defective]) if labelled else None,
        )

    def scoring_seconds(self, request: TrainingRequest, context: JobContext) -> float:
        """Of one item, with the model of the shortest training."""
        declaration = detector_class(request.detector).declaration
        quick = replace(request, parameters={**request.parameters, **declaration.shortest})
        detector = self.detector(quick)
        detector.check = context.check
        some = max(declaration.minimum_good, min(len(self.good), _SAMPLE[self.kind]))
        fewest = max(declaration.minimum_defective, len(self.defective)) if declaration.learns_from is LearnsFrom.LABELLED else 0
        detector.fit(self._data(some, fewest, 0, declaration), CheckingContext(context))
        batch = np.asarray(self.good[: _SCORED[self.kind]])
        score_values(detector, self.form, batch[:1])  # the first time is slower
        began = time.perf_counter()
        score_values(detector, self.form, batch)
        return (time.perf_counter() - began) / max(len(batch), 1)


def _spread(ids: NDArray[np.int64], kind: Kind) -> NDArray[np.int64]:
    """At most the sample, from all over the project."""
    return ids[np.linspace(0, len(ids) - 1, min(len(ids), _SAMPLE[kind])).astype(int)] if len(ids) else ids


def _again(count: int, start: int, stop: int) -> NDArray[np.int64]:
    """`count` places of start..stop, going round."""
    return start + np.arange(count, dtype=np.int64) % max(stop - start, 1)


def _grid(form: Any, items_of_form: NDArray[Any]) -> TileGrid | None:
    if not isinstance(form, PictureForm):
        return None
    height, width = items_of_form.shape[1:3]
    return form.grid or TileGrid(height=height, width=width, tile_height=height, tile_width=width)


def _items(values: NDArray[Any], grid: TileGrid | None, places: NDArray[np.int64]) -> NDArray[Any]:
    """Pictures are repeated without taking memory."""
    return values[places] if grid is None else cast("NDArray[Any]", Tiles(values, grid, places))
