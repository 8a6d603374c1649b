"""The Review page: what a run found, where the threshold lies, and what that costs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from core.evaluation.outcomes import percentile_of_good
from core.evaluation.thresholds import Rule
from core.vocabulary import Kind, Label, RunState, Split
from desktop import theme
from desktop.models.ranking import RankingModel
from desktop.models.review_basis import EVERYTHING, Choice, ReviewBasis, scores_by_place
from desktop.models.shown_part import ShownPart
from desktop.pages.page import Page
from desktop.pages.threshold_keeper import ThresholdKeeper
from desktop.session import Session
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.part_loader import PartLoader
from desktop.widgets.part_view import PartView
from desktop.widgets.ranking_panel import RankingPanel
from desktop.widgets.review_bar import BASES, ReviewBar
from desktop.widgets.threshold_desk import ThresholdDesk
from desktop.widgets.thumbnails import ThumbnailStore
from desktop.words import translate

if TYPE_CHECKING:
    from core.data.arrays import PictureReference
    from core.job_context import JobContext
    from core.project.runs import RunRecord

_LOOK_AHEAD: Final = 2  # items of the list that are read before they are asked for
_ZOOM_STEP: Final = 1.25
_LABELS: Final = {"label.good": Label.GOOD, "label.defective": Label.DEFECTIVE, "label.unsure": Label.UNSURE, "label.none": Label.NONE}


def _most_telling(bases: dict[Split | None, ReviewBasis]) -> Split | None:
    """What to look at first: calibration if it holds good and defective items, else test, else whatever has scores."""
    for split in (Split.CALIBRATION, Split.TEST):
        if all(bases[split].has_labels()):
            return split
    return next((split for split in (Split.CALIBRATION, Split.TEST) if bases[split].groups.span() is not None), None)


def _splitter(orientation: Qt.Orientation, first: QWidget, second: QWidget, *, sizes: tuple[int, int]) -> QSplitter:
    """Two parts of which the second takes most of any further space."""
    splitter = QSplitter(orientation)
    for place, widget in enumerate((first, second)):
        splitter.addWidget(widget)
        splitter.setStretchFactor(place, 1 + 2 * place)
    splitter.setSizes(list(sizes))
    splitter.setChildrenCollapsible(False)
    return splitter


class ReviewPage(Page):
    """Follows the session; labels go through it, thresholds through `ThresholdKeeper`."""

    key: ClassVar[str] = "review"
    icon_name: ClassVar[str] = "review"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._run: RunRecord | None = None
        self._basis: ReviewBasis | None = None
        self._split: Split | None = Split.CALIBRATION
        self._split_chosen = False
        self._good_scores: NDArray[np.float64] = np.empty(0)
        self.keeper: Final = ThresholdKeeper(session, self)
        self._thumbnails: Final = ThumbnailStore(self._submit, workers=1, memory_limit=24 * 2**20, parent=self)
        self.model: Final = RankingModel(self)
        self.bar: Final = ReviewBar(self)
        self.desk: Final = ThresholdDesk(self)
        self.ranking: Final = RankingPanel(self.model, self._thumbnails, self)
        self.view: Final = PartView(self)
        self.loader: Final = PartLoader(session, self)
        self.empty: Final = EmptyState("review", self)
        self.stack: Final = QStackedWidget(self)
        self._lay_out()
        self._connect_widgets()
        self._connect_session()
        self._connect_actions()
        self.retranslate()

    def _lay_out(self) -> None:
        lower = _splitter(Qt.Orientation.Horizontal, self.ranking, self.view, sizes=(260, 1000))
        halves = _splitter(Qt.Orientation.Vertical, self.desk, lower, sizes=(190, 500))
        content = QWidget()
        inner = QVBoxLayout(content)
        inner.setContentsMargins(theme.MARGIN, theme.SPACING, theme.MARGIN, theme.SPACING)
        inner.setSpacing(theme.SPACING)
        inner.addWidget(self.bar)
        inner.addWidget(halves, 1)
        self.stack.addWidget(self.empty)
        self.stack.addWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.empty.add_action(self.session.actions.action("page.train"))

    def _connect_widgets(self) -> None:
        self.bar.runs.run_chosen.connect(self._on_run_chosen)
        self.bar.basis_chosen.connect(self._on_basis_chosen)
        self.desk.moved.connect(self._on_moved)
        self.desk.committed.connect(self._on_committed)
        self.desk.rule_chosen.connect(self._on_rule)
        self.desk.cell_chosen.connect(self.ranking.choose_cell)
        self.ranking.list.chosen.connect(self._on_item)
        self.ranking.choice_made.connect(self._on_choice)
        self.ranking.data_requested.connect(self._on_data_requested)
        self.view.label_chosen.connect(self._label)
        self.view.nearest.chosen.connect(self._show_neighbour)
        self.loader.loaded.connect(self._on_loaded)

    def _connect_session(self) -> None:
        self.session.project_opened.connect(self._on_project)
        self.session.project_closed.connect(self._on_project)
        self.session.closing.connect(self.loader.forget)
        self.session.items_changed.connect(self._on_items_changed)
        self.session.runs_changed.connect(self._show_runs)
        self.session.current_run_changed.connect(self._on_run_changed)
        self.session.thresholds_changed.connect(self._on_thresholds_changed)

    def _connect_actions(self) -> None:
        slots: dict[str, Callable[[], object]] = {
            "items.next": self._next_undone,
            "items.previous": self._previous_undone,
            "threshold.default": self.keeper.by_default,
            "view.zoom_in": self._zoom_in,
            "view.zoom_out": self._zoom_out,
            "view.zoom_fit": self.view.panes.view.toggle_fit,
            "view.overlay": self.view.panes.toggle_overlay,
        }
        for action_id, label in _LABELS.items():
            slots[action_id] = partial(self._label, label)
        for action_id, slot in slots.items():
            self.connect_action(action_id, slot)
        for action_id in ("items.next", "items.previous"):
            self.session.actions.scope(action_id, self.ranking.list, self.view.panes, self.view.columns.view)

    def title(self) -> str:
        return translate("ReviewPage", "Review")

    def retranslate(self) -> None:
        self._show_empty_text()
        self.desk.show_sentence(self.keeper.sentence())

    def refresh_actions(self) -> None:
        shown = self.view.item is not None
        for action_id in _LABELS:
            self.enable_action(action_id, shown, "" if shown else translate("ReviewPage", "No item is shown."))
        for action_id in ("view.zoom_in", "view.zoom_out", "view.zoom_fit", "view.overlay"):
            pictures = shown and self._run is not None and self._run.kind is Kind.IMAGE
            self.enable_action(action_id, pictures, "" if pictures else translate("ReviewPage", "No picture is shown."))

    # what is reviewed

    def _submit(self, work: Callable[[JobContext], None]) -> object:
        return self.session.jobs.start("decode", "", work, visible=False)

    def _on_project(self) -> None:
        self.loader.forget()
        self._split_chosen = False
        project = self.session.project
        if project is None:
            self._thumbnails.set_project(None, None)
        else:
            from core.project.items import picture_references

            def find_references(ids: list[int]) -> list[PictureReference]:
                return picture_references(project, ids)

            self._thumbnails.set_project(find_references, project.cache_folder / "thumbnails")
        self.ranking.choose(EVERYTHING)
        self._on_run_changed()

    def _show_runs(self) -> None:
        runs = []
        if self.session.project is not None:
            from core.project.runs import records

            runs = [run for run in records(self.session.project) if run.state is RunState.DONE]
        self.bar.runs.show_runs(runs, self.session.current_run)
        self._run = next((run for run in runs if run.id == self.session.current_run), None)

    def _on_run_changed(self) -> None:
        """Another project, another run, or new scores."""
        self.loader.forget()
        self._show_runs()
        self.keeper.read()
        self._show_items()

    def _make_basis(self, split: Split | None, values: NDArray[np.float64]) -> ReviewBasis:
        assert self.session.items is not None and self._run is not None
        return ReviewBasis(self.session.items, values, rows=self._run.kind is Kind.ROW, split=split)

    def _show_items(self) -> None:
        """Everything anew."""
        if self.session.items is None or self._run is None:
            self._basis = None
            self.model.set_basis(None, None)
            self.view.show_item(None, None, None)
            self._show_empty_text()
            self.stack.setCurrentIndex(0)
            return
        values = scores_by_place(self.session.items, self.session.scores)
        bases = {split: self._make_basis(split, values) for split in BASES}
        if not self._split_chosen or not len(bases[self._split].places):
            self._split = _most_telling(bases)
        self._basis = bases[self._split]
        self._good_scores = bases[Split.CALIBRATION].sorted.good
        self.bar.show_basis(self._split, {split: len(basis.places) for split, basis in bases.items()})
        self.desk.show_basis(self._basis, self.keeper.thresholds)
        self._show_rules()
        self.ranking.show_total(len(self._basis.places))
        self.model.set_basis(self._basis, self.keeper.thresholds)
        self.stack.setCurrentIndex(1)

    def _show_rules(self) -> None:
        self.desk.rules.set_least(Rule.GOOD_ONLY, self.keeper.least_share())
        self.desk.rules.set_available(self.keeper.unusable_rules())
        self.desk.show_sentence(self.keeper.sentence())

    def _show_empty_text(self) -> None:
        if self.session.project is None:
            text = translate("ReviewPage", "Open a project first.")
        elif self.session.items is None or not len(self.session.items):
            text = translate("ReviewPage", "Import images or a table on the Data page, then train a detector on them.")
        else:
            text = translate("ReviewPage", "Train a detector first. Its run then appears here with scores, heatmaps and a threshold.")
        self.empty.set_text(translate("ReviewPage", "Nothing to review yet"), text)

    def _on_items_changed(self, ids: NDArray[np.int64] | None) -> None:
        if ids is None or self.session.items is None or self._run is None or self._basis is None:
            if ids is None:
                self.keeper.read()
            self._show_items()
            return
        basis = self._make_basis(self._split, self._basis.values)
        self.keeper.read()
        if not np.array_equal(basis.places, self._basis.places):  # splits changed
            self._show_items()
            return
        self._basis = basis
        self.model.replace_basis(basis)
        self.model.refresh_items(ids)
        self.desk.update_basis(basis)
        self._show_rules()
        item = self.view.item
        if item is not None and item.item_id in ids:
            place = int(self.session.items.positions([item.item_id])[0])
            self.view.set_label(Label(int(self.session.items.label[place])), str(self.session.items.defect_type[place]))

    def _on_run_chosen(self, run_id: int) -> None:
        self._split_chosen = False
        self.session.select_run(run_id)

    def _on_basis_chosen(self, split: Split | None) -> None:
        self._split, self._split_chosen = split, True
        self._show_items()

    # thresholds

    def _on_moved(self, t1: float, t2: float) -> None:
        """One frame of a drag: nothing is sorted, filtered or told to the model."""
        self.ranking.list.follow_thresholds((t1, t2))
        self.view.follow_thresholds((t1, t2))

    def _on_committed(self, t1: float, t2: float) -> None:
        if not self.keeper.by_hand((t1, t2), seen=self._split):
            self._on_thresholds_changed(None)

    def _on_rule(self, rule: Rule, share: float) -> None:
        self.keeper.by_rule(rule, share, simple=self.desk.rules.simple.isChecked())

    def _on_thresholds_changed(self, committed: object) -> None:
        """By this page, by another one, or taken back."""
        del committed
        self.keeper.read_thresholds()
        thresholds = self.keeper.thresholds
        self.desk.show_thresholds(thresholds)
        self.desk.show_sentence(self.keeper.sentence())
        self.model.settle_thresholds(thresholds)
        self.ranking.list.viewport().update()
        self.view.follow_thresholds(thresholds)

    # the list and the shown item

    def _on_choice(self, choice: Choice) -> None:
        self.desk.counts.choose(choice.as_cell())

    def _on_data_requested(self) -> None:
        self.session.show_items(self.model.ids(), self.ranking.title())

    def _show_neighbour(self, item_id: int) -> None:
        self.session.show_items([item_id], translate("ReviewPage", "Most similar good item"))

    def _on_item(self, item_id: int | None) -> None:
        item = self.ranking.list.current_item() if item_id is not None else None
        percentile = None
        if item is not None and item.score is not None and self._good_scores.size:
            percentile = float(percentile_of_good(self._good_scores, [item.score])[0])
        self.view.show_item(item, self.desk.thresholds, percentile)
        if item is None:
            self.view.set_empty_text(translate("ReviewPage", "No item matches this choice."))
        else:
            row = item.rank - 1
            self.loader.want(item.item_id, self.model.ids()[row + 1 : row + 1 + _LOOK_AHEAD].tolist())
        self.refresh_actions()

    def _on_loaded(self, part: ShownPart) -> None:
        if self.view.item is not None and part.item_id == self.view.item.item_id:
            self.view.show_part(part)

    def _label(self, label: Label) -> None:
        """A person judged the shown item; on to the next one without a label, if there is one."""
        item = self.view.item
        if item is not None and self.session.set_labels([item.item_id], label) and label is not Label.NONE and item.label is Label.NONE:
            self._next_undone()

    def _next_undone(self) -> None:
        self._go_undone(1)

    def _previous_undone(self) -> None:
        self._go_undone(-1)

    def _go_undone(self, step: int) -> None:
        row = self.model.next_undone(self.ranking.list.currentIndex().row(), step)
        if row >= 0:
            self.ranking.list.show_row(row)

    def _zoom_in(self) -> None:
        self.view.panes.view.zoom(_ZOOM_STEP)

    def _zoom_out(self) -> None:
        self.view.panes.view.zoom(1 / _ZOOM_STEP)

    # holding a key

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Period and not event.isAutoRepeat():
            self.view.panes.set_bare(True)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Period and not event.isAutoRepeat():
            self.view.panes.set_bare(False)
        else:
            super().keyReleaseEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.view.panes.set_bare(False)  # the release of the key will not come
        super().changeEvent(event)
