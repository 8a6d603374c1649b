"""The form for a new run: which detector, with which parameters, where, with which seed, and on how many items."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from core.detectors.base import Declaration
from core.training.request import TrainingRequest
from desktop import theme
from desktop.widgets.detector_list import DetectorList
from desktop.widgets.parameter_form import ParameterForm
from desktop.widgets.run_options import RunOptions
from desktop.words import detector_title, translate

DETECTORS_WIDTH: Final = 200


class NewRun(QWidget):
    """`requested` carries a `TrainingRequest`. `inspect` is asked after every change, and answers with two sentences: which items the run
    will use, and why it cannot start (empty if it can)."""

    requested = Signal(object)
    changed = Signal()

    def __init__(self, inspect: Callable[[TrainingRequest], tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspect = inspect
        self._declaration: Declaration | None = None
        self.detectors = DetectorList(self)
        self.detectors.chosen.connect(self._on_chosen)
        self.options = RunOptions(self)
        self.form = ParameterForm(self)
        self.start_button = QPushButton(self)
        self.start_button.setIcon(theme.icon("start"))
        self.reset_button = QPushButton(self)
        self._make_labels()
        self._arrange()
        self._connect()
        self.retranslate()

    def set_choices(self, declarations: Sequence[Declaration], reasons: Mapping[str, str], *, first: str) -> None:
        """The detectors, why some cannot be used, and which one to begin with if none is chosen yet."""
        self.detectors.set_detectors(declarations, reasons)
        if self.detectors.current() is None:
            for key in (first, *self.detectors.usable()[:1]):
                if self.detectors.current() is None:
                    self.detectors.choose(key)
        if self.detectors.current() is None:
            self._declaration = None
        self.refresh()

    def declaration(self) -> Declaration | None:
        return self._declaration

    def request(self, preset: str | None = None) -> TrainingRequest | None:
        """What is asked for, with another `preset` if one is named; None while something is missing or not allowed."""
        seed = self.options.chosen_seed()
        if self._declaration is None or self.form.parameters() is None or seed is None or not self.options.are_valid():
            return None
        return TrainingRequest(
            detector=self._declaration.key,
            parameters=self.form.overrides(),
            preset=preset or self.options.chosen_preset(),
            seed=seed,
            device=self.options.chosen_device(),
            source_ids=self.options.source_ids(),
            kind=self.options.chosen_kind(),
            tile_size=self.options.chosen_tile_size(),
        )

    def items_text(self) -> str:
        """Which items the run would use, as it stands beside the button."""
        return self._items.text()

    def can_start(self) -> bool:
        return self.start_button.isEnabled()

    @Slot()
    def start(self) -> None:
        """Asks for the run, if it can start."""
        request = self.request()
        if request is not None and self.can_start():
            self.requested.emit(request)

    @Slot()
    def refresh(self) -> None:
        """Looks again at what the run would use: entries, items, labels or splits changed."""
        request = self.request()
        if self._declaration is None:
            items, reason = "", translate("NewRun", "No detector can be used yet.")
        elif request is None:
            items, reason = "", translate("NewRun", "Correct the entries that are marked first.")
        else:
            items, reason = self._inspect(request)
        self._items.setText(items)
        self._items.setVisible(bool(items))
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self.start_button.setEnabled(not reason)
        self.start_button.setToolTip(reason)
        self.start_button.setAccessibleDescription(reason or items)
        self.changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self._detectors_title.setText(translate("NewRun", "Detector"))
        self._parameters_title.setText(translate("NewRun", "Parameters"))
        self.start_button.setText(translate("NewRun", "Start training"))
        self.reset_button.setText(translate("NewRun", "Reset all"))
        self.reset_button.setToolTip(translate("NewRun", "Back to the values of the chosen effort"))
        self._describe()
        self.refresh()

    def _make_labels(self) -> None:
        self._detectors_title, self._parameters_title = QLabel(self), QLabel(self)
        self._title, self._source_paper = QLabel(self), QLabel(self)
        self._items, self._reason = QLabel(self), QLabel(self)
        for label in (self._source_paper, self._items, self._reason):
            label.setWordWrap(True)
        self._source_paper.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bold = self.font()
        bold.setBold(True)
        for label in (self._reason, self._parameters_title):
            label.setFont(bold)
        for label in (self._detectors_title, self._title):
            label.setFont(theme.heading_font(self.font()))

    def _arrange(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._detectors_title)
        column.addWidget(self.detectors, 1)
        splitter = QSplitter(self)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(self._scrolled())
        splitter.setHandleWidth(theme.MARGIN)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        splitter.setSizes([400, 600])
        self.detectors.setMinimumWidth(DETECTORS_WIDTH)
        foot = QHBoxLayout()
        sentences = QVBoxLayout()
        sentences.addWidget(self._items)
        sentences.addWidget(self._reason)
        foot.addLayout(sentences, 1)
        foot.addWidget(self.start_button, 0, Qt.AlignmentFlag.AlignBottom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.MARGIN, theme.MARGIN, theme.MARGIN, theme.MARGIN)
        layout.addWidget(splitter, 1)
        layout.addLayout(foot)

    def _scrolled(self) -> QScrollArea:
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.SPACING, 0)
        for label in (self._title, self._source_paper):
            column.addWidget(label)
        column.addSpacing(theme.SPACING)
        column.addWidget(self.options)
        column.addSpacing(theme.SPACING)
        head = QHBoxLayout()
        head.addWidget(self._parameters_title, 1)
        head.addWidget(self.reset_button)
        column.addLayout(head)
        column.addWidget(self.form)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return area

    def _connect(self) -> None:
        self.options.preset_changed.connect(self._on_preset_chosen)
        self.options.changed.connect(self.refresh)
        self.form.changed.connect(self.refresh)
        self.reset_button.clicked.connect(self.form.reset)
        self.start_button.clicked.connect(self.start)

    def _describe(self) -> None:
        declaration = self._declaration
        if declaration is None:
            return
        self._title.setText(detector_title(declaration))
        self._source_paper.setText(translate("NewRun", "After {paper}").format(paper=declaration.source))

    @Slot(str)
    def _on_chosen(self, _key: str) -> None:
        declaration = self.detectors.current()
        if declaration is None or declaration is self._declaration:
            return
        self._declaration = declaration
        self._describe()
        with QSignalBlocker(self.options), QSignalBlocker(self.form):
            self.options.set_takes(declaration.takes)
            self.form.set_model(declaration.parameters, self._preset_values(declaration))
        self._order_tabs()
        self.refresh()

    @Slot()
    def _on_preset_chosen(self) -> None:
        if self._declaration is not None:
            self.form.set_base(self._preset_values(self._declaration))

    def _preset_values(self, declaration: Declaration) -> Mapping[str, Any]:
        return declaration.presets.get(self.options.chosen_preset(), {})

    def _order_tabs(self) -> None:
        stops = [self.detectors, *self.options.stops(), self.reset_button, *self.form.stops(), self.start_button]
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)
