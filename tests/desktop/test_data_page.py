"""The Data page on real projects: labels by key, splits, sources, problems, and what other screens send here."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow, QMessageBox
from pytestqt.qtbot import QtBot

from core.data.layout import scan_folder
from core.job_context import QuietContext
from core.project import audit
from core.project.importing import import_folder
from core.project.items import item_columns
from core.project.opening import create_project
from core.project.runs import create_run, store_scores
from core.project.thresholds import set_threshold
from core.vocabulary import Kind, Label, Split, Verdict
from desktop.actions import ACTIONS, State
from desktop.models.item_filter import ItemFilter
from desktop.models.item_rows import ItemRows
from desktop.pages.data import DataPage
from desktop.session import Session
from desktop.widgets.item_browser import Shown
from desktop.widgets.source_list import SourceList
from tests.core.run_cases import add_table, write_table

WAIT = 20_000
COUNT = 14


def write_folder(folder: Path) -> Path:
    """14 unlabelled pictures and two files that are none."""
    folder.mkdir(parents=True)
    for number in range(COUNT):
        Image.fromarray(np.full((24, 32), number * 9, np.uint8)).save(folder / f"part {number}.png")
    (folder / "broken.png").write_bytes(b"")
    (folder / "text.png").write_text("not a picture")
    return folder


@dataclass
class Desk:
    """A page in a window of its own that has the focus, so that keys reach it as they do in the program."""

    session: Session
    page: DataPage
    window: QMainWindow
    qtbot: QtBot

    @property
    def rows(self) -> ItemRows:
        return self.page.model.rows

    def refresh(self) -> None:
        stack = self.session.undo_stack
        items = self.session.items
        self.session.actions.refresh(
            State(
                project=self.session.project is not None,
                writable=self.session.writable,
                items=items is not None and len(items) > 0,
                undo=stack.canUndo(),
                redo=stack.canRedo(),
                page="data",
            )
        )
        self.page.refresh_actions()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        focus = self.window.focusWidget()
        assert focus is not None
        self.qtbot.keyClick(focus, key, modifier)

    def labels(self) -> list[Label]:
        """As committed, in the order of import."""
        assert self.session.project is not None
        return [Label(int(label)) for label in item_columns(self.session.project).label]

    def splits(self) -> np.ndarray:
        assert self.session.project is not None
        return item_columns(self.session.project).split


@pytest.fixture
def make_desk(qtbot: QtBot, make_session: Callable[[], Session]) -> Iterator[Callable[..., Desk]]:
    """Makes desks whose projects are closed before their windows are, as in the program."""
    made: list[Desk] = []

    def make(folder: Path | None, *, read_only: bool = False) -> Desk:
        session = make_session()
        page = DataPage(session)
        window = QMainWindow()
        qtbot.addWidget(window)
        window.setCentralWidget(page)
        window.addActions([session.actions.action(entry.id) for entry in ACTIONS if not entry.scoped])
        session.actions.connect("edit.undo", session.undo_stack.undo)
        session.actions.connect("edit.redo", session.undo_stack.redo)
        window.resize(1100, 700)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        desk = Desk(session, page, window, qtbot)
        for signal in (session.project_opened, session.items_changed, session.undo_stack.indexChanged):
            signal.connect(desk.refresh)
        if folder is not None:
            session.open_project(folder, read_only=read_only)
        page.setFocus()
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.session.close_project()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with pictures from two folders and a table."""
    with create_project(tmp_path / "시료") as project:
        for name in ("라인 1", "line 2"):
            source = write_folder(tmp_path / name)
            import_folder(project, scan_folder(source, QuietContext()), QuietContext())
        add_table(project, write_table(tmp_path / "process.csv", good=30, defective=10))
        return project.folder


@pytest.fixture
def desk(make_desk: Callable[..., Desk], folder: Path) -> Desk:
    return make_desk(folder)


def test_an_empty_project_says_the_next_step(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    with create_project(tmp_path / "empty") as project:
        folder = project.folder
    desk = make_desk(folder)
    assert desk.page.browser.shown is Shown.NO_ITEMS
    assert not desk.session.actions.action("label.good").isEnabled()


def test_without_a_project_nothing_is_shown_and_nothing_breaks(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(None)
    assert desk.page.browser.shown is Shown.NO_ITEMS
    desk.page.acts.label(Label.GOOD)
    assert desk.page.acts.ask_split() is None
    assert desk.page.acts.ask_remove() is None


def test_sources_counts_and_problems(desk: Desk) -> None:
    sources = desk.page.panel.sources
    texts = [[sources.topLevelItem(row).text(column) for column in (0, 1)] for row in range(4)]
    assert texts == [["All items", "68"], ["라인 1", "14"], ["line 2", "14"], ["process.csv", "40"]]
    problems = desk.page.panel.problems
    assert problems.isVisible()
    problems.fold.setChecked(True)
    sentences = [problems.list.item(row).text() for row in range(problems.list.count())]
    assert len(sentences) == 4
    assert "broken.png is empty (0 bytes). Copy it again from the camera or the server." in sentences
    assert not any(str(desk.session.project.folder.parent) in sentence for sentence in sentences)


def test_a_missing_folder_is_marked(desk: Desk, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "line 2")
    desk.session.reload_items()
    item = desk.page.panel.sources.topLevelItem(2)
    assert item.text(0) == "line 2 (missing)"
    assert str(tmp_path / "line 2") in item.toolTip(0)
    assert "does not exist" in item.toolTip(0)


def choose_source(sources: SourceList, row: int) -> None:
    sources.setCurrentItem(sources.topLevelItem(row))


def test_a_source_filters_and_a_table_is_shown_as_one(desk: Desk) -> None:
    browser = desk.page.browser
    choose_source(desk.page.panel.sources, 2)
    assert desk.page.model.rowCount() == 14
    assert browser.shown is Shown.GALLERY
    choose_source(desk.page.panel.sources, 3)
    assert desk.page.model.rowCount() == 40
    assert browser.shown is Shown.TABLE
    desk.qtbot.waitUntil(lambda: desk.rows.row_table is not None, timeout=WAIT)
    column = desk.page.model.column_of("value:0")
    assert desk.page.model.headerData(column, Qt.Orientation.Horizontal) == "Torque [Nm]"
    stored = (desk.session.project.folder.parent / "process.csv").read_text("utf-8").splitlines()[1].split(",")
    assert float(str(desk.page.model.index(0, column).data())) == pytest.approx(float(stored[1]), rel=1e-5)
    choose_source(desk.page.panel.sources, 0)
    assert desk.page.model.rowCount() == 68
    browser.filter_bar.clear()
    assert [item.text(0) for item in desk.page.panel.sources.selectedItems()] == ["All items"]


def test_keys_label_one_item_and_go_on_to_the_next_unlabelled(desk: Desk) -> None:
    desk.page.browser.go_to(0)
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
        desk.press(key)
    assert desk.labels()[:4] == [Label.GOOD, Label.DEFECTIVE, Label.UNSURE, Label.NONE]
    assert desk.page.browser.current_row == 3
    desk.page.browser.go_to(1)
    desk.press(Qt.Key.Key_0)
    assert desk.labels()[1] is Label.NONE
    assert desk.page.browser.current_row == 3


def test_the_number_pad_labels_as_well(desk: Desk) -> None:
    desk.page.browser.go_to(0)
    for key in (Qt.Key.Key_2, Qt.Key.Key_1):
        desk.press(key, Qt.KeyboardModifier.KeypadModifier)
    assert desk.labels()[:3] == [Label.DEFECTIVE, Label.GOOD, Label.NONE]


def test_undo_and_redo_by_key(desk: Desk) -> None:
    desk.page.browser.go_to(0)
    desk.press(Qt.Key.Key_1)
    desk.press(Qt.Key.Key_2)
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.labels()[:2] == [Label.GOOD, Label.NONE]
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.labels()[:2] == [Label.NONE, Label.NONE]
    desk.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert desk.labels()[:2] == [Label.GOOD, Label.NONE]
    assert desk.rows.entry(0).label is Label.GOOD


def test_several_selected_are_labelled_in_one_step_and_stay_selected(desk: Desk) -> None:
    desk.page.browser.go_to(2)
    for _ in range(4):
        desk.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    chosen = desk.page.browser.selected_ids().tolist()
    desk.press(Qt.Key.Key_2)
    assert len(chosen) == 5
    assert desk.labels()[2:7] == [Label.DEFECTIVE] * 5
    assert desk.session.undo_stack.count() == 1
    assert desk.page.browser.selected_ids().tolist() == chosen
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.labels()[2:7] == [Label.NONE] * 5


def test_labelling_down_a_queue_of_unlabelled_items(desk: Desk) -> None:
    desk.page.browser.set_filter(ItemFilter(labels=frozenset({Label.NONE}), kinds=frozenset({Kind.IMAGE})))
    assert desk.page.model.rowCount() == 28
    desk.page.browser.go_to(0)
    for count in range(27, 0, -1):
        desk.press(Qt.Key.Key_1)
        assert desk.page.model.rowCount() == count
        assert desk.page.browser.selected_ids().size == 1
        assert desk.rows.entry(desk.page.browser.current_row).label is Label.NONE
    desk.press(Qt.Key.Key_1)
    assert desk.page.browser.shown is Shown.NO_MATCH
    assert desk.labels()[:28] == [Label.GOOD] * 28


def test_typing_digits_into_the_search_labels_nothing(desk: Desk) -> None:
    desk.page.browser.go_to(0)
    desk.press(Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    desk.press(Qt.Key.Key_1)
    assert desk.page.browser.filter_bar.search.text() == "1"
    assert desk.labels()[:28] == [Label.NONE] * 28
    assert 0 < desk.page.model.rowCount() < 68


def test_large_view_labels_too(desk: Desk) -> None:
    browser = desk.page.browser
    browser.go_to(0)
    desk.press(Qt.Key.Key_Space)
    assert browser.shown is Shown.LARGE
    desk.qtbot.waitUntil(lambda: browser.large.canvas.message == "", timeout=WAIT)
    assert (browser.large.pixels.picture_size.width(), browser.large.pixels.picture_size.height()) == (32, 24)
    assert browser.large.place.text() == "1 of 68"
    desk.press(Qt.Key.Key_2)
    assert desk.labels()[0] is Label.DEFECTIVE
    assert browser.large.place.text() == "2 of 68"
    assert browser.large.sign.text() == "unlabelled"
    desk.press(Qt.Key.Key_Left)
    assert browser.large.sign.text() == "defective"
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert browser.large.sign.text() == "unlabelled"
    assert desk.session.actions.action("view.zoom_in").isEnabled()
    scale = browser.large.pixels.scale
    desk.press(Qt.Key.Key_Plus)
    assert browser.large.pixels.scale > scale
    desk.press(Qt.Key.Key_Space)
    assert browser.shown is Shown.GALLERY
    assert not desk.session.actions.action("view.zoom_in").isEnabled()


def test_a_project_of_tables_alone_opens_as_a_table(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    with create_project(tmp_path / "tables") as project:
        add_table(project, write_table(tmp_path / "process.csv", good=3, defective=2))
        folder = project.folder
    assert make_desk(folder).page.browser.shown is Shown.TABLE


def test_large_view_of_a_table_row_shows_its_values_with_units(desk: Desk) -> None:
    choose_source(desk.page.panel.sources, 3)
    desk.page.browser.go_to(5)
    desk.page.browser.open_large()
    values = desk.page.browser.large.values
    desk.qtbot.waitUntil(lambda: values.rowCount() == 4, timeout=WAIT)
    assert values.item(0, 0).text() == "Torque"
    assert values.item(0, 1).text().endswith(" Nm")
    assert values.item(3, 1).text() in {"A", "B"}


def test_a_picture_that_is_gone_says_why(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "라인 1" / "part 0.png").unlink()
    desk.page.browser.go_to(0)
    desk.page.browser.open_large()
    desk.qtbot.waitUntil(lambda: "does not exist" in desk.page.browser.large.canvas.message, timeout=WAIT)


def test_defect_types_by_dialog_and_by_key(desk: Desk) -> None:
    desk.page.browser.go_to(0)
    dialog = desk.page.acts.ask_defect_type()
    assert dialog is not None
    dialog.box.setCurrentText("  찍힘  자국 ")
    dialog.accept()
    assert desk.rows.entry(0).defect_type == "찍힘 자국"
    assert desk.rows.entry(0).label is Label.DEFECTIVE
    assert desk.page.browser.current_row == 1
    desk.page.setFocus()
    desk.press(Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert desk.rows.entry(1).defect_type == "찍힘 자국"
    desk.press(Qt.Key.Key_9, Qt.KeyboardModifier.ControlModifier)
    assert desk.labels()[2] is Label.NONE


def test_counts_lead_to_their_items(desk: Desk) -> None:
    counts = desk.page.panel.counts
    texts = [[counts.item(row, column).text() for column in range(5)] for row in range(5)]
    assert texts[0] == ["0", "0", "0", "30", "30"]
    assert texts[4] == ["0", "0", "0", "68", "68"]
    counts.cellClicked.emit(1, 3)
    assert desk.page.model.rowCount() == 10
    assert {desk.rows.entry(row).label for row in range(10)} == {Label.DEFECTIVE}
    counts.cellClicked.emit(4, 4)
    assert desk.page.model.rowCount() == 68


def test_split_shows_beforehand_what_it_does_and_can_be_undone(desk: Desk) -> None:
    desk.session.set_labels(desk.session.items.id[:20].tolist(), Label.GOOD)
    desk.page.browser.go_to(3)
    item_id = desk.page.browser.selected_ids().tolist()
    assert "split" in desk.page.panel.hint.text()
    dialog = desk.page.acts.ask_split()
    assert dialog is not None
    shown = [dialog.counts.item(0, column).text() for column in range(5)]
    dialog.accept()
    counts = desk.page.panel.counts
    assert [counts.item(0, column).text() for column in range(5)] == shown
    assert [int(text) for text in shown] == [30, 10, 10, 0, 50]
    assert desk.page.browser.selected_ids().tolist() == item_id
    after = desk.splits()
    assert after[:20].min() > Split.NEW
    desk.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (desk.splits() == Split.NEW).all()
    desk.press(Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert (desk.splits() == after).all()
    assert desk.page.panel.hint.text() == ""


def test_a_split_that_changes_nothing_cannot_be_made(desk: Desk) -> None:
    first = desk.page.acts.ask_split()
    assert first is not None
    first.accept()
    second = desk.page.acts.ask_split()
    assert second is not None
    ok = second.buttons.button(second.buttons.StandardButton.Ok)
    assert not ok.isEnabled()
    second.keep.setChecked(False)
    second.seed.setValue(7)
    assert ok.isEnabled()
    second.reject()


def test_selected_items_move_to_a_split_by_hand(desk: Desk) -> None:
    desk.page.browser.go_to(1)
    desk.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    desk.page.acts.move_to_split(Split.TEST)
    assert desk.splits()[:4].tolist() == [Split.NEW, Split.TEST, Split.TEST, Split.NEW]
    desk.page.acts.move_to_split(Split.TEST)
    assert desk.session.undo_stack.count() == 1


def test_taking_items_out_asks_and_deletes_no_file(desk: Desk, tmp_path: Path) -> None:
    files = sorted(path for path in tmp_path.rglob("*.png") if "cache" not in path.parts)
    desk.page.browser.go_to(0)
    desk.press(Qt.Key.Key_1)
    desk.page.browser.go_to(0)
    desk.press(Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    for answer, count in ((QMessageBox.ButtonRole.RejectRole, 68), (QMessageBox.ButtonRole.AcceptRole, 66)):
        with desk.qtbot.waitActive(desk.window):
            desk.window.activateWindow()
        desk.press(Qt.Key.Key_Delete)
        box = desk.window.findChild(QMessageBox)
        assert box is not None
        assert "2 items" in box.text()
        next(button for button in box.buttons() if box.buttonRole(button) == answer).click()
        desk.qtbot.waitUntil(lambda: desk.window.findChild(QMessageBox) is None)
        assert len(desk.labels()) == desk.page.model.total == count
        desk.page.setFocus()
    assert sorted(path for path in tmp_path.rglob("*.png") if "cache" not in path.parts) == files
    assert not desk.session.undo_stack.canUndo()
    assert desk.page.panel.sources.topLevelItem(1).text(1) == "12"
    assert desk.page.browser.selected_ids().size == 1
    assert [row.action for row in audit.rows(desk.session.project)][-2:] == ["remove", "remove"]


def scored(desk: Desk) -> int:
    """A run with scores 0, 1, 2, ... for the pictures of the first folder, and its thresholds."""
    project = desk.session.project
    assert project is not None
    run = create_run(
        project, detector="autoencoder", kind=Kind.IMAGE, parameters={}, preset=None, seed=0, device="cpu", request={}
    )  # fmt: skip
    store_scores(project, run, desk.session.items.id[:14], np.arange(14.0), part=0)
    set_threshold(project, run, t1=4.0, t2=10.0, rule="hand", rule_value=None, basis={})
    desk.session.select_run(run)
    return run


def test_scores_sort_and_verdicts_filter_once_a_run_is_selected(desk: Desk) -> None:
    bar = desk.page.browser.bar
    assert bar.sort_box.findText("score") == -1
    scored(desk)
    bar.sort_box.setCurrentIndex(bar.sort_box.findText("score"))
    bar.sort_box.activated.emit(bar.sort_box.currentIndex())
    assert [desk.rows.entry(row).score for row in (0, 1, 13, 14)] == [13.0, 12.0, 0.0, None]
    assert [desk.rows.entry(row).verdict for row in (0, 5, 13, 14)] == [Verdict.NG, Verdict.REVIEW, Verdict.OK, None]
    desk.page.browser.set_filter(ItemFilter(verdicts=frozenset({Verdict.NG})))
    assert desk.page.model.rowCount() == 4
    desk.session.thresholds_changed.emit((4.0, 12.0))
    assert desk.page.model.rowCount() == 2
    desk.session.reload_items()
    assert desk.rows.sort_key == "score"
    desk.session.select_run(None)
    assert desk.rows.sort_key == "imported"
    assert not desk.page.model.scored


def test_items_that_another_screen_asks_for(desk: Desk) -> None:
    ids = desk.session.items.id[[3, 20, 50]]
    desk.page.browser.set_filter(ItemFilter(text="nothing is called so"))
    desk.session.show_items(ids.tolist(), "3 escapes")
    assert desk.page.model.rowCount() == 3
    assert desk.page.browser.filter_bar.collection_chip.text() == "3 escapes"
    assert desk.page.browser.filter_bar.count_label.text() == "3 of 68"
    desk.page.browser.filter_bar.collection_chip.removed.emit()
    assert desk.page.model.rowCount() == 68


def test_a_read_only_project_cannot_be_changed(make_desk: Callable[..., Desk], folder: Path) -> None:
    desk = make_desk(folder, read_only=True)
    desk.page.browser.go_to(0)
    desk.refresh()
    for action_id in ("label.good", "items.remove", "data.split", "label.defect_type"):
        assert not desk.session.actions.action(action_id).isEnabled()
    desk.press(Qt.Key.Key_1)
    assert desk.labels()[0] is Label.NONE


def test_the_menu_of_the_items(desk: Desk) -> None:
    desk.session.set_labels(desk.session.items.id[:1].tolist(), Label.DEFECTIVE, "dent & scratch")
    desk.page.browser.go_to(1)
    menu = desk.page.acts.menu(["label.good", "", "items.remove"])
    types, splits = (action.menu() for action in menu.actions() if action.menu() is not None)
    assert types.actions()[0].text() == "dent && scratch\tCtrl+1"
    types.actions()[0].trigger()
    assert desk.session.items.defect_type[1] == "dent & scratch"
    splits.actions()[2].trigger()
    assert desk.splits()[2] == Split.TEST
    menu.deleteLater()


def test_closing_and_opening_another_project_starts_afresh(desk: Desk, tmp_path: Path) -> None:
    choose_source(desk.page.panel.sources, 3)
    desk.page.browser.open_large()
    with create_project(tmp_path / "other") as project:
        import_folder(project, scan_folder(tmp_path / "line 2", QuietContext()), QuietContext())
        other = project.folder
    desk.session.open_project(other)
    assert desk.page.model.item_filter.is_empty
    assert desk.page.browser.shown is Shown.GALLERY
    assert desk.page.model.total == 14
    desk.session.close_project()
    assert desk.page.browser.shown is Shown.NO_ITEMS
    assert not desk.page.panel.problems.isVisible()


def test_thumbnails_come_from_the_project_cache(desk: Desk) -> None:
    cache = desk.session.project.cache_folder / "thumbnails"
    desk.qtbot.waitUntil(lambda: desk.page.thumbnails.memory_bytes > 0 and desk.page.thumbnails.idle, timeout=WAIT)
    assert any(cache.rglob("*.jpg"))
