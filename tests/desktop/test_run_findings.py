"""What a run found out about its training items, on the Train page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel

from core.data.columns import TableColumn
from core.detectors.base import Findings
from core.detectors.isolation_forest import IsolationForest
from core.job_context import QuietContext
from core.project.items import ItemColumns, item_columns, remove_items
from core.training.findings import RunFindings
from core.training.run import train
from core.vocabulary import ColumnRole
from desktop.models.suspicions import SuspicionModel
from desktop.pages.train import TrainPage
from desktop.session import Session
from desktop.widgets.code_plot import RINGS, CodePlot, in_plane
from desktop.widgets.run_findings import RunFindingsView
from tests.core.run_cases import request, table_project

WAIT = 60_000
COLUMNS = tuple(
    TableColumn(position=place, name=name, role=ColumnRole.FEATURE, unit="", categories=None)
    for place, name in enumerate(("torque", "heat"))
)


def findings(
    suspicion: list[float] | None = None, columns: list[float] | None = None, codes: np.ndarray | None = None, first_id: int = 1
) -> RunFindings:
    count = len(suspicion) if suspicion is not None else 5
    ids = np.arange(first_id, first_id + count)
    codes = np.empty((0, 0), dtype=np.float32) if codes is None else codes.astype(np.float32)
    return RunFindings(
        item_ids=ids,
        suspicion=np.array(suspicion or []),
        features=COLUMNS,
        feature_suspicion=np.array(columns or []),
        code_item_ids=ids[: len(codes)],
        codes=codes,
    )


@pytest.fixture
def columns(tmp_path: Path) -> ItemColumns:
    with table_project(tmp_path) as project:
        return item_columns(project)


@pytest.fixture
def view(qtbot) -> RunFindingsView:
    made = RunFindingsView()
    qtbot.addWidget(made)
    made.show()
    return made


def rows(model: SuspicionModel) -> list[tuple[str, str]]:
    return [(model.index(row, 0).data(), model.index(row, 1).data()) for row in range(model.rowCount())]


def test_the_most_suspicious_items_come_first_and_are_one_click_away(qtbot, view, columns) -> None:
    view.show_findings(findings([0.0, 1.5, 0.25, 0.0, 2.0]), columns)
    names = columns.name
    assert view.title() == "Suspicious training items: 3 of 5"
    assert rows(view.items) == [(names[4], "2"), (names[1], "1.5"), (names[2], "0.25")]
    with qtbot.waitSignal(view.items_requested) as asked:
        qtbot.mouseClick(view.show_button, Qt.MouseButton.LeftButton)
    assert (asked.args[0].tolist(), asked.args[1]) == ([5, 2, 3], "3 suspicious training items")
    with qtbot.waitSignal(view.items_requested) as asked:
        view.item_table.setCurrentIndex(view.items.index(1, 0))
        qtbot.keyClick(view.item_table, Qt.Key.Key_Return)
    assert (asked.args[0].tolist(), asked.args[1]) == ([2], "1 training item")


def test_items_that_left_are_counted_but_not_listed(view, columns) -> None:
    view.show_findings(findings([1.0, 3.0], first_id=len(columns)), columns)
    assert view.title() == "Suspicious training items: 2 of 2"
    assert rows(view.items) == [(columns.name[-1], "1")]


def test_only_what_the_detector_judges_is_shown(view, columns) -> None:
    def shown() -> list[bool]:
        return [widget.isVisible() for widget in (view.item_table, view.column_table, view.codes)]

    view.show_findings(findings([0.0, 1.0]), columns)
    assert shown() == [True, False, False]
    view.show_findings(findings(columns=[0.0, 3.0]), columns)
    assert shown() == [False, True, False]
    assert rows(view.columns) == [("heat", "3")]
    view.show_findings(findings(codes=np.ones((4, 2))), columns)
    assert shown() == [False, False, True]
    view.show_findings(None, columns)
    assert shown() == [False, False, False]
    assert view.is_empty()


def test_nothing_suspicious_is_said_and_cannot_be_clicked(view, columns) -> None:
    view.show_findings(findings([0.0, 0.0], columns=[0.0, 0.0]), columns)
    assert view.title() == "Suspicious training items: 0 of 2"
    assert not view.show_button.isEnabled()
    assert not view.is_empty()
    texts = [label.text() for label in view.findChildren(QLabel) if label.isVisible()]
    assert "No suspicious column" in texts
    assert not any("do not fit" in text for text in texts)


def test_the_model_is_sound(qtmodeltester, qapp) -> None:
    model = SuspicionModel()
    model.set_headings("Item", "Suspicion")
    model.set_entries(["a", "b"], [2.0, 1.0])
    qtmodeltester.check(model)


def test_long_lists_cost_nothing_until_they_are_looked_at(view, columns) -> None:
    """As many suspicious items as a table may have rows: the model is asked for those in view only."""
    view.items.set_entries([str(place) for place in range(100_000)], [1.0] * 100_000)
    assert view.item_table.model().rowCount() == 100_000
    assert view.item_table.verticalHeader().sectionResizeMode(0) == view.item_table.verticalHeader().ResizeMode.Fixed


# --- codes -------------------------------------------------------------------------------------------------------------------------


def test_codes_of_two_numbers_are_drawn_as_they_are() -> None:
    codes = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    np.testing.assert_array_equal(in_plane(codes), codes.astype(np.float64))
    np.testing.assert_array_equal(in_plane(codes[:, :1])[:, 1], np.zeros(50))


def test_longer_codes_are_seen_from_where_they_spread_most() -> None:
    random = np.random.default_rng(1)
    turned, _ = np.linalg.qr(random.normal(size=(6, 6)))
    spread = np.array([5.0, 3.0, 0.1, 0.1, 0.1, 0.1])
    codes = (random.normal(size=(400, 6)) * spread) @ turned.T
    places = in_plane(codes.astype(np.float32))
    np.testing.assert_allclose(places.std(axis=0), [5, 3], rtol=0.15)
    # Nothing is centred: an item whose code is zero lies in the middle of the rings, wherever the others are.
    shifted = codes + 4.0
    shifted[0] = 0
    np.testing.assert_allclose(in_plane(shifted.astype(np.float32))[0], [0, 0], atol=1e-6)


def test_the_rings_hold_for_codes_of_any_length() -> None:
    """Of codes that follow the standard normal distribution, 39 % lie inside the first ring and 86 % inside the second."""
    codes = np.random.default_rng(2).normal(size=(4000, 16)).astype(np.float32)
    distances = np.linalg.norm(in_plane(codes), axis=1)
    assert [float(np.mean(distances < ring)) for ring in RINGS] == pytest.approx([0.393, 0.865, 0.989], abs=0.05)


def test_equal_codes_have_a_place() -> None:
    assert np.isfinite(in_plane(np.ones((3, 5), dtype=np.float32))).all()


@pytest.fixture
def plot(qtbot) -> CodePlot:
    made = CodePlot()
    qtbot.addWidget(made)
    made.resize(300, 300)
    made.show()
    return made


def test_a_point_leads_to_its_item(qtbot, view, columns) -> None:
    codes = np.array([[3.0, 0.0], [-3.0, 0.0], [0.0, 2.5]])
    view.show_findings(findings(codes=codes, first_id=7), columns)
    np.testing.assert_array_equal(view.codes.places(), codes)
    with qtbot.waitSignal(view.items_requested) as asked:
        view.codes.chosen.emit(2)
    assert asked.args[0].tolist() == [9]


def test_a_click_on_a_point_chooses_it(qtbot, plot) -> None:
    plot.set_codes(np.array([[3.0, 0.0], [-3.0, 0.0], [0.0, 2.5]], dtype=np.float32))
    qtbot.waitUntil(lambda: plot._box.viewPixelSize()[0] < 1)
    scene = plot._box.mapViewToScene(plot._box.mapToView(plot._box.mapFromView(plot._points.points()[1].pos())))
    place = plot._view.mapFromScene(scene)
    with qtbot.waitSignal(plot.chosen) as chosen:
        qtbot.mouseClick(plot._view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [1]


def test_the_plot_follows_the_palette(plot) -> None:
    before = plot._rings[0].opts["pen"].color().name()
    dark = QPalette(QColor("#202020"), QColor("#202020"))
    dark.setColor(QPalette.ColorRole.WindowText, QColor("#ffffff"))
    plot.setPalette(dark)
    assert plot._rings[0].opts["pen"].color().name() != before


def test_all_texts_are_translated(qtbot, view, columns, mark_texts) -> None:
    view.show_findings(findings([0.0, 1.0], columns=[1.0, 0.0], codes=np.ones((2, 3))), columns)
    mark_texts()
    qtbot.waitUntil(lambda: view.show_button.text().startswith("["))
    texts = [label.text() for label in view.findChildren(QLabel) if label.isVisible()] + [view.show_button.text()]
    texts += [view.items.headerData(place, Qt.Orientation.Horizontal) for place in (0, 1)]
    assert texts and all(text.startswith("[") for text in texts)


# --- the page ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def page(qtbot, tmp_path: Path, monkeypatch, make_session: Callable[[], Session]) -> TrainPage:
    """Run 1 found something, run 2 did not look."""
    fit = IsolationForest.fit

    def counting(self, data, context) -> None:
        self.seen = len(data.train)
        fit(self, data, context)

    monkeypatch.setattr(IsolationForest, "fit", counting)
    with table_project(tmp_path) as project:
        with monkeypatch.context() as inner:
            inner.setattr(IsolationForest, "findings", lambda self: Findings(suspicion=np.arange(self.seen) % 2.0))
            train(project, request("isolation_forest"), QuietContext())
        train(project, request("isolation_forest"), QuietContext())
    session = make_session()
    session.open_project(project.folder)
    made = TrainPage(session)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: bool(made.book.declarations), timeout=WAIT)
    return made


def test_findings_are_a_tab_of_the_runs_that_have_some(qtbot, page) -> None:
    view = page.run_view.findings
    page.show_run(2)
    assert not view.isVisible()
    page.show_run(1)
    assert view.isVisible()
    assert "Suspicious training items: " in view.title()
    with qtbot.waitSignals([page.session.page_requested, page.session.items_requested]):
        view.show_button.click()
    page.show_run(2)
    assert not view.isVisible()


def test_removed_items_leave_the_list(page) -> None:
    page.show_run(1)
    view = page.run_view.findings
    before = view.items.rowCount()
    worst = int(view._listed[0])
    remove_items(page.session.project, [worst])
    page.session.reload_items()
    assert view.items.rowCount() == before - 1
    assert worst not in view._listed
