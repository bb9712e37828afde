"""A web server on loopback that misbehaves to order: bytes on a socket, so that what is tested is
the real client and not a stand-in for it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

_CHUNK = b"x" * 65_536
_WEBSOCKET_ID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
_TEXT, _CLOSE = 0x81, 0x88


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves the server.

    ``stop_at``  the share of the body after which the server stops; None sends all of it. Before
                 zero, not even the head is sent, and with ``unread`` not even the request is read.
    ``stalls``   whether it then keeps the connection open in silence, or cuts it.
    ``size``     bytes to send in place of ``body``, in chunks without saying how many there are.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stop_at: float | None = None
    stalls: bool = False
    unread: bool = False
    size: int = 0

    def but(self, **changes: Any) -> Answer:
        return replace(self, **changes)


def as_json(value: object, status: int = 200, **headers: str) -> Answer:
    """``headers`` with underscores for hyphens."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(status, json.dumps(value).encode(), {"content-type": "application/json", **named})


Respond = Callable[[httpx.Request], Answer | list[Answer]]
"""An answer, or the messages of a stream: each the body of one text frame."""


class FaultServer:
    """Listens on 127.0.0.1; ``respond`` decides every answer. ``requests`` are those it read."""

    def __init__(self, respond: Respond, tls: ssl.SSLContext | None = None) -> None:
        self._respond = respond
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.requests: list[httpx.Request] = []
        self.port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            # Cancelled at the end of a test, which asyncio’s streams would report as a failure.
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._serve(reader, writer)
        finally:
            self._open.discard(task)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readexactly(1)
        if not first.isalpha():  # a TLS handshake, where plain speech is expected
            writer.write(b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n")
            await writer.drain()
            return
        request = _head(first + await reader.readuntil(b"\r\n\r\n"))
        answer = self._respond(request)
        if isinstance(answer, Answer) and answer.unread:
            self.requests.append(request)
            await asyncio.Event().wait()  # until the test is over
        body = await reader.readexactly(int(request.headers.get("content-length", "0")))
        request = httpx.Request(request.method, request.url, headers=request.headers, content=body)
        self.requests.append(request)
        if isinstance(answer, list):
            await _stream(request, answer, reader, writer)
        else:
            await _send(answer, reader, writer)


def of_somebody_else() -> ssl.SSLContext:
    """A certificate that nobody vouches for, made out to another host, as a hotel’s page has."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("foreign.pem"))
    return context


class SilentServer(FaultServer):
    """Takes connections and never says a word."""

    def __init__(self) -> None:
        super().__init__(lambda _request: Answer())

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _hush(reader)


def _head(head: bytes) -> httpx.Request:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _ = first.split(" ")
    headers = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return httpx.Request(method, f"http://server{target}", headers=headers)


async def _send(answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if answer.stop_at is None or answer.stop_at >= 0:
        reason = HTTPStatus(answer.status).phrase
        length = (
            "transfer-encoding: chunked" if answer.size else f"content-length: {len(answer.body)}"
        )
        lines = [f"HTTP/1.1 {answer.status} {reason}", length, "connection: close"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
        for _ in range(0, answer.size, len(_CHUNK)):
            writer.write(b"%x\r\n%b\r\n" % (len(_CHUNK), _CHUNK))
            await writer.drain()
        whole = 1.0 if answer.stop_at is None else answer.stop_at
        writer.write(answer.body[: int(len(answer.body) * whole)])
        await writer.drain()
    if answer.stalls:
        await _hush(reader)


async def _stream(
    request: httpx.Request,
    messages: list[Answer],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """A WebSocket with one text frame for each message, then an orderly end."""
    key = request.headers["sec-websocket-key"].encode()
    accept = base64.b64encode(hashlib.sha1(key + _WEBSOCKET_ID, usedforsecurity=False).digest())
    writer.write(
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n"
        b"sec-websocket-accept: " + accept + b"\r\n\r\n"
    )
    for message in messages:
        length = message.size or len(message.body)
        writer.write(bytes([_TEXT, 127]) + length.to_bytes(8, "big"))
        whole = 1.0 if message.stop_at is None else max(message.stop_at, 0)
        writer.write(message.body[: int(len(message.body) * whole)])
        await writer.drain()
        if message.stalls:
            await _hush(reader)
        if message.stop_at is not None:
            return
    writer.write(bytes([_CLOSE, 2]) + (1000).to_bytes(2, "big"))
    await writer.drain()
    await reader.read(len(_CHUNK))  # the other side’s end; then it is ours to hang up


async def _hush(reader: asyncio.StreamReader) -> None:
    """Say nothing until the other side gives up."""
    while await reader.read(len(_CHUNK)):
        pass
