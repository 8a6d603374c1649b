"""The action table: nothing twice, nothing unreachable, nothing that Hangul input would break."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QMainWindow, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.actions import ACTIONS, Actions, State, plain_text
from desktop.dialogs.key_sheet import OTHER_KEYS, key_rows
from desktop.menus import Menus
from desktop.pages import PAGES
from desktop.session import Session

FULL = State(project=True, writable=True, items=True, run=True, undo=True, redo=True, page="data")


def test_ids_are_unique() -> None:
    assert len({entry.id for entry in ACTIONS}) == len(ACTIONS)


def test_no_two_actions_share_a_key() -> None:
    owners: dict[str, list[str]] = defaultdict(list)
    for entry in ACTIONS:
        for text in entry.shortcuts:
            sequence = QKeySequence(text)
            assert not sequence.isEmpty(), f"{entry.id}: {text} is no key"
            owners[sequence.toString()].append(entry.id)
    assert {key: ids for key, ids in owners.items() if len(ids) > 1} == {}


def test_no_letter_is_the_only_key() -> None:
    """While Hangul is on, the key G arrives as a jamo and the shortcut does not fire."""
    lonely = [entry.id for entry in ACTIONS if entry.shortcuts and all(len(text) == 1 and text.isalpha() for text in entry.shortcuts)]
    assert lonely == []


def test_every_page_has_its_key() -> None:
    keys = {entry.id: entry.shortcuts for entry in ACTIONS}
    assert [keys[f"page.{key}"] for key in PAGES] == [(f"Alt+{place}",) for place in range(1, len(PAGES) + 1)]


def test_no_two_entries_of_a_menu_share_a_mnemonic() -> None:
    letters: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in ACTIONS:
        place = entry.text.replace("&&", "").find("&")
        assert place >= 0, f"{entry.id} has no mnemonic"
        letters[entry.menu, entry.text.replace("&&", "")[place + 1].lower()].append(entry.id)
    assert {key: ids for key, ids in letters.items() if len(ids) > 1} == {}


def test_every_action_can_be_reached_from_a_menu(session: Session, qtbot: Any) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    menus = Menus(window.menuBar(), session.actions, session.settings)
    reachable: set[str] = set()

    def walk(menu: QMenu) -> None:
        for action in menu.actions():
            reachable.add(action.objectName())
            if isinstance(action.menu(), QMenu):
                walk(action.menu())

    for action in window.menuBar().actions():
        walk(action.menu())  # type: ignore[arg-type]
    assert {entry.id for entry in ACTIONS} <= reachable
    assert all(menu.title() for menu in menus.menus.values())


def test_icons_exist(qapp: object) -> None:
    actions = Actions()
    for entry in ACTIONS:
        assert actions.action(entry.id).icon().isNull() == (not entry.icon)
    actions.deleteLater()


def test_key_sheet_shows_every_key(qapp: object) -> None:
    shown = [text for _, rows in key_rows() for _, text in rows]
    assert [plain_text(entry.text) for entry in ACTIONS if entry.shortcuts and plain_text(entry.text) not in shown] == []
    assert len(shown) == sum(bool(entry.shortcuts) for entry in ACTIONS) + len(OTHER_KEYS)


@pytest.fixture
def actions(session: Session) -> Actions:
    session.actions.refresh(FULL)
    return session.actions


def test_action_is_enabled_only_where_somebody_handles_it(actions: Actions) -> None:
    action = actions.action("label.good")
    assert not action.isEnabled()
    actions.connect("label.good", lambda: None, page="data")
    assert action.isEnabled()
    actions.refresh(State(project=True, writable=True, items=True, page="train"))
    assert not action.isEnabled()


def test_rule_of_the_table_holds_for_every_handler(actions: Actions) -> None:
    actions.connect("label.good", lambda: None, page="data")
    actions.refresh(State(project=True, writable=False, items=True, page="data"))
    assert not actions.action("label.good").isEnabled()


def test_disabled_action_says_why(actions: Actions) -> None:
    actions.connect("train.start", lambda: None, page="data")
    actions.enable("train.start", False, "Choose a detector first.", page="data")
    action = actions.action("train.start")
    assert not action.isEnabled()
    assert "Choose a detector first." in action.toolTip()
    assert "Ctrl+Return" in action.toolTip()
    actions.enable("train.start", True, page="data")
    assert action.isEnabled()
    assert "Choose" not in action.toolTip()


def test_page_that_is_shown_goes_before_the_window(actions: Actions) -> None:
    heard: list[str] = []
    actions.connect("edit.find", lambda: heard.append("window"))
    actions.connect("edit.find", lambda: heard.append("data"), page="data")
    actions.action("edit.find").trigger()
    actions.refresh(State(project=True, items=True, page="review"))
    actions.action("edit.find").trigger()
    assert heard == ["data", "window"]


def test_unknown_ids_are_refused(actions: Actions) -> None:
    with pytest.raises(KeyError):
        actions.connect("label.god", lambda: None)
    with pytest.raises(KeyError):
        actions.enable("label.good", True, page="report")


class Desk(QMainWindow):
    """A window with a list that space belongs to, a button and a line edit."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.list, self.button, self.edit = QListWidget(), QPushButton("b"), QLineEdit()
        central = QWidget()
        layout = QVBoxLayout(central)
        for widget in (self.list, self.button, self.edit):
            layout.addWidget(widget)
        self.setCentralWidget(central)
        self.menu = self.menuBar().addMenu("all")
        self.menu.addActions([actions.action(entry.id) for entry in ACTIONS])
        actions.scope("view.large", self.list)


@pytest.fixture
def desk(actions: Actions, qtbot: Any) -> Desk:
    desk = Desk(actions)
    qtbot.addWidget(desk)
    desk.show()
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    return desk


def pressed(desk: Desk, widget: QWidget, key: Qt.Key, actions: Actions, action_id: str) -> int:
    """How often the action fires when `key` is pressed in `widget`."""
    heard: list[None] = []
    actions.connect(action_id, lambda: heard.append(None), page="data")
    widget.setFocus()
    QTest.keyClick(widget, key)
    return len(heard)


def test_digits_label_from_anywhere_but_a_line_edit(desk: Desk, actions: Actions) -> None:
    assert pressed(desk, desk.list, Qt.Key.Key_1, actions, "label.good") == 1
    assert pressed(desk, desk.button, Qt.Key.Key_2, actions, "label.defective") == 1
    assert pressed(desk, desk.edit, Qt.Key.Key_1, actions, "label.good") == 0
    assert desk.edit.text() == "1"


def test_space_opens_the_large_view_only_in_the_list(desk: Desk, actions: Actions, qtbot: Any) -> None:
    assert pressed(desk, desk.list, Qt.Key.Key_Space, actions, "view.large") == 1
    with qtbot.waitSignal(desk.button.clicked):
        assert pressed(desk, desk.button, Qt.Key.Key_Space, actions, "view.large") == 0


def test_digits_work_among_jamo(desk: Desk, actions: Actions) -> None:
    """With Hangul on, a letter arrives without its key code, as a jamo; a digit is what it always was."""
    heard: list[None] = []
    actions.connect("label.good", lambda: heard.append(None), page="data")
    desk.list.setFocus()
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(desk.list, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, "ㅎ"))
    QTest.keyClick(desk.list, Qt.Key.Key_1)
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("text", "plain"), [("&New project...", "New project"), ("Jobs && more", "Jobs & more"), ("새 프로젝트(&N)...", "새 프로젝트")]
)
def test_plain_text(text: str, plain: str) -> None:
    assert plain_text(text) == plain


def test_texts_follow_the_language(session: Session, mark_texts: Callable[[], None]) -> None:
    action: QAction = session.actions.action("edit.undo")
    assert action.text() == "&Undo"
    mark_texts()
    session.actions.retranslate()
    assert action.text() == "[&Undo]"
    assert "[Undo]" in action.toolTip()
