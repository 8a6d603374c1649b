"""The words, English and Korean, by which folders, files and tables name labels and splits. Compared after NFC, without case."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from core.vocabulary import Label, Split

_GOOD: Final = frozenset(
    [
        "good",
        "goods",
        "ok",
        "okay",
        "pass",
        "passed",
        "passes",
        "normal",
        "fine",
        "conforming",
        "accept",
        "accepted",
        "defect-free",
        "no-defect",
        "0",
        "0.0",
        "false",
        "no",
        "양품",
        "정상",
        "합격",
        "적합",
        "양호",
    ]
)
_DEFECTIVE: Final = frozenset(
    [
        "ng",
        "nok",
        "n.g.",
        "bad",
        "fail",
        "failed",
        "failure",
        "fault",
        "faulty",
        "defect",
        "defects",
        "defective",
        "defectives",
        "anomaly",
        "anomalies",
        "anomalous",
        "abnormal",
        "nonconforming",
        "reject",
        "rejected",
        "1",
        "1.0",
        "true",
        "yes",
        "불량",
        "불량품",
        "비정상",
        "불합격",
        "부적합",
        "이상",
        "결함",
    ]
)
_UNSURE: Final = frozenset(["unsure", "unclear", "미확정", "보류"])
_NUMBER_LIKE: Final = frozenset(["0", "0.0", "1", "1.0", "false", "true", "no", "yes"])
_SPLITS: Final = {
    **dict.fromkeys(["train", "training", "학습", "훈련"], Split.TRAIN),
    **dict.fromkeys(["calibration", "val", "valid", "validation", "보정", "검증"], Split.CALIBRATION),
    **dict.fromkeys(["test", "testing", "평가", "시험", "테스트"], Split.TEST),
}
_FIRST_TOKEN: Final = re.compile(r"^([^\W\d_]+)(?=[\s_\-.(\[]|\d|$)")
_LAST_TOKEN: Final = re.compile(r"(?:[\s_\-.(\[]|\d)([^\W\d_]+)[)\]]?$")


def plain(text: str) -> str:
    """The form in which names are compared: NFC, no case, no space around, words joined by "-"."""
    return re.sub(r"[\s_\-]+", "-", unicodedata.normalize("NFC", text).strip().casefold())


def label_from_word(text: str) -> tuple[Label, str | None] | None:
    """What a word says about an item, or None if it is not a word for a label. The second value, a defect type, is always None here:
    it leaves room for words that name one."""
    word = plain(text)
    if word in _GOOD:
        return Label.GOOD, None
    if word in _DEFECTIVE:
        return Label.DEFECTIVE, None
    if word in _UNSURE:
        return Label.UNSURE, None
    return None


def is_number_like(text: str) -> bool:
    """Whether a word for a label is one only by convention: 0, 1, true, false, yes, no."""
    return plain(text) in _NUMBER_LIKE


def split_from_word(text: str) -> Split | None:
    """The split that a folder name stands for."""
    return _SPLITS.get(plain(text))


def label_from_stem(stem: str) -> Label | None:
    """The label that a file name begins or ends with, as in "normal-1", "NG_0042" or "part 7 (ok)"; None if both ends disagree."""
    composed = unicodedata.normalize("NFC", stem)
    found: set[Label] = set()
    for pattern in (_FIRST_TOKEN, _LAST_TOKEN):
        token = pattern.search(composed)
        meaning = label_from_word(token[1]) if token and not is_number_like(token[1]) else None
        if meaning:
            found.add(meaning[0])
    return found.pop() if len(found) == 1 else None
