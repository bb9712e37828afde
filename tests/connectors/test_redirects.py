"""A redirection is never followed: not by a request, not by a stream, least of all inwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from app.connectors.base import Connector, Context, Profile
from app.connectors.channels.bluesky import Bluesky
from app.connectors.channels.mastodon import Mastodon
from app.connectors.channels.mastodon.shapes import Configuration, Instance, Urls
from app.connectors.channels.mastodon.streaming import streaming_url
from app.connectors.http import Elsewhere, Http
from app.domain.errors import Unreachable
from app.domain.interactions import Channel
from app.domain.outbox import Act
from tests.connectors.harness import outbox_item
from tests.faults.server import Answer, FaultServer

STATUSES = (301, 302, 303, 307, 308)
INWARDS = (
    "http://127.0.0.1:{port}/",
    "http://[::1]:{port}/",
    "http://localhost:{port}/",
    "http://10.0.0.1/admin",
    "http://192.168.1.1/",
    "http://172.16.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://[fd00::1]/",
    "http://[fe80::1]/",
    "http://0.0.0.0/",
    "//10.0.0.1/",
    "http://anybody@10.0.0.1/",
    "http://printer.local/",
    "http://router.home.arpa/",
    "http://metadata.internal/",
)
_BRAND = "did:plc:brand"
_THEIRS = "at://did:plc:alice/app.bsky.feed.post/3jzfcijpj2z2b"


def _mastodon(server: str) -> Connector:
    profile = Profile(Channel.MASTODON, server, "1@shop.example", "@brand@shop.example")
    return Mastodon(Context(profile, {"token": "secret"}))


def _bluesky(server: str) -> Connector:
    profile = Profile(Channel.BLUESKY, server, _BRAND, "@brand.example")
    return Bluesky(Context(profile, {"access": "secret", "refresh": "secret"}))


async def _pull(connector: Connector) -> None:
    async for _ in connector.pull("notifications", cursor=None):
        pass


async def _send(connector: Connector) -> None:
    target = _THEIRS if connector.channel is Channel.BLUESKY else "5"
    item = outbox_item(connector.channel, Act.REPLY, target, text="Yes", record_key="key-1")
    await connector.send(item)


@asynccontextmanager
async def _two_servers(status: int, location: str) -> AsyncIterator[tuple[str, FaultServer]]:
    """One that sends on, and the address behind it, which counts who comes."""
    async with FaultServer(lambda _request: Answer(200, b"{}")) as inner:
        answer = Answer(status, headers={"location": location.format(port=inner.port)})
        async with FaultServer(lambda _request: answer) as outer:
            yield f"http://127.0.0.1:{outer.port}", inner


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_request_stays_where_it_was_sent(status: int, method: str) -> None:
    async def run() -> None:
        async with _two_servers(status, INWARDS[0]) as (server, inner):
            http = Http(server, label="Shop")
            try:
                answer = await http.request(method, "/api", headers={"Authorization": "Bearer s"})
            finally:
                await http.close()
            assert answer.status_code == status
            assert inner.requests == []

    asyncio.run(run())


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("made", [_mastodon, _bluesky], ids=["mastodon", "bluesky"])
@pytest.mark.parametrize("act", [_pull, _send], ids=["pull", "send"])
def test_no_connector_goes_along(
    made: Callable[[str], Connector],
    act: Callable[[Connector], Coroutine[Any, Any, None]],
    status: int,
) -> None:
    async def run() -> Elsewhere:
        async with _two_servers(status, INWARDS[0]) as (server, inner):
            connector = made(server)
            try:
                with pytest.raises(Elsewhere) as caught:
                    await act(connector)
            finally:
                await connector.close()
            assert inner.requests == []
            assert caught.value.target == f"127.0.0.1:{inner.port}"
            return caught.value

    error = asyncio.run(run())
    assert "sends on to 127.0.0.1:" in error.message
    assert error.hint.startswith("Seamline does not follow into a private network.")


@pytest.mark.parametrize("location", INWARDS)
def test_an_address_inside_is_recognised_however_it_is_written(location: str) -> None:
    request = httpx.Request("GET", "https://shop.example/api")
    headers = {"location": location.format(port=80)}
    error = Elsewhere("shop.example", httpx.Response(302, headers=headers, request=request))
    assert error.leads_inside
    assert "private network" in error.hint


@pytest.mark.parametrize(
    ("method", "status", "reached"),
    [("GET", 303, False), ("POST", 303, True), ("POST", 302, False), ("POST", 307, False)],
)
def test_see_other_may_be_the_answer_to_what_was_done(
    method: str, status: int, reached: bool
) -> None:
    request = httpx.Request(method, "https://shop.example/api")
    headers = {"location": "https://shop.example/done"}
    error = Elsewhere("shop.example", httpx.Response(status, headers=headers, request=request))
    assert error.reached is reached


@pytest.mark.parametrize("status", STATUSES)
def test_a_stream_stays_where_it_was_opened(status: int) -> None:
    """It carries the token: in its headers, or in its address."""
    came: list[str] = []

    async def silent(connection: ServerConnection) -> None:
        await connection.wait_closed()

    def note(_connection: ServerConnection, request: Request) -> None:
        came.append(request.path)

    async def run() -> None:
        async with serve(silent, "127.0.0.1", 0, process_request=note) as inner:
            port = inner.sockets[0].getsockname()[1]

            def send_on(_connection: ServerConnection, _request: Request) -> Response:
                headers = Headers(location=f"ws://127.0.0.1:{port}/api/v1/streaming")
                headers["content-length"] = "0"
                return Response(status, "Moved", headers)

            async with serve(silent, "127.0.0.1", 0, process_request=send_on) as outer:
                connector = _mastodon(f"http://127.0.0.1:{outer.sockets[0].getsockname()[1]}")
                try:
                    with pytest.raises(Unreachable, match=r"Live updates from .* were cut"):
                        await anext(connector.follow())
                finally:
                    await connector.close()

    asyncio.run(run())
    assert came == []


@pytest.mark.parametrize(
    ("server", "told", "expected"),
    [
        ("https://shop.example", "wss://10.0.0.1", "shop.example"),
        ("https://shop.example", "wss://localhost:9000", "shop.example"),
        ("https://shop.example", "wss://169.254.169.254/stream", "shop.example"),
        ("https://shop.example", "wss://[::1]", "shop.example"),
        ("https://shop.example", "wss://stream.shop.example", "stream.shop.example"),
        ("https://social.local", "wss://stream.local", "stream.local"),
    ],
)
def test_a_server_out_there_cannot_point_live_updates_inwards(
    server: str, told: str, expected: str
) -> None:
    instance = Instance(version="4", configuration=Configuration(urls=Urls(streaming=told)))
    assert httpx.URL(streaming_url(server, instance)).host == expected
