"""Tests of the window: redirected folders, sessions that are shut down, and a check that nothing is left behind."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer, QTranslator
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from desktop.session import Session
from desktop.settings import HOME_VARIABLE, Settings


def _left_behind(threads: set[threading.Thread]) -> list[str]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    widgets = [f"widget {widget.metaObject().className()} {widget.objectName()}" for widget in QApplication.topLevelWidgets()]
    running = [f"thread {thread.name}" for thread in threading.enumerate() if thread not in threads]
    timers = [
        f"timer of {value.parent()}"
        for value in gc.get_objects()
        if issubclass(type(value), QTimer) and isValid(value) and value.isActive()
    ]
    return widgets + running + timers


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Fails a test that leaves a top-level widget, a thread or an active timer."""
    threads = set(threading.enumerate())
    yield
    left = _left_behind(threads)
    deadline = time.monotonic() + 5
    while left and time.monotonic() < deadline:
        gc.collect()
        left = _left_behind(threads)
    assert left == []


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Preferences, logs and the sample project of the program under test."""
    folder = tmp_path / "home"
    monkeypatch.setenv(HOME_VARIABLE, str(folder))
    return folder


class _Marks(QTranslator):
    """A language in which every text stands in brackets, so that a text that was not translated shows."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"[{source}]"

    def isEmpty(self) -> bool:  # noqa: N802
        return False


@pytest.fixture
def mark_texts(qapp: QApplication) -> Iterator[Callable[[], None]]:
    """Call it to switch the language at run time."""
    translator = _Marks()
    yield lambda: qapp.installTranslator(translator) and None
    qapp.removeTranslator(translator)


@pytest.fixture
def make_session(qapp: QApplication) -> Iterator[Callable[[], Session]]:
    """Makes sessions that are shut down after the test."""
    made: list[Session] = []

    def make() -> Session:
        made.append(Session(Settings()))
        return made[-1]

    yield make
    for session in made:
        session.shutdown()
        session.deleteLater()


@pytest.fixture
def session(make_session: Callable[[], Session]) -> Session:
    """A session without a project."""
    return make_session()


@pytest.fixture
def project_session(session: Session, tmp_path: Path) -> Session:
    """A session with a new, empty project."""
    session.create_project(tmp_path / "시료.flawscope")
    return session
