"""A server made by hand, for what a real one does not produce on demand."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import unquote

import httpx

from app.connectors.base import Context, Page, Profile
from app.connectors.channels.mastodon import Mastodon
from app.domain.clock import Clock
from app.domain.interactions import Channel
from app.domain.outbox import Act, OutboxItem
from tests.connectors.harness import outbox_item

Json = dict[str, Any]
Answer = httpx.Response | Exception | Json | list[Any]
Route = Answer | Callable[[httpx.Request], Answer]
T = TypeVar("T")

START = datetime(2026, 11, 19, 8, 0, tzinfo=UTC)
PROFILE = Profile(Channel.MASTODON, "https://shop.example", "1@shop.example", "@brand@shop.example")
BRAND: Json = {"id": "1", "username": "brand", "acct": "brand", "display_name": "Brand"}


def account(number: int, acct: str, **fields: Any) -> Json:
    return {"id": str(number), "username": acct.partition("@")[0], "acct": acct, **fields}


LENA = account(7, "Lena@far.example", display_name="Lena 🌻", followers_count=40)
TOM = account(8, "tom")


def status(native_id: int | str, by: Json = LENA, text: str = "hello", **fields: Any) -> Json:
    """A post. A numeric id also sets its time: one second later for each."""
    seconds = int(native_id) if str(native_id).isdigit() else 0
    return {
        "id": str(native_id),
        "created_at": (START + timedelta(seconds=seconds % 100_000)).isoformat(),
        "account": by,
        "content": f"<p>{text}</p>",
        "visibility": "public",
        "mentions": [{"id": "1", "username": "brand", "acct": "brand"}] if by is not BRAND else [],
        **fields,
    }


def notification(native_id: int | str, kind: str = "mention", **fields: Any) -> Json:
    """A notification; a mention of the same number unless told otherwise."""
    seconds = int(native_id) if str(native_id).isdigit() else 0
    made: Json = {
        "id": str(native_id),
        "type": kind,
        "created_at": (START + timedelta(seconds=seconds % 100_000)).isoformat(),
        "account": LENA,
    }
    if kind != "follow":
        made["status"] = status(native_id)
    return {**made, **fields}


def page_of(entries: list[Json], request: httpx.Request, most: int = 40) -> list[Json]:
    """One page of a list as Mastodon cuts it; ``entries`` in any order."""

    def order(native_id: str) -> tuple[int, str]:
        return len(native_id), native_id

    bounds = request.url.params
    limit = min(int(bounds.get("limit", "20")), most)
    rows = sorted(entries, key=lambda one: order(one["id"]), reverse=True)
    if "max_id" in bounds:
        rows = [one for one in rows if order(one["id"]) < order(bounds["max_id"])]
    if "min_id" in bounds:
        rows = [one for one in rows if order(one["id"]) > order(bounds["min_id"])]
        return rows[-limit:]
    return rows[:limit]


class Server:
    """Answers by path, remembers what it was asked; unknown paths are 404 as Mastodon says it."""

    def __init__(self, routes: dict[str, Route] | None = None) -> None:
        self.routes = dict(routes or {})
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._handle)

    def asked(self, path: str) -> list[httpx.Request]:
        return [one for one in self.requests if unquote(one.url.path) == path]

    def sent(self, path: str) -> list[Json]:
        """The JSON bodies that were posted there."""
        return [json.loads(one.content) for one in self.asked(path) if one.method == "POST"]

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        path = unquote(request.url.path)
        route = self.routes.get(f"{request.method} {path}", self.routes.get(path))
        answer = route(request) if callable(route) else route
        if answer is None:
            return httpx.Response(404, json={"error": "Record not found"})
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json=answer)

    def connector(self, *, clock: Clock | None = None, profile: Profile = PROFILE) -> Mastodon:
        return Mastodon(Context(profile, {"token": "t"}), clock=clock, transport=self.transport)


def wished(act: Act, target: str, **changes: Any) -> OutboxItem:
    """An outbox item for this account."""
    return outbox_item(Channel.MASTODON, act, target, **{"record_key": "key-1", **changes})


def html_page(status_code: int) -> httpx.Response:
    """What a proxy or a café’s network puts in the way."""
    return httpx.Response(
        status_code,
        content=b"<html><body>Please sign in</body></html>",
        headers={"content-type": "text/html; charset=utf-8"},
    )


def use(server: Server, scenario: Callable[[Mastodon], Coroutine[Any, Any, T]], **kwargs: Any) -> T:
    """Run a scenario with a connector of this server."""

    async def run() -> T:
        connector = server.connector(**kwargs)
        try:
            return await scenario(connector)
        finally:
            await connector.close()

    return asyncio.run(run())


async def every(pages: AsyncIterator[Page]) -> list[Page]:
    return [page async for page in pages]


def pulled(server: Server, stream: str = "notifications", cursor: str | None = None) -> list[Page]:
    """All pages of one pull."""
    return use(server, lambda connector: every(connector.pull(stream, cursor=cursor)))
