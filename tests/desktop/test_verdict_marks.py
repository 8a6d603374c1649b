"""Verdicts as widgets."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from core.vocabulary import Verdict
from desktop.widgets.verdict_marks import VerdictMark


def test_a_verdict_is_said_in_the_language_of_the_window(qtbot: QtBot, mark_texts: Callable[[], None]) -> None:
    mark = VerdictMark()
    qtbot.addWidget(mark)
    mark.show_verdict(Verdict.REVIEW)
    assert mark.word() == "REVIEW"
    mark_texts()
    assert mark.word() == "[REVIEW]"
