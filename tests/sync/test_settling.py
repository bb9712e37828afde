"""A message that is not there yet, and a clock that is set back while messages wait."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.domain.outbox import MOST_UNDO_S, Act, OutboxItem, OutboxState
from app.store import outbox
from app.store.database import Workspace
from app.store.waits import LONGEST_PAUSE_S
from app.sync.delivery import SETTLES_S
from app.sync.outbox_runner import LOOK_S
from tests.sync.fake_connector import FakeService, Fault
from tests.sync.hand_time import HandTime
from tests.sync.items import make_item
from tests.sync.runners import make_runner

_BACK = [timedelta(minutes=2), timedelta(hours=1), timedelta(days=1)]


def _in_the_air(workspace: Workspace, item: OutboxItem) -> OutboxItem:
    """The request left, and the program was killed."""
    workspace.write(lambda tx: outbox.put(tx, item)).result()
    workspace.write(lambda tx: outbox.claim(tx, item.id)).result()
    return item


def _state(workspace: Workspace, item: OutboxItem) -> OutboxState:
    return workspace.read(lambda conn: outbox.get(conn, item.id)).result().state


def _drain(workspace: Workspace, service: FakeService, time: HandTime) -> None:
    asyncio.run(make_runner(workspace, service, time.pauses).drain())


def test_a_slow_server_that_is_still_at_work_gets_no_second_copy(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    item = _in_the_air(workspace, make_item(time.clock.now()))
    time.advance(1)
    _drain(workspace, service, time)
    assert (service.looked_up, service.attempts) == ([item.id], [])
    assert _state(workspace, item) is OutboxState.UNKNOWN
    service.arrived.append(item)  # now the server has come to an end with it
    time.advance(SETTLES_S)
    _drain(workspace, service, time)
    assert _state(workspace, item) is OutboxState.SENT
    assert service.arrivals(item.id) == 1


def test_what_is_not_there_after_a_while_is_sent_again(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    item = _in_the_air(workspace, make_item(time.clock.now()))
    time.advance(SETTLES_S - 1)
    _drain(workspace, service, time)
    assert _state(workspace, item) is OutboxState.UNKNOWN
    time.advance(1)
    _drain(workspace, service, time)
    assert _state(workspace, item) is OutboxState.SENT
    assert service.arrivals(item.id) == 1


def test_a_like_that_is_not_there_needs_no_waiting(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    item = _in_the_air(workspace, make_item(time.clock.now(), act=Act.LIKE))
    time.advance(1)
    _drain(workspace, service, time)
    assert _state(workspace, item) is OutboxState.SENT


@pytest.mark.parametrize("back", _BACK)
def test_an_uncertain_message_is_proven_absent_though_the_clock_was_set_back(
    workspace: Workspace, service: FakeService, time: HandTime, back: timedelta
) -> None:
    item = _in_the_air(workspace, make_item(time.clock.now()))
    time.clock.set(time.clock.now() - back)

    waited = asyncio.run(_until_sent(workspace, service, time, item))
    # The time to settle counts from the first look, then.
    assert SETTLES_S <= waited <= SETTLES_S + 2 * LOOK_S
    assert service.arrivals(item.id) == 1


@pytest.mark.parametrize("window_s", [6.0, 30.0])
@pytest.mark.parametrize("back", _BACK)
def test_an_undo_window_neither_ends_early_nor_lasts_as_long_as_the_clock_jumped(
    workspace: Workspace, service: FakeService, time: HandTime, back: timedelta, window_s: float
) -> None:
    item = make_item(time.clock.now(), undo_s=window_s)
    workspace.write(lambda tx: outbox.put(tx, item)).result()
    time.clock.set(time.clock.now() - back)
    waited = asyncio.run(_until_sent(workspace, service, time, item))
    assert window_s <= waited <= MOST_UNDO_S + 2 * LOOK_S


@pytest.mark.parametrize("back", _BACK[1:])
def test_what_waits_for_another_try_does_not_wait_for_the_clock(
    workspace: Workspace, service: FakeService, time: HandTime, back: timedelta
) -> None:
    item = make_item(time.clock.now())
    workspace.write(lambda tx: outbox.put(tx, item)).result()
    service.faults.append(Fault.NO_ROUTE)
    _drain(workspace, service, time)
    assert _state(workspace, item) is OutboxState.QUEUED
    time.clock.set(time.clock.now() - back)
    waited = asyncio.run(_until_sent(workspace, service, time, item))
    assert waited <= LONGEST_PAUSE_S + 2 * LOOK_S


async def _until_sent(
    workspace: Workspace, service: FakeService, time: HandTime, item: OutboxItem
) -> float:
    """Let time pass second by second; how many went by until the item was sent."""
    runner = make_runner(workspace, service, time.pauses)
    for seconds in range(2 * LONGEST_PAUSE_S):
        await runner.drain()
        if _state(workspace, item) is OutboxState.SENT:
            return float(seconds)
        time.advance(1)
    raise AssertionError("it was never sent")
