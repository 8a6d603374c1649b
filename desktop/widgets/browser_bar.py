"""The line above the items: label buttons, sorting, gallery or table, size of the thumbnails."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLabel, QSlider, QToolButton, QWidget

from desktop import theme
from desktop.models.item_rows import IMPORTED
from desktop.widgets.flow_layout import FlowLayout
from desktop.widgets.gallery import DEFAULT_EDGE, LARGEST_EDGE, SMALLEST_EDGE
from desktop.words import translate

_ICON: Final = QSize(16, 16)
_EDGE_STEP: Final = 16


class _ViewButton(QToolButton):
    """A checked one is underlined as well: the bevel alone is hard to see on a dark ground."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setIcon(theme.icon(icon))
        self.setIconSize(_ICON)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isChecked():
            painter = QPainter(self)
            painter.fillRect(self.rect().adjusted(3, self.height() - 4, -3, -2), self.palette().highlight())
            painter.end()


class BrowserBar(QWidget):
    """Emits what a person asks for; shows what it is told."""

    sorting_chosen = Signal(str, bool)  # key, descending
    table_chosen = Signal(bool)
    edge_chosen = Signal(int)

    def __init__(self, label_actions: list[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sortings: list[tuple[str, str]] = []
        self._descending = False
        self.sort_box: Final = QComboBox()
        self.sort_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.sort_box.activated.connect(self._on_sorting)
        self.direction: Final = QToolButton()
        self.direction.clicked.connect(self._on_direction)
        self._sort_label = QLabel()
        self.grid_button: Final = _ViewButton("grid")
        self.table_button: Final = _ViewButton("table")
        self._views = QButtonGroup(self)
        self._views.addButton(self.grid_button)
        self._views.addButton(self.table_button)
        self.table_button.toggled.connect(self.table_chosen)
        self.edge: Final = QSlider(Qt.Orientation.Horizontal)
        self.edge.setRange(SMALLEST_EDGE, LARGEST_EDGE)
        self.edge.setSingleStep(_EDGE_STEP)
        self.edge.setPageStep(2 * _EDGE_STEP)
        self.edge.setValue(DEFAULT_EDGE)
        self.edge.setFixedWidth(110)
        self.edge.valueChanged.connect(self.edge_chosen)
        self._lay_out(label_actions)
        self.grid_button.setChecked(True)
        self.retranslate()

    def _lay_out(self, label_actions: list[QAction]) -> None:
        groups: list[list[QWidget]] = [
            [],
            [self._sort_label, self.sort_box, self.direction],
            [self.grid_button, self.table_button, self.edge],
        ]
        for action in label_actions:
            button = QToolButton()
            button.setDefaultAction(action)
            button.setIconSize(_ICON)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            groups[0].append(button)
        flow = FlowLayout(self, spacing=theme.SPACING)
        for group in groups:
            holder = QWidget()
            layout = QHBoxLayout(holder)
            layout.setContentsMargins(0, 0, theme.SPACING, 0)
            layout.setSpacing(4)
            for widget in group:
                layout.addWidget(widget)
            flow.addWidget(holder)

    def show_sortings(self, sortings: list[tuple[str, str]], key: str, *, descending: bool) -> None:
        """`sortings`: key and title of each; `key` is the one in force."""
        self._sortings, self._descending = sortings, descending
        self.sort_box.clear()
        self.sort_box.addItems([title for _key, title in sortings])
        self.sort_box.setCurrentIndex(next((place for place, (known, _title) in enumerate(sortings) if known == key), 0))
        self._show_direction()

    def show_table(self, table: bool) -> None:
        (self.table_button if table else self.grid_button).setChecked(True)

    def retranslate(self) -> None:
        self._sort_label.setText(translate("DataPage", "Sort"))
        self.sort_box.setAccessibleName(translate("DataPage", "Sort by"))
        for button, text in (
            (self.grid_button, translate("DataPage", "Gallery")),
            (self.table_button, translate("DataPage", "Table")),
        ):
            button.setToolTip(text)
            button.setAccessibleName(text)
        self.edge.setToolTip(translate("DataPage", "Size of the thumbnails"))
        self.edge.setAccessibleName(translate("DataPage", "Size of the thumbnails"))
        self._show_direction()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _key(self) -> str:
        place = self.sort_box.currentIndex()
        return self._sortings[place][0] if 0 <= place < len(self._sortings) else IMPORTED

    def _show_direction(self) -> None:
        text = translate("DataPage", "largest or last first") if self._descending else translate("DataPage", "smallest or first first")
        # As in the headings of Qt's tables.
        self.direction.setArrowType(Qt.ArrowType.UpArrow if self._descending else Qt.ArrowType.DownArrow)
        self.direction.setToolTip(text)
        self.direction.setAccessibleName(text)

    def _on_sorting(self) -> None:
        key = self._key()
        self.sorting_chosen.emit(key, key == "score")  # the most suspicious first

    def _on_direction(self) -> None:
        self.sorting_chosen.emit(self._key(), not self._descending)
