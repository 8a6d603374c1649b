"""Taking training items apart: shrinkage of values, items and columns, and what is told about a round."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.networks.rows import RowStore
from core.networks.separation import Group, Round, Separation
from core.networks.shrinkage import group_shrink, soft_threshold

ROWS = np.random.default_rng(0).normal(size=(37, 6)).astype(np.float32).astype(np.float64)


def half(items: torch.Tensor) -> torch.Tensor:
    """A network that rebuilds half of everything."""
    return items / 2


def separated(rows: np.ndarray, group: Group, threshold: float, *, rounds: int = 1, at_once: int = 8) -> tuple[Separation, Round]:
    parts = Separation((rows.shape[1],), count=len(rows))
    for _ in range(rounds):
        found = parts.separate(RowStore(rows, "cpu"), half, group=group, threshold=lambda _: threshold, at_once=at_once, check=lambda: None)
    return parts, found


@pytest.mark.parametrize(
    ("group", "shrink"),
    [
        (Group.VALUES, soft_threshold),
        (Group.ITEMS, lambda values, threshold: group_shrink(values, threshold, axis=1)),
        (Group.COLUMNS, lambda values, threshold: group_shrink(values, threshold, axis=0)),
    ],
)
@pytest.mark.parametrize("threshold", [0.0, 0.4, 1.3, 3.1, 100.0])
def test_two_rounds_by_hand(group, shrink, threshold):
    first = shrink(ROWS - ROWS / 2, threshold)
    second = shrink(ROWS - (ROWS - first) / 2, threshold)
    parts, found = separated(ROWS, group, threshold, rounds=2)
    np.testing.assert_allclose(parts.corruption.numpy(), second, atol=1e-6)
    rebuilt_before, rebuilt = ROWS / 2, (ROWS - first) / 2
    whole = np.linalg.norm(ROWS)
    assert found.left == pytest.approx(np.linalg.norm(ROWS - rebuilt - second) / whole, abs=1e-6)
    assert found.change == pytest.approx(np.linalg.norm((rebuilt + second) - (rebuilt_before + first)) / whole, abs=1e-6)
    counts = {
        Group.VALUES: np.count_nonzero(second),
        Group.ITEMS: second.any(axis=1).sum(),
        Group.COLUMNS: second.any(axis=0).sum(),
    }
    assert found.set_apart == counts[group]
    assert np.array_equal(parts.corruption.numpy() == 0, second == 0)  # exactly zero, not small


@pytest.mark.parametrize("group", Group)
def test_before_the_first_round_everything_counts_as_rebuilt(group):
    _, found = separated(ROWS, group, 1e9)
    assert found.change == pytest.approx(0.5)
    assert found.left == pytest.approx(0.5)
    assert found.set_apart == 0


@pytest.mark.parametrize("group", Group)
def test_a_threshold_of_nothing_sets_everything_apart_exactly(group):
    """And c1 = c2 = 0 at once, which is no sign of convergence."""
    parts, found = separated(ROWS, group, 0.0)
    np.testing.assert_array_equal(parts.corruption.numpy(), (ROWS - ROWS / 2).astype(np.float32))
    assert not parts.rest.any()
    assert (found.left, found.change) == (0.0, 0.0)


@pytest.mark.parametrize("group", Group)
def test_the_threshold_is_chosen_by_the_lengths_of_the_groups(group):
    seen = []
    parts = Separation((6,), count=len(ROWS))
    parts.separate(
        RowStore(ROWS, "cpu"), half, group=group, threshold=lambda lengths: seen.append(lengths) or 1.0, at_once=8, check=lambda: None
    )
    differences = ROWS / 2
    expected = {
        Group.VALUES: np.abs(differences).ravel(),
        Group.ITEMS: np.linalg.norm(differences, axis=1),
        Group.COLUMNS: np.linalg.norm(differences, axis=0),
    }
    np.testing.assert_allclose(seen[0], expected[group], rtol=1e-6)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.floats(0, 5), min_size=2, max_size=6), st.sampled_from(list(Group)), st.integers(0, 99))
def test_a_larger_threshold_never_sets_more_apart(thresholds, group, seed):
    """Large lambda, few outliers: the direction that the deck's words have the wrong way round."""
    rows = np.random.default_rng(seed).normal(size=(11, 4))
    counts = [separated(rows, group, threshold)[1].set_apart for threshold in sorted(thresholds)]
    assert counts == sorted(counts, reverse=True)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 99), st.sampled_from([Group.ITEMS, Group.COLUMNS]))
def test_planted_gross_groups_are_those_set_apart(seed, group):
    random = np.random.default_rng(seed)
    rows = random.normal(0, 0.1, size=(20, 12))
    planted = np.sort(random.choice(12, 3, replace=False))
    where = (planted, slice(None)) if group is Group.ITEMS else (slice(None), planted)
    rows[where] += random.choice([-5, 5], rows[where].shape)
    parts, found = separated(rows, group, 3.0)
    axis = 1 if group is Group.ITEMS else 0
    np.testing.assert_array_equal(np.flatnonzero(parts.corruption.numpy().any(axis=axis)), planted)
    assert found.set_apart == 3


def test_lengths_are_those_of_the_parts():
    parts, _ = separated(ROWS, Group.VALUES, 0.3)
    found = parts.corruption.numpy().astype(np.float64)
    np.testing.assert_allclose(parts.item_lengths(), np.linalg.norm(found, axis=1), rtol=1e-12)
    np.testing.assert_allclose(parts.column_lengths(), np.linalg.norm(found, axis=0), rtol=1e-12)
    np.testing.assert_array_equal(parts.of(np.array([3, 1])).numpy(), parts.corruption.numpy()[[3, 1]])


def test_items_of_several_axes_are_groups_as_a_whole():
    pictures = np.random.default_rng(1).normal(size=(9, 2, 4, 3))

    class Store:
        count = len(pictures)

        def batch(self, indices):
            return torch.from_numpy(pictures[indices].astype(np.float32))

    parts = Separation((2, 4, 3), count=9)
    parts.separate(Store(), half, group=Group.ITEMS, threshold=lambda _: 2.0, at_once=4, check=lambda: None)
    expected = group_shrink(pictures.reshape(9, -1) / 2, 2.0, axis=1)
    np.testing.assert_allclose(parts.corruption.numpy().reshape(9, -1), expected, atol=1e-6)


def test_nothing_to_explain_is_no_division_by_zero():
    parts, found = separated(np.zeros((5, 3)), Group.ITEMS, 1.0)
    assert (found.left, found.change, found.set_apart) == (0.0, 0.0, 0)
    assert torch.isfinite(parts.corruption).all()


def test_a_cancel_is_seen_on_the_way():
    seen = []
    separate = Separation((6,), count=len(ROWS)).separate
    separate(RowStore(ROWS, "cpu"), half, group=Group.ITEMS, threshold=lambda _: 1.0, at_once=8, check=lambda: seen.append(1))
    assert len(seen) >= len(ROWS) // 8 + 1
