"""One suite over every channel: what the contract in ``app.connectors.base`` promises.

It runs against real servers and asserts from the outside: what the customer sees counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.connectors.base import Connector
from app.domain.errors import AuthExpired, Unreachable
from app.domain.interactions import Direction, Kind
from app.domain.outbox import Act
from tests.connectors.harness import (
    HARNESSES,
    Harness,
    Pulled,
    available,
    facts_of,
    load,
    picture,
    pulled_until,
    until,
    wish,
)

pytestmark = pytest.mark.peer

Scenario = Callable[[Connector], Coroutine[Any, Any, None]]


@pytest.fixture(params=available())
def harness(request: pytest.FixtureRequest) -> Harness:
    """A fresh brand account on each channel in turn."""
    network = request.getfixturevalue(HARNESSES[request.param][1])
    return load(request.param)(network)


@asynccontextmanager
async def connected(harness: Harness) -> AsyncIterator[Connector]:
    connector = harness.connector(await harness.sign_in())
    try:
        yield connector
    finally:
        await connector.close()


def play(harness: Harness, scenario: Scenario) -> None:
    """Run a scenario with a connector of the fresh account."""

    async def run() -> None:
        async with connected(harness) as connector:
            await scenario(connector)

    asyncio.run(run())


def test_sign_in_tells_who_it_is(harness: Harness) -> None:
    signed = asyncio.run(harness.sign_in())
    assert signed.profile.channel is harness.channel
    assert signed.profile.handle.startswith("@")
    assert signed.secrets


def test_a_mention_comes_in_with_its_author(harness: Harness) -> None:
    lena = harness.customer("lena")
    mention = lena.mention("where is my parcel?")

    async def scenario(connector: Connector) -> None:
        stream = connector.streams[0]
        fact = (await pulled_until(connector, stream, [mention])).facts[mention]
        assert fact.kind is Kind.MENTION
        assert fact.direction is Direction.INBOUND
        assert fact.author.native_id == lena.native_id
        assert fact.author.handle == lena.handle
        assert fact.party == fact.author
        assert "where is my parcel?" in fact.text
        assert fact.occurred_at.tzinfo is not None
        assert abs(datetime.now(UTC) - fact.occurred_at) < timedelta(minutes=5)
        assert fact.root == mention
        assert fact.raw

    play(harness, scenario)


def test_a_second_pull_goes_on_from_the_cursor(harness: Harness) -> None:
    lena = harness.customer("lena")
    first = lena.mention("one")

    async def scenario(connector: Connector) -> None:
        stream = connector.streams[0]
        before = await pulled_until(connector, stream, [first])
        second = lena.mention("two")
        after = await until(
            lambda: facts_of(connector, stream, before.cursor), lambda got: second in got.facts
        )
        again = await facts_of(connector, stream, after.cursor)
        assert set(again.facts) <= set(before.facts) | set(after.facts)
        both = before.facts | after.facts
        for native_id in set(again.facts):
            assert again.facts[native_id].kind is both[native_id].kind
            assert again.facts[native_id].direction is both[native_id].direction

    play(harness, scenario)


def test_nothing_is_missed_while_several_write(harness: Harness) -> None:
    customers = [harness.customer(name) for name in ("ana", "ben", "cho")]

    async def scenario(connector: Connector) -> None:
        stream = connector.streams[0]
        held = Pulled((await facts_of(connector, stream)).cursor)
        written: list[str] = []

        def write(number: int) -> None:
            written.append(customers[number % 3].mention(f"message {number}"))

        async def pull() -> Pulled:
            async for page in connector.pull(stream, cursor=held.cursor):
                held.take(page)
            return held

        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(3) as pool:
            writing = [loop.run_in_executor(pool, write, number) for number in range(60)]
            while not all(one.done() for one in writing):
                await pull()
            await asyncio.gather(*writing)
        await until(pull, lambda got: not got.missing(written))
        assert len(written) == 60

    play(harness, scenario)


def test_a_mention_brings_its_thread(harness: Harness) -> None:
    lena, tom = harness.customer("lena"), harness.customer("tom")
    opening = tom.post("Does anybody know this shop?")
    between = lena.reply(opening, "I do")
    mention = lena.reply(between, f"ask {asyncio.run(harness.sign_in()).profile.handle}")

    async def scenario(connector: Connector) -> None:
        # The mention is written as a person would; whether a bare handle notifies is the
        # channel's affair, so the thread is asked for by the post as well.
        page = await until(lambda: connector.thread(mention), lambda got: len(got.facts) >= 3)
        facts = {fact.native_id: fact for fact in page.facts}
        assert facts[opening].direction is Direction.AROUND
        assert facts[opening].party is None
        assert {fact.root for fact in page.facts} == {opening}
        assert facts[mention].in_reply_to == between

    play(harness, scenario)


def test_a_pull_brings_the_thread_of_an_answer(harness: Harness) -> None:
    lena, tom = harness.customer("lena"), harness.customer("tom")

    async def scenario(connector: Connector) -> None:
        announced = harness.announce("We are open on Sunday")
        question = lena.reply(announced, "@-less question?")
        aside = tom.reply(question, "good question")
        # An index behind the channel's back must show a post before it can be answered.
        await until(lambda: connector.refetch((question,)), lambda got: bool(got.facts))
        answer = await connector.send(
            wish(harness, Act.REPLY, question, text="Yes", mention=lena.handle)
        )
        further = lena.mention("thanks")
        stream = connector.streams[0]
        await pulled_until(connector, stream, [further])
        posts = await pulled_until(connector, connector.streams[1], [announced, answer.native_id])
        assert posts.facts[announced].kind is Kind.POST
        assert posts.facts[announced].party is None
        found = await until(
            lambda: connector.thread(answer.native_id),
            lambda got: {question, announced} <= {fact.native_id for fact in got.facts},
        )
        assert {fact.root for fact in found.facts} == {announced}
        kinds = {fact.native_id: fact.direction for fact in found.facts}
        assert kinds[question] is Direction.INBOUND
        assert kinds[announced] is Direction.OUTBOUND
        assert kinds.get(aside, Direction.AROUND) is not Direction.OUTBOUND

    play(harness, scenario)


def test_likes_boosts_and_follows_count_once(harness: Harness) -> None:
    lena = harness.customer("lena")
    announced = harness.announce("New colours")
    lena.like(announced)
    lena.boost(announced)
    lena.follow()

    async def scenario(connector: Connector) -> None:
        stream = connector.streams[0]
        wanted = {Kind.LIKE, Kind.BOOST, Kind.FOLLOW}

        def touches(got: Pulled) -> dict[Kind, str]:
            return {fact.kind: fact.native_id for fact in got.facts.values() if fact.kind in wanted}

        first = await until(
            lambda: facts_of(connector, stream), lambda got: set(touches(got)) == wanted
        )
        second = await facts_of(connector, stream)
        assert touches(first) == touches(second)
        for native_id in touches(first).values():
            fact = first.facts[native_id]
            assert fact.direction is Direction.INBOUND
            assert fact.party is not None
            assert fact.party.native_id == lena.native_id
            assert fact.in_reply_to == (None if fact.kind is Kind.FOLLOW else announced)

    play(harness, scenario)


def test_history_stops_and_goes_on(harness: Harness) -> None:
    lena = harness.customer("lena")
    written = [lena.mention(f"message {number}") for number in range(45)]

    async def scenario(connector: Connector) -> None:
        stream = connector.streams[0]
        await pulled_until(connector, stream, written[-1:])
        since = datetime.now(UTC) - timedelta(hours=1)
        held = Pulled()
        pages = connector.history(stream, since=since, cursor=None)
        held.take(await anext(pages))
        await pages.aclose()  # type: ignore[attr-defined]  # every connector's is a generator
        assert held.cursor
        async for page in connector.history(stream, since=since, cursor=held.cursor):
            held.take(page)
            assert page.progress is None or page.progress.tzinfo is not None
        assert not held.missing(written)

    play(harness, scenario)


def test_history_ends_where_it_was_told(harness: Harness) -> None:
    lena = harness.customer("lena")
    mention = lena.mention("hello")

    async def scenario(connector: Connector) -> None:
        stream = connector.streams[0]
        await pulled_until(connector, stream, [mention])
        held = Pulled()
        later = datetime.now(UTC) + timedelta(hours=1)
        async for page in connector.history(stream, since=later, cursor=None):
            held.take(page)
        assert mention not in held.facts

    play(harness, scenario)


def test_an_answer_arrives_and_comes_back_as_ours(harness: Harness) -> None:
    lena = harness.customer("lena")
    mention = lena.mention("is it open?")

    async def scenario(connector: Connector) -> None:
        fact = (await pulled_until(connector, connector.streams[0], [mention])).facts[mention]
        item = wish(
            harness, Act.REPLY, mention, text="Yes, until six – see you", mention=lena.handle
        )
        assert await connector.find_sent(item) is None
        sent = await connector.send(item)

        async def received() -> list[str]:
            return lena.received()

        texts = await until(received, bool)
        assert any("Yes, until six – see you" in text for text in texts)
        found = await until(lambda: connector.find_sent(item), lambda got: got is not None)
        assert found is not None
        assert found.native_id == sent.native_id
        ours = (await pulled_until(connector, connector.streams[1], [sent.native_id])).facts
        answer = ours[sent.native_id]
        assert answer.direction is Direction.OUTBOUND
        assert answer.in_reply_to == mention
        assert answer.party is not None
        assert answer.party.native_id == fact.author.native_id

    play(harness, scenario)


def test_sending_the_same_item_again_makes_no_second_post(harness: Harness) -> None:
    lena = harness.customer("lena")
    mention = lena.mention("hello?")

    async def scenario(connector: Connector) -> None:
        await pulled_until(connector, connector.streams[0], [mention])
        item = wish(harness, Act.REPLY, mention, text="Only once", mention=lena.handle)
        first = await connector.send(item)
        second = await connector.send(item)
        assert first.native_id == second.native_id

    play(harness, scenario)


def test_a_picture_arrives_with_its_description(harness: Harness) -> None:
    lena = harness.customer("lena")
    mention = lena.mention("what does it look like?")

    async def scenario(connector: Connector) -> None:
        await pulled_until(connector, connector.streams[0], [mention])
        sent = await connector.send(
            wish(
                harness,
                Act.REPLY,
                mention,
                text="Like this",
                mention=lena.handle,
                attachments=(picture("A red dot"),),
            )
        )
        ours = await pulled_until(connector, connector.streams[1], [sent.native_id])
        (media,) = ours.facts[sent.native_id].media
        assert media.description == "A red dot"
        assert media.url

    play(harness, scenario)


def test_a_like_of_ours_arrives(harness: Harness) -> None:
    lena = harness.customer("lena")
    mention = lena.mention("great shop")

    async def scenario(connector: Connector) -> None:
        await pulled_until(connector, connector.streams[0], [mention])
        item = wish(harness, Act.LIKE, mention)
        assert await connector.find_sent(item) is None
        sent = await connector.send(item)
        assert sent.native_id

        async def liked() -> bool:
            return lena.is_liked(mention)

        await until(liked, bool)
        found = await until(lambda: connector.find_sent(item), lambda got: got is not None)
        assert found is not None
        assert found.native_id == sent.native_id

    play(harness, scenario)


def test_deleting_our_answer_is_done_once_and_for_all(harness: Harness) -> None:
    lena = harness.customer("lena")
    mention = lena.mention("hello?")

    async def scenario(connector: Connector) -> None:
        await pulled_until(connector, connector.streams[0], [mention])
        sent = await connector.send(
            wish(harness, Act.REPLY, mention, text="Wrong", mention=lena.handle)
        )
        item = wish(harness, Act.DELETE, sent.native_id)
        await connector.send(item)
        await connector.send(item)
        assert not harness.exists(sent.native_id)
        assert await connector.find_sent(item) is not None

    play(harness, scenario)


def test_refetch_tells_what_is_gone(harness: Harness) -> None:
    lena = harness.customer("lena")
    kept, deleted = lena.mention("stays"), lena.mention("goes")

    async def scenario(connector: Connector) -> None:
        await pulled_until(connector, connector.streams[0], [kept, deleted])
        lena.delete(deleted)
        page = await until(
            lambda: connector.refetch((kept, deleted)), lambda got: deleted in got.gone
        )
        assert [fact.native_id for fact in page.facts] == [kept]
        assert page.gone == (deleted,)

    play(harness, scenario)


def test_a_revoked_sign_in_says_so(harness: Harness) -> None:
    async def run() -> None:
        connector = harness.with_wrong_secrets(await harness.sign_in())
        try:
            with pytest.raises(AuthExpired) as caught:
                await facts_of(connector, connector.streams[0])
            assert caught.value.hint
        finally:
            await connector.close()

    asyncio.run(run())


def test_a_server_that_is_away_was_provably_not_reached(harness: Harness) -> None:
    async def run() -> None:
        post = harness.announce("We are open")
        connector = harness.unreachable(await harness.sign_in())
        try:
            with pytest.raises(Unreachable) as caught:
                await connector.send(wish(harness, Act.REPLY, post, text="hello"))
            assert caught.value.reached is False
            assert caught.value.retryable
            assert (await connector.limits()).max_length >= 300
        finally:
            await connector.close()

    asyncio.run(run())


def test_length_is_told_before_sending(harness: Harness) -> None:
    async def scenario(connector: Connector) -> None:
        limits = await connector.limits()
        assert connector.measure("", limits).used == 0
        assert connector.measure("x" * limits.max_length, limits).left == 0
        assert not connector.measure("x" * (limits.max_length + 1), limits).fits
        family = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"
        assert connector.measure(family, limits).used == 1

    play(harness, scenario)
