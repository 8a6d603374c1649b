"""Which part each item has in a run, by its label, its split, and what the detector learns from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.detectors.base import LearnsFrom
from core.vocabulary import Label, Split


@dataclass(frozen=True, kw_only=True)
class Roles:
    """Masks over the items of a run: what it trains on, and the calibration items that count as good and as defective."""

    train: NDArray[np.bool_]
    calibration_good: NDArray[np.bool_]
    calibration_defective: NDArray[np.bool_]


def roles_of(labels: NDArray[np.int8], splits: NDArray[np.int8], *, learns_from: LearnsFrom, include_unlabelled: bool | None) -> Roles:
    """`labels` hold values of `Label`, `splits` of `Split`. Unsure items have no role.

    Unlabelled items count as good if `include_unlabelled`; None means: only if the training split has no label at all. A detector that
    learns from unlabelled items takes them always. Only one that learns from labels sees defective items.
    """
    training, calibrating = splits == Split.TRAIN, splits == Split.CALIBRATION
    good, defective, unlabelled = labels == Label.GOOD, labels == Label.DEFECTIVE, labels == Label.NONE
    if include_unlabelled is None:
        include_unlabelled = not bool((training & ~unlabelled).any())
    as_good = good | unlabelled if include_unlabelled else good
    learnt = as_good
    if learns_from is LearnsFrom.UNLABELLED:
        learnt = good | unlabelled
    elif learns_from is LearnsFrom.LABELLED:
        learnt = as_good | defective
    return Roles(train=training & learnt, calibration_good=calibrating & as_good, calibration_defective=calibrating & defective)
