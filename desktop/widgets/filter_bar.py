"""The filter over a list: a search field, a chip for each facet that is asked for, and how many items are left of how many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QSizePolicy, QToolButton, QWidget

from desktop import theme
from desktop.models.facet_choices import Choice
from desktop.models.item_filter import Facet, ItemFilter
from desktop.widgets.flow_layout import FlowLayout
from desktop.words import translate

_ICON: Final = QSize(14, 14)
_MOST_WORDS: Final = 3  # values named on a chip; more are counted


FindChoices = Callable[[Facet], list[Choice]]


def facet_title(facet: Facet) -> str:
    titles = {
        Facet.SOURCE: translate("FilterBar", "Source"),
        Facet.KIND: translate("FilterBar", "Kind"),
        Facet.SPLIT: translate("FilterBar", "Split"),
        Facet.LABEL: translate("FilterBar", "Label"),
        Facet.DEFECT_TYPE: translate("FilterBar", "Defect type"),
        Facet.VERDICT: translate("FilterBar", "Verdict"),
    }
    return titles[facet]


class _StayingMenu(QMenu):
    """Stays open while values are ticked with the mouse, so that several can be chosen at once."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isCheckable() and action.isEnabled():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)


class FacetMenu(_StayingMenu):
    """The values of one facet with their counts, read anew each time it opens. `toggled` carries a value."""

    toggled = Signal(object)

    def __init__(self, facet: Facet, find_choices: FindChoices, chosen: Callable[[], frozenset[object]], parent: QWidget) -> None:
        super().__init__(parent)
        self._facet, self._find_choices, self._chosen = facet, find_choices, chosen
        self.aboutToShow.connect(self.fill)

    @Slot()
    def fill(self) -> None:
        self.clear()
        chosen = self._chosen()
        for choice in self._find_choices(self._facet):
            text = choice.text.replace("&", "&&")
            action = QAction(f"{text}\t{choice.count:,}", self, checkable=True, checked=choice.value in chosen)
            action.setEnabled(choice.count > 0 or choice.value in chosen)
            action.triggered.connect(lambda _checked=False, value=choice.value: self.toggled.emit(value))
            self.addAction(action)


class Chip(QWidget):
    """A facet that is asked for: its words open the menu of its values, the cross takes it off."""

    removed = Signal()

    def __init__(self, menu: QMenu | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._menu = menu
        self._words = QToolButton(autoRaise=True)
        self._words.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._words.clicked.connect(self._on_clicked)
        self._cross = QToolButton(autoRaise=True)
        self._cross.setIcon(theme.icon("close"))
        self._cross.setIconSize(_ICON)
        self._cross.clicked.connect(self.removed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 1, 2, 1)
        layout.setSpacing(0)
        layout.addWidget(self._words)
        layout.addWidget(self._cross)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def text(self) -> str:
        return self._words.text()

    def set_words(self, title: str, values: str) -> None:
        text = f"{title}: {values}" if title else values
        self._words.setText(text.replace("&", "&&"))
        self._words.setAccessibleName(text)
        self._cross.setToolTip(translate("FilterBar", "Take this filter off"))
        self._cross.setAccessibleName(translate("FilterBar", "Take off: {filter}").format(filter=text))

    @Slot()
    def _on_clicked(self) -> None:
        if self._menu is not None:
            self._menu.popup(self._words.mapToGlobal(self._words.rect().bottomLeft()))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = self.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(edge, 1))
        edge.setAlphaF(0.18)
        painter.setBrush(edge)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()


class FilterBar(QWidget):
    """Shows and changes an `ItemFilter`; `filter_changed` carries the new one. `find_choices` gives the values of a facet."""

    filter_changed = Signal(object)

    def __init__(self, find_choices: FindChoices, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find_choices, self._filter = find_choices, ItemFilter()
        self._total = self._shown = 0
        self.search: Final = QLineEdit(clearButtonEnabled=True)
        self.search.setFixedWidth(220)
        self.search.textEdited.connect(self._on_typed)
        self._menus = {facet: self._make_menu(facet) for facet in Facet}
        self.chips: Final = {facet: self._make_chip(facet) for facet in Facet}
        self.collection_chip: Final = Chip(None)
        self.collection_chip.removed.connect(self._on_collection_removed)
        self.add_button: Final = QToolButton()
        self.add_button.setIcon(theme.icon("filter"))
        self.add_button.setIconSize(_ICON)
        self.add_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._add_menu = QMenu(self.add_button)
        for menu in self._menus.values():
            self._add_menu.addMenu(menu)
        self._add_menu.aboutToShow.connect(self._on_add_opened)
        self.add_button.setMenu(self._add_menu)
        self.count_label: Final = QLabel()
        self.clear_button: Final = QToolButton()
        self.clear_button.clicked.connect(self.clear)
        self._lay_out()
        self.retranslate()

    def _lay_out(self) -> None:
        flow = QWidget()
        chips = FlowLayout(flow)
        for widget in (self.search, self.collection_chip, *self.chips.values(), self.add_button):
            chips.addWidget(widget)
        flow.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACING)
        layout.addWidget(flow, 1)
        layout.addWidget(self.count_label, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.clear_button, 0, Qt.AlignmentFlag.AlignTop)
        for widget in (self.count_label, self.clear_button, self.add_button):
            widget.setFixedHeight(max(self.search.sizeHint().height(), widget.sizeHint().height()))

    def _make_menu(self, facet: Facet) -> FacetMenu:
        menu = FacetMenu(facet, self._find_choices, lambda: self._filter.values(facet), self)
        menu.toggled.connect(lambda value: self._change(self._filter.toggled(facet, value)))
        return menu

    def _make_chip(self, facet: Facet) -> Chip:
        chip = Chip(self._menus[facet])
        chip.removed.connect(lambda: self._change(self._filter.with_values(facet, frozenset())))
        return chip

    @property
    def item_filter(self) -> ItemFilter:
        return self._filter

    def set_filter(self, wanted: ItemFilter) -> None:
        """Shows a filter without telling anyone."""
        self._filter = wanted
        if self.search.text().strip() != wanted.text:
            self.search.setText(wanted.text)
        self._show()

    def set_counts(self, shown: int, total: int) -> None:
        self._shown, self._total = shown, total
        self._show_counts()

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    @Slot()
    def clear(self) -> None:
        self.search.clear()
        self._change(ItemFilter())

    def retranslate(self) -> None:
        self.search.setPlaceholderText(translate("FilterBar", "Name, lot, serial number"))
        self.search.setAccessibleName(translate("FilterBar", "Search"))
        self.add_button.setText(translate("FilterBar", "Filter"))
        self.clear_button.setText(translate("FilterBar", "Clear"))
        self.clear_button.setToolTip(translate("FilterBar", "Show all items"))
        for facet, menu in self._menus.items():
            menu.setTitle(facet_title(facet))
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _change(self, wanted: ItemFilter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._show()
            self.filter_changed.emit(wanted)

    def _show(self) -> None:
        for facet, chip in self.chips.items():
            values = self._filter.values(facet)
            chip.setVisible(bool(values))
            if values:
                chip.set_words(facet_title(facet), self._words(facet, values))
        collection = self._filter.collection
        self.collection_chip.setVisible(collection is not None)
        if collection is not None:
            self.collection_chip.set_words("", collection.title)
        self._show_counts()

    def _words(self, facet: Facet, values: frozenset[object]) -> str:
        if len(values) > _MOST_WORDS:
            count = len(values)
            return translate("FilterBar", "%n value(s)", None, count)
        return ", ".join(choice.text for choice in self._find_choices(facet) if choice.value in values)

    def _show_counts(self) -> None:
        text = translate("FilterBar", "{shown} of {total}").format(shown=f"{self._shown:,}", total=f"{self._total:,}")
        self.count_label.setText(text)
        self.clear_button.setEnabled(not self._filter.is_empty)

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        self._change(replace(self._filter, text=text.strip()))

    @Slot()
    def _on_collection_removed(self) -> None:
        self._change(replace(self._filter, collection=None))

    @Slot()
    def _on_add_opened(self) -> None:
        for facet, menu in self._menus.items():
            menu.menuAction().setVisible(len(self._find_choices(facet)) > 1)
