"""What a service asks for is honoured: the real Mastodon connector at a real server, through the
real runner, on a clock moved by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from app.connectors.base import Connector, Context, Profile
from app.connectors.channels.mastodon import Mastodon
from app.domain.clock import FakeClock
from app.domain.ids import AccountId
from app.domain.interactions import Channel
from app.domain.outbox import Attachment, OutboxItem, OutboxState
from app.store import outbox
from app.store.accounts import AccountRecord
from app.store.database import Workspace
from app.sync.outbox_runner import OutboxRunner
from app.sync.pool import ConnectorPool
from app.sync.retry import SENDING
from tests.connectors.harness import PIXEL
from tests.connectors.mastodon_wire import BRAND, status
from tests.faults.server import Answer, FaultServer, as_json
from tests.sync.hand_time import HandTime, until
from tests.sync.items import make_item
from tests.sync.runners import find_any

REST_S = 90
_JITTER_S = 2.0
_POSTED = status(21, BRAND, "Yes", in_reply_to_id="10", in_reply_to_account_id="7")

FORMS: dict[str, Callable[[datetime], dict[str, str]]] = {
    "Retry-After in seconds": lambda _at: {"retry-after": str(REST_S)},
    "Retry-After as a date": lambda at: {"retry-after": format_datetime(at, usegmt=True)},
    "RateLimit-Reset since 1970": lambda at: {"ratelimit-reset": str(int(at.timestamp()))},
    "X-RateLimit-Reset as a date": lambda at: {"x-ratelimit-reset": at.isoformat()},
}


class Shop:
    """A server that gives some answers to a post, in order, and then takes it."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.keys: list[str] = []
        """The idempotency key of every attempt to post."""
        self.media: list[Answer] = []
        """The same for pictures."""
        self.uploads = 0
        self.looked = 0
        """How often our own posts were listed."""

    def __call__(self, request: httpx.Request) -> Answer:
        if request.method == "GET":
            self.looked += "statuses" in request.url.path
            return as_json([] if "statuses" in request.url.path else BRAND)
        if request.url.path.endswith("/media"):
            self.uploads += 1
            return self.media.pop(0) if self.media else as_json({"id": "m1", "type": "image"})
        self.keys.append(request.headers["idempotency-key"])
        return self.answers.pop(0) if self.answers else as_json(_POSTED)


def state(workspace: Workspace, item: OutboxItem) -> OutboxItem:
    return workspace.read(lambda conn: outbox.get(conn, item.id)).result()


async def deliver(
    workspace: Workspace,
    shop: Shop,
    time: HandTime,
    item: OutboxItem,
    check: Callable[[OutboxRunner], object],
    *,
    first: str = "keys",
) -> None:
    """Run the outbox over ``shop``, let ``check`` look when the first attempt is over, then end."""
    workspace.write(lambda tx: outbox.put(tx, item)).result()
    async with FaultServer(shop) as server:
        address = f"http://127.0.0.1:{server.port}"

        def connector(_record: AccountRecord) -> Connector:
            profile = Profile(Channel.MASTODON, address, "1@shop.example", "@brand@shop.example")
            return Mastodon(Context(profile, {"token": "t"}), clock=time.clock)

        pool = ConnectorPool(connector, find_any)
        runner = OutboxRunner(workspace, pool, time.pauses, spread=lambda: 1.0)
        running = asyncio.create_task(runner.run())
        try:
            await until(lambda: bool(getattr(shop, first)))
            await until(lambda: state(workspace, item).state is not OutboxState.SENDING)
            await until(lambda: time.sleeps(0.001, 60))
            result = check(runner)
            if asyncio.iscoroutine(result):
                await result
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await pool.close()


async def pass_time(runner: OutboxRunner, time: HandTime, seconds: float) -> None:
    """Returns when all that is due by then has been tried."""
    time.advance(seconds)
    await runner.drain()


@pytest.mark.parametrize("form", list(FORMS))
def test_a_rest_is_kept_to_the_second_and_then_it_leaves_once(
    workspace: Workspace, clock: FakeClock, form: str
) -> None:
    over = clock.now().replace(microsecond=0) + timedelta(seconds=REST_S)
    shop, time = Shop(Answer(429, headers=FORMS[form](over))), HandTime(clock)
    item = make_item(clock.now(), target="10")

    async def look(runner: OutboxRunner) -> None:
        waits = state(workspace, item)
        assert waits.state is OutboxState.QUEUED
        assert over <= waits.not_before <= over + timedelta(seconds=_JITTER_S + 1)
        await runner.hasten(AccountId(1))  # not even Try now comes before it is over
        await pass_time(runner, time, REST_S - 3)
        assert len(shop.keys) == 1
        time.advance(_JITTER_S + 4)
        await until(lambda: state(workspace, item).state is OutboxState.SENT)

    asyncio.run(deliver(workspace, shop, time, item, look))
    assert len(shop.keys) == 2
    assert len(set(shop.keys)) == 1, "under the same key"


def test_a_refusal_is_final_until_an_agent_retries_it(
    workspace: Workspace, clock: FakeClock
) -> None:
    shop, time = (
        Shop(as_json({"error": "Validation failed: Text is too long"}, 422)),
        HandTime(clock),
    )
    item = make_item(clock.now(), target="10")

    async def look(runner: OutboxRunner) -> None:
        failed = state(workspace, item)
        assert failed.state is OutboxState.FAILED
        assert "Text is too long" in failed.error
        await runner.hasten()
        await pass_time(runner, time, 900)
        assert len(shop.keys) == 1
        workspace.write(lambda tx: outbox.retry(tx, item.id)).result()
        runner.wake()
        await until(lambda: state(workspace, item).state is OutboxState.SENT)

    asyncio.run(deliver(workspace, shop, time, item, look))
    assert len(shop.keys) == 2, "a retry really resends"


def test_a_busy_server_is_asked_whether_it_took_it_before_it_is_sent_again(
    workspace: Workspace, clock: FakeClock
) -> None:
    shop, time = Shop(Answer(503, headers={"retry-after": "20"})), HandTime(clock)
    item = make_item(clock.now(), target="10")

    async def look(runner: OutboxRunner) -> None:
        assert state(workspace, item).state is OutboxState.UNKNOWN
        await pass_time(runner, time, 18)
        assert (len(shop.keys), shop.looked) == (1, 0)
        time.advance(6)
        await until(lambda: shop.looked == 1)
        # Not there yet: the server that was too busy to say so may still be at work on it.
        await pass_time(runner, time, 4)
        assert (len(shop.keys), shop.looked) == (1, 1)
        time.advance(6)
        await until(lambda: state(workspace, item).state is OutboxState.SENT)

    asyncio.run(deliver(workspace, shop, time, item, look))
    assert (len(shop.keys), shop.looked) == (2, 2)


@pytest.mark.parametrize("failures", range(1, 12))
def test_every_pause_has_jitter_and_an_end(failures: int) -> None:
    shortest, longest = SENDING.delay(failures, 0.0), SENDING.delay(failures, 1.0)
    assert longest == min(300.0, 4.0 * 2 ** (failures - 1))
    assert shortest == longest / 2


def test_a_picture_that_was_taken_before_the_line_broke_goes_again_with_its_one_post(
    workspace: Workspace, clock: FakeClock
) -> None:
    """The upload had no answer, so no post can have been made: nothing to look up."""
    shop, time = Shop(), HandTime(clock)
    shop.media.append(Answer(stop_at=-1))  # read, taken, and cut off before the answer
    picture = Attachment("tray.png", "image/png", PIXEL, "A tray")
    item = make_item(clock.now(), target="10", attachments=(picture,))

    async def look(runner: OutboxRunner) -> None:
        waits = state(workspace, item)
        assert (waits.state, waits.attempts) == (OutboxState.QUEUED, 1)
        await pass_time(runner, time, 10)
        assert state(workspace, item).state is OutboxState.SENT

    asyncio.run(deliver(workspace, shop, time, item, look, first="uploads"))
    assert (shop.uploads, len(shop.keys), shop.looked) == (2, 1, 0)
