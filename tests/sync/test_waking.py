"""After a sleep, behind a captive portal, beside a dead server: noticed, said, caught up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from app.connectors.base import Page
from app.domain.clock import FakeClock
from app.domain.errors import RateLimited, Unreachable
from app.domain.outbox import OutboxState
from app.domain.views import AccountState
from app.store import accounts, outbox
from app.store.database import Workspace
from app.sync import engine
from tests.faults.server import Answer, as_json
from tests.sync.items import make_item, mention
from tests.sync.shop import (
    CUT,
    PORTAL,
    Shop,
    closed_address,
    connect_at,
    real_connectors,
)
from tests.sync.test_puller import count, cursor
from tests.sync.workspaces import make_workspace
from tests.sync.world import World, until

REST_S = 300


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Workspace:
    return make_workspace(tmp_path, clock)


@pytest.fixture
def world(workspace: Workspace, clock: FakeClock) -> Iterator[World]:
    made = World(workspace, clock)
    yield made
    made.close()


@pytest.fixture
def outside(workspace: Workspace, clock: FakeClock, shop: Shop) -> Iterator[World]:
    """Its connectors are the real ones; it is closed before the shop is."""
    assert shop.url
    made = World(workspace, clock, real_connectors(clock))
    yield made
    made.close()


@pytest.fixture
def shop() -> Iterator[Shop]:
    made = Shop()
    yield made
    made.close()


# Sleep ----------------------------------------------------------------------------------------


def test_after_a_sleep_everything_begins_with_new_connections(world: World) -> None:
    """The live one of before is dead without a word: nothing is told, it is simply given up."""
    world.streaming = True
    account, service = world.connect()
    world.syncing.start()
    until(lambda: service.asked.count(("follow", None)) == 1)
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    service.pages["mentions"].append(Page((mention("1", world.clock.now()),), cursor="1"))
    world.advance(8 * 3600)
    until(lambda: count(world.workspace) == 1)
    until(lambda: service.asked.count(("follow", None)) == 2)
    assert (service.closed, world.made) == (1, 2)


def test_a_sleep_in_which_both_clocks_went_on_is_noticed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    steady = [0.0]
    monkeypatch.setattr(world.syncing._engine, "_monotonic", lambda: steady[0])
    account, service = world.connect()
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    steady[0] = 3600.0
    world.advance(3600)
    until(lambda: world.made == 2)
    assert service.closed == 1


def test_an_ordinary_pause_is_no_sleep(world: World) -> None:
    account, service = world.connect()
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)
    asked = len(service.asked)
    world.advance(10)
    until(lambda: len(service.asked) > asked)
    assert (service.closed, world.made) == (0, 1)


def test_a_rest_asked_for_is_kept_over_a_sleep(world: World) -> None:
    account, service = world.connect()
    retry_at = world.clock.now() + timedelta(hours=2)
    service.pages["mentions"].append(RateLimited("home.example asks for rest.", retry_at=retry_at))
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.RESTING)
    asked = len(service.asked)
    world.advance(3600)
    until(lambda: service.closed == 1)
    until(lambda: world.time.longest_sleep > 3500)
    world.syncing.try_now()
    world.turn()
    assert len(service.asked) == asked
    world.advance(3605)
    until(lambda: world.state(account) is AccountState.UP_TO_DATE)


def test_what_was_being_fetched_when_the_lid_closed_goes_on(world: World) -> None:
    account, service = world.connect()
    service.pages["history:mentions"].append(Unreachable("Asleep."))
    fetching = world.syncing.fetch_history(account, world.clock.now() - timedelta(days=30))
    world.syncing.start()
    until(lambda: ("history:mentions", None) in service.asked)
    until(lambda: world.state(account) is not None)
    old = mention("0", world.clock.now() - timedelta(days=20))
    service.pages["history:mentions"].append(Page((old,), cursor="0", progress=old.occurred_at))
    world.advance(8 * 3600)
    fetching.result(30)
    assert count(world.workspace) == 1


# Captive portal -------------------------------------------------------------------------------


def elsewhere(status: int, location: str) -> Answer:
    return Answer(status, headers={"location": location})


@pytest.mark.parametrize(
    "block",
    [
        PORTAL,
        PORTAL.but(status=401),
        PORTAL.but(status=403),
        Answer(511, PORTAL.body, PORTAL.headers),
        elsewhere(302, "https://login.hotel.example/?from=here"),
        elsewhere(301, "http://192.168.1.1/login"),
    ],
    ids=["page", "page-401", "page-403", "511", "redirected", "redirected-inside"],
)
def test_a_captive_portal_is_said_and_costs_nothing(
    outside: World, shop: Shop, block: Answer
) -> None:
    shop.mentions = [1, 2]
    account = connect_at(outside.workspace, shop.url)
    outside.syncing.start()
    until(lambda: count(outside.workspace) == 2)
    until(lambda: outside.state(account) is AccountState.UP_TO_DATE)
    before = cursor(outside.workspace, account, "notifications")
    shop.block = block
    shop.mentions.append(3)
    item = make_item(outside.clock.now(), account=account, undo_s=3600)
    outside.workspace.write(lambda tx: outbox.put(tx, item)).result()
    outside.advance(60)
    until(lambda: outside.state(account) is AccountState.OFFLINE)
    host = shop.url.removeprefix("http://")
    sentence = f"Something between this laptop and {host} answers in its place."
    assert outside.said(account) == sentence
    (down,) = outside.syncing.connection().down
    assert (down.words, down.in_between, down.handle) == (sentence, True, "@brand@shop.example")
    assert not outside.syncing.connection().online
    assert cursor(outside.workspace, account, "notifications") == before
    assert count(outside.workspace) == 2
    kept = outside.workspace.read(lambda conn: outbox.get(conn, item.id)).result()
    assert kept.state is OutboxState.QUEUED

    shop.block = None
    outside.syncing.try_now()
    until(lambda: count(outside.workspace) == 3)
    until(lambda: outside.syncing.connection().online)
    assert outside.syncing.connection().down == ()


def test_once_says_what_is_in_between(outside: World, shop: Shop) -> None:
    connect_at(outside.workspace, shop.url)
    shop.block = PORTAL
    (report,) = outside.syncing.once().result(30)
    host = shop.url.removeprefix("http://")
    assert report.error == (
        f"Something between this laptop and {host} answers in its place."
        " Sign in to the network, then try now."
    )


def test_a_reply_that_met_a_portal_is_not_sent_and_not_lost(outside: World, shop: Shop) -> None:
    shop.mentions = [1]
    account = connect_at(outside.workspace, shop.url)
    outside.syncing.start()
    until(lambda: outside.state(account) is AccountState.UP_TO_DATE)
    shop.block = elsewhere(302, "https://login.hotel.example/")
    item = make_item(outside.clock.now(), account=account, target="1")
    outside.workspace.write(lambda tx: outbox.put(tx, item)).result()
    # The runner asks about the thread first; either way a pull finds out how the account is.
    until(lambda: outside.state(account) is AccountState.OFFLINE)

    def waits() -> bool:
        kept = outside.workspace.read(lambda conn: outbox.get(conn, item.id)).result()
        return kept.state in (OutboxState.QUEUED, OutboxState.UNKNOWN)

    until(waits)  # the pull that found it out may be ahead of the attempt
    assert shop.posted == 0
    shop.block = None
    outside.syncing.try_now()
    until(lambda: outside.state(account) is AccountState.UP_TO_DATE)

    def sent() -> bool:
        outside.advance(5)
        held = outside.workspace.read(lambda conn: outbox.get(conn, item.id)).result()
        return held.state is OutboxState.SENT

    until(sent)
    assert shop.posted == 1


# One account down -----------------------------------------------------------------------------


def test_one_account_down_is_named_and_the_other_pulls_and_sends(
    outside: World, shop: Shop
) -> None:
    down = connect_at(outside.workspace, closed_address(), "@gone@far.example")
    up = connect_at(outside.workspace, shop.url)
    shop.mentions = [1]
    waits = make_item(outside.clock.now(), account=down, lane=1, target="1")
    leaves = make_item(outside.clock.now(), account=up, lane=2, target="1")
    for item in (waits, leaves):
        outside.workspace.write(lambda tx, item=item: outbox.put(tx, item)).result()  # type: ignore[misc]  # a lambda's default
    outside.syncing.start()
    until(lambda: outside.state(up) is AccountState.UP_TO_DATE)
    until(lambda: outside.state(down) is AccountState.OFFLINE)
    until(lambda: count(outside.workspace) >= 1)
    until(lambda: shop.posted == 1)
    connection = outside.syncing.connection()
    assert connection.online
    (only,) = connection.down
    assert (only.account, only.handle, only.in_between) == (down, "@gone@far.example", False)
    assert only.words.endswith(" cannot be reached.")
    assert only.next_try_ms is not None
    held = outside.workspace.read(lambda conn: outbox.get(conn, waits.id)).result()
    assert held.state is OutboxState.QUEUED


def test_the_first_account_to_be_reached_again_calls_the_others(world: World) -> None:
    one, first = world.connect("1")
    two, second = world.connect("2")
    for service in (first, second):
        service.pages["mentions"].append(Unreachable("home.example did not answer."))
    world.syncing.start()
    until(lambda: world.state(one) is world.state(two) is AccountState.OFFLINE)
    asked = len(second.asked)
    world.network.call(world.syncing._engine._syncs[one].wake)
    until(lambda: world.state(two) is AccountState.UP_TO_DATE)
    assert len(second.asked) > asked


def test_a_send_that_failed_is_no_outage_while_the_account_answers(
    outside: World, shop: Shop
) -> None:
    shop.mentions = [1]
    account = connect_at(outside.workspace, shop.url)
    outside.syncing.start()
    until(lambda: outside.state(account) is AccountState.UP_TO_DATE)
    asked = shop.asked()
    went: list[bool] = []

    def only_posting(request: httpx.Request) -> None:
        shop.block = CUT if request.method == "POST" else None
        went.append(outside.syncing.connection().online)

    shop.on_request = only_posting
    item = make_item(outside.clock.now(), account=account, target="1")
    outside.workspace.write(lambda tx: outbox.put(tx, item)).result()
    until(lambda: shop.asked() > asked)
    until(lambda: outside.state(account) is AccountState.UP_TO_DATE)
    assert all(went)
    assert outside.syncing.connection().down == ()


# Backing off, and rests -----------------------------------------------------------------------


def test_the_wait_between_tries_doubles_up_to_a_minute_and_is_spread(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_SLEPT_S", float("inf"))  # the hand moves the clock in leaps
    account, service = world.connect()
    service.pages["mentions"].append(Unreachable("Gone."))
    world.syncing.start()
    waits: list[float] = []
    for _ in range(9):
        seen = len(waits)

        def waiting(seen: int = seen) -> bool:
            status = world.syncing.status(account)
            now_ms = round(world.clock.now().timestamp() * 1000)
            if status is None or status.until_ms is None or status.until_ms <= now_ms:
                return False
            waits.append((status.until_ms - now_ms) / 1000)
            return len(waits) > seen

        until(waiting)
        service.pages["mentions"].append(Unreachable("Gone."))
        until(lambda: world.time.sleeps(waits[-1] - 0.01, waits[-1] + 0.01))
        world.advance(waits[-1] + 0.01)
    for number, wait in enumerate(waits):
        full = min(60.0, 4.0 * 2**number)
        assert full / 2 - 0.01 <= wait <= full + 0.01
    assert len({round(wait, 2) for wait in waits[-4:]}) > 1


@pytest.mark.parametrize("form", ["seconds", "date", "reset-epoch", "reset-iso", "reset-seconds"])
def test_every_form_of_rest_is_kept_by_pulls_whoever_is_impatient(
    outside: World, shop: Shop, form: str
) -> None:
    until_at = outside.clock.now() + timedelta(seconds=REST_S)
    header = {
        "seconds": {"retry_after": str(REST_S)},
        "date": {"retry_after": format_datetime(until_at, usegmt=True)},
        "reset-epoch": {"ratelimit_reset": str(round(until_at.timestamp()))},
        "reset-iso": {"x_ratelimit_reset": until_at.isoformat()},
        "reset-seconds": {"ratelimit_reset": str(REST_S)},
    }[form]
    shop.block = as_json({"error": "Too many requests"}, 429, **header)
    account = connect_at(outside.workspace, shop.url)
    outside.syncing.start()
    until(lambda: outside.state(account) is AccountState.RESTING)
    status = outside.syncing.status(account)
    assert status is not None
    assert status.until_ms is not None
    # Up to two seconds more, so that not everybody comes back at the same instant.
    assert 0 <= status.until_ms / 1000 - until_at.timestamp() <= 2
    asked = shop.asked()
    kept = outside.syncing.try_now()
    assert kept == (f"{status.message} It is left alone until then.",)
    assert f"{until_at.astimezone():%H:%M}" in kept[0]
    until(lambda: outside.time.sleeps(REST_S, REST_S + 2))
    outside.advance(REST_S - 1)
    until(lambda: outside.time.sleeps(0, 3.1))
    outside.turn()
    assert shop.asked() == asked
    shop.block = None
    outside.advance(4)
    until(lambda: outside.state(account) is AccountState.UP_TO_DATE)
    assert outside.syncing.try_now() == ()


def test_history_keeps_the_rest_that_a_pull_was_asked_for(world: World) -> None:
    account, service = world.connect()
    retry_at = world.clock.now() + timedelta(minutes=10)
    service.pages["mentions"].append(RateLimited("home.example asks for rest.", retry_at=retry_at))
    world.syncing.start()
    until(lambda: world.state(account) is AccountState.RESTING)
    fetching = world.syncing.fetch_history(account, world.clock.now() - timedelta(days=30))
    until(lambda: cursor(world.workspace, account, "history") == "running")
    world.turn()
    assert not any(stream.startswith("history:") for stream, _ in service.asked)
    world.advance(603)
    fetching.result(30)
    assert any(stream.startswith("history:") for stream, _ in service.asked)
    held = world.workspace.read(lambda conn: accounts.account(conn, account)).result()
    assert held is not None
    assert held.history_done


def test_a_history_that_waits_says_what_for_and_can_be_hurried(world: World) -> None:
    account, service = world.connect()
    service.pages["history:mentions"].append(Unreachable("home.example did not answer."))
    fetching = world.syncing.fetch_history(account, world.clock.now() - timedelta(days=30))
    until(lambda: world.state(account) is AccountState.OFFLINE)
    assert world.said(account) == "home.example did not answer."
    assert [one.account for one in world.syncing.connection().down] == [account]
    world.syncing.try_now()
    fetching.result(30)
    assert world.state(account) is AccountState.UP_TO_DATE
    assert world.syncing.connection().down == ()
