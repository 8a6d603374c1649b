"""The columns of a table and what each is used for, as a Qt model with a choice of roles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.data.tables import TableColumn
from core.vocabulary import ColumnRole
from desktop.words import role_word, translate

AnyIndex = QModelIndex | QPersistentModelIndex
NAME, ROLE, UNIT, EXAMPLES = range(4)
# A table has at most one column of each of these roles.
_SINGLE: Final = frozenset({ColumnRole.LABEL, ColumnRole.ID, ColumnRole.GROUP, ColumnRole.TIME})
_EXAMPLES: Final = 4
_ARROW: Final = 10
_NO_PARENT: Final = QModelIndex()


class ColumnRolesModel(QAbstractTableModel):
    """One row for each column of the table: name, role, unit, first values. Role and unit can be edited."""

    def __init__(self, columns: Sequence[TableColumn], first_rows: Sequence[Sequence[str]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = list(columns)
        self._examples = [self._example(column, first_rows) for column in columns]

    @staticmethod
    def _example(column: TableColumn, first_rows: Sequence[Sequence[str]]) -> str:
        values = dict.fromkeys(row[column.position] for row in first_rows if row[column.position])
        return ", ".join(list(values)[:_EXAMPLES])

    def columns(self) -> tuple[TableColumn, ...]:
        """The columns with the roles and units as they stand."""
        return tuple(self._columns)

    def count(self, role: ColumnRole) -> int:
        return sum(column.role is role for column in self._columns)

    def rowCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def columnCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            translate("ImportDialog", "Column"),
            translate("ImportDialog", "Used as"),
            translate("ImportDialog", "Unit"),
            translate("ImportDialog", "First values"),
        )[section]

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() and index.column() in (ROLE, UNIT) else flags

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self._columns[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (column.name, role_word(column.role), column.unit, self._examples[index.row()])[index.column()]
        if role == Qt.ItemDataRole.EditRole:
            return (column.name, column.role.value, column.unit, self._examples[index.row()])[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == EXAMPLES:
            return self._examples[index.row()]
        return None

    def setData(self, index: AnyIndex, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A role that only one column can have is taken from the column that had it, which is ignored from then on."""
        if not index.isValid() or role != Qt.ItemDataRole.EditRole or index.column() not in (ROLE, UNIT):
            return False
        row = index.row()
        if index.column() == UNIT:
            self._columns[row] = replace(self._columns[row], unit=str(value).strip())
        else:
            chosen = ColumnRole(value)
            if chosen in _SINGLE:
                self._columns = [replace(column, role=ColumnRole.IGNORE) if column.role is chosen else column for column in self._columns]
            self._columns[row] = replace(self._columns[row], role=chosen)
        self.dataChanged.emit(self.index(0, ROLE), self.index(len(self._columns) - 1, UNIT))
        return True


class RoleDelegate(QStyledItemDelegate):
    """Edits a role by a combo box that takes effect as soon as something is chosen; an arrow tells that there is a choice."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().paint(painter, option, index)
        arrow = QStyleOptionViewItem(option)
        rect = option.rect
        arrow.rect = QRect(rect.right() - _ARROW - 4, rect.center().y() - _ARROW // 2, _ARROW, _ARROW)
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorArrowDown, arrow, painter, option.widget)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        del option, index
        box = QComboBox(parent)
        for role in ColumnRole:
            box.addItem(role_word(role), role.value)
        box.activated.connect(lambda: self._finish(box))
        return box

    def _finish(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        assert isinstance(editor, QComboBox)
        editor.setCurrentIndex(editor.findData(index.data(Qt.ItemDataRole.EditRole)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        assert isinstance(editor, QComboBox)
        model.setData(index, editor.currentData())
