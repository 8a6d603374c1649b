"""scikit-learn's handwritten digits as a small bench: one digit good and all others defective, or the other way round.

The protocols are those of `detectors.md` 10.2. Nothing is downloaded: the 1797 digits of 8 x 8 pixels come with scikit-learn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.metrics import roc_auc_score

from core.detectors.base import Detector, ImageInput, TableInput, TrainingData
from core.job_context import QuietContext

DIGITS: Final = range(10)
_SIDE: Final = 8
_DARKEST: Final = 16


@dataclass(frozen=True, kw_only=True)
class Task:
    """Items to learn from, items to judge, and which of those are defective (1). `calibration` is empty."""

    data: TrainingData
    test: NDArray[Any]
    labels: NDArray[np.int8]

    def auroc(self, detector: Detector) -> float:
        """Trains `detector` and returns its AUROC on the test items."""
        detector.fit(self.data, QuietContext())
        return float(roc_auc_score(self.labels, detector.score(self.test).scores))


def one_class(digit: int, seed: int, *, size: int | None = None) -> Task:
    """Good = `digit`, 60 % of it to train on (about 107); test: the rest of it and all other digits.

    `size` None gives rows: float64 (n, 64), 0..1. A number gives grey uint8 pictures of `size` x `size` pixels.
    """
    wanted = _targets() == digit
    return _task(good=np.flatnonzero(wanted), defective=np.flatnonzero(~wanted), share=0.6, seed=seed, size=size)


def leave_one_out(digit: int, seed: int, *, size: int | None = None) -> Task:
    """Good = all digits but `digit`, 80 % of them to train on; test: the rest of them and every `digit`. `size` as in `one_class`."""
    wanted = _targets() == digit
    return _task(good=np.flatnonzero(~wanted), defective=np.flatnonzero(wanted), share=0.8, seed=seed, size=size)


def mean_auroc(make: Callable[[], Detector], tasks: Iterable[Task]) -> float:
    """The mean over `tasks`, with a new detector of `make` for each."""
    return float(np.mean([task.auroc(make()) for task in tasks]))


def digit_rows(places: Iterable[int]) -> NDArray[np.float64]:
    """Rows of the digits at `places` (0..1796), 64 columns in 0..1."""
    rows: NDArray[np.float64] = _digits()[0][np.asarray(list(places), dtype=np.int64)]
    return rows


def digit_pictures(places: Iterable[int], size: int) -> NDArray[np.uint8]:
    """Grey pictures (n, size, size, 1) of the digits at `places`, enlarged with soft edges."""
    small = np.rint(digit_rows(places) * 255).astype(np.uint8).reshape(-1, _SIDE, _SIDE)
    enlarged = [np.asarray(Image.fromarray(picture).resize((size, size), Image.Resampling.BILINEAR)) for picture in small]
    return np.stack(enlarged)[..., None]


def _task(*, good: NDArray[np.int64], defective: NDArray[np.int64], share: float, seed: int, size: int | None) -> Task:
    shuffled = np.random.default_rng(seed).permutation(good)
    cut = round(share * len(good))
    test = np.concatenate([shuffled[cut:], defective])
    labels = np.repeat(np.array([0, 1], dtype=np.int8), [len(good) - cut, len(defective)])
    if size is None:
        columns = TableInput(columns=tuple(f"pixel {place}" for place in range(_SIDE**2)), sources=tuple(range(_SIDE**2)))
        train = digit_rows(shuffled[:cut])
        return Task(data=TrainingData(input=columns, train=train, calibration=train[:0]), test=digit_rows(test), labels=labels)
    form = ImageInput(height=size, width=size, channels=1)
    pictures = digit_pictures(shuffled[:cut], size)
    return Task(data=TrainingData(input=form, train=pictures, calibration=pictures[:0]), test=digit_pictures(test, size), labels=labels)


def _targets() -> NDArray[np.int64]:
    return _digits()[1]


@cache
def _digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    bunch = load_digits()
    return bunch.data / _DARKEST, bunch.target.astype(np.int64)
