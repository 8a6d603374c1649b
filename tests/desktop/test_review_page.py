"""The Review page on a real, tiny project: runs, bases, thresholds, counts that name items, labels and evidence."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt

from core.evaluation.thresholds import Rule
from core.problems import ProblemCode
from core.project.labels import set_labels
from core.project.opening import Project, open_project
from core.project.thresholds import current_threshold, history
from core.reports.assessment import assess
from core.vocabulary import Label, Split, Verdict
from desktop.actions import State
from desktop.models.review_basis import EVERYTHING, Choice
from desktop.pages.review import ReviewPage
from desktop.session import Session
from desktop.widgets.image_panes import PaneKey
from tests.core.report_cases import IMAGE_RUN, MARKUP, TABLE_RUN, awkward_project

WAIT = 20_000


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return awkward_project(tmp_path_factory.mktemp("검토"))


@pytest.fixture
def make_page(qtbot, trained: Path, tmp_path: Path, make_session: Callable[[], Session]) -> Callable[..., ReviewPage]:
    """A page on a copy that a test may change; the pictures stay where they are."""

    def make(run: int | None = IMAGE_RUN, *, read_only: bool = False) -> ReviewPage:
        copy = tmp_path / trained.name
        if not copy.exists():
            shutil.copytree(trained, copy)
        session = make_session()
        page = ReviewPage(session)
        qtbot.addWidget(page)
        session.open_project(copy, read_only=read_only)
        session.actions.refresh(State(project=True, writable=not read_only, items=True, run=True, page="review"))
        page.resize(1280, 760)
        page.show()
        if run is not None:
            session.select_run(run)
        return page

    return make


@pytest.fixture
def page(make_page: Callable[..., ReviewPage]) -> ReviewPage:
    return make_page()


@pytest.fixture
def empty_page(qtbot, project_session: Session) -> Iterator[ReviewPage]:
    page = ReviewPage(project_session)
    qtbot.addWidget(page)
    yield page


def project_of(page: ReviewPage) -> Project:
    assert page.session.project is not None
    return page.session.project


def basis_button(page: ReviewPage, split: Split | None) -> None:
    page.bar.bases[split].click()


def shown(page: ReviewPage, qtbot) -> int:
    """Waits until the evidence of the current item is there, and returns its id."""
    qtbot.waitUntil(lambda: page.view.part is not None, timeout=WAIT)
    assert page.view.part is not None
    return page.view.part.item_id


def listed(page: ReviewPage) -> list[int]:
    return page.model.ids().tolist()


# --- what is reviewed -----------------------------------------------------------------------------------------------------------------


def test_without_a_run_the_next_step_is_said(empty_page: ReviewPage) -> None:
    assert empty_page.stack.currentWidget() is empty_page.empty
    assert "Import" in empty_page.empty.text()
    empty_page.session.close_project()
    assert "Open a project" in empty_page.empty.text()


def test_runs_are_listed_newest_first_and_can_be_chosen(page: ReviewPage, qtbot) -> None:
    assert [page.bar.runs.itemData(row) for row in range(page.bar.runs.count())] == [TABLE_RUN, IMAGE_RUN]
    assert page.bar.runs.currentData() == IMAGE_RUN
    with qtbot.waitSignal(page.session.current_run_changed):
        page.bar.runs.setCurrentIndex(0)
        page.bar.runs.activated.emit(0)
    assert page.session.current_run == TABLE_RUN
    assert page.bar.runs.currentData() == TABLE_RUN


@pytest.mark.parametrize("run", [IMAGE_RUN, TABLE_RUN])
def test_counts_on_test_items_are_those_of_the_report(make_page, run: int) -> None:
    page = make_page(run)
    basis_button(page, Split.TEST)
    expected = assess(project_of(page), run).counts.as_table()
    for (label, verdict), cell in page.desk.counts.cells.items():
        assert cell.text() == str(expected[label.name.lower()][verdict.value.lower()])


def test_each_basis_lists_its_items_by_score(page: ReviewPage) -> None:
    items = page.session.items
    assert items is not None
    for split in (Split.CALIBRATION, Split.TEST, None):
        basis_button(page, split)
        chosen = ~items.is_row & ((items.split == split) if split is not None else True)
        assert sorted(listed(page)) == items.id[chosen].tolist()
        scores = [page.model.item(row).score for row in range(page.model.rowCount())]
        known = [score for score in scores if score is not None]
        assert known == sorted(known, reverse=True)


# --- thresholds -----------------------------------------------------------------------------------------------------------------------


def test_everything_follows_a_drag_and_nothing_is_stored_before_release(page: ReviewPage, qtbot) -> None:
    basis_button(page, Split.TEST)
    shown(page, qtbot)
    histogram, before = page.desk.histogram, len(history(project_of(page), IMAGE_RUN))
    low = min(page.model.item(row).score for row in range(page.model.rowCount()))
    top_cell = page.desk.counts.cells[Label.DEFECTIVE, Verdict.NG]
    caught = int(top_cell.text())
    spot = QPoint(round(histogram.x_of(histogram.thresholds[0])) - 1, 60)
    qtbot.mousePress(histogram, Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseMove(histogram, QPoint(round(histogram.x_of(low)) - 4, 60))
    assert histogram.thresholds[0] < low
    assert page.desk.counts.cells[Label.DEFECTIVE, Verdict.OK].text() == "0"
    assert page.desk.counts.cells[Label.GOOD, Verdict.OK].text() == "0"
    assert int(top_cell.text()) == caught
    assert page.desk.rules.boxes[0].value() == pytest.approx(histogram.thresholds[0], rel=1e-2)
    assert page.model.item(page.model.rowCount() - 1).verdict is Verdict.REVIEW
    assert len(history(project_of(page), IMAGE_RUN)) == before
    with qtbot.waitSignal(page.session.thresholds_changed) as changed:
        qtbot.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=spot)
    record = current_threshold(project_of(page), IMAGE_RUN)
    assert (record.t1, record.t2) == changed.args[0] == histogram.thresholds
    assert record.rule == Rule.HAND
    assert record.basis["seen"] == "test"
    assert len(history(project_of(page), IMAGE_RUN)) == before + 1


def test_sentence_says_rule_items_and_warns_of_test_items(page: ReviewPage, qtbot) -> None:
    basis_button(page, Split.CALIBRATION)
    page.desk.rules.boxes[1].setValue(page.desk.rules.boxes[1].value() * 1.5)
    calibration = page.desk.sentence.text()
    assert "by hand" in calibration
    assert "test items" not in calibration
    basis_button(page, Split.TEST)
    page.desk.rules.boxes[1].setValue(page.desk.rules.boxes[1].value() * 1.5)
    assert "Chosen with test items on the screen" in page.desk.sentence.text()
    page.desk.rules.shares[Rule.GOOD_ONLY].setValue(50)
    page.desk.rules.buttons[Rule.GOOD_ONLY].click()
    assert "By good parts only" in page.desk.sentence.text()


def test_rule_sets_the_threshold_on_calibration_items(page: ReviewPage) -> None:
    basis_button(page, Split.CALIBRATION)
    page.desk.rules.simple.click()
    page.desk.rules.shares[Rule.OVERKILL].setValue(0)
    page.desk.rules.buttons[Rule.OVERKILL].click()
    record = current_threshold(project_of(page), IMAGE_RUN)
    assert record is not None
    assert (record.rule, record.t1) == (Rule.OVERKILL, record.t2)
    assert page.desk.histogram.thresholds == (record.t1, record.t2)
    assert page.desk.counts.cells[Label.GOOD, Verdict.NG].text() == "0"


def test_rules_without_what_they_need_say_so(make_page) -> None:
    page = make_page(IMAGE_RUN)
    button = page.desk.rules.buttons[Rule.ESCAPE]
    has_defects = any(
        item == int(Label.DEFECTIVE) and split == int(Split.CALIBRATION) and not row
        for item, split, row in zip(page.session.items.label, page.session.items.split, page.session.items.is_row, strict=True)
    )
    assert button.isEnabled() == has_defects
    assert has_defects or "no defective calibration items" in button.toolTip()


def test_simple_mode_ties_and_commits(page: ReviewPage) -> None:
    thresholds = page.desk.thresholds
    assert thresholds is not None
    assert thresholds[0] < thresholds[1]
    assert not page.desk.rules.simple.isChecked()
    page.desk.rules.simple.click()
    record = current_threshold(project_of(page), IMAGE_RUN)
    assert record is not None
    assert record.t1 == record.t2 == thresholds[1]


def test_default_threshold_comes_back(page: ReviewPage) -> None:
    page.desk.rules.boxes[1].setValue(page.desk.rules.boxes[1].value() * 2)
    page.session.actions.action("threshold.default").trigger()
    record = current_threshold(project_of(page), IMAGE_RUN)
    assert record is not None
    assert record.rule == Rule.GOOD_ONLY
    assert page.desk.thresholds == (record.t1, record.t2)


def test_read_only_project_keeps_its_thresholds(make_page, qtbot) -> None:
    page = make_page(read_only=True)
    before = page.desk.thresholds
    assert not page.desk.rules.buttons[Rule.OVERKILL].isEnabled()
    with qtbot.waitSignal(page.session.notified) as told:
        page.desk.rules.boxes[1].setValue(page.desk.rules.boxes[1].value() * 2)
    assert told.args[0].code is ProblemCode.PROJECT_READ_ONLY
    assert page.desk.thresholds == before


# --- items --------------------------------------------------------------------------------------------------------------------------


def test_click_on_a_count_lists_those_items_and_shows_them_on_the_data_page(page: ReviewPage, qtbot) -> None:
    basis_button(page, Split.TEST)
    cell = page.desk.counts.cells[Label.DEFECTIVE, Verdict.OK]
    qtbot.mouseClick(cell, Qt.MouseButton.LeftButton)
    assert page.model.rowCount() == int(cell.text()) > 0
    assert page.model.choice == Choice.cell(Label.DEFECTIVE, Verdict.OK)
    assert page.ranking.choices.currentText().startswith("Escapes")
    pages: list[str] = []
    page.session.page_requested.connect(pages.append)
    with qtbot.waitSignal(page.session.items_requested) as requested:
        page.ranking.to_data.click()
    assert requested.args[0].tolist() == listed(page)
    assert "Escapes" in requested.args[1]
    assert pages == ["data"]
    qtbot.mouseClick(cell, Qt.MouseButton.LeftButton)
    assert page.model.choice == EVERYTHING


def test_a_choice_from_the_list_marks_its_count(page: ReviewPage) -> None:
    basis_button(page, Split.TEST)
    page.ranking.choices.setCurrentIndex(2)
    page.ranking.choices.activated.emit(2)
    assert page.desk.counts.cells[Label.GOOD, Verdict.NG].isChecked()
    page.ranking.choices.setCurrentIndex(0)
    page.ranking.choices.activated.emit(0)
    assert not any(cell.isChecked() for cell in page.desk.counts.cells.values())


def test_a_choice_without_items_says_so(page: ReviewPage) -> None:
    basis_button(page, Split.CALIBRATION)
    page.ranking.choices.setCurrentIndex(8)
    page.ranking.choices.activated.emit(8)
    assert page.model.rowCount() == 0
    assert page.ranking.nothing.isVisible()
    assert page.view.item is None
    assert not page.ranking.to_data.isEnabled()


def test_order_can_be_turned_round(page: ReviewPage) -> None:
    basis_button(page, Split.TEST)
    before = listed(page)
    page.ranking.order.click()
    scores = [page.model.item(row).score for row in range(page.model.rowCount())]
    assert scores == sorted(scores)
    assert sorted(before) == sorted(listed(page))


def test_the_shown_item_stays_when_the_list_changes(page: ReviewPage, qtbot) -> None:
    basis_button(page, Split.TEST)
    page.ranking.list.show_row(3)
    item = page.view.item
    assert item is not None
    page.ranking.order.click()
    assert page.view.item is not None
    assert page.view.item.item_id == item.item_id
    assert shown(page, qtbot) == item.item_id


# --- labels ---------------------------------------------------------------------------------------------------------------------------


def unlabel(page: ReviewPage, rows: list[int]) -> list[int]:
    ids = [page.model.item(row).item_id for row in rows]
    page.session.set_labels(ids, Label.NONE)
    return ids


def test_keys_label_the_shown_item_and_go_on_to_the_next_without_a_label(page: ReviewPage, qtbot) -> None:
    basis_button(page, Split.TEST)
    first, second = unlabel(page, [2, 5])
    page.ranking.list.show_row(2)
    with qtbot.waitSignal(page.session.items_changed) as changed:
        page.session.actions.action("label.defective").trigger()
    assert changed.args[0].tolist() == [first]
    assert page.session.items.label[page.session.items.positions([first])[0]] == Label.DEFECTIVE
    assert page.view.item.item_id == second
    page.session.undo_stack.undo()
    assert page.session.items.label[page.session.items.positions([first])[0]] == Label.NONE


def test_next_and_previous_skip_what_is_done(page: ReviewPage) -> None:
    basis_button(page, Split.TEST)
    first, second = unlabel(page, [1, 6])
    page.ranking.list.show_row(3)
    page.session.actions.action("items.next").trigger()
    assert page.view.item.item_id == second
    page.session.actions.action("items.previous").trigger()
    assert page.view.item.item_id == first


def test_a_label_changes_counts_and_buttons_but_not_the_order(page: ReviewPage, qtbot) -> None:
    basis_button(page, Split.TEST)
    order = listed(page)
    row = next(row for row in range(page.model.rowCount()) if page.model.item(row).label is Label.GOOD)
    verdict = page.model.item(row).verdict
    page.ranking.list.show_row(row)
    cells = page.desk.counts.cells
    good, defective = int(cells[Label.GOOD, verdict].text()), int(cells[Label.DEFECTIVE, verdict].text())
    assert page.view.buttons[Label.GOOD].isChecked()
    qtbot.mouseClick(page.view.buttons[Label.DEFECTIVE], Qt.MouseButton.LeftButton)
    assert (int(cells[Label.GOOD, verdict].text()), int(cells[Label.DEFECTIVE, verdict].text())) == (good - 1, defective + 1)
    assert listed(page) == order
    assert page.view.buttons[Label.DEFECTIVE].isChecked()
    assert not page.view.buttons[Label.GOOD].isChecked()


# --- evidence -------------------------------------------------------------------------------------------------------------------------


def test_panes_show_image_heatmap_reconstruction_difference_and_mask(page: ReviewPage, qtbot) -> None:
    basis_button(page, Split.TEST)
    items = page.session.items
    with_mask = items.id[items.has_mask & (items.split == Split.TEST)][0]
    page.ranking.list.show_item(int(with_mask))
    qtbot.waitUntil(lambda: page.view.part is not None and page.view.part.item_id == with_mask, timeout=WAIT)
    panes = page.view.panes
    assert all(panes.canvas(key).message == "" for key in PaneKey)
    assert panes.canvas(PaneKey.IMAGE).has_overlay
    assert panes.canvas(PaneKey.IMAGE).outline_shown
    assert page.view.part.working.shape == page.view.part.evidence.reconstruction.shape


def test_item_without_a_score_is_last_and_its_panes_say_why(page: ReviewPage, qtbot) -> None:
    from core.project.schema import scores

    item_id = listed(page)[0]
    with project_of(page).write() as connection:
        connection.execute(scores.delete().where(scores.c.item_id == item_id, scores.c.run_id == IMAGE_RUN))
    page.session.select_run(IMAGE_RUN)
    basis_button(page, None)
    assert listed(page)[-1] == item_id
    page.ranking.list.show_item(item_id)
    shown(page, qtbot)
    panes = page.view.panes
    assert panes.canvas(PaneKey.IMAGE).message == ""
    assert "not scored" in panes.canvas(PaneKey.HEATMAP).message
    assert page.view.mark.verdict is None
    assert "no score" in page.view.facts.text()


def test_a_picture_that_is_gone_says_so_and_keeps_its_evidence(page: ReviewPage, qtbot, tmp_path: Path) -> None:
    from core.project.items import item_details

    project = project_of(page)
    item_id = listed(page)[0]
    path = item_details(project, item_id).path
    hidden = path.with_name("moved away.png")
    path.rename(hidden)
    try:
        page.session.select_run(IMAGE_RUN)
        page.ranking.list.show_item(item_id)
        shown(page, qtbot)
        assert "does not exist" in page.view.panes.canvas(PaneKey.IMAGE).message
        assert page.view.panes.canvas(PaneKey.HEATMAP).message == ""
    finally:
        hidden.rename(path)


def test_evidence_of_the_item_before_is_taken_away_when_reading_is_slow(page: ReviewPage, qtbot) -> None:
    basis_button(page, Split.TEST)
    shown(page, qtbot)
    page.loader.loaded.disconnect(page._on_loaded)  # as if the next item never came
    page.ranking.list.show_row(3)
    assert page.view.panes.isVisible()
    qtbot.waitUntil(page.view.empty.isVisible)
    assert "Reading" in page.view.empty.text()
    page.loader.loaded.connect(page._on_loaded)
    page.ranking.list.show_row(4)
    shown(page, qtbot)
    assert page.view.panes.isVisible()


def test_row_shows_its_columns_with_shares_that_add_up(make_page, qtbot) -> None:
    page = make_page(TABLE_RUN)
    basis_button(page, Split.TEST)
    shown(page, qtbot)
    model = page.view.columns.model
    found = [model.contribution(row) for row in range(model.rowCount())]
    assert {(entry.name, entry.unit) for entry in found} == {("Torque", "Nm"), ("Speed", "rpm")}
    assert sum(entry.share for entry in found) == pytest.approx(1)
    assert all(entry.low < entry.expected < entry.high for entry in found)
    assert page.view.columns.isVisible()


def test_holding_the_key_shows_the_bare_picture(page: ReviewPage, qtbot) -> None:
    shown(page, qtbot)
    canvas = page.view.panes.canvas(PaneKey.IMAGE)
    for widget in (page.ranking.list, page):
        qtbot.keyPress(widget, Qt.Key.Key_Period, delay=-1)
        assert not canvas.has_overlay
        qtbot.keyRelease(widget, Qt.Key.Key_Period, delay=-1)
        assert canvas.has_overlay


def test_view_actions_reach_the_panes(page: ReviewPage, qtbot) -> None:
    shown(page, qtbot)
    page.refresh_actions()
    actions, view = page.session.actions, page.view.panes.view
    scale = view.scale
    actions.action("view.zoom_in").trigger()
    assert view.scale > scale
    actions.action("view.zoom_fit").trigger()
    assert view.fitted
    actions.action("view.overlay").trigger()
    assert not page.view.panes.canvas(PaneKey.IMAGE).has_overlay


def test_zoom_is_kept_from_part_to_part(page: ReviewPage, qtbot) -> None:
    basis_button(page, Split.TEST)
    shown(page, qtbot)
    page.view.panes.view.zoom(3)
    scale = page.view.panes.view.scale
    page.ranking.list.show_row(4)
    shown(page, qtbot)
    assert page.view.panes.view.scale == scale


def test_texts_of_strangers_are_shown_as_text(page: ReviewPage) -> None:
    basis_button(page, None)
    row = next(row for row in range(page.model.rowCount()) if page.model.item(row).defect_type == MARKUP)
    page.ranking.list.show_row(row)
    assert MARKUP in page.view.facts.text()
    assert page.view.facts.textFormat() is Qt.TextFormat.PlainText
    assert MARKUP not in page.model.data(page.model.index(row, 0), Qt.ItemDataRole.ToolTipRole)


def test_closing_and_opening_again_shows_the_same(page: ReviewPage) -> None:
    folder = project_of(page).folder
    basis_button(page, Split.TEST)
    before, thresholds = listed(page), page.desk.thresholds
    page.session.close_project()
    assert page.stack.currentWidget() is page.empty
    assert page.model.rowCount() == 0
    page.session.open_project(folder)
    page.session.select_run(IMAGE_RUN)
    basis_button(page, Split.TEST)
    assert listed(page) == before
    assert page.desk.thresholds == thresholds


def test_labels_set_elsewhere_arrive_with_new_items(page: ReviewPage) -> None:
    basis_button(page, Split.TEST)
    item_id = listed(page)[0]
    with open_project(project_of(page).folder) as other:
        set_labels(other, [item_id], Label.UNSURE)
    page.session.reload_items()
    assert page.model.item(page.model.row_of(item_id)).label is Label.UNSURE
    assert "unsure" in page.desk.counts._note.text()


def test_words_follow_the_language(page: ReviewPage, mark_texts, qtbot) -> None:
    mark_texts()
    qtbot.waitUntil(lambda: page.bar._basis_label.text() == "[on]")
    assert page.title() == "[Review]"
    assert page.ranking.choices.itemText(0) == "[All items]"
    assert page.view.buttons[Label.GOOD].text() == "1 [good]"
    assert page.desk.sentence.text().startswith("[")


def test_every_focusable_widget_has_a_name(page: ReviewPage) -> None:
    from PySide6.QtWidgets import QAbstractButton, QWidget

    nameless = [
        widget
        for widget in page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.objectName().startswith("qt_")
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and not widget.accessibleName()
    ]
    assert nameless == []


def test_page_fits_a_small_screen(page: ReviewPage) -> None:
    assert page.minimumSizeHint().width() <= 1240
    assert page.minimumSizeHint().height() <= 640
