"""The sheet of keys, made from the action table."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from core.wording import QT_TRANSLATE_NOOP
from desktop import theme
from desktop.actions import ACTIONS, Menu, plain_text
from desktop.dialogs.buttons import button_box
from desktop.words import translate

# Keys that are no actions: views handle them themselves.
OTHER_KEYS: Final[tuple[tuple[str, str], ...]] = (
    (QT_TRANSLATE_NOOP("KeySheet", "Arrows"), QT_TRANSLATE_NOOP("KeySheet", "Move among items; with Shift extend the selection")),
    ("Ctrl+A", QT_TRANSLATE_NOOP("KeySheet", "Select all items that are shown")),
    ("Ctrl+1 ... Ctrl+9", QT_TRANSLATE_NOOP("KeySheet", "Defective, of the defect type with this number")),
    ("Esc", QT_TRANSLATE_NOOP("KeySheet", "Close the large view, cancel a drag")),
    (
        QT_TRANSLATE_NOOP("KeySheet", "Left, Right on a threshold"),
        QT_TRANSLATE_NOOP("KeySheet", "One item changes its verdict; with Shift ten"),
    ),
    (QT_TRANSLATE_NOOP("KeySheet", "Hold ."), QT_TRANSLATE_NOOP("KeySheet", "The bare image, without the heatmap")),
)


def key_rows() -> list[tuple[str, list[tuple[str, str]]]]:
    """Sections of (title, [(keys, what they do)]) in the language of the window, one for each menu with keys, then the other keys."""
    sections = []
    for menu in Menu:
        rows = [
            (_keys(entry.shortcuts), plain_text(translate("Action", entry.text)))
            for entry in ACTIONS
            if entry.menu is menu and entry.shortcuts
        ]
        if rows:
            sections.append((plain_text(translate("Menu", menu.value)), rows))
    others = [(translate("KeySheet", keys), translate("KeySheet", text)) for keys, text in OTHER_KEYS]
    return [*sections, (translate("KeySheet", "In the views"), others)]


def _keys(shortcuts: tuple[str, ...]) -> str:
    native = [QKeySequence(text).toString(QKeySequence.SequenceFormat.NativeText) for text in shortcuts]
    return ", ".join(dict.fromkeys(native))


class KeySheet(QDialog):
    """All keys in two columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key_sheet")
        self.setWindowTitle(translate("KeySheet", "Keys"))
        inner = QWidget()
        columns = QHBoxLayout(inner)
        columns.setSpacing(theme.MARGIN * 3)
        sections = key_rows()
        half = sum(len(rows) + 1 for _, rows in sections) / 2
        line, grid = 0, self._grid(columns)
        for title, rows in sections:
            if line >= half:
                line, grid = 0, self._grid(columns)
            line = self._add_section(grid, line, title, rows)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inner)
        buttons = button_box(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)
        self.resize(960, 620)

    @staticmethod
    def _grid(columns: QHBoxLayout) -> QGridLayout:
        column = QVBoxLayout()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.MARGIN * 2)
        grid.setVerticalSpacing(theme.SPACING // 2)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch(1)
        columns.addLayout(column, 1)
        return grid

    def _add_section(self, grid: QGridLayout, line: int, title: str, rows: list[tuple[str, str]]) -> int:
        heading = QLabel(title)
        heading.setFont(theme.heading_font(self.font()))
        heading.setContentsMargins(0, theme.SPACING if line else 0, 0, 0)
        grid.addWidget(heading, line, 0, 1, 2)
        for offset, (keys, text) in enumerate(rows, start=line + 1):
            key_label = QLabel(keys)
            font = key_label.font()
            font.setBold(True)
            key_label.setFont(font)
            grid.addWidget(key_label, offset, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(QLabel(text), offset, 1, Qt.AlignmentFlag.AlignTop)
        return line + len(rows) + 1
