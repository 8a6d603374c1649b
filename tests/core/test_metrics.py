"""Figures of merit against hand-made cases, brute force and properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage

from core.evaluation.metrics import aupro, average_precision, image_auroc, pixel_auroc, pixel_average_precision
from tests.core.evaluation_fixtures import SCORES_B

labelled_scores = st.lists(st.tuples(st.integers(0, 1), st.integers(-6, 6)), min_size=1, max_size=40)
small_maps = hnp.arrays(np.float32, (3, 6, 7), elements=st.integers(-4, 4).map(float))
small_masks = hnp.arrays(bool, (3, 6, 7))


def test_auroc_of_fixture_b_is_a_count_of_pairs():
    labels = [0] * 20 + [1] * 8
    scores = [*SCORES_B.good, *SCORES_B.defective]
    pairs = [(bad > good) + 0.5 * (bad == good) for bad in SCORES_B.defective for good in SCORES_B.good]
    assert image_auroc(labels, scores) == pytest.approx(np.mean(pairs)) == pytest.approx(0.90625)


@given(labelled_scores)
def test_auroc_equals_all_pairs(items):
    good = [score for label, score in items if not label]
    defective = [score for label, score in items if label]
    found = image_auroc([label for label, _ in items], [score for _, score in items])
    if not good or not defective:
        assert found is None
    else:
        assert found == pytest.approx(np.mean([(bad > fine) + 0.5 * (bad == fine) for bad in defective for fine in good]))


@given(labelled_scores, st.randoms())
def test_item_figures_survive_increasing_maps_and_order(items, random):
    labels, scores = [label for label, _ in items], np.array([float(score) for _, score in items])
    order = list(range(len(items)))
    random.shuffle(order)
    shuffled_labels, shuffled_scores = [labels[index] for index in order], np.arctan(scores[order]) * 5 - 20
    for figure in (image_auroc, average_precision):
        assert figure(shuffled_labels, shuffled_scores) == pytest.approx(figure(labels, scores))


def test_average_precision_by_hand():
    assert average_precision([0, 1, 0, 1], [1, 2, 3, 4]) == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert average_precision([1, 1], [1, 2]) is None


def test_average_precision_of_pixels_by_hand():
    found = pixel_average_precision([np.array([[1, 2], [3, 4]], np.float32)], [np.array([[False, True], [False, True]])])
    assert found == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert pixel_average_precision([], []) is None


@settings(deadline=None)
@given(small_maps, small_masks)
def test_pixel_figures_survive_increasing_maps_and_batch_cuts(maps, masks):
    stretched = (np.exp2(maps) * 8 - 3).astype(np.float32)  # exact in float32, so that no tie is broken
    for figure in (pixel_auroc, pixel_average_precision, aupro):
        whole = figure(list(maps), list(masks))
        in_batches = figure([*maps[:1], *maps[1:]][::-1], [*masks[:1], *masks[1:]][::-1])
        assert figure(list(stretched), list(masks)) == pytest.approx(whole)
        assert in_batches == pytest.approx(whole)


def brute_force_aupro(maps, masks, limit):
    regions = []
    for number, mask in enumerate(masks):
        numbered, count = ndimage.label(mask, structure=np.ones((3, 3)))
        regions += [(number, numbered == region) for region in range(1, count + 1)]
    free = ~masks
    curve = [(0.0, 0.0)]
    for threshold in np.unique(maps)[::-1]:
        flagged = maps >= threshold
        overlap = np.mean([flagged[number][region].mean() for number, region in regions])
        curve.append((flagged[free].mean(), overlap))
    fine = np.linspace(0, limit, 20_001)
    across, up = np.array(curve).T
    return np.trapezoid(np.interp(fine, across, up), fine) / limit


@settings(deadline=None, max_examples=25)
@given(small_maps, small_masks, st.sampled_from([0.05, 0.3, 1.0]))
def test_aupro_equals_brute_force(maps, masks, limit):
    found = aupro(list(maps), list(masks), limit=limit)
    if not masks.any() or masks.all():
        assert found is None
    else:
        assert found == pytest.approx(brute_force_aupro(maps, masks, limit), abs=2e-3)


def test_small_and_large_regions_count_alike():
    mask = np.zeros((20, 20), dtype=bool)
    mask[0, 0] = True
    mask[5:15, 5:15] = True
    only_large = mask.astype(np.float32)
    only_large[0, 0] = 0
    assert pixel_auroc([only_large], [mask]) > 0.99
    assert aupro([only_large], [mask]) == pytest.approx(0.5 + 0.5 * 0.15, abs=0.01)
    assert aupro([mask.astype(np.float32)], [mask]) == pytest.approx(1.0)


def test_maps_must_fit_their_masks():
    with pytest.raises(ValueError, match="shape"):
        pixel_auroc([np.zeros((2, 2), np.float32)], [np.zeros((3, 2), bool)])
    with pytest.raises(ValueError, match="limit"):
        aupro([np.zeros((2, 2), np.float32)], [np.zeros((2, 2), bool)], limit=0)
    assert aupro([], []) is None
