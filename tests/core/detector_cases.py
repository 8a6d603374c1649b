"""Tiny data and quick settings for each detector of the catalogue, and the rules that every detector must keep.

A new detector adds its quick settings to `QUICK`; everything else follows from its declaration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.detectors.base import Detector, ImageInput, Scored, TableInput, TrainingData
from core.detectors.catalog import detector_class
from core.job_context import QuietContext
from core.vocabulary import Kind

QUICK: dict[str, dict[str, Any]] = {
    "autoencoder": {"image_size": 32, "epochs": 12, "width": 4, "latent_size": 4, "batch_size": 8},
    "isolation_forest": {"trees": 25, "sample_size": 64},
}
# A value for each parameter that must change the scores when it replaces the quick one.
OTHER: dict[str, dict[str, Any]] = {
    "autoencoder": {
        "image_size": 48,
        "latent_size": 9,
        "epochs": 11,
        "learning_rate": 0.0005,
        "batch_size": 5,
        "noise": 0.3,
        "blur": 4.0,
        "top_share": 20.0,
        "compare_places": False,
        "width": 6,
    },
    "isolation_forest": {"trees": 40, "sample_size": 16, "columns_share": 50.0, "use_categories": True},
}


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
        if changes.get("image_size"):
            size = int(changes["image_size"])
            data = picture_data(ImageInput(height=size, width=size, channels=1))
        detector.fit(data, QuietContext())
        return detector

    @property
    def mixed(self) -> NDArray[Any]:
        return np.concatenate([self.good, self.defective])


def cases() -> list[Case]:
    from core.detectors.catalog import declarations

    found = []
    for declaration in declarations():
        if Kind.IMAGE in declaration.takes:
            found += [picture_case(declaration.key, form) for form in (GREY, COLOUR)]
        if Kind.ROW in declaration.takes:
            found.append(table_case(declaration.key))
    return found


def case_name(case: Case) -> str:
    form = case.data.input
    return f"{case.key}-{form.height}x{form.width}x{form.channels}" if isinstance(form, ImageInput) else f"{case.key}-table"


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


def picture_data(form: ImageInput) -> TrainingData:
    return TrainingData(input=form, train=pictures(40, form, seed=1), calibration=pictures(12, form, seed=2))


def picture_case(key: str, form: ImageInput) -> Case:
    return Case(
        key=key,
        kind=Kind.IMAGE,
        data=picture_data(form),
        good=pictures(20, form, seed=3),
        defective=pictures(20, form, seed=4, defective=True),
    )


COLUMNS = TableInput(columns=("torque", "speed", "heat", "type=A", "type=B"), sources=(0, 1, 2, 3, 3))


def rows(count: int, *, seed: int, defective: bool = False) -> NDArray[np.float64]:
    """Two columns that go together, one that does not, one category; defective ones are far out in the third, and a little in the first."""
    random = np.random.default_rng(seed)
    torque = random.normal(40, 5, count) + (12 if defective else 0)
    heat = random.normal(300, 1, count) + (8 * random.choice([-1, 1], count) if defective else 0)
    category = random.integers(0, 2, count)
    return np.column_stack([torque, 1500 - 8 * torque + random.normal(0, 20, count), heat, category == 0, category == 1]).astype(np.float64)


def table_case(key: str) -> Case:
    data = TrainingData(input=COLUMNS, train=rows(200, seed=1), calibration=rows(50, seed=2))
    return Case(key=key, kind=Kind.ROW, data=data, good=rows(40, seed=3), defective=rows(40, seed=4, defective=True))


def with_train(case: Case, train: NDArray[Any]) -> TrainingData:
    return replace(case.data, train=train)


# ---- the rules ---------------------------------------------------------------------------------------------------------------------


def assert_same_alone_and_in_batches(detector: Detector, items: NDArray[Any]) -> None:
    """Peers' traps 2, 9 and 10: an item's score never depends on what it is scored with."""
    together = detector.score(items)
    for size in (1, 7, 32):
        parts = [detector.score(items[start : start + size]) for start in range(0, len(items), size)]
        np.testing.assert_array_equal(np.concatenate([part.scores for part in parts]), together.scores)
        for name in ("maps", "reconstructions", "contributions"):
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
    assert len(np.unique(scored.scores)) > 0.75 * len(items)


def assert_saves_and_loads(detector: Detector, items: NDArray[Any], folder: Path) -> None:
    folder.mkdir()
    detector.save(folder)
    loaded = type(detector).load(folder)
    assert_equal_scored(detector.score(items), loaded.score(items))


def assert_equal_scored(one: Scored, other: Scored) -> None:
    for name in ("scores", "maps", "reconstructions", "contributions"):
        left, right = getattr(one, name), getattr(other, name)
        assert (left is None) == (right is None)
        if left is not None:
            np.testing.assert_array_equal(left, right)


def assert_repeats(case: Case, kind: type[Detector] | None = None) -> None:
    """Peers' trap 8: 0 is a seed like any other."""
    np.testing.assert_array_equal(
        case.fitted(seed=0, kind=kind).score(case.mixed).scores, case.fitted(seed=0, kind=kind).score(case.mixed).scores
    )
