"""The item model: a permutation of columns that Qt can trust."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from core.data.columns import TableColumn
from core.vocabulary import ColumnRole, Label, Split, Verdict
from desktop.models.item_filter import ItemFilter
from desktop.models.item_rows import RowTable
from desktop.models.items import ItemModel
from tests.made_items import made_columns

ALL_ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.TextAlignmentRole,
    Qt.ItemDataRole.DecorationRole,
)


def made_scores(count: int) -> np.ndarray:
    scores = np.random.default_rng(3).random(count)
    scores[::7] = np.nan
    return scores


@pytest.fixture
def model(qtbot: QtBot, qtmodeltester: ModelTester) -> ItemModel:
    """A model under the watch of the tester, which checks every signal from now on."""
    model = ItemModel()
    model.set_items(made_columns(60), {1: "line 1", 2: "line 2", 3: "line 3"}, made_scores(60), (0.4, 0.7))
    qtmodeltester.check(model)
    return model


def texts(model: ItemModel, key: str) -> list[object]:
    return [model.index(row, model.column_of(key)).data() for row in range(model.rowCount())]


def test_the_tester_finds_no_fault_through_filters_sorts_and_changes(model: ItemModel) -> None:
    model.set_sorting("score", descending=True)
    model.set_filter(ItemFilter(labels=frozenset({Label.GOOD})))
    model.set_filter(ItemFilter(text="nothing is called so"))
    assert model.rowCount() == 0
    model.set_filter(ItemFilter())
    model.set_scores(None, None)
    model.set_items(made_columns(5), {})
    model.set_items(None, {})
    assert (model.rowCount(), model.total) == (0, 0)


def test_qt_gets_only_plain_values(model: ItemModel) -> None:
    for column in range(model.columnCount()):
        for role in ALL_ROLES:
            value = model.data(model.index(3, column), role)
            assert value is None or type(value) in {str, int, Qt.AlignmentFlag}, (column, role, type(value))
    for value in model.rows.entry(3):
        assert not isinstance(value, np.generic)


def test_sorting_moves_persistent_indexes_with_their_items(model: ItemModel) -> None:
    kept = [QPersistentModelIndex(model.index(row, row % 3)) for row in (0, 5, 17, 59)]
    before = [int(model.rows.ids_of([index.row()])[0]) for index in kept]
    for key, descending in (("score", True), ("name", False), ("label", True), ("split", False), ("imported", True)):
        model.set_sorting(key, descending=descending)
        assert [int(model.rows.ids_of([index.row()])[0]) for index in kept] == before
        assert [index.column() for index in kept] == [0, 2, 2, 2]


def test_a_selection_survives_sorting(model: ItemModel) -> None:
    chosen = QItemSelectionModel(model)
    for row in (2, 30):
        chosen.select(model.index(row, 0), QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows)
    before = set(model.rows.ids_of([2, 30]).tolist())
    model.set_sorting("score", descending=True)
    assert set(model.rows.ids_of([index.row() for index in chosen.selectedRows()]).tolist()) == before


def test_unscored_items_come_last_both_ways(model: ItemModel) -> None:
    for descending in (False, True):
        model.set_sorting("score", descending=descending)
        shown = [text for text in texts(model, "score") if text]
        values = [float(str(text)) for text in shown]
        assert values == sorted(values, reverse=descending)
        assert all(text == "" for text in texts(model, "score")[len(shown) :])


def test_verdicts_follow_the_thresholds(model: ItemModel, qtbot: QtBot) -> None:
    model.set_sorting("score", descending=True)
    first = model.rows.entry(0)
    assert first.verdict is Verdict.NG
    with qtbot.waitSignal(model.look_changed):
        model.set_thresholds((2.0, 3.0))
    assert model.rows.entry(0).verdict is Verdict.OK
    model.set_filter(ItemFilter(verdicts=frozenset({Verdict.REVIEW})))
    assert model.rowCount() == 0
    model.set_thresholds((0.4, 0.7))
    scores = [entry.score for entry in map(model.rows.entry, range(model.rowCount()))]
    assert scores
    assert all(score is not None and 0.4 <= score < 0.7 for score in scores)


def test_a_label_that_the_filter_still_lets_through_changes_one_row(model: ItemModel, qtbot: QtBot) -> None:
    columns = model.rows.columns
    assert columns is not None
    columns.label[10] = Label.DEFECTIVE if columns.label[10] != Label.DEFECTIVE else Label.GOOD
    with qtbot.waitSignal(model.dataChanged) as changed, qtbot.assertNotEmitted(model.modelReset):
        model.refresh_items([int(columns.id[10])])
    top, bottom = changed.args[:2]
    assert (top.row(), bottom.row()) == (10, 10)


def test_a_label_that_the_filter_shuts_out_takes_the_item_away(model: ItemModel, qtbot: QtBot) -> None:
    columns = model.rows.columns
    assert columns is not None
    model.set_filter(ItemFilter(labels=frozenset({Label.NONE})))
    count, item_id = model.rowCount(), int(model.rows.ids_of([1])[0])
    columns.label[columns.positions([item_id])] = Label.GOOD
    with qtbot.waitSignal(model.modelReset):
        model.refresh_items([item_id])
    assert model.rowCount() == count - 1
    assert item_id not in model.rows.ids_of(range(model.rowCount()))


def test_columns_that_say_the_same_of_every_item_are_left_out(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    columns = made_columns(20)
    columns.defect_type[:] = ""
    model = ItemModel()
    model.set_items(columns, {1: "only one"})
    qtmodeltester.check(model)
    assert [model.column_of(key) for key in ("defect_type", "source", "score")] == [-1, -1, -1]
    columns.defect_type[4] = "dent"
    columns.label[4] = Label.DEFECTIVE
    model.refresh_items([int(columns.id[4])])
    assert model.index(4, model.column_of("defect_type")).data() == "dent"


def test_values_of_table_rows_with_their_units(model: ItemModel) -> None:
    columns = (
        TableColumn(position=2, name="Torque", role=ColumnRole.FEATURE, unit="Nm", categories=None),
        TableColumn(position=4, name="Line", role=ColumnRole.FEATURE, unit="", categories=("A", "B")),
    )
    values = np.array([[41.25, 1.0], [float("nan"), 0.0], [39.0, float("nan")]])
    row_of_place = np.full(60, -1)
    row_of_place[[50, 51, 52]] = [0, 1, 2]
    model.set_row_table(RowTable(columns, values, row_of_place))
    assert model.headerData(model.column_of("value:0"), Qt.Orientation.Horizontal) == "Torque [Nm]"
    assert [texts(model, "value:0")[row] for row in (0, 50, 51, 52)] == ["", "41.25", "", "39"]
    assert [texts(model, "value:1")[row] for row in (0, 50, 51, 52)] == ["", "B", "A", ""]
    model.sort(model.column_of("value:0"), Qt.SortOrder.AscendingOrder)
    assert [model.rows.entry(row).place for row in (0, 1)] == [52, 50]
    model.set_row_table(None)
    assert model.column_of("value:0") == -1
    assert model.rows.entry(0).place == 0


def test_a_new_set_of_items_keeps_filter_and_sorting(model: ItemModel) -> None:
    model.set_filter(ItemFilter(splits=frozenset({Split.TEST})))
    model.set_sorting("score", descending=True)
    columns = made_columns(30, seed=5)
    model.set_items(columns, {}, made_scores(30), None)
    assert model.rowCount() == (columns.split == Split.TEST).sum()
    assert (model.rows.sort_key, model.rows.descending) == ("score", True)
    model.set_items(replace(columns), {})
    assert model.rows.sort_key == "imported"


def test_rows_below_rows_do_not_exist(model: ItemModel) -> None:
    inner = model.index(0, 0)
    assert (model.rowCount(inner), model.columnCount(inner)) == (0, 0)
    assert model.data(QModelIndex()) is None
