"""The detectors to choose from, one card each; those that the project's items do not allow say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.detectors.base import Declaration, Gives, LearnsFrom
from core.vocabulary import Kind
from desktop.words import detector_summary, detector_title, translate

PADDING: Final = 10
CardRole: Final = int(Qt.ItemDataRole.UserRole)

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Card:
    """A detector, and why it cannot be used in this project (empty if it can)."""

    declaration: Declaration
    reason: str = ""


def takes_text(declaration: Declaration) -> str:
    words = {Kind.IMAGE: translate("DetectorList", "images"), Kind.ROW: translate("DetectorList", "tables")}
    return ", ".join(words[kind] for kind in Kind if kind in declaration.takes)


def learns_from_text(declaration: Declaration) -> str:
    if declaration.learns_from is LearnsFrom.LABELLED and not declaration.minimum_defective:
        return translate("DetectorList", "good items, and defective ones if there are any")
    words = {
        LearnsFrom.GOOD: translate("DetectorList", "good items"),
        LearnsFrom.UNLABELLED: translate("DetectorList", "items without labels"),
        LearnsFrom.LABELLED: translate("DetectorList", "good and defective items"),
    }
    return words[declaration.learns_from]


def gives_text(declaration: Declaration) -> str:
    words = {
        Gives.MAP: translate("DetectorList", "heatmap"),
        Gives.RECONSTRUCTION: translate("DetectorList", "reconstruction"),
        Gives.CONTRIBUTIONS: translate("DetectorList", "contribution of each column"),
        Gives.NEIGHBOURS: translate("DetectorList", "most similar good items"),
        Gives.PROBABILITY: translate("DetectorList", "probability of being defective"),
    }
    return ", ".join([translate("DetectorList", "anomaly score"), *(words[gift] for gift in Gives if gift in declaration.gives)])


def facts_text(declaration: Declaration) -> str:
    """What it takes, learns from and gives, in one line."""
    return " · ".join(
        (
            translate("DetectorList", "takes {kinds}").format(kinds=takes_text(declaration)),
            translate("DetectorList", "learns from {items}").format(items=learns_from_text(declaration)),
            translate("DetectorList", "gives {gifts}").format(gifts=gives_text(declaration)),
        )
    )


class _CardModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.cards: list[Card] = []

    def set_cards(self, cards: Sequence[Card]) -> None:
        self.beginResetModel()
        self.cards = list(cards)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.cards)

    def flags(self, index: Index) -> Qt.ItemFlag:
        usable = index.isValid() and not self.cards[index.row()].reason
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable if usable else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        card = self.cards[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return detector_title(card.declaration)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return "\n".join(part for part in (detector_summary(card.declaration), facts_text(card.declaration), card.reason) if part)
        return card if role == CardRole else None


class _CardDelegate(QStyledItemDelegate):
    """Title, summary, and either the facts or the reason why the detector cannot be used; as high as the texts need."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        return QSize(0, self._layout(option, index, width)[-1].bottom() + PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        style = option.widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, option.widget)
        enabled = bool(option.state & QStyle.StateFlag.State_Enabled)
        selected = enabled and bool(option.state & QStyle.StateFlag.State_Selected)
        group = QPalette.ColorGroup.Active if enabled else QPalette.ColorGroup.Disabled
        painter.save()
        painter.setPen(option.palette.color(group, QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text))
        texts = self._texts(index.data(CardRole))
        for row, (text, area) in enumerate(zip(texts, self._layout(option, index, option.rect.width()), strict=True)):
            painter.setFont(_bold(option.font) if row == 0 else option.font)
            if row == 2 and not enabled:  # the reason must be easy to read, though the card is grey
                painter.setPen(option.palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text))
            painter.drawText(area.translated(option.rect.topLeft()), Qt.TextFlag.TextWordWrap, text)
        painter.restore()

    def _texts(self, card: Card) -> tuple[str, str, str]:
        return detector_title(card.declaration), detector_summary(card.declaration), card.reason or facts_text(card.declaration)

    def _layout(self, option: QStyleOptionViewItem, index: Index, width: int) -> list[QRect]:
        areas = []
        top = PADDING
        for row, text in enumerate(self._texts(index.data(CardRole))):
            metrics = option.fontMetrics
            room = QRect(PADDING, top, max(width - 2 * PADDING, 80), 10_000)
            height = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height() + (2 if row == 0 else 0)
            areas.append(QRect(room.left(), top, room.width(), height))
            top += height + 4
        return areas


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setBold(True)
    return bold


class DetectorList(QListView):
    """`chosen` carries the key of the detector."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _CardModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_CardDelegate(self))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        self.retranslate()

    def set_detectors(self, declarations: Sequence[Declaration], reasons: Mapping[str, str]) -> None:
        """`reasons` says by key why a detector cannot be used. The choice stays if it still can be."""
        current = self.current()
        self._model.set_cards([Card(declaration, reasons.get(declaration.key, "")) for declaration in declarations])
        if current is not None:
            self.choose(current.key)

    def current(self) -> Declaration | None:
        index = self.currentIndex()
        return self._model.cards[index.row()].declaration if index.isValid() else None

    def choose(self, key: str) -> None:
        """Nothing happens for a detector that is unknown or cannot be used."""
        for row, card in enumerate(self._model.cards):
            if card.declaration.key == key and not card.reason:
                self.setCurrentIndex(self._model.index(row))

    def reasons(self) -> dict[str, str]:
        """Why detectors cannot be used, by key."""
        return {card.declaration.key: card.reason for card in self._model.cards if card.reason}

    def usable(self) -> list[str]:
        return [card.declaration.key for card in self._model.cards if not card.reason]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(translate("DetectorList", "Detectors"))
        self.scheduleDelayedItemsLayout()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self.chosen.emit(self._model.cards[current.row()].declaration.key)
