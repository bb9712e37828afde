"""Every action has a key and a menu entry, whatever the preset, and every button is an action."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.views import QueueFilter
from app.ui.actions import EXTRA_KEYS, MENUS, TABLE, present_keys
from app.ui.keymap import PRESETS, Keymap, collide, keys_in_force
from app.ui.views.composer_visibility import VisibilityPicker
from app.ui.views.composer_words import SAMPLE
from app.ui.views.customer_parts import Chip, PressLine
from app.ui.window import ConsoleWindow
from tests.ui.driving import NOTHING, press

IDS = {spec.id for spec in TABLE}
SHIFT = Qt.KeyboardModifier.ShiftModifier

ACTION_OF = {
    # the list
    "Filter": "narrow", "List settings": "list-settings", "Order": "order", "All": "show-all",
    "Unread": "show-unread", "Due soon": "show-due",
    # the conversation
    "Assign": "assign", "Tag": "tag", "Snooze": "snooze", "Escalate": "escalate",
    "Close": "close", "What the timeline shows": "excerpt",
    # the composer
    "Reply": "reply", "Internal note": "note", "Attach pictures": "attach",
    "Content warning": "warning", "Emoji": "emoji", "Templates": "templates", "Guide": "guide",
    "Send": "send",
    # the panel
    "More about this customer": "customer", "Add a tag": "tag",
    # the sidebar
    "Settings": "settings", "Search everything": "palette",
}  # fmt: skip
"""What a button is called, up to its count or its keys, and the action that does the same."""


@pytest.fixture(autouse=True)
def _usual_keys() -> Iterator[None]:
    yield
    keys_in_force().use(Keymap())


@pytest.mark.parametrize("preset", PRESETS)
def test_every_action_has_a_key_of_its_own(preset: str) -> None:
    keys_in_force().use(Keymap(preset))
    present = present_keys()
    assert present.keys() == IDS
    assert [name for name, keys in present.items() if not keys] == []
    every = [(name, one) for name, keys in present.items() for one in keys]
    both = [
        (first, second)
        for (first, one), (second, other) in combinations(every, 2)
        if collide(one, other)
    ]
    assert both == []


@pytest.mark.parametrize("preset", PRESETS)
def test_no_key_of_an_action_belongs_to_a_part_of_the_window(preset: str) -> None:
    keys_in_force().use(Keymap(preset))
    allowed = {("templates", "/"), ("palette", "/")}  # “/” offers templates in a field alone
    clashes = {
        (name, extra)
        for name, keys in present_keys().items()
        for extra, _ in EXTRA_KEYS
        if any(collide(one, extra) for one in keys)
    }
    assert clashes <= allowed


def test_every_action_stands_in_the_menu_once_with_its_keys(sample_window: ConsoleWindow) -> None:
    entries = _entries(_menu(sample_window))
    assert sorted(action.objectName() for action in entries) == sorted(IDS)
    assert {spec.menu for spec in TABLE} == set(MENUS)
    for preset in PRESETS:
        keys_in_force().use(Keymap(preset))
        shown = {action.objectName(): action.shortcut() for action in entries}
        assert shown == {name: QKeySequence(keys[0]) for name, keys in present_keys().items()}


def test_every_button_in_sight_is_an_action(sample_window: ConsoleWindow) -> None:
    sample_window.step(1)
    done = {_name(button): _action_of(button) for button in _buttons(sample_window)}
    assert [name for name, action in done.items() if action not in IDS] == []
    assert len(done) > 15


def test_keys_choose_from_the_list_and_open_its_menus(
    sample_window: ConsoleWindow, qtbot: QtBot
) -> None:
    pane = sample_window.case_list
    pane.rows.setFocus()
    for key, shown in (
        (Qt.Key.Key_2, QueueFilter.UNREAD),
        (Qt.Key.Key_3, QueueFilter.DUE_SOON),
        (Qt.Key.Key_1, QueueFilter.ALL),
    ):
        press(key)
        assert pane.loader.filter is shown
    qtbot.waitUntil(lambda: not pane.loader.is_reading)
    qtbot.waitUntil(lambda: sample_window.panel.card is not None)
    pane.rows.setFocus()
    for key, modifiers, entry in (
        (Qt.Key.Key_S, SHIFT, "Newest"),
        (Qt.Key.Key_M, NOTHING, "Join with another customer…"),
    ):
        press(key, modifiers)
        menu = _open_menu(qtbot)
        assert entry in [action.text() for action in menu.actions()]
        menu.close()


def test_the_composer_does_by_menu_what_its_buttons_do(
    sample_window: ConsoleWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, composer = sample_window, sample_window.desk.composer
    window.step(1)  # Marta’s, on Mastodon, with a draft
    qtbot.waitUntil(composer._attach_button.isVisible)
    qtbot.waitUntil(composer._send_button.isEnabled)
    asked: list[str] = []

    def answer(_parent: QWidget, title: str, *_more: str) -> tuple[list[str], str]:
        asked.append(title)
        return [], ""

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", answer)
    window.named_actions["attach"].trigger()
    assert asked == ["Attach pictures"]
    window.named_actions["warning"].trigger()
    assert composer._warning.isVisible()
    window.named_actions["warning"].trigger()
    assert not composer._warning.isVisible()
    window.named_actions["readers"].trigger()
    _open_menu(qtbot).close()
    composer._edit.set_text("It restarts.")  # her draft has a coupon, which has to wait
    window.named_actions["send"].trigger()
    assert composer._strip.label.text() == SAMPLE


def _menu(window: ConsoleWindow) -> QMenu:
    menus = [one for one in window.findChildren(QMenu) if len(one.actions()) == len(MENUS)]
    found = [one for one in menus if tuple(each.text() for each in one.actions()) == MENUS]
    assert len(found) == 1
    return found[0]


def _entries(menu: QMenu) -> list[QAction]:
    """All that can be chosen in a menu, its parts included."""
    found: list[QAction] = []
    for action in menu.actions():
        part = action.menu()
        if isinstance(part, QMenu):
            found.extend(_entries(part))
        elif not action.isSeparator():
            found.append(action)
    return found


def _open_menu(qtbot: QtBot) -> QMenu:
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def _buttons(window: ConsoleWindow) -> list[QAbstractButton]:
    """Those in sight, but for what opens the menu of one thing: a tag, an identity, or all."""
    return [
        button
        for button in window.findChildren(QAbstractButton)
        if button.isVisible()
        and button.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and not isinstance(button, Chip | PressLine)
        and not _name(button).endswith(", menu")
    ]


def _name(button: QAbstractButton) -> str:
    return button.accessibleName() or button.text()


def _action_of(button: QAbstractButton) -> str | None:
    if isinstance(button, VisibilityPicker):
        return "readers"
    if _name(button).endswith("Change name or department"):
        return "me"
    return ACTION_OF.get(_name(button).split(",")[0].rstrip("0123456789 "))
