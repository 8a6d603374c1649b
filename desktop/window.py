"""The window: pages as tabs in the order of the work, menus, banners, jobs, and what is dropped on it."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QUrl, Slot
from PySide6.QtGui import QCloseEvent, QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from core.problems import Problem
from desktop import theme
from desktop.actions import State
from desktop.dialogs.about import AboutDialog
from desktop.dialogs.ask import choose_folder, choose_table
from desktop.dialogs.bug_dialog import BugDialog
from desktop.dialogs.key_sheet import KeySheet
from desktop.dialogs.preferences import PreferencesDialog
from desktop.dialogs.remarks import RemarksDialog
from desktop.errors import ErrorCatcher
from desktop.importing import TABLE_SUFFIXES, Importing, import_text
from desktop.menus import Menus
from desktop.opening import Opening
from desktop.pages import PAGES, page_class
from desktop.pages.page import Page
from desktop.pages.welcome import WelcomePage
from desktop.scoring import Scoring
from desktop.session import Session
from desktop.settings import layout_settings, log_folder
from desktop.widgets.banner import BannerArea
from desktop.widgets.jobs_panel import JobIndicator, JobsPanel
from desktop.words import problem_sentence, translate

if TYPE_CHECKING:
    from core.project.importing import ImportSummary

_SIZE: Final = (1280, 820)
_SUFFIX: Final = ".flawscope"
_log = logging.getLogger(__name__)


class MainWindow(QMainWindow):
    """One window, one session. Closing it stops the jobs, closes the project and ends all threads."""

    def __init__(self, session: Session, errors: ErrorCatcher) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.session: Final = session
        self._errors: Final = errors
        self._bug_dialog: BugDialog | None = None
        self._waiting_imports: list[Path] = []
        self.opening: Final = Opening(session, self)
        self.importing: Final = Importing(session, self)
        self.scoring: Final = Scoring(session)
        self.menus: Final = Menus(self.menuBar(), session.actions, session.settings)
        self.banners: Final = BannerArea()
        self.welcome: Final = WelcomePage(session)
        self.tabs: Final = QTabWidget(documentMode=True)
        self.pages: Final[dict[str, Page]] = {key: page_class(key)(session) for key in PAGES}
        self._stack = QStackedWidget()
        self.jobs_panel: Final = JobsPanel(session.jobs)
        self.jobs_dock: Final = QDockWidget()
        self.indicator: Final = JobIndicator(session.jobs, session.actions.action("view.jobs"))
        self.project_label: Final = QLabel()
        self.jobs_dock.setObjectName("dock_jobs")
        self._arrange()
        self._connect_actions()
        self._connect_signals()
        self._retranslate()
        self._show_project()
        self._restore_layout()

    def _arrange(self) -> None:
        for page in self.pages.values():
            self.tabs.addTab(page, theme.icon(page.icon_name), "")
        self._stack.addWidget(self.welcome)
        self._stack.addWidget(self.tabs)
        central = QWidget()
        layout = QVBoxLayout(central)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banners)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(central)
        self.jobs_dock.setWidget(self.jobs_panel)
        self.jobs_dock.setAllowedAreas(Qt.DockWidgetArea.RightDockWidgetArea | Qt.DockWidgetArea.BottomDockWidgetArea)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.jobs_dock)
        self.jobs_dock.hide()
        self.project_label.setContentsMargins(theme.SPACING, 0, 0, 0)
        self.statusBar().addWidget(self.project_label)
        self.statusBar().addPermanentWidget(self.indicator)
        self.setAcceptDrops(True)

    def _connect_actions(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "project.new": self.opening.new,
            "project.open": self.opening.choose,
            "project.sample": self.opening.open_sample,
            "project.close": self.opening.close,
            "import.folder": self._on_import_folder,
            "import.table": self._on_import_table,
            "app.quit": self.close,
            "app.preferences": self._on_preferences,
            "report.export": functools.partial(self.show_page, "report"),
            "run.score": self.scoring.score_all,
            "edit.undo": self.session.undo_stack.undo,
            "edit.redo": self.session.undo_stack.redo,
            "view.jobs": lambda: self.jobs_dock.setVisible(not self.jobs_dock.isVisible()),
            "view.reset": self._on_reset_layout,
            "help.keys": self._on_keys,
            "help.log": _open_log_folder,
            "help.about": self._on_about,
            **{f"page.{key}": functools.partial(self.show_page, key) for key in PAGES},
        }
        for action_id, handler in handlers.items():
            self.session.actions.connect(action_id, handler)

    def _connect_signals(self) -> None:
        session = self.session
        session.project_opened.connect(self._on_project_opened)
        session.project_closed.connect(self._show_project)
        for signal in (session.items_changed, session.runs_changed, session.current_run_changed):
            signal.connect(self.refresh)
        session.undo_stack.indexChanged.connect(self.refresh)
        session.notified.connect(self._on_notified)
        session.page_requested.connect(self.show_page)
        session.import_requested.connect(self.importing.begin)
        session.jobs.failed.connect(self._on_job_failed)
        self.importing.imported.connect(self._on_imported)
        self.importing.project_needed.connect(self._on_project_needed)
        self.menus.recent_chosen.connect(self.opening.open)
        self.welcome.recent_chosen.connect(self.opening.open)
        self.tabs.currentChanged.connect(self.refresh)
        self._errors.caught.connect(self._on_bug)

    def state(self) -> State:
        """What the program is in, as far as actions are concerned."""
        session, stack = self.session, self.session.undo_stack
        return State(
            project=session.project is not None,
            writable=session.writable,
            items=session.items is not None and len(session.items) > 0,
            run=session.current_run is not None,
            undo=stack.canUndo(),
            redo=stack.canRedo(),
            page=self.current_page(),
        )

    def current_page(self) -> str:
        """The key of the page that is shown; empty on the start page."""
        return "" if self.session.project is None else list(PAGES)[self.tabs.currentIndex()]

    @Slot()
    def refresh(self) -> None:
        """Lets the actions and the page that is shown follow the state."""
        self.session.actions.refresh(self.state())
        key = self.current_page()
        if key:
            self.pages[key].refresh_actions()

    @Slot(str)
    def show_page(self, key: str) -> None:
        self.tabs.setCurrentWidget(self.pages[key])
        self.pages[key].setFocus()

    @Slot()
    def _on_project_opened(self) -> None:
        self.banners.clear()
        self._show_project()
        self.show_page("data")
        waiting, self._waiting_imports = self._waiting_imports, []
        for path in waiting:
            self.importing.begin(path)

    @Slot()
    def _show_project(self) -> None:
        project = self.session.project
        self._stack.setCurrentWidget(self.welcome if project is None else self.tabs)
        name = project.name if project is not None else ""
        if project is not None and project.read_only:
            name = translate("Window", "{name} (read only)").format(name=name)
        self.setWindowTitle(f"{name} - Flawscope" if name else "Flawscope")
        self.project_label.setText(name)
        self.project_label.setToolTip(str(project.folder) if project is not None else "")
        self.refresh()

    def _on_import_folder(self) -> None:
        choose_folder(self, title=translate("Window", "Folder with images"), on_chosen=self.importing.begin)

    def _on_import_table(self) -> None:
        choose_table(self, title=translate("Window", "Table of measurements"), on_chosen=self.importing.begin)

    @Slot(object)
    def _on_project_needed(self, path: Path) -> None:
        """Something was dropped on the start page: it needs a project first."""
        self._waiting_imports.append(path)
        self.opening.new().rejected.connect(self._waiting_imports.clear)

    @Slot(object)
    def _on_imported(self, summary: ImportSummary) -> None:
        text = import_text(summary)
        problems = [entry.problem for entry in (*summary.skipped, *summary.notes)]
        show = (translate("Window", "&Show why"), lambda: RemarksDialog(text, problems, self).open()) if problems else None
        self.banners.show_banner(text, "trouble" if summary.skipped else "news", show)

    @Slot(object)
    def _on_notified(self, problem: Problem) -> None:
        self.banners.show_banner(problem_sentence(problem), "trouble")

    @Slot(object, object)
    def _on_job_failed(self, job_id: int, trouble: Problem | Exception) -> None:
        info = self.session.jobs.info(job_id)
        if isinstance(trouble, Problem):
            _log.info("job %s: %s", job_id, trouble.sentence())
            if info is None or info.visible:
                self.session.notify(trouble)
        else:
            self._errors.report(trouble)

    @Slot(str)
    def _on_bug(self, report: str) -> None:
        if self._bug_dialog is None:
            self._bug_dialog = BugDialog(self)
        self._bug_dialog.add(report)
        self._bug_dialog.show()

    def show_crash_notice(self) -> None:
        """After a start that follows a crash of the interpreter."""
        self.banners.show_banner(
            translate("Window", "Flawscope ended unexpectedly last time. What was stored is safe; a report lies in the log folder."),
            "trouble",
            (translate("Window", "Open the &log folder"), _open_log_folder),
        )

    def _on_preferences(self) -> None:
        dialog = PreferencesDialog(self.session.settings, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_keys(self) -> None:
        sheet = KeySheet(self)
        sheet.finished.connect(sheet.deleteLater)
        sheet.show()

    def _on_about(self) -> None:
        about = AboutDialog(self)
        about.finished.connect(about.deleteLater)
        about.open()

    def _restore_layout(self) -> None:
        self.resize(*_SIZE)
        settings = layout_settings()
        geometry, state = settings.value("geometry"), settings.value("state")
        if geometry is not None and state is not None:
            self.restoreGeometry(geometry)  # Qt itself moves a window back that would lie outside of all screens
            self.restoreState(state)

    def _on_reset_layout(self) -> None:
        layout_settings().clear()
        self.jobs_dock.setFloating(False)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.jobs_dock)
        self.jobs_dock.hide()
        self.showNormal()
        self.resize(*_SIZE)

    def _retranslate(self) -> None:
        self.menus.retranslate()
        self.jobs_dock.setWindowTitle(translate("Window", "Jobs"))
        for place, page in enumerate(self.pages.values()):
            self.tabs.setTabText(place, f"{place + 1} {page.title()}")
            self.tabs.setTabToolTip(place, f"{page.title()} (Alt+{place + 1})")

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.session.actions.retranslate()
            self._retranslate()
            self._show_project()
        super().changeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = _dropped(event)
        event.acceptProposedAction()
        projects = [path for path in paths if path.name.endswith(_SUFFIX)]
        if projects:
            self.opening.open(projects[0])
        else:
            for path in paths:
                self.importing.begin(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.session.jobs.active():
            event.ignore()
            self.opening.when_free(self.close)
            return
        settings = layout_settings()
        settings.setValue("geometry", self.saveGeometry())
        settings.setValue("state", self.saveState())
        self.session.shutdown()
        super().closeEvent(event)


def _dropped(event: QDragEnterEvent | QDropEvent) -> list[Path]:
    """The folders and tables that are being dropped."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return [path for path in paths if path.is_dir() or path.suffix.lower() in TABLE_SUFFIXES]


def _open_log_folder() -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))
