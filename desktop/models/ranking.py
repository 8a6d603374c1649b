"""Items ranked by score as a Qt model over numpy columns. Verdicts are found while painting, so that a threshold can move freely."""

from __future__ import annotations

from html import escape
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.vocabulary import Label, Split, Verdict
from desktop.models.review_basis import EVERYTHING, Choice, ReviewBasis, Thresholds
from desktop.words import label_word, translate, verdict_word

_NO_PARENT: Final = QModelIndex()


class RankedItem(NamedTuple):
    """One row as the list shows it; plain Python values, for Qt takes no numpy scalars."""

    item_id: int
    rank: int
    name: str
    label: Label
    defect_type: str
    split: Split
    score: float | None
    verdict: Verdict | None
    is_row: bool


def verdict_of(score: float | None, thresholds: Thresholds | None) -> Verdict | None:
    """OK if s < T1, REVIEW if T1 <= s < T2, NG if s >= T2; None without a score or thresholds."""
    if score is None or thresholds is None or score != score:  # noqa: PLR0124 - NaN
        return None
    if score < thresholds[0]:
        return Verdict.OK
    return Verdict.REVIEW if score < thresholds[1] else Verdict.NG


class RankingModel(QAbstractListModel):
    """The items of a `ReviewBasis` that a `Choice` names, by score."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._basis: ReviewBasis | None = None
        self._choice = EVERYTHING
        self._descending = True
        self._thresholds: Thresholds | None = None
        self._order: NDArray[np.intp] = np.zeros(0, dtype=np.intp)

    @property
    def choice(self) -> Choice:
        return self._choice

    @property
    def descending(self) -> bool:
        return self._descending

    @property
    def thresholds(self) -> Thresholds | None:
        return self._thresholds

    def set_basis(self, basis: ReviewBasis | None, thresholds: Thresholds | None) -> None:
        """Other items or scores."""
        self._thresholds = thresholds
        self._rearrange(basis=basis)

    def set_choice(self, choice: Choice, *, descending: bool | None = None) -> None:
        self._choice = choice
        self._descending = self._descending if descending is None else descending
        self._rearrange(basis=self._basis)

    def follow_thresholds(self, thresholds: Thresholds) -> None:
        """While a threshold moves: verdicts change, the rows stay, and nobody is told. Whoever shows the model repaints."""
        self._thresholds = thresholds

    def settle_thresholds(self, thresholds: Thresholds | None) -> None:
        """The move is over: a choice by verdict lists its items anew."""
        self._thresholds = thresholds
        if self._choice.verdicts is not None and not np.array_equal(self._ranked(self._basis), self._order):
            self._rearrange(basis=self._basis)

    def _ranked(self, basis: ReviewBasis | None) -> NDArray[np.intp]:
        if basis is None:
            return np.zeros(0, dtype=np.intp)
        return basis.ranked(self._choice, self._thresholds, descending=self._descending)

    def _rearrange(self, *, basis: ReviewBasis | None) -> None:
        self.beginResetModel()
        self._basis = basis
        self._order = self._ranked(basis)
        self.endResetModel()

    def item(self, row: int) -> RankedItem:
        assert self._basis is not None
        columns, place = self._basis.columns, int(self._order[row])
        value = float(self._basis.values[place])
        score = None if np.isnan(value) else value
        return RankedItem(
            item_id=int(columns.id[place]),
            rank=row + 1,
            name=str(columns.name[place]),
            label=Label(int(columns.label[place])),
            defect_type=str(columns.defect_type[place]),
            split=Split(int(columns.split[place])),
            score=score,
            verdict=verdict_of(score, self._thresholds),
            is_row=bool(columns.is_row[place]),
        )

    def ids(self) -> NDArray[np.int64]:
        """The listed items in their order."""
        if self._basis is None:
            return np.zeros(0, dtype=np.int64)
        listed: NDArray[np.int64] = self._basis.columns.id[self._order]
        return listed

    def row_of(self, item_id: int) -> int:
        """The row of an item, -1 if it is not listed."""
        found = np.flatnonzero(self.ids() == item_id)
        return int(found[0]) if found.size else -1

    def next_undone(self, row: int, step: int = 1) -> int:
        """The next row in direction `step` (1 or -1) without a label, round the end; -1 if every listed item has one."""
        if self._basis is None:
            return -1
        undone = np.flatnonzero(self._basis.columns.label[self._order] == int(Label.NONE))
        if not undone.size:
            return -1
        if step > 0:
            return int(undone[np.searchsorted(undone, row, side="right") % undone.size])
        return int(undone[np.searchsorted(undone, row, side="left") - 1])

    def refresh_items(self, item_ids: ArrayLike) -> None:
        """After labels of these items changed in place; the order stays, so that a labelled item does not jump away."""
        for row in np.flatnonzero(np.isin(self.ids(), np.asarray(item_ids, dtype=np.int64))):
            index = self.index(int(row), 0)
            self.dataChanged.emit(index, index)

    def replace_basis(self, basis: ReviewBasis) -> None:
        """The same items with other labels: rows stay where they are."""
        self._basis = basis

    # Qt's virtual methods

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._order)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._order):
            return None
        item = self.item(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return item.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._description(item)
        if role == Qt.ItemDataRole.ToolTipRole:  # names come from strangers: said to be markup, and escaped
            return f"<span>{escape(self._description(item))}</span>"
        return None

    def _description(self, item: RankedItem) -> str:
        score = translate("ReviewPage", "no score") if item.score is None else f"{item.score:.6g}"
        words = [item.name, label_word(item.label), item.defect_type, score]
        if item.verdict is not None:
            words.append(verdict_word(item.verdict))
        return ", ".join(word for word in words if word)
