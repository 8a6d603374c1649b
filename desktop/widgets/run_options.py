"""How a run is made, whatever the detector: effort with its time, what to learn from, whole images or tiles, where, with which seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from core.detectors.base import PRESETS
from core.training.devices import AUTO, CPU, device_title
from core.training.request import SMALLEST_TILE
from core.vocabulary import Kind
from desktop.widgets.muted_label import MutedLabel
from desktop.widgets.number_box import Limits, NumberBox
from desktop.widgets.parameter_fields import QuietComboBox
from desktop.words import translate

LARGEST_SEED: Final = 2**31 - 1
LARGEST_TILE: Final = 100_000
USUAL_TILE: Final = 256
STANDARD: Final = "standard"


def preset_title(preset: str) -> str:
    """The word for a preset of `core.detectors.base.PRESETS`."""
    return {
        "quick": translate("NewRun", "Quick"),
        "standard": translate("NewRun", "Standard"),
        "thorough": translate("NewRun", "Thorough"),
    }[preset]


@dataclass(frozen=True)
class _Choice:
    """An entry of "Learn from": everything of a kind, or one source."""

    kind: Kind | None
    source_ids: tuple[int, ...] | None
    name: str


class RunOptions(QWidget):
    """`changed`: any of them; `preset_changed`: the effort, on which the values of the parameters depend."""

    changed = Signal()
    preset_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._devices: list[str] = [CPU]
        self._sources: list[tuple[int, Kind, str]] = []
        self._takes: frozenset[Kind] = frozenset()
        self._choices: list[_Choice] = [_Choice(None, None, "")]
        self._times: Mapping[str, str] = {}
        self.preset: Final = QuietComboBox(self)
        self.preset.setSizeAdjustPolicy(QuietComboBox.SizeAdjustPolicy.AdjustToContents)  # its texts grow when times are known
        self.source: Final = QuietComboBox(self)
        self.device: Final = QuietComboBox(self)
        self.tiled: Final = QCheckBox(self)
        self.tile_size: Final = NumberBox(whole=True, limits=Limits(low=SMALLEST_TILE, high=LARGEST_TILE), default=USUAL_TILE, parent=self)
        self.seed: Final = NumberBox(whole=True, limits=Limits(low=0, high=LARGEST_SEED), parent=self)
        self._arrange()
        self._connect()
        self.retranslate()

    def set_devices(self, devices: Sequence[str]) -> None:
        """Torch device names, fastest first."""
        self._devices = list(devices)
        self._fill_devices()

    def set_sources(self, sources: Sequence[tuple[int, Kind, str]]) -> None:
        """Id, kind and name of each source of the project; a person is asked only if there is more than one to learn from."""
        self._sources = list(sources)
        self._offer_sources()

    def set_takes(self, takes: frozenset[Kind]) -> None:
        """The kinds of items that the chosen detector takes."""
        self._takes = takes
        self._offer_sources()

    def set_times(self, times: Mapping[str, str]) -> None:
        """How long a run with each preset would take, in words; a preset that is missing shows nothing."""
        if times != self._times:
            self._times = dict(times)
            for place, preset in enumerate(PRESETS):
                self.preset.setItemText(place, self._preset_text(preset))

    def chosen_preset(self) -> str:
        return PRESETS[self.preset.currentIndex()]

    def chosen_device(self) -> str:
        return [AUTO, *self._devices][self.device.currentIndex()]

    def source_ids(self) -> tuple[int, ...] | None:
        """None for all sources."""
        return self._choice().source_ids

    def chosen_kind(self) -> Kind | None:
        """None where the detector and the project leave no choice."""
        return self._choice().kind

    def chosen_tile_size(self) -> int | None:
        """Pixels; None for whole images."""
        value = self.tile_size.value()
        return int(value) if value is not None and self._offers_tiles() and self.tiled.isChecked() else None

    def chosen_seed(self) -> int | None:
        """None while the entry is not allowed."""
        seed = self.seed.value()
        return int(seed) if seed is not None and self.seed.limits.allow(seed) else None

    def are_valid(self) -> bool:
        """Whether every entry can be used."""
        value = self.tile_size.value()
        tile_allowed = not (self._offers_tiles() and self.tiled.isChecked()) or (value is not None and self.tile_size.limits.allow(value))
        return self.chosen_seed() is not None and tile_allowed

    def stops(self) -> list[QWidget]:
        """Where the focus goes, in order."""
        return [self.preset, self.source, self.tiled, self.tile_size, self.device, self.seed]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        titles = {
            self.preset: translate("NewRun", "Effort"),
            self.source: translate("NewRun", "Learn from"),
            self.device: translate("NewRun", "Run on"),
            self.seed: translate("NewRun", "Seed"),
        }
        for box, text in titles.items():
            self._titles[box].setText(text)
            box.setAccessibleName(text)
        self._titles[self._tiles].setText(translate("NewRun", "Tiles"))
        self.tiled.setText(translate("NewRun", "show the detector tiles of"))
        self.tile_size.setAccessibleName(translate("NewRun", "Tile size"))
        self._tile_unit.setText(translate("NewRun", "px"))
        self._tile_help.setText(
            translate("NewRun", "For small defects on large images: overlapping squares of the image instead of the whole, made smaller.")
        )
        self.tiled.setAccessibleDescription(self._tile_help.text())
        self._seed_help.setText(translate("NewRun", "Start of all random draws, 0 too. The same seed gives the same scores again."))
        self._seed_error.setText(translate("NewRun", "Not allowed. Enter a whole number from 0 to {high}.").format(high=LARGEST_SEED))
        self._tile_error.setText(
            translate("NewRun", "Not allowed. Enter a whole number from {low} to {high}.").format(low=SMALLEST_TILE, high=LARGEST_TILE)
        )
        self.seed.setAccessibleDescription(self._seed_help.text())
        self._fill_presets()
        self._fill_devices()
        self._offer_sources()

    def _arrange(self) -> None:
        self._tiles = QWidget(self)
        row = QHBoxLayout(self._tiles)
        row.setContentsMargins(0, 0, 0, 0)
        self._tile_unit = QLabel(self)
        for widget in (self.tiled, self.tile_size, self._tile_unit):
            row.addWidget(widget)
        boxes: tuple[QWidget, ...] = (self.preset, self.source, self._tiles, self.device, self.seed)
        self._titles = {box: QLabel(self) for box in boxes}
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        for box, label in self._titles.items():
            label.setBuddy(self.tiled if box is self._tiles else box)
            self._form.addRow(label, box)
        self._tile_help, self._tile_error, self._seed_help, self._seed_error = (MutedLabel(self) for _ in range(4))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._form)
        for note in (self._tile_help, self._tile_error, self._seed_help, self._seed_error):
            layout.addWidget(note)
        for error in (self._tile_error, self._seed_error):
            error.set_muted(False)
        self.tile_size.setEnabled(False)

    def _connect(self) -> None:
        self.preset.currentIndexChanged.connect(self.preset_changed)
        for box in (self.preset, self.source, self.device):
            box.currentIndexChanged.connect(self._on_changed)
        self.tiled.toggled.connect(self.tile_size.setEnabled)
        self.tiled.toggled.connect(self._on_changed)
        self.tile_size.value_changed.connect(self._on_changed)
        self.seed.value_changed.connect(self._on_changed)

    @Slot()
    def _on_changed(self) -> None:
        self._show_notes()
        self.changed.emit()

    def _show_notes(self) -> None:
        offers = self._offers_tiles()
        value = self.tile_size.value()
        wrong = offers and self.tiled.isChecked() and (value is None or not self.tile_size.limits.allow(value))
        self._form.setRowVisible(self._tiles, offers)
        self._tile_help.setVisible(offers and self.tiled.isChecked() and not wrong)
        self._tile_error.setVisible(wrong)
        self._seed_error.setVisible(self.chosen_seed() is None)

    def _choice(self) -> _Choice:
        return self._choices[max(self.source.currentIndex(), 0)]

    def _offers_tiles(self) -> bool:
        """Only images can be cut."""
        choice = self._choice()
        kinds = {kind for _, kind, _ in self._sources} & self._takes
        if choice.source_ids is not None:
            kinds = {kind for source_id, kind, _ in self._sources if source_id in choice.source_ids}
        return Kind.IMAGE in kinds and choice.kind in (None, Kind.IMAGE)

    def _preset_text(self, preset: str) -> str:
        time = self._times.get(preset)
        if time is None:
            return preset_title(preset)
        return translate("NewRun", "{effort}: about {time}").format(effort=preset_title(preset), time=time)

    def _fill_presets(self) -> None:
        chosen = self.preset.currentIndex()
        with QSignalBlocker(self.preset):
            self.preset.clear()
            self.preset.addItems([self._preset_text(preset) for preset in PRESETS])
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
        before = self._choice()
        usable = [source for source in self._sources if source[1] in self._takes]
        if {kind for _, kind, _ in usable} == set(Kind):
            choices = [
                _Choice(Kind.IMAGE, None, translate("NewRun", "all images")),
                _Choice(Kind.ROW, None, translate("NewRun", "all tables")),
            ]
        else:
            choices = [_Choice(None, None, translate("NewRun", "all sources"))]
        self._choices = choices + [_Choice(None, (source_id,), name) for source_id, _, name in usable]
        same = [place for place, choice in enumerate(self._choices) if (choice.kind, choice.source_ids) == (before.kind, before.source_ids)]
        with QSignalBlocker(self.source):
            self.source.clear()
            self.source.addItems([choice.name for choice in self._choices])
            self.source.setCurrentIndex(same[0] if same else 0)
        self._form.setRowVisible(self.source, len(usable) > 1)
        self._show_notes()
