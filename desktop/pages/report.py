"""The Report page: what leaves the program about a run, where to, and what its reader will see first."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.job_context import JobContext
from core.problems import ProblemError
from core.vocabulary import RunState
from core.wording import LANGUAGES
from desktop import theme
from desktop.dialogs.ask import choose_folder
from desktop.languages import language_code
from desktop.models.report_preview import ReportPreview, make_preview
from desktop.pages.page import Page
from desktop.session import Session
from desktop.widgets.action_button import ActionButton
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.report_preview import ReportPreviewView
from desktop.widgets.review_bar import RunChooser
from desktop.widgets.written_files import WrittenFiles
from desktop.words import phase_word, problem_sentence, translate

if TYPE_CHECKING:
    from core.project.opening import Project
    from core.reports.export import ExportedFiles

_FORM_WIDTH: Final = 400
_OWN_NAMES: Final = {"en": "English", "ko": "한국어"}  # a language is named in itself


def _export(context: JobContext, project: Project, run_id: int, out: Path, language: str) -> ExportedFiles:
    from core.reports.export import export_run

    return export_run(project, run_id, out, context, language=language)


class ReportPage(Page):
    """Exports the session's current run. The figures are read anew whenever they may have changed and the page is seen."""

    key: ClassVar[str] = "report"
    icon_name: ClassVar[str] = "report"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.runs: Final = RunChooser(self)
        self.languages: Final = QComboBox(self)
        self.folder: Final = QLineEdit(self)
        self.choose: Final = QToolButton(self)
        self.export_button: Final = ActionButton(session.actions.action("report.export"), parent=self)
        self.progress: Final = QProgressBar(self)
        self.cancel: Final = QToolButton(self)
        self.status: Final = QLabel(self)
        self.written: Final = WrittenFiles(self)
        self.preview: Final = ReportPreviewView(self)
        self.empty: Final = EmptyState("report", self)
        self.stack: Final = QStackedWidget(self)
        self._heading: Final = QLabel(self)
        self._contents: Final = QLabel(self)
        self._names: Final = {name: QLabel(self) for name in ("run", "language", "folder")}
        self._folder_typed = False
        self._stale = True
        self._preview_job: int | None = None
        self._export_job: int | None = None
        self._lay_out()
        self._connect()
        with QSignalBlocker(self.languages):
            self.languages.setCurrentIndex(self.languages.findData(language_code(session.settings.preferences.language)))
        self.retranslate()
        self._on_project()

    def _lay_out(self) -> None:
        for language in LANGUAGES:
            self.languages.addItem(_OWN_NAMES[language], language)
        self._heading.setFont(theme.heading_font(self.font()))
        for label in (self._contents, self.status):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        folder = QHBoxLayout()
        folder.addWidget(self.folder, 1)
        folder.addWidget(self.choose)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.addRow(self._names["run"], self.runs)
        form.addRow(self._names["language"], self.languages)
        form.addRow(self._names["folder"], folder)
        going = QHBoxLayout()
        going.addWidget(self.progress, 1)
        going.addWidget(self.cancel)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, theme.MARGIN, 0)
        column.setSpacing(theme.SPACING)
        column.addWidget(self._heading)
        column.addLayout(form)
        column.addWidget(self._contents)
        column.addWidget(self.export_button)
        column.addLayout(going)
        column.addWidget(self.status)
        column.addWidget(self.written)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidget(left)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFixedWidth(_FORM_WIDTH)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        sides = QHBoxLayout(content)
        sides.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        sides.addWidget(area)
        sides.addWidget(self.preview, 1)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.empty.add_action(self.session.actions.action("page.train"))

    def _connect(self) -> None:
        session = self.session
        session.project_opened.connect(self._on_project)
        session.project_closed.connect(self._on_project)
        session.runs_changed.connect(self._show_run)
        session.current_run_changed.connect(self._on_run_changed)
        session.thresholds_changed.connect(self._on_figures_changed)
        session.items_changed.connect(self._on_figures_changed)
        session.jobs.progressed.connect(self._on_progressed)
        session.jobs.phase_changed.connect(self._on_phase)
        session.jobs.finished.connect(self._on_job_finished)
        self.runs.run_chosen.connect(session.select_run)
        self.languages.currentIndexChanged.connect(self._on_figures_changed)
        self.folder.textEdited.connect(self._on_folder_edited)
        self.choose.clicked.connect(self._on_choose)
        self.cancel.clicked.connect(self._on_cancel)
        self.connect_action("report.export", self.export)

    def title(self) -> str:
        return translate("ReportPage", "Report")

    def retranslate(self) -> None:
        self._heading.setText(translate("ReportPage", "Hand over a run"))
        self._names["run"].setText(translate("ReportPage", "Run"))
        self._names["language"].setText(translate("ReportPage", "Language"))
        self._names["folder"].setText(translate("ReportPage", "Folder"))
        for name, widget in (("run", self.runs), ("language", self.languages), ("folder", self.folder)):
            self._names[name].setBuddy(widget)
            widget.setAccessibleName(self._names[name].text())
        self.choose.setText(translate("ReportPage", "Choose..."))
        self.cancel.setText(translate("ReportPage", "Cancel"))
        self._show_contents()
        self._show_run()

    def _show_contents(self) -> None:
        count = 0 if self.preview.preview is None else self.preview.preview.item_count
        rows = translate("ReportPage", "one row per item") if not count else translate("ReportPage", "%n row(s), one per item", None, count)
        lines = (
            translate("ReportPage", "What will be written:"),
            translate("ReportPage", "• report.html: one page for customers and auditors, pictures inside"),
            translate("ReportPage", "• items.csv: {rows}, for Excel").format(rows=rows),
            translate("ReportPage", "• summary.csv: every figure with its exact interval"),
            translate("ReportPage", "• run.json: settings, versions and hashes, to prove it later"),
        )
        self._contents.setText("\n".join(lines))

    # what is exported

    def _on_project(self) -> None:
        self._folder_typed = False
        self._export_job = None
        self.written.show_files([])
        self.status.clear()
        self._on_run_changed()

    def _on_run_changed(self) -> None:
        self._show_run()
        self._propose_folder()
        self._on_figures_changed()

    def _show_run(self) -> None:
        runs = []
        if self.session.project is not None:
            from core.project.runs import records

            runs = [run for run in records(self.session.project) if run.state is RunState.DONE]
        self.runs.show_runs(runs, self.session.current_run)
        current = any(run.id == self.session.current_run for run in runs)
        self.stack.setCurrentIndex(1 if current else 0)
        self.empty.set_text(
            translate("ReportPage", "Nothing to report yet"),
            translate(
                "ReportPage", "Train a detector and review its run first. The report then shows escapes and overkill with their limits."
            ),
        )
        self.refresh_actions()

    def _propose_folder(self) -> None:
        project = self.session.project
        if project is not None and not self._folder_typed:
            name = f"{project.name} report {self.session.current_run or ''}".strip()
            self.folder.setText(str(project.folder.parent / name))

    def _on_folder_edited(self) -> None:
        self._folder_typed = True
        self.refresh_actions()

    def _on_choose(self) -> None:
        choose_folder(self, title=translate("ReportPage", "Folder for the report"), on_chosen=self._on_folder_chosen)

    def _on_folder_chosen(self, folder: Path) -> None:
        self.folder.setText(str(folder))
        self._on_folder_edited()

    def refresh_actions(self) -> None:
        reason = ""
        if self._export_job is not None:
            reason = translate("ReportPage", "An export is going on.")
        elif self.stack.currentIndex() == 0:
            reason = translate("ReportPage", "There is no finished run to report.")
        elif not self.folder.text().strip():
            reason = translate("ReportPage", "Choose a folder first.")
        self.enable_action("report.export", not reason, reason)
        going = self._export_job is not None
        self.progress.setVisible(going)
        self.cancel.setVisible(going)

    # the preview

    def _on_figures_changed(self, changed: object = None) -> None:
        """Labels, thresholds, run or language."""
        del changed
        self._stale = True
        if self.isVisible():
            self._read_figures()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._read_figures()

    def _read_figures(self) -> None:
        self._stale = False
        if self._preview_job is not None:
            self.session.jobs.cancel(self._preview_job)
            self._preview_job = None
        project, run_id = self.session.project, self.session.current_run
        if project is None or run_id is None:
            return
        self.preview.show_sentence(translate("ReportPage", "Reading the figures..."))
        self._preview_job = self.session.jobs.start(
            "io",
            "",
            make_preview,
            project,
            run_id,
            str(self.languages.currentData()),
            on_done=self._on_preview,
            on_failed=self._on_no_preview,
            visible=False,
        )

    def _on_preview(self, preview: ReportPreview) -> None:
        self._preview_job = None
        self.preview.show_preview(preview)
        self._show_contents()

    def _on_no_preview(self, error: Exception) -> None:
        self._preview_job = None
        known = isinstance(error, ProblemError)
        self.preview.show_sentence(problem_sentence(error.problem) if known and isinstance(error, ProblemError) else "")

    # exporting

    def export(self) -> int | None:
        """Starts to write the files and returns the job's id; None if there is nothing to export."""
        project, run_id = self.session.project, self.session.current_run
        folder = self.folder.text().strip()
        if project is None or run_id is None or not folder or self._export_job is not None:
            return None
        self.written.show_files([])
        self.status.clear()
        self.progress.setRange(0, 0)
        self._export_job = self.session.jobs.start(
            "io",
            translate("ReportPage", "Export run {run}").format(run=run_id),
            _export,
            project,
            run_id,
            Path(folder).expanduser(),
            str(self.languages.currentData()),
            on_done=self._on_exported,
            on_failed=self._on_export_failed,
        )
        self.refresh_actions()
        return self._export_job

    def _on_cancel(self) -> None:
        if self._export_job is not None:
            self.session.jobs.cancel(self._export_job)

    def _on_progressed(self, job_id: int, done: int, total: int) -> None:
        if job_id == self._export_job:
            self.progress.setRange(0, total)
            self.progress.setValue(done)

    def _on_phase(self, job_id: int, phase: str) -> None:
        if job_id == self._export_job:
            self.status.setText(phase_word(phase))

    def _on_exported(self, files: ExportedFiles) -> None:
        self.written.show_files([files.report_html, files.items_csv, files.summary_csv, files.run_json])
        self.status.setText(translate("ReportPage", "Written to {folder}").format(folder=files.report_html.parent))

    def _on_export_failed(self, error: Exception) -> None:
        self.status.setText(problem_sentence(error.problem) if isinstance(error, ProblemError) else "")

    def _on_job_finished(self, job_id: int) -> None:
        """Done, failed or cancelled."""
        if job_id == self._export_job:
            self._export_job = None
            self.refresh_actions()
