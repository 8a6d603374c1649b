"""The visible items as a permutation of numpy columns: what stands in which row. Without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.vocabulary import Label, Split, Verdict
from desktop.models.item_filter import ItemFilter, ItemTexts, matching, sorted_places, text_rank

if TYPE_CHECKING:  # loaded when a project is opened, not at the start of the program
    from core.data.columns import TableColumn
    from core.project.items import ItemColumns

IMPORTED: Final = "imported"
_LABEL_RANK: Final = np.array([3, 0, 1, 2], dtype=np.int8)  # of each `Label`: good, defective, unsure, none last


@dataclass(frozen=True)
class RowTable:
    """The measured values of the rows of one table source.

    `values` has shape (rows, columns), NaN for missing; a text column holds the place in its categories.
    `row_of_place` gives each item of the project its row, -1 for items of other sources; shape (items,).
    """

    columns: tuple[TableColumn, ...]
    values: NDArray[np.float64]
    row_of_place: NDArray[np.int64]

    def text(self, place: int, column: int) -> str:
        """The value without unit; empty when missing or of another source."""
        row = int(self.row_of_place[place])
        return "" if row < 0 else value_text(self.columns[column], float(self.values[row, column]))

    def keys(self, column: int) -> NDArray[np.float64]:
        """Sort keys of one column for all items, NaN for items of other sources."""
        keys = np.full(len(self.row_of_place), np.nan)
        mine = self.row_of_place >= 0
        keys[mine] = self.values[self.row_of_place[mine], column]
        return keys


def value_text(column: TableColumn, value: float) -> str:
    """A measured value to six digits, or the word that a text column holds; empty when missing."""
    if np.isnan(value):
        return ""
    if column.categories is not None:
        return column.categories[int(value)]
    return f"{value:.6g}"


class Entry(NamedTuple):
    """One item as a delegate needs it: plain Python values only, since Qt takes no numpy scalars."""

    item_id: int
    place: int
    source_id: int
    name: str
    is_row: bool
    label: Label
    defect_type: str
    split: Split
    score: float | None
    verdict: Verdict | None
    problem: bool


def places_of(columns: ItemColumns, item_ids: ArrayLike) -> NDArray[np.intp]:
    """The index of each item in the columns (which are in order of id); items that are gone are left out."""
    wanted = np.asarray(item_ids, dtype=np.int64)
    if not len(columns.id):
        return np.zeros(0, dtype=np.intp)
    places = np.minimum(np.searchsorted(columns.id, wanted), len(columns.id) - 1)
    found: NDArray[np.intp] = places[columns.id[places] == wanted]
    return found


class ItemRows:
    """A row is a place in the visible order; a place is an index into the item columns.

    Nothing is arranged anew by itself: whoever changes `item_filter`, `sort_key` or the scores calls `arrange`.
    """

    def __init__(self, columns: ItemColumns | None = None) -> None:
        self.item_filter = ItemFilter()
        self.sort_key, self.descending = IMPORTED, False
        self.order: NDArray[np.intp] = np.zeros(0, dtype=np.intp)
        self.set_columns(columns)

    def set_columns(
        self,
        columns: ItemColumns | None,
        scores: NDArray[np.float64] | None = None,
        thresholds: tuple[float, float] | None = None,
    ) -> None:
        """A new set of items, without row values. Scores as in `set_scores`. Filter and sorting stay as far as they can."""
        self.columns = columns
        self._texts = None if columns is None else ItemTexts(columns)
        self.row_table: RowTable | None = None
        if self.sort_key.startswith("value:"):
            self.sort_key, self.descending = IMPORTED, False
        self.set_scores(scores, thresholds)
        self.arrange()

    def set_scores(self, scores: NDArray[np.float64] | None, thresholds: tuple[float, float] | None) -> None:
        """Scores by place (NaN for unscored) and the thresholds of one run; None for no run."""
        self._scores, self._thresholds = scores, thresholds
        self._verdict_codes: NDArray[np.int8] | None = None
        if scores is None and self.sort_key == "score":
            self.sort_key, self.descending = IMPORTED, False

    def prepare(self) -> None:
        """Makes ready what the first search, the first sort by name and the first verdict would wait for. For a worker thread."""
        import core.evaluation.outcomes  # noqa: F401 - SciPy takes a second

        texts = self._texts
        if texts is not None:
            texts.name_rank()
            texts.containing("")

    def set_row_table(self, table: RowTable | None) -> None:
        self.row_table = table
        if self.sort_key.startswith("value:"):
            self.sort_key, self.descending = IMPORTED, False
            self.arrange()

    @property
    def scores(self) -> NDArray[np.float64] | None:
        return self._scores

    @property
    def thresholds(self) -> tuple[float, float] | None:
        return self._thresholds

    @property
    def total(self) -> int:
        return 0 if self.columns is None else len(self.columns.id)

    def __len__(self) -> int:
        return len(self.order)

    def arrange(self) -> None:
        """Filters and sorts anew."""
        self._row_of_place: NDArray[np.int64] | None = None
        self.order = sorted_places(np.flatnonzero(self.matching()), self._sort_keys(), descending=self.descending)

    def outdated(self) -> bool:
        """Whether, after labels or splits changed in place, other items pass the filter than those shown."""
        shown = self.matching()
        return int(shown.sum()) != len(self.order) or not bool(shown[self.order].all())

    def matching(self) -> NDArray[np.bool_]:
        """Which items pass the filter, by place."""
        if self.columns is None or self._texts is None:
            return np.zeros(0, dtype=np.bool_)
        codes = self.verdict_codes() if self.item_filter.verdicts else None
        return matching(self.columns, self.item_filter, texts=self._texts, verdict_codes=codes)

    def verdict_codes(self) -> NDArray[np.int8] | None:
        """By place, as of `core.evaluation.outcomes.verdict_codes`; None without scores or thresholds."""
        if self._verdict_codes is None and self._scores is not None and self._thresholds is not None:
            from core.evaluation.outcomes import verdict_codes

            self._verdict_codes = verdict_codes(self._scores, *self._thresholds)
        return self._verdict_codes

    def row_of_place(self) -> NDArray[np.int64]:
        """The row of each place, -1 for hidden items."""
        if self._row_of_place is None:
            self._row_of_place = np.full(self.total, -1, dtype=np.int64)
            self._row_of_place[self.order] = np.arange(len(self.order))
        return self._row_of_place

    def ids_of(self, rows: ArrayLike) -> NDArray[np.int64]:
        if self.columns is None:
            return np.zeros(0, dtype=np.int64)
        ids: NDArray[np.int64] = self.columns.id[self.order[np.asarray(rows, dtype=np.intp)]]
        return ids

    def rows_of(self, item_ids: ArrayLike) -> NDArray[np.int64]:
        """The rows of those of the items that are visible, ascending."""
        if self.columns is None:
            return np.zeros(0, dtype=np.int64)
        rows = self.row_of_place()[places_of(self.columns, item_ids)]
        return np.sort(rows[rows >= 0])

    def next_unlabelled(self, row: int, *, backwards: bool = False) -> int:
        """The nearest row after (before) `row` without a label, all around the list; -1 if every visible item has one."""
        if self.columns is None:
            return -1
        unlabelled = np.flatnonzero(self.columns.label[self.order] == Label.NONE)
        if not unlabelled.size:
            return -1
        place = np.searchsorted(unlabelled, row, side="left") - 1 if backwards else np.searchsorted(unlabelled, row, side="right")
        return int(unlabelled[place % unlabelled.size])

    def entry(self, row: int) -> Entry:
        """Everything that is shown of one row."""
        columns = self.columns
        assert columns is not None
        place = int(self.order[row])
        score = None if self._scores is None or np.isnan(self._scores[place]) else float(self._scores[place])
        return Entry(
            item_id=int(columns.id[place]),
            place=place,
            source_id=int(columns.source_id[place]),
            name=str(columns.name[place]),
            is_row=bool(columns.is_row[place]),
            label=Label(int(columns.label[place])),
            defect_type=str(columns.defect_type[place]),
            split=Split(int(columns.split[place])),
            score=score,
            verdict=None if score is None else self._verdict(place),
            problem=bool(columns.problem[place]),
        )

    def _verdict(self, place: int) -> Verdict | None:
        codes = self.verdict_codes()
        if codes is None:
            return None
        from core.evaluation.outcomes import VERDICTS

        return VERDICTS[int(codes[place])]

    def _sort_keys(self) -> NDArray[Any] | None:
        columns, key = self.columns, self.sort_key
        if columns is None or self._texts is None or key == IMPORTED:
            return None
        if key == "name":
            return self._texts.name_rank()
        if key == "label":
            ranks: NDArray[np.int8] = _LABEL_RANK[columns.label]
            return ranks
        if key == "score":
            return self._scores
        if key.startswith("value:"):
            return None if self.row_table is None else self.row_table.keys(int(key.removeprefix("value:")))
        if key == "defect_type":
            return text_rank(columns.defect_type)
        return columns.split if key == "split" else columns.source_id
