"""Tiles cover every pixel, and what is put together from them has no seams."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.tiles import OVERLAP, TileGrid, Tiles

sides = st.integers(8, 90)


@settings(max_examples=100, deadline=None)
@given(sides, sides, st.data())
def test_tiles_cover_the_picture_with_enough_overlap(height: int, width: int, data: st.DataObject):
    grid = TileGrid(height=height, width=width, tile_height=data.draw(st.integers(4, height)), tile_width=data.draw(st.integers(4, width)))
    for positions, length, tile in ((grid.tops, height, grid.tile_height), (grid.lefts, width, grid.tile_width)):
        assert positions[0] == 0 and positions[-1] == length - tile
        assert all(after - before <= round(tile * (1 - OVERLAP)) + 1 for before, after in itertools.pairwise(positions))
    covered = grid.joined(np.ones((grid.count, grid.tile_height, grid.tile_width)))
    np.testing.assert_allclose(covered, 1, rtol=1e-5)


@settings(max_examples=50, deadline=None)
@given(sides, sides, st.integers(4, 40), st.sampled_from([(), (1,), (3,)]))
def test_what_was_cut_is_joined_again(height: int, width: int, tile: int, channels: tuple[int, ...]):
    grid = TileGrid(height=height, width=width, tile_height=min(tile, height), tile_width=min(tile, width))
    picture = np.random.default_rng(0).random((height, width, *channels)).astype(np.float32)
    np.testing.assert_allclose(grid.joined(grid.cut(picture)), picture, rtol=1e-4, atol=1e-6)


def test_there_is_no_seam_between_tiles_that_disagree():
    """Neighbouring tiles with values 0 and 1: the map climbs in many small steps instead of one."""
    grid = TileGrid(height=32, width=100, tile_height=32, tile_width=40)
    values = np.arange(grid.count, dtype=np.float64)[:, None, None] * np.ones((grid.count, 32, 40))
    steps = np.abs(np.diff(grid.joined(values)[16]))
    assert steps.max() < 0.25 and grid.count == 3


def test_tiles_behave_like_the_array_they_stand_for():
    pictures = np.random.default_rng(1).integers(0, 255, (5, 20, 33, 3), dtype=np.uint8)
    grid = TileGrid(height=20, width=33, tile_height=16, tile_width=16)
    tiles = Tiles(pictures, grid)
    whole = np.concatenate([grid.cut(picture) for picture in pictures])
    assert (len(tiles), tiles.shape, tiles.nbytes, tiles.dtype) == (len(whole), whole.shape, whole.nbytes, whole.dtype)
    for key in (slice(None), slice(3, 9), slice(0, 0), np.array([7, 7, 2]), -1):
        np.testing.assert_array_equal(tiles[key], whole[key])
    np.testing.assert_array_equal(np.stack(list(tiles)), whole)
    np.testing.assert_array_equal(np.asarray(tiles), whole)
    chosen = Tiles(pictures, grid, np.array([4, 11]))
    np.testing.assert_array_equal(chosen[:], whole[[4, 11]])
    assert np.isin(chosen[1:], whole[11]).all() and len(chosen) == 2


def test_tiles_larger_than_the_picture_are_an_error():
    with pytest.raises(ValueError, match="do not fit"):
        TileGrid(height=20, width=20, tile_height=21, tile_width=4)
    with pytest.raises(ValueError, match="do not fit"):
        Tiles(np.zeros((1, 9, 9, 1)), TileGrid(height=20, width=20, tile_height=4, tile_width=4))
