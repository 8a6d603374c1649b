"""Guesses what each column of a table is used for, from its name and its values. A person sees the guess and may change it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.data.columns import CAUSE_NAMES, MOST_CATEGORIES, TableColumn, label_of_values, tokens
from core.data.words import is_number_like, plain
from core.vocabulary import ColumnRole, Label

_ID_NAMES: Final = frozenset(
    [
        "id",
        "uid",
        "udi",
        "uuid",
        "guid",
        "serial",
        "sn",
        "barcode",
        "index",
        "row",
        "no",
        "number",
        "nr",
        "unnamed",
        "#",
        "일련번호",
        "시리얼",
        "제품번호",
        "번호",
        "순번",
        "바코드",
    ]
)
_SERIAL_NAMES: Final = frozenset({"serial", "sn", "barcode", "일련번호", "시리얼", "바코드"})
_GROUP_NAMES: Final = frozenset({"lot", "batch", "로트", "배치"})
_TIME_NAMES: Final = frozenset(
    ["time", "timestamp", "datetime", "date", "day", "시각", "시간", "일시", "날짜", "일자", "생산일", "측정일"],
)
_LABEL_NAMES: Final = frozenset({"label", "labels", "target", "class", "라벨", "판정", "양불", "합부"})
_OUTCOME_NAMES: Final = frozenset(
    [
        "failure",
        "fail",
        "failed",
        "fault",
        "defect",
        "defective",
        "anomaly",
        "outlier",
        "result",
        "judgement",
        "judgment",
        "verdict",
        "outcome",
        "status",
        "quality",
        "pass",
        "ok",
        "ng",
        "불량",
        "양품",
        "결과",
        "합격",
        "이상",
    ]
)
_FEWEST_GROUPS: Final = 10  # fewer lots than this cannot be divided into three splits
_TELLING: Final = 0.9
_DATE: Final = re.compile(r"(\d{4})[-/.년]\s?(\d{1,2})[-/.월]\s?(\d{1,2})[일.]?(?:[T\s]+(.*))?")
_EUROPEAN_DATE: Final = re.compile(r"()(\d{1,2})\.(\d{1,2})\.(\d{4})(?:[T\s]+(.*))?")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})?")


@dataclass(frozen=True, kw_only=True)
class ColumnValues:
    """One column as read. `texts` are its cells, empty where missing; `numbers` their values if it is a column of numbers."""

    name: str
    unit: str
    texts: Sequence[str]
    numbers: NDArray[np.float64] | None

    @cached_property
    def distinct(self) -> frozenset[str]:
        return frozenset(self.texts) - {""}

    @cached_property
    def words(self) -> set[str]:
        return tokens(self.name)

    @property
    def is_unique(self) -> bool:
        return len(self.distinct) == len(self.texts) > 1

    @property
    def categories(self) -> tuple[str, ...] | None:
        if self.numbers is not None or not 1 <= len(self.distinct) <= MOST_CATEGORIES:
            return None
        return tuple(sorted(self.distinct))


def guess_columns(values: Sequence[ColumnValues]) -> tuple[tuple[TableColumn, ...], tuple[str, ...]]:
    """The columns with guessed roles, and the names of those that are ignored because they repeat the label."""
    roles: dict[int, ColumnRole] = {}
    label = _best_label(values)
    telling: tuple[int, ...] = ()
    if label is not None:
        roles[label] = ColumnRole.LABEL
        telling = _repeating(values, label)
        roles.update(dict.fromkeys(telling, ColumnRole.IGNORE))
    for role, candidates in (
        (ColumnRole.TIME, _times(values)),
        (ColumnRole.GROUP, _groups(values)),
        (ColumnRole.ID, _ids(values)),
    ):
        free = [place for place in candidates if place not in roles]
        roles.update(dict.fromkeys(free, ColumnRole.IGNORE))
        if free and (role is not ColumnRole.GROUP or len(values[free[0]].distinct) >= _FEWEST_GROUPS):
            roles[free[0]] = role
    columns = tuple(
        TableColumn(
            position=place,
            name=column.name,
            role=roles.get(place) or _plain_role(column),
            unit=column.unit,
            categories=column.categories,
        )
        for place, column in enumerate(values)
    )
    return columns, tuple(values[place].name for place in telling)


def iso_time(text: str) -> str | None:
    """A date, with or without time of day, as ISO 8601; None if `text` is none. Day first only where the separator is a point."""
    date = _DATE.fullmatch(text)
    european = None if date else _EUROPEAN_DATE.fullmatch(text)
    if date:
        year, month, day, rest = int(date[1]), int(date[2]), int(date[3]), date[4]
    elif european:
        year, month, day, rest = int(european[4]), int(european[3]), int(european[2]), european[5]
    else:
        return None
    clock = _CLOCK.fullmatch(rest.strip()) if rest and rest.strip() else None
    if not 1 <= month <= 12 or not 1 <= day <= 31 or (rest and rest.strip() and clock is None):
        return None
    return f"{year:04d}-{month:02d}-{day:02d}" + (_iso_clock(clock) if clock else "")


def _iso_clock(clock: re.Match[str]) -> str:
    offset = clock[5] or ""
    offset = "+00:00" if offset == "Z" else offset
    if len(offset) == 5:
        offset = f"{offset[:3]}:{offset[3:]}"
    return f"T{int(clock[1]):02d}:{clock[2]}:{clock[3] or '00'}{clock[4] or ''}{offset}"


def _plain_role(column: ColumnValues) -> ColumnRole:
    """Numbers and text of two to twenty values are features; text that is always the same or nearly always different is not."""
    if column.numbers is not None:
        return ColumnRole.FEATURE
    categories = column.categories
    return ColumnRole.FEATURE if categories is not None and len(categories) > 1 else ColumnRole.IGNORE


# --- label -------------------------------------------------------------------------------------------------------------------------


def _best_label(values: Sequence[ColumnValues]) -> int | None:
    ranked = [(_label_likeness(column), -place) for place, column in enumerate(values)]
    likeness, place = max(ranked, default=(0, 0))
    return -place if likeness else None


def _label_likeness(column: ColumnValues) -> int:
    """3: named label and alike; 2: named for an outcome; 1: only its values say good or bad; 0: no label."""
    if not 1 <= len(column.distinct) <= MOST_CATEGORIES:
        return 0
    meanings = label_of_values(column.distinct, column.name)
    if len(meanings) < len(column.distinct):
        return 0
    if column.words & _LABEL_NAMES or plain(column.name) == "y":
        return 3
    if column.words & _OUTCOME_NAMES:
        return 2
    spoken = all(label is Label.DEFECTIVE or not is_number_like(word) for word, (label, _) in meanings.items())
    named = sum(1 for word, (_, defect_type) in meanings.items() if defect_type is None and not is_number_like(word))
    return 1 if spoken and named >= 2 else 0


def _repeating(values: Sequence[ColumnValues], label: int) -> tuple[int, ...]:
    """Causes and codes that were written down after the judgement: columns with few values that are named for a failure, or that leave
    their usual value only where the row is defective.

    The latter is counted: of at least three rows with another value, nine in ten are defective, while defectives are the smaller part.
    """
    meanings = label_of_values(values[label].distinct, values[label].name)
    defective = np.array([meanings.get(text, (Label.NONE, None))[0] is Label.DEFECTIVE for text in values[label].texts])
    countable = 0 < defective.mean() < 0.5
    return tuple(
        place
        for place, column in enumerate(values)
        if place != label
        and 1 <= len(column.distinct) <= MOST_CATEGORIES
        and (column.words & CAUSE_NAMES or (countable and _tells(column.texts, defective)))
    )


def _tells(texts: Sequence[str], defective: NDArray[np.bool_]) -> bool:
    found, counts = np.unique(np.array(texts, dtype=object).astype(str), return_counts=True)
    unusual = np.array([text != found[counts.argmax()] for text in texts])
    return int(unusual.sum()) >= 3 and float(defective[unusual].mean()) >= _TELLING


# --- time, group, id ---------------------------------------------------------------------------------------------------------------


def _times(values: Sequence[ColumnValues]) -> list[int]:
    return [place for place, column in enumerate(values) if _is_time(column)]


def _is_time(column: ColumnValues) -> bool:
    filled = [text for text in column.texts if text]
    if not filled or column.unit:
        return False
    if column.numbers is not None:  # seconds since an epoch; a duration has a unit, or another name
        return plain(column.name) in {"time", "timestamp", "datetime", "epoch"} and bool(np.all(np.diff(column.numbers) >= 0))
    named = bool(column.words & _TIME_NAMES)
    dated = sum(iso_time(text) is not None or (named and _CLOCK.fullmatch(text) is not None) for text in filled)
    return dated >= _TELLING * len(filled)


def _groups(values: Sequence[ColumnValues]) -> list[int]:
    """Lots, and serial numbers that occur more than once: several rows of one part."""
    lots = [place for place, column in enumerate(values) if column.words & _GROUP_NAMES and not column.unit and not column.is_unique]
    serials = [place for place, column in enumerate(values) if column.words & _SERIAL_NAMES and not column.is_unique and column.distinct]
    return sorted(lots + serials, key=lambda place: len(values[place].distinct) < _FEWEST_GROUPS)


def _ids(values: Sequence[ColumnValues]) -> list[int]:
    """Columns whose every value is different: text before counters, those named for it first."""
    candidates = [place for place, column in enumerate(values) if _is_id(column)]
    return sorted(candidates, key=lambda place: (values[place].numbers is not None, not values[place].words & _ID_NAMES))


def _is_id(column: ColumnValues) -> bool:
    if not column.is_unique or column.unit:
        return False
    if column.numbers is None:
        return True
    if not np.all(column.numbers == np.rint(column.numbers)):
        return False
    counts_up = len(column.numbers) > 2 and bool(np.all(np.diff(np.sort(column.numbers)) == 1))
    return counts_up or bool(column.words & _ID_NAMES)
