"""A personal data server as far as the fault table needs one, and the Bluesky operations."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from app.connectors.base import Connector, Context, Page, Profile
from app.connectors.channels.bluesky import Bluesky, sign_in
from app.domain.clock import Clock, from_ms, to_ms
from app.domain.interactions import Channel
from app.domain.outbox import Act, Attachment, OutboxItem
from app.domain.tid import derived_record_key
from tests.connectors.harness import PIXEL, outbox_item
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

NOW = datetime(2026, 11, 19, 10, 5, tzinfo=UTC)
BRAND, ALICE, KAI = "did:plc:brand", "did:plc:alice", "did:plc:kai"
CID = "bafyreiaaaa"
KEY = derived_record_key(NOW, "the message")
_AT = "2026-11-19T10:00:00.000Z"
_LATER = NOW - timedelta(days=1)

Json = dict[str, Any]


def _uri(did: str, key: str, collection: str = "app.bsky.feed.post") -> str:
    return f"at://{did}/{collection}/{key}"


THEIRS = _uri(ALICE, "3jzfcijpj2z2a")
LONELY = _uri(KAI, "3jzfcijpj2z2b")
OURS = _uri(BRAND, "3jzfcijpj2z2c")


def _ref(uri: str) -> Json:
    return {"uri": uri, "cid": CID}


def _post(uri: str, **record: Any) -> Json:
    did = uri.split("/")[2]
    return {
        **_ref(uri),
        "author": {"did": did, "handle": f"{did[8:]}.example"},
        "indexedAt": _AT,
        "record": {
            "$type": "app.bsky.feed.post",
            "text": "hello",
            "createdAt": _AT,
            "reply": {"root": _ref(OURS), "parent": _ref(OURS)},
            **record,
        },
    }


_ROOT = _post(OURS, reply=None)


def _notified() -> list[Json]:
    like = {"$type": "app.bsky.feed.like", "subject": _ref(OURS), "createdAt": _AT}
    return [
        {**_post(_uri(KAI, "3k", "app.bsky.feed.like")), "reason": "like", "record": like}
        | {"reasonSubject": OURS},
        {**_post(THEIRS), "reason": "reply"},
        {**_post(_uri(KAI, "3l", "app.bsky.graph.follow")), "reason": "follow", "record": {}},
    ]


def _thread(request: httpx.Request) -> Json:
    view = "app.bsky.feed.defs#threadViewPost"
    replies = [{"$type": view, "post": _post(uri), "replies": []} for uri in (THEIRS, LONELY)]
    return {"thread": {"$type": view, "post": _ROOT, "replies": replies}}


def _posts(request: httpx.Request) -> Json:
    return {"posts": [_post(uri) for uri in request.url.params.get_list("uris")]}


def _profiles(request: httpx.Request) -> Json:
    return {
        "profiles": [
            {"did": did, "handle": f"{did[8:]}.example", "followersCount": 7}
            for did in request.url.params.get_list("actors")
        ]
    }


def _session(_request: httpx.Request) -> Json:
    return {"accessJwt": "a2", "refreshJwt": "r2", "handle": "brand.example", "did": BRAND}


def _routes() -> Routes:
    sound: dict[str, Callable[[httpx.Request], Any]] = {
        "com.atproto.server.createSession": _session,
        "com.atproto.server.refreshSession": _session,
        "app.bsky.actor.getProfiles": _profiles,
        "app.bsky.notification.listNotifications": lambda _request: {"notifications": _notified()},
        "app.bsky.feed.getPosts": _posts,
        "app.bsky.feed.getPostThread": _thread,
        "app.bsky.feed.getAuthorFeed": lambda _request: {
            "feed": [{"post": _ROOT}, {"post": _post(_uri(BRAND, "3jzfcijpj2z2d"), reply=None)}]
        },
        "app.bsky.feed.searchPosts": lambda _request: {"posts": [_post(THEIRS), _post(LONELY)]},
        "com.atproto.repo.putRecord": lambda _request: _ref(_uri(BRAND, KEY)),
        "com.atproto.repo.deleteRecord": lambda _request: {},
        "com.atproto.repo.uploadBlob": lambda _request: {"blob": {"$type": "blob", "size": 70}},
        "com.atproto.repo.listRecords": lambda _request: {"records": []},
        "com.atproto.repo.getRecord": lambda request: {
            **_ref(_uri(BRAND, request.url.params["rkey"])),
            "value": _post(_uri(BRAND, KEY))["record"],
        },
    }
    return {f"(GET|POST) /xrpc/{name}": answer for name, answer in sound.items()}


def _words(code: int, name: str) -> Answer:
    """As the server’s own software says it. It answers 400, not 401, to a token that is spent."""
    return as_json({"error": name, "message": f"It says {name}"}, code)


def _connector(server: str, clock: Clock) -> Connector:
    profile = Profile(Channel.BLUESKY, server, BRAND, "@brand.example")
    return Bluesky(Context(profile, {"access": "a", "refresh": "r"}), clock=clock)


def _item(stage: Stage, act: Act, target: str, **changes: Any) -> OutboxItem:
    tried = from_ms(to_ms(stage.stamp))
    return outbox_item(
        Channel.BLUESKY,
        act,
        target,
        **{"record_key": KEY, "created_at": tried, "attempted_at": tried, **changes},
    )


def _sends(act: Act, target: str, **changes: Any) -> Callable[[Stage], Awaitable[list[str]]]:
    async def run(stage: Stage) -> list[str]:
        return delivered(await stage.connector().send(_item(stage, act, target, **changes)))

    return run


def _reads(
    read: Callable[[Connector], AsyncIterator[Page]],
) -> Callable[[Stage], Awaitable[list[str]]]:
    async def run(stage: Stage) -> list[str]:
        return await pages(stage, read(stage.connector()))

    return run


async def _sign_in(stage: Stage) -> list[str]:
    return signed(await sign_in(stage.server, "@brand.example", "abcd-efgh"))


async def _thread_of(stage: Stage) -> list[str]:
    async def one() -> AsyncIterator[Page]:
        yield await stage.connector().thread(OURS)

    return await pages(stage, one())


async def _refetch(stage: Stage) -> list[str]:
    async def one() -> AsyncIterator[Page]:
        yield await stage.connector().refetch((THEIRS, LONELY))

    return await pages(stage, one())


async def _find_sent(stage: Stage) -> list[str]:
    item = _item(stage, Act.REPLY, THEIRS, text="Yes")
    return delivered(await stage.connector().find_sent(item))


async def _limits(stage: Stage) -> list[str]:
    return limited(await stage.connector().limits())


_PICTURE = Attachment("dot.png", "image/png", PIXEL, "A dot")


def _call(name: str) -> str:
    return f"(GET|POST) /xrpc/{name}"


_RENEWAL = _call("com.atproto.server.refreshSession")
_PUT = _call("com.atproto.repo.putRecord")
_LIST = _call("app.bsky.notification.listNotifications")

OPERATIONS = (
    Operation(
        "sign_in", "sign-in", Kind.SIGN_IN, _call("com.atproto.server.createSession"), _sign_in
    ),
    Operation(
        "pull",
        "pull notifications",
        Kind.READING,
        _LIST,
        _reads(lambda one: one.pull("notifications", cursor=None)),
    ),
    Operation(
        "pull_thread",
        "… the threads in it",
        Kind.READING,
        _call("app.bsky.feed.getPostThread"),
        _reads(lambda one: one.pull("notifications", cursor=None)),
    ),
    Operation(
        "pull_own",
        "pull own posts",
        Kind.READING,
        _call("app.bsky.feed.getAuthorFeed"),
        _reads(lambda one: one.pull("posts", cursor=None)),
    ),
    Operation(
        "history",
        "history",
        Kind.READING,
        _LIST,
        _reads(lambda one: one.history("notifications", since=_LATER, cursor=None)),
    ),
    Operation("follow", "follow", Kind.READING, "", _reads(lambda one: one.follow())),
    Operation(
        "listen",
        "listen to a hashtag",
        Kind.READING,
        _call("app.bsky.feed.searchPosts"),
        _reads(lambda one: one.listen("#coffee", cursor=None)),
    ),
    Operation(
        "search",
        "listen to words",
        Kind.READING,
        _call("app.bsky.feed.searchPosts"),
        _reads(lambda one: one.listen("coffee", cursor=None)),
    ),
    Operation("thread", "thread", Kind.READING, _call("app.bsky.feed.getPostThread"), _thread_of),
    Operation("refetch", "refetch", Kind.READING, _call("app.bsky.feed.getPosts"), _refetch),
    Operation("send", "send a reply", Kind.SENDING, _PUT, _sends(Act.REPLY, THEIRS, text="Yes")),
    Operation(
        "upload",
        "upload a picture",
        Kind.SENDING,
        _call("com.atproto.repo.uploadBlob"),
        _sends(Act.REPLY, THEIRS, text="Yes", attachments=(_PICTURE,)),
    ),
    Operation("like", "like", Kind.SENDING, _PUT, _sends(Act.LIKE, THEIRS)),
    Operation("boost", "boost", Kind.SENDING, _PUT, _sends(Act.BOOST, THEIRS)),
    Operation(
        "delete",
        "delete",
        Kind.SENDING,
        _call("com.atproto.repo.deleteRecord"),
        _sends(Act.DELETE, OURS),
    ),
    Operation(
        "find_sent",
        "find what was sent",
        Kind.LOOKING_UP,
        _call("com.atproto.repo.getRecord"),
        _find_sent,
    ),
    Operation("limits", "limits", Kind.LIMITS, "", _limits),
)


def _forgives(fault: Fault, request: httpx.Request) -> bool:
    """A spent token is the fault of the token: with the next one the answer is sound."""
    return fault.name == "401_expired" and request.headers.get("authorization") == "Bearer a2"


BLUESKY = Service(
    Channel.BLUESKY,
    NOW,
    _routes,
    OPERATIONS,
    _words,
    r"It says \w+",
    _connector,
    _call("com.atproto.server.refreshSession"),
    _forgives,
)
