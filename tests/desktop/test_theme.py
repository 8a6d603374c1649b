"""Looks: icons follow the palette, data colours can be read, and the Korean font that is shipped is whole."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QSize
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette, QRawFont
from PySide6.QtWidgets import QApplication

from core.vocabulary import Label, Outcome, Verdict
from desktop import theme
from desktop.settings import ColourScheme

LIGHT, DARK = QPalette(QColor("#efefef")), QPalette(QColor("#323232"))
ICONS = sorted(path.name.removesuffix(".svg") for path in (resources.files("resources") / "icons").iterdir() if path.name.endswith(".svg"))


def luminance(colour: QColor) -> float:
    channels = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in colour.getRgbF()[:3]]
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(first: QColor, second: QColor) -> float:
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture
def palettes(qapp: QApplication) -> Any:
    before = qapp.palette()
    yield qapp.setPalette
    qapp.setPalette(before)


def inks(icon: QIcon, mode: QIcon.Mode = QIcon.Mode.Normal) -> set[str]:
    """The colours of the pixels that are not transparent at all."""
    image = icon.pixmap(QSize(32, 32), 1.0, mode).toImage()
    colours = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return {colour.name() for colour in colours if colour.alpha() == 255}


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_icons_take_the_colour_of_the_text(palettes: Any, palette: QPalette) -> None:
    icon = theme.icon("warning")
    palettes(palette)
    assert inks(icon) == {palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText).name()}
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText).name()
    assert inks(icon, QIcon.Mode.Disabled) == {disabled}


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_draws_something_at_every_scale(qapp: object, name: str) -> None:
    for scale in (1.0, 2.0):
        pixmap = theme.icon(name).pixmap(QSize(24, 24), scale)
        assert pixmap.size() == QSize(24, 24) * scale
        image = pixmap.toImage()
        assert any(image.pixelColor(x, y).alpha() > 128 for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("name", [name for name in ICONS if name != "flawscope"])
def test_icons_have_no_colour_of_their_own(name: str) -> None:
    text = (resources.files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    assert "currentColor" in text
    assert "#" not in text


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["good", "defective", "review", "unsure", "none"])
def test_data_colours_can_be_seen_on_their_ground(qapp: object, palette: QPalette, name: str) -> None:
    for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Base):
        assert contrast(theme.data_colour(name, palette), palette.color(role)) >= 3


def test_every_word_has_its_colour(qapp: object) -> None:
    assert all(theme.label_colour(label).isValid() for label in Label)
    assert all(theme.outcome_colour(outcome).isValid() for outcome in Outcome)
    assert len({theme.verdict_colour(verdict).name() for verdict in Verdict}) == len(Verdict)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_own_palette_can_be_read(qapp: object, dark: bool) -> None:
    palette = theme.own_palette(dark=dark)
    pairs = [
        ("WindowText", "Window"),
        ("Text", "Base"),
        ("Text", "AlternateBase"),
        ("ButtonText", "Button"),
        ("ToolTipText", "ToolTipBase"),
    ]
    for ink, ground in pairs:
        assert contrast(palette.color(QPalette.ColorRole[ink]), palette.color(QPalette.ColorRole[ground])) >= 7
    assert contrast(palette.color(QPalette.ColorRole.HighlightedText), palette.color(QPalette.ColorRole.Highlight)) >= 3
    assert contrast(palette.color(QPalette.ColorRole.Link), palette.color(QPalette.ColorRole.Window)) >= 4.5
    assert contrast(palette.color(QPalette.ColorRole.PlaceholderText), palette.color(QPalette.ColorRole.Base)) >= 3


def test_colours_are_switched_even_where_the_desktop_does_not_help(palettes: Any) -> None:
    for scheme, dark in ((ColourScheme.DARK, True), (ColourScheme.LIGHT, False), (ColourScheme.DARK, True), (ColourScheme.SYSTEM, False)):
        theme.apply_colour_scheme(scheme)
        assert theme.is_dark() == dark


def test_dark_is_told_from_light(qapp: object) -> None:
    assert theme.is_dark(DARK)
    assert not theme.is_dark(LIGHT)
    assert isinstance(theme.is_dark(), bool)
    assert QGuiApplication.palette() is not None


def test_korean_font_has_every_syllable_and_its_licence(qapp: object) -> None:
    folder = resources.files("resources") / "fonts"
    font = QRawFont(QByteArray((folder / "NanumSquareR.ttf").read_bytes()), 12.0)
    assert font.isValid()
    assert all(font.supportsCharacter(code) for code in range(0xAC00, 0xD7A4))
    assert "SIL OPEN FONT LICENSE" in (folder / "NanumSquareR-OFL.txt").read_text(encoding="utf-8")
