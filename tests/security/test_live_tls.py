"""Live updates are spoken over a verified connection or not at all."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import msgspec
import pytest

from app.connectors.base import Page, Profile
from app.connectors.channels.mastodon.api import Api
from app.connectors.channels.mastodon.facts import Translator
from app.connectors.channels.mastodon.shapes import Instance
from app.connectors.channels.mastodon.streaming import Live, streaming_url
from app.connectors.http import is_loopback
from app.domain.errors import Unreachable
from app.domain.interactions import Channel
from tests.faults import server as faulty
from tests.faults.server import Answer, FaultServer, of_somebody_else

PROFILE = Profile(Channel.MASTODON, "https://shop.example", "1@shop.example", "@brand@shop.example")
_HANDSHAKE = 0x16
"""The first byte of a TLS connection (RFC 8446, section 5.1); plain speech begins with a letter."""


class Door:
    """Stands before a server and notes the first byte of every connection it lets through."""

    def __init__(self, behind: FaultServer) -> None:
        self._behind = behind
        self._pipes: set[asyncio.Task[None]] = set()
        self.first: list[int] = []
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._pipes:
            task.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._pipes.add(task)
        inner, out = await asyncio.open_connection("127.0.0.1", self._behind.port)
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            first = await reader.readexactly(1)
            self.first.append(first[0])
            out.write(first)
            await asyncio.gather(_pipe(reader, out), _pipe(inner, writer))
        out.close()
        writer.close()


async def _pipe(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while chunk := await source.read(65_536):
        sink.write(chunk)
        await sink.drain()
    sink.close()


def _followed(scheme: str, tls: ssl.SSLContext | None) -> tuple[list[Page], list[int], list[str]]:
    """The pages of one attempt to follow, the first bytes that were sent, the paths asked for.

    Raises what following raised; the bytes and paths are then notes of the error.
    """

    async def run() -> tuple[list[Page], list[int], list[str]]:
        server = FaultServer(lambda _request: [Answer(body=b"{}")], tls)
        async with server, Door(server) as door:
            api = Api(f"{scheme}://127.0.0.1:{door.port}", "a secret token")
            try:
                page = await anext(Live(api, Translator(PROFILE), _nothing_told).pages())
            except Unreachable as error:
                error.add_note(f"{door.first} {[str(one.url) for one in server.requests]}")
                raise
            finally:
                await api.close()
            return [page], door.first, [one.url.path for one in server.requests]

    return asyncio.run(run())


async def _nothing_told() -> Instance | None:
    return None


def test_a_certificate_nobody_vouches_for_ends_it_before_a_word_is_said() -> None:
    with pytest.raises(Unreachable, match=r"^Live updates from 127\.0\.0\.1.* were cut\.") as told:
        _followed("https", of_somebody_else())
    assert told.value.hint == "They are resumed by themselves; until then it is asked now and then."
    assert isinstance(told.value.__cause__, ssl.SSLCertVerificationError)
    assert told.value.__notes__ == [f"[{_HANDSHAKE}] []"]  # once, in TLS, and no request with it


def test_a_certificate_of_another_host_is_none_for_this_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also where somebody vouches for it: a hotel may have a good certificate, for its own page."""
    monkeypatch.setenv("SSL_CERT_FILE", str(Path(faulty.__file__).with_name("foreign.pem")))
    with pytest.raises(Unreachable) as told:
        _followed("https", of_somebody_else())
    cause = told.value.__cause__
    assert isinstance(cause, ssl.SSLCertVerificationError)
    assert "127.0.0.1" in cause.verify_message
    assert told.value.__notes__ == [f"[{_HANDSHAKE}] []"]


def test_a_server_that_speaks_plainly_where_tls_was_due_hears_no_word() -> None:
    with pytest.raises(Unreachable) as told:
        _followed("https", None)
    assert told.value.__notes__ == [f"[{_HANDSHAKE}] []"]


def test_this_machine_may_be_followed_plainly() -> None:
    pages, first, asked = _followed("http", None)
    assert pages == [Page(())]
    assert (first, asked) == ([ord("G")], ["/api/v1/streaming"])


@pytest.mark.parametrize(
    "server",
    [
        "https://shop.example",
        "http://shop.example",
        "http://10.0.0.1",
        "https://127.0.0.1:1",
        "http://localhost:1",
        "http://[::1]:1",
    ],
)
@pytest.mark.parametrize("told", ["", "ws://stream.example", "http://stream.example",
                                  "ws://127.0.0.1:2", "wss://stream.example"])  # fmt: skip
def test_only_this_machine_is_ever_followed_plainly(server: str, told: str) -> None:
    instance = msgspec.convert({"version": "4", "urls": {"streaming_api": told}}, Instance)
    url = urlsplit(streaming_url(server, instance))
    assert url.scheme == "wss" or is_loopback(url.hostname or "")
