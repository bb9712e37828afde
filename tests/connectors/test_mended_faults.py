"""What once went wrong under a fault, each by the fault’s name, so that it does not come back."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from app.connectors.base import Context, Page, Profile
from app.connectors.channels.bluesky import sign_in
from app.connectors.channels.mastodon import Mastodon, sign_in_with_token, streaming
from app.connectors.http import MAX_BODY, Http
from app.domain.clock import FakeClock
from app.domain.errors import (
    AuthExpired,
    BadInput,
    ContractBroken,
    RateLimited,
    Rejected,
    SeamlineError,
    Unreachable,
)
from app.domain.interactions import Channel
from app.domain.outbox import Act
from tests.connectors import test_bluesky_faults as bluesky
from tests.connectors.harness import picture
from tests.connectors.harness_bluesky import gather, scripted
from tests.connectors.mastodon_wire import BRAND, START, Server, html_page, status, use, wished

POSTS = "/api/v1/accounts/1/statuses"
NOW = START + timedelta(minutes=1)
OFF = timedelta(minutes=10)


def portal(code: int = 200) -> httpx.Response:
    return html_page(code)


def reply(**changes: Any) -> Any:
    return wished(Act.REPLY, "5", **{"text": "Yes", "attempted_at": NOW, **changes})


# Mastodon: sending.


@pytest.mark.parametrize("target", ["20", "favourite:5:brand@shop.example"])
def test_a_portal_that_answers_a_deletion_has_deleted_nothing(target: str) -> None:
    server = Server({"/api/v1/statuses/20": portal(), "/api/v1/statuses/5/unfavourite": portal()})
    with pytest.raises(ContractBroken, match="web page"):
        use(server, lambda connector: connector.send(wished(Act.DELETE, target)))


@pytest.mark.parametrize(
    "answer", [portal(), httpx.Response(200, json={}), httpx.Response(200), httpx.Response(503)]
)
def test_an_upload_whose_answer_cannot_be_read_has_sent_no_reply(answer: httpx.Response) -> None:
    server = Server({"POST /api/v2/media": answer})
    with pytest.raises(SeamlineError) as caught:
        use(server, lambda connector: connector.send(reply(attachments=(picture(""),))))
    assert getattr(caught.value, "reached", None) is False
    assert server.asked("/api/v1/statuses") == []


def dated(posts: list[Any]) -> httpx.Response:
    """The server’s own time goes along with every answer."""
    date = f"{NOW:%a, %d %b %Y %H:%M:%S GMT}"
    return httpx.Response(200, json=posts, headers={"date": date})


@pytest.mark.parametrize("ahead", [OFF, -OFF])
def test_a_wrong_clock_of_ours_hides_no_post_from_the_look_up(ahead: timedelta) -> None:
    ours = status(40, BRAND, "Yes", in_reply_to_id="5")
    server = Server(
        {POSTS: lambda request: dated([] if "max_id" in request.url.params else [ours])}
    )
    found = use(
        server,
        lambda connector: connector.find_sent(reply(attempted_at=START + ahead)),
        clock=FakeClock(NOW + ahead),
    )
    assert found is not None
    assert found.native_id == "40"


def test_a_post_that_cannot_be_read_leaves_the_look_up_in_doubt() -> None:
    server = Server({POSTS: [{"id": "40"}, status(1, BRAND, "old", created_at="2020-01-01")]})
    with pytest.raises(ContractBroken, match="cannot be read, which may be this one"):
        use(server, lambda connector: connector.find_sent(reply()))


def test_a_conflict_in_answer_to_a_reply_is_looked_up_and_not_given_up() -> None:
    """With an idempotency key it says that the first try is still being worked on."""
    busy = httpx.Response(409, json={"error": "Conflict"})
    with pytest.raises(Unreachable, match="still at work") as caught:
        use(
            Server({"POST /api/v1/statuses": busy}),
            lambda connector: connector.send(reply()),
        )
    assert caught.value.reached


@pytest.mark.parametrize(("method", "reached"), [("POST", True), ("GET", False)])
def test_a_rest_asked_for_with_503_is_kept_and_a_reply_looked_up(
    method: str, reached: bool
) -> None:
    busy = httpx.Response(503, headers={"retry-after": "120"})
    clock = FakeClock(NOW)

    async def ask(connector: Mastodon) -> None:
        await (connector.send(reply()) if method == "POST" else connector.thread("5"))

    with pytest.raises(RateLimited) as caught:
        use(
            Server({"/api/v1/statuses": busy, "/api/v1/statuses/5": busy}),
            ask,
            clock=clock,
        )
    assert caught.value.reached is reached
    assert caught.value.retry_at == NOW + timedelta(seconds=120)


def test_a_rest_until_a_moment_is_counted_on_the_servers_clock() -> None:
    until = f"{NOW + timedelta(minutes=5):%a, %d %b %Y %H:%M:%S GMT}"
    date = f"{NOW:%a, %d %b %Y %H:%M:%S GMT}"
    busy = httpx.Response(429, headers={"retry-after": until, "date": date})
    with pytest.raises(RateLimited) as caught:
        use(
            Server({"/api/v1/statuses/5": busy}),
            lambda connector: connector.thread("5"),
            clock=FakeClock(NOW + OFF),
        )
    assert caught.value.retry_at == NOW + OFF + timedelta(minutes=5)


# Mastodon: live updates.


async def _silent(connection: ServerConnection) -> None:
    await connection.wait_closed()


def _follow(refuse: int | None = None) -> list[Page]:
    """What following gives until it fails."""
    pages: list[Page] = []

    def gate(connection: ServerConnection, _request: Request) -> Response | None:
        return connection.respond(refuse, "") if refuse else None

    async def run() -> None:
        async with serve(_silent, "127.0.0.1", 0, process_request=gate, ping_interval=None) as one:
            # Pauses reading, so that not even a ping is answered.
            server = f"http://127.0.0.1:{one.sockets[0].getsockname()[1]}"
            profile = Profile(Channel.MASTODON, server, "1@shop.example", "@brand@shop.example")
            connector = Mastodon(Context(profile, {"token": "t"}))
            try:
                async with asyncio.timeout(20):
                    async for page in connector.follow():
                        pages.append(page)
                        for connection in one.connections:
                            connection.transport.pause_reading()
            finally:
                for connection in one.connections:
                    connection.transport.abort()
                await connector.close()

    asyncio.run(run())
    return pages


def test_a_stream_that_has_gone_silent_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "PING_SECONDS", 0.2)
    with pytest.raises(Unreachable, match="were cut"):
        _follow()


def test_a_stream_that_is_forbidden_does_not_end_the_sign_in() -> None:
    """A proxy, or a server without streaming for this account: the rest of it goes on."""
    with pytest.raises(Unreachable, match="were cut"):
        _follow(403)


def test_a_stream_that_refuses_the_token_does() -> None:
    with pytest.raises(AuthExpired, match="live updates"):
        _follow(401)


# Both: who answers at all.


def test_a_portal_met_while_connecting_is_named() -> None:
    server = Server({"/api/v2/instance": portal(), "/api/v1/instance": portal()})
    with pytest.raises(BadInput, match="not a Mastodon server") as caught:
        asyncio.run(sign_in_with_token("shop.example", "t", transport=server.transport))
    assert "sign in first" in caught.value.hint
    other = httpx.MockTransport(lambda _request: portal())
    with pytest.raises(BadInput, match="not a Bluesky server") as caught:
        asyncio.run(sign_in("pds.example", "@a.example", "abcd-efgh", transport=other))
    assert "sign in first" in caught.value.hint


def test_a_refused_sign_in_to_bluesky_does_not_speak_of_sending() -> None:
    refusal = httpx.Response(403, json={"error": "Forbidden", "message": "Not today"})
    with pytest.raises(Rejected, match="Not today") as caught:
        asyncio.run(
            sign_in(
                "pds.example",
                "@a.example",
                "abcd-efgh",
                transport=httpx.MockTransport(lambda _request: refusal),
            )
        )
    assert caught.value.hint == "Sign in to Bluesky in a browser to see why."


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "streamed"])
def test_a_body_without_end_is_given_up_early(announced: bool) -> None:
    sent: list[int] = []

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(50):
            sent.append(1)
            yield bytes(1024 * 1024)

    headers = {"content-length": str(50 * 1024 * 1024)} if announced else {}

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=headers, content=endless())

    async def run() -> None:
        http = Http("https://shop.example", label="Shop", transport=httpx.MockTransport(answer))
        try:
            await http.request("GET", "/")
        finally:
            await http.close()

    with pytest.raises(ContractBroken, match="more than 16 MB"):
        asyncio.run(run())
    assert len(sent) <= (0 if announced else MAX_BODY // 1024**2 + 1)


# Bluesky: reading.


def _refetched(*posts: Any) -> Page:
    server = bluesky.Server(getPosts={"posts": list(posts)})

    async def run() -> Page:
        async with scripted(httpx.MockTransport(server), secrets=bluesky.TOKENS) as connector:
            return await connector.refetch((bluesky.THEIRS,))

    return asyncio.run(run())


def test_a_post_that_comes_unreadable_is_not_called_gone() -> None:
    assert _refetched({}).gone == ()
    assert _refetched().gone == (bluesky.THEIRS,)


@pytest.mark.parametrize("following", ["a", "ab"], ids=["itself", "each_other"])
@pytest.mark.parametrize("stream", ["notifications", "posts", "#coffee"])
def test_pages_that_link_in_a_ring_come_to_an_end(stream: str, following: str) -> None:
    count = 0
    entry = bluesky.post()
    long_ago = '{"newest": 1}'  # so that the pull wants to read on behind every page

    def page(_request: httpx.Request) -> httpx.Response:
        nonlocal count
        cursor = following[count % len(following)]
        count += 1
        assert count < 20
        body = {
            "cursor": cursor,
            "notifications": [bluesky.notification("follow")],
            "feed": [{"post": bluesky.post(bluesky.OURS)}],
            "posts": [entry],
        }
        return httpx.Response(200, content=json.dumps(body))

    server = bluesky.Server(listNotifications=page, getAuthorFeed=page, searchPosts=page)

    async def run() -> list[Page]:
        async with scripted(httpx.MockTransport(server), secrets=bluesky.TOKENS) as connector:
            if stream.startswith("#"):
                return await gather(connector.listen(stream, cursor=long_ago))
            return await gather(connector.pull(stream, cursor=long_ago))

    assert asyncio.run(run())
    assert 1 < count <= 3
