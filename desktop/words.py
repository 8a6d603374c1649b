"""Words of the window: Qt's translation, and the translated names of everything that core knows by a code."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from pydantic.fields import FieldInfo
from PySide6.QtCore import QCoreApplication

from core.detectors.base import Declaration
from core.problems import WORDS, Problem
from core.vocabulary import ColumnRole, Kind, Label, Outcome, RunState, Split, Verdict
from core.wording import QT_TRANSLATE_NOOP

_NAMES: Final[tuple[tuple[Enum, str], ...]] = (
    (Label.NONE, QT_TRANSLATE_NOOP("Word", "unlabelled")),
    (Label.GOOD, QT_TRANSLATE_NOOP("Word", "good")),
    (Label.DEFECTIVE, QT_TRANSLATE_NOOP("Word", "defective")),
    (Label.UNSURE, QT_TRANSLATE_NOOP("Word", "unsure")),
    (Split.NEW, QT_TRANSLATE_NOOP("Word", "new")),
    (Split.TRAIN, QT_TRANSLATE_NOOP("Word", "train")),
    (Split.CALIBRATION, QT_TRANSLATE_NOOP("Word", "calibration")),
    (Split.TEST, QT_TRANSLATE_NOOP("Word", "test")),
    (Verdict.OK, QT_TRANSLATE_NOOP("Word", "OK")),
    (Verdict.REVIEW, QT_TRANSLATE_NOOP("Word", "REVIEW")),
    (Verdict.NG, QT_TRANSLATE_NOOP("Word", "NG")),
    (Outcome.CORRECT_OK, QT_TRANSLATE_NOOP("Word", "good, judged OK")),
    (Outcome.CORRECT_NG, QT_TRANSLATE_NOOP("Word", "defective, judged NG")),
    (Outcome.ESCAPE, QT_TRANSLATE_NOOP("Word", "escape")),
    (Outcome.OVERKILL, QT_TRANSLATE_NOOP("Word", "overkill")),
    (Outcome.IN_REVIEW, QT_TRANSLATE_NOOP("Word", "in review")),
    (Outcome.UNLABELLED, QT_TRANSLATE_NOOP("Word", "without a label")),
    (Outcome.UNSCORED, QT_TRANSLATE_NOOP("Word", "without a score")),
    (RunState.QUEUED, QT_TRANSLATE_NOOP("Word", "waiting")),
    (RunState.RUNNING, QT_TRANSLATE_NOOP("Word", "running")),
    (RunState.DONE, QT_TRANSLATE_NOOP("Word", "done")),
    (RunState.FAILED, QT_TRANSLATE_NOOP("Word", "failed")),
    (RunState.CANCELLED, QT_TRANSLATE_NOOP("Word", "cancelled")),
    (RunState.INTERRUPTED, QT_TRANSLATE_NOOP("Word", "interrupted")),
    (Kind.IMAGE, QT_TRANSLATE_NOOP("Word", "image")),
    (Kind.ROW, QT_TRANSLATE_NOOP("Word", "table row")),
    (ColumnRole.FEATURE, QT_TRANSLATE_NOOP("Word", "feature")),
    (ColumnRole.LABEL, QT_TRANSLATE_NOOP("Word", "label")),
    (ColumnRole.ID, QT_TRANSLATE_NOOP("Word", "serial number")),
    (ColumnRole.GROUP, QT_TRANSLATE_NOOP("Word", "group (lot)")),
    (ColumnRole.TIME, QT_TRANSLATE_NOOP("Word", "time")),
    (ColumnRole.IGNORE, QT_TRANSLATE_NOOP("Word", "ignore")),
)
# Keyed by type as well: `Label.GOOD` and `Split.TRAIN` are both the number 1, and equal as keys.
NAMES: Final[Mapping[tuple[type[Enum], Enum], str]] = {(type(value), value): text for value, text in _NAMES}


def translate(context: str, text: str, disambiguation: str | None = None, n: int = -1) -> str:
    """Qt's translation of a literal `text`; fill in arguments with `.format` afterwards.

    With n >= 0 `%n` becomes the number. "(s)" in the English text stands for the plural: "%n item(s)" gives "1 item", "2 items".
    """
    translated = QCoreApplication.translate(context, text, disambiguation, n)
    return translated.replace("(s)", "" if n == 1 else "s") if n >= 0 else translated


def _name(value: Enum) -> str:
    return translate("Word", NAMES[type(value), value])


def label_word(label: Label) -> str:
    return _name(Label(label))


def split_word(split: Split) -> str:
    return _name(Split(split))


def verdict_word(verdict: Verdict) -> str:
    return _name(Verdict(verdict))


def outcome_word(outcome: Outcome) -> str:
    return _name(Outcome(outcome))


def run_state_word(state: RunState) -> str:
    return _name(RunState(state))


def kind_word(kind: Kind) -> str:
    return _name(Kind(kind))


def role_word(role: ColumnRole) -> str:
    return _name(ColumnRole(role))


def problem_sentence(problem: Problem) -> str:
    """What is wrong and what to do, in the language of the window."""
    return translate("Problem", WORDS[problem.code]).format(**problem.arguments)


def phase_word(phase: str) -> str:
    """`phase` is what a job gave to `JobContext.phase`."""
    return translate("Phase", phase)


def detector_title(declaration: Declaration) -> str:
    return translate("Detector", declaration.title)


def detector_summary(declaration: Declaration) -> str:
    return translate("Detector", declaration.summary)


def parameter_title(info: FieldInfo) -> str:
    """The title of a field made with `core.detectors.base.parameter`."""
    return translate("Parameter", info.title or "")


def parameter_help(info: FieldInfo) -> str:
    """The line of help of a field made with `core.detectors.base.parameter`."""
    return translate("Parameter", info.description or "")


def duration_text(seconds: float) -> str:
    """A length of time, as exact as a person waiting needs it."""
    whole = max(0, round(seconds))
    if whole < 60:
        return translate("Word", "{seconds} s").format(seconds=whole)
    if whole < 3600:
        return translate("Word", "{minutes} min {seconds} s").format(minutes=whole // 60, seconds=whole % 60)
    return translate("Word", "{hours} h {minutes} min").format(hours=whole // 3600, minutes=whole % 3600 // 60)
