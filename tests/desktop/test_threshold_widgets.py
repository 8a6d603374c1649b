"""Counts with their intervals, and the numbers and rules that set thresholds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from core.evaluation.outcomes import Counts, Rate
from core.evaluation.thresholds import Rule
from core.vocabulary import Label, Verdict
from desktop.widgets.counts_table import CountsTable, interval_text, percent, rate_text
from desktop.widgets.threshold_rules import ThresholdRules

# Fixture A of the product paper.
COUNTS = Counts(good_ok=487, good_review=8, good_ng=5, defective_ok=1, defective_review=4, defective_ng=95)


@pytest.fixture
def table(qtbot) -> CountsTable:
    widget = CountsTable()
    qtbot.addWidget(widget)
    widget.show_counts(COUNTS)
    return widget


@pytest.fixture
def rules(qtbot) -> ThresholdRules:
    widget = ThresholdRules()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_rates_have_denominator_and_exact_interval(table: CountsTable) -> None:
    assert table.rates["escape"].text() == "1 of 100 = 1.0 %"
    assert table.intervals["escape"].text() == "(95 %: 0.025 – 5.4 %)"
    assert table.rates["overkill"].text() == "5 of 500 = 1.0 %"
    assert table.intervals["overkill"].text() == "(95 %: 0.33 – 2.3 %)"
    assert table.rates["review"].text() == "12 of 600 = 2.0 %"


def test_every_count_has_its_place(table: CountsTable) -> None:
    texts = {key: cell.text() for key, cell in table.cells.items()}
    assert texts[Label.GOOD, Verdict.OK] == "487"
    assert texts[Label.GOOD, Verdict.NG] == "5"
    assert texts[Label.DEFECTIVE, Verdict.OK] == "1"
    assert texts[Label.DEFECTIVE, Verdict.REVIEW] == "4"


def test_a_click_chooses_a_cell_and_another_click_leaves_it(table: CountsTable, qtbot) -> None:
    chosen: list[object] = []
    table.cell_chosen.connect(chosen.append)
    cell = table.cells[Label.DEFECTIVE, Verdict.OK]
    qtbot.mouseClick(cell, Qt.MouseButton.LeftButton)
    assert cell.isChecked()
    qtbot.mouseClick(table.cells[Label.GOOD, Verdict.NG], Qt.MouseButton.LeftButton)
    assert not cell.isChecked()
    qtbot.mouseClick(table.cells[Label.GOOD, Verdict.NG], Qt.MouseButton.LeftButton)
    assert chosen == [(Label.DEFECTIVE, Verdict.OK), (Label.GOOD, Verdict.NG), None]


def test_without_defective_items_the_escape_rate_is_not_known(table: CountsTable) -> None:
    table.show_counts(Counts(good_ok=3, good_review=0, good_ng=0, defective_ok=0, defective_review=0, defective_ng=0))
    assert table.rates["escape"].text() == "not known"
    assert table.intervals["escape"].text() == "no defective items here"
    assert table.rates["overkill"].text() == "0 of 3 = 0 %"


def test_nothing_to_count(table: CountsTable) -> None:
    table.show_counts(None)
    assert {cell.text() for cell in table.cells.values()} == {"–"}
    assert not any(cell.isEnabled() for cell in table.cells.values())


@given(numerator=st.integers(0, 10**6), more=st.integers(0, 10**6))
def test_percent_never_rounds_to_all_or_nothing(numerator: int, more: int) -> None:
    if numerator + more == 0:
        return
    fraction = numerator / (numerator + more)
    text = percent(fraction)
    assert (text == "0") == (numerator == 0)
    assert more == 0 or text != "100"
    assert float(text) == pytest.approx(100 * fraction, rel=0.06, abs=0.006 if fraction > 0.99 else 0)


def test_words_of_a_rate() -> None:
    assert rate_text(Rate(9980, 1_000_000)) == "9,980 of 1,000,000 = 1.00 %" or rate_text(Rate(9980, 1_000_000)) == (
        "9,980 of 1,000,000 = 1 %"
    )
    assert interval_text(Rate(0, 30)) == "(95 %: 0 – 11.6 %)"


# --- numbers and rules ----------------------------------------------------------------------------------------------------------------


def test_typing_tells_which_threshold(rules: ThresholdRules) -> None:
    typed: list[tuple[int, float]] = []
    rules.value_typed.connect(lambda index, value: typed.append((index, value)))
    rules.fit_to(0.0, 1.0)
    rules.show_thresholds((0.25, 0.5))
    assert typed == []
    rules.boxes[0].setValue(0.3)
    rules.boxes[1].setValue(0.6)
    assert typed == [(0, 0.3), (1, 0.6)]


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0.0001, 0.0009), (1e4, 9e4), (5, 5)])
def test_numbers_have_the_digits_that_the_scores_need(rules: ThresholdRules, low: float, high: float) -> None:
    rules.fit_to(low, high)
    third = low + (high - low) / 3
    rules.show_thresholds((third, third))
    assert rules.boxes[1].value() == pytest.approx(third, abs=max((high - low) / 5000, 1e-9) + 1e-3 * (high == low))
    assert 0 < rules.boxes[1].singleStep() <= max((high - low) / 100, 1e-2)


def test_simple_mode_has_one_number(rules: ThresholdRules) -> None:
    toggled: list[bool] = []
    rules.simple_toggled.connect(toggled.append)
    assert [box.isVisible() for box in rules.boxes] == [False, True]
    rules.set_simple(False)
    assert toggled == []
    assert [box.isVisible() for box in rules.boxes] == [True, True]
    rules.simple.click()
    assert toggled == [True]


def test_rule_buttons_give_fractions(rules: ThresholdRules, qtbot) -> None:
    rules.shares[Rule.ESCAPE].setValue(2.5)
    with qtbot.waitSignal(rules.rule_chosen) as chosen:
        rules.buttons[Rule.ESCAPE].click()
    assert chosen.args == [Rule.ESCAPE, 0.025]


def test_a_rule_that_cannot_be_used_says_why(rules: ThresholdRules) -> None:
    rules.set_available({Rule.ESCAPE: "no defects there"})
    assert not rules.buttons[Rule.ESCAPE].isEnabled()
    assert "no defects there" in rules.buttons[Rule.ESCAPE].toolTip()
    assert rules.buttons[Rule.OVERKILL].isEnabled()
    rules.set_available({})
    assert rules.buttons[Rule.ESCAPE].isEnabled()


def test_good_only_ends_at_what_the_items_can_promise(rules: ThresholdRules) -> None:
    rules.set_least(Rule.GOOD_ONLY, 1 / 31)
    rules.shares[Rule.GOOD_ONLY].setValue(0)
    assert rules.shares[Rule.GOOD_ONLY].value() == 3.23


def test_words_follow_the_language(table: CountsTable, rules: ThresholdRules, mark_texts) -> None:
    mark_texts()
    from PySide6.QtWidgets import QApplication

    QApplication.processEvents()
    assert rules.simple.text() == "[One threshold]"
    assert table.rates["escape"].text().startswith("[")
