"""A word on what was done is seen wherever one is."""

from __future__ import annotations

from PySide6.QtCore import QRect
from pytestqt.qtbot import QtBot

from tests.ui.consoles import Console


def placed(console: Console) -> QRect:
    """Where the notice stands in the window."""
    notice = console.window.notice
    return QRect(notice.mapTo(console.window, notice.rect().topLeft()), notice.size())


def pane(console: Console) -> QRect:
    timeline = console.window.desk.timeline
    return QRect(timeline.mapTo(console.window, timeline.rect().topLeft()), timeline.size())


def test_it_stands_at_the_head_of_the_timeline(console: Console, qtbot: QtBot) -> None:
    window = console.window
    window.resize(1440, 900)
    window.notice.say("Closed.")
    qtbot.waitUntil(lambda: pane(console).contains(placed(console)))


def test_it_is_seen_where_the_list_alone_is(console: Console, qtbot: QtBot) -> None:
    window = console.window
    window.resize(640, 600)
    qtbot.waitUntil(lambda: not window.desk.isVisible())
    window.notice.say("Closed.", undo=True)
    assert window.notice.isVisible()
    assert window.rect().contains(placed(console))
    window.resize(1440, 900)
    qtbot.waitUntil(lambda: pane(console).contains(placed(console)))


def test_it_is_seen_over_a_page_that_covers_the_timeline(console: Console, qtbot: QtBot) -> None:
    window = console.window
    window.named_actions["insights"].trigger()
    qtbot.waitUntil(lambda: not window.desk.isVisible())
    window.notice.say("Taken back.")
    assert window.notice.isVisible()
    assert not window.notice.visibleRegion().isEmpty()
