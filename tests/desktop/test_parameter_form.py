"""The generated form: every field type, every detector of the catalogue, exact values, refusals."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import model_validator
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel

from core.detectors.base import PRESETS, Declaration, Parameters, parameter
from core.detectors.catalog import DETECTORS, detector_class
from desktop.widgets.number_box import Limits, NumberBox, number_from_text, number_text
from desktop.widgets.parameter_fields import field_type
from desktop.widgets.parameter_form import ParameterForm


class Way(StrEnum):
    DIRECT = "direct"
    ROUND_ABOUT = "round_about"


class Everything(Parameters):
    """A made-up detector's parameters with every kind of field."""

    trees: int = parameter(100, title="Trees", help="How many trees grow.", unit="trees", ge=1, le=10_000)
    size: int = parameter(128, title="Size", help="Of the picture.", unit="px", ge=32, le=512, multiple_of=16)
    huge: int = parameter(2**40, title="Huge", help="Beyond 32 bits.", ge=0)
    rate: float = parameter(3e-5, title="Rate", help="Of learning.", gt=0, lt=1)
    share: float = parameter(0.02, title="Share", help="Of the worst places.", ge=0, le=1)
    way: Way = parameter(Way.DIRECT, title="Way", help="Which one.")
    norm: Literal["mean", "max"] = parameter("mean", title="Norm", help="Which one.")
    neighbours: Literal[1, 5, 9] = parameter(5, title="Neighbours", help="How many.")
    mirror: bool = parameter(True, title="Mirror", help="Pictures as well.")
    name: str = parameter("plain", title="Name", help="A word.", max_length=8)
    limit: int | None = parameter(None, title="Limit", help="None takes all.", ge=10, le=1000)
    weight: float | None = parameter(0.5, title="Weight", help="None is even.", gt=0)
    norm_or_none: Literal["mean", "max"] | None = parameter(None, title="Norm or none", help="Which one.")
    layers: tuple[int, ...] = parameter((64, 32), title="Layers", help="Widths.", advanced=True)
    batch: int | Literal["auto"] = parameter("auto", title="Batch", help="A number or auto.", advanced=True)
    patience: int = parameter(5, title="Patience", help="Epochs.", ge=0, advanced=True)


class Ordered(Parameters):
    small: int = parameter(1, title="Small", help="Below large.")
    large: int = parameter(2, title="Large", help="Above small.")

    @model_validator(mode="after")
    def _in_order(self) -> Ordered:
        if self.small >= self.large:
            raise ValueError("small must be below large")
        return self


OTHER_VALUES: dict[str, Any] = {
    "trees": 9_999,
    "size": 48,
    "huge": 2**53 + 1,
    "rate": 0.1 + 0.2,
    "share": 1e-300,
    "way": Way.ROUND_ABOUT,
    "norm": "max",
    "neighbours": 9,
    "mirror": False,
    "name": "다른",
    "limit": 11,
    "weight": None,
    "norm_or_none": "max",
    "layers": (7, 8, 9),
    "batch": 32,
    "patience": 0,
}


@pytest.fixture
def form(qtbot) -> ParameterForm:
    made = ParameterForm()
    qtbot.addWidget(made)
    made.set_model(Everything)
    return made


def number_box(form: ParameterForm, name: str) -> NumberBox:
    (box,) = form.row(name).editor.findChildren(NumberBox)
    return box


def test_defaults_come_back_unchanged(form) -> None:
    assert form.parameters() == Everything()
    assert form.overrides() == {}
    assert form.names()[-3:] == ["layers", "batch", "patience"]


@pytest.mark.parametrize("name", list(OTHER_VALUES))
def test_every_type_keeps_what_was_set(form, name) -> None:
    form.set_values({name: OTHER_VALUES[name]})
    assert getattr(form.parameters(), name) == OTHER_VALUES[name]
    assert form.overrides() == Everything(**{name: OTHER_VALUES[name]}).model_dump(mode="json", include={name})
    assert not form.row(name).reset.isHidden()
    form.row(name).reset.click()
    assert form.parameters() == Everything()
    assert form.row(name).reset.isHidden()


@pytest.mark.parametrize("key", list(DETECTORS))
def test_every_detector_of_the_catalogue_fits_the_form(qtbot, key) -> None:
    declaration: Declaration = detector_class(key).declaration
    form = ParameterForm()
    qtbot.addWidget(form)
    form.set_model(declaration.parameters)
    assert form.parameters() == declaration.parameters()
    for preset in PRESETS:
        form.set_base(declaration.presets.get(preset, {}))
        assert form.parameters() == declaration.parameters(**declaration.presets.get(preset, {}))
        assert form.overrides() == {}
    for name, info in declaration.parameters.model_fields.items():
        row = form.row(name)
        assert row.label.text() == info.title
        assert row.help.text().startswith(info.description)


@pytest.mark.parametrize("key", list(DETECTORS))
def test_every_detector_refuses_numbers_out_of_range(qtbot, key) -> None:
    declaration = detector_class(key).declaration
    form = ParameterForm()
    qtbot.addWidget(form)
    form.set_model(declaration.parameters)
    for name, info in declaration.parameters.model_fields.items():
        limits = field_type(info).limits
        for wrong in (limits.low is not None and limits.low - 1, limits.high is not None and limits.high + 1):
            if wrong is False:
                continue
            form.set_values({name: info.default if info.default is not None else limits.high or limits.low})
            number_box(form, name).lineEdit().setText(number_text(wrong))
            assert set(form.errors()) == {name}
            assert form.parameters() is None
            form.reset()
            assert form.errors() == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("trees", "0"),
        ("trees", "1.5"),
        ("trees", ""),
        ("size", "40"),
        ("rate", "0"),
        ("rate", "1"),
        ("rate", "nan"),
        ("rate", "1e"),
        ("share", "inf"),
    ],
)
def test_wrong_numbers_stay_visible_and_are_explained(form, name, text) -> None:
    number_box(form, name).lineEdit().setText(text)
    assert number_box(form, name).text() == text
    row = form.row(name)
    assert row.error
    assert row.help.text() == row.error
    assert row.help.font().bold()
    assert form.parameters() is None
    assert form.overrides() == {}


def test_text_that_is_too_long_is_refused(form) -> None:
    form.row("name").editor.box.setText("much too long")
    assert "at most 8 characters" in form.errors()["name"]


def test_a_wrong_advanced_entry_unfolds_its_part(form) -> None:
    assert form.row("patience").isHidden()
    number_box(form, "patience").lineEdit().setText("-1")
    assert not form.row("patience").isHidden()


def test_a_rule_between_fields_is_told_below_the_form(qtbot) -> None:
    form = ParameterForm()
    qtbot.addWidget(form)
    form.set_model(Ordered)
    number_box(form, "small").setValue(3)
    assert form.errors() == {"": "Not allowed: small must be below large"}
    number_box(form, "large").setValue(4)
    assert form.parameters() == Ordered(small=3, large=4)


def test_another_preset_leaves_what_a_person_changed(form) -> None:
    form.set_values({"trees": 7})
    form.set_base({"trees": 500, "size": 64})
    assert (form.parameters().trees, form.parameters().size) == (7, 64)
    assert form.overrides() == {"trees": 7}
    form.reset()
    assert form.parameters() == Everything(trees=500, size=64)


def test_a_decimal_comma_is_understood(form) -> None:
    number_box(form, "share").lineEdit().setText("0,25")
    assert form.parameters().share == 0.25


def test_showing_another_model_forgets_the_first(qtbot, form) -> None:
    form.set_model(Ordered)
    assert form.names() == ["small", "large"]
    with qtbot.waitSignal(form.changed):
        number_box(form, "small").setValue(0)
    assert form.parameters() == Ordered(small=0)


def test_fields_are_named_for_screen_readers_and_reached_by_tab(qtbot, form) -> None:
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    box = number_box(form, "trees")
    assert box.accessibleName() == "Trees (trees)"
    assert "How many trees grow." in box.accessibleDescription()
    box.setFocus()
    visited = []
    for _ in range(40):
        focused = QApplication.focusWidget()
        row = next((name for name in form.names() if form.row(name).isAncestorOf(focused)), "")
        if row and row not in visited:
            visited.append(row)
        form.focusNextChild()
    assert visited == [name for name in form.names() if not form.row(name).advanced]


def test_the_wheel_changes_only_a_box_that_has_the_focus(qtbot, form) -> None:
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    box = number_box(form, "trees")
    form.row("share").editor.first.setFocus()
    middle = QPointF(box.rect().center())
    event = QWheelEvent(
        middle, box.mapToGlobal(middle), QPoint(0, 0), QPoint(0, 120), Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, event)
    assert box.value() == 100
    box.setFocus()
    QApplication.sendEvent(box, event)
    assert box.value() > 100


def test_labels_have_their_field_as_buddy(form) -> None:
    row = form.row("trees")
    assert row.label in form.findChildren(QLabel)
    assert row.label.buddy() is row.editor.first


@settings(max_examples=200, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_numbers_survive_being_written_and_read(value) -> None:
    read = number_from_text(number_text(value), whole=isinstance(value, int))
    assert read == value
    assert type(read) is type(value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.floats(0.001, 1),
    presses=st.lists(st.sampled_from([-10, -1, 1, 10]), max_size=12),
    limits=st.sampled_from(
        [
            Limits(low=0.0, high=1.0),
            Limits(low=0.0, high=1.0, low_excluded=True, high_excluded=True),
            Limits(low=0.0005),
            Limits(low=1e-6, high=100.0, low_excluded=True),
        ]
    ),
)
def test_arrows_never_leave_the_range(qapp, start, presses, limits) -> None:
    start = min(start, 0.999) if limits.high_excluded else start
    box = NumberBox(whole=False, limits=limits, default=start)
    for steps in presses:
        box.stepBy(steps)
        assert limits.allow(box.value())


@pytest.mark.parametrize(
    ("whole", "limits", "start", "expected"),
    [
        (True, Limits(low=1, high=10_000), 100, 110),
        (True, Limits(low=1, high=32), 8, 9),
        (True, Limits(low=32, high=512, multiple_of=16), 128, 144),
        (False, Limits(low=0, high=0.1, low_excluded=True), 0.0002, 0.0005),
        (False, Limits(low=0, high=1), 0.1, 0.15),
        (False, Limits(), -2.0, -1.0),
    ],
)
def test_arrow_keys_step_by_what_suits_the_range(qtbot, whole, limits, start, expected) -> None:
    box = NumberBox(whole=whole, limits=limits, default=start)
    qtbot.addWidget(box)
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.value() == expected
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.value() == start
