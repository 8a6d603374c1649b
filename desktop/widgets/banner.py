"""Banners: expected trouble and news, in place, with what to do. They never stop the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.icon_label import IconLabel
from desktop.words import translate

Tone = Literal["trouble", "news"]
_ICONS: Final[dict[Tone, str]] = {"trouble": "warning", "news": "info"}
_COLOURS: Final[dict[Tone, str]] = {"trouble": "review", "news": "good"}
_ICON_EDGE: Final = 20
_STRIPE: Final = 4
MOST: Final = 3


class Banner(QFrame):
    """One message with an optional button. The stripe and the icon tell its tone."""

    def __init__(self, text: str, tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone: Final = tone
        self.text: Final = text
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(self.palette().ColorRole.AlternateBase)
        self._label = QLabel(text)
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.close_button = QToolButton(autoRaise=True)
        self.close_button.setIcon(theme.icon("close"))
        self.close_button.setToolTip(translate("Banner", "Dismiss"))
        self.close_button.setAccessibleName(translate("Banner", "Dismiss"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(theme.MARGIN + _STRIPE, theme.SPACING // 2, theme.SPACING, theme.SPACING // 2)
        self._row.setSpacing(theme.SPACING)
        self._row.addWidget(IconLabel(_ICONS[tone], _ICON_EDGE))
        self._row.addWidget(self._label, 1)
        self._row.addWidget(self.close_button)

    def add_button(self, text: str, slot: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.clicked.connect(lambda *_: slot())
        self._row.insertWidget(self._row.count() - 1, button)
        return button

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, _STRIPE, self.height(), theme.data_colour(_COLOURS[self._tone], self.palette()))
        painter.end()


class BannerArea(QWidget):
    """The banners of the window, the newest on top. The same text is shown once; of many the last `MOST` stay."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(1)
        self._banners: list[Banner] = []
        self.hide()

    def show_banner(self, text: str, tone: Tone, button: tuple[str, Callable[[], object]] | None = None) -> Banner:
        """`button` is its text and what it does."""
        for old in [banner for banner in self._banners if banner.text == text]:
            self._remove(old)
        banner = Banner(text, tone, self)
        banner.close_button.clicked.connect(lambda: self._remove(banner))
        if button is not None:
            banner.add_button(*button)
        self._banners.append(banner)
        self._layout.insertWidget(0, banner)
        for old in self._banners[:-MOST]:
            self._remove(old)
        self.show()
        return banner

    def texts(self) -> list[str]:
        """What is shown, the newest first."""
        return [banner.text for banner in reversed(self._banners)]

    def clear(self) -> None:
        for banner in list(self._banners):
            self._remove(banner)

    def _remove(self, banner: Banner) -> None:
        if banner in self._banners:
            self._banners.remove(banner)
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._banners))
