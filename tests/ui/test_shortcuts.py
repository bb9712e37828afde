"""Keys: what a keymap makes of presets and changes, and the sheet where they are changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.ui.actions import TABLE, key_table, present_keys, usual_keys
from app.ui.dialogs.controls import Segmented
from app.ui.dialogs.key_strokes import KeyField
from app.ui.dialogs.settings import SettingsSheet
from app.ui.dialogs.shortcuts import ShortcutsSheet
from app.ui.keymap import PRESETS, Keymap, collide, keys_in_force, read_keymap
from app.ui.runtime import prepare
from tests.services.desk import make_desk
from tests.store.building import said
from tests.ui.consoles import Console, make_console
from tests.ui.driving import CONTROL, button, child, focused, lines, press, shown_window
from tests.ui.driving import said as seen

USUAL = {"close": ("C",), "reply": ("R",), "go": ("G, W",), "undo": ("Ctrl+Z", "Z")}


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.take(said("1", "marta", "It leaks."))
    made = make_console(desk)
    qtbot.addWidget(made.window)
    shown_window(made.window)
    yield made
    made.window.close()
    keys_in_force().use(Keymap())
    desk.workspace.close()


@pytest.fixture
def sheet(console: Console) -> ShortcutsSheet:
    press(Qt.Key.Key_Slash, CONTROL, console.window)
    return child(console.window, ShortcutsSheet)


def choose(sheet: ShortcutsSheet, words: str) -> None:
    """Find an action by typing, and go to its keys: no pointer."""
    sheet.search.setFocus()
    sheet.search.selectAll()
    QTest.keyClicks(sheet.search, words)
    sheet.list.setFocus()
    while sheet.list.currentItem().text() != words:
        before = sheet.list.currentRow()
        press(Qt.Key.Key_Down)
        assert sheet.list.currentRow() != before, f"no “{words}” in the list"
    press(Qt.Key.Key_Return)
    assert isinstance(focused(), KeyField)


# The keymap


@pytest.mark.parametrize(
    ("one", "other", "do"),
    [("C", "C", True), ("G", "G, W", True), ("G, W", "G", True), ("G, W", "G, U", False),
     ("C", "Shift+C", False), ("W", "G, W", False)],
)  # fmt: skip
def test_sequences_collide_when_one_begins_as_the_other(one: str, other: str, do: bool) -> None:
    assert collide(one, other) is do


def test_what_is_taken_from_another_comes_back_with_a_reset() -> None:
    taken = Keymap().with_keys("reply", ("C",))
    assert taken.in_force(USUAL)["close"] == ()
    assert taken.in_force(USUAL)["reply"] == ("C",)
    again = taken.with_keys("close", ("C",))
    assert again.in_force(USUAL)["close"] == ("C",)
    assert again.in_force(USUAL)["reply"] == ()
    assert taken.without_change("reply").in_force(USUAL) == USUAL


def test_only_the_keys_in_question_are_lost() -> None:
    assert Keymap().with_keys("close", ("Z",)).in_force(USUAL)["undo"] == ("Ctrl+Z",)
    assert Keymap().with_keys("close", ("G",)).in_force(USUAL)["go"] == ()


def test_a_keymap_is_read_as_it_was_written() -> None:
    keymap = Keymap("gmail", {"close": ("Ctrl+Shift+E", "G, Q"), "tag": ()})
    assert read_keymap(keymap.written()) == keymap


@pytest.mark.parametrize(
    ("written", "keymap"),
    [("", Keymap()), ("[1]", Keymap()), ('{"preset": 3}', Keymap()),
     ('{"preset": "vi", "changes": {"close": ["Q", 7, "no keys"], "tag": "T"}}',
      Keymap(changes={"close": ("Q",)}))],
)  # fmt: skip
def test_what_cannot_be_read_is_left_out(written: str, keymap: Keymap) -> None:
    assert read_keymap(written) == keymap


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_speak_of_actions_there_are_in_qt_s_own_words(preset: str) -> None:
    changed = PRESETS[preset][1]
    assert changed.keys() <= usual_keys().keys()
    assert all(QKeySequence(key).toString() == key for keys in changed.values() for key in keys)


# The sheet


def test_by_keyboard_alone_an_action_gets_other_keys(
    console: Console, sheet: ShortcutsSheet, qtbot: QtBot
) -> None:
    choose(sheet, "Close")
    press(Qt.Key.Key_Q)
    assert sheet.said.text() == ""
    press(Qt.Key.Key_Return)
    assert focused() is sheet.take
    press(Qt.Key.Key_Space)
    action = console.window.named_actions["close"]
    assert [key.toString() for key in action.shortcuts()] == ["Q"]
    assert action.toolTip() == "Close (Q)"
    assert ("Q", "Close") in key_table()
    offered = {command.id: command.keys for command in console.window.palette_commands()}
    assert offered.get("shortcuts") == "Ctrl+/"
    with qtbot.waitSignal(sheet.closed):
        press(Qt.Key.Key_Escape)
    directory = console.desk.directory
    qtbot.waitUntil(lambda: '"close": ["Q"]' in directory.setting("ui-keys"))
    keys_in_force().use(Keymap())
    again = make_console(console.desk).window
    qtbot.addWidget(again)
    assert again.named_actions["close"].shortcut().toString() == "Q"
    again.close()


def test_a_conflict_is_said_before_it_is_taken(console: Console, sheet: ShortcutsSheet) -> None:
    actions = console.window.named_actions
    choose(sheet, "Close")
    press(Qt.Key.Key_R)
    assert seen(sheet, "R is “Reply” now, which would have no keys left.")
    assert sheet.take.text() == "Take them"
    assert actions["reply"].shortcut().toString() == "R"
    press(Qt.Key.Key_Escape)
    assert focused() is sheet.list
    assert present_keys()["close"] == ("C",)
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_R)
    sheet.submit()
    assert present_keys()["close"] == ("R",)
    assert actions["reply"].shortcuts() == []


def test_two_strokes_are_one_sequence_and_one_may_begin_many(sheet: ShortcutsSheet) -> None:
    choose(sheet, "Close")
    press(Qt.Key.Key_G)
    assert "“My work”" in sheet.said.text()
    press(Qt.Key.Key_Z)
    assert sheet.field.keys() == "G, Z"
    assert sheet.said.text() == ""


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Down])
def test_keys_that_lists_and_fields_need_are_refused(sheet: ShortcutsSheet, key: Qt.Key) -> None:
    choose(sheet, "Close")
    press(key)
    assert "belongs to lists, fields and sheets" in sheet.said.text()
    assert not sheet.take.isEnabled()


def test_keys_can_be_taken_away_and_given_back(sheet: ShortcutsSheet) -> None:
    choose(sheet, "Close")
    button(sheet, "No keys").click()
    assert present_keys()["close"] == ()
    button(sheet, "As the preset").click()
    assert present_keys()["close"] == ("C",)


def test_a_preset_is_chosen_and_reset(console: Console, sheet: ShortcutsSheet) -> None:
    child(sheet, Segmented, "Keys as in").group.button(1).click()
    actions = console.window.named_actions
    assert actions["close"].shortcut().toString() == "E"
    assert actions["escalate"].shortcut().toString() == "H"
    button(sheet, "Reset all").click()
    assert actions["close"].shortcut().toString() == "C"
    assert child(sheet, Segmented, "Keys as in").chosen() == 0


def test_actions_are_found_by_their_keys_and_all_are_listed(sheet: ShortcutsSheet) -> None:
    assert sheet.list.count() == len(TABLE)
    sheet.search.setText("ctrl+k")
    assert lines(sheet.list) == ["Search everything"]
    assert child(sheet, QLineEdit, "Find an action or its keys") is sheet.search
    assert all(stop.accessibleName() or stop.property("text") for stop in sheet._stops())


def test_keys_that_are_named_elsewhere_are_those_in_force(console: Console) -> None:
    find = button(console.window.sidebar, "Search everything, Ctrl+K")
    keys_in_force().use(Keymap().with_keys("palette", ("Ctrl+J",)).with_keys("lock", ()))
    assert find.accessibleName() == "Search everything, Ctrl+J"
    press(Qt.Key.Key_Comma, CONTROL, console.window)
    settings = child(console.window, SettingsSheet)
    assert any("“Lock now” in the menu" in label.text() for label in settings.findChildren(QLabel))


def test_locking_goes_by_the_keys_in_force_also_above_a_sheet(
    console: Console, qtbot: QtBot
) -> None:
    keys_in_force().use(Keymap().with_keys("lock", ("Ctrl+Shift+X",)))
    press(Qt.Key.Key_Comma, CONTROL, console.window)
    child(console.window, SettingsSheet)
    with qtbot.assertNotEmitted(console.window.lock_requested):
        press(Qt.Key.Key_L, CONTROL)
    with qtbot.waitSignal(console.window.lock_requested):
        press(Qt.Key.Key_X, CONTROL | Qt.KeyboardModifier.ShiftModifier)
