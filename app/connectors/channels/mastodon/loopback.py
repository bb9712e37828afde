"""The listener on this machine that a browser is sent back to after an authorisation."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit

LONGEST_HEAD = 16 * 1024
PATIENCE_S = 30.0
"""How long a connection may take to say what it wants."""
MOST_CONNECTIONS = 16
"""At once; a browser opens two or three. Further ones are closed unheard."""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Seamline</title>
<style>
body {{ font: 17px/1.5 system-ui, sans-serif; display: grid; place-items: center; height: 90vh;
       margin: 0; color: #22252a; background: #f7f6f3 }}
@media (prefers-color-scheme: dark) {{ body {{ color: #e8e6e1; background: #1b1d21 }} }}
</style></head><body><p>{sentence}</p></body></html>
"""
_DONE = "You can close this window and go back to Seamline."
_NOT_OURS = "This page is only for the sign-in that Seamline has just started."
_USED = "This sign-in has been used already. You can close this window."


class Loopback:
    """Listens on 127.0.0.1 for the one request that carries our ``state``, then closes.

    The one request is the first that carries the state. A browser may open connections ahead of
    need or ask for an icon, and another page may guess the port: were that the one request, any
    page could end a sign-in, so whatever does not carry the state is told so and changes nothing.
    Source: RFC 8252, sections 7.3 and 8.3.
    """

    def __init__(self, state: str) -> None:
        self._state = state
        self._answer: asyncio.Future[dict[str, str]] | None = None
        self._server: asyncio.Server | None = None
        self._open = 0
        self.address = ""

    async def __aenter__(self) -> Self:
        self._answer = asyncio.get_running_loop().create_future()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LONGEST_HEAD)
        port = self._server.sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()

    async def answer(self) -> dict[str, str]:
        """The query the browser came back with: ``code``, or ``error``."""
        assert self._answer is not None
        return await self._answer

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open += 1
        try:
            if self._open > MOST_CONNECTIONS:
                return
            async with asyncio.timeout(PATIENCE_S):
                head = await reader.readuntil(b"\r\n\r\n")
            status, sentence = self._taken(head)
            body = _PAGE.format(sentence=sentence).encode()
            writer.write(
                f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
                f"Content-Length: {len(body)}\r\nCache-Control: no-store\r\n"
                "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
                "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n"
                "Connection: close\r\n\r\n".encode()
                + body
            )
            await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # Opened ahead of need, or no browser at all.
        finally:
            self._open -= 1
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    def _taken(self, head: bytes) -> tuple[str, str]:
        """The status and the sentence to answer with; takes note of the right request."""
        method, _, rest = head.decode("latin-1").partition(" ")
        try:
            target = urlsplit(rest.partition(" ")[0])
            query = dict(parse_qsl(target.query))
        except ValueError:
            return "400 Bad Request", _NOT_OURS
        if method != "GET" or target.path != "/" or self._answer is None:
            return "404 Not Found", _NOT_OURS
        if not secrets.compare_digest(query.get("state", "").encode(), self._state.encode()):
            return "400 Bad Request", _NOT_OURS
        if self._answer.done():
            return "410 Gone", _USED
        self._answer.set_result(query)
        if self._server is not None:
            self._server.close()  # nobody else is heard
        return "200 OK", _DONE
