"""How many items of each label each split has: a small table whose cells lead to the items."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPainter, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QSizePolicy, QTableWidget, QTableWidgetItem, QWidget

from core.vocabulary import Label, Split
from desktop.widgets.verdict_marks import paint_label
from desktop.words import label_word, split_word, translate

SPLITS: Final = (Split.TRAIN, Split.CALIBRATION, Split.TEST, Split.NEW)
LABELS: Final = (Label.GOOD, Label.DEFECTIVE, Label.UNSURE, Label.NONE)
_MARK: Final = 16


class SplitCounts(QTableWidget):
    """`chosen` carries a label and a split, None for the sums at the edges."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(len(LABELS) + 1, len(SPLITS) + 1, parent)
        self._counts: NDArray[np.int64] = np.zeros((len(Label), len(Split)), dtype=np.int64)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setIconSize(QSize(_MARK, _MARK))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(20)
        self.horizontalHeader().setSectionsClickable(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.verticalHeader().setSectionsClickable(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.cellClicked.connect(self._on_clicked)
        self.cellActivated.connect(self._on_clicked)
        self.retranslate()

    def sizeHint(self) -> QSize:
        height = self.horizontalHeader().sizeHint().height() + self.verticalHeader().length() + 2 * self.frameWidth()
        width = sum(self._needed_widths()) + self.verticalHeader().sizeHint().width() + 2 * self.frameWidth()
        return QSize(width, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def show_counts(self, counts: NDArray[np.int64]) -> None:
        """`counts` of shape (labels, splits), by the values of `Label` and `Split`."""
        self._counts = counts
        self._fill()

    def retranslate(self) -> None:
        self.setAccessibleName(translate("DataPage", "Number of items by label and split"))
        everything = translate("DataPage", "all")
        self.setHorizontalHeaderLabels([*(split_word(split) for split in SPLITS), everything])
        for row, label in enumerate(LABELS):
            heading = QTableWidgetItem(self._mark(label), label_word(label))
            self.setVerticalHeaderItem(row, heading)
        self.setVerticalHeaderItem(len(LABELS), QTableWidgetItem(everything))
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.LanguageChange, QEvent.Type.PaletteChange):
            self.retranslate()
        super().changeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _needed_widths(self) -> list[int]:
        header = self.horizontalHeader()
        return [max(self.sizeHintForColumn(column), header.sectionSizeHint(column)) + 2 for column in range(self.columnCount())]

    def _share_width(self) -> None:
        """Each column what its numbers and heading need, and an equal share of what is left."""
        needed = self._needed_widths()
        spare, odd = divmod(max(0, self.viewport().width() - sum(needed)), len(needed))
        for column, width in enumerate(needed):
            self.setColumnWidth(column, width + spare + (column < odd))

    def _mark(self, label: Label) -> QIcon:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(QSize(_MARK, _MARK) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        paint_label(painter, QRectF(0, 0, _MARK, _MARK), label, self.palette())
        painter.end()
        return QIcon(pixmap)

    def _fill(self) -> None:
        faint = self.palette().color(QPalette.ColorRole.PlaceholderText)
        chosen = self._counts[np.ix_([*LABELS], [*SPLITS])]
        table = np.zeros((len(LABELS) + 1, len(SPLITS) + 1), dtype=np.int64)
        table[:-1, :-1] = chosen
        table[-1, :], table[:, -1] = table.sum(axis=0), table.sum(axis=1)
        table[-1, -1] = chosen.sum()
        for row, column in np.ndindex(table.shape):
            count = int(table[row, column])
            item = QTableWidgetItem(f"{count:,}")
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if not count:
                item.setForeground(faint)
            item.setToolTip(translate("DataPage", "Show these items") if count else "")
            self.setItem(row, column, item)
        self._share_width()
        self.updateGeometry()

    @Slot(int, int)
    def _on_clicked(self, row: int, column: int) -> None:
        label = LABELS[row] if row < len(LABELS) else None
        self.chosen.emit(label, SPLITS[column] if column < len(SPLITS) else None)
