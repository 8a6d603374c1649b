"""The words of the trade that every floor uses. Spelt as in the files that leave the program; translated only by front ends."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Kind(StrEnum):
    """What an item is: a picture, or a row of a table of measurements."""

    IMAGE = "image"
    ROW = "row"


class Label(IntEnum):
    """A person's judgement of an item. The values are the keys of the keyboard that set them."""

    NONE = 0
    GOOD = 1
    DEFECTIVE = 2
    UNSURE = 3


class Split(IntEnum):
    """What an item is used for. `NEW` items are only ever scored."""

    NEW = 0
    TRAIN = 1
    CALIBRATION = 2
    TEST = 3


class Verdict(StrEnum):
    """The program's judgement of a score s: OK if s < T1, REVIEW if T1 <= s < T2, NG if s >= T2."""

    OK = "OK"
    REVIEW = "REVIEW"
    NG = "NG"


class Outcome(StrEnum):
    """Verdict against label. An escape is a defective part judged OK, an overkill a good part judged NG."""

    CORRECT_OK = "correct_ok"
    CORRECT_NG = "correct_ng"
    ESCAPE = "escape"
    OVERKILL = "overkill"
    IN_REVIEW = "in_review"
    UNLABELLED = "unlabelled"
    UNSCORED = "unscored"


class RunState(StrEnum):
    """`INTERRUPTED`: the program ended while the run was going. `CANCELLED`: a person stopped it."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class ColumnRole(StrEnum):
    """What a column of a table is used for."""

    FEATURE = "feature"
    LABEL = "label"
    ID = "id"
    GROUP = "group"
    TIME = "time"
    IGNORE = "ignore"


def text_of(value: Label | Split) -> str:
    """The spelling used in the database and in exports: lower case, empty for `Label.NONE`."""
    return "" if value is Label.NONE else value.name.lower()


def label_from_text(text: str | None) -> Label:
    """Inverse of `text_of` for labels. Raises KeyError for an unknown word."""
    return Label[text.upper()] if text else Label.NONE


def split_from_text(text: str | None) -> Split:
    """Inverse of `text_of` for splits. Raises KeyError for an unknown word."""
    return Split[text.upper()] if text else Split.NEW
