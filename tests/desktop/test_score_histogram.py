"""Thresholds on the histogram: dragging, keys, what is told when, and bars that lose no item."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt

from desktop.models.score_groups import ScoreGroups
from desktop.widgets import score_histogram
from desktop.widgets.histogram_bars import bins_of
from desktop.widgets.score_axis import ScoreAxis, natural_axis
from desktop.widgets.score_histogram import ScoreHistogram

# Fixture B of the product paper.
GOOD = np.arange(2.0, 41.0, 2.0)
DEFECTIVE = np.array([23.0, 33.0, 37.0, 41.0, 45.0, 53.0, 61.0, 77.0])
GROUPS = ScoreGroups(GOOD, DEFECTIVE)
SCORES = st.lists(st.floats(-1e6, 1e6, allow_subnormal=False), max_size=40).map(lambda values: np.sort(np.array(values)))


@pytest.fixture
def histogram(qtbot) -> ScoreHistogram:
    widget = ScoreHistogram()
    qtbot.addWidget(widget)
    widget.resize(700, 200)
    widget.show()
    widget.set_groups(GROUPS)
    widget.set_thresholds((30.5, 30.5))
    return widget


@pytest.fixture
def two(histogram: ScoreHistogram) -> ScoreHistogram:
    histogram.set_simple(False)
    histogram.set_thresholds((20.5, 40.5))
    return histogram


def told(histogram: ScoreHistogram) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    moved: list[tuple[float, float]] = []
    committed: list[tuple[float, float]] = []
    histogram.moved.connect(lambda t1, t2: moved.append((t1, t2)))
    histogram.committed.connect(lambda t1, t2: committed.append((t1, t2)))
    return moved, committed


def place(histogram: ScoreHistogram, score: float) -> QPoint:
    return QPoint(round(histogram.x_of(score)), 100)


# --- bars -----------------------------------------------------------------------------------------------------------------------------


@given(good=SCORES, defective=SCORES, ends=st.tuples(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6)), count=st.integers(1, 50))
def test_no_score_is_lost(good: np.ndarray, defective: np.ndarray, ends: tuple[float, float], count: int) -> None:
    bins = bins_of(ScoreGroups(good, defective), ScoreAxis(ends[0], ends[0] + ends[1]), count)
    assert bins.good.sum() + bins.defective.sum() + bins.below + bins.above == good.size + defective.size
    assert bins.below == (good < ends[0]).sum() + (defective < ends[0]).sum()


@given(good=SCORES, defective=SCORES, logarithmic=st.sampled_from([None, False, True]))
def test_first_range_holds_nearly_all_scores(good: np.ndarray, defective: np.ndarray, logarithmic: bool | None) -> None:
    axis = natural_axis(ScoreGroups(good, defective), logarithmic=logarithmic)
    assert axis.high > axis.low
    everything = np.concatenate([good, defective])
    inside = [0 <= axis.fraction(float(score)) <= 1 for score in everything]
    assert sum(inside) >= everything.size - max(2, 0.02 * everything.size)


def test_one_far_score_does_not_squeeze_the_others() -> None:
    scores = np.sort(np.append(np.random.default_rng(0).normal(1, 0.1, 999), 5000.0))
    axis = natural_axis(ScoreGroups(scores))
    assert axis.high < 3
    assert bins_of(ScoreGroups(scores), axis, 100).above == 1


def test_scores_of_very_different_size_get_a_logarithmic_axis() -> None:
    good = np.linspace(4, 20, 60)
    assert natural_axis(ScoreGroups(good, np.linspace(200, 2000, 60))).logarithmic
    assert not natural_axis(ScoreGroups(good, np.linspace(20, 90, 60))).logarithmic
    assert not natural_axis(ScoreGroups(good - 5, np.linspace(200, 2000, 60))).logarithmic
    axis = natural_axis(ScoreGroups(good, np.linspace(200, 2000, 60)))
    assert axis.fraction(20.0) > 0.2


@given(low=st.floats(-3, 3), width=st.floats(0.01, 6), score=st.floats(1e-4, 1e5), logarithmic=st.booleans())
def test_axis_and_its_inverse(low: float, width: float, score: float, logarithmic: bool) -> None:
    axis = ScoreAxis(low, low + width, logarithmic)
    assert axis.score(axis.fraction(score)) == pytest.approx(score, rel=1e-6, abs=1e-6)
    for factor, fraction in ((0.5, 0.3), (2.0, 0.9)):
        assert axis.zoomed(factor, fraction).score(fraction) == pytest.approx(axis.score(fraction))
    wider = axis.including(score)
    assert -1e-9 <= wider.fraction(score) <= 1 + 1e-9
    assert wider.low <= axis.low
    assert wider.high >= axis.high


@given(low=st.floats(-1e6, 1e6), width=st.floats(1e-3, 1e6), most=st.integers(2, 12))
def test_ticks_are_few_different_and_inside(low: float, width: float, most: int) -> None:
    ticks = ScoreAxis(low, low + width).ticks(most)
    assert len(ticks) <= most + 1
    assert all(low - 1e-6 * width <= tick <= low + width * (1 + 1e-6) for tick, _ in ticks)
    assert len({text for _, text in ticks}) == len(ticks)


@given(low=st.floats(-6, 6), width=st.floats(0.05, 9), most=st.integers(2, 12))
def test_logarithmic_ticks_are_few_different_and_inside(low: float, width: float, most: int) -> None:
    axis = ScoreAxis(low, low + width, logarithmic=True)
    ticks = axis.ticks(most)
    assert len(ticks) <= most + 1
    assert all(-1e-6 <= axis.fraction(tick) <= 1 + 1e-6 for tick, _ in ticks)
    assert len({text for _, text in ticks}) == len(ticks)
    assert all(float(text) == pytest.approx(tick, rel=0.05) for tick, text in ticks if tick > 1e-9)


def test_a_person_may_choose_the_axis(histogram: ScoreHistogram) -> None:
    assert not histogram.axis.logarithmic
    histogram.scale_button.click()
    assert histogram.axis.logarithmic
    assert histogram.score_at(histogram.x_of(30.5)) == pytest.approx(30.5)
    histogram.set_groups(ScoreGroups(GOOD))
    assert histogram.axis.logarithmic
    histogram.set_groups(ScoreGroups(GOOD - 10))
    assert not histogram.axis.logarithmic
    assert not histogram.scale_button.isEnabled()


# --- dragging -------------------------------------------------------------------------------------------------------------------------


def test_drag_moves_in_every_step_and_commits_once_on_release(histogram: ScoreHistogram, qtbot) -> None:
    moved, committed = told(histogram)
    qtbot.mousePress(histogram, Qt.MouseButton.LeftButton, pos=place(histogram, 30.5))
    for score in (35.0, 45.0, 50.0):
        qtbot.mouseMove(histogram, place(histogram, score))
    assert len(moved) == 3
    assert committed == []
    qtbot.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=place(histogram, 50))
    assert committed == [histogram.thresholds]
    assert histogram.thresholds == pytest.approx((50, 50), abs=0.2)


def test_a_click_without_a_move_commits_nothing(histogram: ScoreHistogram, qtbot) -> None:
    _, committed = told(histogram)
    qtbot.mouseClick(histogram, Qt.MouseButton.LeftButton, pos=place(histogram, 30.5))
    assert committed == []
    assert histogram.thresholds == (30.5, 30.5)


def test_flag_can_be_dragged_too(two: ScoreHistogram, qtbot) -> None:
    _, committed = told(two)
    flag = two.handles[1]
    start = flag.rect().center()
    qtbot.mousePress(flag, Qt.MouseButton.LeftButton, pos=start)
    wanted = round(two.x_of(60)) - flag.x()
    qtbot.mouseMove(flag, QPoint(wanted, start.y()))
    qtbot.mouseRelease(flag, Qt.MouseButton.LeftButton)
    assert len(committed) == 1
    assert two.thresholds is not None
    assert two.thresholds[0] == 20.5
    assert two.thresholds[1] == pytest.approx(60, abs=0.3)


def test_setting_thresholds_from_code_tells_nobody(histogram: ScoreHistogram) -> None:
    moved, committed = told(histogram)
    histogram.set_thresholds((10.0, 12.0))
    histogram.set_simple(True)
    assert (moved, committed) == ([], [])


@given(steps=st.lists(st.tuples(st.integers(0, 1), st.floats(-100, 200)), max_size=12), simple=st.booleans())
def test_t1_never_passes_t2_and_simple_mode_ties_them(qapp, steps: list[tuple[int, float]], simple: bool) -> None:
    histogram = ScoreHistogram()
    try:
        histogram.set_groups(GROUPS)
        histogram.set_simple(simple)
        histogram.set_thresholds((30.5, 30.5))
        for index, value in steps:
            histogram.move_threshold(index, value)
            assert histogram.thresholds is not None
            assert histogram.thresholds[0] <= histogram.thresholds[1]
            if simple:
                assert histogram.thresholds == (value, value)
    finally:
        histogram.deleteLater()


def test_t1_stops_at_t2(two: ScoreHistogram) -> None:
    two.move_threshold(0, 99)
    assert two.thresholds == (40.5, 40.5)
    two.move_threshold(1, 3)
    assert two.thresholds == (40.5, 40.5)


# --- keys -----------------------------------------------------------------------------------------------------------------------------


def below(threshold: float) -> int:
    return int(np.sum(np.unique(np.concatenate([GOOD, DEFECTIVE])) < threshold))


@pytest.mark.parametrize(
    ("key", "modifier", "parts"), [("Right", "No", 1), ("Left", "No", -1), ("Right", "Shift", 10), ("Left", "Shift", -10)]
)
def test_arrow_changes_the_verdict_of_one_part_or_ten(histogram: ScoreHistogram, qtbot, key: str, modifier: str, parts: int) -> None:
    modifiers = getattr(Qt.KeyboardModifier, f"{modifier}Modifier")
    qtbot.keyClick(histogram.handles[1], getattr(Qt.Key, f"Key_{key}"), modifiers)
    assert histogram.thresholds is not None
    assert below(histogram.thresholds[1]) == below(30.5) + parts


def test_keys_stay_within_the_scores(histogram: ScoreHistogram, qtbot) -> None:
    for _ in range(6):
        qtbot.keyClick(histogram.handles[1], Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert histogram.thresholds is not None
    assert below(histogram.thresholds[1]) == below(np.inf)
    qtbot.keyClick(histogram.handles[1], Qt.Key.Key_Left)
    assert below(histogram.thresholds[1]) == below(np.inf) - 1


def test_keys_commit_once_they_rest(histogram: ScoreHistogram, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    histogram._rest.setInterval(30)
    _, committed = told(histogram)
    with qtbot.waitSignal(histogram.committed):
        for _ in range(5):
            qtbot.keyClick(histogram.handles[1], Qt.Key.Key_Right)
    assert committed == [histogram.thresholds]
    assert score_histogram.COMMIT_AFTER > 300


def test_leaving_the_handle_commits_at_once(two: ScoreHistogram, qtbot) -> None:
    _, committed = told(two)
    two.activateWindow()
    two.handles[0].setFocus()
    qtbot.waitUntil(two.handles[0].hasFocus)
    qtbot.keyClick(two.handles[0], Qt.Key.Key_Left)
    two.handles[1].setFocus()
    assert committed == [two.thresholds]


def test_escape_takes_a_move_back(two: ScoreHistogram, qtbot) -> None:
    moved, committed = told(two)
    qtbot.mousePress(two, Qt.MouseButton.LeftButton, pos=place(two, 40.5))
    qtbot.mouseMove(two, place(two, 60))
    qtbot.keyClick(two.handles[1], Qt.Key.Key_Escape)
    qtbot.mouseRelease(two, Qt.MouseButton.LeftButton, pos=place(two, 60))
    assert two.thresholds == (20.5, 40.5)
    assert moved[-1] == (20.5, 40.5)
    assert committed == []


# --- what is seen ---------------------------------------------------------------------------------------------------------------------


def test_handles_for_one_and_for_two_thresholds(histogram: ScoreHistogram) -> None:
    assert [handle.isVisible() for handle in histogram.handles] == [False, True]
    histogram.set_simple(False)
    assert [handle.isVisible() for handle in histogram.handles] == [True, True]
    assert [handle.accessibleName() for handle in histogram.handles] == ["Threshold T1", "Threshold T2"]
    histogram.set_thresholds(None)
    assert [handle.isVisible() for handle in histogram.handles] == [False, False]


def test_equal_thresholds_leave_both_flags_within_reach(two: ScoreHistogram) -> None:
    two.set_thresholds((30.5, 30.5))
    first, second = (handle.geometry() for handle in two.handles)
    assert not first.intersects(second)


def test_tool_tip_counts_the_items_of_a_bar(histogram: ScoreHistogram) -> None:
    texts = {histogram.description_at(QPointF(x, 100)) for x in range(histogram.width())}
    counted = sum(int(text.split(": ")[1].split(" good")[0]) for text in texts if text)
    assert counted == GOOD.size


def test_wheel_zooms_about_the_mouse_and_double_click_shows_all(histogram: ScoreHistogram, qtbot) -> None:
    from tests.desktop.test_image_panes import wheel

    everything = histogram.shown_range
    spot = place(histogram, 60)
    under = histogram.score_at(spot.x())
    wheel(histogram, spot, 3)
    assert histogram.shown_range[1] - histogram.shown_range[0] == pytest.approx((everything[1] - everything[0]) / 1.25**3)
    assert histogram.score_at(spot.x()) == pytest.approx(under)
    qtbot.mouseDClick(histogram, Qt.MouseButton.LeftButton, pos=place(histogram, 60))
    assert histogram.shown_range == everything


def test_other_labels_keep_the_zoom(histogram: ScoreHistogram) -> None:
    from tests.desktop.test_image_panes import wheel

    wheel(histogram, place(histogram, 60), 3)
    zoomed = histogram.shown_range
    histogram.update_groups(ScoreGroups(GOOD[:-1], DEFECTIVE, GOOD[-1:]))
    assert histogram.shown_range == zoomed
    histogram.set_groups(GROUPS)
    assert histogram.shown_range != zoomed


def test_threshold_beyond_the_scores_is_in_view(qtbot) -> None:
    histogram = ScoreHistogram()
    qtbot.addWidget(histogram)
    histogram.set_groups(GROUPS)
    histogram.set_thresholds((300.0, 300.0))
    assert histogram.shown_range[1] > 300


@pytest.mark.parametrize("groups", [ScoreGroups(), ScoreGroups(GOOD), ScoreGroups(other=DEFECTIVE), ScoreGroups(np.array([3.0]))])
def test_paints_whatever_there_is(qtbot, groups: ScoreGroups) -> None:
    histogram = ScoreHistogram()
    qtbot.addWidget(histogram)
    histogram.resize(600, 200)
    histogram.set_groups(groups)
    histogram.set_thresholds((3.0, 4.0))
    assert not histogram.grab().isNull()
