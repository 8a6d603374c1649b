"""Starts the program: Qt, looks, language, logging, the window."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Final

os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")  # pyqtgraph prefers another binding if one is installed

from PySide6.QtCore import QByteArray, QTimer
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.errors import ErrorCatcher
from desktop.languages import Languages
from desktop.session import Session
from desktop.settings import Settings, log_folder
from desktop.window import MainWindow

_SIGNAL_POLL_MS: Final = 300


def make_application(arguments: Sequence[str]) -> QApplication:
    """The one QApplication of the process, made or found, with style and names set."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(list(arguments))
    application.setApplicationName("Flawscope")
    application.setDesktopFileName("flawscope")
    application.setStyle("Fusion")
    theme.install_fonts(application)
    application.setWindowIcon(_window_icon())
    return application


def _window_icon() -> QIcon:
    source = (resources.files("resources") / "icons" / "flawscope.svg").read_bytes()
    return QIcon(QPixmap.fromImage(QImage.fromData(QByteArray(source))))


class Program:
    """Everything that lives from start to end, put together and taken apart in order."""

    def __init__(self, arguments: Sequence[str]) -> None:
        import pyqtgraph

        pyqtgraph.setConfigOptions(imageAxisOrder="row-major")
        self.application: Final = make_application(arguments)
        self.errors: Final = ErrorCatcher(log_folder())
        self.errors.install()
        self.settings: Final = Settings()
        self.languages: Final = Languages(self.application)
        self._apply_preferences()
        self.session: Final = Session(self.settings)
        self.window: Final = MainWindow(self.session, self.errors)
        self.settings.changed.connect(self._apply_preferences)
        if self.errors.crashed_before:
            self.window.show_crash_notice()

    def _apply_preferences(self) -> None:
        self.languages.switch(self.settings.preferences.language)
        theme.apply_colour_scheme(self.settings.preferences.colour_scheme)

    def open_first(self, project: Path | None) -> None:
        """Opens what was asked for, else the last project if the preferences say so."""
        if project is not None:
            self.window.opening.open(project.absolute())
        elif self.settings.preferences.reopen_last and self.settings.recent_projects:
            self.window.opening.open(self.settings.recent_projects[0])

    def run(self) -> int:
        """Runs until the window is closed."""
        previous = signal.signal(signal.SIGINT, lambda *_: self.window.close())
        ticker = QTimer(interval=_SIGNAL_POLL_MS)  # without it Python would not get to see a Ctrl+C while Qt waits
        ticker.timeout.connect(lambda: None)
        ticker.start()
        try:
            return self.application.exec()
        finally:
            ticker.stop()
            signal.signal(signal.SIGINT, previous)

    def end(self) -> None:
        """Takes the program apart; the process could start another one."""
        self.session.shutdown()
        self.settings.changed.disconnect(self._apply_preferences)
        self.window.deleteLater()
        self.session.deleteLater()
        self.settings.deleteLater()
        self.languages.remove()
        self.errors.uninstall()


def run_window(project: Path | None) -> int:
    """`flawscope [PROJECT]`: returns the exit status."""
    program = Program(sys.argv[:1])
    try:
        program.window.show()
        program.open_first(project)
        return program.run()
    finally:
        program.end()
