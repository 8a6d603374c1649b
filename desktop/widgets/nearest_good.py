"""The good training items that are most like the shown one, in a row: what it should have looked like."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from desktop.models.shown_part import NEIGHBOUR_EDGE, Neighbour
from desktop.words import translate

_ICON: Final = QSize(NEIGHBOUR_EDGE, NEIGHBOUR_EDGE * 3 // 4)


class NearestGood(QWidget):
    """Hidden while there is nothing to show. `chosen(item id)`: a person wants to see that item."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title: Final = QLabel(self)
        self._row: Final = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._title)
        self._row.addStretch(1)
        self._buttons: list[QToolButton] = []
        self._shown: tuple[Neighbour, ...] = ()
        self.retranslate()
        self.hide()

    def show_neighbours(self, neighbours: Sequence[Neighbour]) -> None:
        if tuple(neighbours) == self._shown:
            return
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._shown = tuple(neighbours)
        self._buttons = [self._button(neighbour) for neighbour in neighbours]
        for place, button in enumerate(self._buttons, 1):
            self._row.insertWidget(place, button)
        self.setVisible(bool(neighbours))

    def names(self) -> list[str]:
        """Of the items that are shown, most similar first."""
        return [button.text() for button in self._buttons]

    def retranslate(self) -> None:
        self._title.setText(translate("ReviewPage", "Most similar good items:"))
        for button in self._buttons:
            button.setToolTip(translate("ReviewPage", "Show this item on the Data page"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def _button(self, neighbour: Neighbour) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setText(neighbour.name)
        button.setToolTip(translate("ReviewPage", "Show this item on the Data page"))
        if neighbour.picture is not None:
            button.setIcon(QIcon(_pixmap(neighbour)))
            button.setIconSize(_ICON)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.clicked.connect(partial(self.chosen.emit, neighbour.item_id))
        return button


def _pixmap(neighbour: Neighbour) -> QPixmap:
    assert neighbour.picture is not None
    height, width, _ = neighbour.picture.shape
    return QPixmap.fromImage(QImage(neighbour.picture.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888))
