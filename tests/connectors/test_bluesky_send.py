"""Sending on a real Bluesky network, looked at from the customer's own account."""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import pytest

from app.connectors.channels.bluesky import Bluesky
from app.domain.errors import Rejected, Unreachable
from app.domain.interactions import Direction, Kind, Visibility
from app.domain.outbox import Act, Attachment
from tests.connectors.harness_bluesky import connected, wish
from tests.peers.bluesky_network import BlueskyNetwork, Person, Thread, wait_for

pytestmark = pytest.mark.peer

T = TypeVar("T")


def _with(network: BlueskyNetwork, brand: Person, act: Callable[[Bluesky], Awaitable[T]]) -> T:
    async def run() -> T:
        async with connected(network, brand) as bluesky:
            return await act(bluesky)

    network.settle()
    return asyncio.run(run())


def _png(width: int, height: int) -> bytes:
    """A small real picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x7f" * width for _ in range(height)))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def test_a_reply_reaches_the_customer_once_however_often_it_is_sent(
    bluesky_network: BlueskyNetwork,
) -> None:
    brand, alice, bob = bluesky_network.people("brand", "alice", "bob")
    first = bob.post("Who knows?")
    question = alice.mention(brand, "where is my order?", reply=Thread(first, first))
    text = (
        f"Héllo 👋🏽 @{bob.handle} and @nobody.invalid, see https://example.com/träck. #Übermorgen"
    )
    item = wish(target=question.uri, text=text, language="en")

    async def act(bluesky: Bluesky) -> None:
        assert await bluesky.find_sent(item) is None
        sent = await bluesky.send(item)
        again = await bluesky.send(item)
        found = await bluesky.find_sent(item)
        assert found is not None
        assert sent.native_id == again.native_id == found.native_id
        assert sent.native_id.endswith(item.record_key)
        assert sent.fact is not None
        assert found.fact is not None
        for fact in (sent.fact, found.fact):
            assert fact.direction is Direction.OUTBOUND
            assert fact.kind is Kind.REPLY
            assert fact.root == first.uri
            assert fact.in_reply_to == question.uri
            assert fact.text == text
            assert fact.party is not None
            assert fact.party.native_id == alice.did

    _with(bluesky_network, brand, act)
    bluesky_network.settle()

    assert len(brand.posts()) == 1
    [told] = [one for one in alice.notifications() if one["author"]["did"] == brand.did]
    assert told["reason"] == "reply"
    record = told["record"]
    assert record["text"] == text
    assert record["langs"] == ["en"]
    assert record["reply"]["root"]["uri"] == first.uri
    raw = text.encode()
    marked = {
        raw[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(): facet["features"][0]
        for facet in record["facets"]
    }
    kind = "app.bsky.richtext.facet"
    assert marked == {
        f"@{bob.handle}": {"$type": f"{kind}#mention", "did": bob.did},
        "https://example.com/träck": {
            "$type": f"{kind}#link",
            "uri": "https://example.com/träck",
        },
        "#Übermorgen": {"$type": f"{kind}#tag", "tag": "Übermorgen"},
    }


def test_what_was_sent_is_the_same_fact_when_it_is_pulled(
    bluesky_network: BlueskyNetwork,
) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    question = alice.mention(brand, "hello?")

    async def act(bluesky: Bluesky) -> None:
        sent = (await bluesky.send(wish(target=question.uri, text="Hello"))).fact
        await asyncio.to_thread(bluesky_network.settle)
        pages = [page async for page in bluesky.pull("posts", cursor=None)]
        [pulled] = [
            fact for page in pages for fact in page.facts if fact.direction is Direction.OUTBOUND
        ]
        assert sent is not None
        same = ("native_id", "kind", "occurred_at", "text", "in_reply_to", "root", "url")
        assert [getattr(sent, name) for name in same] == [getattr(pulled, name) for name in same]
        assert sent.party is not None
        assert pulled.party is not None
        assert sent.party.native_id == pulled.party.native_id
        assert sent.author.handle == pulled.author.handle

    _with(bluesky_network, brand, act)


def test_a_second_reply_to_our_own_fresh_reply(bluesky_network: BlueskyNetwork) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    question = alice.mention(brand, "hello?")
    bluesky_network.settle()
    bluesky_network.indexing_on(False)
    try:

        async def act(bluesky: Bluesky) -> None:
            first = await bluesky.send(wish(target=question.uri, text="One"))
            second = await bluesky.send(wish(target=first.native_id, text="Two"))
            assert second.fact is not None
            assert second.fact.root == question.uri
            assert second.fact.in_reply_to == first.native_id
            assert second.fact.party is not None
            assert second.fact.party.native_id == alice.did

        async def run() -> None:
            async with connected(bluesky_network, brand) as bluesky:
                await act(bluesky)

        asyncio.run(run())
    finally:
        bluesky_network.indexing_on(True)
        bluesky_network.settle()


def test_pictures_arrive_with_their_descriptions(bluesky_network: BlueskyNetwork) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    question = alice.mention(brand, "how does it look?")
    pictures = (
        Attachment("one.png", "image/png", _png(64, 48), "A grinder from the front"),
        Attachment("two.png", "image/png", _png(32, 32), "From the side"),
    )
    item = wish(target=question.uri, text="Like this", attachments=pictures)

    async def act(bluesky: Bluesky) -> None:
        first = await bluesky.send(item)
        assert (await bluesky.send(item)).native_id == first.native_id

    _with(bluesky_network, brand, act)
    bluesky_network.settle()

    [reply] = alice.thread(question.uri)["replies"]
    images = reply["post"]["embed"]["images"]
    assert [image["alt"] for image in images] == ["A grinder from the front", "From the side"]
    assert images[0]["aspectRatio"] == {"width": 64, "height": 48}

    async def look(bluesky: Bluesky) -> None:
        [fact] = (await bluesky.refetch((reply["post"]["uri"],))).facts
        assert [media.description for media in fact.media] == [one.description for one in pictures]
        assert all(media.url.startswith("http") for media in fact.media)

    _with(bluesky_network, brand, look)


def test_like_boost_and_delete_can_be_repeated(bluesky_network: BlueskyNetwork) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    post = alice.post("I love it")

    async def like_and_boost(bluesky: Bluesky) -> tuple[str, str]:
        native_ids: list[str] = []
        for act in (Act.LIKE, Act.BOOST):
            item = wish(act, post.uri)
            sent = await bluesky.send(item)
            await bluesky.send(item)
            found = await bluesky.find_sent(item)
            assert found is not None
            assert found.native_id == sent.native_id
            assert sent.fact is not None
            assert sent.fact.direction is Direction.OUTBOUND
            assert sent.fact.in_reply_to == post.uri
            native_ids.append(sent.native_id)
        return native_ids[0], native_ids[1]

    like, boost = _with(bluesky_network, brand, like_and_boost)
    bluesky_network.settle()
    reasons = sorted(one["reason"] for one in alice.notifications())
    assert reasons == ["like", "repost"]

    async def once_more(bluesky: Bluesky) -> None:
        # Another wish for what is done already writes no second record.
        await bluesky.send(wish(Act.LIKE, post.uri))

    _with(bluesky_network, brand, once_more)
    likes = bluesky_network.call(
        "com.atproto.repo.listRecords",
        params={"repo": brand.did, "collection": "app.bsky.feed.like"},
    )
    assert len(likes["records"]) == 1

    own = brand.post("Wrong")

    async def delete(bluesky: Bluesky) -> None:
        for target in (own.uri, like, boost):
            item = wish(Act.DELETE, target)
            assert (await bluesky.send(item)).native_id == target
            assert (await bluesky.send(item)).native_id == target
        assert await bluesky.find_sent(wish(Act.DELETE, own.uri)) is not None
        with pytest.raises(Rejected, match="own posts"):
            await bluesky.send(wish(Act.DELETE, post.uri))

    _with(bluesky_network, brand, delete)
    bluesky_network.settle()
    assert brand.posts() == []
    assert alice.notifications() == []


def test_a_second_like_is_none_also_before_the_index_knows_the_first(
    bluesky_network: BlueskyNetwork,
) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    post = alice.post("I love it")

    async def twice(bluesky: Bluesky) -> None:
        bluesky_network.indexing_on(False)
        for act in (Act.LIKE, Act.BOOST, Act.LIKE, Act.BOOST):
            await bluesky.send(wish(act, post.uri))

    try:
        _with(bluesky_network, brand, twice)
    finally:
        bluesky_network.indexing_on(True)
    for collection in ("app.bsky.feed.like", "app.bsky.feed.repost"):
        written = bluesky_network.call(
            "com.atproto.repo.listRecords", params={"repo": brand.did, "collection": collection}
        )
        assert len(written["records"]) == 1, collection


def test_answers_that_cannot_arrive_are_refused_before_anything_is_written(
    bluesky_network: BlueskyNetwork,
) -> None:
    brand, alice, bob = bluesky_network.people("brand", "alice", "bob")
    gone = alice.mention(brand, "never mind")
    blocked = bob.mention(brand, "and stay away")
    stays = alice.mention(brand, "hello")
    bluesky_network.settle()
    alice.delete(gone)
    bob.block(brand)
    film = Attachment("film.mp4", "video/mp4", b"film")
    large = Attachment("large.png", "image/png", bytes(1_000_001))
    refused: list[tuple[dict[str, Any], str]] = [
        ({"target": gone.uri, "text": "Sorry"}, "gone"),
        ({"target": blocked.uri, "text": "Sorry"}, "gone|block"),
        ({"target": stays.uri, "text": "x" * 301}, "longer"),
        ({"target": stays.uri, "text": "👨‍👩‍👧‍👦" * 121}, "longer"),
        ({"target": stays.uri, "text": " "}, "empty"),
        ({"target": stays.uri, "text": "hi", "visibility": Visibility.DIRECT}, "public"),
        ({"target": stays.uri, "text": "hi", "warning": "spoiler"}, "content warning"),
        ({"target": stays.uri, "text": "See", "attachments": (film,)}, "not a picture"),
        ({"target": stays.uri, "text": "See", "attachments": (large,)}, "larger"),
    ]

    async def act(bluesky: Bluesky) -> None:
        for changes, words in refused:
            with pytest.raises(Rejected, match=words) as caught:
                await bluesky.send(wish(**changes))
            assert not caught.value.reached
            assert caught.value.hint

    _with(bluesky_network, brand, act)
    assert brand.posts() == []


def test_the_longest_texts_bluesky_takes(bluesky_network: BlueskyNetwork) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    question = alice.mention(brand, "go on")

    async def act(bluesky: Bluesky) -> None:
        for text in ("x" * 300, "👨‍👩‍👧‍👦" * 120, "é" * 300):
            await bluesky.send(wish(target=question.uri, text=text))

    _with(bluesky_network, brand, act)
    assert len(brand.posts()) == 3


def test_while_the_appview_is_down(bluesky_network: BlueskyNetwork) -> None:
    brand, alice = bluesky_network.people("brand", "alice")
    question = alice.mention(brand, "hello?")
    sent = wish(target=question.uri, text="Sent before")
    own = brand.post("Ours")

    async def act(bluesky: Bluesky) -> None:
        await bluesky.send(sent)
        await asyncio.to_thread(bluesky_network.settle)
        await asyncio.to_thread(bluesky_network.appview_up, False)
        try:
            with pytest.raises(Unreachable):
                [page async for page in bluesky.pull("notifications", cursor=None)]
            with pytest.raises(Unreachable) as caught:
                await bluesky.send(wish(target=question.uri, text="Not now"))
            assert not caught.value.reached
            # Our own server still answers: what it holds can be told and taken back.
            found = await bluesky.find_sent(wish(Act.DELETE, own.uri))
            assert found is None
            await bluesky.send(wish(Act.DELETE, own.uri))
        finally:
            await asyncio.to_thread(bluesky_network.appview_up, True)

    _with(bluesky_network, brand, act)
    wait_for(lambda: alice.notifications() or None)
    assert [one["value"]["text"] for one in brand.posts()] == ["Sent before"]
