"""The whole of it through its door, on the real network thread, with a service that misbehaves."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from app.connectors.base import Limits, Page
from app.domain.clock import FakeClock
from app.domain.errors import (
    AuthExpired,
    BadInput,
    ContractBroken,
    NotFound,
    RateLimited,
    Unreachable,
)
from app.domain.ids import AccountId
from app.domain.outbox import OutboxState
from app.domain.views import AccountState
from app.store import accounts, outbox
from app.sync.account_sync import BETWEEN_PULLS_S
from app.sync.retry import FOLLOWING
from tests.sync.items import make_item, mention
from tests.sync.test_puller import count, cursor
from tests.sync.workspaces import make_workspace
from tests.sync.world import World, until


@pytest.fixture
def world(tmp_path: Path, clock: FakeClock) -> Iterator[World]:
    made = World(make_workspace(tmp_path, clock), clock)
    yield made
    made.close()


# Once -----------------------------------------------------------------------------------------


def test_once_pulls_and_delivers_and_reports(world: World) -> None:
    account, service = world.connect()
    service.pages["mentions"].append(Page((mention("1", world.clock.now()),), cursor="1"))
    item = make_item(world.clock.now(), account=account)
    world.workspace.write(lambda tx: outbox.put(tx, item)).result()
    (report,) = world.syncing.once().result(30)
    assert (report.new, report.changed, report.sent, report.failed) == (1, 0, 1, 0)
    assert report.error == ""
    assert service.closed == 1


def test_the_limits_of_the_server_are_kept_for_the_composer(world: World) -> None:
    account, _ = world.connect()
    world.syncing.once().result(30)
    kept = cursor(world.workspace, account, "limits")
    assert kept is not None
    assert msgspec.json.decode(kept, type=Limits) == Limits(500)


def test_once_waits_for_an_undo_window_to_end(world: World) -> None:
    account, service = world.connect()
    item = make_item(world.clock.now(), account=account, undo_s=6)
    world.workspace.write(lambda tx: outbox.put(tx, item)).result()
    reports = world.syncing.once()
    until(lambda: 5 < world.time.longest_sleep <= 6)
    assert service.attempts == []
    world.advance(6)
    assert reports.result(30)[0].sent == 1


def test_one_account_down_stops_no_other(world: World) -> None:
    down, down_service = world.connect("1")
    up, up_service = world.connect("2")
    down_service.pages["mentions"].append(Unreachable("home.example did not answer."))
    up_service.pages["mentions"].append(Page((mention("1", world.clock.now()),), cursor="1"))
    reports = {report.account: report for report in world.syncing.once().result(30)}
    assert reports[down].error == "home.example did not answer."
    assert (reports[up].new, reports[up].error) == (1, "")
    assert world.syncing.connection().online


def test_the_first_sync_fills_in_history(world: World) -> None:
    account, service = world.connect()
    world.workspace.write(
        lambda tx: accounts.update_account(tx, account, history_done=False)
    ).result()
    old = mention("0", world.clock.now() - timedelta(days=20))
    service.pages["history:mentions"].append(Page((old,), cursor="0", progress=old.occurred_at))
    since = world.clock.now() - timedelta(days=30)
    (report,) = world.syncing.once(since=since).result(30)
    assert report.new == 1
    record = world.workspace.read(lambda conn: accounts.account(conn, account)).result()
    assert record is not None
    assert record.history_done
    assert record.history_since_ms == since.timestamp() * 1000
    world.syncing.once().result(30)
    assert [stream for stream, _ in service.asked].count("history:mentions") == 1


# Live -----------------------------------------------------------------------------------------


def test_live_it_polls_quickly_then_slowly(world: World) -> None:
    account, service = world.connect()
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    pulls = [stream for stream, _ in service.asked].count("mentions")
    service.pages["mentions"].append(Page((mention("1", world.clock.now()),), cursor="1"))
    world.advance(30)
    until(lambda: count(world.workspace) == 1)
    assert [stream for stream, _ in service.asked].count("mentions") > pulls


def test_an_account_that_cannot_be_reached_is_offline_until_it_can(world: World) -> None:
    account, service = world.connect()
    item = make_item(world.clock.now(), account=account, undo_s=3600)
    world.workspace.write(lambda tx: outbox.put(tx, item)).result()
    service.pages["mentions"].append(Unreachable("home.example did not answer."))
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.OFFLINE)
    until(lambda: world.syncing.connection().next_try_ms is not None)
    connection = world.syncing.connection()
    assert (connection.online, connection.waiting) == (False, 1)
    world.syncing.try_now()
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    assert world.syncing.connection().online


def test_a_rest_asked_for_is_kept_even_when_somebody_is_impatient(world: World) -> None:
    account, service = world.connect()
    retry_at = world.clock.now() + timedelta(minutes=10)
    service.pages["mentions"].append(RateLimited("home.example asks for rest.", retry_at=retry_at))
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.RESTING)
    status = world.syncing.status(account)
    assert status is not None
    assert status.until_ms is not None
    assert status.until_ms >= retry_at.timestamp() * 1000
    asked = len(service.asked)
    world.syncing.try_now()
    world.turn()
    assert len(service.asked) == asked
    world.advance(605)
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)


def test_a_broken_contract_is_said_and_tried_slowly(world: World) -> None:
    account, service = world.connect()
    service.pages["mentions"].append(ContractBroken("home.example answered something else."))
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.FAILED)
    status = world.syncing.status(account)
    assert status is not None
    assert status.message == "home.example answered something else."
    world.advance(61)
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)


def test_an_ended_sign_in_waits_for_the_agent_then_takes_the_new_one(world: World) -> None:
    account, service = world.connect()
    service.pages["mentions"].append(AuthExpired("The sign-in has ended."))
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.SIGN_IN)
    made = world.made
    world.connect()  # signing in again refreshes the account
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    assert world.made == made + 1


def test_a_connector_with_old_secrets_is_made_anew_before_anybody_is_asked(world: World) -> None:
    account, service = world.connect()
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    service.pages["mentions"].append(AuthExpired("The token was replaced."))
    shown: list[AccountState | None] = []
    world.syncing.on_change(lambda: shown.append(world.state(account)))
    world.syncing.try_now()
    until(lambda: world.made == 2)
    until(lambda: service.asked[-1][0] == "mentions" and not service.pages["mentions"])
    assert AccountState.SIGN_IN not in shown


def test_a_live_connection_brings_facts_and_a_pull(world: World) -> None:
    world.streaming = True
    account, service = world.connect()
    world.syncing.start()
    until(lambda: ("follow", None) in service.asked)
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    service.pages["mentions"].append(Page((mention("2", world.clock.now()),), cursor="2"))
    live = Page((mention("1", world.clock.now()),))
    world.network.call(lambda: service.followed.put_nowait(live))
    until(lambda: count(world.workspace) == 1)
    until(lambda: world.time.sleeps(BETWEEN_PULLS_S, BETWEEN_PULLS_S))
    world.advance(BETWEEN_PULLS_S)
    until(lambda: cursor(world.workspace, account, "mentions") == "2")


def test_a_broken_live_connection_closes_the_gap_and_comes_back(world: World) -> None:
    world.streaming = True
    account, service = world.connect()
    world.syncing.start()
    until(lambda: ("follow", None) in service.asked)
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    service.pages["mentions"].append(Page((mention("1", world.clock.now()),), cursor="1"))
    world.network.call(lambda: service.followed.put_nowait(Unreachable("Cut.")))
    until(lambda: count(world.workspace) == 1)
    until(lambda: world.time.sleeps(0.1, FOLLOWING.first_s))
    world.advance(FOLLOWING.first_s)
    until(lambda: service.asked.count(("follow", None)) == 2)


def test_a_reply_leaves_while_live(world: World) -> None:
    account, service = world.connect()
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    item = make_item(world.clock.now(), account=account)
    world.workspace.write(lambda tx: outbox.put(tx, item)).result()
    until(lambda: len(service.arrived) == 1)
    until(
        lambda: (
            world.workspace.read(lambda conn: outbox.get(conn, item.id)).result().state
            is OutboxState.SENT
        )
    )


def test_accounts_come_and_go_while_live(world: World) -> None:
    world.syncing.start()
    account, service = world.connect()
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    world.workspace.write(lambda tx: accounts.remove_account(tx, account)).result()
    until(lambda: world.state(account) is None)
    until(lambda: service.closed == 1)


def test_sleep_is_noticed_and_caught_up_with(world: World) -> None:
    account, service = world.connect()
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    service.pages["mentions"].append(Page((mention("1", world.clock.now()),), cursor="1"))
    # The steady clock of the test machine does not run eight hours meanwhile.
    world.advance(8 * 3600)
    until(lambda: count(world.workspace) == 1)


def test_stopping_leaves_no_task_behind(world: World) -> None:
    account, service = world.connect()
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    world.syncing.stop()
    assert service.closed == 1
    world.syncing.start()
    until(lambda: world.made == 2)


def test_whoever_asked_for_something_once_is_sent_away_before_the_connections_close(
    world: World,
) -> None:
    account, service = world.connect()
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    began, closed_when_sent_away = threading.Event(), []

    async def asking() -> None:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            closed_when_sent_away.append(service.closed)

    world.network.submit(asking())
    assert began.wait(30)
    world.syncing.stop()
    assert closed_when_sent_away == [0]
    assert service.closed == 1


# History --------------------------------------------------------------------------------------


def test_history_waits_out_an_outage(world: World) -> None:
    account, service = world.connect()
    service.pages["history:mentions"].append(Unreachable("Gone."))
    fetching = world.syncing.fetch_history(account, world.clock.now() - timedelta(days=30))
    until(lambda: world.time.longest_sleep > 0)
    old = mention("0", world.clock.now() - timedelta(days=20))
    service.pages["history:mentions"].append(Page((old,), cursor="0", progress=old.occurred_at))
    world.advance(5)
    fetching.result(30)
    assert count(world.workspace) == 1
    record = world.workspace.read(lambda conn: accounts.account(conn, account)).result()
    assert record is not None
    assert record.history_done


def test_history_can_be_stopped_and_goes_on_later(world: World) -> None:
    account, service = world.connect()
    since = world.clock.now() - timedelta(days=30)
    old = mention("0", world.clock.now() - timedelta(days=20))
    page = Page((old,), cursor="0", progress=old.occurred_at)
    service.pages["history:mentions"].extend([page, Unreachable("Gone.")])
    fetching = world.syncing.fetch_history(account, since)
    until(lambda: world.time.longest_sleep > 0)
    world.syncing.stop_history(account)
    fetching.result(30)
    assert cursor(world.workspace, account, "history") == "stopped"
    assert cursor(world.workspace, account, "history:mentions") == "0"
    world.syncing.fetch_history(account, since).result(30)
    assert service.asked[-1] == ("history:mentions", "0")
    assert cursor(world.workspace, account, "history") == "done"


def test_a_history_that_the_end_of_the_program_broke_off_goes_on(world: World) -> None:
    account, service = world.connect()
    since = world.clock.now() - timedelta(days=30)
    service.pages["history:mentions"].append(Unreachable("Gone."))
    world.syncing.fetch_history(account, since)
    until(lambda: world.time.longest_sleep > 0)
    world.syncing.stop()
    assert cursor(world.workspace, account, "history") == "running"
    world.syncing.start()
    until(lambda: cursor(world.workspace, account, "history") == "done")


def test_wrong_wishes_for_history_are_named(world: World) -> None:
    account, _ = world.connect()
    with pytest.raises(BadInput, match="future"):
        world.syncing.fetch_history(account, world.clock.now() + timedelta(days=1)).result(30)
    with pytest.raises(NotFound, match="not connected"):
        world.syncing.fetch_history(AccountId(5), world.clock.now()).result(30)


def test_the_sample_account_is_left_alone(world: World) -> None:
    account, service = world.connect()
    world.workspace.write(lambda tx: accounts.update_account(tx, account, sample=True)).result()
    assert world.syncing.once().result(30) == ()
    assert service.asked == []


def test_changes_are_announced_until_nobody_listens(world: World) -> None:
    account, service = world.connect()
    heard: list[int] = []
    unsubscribe = world.syncing.on_change(lambda: heard.append(1))
    service.pages["mentions"].append(Unreachable("Gone."))
    world.syncing.once().result(30)
    assert heard
    unsubscribe()
    before = len(heard)
    world.syncing.once().result(30)
    assert len(heard) == before
    assert world.state(account) is AccountState.UP_TO_DATE
