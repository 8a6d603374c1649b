"""The Data page: what is in the project, labelled and split by hand and by rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from core.job_context import JobContext
from core.vocabulary import Label, Split
from desktop import theme
from desktop.models.facet_choices import Choice, facet_choices
from desktop.models.item_filter import Collection, Facet, ItemFilter, counts_by_label_and_split
from desktop.models.items import ItemModel
from desktop.models.review_basis import scores_by_place
from desktop.models.row_tables import RowTables, only_table
from desktop.pages.item_acts import TYPES_WITH_KEYS, ItemActs
from desktop.pages.large_item import LargeItem
from desktop.pages.page import Page
from desktop.session import Session
from desktop.settings import layout_settings
from desktop.widgets.data_panel import DataPanel
from desktop.widgets.item_browser import BrowserActions, ItemBrowser
from desktop.widgets.large_view import ZOOM_STEP
from desktop.widgets.thumbnails import ThumbnailStore
from desktop.words import translate

_LABELS: Final = {"label.good": Label.GOOD, "label.defective": Label.DEFECTIVE, "label.unsure": Label.UNSURE, "label.none": Label.NONE}
_IMPORTS: Final = ("import.folder", "import.table")
_SCOPED: Final = ("items.remove", "items.next", "items.previous", "view.large")
_EDGE_KEY: Final = "data/thumbnail_edge"


class DataPage(Page):
    """Follows the session and fills the panel and the browser; acts lie in `ItemActs`."""

    key: ClassVar[str] = "data"
    icon_name: ClassVar[str] = "data"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._source_names: dict[int, str] = {}
        self._preparing: int | None = None
        self.model: Final = ItemModel(self)
        self.thumbnails: Final = ThumbnailStore(self._submit, parent=self)
        self.row_tables: Final = RowTables(session, self)
        find = session.actions.action
        imports = [find(action_id) for action_id in _IMPORTS]
        labels = [find(action_id) for action_id in (*_LABELS, "label.defect_type")]
        self.panel: Final = DataPanel(imports, find("data.split"))
        actions = BrowserActions(labels=labels, imports=imports, clear_filter=find("edit.clear_filter"))
        self.browser: Final = ItemBrowser(self.model, self.thumbnails, self._choices, actions)
        self.large: Final = LargeItem(session, self.browser, self.thumbnails, self.row_tables, self)
        self.acts: Final = ItemActs(session, self.browser, self)
        self._lay_out()
        self._connect_widgets()
        self._connect_session()
        self._connect_actions()
        self.retranslate()

    def _lay_out(self) -> None:
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.panel)
        splitter.addWidget(self.browser)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([340, 940])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.SPACING, theme.MARGIN, theme.SPACING)
        layout.addWidget(splitter)
        self.setFocusProxy(self.browser.gallery)
        edge = layout_settings().value(_EDGE_KEY)
        if isinstance(edge, str | int) and str(edge).isdigit():
            self.browser.bar.edge.setValue(int(edge))

    def _connect_widgets(self) -> None:
        self.panel.sources.chosen.connect(self._on_source)
        self.panel.counts.chosen.connect(self._on_counts)
        self.panel.problems.item_chosen.connect(self._on_problem)
        self.model.shown_changed.connect(self._on_shown_changed)
        self.browser.selection_changed.connect(self.refresh_actions)
        self.large.changed.connect(self.refresh_actions)
        self.browser.menu_requested.connect(self._on_menu)
        self.browser.bar.edge.sliderReleased.connect(self._remember_edge)
        self.row_tables.arrived.connect(self._on_row_table)

    def _connect_session(self) -> None:
        self.session.project_opened.connect(self._on_project)
        self.session.closing.connect(self._forget)
        self.session.project_closed.connect(self._on_project)
        self.session.items_changed.connect(self._on_items_changed)
        self.session.current_run_changed.connect(self._on_run_changed)
        self.session.thresholds_changed.connect(self.model.set_thresholds)
        self.session.items_requested.connect(self._on_items_requested)

    def _connect_actions(self) -> None:
        slots: dict[str, Callable[[], object]] = {
            "data.split": self.acts.ask_split,
            "edit.find": self.browser.filter_bar.focus_search,
            "edit.clear_filter": self.browser.filter_bar.clear,
            "items.next": partial(self._go_undone, 1),
            "items.previous": partial(self._go_undone, -1),
            "items.remove": self.acts.ask_remove,
            "label.defect_type": self.acts.ask_defect_type,
            "view.large": self.browser.toggle_large,
            "view.zoom_in": partial(self.large.zoom, ZOOM_STEP),
            "view.zoom_out": partial(self.large.zoom, 1 / ZOOM_STEP),
            "view.zoom_fit": self.browser.large.pixels.toggle_fit,
        }
        for action_id, label in _LABELS.items():
            slots[action_id] = partial(self.acts.label, label)
        for action_id, slot in slots.items():
            self.connect_action(action_id, slot)
        for action_id in _SCOPED:
            self.session.actions.scope(action_id, self.browser.gallery, self.browser.table, self.browser.large)
        for number in range(1, TYPES_WITH_KEYS + 1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.acts.label_as_type, number))

    def title(self) -> str:
        return translate("DataPage", "Data")

    def retranslate(self) -> None:
        self._show_hint()

    def refresh_actions(self) -> None:
        selected = bool(self.browser.selected_ids().size)
        reason = "" if selected else translate("DataPage", "Select an item first.")
        for action_id in (*_LABELS, "label.defect_type", "items.remove"):
            self.enable_action(action_id, selected, reason)
        large = self.large.is_picture
        for action_id in ("view.zoom_in", "view.zoom_out", "view.zoom_fit"):
            self.enable_action(action_id, large, "" if large else translate("DataPage", "Open the large view first."))

    # the session

    def _submit(self, work: Callable[[JobContext], None]) -> object:
        return self.session.jobs.start("decode", "", work, visible=False)

    @Slot()
    def _forget(self) -> None:
        """The project is about to close."""
        self.thumbnails.set_project(None, None)
        self.large.forget()
        self.row_tables.forget()

    @Slot()
    def _on_project(self) -> None:
        self._forget()
        self.browser.close_large()
        self.browser.filter_bar.set_filter(ItemFilter())
        self.model.set_filter(ItemFilter())
        self.model.set_sorting("imported", descending=False)
        self.browser.show_as_table(False)
        project = self.session.project
        if project is not None:
            from core.project.items import picture_references

            self.thumbnails.set_project(partial(picture_references, project), project.cache_folder / "thumbnails")
        self._show_items()

    def _show_items(self) -> None:
        """Everything anew."""
        self.row_tables.forget()
        project, items = self.session.project, self.session.items
        if project is None or items is None:
            self._source_names = {}
            self.model.set_items(None, {})
            self.panel.sources.show_sources([], 0)
            self.panel.problems.show_problems([])
        else:
            from core.project.items import problems, sources

            known = sources(project)
            self._source_names = {source.id: source.path.name for source in known}
            self.thumbnails.refresh(set(items.id.tolist()))
            self.model.set_items(items, self._source_names, *self._scores())
            self.panel.sources.show_sources(known, len(items))
            self.panel.problems.show_problems(problems(project))
            self._prepare()
            if not len(self.model.rows) and not self.model.item_filter.is_empty and len(items):
                self.browser.set_filter(ItemFilter())  # what it asked for is gone
            if items.is_row.all() and len(items):
                self.browser.show_as_table(True)  # rows have no pictures, so a gallery of them tells nothing
        self._show_counts()

    def _prepare(self) -> None:
        """Beside the window, so that the first search and the first sort by name are as quick as the next ones."""
        if self._preparing is not None:
            self.session.jobs.cancel(self._preparing)
        rows = self.model.rows
        self._preparing = self.session.jobs.start("decode", "", lambda _context: rows.prepare(), visible=False)

    def _scores(self) -> tuple[NDArray[np.float64] | None, tuple[float, float] | None]:
        session = self.session
        if session.items is None or session.scores is None or session.project is None or session.current_run is None:
            return None, None
        from core.project.thresholds import current_threshold

        record = current_threshold(session.project, session.current_run)
        return scores_by_place(session.items, session.scores), None if record is None else (record.t1, record.t2)

    @Slot(object)
    def _on_items_changed(self, ids: NDArray[np.int64] | None) -> None:
        if ids is None:
            self._show_items()
        else:
            self.model.refresh_items(ids)
            self._show_counts()

    @Slot()
    def _on_run_changed(self) -> None:
        self.model.set_scores(*self._scores())

    @Slot(object, str)
    def _on_items_requested(self, ids: NDArray[np.int64], title: str) -> None:
        self.browser.close_large()
        self.browser.set_filter(ItemFilter(collection=Collection(title, frozenset(ids.tolist()))))

    # the panel

    def _choices(self, facet: Facet) -> list[Choice]:
        return facet_choices(self.model.rows, self._source_names, facet)

    def _show_counts(self) -> None:
        columns = self.model.rows.columns
        counts = np.zeros((len(Label), len(Split)), dtype=np.int64)
        if columns is not None:
            counts = counts_by_label_and_split(columns.label, columns.split)
        self.panel.counts.show_counts(counts)
        self._show_hint()

    def _show_hint(self) -> None:
        """The next step, as long as one is missing."""
        columns, text = self.model.rows.columns, ""
        if columns is not None and len(columns):
            unlabelled = int((columns.label == Label.NONE).sum())
            without_split = int(((columns.split == Split.NEW) & np.isin(columns.label, (Label.GOOD, Label.DEFECTIVE))).sum())
            if unlabelled == len(columns):
                text = translate("DataPage", "Nothing is labelled yet: press 1 for good, 2 for defective.")
            elif without_split:
                text = translate("DataPage", "%n labelled item(s) have no split yet: split them before training.", None, without_split)
        self.panel.hint.setText(text)
        self.panel.hint.setVisible(bool(text))

    @Slot(object)
    def _on_source(self, source_id: int | None) -> None:
        """Only this source; the other chips stay as long as something passes them."""
        chosen = frozenset() if source_id is None else frozenset({source_id})
        self.browser.set_filter(replace(self.model.item_filter, sources=chosen, kinds=frozenset()))
        if not len(self.model.rows):
            self.browser.set_filter(ItemFilter(sources=chosen))
        columns = self.model.rows.columns
        if source_id is not None and columns is not None:
            rows = columns.is_row[columns.source_id == source_id]
            self.browser.show_as_table(bool(rows.size and rows.all()))

    @Slot(object, object)
    def _on_counts(self, label: Label | None, split: Split | None) -> None:
        """A click on a count shows the items behind it."""
        labels = frozenset() if label is None else frozenset({label})
        splits = frozenset() if split is None else frozenset({split})
        self.browser.set_filter(ItemFilter(labels=labels, splits=splits))

    @Slot(object)
    def _on_problem(self, item_id: int) -> None:
        if not self.browser.go_to_item(item_id):
            self.browser.set_filter(ItemFilter())
            self.browser.go_to_item(item_id)

    # the browser

    @Slot()
    def _on_shown_changed(self) -> None:
        sources = self.model.item_filter.sources
        if len(sources) <= 1:
            self.panel.sources.choose(next(iter(sources), None))
        self._show_row_table()

    def _show_row_table(self) -> None:
        source_id = only_table(self.model.rows)
        self.model.set_row_table(None if source_id is None else self.row_tables.table(source_id))

    @Slot(object)
    def _on_row_table(self, source_id: int) -> None:
        if source_id == only_table(self.model.rows):
            self._show_row_table()

    def _go_undone(self, step: int) -> None:
        row = self.model.rows.next_unlabelled(self.browser.current_row, backwards=step < 0)
        if row >= 0:
            self.browser.go_to(row)

    @Slot()
    def _remember_edge(self) -> None:
        layout_settings().setValue(_EDGE_KEY, self.browser.gallery.edge)

    @Slot(QPoint)
    def _on_menu(self, place: QPoint) -> None:
        if self.browser.selected_ids().size:
            menu = self.acts.menu([*_LABELS, "", "view.large", "items.remove"])
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(place)
