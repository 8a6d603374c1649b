"""Patches of a picture and the way back to a map: detectors.md 9.3 item 6 (property P20)."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from core.networks.patch_maps import DensePatches


def _grid(height: int = 256, width: int = 256, patch: int = 32, stride: int = 4) -> DensePatches:
    return DensePatches(height=height, width=width, patch=patch, stride=stride)


def _corner(patches: Tensor) -> Tensor:
    return patches[:, :, 0, 0]


@pytest.mark.parametrize(("patch", "places"), [(32, 57), (64, 49)])
def test_published_sizes(patch: int, places: int):
    grid = _grid(patch=patch)
    assert (grid.rows, grid.columns, grid.count) == (places, places, places**2)
    assert grid.map_of(torch.ones(1, places, places)).shape == (1, 256, 256)


@given(st.integers(32, 90), st.integers(32, 90), st.sampled_from([8, 16, 32]), st.sampled_from([1, 2, 4, 8]))
@settings(max_examples=40, deadline=None)
def test_a_constant_stays_constant_up_to_every_edge(height: int, width: int, patch: int, stride: int):
    grid = _grid(height, width, patch, stride)
    maps = grid.map_of(torch.full((2, grid.rows, grid.columns), 3.5, dtype=torch.float64))
    assert maps.shape == (2, height, width)
    torch.testing.assert_close(maps, torch.full_like(maps, 3.5), rtol=1e-12, atol=0)


def test_one_value_is_spread_over_its_patch_and_no_farther():
    """In the inside of the map; the peak stays where the patch has its middle, at sizes that are not square."""
    grid = _grid(80, 120, 16, 4)
    values = torch.zeros(1, grid.rows, grid.columns, dtype=torch.float64)
    values[0, 7, 12] = 1
    found = grid.map_of(values)[0]
    rows, columns = torch.nonzero(found, as_tuple=True)
    assert (int(rows.min()), int(rows.max()) + 1) == (28, 44) and (int(columns.min()), int(columns.max()) + 1) == (48, 64)
    peak = divmod(int(found.argmax()), 120)
    assert abs(peak[0] - 35.5) < 1 and abs(peak[1] - 55.5) < 1


def test_maps_are_weighted_means_of_the_patches_that_cover_a_pixel():
    grid = _grid(20, 24, 8, 4)
    values = torch.rand(1, grid.rows, grid.columns, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    found = grid.map_of(values)[0]
    places = np.arange(8) - 3.5
    kernel = np.exp(-(places[:, None] ** 2 + places**2) / (2 * 2.5**2))
    for row, column in [(0, 0), (5, 9), (19, 23), (10, 4)]:
        total = weight = 0.0
        for i in range(grid.rows):
            for j in range(grid.columns):
                if 0 <= row - 4 * i < 8 and 0 <= column - 4 * j < 8:
                    share = kernel[row - 4 * i, column - 4 * j]
                    total, weight = total + share * float(values[0, i, j]), weight + share
        assert float(found[row, column]) == pytest.approx(total / weight, rel=1e-12)


def test_features_are_those_of_each_patch_row_by_row():
    grid = _grid(40, 56, 16, 8)
    picture = torch.arange(2 * 40 * 56, dtype=torch.float32).reshape(2, 40, 56)
    corners = grid.features(picture, _corner)
    expected = torch.stack([picture[:, 8 * i, 8 * j] for i in range(grid.rows) for j in range(grid.columns)])
    assert torch.equal(corners, expected)
    assert torch.equal(grid.features(picture, _corner, torch.tensor([3, 0])), expected[[3, 0]])


def test_edges_that_the_stride_does_not_reach_are_covered_too():
    grid = _grid(37, 50, 16, 8)
    assert (grid.rows, grid.columns) == (4, 6)
    picture = torch.zeros(1, 37, 50)
    picture[0, 36, 49] = 1
    brightest = grid.features(picture, lambda patches: patches.amax(dim=(2, 3)))[:, 0].reshape(4, 6)
    assert torch.nonzero(brightest).tolist() == [[3, 5]]


@given(st.integers(32, 90), st.integers(32, 90), st.sampled_from([8, 16, 32]), st.sampled_from([1, 2, 4, 8]))
@settings(max_examples=40, deadline=None)
def test_every_place_belongs_to_one_block(height: int, width: int, patch: int, stride: int):
    grid = _grid(height, width, patch, stride)
    blocks = grid.blocks()
    assert sorted({place for block in blocks.tolist() for place in block}) == list(range(grid.count))
    owners = [{number for number, block in enumerate(blocks.tolist()) if place in block} for place in range(0, grid.count, 7)]
    assert all(len(owner) == 1 for owner in owners)
    for block in blocks.tolist():
        rows, columns = {place // grid.columns for place in block}, {place % grid.columns for place in block}
        assert stride * (max(rows) - min(rows)) < max(patch // 2, stride) and stride * (max(columns) - min(columns)) < max(
            patch // 2, stride
        )
