"""Where the thresholds are set: histogram, numbers, rules and what they cost, all moving together."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.models.review_basis import ReviewBasis, Thresholds
from desktop.models.score_groups import ScoreGroups
from desktop.widgets.counts_table import CountsTable
from desktop.widgets.score_histogram import ScoreHistogram
from desktop.widgets.threshold_rules import ThresholdRules
from desktop.words import translate


class ThresholdDesk(QWidget):
    """`moved(t1, t2)` in every frame of a drag, after the counts here follow; `committed(t1, t2)` once a person has decided by hand.

    `rule_chosen(rule, share)` and `cell_chosen((label, verdict) or None)` are passed on.
    """

    moved = Signal(float, float)
    committed = Signal(float, float)
    rule_chosen = Signal(object, float)
    cell_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.histogram: Final = ScoreHistogram(self)
        self.rules: Final = ThresholdRules(self)
        self.counts: Final = CountsTable(self)
        self.sentence: Final = QLabel(self)
        self._basis: ReviewBasis | None = None
        self._lay_out()
        self.histogram.moved.connect(self._on_moved)
        self.histogram.committed.connect(self.committed)
        self.rules.value_typed.connect(self._on_typed)
        self.rules.simple_toggled.connect(self._on_simple)
        self.rules.rule_chosen.connect(self.rule_chosen)
        self.counts.cell_chosen.connect(self.cell_chosen)

    def _lay_out(self) -> None:
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.rules.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.counts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        left = QVBoxLayout()
        left.setSpacing(2)
        left.addWidget(self.histogram, 1)
        left.addWidget(self.sentence)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(16)
        layout.addLayout(left, 1)
        layout.addWidget(self.rules)
        layout.addWidget(self.counts)

    @property
    def thresholds(self) -> Thresholds | None:
        """What is shown now, also in the middle of a drag."""
        return self.histogram.thresholds

    def show_basis(self, basis: ReviewBasis | None, thresholds: Thresholds | None) -> None:
        """Other items or scores."""
        self._basis = basis
        self.histogram.set_thresholds(None)
        self.histogram.set_groups(ScoreGroups() if basis is None else basis.groups)
        self.rules.fit_to(*(self.histogram.groups.span() or (0.0, 1.0)))
        self.show_thresholds(thresholds)
        self.counts.show_note(self._note())

    def update_basis(self, basis: ReviewBasis) -> None:
        """The same items under other labels."""
        self._basis = basis
        self.histogram.update_groups(basis.groups)
        self._follow(self.histogram.thresholds)
        self.counts.show_note(self._note())

    def show_thresholds(self, thresholds: Thresholds | None) -> None:
        """Committed elsewhere, or by a rule. Two different thresholds end the simple mode."""
        if thresholds is not None:
            self._set_simple(thresholds[0] == thresholds[1] and self.rules.simple.isChecked())
        self.histogram.set_thresholds(thresholds)
        self._follow(thresholds)

    def show_sentence(self, text: str) -> None:
        """Which rule or person set the thresholds, on which items."""
        self.sentence.setText(text)

    def _set_simple(self, simple: bool) -> None:
        self.rules.set_simple(simple)
        self.histogram.set_simple(simple)

    def _follow(self, thresholds: Thresholds | None) -> None:
        self.rules.show_thresholds(thresholds)
        known = self._basis is not None and thresholds is not None
        self.counts.show_counts(self._basis.counts(thresholds) if known and self._basis and thresholds else None)

    def _on_moved(self, t1: float, t2: float) -> None:
        self._follow((t1, t2))
        self.moved.emit(t1, t2)

    def _on_typed(self, index: int, value: float) -> None:
        self.histogram.move_threshold(index, value)
        self.histogram.commit_now()
        if self.histogram.thresholds is not None:
            self.rules.show_thresholds(self.histogram.thresholds)

    def _on_simple(self, simple: bool) -> None:
        self.histogram.set_simple(simple)
        if simple and self.histogram.thresholds is not None:
            self.histogram.move_threshold(1, self.histogram.thresholds[1])
            self.histogram.commit_now()

    def _note(self) -> str:
        """What enters no rate."""
        basis = self._basis
        if basis is None:
            return ""
        unlabelled, unsure, unscored = basis.unlabelled, basis.unsure, basis.unscored  # lupdate passes over a count with a dot
        words = [
            (unlabelled, translate("CountsTable", "%n unlabelled", None, unlabelled)),
            (unsure, translate("CountsTable", "%n unsure", None, unsure)),
            (unscored, translate("CountsTable", "%n without a score", None, unscored)),
        ]
        present = ", ".join(text for count, text in words if count)
        return translate("CountsTable", "In no rate: {what}.").format(what=present) if present else ""

    def retranslate(self) -> None:
        self.counts.show_note(self._note())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
