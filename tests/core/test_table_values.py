"""Scaling of rows: missing values, constant columns, common and single spreads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.detectors.table_values import TableScaler
from core.job_context import QuietContext
from core.problems import ProblemCode, ProblemError

ROWS = np.random.default_rng(0).normal([5, -300, 0.01], [2, 50, 0.001], (80, 3))
NAMES = ("a", "b", "c")


def test_each_column_is_standardised_and_comes_back():
    scaler = TableScaler.fitted(ROWS, NAMES, QuietContext())
    scaled = scaler.scaled(ROWS)
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0), 1, atol=1e-12)
    np.testing.assert_allclose(scaler.in_units(scaled), ROWS, rtol=1e-12)


def test_a_common_spread_keeps_the_columns_in_proportion():
    rows = np.column_stack([ROWS, np.full(80, 7.0)])
    scaler = TableScaler.fitted(rows, (*NAMES, "d"), QuietContext(), each_column=False)
    assert len(set(scaler.spreads.tolist())) == 1
    assert scaler.spreads[0] == pytest.approx(np.sqrt(np.mean(rows.var(axis=0))), rel=1e-12)
    np.testing.assert_allclose(scaler.scaled(rows).mean(axis=0), 0, atol=1e-12)


@pytest.mark.parametrize("each_column", [True, False])
def test_columns_that_never_vary_are_named_and_divide_by_nothing(each_column: bool):
    rows = np.full((10, 2), 4.0)
    context = QuietContext()
    scaler = TableScaler.fitted(rows, ("x", "y"), context, each_column=each_column)
    assert [note.code for note in context.notes] == [ProblemCode.CONSTANT_COLUMNS]
    assert scaler.scaled(np.array([[4.0, 6.5]])).tolist() == [[0, 2.5]]


@pytest.mark.parametrize("each_column", [True, False])
def test_enormous_values_stay_finite(each_column: bool):
    rows = ROWS * np.array([1, 1e303, 1])
    scaler = TableScaler.fitted(rows, NAMES, QuietContext(), each_column=each_column)
    assert np.isfinite(scaler.scaled(np.vstack([rows, np.full((1, 3), -1e308)]))).all()


def test_missing_and_infinite_values_become_medians():
    rows = ROWS.copy()
    rows[:3, 0] = [np.nan, np.inf, -np.inf]
    scaler = TableScaler.fitted(rows, NAMES, QuietContext())
    assert scaler.medians[0] == np.median(ROWS[3:, 0])
    missing = scaler.scaled(np.array([[np.nan, 0, 0], [scaler.medians[0], 0, 0]]))
    np.testing.assert_array_equal(missing[0], missing[1])


def test_kept_arrays_make_the_same_scaler_and_spreads_of_nothing_are_refused():
    scaler = TableScaler.fitted(ROWS, NAMES, QuietContext())
    arrays = scaler.arrays()
    assert {name: array.shape for name, array in arrays.items()} == TableScaler.shapes(3)
    np.testing.assert_array_equal(TableScaler.from_arrays(arrays, Path("w")).scaled(ROWS), scaler.scaled(ROWS))
    with pytest.raises(ProblemError) as caught:
        TableScaler.from_arrays(arrays | {"scaler.spreads": np.array([1.0, 0, 1])}, Path("w"))
    assert caught.value.problem.code is ProblemCode.MODEL_DAMAGED
