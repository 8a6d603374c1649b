"""What a person does to items on the Data page: label, name the defect, split, take out of the project."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from core.problems import ProblemError
from core.vocabulary import Label, Split
from desktop.dialogs.ask import ask
from desktop.dialogs.defect_type import DefectTypeDialog
from desktop.dialogs.split_dialog import SplitDialog
from desktop.models.facet_choices import defect_types
from desktop.session import Session
from desktop.widgets.item_browser import ItemBrowser
from desktop.words import split_word, translate

TYPES_WITH_KEYS: Final = 9
_REMOVED: Final = "taken out on the Data page"


class ItemActs(QObject):
    """Acts on what is selected in the browser. Trouble goes to `session.notified`."""

    def __init__(self, session: Session, browser: ItemBrowser, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._browser, self._window = session, browser, parent

    def label(self, label: Label, defect_type: str | None = None) -> None:
        """Labels the selected items in one undo step. A single one is followed by the next item without a label."""
        ids = self._browser.selected_ids()
        if not ids.size:
            return
        following = self._next_unlabelled() if ids.size == 1 else None
        if self._session.set_labels(ids.tolist(), label, defect_type) and following is not None:
            self._browser.go_to_item(following)

    def label_as_type(self, number: int) -> None:
        """Defective, of the n-th defect type of the project, from 1."""
        known = list(defect_types(self._browser.model.rows))
        if number <= len(known):
            self.label(Label.DEFECTIVE, known[number - 1])

    def ask_defect_type(self) -> DefectTypeDialog | None:
        """None if nothing is selected."""
        ids = self._browser.selected_ids()
        entry = self._browser.current_entry()
        if not ids.size:
            return None
        known = list(defect_types(self._browser.model.rows))
        dialog = DefectTypeDialog(known, "" if entry is None else entry.defect_type, int(ids.size), self._window)
        dialog.chosen.connect(lambda name: self.label(Label.DEFECTIVE, name))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def move_to_split(self, split: Split) -> None:
        """Puts the selected items into a split by hand, as one undo step."""
        ids = self._browser.selected_ids()
        self._set_splits(ids, np.full(ids.size, split, dtype=np.int8), "by hand", split_word(split))

    def ask_split(self) -> SplitDialog | None:
        """None without items."""
        items = self._session.items
        if items is None or not len(items):
            return None
        dialog = SplitDialog(items, self._window)
        ids = items.id.copy()
        text = translate("DataPage", "split the items")
        dialog.chosen.connect(lambda splits, reason: self._set_splits(ids, splits, reason, text))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def ask_remove(self) -> QMessageBox | None:
        """None if nothing is selected."""
        ids = self._browser.selected_ids()
        if not ids.size:
            return None
        count = int(ids.size)
        question = translate("DataPage", "Take %n item(s) out of the project, labels and scores included?", None, count)
        safe = translate("DataPage", "No file is deleted, and another import brings the items back without labels. This cannot be undone.")
        return ask(
            self._window,
            title=translate("DataPage", "Take out of the project"),
            text=f"{question}\n\n{safe}",
            yes=translate("DataPage", "&Take out"),
            on_yes=lambda: self._remove(ids),
        )

    def menu(self, action_ids: list[str]) -> QMenu:
        """What can be done to the selected items; an empty id in the list stands for the menus of defect types and splits."""
        menu, writable = QMenu(self._window), self._session.writable
        for action_id in action_ids:
            if action_id:
                menu.addAction(self._session.actions.action(action_id))
                continue
            types = menu.addMenu(translate("DataPage", "Defect type"))
            for number, name in enumerate(list(defect_types(self._browser.model.rows))[:TYPES_WITH_KEYS], start=1):
                types.addAction(f"{name.replace('&', '&&')}\tCtrl+{number}", partial(self.label_as_type, number))
            types.addSeparator()
            types.addAction(self._session.actions.action("label.defect_type"))
            types.setEnabled(writable)
            splits = menu.addMenu(translate("DataPage", "Move to split"))
            for split in (Split.TRAIN, Split.CALIBRATION, Split.TEST, Split.NEW):
                splits.addAction(split_word(split), partial(self.move_to_split, split))
            splits.setEnabled(writable)
            menu.addSeparator()
        return menu

    def _next_unlabelled(self) -> int | None:
        row = self._browser.model.rows.next_unlabelled(self._browser.current_row)
        return None if row < 0 else int(self._browser.model.rows.ids_of([row])[0])

    def _remove(self, ids: NDArray[np.int64]) -> None:
        from core.project.items import remove_items

        if self._session.project is None:
            return
        try:
            remove_items(self._session.project, ids.tolist(), reason=_REMOVED)
        except ProblemError as error:
            self._session.notify(error.problem)
            return
        self._session.undo_stack.clear()  # earlier steps name items that are gone
        self._session.reload_items()

    def _set_splits(self, ids: NDArray[np.int64], splits: NDArray[np.int8], reason: str, text: str) -> None:
        items = self._session.items
        if items is None or not ids.size:
            return
        before = items.split[items.positions(ids)]
        changed = before != splits
        if changed.any():
            change = _SplitChange(ids[changed], before[changed], splits[changed], reason)
            if change.apply(self._session):
                self._session.undo_stack.push(_SplitCommand(text, self._session, change))


@dataclass(frozen=True)
class _SplitChange:
    """New splits of some items. `reason` is for the audit log."""

    ids: NDArray[np.int64]
    before: NDArray[np.int8]
    after: NDArray[np.int8]
    reason: str

    def apply(self, session: Session, *, undo: bool = False, prefix: str = "") -> bool:
        """Stores the splits and reads the items again. False after a trouble, which is told."""
        from core.project.items import set_splits

        if session.project is None:
            return False
        try:
            set_splits(session.project, self.ids, self.before if undo else self.after, reason=prefix + self.reason)
        except ProblemError as error:
            session.notify(error.problem)
            return False
        session.reload_items()
        return True


class _SplitCommand(QUndoCommand):
    """A change of splits that was made already when it is pushed."""

    def __init__(self, text: str, session: Session, change: _SplitChange) -> None:
        super().__init__(text)
        self._session, self._change, self._done = session, change, True

    def redo(self) -> None:
        if not self._done:
            self._change.apply(self._session, prefix="redo ")
        self._done = True

    def undo(self) -> None:
        self._change.apply(self._session, undo=True, prefix="undo ")
        self._done = False
