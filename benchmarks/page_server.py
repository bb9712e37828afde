"""A server that answers from memory: the pages of 5,000 mentions, as a Mastodon server sends them.

It does as little as a server can, so that what is measured is the client. Runs in a process of
its own: ``python -m benchmarks.page_server COUNT SECONDS`` prints its address and serves until it
is killed.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

PAGE = 80
_START = datetime(2026, 11, 1, tzinfo=UTC)
_FIRST_ID = 115_000_000_000_000_000
_REQUEST = re.compile(rb"GET (/[^ ?]*)\??([^ ]*) HTTP/1.1")
_MAX_ID = re.compile(rb"max_id=(\d+)")


def _account(number: int, host: str) -> dict[str, Any]:
    name = f"customer{number}"
    return {
        "id": str(200_000 + number),
        "username": name,
        "acct": f"{name}@elsewhere.example",
        "display_name": f"Customer Number {number}",
        "locked": False,
        "bot": False,
        "created_at": "2021-03-04T00:00:00.000Z",
        "note": "<p>Coffee, mostly. Opinions are my own.</p>",
        "url": f"https://elsewhere.example/@{name}",
        "uri": f"https://elsewhere.example/users/{name}",
        "avatar": f"http://{host}/avatars/{number}.png",
        "avatar_static": f"http://{host}/avatars/{number}.png",
        "header": f"http://{host}/headers/{number}.png",
        "header_static": f"http://{host}/headers/{number}.png",
        "followers_count": number * 7 % 5000,
        "following_count": 180,
        "statuses_count": 1200,
        "last_status_at": "2026-11-01",
        "emojis": [],
        "fields": [],
    }


def _notification(number: int, host: str) -> dict[str, Any]:
    at = (_START + timedelta(seconds=37 * number)).isoformat().replace("+00:00", ".000Z")
    account = _account(number % 900, host)
    content = (
        f'<p><span class="h-card"><a href="http://{host}/@halden" class="u-url mention">'
        f"@<span>halden</span></a></span> My machine {number} shows E14 since the update &amp; "
        f"the grinder squeals. What can I do about it? Order HC-{number:05}</p>"
    )
    status = {
        "id": str(_FIRST_ID + number),
        "created_at": at,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"https://elsewhere.example/statuses/{number}",
        "url": f"https://elsewhere.example/@customer/{number}",
        "replies_count": 0,
        "reblogs_count": 0,
        "favourites_count": 0,
        "edited_at": None,
        "content": content,
        "reblog": None,
        "application": None,
        "account": account,
        "media_attachments": [],
        "mentions": [
            {"id": "1", "username": "halden", "url": f"http://{host}/@halden", "acct": "halden"}
        ],
        "tags": [],
        "emojis": [],
        "card": None,
        "poll": None,
    }
    return {
        "id": str(_FIRST_ID + 1_000_000 + number),
        "type": "mention",
        "created_at": at,
        "account": account,
        "status": status,
    }


class PageServer:
    """Answers ``/api/v1/notifications`` newest first; everything else is 404."""

    def __init__(self, count: int, page_s: float) -> None:
        self._count = count
        self._page_s = page_s
        self._pages: dict[int, bytes] = {}

    def fill(self, host: str) -> None:
        for top in range(self._count, 0, -PAGE):
            numbers = range(top, max(0, top - PAGE), -1)
            lowest = _FIRST_ID + 1_000_000 + numbers[-1]
            body = json.dumps([_notification(n, host) for n in numbers]).encode()
            link = f'<http://{host}/api/v1/notifications?limit={PAGE}&max_id={lowest}>; rel="next"'
            self._pages[top] = _answer(200, body, link)
        self._empty = _answer(200, b"[]")
        self._missing = _answer(404, b'{"error":"Record not found"}')
        self._instance = _answer(
            200, json.dumps({"uri": host, "version": "4.4.0", "title": "bench"}).encode()
        )

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                if self._page_s:
                    await asyncio.sleep(self._page_s)
                writer.write(self._for(request))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _for(self, request: bytes) -> bytes:
        parsed = _REQUEST.match(request)
        path = parsed[1] if parsed else b""
        if path == b"/api/v1/instance":
            return self._instance
        if path != b"/api/v1/notifications" or parsed is None:
            return self._missing
        older = _MAX_ID.search(parsed[2])
        top = int(older[1]) - _FIRST_ID - 1_000_000 - 1 if older else self._count
        return self._pages.get(top, self._empty)


def _answer(status: int, body: bytes, link: str = "") -> bytes:
    head = [
        f"HTTP/1.1 {status} X",
        "Content-Type: application/json; charset=utf-8",
        f"Content-Length: {len(body)}",
    ]
    if link:
        head.append(f"Link: {link}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


async def _main(count: int, page_s: float) -> None:
    pages = PageServer(count, page_s)
    server = await asyncio.start_server(pages.serve, "127.0.0.1", 0)
    host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    pages.fill(host)
    sys.stdout.write(f"http://{host}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), float(sys.argv[2])))
