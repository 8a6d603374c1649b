"""Bringing folders and tables into the project: look first, ask, then import beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from core.job_context import JobContext
from core.problems import Problem, ProblemCode, ProblemError
from core.vocabulary import Label, Split
from core.wording import QT_TRANSLATE_NOOP
from desktop.session import Session
from desktop.words import translate

if TYPE_CHECKING:
    from core.data.layout import FolderFindings
    from core.data.tables import TableColumn, TableFindings
    from core.project.importing import ImportSummary
    from core.project.opening import Project

TABLE_SUFFIXES: Final = frozenset({".csv", ".tsv", ".txt"})
CHECKING: Final = QT_TRANSLATE_NOOP("Phase", "Checking images")


@dataclass(frozen=True, kw_only=True)
class ImportRequest:
    """What a person agreed to. `columns` belong to tables; `tables` are those of a folder that are to follow, each with its own dialog."""

    findings: FolderFindings | TableFindings
    columns: tuple[TableColumn, ...] = ()
    label_all: Label | None = None
    split_all: Split | None = None
    tables: tuple[Path, ...] = ()

    @property
    def path(self) -> Path:
        from core.data.layout import FolderFindings

        return self.findings.root if isinstance(self.findings, FolderFindings) else self.findings.path


def look(context: JobContext, path: Path) -> FolderFindings | TableFindings:
    """The dry run: what a folder or file holds, nothing is changed. A folder that holds one table and no image counts as the table.

    Raises ProblemError as `scan_folder` and `inspect_table` do.
    """
    from core.data.layout import scan_folder
    from core.data.tables import inspect_table

    if not path.is_dir():
        return inspect_table(path)
    findings = scan_folder(path, context)
    if not findings.images and len(findings.tables) == 1:
        return inspect_table(findings.tables[0])
    return findings


def check_images(context: JobContext, findings: FolderFindings) -> int:
    """Decodes every image; each one that cannot be read is noted at once. Returns how many can be read."""
    from core.data.images import inspect_image

    context.phase(CHECKING)
    readable = 0
    for done, image in enumerate(findings.images):
        context.check()
        context.progress(done, len(findings.images))
        try:
            inspect_image(findings.root / image.relative_path)
            readable += 1
        except ProblemError as error:
            context.note(error.problem)
    context.progress(len(findings.images), len(findings.images))
    return readable


def import_all(context: JobContext, project: Project, request: ImportRequest) -> ImportSummary:
    """The import itself. Raises ProblemError; what was committed before a trouble or a cancel stays."""
    from core.data.layout import FolderFindings
    from core.project.importing import import_folder, import_table

    found = request.findings
    if isinstance(found, FolderFindings):
        return import_folder(project, found, context, label_all=request.label_all, split_all=request.split_all)
    return import_table(
        project, found.path, found.format, request.columns, context, label_all=request.label_all, split_all=request.split_all
    )


class Importing(QObject):
    """Leads from a path to items in the project. `imported` carries the summary, after the items were read again."""

    imported = Signal(object)
    project_needed = Signal(object)  # Path to import as soon as a project is open

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session: Final = session
        self._window: Final = window
        self._jobs: dict[int, tuple[Path, ...]] = {}
        session.jobs.succeeded.connect(self._on_succeeded)
        session.jobs.cancelled.connect(self._on_cancelled)
        session.jobs.failed.connect(self._on_failed)

    def begin(self, path: Path) -> None:
        """Opens the import dialog for a folder or a table."""
        if self._session.project is None:
            self.project_needed.emit(path)
            return
        if not self._session.writable:
            folder = str(self._session.project.folder)
            self._session.notify(Problem(ProblemCode.PROJECT_READ_ONLY, {"path": folder}))
            return
        from desktop.dialogs.import_dialog import ImportDialog

        dialog = ImportDialog(self._session.jobs, path, self._window)
        dialog.agreed.connect(self._on_agreed)
        dialog.open()

    @Slot(object)
    def _on_agreed(self, request: ImportRequest) -> None:
        if self._session.project is None:
            return
        title = translate("ImportDialog", "Import {name}").format(name=request.path.name)
        if getattr(request.findings, "images", True):
            job_id = self._session.jobs.start("io", title, import_all, self._session.project, request)
            self._jobs[job_id] = request.tables
        else:
            self._follow(request.tables)

    @Slot(object, object)
    def _on_succeeded(self, job_id: int, summary: ImportSummary) -> None:
        if job_id not in self._jobs:
            return
        tables = self._jobs.pop(job_id)
        self._session.reload_items()
        self._session.request_page("data")
        self.imported.emit(summary)
        self._follow(tables)

    def _follow(self, tables: Sequence[Path]) -> None:
        for path in tables:
            self.begin(path)

    @Slot(object)
    def _on_cancelled(self, job_id: int) -> None:
        self._forget(job_id)

    @Slot(object, object)
    def _on_failed(self, job_id: int, trouble: object) -> None:
        del trouble
        self._forget(job_id)

    def _forget(self, job_id: int) -> None:
        """What an import committed before it ended early stays, so it is shown."""
        if self._jobs.pop(job_id, None) is not None:
            self._session.reload_items()


def import_text(summary: ImportSummary) -> str:
    """What an import brought, in a sentence for each kind of change."""
    taken, unchanged, missing, skipped = summary.added + summary.changed, summary.unchanged, summary.missing, len(summary.skipped)
    sentences = [translate("Window", "%n item(s) imported.", None, taken)]
    if unchanged:
        sentences.append(translate("Window", "%n were there already.", None, unchanged))
    if missing:
        sentences.append(translate("Window", "%n that were there are gone.", None, missing))
    if skipped:
        sentences.append(translate("Window", "%n left out.", None, skipped))
    return " ".join(sentences)
