"""Curve, sample strip, list of runs, detector cards and facts, each for itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette

from core.detectors.catalog import declarations, detector_class
from core.project.runs import SnapshotItem
from core.vocabulary import Label, RunState, Split
from desktop.widgets.detector_list import DetectorList
from desktop.widgets.loss_curve import LossCurve, StepAxis
from desktop.widgets.muted_label import MutedLabel
from desktop.widgets.run_facts import item_facts, value_text
from desktop.widgets.run_list import RunLine, RunList, paint_sign
from desktop.widgets.sample_strip import SampleStrip, difference, to_image

LINES = [
    RunLine(run_id=3, title="Autoencoder", state=RunState.RUNNING, seed=1, detail="Training", share=0.62),
    RunLine(run_id=2, title="Autoencoder", state=RunState.FAILED, seed=0, detail="There is not enough memory."),
    RunLine(run_id=1, title="Isolation Forest", state=RunState.DONE, seed=0),
]


@pytest.fixture
def curve(qtbot) -> LossCurve:
    made = LossCurve()
    qtbot.addWidget(made)
    return made


def drawn(curve: LossCurve, metric: str) -> tuple[list[float], list[float]]:
    """What pyqtgraph was given to draw, before any logarithm."""
    x, y = curve.line(metric).getOriginalDataset()
    return ([], []) if x is None else (x.tolist(), y.tolist())


def test_points_are_drawn_soon_after_they_come(qtbot, curve) -> None:
    assert curve.is_empty()
    for step, value in enumerate((4.0, 2.0, 1.0), 1):
        curve.add_point("train_loss", step, value)
        curve.add_point("calibration_loss", step, value + 1)
        curve.add_point("learning_rate", step, 99.0)
    assert not curve.is_empty()
    qtbot.waitUntil(lambda: drawn(curve, "train_loss") == ([1, 2, 3], [4, 2, 1]))
    assert drawn(curve, "calibration_loss") == ([1, 2, 3], [5, 3, 2])
    assert curve.legend_texts() == ["training items 1", "calibration goods 2"]


def test_a_logarithmic_axis_leaves_out_what_it_cannot_show(curve) -> None:
    curve.set_points("train_loss", [1, 2, 3], [10.0, 0.0, 0.1])
    curve.log_box.setChecked(True)
    assert np.isnan(drawn(curve, "train_loss")[1][1])
    assert curve.line("train_loss").getData()[1][0] == pytest.approx(1.0)  # log10 of 10
    curve.log_box.setChecked(False)
    assert drawn(curve, "train_loss") == ([1, 2, 3], [10.0, 0.0, 0.1])


def test_another_run_starts_with_an_empty_curve(curve) -> None:
    curve.set_points("train_loss", [1], [1.0])
    curve.clear()
    assert curve.is_empty()
    assert drawn(curve, "train_loss") == ([], [])
    assert not curve.log_box.isEnabled()


def test_the_curve_follows_the_palette(curve) -> None:
    def colour() -> str:
        return curve.line("train_loss").opts["pen"].color().name()

    before = colour()
    palette = QPalette(QColor("#202020"), QColor("#202020"))
    curve.setPalette(palette)
    assert colour() != before


def test_steps_are_whole_numbers(qapp) -> None:
    axis = StepAxis(orientation="bottom")
    assert all(spacing >= 1 for spacing, _ in axis.tickSpacing(1, 3, 800))
    assert all(spacing >= 1 for spacing, _ in axis.tickSpacing(1, 2000, 800))


def test_the_difference_is_the_largest_of_any_channel() -> None:
    first = np.zeros((1, 1, 2, 3), dtype=np.uint8)
    second = np.array([[[[10, 0, 200], [0, 0, 0]]]], dtype=np.uint8)
    assert difference(first, second).tolist() == [[[[200], [0]]]]
    assert difference(second, first).tolist() == [[[[200], [0]]]]


def test_pictures_keep_their_pixels() -> None:
    grey = np.arange(6, dtype=np.uint8).reshape(2, 3, 1) * 40
    image = to_image(grey)
    assert (image.width(), image.height()) == (3, 2)
    assert image.pixelColor(2, 1) == QColor(200, 200, 200)
    colour = np.array([[[255, 0, 10]]], dtype=np.uint8)
    assert to_image(colour).pixelColor(0, 0) == QColor(255, 0, 10)


def test_the_strip_shows_three_rows_once_there_is_a_reconstruction(qtbot) -> None:
    strip = SampleStrip()
    qtbot.addWidget(strip)
    parts = np.full((4, 8, 8, 1), 200, dtype=np.uint8)
    strip.set_pictures("input", parts)
    assert [len(row) for row in strip.rows()] == [4]
    strip.set_pictures("reconstruction", parts - 50)
    assert [len(row) for row in strip.rows()] == [4, 4, 4]
    assert strip.rows()[2][0].pixelColor(0, 0) == QColor(50, 50, 50)
    strip.set_pictures("reconstruction", parts[:2])  # of another run, say
    assert len(strip.rows()) == 1
    strip.clear()
    assert strip.is_empty()


def test_the_strip_paints_its_pictures(qtbot) -> None:
    strip = SampleStrip()
    qtbot.addWidget(strip)
    strip.resize(400, 400)
    strip.set_pictures("input", np.full((1, 8, 8, 1), 37, dtype=np.uint8))
    image = strip.grab().toImage()
    assert any(image.pixelColor(5, y) == QColor(37, 37, 37) for y in range(image.height()))


@pytest.fixture
def run_list(qtbot) -> RunList:
    made = RunList()
    qtbot.addWidget(made)
    made.set_lines(LINES)
    return made


def test_the_model_of_the_list_is_sound(qtmodeltester, run_list) -> None:
    qtmodeltester.check(run_list.model())


def test_lines_are_read_out_with_state_and_reason(run_list) -> None:
    model = run_list.model()
    texts = [model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert texts == [
        "3  Autoencoder, 62% · Training",
        "2  Autoencoder, failed · There is not enough memory.",
        "1  Isolation Forest, done",
    ]


def test_progress_does_not_disturb_the_choice(qtbot, run_list) -> None:
    run_list.choose(2)
    with qtbot.assertNotEmitted(run_list.chosen), qtbot.assertNotEmitted(run_list.model().modelReset):
        run_list.set_lines([replace(LINES[0], share=0.7), *LINES[1:]])
    assert run_list.current_run() == 2
    with qtbot.assertNotEmitted(run_list.chosen):
        run_list.set_lines([replace(LINES[0], run_id=4), *LINES])
    assert run_list.current_run() == 2


def test_arrow_keys_choose_runs(qtbot, run_list) -> None:
    run_list.choose(3)
    with qtbot.waitSignal(run_list.chosen) as chosen:
        qtbot.keyClick(run_list, Qt.Key.Key_Down)
    assert chosen.args == [2]


def test_every_state_has_a_sign_of_its_own_shape(qapp) -> None:
    def sign(state: RunState) -> bytes:
        image = QImage(16, 16, QImage.Format.Format_Grayscale8)
        image.fill(255)
        painter = QPainter(image)
        painter.setPen(QColor(0, 0, 0))
        paint_sign(painter, image.rect().toRectF(), state)
        painter.end()
        return bytes(image.constBits())

    shapes = {sign(state) for state in RunState}
    assert len(shapes) == len(RunState)


def test_a_list_without_runs_says_so(qtbot) -> None:
    empty = RunList()
    qtbot.addWidget(empty)
    empty.resize(200, 120)
    blank = empty.grab().toImage()
    empty.set_lines(LINES)
    empty.set_lines([])
    assert empty.grab().toImage() == blank
    ground = blank.pixelColor(QPoint(100, 110))
    assert any(blank.pixelColor(x, 20) != ground for x in range(10, 190))


def test_cards_say_what_a_detector_takes_and_gives(qtbot) -> None:
    cards = DetectorList()
    qtbot.addWidget(cards)
    keys = ("autoencoder", "isolation_forest", "local_outlier_factor", "logistic_regression", "relative_position")
    shown = [detector_class(key).declaration for key in keys]
    cards.set_detectors(shown, {"isolation_forest": "no table"})
    texts = [cards.model().index(row, 0).data(Qt.ItemDataRole.AccessibleDescriptionRole) for row in range(len(keys))]
    assert "takes images, tables · learns from good items · gives anomaly score, heatmap, reconstruction" in texts[0]
    assert not cards.model().index(1, 0).flags() & Qt.ItemFlag.ItemIsSelectable
    assert texts[1].endswith("no table")
    assert "most similar good items" in texts[2]
    assert "learns from good and defective items" in texts[3] and "probability of being defective" in texts[3]
    assert "learns from good items, and defective ones if there are any" in texts[4]
    with qtbot.waitSignal(cards.chosen) as chosen:
        cards.choose("autoencoder")
    assert chosen.args == ["autoencoder"]


def test_the_model_of_the_cards_is_sound(qtbot, qtmodeltester) -> None:
    cards = DetectorList()
    qtbot.addWidget(cards)
    cards.set_detectors(declarations(), {})
    qtmodeltester.check(cards.model())


def test_items_are_counted_by_split_and_label() -> None:
    items = [
        SnapshotItem(1, "", Label.GOOD, Split.TRAIN),
        SnapshotItem(2, "", Label.GOOD, Split.TRAIN),
        SnapshotItem(3, "", Label.DEFECTIVE, Split.TEST),
        SnapshotItem(4, "", Label.NONE, Split.NEW),
    ]
    assert item_facts(items, learnt=2)[1] == [
        ("learnt from", "2"),
        ("train, good", "2"),
        ("test, defective", "1"),
        ("new, unlabelled", "1"),
    ]
    assert item_facts([], learnt=0)[1] == []


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "not set"), (True, "on"), (False, "off"), (0.002, "0.002"), (1e-9, "1e-09"), ([64, 32], "64, 32"), ("mean", "mean")],
)
def test_values_of_parameters_are_readable(value, text) -> None:
    assert value_text(value) == text


def test_explanations_stay_readable_in_light_and_dark(qtbot) -> None:
    label = MutedLabel()
    qtbot.addWidget(label)
    for ground, text in (("#f0f0f0", "#000000"), ("#202020", "#ffffff")):
        parent = QPalette(QColor(ground), QColor(ground))
        parent.setColor(QPalette.ColorRole.WindowText, QColor(text))
        holder = label.__class__()
        qtbot.addWidget(holder)
        holder.setPalette(parent)
        inner = MutedLabel(holder)
        assert contrast(inner.palette().color(QPalette.ColorRole.WindowText), QColor(ground)) > 4.5


def contrast(colour: QColor, ground: QColor) -> float:
    """WCAG contrast of a colour that may be partly transparent."""

    def luminance(values: list[float]) -> float:
        linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    alpha = colour.alphaF()
    over = [alpha * front + (1 - alpha) * back for front, back in zip(colour.getRgbF()[:3], ground.getRgbF()[:3], strict=True)]
    first, second = luminance(over), luminance(list(ground.getRgbF()[:3]))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
