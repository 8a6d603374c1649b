"""Looks: icons tinted by the palette, colours of data, the colour scheme and the fonts.

Chrome takes its colours from palette roles only. Colours of data (good, defective, review) are the same in every place, can be told apart
by colour-blind eyes, and are always doubled by a shape or a letter.
"""

from __future__ import annotations

import functools
from importlib import resources
from typing import Final

from PySide6.QtCore import QByteArray, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from core.vocabulary import Label, Outcome, Verdict
from desktop.settings import ColourScheme

SPACING: Final = 8
MARGIN: Final = 12
HEADING_SCALE: Final = 1.35
# After Okabe and Ito; (on light ground, on dark ground), each with a contrast of at least 3:1 against window and base.
_DATA_COLOURS: Final[dict[str, tuple[str, str]]] = {
    "good": ("#0072b2", "#56b4e9"),
    "defective": ("#c44e00", "#ff9040"),
    "review": ("#8f6f00", "#f0d050"),
    "unsure": ("#a3527f", "#e08fbe"),
    "none": ("#707070", "#a8a8a8"),
}
_LABEL_COLOURS: Final = {Label.NONE: "none", Label.GOOD: "good", Label.DEFECTIVE: "defective", Label.UNSURE: "unsure"}
_VERDICT_COLOURS: Final = {Verdict.OK: "good", Verdict.REVIEW: "review", Verdict.NG: "defective"}
_OUTCOME_COLOURS: Final = {
    Outcome.CORRECT_OK: "good",
    Outcome.CORRECT_NG: "good",
    Outcome.ESCAPE: "defective",
    Outcome.OVERKILL: "review",
    Outcome.IN_REVIEW: "review",
    Outcome.UNLABELLED: "none",
    Outcome.UNSCORED: "none",
}


def is_dark(palette: QPalette | None = None) -> bool:
    """Whether text is lighter than its ground."""
    palette = palette or QGuiApplication.palette()
    return palette.color(QPalette.ColorRole.WindowText).lightnessF() > palette.color(QPalette.ColorRole.Window).lightnessF()


def data_colour(name: str, palette: QPalette | None = None) -> QColor:
    """`name` is good, defective, review, unsure or none."""
    return QColor(_DATA_COLOURS[name][1 if is_dark(palette) else 0])


def label_colour(label: Label, palette: QPalette | None = None) -> QColor:
    return data_colour(_LABEL_COLOURS[Label(label)], palette)


def verdict_colour(verdict: Verdict, palette: QPalette | None = None) -> QColor:
    return data_colour(_VERDICT_COLOURS[Verdict(verdict)], palette)


def outcome_colour(outcome: Outcome, palette: QPalette | None = None) -> QColor:
    return data_colour(_OUTCOME_COLOURS[Outcome(outcome)], palette)


def heading_font(font: QFont) -> QFont:
    """A larger and bolder copy of `font`."""
    larger = QFont(font)
    larger.setPointSizeF(font.pointSizeF() * HEADING_SCALE)
    larger.setWeight(QFont.Weight.DemiBold)
    return larger


class _TintedIcon(QIconEngine):
    """An SVG drawn in the colour of the text beside it. Asks for the palette each time it is drawn, so it follows light and dark."""

    def __init__(self, source: bytes) -> None:
        super().__init__()
        self._source: Final = source

    def clone(self) -> QIconEngine:
        return _TintedIcon(self._source)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        del state
        painter.drawPixmap(rect, _tinted(self._source, self._colour(mode).name(), rect.size(), painter.device().devicePixelRatioF()))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        del state
        return _tinted(self._source, self._colour(mode).name(), size, scale)

    def _colour(self, mode: QIcon.Mode) -> QColor:
        palette = QGuiApplication.palette()
        if mode == QIcon.Mode.Disabled:
            return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)
        role = QPalette.ColorRole.HighlightedText if mode == QIcon.Mode.Selected else QPalette.ColorRole.WindowText
        return palette.color(QPalette.ColorGroup.Active, role)


def _tinted(source: bytes, colour: str, size: QSize, scale: float) -> QPixmap:
    """`size` counts device-independent pixels."""
    pixmap = QPixmap(size * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    pixmap.setDevicePixelRatio(scale)
    renderer = QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.encode())))
    painter = QPainter(pixmap)
    renderer.render(painter, QRect(QPoint(0, 0), size))
    painter.end()
    return pixmap


@functools.cache
def _icon_source(name: str) -> bytes:
    return (resources.files("resources") / "icons" / f"{name}.svg").read_bytes()


def icon(name: str) -> QIcon:
    """The icon `resources/icons/<name>.svg` in the colour of the text. Raises FileNotFoundError."""
    return QIcon(_TintedIcon(_icon_source(name)))


def apply_colour_scheme(scheme: ColourScheme) -> None:
    """Switches the whole program at run time; widgets get a PaletteChange.

    Where the desktop does not let a program choose (bare X11, offscreen), a palette of our own takes its place.
    """
    wanted = {
        ColourScheme.SYSTEM: Qt.ColorScheme.Unknown,
        ColourScheme.LIGHT: Qt.ColorScheme.Light,
        ColourScheme.DARK: Qt.ColorScheme.Dark,
    }
    QApplication.setPalette(QPalette())
    QGuiApplication.styleHints().setColorScheme(wanted[scheme])
    if scheme is not ColourScheme.SYSTEM and is_dark() != (scheme is ColourScheme.DARK):
        QApplication.setPalette(own_palette(dark=scheme is ColourScheme.DARK))


def own_palette(*, dark: bool) -> QPalette:
    """All roles, after the light and the dark palette of Fusion."""
    ground, text, highlight = QColor("#323232" if dark else "#efefef"), QColor("#f0f0f0" if dark else "#000000"), QColor("#308cc6")
    palette = QPalette(ground)
    base = ground.darker(140) if dark else QColor("#ffffff")
    roles = {
        QPalette.ColorRole.WindowText: text,
        QPalette.ColorRole.Text: text,
        QPalette.ColorRole.ButtonText: text,
        QPalette.ColorRole.Base: base,
        QPalette.ColorRole.AlternateBase: base.lighter(125) if dark else QColor("#f7f7f7"),
        QPalette.ColorRole.ToolTipBase: ground.lighter(120) if dark else QColor("#ffffdc"),
        QPalette.ColorRole.ToolTipText: text,
        QPalette.ColorRole.Highlight: highlight,
        QPalette.ColorRole.HighlightedText: QColor("#ffffff"),
        QPalette.ColorRole.Accent: highlight,
        QPalette.ColorRole.Link: QColor("#6cb8f0" if dark else "#0057ae"),
        QPalette.ColorRole.BrightText: QColor("#ffffff"),
    }
    for role, colour in roles.items():
        palette.setColor(role, colour)
    faded = QColor("#828282" if dark else "#8a8a8a")
    palette.setColor(QPalette.ColorGroup.All, QPalette.ColorRole.PlaceholderText, faded)
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, faded)
    return palette


def install_fonts(application: QApplication) -> None:
    """Registers the Korean font that is shipped, as a fallback where the system has none."""
    family = application.font().family()
    has_korean = family in QFontDatabase.families(QFontDatabase.WritingSystem.Korean)
    if has_korean or QFontDatabase.families(QFontDatabase.WritingSystem.Korean):
        return
    for entry in sorted((resources.files("resources") / "fonts").iterdir(), key=lambda path: path.name):
        if entry.name.endswith((".ttf", ".otf")):
            font_id = QFontDatabase.addApplicationFontFromData(QByteArray(entry.read_bytes()))
            families = QFontDatabase.applicationFontFamilies(font_id) if font_id >= 0 else []
            if families:
                QFont.insertSubstitutions(family, families)
