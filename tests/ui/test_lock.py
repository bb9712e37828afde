"""Locking the console: nothing is left to see or to read, and unlocking leads back."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from app.container import open_container
from app.domain.interactions import Channel
from app.domain.views import QueueName, QueueRef
from app.services.lock_settings import MINUTES, LockSettings
from app.store import accounts
from app.store.connection import FileKey
from app.ui.dialogs.settings import SettingsSheet
from app.ui.dialogs.settings_privacy import PrivacySection
from app.ui.lock_idle import IdleWatch
from app.ui.lock_screen import LockScreen
from app.ui.runtime import prepare
from app.ui.session import Doors, Opened, Session
from app.ui.theme import theme_manager
from app.ui.timeline.loader import FIRST_PAGE
from app.ui.window import ConsoleWindow
from tests.store.building import said, take
from tests.ui.driving import CONTROL, button, child, click, focused, press, write

PASSPHRASE = "across town"
WORDS, DRAFT, BRAND = "plumstone", "quincebox", "haldenwick"
TOLD = ("text", "plainText", "windowTitle", "toolTip", "accessibleName", "accessibleDescription",
        "placeholderText", "title", "html")  # fmt: skip
MARKERS = (WORDS, DRAFT, BRAND, "mirabelle")


def furnish(folder: Path, passphrase: str) -> None:
    """A brand of a name of its own, and a customer with a long history."""
    container = open_container(folder, passphrase=passphrase)
    directory = container.services.directory
    care = directory.find_department("care").id
    directory.set_me("Ines Duarte", care).result()
    directory.set_setting("name", BRAND).result()
    container.workspace.write(
        lambda tx: accounts.put_account(
            tx, channel=Channel.MASTODON, server="https://social.example", native_id="1",
            handle=f"@{BRAND}", display_name=BRAND, avatar_url="", owner=care,
        )
    ).result()  # fmt: skip
    lines = [
        said(str(n), "mirabelle", f"@halden {WORDS} {n}\n" * 4, at=n, in_reply_to=str(n - 1))
        for n in range(2, 60)
    ]
    first = said("1", "mirabelle", f"@halden {WORDS}")
    take(container.workspace, first, *lines, said("60", "ada", "@halden good morning", at=3000))
    container.close()


@pytest.fixture
def session(workspace_dir: Path, request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[Session]:
    """The console on a workspace of the kind a test asks for: one that a passphrase opens."""
    passphrase = getattr(request, "param", PASSPHRASE)
    furnish(workspace_dir, passphrase)
    prepare("light")

    def door(given: str | None) -> Opened:
        return open_container(workspace_dir, passphrase=passphrase if given is None else given)

    session = Session(Doors(door, door, door, lambda _path, given: door(given)))
    with qtbot.waitSignal(session.shown):
        session.open_first()
    yield session
    if session.window is not None:
        session.window.close()
        session.window.deleteLater()
    session.close()
    theme_manager().set_scheme("light")


def console(session: Session) -> ConsoleWindow:
    assert isinstance(session.window, ConsoleWindow)
    return session.window


def screen(session: Session) -> LockScreen:
    assert isinstance(session.window, LockScreen)
    return session.window


def read_mirabelle(session: Session, qtbot: QtBot) -> ConsoleWindow:
    """The long history is on the screen, and an answer is begun."""
    window = console(session)
    window.activateWindow()
    window.go(QueueRef(QueueName.UNASSIGNED))
    rows = window.case_list.model
    qtbot.waitUntil(lambda: rows.rowCount() == 2)
    row = next(n for n in range(2) if "irabelle" in rows.rows()[n].name)
    window.case_list.select_case(rows.rows()[row].case)
    timeline = window.desk.timeline
    qtbot.waitUntil(lambda: len(timeline.model) >= FIRST_PAGE and window.desk.view is not None)
    return window


def lock(session: Session, qtbot: QtBot) -> LockScreen:
    window = console(session)
    with qtbot.waitSignal(session.locked):
        press(Qt.Key.Key_L, CONTROL, window)
    return screen(session)


def texts() -> list[str]:
    """All that any widget, action or accessible object there is can tell."""
    found: list[str] = [QApplication.clipboard().text()]
    for top in QApplication.topLevelWidgets():
        for each in (top, *top.findChildren(QObject)):
            found += [str(each.property(name) or "") for name in TOLD]
            found.append(each.objectName())
        found += spoken(top)
    return found


def spoken(top: QObject) -> Iterator[str]:
    """The accessible tree below a widget, in words."""
    pending = [QAccessible.queryAccessibleInterface(top)]
    while pending:
        one = pending.pop()
        if one is None or not one.isValid():
            continue
        for kind in (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value):
            yield one.text(kind)
        pending += [one.child(n) for n in range(one.childCount())]


def tells(marker: str) -> bool:
    return any(marker in text.casefold() for text in texts())


def test_nothing_is_left_to_see_or_to_read(session: Session, qtbot: QtBot) -> None:
    window = read_mirabelle(session, qtbot)
    window.desk.composer.focus_reply()
    QTest.keyClicks(focused(), f"We look for your {DRAFT}")
    QToolTip.showText(QPoint(5, 5), f"{WORDS} as a tooltip", window)
    for marker in MARKERS:
        assert tells(marker), f"the search would not have found {marker}"
    place = window.geometry()
    del window
    shown = lock(session, qtbot)
    for marker in MARKERS:
        assert not tells(marker), f"{marker} can still be read"
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == [shown]
    assert shown.windowTitle() == "Seamline"
    assert shown.geometry() == place
    gc.collect()  # what the helpers of this test held while it locked
    keys = [held for held in gc.get_objects() if isinstance(held, FileKey)]
    assert [key for key in keys if key.passphrase == PASSPHRASE] == []
    # What is drawn is the lock alone: a screen of another workspace’s would be the same.
    other = LockScreen("passphrase")
    qtbot.addWidget(other)
    other.setGeometry(shown.geometry())
    other.show()
    shown.setFocus()
    other.setFocus()
    assert picture(shown) == picture(other)


def picture(widget: QWidget) -> QImage:
    for field in widget.findChildren(QLineEdit):
        field.clearFocus()
    return widget.grab().toImage()


def test_unlocking_leads_back_to_the_case_the_line_and_the_draft(
    session: Session, qtbot: QtBot
) -> None:
    window = read_mirabelle(session, qtbot)
    timeline = window.desk.timeline
    timeline.canvas.go_to(20, at_top=True)
    case, reading = window.desk.case, timeline.reading()
    assert reading is not None
    window.desk.composer.focus_reply()
    QTest.keyClicks(focused(), DRAFT)
    del window, timeline
    shown = lock(session, qtbot)
    field, unlock = child(shown, QLineEdit), button(shown, "Unlock")
    assert not unlock.isEnabled()
    write(field, "across the river")
    press(Qt.Key.Key_Return, at=field)
    said_so = "seamline.db does not open with this key."
    qtbot.waitUntil(lambda: any(said_so in each.text() for each in shown.findChildren(QLabel)))
    assert field.text() == ""
    write(field, PASSPHRASE)
    with qtbot.waitSignal(session.shown):
        press(Qt.Key.Key_Return, at=field)
    back = console(session)
    qtbot.waitUntil(lambda: back.desk.timeline.reading() == reading)
    assert back.desk.case == case
    composer = back.desk.composer
    qtbot.waitUntil(lambda: DRAFT in composer._edit.text)
    assert back.services.syncing.connection() is not None


@pytest.mark.parametrize("session", [""], indirect=True)
def test_a_keyring_unlocks_without_asking_and_the_screen_says_so(
    session: Session, qtbot: QtBot
) -> None:
    read_mirabelle(session, qtbot)
    shown = lock(session, qtbot)
    assert not child(shown, QLineEdit).isVisible()
    assert any("whoever uses this desktop" in each.text() for each in shown.findChildren(QLabel))
    with qtbot.waitSignal(session.shown):
        click(button(shown, "Unlock"))
    assert isinstance(session.window, ConsoleWindow)


def test_a_sheet_does_not_keep_the_console_open(session: Session, qtbot: QtBot) -> None:
    window = read_mirabelle(session, qtbot)
    window.sheets.settings()
    press(Qt.Key.Key_L, CONTROL)
    qtbot.waitUntil(lambda: isinstance(session.window, LockScreen))


def test_locking_twice_is_locking_once(session: Session, qtbot: QtBot) -> None:
    read_mirabelle(session, qtbot)
    shown = lock(session, qtbot)
    session.lock()
    assert session.window is shown


def test_an_idle_console_locks_itself(session: Session, qtbot: QtBot) -> None:
    window = read_mirabelle(session, qtbot)
    watch = session._idle
    assert watch is not None
    now = [watch._now()]
    watch._now = lambda: now[0]
    now[0] += 14 * 60
    assert not watch.look()
    QTest.keyClick(window, Qt.Key.Key_F5)  # somebody is there
    now[0] += 14 * 60
    assert not watch.look()
    now[0] += 2 * 60
    with qtbot.waitSignal(session.locked):
        watch.look()
    assert isinstance(session.window, LockScreen)


def test_the_touch_that_comes_too_late_does_nothing_but_lock(qtbot: QtBot) -> None:
    now, minutes = [0.0], [5]
    watch = IdleWatch(lambda: minutes[0], now=lambda: now[0])
    field = QLineEdit()
    qtbot.addWidget(field)
    watch.start()
    QTest.keyClicks(field, "a")
    now[0] = 301
    with qtbot.waitSignal(watch.expired):
        QTest.keyClicks(field, "b")
    assert field.text() == "a"
    minutes[0] = 0  # never
    QTest.keyClicks(field, "c")
    assert field.text() == "ac"
    now[0] = 99_999
    assert not watch.look()
    minutes[0] = 60
    assert watch.look()
    watch.stop()
    assert not watch.eventFilter(field, QEvent(QEvent.Type.Paint))


@pytest.mark.parametrize(("session", "usual"), [(PASSPHRASE, 15), ("", 0)], indirect=["session"])
def test_when_it_locks_is_chosen_in_the_settings(
    session: Session, usual: int, qtbot: QtBot
) -> None:
    window = console(session)
    window.sheets.settings()
    sheet = child(window, SettingsSheet)
    [section] = [each for each in sheet.sections if isinstance(each, PrivacySection)]
    services = window.services
    settings = LockSettings(services.directory, services.unlocked_by)
    assert settings.minutes() == usual
    assert MINUTES[section.lock_after.chosen()] == usual
    click(button(section, "60 min"))
    qtbot.waitUntil(lambda: settings.minutes() == 60)
    click(button(section, "Never"))
    qtbot.waitUntil(lambda: settings.minutes() == 0)
    sheet.close()
