"""Mastodon on a running server, where the contract suite does not reach: live updates, direct
messages, visibilities, edits, faults."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from app.connectors.base import Context, Page
from app.connectors.channels.mastodon import Mastodon, sign_in_with_token
from app.connectors.channels.mastodon.shapes import Configuration, Instance, Urls
from app.connectors.channels.mastodon.streaming import streaming_url
from app.domain.errors import AuthExpired, RateLimited, Unreachable
from app.domain.interactions import Direction, InteractionFact, Kind, Visibility
from app.domain.outbox import Act
from tests.connectors.harness import PATIENCE, facts_of
from tests.connectors.mastodon_wire import PROFILE, wished
from tests.peers.mastodon import MastodonServer, Person

T = TypeVar("T")


@dataclass(frozen=True)
class Stage:
    server: MastodonServer
    brand: Person
    lena: Person

    def play(self, scenario: Callable[[Mastodon], Coroutine[Any, Any, T]]) -> T:
        async def run() -> T:
            signed = await sign_in_with_token(self.server.url, self.brand.token)
            connector = Mastodon(Context(signed.profile, signed.secrets))
            try:
                return await scenario(connector)
            finally:
                await connector.close()

        return asyncio.run(run())


@pytest.fixture
def stage(mastodon: MastodonServer) -> Stage:
    return Stage(mastodon, mastodon.person("brand"), mastodon.person("lena"))


@asynccontextmanager
async def following(connector: Mastodon) -> AsyncIterator[AsyncIterator[Page]]:
    """Live pages, after the first one that says it is connected."""
    pages = connector.follow()
    try:
        async with asyncio.timeout(PATIENCE):
            assert await anext(pages) == Page(())
        yield pages
    finally:
        await pages.aclose()  # type: ignore[attr-defined]  # it is a generator


async def next_fact(pages: AsyncIterator[Page]) -> InteractionFact:
    async with asyncio.timeout(PATIENCE):
        page = await anext(pages)
    assert page.facts
    return page.facts[-1]


@pytest.mark.peer
def test_a_mention_arrives_live_with_its_thread(stage: Stage) -> None:
    opening = stage.lena.post("Does anybody know this shop?")

    async def scenario(connector: Mastodon) -> None:
        async with following(connector) as pages:
            mention = stage.lena.reply(opening, f"@{stage.brand.username} do you?")
            async with asyncio.timeout(PATIENCE):
                page = await anext(pages)
        facts = {fact.native_id: fact for fact in page.facts}
        assert facts[mention["id"]].direction is Direction.INBOUND
        assert facts[opening["id"]].direction is Direction.AROUND
        assert {fact.root for fact in page.facts} == {opening["id"]}

    stage.play(scenario)


@pytest.mark.peer
def test_likes_our_own_posts_edits_and_deletions_arrive_live(stage: Stage) -> None:
    async def scenario(connector: Mastodon) -> None:
        async with following(connector) as pages:
            post = stage.brand.post("News")
            ours = await next_fact(pages)
            assert (ours.native_id, ours.direction) == (post["id"], Direction.OUTBOUND)
            stage.lena.like(post)
            like = await next_fact(pages)
            assert like.kind is Kind.LIKE
            stage.brand.edit(post, "Better news")
            edited = await next_fact(pages)
            assert edited.text == "Better news"
            assert edited.edited_at is not None
            stage.brand.delete(post)
            async with asyncio.timeout(PATIENCE):
                assert (await anext(pages)).gone == (post["id"],)

    stage.play(scenario)


@pytest.mark.peer
def test_a_direct_message_stays_direct_both_ways(stage: Stage) -> None:
    asked = stage.lena.post(f"@{stage.brand.username} my address is …", visibility="direct")

    async def scenario(connector: Mastodon) -> None:
        came = (await facts_of(connector, "notifications")).facts[asked["id"]]
        assert came.kind is Kind.DIRECT
        assert came.visibility is Visibility.DIRECT
        sent = await connector.send(
            wished(
                Act.REPLY,
                asked["id"],
                text="Thank you",
                mention=came.author.handle,
                visibility=came.visibility,
            )
        )
        assert sent.fact is not None
        assert sent.fact.kind is Kind.DIRECT
        assert sent.fact.party is not None
        assert sent.fact.party.native_id == stage.lena.acct
        arrived = stage.lena.notifications("mention")[0]["status"]
        assert arrived["visibility"] == "direct"
        assert arrived["id"] == sent.native_id
        ours = (await facts_of(connector, "own_posts")).facts[sent.native_id]
        assert ours.kind is Kind.DIRECT

    stage.play(scenario)


@pytest.mark.peer
@pytest.mark.parametrize(
    ("visibility", "name"),
    [
        (Visibility.PUBLIC, "public"),
        (Visibility.UNLISTED, "unlisted"),
        (Visibility.FOLLOWERS, "private"),
        (Visibility.DIRECT, "direct"),
    ],
)
def test_a_reply_is_as_wide_as_was_said(stage: Stage, visibility: Visibility, name: str) -> None:
    asked = stage.lena.post(f"@{stage.brand.username} open?", visibility="direct")

    async def scenario(connector: Mastodon) -> None:
        sent = await connector.send(
            wished(
                Act.REPLY,
                asked["id"],
                text="Yes",
                mention=stage.lena.handle,
                visibility=visibility,
                warning="Opening hours",
                record_key=f"{name}-{asked['id']}",
            )
        )
        seen = stage.lena.read(sent.native_id)
        assert seen["visibility"] == name
        assert seen["spoiler_text"] == "Opening hours"
        assert seen["in_reply_to_id"] == asked["id"]

    stage.play(scenario)


@pytest.mark.peer
def test_an_edit_shows_when_posts_are_fetched_again(stage: Stage) -> None:
    post = stage.lena.post(f"@{stage.brand.username} where is it?")
    stage.lena.edit(post, f"@{stage.brand.username} found it")

    async def scenario(connector: Mastodon) -> None:
        page = await connector.refetch((post["id"],))
        (fact,) = page.facts
        assert fact.text.endswith("found it")
        assert fact.edited_at is not None
        assert page.gone == ()

    stage.play(scenario)


@pytest.mark.peer
def test_strangers_are_found_by_hashtag_and_by_words(stage: Stage) -> None:
    tag = f"tag{stage.lena.username}"
    tagged = stage.lena.post(f"unboxing today #{tag}")
    stage.brand.post(f"our own #{tag}")

    async def scenario(connector: Mastodon) -> None:
        for query in (f"#{tag}", f"unboxing today #{tag}"):
            pages = [page async for page in connector.listen(query, cursor=None)]
            found = [fact for page in pages for fact in page.facts]
            assert [fact.native_id for fact in found] == [tagged["id"]]
            assert found[0].found

    stage.play(scenario)


@pytest.mark.peer
def test_a_reply_cut_off_in_the_middle_is_found_and_not_sent_twice(stage: Stage) -> None:
    asked = stage.lena.post(f"@{stage.brand.username} open?")
    item = wished(
        Act.REPLY,
        asked["id"],
        text="Yes, until six",
        mention=stage.lena.handle,
        record_key=f"cut-{asked['id']}",
    )

    async def scenario(connector: Mastodon) -> None:
        stage.server.break_with(
            {"type": "status", "status": 502}, path="/api/v1/statuses", methods=("POST",)
        )
        with pytest.raises(Unreachable) as caught:
            await connector.send(item)
        assert caught.value.reached
        assert await connector.find_sent(item) is None
        sent = await connector.send(item)
        found = await connector.find_sent(item)
        assert found is not None
        assert found.native_id == sent.native_id
        assert len(stage.lena.notifications("mention")) == 1

    stage.play(scenario)


@pytest.mark.peer
def test_a_rest_asked_for_by_a_real_server_is_taken(stage: Stage) -> None:
    async def scenario(connector: Mastodon) -> None:
        stage.server.break_with({"type": "ratelimit"}, path="/api/v1/notifications")
        with pytest.raises(RateLimited) as caught:
            await facts_of(connector, "notifications")
        assert caught.value.retryable
        assert (await facts_of(connector, "notifications")).pages == 1

    stage.play(scenario)


# The connection itself, at a server made by hand.


@pytest.mark.parametrize(
    ("server", "told", "expected"),
    [
        ("https://a.example", None, "wss://a.example/api/v1/streaming?stream=user"),
        (
            "https://a.example",
            "wss://s.a.example",
            "wss://s.a.example/api/v1/streaming?stream=user",
        ),
        (
            "https://a.example",
            "wss://a.example/api/v1/streaming",
            "wss://a.example/api/v1/streaming?stream=user",
        ),
        (
            "http://127.0.0.1:3000",
            "wss://mock.local",
            "ws://127.0.0.1:3000/api/v1/streaming?stream=user",
        ),
    ],
)
def test_where_a_server_streams(server: str, told: str | None, expected: str) -> None:
    new = Instance(version="4", configuration=Configuration(urls=Urls(streaming=told)))
    old = Instance(version="3", urls=Urls(streaming_api=told))
    assert streaming_url(server, new) == expected
    assert streaming_url(server, old) == expected


@dataclass(frozen=True)
class Handshake:
    """What a client showed when it opened a connection."""

    path: str
    bearer: str


def stream_from(
    script: Callable[[ServerConnection], Coroutine[Any, Any, None]],
    scenario: Callable[[Mastodon], Coroutine[Any, Any, None]],
    *,
    refuse: Callable[[Handshake], int | None] = lambda _shown: None,
) -> list[Handshake]:
    """Run a scenario against a streaming server that does as the script says."""
    shown: list[Handshake] = []

    def gate(connection: ServerConnection, request: Request) -> Response | None:
        handshake = Handshake(request.path, request.headers.get("Authorization", ""))
        if not request.path.startswith("/api/v1/streaming"):
            return connection.respond(404, "")
        shown.append(handshake)
        status = refuse(handshake)
        return connection.respond(status, "") if status else None

    async def run() -> None:
        async with serve(script, "127.0.0.1", 0, process_request=gate) as server:
            port = server.sockets[0].getsockname()[1]
            profile = type(PROFILE)(
                PROFILE.channel, f"http://127.0.0.1:{port}", PROFILE.native_id, PROFILE.handle
            )
            connector = Mastodon(Context(profile, {"token": "t"}))
            try:
                await scenario(connector)
            finally:
                await connector.close()

    asyncio.run(run())
    return shown


async def hang_up(connection: ServerConnection) -> None:
    await connection.close()


async def read_to_the_end(connector: Mastodon) -> list[Page]:
    """Every page until the connection breaks, which is the only way a stream ends."""
    pages: list[Page] = []
    try:
        async for page in connector.follow():
            pages.append(page)  # noqa: PERF401  # kept although the iterator ends by raising
    except Unreachable:
        return pages
    pytest.fail("the stream ended without a word")


def test_a_connection_that_ends_says_so() -> None:
    async def scenario(connector: Mastodon) -> None:
        assert await read_to_the_end(connector) == [Page(())]

    (shown,) = stream_from(hang_up, scenario)
    assert shown.bearer == "Bearer t"
    assert "access_token" not in shown.path


def test_a_server_that_wants_the_token_in_the_address_gets_it_there() -> None:
    async def scenario(connector: Mastodon) -> None:
        assert await read_to_the_end(connector) == [Page(())]

    shown = stream_from(
        hang_up, scenario, refuse=lambda one: None if "access_token=t" in one.path else 401
    )
    assert [one.bearer for one in shown] == ["Bearer t", ""]


def test_a_token_refused_both_ways_ends_the_sign_in() -> None:
    async def scenario(connector: Mastodon) -> None:
        with pytest.raises(AuthExpired):
            await anext(aiter(connector.follow()))

    stream_from(hang_up, scenario, refuse=lambda _one: 401)


def test_a_server_without_streaming_is_unreachable_for_it() -> None:
    async def scenario(connector: Mastodon) -> None:
        with pytest.raises(Unreachable):
            await anext(aiter(connector.follow()))

    stream_from(hang_up, scenario, refuse=lambda _one: 404)


def test_messages_that_cannot_be_read_do_not_cut_the_stream() -> None:
    messages = [
        "not json",
        '{"event":"filters_changed"}',
        '{"stream":["user"],"event":"notification","payload":"{broken"}',
        '{"event":"update","payload":"{}"}',
        '{"event":"delete","payload":"77"}',
        '{"event":"notifications_merged","payload":"1"}',
    ]

    async def script(connection: ServerConnection) -> None:
        for message in messages:
            await connection.send(message)

    async def scenario(connector: Mastodon) -> None:
        pages = await read_to_the_end(connector)
        # Connected; a notification that must be pulled; a deletion; merged, so pull.
        assert pages == [Page(()), Page(()), Page((), gone=("77",)), Page(())]

    stream_from(script, scenario)
