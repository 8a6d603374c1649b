"""Bugs reach the log and one dialog, from every thread; nothing is swallowed."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QThread, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from desktop.dialogs.bug_dialog import BugDialog
from desktop.errors import FAULT_NAME, LOG_NAME, OLD_FAULT_NAME, ErrorCatcher
from tests.packaging_scripts import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "로그"


@pytest.fixture
def errors(qapp: object, folder: Path) -> Iterator[ErrorCatcher]:
    catcher = ErrorCatcher(folder)
    catcher.install()
    yield catcher
    catcher.uninstall()
    catcher.deleteLater()


def log_of(folder: Path) -> str:
    return (folder / LOG_NAME).read_text(encoding="utf-8")


def test_exception_of_another_thread_is_caught_in_the_gui_thread(errors: ErrorCatcher, folder: Path, qtbot: Any) -> None:
    def work() -> None:
        raise LookupError("in a thread")

    threads = []
    errors.caught.connect(lambda report: threads.append(QThread.currentThread()))
    with qtbot.waitSignal(errors.caught) as blocker:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert "LookupError: in a thread" in blocker.args[0]
    assert "in work" in blocker.args[0]
    assert threads == [errors.thread()]
    assert "LookupError: in a thread" in log_of(folder)


def test_exception_of_the_gui_thread_is_caught(errors: ErrorCatcher, qtbot: Any) -> None:
    with qtbot.waitSignal(errors.caught) as blocker:
        try:
            raise ArithmeticError("here")
        except ArithmeticError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    assert "ArithmeticError: here" in blocker.args[0]


@pytest.mark.no_qt_log
def test_messages_of_qt_are_logged(errors: ErrorCatcher, folder: Path) -> None:
    qWarning("something is odd")
    assert "something is odd" in log_of(folder)


def test_everything_is_put_back(qapp: object, folder: Path) -> None:
    hooks = (sys.excepthook, threading.excepthook, logging.getLogger().level, list(logging.getLogger().handlers))
    catcher = ErrorCatcher(folder)
    catcher.install()
    assert sys.excepthook is not hooks[0]
    catcher.uninstall()
    assert (sys.excepthook, threading.excepthook, logging.getLogger().level, list(logging.getLogger().handlers)) == hooks
    catcher.deleteLater()


def test_folder_that_cannot_be_written_to_does_not_stop_the_start(qapp: object, tmp_path: Path, qtbot: Any) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    catcher = ErrorCatcher(blocked / "log")
    catcher.install()
    with qtbot.waitSignal(catcher.caught):
        catcher.report(ValueError("still told"))
    catcher.uninstall()
    catcher.deleteLater()


def test_crash_of_the_interpreter_is_known_at_the_next_start(qapp: object, folder: Path) -> None:
    code = (
        "import sys, faulthandler\n"
        "from pathlib import Path\n"
        "from PySide6.QtCore import QCoreApplication\n"
        "application = QCoreApplication([])\n"
        "from desktop.errors import ErrorCatcher\n"
        "catcher = ErrorCatcher(Path(sys.argv[1]))\n"
        "catcher.install()\n"
        "import os; os.abort()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(folder)], cwd=ROOT, check=False, capture_output=True)
    assert done.returncode != 0
    assert "Abort" in (folder / FAULT_NAME).read_text(encoding="utf-8")
    catcher = ErrorCatcher(folder)
    catcher.install()
    assert "Abort" in catcher.crashed_before
    catcher.uninstall()
    assert (folder / OLD_FAULT_NAME).exists()
    again = ErrorCatcher(folder)
    again.install()
    assert again.crashed_before == ""
    again.uninstall()
    for made in (catcher, again):
        made.deleteLater()


def test_dialog_counts_instead_of_repeating(qtbot: Any) -> None:
    dialog = BugDialog()
    qtbot.addWidget(dialog)
    for report in ("Traceback A", "Traceback B", "Traceback A", "Traceback A"):
        dialog.add(report)
    assert dialog.text() == "Happened 3 times:\nTraceback A\nTraceback B"


def test_dialog_copies_the_report(qtbot: Any) -> None:
    dialog = BugDialog()
    qtbot.addWidget(dialog)
    dialog.add("Traceback A")
    (copy,) = [button for button in dialog.findChildren(QPushButton) if button.text() == "&Copy"]
    copy.click()
    assert QGuiApplication.clipboard().text() == "Traceback A"
