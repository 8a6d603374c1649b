"""The panes of a part: one zoom and place for all, one scale of colours for the run, and a reason where there is nothing to see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PySide6.QtCore import QEvent, QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from desktop.widgets.heat import COLOUR_MAPS, HeatLegend, colour_table, heat_fraction, heat_image, plain_image, value_at
from desktop.widgets.image_panes import ImagePanes, PaneKey, PartPictures, difference_image
from desktop.widgets.picture_canvas import outline_of
from desktop.widgets.pixel_view import PixelView

PICTURE = np.zeros((60, 90, 3), dtype=np.uint8)
HEAT = np.linspace(0, 4, 24, dtype=np.float32).reshape(4, 6)
MASK = np.zeros((60, 90), dtype=bool)
MASK[10:20, 30:50] = True
PART = PartPictures(
    picture=PICTURE,
    heat=HEAT,
    heat_scale=2.0,
    working=np.full((6, 9, 3), 100, np.uint8),
    reconstruction=np.full((6, 9, 3), 90, np.uint8),
    mask=MASK,
)


@pytest.fixture
def panes(qtbot) -> ImagePanes:
    widget = ImagePanes()
    qtbot.addWidget(widget)
    widget.resize(900, 500)
    widget.show()
    widget.show_part(PART)
    return widget


# --- the scale of colours -------------------------------------------------------------------------------------------------------------


def test_scale_gives_a_half_at_t_and_three_quarters_at_three_t() -> None:
    fractions = heat_fraction(np.array([-1.0, 0.0, 0.4, 1.2, np.nan, np.inf]), 0.4)
    assert fractions[:4] == pytest.approx([0, 0, 0.5, 0.75])
    assert fractions[4] == 0
    assert fractions[5] == pytest.approx(1)


@given(times=st.floats(0, 1000), scale=st.floats(1e-6, 1e6))
def test_legend_numbers_are_the_inverse_of_the_colours(times: float, scale: float) -> None:
    value = times * scale
    assert value_at(value / (value + scale), scale) == pytest.approx(value, rel=1e-6, abs=1e-9 * scale)


def test_same_evidence_has_the_same_colour_whatever_else_is_in_the_picture() -> None:
    table = colour_table("inferno")
    quiet = heat_image(heat_fraction(np.array([[0.0, 0.3]]), 0.5), table)
    loud = heat_image(heat_fraction(np.array([[90.0, 0.3]]), 0.5), table)
    assert quiet.pixel(1, 0) == loud.pixel(1, 0)
    assert quiet.pixel(0, 0) != loud.pixel(0, 0)


def test_overlay_hides_nothing_where_there_is_no_evidence() -> None:
    for name in COLOUR_MAPS:
        alpha = colour_table(name, transparent_low=True)[:, 3]
        assert alpha[0] == 0
        assert np.all(np.diff(alpha.astype(int)) >= 0)
        assert alpha[128] == 255
        assert np.all(colour_table(name)[:, 3] == 255)


def test_legend_names_t_in_the_middle(qtbot) -> None:
    legend = HeatLegend()
    qtbot.addWidget(legend)
    assert legend.labels() == []
    legend.show_scale("viridis", 12.0)
    assert legend.labels() == ["0", "4", "12", "36", "∞"]


@pytest.mark.parametrize("scale", [41234.0, 3.2e-7, 99.0, 0.051])
def test_numbers_of_the_legend_stay_apart(qtbot, scale: float) -> None:
    legend = HeatLegend()
    qtbot.addWidget(legend)
    legend.show_scale("viridis", scale)
    assert float(legend.labels()[2]) * 10.0 ** legend.exponent() == pytest.approx(scale, rel=0.05)
    width = legend.fontMetrics().horizontalAdvance("0.000 ")
    assert all(legend.fontMetrics().horizontalAdvance(text) < width for text in legend.labels())


# --- pictures -------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 1), (5, 7, 3)])
def test_pictures_keep_their_pixels(shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, shape, dtype=np.uint8)
    image = plain_image(pixels)
    assert (image.width(), image.height()) == (7, 5)
    colour = image.pixelColor(6, 4)
    expected = pixels[4, 6] if len(shape) == 3 and shape[2] == 3 else np.repeat(pixels.reshape(5, 7)[4, 6], 3)
    assert [colour.red(), colour.green(), colour.blue()] == expected.tolist()


def test_difference_is_black_where_equal_and_white_from_64_levels() -> None:
    working = np.array([[[100, 100, 100], [100, 100, 100], [100, 100, 100]]], dtype=np.uint8)
    rebuilt = np.array([[[100, 100, 100], [132, 132, 132], [10, 10, 10]]], dtype=np.uint8)
    image = difference_image(working, rebuilt)
    assert [image.pixelColor(x, 0).red() for x in range(3)] == [0, 127, 255]


@given(mask=hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12)))
def test_outline_has_the_length_of_the_border(mask: np.ndarray) -> None:
    padded = np.pad(mask, 1).astype(int)
    border = np.abs(np.diff(padded, axis=0)).sum() + np.abs(np.diff(padded, axis=1)).sum()
    lines = outline_of(mask)
    assert sum(line.length() for line in lines) == pytest.approx(border)
    height, width = mask.shape
    assert all(0 <= line.x1() <= width and 0 <= line.y2() <= height for line in lines)


def test_outline_joins_pixels_into_lines() -> None:
    assert len(outline_of(MASK)) == 4


# --- one zoom for all -----------------------------------------------------------------------------------------------------------------


@given(
    steps=st.lists(st.tuples(st.floats(0.3, 3), st.floats(0, 200), st.floats(0, 100)), min_size=1, max_size=8),
)
def test_zoom_keeps_the_point_under_the_mouse(steps: list[tuple[float, float, float]]) -> None:
    view, pane = PixelView(), QSizeF(200, 100)
    view.set_pane_size(pane)
    view.set_picture_size(80, 80)
    for factor, x, y in steps:
        place = QPointF(x, y)
        before = view.to_picture(place, pane)
        view.zoom(factor, before)
        inside = 0 < view.centre.x() < 80 and 0 < view.centre.y() < 80
        after = view.to_picture(place, pane)
        if inside:
            assert (after - before).manhattanLength() == pytest.approx(0, abs=1e-6)
        assert 0 <= view.centre.x() <= 80
        assert 0 <= view.centre.y() <= 80


def wheel(canvas, place: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(place),
        QPointF(canvas.mapToGlobal(place)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def mouse(canvas, kind: QEvent.Type, place: QPoint, held: Qt.MouseButton) -> None:
    button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    position = QPointF(place)
    event = QMouseEvent(kind, position, QPointF(canvas.mapToGlobal(place)), button, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(canvas, event)


def test_wheel_over_one_pane_zooms_all(panes: ImagePanes) -> None:
    before = panes.view.scale
    wheel(panes.canvas(PaneKey.HEATMAP), QPoint(10, 10), 2)
    assert panes.view.scale == pytest.approx(before * 1.2**2)
    assert not panes.view.fitted
    rectangles = {panes.view.picture_rectangle(QSizeF(panes.canvas(key).size())).getRect() for key in PaneKey}
    assert len(rectangles) == 1


def test_dragging_moves_the_picture_by_as_many_screen_pixels(panes: ImagePanes) -> None:
    canvas = panes.canvas(PaneKey.IMAGE)
    panes.view.zoom(4)
    before = panes.view.picture_rectangle(QSizeF(canvas.size())).topLeft()
    mouse(canvas, QEvent.Type.MouseButtonPress, QPoint(50, 50), Qt.MouseButton.LeftButton)
    mouse(canvas, QEvent.Type.MouseMove, QPoint(65, 41), Qt.MouseButton.LeftButton)
    mouse(canvas, QEvent.Type.MouseButtonRelease, QPoint(65, 41), Qt.MouseButton.NoButton)
    after = panes.view.picture_rectangle(QSizeF(canvas.size())).topLeft()
    assert ((after - before).x(), (after - before).y()) == pytest.approx((15, -9))


def test_zoom_and_place_stay_for_the_next_part(panes: ImagePanes) -> None:
    panes.view.zoom(5, QPointF(30, 20))
    scale, centre = panes.view.scale, QPointF(panes.view.centre)
    panes.show_part(PartPictures(picture=np.full((60, 90), 9, np.uint8)))
    assert panes.view.scale == scale
    assert panes.view.centre == centre


def test_the_whole_picture_stays_whole_for_a_part_of_another_size(panes: ImagePanes) -> None:
    assert panes.view.fitted
    panes.show_part(PartPictures(picture=np.zeros((400, 100), np.uint8)))
    rectangle = panes.view.picture_rectangle(QSizeF(panes.canvas(PaneKey.IMAGE).size()))
    assert rectangle.top() >= -0.01
    assert rectangle.height() == pytest.approx(panes.canvas(PaneKey.IMAGE).height(), abs=1.5) or rectangle.width() == pytest.approx(
        panes.canvas(PaneKey.IMAGE).width(), abs=1.5
    )


def test_fit_and_one_to_one(panes: ImagePanes) -> None:
    panes.view.toggle_fit()
    assert panes.view.scale * panes.view.device_scale == 1
    assert panes.controls.one_to_one.isChecked()
    assert not panes.controls.fit.isChecked()
    panes.view.toggle_fit()
    assert panes.view.fitted
    assert panes.controls.fit.isChecked()


def test_columns_follow_the_shape_of_the_picture(panes: ImagePanes) -> None:
    panes.resize(1200, 500)
    panes.show_part(PartPictures(picture=np.zeros((900, 300), np.uint8)))
    tall = panes.grid.columns()
    panes.show_part(PartPictures(picture=np.zeros((300, 1200), np.uint8)))
    assert tall == 4
    assert panes.grid.columns() < tall


def test_double_click_shows_one_pane_alone_and_all_again(panes: ImagePanes, qtbot) -> None:
    canvas = panes.canvas(PaneKey.HEATMAP)
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton)
    assert [key for key in PaneKey if panes.canvas(key).isVisible()] == [PaneKey.HEATMAP]
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton)
    assert all(panes.canvas(key).isVisible() for key in PaneKey)


# --- layers ---------------------------------------------------------------------------------------------------------------------------


def test_overlay_goes_off_and_on(panes: ImagePanes) -> None:
    canvas = panes.canvas(PaneKey.IMAGE)
    assert canvas.has_overlay
    panes.toggle_overlay()
    assert not canvas.has_overlay
    panes.toggle_overlay()
    panes.controls.opacity.setValue(40)
    assert canvas.overlay_opacity == 0.4


def test_bare_picture_hides_overlay_and_outline_and_gives_them_back(panes: ImagePanes) -> None:
    canvas = panes.canvas(PaneKey.IMAGE)
    panes.set_bare(True)
    assert (canvas.has_overlay, canvas.outline_shown) == (False, False)
    panes.set_bare(False)
    assert (canvas.has_overlay, canvas.outline_shown) == (True, True)


def test_outline_only_where_the_item_has_a_mask(panes: ImagePanes) -> None:
    assert panes.controls.outline.isEnabled()
    panes.show_part(PartPictures(picture=PICTURE))
    assert not panes.controls.outline.isEnabled()
    assert not panes.canvas(PaneKey.IMAGE).outline_shown


def test_a_pane_without_content_says_why(panes: ImagePanes) -> None:
    panes.show_part(PartPictures(picture=PICTURE, missing={PaneKey.HEATMAP: "no map", PaneKey.DIFFERENCE: "no twin"}))
    assert panes.canvas(PaneKey.IMAGE).message == ""
    assert panes.canvas(PaneKey.HEATMAP).message == "no map"
    assert panes.canvas(PaneKey.DIFFERENCE).message == "no twin"


def test_other_colours_change_the_picture_but_not_the_numbers(panes: ImagePanes) -> None:
    before = panes.controls.legend.labels()
    first = panes.canvas(PaneKey.HEATMAP).grab().toImage()
    panes.controls.colours.setCurrentIndex(1)
    assert panes.controls.legend.labels() == before
    assert panes.canvas(PaneKey.HEATMAP).grab().toImage() != first


def test_reading_tells_what_lies_under_the_mouse(panes: ImagePanes) -> None:
    panes.view.set_cursor(QPointF(89.5, 59.5))
    assert "x 89" in panes.controls.reading.text()
    assert "heat 4" in panes.controls.reading.text()
    panes.view.set_cursor(QPointF(200, 10))
    assert panes.controls.reading.text() == ""


def test_a_thin_scratch_is_not_lost_when_a_large_picture_is_shown_small(qtbot) -> None:
    panes = ImagePanes()
    qtbot.addWidget(panes)
    panes.resize(900, 500)
    panes.show()
    picture = np.zeros((1600, 2400), np.uint8)
    picture[:, 1201] = 255
    panes.show_part(PartPictures(picture=picture))
    shown = panes.canvas(PaneKey.IMAGE).grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    row = [shown.pixelColor(x, shown.height() // 2).red() for x in range(shown.width())]
    middle = row[len(row) // 3 : 2 * len(row) // 3]
    assert max(middle) > min(middle)
