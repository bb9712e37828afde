"""A Mastodon server as far as the fault table needs one, and the operations of its connector."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx

from app.connectors.base import Connector, Context, Page, Profile
from app.connectors.channels.mastodon import (
    Mastodon,
    sign_in_with_browser,
    sign_in_with_token,
)
from app.domain.clock import Clock
from app.domain.interactions import Channel
from app.domain.outbox import Act, Attachment, OutboxItem
from tests.connectors.harness import PIXEL
from tests.connectors.mastodon_wire import (
    BRAND,
    START,
    TOM,
    Json,
    account,
    notification,
    page_of,
    status,
    wished,
)
from tests.faults.faults import Fault
from tests.faults.operations import (
    Kind,
    Operation,
    Routes,
    Service,
    Stage,
    delivered,
    limited,
    pages,
    signed,
)
from tests.faults.server import Answer, as_json

NOW = START + timedelta(seconds=60)
_ANSWER = status(21, BRAND, "Yes", in_reply_to_id="10", in_reply_to_account_id="7")
_INSTANCE = {
    "version": "4.4.0",
    "domain": "shop.example",
    "configuration": {"statuses": {"max_characters": 700}},
}
_STRANGERS = [status(50, TOM, mentions=[]), status(51, account(9, "kai"), mentions=[])]
_SAID = {
    "InvalidRequest": "Bad request",
    "ExpiredToken": "The access token expired",
    "InvalidToken": "The access token was revoked",
    "Forbidden": "This action is not allowed",
    "NotFound": "Record not found",
    "Gone": "Record gone",
    "Conflict": "Another request is being worked on",
    "Unprocessable": "Validation failed: Text is too long",
    "RateLimitExceeded": "Too many requests",
    "InternalServerError": "An unexpected error occurred",
}


def _routes() -> Routes:
    noted = [
        notification(10, status=status(10, replies_count=1)),
        notification(11, "favourite", status=status(3, BRAND)),
        notification(12, "follow"),
    ]
    own = [_ANSWER, status(20, BRAND, "News")]
    return {
        "GET /api/v[12]/instance": lambda _request: _INSTANCE,
        "GET /api/v1/accounts/verify_credentials": lambda _request: BRAND,
        "GET /api/v1/apps/verify_credentials": lambda _request: {"scopes": ["read", "write"]},
        "POST /api/v1/apps": lambda _request: {"client_id": "c", "client_secret": "s"},
        "POST /oauth/token": lambda _request: {"access_token": "t", "scope": "read write"},
        "GET /api/v1/notifications": lambda request: page_of(noted, request),
        "GET /api/v1/accounts/1/statuses": lambda request: page_of(own, request),
        "GET /api/v1/accounts/.*": lambda _request: account(7, "Lena@far.example"),
        "GET /api/v1/statuses": _some_posts,
        "GET /api/v1/statuses/[^/]*": lambda request: status(request.url.path.rpartition("/")[2]),
        "GET /api/v1/statuses/.*/context": lambda _request: {
            "ancestors": [],
            "descendants": [status(30, TOM, mentions=[], in_reply_to_id="10")],
        },
        "GET /api/v1/timelines/tag/.*": lambda request: page_of(_STRANGERS, request),
        "GET /api/v2/search": lambda _request: {"statuses": _STRANGERS},
        "POST /api/v1/statuses": lambda _request: _ANSWER,
        "POST /api/v[12]/media": lambda _request: {"id": "m1", "type": "image"},
        "POST /api/v1/statuses/.*": lambda _request: status(10, favourited=True, reblogged=True),
        "DELETE /api/v1/statuses/.*": lambda _request: _ANSWER,
        "GET /api/v1/streaming": lambda _request: [
            {"event": "update", "payload": json.dumps(status(60))},
            {"event": "update", "payload": json.dumps(status(61))},
        ],
    }


def _some_posts(request: httpx.Request) -> list[Json]:
    return [status(one) for one in request.url.params.get_list("id[]") if one != "6"]


def _words(code: int, name: str) -> Answer:
    return as_json({"error": _SAID.get(name, "Busy")}, code)


def _connector(server: str, clock: Clock) -> Connector:
    profile = Profile(Channel.MASTODON, server, "1@shop.example", "@brand@shop.example")
    return Mastodon(Context(profile, {"token": "t"}), clock=clock)


def _item(stage: Stage, act: Act, target: str, **changes: Any) -> OutboxItem:
    """A wish as our own clock dates it, whatever that shows."""
    tried = stage.stamp - timedelta(seconds=42)
    return wished(act, target, created_at=tried, attempted_at=tried, **changes)


def _sends(act: Act, target: str, **changes: Any) -> Callable[[Stage], Awaitable[list[str]]]:
    async def run(stage: Stage) -> list[str]:
        return delivered(await stage.connector().send(_item(stage, act, target, **changes)))

    return run


def _reads(
    read: Callable[[Connector], AsyncIterator[Page]], most: int = 50
) -> Callable[[Stage], Awaitable[list[str]]]:
    async def run(stage: Stage) -> list[str]:
        return await pages(stage, read(stage.connector()), most)

    return run


async def _sign_in(stage: Stage) -> list[str]:
    return signed(await sign_in_with_token(stage.server, "t"))


async def _sign_in_by_browser(stage: Stage) -> list[str]:
    """With a person who agrees, and whose browser comes straight back to us."""
    browsing: list[asyncio.Task[None]] = []

    async def come_back(asked: httpx.QueryParams) -> None:
        async with httpx.AsyncClient(trust_env=False) as browser:
            answer = {"code": "agreed", "state": asked["state"]}
            await browser.get(asked["redirect_uri"], params=answer)

    def open_browser(address: str) -> None:
        browsing.append(asyncio.create_task(come_back(httpx.URL(address).params)))

    try:
        return signed(await sign_in_with_browser(stage.server, open_browser))
    finally:
        await asyncio.gather(*browsing)


async def _thread(stage: Stage) -> list[str]:
    async def one() -> AsyncIterator[Page]:
        yield await stage.connector().thread("10")

    return await pages(stage, one())


async def _refetch(stage: Stage) -> list[str]:
    async def one() -> AsyncIterator[Page]:
        yield await stage.connector().refetch(("5", "7"))

    return await pages(stage, one())


async def _find_sent(stage: Stage) -> list[str]:
    return delivered(await stage.connector().find_sent(_item(stage, Act.REPLY, "10", text="Yes")))


async def _limits(stage: Stage) -> list[str]:
    return limited(await stage.connector().limits())


_PICTURE = Attachment("dot.png", "image/png", PIXEL, "A dot")
_SEEN = '["1"]'
_LATER = START + timedelta(seconds=1)

OPERATIONS = (
    Operation(
        "find_server", "sign-in: the server", Kind.SIGN_IN, "GET /api/v[12]/instance", _sign_in
    ),
    Operation(
        "sign_in",
        "sign-in: the account",
        Kind.SIGN_IN,
        "GET /api/v1/accounts/verify_credentials",
        _sign_in,
    ),
    Operation(
        "register",
        "sign-in by browser: the permission asked for",
        Kind.SIGN_IN,
        "POST /api/v1/apps",
        _sign_in_by_browser,
    ),
    Operation(
        "exchange",
        "sign-in by browser: the code exchanged",
        Kind.SIGN_IN,
        "POST /oauth/token",
        _sign_in_by_browser,
    ),
    Operation(
        "pull",
        "pull notifications",
        Kind.READING,
        "GET /api/v1/notifications",
        _reads(lambda one: one.pull("notifications", cursor=_SEEN)),
    ),
    Operation(
        "pull_thread",
        "… the threads in it",
        Kind.READING,
        "GET /api/v1/statuses/.*/context",
        _reads(lambda one: one.pull("notifications", cursor=_SEEN)),
    ),
    Operation(
        "pull_own",
        "pull own posts",
        Kind.READING,
        "GET /api/v1/accounts/1/statuses",
        _reads(lambda one: one.pull("own_posts", cursor=_SEEN)),
    ),
    Operation(
        "history",
        "history",
        Kind.READING,
        "GET /api/v1/notifications",
        _reads(lambda one: one.history("notifications", since=_LATER, cursor=None)),
    ),
    Operation(
        "follow",
        "follow",
        Kind.READING,
        "GET /api/v1/streaming",
        _reads(lambda one: one.follow(), most=3),
    ),
    Operation(
        "listen",
        "listen to a hashtag",
        Kind.READING,
        "GET /api/v1/timelines/tag/coffee",
        _reads(lambda one: one.listen("#coffee", cursor=_SEEN)),
    ),
    Operation(
        "search",
        "listen to words",
        Kind.READING,
        "GET /api/v2/search",
        _reads(lambda one: one.listen("coffee", cursor=None)),
    ),
    Operation("thread", "thread", Kind.READING, "GET /api/v1/statuses/10", _thread),
    Operation("refetch", "refetch", Kind.READING, "GET /api/v1/statuses(/[57])?", _refetch),
    Operation(
        "send",
        "send a reply",
        Kind.SENDING,
        "POST /api/v1/statuses",
        _sends(Act.REPLY, "10", text="Yes"),
    ),
    Operation(
        "upload",
        "upload a picture",
        Kind.SENDING,
        "POST /api/v[12]/media",
        _sends(Act.REPLY, "10", text="Yes", attachments=(_PICTURE,)),
    ),
    Operation(
        "like", "like", Kind.SENDING, "POST /api/v1/statuses/10/favourite", _sends(Act.LIKE, "10")
    ),
    Operation(
        "boost", "boost", Kind.SENDING, "POST /api/v1/statuses/10/reblog", _sends(Act.BOOST, "10")
    ),
    Operation(
        "delete", "delete", Kind.SENDING, "DELETE /api/v1/statuses/20", _sends(Act.DELETE, "20")
    ),
    Operation(
        "find_sent",
        "find what was sent",
        Kind.LOOKING_UP,
        "GET /api/v1/accounts/1/statuses",
        _find_sent,
    ),
    Operation("limits", "limits", Kind.LIMITS, "GET /api/v[12]/instance", _limits),
)


def _forgives(_fault: Fault, _request: httpx.Request) -> bool:
    return False


MASTODON = Service(
    Channel.MASTODON,
    NOW,
    _routes,
    OPERATIONS,
    _words,
    "|".join([*_SAID.values(), "Busy"]),
    _connector,
    "",
    _forgives,
)
