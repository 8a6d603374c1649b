"""Giving every item its split, by the rule of `core.data.splits`, and keeping who did it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.data.splits import assign_splits, lend_defectives
from core.project.items import ItemColumns, item_columns, set_splits
from core.project.opening import Project
from core.vocabulary import Label, Split, text_of


def split_project(project: Project, *, seed: int, supervised: bool = False, keep: bool = True) -> dict[str, int]:
    """Splits pictures and rows each for themselves and returns how many items each split now has.

    Items of one group stay together; where no group is known, items of one serial number do. With `keep`, only new items are
    assigned, see `assign_splits`.
    """
    columns = item_columns(project)
    splits = proposed_splits(columns, seed=seed, supervised=supervised, keep=keep)
    set_splits(project, columns.id, splits, reason=f"split seed={seed} supervised={supervised} keep={keep}")
    return {text_of(split): int(np.count_nonzero(splits == split)) for split in Split}


def proposed_splits(columns: ItemColumns, *, seed: int, supervised: bool = False, keep: bool = True) -> NDArray[np.int8]:
    """The split that `split_project` would give each item; changes nothing."""
    splits = columns.split.copy()
    for of_kind in (~columns.is_row, columns.is_row):
        places = np.flatnonzero(of_kind)
        if len(places):
            groups = [_group(columns, place) for place in places.tolist()]
            splits[places] = assign_splits(
                columns.label[places], columns.split[places], groups, seed=seed, supervised=supervised, keep=keep
            )
    return splits


def splits_with_defectives(
    columns: ItemColumns, splits: NDArray[np.int8], counted: NDArray[np.bool_], *, seed: int, needed: int
) -> NDArray[np.int8]:
    """`splits` of all items, changed so that `needed` defective ones of those `counted` train; see `lend_defectives`. Changes nothing.

    `counted` is a mask over the items, all of one kind; others only move along with their group.
    """
    places = np.flatnonzero(columns.is_row == bool(columns.is_row[counted].any()))
    labels = np.where(counted[places], columns.label[places], np.int8(Label.NONE))
    groups = [_group(columns, place) for place in places.tolist()]
    changed = splits.copy()
    changed[places] = lend_defectives(labels, splits[places], groups, seed=seed, needed=needed)
    return changed


def _group(columns: ItemColumns, place: int) -> str | None:
    return str(columns.group_id[place]) or str(columns.serial[place]) or None
