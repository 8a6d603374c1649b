"""One item as large as fits, for labelling: without score and heatmap, so that the label is the person's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSizePolicy,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from core.vocabulary import Label
from desktop import theme
from desktop.models.item_rows import Entry
from desktop.widgets.picture_canvas import PictureCanvas
from desktop.widgets.pixel_view import PixelView
from desktop.widgets.verdict_marks import label_colour, paint_label
from desktop.words import label_word, split_word, translate

ZOOM_STEP: Final = 1.25
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True)
class Value:
    """One measured value of a table row as text."""

    name: str
    text: str
    unit: str


class LabelSign(QWidget):
    """Mark and word of a label, large enough to be seen from the corner of the eye."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label, self._text = Label.NONE, ""
        self.setFont(theme.heading_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return self._text

    def show_label(self, label: Label, defect_type: str) -> None:
        word = label_word(label)
        self._label, self._text = label, f"{word}: {defect_type}" if defect_type else word
        self.setAccessibleName(self._text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = self.fontMetrics().height() + 6
        return QSize(height + 8 + self.fontMetrics().horizontalAdvance(self._text) + 4, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        side = self.height()
        paint_label(painter, QRectF(0, 0, side, side), self._label, self.palette())
        faint = self._label is Label.NONE
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText) if faint else label_colour(self._label, self.palette()))
        painter.drawText(self.rect().adjusted(side + 8, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.end()


class LargeView(QWidget):
    """Arrows ask for the neighbour, Esc for the way back; Space, labels and zoom come from the page's actions."""

    step_requested = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.item_id: int | None = None
        self.pixels: Final = PixelView(self)
        self.canvas: Final = PictureCanvas(self.pixels)
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.activated.connect(self.closed)
        self.values: Final = QTableWidget(0, 2)
        self._arrange_values()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.values)
        self.name: Final = QLabel()
        self.name.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.name.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.place: Final = QLabel()
        self.sign: Final = LabelSign()
        self._hint = QLabel()
        self._hint.setWordWrap(True)
        self._back = QToolButton()
        self._back.setIcon(theme.icon("grid"))
        self._back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._back.clicked.connect(self.closed)
        self._lay_out()
        self.retranslate()

    def _arrange_values(self) -> None:
        self.values.setFrameShape(QFrame.Shape.NoFrame)
        self.values.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.values.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.values.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.values.setAlternatingRowColors(True)
        self.values.setShowGrid(False)
        self.values.verticalHeader().hide()
        self.values.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(2 * theme.SPACING)
        top.addWidget(self._back)
        top.addWidget(self.sign)
        top.addWidget(self.name, 1)
        top.addWidget(self.place)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACING)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._hint)

    def show_entry(self, entry: Entry, row: int, count: int) -> None:
        """The words around the item; `row` of `count` visible items, from 0."""
        changed = entry.item_id != self.item_id
        self.item_id = entry.item_id
        self.name.setText(f"{entry.name}   {split_word(entry.split)}")
        self.name.setToolTip(entry.name)
        self.place.setText(translate("DataPage", "{place} of {count}").format(place=f"{row + 1:,}", count=f"{count:,}"))
        self.sign.show_label(entry.label, entry.defect_type)
        if changed:
            self._stack.setCurrentWidget(self.values if entry.is_row else self.canvas)
            self.canvas.show_picture(None, translate("DataPage", "Loading..."))

    def show_picture(self, image: QImage, width: int = 0, height: int = 0) -> None:
        """`width` and `height`: size of the picture itself, if `image` is a reduced one."""
        self.pixels.set_picture_size(width or image.width(), height or image.height())
        self.canvas.show_picture(image)

    def show_trouble(self, sentence: str) -> None:
        self.canvas.show_picture(None, sentence)

    def show_values(self, values: list[Value]) -> None:
        self.values.setRowCount(len(values))
        for row, value in enumerate(values):
            self.values.setItem(row, 0, QTableWidgetItem(value.name))
            text = f"{value.text} {value.unit}".strip() if value.text else translate("DataPage", "missing")
            self.values.setItem(row, 1, QTableWidgetItem(text))

    def shows_picture(self) -> bool:
        return self._stack.currentWidget() is self.canvas

    def retranslate(self) -> None:
        self.setAccessibleName(translate("DataPage", "Large view"))
        self._back.setText(translate("DataPage", "Back to all"))
        self._back.setToolTip(translate("DataPage", "Back to all items (Space or Esc)"))
        self.values.setHorizontalHeaderLabels([translate("DataPage", "Column"), translate("DataPage", "Value")])
        self._hint.setText(
            translate(
                "DataPage",
                "1 good   2 defective   3 unsure   0 no label   arrows: previous and next   + - / zoom   Space: back",
            )
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.step_requested.emit(step)
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
