"""Which items a list shows, and in which order: array functions over the item columns, without Qt."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from core.vocabulary import Kind, Label, Split, Verdict

if TYPE_CHECKING:  # loaded when a project is opened, not at the start of the program
    from core.project.items import ItemColumns

_DIGITS: Final = re.compile(r"\d+")
_SEPARATOR: Final = "\n"  # cannot be part of what a person types into one line


class Facet(StrEnum):
    """What a filter chip asks about. The values are the attributes of `ItemFilter`."""

    SOURCE = "sources"
    KIND = "kinds"
    SPLIT = "splits"
    LABEL = "labels"
    DEFECT_TYPE = "defect_types"
    VERDICT = "verdicts"


@dataclass(frozen=True)
class Collection:
    """Items that another screen asked to see, for example the escapes of a run, with the words that say which."""

    title: str
    item_ids: frozenset[int]


@dataclass(frozen=True)
class ItemFilter:
    """Within one facet any of the values will do, an empty set asks for nothing; all facets, the text and the collection must agree.

    Verdict None means: without a score. `text` is looked for in name, defect type, group, lot and serial number, in any case and Unicode form.
    """

    sources: frozenset[int] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    splits: frozenset[Split] = frozenset()
    labels: frozenset[Label] = frozenset()
    defect_types: frozenset[str] = frozenset()
    verdicts: frozenset[Verdict | None] = frozenset()
    text: str = ""
    collection: Collection | None = None

    @property
    def is_empty(self) -> bool:
        return self == ItemFilter()

    def values(self, facet: Facet) -> frozenset[Any]:
        chosen: frozenset[Any] = getattr(self, facet.value)
        return chosen

    def with_values(self, facet: Facet, values: frozenset[Any]) -> ItemFilter:
        changes: dict[str, Any] = {facet.value: values}
        return replace(self, **changes)

    def toggled(self, facet: Facet, value: object) -> ItemFilter:
        """The filter with one value of a facet switched on or off."""
        return self.with_values(facet, self.values(facet) ^ {value})


def folded(text: str) -> str:
    """The form in which texts are compared: composed, without case."""
    return unicodedata.normalize("NFC", text).casefold()


class ItemTexts:
    """Texts of the items made ready for searching and sorting, each on its first use (0.1 s for 100,000 items)."""

    def __init__(self, columns: ItemColumns) -> None:
        self._columns = columns
        self._lines: list[str] | None = None
        self._name_rank: NDArray[np.int32] | None = None

    def containing(self, needle: str) -> NDArray[np.bool_]:
        """Which items hold `needle` in name, group, lot or serial number; shape (n,)."""
        wanted = folded(needle)
        if self._lines is None:
            columns = self._columns
            fields = zip(columns.name, columns.group_id, columns.lot, columns.serial, strict=True)
            self._lines = folded(_SEPARATOR.join("\t".join(line).replace(_SEPARATOR, " ") for line in fields)).split(_SEPARATOR)
        count = len(self._columns.id)
        found = np.fromiter((wanted in line for line in self._lines), dtype=np.bool_, count=count) if count else np.zeros(0, dtype=np.bool_)
        types = {text for text in set(self._columns.defect_type) if text and wanted in folded(text)}
        return found | _one_of(self._columns.defect_type, types) if types else found

    def name_rank(self) -> NDArray[np.int32]:
        """The place of each item when sorted by name, numbers in names by their size; shape (n,)."""
        if self._name_rank is None:
            self._name_rank = natural_rank(self._columns.name)
        return self._name_rank


def natural_rank(texts: Iterable[str]) -> NDArray[np.int32]:
    """The place of each text in natural order ("part 9" before "part 10"); equal texts share one place."""
    lines = [text.replace(_SEPARATOR, " ") for text in texts]
    if not lines:
        return np.zeros(0, dtype=np.int32)
    joined = folded(_SEPARATOR.join(lines))
    keys = _DIGITS.sub(lambda digits: digits[0].zfill(20), joined).split(_SEPARATOR)
    order = sorted(range(len(keys)), key=keys.__getitem__)
    steps = np.fromiter((keys[left] != keys[right] for left, right in itertools.pairwise(order)), np.bool_, len(order) - 1)
    rank = np.empty(len(keys), dtype=np.int32)
    rank[order] = np.concatenate([[0], np.cumsum(steps)])
    return rank


def _one_of(column: NDArray[Any], wanted: set[str] | frozenset[str]) -> NDArray[np.bool_]:
    return np.fromiter((text in wanted for text in column), dtype=np.bool_, count=len(column))


def _codes(column: NDArray[Any], wanted: Sequence[int]) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.isin(column, np.asarray(wanted, dtype=column.dtype))
    return found


def _with_verdicts(wanted: frozenset[Verdict | None], codes: NDArray[np.int8] | None, count: int) -> NDArray[np.bool_]:
    from core.evaluation.outcomes import UNSCORED_CODE, VERDICTS

    if codes is None:
        codes = np.full(count, UNSCORED_CODE, dtype=np.int8)
    return _codes(codes, [UNSCORED_CODE if verdict is None else VERDICTS.index(verdict) for verdict in wanted])


def matching(
    columns: ItemColumns, wanted: ItemFilter, *, texts: ItemTexts, verdict_codes: NDArray[np.int8] | None = None
) -> NDArray[np.bool_]:
    """Which items the filter lets through; shape (n,).

    `verdict_codes` as of `core.evaluation.outcomes.verdict_codes`; None means that nothing is scored.
    """
    found = np.ones(len(columns.id), dtype=np.bool_)
    if wanted.sources:
        found &= _codes(columns.source_id, sorted(wanted.sources))
    if len(wanted.kinds) == 1:
        found &= columns.is_row == (Kind.ROW in wanted.kinds)
    if wanted.splits:
        found &= _codes(columns.split, sorted(wanted.splits))
    if wanted.labels:
        found &= _codes(columns.label, sorted(wanted.labels))
    if wanted.defect_types:
        found &= _one_of(columns.defect_type, wanted.defect_types)
    if wanted.verdicts:
        found &= _with_verdicts(wanted.verdicts, verdict_codes, len(found))
    if wanted.collection is not None:
        found &= _codes(columns.id, sorted(wanted.collection.item_ids))
    if wanted.text.strip():
        found &= texts.containing(wanted.text.strip())
    return found


def sorted_places(places: NDArray[np.intp], keys: NDArray[Any] | None, *, descending: bool) -> NDArray[np.intp]:
    """`places` in the order of `keys` (one key for each item, not for each place); None keeps the order in which items were imported.

    Equal keys keep their order whichever way the sort goes, and NaN comes last both ways.
    """
    if keys is None:
        return places[::-1] if descending else places
    chosen = keys[places]
    if chosen.dtype.kind == "f":
        missing = np.isnan(chosen)
        unknown, places, chosen = places[missing], places[~missing], chosen[~missing]
    else:
        unknown = places[:0]
    if descending:
        order = np.argsort(chosen[::-1], kind="stable")[::-1]
        return np.concatenate([places[::-1][order], unknown])
    return np.concatenate([places[np.argsort(chosen, kind="stable")], unknown])


def text_rank(column: NDArray[Any]) -> NDArray[np.int32]:
    """The place of each text among the distinct ones, empty texts last; for columns with few distinct texts."""
    rank = {text: place for place, text in enumerate(sorted(set(column), key=lambda text: (not text, folded(text))))}
    return np.fromiter((rank[text] for text in column), dtype=np.int32, count=len(column))


def counts_by_label_and_split(label: NDArray[np.int8], split: NDArray[np.int8]) -> NDArray[np.int64]:
    """Number of items of each label (rows) in each split (columns), by the values of `Label` and `Split`."""
    places = label.astype(np.int64) * len(Split) + split
    return np.bincount(places, minlength=len(Label) * len(Split)).reshape(len(Label), len(Split)).astype(np.int64)
