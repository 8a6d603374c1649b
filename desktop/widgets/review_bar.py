"""Which run is reviewed and on which items."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLabel, QRadioButton, QSizePolicy, QWidget

from core.detectors.catalog import detector_class
from core.problems import ProblemError
from core.project.runs import RunRecord
from core.vocabulary import Split
from desktop.words import detector_title, split_word, translate

BASES: Final = (Split.CALIBRATION, Split.TEST, None)  # None: all items of the run's kind


def run_title(run: RunRecord) -> str:
    """Number, detector, preset and time of a run; the key of a detector that this program does not have."""
    try:
        title = detector_title(detector_class(run.detector).declaration)
    except ProblemError:
        title = run.detector
    when = (run.finished_at or run.created_at)[:16].replace("T", " ")
    return f"{run.id}  {title}  ·  {when} UTC"


class RunChooser(QComboBox):
    """The finished runs, newest first. `run_chosen(id)`: a person chose another one."""

    run_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(24)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(self._on_activated)

    def show_runs(self, runs: list[RunRecord], current: int | None) -> None:
        with QSignalBlocker(self):
            self.clear()
            for run in sorted(runs, key=lambda run: run.id, reverse=True):
                self.addItem(run_title(run), run.id)
            self.setCurrentIndex(-1 if current is None else self.findData(current))
        self.setToolTip(self.currentText())

    def _on_activated(self, index: int) -> None:
        self.setToolTip(self.currentText())
        self.run_chosen.emit(self.itemData(index))


class ReviewBar(QWidget):
    """`basis_chosen`: a `Split`, or None for all items."""

    basis_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs: Final = RunChooser(self)
        self.bases: Final = {split: QRadioButton(self) for split in BASES}
        self._counts: dict[Split | None, int] = {}
        self._run_label: Final = QLabel(self)
        self._basis_label: Final = QLabel(self)
        self._run_label.setBuddy(self.runs)
        self._group: Final = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._run_label)
        layout.addWidget(self.runs, 1)
        layout.addSpacing(16)
        layout.addWidget(self._basis_label)
        for button in self.bases.values():
            self._group.addButton(button)
            layout.addWidget(button)
            button.clicked.connect(self._on_clicked)
        layout.addStretch(1)
        self.retranslate()

    def show_basis(self, split: Split | None, counts: dict[Split | None, int]) -> None:
        """`counts`: the number of items behind each choice; an empty one cannot be chosen."""
        self._counts = counts
        self.bases[split].setChecked(True)
        self.retranslate()

    def _on_clicked(self) -> None:
        self.basis_chosen.emit(next(split for split, button in self.bases.items() if button.isChecked()))

    def retranslate(self) -> None:
        self._run_label.setText(translate("ReviewPage", "&Run"))
        self.runs.setAccessibleName(translate("ReviewPage", "Run"))
        self._basis_label.setText(translate("ReviewPage", "on"))
        for split, button in self.bases.items():
            count = self._counts.get(split, 0)
            word = translate("ReviewPage", "all items") if split is None else split_word(split)
            button.setText(f"{word} ({count:,})")
            button.setEnabled(count > 0)
            reason = "" if count else translate("ReviewPage", "There are no items of this kind in this split.")
            button.setToolTip(reason)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
