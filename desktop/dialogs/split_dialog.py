"""Asks how to split the items, and shows beforehand how many each split would get."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from desktop import theme
from desktop.dialogs.buttons import button_box
from desktop.models.item_filter import counts_by_label_and_split
from desktop.widgets.split_counts import SplitCounts
from desktop.words import translate

if TYPE_CHECKING:
    from core.project.items import ItemColumns

_LARGEST_SEED: Final = 2**31 - 1


class SplitDialog(QDialog):
    """Emits `chosen` with the new split of every item (int8) and a word for the audit log when it is accepted."""

    chosen = Signal(object, str)

    def __init__(self, columns: ItemColumns, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._proposed: NDArray[np.int8] = columns.split
        self.setObjectName("split_dialog")
        self.setWindowTitle(translate("SplitDialog", "Split the items"))
        lines = (
            translate("SplitDialog", "Good items: 60 % train, 20 % calibration, 20 % test."),
            translate("SplitDialog", "Defective items: 40 % calibration, 60 % test."),
            translate("SplitDialog", "Items of one lot or serial number stay together."),
        )
        rule = QLabel("\n".join(lines))
        rule.setWordWrap(True)
        self.keep: Final = QCheckBox(translate("SplitDialog", "&Keep the split of items that have one"))
        self.keep.setChecked(True)
        self.seed: Final = QSpinBox()
        self.seed.setRange(0, _LARGEST_SEED)
        self.seed.setToolTip(translate("SplitDialog", "The same seed gives the same split."))
        form = QFormLayout()
        form.addRow(translate("SplitDialog", "&Seed"), self.seed)
        self.counts: Final = SplitCounts()
        self.summary: Final = QLabel()
        self.summary.setWordWrap(True)
        self.buttons: Final = button_box(QDialogButtonBox.StandardButton.Ok, QDialogButtonBox.StandardButton.Cancel)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(translate("SplitDialog", "&Split"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(rule)
        layout.addWidget(self.keep)
        layout.addLayout(form)
        layout.addWidget(self.counts)
        layout.addWidget(self.summary)
        layout.addWidget(self.buttons)
        self.setMinimumWidth(460)
        self.keep.toggled.connect(self._propose)
        self.seed.valueChanged.connect(self._propose)
        self._propose()

    def accept(self) -> None:
        super().accept()
        self.chosen.emit(self._proposed, f"split seed={self.seed.value()} keep={self.keep.isChecked()}")

    def _propose(self) -> None:
        from core.project.splitting import proposed_splits

        self._proposed = proposed_splits(self._columns, seed=self.seed.value(), keep=self.keep.isChecked())
        moved = int((self._proposed != self._columns.split).sum())
        self.counts.show_counts(counts_by_label_and_split(self._columns.label, self._proposed))
        if moved:
            text = translate("SplitDialog", "%n item(s) will change their split.", None, moved)
        else:
            text = translate("SplitDialog", "Every labelled item has a split already. Label more items, or do not keep the splits.")
        self.summary.setText(text)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(moved > 0)
