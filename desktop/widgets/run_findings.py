"""What a run found out about the items it learnt from: suspicious items, suspicious columns, and where the codes lie."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QLabel, QPushButton, QSplitter, QTableView, QVBoxLayout, QWidget

from core.project.items import ItemColumns
from core.training.findings import RunFindings
from desktop import theme
from desktop.models.suspicions import NAME, SUSPICION, SuspicionModel
from desktop.widgets.code_plot import CodePlot
from desktop.widgets.muted_label import MutedLabel
from desktop.words import translate

_ROW_PADDING: Final = 8


class RunFindingsView(QWidget):
    """`items_requested` carries int64 ids and a translated title: someone wants to see these items."""

    items_requested = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: RunFindings | None = None
        self._listed = np.empty(0, dtype=np.int64)
        self.items, self.columns = SuspicionModel(self), SuspicionModel(self)
        self.item_table, self.column_table = _table(self.items, self), _table(self.columns, self)
        self.show_button = QPushButton(self)
        self.show_button.setIcon(theme.icon("data"))
        self.codes = CodePlot(self)
        self._item_title, self._column_title, self._code_title = (QLabel(self) for _ in range(3))
        self._advice = MutedLabel(self)
        self._item_part, self._column_part, self._code_part = (QWidget(self) for _ in range(3))
        self._arrange()
        self.show_button.clicked.connect(self._on_show_clicked)
        self.item_table.activated.connect(self._on_item_activated)
        self.codes.chosen.connect(self._on_code_chosen)
        self.retranslate()

    def show_findings(self, found: RunFindings | None, items: ItemColumns | None) -> None:
        """`items` of the project give the names; items that are no longer among them are counted, but not listed."""
        self._found = found
        self._listed = np.empty(0, dtype=np.int64)
        if found is not None and items is not None:
            suspicious = found.suspicious_items()
            self._listed = suspicious[np.isin(suspicious, items.id)]
            self.items.set_entries(items.name[items.positions(self._listed)].tolist(), found.suspicion_of(self._listed).tolist())
            columns = found.suspicious_features()
            self.columns.set_entries([column.name for column, _ in columns], [suspicion for _, suspicion in columns])
            self.codes.set_codes(found.codes)
        self._item_part.setVisible(found is not None and len(found.suspicion) > 0)
        self._column_part.setVisible(found is not None and len(found.feature_suspicion) > 0)
        self._code_part.setVisible(found is not None and len(found.codes) > 0)
        self.show_button.setEnabled(len(self._listed) > 0)
        self._show_counts()

    def is_empty(self) -> bool:
        """Whether the run found out nothing that could be shown."""
        found = self._found
        return found is None or not (len(found.suspicion) or len(found.feature_suspicion) or len(found.codes))

    def title(self) -> str:
        """How many of the training items are suspicious, empty if the detector does not judge items."""
        if self._found is None or not len(self._found.suspicion):
            return ""
        text = translate("RunFindings", "Suspicious training items: {count} of {total}")
        return text.format(count=f"{len(self._found.suspicious_items()):,}", total=f"{len(self._found.suspicion):,}")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        suspicion = translate("RunFindings", "Suspicion")
        self.items.set_headings(translate("RunFindings", "Item"), suspicion)
        self.columns.set_headings(translate("RunFindings", "Column"), suspicion)
        self.item_table.setAccessibleName(translate("RunFindings", "Suspicious training items"))
        self.column_table.setAccessibleName(translate("RunFindings", "Suspicious columns"))
        self.show_button.setText(translate("RunFindings", "Show on the Data page"))
        self._code_title.setText(translate("RunFindings", "Codes of the training items"))
        self._advice.setText(
            translate(
                "RunFindings", "They do not fit the other training items. Look at them, label those that are defective, and train again."
            )
        )
        self._show_counts()

    def _arrange(self) -> None:
        for title in (self._item_title, self._column_title, self._code_title):
            font = title.font()
            font.setBold(True)
            title.setFont(font)
        self._advice.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(self._item_title, 1)
        head.addWidget(self.show_button)
        left = QVBoxLayout(self._item_part)
        left.addLayout(head)
        left.addWidget(self._advice)
        left.addWidget(self.item_table, 1)
        middle = QVBoxLayout(self._column_part)
        middle.addWidget(self._column_title)
        middle.addWidget(self.column_table, 1)
        right = QVBoxLayout(self._code_part)
        right.addWidget(self._code_title)
        right.addWidget(self.codes, 1)
        parts = QSplitter(Qt.Orientation.Horizontal, self)
        parts.setChildrenCollapsible(False)
        for part, stretch in ((self._item_part, 3), (self._column_part, 2), (self._code_part, 3)):
            parts.addWidget(part)
            parts.setStretchFactor(parts.count() - 1, stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(parts)

    def _show_counts(self) -> None:
        self._item_title.setText(self.title())
        self._advice.setVisible(self.items.rowCount() > 0)
        count = self.columns.rowCount()
        text = (
            translate("RunFindings", "%n suspicious column(s)", None, count) if count else translate("RunFindings", "No suspicious column")
        )
        self._column_title.setText(text)

    @Slot()
    def _on_show_clicked(self) -> None:
        count = len(self._listed)  # lupdate passes over a count that is a call
        text = translate("RunFindings", "%n suspicious training item(s)", None, count)
        self.items_requested.emit(self._listed, text)

    @Slot(QModelIndex)
    def _on_item_activated(self, index: QModelIndex) -> None:
        self._request_one(self._listed[index.row()])

    @Slot(object)
    def _on_code_chosen(self, place: int) -> None:
        if self._found is not None:
            self._request_one(self._found.code_item_ids[place])

    def _request_one(self, item_id: np.int64) -> None:
        ids: NDArray[np.int64] = np.array([item_id])
        self.items_requested.emit(ids, translate("RunFindings", "%n training item(s)", None, 1))


def _table(model: SuspicionModel, parent: QWidget) -> QTableView:
    table = QTableView(parent)
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + _ROW_PADDING)
    table.horizontalHeader().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setSectionResizeMode(SUSPICION, QHeaderView.ResizeMode.Interactive)
    table.horizontalHeader().setHighlightSections(False)
    return table
