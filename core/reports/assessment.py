"""The figures of one run on one split: used by the command line, the report and the window, so that they never differ."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.data.arrays import load_mask
from core.evaluation.metrics import aupro, average_precision, image_auroc, pixel_auroc, pixel_average_precision
from core.evaluation.outcomes import Counts
from core.job_context import JobContext, QuietContext
from core.problems import Problem, ProblemError
from core.project.items import mask_paths
from core.project.opening import Project
from core.reports.judgement import Judgement, judge
from core.reports.scored_arrays import ScoredArrays
from core.vocabulary import Kind, Label, Split
from core.wording import QT_TRANSLATE_NOOP

FIGURES: Final = ("auroc", "average_precision", "pixel_auroc", "pixel_average_precision", "aupro")
"""Fields of `Assessment` that do not depend on a threshold, in the order in which people are told them."""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """Counts and rates are of parts; auroc and average_precision of items; pixel figures of pictures whose defects are marked.

    A figure is None where it cannot be had: one class only, or no masks. `n_good` and `n_defective` have a score. `problems` tells about
    masks that could not be read.
    """

    run_id: int
    split: Split
    t1: float
    t2: float
    counts: Counts
    auroc: float | None
    average_precision: float | None
    pixel_auroc: float | None
    pixel_average_precision: float | None
    aupro: float | None
    n_unsure: int
    n_unlabelled: int
    n_unscored: int
    problems: tuple[Problem, ...] = ()

    @property
    def n_good(self) -> int:
        return self.counts.good

    @property
    def n_defective(self) -> int:
        return self.counts.defective


def assess(project: Project, run_id: int, *, split: Split = Split.TEST, context: JobContext | None = None) -> Assessment:
    """The figures at the thresholds in force. Raises ProblemError RUN_UNKNOWN, RUN_NOT_DONE or NO_CALIBRATION_PARTS."""
    return assess_judgement(project, judge(project, run_id), split=split, context=context or QuietContext())


def assess_judgement(project: Project, judgement: Judgement, *, split: Split, context: JobContext) -> Assessment:
    """`assess` for items that were judged already."""
    context.phase(QT_TRANSLATE_NOOP("Phase", "Evaluating"))
    parts = judgement.parts(split)
    scored = ~np.isnan(parts.scores)
    chosen = judgement.in_split(split)
    labels, scores = judgement.labels[chosen], judgement.scores[chosen]
    usable = ~np.isnan(scores) & ((labels == Label.GOOD) | (labels == Label.DEFECTIVE))
    is_defective = labels[usable] == Label.DEFECTIVE
    maps, masks, problems = _maps_and_masks(project, judgement, chosen[usable], context)
    context.check()
    return Assessment(
        run_id=judgement.run.id,
        split=split,
        t1=judgement.threshold.t1,
        t2=judgement.threshold.t2,
        counts=parts.sorted_scores().counts(judgement.threshold.t1, judgement.threshold.t2),
        auroc=image_auroc(is_defective, scores[usable]),
        average_precision=average_precision(is_defective, scores[usable]),
        pixel_auroc=pixel_auroc(maps, masks),
        pixel_average_precision=pixel_average_precision(maps, masks),
        aupro=aupro(maps, masks),
        n_unsure=int(np.sum((parts.labels == Label.UNSURE) & scored)),
        n_unlabelled=int(np.sum((parts.labels == Label.NONE) & scored)),
        n_unscored=int(np.sum(~scored)),
        problems=tuple(problems),
    )


def _maps_and_masks(
    project: Project, judgement: Judgement, indices: NDArray[np.int64], context: JobContext
) -> tuple[list[NDArray[np.float32]], list[NDArray[np.bool_]], list[Problem]]:
    """Maps and masks of good pictures (empty masks) and of defective ones that have a mask; nothing when no picture has one."""
    has_mask = judgement.items.has_mask[judgement.places[indices]]
    is_defective = judgement.labels[indices] == Label.DEFECTIVE
    if judgement.run.kind is not Kind.IMAGE or not np.any(has_mask & is_defective):
        return [], [], []
    wanted = indices[has_mask | ~is_defective]
    arrays = ScoredArrays(project, judgement)
    maps: list[NDArray[np.float32]] = []
    masks: list[NDArray[np.bool_]] = []
    problems: list[Problem] = []
    for done, (index, path) in enumerate(zip(wanted, mask_paths(project, judgement.ids[wanted].tolist()), strict=True)):
        context.check()
        context.progress(done, len(wanted))
        evidence = arrays.of(int(index), "maps")
        if evidence is None:
            continue
        try:
            mask = _mask(path if judgement.labels[index] == Label.DEFECTIVE else None, evidence.shape)
        except ProblemError as error:
            problems.append(error.problem)
            continue
        maps.append(evidence.astype(np.float32))
        masks.append(mask)
    return maps, masks, problems


def _mask(path: Path | None, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return np.zeros(shape, dtype=bool) if path is None else load_mask(path, height=shape[0], width=shape[1])
