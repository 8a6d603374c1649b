"""Relative patch position: where patches lie, what a direction is called, maps from patches, towers and the bank of good patches."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist

from core.networks.convolutional import initialise
from core.networks.patch_bank import PatchBank, draw_patches
from core.networks.patches import (
    CHANCE_LOSS,
    DIRECTIONS,
    SIDES,
    PatchGrid,
    all_patches,
    crops,
    draw_nudged,
    draw_pairs,
    opposite,
    patch_grid,
    spread_over_pixels,
    without_green_magenta,
)
from core.networks.relative_position import FEATURES, DefectJudge, RelativePositionNetwork, ResNetTower, SmallTower, resnet_step, small_step
from core.networks.relative_position_training import direction_loss

GRID = PatchGrid(height=48, width=64, patch=8, step=2, gap=4, jitter=2)
grids = st.builds(
    patch_grid,
    st.integers(3, 20).map(lambda count: 16 * count),
    st.integers(3, 20).map(lambda count: 16 * count),
    share=st.floats(0.02, 0.25),
    gap=st.floats(0.25, 1.0),
    jitter=st.floats(0.0, 0.5),
    step_of=st.sampled_from([small_step, resnet_step]),
)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


# ---- directions (P21) --------------------------------------------------------------------------------------------------------------


def test_directions_go_row_by_row_without_the_centre_and_opposite_ones_sum_to_seven():
    """detectors.md 0.6: stored 0..7, shown 1..8, so the deck's 8 is the patch below on the right."""
    assert DIRECTIONS[8 - 1] == (1, 1)
    assert list(DIRECTIONS) == sorted(DIRECTIONS) and (0, 0) not in DIRECTIONS
    for label, (row, column) in enumerate(DIRECTIONS):
        back = int(opposite(torch.tensor(label)))
        assert DIRECTIONS[back] == (-row, -column) and label + back == 7


@given(grids, st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_pairs_lie_inside_apart_and_in_the_direction_that_is_said(grid: PatchGrid, seed: int):
    pairs = draw_pairs(grid, 64, generator(seed))
    room = torch.tensor([grid.height - grid.patch, grid.width - grid.patch])
    for corners in (pairs.first, pairs.second):
        assert bool((corners >= 0).all()) and bool((corners <= room).all())
    moved = pairs.second - pairs.first
    assert bool((moved.abs().amax(dim=1) >= grid.patch).all())  # the patches never overlap
    said = torch.tensor(DIRECTIONS)[pairs.directions]
    assert bool(((moved - said * (grid.patch + grid.gap)).abs() <= 2 * grid.jitter).all())
    assert bool((moved * said >= grid.patch * said.abs()).all())  # the right way, and past the whole patch


def test_every_direction_is_as_likely_however_narrow_the_picture():
    grid = PatchGrid(height=32, width=160, patch=8, step=2, gap=4, jitter=2)
    counts = torch.bincount(draw_pairs(grid, 16_000, generator()).directions, minlength=8)
    assert bool(((counts - 2000).abs() < 5 * math.sqrt(2000)).all())


def test_nudged_patches_have_moved_and_lie_inside():
    corners = torch.tensor([[0, 0], [40, 56], [0, 56], [17, 3]]).repeat(50, 1)
    nudged = draw_nudged(GRID, corners, generator())
    assert set((nudged - corners).abs().amax(dim=1).tolist()) == {1}
    assert bool((nudged >= 0).all()) and bool((nudged <= torch.tensor([40, 56])).all())


def test_neighbours_on_the_grid_are_a_patch_and_a_gap_away():
    rows, columns = torch.meshgrid(2 * torch.arange(GRID.rows), 2 * torch.arange(GRID.columns), indexing="ij")
    for direction, (down, right) in enumerate(DIRECTIONS):
        near, far = GRID.facing(direction)
        assert rows[near].numel() > 0
        assert set((rows[far] - rows[near]).flatten().tolist()) == {12 * down}
        assert set((columns[far] - columns[near]).flatten().tolist()) == {12 * right}


def test_a_gap_that_lets_patches_overlap_is_refused():
    with pytest.raises(ValueError, match="do not fit"):
        PatchGrid(height=48, width=64, patch=8, step=2, gap=4, jitter=3)
    with pytest.raises(ValueError, match="do not fit"):
        PatchGrid(height=30, width=64, patch=8, step=2, gap=4, jitter=2)
    with pytest.raises(ValueError, match="too few"):
        patch_grid(16, 160, share=0.1, gap=0.5, jitter=0, step_of=small_step)


# ---- patches and maps --------------------------------------------------------------------------------------------------------------


def test_crops_are_slices():
    pictures = torch.rand(2, 3, 48, 64, generator=generator())
    corners = torch.tensor([[0, 0], [40, 56], [3, 17], [9, 1]])
    cut = crops(pictures, corners, 8)
    for place, (top, left) in enumerate(corners.tolist()):
        assert torch.equal(cut[place], pictures[place // 2, :, top : top + 8, left : left + 8])


def test_all_patches_come_row_by_row():
    picture = torch.rand(3, 48, 64, generator=generator())
    cut = all_patches(picture, 8, 2)
    assert len(cut) == GRID.count
    assert torch.equal(cut[2 * GRID.columns + 5], picture[:, 4:12, 10:18])


@given(grids, st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_every_pixel_is_covered_and_gets_the_mean_of_its_patches(grid: PatchGrid, seed: int):
    values = torch.rand(1, grid.rows, grid.columns, generator=generator(seed), dtype=torch.float64)
    maps = spread_over_pixels(values, grid)
    assert maps.shape == (1, grid.height, grid.width) and bool(torch.isfinite(maps).all())
    torch.testing.assert_close(spread_over_pixels(torch.full_like(values, 3.0), grid), torch.full_like(maps, 3.0))
    row, column = (int(torch.randint(length, (1,), generator=generator(seed))) for length in (grid.height, grid.width))
    rows = [place for place in range(grid.rows) if place * grid.step <= row < place * grid.step + grid.patch]
    columns = [place for place in range(grid.columns) if place * grid.step <= column < place * grid.step + grid.patch]
    torch.testing.assert_close(maps[0, row, column], values[0][rows][:, columns].mean())


def test_colours_lose_green_against_magenta_and_greys_stay():
    """P21: idempotent, keeps grey, takes (-1, 2, -1) away."""
    projection = without_green_magenta()
    torch.testing.assert_close(projection @ projection, projection, atol=1e-15, rtol=0)
    torch.testing.assert_close(projection @ torch.ones(3, dtype=torch.float64), torch.ones(3, dtype=torch.float64), atol=1e-15, rtol=0)
    assert float((projection @ torch.tensor([-1.0, 2.0, -1.0], dtype=torch.float64)).abs().max()) < 1e-15


# ---- networks ----------------------------------------------------------------------------------------------------------------------


def small_network(patch: int = 8, channels: int = 1) -> RelativePositionNetwork:
    network = RelativePositionNetwork(SmallTower(channels, patch=patch, width=4, without_axis=channels == 3))
    initialise(network, 0)
    return network.eval()


@pytest.mark.parametrize("patch", SIDES)
def test_a_small_tower_gives_a_whole_picture_what_it_gives_patch_by_patch(patch: int):
    tower = small_network(patch).tower
    assert tower.step == patch // 4
    picture = torch.rand(1, 1, 2 * patch, 3 * patch, generator=generator())
    with torch.inference_mode():
        dense = tower.on_grid(picture)
        single = tower(all_patches(picture[0], patch, tower.step))
    assert dense.shape == (1, FEATURES, 5, 9)
    torch.testing.assert_close(dense[0].flatten(1).T, single, atol=1e-5, rtol=0)


def test_a_resnet_tower_puts_patches_where_they_lie():
    tower = ResNetTower(3, patch=16, width_share=0.25, without_axis=False)
    initialise(tower, 0)
    picture = torch.rand(1, 3, 32, 48, generator=generator())
    with torch.inference_mode():
        dense = tower.eval().on_grid(picture)
        single = tower(picture[:, :, 8:24, 24:40])
    assert dense.shape == (1, FEATURES, 3, 5)
    torch.testing.assert_close(dense[0, :, 1, 3], single[0], atol=1e-5, rtol=0)


def test_a_tower_without_the_axis_cannot_see_it():
    tower = small_network(channels=3).tower
    picture = torch.rand(1, 3, 16, 16, generator=generator())
    shifted = picture + 0.3 * torch.tensor([-1.0, 2.0, -1.0])[:, None, None]
    with torch.inference_mode():
        torch.testing.assert_close(tower(picture[..., :8, :8]), tower(shifted[..., :8, :8]), atol=1e-5, rtol=0)
        assert float((tower(picture[..., :8, :8]) - tower(picture[..., :8, :8] + 0.3)).abs().max()) > 0.01


def test_guessing_costs_the_logarithm_of_eight():
    network = small_network()
    torch.nn.init.zeros_(network.classifier[-1].weight)
    features = torch.randn(10, FEATURES, generator=generator())
    directions = torch.arange(10) % 8
    with torch.inference_mode():
        assert float(direction_loss(network, features, features.flip(0), directions)) == pytest.approx(math.log(8), abs=1e-6)
        surprise = network.surprise(torch.randn(FEATURES, GRID.rows, GRID.columns, generator=generator()), GRID)
    torch.testing.assert_close(surprise, torch.full((GRID.rows, GRID.columns), CHANCE_LOSS))


def test_surprise_is_the_mean_loss_over_the_neighbours_inside():
    network, features = small_network(), torch.randn(FEATURES, GRID.rows, GRID.columns, generator=generator())
    with torch.inference_mode():
        surprise = network.surprise(features, GRID)
        for row, column in ((0, 0), (10, 9), (GRID.rows - 1, 4)):
            losses = []
            for direction, (down, right) in enumerate(DIRECTIONS):
                other = row + 6 * down, column + 6 * right
                if 0 <= other[0] < GRID.rows and 0 <= other[1] < GRID.columns:
                    logits = network(features[None, :, row, column], features[None, :, other[0], other[1]])
                    losses.append(-float(logits.log_softmax(dim=1)[0, direction]))
            assert float(surprise[row, column]) == pytest.approx(np.mean(losses), abs=1e-5)


def test_a_judge_keeps_the_statistics_of_good_patches():
    judge = DefectJudge(small_network().tower)
    before = {name: value.clone() for name, value in judge.named_buffers()}
    judge.train()
    judge(torch.rand(2, 1, 48, 64, generator=generator())).mean().backward()
    assert all(torch.equal(before[name], value) for name, value in judge.named_buffers())
    assert all(parameter.grad is not None for parameter in judge.parameters())


# ---- the bank ----------------------------------------------------------------------------------------------------------------------


def made_bank(count: int = 300, seed: int = 0) -> PatchBank:
    features = torch.randn(count, FEATURES, generator=generator(seed)) + 5
    return PatchBank(features, torch.arange(count) // 10)


def test_patches_in_the_bank_are_at_no_distance():
    bank = made_bank()
    assert float(bank.nearest(bank.features).max()) == 0


def test_distances_are_scipys():
    bank, others = made_bank(), torch.randn(1500, FEATURES, generator=generator(1)) + 5
    theirs = cdist(others.double().numpy(), bank.features.double().numpy())
    np.testing.assert_allclose(bank.nearest(others).numpy(), theirs.min(axis=1), rtol=1e-12)
    np.testing.assert_allclose(bank.nearest(others, owner=4).numpy(), np.delete(theirs, np.s_[40:50], axis=1).min(axis=1), rtol=1e-12)


def test_a_picture_is_not_compared_with_itself_unless_it_is_alone():
    bank = made_bank()
    assert float(bank.nearest(bank.features[40:50], owner=4).min()) > 1
    alone = PatchBank(bank.features[:10], torch.zeros(10, dtype=torch.int64))
    assert float(alone.nearest(bank.features[:10], owner=0).max()) == 0


def test_nearest_pictures_are_different_ones_in_order_of_their_nearest_patch():
    bank = made_bank()
    found = bank.nearest_owners(bank.features[123], 5).tolist()
    distances = cdist(bank.features.double().numpy(), bank.features[123:124].double().numpy())[:, 0].reshape(30, 10).min(axis=1)
    assert found == np.argsort(distances)[:5].tolist() and found[0] == 12


@given(st.integers(1, 40), st.integers(1, 60), st.integers(1, 500), st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_drawn_patches_are_different_bounded_and_sorted(pictures: int, places: int, size: int, seed: int):
    owners, where = draw_patches(pictures, places, size, seed)
    assert len(owners) == min(size, pictures * places)
    assert len(set(zip(owners.tolist(), where.tolist(), strict=True))) == len(owners)
    assert bool((np.diff(owners) >= 0).all()) and owners.max() < pictures and where.max() < places
    np.testing.assert_array_equal(np.stack(draw_patches(pictures, places, size, seed)), np.stack([owners, where]))
