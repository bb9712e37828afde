"""The settings sheet: opened by key, menu and gear; what is changed holds for the next message."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.errors import BadInput, WorkspaceError
from app.domain.replies import Draft
from app.services.directory import Directory
from app.services.sending_settings import SendingSettings
from app.ui.dialogs.controls import Segmented
from app.ui.dialogs.palette import Palette
from app.ui.dialogs.settings import SECTIONS, SettingsSheet
from app.ui.dialogs.settings_sending import SendingSection
from app.ui.dialogs.slider import Slider
from app.ui.settings_names import SECTION_NAMES
from app.ui.theme import theme, theme_manager
from tests.services.desk import Desk
from tests.ui.consoles import Console
from tests.ui.driving import CONTROL, button, child, focused, press, write
from tests.ui.driving import said as seen


@pytest.fixture
def sheet(console: Console) -> SettingsSheet:
    press(Qt.Key.Key_Comma, CONTROL, console.window)
    return child(console.window, SettingsSheet)


def undo_slider(sheet: SettingsSheet) -> Slider:
    return child(sheet, Slider, "Undo window in seconds")


def sending(desk: Desk) -> SendingSettings:
    return SendingSettings(Directory(desk.workspace))  # as the next start would read it


def test_the_gear_and_the_palette_open_it_too(console: Console, qtbot: QtBot) -> None:
    QTest.mouseClick(button(console.window, "Settings"), Qt.MouseButton.LeftButton)
    sheet = child(console.window, SettingsSheet)
    with qtbot.waitSignal(sheet.closed):
        press(Qt.Key.Key_Escape)
    offered = {command.id: command for command in console.window.palette_commands()}
    assert offered["settings"].text == "Settings"


def test_every_section_has_a_command_that_opens_it(console: Console, qtbot: QtBot) -> None:
    named = [(one.title, one.icon) for one in SECTION_NAMES]
    assert named == [(kind.title, kind.icon) for kind in SECTIONS]
    for at in (len(SECTIONS) - 1, 4):
        console.window.open_palette(">")
        palette = child(console.window, Palette)
        write(focused(), SECTION_NAMES[at].told.removeprefix("Settings: "))
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(console.window.findChildren(SettingsSheet)))
        sheet = child(console.window, SettingsSheet)
        assert not palette.isVisible()
        assert sheet.sections[at].isVisible()
        assert focused() is sheet.tabs.button(at)
        with qtbot.waitSignal(sheet.closed):
            press(Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: not console.window.findChildren(SettingsSheet))


def test_by_keyboard_alone_the_undo_window_is_changed_for_the_next_message(
    sheet: SettingsSheet, desk: Desk, clock: FakeClock, qtbot: QtBot
) -> None:
    assert focused() is sheet.tabs.button(0)
    press(Qt.Key.Key_Tab)
    slider = focused()
    assert isinstance(slider, Slider)
    assert slider.value() == 6
    press(Qt.Key.Key_PageUp)
    press(Qt.Key.Key_Right)
    assert seen(sheet, "12 s")
    qtbot.waitUntil(lambda: SendingSettings(desk.directory).undo_seconds() == 12)
    assert sending(desk).undo_seconds() == 12
    item = desk.replies.reply(desk.only_case(), Draft("We will look.")).result()
    assert item.not_before == clock.now() + timedelta(seconds=12)


def test_closing_at_once_keeps_the_change(sheet: SettingsSheet, desk: Desk, qtbot: QtBot) -> None:
    slider = undo_slider(sheet)
    press(Qt.Key.Key_Home, at=slider)
    assert seen(sheet, "None, it leaves at once")
    with qtbot.waitSignal(sheet.closed):
        press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: sending(desk).undo_seconds() == 0)


def test_a_click_takes_the_slider_there(sheet: SettingsSheet) -> None:
    slider = undo_slider(sheet)
    right = QPoint(slider.width() - 1, slider.height() // 2)
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=right)
    assert slider.value() == 30


def test_asking_can_be_turned_off_and_on(sheet: SettingsSheet, desk: Desk, qtbot: QtBot) -> None:
    asking = child(sheet, Segmented, "When the conversation has changed")
    assert sending(desk).asks_first()
    asking.group.button(0).setFocus()
    press(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: not sending(desk).asks_first())
    press(Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: sending(desk).asks_first())


def test_it_opens_on_what_holds(console: Console, desk: Desk) -> None:
    settings = SendingSettings(desk.directory)
    settings.set_undo_seconds(17).result()
    settings.set_asks_first(asks=False).result()
    press(Qt.Key.Key_Comma, CONTROL, console.window)
    sheet = child(console.window, SettingsSheet)
    assert undo_slider(sheet).value() == 17
    assert child(sheet, Segmented, "When the conversation has changed").chosen() == 1
    assert seen(sheet, "17 s")


def test_what_cannot_be_saved_is_said(
    sheet: SettingsSheet, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: Future[None] = Future()
    refused.set_exception(WorkspaceError("The disk is full.", hint="Make room."))
    monkeypatch.setattr(SendingSettings, "set_undo_seconds", lambda _self, _seconds: refused)
    press(Qt.Key.Key_End, at=undo_slider(sheet))
    section = child(sheet, SendingSection)
    qtbot.waitUntil(lambda: section.wrong.text() == "The disk is full. Make room.")


@pytest.mark.parametrize("seconds", [-1, 31])
def test_no_window_outside_0_to_30(desk: Desk, seconds: int) -> None:
    with pytest.raises(BadInput, match=f"cannot wait {seconds} seconds"):
        SendingSettings(desk.directory).set_undo_seconds(seconds)


def test_a_window_that_cannot_be_read_is_the_usual_one(desk: Desk) -> None:
    desk.directory.set_setting("undo_seconds", "soon").result()
    assert SendingSettings(desk.directory).undo_seconds() == 6


def test_every_control_of_the_sheet_has_a_name(sheet: SettingsSheet) -> None:
    stops: list[QWidget] = sheet._stops()
    assert len(stops) >= 4
    assert all(stop.accessibleName() for stop in stops)


@pytest.fixture
def _usual_look() -> Iterator[None]:
    yield
    look = theme_manager()
    look.set_scheme("light")
    look.set_text_scale(1.0)
    look.set_contrast("system")
    look.set_motion("system")


@pytest.mark.usefixtures("_usual_look")
def test_by_keyboard_alone_the_look_is_changed_at_once_and_kept(
    sheet: SettingsSheet, desk: Desk, console: Console, qtbot: QtBot
) -> None:
    kept = desk.directory.setting
    press(Qt.Key.Key_Down)  # from Sending to Appearance
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Right)
    assert theme().is_dark
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Right)
    assert seen(sheet, "105 %")
    qtbot.waitUntil(lambda: theme().scale == 1.05)
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Left)
    assert theme().strong
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Left)
    assert theme().duration_ms("slow") == 0
    sheet.close()
    console.window.close()
    wanted = {
        "ui-scheme": "dark", "ui-text-scale": "1.05", "ui-contrast": "high", "ui-motion": "reduced"
    }  # fmt: skip
    qtbot.waitUntil(lambda: {name: kept(name) for name in wanted} == wanted)


@pytest.mark.usefixtures("_usual_look")
def test_as_the_system_is_kept_too(sheet: SettingsSheet, desk: Desk, qtbot: QtBot) -> None:
    desk.directory.set_setting("ui-scheme", "dark").result()
    child(sheet, Segmented, "Theme").group.button(2).click()
    qtbot.waitUntil(lambda: desk.directory.setting("ui-scheme") == "system")


def test_the_head_says_when_changes_count(sheet: SettingsSheet) -> None:
    said_of = {}
    for number, kind in enumerate(SECTIONS):
        sheet.tabs.button(number).setChecked(True)
        once_saved = seen(sheet, "Changes count once they are saved")
        assert once_saved is not seen(sheet, "Changes count at once")
        said_of[kind.title] = once_saved
    assert {title for title, saved in said_of.items() if saved} == {
        "Campaigns", "Departments", "Senders", "Templates",
    }  # fmt: skip
