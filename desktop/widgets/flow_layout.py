"""Widgets side by side that go on in the next line when the width is used up."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """The height follows from the width. Hidden widgets take no room; each line is as high as its highest widget."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize(0, 0)
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        """Returns the height that is needed."""
        left, top, line_height = rect.left(), rect.top(), 0
        line: list[tuple[QLayoutItem, int]] = []
        for item in self._shown():
            size = item.sizeHint()
            if line and left + size.width() > rect.right() + 1:
                self._place(line, top, line_height, move=move)
                left, top, line_height, line = rect.left(), top + line_height + self.spacing(), 0, []
            line.append((item, left))
            left += size.width() + self.spacing()
            line_height = max(line_height, size.height())
        self._place(line, top, line_height, move=move)
        return top + line_height - rect.top()

    def _place(self, line: list[tuple[QLayoutItem, int]], top: int, height: int, *, move: bool) -> None:
        for item, left in line:
            if move:
                size = item.sizeHint()
                item.setGeometry(QRect(QPoint(left, top + (height - size.height()) // 2), size))
