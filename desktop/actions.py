"""Everything a person can do, as one table. Menus, tool bars, shortcuts, the key sheet and the tests read it.

Keys that must work with Hangul input on are digits, signs, arrows, Space, Enter or have Ctrl or Alt; no letter is the only key of an
action.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from core.wording import QT_TRANSLATE_NOOP
from desktop import theme
from desktop.words import translate


class Menu(StrEnum):
    """The menus in the order of the menu bar; the values are source texts of context "Menu"."""

    FILE = QT_TRANSLATE_NOOP("Menu", "&File")
    EDIT = QT_TRANSLATE_NOOP("Menu", "&Edit")
    LABEL = QT_TRANSLATE_NOOP("Menu", "&Label")
    RUN = QT_TRANSLATE_NOOP("Menu", "&Run")
    VIEW = QT_TRANSLATE_NOOP("Menu", "&View")
    HELP = QT_TRANSLATE_NOOP("Menu", "&Help")


@dataclass(frozen=True, kw_only=True)
class State:
    """What the program is in: all that `Action.enabled` may ask."""

    project: bool = False
    writable: bool = False
    items: bool = False
    run: bool = False
    undo: bool = False
    redo: bool = False
    page: str = ""


def always(state: State) -> bool:
    del state
    return True


def with_project(state: State) -> bool:
    return state.project


def writable(state: State) -> bool:
    return state.writable


def with_items(state: State) -> bool:
    return state.items


def changing_items(state: State) -> bool:
    return state.items and state.writable


def with_run(state: State) -> bool:
    return state.run


def scoring(state: State) -> bool:
    return state.run and state.writable


def can_undo(state: State) -> bool:
    return state.undo and state.writable


def can_redo(state: State) -> bool:
    return state.redo and state.writable


@dataclass(frozen=True, kw_only=True)
class Action:
    """One line of the table. `text` is a source text of context "Action".

    `scoped`: the keys work only while the focus is in the widgets named by `Actions.scope`, because they mean something else elsewhere
    (Space presses a button, Enter closes a dialog).
    """

    id: str
    text: str
    menu: Menu
    shortcuts: tuple[str, ...] = ()
    icon: str = ""
    enabled: Callable[[State], bool] = always
    scoped: bool = False
    separator: bool = False
    checkable: bool = False


ACTIONS: Final[tuple[Action, ...]] = (
    Action(id="project.new", text=QT_TRANSLATE_NOOP("Action", "&New project..."), menu=Menu.FILE, shortcuts=("Ctrl+N",), icon="new"),
    Action(
        id="project.open", text=QT_TRANSLATE_NOOP("Action", "&Open project..."), menu=Menu.FILE, shortcuts=("Ctrl+Shift+O",), icon="open"
    ),
    Action(id="project.sample", text=QT_TRANSLATE_NOOP("Action", "Open the &sample project"), menu=Menu.FILE, icon="sample"),
    Action(
        id="project.close", text=QT_TRANSLATE_NOOP("Action", "&Close project"), menu=Menu.FILE, shortcuts=("Ctrl+W",), enabled=with_project
    ),
    Action(
        id="import.folder",
        text=QT_TRANSLATE_NOOP("Action", "Import a &folder..."),
        menu=Menu.FILE,
        shortcuts=("Ctrl+O",),
        icon="import",
        enabled=writable,
        separator=True,
    ),
    Action(id="import.table", text=QT_TRANSLATE_NOOP("Action", "Import a &table..."), menu=Menu.FILE, icon="table", enabled=writable),
    Action(
        id="report.export",
        text=QT_TRANSLATE_NOOP("Action", "&Export the report..."),
        menu=Menu.FILE,
        shortcuts=("Ctrl+E",),
        icon="export",
        enabled=with_run,
    ),
    Action(id="app.quit", text=QT_TRANSLATE_NOOP("Action", "&Quit"), menu=Menu.FILE, shortcuts=("Ctrl+Q",), separator=True),
    Action(id="edit.undo", text=QT_TRANSLATE_NOOP("Action", "&Undo"), menu=Menu.EDIT, shortcuts=("Ctrl+Z",), icon="undo", enabled=can_undo),
    Action(
        id="edit.redo",
        text=QT_TRANSLATE_NOOP("Action", "&Redo"),
        menu=Menu.EDIT,
        shortcuts=("Ctrl+Y", "Ctrl+Shift+Z"),
        icon="redo",
        enabled=can_redo,
    ),
    Action(
        id="edit.find",
        text=QT_TRANSLATE_NOOP("Action", "&Filter items"),
        menu=Menu.EDIT,
        shortcuts=("Ctrl+F",),
        icon="filter",
        enabled=with_items,
        separator=True,
    ),
    Action(id="edit.clear_filter", text=QT_TRANSLATE_NOOP("Action", "Show &all items"), menu=Menu.EDIT, enabled=with_items),
    Action(
        id="items.remove",
        text=QT_TRANSLATE_NOOP("Action", "Take &out of the project..."),
        menu=Menu.EDIT,
        shortcuts=("Del",),
        enabled=changing_items,
        scoped=True,
    ),
    Action(
        id="app.preferences", text=QT_TRANSLATE_NOOP("Action", "&Preferences..."), menu=Menu.EDIT, shortcuts=("Ctrl+,",), separator=True
    ),
    Action(
        id="label.good", text=QT_TRANSLATE_NOOP("Action", "&Good"), menu=Menu.LABEL, shortcuts=("1",), icon="good", enabled=changing_items
    ),
    Action(
        id="label.defective",
        text=QT_TRANSLATE_NOOP("Action", "&Defective"),
        menu=Menu.LABEL,
        shortcuts=("2",),
        icon="defective",
        enabled=changing_items,
    ),
    Action(
        id="label.unsure",
        text=QT_TRANSLATE_NOOP("Action", "&Unsure"),
        menu=Menu.LABEL,
        shortcuts=("3",),
        icon="unsure",
        enabled=changing_items,
    ),
    Action(id="label.none", text=QT_TRANSLATE_NOOP("Action", "&No label"), menu=Menu.LABEL, shortcuts=("0",), enabled=changing_items),
    Action(
        id="label.defect_type",
        text=QT_TRANSLATE_NOOP("Action", "Defect &type..."),
        menu=Menu.LABEL,
        shortcuts=("Ctrl+T",),
        enabled=changing_items,
    ),
    Action(
        id="items.next",
        text=QT_TRANSLATE_NOOP("Action", "Ne&xt item not yet done"),
        menu=Menu.LABEL,
        shortcuts=("Return", "Enter"),
        enabled=with_items,
        scoped=True,
        separator=True,
    ),
    Action(
        id="items.previous",
        text=QT_TRANSLATE_NOOP("Action", "&Previous item not yet done"),
        menu=Menu.LABEL,
        shortcuts=("Backspace",),
        enabled=with_items,
        scoped=True,
    ),
    Action(id="data.split", text=QT_TRANSLATE_NOOP("Action", "S&plit the items..."), menu=Menu.RUN, icon="split", enabled=changing_items),
    Action(
        id="train.start",
        text=QT_TRANSLATE_NOOP("Action", "&Start training"),
        menu=Menu.RUN,
        shortcuts=("Ctrl+Return", "Ctrl+Enter"),
        icon="start",
        enabled=changing_items,
    ),
    Action(id="train.cancel", text=QT_TRANSLATE_NOOP("Action", "&Cancel training"), menu=Menu.RUN, icon="stop", enabled=with_project),
    Action(id="run.score", text=QT_TRANSLATE_NOOP("Action", "Score &all items"), menu=Menu.RUN, icon="score", enabled=scoring),
    Action(
        id="threshold.default",
        text=QT_TRANSLATE_NOOP("Action", "&Default threshold"),
        menu=Menu.RUN,
        enabled=with_run,
        separator=True,
    ),
    Action(id="page.data", text=QT_TRANSLATE_NOOP("Action", "&Data"), menu=Menu.VIEW, shortcuts=("Alt+1",), enabled=with_project),
    Action(id="page.train", text=QT_TRANSLATE_NOOP("Action", "&Train"), menu=Menu.VIEW, shortcuts=("Alt+2",), enabled=with_project),
    Action(id="page.review", text=QT_TRANSLATE_NOOP("Action", "&Review"), menu=Menu.VIEW, shortcuts=("Alt+3",), enabled=with_project),
    Action(id="page.report", text=QT_TRANSLATE_NOOP("Action", "Re&port"), menu=Menu.VIEW, shortcuts=("Alt+4",), enabled=with_project),
    Action(
        id="view.large",
        text=QT_TRANSLATE_NOOP("Action", "&Large view"),
        menu=Menu.VIEW,
        shortcuts=("Space",),
        icon="large",
        enabled=with_items,
        scoped=True,
        separator=True,
    ),
    Action(
        id="view.zoom_in",
        text=QT_TRANSLATE_NOOP("Action", "Zoom &in"),
        menu=Menu.VIEW,
        shortcuts=("+", "=", "Ctrl++", "Ctrl+="),
        icon="zoom_in",
        enabled=with_items,
    ),
    Action(
        id="view.zoom_out",
        text=QT_TRANSLATE_NOOP("Action", "Zoom &out"),
        menu=Menu.VIEW,
        shortcuts=("-", "Ctrl+-"),
        icon="zoom_out",
        enabled=with_items,
    ),
    Action(
        id="view.zoom_fit",
        text=QT_TRANSLATE_NOOP("Action", "&Fit or 1:1"),
        menu=Menu.VIEW,
        shortcuts=("/",),
        icon="fit",
        enabled=with_items,
    ),
    Action(
        id="view.overlay",
        text=QT_TRANSLATE_NOOP("Action", "&Heatmap over the image"),
        menu=Menu.VIEW,
        shortcuts=("*",),
        icon="overlay",
        enabled=with_run,
    ),
    Action(id="view.jobs", text=QT_TRANSLATE_NOOP("Action", "&Jobs"), menu=Menu.VIEW, shortcuts=("Ctrl+J",), icon="jobs", separator=True),
    Action(id="view.reset", text=QT_TRANSLATE_NOOP("Action", "Reset the la&yout"), menu=Menu.VIEW),
    Action(id="help.keys", text=QT_TRANSLATE_NOOP("Action", "&Keys"), menu=Menu.HELP, shortcuts=("F1",), icon="keys"),
    Action(id="help.log", text=QT_TRANSLATE_NOOP("Action", "Open the &log folder"), menu=Menu.HELP),
    Action(id="help.about", text=QT_TRANSLATE_NOOP("Action", "&About Flawscope"), menu=Menu.HELP, separator=True),
)
EVERYWHERE: Final = ""
_FOREIGN_MNEMONIC: Final = re.compile(r"\s?\(&\w\)")  # languages without Latin letters put the mnemonic behind the text


@dataclass
class _Handler:
    slot: Callable[[], object]
    enabled: bool = True
    reason: str = ""


def plain_text(text: str) -> str:
    """The text of an action without the mark of its mnemonic and without dots, for headings and tool tips."""
    without = _FOREIGN_MNEMONIC.sub("", text.replace("&&", "\0"))
    return without.replace("&", "").replace("\0", "&").removesuffix("...")


class Actions(QObject):
    """The QActions of the table, and who handles them: the page that is shown, else the window.

    An action is enabled if the table's rule holds for the state, somebody handles it here, and the handler has not disabled it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = {entry.id: entry for entry in ACTIONS}
        self._handlers: dict[tuple[str, str], _Handler] = {}
        self._state = State()
        self._actions = {entry.id: self._make(entry) for entry in ACTIONS}
        self.retranslate()
        self.refresh(self._state)

    def _make(self, entry: Action) -> QAction:
        action = QAction(self)
        action.setObjectName(entry.id)
        action.setShortcuts([QKeySequence(text) for text in entry.shortcuts])
        action.setCheckable(entry.checkable)
        if entry.scoped:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        if entry.icon:
            action.setIcon(theme.icon(entry.icon))
        # On macOS Qt would move entries to the application menu by what their English text says.
        action.setMenuRole(QAction.MenuRole.NoRole)
        action.triggered.connect(self._on_triggered)
        return action

    @property
    def state(self) -> State:
        return self._state

    def action(self, action_id: str) -> QAction:
        """Raises KeyError for an id that is not in the table."""
        return self._actions[action_id]

    def connect(self, action_id: str, slot: Callable[[], object], *, page: str = EVERYWHERE) -> None:  # type: ignore[override]
        """`slot()` is called when the action is triggered while `page` is shown, or on any page that has no slot of its own for it."""
        self._handlers[self.action(action_id).objectName(), page] = _Handler(slot)
        self._refresh_one(self._table[action_id])

    def enable(self, action_id: str, enabled: bool, reason: str = "", *, page: str = EVERYWHERE) -> None:
        """Says whether the handler of `page` can act now, and if not, why. Raises KeyError if it has none."""
        handler = self._handlers[action_id, page]
        handler.enabled, handler.reason = enabled, reason
        self._refresh_one(self._table[action_id])

    def scope(self, action_id: str, *widgets: QWidget) -> None:
        """The keys of a scoped action work while the focus is in one of `widgets`."""
        for widget in widgets:
            widget.addAction(self.action(action_id))

    def refresh(self, state: State) -> None:
        """Sets all enabled flags and tool tips."""
        self._state = state
        for entry in ACTIONS:
            self._refresh_one(entry)

    def handled(self) -> Iterable[str]:
        """The ids that somebody handles."""
        return {action_id for action_id, _ in self._handlers}

    def retranslate(self) -> None:
        for entry in ACTIONS:
            self._actions[entry.id].setText(translate("Action", entry.text))
            self._refresh_one(entry)

    def _handler(self, action_id: str) -> _Handler | None:
        return self._handlers.get((action_id, self._state.page)) or self._handlers.get((action_id, EVERYWHERE))

    def _refresh_one(self, entry: Action) -> None:
        handler = self._handler(entry.id)
        action = self._actions[entry.id]
        action.setEnabled(bool(handler is not None and handler.enabled and entry.enabled(self._state)))
        tip = plain_text(action.text())
        if entry.shortcuts:
            tip += f" ({QKeySequence(entry.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText)})"
        if handler is not None and not handler.enabled and handler.reason:
            tip += f"\n{handler.reason}"
        action.setToolTip(tip)

    def _on_triggered(self) -> None:
        sender = self.sender()
        handler = self._handler(sender.objectName()) if sender is not None else None
        if handler is not None:
            handler.slot()
