"""Image, heatmap, reconstruction and difference of one part, side by side, with one zoom and one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.widgets.heat import colour_table, heat_fraction, heat_image, plain_image
from desktop.widgets.pane_controls import PaneControls
from desktop.widgets.picture_canvas import PictureCanvas, outline_of
from desktop.widgets.pixel_view import PixelView
from desktop.words import translate

DIFFERENCE_WHITE: Final = 64  # grey levels of difference that are shown white, the same for every picture
_GAP: Final = 6


class PaneKey(StrEnum):
    IMAGE = "image"
    HEATMAP = "heatmap"
    RECONSTRUCTION = "reconstruction"
    DIFFERENCE = "difference"


@dataclass(frozen=True, kw_only=True, eq=False)
class PartPictures:
    """What there is to see of one part.

    picture: uint8 (h, w[, 1 or 3]) at full size. heat: evidence float (any height, any width). heat_scale: t of v / (v + t).
    working and reconstruction: uint8 of one shape, the part as the detector saw and rebuilt it. mask: bool (h, w).
    missing: for each pane without content one sentence that says why.
    """

    picture: NDArray[np.uint8] | None = None
    heat: NDArray[np.floating] | None = None
    heat_scale: float | None = None
    working: NDArray[np.uint8] | None = None
    reconstruction: NDArray[np.uint8] | None = None
    mask: NDArray[np.bool_] | None = None
    missing: Mapping[PaneKey, str] = field(default_factory=dict)


def difference_image(working: NDArray[np.uint8], reconstruction: NDArray[np.uint8]) -> QImage:
    """Mean absolute difference of the channels, white from `DIFFERENCE_WHITE` grey levels on."""
    apart = np.abs(working.astype(np.int16) - reconstruction.astype(np.int16))
    grey = apart.mean(axis=2) if apart.ndim == 3 else apart
    return plain_image(np.minimum(255, grey * (255.0 / DIFFERENCE_WHITE)).astype(np.uint8))


class _Pane(QWidget):
    activated = Signal(object)

    def __init__(self, key: PaneKey, view: PixelView, parent: QWidget) -> None:
        super().__init__(parent)
        self._key = key
        self.title = QLabel(self)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.canvas = PictureCanvas(view, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.title)
        layout.addWidget(self.canvas, 1)
        self.canvas.activated.connect(self._on_activated)

    def _on_activated(self) -> None:
        self.activated.emit(self._key)


class PaneGrid(QWidget):
    """Lays its panes out in as many columns as make the picture largest."""

    def __init__(self, view: PixelView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.panes: Final = {key: _Pane(key, view, self) for key in PaneKey}
        self.alone: PaneKey | None = None
        self.setMinimumSize(240, 180)
        view.changed.connect(self._arrange_for_aspect)
        self._aspect = 1.0

    def show_alone(self, key: PaneKey | None) -> None:
        """Shows one pane only, None shows them all."""
        self.alone = key
        for other, pane in self.panes.items():
            pane.setVisible(key in (None, other))
        self._arrange()

    def columns(self) -> int:
        """The number of columns that fits the size and the picture best."""
        shown = 1 if self.alone else len(self.panes)
        heading = self.panes[PaneKey.IMAGE].title.sizeHint().height() + 2

        def picture_width(columns: int) -> float:
            rows = -(-shown // columns)
            width = (self.width() - _GAP * (columns - 1)) / columns
            height = (self.height() - _GAP * (rows - 1)) / rows - heading
            return min(width, height * self._aspect)

        return max((count for count in (1, 2, 4) if count <= shown), key=picture_width)

    def sizeHint(self) -> QSize:
        return QSize(900, 420)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange_for_aspect(self) -> None:
        size = self._view.picture_size
        aspect = size.width() / size.height()
        if aspect != self._aspect:
            self._aspect = aspect
            self._arrange()

    def _arrange(self) -> None:
        shown = [pane for key, pane in self.panes.items() if self.alone in (None, key)]
        columns = self.columns()
        rows = -(-len(shown) // columns)
        width = (self.width() - _GAP * (columns - 1)) // columns
        height = (self.height() - _GAP * (rows - 1)) // rows
        for index, pane in enumerate(shown):
            row, column = divmod(index, columns)
            pane.setGeometry(QRect(column * (width + _GAP), row * (height + _GAP), width, height))


class ImagePanes(QWidget):
    """The panes with their controls. Zoom, place, overlay and colours are kept from part to part."""

    overlay_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view: Final = PixelView(self)
        self.grid: Final = PaneGrid(self.view, self)
        self.controls: Final = PaneControls(self)
        self._parts = PartPictures()
        self._bare = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.controls)
        layout.addWidget(self.grid, 1)
        self._connect()
        self.retranslate()
        self.show_part(self._parts)

    def _connect(self) -> None:
        self.controls.overlay.toggled.connect(self._on_overlay)
        self.controls.outline.toggled.connect(self._show_layers)
        self.controls.opacity.valueChanged.connect(self._show_layers)
        self.controls.colours.currentIndexChanged.connect(self._on_colours)
        self.controls.fit.clicked.connect(self.view.fit)
        self.controls.one_to_one.clicked.connect(self.view.one_to_one)
        self.view.changed.connect(self._on_view)
        self.view.cursor_moved.connect(self._on_cursor)
        for pane in self.grid.panes.values():
            pane.activated.connect(self._on_activated)

    @property
    def bare(self) -> bool:
        """True while the bare picture is asked for, without overlay and outline."""
        return self._bare

    def canvas(self, key: PaneKey) -> PictureCanvas:
        return self.grid.panes[key].canvas

    def show_part(self, parts: PartPictures) -> None:
        self._parts = parts
        if parts.picture is not None:
            self.view.set_picture_size(parts.picture.shape[1], parts.picture.shape[0])
        self._show_picture(PaneKey.IMAGE, None if parts.picture is None else plain_image(parts.picture))
        self._show_picture(PaneKey.RECONSTRUCTION, None if parts.reconstruction is None else plain_image(parts.reconstruction))
        difference = None
        if parts.working is not None and parts.reconstruction is not None:
            difference = difference_image(parts.working, parts.reconstruction)
        self._show_picture(PaneKey.DIFFERENCE, difference)
        outline = [] if parts.mask is None else outline_of(parts.mask)
        for key in PaneKey:
            self.canvas(key).show_outline(outline)
        self.controls.outline.setEnabled(parts.mask is not None)
        self._show_heat()
        self._on_cursor()

    def set_bare(self, bare: bool) -> None:
        """Hides overlay and outline while a key is held."""
        self._bare = bare
        self._show_layers()

    def toggle_overlay(self) -> None:
        self.controls.overlay.toggle()

    def _show_picture(self, key: PaneKey, picture: QImage | None) -> None:
        self.canvas(key).show_picture(picture, self._parts.missing.get(key, ""))

    def _fractions(self) -> NDArray[np.float32] | None:
        parts = self._parts
        if parts.heat is None or not parts.heat_scale:
            return None
        return heat_fraction(parts.heat, parts.heat_scale)

    def _show_heat(self) -> None:
        fractions = self._fractions()
        name = self.controls.colour_map()
        self._show_picture(PaneKey.HEATMAP, None if fractions is None else heat_image(fractions, colour_table(name)))
        self.controls.legend.show_scale(name, self._parts.heat_scale)
        self._show_layers()

    def _show_layers(self) -> None:
        fractions = self._fractions()
        canvas = self.canvas(PaneKey.IMAGE)
        canvas.overlay_opacity = self.controls.opacity.value() / 100
        wanted = self.controls.overlay.isChecked() and not self._bare and fractions is not None
        overlay = None
        if wanted and fractions is not None:
            overlay = heat_image(fractions, colour_table(self.controls.colour_map(), transparent_low=True))
        canvas.show_overlay(overlay)
        for key in PaneKey:
            self.canvas(key).outline_shown = self.controls.outline.isChecked() and not self._bare

    def _on_overlay(self, shown: bool) -> None:
        self._show_layers()
        self.overlay_toggled.emit(shown)

    def _on_colours(self) -> None:
        self._show_heat()

    def _on_activated(self, key: PaneKey) -> None:
        self.grid.show_alone(None if self.grid.alone else key)

    def _on_view(self) -> None:
        self.controls.show_zoom(self.view.scale * self.view.device_scale, fitted=self.view.fitted)

    def _on_cursor(self) -> None:
        self.controls.reading.setText(self._reading())

    def _reading(self) -> str:
        """What lies under the mouse: place, brightness and evidence."""
        point, parts = self.view.cursor, self._parts
        if point is None or parts.picture is None:
            return ""
        height, width = parts.picture.shape[:2]
        x, y = min(int(point.x()), width - 1), min(int(point.y()), height - 1)
        values = "/".join(str(int(value)) for value in np.atleast_1d(parts.picture[y, x]))
        text = translate("ImagePanes", "x {x}  y {y}   value {value}").format(x=x, y=y, value=values)
        if parts.heat is not None:
            rows, columns = parts.heat.shape
            evidence = float(parts.heat[min(y * rows // height, rows - 1), min(x * columns // width, columns - 1)])
            text += "   " + translate("ImagePanes", "heat {heat}").format(heat=f"{evidence:.3g}")
        return text

    def retranslate(self) -> None:
        titles = {
            PaneKey.IMAGE: translate("ImagePanes", "Image"),
            PaneKey.HEATMAP: translate("ImagePanes", "Heatmap"),
            PaneKey.RECONSTRUCTION: translate("ImagePanes", "Reconstruction"),
            PaneKey.DIFFERENCE: translate("ImagePanes", "Difference (white ≥ {levels})").format(levels=DIFFERENCE_WHITE),
        }
        for key, title in titles.items():
            pane = self.grid.panes[key]
            pane.title.setText(title)
            tip = translate("ImagePanes", "Double-click the picture to see it alone, and again to see all.")
            if key is PaneKey.DIFFERENCE:
                white = translate(
                    "ImagePanes", "Image and reconstruction apart: black where they agree, white from {levels} grey levels on."
                )
                tip = white.format(levels=DIFFERENCE_WHITE) + " " + tip
            pane.title.setToolTip(tip)
            pane.canvas.setAccessibleName(title)
        self.controls.retranslate()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)
