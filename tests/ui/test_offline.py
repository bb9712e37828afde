"""Offline is a state: what the strip says, what it costs, and what “Try now” does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock, from_ms, to_ms
from app.domain.ids import AccountId
from app.domain.interactions import Channel
from app.domain.views import AccountState
from app.services.syncing import NEVER_ONLINE, Connection, Down
from app.ui.runtime import prepare
from app.ui.theme import formats
from app.ui.views.banner_words import banner_words, next_try_words
from tests.conftest import NOW
from tests.services.desk import make_desk
from tests.store.building import said
from tests.ui.consoles import Console, account_view, make_console
from tests.ui.driving import button, click, press
from tests.ui.driving import said as stands

NOW_MS = to_ms(NOW)
MINUTE = 60_000
PORTAL = "Something between this laptop and mastodon.social answers in its place."


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.take(said("1", "ada", "My Duo shows E14. What now?"))
    made = make_console(desk)
    made.window.resize(1440, 900)
    with qtbot.waitExposed(made.window):
        made.window.show()
    yield made
    made.window.close()
    desk.workspace.close()


def down(number: int, words: str, *, minutes: int = 8, between: bool = False) -> Down:
    since_ms = NOW_MS - minutes * MINUTE
    handle = f"@brand{number}"
    return Down(AccountId(number), handle, words, since_ms, between, NOW_MS + 40_000)


def clock_at(minutes_ago: int) -> str:
    return formats.clock_time(NOW_MS - minutes_ago * MINUTE)


# What it says ---------------------------------------------------------------------------------


def test_nothing_is_said_while_every_account_is_reached() -> None:
    assert banner_words(Connection(online=True, since_ms=NOW_MS, waiting=3), NOW_MS) is None


@pytest.mark.parametrize(
    ("waiting", "kept"),
    [
        (0, "Replies wait in the outbox and go out in order."),
        (1, "One reply waits in the outbox and goes out by itself."),
        (5, "5 replies wait in the outbox and go out in order."),
    ],
)
def test_offline_says_since_when_and_how_many_wait(waiting: int, kept: str) -> None:
    connection = Connection(
        online=False,
        since_ms=NOW_MS - 8 * MINUTE,
        waiting=waiting,
        down=(down(1, "mastodon.social cannot be reached."),),
    )
    assert str(banner_words(connection, NOW_MS)) == (
        f"Offline since {clock_at(8)}. Keep working. {kept}"
    )


def test_one_account_down_is_named_and_the_others_go_on() -> None:
    gone = down(1, "mastodon.social cannot be reached.")
    connection = Connection(online=True, since_ms=0, waiting=1, down=(gone,))
    assert str(banner_words(connection, NOW_MS)) == (
        f"mastodon.social cannot be reached. @brand1 waits since {clock_at(8)},"
        " the other accounts go on. One reply waits in the outbox."
    )


def test_several_accounts_down_are_listed() -> None:
    gone = (down(1, "One."), down(2, "Two.", minutes=3))
    assert str(banner_words(Connection(online=True, since_ms=0, down=gone), NOW_MS)) == (
        f"2 accounts are out of reach. @brand1 since {clock_at(8)} and @brand2 since {clock_at(3)};"
        " the others go on."
    )


@pytest.mark.parametrize("online", [True, False])
def test_a_captive_portal_is_named_with_what_to_do(online: bool) -> None:
    gone = down(1, PORTAL, between=True)
    words = banner_words(Connection(online=online, since_ms=0, down=(gone,)), NOW_MS)
    assert words is not None
    assert words.head == PORTAL
    assert "Sign in to the network, then Try now." in words.rest
    assert " since " in words.rest or words.rest.startswith("Since ")


def test_the_next_try_is_counted_down() -> None:
    assert next_try_words(NOW_MS + 40_400, NOW_MS) == "Next try in 40 s"
    assert next_try_words(NOW_MS - 5, NOW_MS) == "Trying"
    assert next_try_words(None, NOW_MS) == ""


# In the window --------------------------------------------------------------------------------


def go_offline(console: Console, qtbot: QtBot, **changes: object) -> None:
    console.syncing.become(
        online=False,
        since_ms=NOW_MS - 8 * MINUTE,
        waiting=2,
        next_try_ms=NOW_MS + 40_000,
        **changes,
    )
    qtbot.waitUntil(console.window.banner.isVisible)


def test_it_comes_goes_and_is_read_out(console: Console, qtbot: QtBot) -> None:
    go_offline(console, qtbot)
    assert stands(
        console.window,
        f"Offline since {clock_at(8)}. Keep working."
        " 2 replies wait in the outbox and go out in order.",
    )
    console.syncing.become(online=True)
    qtbot.waitUntil(lambda: not console.window.banner.isVisible())


def test_it_says_who_is_down_while_others_are_reached(console: Console, qtbot: QtBot) -> None:
    gone = down(1, "mastodon.social cannot be reached.")
    console.syncing.become(online=True, down=(gone,))
    qtbot.waitUntil(console.window.banner.isVisible)
    assert "@brand1 waits" in console.window.banner.accessibleName()
    console.syncing.become(down=())
    qtbot.waitUntil(lambda: not console.window.banner.isVisible())


def test_only_the_account_that_is_down_is_marked(console: Console, qtbot: QtBot) -> None:
    strip = console.window.sidebar.accounts
    console.accounts.views = (
        account_view(state=AccountState.OFFLINE, message="mastodon.social cannot be reached."),
        account_view(account=AccountId(2), channel=Channel.BLUESKY, handle="@halden.example"),
    )
    console.syncing.become(online=True, down=(down(1, "mastodon.social cannot be reached."),))
    qtbot.waitUntil(lambda: strip.accessibleName() == "Accounts, 1 of 2 up to date")
    assert strip.accessibleDescription() == "Mastodon: offline"


class Painted(QObject):
    """What is painted, widget by widget."""

    def __init__(self) -> None:
        super().__init__()
        self.areas: dict[QWidget, QRect] = {}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(watched, QWidget) and isinstance(event, QPaintEvent):
            self.areas[watched] = self.areas.get(watched, QRect()).united(event.rect())
        return False


def test_counting_down_paints_the_count_and_nothing_else(
    console: Console, qtbot: QtBot, clock: FakeClock
) -> None:
    go_offline(console, qtbot)
    banner = console.window.banner
    assert banner.note == "Next try in 40 s"
    qtbot.waitUntil(console.window.desk.isVisible)  # what comes after the list
    console.desk.workspace.read(lambda _conn: None).result()
    qtbot.waitUntil(lambda: _at_rest(console.window))
    painted = Painted()
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(painted)
    clock.set(from_ms(NOW_MS + 31_000))
    banner.count_down()
    QApplication.processEvents()
    banner.count_down()  # the same second: nothing to paint
    QApplication.processEvents()
    application.removeEventFilter(painted)
    assert banner.note == "Next try in 9 s"
    areas = {widget: area for widget, area in painted.areas.items() if widget is not banner}
    # The window beneath lends its ground to what is painted on it, and no more.
    own = painted.areas[banner]
    assert banner.note_area().contains(own)
    for widget, area in areas.items():
        assert widget.isAncestorOf(banner)
        assert area.size().width() <= own.width()
        assert area.size().height() <= own.height()


def _at_rest(window: QWidget) -> bool:
    """Whether nothing is left to paint."""
    painted = Painted()
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(painted)
    QApplication.processEvents()
    application.removeEventFilter(painted)
    return not painted.areas


def test_try_now_by_button_and_by_key(console: Console, qtbot: QtBot) -> None:
    go_offline(console, qtbot)
    window = console.window
    try_now = button(window.banner, "Try now")
    click(try_now)
    assert console.syncing.tries == 1
    assert window.banner.note == "Trying"
    try_now.setFocus()
    press(Qt.Key.Key_Space)
    assert console.syncing.tries == 2
    press(Qt.Key.Key_F5, at=window)
    assert console.syncing.tries == 3
    console.syncing.become(next_try_ms=NOW_MS + 4_000)
    qtbot.waitUntil(lambda: window.banner.note == "Next try in 4 s")


def test_a_rest_that_is_kept_is_said(console: Console) -> None:
    sentence = "mastodon.social asks for a rest until 12:10. It is left alone until then."
    console.syncing.rests = (sentence,)
    console.window.named_actions["sync-now"].trigger()
    assert sentence in _notice(console)


def test_the_sample_says_that_it_never_goes_online(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console.desk.directory, "is_sample", lambda: True)
    console.window.named_actions["sync-now"].trigger()
    assert NEVER_ONLINE in _notice(console)
    assert console.syncing.tries == 0


def _notice(console: Console) -> str:
    notice = console.window.notice
    assert notice.isVisible()
    return " ".join(label.text() for label in notice.findChildren(QLabel))
