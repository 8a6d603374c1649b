"""What each column of a table row has to do with its score, as a Qt model. Everything is in the column's own unit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.words import translate

_NO_PARENT: Final = QModelIndex()


@dataclass(frozen=True, kw_only=True)
class Contribution:
    """One column of one row. Numbers are NaN where nothing is known.

    value and expected: in `unit`. low and high: the usual range, 1 to 99 % of the good training rows. share: of the score, a fraction
    of 0 to 1. value_text and expected_text: the words of a text column, empty for numbers.
    """

    name: str
    unit: str
    value: float
    expected: float
    low: float
    high: float
    share: float
    value_text: str = ""
    expected_text: str = ""

    @property
    def unusual(self) -> bool:
        """Outside the usual range."""
        return self.value < self.low or self.value > self.high

    @property
    def is_text(self) -> bool:
        return bool(self.value_text or self.expected_text)


class ContributionColumn(IntEnum):
    NAME = 0
    VALUE = 1
    EXPECTED = 2
    DIFFERENCE = 3
    RANGE = 4
    SHARE = 5


def number_text(value: float) -> str:
    """A measured number to five digits, a dash when it is missing."""
    return "–" if math.isnan(value) else f"{value:.5g}"


class ContributionModel(QAbstractTableModel):
    """The columns of the shown row, largest share first or in the order of the table."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Contribution, ...] = ()
        self._shown: list[Contribution] = []
        self._filter = ""
        self._sort_column = ContributionColumn.SHARE
        self._descending = True

    def set_contributions(self, contributions: Sequence[Contribution]) -> None:
        self._all = tuple(contributions)
        self._arrange()

    def set_filter(self, text: str) -> None:
        """Shows only columns whose name contains `text`."""
        self._filter = text.strip().casefold()
        self._arrange()

    def contribution(self, row: int) -> Contribution:
        return self._shown[row]

    def retranslate(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(ContributionColumn) - 1)

    def _arrange(self) -> None:
        self.beginResetModel()
        self._shown = [entry for entry in self._all if self._filter in entry.name.casefold()]
        if self._sort_column is ContributionColumn.NAME:
            self._shown.sort(key=lambda entry: entry.name.casefold(), reverse=self._descending)
        elif self._sort_column is ContributionColumn.SHARE:
            self._shown.sort(key=lambda entry: entry.share if entry.share == entry.share else -1, reverse=self._descending)
        self.endResetModel()

    # Qt's virtual methods

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(ContributionColumn)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """By name or share; any other column gives the order of the table."""
        self._sort_column = ContributionColumn(column) if column >= 0 else ContributionColumn.VALUE
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(ContributionColumn):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(self._alignment(ContributionColumn(section)))
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            ContributionColumn.NAME: translate("ContributionTable", "Column"),
            ContributionColumn.VALUE: translate("ContributionTable", "Value"),
            ContributionColumn.EXPECTED: translate("ContributionTable", "Expected"),
            ContributionColumn.DIFFERENCE: translate("ContributionTable", "Difference"),
            ContributionColumn.RANGE: translate("ContributionTable", "Usual range (1–99 % of good)"),
            ContributionColumn.SHARE: translate("ContributionTable", "Share of score"),
        }[ContributionColumn(section)]

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        column = ContributionColumn(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(self._shown[index.row()], column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(self._alignment(column))
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tool_tip(self._shown[index.row()], column)
        return None

    @staticmethod
    def _alignment(column: ContributionColumn) -> Qt.AlignmentFlag:
        if column is ContributionColumn.RANGE:
            return Qt.AlignmentFlag.AlignCenter
        numbers = (ContributionColumn.VALUE, ContributionColumn.EXPECTED, ContributionColumn.DIFFERENCE)
        side = Qt.AlignmentFlag.AlignRight if column in numbers else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    @staticmethod
    def _text(entry: Contribution, column: ContributionColumn) -> str:
        if column is ContributionColumn.NAME:
            return entry.name
        if column is ContributionColumn.VALUE:
            return entry.value_text or f"{number_text(entry.value)} {entry.unit}".strip()
        if column is ContributionColumn.EXPECTED:
            return entry.expected_text or number_text(entry.expected)
        if column is ContributionColumn.DIFFERENCE:
            difference = entry.value - entry.expected
            return "" if entry.is_text or math.isnan(difference) else f"{difference:+.4g}"
        if column is ContributionColumn.RANGE:
            return "" if math.isnan(entry.low) else f"{number_text(entry.low)} – {number_text(entry.high)}"
        return "–" if math.isnan(entry.share) else f"{100 * entry.share:.0f} %"

    @staticmethod
    def _tool_tip(entry: Contribution, column: ContributionColumn) -> str:
        if column is ContributionColumn.RANGE and not math.isnan(entry.low):
            inside = translate("ContributionTable", "98 % of the good training rows lie between {low} and {high} {unit}.")
            return inside.format(low=number_text(entry.low), high=number_text(entry.high), unit=entry.unit)
        if column is ContributionColumn.EXPECTED:
            return translate("ContributionTable", "What a good row would have here, in the same unit")
        return ""
