"""Notices of the desktop: who is told what when, where a click leads, what is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.views import QueueName
from app.services.noticing import News
from app.services.notification_settings import QUIET_HOURS, About, NotificationSettings
from app.ui.dialogs.settings import SettingsSheet
from app.ui.dialogs.settings_notifications import NotificationsSection
from app.ui.notifying import Notifying
from tests.services.desk import Desk
from tests.store.building import said
from tests.ui.consoles import Console, one_question
from tests.ui.driving import CONTROL, child, press


class Shown:
    """A desktop that remembers what it was told to show."""

    def __init__(self) -> None:
        self.notices: list[tuple[str, str, Callable[[], None]]] = []
        self.looking = False

    def show(self, news: News, opened: Callable[[], None]) -> None:
        self.notices.append((news.title, news.text, opened))

    def clear(self) -> None:
        self.notices.clear()

    @property
    def titles(self) -> list[str]:
        return [title for title, _, _ in self.notices]


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    with one_question(tmp_path, clock) as made:
        yield made


@pytest.fixture
def shown() -> Shown:
    return Shown()


@pytest.fixture
def notifying(console: Console, shown: Shown, qtbot: QtBot) -> Notifying:
    """Of the window, but with a desktop to look at, after its first look."""
    window = console.window
    window.notifying.stop()  # its own look would take the answers away from this one
    window.desk.show_nothing()  # what is read meanwhile is not told
    made = Notifying(window.services, console.bridge, shown, window, looking=lambda: shown.looking)
    made.opened.connect(window._open_news)
    made.counted.connect(window._show_unread)
    with qtbot.waitSignal(made.counted):
        made.look()
    return made


def _writes_again(desk: Desk, number: int = 2) -> None:
    desk.take(said(str(number), "marta", "Still leaks.", at=60 * number, in_reply_to="1"))


def _hear(desk: Desk, notifying: Notifying, qtbot: QtBot, number: int = 2) -> None:
    """Another message comes, and the notifying looks; until its answer is in."""
    _writes_again(desk, number)
    with qtbot.waitCallback() as looked:
        tell = notifying._tell

        def told(news: object) -> None:
            tell(news)  # type: ignore[arg-type]  # handed through
            looked()

        notifying._tell = told  # type: ignore[method-assign]  # to hear of the end of the look
        notifying.look()
    notifying._tell = tell  # type: ignore[method-assign]


def test_a_click_on_a_notice_opens_its_case(
    console: Console, desk: Desk, notifying: Notifying, shown: Shown, qtbot: QtBot
) -> None:
    _hear(desk, notifying, qtbot)
    ((title, text, click),) = shown.notices
    assert (title, text) == ("Marta wrote", "Still leaks.")
    click()
    qtbot.waitUntil(lambda: console.window.desk.case == desk.only_case())


def test_unread_is_counted_in_the_title(console: Console, notifying: Notifying) -> None:
    assert console.window.windowTitle() == "(1) Seamline – Seamline"
    console.window._show_unread(0)
    assert console.window.windowTitle() == "Seamline – Seamline"


def test_whoever_looks_is_not_told_and_not_told_later(
    desk: Desk, notifying: Notifying, shown: Shown, qtbot: QtBot
) -> None:
    shown.looking = True
    _hear(desk, notifying, qtbot)
    shown.looking = False
    _hear(desk, notifying, qtbot, 3)
    assert shown.titles == ["Marta wrote"]


def test_what_is_not_chosen_is_not_told(
    desk: Desk, notifying: Notifying, shown: Shown, qtbot: QtBot
) -> None:
    NotificationSettings(desk.directory).set_wants(About.MESSAGE, wants=False).result()
    _hear(desk, notifying, qtbot)
    assert shown.titles == []


def test_after_the_window_closed_or_was_locked_nothing_is_told(
    console: Console, desk: Desk, notifying: Notifying, shown: Shown, qtbot: QtBot
) -> None:
    _hear(desk, notifying, qtbot)
    assert shown.titles
    notifying.start()
    notifying.stop()
    assert shown.titles == [], "what was shown is taken back"
    assert not notifying._soon.isActive()
    assert not notifying._again.isActive()
    with qtbot.waitSignal(console.bridge.committed):
        _writes_again(desk, 3)
    assert not notifying._soon.isActive()


def test_commits_are_looked_at_after_a_pause(
    desk: Desk, notifying: Notifying, shown: Shown, qtbot: QtBot
) -> None:
    notifying._soon.setInterval(1)
    notifying.start()
    _writes_again(desk)
    qtbot.waitUntil(lambda: shown.titles == ["Marta wrote"])


def test_several_lead_to_the_queue(console: Console, notifying: Notifying) -> None:
    led = []
    for about in (About.FAILED, About.MESSAGE):
        notifying.opened.emit(News(about, "4 messages", "", None))
        led.append(console.window.queue.name)
    assert led == [QueueName.OUTBOX, QueueName.MY_WORK]


def test_the_settings_are_chosen_by_keys(console: Console, desk: Desk, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Comma, CONTROL, console.window)
    sheet = child(console.window, SettingsSheet)
    (section,) = (s for s in sheet.sections if isinstance(s, NotificationsSection))
    sheet.tabs.button(sheet.sections.index(section)).setChecked(True)
    settings = NotificationSettings(desk.directory)
    section.checks[About.DUE].setFocus()
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not settings.wants(About.DUE))
    section.quiet.group.button(0).setFocus()
    press(Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: settings.quiet_hours() == QUIET_HOURS[1])
