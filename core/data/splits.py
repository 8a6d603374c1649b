"""Which items train, calibrate and test.

Splits that items already have stay (`keep`), so that a test set that came with the data is not mixed with anything. Goods are divided
60/20/20 into train, calibration and test; defectives 0/40/60, or 40/20/40 for detectors that learn from them. The shares are those of
all labelled items, so items labelled later fill the split that lacks most. Items of one group go to one split. Unlabelled and unsure
items stay new; only where nothing at all is labelled they are taken as good, three quarters train and one quarter calibration.

Where the defectives were divided for detectors that see none of them, one that learns from them takes half of those that calibrate.
"""

from __future__ import annotations

from collections.abc import Sequence
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


def lend_defectives(
    labels: NDArray[np.int8], current: NDArray[np.int8], groups: Sequence[str | None], *, seed: int, needed: int
) -> NDArray[np.int8]:
    """The splits, values of `Split`, after so many defective items moved from calibration to training that `needed` of them train.

    Half of those that calibrate move, or more if it takes more, by whole groups. The last good items that calibrate stay; groups without
    good ones go first. Where `needed` cannot be reached nothing moves. Items of the test split are never touched.
    """
    splits = current.astype(np.int8, copy=True)
    defective, calibrating = labels == Label.DEFECTIVE, current == Split.CALIBRATION
    missing = needed - int((defective & (current == Split.TRAIN)).sum())
    here = _Groups.of(_group_keys(groups), calibrating)
    defectives, goods = here.sizes(defective), here.sizes(labels == Label.GOOD)
    wanted = max(missing, (int(defectives.sum()) + 1) // 2)
    order = np.random.default_rng(seed).permutation(np.flatnonzero(defectives))
    chosen = np.zeros(here.count, np.int8)
    moved, left = 0, int(goods.sum())
    for group in order[np.argsort(goods[order], kind="stable")].tolist():
        if moved >= wanted or (goods[group] and left == goods[group]):
            break
        chosen[group] = Split.TRAIN
        moved += int(defectives[group])
        left -= int(goods[group])
    if missing > 0 and moved >= missing:
        here.put(splits, chosen)
    return splits


def _group_keys(groups: Sequence[str | None]) -> NDArray[np.int64]:
    """A number per item, equal for items of one group; an item without group is a group of its own."""
    numbers: dict[str, int] = {}
    return np.array(
        [numbers.setdefault(group, len(numbers)) if group else -1 - position for position, group in enumerate(groups)], dtype=np.int64
    )


@dataclass(frozen=True)
class _Groups:
    """The groups of some items: positions of the items, and for each its group, a number from 0 in the order of first appearance."""

    positions: NDArray[np.int64]
    group: NDArray[np.int64]
    count: int

    @classmethod
    def of(cls, keys: NDArray[np.int64], chosen: NDArray[np.bool_]) -> _Groups:
        positions = np.flatnonzero(chosen)
        _, first, inverse = np.unique(keys[positions], return_index=True, return_inverse=True)
        rank = np.empty(len(first), np.int64)
        rank[np.argsort(first)] = np.arange(len(first))
        return cls(positions, rank[inverse], len(first))

    def sizes(self, counted: NDArray[np.bool_]) -> NDArray[np.int64]:
        """How many of the `counted` items each group holds; `counted` is a mask over all items."""
        return np.bincount(self.group[counted[self.positions]], minlength=self.count)

    def put(self, splits: NDArray[np.int8], chosen: NDArray[np.int8]) -> None:
        """Writes the split chosen for each group; 0 leaves a group as it is."""
        mine = chosen[self.group]
        splits[self.positions[mine > 0]] = mine[mine > 0]


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
    groups = _Groups.of(keys, (splits == Split.NEW) & (classes != Label.NONE))
    sizes: dict[Label, list[int]] = {}
    missing: dict[Label, list[float]] = {}
    weight: dict[Label, float] = {}
    for label, ratio in ratios.items():
        of_class = classes == label
        total = int(of_class.sum())
        sizes[label] = groups.sizes(of_class).tolist()
        missing[label] = (ratio.targets(total) - np.bincount(splits[of_class], minlength=len(Split))).tolist()
        weight[label] = 1 / max(1, total)
    size = np.sum(list(sizes.values()), axis=0)
    order = generator.permutation(groups.count)
    chosen = np.zeros(groups.count, np.int8)
    allowed = {mixed: _allowed(ratios[Label.GOOD if mixed else Label.DEFECTIVE]) for mixed in (True, False)}
    for group in order[np.argsort(-size[order], kind="stable")].tolist():
        counts = [(missing[label], sizes[label][group], weight[label]) for label in ratios if sizes[label][group]]
        split = max(
            allowed[sizes[Label.GOOD][group] > 0],
            key=lambda split: sum(count * lacking[split] * share for lacking, count, share in counts),
        )
        chosen[group] = split
        for lacking, count, _ in counts:
            lacking[split] -= count
    groups.put(splits, chosen)


def _allowed(ratios: Ratios) -> list[int]:
    """A group without goods goes only where defectives are wanted: elsewhere it would be of no use."""
    return [int(split) for split in _USED if ratios.targets(1)[split] > 0]


def _ensure_calibration(
    splits: NDArray[np.int8], classes: NDArray[np.int8], keys: NDArray[np.int64], *, generator: np.random.Generator
) -> None:
    good = classes == Label.GOOD
    if (good & (splits == Split.CALIBRATION)).any():
        return
    groups = _Groups.of(keys, splits == Split.TRAIN)
    goods = groups.sizes(good)
    wanted = int(goods.sum()) / 4
    candidates = generator.permutation(np.flatnonzero(goods))
    moved = 0
    chosen = np.zeros(groups.count, np.int8)
    for group in candidates[:-1].tolist():  # the last group stays, so that something is left to learn from
        if moved and moved + goods[group] / 2 > wanted:
            break
        chosen[group] = Split.CALIBRATION
        moved += int(goods[group])
    groups.put(splits, chosen)
