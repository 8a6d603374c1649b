"""What the review lists and in which order, what a verdict is, and what a table row contributes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from core.data.columns import TableColumn
from core.evaluation.outcomes import verdicts
from core.project.runs import ScoreColumns
from core.training.evidence import Evidence
from core.vocabulary import ColumnRole, Label, Split, Verdict
from desktop.models.contributions import Contribution, ContributionColumn, ContributionModel
from desktop.models.ranking import RankingModel, verdict_of
from desktop.models.review_basis import EVERYTHING, Choice, ReviewBasis, scores_by_place
from desktop.models.shown_part import contributions_of
from desktop.widgets.contribution_table import place_in_range
from tests.made_items import made_columns


def basis_of(count: int = 200, *, seed: int = 0, split: Split | None = None, serials: bool = False) -> ReviewBasis:
    columns = made_columns(count, seed=seed)
    if serials:
        columns = replace(columns, serial=np.array([f"S{number // 3}" for number in range(count)], dtype=object))
    random = np.random.default_rng(seed)
    values = np.round(random.normal(0, 1, count), 1)
    values[random.random(count) < 0.1] = np.nan
    return ReviewBasis(columns, values, rows=False, split=split)


def scored(item_ids: list[int], scores: list[float]) -> ScoreColumns:
    empty = np.zeros(len(item_ids), dtype=np.int32)
    return ScoreColumns(np.array(item_ids, dtype=np.int64), np.array(scores), empty, empty)


# --- basis ----------------------------------------------------------------------------------------------------------------------------


def test_scores_find_their_items_and_foreign_ones_are_left_out() -> None:
    columns = made_columns(4)
    ids = columns.id.tolist()
    values = scores_by_place(columns, scored([ids[1], ids[3], ids[3] + 7], [0.5, 0.25, 9.0]))
    assert np.isnan(values).tolist() == [True, False, True, False]
    assert values[[1, 3]].tolist() == [0.5, 0.25]
    assert np.isnan(scores_by_place(columns, None)).all()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 50), t1=st.floats(-2, 2), gap=st.floats(0, 2), serials=st.booleans())
def test_each_count_names_as_many_items_as_it_says(seed: int, t1: float, gap: float, serials: bool) -> None:
    basis = basis_of(seed=seed, serials=serials)
    thresholds = (t1, t1 + gap)
    counts = basis.counts(thresholds).as_table()
    for label in (Label.GOOD, Label.DEFECTIVE):
        for verdict in Verdict:
            listed = basis.matching(Choice.cell(label, verdict), thresholds)
            assert len(listed) == counts[label.name.lower()][verdict.value.lower()]


def test_parts_outside_every_rate_are_counted_apart() -> None:
    basis = basis_of()
    parts = basis.sorted.good.size + basis.sorted.defective.size + basis.unlabelled + basis.unsure + basis.unscored
    assert parts == len(basis.parts.scores)
    assert basis.groups.other.size == basis.unlabelled + basis.unsure


def test_only_the_chosen_split_and_kind() -> None:
    columns = made_columns(300, row_share=0.5)
    basis = ReviewBasis(columns, np.zeros(300), rows=True, split=Split.TEST)
    assert columns.is_row[basis.places].all()
    assert set(columns.split[basis.places].tolist()) == {int(Split.TEST)}


@given(seed=st.integers(0, 50), descending=st.booleans())
def test_ranking_is_by_score_with_unscored_items_last(seed: int, descending: bool) -> None:
    basis = basis_of(60, seed=seed)
    places = basis.ranked(EVERYTHING, None, descending=descending)
    assert sorted(places.tolist()) == basis.places.tolist()
    scores = basis.values[places]
    known = scores[~np.isnan(scores)]
    assert np.isnan(scores[known.size :]).all()
    steps = np.diff(known)
    assert np.all(steps <= 0) if descending else np.all(steps >= 0)
    ties = np.flatnonzero(steps == 0)
    assert np.all(places[ties] < places[ties + 1])


@given(score=st.floats(-5, 5) | st.none(), t1=st.floats(-4, 4), gap=st.floats(0, 3))
def test_verdict_of_the_list_is_that_of_the_rules(score: float | None, t1: float, gap: float) -> None:
    expected = verdicts(np.array([np.nan if score is None else score]), t1, t1 + gap)[0]
    assert verdict_of(score, (t1, t1 + gap)) is expected
    assert verdict_of(score, None) is None


# --- the list -------------------------------------------------------------------------------------------------------------------------


def test_model_keeps_the_rules_of_qt(qtmodeltester) -> None:
    model = RankingModel()
    qtmodeltester.check(model)
    model.set_basis(basis_of(30), (0.0, 0.5))
    qtmodeltester.check(model)
    model.deleteLater()


def test_moving_thresholds_tells_nobody_and_changes_verdicts() -> None:
    model = RankingModel()
    model.set_basis(basis_of(), (0.0, 0.0))
    events: list[str] = []
    model.dataChanged.connect(lambda *_: events.append("data"))
    model.modelReset.connect(lambda: events.append("reset"))
    model.layoutChanged.connect(lambda: events.append("layout"))
    before = [model.item(row).verdict for row in range(model.rowCount())]
    model.follow_thresholds((0.5, 1.0))
    after = [model.item(row).verdict for row in range(model.rowCount())]
    assert events == []
    assert before != after
    assert Verdict.REVIEW in after
    model.deleteLater()


def test_a_choice_by_verdict_is_listed_anew_only_after_the_move() -> None:
    model = RankingModel()
    model.set_basis(basis_of(), (0.0, 0.0))
    model.set_choice(Choice.cell(Label.GOOD, Verdict.NG))
    listed = model.rowCount()
    model.follow_thresholds((1.0, 1.0))
    assert model.rowCount() == listed
    model.settle_thresholds((1.0, 1.0))
    assert 0 < model.rowCount() < listed
    assert all(model.item(row).verdict is Verdict.NG for row in range(model.rowCount()))
    model.deleteLater()


def test_next_without_a_label_goes_round_both_ways() -> None:
    columns = made_columns(5)
    columns.label[:] = [1, 0, 2, 0, 1]
    model = RankingModel()
    model.set_basis(ReviewBasis(columns, np.arange(5.0), rows=False, split=None), None)
    model.set_choice(EVERYTHING, descending=False)
    assert [model.next_undone(row) for row in range(5)] == [1, 3, 3, 1, 1]
    assert [model.next_undone(row, -1) for row in range(5)] == [3, 3, 1, 1, 3]
    columns.label[:] = 1
    assert model.next_undone(0) == -1
    model.deleteLater()


def test_labels_changed_in_place_are_told_for_their_rows_only() -> None:
    model = RankingModel()
    basis = basis_of(50)
    model.set_basis(basis, None)
    item_id = model.item(7).item_id
    told: list[int] = []
    model.dataChanged.connect(lambda first, last, *_: told.extend([first.row(), last.row()]))
    model.refresh_items([item_id])
    assert told == [7, 7]
    assert model.row_of(item_id) == 7
    assert model.row_of(-1) == -1
    model.deleteLater()


# --- contributions --------------------------------------------------------------------------------------------------------------------


def column(position: int, name: str, unit: str = "", categories: tuple[str, ...] | None = None) -> TableColumn:
    return TableColumn(position=position, name=name, role=ColumnRole.FEATURE, unit=unit, categories=categories)


EVIDENCE = Evidence(
    item_id=1,
    score=3.0,
    contributions=np.array([0.5, 1.5, 0.0]),
    values=np.array([9.8, 1.0, np.nan]),
    expected=np.array([[7.1, 8.1, 8.9], [np.nan] * 3, [1.0, 2.0, 3.0]]),
    columns=(column(0, "torque", "Nm"), column(1, "type", categories=("A", "B")), column(2, "heat", "K")),
)


def test_shares_add_up_and_values_keep_their_unit() -> None:
    torque, kind, heat = contributions_of(EVIDENCE)
    assert [torque.share, kind.share, heat.share] == [0.25, 0.75, 0.0]
    assert (torque.value, torque.unit, torque.low, torque.expected, torque.high) == (9.8, "Nm", 7.1, 8.1, 8.9)
    assert torque.unusual
    assert (kind.value_text, kind.unusual) == ("B", False)
    assert np.isnan(heat.value)
    assert not heat.unusual


def test_without_contributions_the_values_are_still_shown() -> None:
    found = contributions_of(replace(EVIDENCE, contributions=None))
    assert found[0].value == 9.8
    assert all(np.isnan(entry.share) for entry in found)


def cells(model: ContributionModel, row: int) -> list[object]:
    return [model.data(model.index(row, int(place))) for place in ContributionColumn]


def test_table_of_contributions(qtmodeltester) -> None:
    model = ContributionModel()
    model.set_contributions(contributions_of(EVIDENCE))
    qtmodeltester.check(model)
    assert cells(model, 0) == ["type", "B", "–", "", "", "75 %"]
    assert cells(model, 1) == ["torque", "9.8 Nm", "8.1", "+1.7", "7.1 – 8.9", "25 %"]
    assert cells(model, 2)[1] == "– K"
    model.set_filter("TOR")
    assert [model.contribution(row).name for row in range(model.rowCount())] == ["torque"]
    model.set_filter("")
    model.sort(int(ContributionColumn.NAME), Qt.SortOrder.AscendingOrder)
    assert [model.contribution(row).name for row in range(3)] == ["heat", "torque", "type"]
    model.sort(int(ContributionColumn.VALUE))
    assert [model.contribution(row).name for row in range(3)] == ["torque", "type", "heat"]
    model.deleteLater()


@given(low=st.floats(-1e3, 1e3), width=st.floats(1e-3, 1e3), share=st.floats(0, 1))
def test_usual_range_is_the_middle_half_of_the_drawing(low: float, width: float, share: float) -> None:
    high = low + width
    assert 0.25 - 1e-6 <= place_in_range(low + share * width, low, high) <= 0.75 + 1e-6
    assert place_in_range(low - 10 * width, low, high) == 0
    assert place_in_range(high + 10 * width, low, high) == 1


def test_a_range_of_one_value() -> None:
    assert [place_in_range(value, 5.0, 5.0) for value in (4.0, 5.0, 6.0)] == [0.0, 0.5, 1.0]
    same = Contribution(name="a", unit="", value=5.0, expected=5.0, low=5.0, high=5.0, share=0.0)
    assert not same.unusual
