"""The items of a project as a Qt model: numpy columns and a permutation, never a proxy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from desktop.models.item_filter import ItemFilter
from desktop.models.item_rows import IMPORTED, Entry, ItemRows, RowTable
from desktop.words import label_word, split_word, translate, verdict_word

if TYPE_CHECKING:  # loaded when a project is opened, not at the start of the program
    from core.project.items import ItemColumns

AnyIndex = QModelIndex | QPersistentModelIndex
_NO_PARENT: Final = QModelIndex()
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_FEW_ROWS: Final = 64  # up to here each changed row is told by itself


class _Heading(NamedTuple):
    key: str
    title: str


class ItemModel(QAbstractTableModel):
    """All items that pass the filter, in the chosen order; `rows` holds them, but only this model may change it.

    A new filter resets the model; sorting keeps selection and current item. `shown_changed` follows every change of which items are
    shown, or of their labels and splits.
    """

    shown_changed = Signal()
    look_changed = Signal()  # many rows look different: views repaint what is in view, which `dataChanged` would make them lay out anew

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Final = ItemRows()
        self._source_names: dict[int, str] = {}
        self._headings = self._make_headings()
        # Views ask for both sizes hundreds of thousands of times while they lay out.
        self._row_count, self._column_count = 0, len(self._headings)

    @property
    def item_filter(self) -> ItemFilter:
        return self.rows.item_filter

    @property
    def total(self) -> int:
        """Number of items in the project, visible or not."""
        return self.rows.total

    @property
    def scored(self) -> bool:
        """Whether a run is selected."""
        return self.rows.scores is not None

    def set_items(
        self,
        columns: ItemColumns | None,
        source_names: dict[int, str],
        scores: NDArray[np.float64] | None = None,
        thresholds: tuple[float, float] | None = None,
    ) -> None:
        """A new set of items, without row values. Scores as in `set_scores`. Filter and sorting stay as far as they can."""
        self.beginResetModel()
        self._source_names = dict(source_names)
        self.rows.set_columns(columns, scores, thresholds)
        self._end_reset()

    def set_scores(self, scores: NDArray[np.float64] | None, thresholds: tuple[float, float] | None) -> None:
        """Scores of all items in order of id (NaN for unscored) and the thresholds of one run; None for no run."""
        self.beginResetModel()
        self.rows.set_scores(scores, thresholds)
        self.rows.arrange()
        self._end_reset()

    def set_thresholds(self, thresholds: tuple[float, float] | None) -> None:
        """Other thresholds for the same scores."""
        self.rows.set_scores(self.rows.scores, thresholds)
        if self.rows.item_filter.verdicts:
            self._rearrange()
        else:
            self.look_changed.emit()

    def set_row_table(self, table: RowTable | None) -> None:
        """The values that the table view shows beside the fixed columns, None for none."""
        if table is not self.rows.row_table:
            self.beginResetModel()
            self.rows.set_row_table(table)
            self._end_reset()

    def set_filter(self, wanted: ItemFilter) -> None:
        if wanted != self.rows.item_filter:
            self.rows.item_filter = wanted
            self._rearrange()

    def set_sorting(self, key: str, *, descending: bool) -> None:
        """Sorts by `imported`, `name`, `label`, `defect_type`, `split`, `source`, `score` or `value:<column>`."""
        self.layoutAboutToBeChanged.emit()
        before = self.rows.order
        indexes = self.persistentIndexList()
        self.rows.sort_key, self.rows.descending = key, descending
        self.rows.arrange()
        row_of_place = self.rows.row_of_place()
        moved = [self.index(int(row_of_place[before[index.row()]]), index.column()) for index in indexes]
        self.changePersistentIndexList(indexes, moved)
        self.layoutChanged.emit()

    def refresh_items(self, item_ids: ArrayLike) -> None:
        """After labels or splits of these items changed in place. Resets the model if other items or columns are shown now."""
        if self.rows.outdated() or self._make_headings() != self._headings:
            self._rearrange()
            return
        changed = self.rows.rows_of(item_ids)
        if changed.size > _FEW_ROWS:
            self.look_changed.emit()
        else:
            for row in changed:
                self.dataChanged.emit(self.index(int(row), 0), self.index(int(row), self._column_count - 1))
        self.shown_changed.emit()

    def retranslate(self) -> None:
        """Headings and words anew, after a change of language."""
        self._headings = self._make_headings()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._headings) - 1)

    def heading_key(self, column: int) -> str:
        """What `set_sorting` calls the table column; verdicts are sorted by score."""
        key = self._headings[column].key
        return "score" if key == "verdict" else key

    def column_of(self, key: str) -> int:
        """The first table column with this sort key, -1 if none has it."""
        return next((place for place, heading in enumerate(self._headings) if heading.key == key), -1)

    def title_of(self, key: str) -> str:
        """The heading of the column with this sort key, empty if none has it."""
        column = self.column_of(key)
        return self._headings[column].title if column >= 0 else ""

    # Qt's virtual methods

    def rowCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._row_count

    def columnCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._column_count

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self._headings):
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._headings[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole and self._is_number(self._headings[section].key):
            return _RIGHT
        return None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        key = self._headings[index.column()].key
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(self.rows.entry(index.row()), key)
        if role == Qt.ItemDataRole.TextAlignmentRole and self._is_number(key):
            return _RIGHT
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole) and key == "name":
            return self.description(self.rows.entry(index.row()))
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        key = IMPORTED if column < 0 else self.heading_key(column)
        self.set_sorting(key, descending=order == Qt.SortOrder.DescendingOrder)

    def description(self, entry: Entry) -> str:
        """One line that says everything of an item, for tool tips and screen readers."""
        parts = [entry.name, label_word(entry.label), entry.defect_type, split_word(entry.split), self._text(entry, "source")]
        if entry.score is not None:
            parts += [translate("DataPage", "score {score}").format(score=f"{entry.score:.4g}"), self._text(entry, "verdict")]
        return ", ".join(part for part in parts if part)

    def _make_headings(self) -> list[_Heading]:
        """Columns that say the same of every item are left out."""
        columns = self.rows.columns
        headings = [_Heading("name", translate("DataPage", "Name")), _Heading("label", translate("DataPage", "Label"))]
        if columns is not None and any(columns.defect_type):
            headings.append(_Heading("defect_type", translate("DataPage", "Defect type")))
        headings.append(_Heading("split", translate("DataPage", "Split")))
        if len(self._source_names) > 1 and len(self.rows.item_filter.sources) != 1:
            headings.append(_Heading("source", translate("DataPage", "Source")))
        if self.scored:
            headings.append(_Heading("score", translate("DataPage", "Score")))
            headings.append(_Heading("verdict", translate("DataPage", "Verdict")))
        table = self.rows.row_table
        if table is not None:
            titles = (f"{column.name} [{column.unit}]" if column.unit else column.name for column in table.columns)
            headings.extend(_Heading(f"value:{place}", title) for place, title in enumerate(titles))
        return headings

    def _is_number(self, key: str) -> bool:
        table = self.rows.row_table
        if not key.startswith("value:") or table is None:
            return key == "score"
        return table.columns[int(key.removeprefix("value:"))].categories is None

    def _text(self, entry: Entry, key: str) -> str:
        if key.startswith("value:"):
            table = self.rows.row_table
            return "" if table is None else table.text(entry.place, int(key.removeprefix("value:")))
        texts = {
            "name": entry.name,
            "label": label_word(entry.label),
            "defect_type": entry.defect_type,
            "split": split_word(entry.split),
            "source": self._source_names.get(entry.source_id, ""),
            "score": "" if entry.score is None else f"{entry.score:.4g}",
            "verdict": "" if entry.verdict is None else verdict_word(entry.verdict),
        }
        return texts[key]

    def _rearrange(self) -> None:
        self.beginResetModel()
        self.rows.arrange()
        self._end_reset()

    def _end_reset(self) -> None:
        self._headings = self._make_headings()
        self._row_count, self._column_count = len(self.rows), len(self._headings)
        self.endResetModel()
        self.shown_changed.emit()
