"""The Report page on a real, tiny project: the figures beforehand, the export with its files, and what may go wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from core.problems import ProblemCode
from core.reports.assessment import assess
from core.vocabulary import Label
from desktop.actions import State
from desktop.pages.report import ReportPage
from desktop.session import Session
from tests.core.report_cases import IMAGE_RUN, MARKUP, TABLE_RUN, awkward_project

WAIT = 30_000
FILES = ["report.html", "items.csv", "summary.csv", "run.json"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return awkward_project(tmp_path_factory.mktemp("보고"))


@pytest.fixture
def make_page(qtbot, trained: Path, tmp_path: Path, make_session: Callable[[], Session]) -> Callable[..., ReportPage]:
    def make(run: int = TABLE_RUN, *, visible: bool = True) -> ReportPage:
        copy = tmp_path / trained.name
        shutil.copytree(trained, copy)
        session = make_session()
        page = ReportPage(session)
        qtbot.addWidget(page)
        session.open_project(copy)
        session.actions.refresh(State(project=True, writable=True, items=True, run=True, page="report"))
        session.select_run(run)
        page.resize(1280, 760)
        if visible:
            page.show()
        return page

    return make


@pytest.fixture
def page(make_page: Callable[..., ReportPage]) -> ReportPage:
    return make_page()


class Opener(QObject):
    """Stands for the programs of the system that open files."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Path] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(Path(url.toLocalFile()))


@pytest.fixture
def opener():
    receiver = Opener()
    QDesktopServices.setUrlHandler("file", receiver, "open")
    yield receiver
    QDesktopServices.unsetUrlHandler("file")


def figures(page: ReportPage, qtbot) -> str:
    qtbot.waitUntil(lambda: page.preview.preview is not None, timeout=WAIT)
    return page.preview.toPlainText()


def export(page: ReportPage, qtbot) -> list[Path]:
    page.export_button.click()
    assert page.cancel.isVisible()
    qtbot.waitUntil(lambda: not page.cancel.isVisible(), timeout=WAIT)
    return page.written.files


def test_without_a_run_the_next_step_is_said(qtbot, project_session: Session) -> None:
    page = ReportPage(project_session)
    qtbot.addWidget(page)
    assert page.stack.currentWidget() is page.empty
    assert "Train a detector" in page.empty.text()
    assert page.export() is None


def test_preview_has_the_figures_of_the_report(page: ReportPage, qtbot) -> None:
    text = figures(page, qtbot)
    assert page.session.project is not None
    expected = assess(page.session.project, TABLE_RUN)
    escape = expected.counts.escape
    assert f"{escape.numerator} of {escape.denominator} = " in text
    assert f"{expected.auroc:.4f}" in text
    assert "What this report does not show" in text


def test_preview_follows_run_threshold_and_labels(page: ReportPage, qtbot) -> None:
    first = figures(page, qtbot)
    page.session.select_run(IMAGE_RUN)
    second = figures(page, qtbot)
    assert first != second
    preview = page.preview.preview
    assert preview is not None
    defective = page.session.items.id[(page.session.items.label == Label.DEFECTIVE) & ~page.session.items.is_row]
    page.session.set_labels(defective.tolist(), Label.NONE)
    qtbot.waitUntil(lambda: page.preview.preview not in (None, preview), timeout=WAIT)
    assert "nothing is known about escapes" in page.preview.toPlainText()


def test_figures_are_read_only_when_they_are_seen(make_page, qtbot) -> None:
    page = make_page(visible=False)
    assert page.session.jobs.active(hidden=True) == []
    page.show()
    figures(page, qtbot)


def test_texts_of_strangers_are_no_markup(make_page, qtbot) -> None:
    page = make_page(IMAGE_RUN)
    assert MARKUP not in page.preview.toHtml()
    assert "<script" not in page.preview.toHtml()
    figures(page, qtbot)
    assert "<script" not in page.preview.toHtml()


def test_export_writes_the_files_and_lists_them(page: ReportPage, qtbot, tmp_path: Path) -> None:
    out = tmp_path / "보고서 1"
    page.folder.setText(str(out))
    files = export(page, qtbot)
    assert [path.name for path in files] == FILES
    assert all(path.parent == out and path.stat().st_size > 0 for path in files)
    assert str(out) in page.status.text()
    assert not page.progress.isVisible()
    assert page.export_button.isEnabled()


def test_files_and_folder_can_be_opened(page: ReportPage, qtbot, tmp_path: Path, opener: Opener) -> None:
    page.folder.setText(str(tmp_path / "out"))
    export(page, qtbot)
    page.written.open_buttons[0].click()
    page.written.folder_button.click()
    assert opener.opened == [tmp_path / "out" / "report.html", tmp_path / "out"]


def test_report_is_in_the_chosen_language(page: ReportPage, qtbot, tmp_path: Path) -> None:
    page.languages.setCurrentIndex(page.languages.findData("ko"))
    page.folder.setText(str(tmp_path / "out"))
    files = export(page, qtbot)
    assert '<html lang="ko"' in files[0].read_text(encoding="utf-8")


def test_one_export_at_a_time_and_it_can_be_cancelled(page: ReportPage, qtbot, tmp_path: Path) -> None:
    page.folder.setText(str(tmp_path / "out"))
    job = page.export()
    assert job is not None
    assert page.export() is None
    assert not page.export_button.isEnabled()
    assert "going on" in page.export_button.toolTip()
    assert page.progress.isVisible()
    with qtbot.waitSignal(page.session.jobs.cancelled, timeout=WAIT, check_params_cb=lambda ended: ended == job):
        page.cancel.click()
    assert page.written.files == []
    assert page.export_button.isEnabled()


@pytest.mark.skipif(os.name == "nt" or getattr(os, "geteuid", lambda: 1)() == 0, reason="root and Windows write to read-only folders")
def test_a_folder_that_cannot_be_written_to_is_named(page: ReportPage, qtbot, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    page.folder.setText(str(closed / "out"))
    export(page, qtbot)
    assert page.written.files == []
    assert str(closed) in page.status.text()


def test_a_file_in_the_place_of_the_folder_is_named(page: ReportPage, qtbot, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x", encoding="utf-8")
    page.folder.setText(str(tmp_path / "out"))
    failures: list[object] = []
    page.session.jobs.failed.connect(lambda _job, problem: failures.append(problem.code))
    assert export(page, qtbot) == []
    assert failures == [ProblemCode.NOT_A_FOLDER]
    assert "out" in page.status.text()


def test_folder_is_proposed_beside_the_project_and_a_typed_one_stays(page: ReportPage, qtbot, tmp_path: Path) -> None:
    assert Path(page.folder.text()).parent == tmp_path
    assert page.folder.text().endswith(str(TABLE_RUN))
    page.folder.clear()
    page.refresh_actions()
    assert not page.export_button.isEnabled()
    qtbot.keyClicks(page.folder, str(tmp_path / "mine"))
    page.session.select_run(IMAGE_RUN)
    assert page.folder.text() == str(tmp_path / "mine")
    figures(page, qtbot)


def test_words_follow_the_language(page: ReportPage, qtbot, mark_texts) -> None:
    figures(page, qtbot)
    mark_texts()
    qtbot.waitUntil(lambda: page._heading.text() == "[Hand over a run]")
    assert page.choose.text() == "[Choose...]"


def test_every_focusable_widget_has_a_name(page: ReportPage, qtbot) -> None:
    from PySide6.QtWidgets import QAbstractButton, QWidget

    figures(page, qtbot)
    nameless = [
        widget
        for widget in page.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() not in (Qt.FocusPolicy.NoFocus, Qt.FocusPolicy.ClickFocus)
        and not widget.objectName().startswith("qt_")
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and not widget.accessibleName()
    ]
    assert nameless == []


def test_page_fits_a_small_screen(page: ReportPage) -> None:
    assert page.minimumSizeHint().width() <= 1240
    assert page.minimumSizeHint().height() <= 640
