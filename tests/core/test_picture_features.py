"""Pictures as rows of numbers: what the numbers say, and that they say it of every picture for itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from core.detectors.base import ImageInput
from core.detectors.isolation_forest import IsolationForest, IsolationForestParameters
from core.job_context import Cancelled, QuietContext
from core.networks.picture_features import SMALLEST, feature_names, picture_features
from tests.core.detector_cases import COLOUR, GREY, picture_case, picture_data, pictures


def features(items: Any) -> Any:
    return picture_features(np.asarray(items, dtype=np.uint8), device="cpu")


def column(items: Any, name: str) -> Any:
    return features(items)[:, feature_names(items.shape[-1]).index(name)]


@pytest.mark.parametrize(("height", "width", "channels"), [(32, 32, 1), (16, 16, 3), (17, 61, 1), (90, 33, 3)])
def test_each_picture_is_one_row_of_named_numbers(height: int, width: int, channels: int):
    items = np.random.default_rng(0).integers(0, 256, (5, height, width, channels), dtype=np.uint8)
    rows = features(items)
    assert rows.shape == (5, len(feature_names(channels))) and rows.dtype == np.float64
    assert len(set(feature_names(channels))) == rows.shape[1] <= 200
    assert np.isfinite(rows).all() and len(np.unique(rows.round(9), axis=1).T) > 0.9 * rows.shape[1]
    np.testing.assert_array_equal(features(items[3:4]), rows[3:4])


def test_brightness_is_the_mean_of_the_cell():
    items = np.random.default_rng(1).integers(0, 256, (2, 32, 64, 1), dtype=np.uint8)
    cell = items[:, 8:16, 48:64, 0].mean(axis=(1, 2)) / 255  # second row, fourth column
    np.testing.assert_allclose(column(items, "brightness (2, 4)"), cell, atol=1e-6)


def test_edges_are_told_by_their_direction():
    ramp = np.arange(32, dtype=np.uint8) * 2
    across = np.broadcast_to(ramp[None, :], (32, 32))[None, :, :, None]
    down = across.swapaxes(1, 2)
    falling = (ramp[None, :] + ramp[:, None])[None, :, :, None]
    inner = "(2, 3)"
    for items, strong, weak in ((across, "across", "down"), (down, "down", "across"), (falling, "falling", "rising")):
        assert column(items, f"edges {strong} {inner}")[0] == pytest.approx((8 if strong == "falling" else 4) / 255, abs=1e-6)
        assert column(items, f"edges {weak} {inner}")[0] == pytest.approx(0, abs=1e-6)


def test_coarser_edges_see_through_fine_stripes():
    stripes = np.tile(np.array([0, 0, 200, 200], dtype=np.uint8), 16)
    items = np.broadcast_to(stripes[None, :, None], (64, 64, 1))[None]
    assert column(items, "edges across (2, 2)")[0] > 0.5
    assert column(items, "edges 4 (2, 2)")[0] == pytest.approx(0, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(row=st.integers(1, 4), column_of_cell=st.integers(1, 4), dark=st.booleans())
def test_a_spot_shows_in_its_cell_alone_and_only_as_what_it_is(row: int, column_of_cell: int, dark: bool):
    plain = np.full((1, 64, 48, 1), 120, dtype=np.uint8)
    spoilt = plain.copy()
    spoilt[0, row * 16 - 10 : row * 16 - 6, column_of_cell * 12 - 8 : column_of_cell * 12 - 4] = 20 if dark else 220
    kind, other = ("dark spot", "bright spot") if dark else ("bright spot", "dark spot")
    changed = features(spoilt)[0] - features(plain)[0]
    names = feature_names(1)
    of_kind = [place for place, name in enumerate(names) if name.startswith(kind)]
    assert names[of_kind[int(changed[of_kind].argmax())]] == f"{kind} ({row}, {column_of_cell})"
    assert changed[names.index(f"{kind} ({row}, {column_of_cell})")] > 3 * changed[names.index(f"{other} ({row}, {column_of_cell})")]
    elsewhere = [place for place, name in enumerate(names) if not name.endswith(f"({row}, {column_of_cell})")]
    np.testing.assert_allclose(changed[elsewhere], 0, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(shift=st.integers(-40, 40))
def test_light_changes_brightness_and_nothing_else(shift: int):
    items = np.random.default_rng(2).integers(60, 190, (1, 32, 32, 1), dtype=np.uint8)
    moved = features(items.astype(np.int16) + shift) - features(items)
    cells = sum(name.startswith("brightness") for name in feature_names(1))
    np.testing.assert_allclose(moved[:, :cells], shift / 255, atol=1e-6)
    np.testing.assert_allclose(moved[:, cells:], 0, atol=1e-6)


def test_colour_is_told_from_grey():
    items = np.full((1, 32, 32, 3), 100, dtype=np.uint8)
    assert column(items, "red less green (1, 1)")[0] == column(items, "blue less yellow (1, 1)")[0] == 0
    items[..., 0] = 180
    assert column(items, "red less green (1, 1)")[0] == pytest.approx(80 / 255, abs=1e-6)
    assert column(items, "blue less yellow (1, 1)")[0] == pytest.approx(-40 / 255, abs=1e-6)


@pytest.mark.parametrize("value", [0, 255])
def test_pictures_of_one_colour_and_of_the_least_size_are_no_obstacle(value: int):
    rows = features(np.full((3, SMALLEST, SMALLEST, 3), value, dtype=np.uint8))
    assert np.isfinite(rows).all()
    np.testing.assert_allclose(rows[:, 16:], 0, atol=1e-6)


def test_a_cancel_is_seen_between_two_batches():
    context = QuietContext()
    context.cancelled = True
    with pytest.raises(Cancelled):
        picture_features(pictures(20, COLOUR, seed=1), device="cpu", check=context.check)


# ---- a detector for tables on pictures ---------------------------------------------------------------------------------------------


def test_the_forest_judges_pictures_by_their_features_and_tells_no_column_of_them():
    data = picture_data(COLOUR)
    black = data.train.copy()
    black[:, :4] = 0  # many features of the top row never vary
    context = QuietContext()
    detector = IsolationForest(IsolationForestParameters(trees=80), seed=0)
    detector.fit(type(data)(input=data.input, train=black, calibration=data.calibration), context)
    assert context.notes == []
    detector.fit(data, context)
    scored = detector.score(np.concatenate([pictures(20, COLOUR, seed=7), pictures(20, COLOUR, seed=8, defective=True)]))
    assert scored.contributions is None and scored.maps is None
    assert roc_auc_score(np.repeat([0, 1], 20), scored.scores) > 0.85
    assert detector.memory_needed(data) > 8 * 192 * len(data.train)


def test_working_size_keeps_the_shape_of_the_pictures():
    detector = IsolationForest(IsolationForestParameters(image_size=128), seed=0)
    assert detector.image_input([(1250, 500)] * 3, 1) == ImageInput(height=208, width=80, channels=1)
    assert detector.image_input([(20, 20)], 3) == ImageInput(height=32, width=32, channels=3)


@pytest.mark.parametrize("key", ["isolation_forest", "local_outlier_factor", "gradient_boosting", "logistic_regression"])
def test_scoring_pictures_can_be_cancelled(key: str):
    detector = picture_case(key, GREY).fitted()
    context = QuietContext()
    context.cancelled = True
    detector.check = context.check
    with pytest.raises(Cancelled):
        detector.score(pictures(4, GREY, seed=1))
