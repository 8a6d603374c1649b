"""What the review shows of the good items most like the shown one, and of a detector's probability and reconstruction of a row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.job_context import QuietContext
from core.project import items, runs
from core.training.evidence import load_evidence, shares_of
from core.training.run import train
from core.vocabulary import Label, Split
from desktop.models.shown_part import Expected, Neighbour, contributions_of, expected_values, load_part
from desktop.widgets.nearest_good import NearestGood
from tests.core.run_cases import ids_of, picture_project, request, table_project


def test_neighbours_are_shown_and_can_be_chosen(qtbot) -> None:
    row = NearestGood()
    qtbot.addWidget(row)
    assert row.isHidden()
    picture = np.full((20, 30, 3), 90, dtype=np.uint8)
    row.show_neighbours((Neighbour(item_id=7, name="a.png", picture=picture), Neighbour(item_id=9, name="b.png")))
    assert row.names() == ["a.png", "b.png"] and not row.isHidden()
    with qtbot.waitSignal(row.chosen) as chosen:
        row._buttons[1].click()
    assert chosen.args == [9]
    assert not row._buttons[0].icon().isNull() and row._buttons[1].icon().isNull()
    row.show_neighbours(())
    assert row.isHidden() and row.names() == []


def test_the_nearest_good_rows_of_a_run_are_good_training_rows(tmp_path: Path) -> None:
    with table_project(tmp_path) as project:
        run_id = train(project, request("local_outlier_factor"), QuietContext())
        training = set(ids_of(project, split=Split.TRAIN, label=Label.GOOD))
        defective = ids_of(project, label=Label.DEFECTIVE)[0]
        part = load_part(QuietContext(), project, run_id, defective)
        assert part.evidence is not None and part.evidence.values is not None
        assert part.neighbours and {neighbour.item_id for neighbour in part.neighbours} <= training
        kind, expected = expected_values(part.evidence)
        assert kind is Expected.NEAREST
        nearest = load_evidence(project, run_id, part.neighbours[0].item_id)
        np.testing.assert_array_equal(expected, nearest.values)
        assert [entry.expected for entry in contributions_of(part.evidence)] == expected.tolist()
        assert part.neighbours[0].item_id not in nearest.neighbours


def test_the_nearest_good_pictures_come_with_their_pictures(tmp_path: Path) -> None:
    with picture_project(tmp_path) as project:
        run_id = train(project, request("local_outlier_factor"), QuietContext())
        part = load_part(QuietContext(), project, run_id, ids_of(project, label=Label.DEFECTIVE)[0])
        assert part.neighbours and all(neighbour.picture is not None for neighbour in part.neighbours)
        gone = part.neighbours[0].item_id
        items.remove_items(project, [gone])
        after = load_part(QuietContext(), project, run_id, part.item_id)
        assert gone not in [neighbour.item_id for neighbour in after.neighbours]


def test_a_row_that_was_rebuilt_is_compared_with_that(tmp_path: Path) -> None:
    with table_project(tmp_path) as project:
        run_id = train(project, request("pca"), QuietContext())
        evidence = load_evidence(project, run_id, ids_of(project, label=Label.GOOD)[0])
        kind, expected = expected_values(evidence)
        assert kind is Expected.REBUILT and evidence.values is not None
        assert np.abs(expected[1] - evidence.values[1]) < 100  # rpm, in the unit of the table
        assert expected[3] in (0, 1)  # a category, not a number between two
        types = [entry.expected_text for entry in contributions_of(evidence)]
        assert types[3] in ("A", "B")


def test_probability_and_log_odds_say_the_same(tmp_path: Path) -> None:
    with table_project(tmp_path) as project:
        run_id = train(project, request("logistic_regression"), QuietContext())
        for item_id in runs.run_scores(project, run_id).item_id[:20].tolist():
            found = load_evidence(project, run_id, item_id)
            assert found.probability is not None
            assert found.probability == pytest.approx(1 / (1 + np.exp(-found.score)))


def test_shares_count_only_what_raises_the_score() -> None:
    np.testing.assert_allclose(shares_of(np.array([3.0, -5.0, 1.0])), [0.75, 0, 0.25])
    assert np.isnan(shares_of(np.array([-1.0, 0.0]))).all()
