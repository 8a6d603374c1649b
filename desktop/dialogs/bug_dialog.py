"""The one dialog for bugs: what happened, as a text that can be copied and sent."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.dialogs.buttons import button_box
from desktop.settings import log_folder
from desktop.words import translate


class BugDialog(QDialog):
    """Stays open and takes further reports; the same traceback is counted, not repeated."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bug_dialog")
        self.setWindowTitle(translate("BugDialog", "A fault in Flawscope"))
        self._counts: Final[dict[str, int]] = {}
        heading = QLabel(
            translate(
                "BugDialog",
                "Something went wrong inside the program. Your labels and results are saved. "
                "You may go on; if it happens again, send the text below to whoever looks after Flawscope.",
            )
        )
        heading.setWordWrap(True)
        self._text = QPlainTextEdit(readOnly=True)
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setAccessibleName(translate("BugDialog", "Report of the fault"))
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton(translate("BugDialog", "&Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        log = buttons.addButton(translate("BugDialog", "Open the &log folder"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._on_copy)
        log.clicked.connect(self._on_log)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(heading)
        layout.addWidget(self._text, 1)
        layout.addWidget(buttons)
        self.resize(760, 420)

    def add(self, report: str) -> None:
        """Shows one more report; the last one stands first."""
        count = self._counts.pop(report, 0) + 1
        self._counts[report] = count
        self._text.setPlainText("\n".join(self._section(text, number) for text, number in reversed(self._counts.items())))

    def text(self) -> str:
        return self._text.toPlainText()

    def _section(self, report: str, count: int) -> str:
        if count == 1:
            return report
        return translate("BugDialog", "Happened %n time(s):", None, count) + "\n" + report

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())

    def _on_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))
