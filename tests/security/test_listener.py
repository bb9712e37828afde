"""The listener of a sign-in, spoken to as no browser would: by raw sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import urlsplit

import pytest

from app.connectors.channels.mastodon import loopback as listening
from app.connectors.channels.mastodon.loopback import LONGEST_HEAD, MOST_CONNECTIONS, Loopback

T = TypeVar("T")
STATE = "the-state"
GOOD = f"/?code=good&state={STATE}"


class Caller:
    """Speaks to the listener; every call is a connection of its own."""

    def __init__(self, loopback: Loopback) -> None:
        parts = urlsplit(loopback.address)
        assert parts.hostname == "127.0.0.1"
        assert parts.port is not None
        self.port = parts.port

    async def say(self, said: bytes, *, end: bool = False) -> bytes:
        """Everything that is answered; ``end`` closes our side first."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(said)
            await writer.drain()
            if end:
                writer.write_eof()
            return await asyncio.wait_for(reader.read(), 10)
        except ConnectionError:
            return b""
        finally:
            writer.close()

    async def get(self, target: str) -> bytes:
        return await self.say(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())


def visit(scenario: Callable[[Loopback, Caller], Awaitable[T]]) -> T:
    async def run() -> T:
        async with Loopback(STATE) as loopback:
            return await scenario(loopback, Caller(loopback))

    return asyncio.run(run())


def status(answer: bytes) -> str:
    return answer[9:12].decode()


async def signs_in(loopback: Loopback, caller: Caller) -> None:
    """The right request is still taken, whatever came before it."""
    assert status(await caller.get(GOOD)) == "200"
    answer = await asyncio.wait_for(loopback.answer(), 10)
    assert answer == {"code": "good", "state": STATE}


def test_it_is_heard_on_this_machine_alone() -> None:
    async def scenario(loopback: Loopback, caller: Caller) -> None:
        assert loopback._server is not None
        bound = [one.getsockname() for one in loopback._server.sockets]
        assert bound == [("127.0.0.1", caller.port)]

    visit(scenario)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/favicon.ico", "404"),
        ("/?code=stolen", "400"),
        ("/?code=stolen&state=", "400"),
        ("/?code=stolen&state=guessed", "400"),
        (f"/?code=stolen&state={STATE}x", "400"),
        (f"/?code=stolen&state={STATE}&state=other", "400"),
        (f"/other?code=stolen&state={STATE}", "404"),
        (f"//evil.example/?code=stolen&state={STATE}", "200"),
        ("//[", "400"),
        ("/?" + "&".join(f"a{n}=1" for n in range(1_500)), "400"),
        ("", "404"),
    ],
)
def test_what_does_not_carry_the_state_changes_nothing(target: str, expected: str) -> None:
    async def scenario(loopback: Loopback, caller: Caller) -> None:
        assert status(await caller.get(target)) == expected
        if expected != "200":
            await signs_in(loopback, caller)

    visit(scenario)


@pytest.mark.parametrize("method", ["POST", "HEAD", "OPTIONS", "CONNECT", "get"])
def test_only_a_visit_counts(method: str) -> None:
    async def scenario(loopback: Loopback, caller: Caller) -> None:
        answer = await caller.say(f"{method} {GOOD} HTTP/1.1\r\n\r\n".encode())
        assert status(answer) == "404"
        await signs_in(loopback, caller)

    visit(scenario)


@pytest.mark.parametrize(
    "said", [b"", b"\r\n\r\n", b"\x00" * 100, b"\x16\x03\x01\x02\x00", b"GET", b"\xff\xfe\r\n\r\n"]
)
def test_whatever_is_said_is_no_crash(said: bytes) -> None:
    async def scenario(loopback: Loopback, caller: Caller) -> None:
        assert status(await caller.say(said, end=True)) in ("", "404", "400")
        await signs_in(loopback, caller)

    visit(scenario)


def test_it_takes_one_request_and_closes() -> None:
    async def scenario(loopback: Loopback, caller: Caller) -> None:
        early_reader, early = await asyncio.open_connection("127.0.0.1", caller.port)
        await signs_in(loopback, caller)
        # Played again, on a connection opened before: it has been used.
        early.write(f"GET {GOOD.replace('good', 'again')} HTTP/1.1\r\n\r\n".encode())
        assert status(await asyncio.wait_for(early_reader.read(), 10)) == "410"
        early.close()
        assert (await loopback.answer())["code"] == "good"
        # And on a new one: nobody listens any more.
        with pytest.raises(OSError, match=r"refused|Connect"):
            socket.create_connection(("127.0.0.1", caller.port), timeout=5)

    visit(scenario)


def test_a_head_without_end_is_cut_off() -> None:
    async def scenario(loopback: Loopback, caller: Caller) -> None:
        answer = await caller.say(b"GET /?" + b"a" * (4 * LONGEST_HEAD))
        assert answer == b""
        await signs_in(loopback, caller)

    visit(scenario)


def test_who_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "PATIENCE_S", 0.05)

    async def scenario(loopback: Loopback, caller: Caller) -> None:
        assert await caller.say(b"GET / HT") == b""
        await signs_in(loopback, caller)

    visit(scenario)


def test_a_crowd_is_not_let_in() -> None:
    async def scenario(loopback: Loopback, caller: Caller) -> None:
        crowd = [
            await asyncio.open_connection("127.0.0.1", caller.port) for _ in range(MOST_CONNECTIONS)
        ]
        assert await caller.get(GOOD) == b""
        for _, writer in crowd:
            writer.close()
            await writer.wait_closed()
        for _ in range(1_000):
            if loopback._open == 0:
                break
            await asyncio.sleep(0)
        await signs_in(loopback, caller)

    visit(scenario)


def test_the_page_loads_nothing_and_tells_nobody() -> None:
    async def scenario(_loopback: Loopback, caller: Caller) -> bytes:
        return await caller.get(GOOD)

    head, _, body = visit(scenario).partition(b"\r\n\r\n")
    assert b"Content-Security-Policy: default-src 'none'" in head
    assert b"Referrer-Policy: no-referrer" in head
    assert b"Cache-Control: no-store" in head
    assert b"good" not in body
    assert b"<script" not in body
