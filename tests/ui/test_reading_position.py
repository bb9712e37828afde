"""Catching up never moves the reader: what is being read stays where it stands, to the pixel."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.interactions import Direction
from app.domain.views import InteractionItem, QueueName, QueueRef
from app.ui.runtime import prepare
from app.ui.timeline.loader import FIRST_PAGE
from app.ui.views.timeline import TimelineView
from tests.services.desk import Desk, make_desk
from tests.store.building import said
from tests.ui.consoles import Console, make_console

OLD, NEW = 120, 300


def _say(desk: Desk, first: int, last: int) -> None:
    """Ada goes on writing in her thread, as one batch of a pull brings it."""
    desk.take(
        *(
            said(str(n), "ada", f"Message {n}, " + "and more " * (n % 40), at=n, **_answer(n))
            for n in range(first, last + 1)
        )
    )


def _answer(number: int) -> dict[str, str]:
    return {"in_reply_to": "1", "root": "1"} if number > 1 else {}


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    prepare("light")
    desk = make_desk(tmp_path, clock)
    _say(desk, 1, OLD)
    made = make_console(desk)
    made.window.resize(1440, 900)
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.window.go(QueueRef(QueueName.RESPOND, CARE))
    qtbot.waitUntil(lambda: made.window.case_list.model.rowCount() == 1)
    made.window.case_list.step(1)
    qtbot.waitUntil(lambda: len(_messages(made)) >= FIRST_PAGE)
    yield made
    made.window.close()
    desk.workspace.close()


def _messages(console: Console) -> list[int]:
    """The numbers of the messages in the timeline, as they stand."""
    return [
        int(entry.item.native_id)
        for entry in console.window.desk.timeline.model.entries
        if isinstance(entry.item, InteractionItem) and entry.item.direction is Direction.INBOUND
    ]


def _ends_with(console: Console, number: int) -> bool:
    return _messages(console)[-1] == number


def _standing(timeline: TimelineView) -> tuple[str, int]:
    """The message at the middle of the view, and where it begins."""
    canvas = timeline.canvas
    row = (canvas.first_visible() + canvas.last_visible()) // 2
    return timeline.model.entry(row).key, canvas.y_of(row)


@pytest.mark.parametrize("batches", [1, 6])
def test_three_hundred_new_messages_do_not_move_the_one_being_read(
    console: Console, qtbot: QtBot, batches: int
) -> None:
    timeline = console.window.desk.timeline
    canvas = timeline.canvas
    qtbot.waitUntil(lambda: canvas.is_at_end)
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum() // 2)
    assert not canvas.is_at_end
    key, y = _standing(timeline)
    case = console.window.desk.case
    size = NEW // batches
    for batch in range(batches):
        _say(console.desk, OLD + 1 + batch * size, OLD + (batch + 1) * size)
        qtbot.waitUntil(partial(_ends_with, console, OLD + (batch + 1) * size))
        qtbot.waitUntil(lambda: canvas.y_of(timeline.model.row_of(key)) == y)
    numbers = _messages(console)
    assert numbers == list(range(numbers[0], OLD + NEW + 1)), "without a gap"
    assert console.window.desk.case == case
    assert _standing(timeline) == (key, y)
    canvas.to_end()
    qtbot.waitUntil(lambda: canvas.is_at_end)
