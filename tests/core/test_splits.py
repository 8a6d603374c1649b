"""Splits: shares, groups, determinism, and what was there already."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.data.splits import DEFECT_RATIOS, GOOD_RATIOS, SUPERVISED_DEFECT_RATIOS, assign_splits
from core.vocabulary import Label, Split

NEW, TRAIN, CALIBRATION, TEST = Split.NEW, Split.TRAIN, Split.CALIBRATION, Split.TEST


def _split(
    labels: list[Label], current: list[Split] | None = None, groups: list[str | None] | None = None, **options: object
) -> NDArray[np.int8]:
    given_splits = current or [NEW] * len(labels)
    return assign_splits(
        np.array(labels, np.int8),
        np.array(given_splits, np.int8),
        groups or [None] * len(labels),
        seed=options.pop("seed", 0),  # type: ignore[arg-type]
        **options,  # type: ignore[arg-type]
    )


def _counts(splits: NDArray[np.int8], chosen: NDArray[np.bool_] | None = None) -> list[int]:
    return np.bincount(splits if chosen is None else splits[chosen], minlength=4).tolist()


labels_strategy = st.lists(st.sampled_from([Label.NONE, Label.GOOD, Label.GOOD, Label.DEFECTIVE, Label.UNSURE]), min_size=1, max_size=120)


@settings(deadline=None)
@given(labels=labels_strategy, seed=st.integers(0, 2**32 - 1), supervised=st.booleans())
def test_single_items_come_within_one_of_their_share(labels: list[Label], seed: int, supervised: bool) -> None:
    splits = _split(labels, seed=seed, supervised=supervised)
    array = np.array(labels)
    if not np.isin(array, (Label.GOOD, Label.DEFECTIVE)).any():
        return
    for label, ratios in ((Label.GOOD, GOOD_RATIOS), (Label.DEFECTIVE, SUPERVISED_DEFECT_RATIOS if supervised else DEFECT_RATIOS)):
        total = int((array == label).sum())
        if label is Label.GOOD and 1 < total < 3:
            continue  # one of two is taken for calibration
        assert (np.abs(np.array(_counts(splits, array == label)) - ratios.targets(total)) < 1).all()
    assert (splits[np.isin(array, (Label.NONE, Label.UNSURE))] == NEW).all()


@settings(deadline=None)
@given(data=st.data(), labels=labels_strategy, seed=st.integers(0, 99), supervised=st.booleans())
def test_groups_never_straddle(data: st.DataObject, labels: list[Label], seed: int, supervised: bool) -> None:
    names = st.sampled_from([None, "", "a", "b", "c", "d", "e", "f"])
    groups = data.draw(st.lists(names, min_size=len(labels), max_size=len(labels)))
    splits = _split(labels, groups=groups, seed=seed, supervised=supervised)
    for group in {group for group in groups if group}:
        used = {int(split) for split, name in zip(splits, groups, strict=True) if name == group and split != NEW}
        assert len(used) <= 1
    labelled = np.isin(np.array(labels), (Label.GOOD, Label.DEFECTIVE))
    if labelled.any():
        assert (splits[labelled] != NEW).all()


@settings(deadline=None)
@given(labels=labels_strategy, seed=st.integers(0, 99))
def test_same_seed_same_splits(labels: list[Label], seed: int) -> None:
    assert np.array_equal(_split(labels, seed=seed), _split(labels, seed=seed))


@settings(deadline=None)
@given(data=st.data(), labels=labels_strategy, seed=st.integers(0, 99))
def test_a_second_time_changes_nothing(data: st.DataObject, labels: list[Label], seed: int) -> None:
    groups = data.draw(st.lists(st.sampled_from([None, "a", "b", "c", "d"]), min_size=len(labels), max_size=len(labels)))
    once = _split(labels, groups=groups, seed=seed)
    again = _split(labels, [Split(split) for split in once], groups, seed=seed + 1)
    assert np.array_equal(once, again)


@settings(deadline=None)
@given(data=st.data(), labels=labels_strategy)
def test_what_was_assigned_stays_but_for_the_calibration_quarter(data: st.DataObject, labels: list[Label]) -> None:
    current = data.draw(st.lists(st.sampled_from(list(Split)), min_size=len(labels), max_size=len(labels)))
    splits = _split(labels, current)
    before = np.array(current)
    changed = (before != NEW) & (splits != before)
    assert (before[changed] == TRAIN).all()
    assert (splits[changed] == CALIBRATION).all()
    if (np.array(labels)[before == CALIBRATION] == Label.GOOD).any():
        assert not changed.any()


def test_defectives_are_never_trained_on_unless_supervised() -> None:
    labels = [Label.GOOD] * 100 + [Label.DEFECTIVE] * 50
    defective = np.array(labels) == Label.DEFECTIVE
    assert _counts(_split(labels), defective) == [0, 0, 20, 30]
    assert _counts(_split(labels, supervised=True), defective) == [0, 20, 10, 20]
    assert _counts(_split(labels), ~defective) == [0, 60, 20, 20]


def test_defective_groups_stay_out_of_training() -> None:
    labels = [Label.GOOD] * 30 + [Label.DEFECTIVE] * 30
    groups = [f"good {place}" for place in range(30)] + [f"lot {place // 10}" for place in range(30)]
    for seed in range(20):
        assert TRAIN not in _split(labels, groups=groups, seed=seed)[30:]


def test_lots_with_both_kinds_come_near_the_shares() -> None:
    generator = np.random.default_rng(0)
    groups = [f"lot {place // 50}" for place in range(2000)]
    labels = [Label.DEFECTIVE if place // 50 % 4 == 1 and generator.random() < 0.2 else Label.GOOD for place in range(2000)]
    splits = _split(labels, groups=groups)
    good = np.array(labels) == Label.GOOD
    assert np.abs(np.array(_counts(splits, good)) / good.sum() - [0, 0.6, 0.2, 0.2]).max() < 0.05
    share = np.array(_counts(splits, ~good)) / (~good).sum()
    assert share[TRAIN] < 0.15
    assert share[TEST] > 0.35


def test_different_seeds_differ() -> None:
    labels = [Label.GOOD] * 200
    assert not np.array_equal(_split(labels, seed=0), _split(labels, seed=1))


def test_mvtec_gets_a_quarter_of_its_training_goods_to_calibrate() -> None:
    labels = [Label.GOOD] * 300 + [Label.DEFECTIVE] * 60
    current = [TRAIN] * 240 + [TEST] * 120
    splits = _split(labels, current)
    assert _counts(splits) == [0, 180, 60, 120]
    assert (splits[240:] == TEST).all()


def test_the_calibration_quarter_moves_in_whole_groups() -> None:
    groups: list[str | None] = [f"lot {place // 20}" for place in range(200)]
    splits = _split([Label.GOOD] * 200, [TRAIN] * 200, groups)
    assert 40 <= _counts(splits)[CALIBRATION] <= 60
    assert all(len(set(splits[start : start + 20].tolist())) == 1 for start in range(0, 200, 20))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_something_is_left_to_learn_from(count: int) -> None:
    splits = _split([Label.GOOD] * count, [TRAIN] * count)
    assert (splits == TRAIN).any()
    assert (splits == CALIBRATION).sum() == min(1, count - 1)


def test_one_group_alone_trains() -> None:
    assert set(_split([Label.GOOD] * 8, [TRAIN] * 8, ["only"] * 8).tolist()) == {TRAIN}


def test_without_any_label_items_count_as_good() -> None:
    splits = _split([Label.NONE] * 100 + [Label.UNSURE] * 4)
    assert _counts(splits) == [4, 75, 25, 0]


def test_items_labelled_later_fill_what_lacks() -> None:
    labels = [Label.GOOD] * 100
    current = [TRAIN] * 50 + [NEW] * 50
    assert _counts(_split(labels, current)) == [0, 60, 20, 20]


def test_new_items_join_their_group() -> None:
    labels = [Label.GOOD] * 6
    splits = _split(labels, [TEST, CALIBRATION, TRAIN, NEW, NEW, NEW], ["a", "b", "c", "a", "b", "c"])
    assert splits.tolist() == [TEST, CALIBRATION, TRAIN, TEST, CALIBRATION, TRAIN]


def test_starting_over_forgets_what_was() -> None:
    labels = [Label.GOOD] * 100
    assert _counts(_split(labels, [TEST] * 100, keep=False)) == [0, 60, 20, 20]


def test_nothing_to_split() -> None:
    assert _split([]).shape == (0,)


def test_a_hundred_thousand_items_take_no_time() -> None:
    labels = np.full(100_000, Label.GOOD, np.int8)
    labels[::20] = Label.DEFECTIVE
    splits = assign_splits(labels, np.zeros(100_000, np.int8), [None] * 100_000, seed=0)
    assert _counts(splits, labels == Label.GOOD) == [0, 57_000, 19_000, 19_000]
