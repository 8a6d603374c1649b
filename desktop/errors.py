"""Bugs: everything that nobody expected is written to one rotating log and shown in one dialog."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, Slot, qInstallMessageHandler

_log = logging.getLogger("flawscope")
_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
LOG_NAME: Final = "flawscope.log"
FAULT_NAME: Final = "fault.txt"
OLD_FAULT_NAME: Final = "fault.previous.txt"
_MAXIMUM_BYTES: Final = 1_000_000


def _qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s%s", f"{context.category}: " if context.category else "", message)


class ErrorCatcher(QObject):
    """From `install` to `uninstall` takes every uncaught exception of every thread, Qt's messages, and crashes of the interpreter.

    `caught` is emitted in the GUI thread with the traceback as text. `crashed_before`: the fault report of the program's last run, if
    it died.
    """

    caught = Signal(str)
    _happened = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder: Final = folder
        self._handler: logging.Handler | None = None
        self._fault_file: IO[str] | None = None
        self.crashed_before: str = ""
        self._happened.connect(self._on_happened)

    def install(self) -> None:
        self._open_files()
        self._level = logging.getLogger().level
        logging.getLogger().setLevel(logging.INFO)
        logging.captureWarnings(True)
        self._hooks = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        self._qt_handler = qInstallMessageHandler(_qt_message)

    def uninstall(self) -> None:
        """Puts everything back as it was."""
        sys.excepthook, threading.excepthook = self._hooks
        qInstallMessageHandler(self._qt_handler)
        logging.captureWarnings(False)
        logging.getLogger().setLevel(self._level)
        if self._handler is not None:
            logging.getLogger().removeHandler(self._handler)
            self._handler.close()
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()

    def report(self, error: BaseException) -> None:
        """Takes an exception that somebody caught and cannot handle. May be called from any thread."""
        self._take(type(error), error, error.__traceback__)

    def _open_files(self) -> None:
        """Without a place for the log the program goes on without one."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            handler = logging.handlers.RotatingFileHandler(
                self._folder / LOG_NAME, maxBytes=_MAXIMUM_BYTES, backupCount=3, encoding="utf-8"
            )
            self.crashed_before = self._keep_old_faults()
            self._fault_file = (self._folder / FAULT_NAME).open("w", encoding="utf-8")
        except OSError as error:
            _log.info("no log is written: %s", error)
            return
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
        logging.getLogger().addHandler(handler)
        self._handler = handler
        faulthandler.enable(self._fault_file)

    def _keep_old_faults(self) -> str:
        faults = self._folder / FAULT_NAME
        if not faults.exists():
            return ""
        text = faults.read_text(encoding="utf-8", errors="replace")
        if text:
            faults.replace(self._folder / OLD_FAULT_NAME)
        return text

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._take(kind, error, trace)

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._take(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        text = "".join(traceback.format_exception(kind, error, trace))
        _log.error("uncaught exception\n%s", text)
        self._happened.emit(text)

    @Slot(str)
    def _on_happened(self, text: str) -> None:
        self.caught.emit(text)
