"""Setting the thresholds of a run from the window: by hand, by a rule, or as a new run starts with. Without Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.detectors.catalog import detector_class
from core.evaluation.outcomes import SortedScores
from core.evaluation.thresholds import Rule, propose, propose_default
from core.project.items import ItemColumns
from core.project.opening import Project
from core.project.runs import RunRecord, ScoreColumns
from core.project.thresholds import ThresholdRecord, adopt_proposal, set_threshold
from core.reports.calibration import calibration_scores
from core.reports.judgement import Judgement
from core.vocabulary import Kind, Split, text_of
from desktop.models.review_basis import Thresholds


@dataclass(frozen=True)
class Calibration:
    """The scores that rules look at, and the split that they are from: training parts where there are no calibration parts."""

    scores: SortedScores
    split: Split


def calibration_of(run: RunRecord, threshold: ThresholdRecord, items: ItemColumns, scores: ScoreColumns) -> Calibration:
    """From what the window holds already: reading 100,000 items again would take a second. Raises ProblemError(DETECTOR_UNKNOWN)."""
    places = np.flatnonzero(items.is_row == (run.kind is Kind.ROW))
    ids = items.id[places]
    slots = np.minimum(np.searchsorted(scores.item_id, ids), max(len(scores) - 1, 0))
    is_scored = scores.item_id[slots] == ids if len(scores) else np.zeros(len(ids), dtype=np.bool_)
    judgement = Judgement(
        run=run,
        threshold=threshold,
        items=items,
        columns=scores,
        places=places,
        scores=np.where(is_scored, scores.score[slots] if len(scores) else np.nan, np.nan),
        found=np.where(is_scored, slots, -1).astype(np.int64),
    )
    learns_from = detector_class(run.detector).declaration.learns_from
    return Calibration(*calibration_scores(judgement, learns_from=learns_from))


def set_by_hand(project: Project, run_id: int, thresholds: Thresholds, *, calibration: Calibration, seen: Split | None) -> ThresholdRecord:
    """`seen`: the split that was looked at meanwhile, None for all; the record keeps it. Raises ProblemError."""
    basis: dict[str, Any] = {
        "split": text_of(calibration.split),
        "n_good": int(calibration.scores.good.size),
        "n_defective": int(calibration.scores.defective.size),
        "seen": "all" if seen is None else text_of(seen),
    }
    return set_threshold(project, run_id, t1=thresholds[0], t2=thresholds[1], rule=Rule.HAND.value, rule_value=None, basis=basis)


def set_by_rule(
    project: Project, run_id: int, rule: Rule, share: float, *, calibration: Calibration, current: Thresholds | None, simple: bool
) -> ThresholdRecord:
    """`share` is a fraction. Raises ProblemError where the rule cannot be used."""
    proposal = propose(rule, share, calibration.scores, current=current, simple=simple, split=calibration.split)
    return adopt_proposal(project, run_id, proposal)


def set_default(project: Project, run_id: int, *, calibration: Calibration) -> ThresholdRecord:
    """What a new run starts with. Raises ProblemError."""
    return adopt_proposal(project, run_id, propose_default(calibration.scores.good, calibration.scores.defective, split=calibration.split))


def chosen_on_test(record: ThresholdRecord) -> bool:
    """Whether a person set the threshold by hand while looking at test items."""
    basis: Mapping[str, Any] = record.basis
    return record.rule == Rule.HAND and basis.get("seen") in ("test", "all")
