"""The window: pages, keys, drops, questions and banners. Everything through the real widgets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QLineEdit, QMessageBox, QWidget

from core.data.layout import scan_folder
from core.job_context import Cancelled, JobContext, QuietContext
from core.problems import Problem, ProblemCode
from core.project.importing import import_folder
from core.project.opening import create_project
from core.vocabulary import Label
from desktop.actions import ACTIONS
from desktop.dialogs.import_dialog import ImportDialog
from desktop.dialogs.key_sheet import KeySheet
from desktop.dialogs.new_project import NewProjectDialog, name_fault
from desktop.dialogs.preferences import PreferencesDialog
from desktop.errors import ErrorCatcher
from desktop.pages import PAGES
from desktop.session import Session
from desktop.window import MainWindow


@pytest.fixture
def errors(qapp: object, tmp_path: Path) -> Iterator[ErrorCatcher]:
    catcher = ErrorCatcher(tmp_path / "log")
    yield catcher
    catcher.deleteLater()


@pytest.fixture
def make_window(qtbot: Any, errors: ErrorCatcher, make_session: Callable[[], Session]) -> Callable[[], MainWindow]:
    def make() -> MainWindow:
        window = MainWindow(make_session(), errors)
        qtbot.addWidget(window)
        window.show()
        return window

    return make


@pytest.fixture
def window(make_window: Callable[[], MainWindow]) -> MainWindow:
    return make_window()


@pytest.fixture
def project_folder(tmp_path: Path) -> Path:
    """A project with four pictures, closed."""
    pictures = tmp_path / "사진" / "good"
    pictures.mkdir(parents=True)
    for number in range(4):
        Image.fromarray(np.full((16, 16), 40 * number, np.uint8)).save(pictures / f"{number}.png")
    with create_project(tmp_path / "브래킷") as project:
        import_folder(project, scan_folder(pictures.parent, QuietContext()), QuietContext())
        return project.folder


def trigger(window: MainWindow, action_id: str) -> None:
    action = window.session.actions.action(action_id)
    assert action.isEnabled(), action_id
    action.trigger()


def box_of(window: MainWindow) -> QMessageBox:
    (box,) = [found for found in window.findChildren(QMessageBox) if found.isVisible()]
    return box


def answer(window: MainWindow, role: QMessageBox.ButtonRole) -> None:
    box = box_of(window)
    (button,) = [found for found in box.buttons() if box.buttonRole(found) == role]
    button.click()


def settled(window: MainWindow, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: not window.session.jobs.active(hidden=True))


class Work:
    """A job that goes on until it is cancelled."""

    def __init__(self) -> None:
        self.entered, self.stopped = threading.Event(), threading.Event()

    def __call__(self, context: JobContext) -> None:
        self.entered.set()
        try:
            while True:
                context.check()
        except Cancelled:
            self.stopped.set()
            raise


def test_start_page_offers_the_ways_to_begin(window: MainWindow) -> None:
    assert window.welcome.isVisible()
    assert all(button.isEnabled() for button in window.welcome.buttons.values())
    assert window.windowTitle() == "Flawscope"
    enabled = {entry.id for entry in ACTIONS if window.session.actions.action(entry.id).isEnabled()}
    assert {"project.new", "project.open", "project.sample", "app.preferences", "help.keys", "app.quit"} <= enabled
    assert not {entry for entry in enabled if entry.startswith(("page.", "import.", "label.", "train."))}


def test_every_action_is_handled_by_somebody(window: MainWindow) -> None:
    assert sorted({entry.id for entry in ACTIONS} - set(window.session.actions.handled())) == []


def test_new_project_by_the_dialog(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    trigger(window, "project.new")
    dialog = window.findChild(NewProjectDialog)
    assert dialog is not None
    assert not dialog.ok_button.isEnabled()
    dialog.folder_edit.setText(str(tmp_path))
    dialog.name_edit.setText("브래킷 A")
    with qtbot.waitSignal(window.session.project_opened):
        dialog.ok_button.click()
    assert (tmp_path / "브래킷 A.flawscope").is_dir()
    assert window.windowTitle() == "브래킷 A - Flawscope"
    assert window.current_page() == "data"


@pytest.mark.parametrize("name", ["a/b", "a:b", 'a"b', "con", "COM1.txt", ".hidden", "end."])
def test_names_that_some_system_refuses_are_refused_everywhere(qapp: object, name: str) -> None:
    assert name_fault(name)


@pytest.mark.parametrize("name", ["브래킷 3호기", "a.b", "console", "line-4 (new)"])
def test_other_names_are_fine(qapp: object, name: str) -> None:
    assert name_fault(name) == ""


def test_project_that_exists_cannot_be_made_again(window: MainWindow, project_folder: Path) -> None:
    trigger(window, "project.new")
    dialog = window.findChild(NewProjectDialog)
    assert dialog is not None
    dialog.folder_edit.setText(str(project_folder.parent))
    dialog.name_edit.setText("브래킷")
    assert not dialog.ok_button.isEnabled()
    assert "already" in dialog.fault()
    dialog.reject()


def test_pages_are_tabs_in_order_with_keys(window: MainWindow, project_folder: Path, qtbot: Any) -> None:
    window.opening.open(project_folder)
    settled(window, qtbot)
    assert [window.tabs.tabText(place)[0] for place in range(window.tabs.count())] == ["1", "2", "3", "4"]
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for place, key in reversed(list(enumerate(PAGES))):
        QTest.keyClick(window, Qt.Key(Qt.Key.Key_1 + place), Qt.KeyboardModifier.AltModifier)
        assert window.current_page() == key
    settled(window, qtbot)


def test_state_follows_the_session(window: MainWindow, project_folder: Path, qtbot: Any) -> None:
    window.opening.open(project_folder)
    state = window.state()
    assert (state.project, state.writable, state.items, state.run, state.undo) == (True, True, True, False, False)
    assert window.session.items is not None
    window.session.set_labels(window.session.items.id[:1], Label.DEFECTIVE)
    assert window.session.actions.action("edit.undo").isEnabled()
    trigger(window, "edit.undo")
    assert window.session.items.label[0] == 1
    assert window.session.actions.action("edit.redo").isEnabled()
    settled(window, qtbot)
    trigger(window, "project.close")
    assert window.welcome.isVisible()
    assert not window.state().project


def test_recent_project_opens_with_a_click(make_window: Callable[[], MainWindow], project_folder: Path, qtbot: Any) -> None:
    first = make_window()
    first.opening.open(project_folder)
    settled(first, qtbot)
    first.close()
    window = make_window()
    item = window.welcome.recent.item(0)
    assert item.text().startswith("브래킷\n")
    with qtbot.waitSignal(window.session.project_opened):
        qtbot.mouseClick(
            window.welcome.recent.viewport(), Qt.MouseButton.LeftButton, pos=window.welcome.recent.visualItemRect(item).center()
        )
    settled(window, qtbot)


def test_project_that_is_gone_leaves_the_list(window: MainWindow, tmp_path: Path) -> None:
    window.session.settings.remember_project(tmp_path / "gone.flawscope")
    window.opening.open(tmp_path / "gone.flawscope")
    assert len(window.banners.texts()) == 1
    assert "gone.flawscope" in window.banners.texts()[0]
    assert window.session.settings.recent_projects == ()


def drop(window: MainWindow, *paths: Path) -> bool:
    """Drops files on the window; returns whether the window wanted them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(window.rect().center(), Qt.DropAction.CopyAction, data, buttons, keys)
    enter.setAccepted(False)
    window.dragEnterEvent(enter)
    if enter.isAccepted():
        window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))
    return enter.isAccepted()


def test_project_opens_when_it_is_dropped(window: MainWindow, project_folder: Path, qtbot: Any) -> None:
    assert drop(window, project_folder)
    assert window.session.project is not None
    assert window.session.project.folder == project_folder
    settled(window, qtbot)


def test_folder_that_is_dropped_on_the_start_page_asks_for_a_project_first(window: MainWindow, project_folder: Path, qtbot: Any) -> None:
    pictures = project_folder.parent / "사진"
    assert drop(window, pictures)
    dialog = window.findChild(NewProjectDialog)
    assert dialog is not None
    dialog.folder_edit.setText(str(project_folder.parent))
    dialog.name_edit.setText("other")
    dialog.ok_button.click()
    importing = window.findChild(ImportDialog)
    assert importing is not None
    with qtbot.waitSignal(importing.looked):
        pass
    with qtbot.waitSignal(window.importing.imported):
        importing.import_button.click()
    assert window.session.items is not None
    assert len(window.session.items) == 4
    assert window.banners.texts() == ["4 items imported."]
    settled(window, qtbot)


def test_drop_without_a_project_is_forgotten_when_no_project_is_made(window: MainWindow, project_folder: Path, qtbot: Any) -> None:
    pictures = project_folder.parent / "사진"
    assert drop(window, pictures, pictures / "good")
    (dialog,) = window.findChildren(NewProjectDialog)  # one question for all that was dropped
    dialog.reject()
    window.opening.open(project_folder)
    assert window.findChildren(ImportDialog) == []
    settled(window, qtbot)


def test_other_files_are_not_taken(window: MainWindow, tmp_path: Path) -> None:
    other = tmp_path / "notes.docx"
    other.write_text("", encoding="utf-8")
    assert not drop(window, other)


def test_project_of_another_window_opens_for_reading(make_window: Callable[[], MainWindow], project_folder: Path, qtbot: Any) -> None:
    first, second = make_window(), make_window()
    first.opening.open(project_folder)
    second.opening.open(project_folder)
    assert second.session.project is None
    assert "another window" in box_of(second).text()
    with qtbot.waitSignal(second.session.project_opened):
        answer(second, QMessageBox.ButtonRole.AcceptRole)
    assert "read only" in second.windowTitle()
    second.refresh()
    assert not second.session.actions.action("import.folder").isEnabled()
    for window in (first, second):
        settled(window, qtbot)


def test_closing_without_jobs_asks_nothing_and_frees_the_project(
    make_window: Callable[[], MainWindow], project_folder: Path, qtbot: Any
) -> None:
    window = make_window()
    window.opening.open(project_folder)
    settled(window, qtbot)
    assert window.close()
    other = make_window()
    other.opening.open(project_folder)
    assert other.session.writable
    settled(other, qtbot)


def test_closing_asks_while_a_job_runs_and_a_person_may_stay(window: MainWindow, project_folder: Path, qtbot: Any) -> None:
    window.opening.open(project_folder)
    work = Work()
    window.session.jobs.start("compute", "Run 1", work)
    qtbot.waitUntil(work.entered.is_set)
    assert not window.close()
    assert "Run 1" in box_of(window).text()
    answer(window, QMessageBox.ButtonRole.RejectRole)
    assert window.isVisible()
    assert not work.stopped.is_set()
    assert [info.title for info in window.session.jobs.active()] == ["Run 1"]
    window.session.jobs.cancel_all()
    settled(window, qtbot)


def test_closing_stops_the_jobs_and_then_closes(window: MainWindow, project_folder: Path, qtbot: Any) -> None:
    window.opening.open(project_folder)
    work = Work()
    window.session.jobs.start("compute", "Run 1", work)
    qtbot.waitUntil(work.entered.is_set)
    assert not window.close()
    with qtbot.waitSignal(window.session.project_closed):
        answer(window, QMessageBox.ButtonRole.AcceptRole)
    assert work.stopped.is_set()
    assert not window.isVisible()
    assert [thread for thread in threading.enumerate() if thread.name.startswith("flawscope")] == []


def test_notice_stands_in_a_banner_until_it_is_dismissed(window: MainWindow, qtbot: Any) -> None:
    problem = Problem(ProblemCode.DISK_FULL, {"path": "/data"})
    for _ in range(3):
        window.session.notify(problem)
    assert window.banners.texts() == [problem.sentence()]
    banner = window.banners.show_banner("news", "news")
    banner.close_button.click()
    assert window.banners.texts() == [problem.sentence()]


def test_banners_are_few(window: MainWindow) -> None:
    for number in range(6):
        window.banners.show_banner(str(number), "news")
    assert window.banners.texts() == ["5", "4", "3"]


def test_job_that_meets_trouble_shows_a_banner_and_a_bug_shows_the_dialog(window: MainWindow, errors: ErrorCatcher, qtbot: Any) -> None:
    from core.problems import ProblemError

    def trouble(context: JobContext) -> None:
        raise ProblemError(ProblemCode.DATABASE_BUSY)

    def bug(context: JobContext) -> None:
        raise ZeroDivisionError("a bug")

    jobs = window.session.jobs
    with qtbot.waitSignal(jobs.idle):
        jobs.start("io", "trouble", trouble)
    assert len(window.banners.texts()) == 1
    with qtbot.waitSignal(errors.caught), qtbot.waitSignal(jobs.idle):
        jobs.start("io", "bug", bug, visible=False)
    dialogs = [dialog for dialog in window.findChildren(QDialog) if dialog.objectName() == "bug_dialog"]
    assert len(dialogs) == 1
    assert dialogs[0].isVisible()
    assert "ZeroDivisionError: a bug" in dialogs[0].text()  # type: ignore[attr-defined]
    dialogs[0].close()


def test_status_bar_shows_the_job_in_front(window: MainWindow, qtbot: Any) -> None:
    entered, release = threading.Event(), threading.Event()

    def work(context: JobContext) -> None:
        context.progress(1, 4)
        entered.set()
        while not release.wait(0.005):
            context.check()

    window.session.jobs.start("io", "Import washers", work)
    qtbot.waitUntil(lambda: window.indicator.bar.maximum() > 0)
    assert window.indicator.text().startswith("Import washers: ")
    assert window.indicator.bar.value() / window.indicator.bar.maximum() == 0.25
    with qtbot.waitSignal(window.session.jobs.idle):
        release.set()
    assert not window.indicator.bar.isVisible()


@pytest.mark.parametrize(("action_id", "dialog"), [("help.keys", KeySheet), ("app.preferences", PreferencesDialog)])
def test_dialogs_open_and_close(window: MainWindow, action_id: str, dialog: type[QDialog]) -> None:
    trigger(window, action_id)
    found = window.findChild(dialog)
    assert found is not None
    assert found.isVisible()
    found.close()


def test_place_and_size_are_kept_and_can_be_reset(make_window: Callable[[], MainWindow]) -> None:
    first = make_window()
    first.resize(1201, 701)
    first.jobs_dock.show()
    first.close()
    second = make_window()
    assert second.height() == 701  # the width gives way to the small screen that there is offscreen
    assert second.jobs_dock.isVisible()
    trigger(second, "view.reset")
    assert not second.jobs_dock.isVisible()
    assert second.height() > 701


def nameless(widget: QWidget) -> list[str]:
    """Widgets below `widget` that a key can reach but that a screen reader cannot name."""
    found = []
    for child in widget.findChildren(QWidget):
        if not child.isVisibleTo(widget) or child.focusPolicy() == Qt.FocusPolicy.NoFocus or child.accessibleName():
            continue
        inner = isinstance(child.parent(), QComboBox) or child.objectName().startswith("qt_") or type(child).__name__ == "QLineEdit"
        texts = child.text() if isinstance(child, QAbstractButton) else child.placeholderText() if isinstance(child, QLineEdit) else ""
        if isinstance(child, QAbstractButton | QLineEdit | QComboBox) and not texts and not child.toolTip() and not inner:
            found.append(f"{type(child).__name__} {child.objectName()}")
    return found


@pytest.mark.parametrize("key", PAGES)
def test_pages_are_named_translated_and_fit_a_small_screen(
    window: MainWindow, project_folder: Path, mark_texts: Callable[[], None], qtbot: Any, key: str
) -> None:
    window.opening.open(project_folder)
    window.show_page(key)
    settled(window, qtbot)
    page = window.pages[key]
    assert nameless(page) == []
    assert page.minimumSizeHint().width() <= 1200
    assert page.minimumSizeHint().height() <= 700
    mark_texts()
    qtbot.waitUntil(lambda: "[" in window.tabs.tabText(0))
    settled(window, qtbot)
    buttons = [
        child.text()
        for child in page.findChildren(QAbstractButton)
        if child.isVisibleTo(page) and any(letter.isalpha() for letter in child.text())
    ]
    assert [text for text in buttons if "[" not in text] == []
    assert "[" in window.tabs.tabText(list(PAGES).index(key))
