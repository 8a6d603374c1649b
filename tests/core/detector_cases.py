"""Tiny data for each detector of the catalogue, and the rules that every detector must keep.

Settings of each detector are in `detector_settings`; everything else follows from its declaration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.detectors.base import Detector, ImageInput, LearnsFrom, Scored, TableInput, TrainingData
from core.detectors.catalog import declarations, detector_class
from core.job_context import QuietContext
from core.vocabulary import Kind
from tests.core.detector_settings import QUICK, STEPWISE


@dataclass(frozen=True, kw_only=True)
class Case:
    """One detector on one kind of items: `good` and `defective` are held-out items in the form it was trained on."""

    key: str
    kind: Kind
    data: TrainingData
    good: NDArray[Any]
    defective: NDArray[Any]

    def make(self, *, seed: int = 0, checkpoints: Path | None = None, kind: type[Detector] | None = None, **changes: Any) -> Detector:
        found = kind or detector_class(self.key)
        parameters = found.declaration.parameters.model_validate(QUICK[self.key] | changes)
        return found(parameters, seed=seed, checkpoints=checkpoints)

    def fitted(self, *, seed: int = 0, kind: type[Detector] | None = None, **changes: Any) -> Detector:
        detector = self.make(seed=seed, kind=kind, **changes)
        data = self.data
        if changes.get("image_size") and self.kind is Kind.IMAGE:
            size = int(changes["image_size"])
            data = picture_data(ImageInput(height=size, width=size, channels=1), labelled=data.labels is not None)
        detector.fit(data, QuietContext())
        return detector

    def with_train(self, train: NDArray[Any]) -> TrainingData:
        """Other training items, as many as there were and of the same classes."""
        return replace(self.data, train=train)

    def with_counts(self, *, good: int, defective: int | None = None) -> TrainingData:
        """The first so many good items, and so many or all of the defective ones if the detector learns from them."""
        if self.data.labels is None:
            return replace(self.data, train=self.data.train[:good])
        places = np.concatenate([np.flatnonzero(self.data.labels == 0)[:good], np.flatnonzero(self.data.labels)[:defective]])
        return replace(self.data, train=self.data.train[places], labels=self.data.labels[places])

    @property
    def mixed(self) -> NDArray[Any]:
        return np.concatenate([self.good, self.defective])


def cases() -> list[Case]:
    found = []
    for declaration in declarations():
        if Kind.IMAGE in declaration.takes:
            found += [picture_case(declaration.key, form) for form in (GREY, COLOUR)]
        if Kind.ROW in declaration.takes:
            found.append(table_case(declaration.key))
    return found


def _learns_from_labels(key: str) -> bool:
    return detector_class(key).declaration.learns_from is LearnsFrom.LABELLED


def case_name(case: Case) -> str:
    form = case.data.input
    return f"{case.key}-{form.height}x{form.width}x{form.channels}" if isinstance(form, ImageInput) else f"{case.key}-table"


EXTRAS = ("maps", "reconstructions", "contributions", "neighbours")
GREY = ImageInput(height=32, width=32, channels=1)
COLOUR = ImageInput(height=32, width=48, channels=3)


def pictures(count: int, form: ImageInput, *, seed: int, defective: bool = False) -> NDArray[np.uint8]:
    """A bright bar on a shaded ground at a slightly varying place; defective ones have a dark spot on the bar."""
    random = np.random.default_rng(seed)
    result = np.empty((count, form.height, form.width, form.channels), dtype=np.uint8)
    shade = np.linspace(60, 90, form.width)[None, :, None]
    for picture in result:
        values = np.broadcast_to(shade, picture.shape) + random.normal(0, 4, picture.shape) + random.normal(0, 5)
        top = form.height // 2 - 5 + int(random.integers(0, 3))
        values[top : top + 8] += 90
        if defective:
            left = int(random.integers(4, form.width - 10))
            values[top + 1 : top + 7, left : left + 6] -= 120
        picture[...] = values.clip(0, 255)
    return result


def picture_data(form: ImageInput, *, labelled: bool = False) -> TrainingData:
    train, calibration = pictures(40, form, seed=1), pictures(12, form, seed=2)
    if not labelled:
        return TrainingData(input=form, train=train, calibration=calibration)
    defective = pictures(15, form, seed=5, defective=True)
    return TrainingData(input=form, train=np.concatenate([train, defective]), calibration=calibration, labels=_labels(40, 15))


def picture_case(key: str, form: ImageInput) -> Case:
    return Case(
        key=key,
        kind=Kind.IMAGE,
        data=picture_data(form, labelled=_learns_from_labels(key)),
        good=pictures(20, form, seed=3),
        defective=pictures(20, form, seed=4, defective=True),
    )


def _labels(good: int, defective: int) -> NDArray[np.int8]:
    return np.repeat(np.array([0, 1], dtype=np.int8), [good, defective])


COLUMNS = TableInput(columns=("torque", "speed", "heat", "type=A", "type=B"), sources=(0, 1, 2, 3, 3))


def rows(count: int, *, seed: int, defective: bool = False) -> NDArray[np.float64]:
    """Two columns that go together, one that does not, one category; defective ones are far out in the third, and a little in the first."""
    random = np.random.default_rng(seed)
    torque = random.normal(40, 5, count) + (12 if defective else 0)
    heat = random.normal(300, 1, count) + (8 * random.choice([-1, 1], count) if defective else 0)
    category = random.integers(0, 2, count)
    return np.column_stack([torque, 1500 - 8 * torque + random.normal(0, 20, count), heat, category == 0, category == 1]).astype(np.float64)


def table_case(key: str) -> Case:
    train, labels = rows(200, seed=1), None
    if _learns_from_labels(key):
        train, labels = np.concatenate([train, rows(60, seed=5, defective=True)]), _labels(200, 60)
    data = TrainingData(input=COLUMNS, train=train, calibration=rows(50, seed=2), labels=labels)
    return Case(key=key, kind=Kind.ROW, data=data, good=rows(40, seed=3), defective=rows(40, seed=4, defective=True))


# ---- the rules ---------------------------------------------------------------------------------------------------------------------


def assert_same_alone_and_in_batches(detector: Detector, items: NDArray[Any]) -> None:
    """Peers' traps 2, 9 and 10: an item's score never depends on what it is scored with."""
    together = detector.score(items)
    for size in (1, 7, 32):
        parts = [detector.score(items[start : start + size]) for start in range(0, len(items), size)]
        np.testing.assert_array_equal(np.concatenate([part.scores for part in parts]), together.scores)
        for name in EXTRAS:
            if getattr(together, name) is not None:
                np.testing.assert_array_equal(np.concatenate([getattr(part, name) for part in parts]), getattr(together, name))


def assert_order_follows_items(detector: Detector, items: NDArray[Any]) -> None:
    order = np.random.default_rng(5).permutation(len(items))
    np.testing.assert_array_equal(detector.score(items[order]).scores, detector.score(items).scores[order])


def assert_larger_is_worse(detector: Detector, good: NDArray[Any], defective: NDArray[Any]) -> None:
    from sklearn.metrics import roc_auc_score

    scores = np.concatenate([detector.score(good).scores, detector.score(defective).scores])
    labels = np.repeat([0, 1], [len(good), len(defective)])
    assert roc_auc_score(labels, scores) > 0.9


def assert_raw_scores(detector: Detector, items: NDArray[Any]) -> None:
    """Peers' trap 1: raw float64, finite, and no two different items tied as clamping would tie them."""
    scored = detector.score(items)
    assert scored.scores.dtype == np.float64
    assert scored.scores.shape == (len(items),)
    assert np.isfinite(scored.scores).all()
    values, counts = np.unique(scored.scores, return_counts=True)
    assert counts.max() < 0.4 * len(items)
    assert len(values) > 0.75 * len(items) or detector.declaration.key in STEPWISE


def assert_saves_and_loads(detector: Detector, items: NDArray[Any], folder: Path) -> None:
    folder.mkdir()
    detector.save(folder)
    loaded = type(detector).load(folder)
    assert_equal_scored(detector.score(items), loaded.score(items))


def assert_equal_scored(one: Scored, other: Scored) -> None:
    for name in ("scores", *EXTRAS):
        left, right = getattr(one, name), getattr(other, name)
        assert (left is None) == (right is None)
        if left is not None:
            np.testing.assert_array_equal(left, right)


def assert_repeats(case: Case, kind: type[Detector] | None = None) -> None:
    """Peers' trap 8: 0 is a seed like any other."""
    np.testing.assert_array_equal(
        case.fitted(seed=0, kind=kind).score(case.mixed).scores, case.fitted(seed=0, kind=kind).score(case.mixed).scores
    )
