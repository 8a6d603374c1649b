"""Which items train, calibrate and test.

Splits that items already have stay (`keep`), so that a test set that came with the data is not mixed with anything. Goods are divided
60/20/20 into train, calibration and test; defectives 0/40/60, or 40/20/40 for detectors that learn from them. The shares are those of
all labelled items, so items labelled later fill the split that lacks most. Items of one group go to one split. Unlabelled and unsure
items stay new; only where nothing at all is labelled they are taken as good, three quarters train and one quarter calibration.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.vocabulary import Label, Split


@dataclass(frozen=True, kw_only=True)
class Ratios:
    """Shares of one class of items; they add up to 1."""

    train: float
    calibration: float
    test: float

    def targets(self, total: int) -> NDArray[np.float64]:
        """Wanted number of items, indexed by `Split`."""
        return np.array([0.0, self.train, self.calibration, self.test]) * total


GOOD_RATIOS: Final = Ratios(train=0.6, calibration=0.2, test=0.2)
DEFECT_RATIOS: Final = Ratios(train=0.0, calibration=0.4, test=0.6)
SUPERVISED_DEFECT_RATIOS: Final = Ratios(train=0.4, calibration=0.2, test=0.4)
UNLABELLED_RATIOS: Final = Ratios(train=0.75, calibration=0.25, test=0.0)

_USED: Final = (Split.TRAIN, Split.CALIBRATION, Split.TEST)


def assign_splits(
    labels: NDArray[np.int8],
    current: NDArray[np.int8],
    groups: Sequence[str | None],
    *,
    seed: int,
    supervised: bool = False,
    keep: bool = True,
) -> NDArray[np.int8]:
    """The split of every item, values of `Split`, shape (n,). `labels` are values of `Label`, `current` the splits until now.

    With `keep` only new items are assigned, and those whose group already has a split join it. One exception: if no good item
    calibrates, a quarter of the good train items (whole groups) move there, for without them no threshold can be set.
    """
    splits = current.astype(np.int8, copy=True) if keep else np.zeros(len(labels), np.int8)
    if not np.isin(labels, (Label.GOOD, Label.DEFECTIVE)).any():
        classes = np.where(labels == Label.NONE, Label.GOOD, Label.NONE).astype(np.int8)
        ratios = {Label.GOOD: UNLABELLED_RATIOS, Label.DEFECTIVE: DEFECT_RATIOS}
    else:
        classes = np.where(np.isin(labels, (Label.GOOD, Label.DEFECTIVE)), labels, Label.NONE).astype(np.int8)
        ratios = {Label.GOOD: GOOD_RATIOS, Label.DEFECTIVE: SUPERVISED_DEFECT_RATIOS if supervised else DEFECT_RATIOS}
    generator = np.random.default_rng(seed)
    keys = _group_keys(groups)
    _join_groups(splits, classes, keys)
    _fill(splits, classes, keys, ratios=ratios, generator=generator)
    _ensure_calibration(splits, classes, keys, generator=generator)
    return splits


def _group_keys(groups: Sequence[str | None]) -> NDArray[np.int64]:
    """A number per item, equal for items of one group; an item without group is a group of its own."""
    numbers: dict[str, int] = {}
    return np.array(
        [numbers.setdefault(group, len(numbers)) if group else -1 - position for position, group in enumerate(groups)], dtype=np.int64
    )


def _members(keys: NDArray[np.int64], chosen: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """The positions of the chosen items, one array per group, in the order of the first chosen member."""
    positions = np.flatnonzero(chosen)
    if not len(positions):
        return []
    order = positions[np.argsort(keys[positions], kind="stable")]
    parts = np.split(order, np.flatnonzero(np.diff(keys[order])) + 1)
    return sorted(parts, key=lambda part: int(part[0]))


def _join_groups(splits: NDArray[np.int8], classes: NDArray[np.int8], keys: NDArray[np.int64]) -> None:
    """New items join the split of their group; if the data came with a straddling group, the split that holds most of it."""
    settled: dict[int, NDArray[np.int64]] = {}
    for key, split in zip(keys[splits != Split.NEW].tolist(), splits[splits != Split.NEW].tolist(), strict=True):
        settled.setdefault(key, np.zeros(len(Split), np.int64))[split] += 1
    for position in np.flatnonzero((splits == Split.NEW) & (classes != Label.NONE)):
        counts = settled.get(int(keys[position]))
        if counts is not None:
            splits[position] = int(counts.argmax())


def _fill(
    splits: NDArray[np.int8],
    classes: NDArray[np.int8],
    keys: NDArray[np.int64],
    *,
    ratios: dict[Label, Ratios],
    generator: np.random.Generator,
) -> None:
    """Gives each group of new items to the split that lacks most, large groups first, so that the small ones can even things out."""
    missing = {label: ratio.targets(int((classes == label).sum())) for label, ratio in ratios.items()}
    for label, lacking in missing.items():
        lacking -= np.bincount(splits[classes == label], minlength=len(Split)) * (np.arange(len(Split)) > 0)
    totals = {label: max(1, int((classes == label).sum())) for label in ratios}
    groups = _members(keys, (splits == Split.NEW) & (classes != Label.NONE))
    generator.shuffle(groups)
    for group in sorted(groups, key=len, reverse=True):
        counts = {label: int((classes[group] == label).sum()) for label in ratios}
        split = max(
            _allowed(counts, ratios), key=lambda split: sum(counts[label] * missing[label][split] / totals[label] for label in ratios)
        )
        splits[group] = split
        for label in ratios:
            missing[label][split] -= counts[label]


def _allowed(counts: dict[Label, int], ratios: dict[Label, Ratios]) -> Iterable[Split]:
    """A group without goods goes only where defectives are wanted: there they would be of no use to a detector that learns from goods."""
    wanted = ratios[Label.GOOD if counts[Label.GOOD] else Label.DEFECTIVE].targets(1)
    return [split for split in _USED if wanted[split] > 0]


def _ensure_calibration(
    splits: NDArray[np.int8], classes: NDArray[np.int8], keys: NDArray[np.int64], *, generator: np.random.Generator
) -> None:
    good = classes == Label.GOOD
    if (good & (splits == Split.CALIBRATION)).any():
        return
    training = splits == Split.TRAIN
    groups = [group for group in _members(keys, training) if good[group].any()]
    wanted = int((good & training).sum()) / 4
    generator.shuffle(groups)
    moved = 0
    for group in groups[:-1]:  # the last group stays, so that something is left to learn from
        if moved and moved + int(good[group].sum()) / 2 > wanted:
            break
        splits[group] = Split.CALIBRATION
        moved += int(good[group].sum())
