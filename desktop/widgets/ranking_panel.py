"""The ranked list under the choice of what it lists."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from core.vocabulary import Label, Verdict
from desktop.models.ranking import RankingModel
from desktop.models.review_basis import EVERYTHING, Choice
from desktop.widgets.counts_table import CellKey
from desktop.widgets.ranked_list import RankedList
from desktop.widgets.thumbnails import ThumbnailStore
from desktop.words import translate

_REVIEW: Final = frozenset({Verdict.REVIEW})
CHOICES: Final[tuple[Choice, ...]] = (
    EVERYTHING,
    Choice.cell(Label.DEFECTIVE, Verdict.OK),
    Choice.cell(Label.GOOD, Verdict.NG),
    Choice(None, _REVIEW),
    Choice.cell(Label.GOOD, Verdict.OK),
    Choice.cell(Label.GOOD, Verdict.REVIEW),
    Choice.cell(Label.DEFECTIVE, Verdict.REVIEW),
    Choice.cell(Label.DEFECTIVE, Verdict.NG),
    Choice(frozenset({Label.NONE})),
    Choice(frozenset({Label.UNSURE})),
)


class RankingPanel(QWidget):
    """`choice_made(choice)`: a person chose what to list. `data_requested`: show the listed items on the Data page."""

    choice_made = Signal(object)
    data_requested = Signal()

    def __init__(self, model: RankingModel, thumbnails: ThumbnailStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.choices: Final = QComboBox(self)
        self.choices.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.order: Final = QToolButton(self)
        self.order.setCheckable(True)
        self.count: Final = QLabel(self)
        self.to_data: Final = QToolButton(self)
        self.list: Final = RankedList(model, thumbnails, self)
        self.nothing: Final = QLabel(self)
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._total = 0
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.choices, 1)
        first.addWidget(self.order)
        second.addWidget(self.count, 1)
        second.addWidget(self.to_data)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(first)
        layout.addLayout(second)
        layout.addWidget(self.nothing, 1)
        layout.addWidget(self.list, 1)
        self.choices.activated.connect(self._on_activated)
        self.order.toggled.connect(self._on_order)
        self.to_data.clicked.connect(self.data_requested)
        model.modelReset.connect(self._on_reset)
        self.retranslate()
        self._on_reset()

    def show_total(self, total: int) -> None:
        """How many items there are to choose from."""
        self._total = total
        self._on_reset()

    def choose(self, choice: Choice) -> None:
        """Lists what `choice` names; emits nothing."""
        with QSignalBlocker(self.choices):
            self.choices.setCurrentIndex(CHOICES.index(choice))
        self._model.set_choice(choice)

    def choose_cell(self, cell: CellKey | None) -> None:
        """The items behind a count of the confusion table, None for all."""
        self.choose(EVERYTHING if cell is None else Choice.cell(*cell))

    def title(self) -> str:
        """What is listed, in words."""
        return f"{self.choices.currentText()} ({self._model.rowCount():,})"

    def _on_activated(self, index: int) -> None:
        self._model.set_choice(CHOICES[index])
        self.choice_made.emit(CHOICES[index])

    def _on_order(self, ascending: bool) -> None:
        self._model.set_choice(self._model.choice, descending=not ascending)
        self._show_order()

    def _on_reset(self) -> None:
        listed = self._model.rowCount()
        self.count.setText(translate("ReviewPage", "{listed} of {total}").format(listed=f"{listed:,}", total=f"{self._total:,}"))
        self.to_data.setEnabled(listed > 0)
        self.list.setVisible(listed > 0)
        self.nothing.setVisible(listed == 0)

    def _show_order(self) -> None:
        self.order.setText("▲" if self.order.isChecked() else "▼")
        lowest = translate("ReviewPage", "Lowest score first")
        highest = translate("ReviewPage", "Highest score first")
        self.order.setToolTip(lowest if self.order.isChecked() else highest)
        self.order.setAccessibleName(self.order.toolTip())

    def retranslate(self) -> None:
        names = (
            translate("ReviewPage", "All items"),
            translate("ReviewPage", "Escapes: defective, judged OK"),
            translate("ReviewPage", "Overkill: good, judged NG"),
            translate("ReviewPage", "In review"),
            translate("ReviewPage", "Good, judged OK"),
            translate("ReviewPage", "Good, in review"),
            translate("ReviewPage", "Defective, in review"),
            translate("ReviewPage", "Defective, judged NG"),
            translate("ReviewPage", "Without a label"),
            translate("ReviewPage", "Unsure"),
        )
        with QSignalBlocker(self.choices):
            chosen = max(0, self.choices.currentIndex())
            self.choices.clear()
            self.choices.addItems(names)
            self.choices.setCurrentIndex(chosen)
        self.choices.setAccessibleName(translate("ReviewPage", "Which items to list"))
        self.to_data.setText(translate("ReviewPage", "Show on Data page"))
        self.to_data.setToolTip(translate("ReviewPage", "Show the listed items as a gallery, to label many of them at once"))
        self.nothing.setText(translate("ReviewPage", "No item matches this choice."))
        self._show_order()
        self._on_reset()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
