"""The Train page with real projects and real, tiny trainings: start, watch, wait, cancel, fail, start again."""

from __future__ import annotations

import itertools
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from core.detectors.catalog import DETECTORS, detector_class
from core.problems import ProblemCode
from core.project import runs
from core.project.items import item_columns, set_splits
from core.project.runs import RunRecord
from core.training.plan import learnt_count
from core.training.request import TrainingRequest
from core.vocabulary import Kind, Label, RunState, Split
from desktop.pages.train import TrainPage
from desktop.session import Session
from tests.core.detector_settings import QUICK
from tests.core.run_cases import add_table, picture_project, request, table_project, write_table

WAIT = 60_000
ENDLESS = QUICK["autoencoder"] | {"epochs": 2000}


@pytest.fixture
def make_page(qtbot, make_session: Callable[[], Session]) -> Callable[[Path], TrainPage]:
    """Opens a project folder on a page that knows its detectors."""

    def make(folder: Path, *, read_only: bool = False) -> TrainPage:
        session = make_session()
        session.open_project(folder, read_only=read_only)
        page = TrainPage(session)
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(lambda: bool(page.book.declarations), timeout=WAIT)
        return page

    return make


@pytest.fixture
def page(make_page, tmp_path: Path) -> TrainPage:
    project = picture_project(tmp_path)
    project.close()
    return make_page(project.folder)


def records(page: TrainPage) -> list[RunRecord]:
    assert page.session.project is not None
    return runs.records(page.session.project)


def states(page: TrainPage) -> list[RunState]:
    return [record.state for record in records(page)]


def start(page: TrainPage, detector: str = "autoencoder", **parameters: object) -> int:
    """Fills in the form and presses the button."""
    page.new_button.click()
    page.new_run.detectors.choose(detector)
    page.new_run.form.set_values(QUICK[detector] | parameters)
    page.new_run.start_button.click()
    run_id = page.run_list.current_run()
    assert run_id is not None
    return run_id


def line_text(page: TrainPage, run_id: int) -> str:
    model = page.run_list.model()
    texts = [model.index(row, 0).data(11) for row in range(model.rowCount())]  # 11: Qt.AccessibleTextRole
    (text,) = [text for text in texts if text.startswith(f"{run_id} ")]
    return text


def test_a_run_started_in_the_form_ends_in_the_project(qtbot, page) -> None:
    page.new_run.detectors.choose("autoencoder")
    page.new_run.form.set_values(QUICK["autoencoder"])
    promised = page.new_run.items_text()
    run_id = start(page)
    qtbot.waitUntil(lambda: states(page) == [RunState.DONE], timeout=WAIT)
    qtbot.waitUntil(lambda: page.live.active() == [], timeout=WAIT)
    (record,) = records(page)
    declaration = page.book.declarations["autoencoder"]
    snapshot = runs.snapshot_content(page.session.project, record.snapshot_id)
    learnt = learnt_count(snapshot, declaration, TrainingRequest.from_dict(record.request))
    assert f"Learns from {learnt} good items." in promised
    assert (record.id, record.seed, record.preset) == (run_id, 0, "standard")
    assert record.parameters == declaration.parameters(**QUICK["autoencoder"]).model_dump(mode="json")
    epochs = QUICK["autoencoder"]["epochs"]
    assert page.run_view.curve.points("train_loss")[0] == list(range(1, epochs + 1))
    assert len(page.run_view.curve.points("calibration_loss")[0]) == epochs
    parts, reconstructions, differences = page.run_view.samples.rows()
    assert len(parts) == len(reconstructions) == len(differences) > 0
    assert "done" in line_text(page, run_id)
    assert page.run_view.cancel_button.isHidden()
    assert page.session.current_run == run_id


def test_the_result_is_one_click_away(qtbot, page) -> None:
    run_id = start(page)
    qtbot.waitUntil(lambda: page.live.active() == [], timeout=WAIT)
    assert not page.run_view.review_button.isHidden()
    page.session.select_run(None)
    with qtbot.waitSignal(page.session.page_requested) as requested:
        page.run_view.review_button.click()
    assert requested.args == ["review"]
    assert page.session.current_run == run_id
    assert len(page.session.scores) == len(page.session.items)


def test_cancel_ends_a_training_within_a_second(qtbot, page) -> None:
    run_id = start(page, **ENDLESS)
    qtbot.waitUntil(lambda: page.live.of_run(run_id).last_step() >= 2, timeout=WAIT)
    began = time.monotonic()
    page.run_view.cancel_button.click()
    qtbot.waitUntil(lambda: states(page) == [RunState.CANCELLED], timeout=WAIT)
    assert time.monotonic() - began < 1.0
    qtbot.waitUntil(lambda: page.live.active() == [], timeout=WAIT)
    assert not page.run_view.again_button.isHidden()
    assert page.run_view.cancel_button.isHidden()


def test_a_cancelled_run_goes_on_from_where_it_was(qtbot, page) -> None:
    run_id = start(page, **ENDLESS)
    qtbot.waitUntil(lambda: page.live.of_run(run_id).last_step() >= 3, timeout=WAIT)
    page.run_view.cancel_button.click()
    qtbot.waitUntil(lambda: page.live.active() == [], timeout=WAIT)
    page.run_view.again_button.click()
    qtbot.waitUntil(lambda: bool(page.live.of_run(run_id).curves.get("train_loss")), timeout=WAIT)
    assert page.live.of_run(run_id).curves["train_loss"][0][0] > 3
    assert page.run_view.curve.points("train_loss")[0][0] == 1
    assert len(records(page)) == 1
    page.cancel(run_id)
    qtbot.waitUntil(lambda: page.live.active() == [], timeout=WAIT)


def test_a_second_run_waits_and_can_be_cancelled_while_it_does(qtbot, page) -> None:
    first = start(page, **ENDLESS)
    second = start(page, **ENDLESS)
    qtbot.waitUntil(lambda: page.live.of_run(first).last_step() >= 1, timeout=WAIT)
    assert states(page) == [RunState.RUNNING, RunState.QUEUED]
    assert "waiting" in line_text(page, second)
    page.run_view.cancel_button.click()
    qtbot.waitUntil(lambda: states(page) == [RunState.RUNNING, RunState.CANCELLED], timeout=WAIT)
    page.cancel(first)
    qtbot.waitUntil(lambda: states(page) == [RunState.CANCELLED] * 2, timeout=WAIT)
    qtbot.waitUntil(lambda: page.live.active() == [], timeout=WAIT)


def test_the_window_stays_alive_while_a_training_runs(qtbot, page) -> None:
    ticks: list[float] = []
    timer = QTimer(page, interval=5)
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    run_id = start(page, **ENDLESS)
    qtbot.waitUntil(lambda: page.live.of_run(run_id).last_step() >= 1, timeout=WAIT)
    timer.start()
    qtbot.waitUntil(lambda: page.live.of_run(run_id).last_step() >= 6 and len(ticks) > 50, timeout=WAIT)
    timer.stop()
    gaps = [after - before for before, after in itertools.pairwise(ticks)]
    assert statistics.median(gaps) < 0.05
    assert max(gaps) < 1.0
    page.cancel(run_id)
    qtbot.waitUntil(lambda: page.live.active() == [], timeout=WAIT)


def test_closing_the_project_cancels_running_and_waiting_runs(qtbot, page) -> None:
    folder = page.session.project.folder
    first = start(page, **ENDLESS)
    start(page, **ENDLESS)
    qtbot.waitUntil(lambda: page.live.of_run(first).last_step() >= 1, timeout=WAIT)
    page.session.close_project()
    page.session.open_project(folder)
    assert states(page) == [RunState.CANCELLED] * 2
    assert page.live.active() == []


def test_a_failed_run_says_why(qtbot, page, tmp_path) -> None:
    shutil.rmtree(tmp_path / "pictures")
    run_id = start(page)
    qtbot.waitUntil(lambda: states(page) == [RunState.FAILED], timeout=WAIT)
    qtbot.waitUntil(lambda: page.live.active() == [], timeout=WAIT)
    assert records(page)[0].problem.code is ProblemCode.TOO_FEW_GOOD
    assert "needs at least" in line_text(page, run_id)
    assert "needs at least" in page.run_view.message_text()
    assert not page.run_view.again_button.isHidden()


def test_an_interrupted_run_can_be_started_again(qtbot, make_page, tmp_path) -> None:
    with picture_project(tmp_path) as project:
        from core.training.run import queue_run

        run_id = queue_run(project, request("autoencoder"))
        (project.run_folder(run_id) / "owner.json").unlink()
    page = make_page(project.folder)
    assert states(page) == [RunState.INTERRUPTED]
    assert page.run_list.current_run() == run_id
    assert "Start again" in page.run_view.message_text()
    page.run_view.again_button.click()
    qtbot.waitUntil(lambda: states(page) == [RunState.DONE], timeout=WAIT)
    qtbot.waitUntil(lambda: page.live.active() == [], timeout=WAIT)


def test_an_old_run_shows_its_stored_curve_and_record(qtbot, page, make_page) -> None:
    folder = page.session.project.folder
    run_id = start(page)
    qtbot.waitUntil(lambda: page.live.active() == [], timeout=WAIT)
    drawn = page.run_view.curve.points("train_loss")
    page.session.close_project()
    later = make_page(folder)
    assert later.run_view.run_id() == run_id
    assert later.run_view.curve.points("train_loss") == drawn
    assert later.run_view.samples.is_empty()
    facts = {name: value for _, rows in later.run_view.facts.groups() for name, value in rows}
    assert facts["Epochs"] == str(QUICK["autoencoder"]["epochs"])
    assert facts["seed"] == "0"
    assert facts["device"]
    assert facts["torch"]
    assert facts["train, good"] == facts["learnt from"]
    assert "Training" in later.run_view.log.toPlainText()


def takers(kind: Kind) -> list[str]:
    return [key for key in DETECTORS if kind in detector_class(key).declaration.takes]


def test_detectors_that_the_items_do_not_allow_say_why(make_page, tmp_path) -> None:
    project = table_project(tmp_path)
    project.close()
    page = make_page(project.folder)
    assert page.new_run.detectors.usable() == takers(Kind.ROW)
    others = [key for key in DETECTORS if key not in takers(Kind.ROW)]
    assert page.new_run.detectors.reasons() == dict.fromkeys(others, "Not here: this project has no images.")
    first = page.new_run.detectors.current().key
    page.new_run.detectors.choose(others[0])
    assert page.new_run.detectors.current().key == first == "isolation_forest"


def test_detectors_for_images_are_offered_for_images(page) -> None:
    assert page.new_run.detectors.usable() == takers(Kind.IMAGE)
    assert page.new_run.detectors.current().key == "autoencoder"


def test_a_table_is_learnt_without_a_curve(qtbot, make_page, tmp_path) -> None:
    project = table_project(tmp_path)
    project.close()
    page = make_page(project.folder)
    run_id = start(page, "isolation_forest")
    qtbot.waitUntil(lambda: states(page) == [RunState.DONE], timeout=WAIT)
    qtbot.waitUntil(lambda: page.live.active() == [], timeout=WAIT)
    assert page.run_view.curve.is_empty()
    assert page.run_view.run_id() == run_id


def test_one_of_several_tables_can_be_chosen(make_page, tmp_path) -> None:
    project = table_project(tmp_path)
    add_table(project, write_table(tmp_path / "later.csv", good=60, defective=4))
    project.close()
    page = make_page(project.folder)
    both = page.new_run.items_text()
    assert page.new_run.request().source_ids is None
    page.new_run.options.source.setCurrentIndex(2)
    assert page.new_run.options.source.currentText() == "later.csv"
    assert page.new_run.request().source_ids == (2,)
    assert page.new_run.items_text() != both


def test_too_few_good_items_disable_the_start_with_a_reason(page) -> None:
    project = page.session.project
    columns = item_columns(project)
    goods = columns.id[(columns.label == Label.GOOD) & (columns.split != Split.TEST)]
    set_splits(project, goods[:-10], Split.TEST, reason="test")
    page.session.reload_items()
    assert not page.new_run.start_button.isEnabled()
    assert "needs at least 8 good items in the training split" in page.new_run.start_button.toolTip()
    page.new_run.start()
    assert records(page) == []
    page.refresh_actions()
    action = page.session.actions.action("train.start")
    assert not action.isEnabled()


def test_counts_are_not_made_while_the_page_is_hidden(page) -> None:
    before = page.new_run.items_text()
    page.hide()
    columns = item_columns(page.session.project)
    goods = columns.id[(columns.label == Label.GOOD) & (columns.split == Split.TRAIN)]
    page.session.set_labels(goods[:3], Label.DEFECTIVE)
    assert page.new_run.items_text() == before
    page.show()
    assert page.new_run.items_text() != before


def test_a_project_for_reading_only_cannot_be_trained_on(make_page, tmp_path) -> None:
    project = picture_project(tmp_path)
    project.close()
    page = make_page(project.folder, read_only=True)
    assert not page.new_run.start_button.isEnabled()
    assert "reading only" in page.new_run.start_button.toolTip()


def test_an_empty_project_says_what_to_do_first(qtbot, project_session) -> None:
    page = TrainPage(project_session)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: bool(page.book.declarations), timeout=WAIT)
    assert not page.empty.isHidden()
    assert "Import images or a table first" in page.empty.text()
    assert page.new_run.isHidden()


@pytest.mark.parametrize(("text", "allowed"), [("0", True), ("2147483647", True), ("-1", False), ("", False), ("1.5", False)])
def test_the_seed(page, text, allowed) -> None:
    page.new_run.options.seed.lineEdit().setText(text)
    assert page.new_run.can_start() is allowed
    assert (page.new_run.request() is not None) is allowed
    if allowed:
        assert page.new_run.request().seed == int(text)


def test_a_wrong_parameter_disables_the_start(page) -> None:
    page.new_run.form.row("epochs").editor.box.lineEdit().setText("0")
    assert not page.new_run.can_start()
    page.new_run.reset_button.click()
    assert page.new_run.can_start()


def test_effort_changes_the_parameters(page) -> None:
    declaration = page.book.declarations["autoencoder"]
    page.new_run.options.preset.setCurrentIndex(0)
    assert page.new_run.request().preset == "quick"
    assert page.new_run.form.parameters() == declaration.parameters(**declaration.presets["quick"])
    assert page.new_run.request().parameters == {}


def test_everything_that_takes_the_focus_has_a_name(page) -> None:
    assert set(page.book.declarations) == set(DETECTORS)
    inner = ("QTabWidget", "QComboBoxPrivateContainer")  # the tab bar has its tabs' texts, the list of a combo box its items'
    for widget in page.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.parent().metaObject().className() not in inner:
            text = widget.property("text") or widget.accessibleName()
            assert text, f"{widget.metaObject().className()} in {widget.parent().metaObject().className()}"


def test_a_change_of_language_keeps_the_entries(page) -> None:
    page.new_run.options.seed.setValue(7)
    page.new_run.options.preset.setCurrentIndex(2)
    page.new_run.form.set_values({"epochs": 11})
    for widget in (page, *page.findChildren(QWidget)):
        QApplication.sendEvent(widget, QEvent(QEvent.Type.LanguageChange))
    wanted = page.new_run.request()
    assert (wanted.seed, wanted.preset, wanted.parameters) == (7, "thorough", {"epochs": 11})
