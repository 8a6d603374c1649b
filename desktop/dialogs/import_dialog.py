"""The import dialog: a dry run beside the window, what was found, and the consent."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from core.data.layout import FolderFindings
from core.data.tables import TableFindings
from core.problems import Problem, ProblemError
from desktop import theme
from desktop.dialogs.buttons import button_box
from desktop.dialogs.import_views import FolderView, TableView
from desktop.importing import check_images, look
from desktop.jobs import Jobs
from desktop.words import problem_sentence, translate


class ImportDialog(QDialog):
    """Emits `agreed` with an `ImportRequest`. Images are checked one by one while the dialog is open; nobody has to wait for that."""

    agreed = Signal(object)
    looked = Signal()  # the findings are shown

    def __init__(self, jobs: Jobs, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("import_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(translate("ImportDialog", "Import {name}").format(name=path.name))
        self._jobs: Final = jobs
        self.view: FolderView | TableView | None = None
        self.message: Final = QLabel(translate("ImportDialog", "Looking at {path}").format(path=path))
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self._bar = QProgressBar(textVisible=False, maximum=0)
        self._bar.setAccessibleName(translate("ImportDialog", "Looking"))
        self._buttons = button_box(QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel)
        self.import_button = self._buttons.button(QDialogButtonBox.StandardButton.Ok)
        self.import_button.setText(translate("ImportDialog", "&Import"))
        self.import_button.setDefault(True)
        self.import_button.setEnabled(False)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(theme.SPACING)
        self._layout.addWidget(self.message)
        self._layout.addWidget(self._bar)
        self._layout.addStretch(1)
        self._layout.addWidget(self._buttons)
        self.resize(780, 640)
        self._images = 0
        jobs.noted.connect(self._on_noted)
        jobs.progressed.connect(self._on_progressed)
        title = self.windowTitle()
        self._check_id: int | None = None
        self._look_id = jobs.start("io", title, look, path, on_done=self._on_looked, on_failed=self._on_failed, visible=False)

    def _on_looked(self, findings: FolderFindings | TableFindings) -> None:
        self.message.setText(str(findings.root if isinstance(findings, FolderFindings) else findings.path))
        self._bar.hide()
        self.view = FolderView(findings) if isinstance(findings, FolderFindings) else TableView(findings)
        self.view.changed.connect(self._on_changed)
        self._layout.takeAt(2)  # the stretch that kept the message on top
        self._layout.insertWidget(2, self.view, 1)
        self.view.show()
        self._on_changed()
        self.import_button.setDefault(True)  # disabled buttons hand this on to Cancel
        self.import_button.setFocus()
        if isinstance(findings, FolderFindings) and findings.images:
            self._images = len(findings.images)
            self._check_id = self._jobs.start("io", self.windowTitle(), check_images, findings, on_done=self._on_checked, visible=False)
        self.looked.emit()

    def _on_failed(self, error: Exception) -> None:
        self._bar.hide()
        if isinstance(error, ProblemError):
            self.message.setText(problem_sentence(error.problem))
        else:
            self.message.setText(translate("ImportDialog", "A fault in the program ended the look."))

    @Slot(object, object)
    def _on_noted(self, job_id: int, problem: Problem) -> None:
        if job_id in (self._look_id, self._check_id) and self.view is not None:
            self.view.problems.add(problem)

    @Slot(object, object, object)
    def _on_progressed(self, job_id: int, done: int, total: int) -> None:
        if job_id == self._check_id and isinstance(self.view, FolderView):
            text = translate("ImportDialog", "{done} of {total} images checked so far; you need not wait.")
            self.view.checked.setText(text.format(done=f"{done:,}", total=f"{total:,}"))

    def _on_checked(self, readable: int) -> None:
        if isinstance(self.view, FolderView):
            text = translate("ImportDialog", "{readable} of {total} images can be read.")
            self.view.checked.setText(text.format(readable=f"{readable:,}", total=f"{self._images:,}"))

    @Slot()
    def _on_changed(self) -> None:
        if self.view is not None:
            self.import_button.setText(self.view.button_text())
            self.import_button.setEnabled(self.view.can_import())

    def done(self, result: int) -> None:
        """Closes the dialog; a look or check that is going on is no longer of interest."""
        for job_id in (self._look_id, self._check_id):
            if job_id is not None:
                self._jobs.cancel(job_id)
        request = self.view.request() if result == QDialog.DialogCode.Accepted and self.view is not None else None
        super().done(result)
        if request is not None:
            self.agreed.emit(request)
