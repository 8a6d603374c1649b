"""The row above the image panes: overlay, colours, scale, outline and zoom."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QToolButton, QWidget

from desktop.widgets.heat import COLOUR_MAPS, HeatLegend, colour_table, heat_image
from desktop.words import translate

_SWATCH: Final = QSize(48, 12)


class PaneControls(QWidget):
    """Only widgets and their words; `ImagePanes` gives them meaning."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.overlay: Final = QCheckBox(self)
        self.overlay.setChecked(True)
        self.opacity: Final = QSlider(Qt.Orientation.Horizontal, self)
        self.opacity.setRange(5, 100)
        self.opacity.setValue(70)
        self.opacity.setMaximumWidth(90)
        self.colours: Final = QComboBox(self)
        self.colours.setIconSize(_SWATCH)
        for name in COLOUR_MAPS:
            self.colours.addItem(_swatch(name), name.capitalize(), name)
        self.legend: Final = HeatLegend(self)
        self.outline: Final = QCheckBox(self)
        self.outline.setChecked(True)
        self.fit: Final = QToolButton(self)
        self.one_to_one: Final = QToolButton(self)
        self.one_to_one.setText("1:1")
        for button in (self.fit, self.one_to_one):
            button.setCheckable(True)
        self.zoom: Final = QLabel(self)
        self.zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("6400 %"))
        self.reading: Final = QLabel(self)
        self.reading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.reading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for widget in (self.overlay, self.opacity, self.colours, self.legend, self.outline, self.fit, self.one_to_one, self.zoom):
            layout.addWidget(widget)
        layout.addWidget(self.reading, 1)
        self.retranslate()

    def colour_map(self) -> str:
        return str(self.colours.currentData())

    def show_zoom(self, dots: float, *, fitted: bool) -> None:
        """`dots`: screen dots for each picture pixel."""
        self.zoom.setText(f"{100 * dots:.0f} %")
        self.fit.setChecked(fitted)
        self.one_to_one.setChecked(not fitted and abs(dots - 1) < 1e-9)

    def retranslate(self) -> None:
        self.overlay.setText(translate("ImagePanes", "Overlay"))
        self.overlay.setToolTip(translate("ImagePanes", "Heatmap over the image (key *). Hold the key . to see the bare picture."))
        self.opacity.setAccessibleName(translate("ImagePanes", "Opacity of the overlay"))
        self.opacity.setToolTip(self.opacity.accessibleName())
        self.colours.setAccessibleName(translate("ImagePanes", "Colours of the heatmap"))
        self.colours.setToolTip(self.colours.accessibleName())
        self.legend.setToolTip(
            translate(
                "ImagePanes",
                "One scale for the whole run: the same colour is the same evidence in every picture. "
                "The middle of the bar is the evidence that 99.9 % of the pixels of good calibration items stay below.",
            )
        )
        self.outline.setText(translate("ImagePanes", "Mask"))
        self.outline.setToolTip(translate("ImagePanes", "Outline of the defect as marked in the mask file of this item"))
        self.fit.setText(translate("ImagePanes", "Fit"))
        self.fit.setToolTip(translate("ImagePanes", "Show the whole picture (key / changes between fit and 1:1)"))
        self.one_to_one.setToolTip(translate("ImagePanes", "One screen dot for each pixel of the picture (key /)"))


def _swatch(name: str) -> QIcon:
    import numpy as np

    ramp = np.tile(np.linspace(0, 1, _SWATCH.width(), dtype=np.float32), (_SWATCH.height(), 1))
    return QIcon(QPixmap.fromImage(heat_image(ramp, colour_table(name))))
