"""What a page shows while it has nothing to show: the next step in one sentence, with its button."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop import theme
from desktop.widgets.action_button import ActionButton
from desktop.widgets.icon_label import IconLabel

_ICON_EDGE: Final = 56
_TEXT_WIDTH: Final = 460


class EmptyState(QWidget):
    """Icon, sentence and buttons in the middle of the space it is given. The buttons stand for actions and follow their state."""

    def __init__(self, icon_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._title.setFont(theme.heading_font(self.font()))
        self._text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        self._text.setFixedWidth(_TEXT_WIDTH)
        self._text.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(theme.SPACING)
        self._layout.addStretch(2)
        for widget in (IconLabel(icon_name, _ICON_EDGE), self._title, self._text):
            self._layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        self._layout.addSpacing(theme.SPACING)
        self._layout.addStretch(3)

    def set_text(self, title: str, sentence: str) -> None:
        """Both translated; either may be empty."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._text.setText(sentence)
        self._text.setMinimumHeight(self._text.heightForWidth(_TEXT_WIDTH))  # a layout that centres it would give it one line
        self._text.setVisible(bool(sentence))

    def text(self) -> str:
        return self._text.text()

    def add_action(self, action: QAction) -> ActionButton:
        """A button below the sentence that triggers `action`."""
        button = ActionButton(action)
        self._layout.insertWidget(self._layout.count() - 1, button, 0, Qt.AlignmentFlag.AlignHCenter)
        return button
