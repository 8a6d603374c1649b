"""The numbers of the thresholds and the rules that can set them."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QGridLayout, QLabel, QPushButton, QWidget

from core.evaluation.thresholds import Rule
from desktop.words import translate

RULES: Final = (Rule.GOOD_ONLY, Rule.OVERKILL, Rule.ESCAPE)
_DEFAULT_PERCENT: Final = {Rule.GOOD_ONLY: 1.0, Rule.OVERKILL: 2.0, Rule.ESCAPE: 1.0}


class ThresholdBox(QDoubleSpinBox):
    """Shows a raw score with as many digits as the scores at hand need; a value set from code keeps all of its digits."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(-1e300, 1e300)
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("-0.000000") + 34)

    def fit_to(self, low: float, high: float) -> None:
        """Digits and step for scores from `low` to `high`: a thousandth of the span."""
        span = high - low if high > low else max(abs(high), 1.0)
        power = math.floor(math.log10(span))
        with QSignalBlocker(self):
            self.setDecimals(min(12, max(0, 4 - power)))
            self.setSingleStep(10.0 ** (power - 3))

    def show_value(self, value: float) -> None:
        with QSignalBlocker(self):
            self.setValue(value)


class ThresholdRules(QWidget):
    """`value_typed(index, value)`: a person typed T1 (0) or T2 (1). `rule_chosen(rule, share)`: a fraction. `simple_toggled`: T1 = T2."""

    value_typed = Signal(int, float)
    rule_chosen = Signal(object, float)
    simple_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.simple: Final = QCheckBox(self)
        self.simple.setChecked(True)
        self.boxes: Final = (ThresholdBox(self), ThresholdBox(self))
        self._names: Final = (QLabel(self), QLabel(self))
        self.shares: Final = {rule: QDoubleSpinBox(self) for rule in RULES}
        self.buttons: Final = {rule: QPushButton(self) for rule in RULES}
        self._reasons: dict[Rule, str] = {}
        self._lay_out()
        self.boxes[0].valueChanged.connect(self._on_first_typed)
        self.boxes[1].valueChanged.connect(self._on_second_typed)
        self.simple.toggled.connect(self._on_simple)
        for rule in RULES:
            self.buttons[rule].clicked.connect(self._on_rule)
        self.retranslate()
        self._on_simple(True)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(4)
        grid.addWidget(self.simple, 0, 0, 1, 2)
        for row, (name, box) in enumerate(zip(self._names, self.boxes, strict=True), start=1):
            name.setBuddy(box)
            name.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(name, row, 0)
            grid.addWidget(box, row, 1)
        for row, rule in enumerate(RULES, start=3):
            share = self.shares[rule]
            share.setRange(0.0, 100.0)
            share.setDecimals(2)
            share.setSingleStep(0.5)
            share.setSuffix(" %")
            share.setValue(_DEFAULT_PERCENT[rule])
            grid.addWidget(self.buttons[rule], row, 0)
            grid.addWidget(share, row, 1)
        grid.setRowStretch(6, 1)

    def show_thresholds(self, thresholds: tuple[float, float] | None) -> None:
        for box, value in zip(self.boxes, thresholds or (0.0, 0.0), strict=True):
            box.setEnabled(thresholds is not None)
            box.show_value(value)

    def fit_to(self, low: float, high: float) -> None:
        for box in self.boxes:
            box.fit_to(low, high)

    def set_simple(self, simple: bool) -> None:
        """From code: emits nothing."""
        with QSignalBlocker(self.simple):
            self.simple.setChecked(simple)
        self._show_mode(simple)

    def set_available(self, reasons: dict[Rule, str]) -> None:
        """`reasons` holds the rules that cannot be used and one sentence each that says why."""
        self._reasons = reasons
        self._explain()

    def set_least(self, rule: Rule, share: float) -> None:
        """The smallest share (a fraction) that a rule can hold with the items there are."""
        with QSignalBlocker(self.shares[rule]):
            self.shares[rule].setMinimum(math.ceil(share * 10_000 - 1e-9) / 100)

    def _explain(self) -> None:
        tips = {
            Rule.GOOD_ONLY: translate("ThresholdRules", "Promises that on average at most this share of good parts becomes overkill."),
            Rule.OVERKILL: translate("ThresholdRules", "The lowest T2 at which at most this share of the good parts is overkill."),
            Rule.ESCAPE: translate("ThresholdRules", "The highest T1 at which at most this share of the defective parts escapes."),
        }
        for rule in RULES:
            usable = rule not in self._reasons
            self.buttons[rule].setEnabled(usable)
            self.shares[rule].setEnabled(usable)
            basis = translate("ThresholdRules", "Rules look at calibration items only.")
            text = tips[rule] + " " + (basis if usable else self._reasons[rule])
            self.buttons[rule].setToolTip(text)
            self.shares[rule].setToolTip(text)

    def _on_first_typed(self, value: float) -> None:
        self.value_typed.emit(0, value)

    def _on_second_typed(self, value: float) -> None:
        self.value_typed.emit(1, value)

    def _on_simple(self, simple: bool) -> None:
        self._show_mode(simple)
        self.simple_toggled.emit(simple)

    def _show_mode(self, simple: bool) -> None:
        self.boxes[0].setVisible(not simple)
        self._names[0].setVisible(not simple)
        self._names[1].setText("T" if simple else "T2")

    def _on_rule(self) -> None:
        rule = next(rule for rule, button in self.buttons.items() if button is self.sender())
        self.rule_chosen.emit(rule, self.shares[rule].value() / 100)

    def retranslate(self) -> None:
        self.simple.setText(translate("ThresholdRules", "One threshold"))
        self.simple.setToolTip(translate("ThresholdRules", "Without REVIEW: every part is OK or NG (T1 = T2)."))
        self._names[0].setText("T1")
        self._names[1].setText("T" if self.simple.isChecked() else "T2")
        for index, box in enumerate(self.boxes):
            box.setAccessibleName(translate("ScoreHistogram", "Threshold {name}").format(name=f"T{index + 1}"))
        names = {
            Rule.GOOD_ONLY: translate("ThresholdRules", "Good only"),
            Rule.OVERKILL: translate("ThresholdRules", "Overkill ≤"),
            Rule.ESCAPE: translate("ThresholdRules", "Escape ≤"),
        }
        for rule, name in names.items():
            self.buttons[rule].setText(name)
            self.shares[rule].setAccessibleName(name)
        self._explain()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
