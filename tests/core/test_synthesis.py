"""Made-up defects: detectors.md 9.3 items 1 and 2 (property P19)."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from core.synthesis.colours import jittered
from core.synthesis.cutpaste import cut_paste, cut_scar, patch_sizes, random_crops, scar_sizes, translated

SHAPES = st.sampled_from([(1, 64, 64), (3, 48, 96), (3, 70, 21), (1, 32, 40)])


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _numbered(count: int, shape: tuple[int, int, int]) -> Tensor:
    """Pictures in which every place of every picture and channel has a value of its own."""
    total = count * int(np.prod(shape))
    return (torch.arange(total, dtype=torch.float32) / total).reshape(count, *shape)


def _box(mask: Tensor) -> tuple[int, int, int, int]:
    rows, columns = torch.nonzero(mask.any(dim=1)).flatten(), torch.nonzero(mask.any(dim=0)).flatten()
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


# ---- patches -----------------------------------------------------------------------------------------------------------------------


@given(SHAPES, st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_a_patch_is_a_box_of_the_same_picture(shape: tuple[int, int, int], seed: int):
    pictures = _numbered(4, shape)
    before = pictures.clone()
    pasted, masks = cut_paste(pictures, _generator(seed), jitter=0)
    assert torch.equal(pictures, before) and pasted.shape == pictures.shape and pasted.dtype == pictures.dtype
    for picture, result, mask in zip(pictures, pasted, masks, strict=True):
        assert torch.equal(result[:, ~mask], picture[:, ~mask])
        top, bottom, left, right = _box(mask)
        assert bool(mask[top:bottom, left:right].all())
        place = int((picture[0] == result[0, top, left]).flatten().nonzero()[0])  # where its first corner comes from
        row, column = divmod(place, shape[2])
        assert torch.equal(result[:, top:bottom, left:right], picture[:, row : row + bottom - top, column : column + right - left])


def test_patches_have_the_published_sizes():
    tall, wide = (sizes.double() for sizes in patch_sizes(10_000, 256, 256, _generator(0)))
    area, aspect = tall * wide / 256**2, wide / tall
    assert 0.0195 < float(area.min()) < 0.021 and 0.148 < float(area.max()) < 0.1515
    assert float(area.mean()) == pytest.approx(0.085, abs=0.002)  # of U(0.02, 0.15)
    assert 0.29 < float(aspect.min()) < 0.32 and 3.2 < float(aspect.max()) < 3.4
    assert float((aspect < 1).double().mean()) == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(("height", "width"), [(400, 40), (16, 300), (5, 5)])
def test_patches_fit_into_pictures_of_any_shape(height: int, width: int):
    tall, wide = patch_sizes(10_000, height, width, _generator(0))
    assert int(tall.min()) >= 1 and int(tall.max()) <= height and int(wide.min()) >= 1 and int(wide.max()) <= width


# ---- scars -------------------------------------------------------------------------------------------------------------------------


@given(SHAPES, st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_a_scar_comes_from_the_same_picture_and_changes_nothing_outside(shape: tuple[int, int, int], seed: int):
    pictures = _numbered(4, shape)
    pasted, masks = cut_scar(pictures, _generator(seed), jitter=0)
    assert pasted.shape == pictures.shape and pasted.dtype == pictures.dtype
    for picture, result, mask in zip(pictures, pasted, masks, strict=True):
        assert torch.equal(result[:, ~mask], picture[:, ~mask])
        assert bool(torch.isin(result[0, mask], picture[0]).all())
        own = picture.flatten(1).T  # colours stay together
        for colour in result[:, mask].T[:: max(1, int(mask.sum()) // 5)]:
            assert bool((own == colour).all(dim=1).any())


def test_scars_have_the_published_sizes():
    broad, long = scar_sizes(10_000, 256, 256, 1.0, _generator(0))
    assert 2 <= float(broad.min()) < 2.1 and 15.9 < float(broad.max()) <= 16
    assert 10 <= float(long.min()) < 10.1 and 24.9 < float(long.max()) <= 25
    half, _ = scar_sizes(10_000, 512, 512, 2.0, _generator(0))
    torch.testing.assert_close(half, 2 * broad)


def test_scars_lie_whole_inside_and_run_in_all_directions():
    """The mask of a scar that left the picture would be smaller than the scar."""
    pictures = torch.rand(800, 1, 96, 96, generator=_generator(1))
    _, masks = cut_scar(pictures, _generator(2), scale=1.0)
    areas = masks.sum(dim=(1, 2)).double()
    broad, long = scar_sizes(10_000, 96, 96, 1.0, _generator(0))
    assert float(areas.mean()) == pytest.approx(float((broad * long).mean()), rel=0.05)
    assert float(areas.min()) > 0.8 * 2 * 10
    boxes = np.array([_box(mask) for mask in masks])
    shapes = np.log((boxes[:, 1] - boxes[:, 0]) / (boxes[:, 3] - boxes[:, 2]))
    assert (shapes > 0.4).mean() > 0.1 and (shapes < -0.4).mean() > 0.1  # standing and lying
    reached = masks.any(dim=0)
    assert bool(reached[:3].any() and reached[-3:].any() and reached[:, :3].any() and reached[:, -3:].any())


@pytest.mark.parametrize("side", [8, 16, 33])
def test_scars_of_small_pictures_are_never_empty(side: int):
    _, masks = cut_scar(torch.rand(300, 3, side, side, generator=_generator(1)), _generator(2))
    assert int(masks.sum(dim=(1, 2)).min()) >= 4


# ---- the rest ----------------------------------------------------------------------------------------------------------------------


@given(SHAPES, st.integers(0, 10_000), st.floats(0, 0.5))
@settings(max_examples=20, deadline=None)
def test_jitter_stays_within_the_scale_and_changes_only_the_pasted_part(shape: tuple[int, int, int], seed: int, strength: float):
    pictures = torch.rand(3, *shape, generator=_generator(seed))
    for synthesis in (cut_paste, cut_scar):
        pasted, masks = synthesis(pictures, _generator(seed), jitter=strength)
        assert bool((pasted >= 0).all()) and bool((pasted <= 1).all())
        assert torch.equal(pasted.permute(0, 2, 3, 1)[~masks], pictures.permute(0, 2, 3, 1)[~masks])


def test_jitter_of_grey_pictures_changes_them_by_its_strength():
    pictures = torch.full((500, 1, 4, 4), 0.5)
    values = jittered(pictures, _generator(0), strength=0.1)[:, 0, 0, 0]
    assert 0.45 <= float(values.min()) < 0.452 and 0.548 < float(values.max()) <= 0.55
    assert len(values.unique()) > 400  # drawn for each picture


def test_jitter_turns_the_hue_as_the_standard_library_does():
    colours = 0.25 + torch.rand(200, 3, 1, 1, generator=_generator(0)) / 2  # nothing is cut at the ends of the scale
    turned = jittered(colours, _generator(1), strength=0.1)[:, :, 0, 0]
    hues = np.array([colorsys.rgb_to_hsv(*colour)[0] for colour in colours[:, :, 0, 0].tolist()])
    after = np.array([colorsys.rgb_to_hsv(*colour)[0] for colour in turned.tolist()])
    moved = (after - hues + 0.5) % 1 - 0.5
    # Brightness and saturation leave the hue alone, and the contrast of one place is around itself.
    assert 0.09 < np.abs(moved).max() < 0.1 + 1e-4 and abs(moved.mean()) < 0.02


def test_jitter_of_no_hue_and_of_grey_colours_keeps_them():
    grey = torch.rand(50, 1, 3, 3, generator=_generator(0)).expand(-1, 3, -1, -1)
    changed = jittered(grey, _generator(1), strength=0.1)
    torch.testing.assert_close(changed[:, 0], changed[:, 1])
    torch.testing.assert_close(changed[:, 1], changed[:, 2])


def test_the_same_seed_gives_the_same_defects_and_another_one_others():
    pictures = torch.rand(4, 3, 40, 40, generator=_generator(0))
    for synthesis in (cut_paste, cut_scar):
        first, again, other = (synthesis(pictures, _generator(seed))[0] for seed in (5, 5, 6))
        assert torch.equal(first, again) and not torch.equal(first, other)


def test_translation_moves_and_repeats_the_edge():
    pictures = _numbered(200, (1, 20, 30))
    moved = translated(pictures, _generator(0), share=0.1)
    shifts = set()
    for before, after in zip(pictures[:, 0], moved[:, 0], strict=True):
        place = int((before == after[10, 15]).flatten().nonzero()[0])
        down, across = place // 30 - 10, place % 30 - 15
        shifts.add((down, across))
        rows, columns = (torch.arange(20) + down).clamp(0, 19), (torch.arange(30) + across).clamp(0, 29)
        assert torch.equal(after, before[rows][:, columns])
    assert {down for down, _ in shifts} == set(range(-2, 3)) and {across for _, across in shifts} == set(range(-3, 4))


def test_crops_are_parts_of_their_picture_and_reach_every_edge():
    pictures = _numbered(300, (3, 12, 10))
    crops = random_crops(pictures, _generator(0), height=8, width=10)
    assert crops.shape == (300, 3, 8, 10)
    tops = set()
    for picture, crop in zip(pictures, crops, strict=True):
        top = int((picture[0] == crop[0, 0, 0]).flatten().nonzero()[0]) // 10
        assert torch.equal(crop, picture[:, top : top + 8])
        tops.add(top)
    assert tops == set(range(5))
