"""The outbox column: what can be done with what has not left."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any, cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.outbox import OutboxItem, OutboxState
from app.domain.views import OutboxEntry
from app.ui.bridge import UiBridge
from app.ui.delegates.outbox_delegate import OutboxButton, OutboxDelegate, button_text, buttons_of
from app.ui.models.outbox_model import HEADING_ROLE, state_text
from app.ui.runtime import prepare
from app.ui.views.outbox import OutboxPane, offered
from tests.ui.rows import NOW_MS, outbox_entry

FAILED = outbox_entry(3, OutboxState.FAILED, error="Mastodon didn’t answer.")
QUEUED = outbox_entry(1)
UNKNOWN = outbox_entry(4, OutboxState.UNKNOWN)
HELD = outbox_entry(6, OutboxState.HELD, error="This was answered meanwhile.")


class RecordedReplies:
    """Notes what is asked of it; answers at once."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def __getattr__(self, name: str) -> Any:
        def ask(item: str) -> Future[OutboxItem]:
            self.asked.append((name, item))
            return _done(QUEUED.item)

        return ask


class FixedQueues:
    def __init__(self, *entries: OutboxEntry) -> None:
        self.entries = entries

    def outbox(self) -> Future[tuple[OutboxEntry, ...]]:
        return _done(self.entries)


def _done(value: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(value)
    return future


@pytest.fixture
def replies() -> RecordedReplies:
    return RecordedReplies()


@pytest.fixture
def pane(replies: RecordedReplies, qtbot: QtBot) -> OutboxPane:
    prepare("light")
    queues = cast("Any", FixedQueues(QUEUED, outbox_entry(2), FAILED, UNKNOWN))
    pane = OutboxPane(queues, cast("Any", replies), UiBridge(), lambda: NOW_MS)
    qtbot.addWidget(pane)
    pane.resize(332, 700)
    pane.show()
    qtbot.waitUntil(lambda: pane.model.rowCount() == 4)
    return pane


def press_button(pane: OutboxPane, row: int, button: OutboxButton) -> None:
    """Click where a button is painted; fails when it is painted nowhere in the row."""
    index = pane.model.index(row)
    rect, delegate = pane.rows.visualRect(index), pane.rows.itemDelegate()
    assert isinstance(delegate, OutboxDelegate)
    for x in range(rect.left(), rect.right(), 4):
        for y in range(rect.bottom(), rect.top(), -4):
            if delegate.button_at(rect, QPoint(x, y), index) is button:
                inside = QPoint(x + 4, y - 4)
                QTest.mouseClick(pane.rows.viewport(), Qt.MouseButton.LeftButton, pos=inside)
                return
    raise AssertionError(f"{button} is not painted")


def test_what_needs_a_person_stands_first_and_is_chosen(pane: OutboxPane) -> None:
    states = [entry.item.state for entry in pane.model.rows()]
    assert states[0] is OutboxState.FAILED
    assert pane.rows.currentIndex().row() == 0


@pytest.mark.parametrize(
    ("entry", "offered"),
    [
        (FAILED, {OutboxButton.RETRY, OutboxButton.EDIT, OutboxButton.COPY, OutboxButton.DISCARD}),
        (HELD, {OutboxButton.RETRY, OutboxButton.EDIT, OutboxButton.COPY, OutboxButton.DISCARD}),
        (QUEUED, {OutboxButton.EDIT, OutboxButton.DISCARD}),
        (UNKNOWN, {OutboxButton.RETRY, OutboxButton.ARRIVED, OutboxButton.COPY}),
        (outbox_entry(5, OutboxState.SENDING), set()),
    ],
)
def test_what_is_offered_fits_the_state(entry: OutboxEntry, offered: set[OutboxButton]) -> None:
    assert set(buttons_of(entry)) == offered


def test_a_click_on_retry_tries_again(pane: OutboxPane, replies: RecordedReplies) -> None:
    press_button(pane, 0, OutboxButton.RETRY)
    assert replies.asked == [("retry", FAILED.item.id)]


def test_every_button_of_a_failure_is_painted_and_works(
    pane: OutboxPane, replies: RecordedReplies, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("")
    press_button(pane, 0, OutboxButton.COPY)
    assert QGuiApplication.clipboard().text() == FAILED.item.text
    with qtbot.waitSignal(pane.edit_requested):
        press_button(pane, 0, OutboxButton.EDIT)
    press_button(pane, 0, OutboxButton.DISCARD)
    assert [asked for asked, _ in replies.asked] == ["edit", "discard"]


def test_a_retry_of_what_may_have_arrived_asks_to_compare_both_texts(
    pane: OutboxPane, replies: RecordedReplies, qtbot: QtBot
) -> None:
    assert pane.model.rows()[1] == UNKNOWN
    with qtbot.waitSignal(pane.settle_requested) as settled:
        press_button(pane, 1, OutboxButton.RETRY)
    assert settled.args == [UNKNOWN.item.id]
    assert replies.asked == []


def test_a_click_beside_the_buttons_only_chooses(
    pane: OutboxPane, replies: RecordedReplies, qtbot: QtBot
) -> None:
    middle = pane.rows.visualRect(pane.model.index(2)).center()
    with qtbot.waitSignal(pane.entry_chosen) as chosen:
        QTest.mouseClick(pane.rows.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    assert chosen.args == [pane.model.rows()[2]]
    assert replies.asked == []


@pytest.mark.parametrize(
    ("key", "asked"),
    [(Qt.Key.Key_Return, "retry"), (Qt.Key.Key_Delete, "discard"), (Qt.Key.Key_F2, "edit")],
)
def test_keys_do_what_the_buttons_do(
    pane: OutboxPane, replies: RecordedReplies, key: Qt.Key, asked: str
) -> None:
    QTest.keyClick(pane.rows, key)
    assert replies.asked == [(asked, FAILED.item.id)]


def test_editing_takes_back_what_is_queued_and_hands_on_its_text(
    pane: OutboxPane, replies: RecordedReplies, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(pane.edit_requested) as edited:
        pane.do(OutboxButton.EDIT, QUEUED)
    assert replies.asked == [("edit", QUEUED.item.id)]
    assert edited.args == [QUEUED.item]


def test_an_agent_can_say_that_it_arrived(pane: OutboxPane, replies: RecordedReplies) -> None:
    pane.do(OutboxButton.ARRIVED, UNKNOWN)
    assert replies.asked == [("arrived", UNKNOWN.item.id)]


def test_what_is_held_stands_among_what_needs_a_person_and_says_why(
    replies: RecordedReplies, qtbot: QtBot
) -> None:
    prepare("light")
    queues = cast("Any", FixedQueues(QUEUED, HELD))
    pane = OutboxPane(queues, cast("Any", replies), UiBridge(), lambda: NOW_MS)
    qtbot.addWidget(pane)
    pane.resize(332, 700)
    pane.show()
    qtbot.waitUntil(lambda: pane.model.rowCount() == 2)
    assert pane.model.rows()[0] == HELD
    assert pane.model.index(0).data(HEADING_ROLE) == ("Needs you", "1")
    assert state_text(HELD, NOW_MS) == "This was answered meanwhile."
    assert button_text(OutboxButton.RETRY, HELD) == "Send anyway"
    assert button_text(OutboxButton.RETRY, FAILED) == "Retry"
    press_button(pane, 0, OutboxButton.RETRY)
    assert replies.asked == [("retry", HELD.item.id)]


def test_the_text_can_be_copied_in_any_state(pane: OutboxPane, replies: RecordedReplies) -> None:
    assert all(OutboxButton.COPY in offered(entry) for entry in pane.model.rows())
    QGuiApplication.clipboard().setText("")
    QTest.keyClick(pane.rows, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == FAILED.item.text
    assert replies.asked == []
