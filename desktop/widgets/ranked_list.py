"""The list of items by score: rank, thumbnail, name, label, score and verdict in one row."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from desktop.models.ranking import RankedItem, RankingModel
from desktop.models.review_basis import Thresholds
from desktop.widgets.thumbnails import Missing, ThumbnailStore
from desktop.widgets.verdict_marks import label_colour, paint_label, paint_verdict
from desktop.words import label_word, translate

THUMBNAIL: Final = 48
_MARK: Final = 22
_GAP: Final = 6


class RankedDelegate(QStyledItemDelegate):
    """Paints straight from the model: the verdict is compared with the thresholds of this very frame."""

    def __init__(self, model: RankingModel, thumbnails: ThumbnailStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._thumbnails = model, thumbnails

    def row_height(self, line_height: int) -> int:
        """The same for all rows: two lines, and a thumbnail where there are pictures."""
        pictures = self._model.rowCount() > 0 and not self._model.item(0).is_row
        return max(THUMBNAIL if pictures else 0, 2 * line_height) + _GAP

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        item = self._model.item(index.row())
        rectangle: QRect = option.rect
        palette: QPalette = option.palette
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            self._paint_selection(painter, rectangle, palette)
        line = painter.fontMetrics().height()
        rank_width = painter.fontMetrics().horizontalAdvance("0") * max(2, len(str(self._model.rowCount())))
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        rank = QRect(rectangle.left() + 3, rectangle.top(), rank_width, rectangle.height())
        painter.drawText(rank, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(item.rank))
        left = rank.right() + _GAP
        if not item.is_row:
            box = QRect(left, rectangle.center().y() - THUMBNAIL // 2 + 1, THUMBNAIL, THUMBNAIL)
            self._paint_thumbnail(painter, box, item, palette)
            left = box.right() + _GAP
        mark = QRectF(rectangle.right() - _MARK - _GAP, rectangle.center().y() - _MARK / 2 + 1, _MARK, _MARK)
        paint_verdict(painter, mark, item.verdict, palette)
        top = rectangle.center().y() - line
        text = QRect(left, top, int(mark.left()) - _GAP - left, line)
        self._paint_words(painter, text, item, palette)
        painter.restore()

    def _paint_selection(self, painter: QPainter, rectangle: QRect, palette: QPalette) -> None:
        """A frame and a tint: the marks keep their colours, on the ground that the view has filled already."""
        painter.fillRect(rectangle, palette.base())
        tint = palette.color(QPalette.ColorRole.Highlight)
        frame = QPen(tint, 2)
        tint.setAlphaF(0.22)
        painter.fillRect(rectangle, tint)
        painter.setPen(frame)
        painter.drawRect(rectangle.adjusted(1, 1, -1, -1))

    def _paint_thumbnail(self, painter: QPainter, box: QRect, item: RankedItem, palette: QPalette) -> None:
        ratio = painter.device().devicePixelRatioF()
        found = self._thumbnails.pixmap(item.item_id, round(THUMBNAIL * ratio))
        if isinstance(found, QPixmap):
            place = QRect(0, 0, round(found.width() / ratio), round(found.height() / ratio))
            place.moveCenter(box.center())
            painter.drawPixmap(place, found)
            return
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        if found is Missing.UNREADABLE:
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.drawLine(box.topRight(), box.bottomLeft())

    def _paint_words(self, painter: QPainter, text: QRect, item: RankedItem, palette: QPalette) -> None:
        metrics = painter.fontMetrics()
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        name = metrics.elidedText(item.name, Qt.TextElideMode.ElideMiddle, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, name)
        second = text.translated(0, metrics.height())
        score = translate("ReviewPage", "no score") if item.score is None else f"{item.score:.4g}"
        painter.drawText(second, Qt.AlignmentFlag.AlignVCenter, score)
        side = metrics.height() - 2
        place = QRectF(second.left() + metrics.horizontalAdvance(score) + 2 * _GAP, second.top() + 1, side, side)
        paint_label(painter, place, item.label, palette)
        word = QRect(int(place.right()) + 3, second.top(), second.right() - int(place.right()) - 3, second.height())
        painter.setPen(label_colour(item.label, palette))
        shown = metrics.elidedText(item.defect_type or label_word(item.label), Qt.TextElideMode.ElideRight, word.width())
        painter.drawText(word, Qt.AlignmentFlag.AlignVCenter, shown)


class RankedList(QTableView):
    """`chosen` tells the id of the item to show, None when the list became empty.

    A table of one column: at 100,000 rows a QListView takes 0.1 s to lay out anew, or stays empty for as long if it does so in batches.
    """

    chosen = Signal(object)

    def __init__(self, model: RankingModel, thumbnails: ThumbnailStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ranking, self._thumbnails = model, thumbnails
        self._kept: int | None = None
        self._delegate: Final = RankedDelegate(model, thumbnails, self)
        self.setItemDelegate(self._delegate)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(170)
        self.setModel(model)
        model.modelAboutToBeReset.connect(self._on_about_to_reset)
        model.modelReset.connect(self._on_reset)
        thumbnails.arrived.connect(self._on_arrived)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(translate("ReviewPage", "Items by score"))

    def current_item(self) -> RankedItem | None:
        row = self.currentIndex().row()
        return self._ranking.item(row) if 0 <= row < self._ranking.rowCount() else None

    def show_row(self, row: int) -> None:
        """Makes `row` the current one and scrolls to it."""
        index = self._ranking.index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def show_item(self, item_id: int) -> bool:
        """False if the item is not listed."""
        row = self._ranking.row_of(item_id)
        if row >= 0:
            self.show_row(row)
        return row >= 0

    def follow_thresholds(self, thresholds: Thresholds) -> None:
        """One frame of a drag: only what is visible is painted again."""
        self._ranking.follow_thresholds(thresholds)
        self.viewport().update()

    def currentChanged(self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.chosen.emit(self._ranking.item(current.row()).item_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Signs and digits belong to the page (labels, zoom, overlay), not to the search for a name."""
        if event.text().strip() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and self._ranking.rowCount():
            self.show_row(0 if event.key() == Qt.Key.Key_Home else self._ranking.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def visible_ids(self) -> list[int]:
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return []
        last = self._ranking.rowCount() - 1 if last < 0 else last
        return [self._ranking.item(row).item_id for row in range(first, last + 1)]

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.FontChange:
            self._fit_rows()
        super().changeEvent(event)

    def _fit_rows(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._delegate.row_height(self.fontMetrics().height()))

    @Slot()
    def _on_about_to_reset(self) -> None:
        current = self.current_item()
        self._kept = None if current is None else current.item_id

    @Slot()
    def _on_reset(self) -> None:
        """The shown item stays current if it is still listed, else the first one is shown."""
        self._fit_rows()
        if self._kept is not None and self.show_item(self._kept):
            return
        if self._ranking.rowCount():
            self.show_row(0)
        else:
            self.chosen.emit(None)

    @Slot(object)
    def _on_arrived(self, item_ids: list[int]) -> None:
        del item_ids
        self.viewport().update()
        self._thumbnails.keep_only(self.visible_ids())
