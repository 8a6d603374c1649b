"""The scores that a threshold is set from."""

from __future__ import annotations

import numpy as np

from core.detectors.base import LearnsFrom
from core.evaluation.outcomes import SortedScores, parts_of
from core.reports.judgement import Judgement
from core.training.roles import roles_of
from core.vocabulary import Label, Split


def calibration_scores(judgement: Judgement, *, learns_from: LearnsFrom) -> tuple[SortedScores, Split]:
    """Good and defective calibration parts, chosen as the training chose them; good training parts where there are none."""
    include = judgement.run.request.get("include_unlabelled")
    roles = roles_of(judgement.labels, judgement.splits, learns_from=learns_from, include_unlabelled=include)
    trained_on = roles.train & (judgement.labels != Label.DEFECTIVE)
    good, split = (roles.calibration_good, Split.CALIBRATION)
    if not np.any(good & (judgement.found >= 0)):
        good, split = trained_on, Split.TRAIN
    chosen = good | roles.calibration_defective
    labels = np.where(good, int(Label.GOOD), judgement.labels)[chosen]
    serials = judgement.items.serial[judgement.places[chosen]]
    return parts_of(serials, labels, judgement.scores[chosen]).sorted_scores(), split
