"""The form for a new run: which detector, with which parameters, where, with which seed, and on how many items."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSplitter, QVBoxLayout, QWidget

from core.detectors.base import PRESETS, Declaration
from core.training.devices import AUTO, CPU, device_title
from core.training.request import TrainingRequest
from core.vocabulary import Kind
from desktop import theme
from desktop.widgets.detector_list import DetectorList
from desktop.widgets.muted_label import MutedLabel
from desktop.widgets.number_box import Limits, NumberBox
from desktop.widgets.parameter_fields import QuietComboBox
from desktop.widgets.parameter_form import ParameterForm
from desktop.words import detector_title, translate

LARGEST_SEED: Final = 2**31 - 1
STANDARD: Final = "standard"
DETECTORS_WIDTH: Final = 200


def preset_title(preset: str) -> str:
    """The word for a preset of `core.detectors.base.PRESETS`."""
    return {
        "quick": translate("NewRun", "Quick"),
        "standard": translate("NewRun", "Standard"),
        "thorough": translate("NewRun", "Thorough"),
    }[preset]


class NewRun(QWidget):
    """`requested` carries a `TrainingRequest`. `inspect` is asked after every change, and answers with two sentences: which items the run
    will use, and why it cannot start (empty if it can)."""

    requested = Signal(object)
    changed = Signal()

    def __init__(self, inspect: Callable[[TrainingRequest], tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inspect = inspect
        self._declaration: Declaration | None = None
        self._devices: list[str] = [CPU]
        self._all_sources: list[tuple[int, Kind, str]] = []
        self._sources: list[tuple[int, str]] = []
        self.detectors = DetectorList(self)
        self.detectors.chosen.connect(self._on_chosen)
        self.preset = QuietComboBox(self)
        self.form = ParameterForm(self)
        self.source = QuietComboBox(self)
        self.device = QuietComboBox(self)
        self.seed = NumberBox(whole=True, limits=Limits(low=0, high=LARGEST_SEED), parent=self)
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

    def set_devices(self, devices: Sequence[str]) -> None:
        """Torch device names, fastest first."""
        self._devices = list(devices)
        self._fill_devices()

    def set_sources(self, sources: Sequence[tuple[int, Kind, str]]) -> None:
        """Id, kind and name of each source of the project; a person is asked only if there is more than one to learn from."""
        self._all_sources = list(sources)
        self._offer_sources()

    def declaration(self) -> Declaration | None:
        return self._declaration

    def source_ids(self) -> tuple[int, ...] | None:
        """None for all sources."""
        place = self.source.currentIndex()
        return None if place <= 0 or place > len(self._sources) else (self._sources[place - 1][0],)

    def request(self) -> TrainingRequest | None:
        """What is asked for, or None while something is missing or not allowed."""
        seed = self.seed.value()
        if self._declaration is None or self.form.parameters() is None or seed is None or not self.seed.limits.allow(seed):
            return None
        return TrainingRequest(
            detector=self._declaration.key,
            parameters=self.form.overrides(),
            preset=PRESETS[self.preset.currentIndex()],
            seed=int(seed),
            device=[AUTO, *self._devices][self.device.currentIndex()],
            source_ids=self.source_ids(),
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
        self._seed_error.setVisible(not self._seed_allowed())
        self.changed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self._detectors_title.setText(translate("NewRun", "Detector"))
        self._preset_title.setText(translate("NewRun", "Effort"))
        self._source_title.setText(translate("NewRun", "Learn from"))
        self._device_title.setText(translate("NewRun", "Run on"))
        self._seed_title.setText(translate("NewRun", "Seed"))
        self._seed_help.setText(translate("NewRun", "Start of all random draws, 0 too. The same seed gives the same scores again."))
        self._seed_error.setText(translate("NewRun", "Not allowed. Enter a whole number from 0 to {high}.").format(high=LARGEST_SEED))
        self._parameters_title.setText(translate("NewRun", "Parameters"))
        self.start_button.setText(translate("NewRun", "Start training"))
        self.reset_button.setText(translate("NewRun", "Reset all"))
        self.reset_button.setToolTip(translate("NewRun", "Back to the values of the chosen effort"))
        for box, label in (
            (self.preset, self._preset_title),
            (self.source, self._source_title),
            (self.device, self._device_title),
            (self.seed, self._seed_title),
        ):
            box.setAccessibleName(label.text())
        self.seed.setAccessibleDescription(self._seed_help.text())
        self._fill_presets()
        self._fill_devices()
        self._offer_sources()
        self._describe()
        self.refresh()

    def _make_labels(self) -> None:
        self._detectors_title, self._preset_title, self._source_title = QLabel(self), QLabel(self), QLabel(self)
        self._device_title, self._seed_title, self._parameters_title = QLabel(self), QLabel(self), QLabel(self)
        self._title, self._source_paper = QLabel(self), QLabel(self)
        self._seed_help, self._seed_error = MutedLabel(self), QLabel(self)
        self._items, self._reason = QLabel(self), QLabel(self)
        for label in (self._source_paper, self._seed_help, self._seed_error, self._items, self._reason):
            label.setWordWrap(True)
        self._source_paper.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        bold = self.font()
        bold.setBold(True)
        for label in (self._seed_error, self._reason, self._parameters_title):
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
        grid = QFormLayout()
        grid.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        grid.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        for label, box in (
            (self._preset_title, self.preset),
            (self._source_title, self.source),
            (self._device_title, self.device),
            (self._seed_title, self.seed),
        ):
            label.setBuddy(box)
            grid.addRow(label, box)
        self._settings = grid
        column.addSpacing(theme.SPACING)
        column.addLayout(grid)
        column.addWidget(self._seed_help)
        column.addWidget(self._seed_error)
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
        self.preset.currentIndexChanged.connect(self._on_preset_chosen)
        self.form.changed.connect(self.refresh)
        self.source.currentIndexChanged.connect(self.refresh)
        self.device.currentIndexChanged.connect(self.refresh)
        self.seed.value_changed.connect(self.refresh)
        self.reset_button.clicked.connect(self.form.reset)
        self.start_button.clicked.connect(self.start)

    def _seed_allowed(self) -> bool:
        seed = self.seed.value()
        return seed is not None and self.seed.limits.allow(seed)

    def _fill_presets(self) -> None:
        chosen = self.preset.currentIndex()
        with QSignalBlocker(self.preset):
            self.preset.clear()
            self.preset.addItems([preset_title(preset) for preset in PRESETS])
            self.preset.setCurrentIndex(PRESETS.index(STANDARD) if chosen < 0 else chosen)

    def _fill_devices(self) -> None:
        chosen = max(self.device.currentIndex(), 0)
        with QSignalBlocker(self.device):
            self.device.clear()
            best = device_title(self._devices[0])
            self.device.addItem(translate("NewRun", "automatic ({device})").format(device=best))
            self.device.addItems([device_title(device) for device in self._devices])
            self.device.setCurrentIndex(min(chosen, len(self._devices)))

    def _offer_sources(self) -> None:
        """Those that hold what the chosen detector takes; the choice stays if it can."""
        chosen = self.source_ids()
        takes = self._declaration.takes if self._declaration is not None else frozenset()
        self._sources = [(source_id, name) for source_id, kind, name in self._all_sources if kind in takes]
        places = [place for place, (source_id, _) in enumerate(self._sources, 1) if (source_id,) == chosen]
        with QSignalBlocker(self.source):
            self.source.clear()
            self.source.addItem(translate("NewRun", "all sources"))
            self.source.addItems([name for _, name in self._sources])
            self.source.setCurrentIndex(places[0] if places else 0)
        self._settings.setRowVisible(self.source, len(self._sources) > 1)

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
        self._offer_sources()
        with QSignalBlocker(self.form):
            self.form.set_model(declaration.parameters, declaration.presets.get(PRESETS[self.preset.currentIndex()], {}))
        self._order_tabs()
        self.refresh()

    @Slot()
    def _on_preset_chosen(self) -> None:
        if self._declaration is not None:
            self.form.set_base(self._declaration.presets.get(PRESETS[self.preset.currentIndex()], {}))

    def _order_tabs(self) -> None:
        stops = [self.detectors, self.preset, self.source, self.device, self.seed, self.reset_button, *self.form.stops(), self.start_button]
        for before, after in itertools.pairwise(stops):
            QWidget.setTabOrder(before, after)
