"""The folders and tables of a project, each with its number of items; those that are gone are marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from core.problems import Problem, ProblemCode
from core.vocabulary import Kind
from desktop import theme
from desktop.words import kind_word, problem_sentence, translate

if TYPE_CHECKING:
    from core.project.items import Source

_ID: Final = Qt.ItemDataRole.UserRole
_ICON: Final = QSize(16, 16)


class SourceList(QTreeWidget):
    """`chosen` carries a source id, or None for all items."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources: list[Source] = []
        self._total = 0
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setIconSize(_ICON)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.itemSelectionChanged.connect(self._on_selected)
        self.retranslate()

    def sizeHint(self) -> QSize:
        rows = min(max(self.topLevelItemCount(), 2), 8)
        return QSize(240, rows * max(24, self.sizeHintForRow(0)) + 2 * self.frameWidth())

    def show_sources(self, sources: list[Source], total: int) -> None:
        """`total`: number of items in the project. The choice stays if its source is still there."""
        chosen = self._chosen_id()
        self._sources, self._total = sources, total
        self._fill()
        self.choose(chosen)
        self.updateGeometry()

    def choose(self, source_id: int | None) -> None:
        """Marks a source, or all items for None and for an unknown source, without telling anyone."""
        items = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        wanted = next((item for item in items if item is not None and item.data(0, _ID) == source_id), None)
        self.blockSignals(True)
        self.clearSelection()
        if wanted is not None:
            self.setCurrentItem(wanted)
        self.blockSignals(False)

    def retranslate(self) -> None:
        self.setAccessibleName(translate("DataPage", "Sources"))
        chosen = self._chosen_id()
        self._fill()
        self.choose(chosen)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def _chosen_id(self) -> int | None:
        selected = self.selectedItems()
        value = selected[0].data(0, _ID) if selected else None
        return value if isinstance(value, int) else None

    def _fill(self) -> None:
        self.blockSignals(True)
        self.clear()
        self.addTopLevelItem(self._row(None, translate("DataPage", "All items"), "list", self._total))
        for source in self._sources:
            item = self._row(source.id, source.path.name, "image" if source.kind is Kind.IMAGE else "table", source.item_count)
            item.setToolTip(0, self._tip(source))
            if source.missing:
                item.setText(0, translate("DataPage", "{name} (missing)").format(name=source.path.name))
            if source.missing or not source.complete:
                item.setIcon(0, theme.icon("warning"))
            self.addTopLevelItem(item)
        self.blockSignals(False)

    def _row(self, source_id: int | None, name: str, icon: str, count: int) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name, f"{count:,}"])
        item.setData(0, _ID, source_id)
        item.setIcon(0, theme.icon(icon))
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _tip(self, source: Source) -> str:
        lines = [str(source.path), kind_word(source.kind)]
        if source.missing:
            lines.append(problem_sentence(Problem(ProblemCode.PATH_MISSING, {"path": str(source.path)})))
        if not source.complete:
            lines.append(translate("DataPage", "The import was cut off. Import it again to complete it; nothing is doubled."))
        return "\n".join(lines)

    @Slot()
    def _on_selected(self) -> None:
        if self.selectedItems():
            self.chosen.emit(self._chosen_id())
