"""A box for one number that keeps exactly what was typed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QSizePolicy, QWidget

NARROW_RANGE: Final = 256
LADDER: Final = (Decimal(1), Decimal(2), Decimal(5), Decimal(10))


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The range of a number; None is no limit. `low_excluded` and `high_excluded`: the limit itself is out of range."""

    low: float | None = None
    high: float | None = None
    low_excluded: bool = False
    high_excluded: bool = False
    multiple_of: float | None = None

    def allow(self, value: float) -> bool:
        """Whether `value` lies in the range; says nothing of `multiple_of`, which pydantic checks with its own tolerance."""
        if not math.isfinite(value):
            return False
        above = self.low is None or value > self.low or (value == self.low and not self.low_excluded)
        below = self.high is None or value < self.high or (value == self.high and not self.high_excluded)
        return above and below


def number_text(value: float) -> str:
    """The shortest text that reads back as exactly `value`, without exponent from 1e-7 to 1e15."""
    if isinstance(value, int):
        return str(value)
    if value != 0 and not 1e-7 <= abs(value) < 1e15:
        return repr(value)
    text = f"{Decimal(repr(value)):f}"
    return text.removesuffix(".0")


def number_from_text(text: str, *, whole: bool) -> float | None:
    """The number that `text` spells, with a point or a comma as decimal sign; None if it spells none."""
    try:
        return int(text) if whole else float(text.replace(",", ".").replace("−", "-"))
    except ValueError:
        return None


def _ladder(value: Decimal, direction: int) -> Decimal:
    """The next number above or below a positive `value` on the ladder 1, 2, 5, 10, 20, 50, ..."""
    decade = Decimal(1).scaleb(value.adjusted())
    rungs = [decade * factor for factor in LADDER]
    if direction > 0:
        return next(rung for rung in rungs if rung > value)
    below = [rung for rung in rungs if rung < value]
    return below[-1] if below else decade / 2


def _advance(value: Decimal, *, whole: bool, limits: Limits, default: float) -> Decimal | None:
    """By how much one step changes `value`; None if the steps of this range grow with the value."""
    if limits.multiple_of is not None:
        return Decimal(repr(limits.multiple_of))
    width = limits.high - limits.low if limits.low is not None and limits.high is not None else math.inf
    if whole:
        return Decimal(1) if width <= NARROW_RANGE or abs(value) < 20 else Decimal(1).scaleb(value.adjusted() - 1)
    if width < math.inf and default >= width / 100:
        return Decimal(1).scaleb(Decimal(repr(width)).adjusted()) / 20
    return None


def _next(value: Decimal, direction: int, *, whole: bool, limits: Limits, default: float) -> Decimal:
    advance = _advance(value, whole=whole, limits=limits, default=default)
    if advance is not None:
        return value + direction * advance
    if value == 0:
        return direction * Decimal(repr(abs(default) or 1.0)) / 10
    return _ladder(value, direction) if value > 0 else -_ladder(-value, -direction)


class NumberBox(QAbstractSpinBox):
    """Unlike QDoubleSpinBox it rounds nothing to a number of decimals, and unlike QSpinBox it knows whole numbers of any size.

    What was typed stays, right or wrong: `value` is None while the text is no number, and the caller says what is wrong with a number
    out of range. Changing a wrong number silently to an allowed one would train with a value that nobody chose.
    """

    value_changed = Signal()

    def __init__(self, *, whole: bool, limits: Limits, default: float = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.whole: Final = whole
        self.limits: Final = limits
        self._default = default
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setValue(default)
        self.lineEdit().textChanged.connect(self._on_text_changed)

    def value(self) -> float | None:
        """An int if the box holds whole numbers, else a float; None while the text is no number."""
        return number_from_text(self.lineEdit().text().strip(), whole=self.whole)

    def setValue(self, value: float) -> None:
        self.lineEdit().setText(number_text(value if self.whole else float(value)))

    def stepBy(self, steps: int) -> None:
        current = self.value()
        if current is None:
            self.setValue(self._default)
            return
        wanted = Decimal(repr(current)) if not self.whole else Decimal(int(current))
        for _ in range(abs(steps)):
            wanted = _next(wanted, 1 if steps > 0 else -1, whole=self.whole, limits=self.limits, default=self._default)
        self.setValue(self._within(wanted))
        self.selectAll()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        current = self.value()
        if self.isReadOnly():
            return flags
        if current is None or self.limits.high is None or current < self.limits.high:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if current is None or self.limits.low is None or current > self.limits.low:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return flags

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        return QValidator.State.Acceptable, text, position

    def wheelEvent(self, event: QWheelEvent) -> None:
        # in a form that scrolls, a turn of the wheel must not change what happens to lie under the pointer
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance("0" * 12) + hint.height(), hint.height())

    def minimumSizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance("0" * 8) + hint.height(), hint.height())

    def _within(self, wanted: Decimal) -> float:
        value: float = int(wanted) if self.whole else float(wanted)
        low, high = self.limits.low, self.limits.high
        if low is not None and value <= low:
            value = self._inside(low, math.inf) if self.limits.low_excluded else low
        if high is not None and value >= high:
            value = self._inside(high, -math.inf) if self.limits.high_excluded else high
        return int(value) if self.whole else value

    def _inside(self, limit: float, direction: float) -> float:
        """The outermost allowed number beside an excluded `limit`; of fractions, the one that was there stays."""
        if self.whole:
            return int(limit) + (1 if direction > 0 else -1)
        current = self.value()
        return current if current is not None and self.limits.allow(current) else self._default

    def _on_text_changed(self) -> None:
        self.update()
        self.value_changed.emit()
