"""Pulling from a real Bluesky network: nothing missed, nothing twice, every thread whole."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.clock import FakeClock
from app.domain.interactions import Direction, InteractionFact, Kind
from tests.connectors.harness_bluesky import (
    connected,
    cursor_of,
    facts_of,
    gather,
    pulled,
)
from tests.peers.bluesky_network import BlueskyNetwork, Person, Thread, post_record

pytestmark = pytest.mark.peer


def _once(
    network: BlueskyNetwork, brand: Person, stream: str = "notifications"
) -> dict[str, InteractionFact]:
    """What a first pull brings."""

    async def run() -> dict[str, InteractionFact]:
        async with connected(network, brand) as bluesky:
            facts, _ = await pulled(bluesky, stream=stream)
            return facts

    network.settle()
    return asyncio.run(run())


def test_every_way_to_speak_to_the_brand(bluesky_network: BlueskyNetwork) -> None:
    brand, alice, bob = bluesky_network.people("brand", "alice", "bob")
    launch = brand.post("The new grinder is here.")
    on_launch = Thread(launch, launch)
    mention = alice.mention(brand, "my order is late")
    reply = bob.post("Lovely", reply=on_launch)
    both = bob.mention(brand, "when in stock?", reply=on_launch)
    among = alice.post("Agreed, Bob", reply=Thread(launch, reply))
    quote = bob.post("Look at this", quote=launch)
    elsewhere = bob.post("Has nothing to do with anybody")
    alice.like(launch)
    alice.repost(launch)
    alice.follow(brand)

    facts = _once(bluesky_network, brand)

    def seen(ref_uri: str) -> tuple[Kind, Direction, str | None, str | None]:
        fact = facts[ref_uri]
        return fact.kind, fact.direction, fact.root, fact.in_reply_to

    inbound = Direction.INBOUND
    assert seen(mention.uri) == (Kind.MENTION, inbound, mention.uri, None)
    assert seen(reply.uri) == (Kind.REPLY, inbound, launch.uri, launch.uri)
    assert seen(both.uri) == (Kind.REPLY, inbound, launch.uri, launch.uri)
    assert seen(among.uri) == (Kind.REPLY, inbound, launch.uri, reply.uri)
    assert seen(quote.uri) == (Kind.QUOTE, inbound, quote.uri, None)
    assert seen(launch.uri) == (Kind.POST, Direction.OUTBOUND, launch.uri, None)
    assert elsewhere.uri not in facts
    assert facts[f"like:{alice.did}:{launch.uri}"].kind is Kind.LIKE
    assert facts[f"repost:{alice.did}:{launch.uri}"].in_reply_to == launch.uri
    assert facts[f"follow:{alice.did}"].kind is Kind.FOLLOW
    assert facts[launch.uri].likes == facts[launch.uri].boosts == 1

    author = facts[mention.uri].author
    assert (author.native_id, author.handle, author.followers) == (
        alice.did,
        f"@{alice.handle}",
        0,
    )
    assert facts[mention.uri].party == author
    assert facts[mention.uri].text == f"@{brand.handle} my order is late"
    assert facts[mention.uri].language == "en"
    assert b"my order is late" in facts[mention.uri].raw


def test_the_thread_around_a_mention_reads_whole(bluesky_network: BlueskyNetwork) -> None:
    brand, alice, bob = bluesky_network.people("brand", "alice", "bob")
    first = alice.post("Does anybody know this machine?")
    second = bob.post("I do.", reply=Thread(first, first))
    third = alice.mention(brand, "do you?", reply=Thread(first, second))
    answer = brand.post("We do.", reply=Thread(first, third))
    thanks = alice.post("Thanks", reply=Thread(first, answer))
    aside = bob.post("By the way", reply=Thread(first, first))

    facts = _once(bluesky_network, brand)

    directions = {
        first.uri: Direction.AROUND,
        second.uri: Direction.AROUND,
        third.uri: Direction.INBOUND,
        answer.uri: Direction.OUTBOUND,
        thanks.uri: Direction.INBOUND,
        aside.uri: Direction.AROUND,
    }
    assert {uri: facts[uri].direction for uri in directions} == directions
    assert {facts[uri].root for uri in directions} == {first.uri}
    party = facts[answer.uri].party
    assert party is not None
    assert party.native_id == alice.did
    assert facts[first.uri].party is None


def test_replies_deeper_than_bluesky_notifies(bluesky_network: BlueskyNetwork) -> None:
    brand, alice, bob = bluesky_network.people("brand", "alice", "bob")
    launch = brand.post("Ask us anything.")
    chain = [launch]
    for level in range(1, 8):
        who = alice if level % 2 else bob
        chain.append(who.post(f"level {level}", reply=Thread(launch, chain[-1])))

    facts = _once(bluesky_network, brand)

    levels = [facts[ref.uri].direction for ref in chain[1:]]
    assert levels == [Direction.INBOUND] * 4 + [Direction.AROUND] * 3


def test_deleted_and_blocked_posts_leave_the_rest_of_a_thread(
    bluesky_network: BlueskyNetwork,
) -> None:
    brand, alice, bob, carol = bluesky_network.people("brand", "alice", "bob", "carol")
    first = alice.post("First")
    gone = bob.post("Gone soon", reply=Thread(first, first))
    blocked = carol.post("Blocks the brand", reply=Thread(first, first))
    mention = alice.mention(brand, "are you there?", reply=Thread(first, gone))
    lost_root = bob.post("A root that goes")
    orphan = alice.mention(brand, "and here?", reply=Thread(lost_root, lost_root))
    bluesky_network.settle()
    bob.delete(gone)
    bob.delete(lost_root)
    carol.block(brand)

    facts = _once(bluesky_network, brand)

    assert facts[mention.uri].in_reply_to == gone.uri
    assert facts[mention.uri].root == first.uri
    assert facts[orphan.uri].root == lost_root.uri
    assert first.uri in facts
    assert not {gone.uri, blocked.uri, lost_root.uri} & set(facts)


def test_a_second_pull_brings_only_what_is_new(bluesky_network: BlueskyNetwork) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    old = alice.mention(brand, "first")
    launch = brand.post("Hello")
    like = alice.like(launch)
    bluesky_network.settle()

    async def run() -> None:
        async with connected(bluesky_network, brand) as bluesky:
            before, cursor = await pulled(bluesky)
            assert old.uri in before
            quiet = await gather(bluesky.pull("notifications", cursor=cursor))
            assert [(page.facts, page.cursor) for page in quiet] == [((), None)]

            new = alice.mention(brand, "second")
            alice.delete(like)
            alice.like(launch)
            bluesky_network.settle()
            after, _ = await pulled(bluesky, cursor)
            assert new.uri in after
            assert old.uri not in after
            again = [fact for fact in after.values() if fact.kind is Kind.LIKE]
            assert [fact.native_id for fact in again] == [f"like:{alice.did}:{launch.uri}"]

    asyncio.run(run())


@pytest.mark.parametrize("how", ["mentions", "replies", "quotes"])
def test_250_on_one_timestamp(bluesky_network: BlueskyNetwork, how: str) -> None:
    """More on one millisecond than a page holds; the list alone shows 100 of them."""
    brand, alice = bluesky_network.people("brand", "alice")
    launch = brand.post("Hello")
    at = datetime.now(UTC) - timedelta(hours=1)
    texts = [f"@{brand.handle} number {number}" for number in range(250)]
    records = [
        post_record(
            text,
            mentions=(brand,) if how == "mentions" else (),
            reply=Thread(launch, launch) if how == "replies" else None,
            quote=launch if how == "quotes" else None,
            at=at,
        )
        for text in texts
    ]
    before = alice.mention(brand, "before", at=at - timedelta(milliseconds=1))
    after = alice.mention(brand, "after", at=at + timedelta(milliseconds=1))

    async def run() -> None:
        async with connected(bluesky_network, brand) as bluesky:
            # The moment still grows while it is looked at.
            early = alice.post_many(records[:120])
            bluesky_network.settle()
            facts, cursor = await pulled(bluesky)
            wanted = {ref.uri for ref in (*early, before, after)}
            assert {uri for uri in wanted if uri in facts} == wanted
            late = alice.post_many(records[120:])
            bluesky_network.settle()
            more, cursor = await pulled(bluesky, cursor)
            inbound = [fact for fact in more.values() if fact.direction is Direction.INBOUND]
            assert {ref.uri for ref in late} <= {fact.native_id for fact in inbound}
            assert (await pulled(bluesky, cursor))[0] == {}

    asyncio.run(run())


def test_items_that_share_a_millisecond_across_pages(bluesky_network: BlueskyNetwork) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    start = datetime.now(UTC) - timedelta(hours=2)
    made = alice.post_many(
        post_record(
            f"@{brand.handle} {number}",
            mentions=(brand,),
            at=start + timedelta(milliseconds=number // 7),
        )
        for number in range(330)
    )
    facts = _once(bluesky_network, brand)
    assert {ref.uri for ref in made} <= set(facts)


def test_a_post_dated_back_is_found_by_the_deep_look(bluesky_network: BlueskyNetwork) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    now = datetime.now(UTC)
    clock = FakeClock(now)
    alice.post_many(
        post_record(
            f"@{brand.handle} {number}", mentions=(brand,), at=now - timedelta(minutes=20 + number)
        )
        for number in range(150)
    )
    bluesky_network.settle()

    async def run() -> None:
        async with connected(bluesky_network, brand, clock=clock) as bluesky:
            _, cursor = await pulled(bluesky)
            dated_back = alice.mention(brand, "dated back", at=now - timedelta(days=2))
            bluesky_network.settle()
            clock.set(now + timedelta(minutes=1))
            soon, cursor = await pulled(bluesky, cursor)
            assert dated_back.uri not in soon
            clock.set(now + timedelta(minutes=11))
            deep, cursor = await pulled(bluesky, cursor)
            assert dated_back.uri in deep

    asyncio.run(run())


def test_a_post_dated_far_back_is_found_by_the_daily_comparison(
    bluesky_network: BlueskyNetwork,
) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    now = datetime.now(UTC)
    clock = FakeClock(now)
    alice.mention(brand, "before")
    bluesky_network.settle()

    async def run() -> None:
        async with connected(bluesky_network, brand, clock=clock) as bluesky:
            first, cursor = await pulled(bluesky, stream="reconcile")
            assert first == {}
            ancient = alice.mention(brand, "dated far back", at=now - timedelta(days=20))
            bluesky_network.settle()
            clock.set(now + timedelta(hours=23))
            assert await gather(bluesky.pull("reconcile", cursor=cursor)) == []
            clock.set(now + timedelta(hours=25))
            found, cursor = await pulled(bluesky, cursor, "reconcile")
            assert set(found) == {ancient.uri}
            assert found[ancient.uri].direction is Direction.INBOUND
            clock.set(now + timedelta(hours=50))
            again, _ = await pulled(bluesky, cursor, "reconcile")
            assert again == {}

    asyncio.run(run())


def test_nothing_is_missed_while_customers_write(bluesky_network: BlueskyNetwork) -> None:
    brand, *customers = bluesky_network.people("brand", "alice", "bob", "carol")
    launch = brand.post("Ask us")
    made: list[str] = []

    def write(customer: Person) -> None:
        for number in range(15):
            made.append(customer.mention(brand, f"mention {number}").uri)
            made.append(customer.post(f"reply {number}", reply=Thread(launch, launch)).uri)

    async def run() -> set[str]:
        seen: set[str] = set()
        cursor: str | None = None
        writers = [threading.Thread(target=write, args=(one,)) for one in customers]
        for writer in writers:
            writer.start()
        async with connected(bluesky_network, brand) as bluesky:
            while any(writer.is_alive() for writer in writers):
                facts, cursor = await pulled(bluesky, cursor)
                seen.update(facts)
            for writer in writers:
                writer.join()
            await asyncio.to_thread(bluesky_network.settle)
            facts, cursor = await pulled(bluesky, cursor)
            seen.update(facts)
        return seen

    seen = asyncio.run(run())
    assert len(made) == 90
    assert set(made) <= set(seen)


def test_our_own_posts_wherever_written(bluesky_network: BlueskyNetwork) -> None:
    brand, alice, bob = bluesky_network.people("brand", "alice", "bob")
    question = alice.post("Anybody from the brand here?")
    answer = brand.post("Yes.", reply=Thread(question, question))
    more = brand.post("And more.", reply=Thread(question, answer))
    announcement = brand.post("New beans.")
    theirs = bob.post("Nice beans")
    brand.repost(theirs)
    others = bob.post_many(post_record(f"bean {number}") for number in range(110))
    for other in others:
        brand.repost(other)

    facts = _once(bluesky_network, brand, "posts")

    assert facts[announcement.uri].party is None
    for reply in (answer, more):
        fact = facts[reply.uri]
        assert fact.direction is Direction.OUTBOUND
        assert fact.root == question.uri
        assert fact.party is not None
        assert fact.party.native_id == alice.did
    assert facts[question.uri].direction is Direction.AROUND
    assert theirs.uri not in facts


def test_history_goes_back_to_the_day_asked_and_can_be_continued(
    bluesky_network: BlueskyNetwork,
) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    now = datetime.now(UTC)
    made = alice.post_many(
        post_record(
            f"@{brand.handle} {number}", mentions=(brand,), at=now - timedelta(hours=number + 1)
        )
        for number in range(240)
    )
    since = now - timedelta(hours=200, minutes=30)
    bluesky_network.settle()

    async def run() -> set[str]:
        async with connected(bluesky_network, brand) as bluesky:
            first = bluesky.history("notifications", since=since, cursor=None)
            page = await anext(first)
            await first.aclose()  # type: ignore[attr-defined]  # an async generator, stopped
            assert page.cursor is not None
            assert page.progress is not None
            assert since < page.progress < now - timedelta(hours=90)
            rest = await gather(bluesky.history("notifications", since=since, cursor=page.cursor))
            assert rest[-1].progress == since
            assert all(later.progress and later.progress <= page.progress for later in rest)
            done = cursor_of(rest)
            older = await gather(bluesky.history("notifications", since=since, cursor=done))
            assert len(older) <= 1
            return {fact.native_id for fact in (*page.facts, *facts_of(rest))}

    assert asyncio.run(run()) == {ref.uri for ref in made[:200]}


def test_a_new_handle_is_the_same_customer(bluesky_network: BlueskyNetwork) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    before = alice.mention(brand, "under the old name")
    first = _once(bluesky_network, brand)[before.uri].author
    alice.rename(f"new-{alice.handle}")
    after = alice.mention(brand, "under the new name")
    facts = _once(bluesky_network, brand)
    assert facts[after.uri].author.native_id == first.native_id
    assert facts[after.uri].author.handle == f"@new-{first.handle[1:]}"


@pytest.mark.parametrize("query", ["grinder squeaks", "#haldencoffee"])
def test_listening_finds_what_nobody_addressed_to_us(
    bluesky_network: BlueskyNetwork, query: str
) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    word = f"{query}{alice.did[-6:]}"
    brand.post(f"Ours about {word}")
    hit = alice.post(f"Mine: {word} every morning")
    alice.post("Something else")
    bluesky_network.settle()

    async def run() -> None:
        async with connected(bluesky_network, brand) as bluesky:
            pages = await gather(bluesky.listen(word, cursor=None))
            [fact] = facts_of(pages)
            assert fact.native_id == hit.uri
            assert fact.found
            assert fact.direction is Direction.INBOUND
            assert fact.party == fact.author
            again = await gather(bluesky.listen(word, cursor=cursor_of(pages)))
            assert facts_of(again) == []

    asyncio.run(run())


def test_a_record_put_anew_under_its_key_is_a_change(bluesky_network: BlueskyNetwork) -> None:
    """Bluesky has no edits, but the protocol lets an app write a record again."""
    brand, alice = bluesky_network.people("brand", "alice")
    mention = alice.mention(brand, "as written first")
    bluesky_network.settle()

    async def run() -> None:
        async with connected(bluesky_network, brand) as bluesky:
            before, cursor = await pulled(bluesky)
            alice.put(mention, post_record(f"@{brand.handle} as written then", (brand,)))
            bluesky_network.settle()
            page = await bluesky.refetch((mention.uri,))
            assert page.gone == ()
            assert before[mention.uri].text.endswith("first")
            assert [fact.text for fact in page.facts] == [f"@{brand.handle} as written then"]
            again, _ = await pulled(bluesky, cursor)
            assert again[mention.uri].text.endswith("then")

    asyncio.run(run())


def test_refetch_tells_what_is_gone_and_keeps_what_is_merely_fresh(
    bluesky_network: BlueskyNetwork,
) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    stays = alice.mention(brand, "stays")
    goes = alice.mention(brand, "goes")
    bluesky_network.settle()
    alice.delete(goes)
    bluesky_network.settle()
    bluesky_network.indexing_on(False)
    try:
        fresh = brand.post("Not indexed yet", reply=Thread(stays, stays))

        async def run() -> None:
            async with connected(bluesky_network, brand) as bluesky:
                like = f"like:{alice.did}:{stays.uri}"
                page = await bluesky.refetch((stays.uri, goes.uri, fresh.uri, like))
                assert page.gone == (goes.uri,)
                facts = {fact.native_id: fact for fact in page.facts}
                assert set(facts) == {stays.uri, fresh.uri}
                assert facts[stays.uri].direction is Direction.INBOUND
                assert facts[fresh.uri].direction is Direction.OUTBOUND
                assert (await bluesky.thread(goes.uri)).facts == ()

        asyncio.run(run())
    finally:
        bluesky_network.indexing_on(True)
        bluesky_network.settle()
