"""On real servers: a reply waits for its undo window across a start, and is not sent over what its
agent has not seen. Whether it arrived is asked of the customer's own account."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.container import PASSPHRASE_VARIABLE, Container, open_container
from app.domain.clock import to_ms
from app.domain.ids import CaseId
from app.domain.outbox import OutboxItem, OutboxState
from app.domain.replies import Draft
from app.domain.views import OutboxEntry, QueueName, QueueRef
from app.services.sending_settings import SendingSettings
from app.ui.bridge import UiBridge
from app.ui.models.outbox_model import state_text
from app.ui.runtime import prepare
from app.ui.views.outbox import OutboxPane
from tests.e2e.towns import BlueskyTown, Town, Written

pytestmark = pytest.mark.peer

_DEADLINE_S = 60.0
_OURS = "Try the blue button"

in_one_town = pytest.mark.parametrize("town", ["mastodon"], indirect=True)
"""For what no service has a part in."""

CHANGES: dict[str, Callable[[Town, Written], object]] = {
    "answered meanwhile": lambda town, asked: town.answer("ada", asked, "We are on it"),
    "was deleted meanwhile": lambda town, asked: town.delete("ada", asked),
    "was edited meanwhile": lambda town, asked: town.edit("ada", asked, "never mind"),
}


@contextmanager
def started(folder: Path) -> Iterator[Container]:
    """The program, from its start to its end."""
    container = open_container(folder)
    try:
        yield container
    finally:
        container.close()


def _asked(container: Container, town: Town) -> tuple[Written, CaseId]:
    """Ada asks, and her case is here."""
    town.connect(container.services)
    asked = town.mention("ada", "which button is it?")
    town.settle()
    container.services.syncing.once().result(_DEADLINE_S)
    (row,) = container.services.queues.page(QueueRef(QueueName.ALL)).result().rows
    return asked, row.case


def _reply(container: Container, case: CaseId) -> OutboxItem:
    item = container.services.replies.reply(case, Draft(_OURS)).result()
    return container.services.replies.send_now(item.id).result()


def _deliver(container: Container, town: Town) -> tuple[OutboxEntry, ...]:
    town.settle()
    container.services.syncing.once().result(_DEADLINE_S)
    return container.services.queues.outbox().result()


def _arrived(town: Town) -> int:
    return sum(_OURS in one.text for one in town.received("ada"))


@pytest.mark.parametrize(
    ("town", "change"),
    [
        ("bluesky", "answered meanwhile"),
        ("bluesky", "was deleted meanwhile"),
        *(("mastodon", change) for change in CHANGES),
    ],
    indirect=["town"],
)
def test_what_changed_is_shown_to_the_agent_who_sends_it_anyway(
    container: Container, town: Town, change: str, qtbot: QtBot
) -> None:
    services = container.services
    asked, case = _asked(container, town)
    _reply(container, case)
    CHANGES[change](town, asked)
    (held,) = _deliver(container, town)
    assert held.item.state is OutboxState.HELD
    assert _arrived(town) == 0

    prepare("light")
    now_ms = to_ms(services.clock.now())
    pane = OutboxPane(services.queues, services.replies, UiBridge(), lambda: now_ms)
    qtbot.addWidget(pane)
    pane.resize(332, 500)
    pane.show()
    qtbot.waitUntil(lambda: pane.model.rowCount() == 1)
    assert change in state_text(pane.model.rows()[0], now_ms)
    QTest.keyClick(pane.rows, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: services.queues.outbox().result()[0].item.state is OutboxState.QUEUED)
    left = _deliver(container, town)
    if "deleted" in change and isinstance(town, BlueskyTown):
        # An answer needs what it answers; a refusal is not tried again by itself.
        assert [entry.item.state for entry in left] == [OutboxState.FAILED]
        assert [entry.item.attempts for entry in _deliver(container, town)] == [1]
        assert _arrived(town) == 0
    else:
        assert left == ()
        assert _arrived(town) == 1


@in_one_town
def test_what_changed_can_be_taken_into_account(container: Container, town: Town) -> None:
    services = container.services
    asked, case = _asked(container, town)
    _reply(container, case)
    CHANGES["answered meanwhile"](town, asked)
    (held,) = _deliver(container, town)
    services.replies.edit(held.item.id).result()
    assert services.replies.draft(case).result().text == _OURS
    _reply(container, case)  # written anew, in knowledge of the colleague's answer
    assert _deliver(container, town) == ()
    assert _arrived(town) == 1


@in_one_town
def test_what_is_discarded_never_leaves(container: Container, town: Town) -> None:
    asked, case = _asked(container, town)
    _reply(container, case)
    CHANGES["answered meanwhile"](town, asked)
    (held,) = _deliver(container, town)
    container.services.replies.discard(held.item.id).result()
    assert _deliver(container, town) == ()
    assert _arrived(town) == 0


def test_who_does_not_want_to_be_asked_is_not(container: Container, town: Town) -> None:
    SendingSettings(container.services.directory).set_asks_first(asks=False).result()
    asked, case = _asked(container, town)
    _reply(container, case)
    CHANGES["answered meanwhile"](town, asked)
    assert _deliver(container, town) == ()
    assert _arrived(town) == 1


@pytest.fixture
def folder(workspace_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "across town")
    return workspace_dir


@in_one_town
def test_an_undo_window_runs_on_across_a_start(folder: Path, town: Town) -> None:
    with started(folder) as container:
        _, case = _asked(container, town)
        SendingSettings(container.services.directory).set_undo_seconds(30).result()
        container.services.replies.reply(case, Draft(_OURS)).result()
        container.services.syncing.start()
    with started(folder) as container:
        container.services.syncing.start()
        undone = container.services.replies.undo_latest().result()
        assert undone is not None
        assert container.services.replies.draft(case).result().text == _OURS
        assert _deliver(container, town) == ()
    assert _arrived(town) == 0


@in_one_town
def test_a_window_that_ended_while_the_program_was_off_lets_go_once(
    folder: Path, town: Town
) -> None:
    with started(folder) as container:
        _, case = _asked(container, town)
        SendingSettings(container.services.directory).set_undo_seconds(1).result()
        item = container.services.replies.reply(case, Draft(_OURS)).result()
    time.sleep(max(0.0, item.not_before.timestamp() - time.time()))  # nothing runs to wait for
    with started(folder) as container:
        assert container.services.replies.undo_latest().result() is None
        assert _deliver(container, town) == ()
    assert _arrived(town) == 1


@in_one_town
def test_send_now_skips_the_window_and_an_undo_comes_too_late(
    container: Container, town: Town
) -> None:
    _, case = _asked(container, town)
    SendingSettings(container.services.directory).set_undo_seconds(30).result()
    item = _reply(container, case)
    assert _deliver(container, town) == ()
    assert container.services.replies.undo_latest().result() is None
    assert _arrived(town) == 1
    assert item.state is OutboxState.QUEUED
