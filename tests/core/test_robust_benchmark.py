"""The MNIST "4" task of the accuracy benchmark: which rows it takes, and how flags are judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import f1_score

from tests.benchmarks.accuracy.robust import FOURS, OTHERS, draw, flag_f1, score_f1


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures that say who they are: digit in the first pixel, place among those of their digit in the next two."""
    counts = [FOURS + 30 if digit == 4 else 40 for digit in range(10)]
    digits = np.repeat(np.arange(10, dtype=np.uint8), counts)
    pictures = np.zeros((len(digits), 28, 28), dtype=np.uint8)
    places = np.concatenate([np.arange(count) for count in counts])
    pictures[:, 0, 0], pictures[:, 0, 1], pictures[:, 0, 2] = digits, places // 256, places % 256
    path = tmp_path_factory.mktemp("mnist") / "mnist.npz"
    np.savez(path, x_train=pictures, y_train=digits)
    return path


def test_the_rows_are_the_first_fours_and_as_many_others_as_the_authors_had(file: Path):
    rows, labels = draw(file, 0)
    values = np.rint(rows * 255).astype(int)
    digits, places = values[:, 0], values[:, 1] * 256 + values[:, 2]
    assert rows.shape == (5124, 784) and int(labels.sum()) == 265
    np.testing.assert_array_equal(places[labels == 0], np.arange(FOURS))
    assert {digit: int((digits[labels == 1] == digit).sum()) for digit in OTHERS} == OTHERS
    assert len({(digit, place) for digit, place in zip(digits, places, strict=True)}) == 5124
    again, other = draw(file, 0)[0], draw(file, 1)[0]
    assert np.array_equal(again, rows) and not np.array_equal(other, rows)


def test_flags_and_scores_are_judged_by_f1():
    random = np.random.default_rng(0)
    labels = (random.random(300) < 0.1).astype(np.int8)
    scores = labels + random.normal(size=300)
    every = [flag_f1(labels, scores >= threshold) for threshold in scores]
    assert every[7] == pytest.approx(f1_score(labels, scores >= scores[7]))
    assert score_f1(labels, scores) == pytest.approx(max(every))
