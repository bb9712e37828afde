"""Notices over a real D-Bus: shown, replaced, clicked, taken back; and where nobody answers."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.ids import CaseId
from app.services.noticing import News
from app.services.notification_settings import QUIET_HOURS, About, NotificationSettings
from app.ui import notifying_tray
from app.ui.notices import DesktopNotifier
from app.ui.notifying import Notifying
from app.ui.notifying_tray import TrayNotifier
from tests.buses import running_bus
from tests.services.desk import make_desk
from tests.store.building import said
from tests.ui.consoles import make_console
from tests.ui.driving import shown_window
from tests.ui.notice_server import NoticeServer, running_notice_server

WROTE = News(About.MESSAGE, "Marta wrote", "It <b>leaks</b> & hisses.", CaseId(7))
AGAIN = News(About.MESSAGE, "Marta wrote", "Still.", CaseId(7))
FAILED = News(About.FAILED, "Not sent", "To Marta", CaseId(7))
WITHIN_S = 10.0


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bus of the test’s own, with nobody on it. The path of its socket has to be short."""
    with tempfile.TemporaryDirectory() as place, running_bus(Path(place)) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
        yield address


@pytest.fixture
def server(address: str) -> Iterator[NoticeServer]:
    with running_notice_server(address) as server:
        yield server


@pytest.fixture
def notifier(qapp: object, address: str) -> Iterator[DesktopNotifier]:
    del qapp, address
    parent = QObject()
    made = DesktopNotifier(parent)
    yield made
    made.clear()
    made._bus.wait(WITHIN_S)


def _nothing() -> None:
    pytest.fail("nobody clicked")


def test_a_notice_says_what_and_how_urgent(
    server: NoticeServer, notifier: DesktopNotifier, qtbot: QtBot
) -> None:
    notifier.show(WROTE, _nothing)
    notifier.show(FAILED, _nothing)
    qtbot.waitUntil(lambda: len(server.shown) == 2)
    wrote, failed = server.shown
    assert (wrote.title, wrote.text) == ("Marta wrote", "It &lt;b&gt;leaks&lt;/b&gt; &amp; hisses.")
    assert wrote.actions == ["default", "Open"]
    assert wrote.hints["urgency"] == ("y", 1)
    assert failed.hints["urgency"] == ("y", 2)
    assert failed.replaces == 0, "another thing about the same case"


def test_what_the_server_cannot_do_is_not_asked_of_it(
    server: NoticeServer, notifier: DesktopNotifier, qtbot: QtBot
) -> None:
    server.capabilities = ("body",)
    notifier.show(WROTE, _nothing)
    qtbot.waitUntil(lambda: len(server.shown) == 1)
    assert server.shown[0].text == WROTE.text
    assert server.shown[0].actions == []


def test_a_later_message_takes_the_place_of_the_earlier(
    server: NoticeServer, notifier: DesktopNotifier, qtbot: QtBot
) -> None:
    notifier.show(WROTE, _nothing)
    notifier.show(AGAIN, _nothing)
    qtbot.waitUntil(lambda: len(server.shown) == 2)
    assert server.shown[1].replaces == server.shown[0].number
    server.dismiss(server.shown[0].number)
    notifier.show(WROTE, _nothing)
    qtbot.waitUntil(lambda: len(server.shown) == 3)


def test_a_click_opens_what_was_told_and_may_come_to_the_front(
    server: NoticeServer, notifier: DesktopNotifier, qtbot: QtBot
) -> None:
    clicks: list[str] = []
    notifier.show(WROTE, lambda: clicks.append("wrote"))
    notifier.show(FAILED, lambda: clicks.append("failed"))
    qtbot.waitUntil(lambda: len(server.shown) == 2)
    server.click(99)
    server.click(server.shown[0].number, action="other")
    server.click(server.shown[1].number, token="front-please")
    qtbot.waitUntil(lambda: clicks == ["failed"])
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "front-please"


def test_what_is_shown_is_taken_back_and_its_click_forgotten(
    server: NoticeServer, notifier: DesktopNotifier, qtbot: QtBot
) -> None:
    notifier.show(WROTE, _nothing)
    qtbot.waitUntil(lambda: len(server.shown) == 1)
    notifier.clear()
    qtbot.waitUntil(lambda: server.closed == [server.shown[0].number])
    server.click(server.shown[0].number)
    notifier._bus.wait(WITHIN_S)
    notifier.show(AGAIN, _nothing)
    qtbot.waitUntil(lambda: len(server.shown) == 2)


class Tray:
    """In place of the real one, which no test has."""

    def __init__(self) -> None:
        self.titles: list[str] = []

    def show(self, title: str, _text: str, _opened: Callable[[], None]) -> None:
        self.titles.append(title)

    def clear(self) -> None:
        self.titles.clear()


def test_a_click_in_the_tray_counts_once(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    del qapp
    monkeypatch.setattr(notifying_tray, "tray_can_notify", lambda: True)
    parent, clicks = QObject(), list[int]()
    tray = TrayNotifier(parent)
    tray.show("Marta wrote", "It leaks.", lambda: clicks.append(1))
    (icon,) = tray.findChildren(QSystemTrayIcon)
    icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    assert clicks == []
    icon.messageClicked.emit()
    icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    assert clicks == [1]
    assert not icon.isVisible()


@pytest.mark.parametrize("trouble", ["nobody", "gone", "GetCapabilities", "Notify"])
def test_the_tray_tells_where_no_server_does(
    trouble: str,
    address: str,
    notifier: DesktopNotifier,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tray = Tray()
    notifier._tray = tray  # type: ignore[assignment]  # what it has of one is all that is used
    with ExitStack() as running:
        if trouble == "gone":
            monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        elif trouble != "nobody":
            running.enter_context(running_notice_server(address)).refuses = trouble
        notifier.show(WROTE, _nothing)
        qtbot.waitUntil(lambda: tray.titles == ["Marta wrote"])


def test_a_message_reaches_the_desktop_and_a_click_its_case_but_not_in_quiet_hours(
    server: NoticeServer, notifier: DesktopNotifier, tmp_path: Path, clock: FakeClock, qtbot: QtBot
) -> None:
    desk = make_desk(tmp_path, clock)
    desk.take(said("1", "marta", "It leaks."))
    desk.cases.assign(desk.only_case(), desk.directory.me().id).result()
    console = make_console(desk)
    qtbot.addWidget(console.window)
    shown_window(console.window)
    window = console.window
    window.notifying.stop()  # its own look would take the answers away from this one
    notifying = Notifying(window.services, console.bridge, notifier, window, looking=lambda: False)
    notifying.opened.connect(window._open_news)
    with qtbot.waitSignal(notifying.counted):
        notifying.look()
    window.desk.show_nothing()
    desk.take(said("2", "marta", "Still leaks.", at=120, in_reply_to="1"))
    notifying.look()
    qtbot.waitUntil(lambda: len(server.shown) == 1)
    assert server.shown[0].text == "Still leaks."
    server.click(server.shown[0].number)
    qtbot.waitUntil(lambda: window.desk.case == desk.only_case())

    NotificationSettings(desk.directory).set_quiet_hours(QUIET_HOURS[1]).result()
    clock.set(clock.now().astimezone().replace(hour=23))
    desk.take(said("3", "marta", "And at night.", at=180, in_reply_to="1"))
    with qtbot.waitCallback() as looked:
        tell = notifying._tell
        notifying._tell = lambda news: (tell(news), looked())[0]  # type: ignore[method-assign]
        notifying.look()
    assert len(server.shown) == 1
    window.close()
    desk.workspace.close()
