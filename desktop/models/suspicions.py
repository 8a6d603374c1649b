"""Names with a number each, how suspicious a run finds them, as a Qt model of any length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

_NO_PARENT: Final = QModelIndex()
NAME, SUSPICION = 0, 1


class SuspicionModel(QAbstractTableModel):
    """Two columns: the name and the suspicion, in the order in which they are given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names: Sequence[str] = ()
        self._suspicions: Sequence[float] = ()
        self._headings = ("", "")

    def set_entries(self, names: Sequence[str], suspicions: Sequence[float]) -> None:
        """As many suspicions as names; the largest first is what a person expects."""
        self.beginResetModel()
        self._names, self._suspicions = names, suspicions
        self.endResetModel()

    def set_headings(self, name: str, suspicion: str) -> None:
        """Translated texts."""
        self._headings = (name, suspicion)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, NAME, SUSPICION)

    # Qt's virtual methods

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self._headings):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_alignment(section))
        return self._headings[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_alignment(index.column()))
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == NAME:
            return str(self._names[index.row()])
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return str(self._names[index.row()]) if index.column() == NAME else f"{self._suspicions[index.row()]:.4g}"


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == SUSPICION else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
