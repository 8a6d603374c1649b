"""How one item looks in the gallery: picture or values, verdict, name, label, score."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.vocabulary import Label
from desktop.models.item_rows import Entry
from desktop.models.items import ItemModel
from desktop.widgets.thumbnails import Missing, ThumbnailStore
from desktop.widgets.verdict_marks import label_colour, paint_label, paint_verdict
from desktop.words import label_word, translate

MARGIN: Final = 6
GAP: Final = 4
_SMALLEST_BADGE, _LARGEST_BADGE = 16, 26
_SHORTEST: Final = "good"  # a word that has less room than this is left out


class ItemDelegate(QStyledItemDelegate):
    """Paints straight from the model's columns: no roles, no objects kept per item."""

    def __init__(self, model: ItemModel, thumbnails: ThumbnailStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._thumbnails = model, thumbnails
        self._edge = 128

    @property
    def edge(self) -> int:
        return self._edge

    def set_edge(self, edge: int) -> None:
        self._edge = edge

    def cell_size(self) -> QSize:
        line = self._metrics().height()
        return QSize(self._edge + 4 * MARGIN, self._edge + 2 * line + GAP + 4 * MARGIN)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self.cell_size()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        entry = self._model.rows.entry(index.row())
        palette: QPalette = option.palette
        cell = QRect(option.rect).adjusted(2, 2, -2, -2)
        painter.save()
        self._paint_ground(painter, cell, option)
        box = QRect(0, 0, self._edge, self._edge)
        box.moveCenter(QPoint(cell.center().x(), cell.top() + 2 * MARGIN - 2 + self._edge // 2))
        if entry.is_row:
            self._paint_values(painter, box, entry, palette)
        else:
            self._paint_picture(painter, box, entry, palette)
        if entry.verdict is not None:
            self._paint_badge(painter, box, entry, palette)
        line = painter.fontMetrics().height()
        text = QRect(cell.left() + MARGIN, box.bottom() + MARGIN, cell.width() - 2 * MARGIN, line)
        self._paint_lines(painter, text, entry, palette)
        painter.restore()

    def _metrics(self) -> QFontMetrics:
        parent = self.parent()
        return parent.fontMetrics() if isinstance(parent, QWidget) else QFontMetrics(QFont())

    def _paint_ground(self, painter: QPainter, cell: QRect, option: QStyleOptionViewItem) -> None:
        palette: QPalette = option.palette
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        if not (selected or focused or option.state & QStyle.StateFlag.State_MouseOver):
            return
        colour = palette.color(QPalette.ColorRole.Highlight)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = palette.color(QPalette.ColorRole.Highlight)
        fill.setAlphaF(0.28 if selected else 0.08)
        painter.setBrush(fill)
        painter.setPen(QPen(colour, 2) if focused else QPen(colour, 1) if selected else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(cell).adjusted(1, 1, -1, -1), 5, 5)

    def _paint_picture(self, painter: QPainter, box: QRect, entry: Entry, palette: QPalette) -> None:
        ratio = painter.device().devicePixelRatioF()
        found = self._thumbnails.pixmap(entry.item_id, round(self._edge * ratio))
        if isinstance(found, QPixmap):
            size = QSize(round(found.width() / ratio), round(found.height() / ratio))
            place = QRect(QPoint(0, 0), size)
            place.moveCenter(box.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, found)
            return
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        if found is Missing.UNREADABLE:
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box.adjusted(GAP, GAP, -GAP, -GAP), flags, translate("DataPage", "picture cannot be read"))

    def _paint_values(self, painter: QPainter, box: QRect, entry: Entry, palette: QPalette) -> None:
        """As many measured values as fit, in the order of the table."""
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.setBrush(palette.color(QPalette.ColorRole.AlternateBase))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        table = self._model.rows.row_table
        if table is None or table.row_of_place[entry.place] < 0:
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, translate("DataPage", "table row"))
            return
        metrics, inner = painter.fontMetrics(), box.adjusted(GAP, GAP, -GAP, -GAP)
        for number, column in enumerate(table.columns[: inner.height() // metrics.height()]):
            line = QRect(inner.left(), inner.top() + number * metrics.height(), inner.width(), metrics.height())
            value = f"{table.text(entry.place, number)} {column.unit}".strip()
            width = min(metrics.horizontalAdvance(value) + 2, line.width())
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight, metrics.elidedText(value, Qt.TextElideMode.ElideRight, width))
            painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
            left = line.adjusted(0, 0, -width - GAP, 0)
            painter.drawText(left, Qt.AlignmentFlag.AlignLeft, metrics.elidedText(column.name, Qt.TextElideMode.ElideRight, left.width()))

    def _paint_badge(self, painter: QPainter, box: QRect, entry: Entry, palette: QPalette) -> None:
        """On a ground of its own, so that it stands out from any picture."""
        side = min(max(self._edge // 5, _SMALLEST_BADGE), _LARGEST_BADGE)
        place = QRectF(box.right() - side - 1, box.top() + 2, side, side)
        ground = palette.color(QPalette.ColorRole.Base)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawRoundedRect(place.adjusted(-2, -2, 2, 2), 5, 5)
        paint_verdict(painter, place, entry.verdict, palette)

    def _paint_lines(self, painter: QPainter, line: QRect, entry: Entry, palette: QPalette) -> None:
        metrics = painter.fontMetrics()
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideMiddle, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, name)
        line = line.translated(0, metrics.height() + GAP // 2)
        score = "" if entry.score is None else f"{entry.score:#.3g}"
        score_width = metrics.horizontalAdvance(score) + GAP if score else 0
        painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, score)
        side = metrics.height()
        word = entry.defect_type or label_word(entry.label)
        room = line.width() - side - GAP - score_width
        if room < metrics.horizontalAdvance(_SHORTEST):
            word = ""  # the mark says it
        word = metrics.elidedText(word, Qt.TextElideMode.ElideRight, room)
        left = line.left() if score else line.left() + max(0, (room - metrics.horizontalAdvance(word)) // 2)
        paint_label(painter, QRectF(QPointF(left, line.top()), QSize(side, side)), entry.label, palette)
        faint = entry.label is Label.NONE
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText) if faint else label_colour(entry.label, palette))
        painter.drawText(QRect(left + side + GAP, line.top(), room, line.height()), Qt.AlignmentFlag.AlignVCenter, word)
