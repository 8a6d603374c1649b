"""The frame of the accuracy benchmark: nothing measured is lost or measured twice, and ADBench's splits are ADBench's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from tests.benchmarks.accuracy.bench import Bench, Measured, fitted, ranking, scored
from tests.benchmarks.accuracy.results import Results, crosstab, listing
from tests.benchmarks.accuracy.tables import split
from tests.core.digits import one_class


def _bench(path: Path, *, resume: bool = False, **narrowed: Any) -> Bench:
    return Bench(data=path.parent, results=Results(path, resume=resume), **narrowed)


def _measure(bench: Bench, method: str, seed: int, auroc: float) -> None:
    def work() -> Measured:
        return Measured(figures={"AUROC": auroc}, references={"AUROC": 95.0}, seconds={"fit": 1.5})

    bench.measure(part="tables", data_set="cardio", method=method, seed=seed, work=work)


def test_what_was_measured_before_a_break_is_kept(tmp_path: Path):
    path = tmp_path / "out.json"
    first = _bench(path)
    _measure(first, "pca", 1, 90.0)
    with pytest.raises(KeyboardInterrupt):
        first.measure(part="tables", data_set="cardio", method="pca", seed=2, work=_break_off)
    second = _bench(path, resume=True)
    _measure(second, "pca", 1, 10.0)
    _measure(second, "pca", 2, 94.0)
    assert [row.figures["AUROC"] for row in Results(path, resume=True).rows] == [90.0, 94.0]
    assert [row.name for row in _bench(path).results.rows] == []


def _break_off() -> Measured:
    raise KeyboardInterrupt


def test_only_what_is_wanted_is_measured(tmp_path: Path):
    bench = _bench(tmp_path / "out.json", sets=["wine"])
    _measure(bench, "pca", 1, 90.0)
    assert not bench.results.rows and not bench.wants("cardio")
    bench = _bench(tmp_path / "out.json", methods=["lof"])
    _measure(bench, "pca", 1, 90.0)
    _measure(bench, "lof", 1, 80.0)
    assert [row.method for row in bench.results.rows] == ["lof"]
    assert bench.seeds_or((1, 2)) == (1, 2) and _bench(tmp_path / "out.json", seeds=[7]).seeds_or((1, 2)) == [7]


def test_tables_show_mean_range_and_what_was_printed(tmp_path: Path):
    bench = _bench(tmp_path / "out.json")
    for seed, auroc in enumerate((90.0, 94.0)):
        _measure(bench, "pca", seed, auroc)
    assert "| cardio | pca | 92.00 (90.00-94.00) [95.00] | 1.5 (1.5-1.5) | 2 |" in listing(bench.results.rows)
    assert crosstab(bench.results.rows, "AUROC").splitlines() == [
        "| method | cardio |",
        "| --- | --- |",
        "| pca | 92.00 (90.00-94.00) [95.00] |",
    ]


@pytest.mark.parametrize("count", [129, 1500, 12_000])
def test_splits_are_drawn_as_adbench_draws_them(count: int):
    """Its way, with numpy's global generator, written out."""
    rows = np.random.default_rng(0).normal(size=(count, 3))
    labels = (np.arange(count) % 10 == 0).astype(np.int8)
    found = split(rows, labels, 2)
    state = np.random.get_state()
    try:
        np.random.seed(2)
        if count < 1000:
            places = np.random.choice(np.arange(count), 1000, replace=True)
        else:
            places = np.random.choice(np.arange(count), 10_000, replace=False) if count > 10_000 else np.arange(count)
        train, test, train_labels, test_labels = train_test_split(
            rows[places], labels[places], test_size=0.3, shuffle=True, stratify=labels[places]
        )
    finally:
        np.random.set_state(state)
    np.testing.assert_array_equal(found.train_labels, train_labels)
    np.testing.assert_array_equal(found.test_labels, test_labels)
    low, high = train.min(axis=0), train.max(axis=0)
    np.testing.assert_allclose(found.train, (train - low) / (high - low), atol=1e-12)
    np.testing.assert_allclose(found.test, (test - low) / (high - low), atol=1e-12)


def test_a_detector_is_timed_and_ranked():
    task = one_class(0, 0)
    detector, fit_seconds = fitted("pca", task.data, seed=0, scale_columns=False)
    found, score_seconds = scored(detector, task.test)
    assert fit_seconds > 0 and score_seconds > 0
    figures = ranking(task.labels, found.scores)
    assert 99 < figures["AUROC"] <= 100 and 99 < figures["AP"] <= 100
