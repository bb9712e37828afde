"""What a real Bluesky server does not do on demand: broken networks, odd answers, odd records."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from app.connectors.channels.bluesky import sign_in
from app.domain.errors import (
    AuthExpired,
    BadInput,
    ConnectorError,
    ContractBroken,
    RateLimited,
    Rejected,
    Unreachable,
)
from app.domain.interactions import Direction, InteractionFact, Kind, Media
from app.domain.outbox import Act
from tests.connectors.harness_bluesky import Keeper, facts_of, gather, scripted, wish

BRAND = "did:plc:brand"
ALICE = "did:plc:alice"
OURS = f"at://{BRAND}/app.bsky.feed.post/3jzfcijpj2z2a"
THEIRS = f"at://{ALICE}/app.bsky.feed.post/3jzfcijpj2z2b"
CID = "bafyreiaaaa"
TOKENS = {"access": "a", "refresh": "r"}

Answer = Callable[[httpx.Request], httpx.Response]


def post(uri: str = THEIRS, **record: Any) -> dict[str, Any]:
    """A post view as an AppView gives it."""
    did = uri.split("/")[2]
    return {
        "uri": uri,
        "cid": CID,
        "author": {"did": did, "handle": f"{did[8:]}.example"},
        "indexedAt": "2026-11-19T10:00:00.000Z",
        "record": {"text": "hello", "createdAt": "2026-11-19T10:00:00.000Z", **record},
    }


def notification(reason: str, **changes: Any) -> dict[str, Any]:
    return {**post(), "reason": reason, "isRead": False, **changes}


class Server:
    """Answers by the method’s last name; ``calls`` is what was asked, in order."""

    def __init__(self, **answers: Any) -> None:
        self.answers: dict[str, Any] = {
            "listNotifications": {"notifications": []},
            "getPosts": {"posts": []},
            "getProfiles": {"profiles": []},
            "getAuthorFeed": {"feed": []},
            "getPostThread": error(400, "NotFound", "Post not found"),
            **answers,
        }
        self.calls: list[httpx.Request] = []

    def named(self, name: str) -> list[httpx.Request]:
        return [one for one in self.calls if one.url.path.endswith(f".{name}")]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request)
        answer = self.answers[request.url.path.rpartition(".")[2]]
        if callable(answer):
            answer = answer(request)
        if isinstance(answer, httpx.Response):
            return httpx.Response(
                answer.status_code, headers=answer.headers, content=answer.content
            )
        return httpx.Response(200, json=answer)


def error(status: int, name: str = "", message: str = "", **headers: str) -> httpx.Response:
    body = {"error": name, "message": message} if name else {}
    return httpx.Response(
        status,
        content=json.dumps(body) if name else b"<html>",
        headers={k.replace("_", "-"): v for k, v in headers.items()},
    )


def fails(exception: type[httpx.TransportError]) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        raise exception("broken", request=request)

    return answer


def pull(server: Server, **more: Any) -> list[InteractionFact]:
    async def run() -> list[InteractionFact]:
        async with scripted(httpx.MockTransport(server), secrets=TOKENS, **more) as bluesky:
            return facts_of(await gather(bluesky.pull("notifications", cursor=None)))

    return asyncio.run(run())


def send(server: Server, item: Any) -> Any:
    async def run() -> Any:
        async with scripted(httpx.MockTransport(server), secrets=TOKENS) as bluesky:
            return await bluesky.send(item)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        (error(502, "UpstreamFailure", "Upstream Failure"), Unreachable, "having trouble"),
        (error(500, "InternalServerError"), Unreachable, "having trouble"),
        (error(503), Unreachable, "having trouble"),
        (error(429, "RateLimitExceeded", retry_after="30"), RateLimited, "rest until"),
        (error(503, "X", retry_after="30"), RateLimited, "rest until"),
        (error(401, "AccountTakedown", "taken down"), Rejected, "taken this Bluesky account down"),
        (error(401, "AccountDeactivated", "off"), Rejected, "deactivated"),
        (error(400, "InvalidRequest", "limit too high"), Rejected, "limit too high"),
        (error(501, "MethodNotImplemented", "No such method"), Rejected, "No such method"),
        (error(302, location="https://portal.example/"), ContractBroken, "sends on to portal"),
        (error(511), Unreachable, "having trouble"),
        (error(404), ContractBroken, "sent a web page"),
        (error(200), ContractBroken, "sent a web page"),
        ({"unexpected": True}, ContractBroken, "cannot be read"),
        (fails(httpx.ConnectError), Unreachable, "cannot be reached"),
        (fails(httpx.ReadTimeout), Unreachable, "in time"),
        (fails(httpx.RemoteProtocolError), Unreachable, "broke"),
    ],
)
def test_a_query_that_fails_has_changed_nothing(
    answer: Any, expected: type[ConnectorError], words: str
) -> None:
    with pytest.raises(expected, match=words) as caught:
        pull(Server(listNotifications=answer))
    assert not caught.value.reached
    assert caught.value.hint


@pytest.mark.parametrize(
    ("answer", "expected", "reached"),
    [
        (error(500, "InternalServerError"), Unreachable, True),
        (error(503, "Busy", retry_after="30"), RateLimited, True),
        (error(502, "UpstreamFailure"), Unreachable, True),
        (fails(httpx.ReadTimeout), Unreachable, True),
        (fails(httpx.RemoteProtocolError), Unreachable, True),
        (error(200), ContractBroken, True),
        (fails(httpx.ConnectError), Unreachable, False),
        (error(429, "RateLimitExceeded"), RateLimited, False),
        (error(400, "InvalidRequest", "no"), Rejected, False),
        (error(413, "PayloadTooLarge", "big"), Rejected, False),
    ],
)
def test_whether_a_reply_may_have_arrived(
    answer: Any, expected: type[ConnectorError], reached: bool
) -> None:
    server = Server(getPosts={"posts": [post()]}, putRecord=answer)
    with pytest.raises(expected) as caught:
        send(server, wish(target=THEIRS, text="hi"))
    assert caught.value.reached is reached


def test_a_time_out_before_the_reply_leaves_is_no_doubt() -> None:
    server = Server(getPosts=fails(httpx.ReadTimeout))
    with pytest.raises(Unreachable) as caught:
        send(server, wish(target=THEIRS, text="hi"))
    assert not caught.value.reached
    assert not server.named("putRecord")


def test_the_record_is_the_same_at_every_attempt() -> None:
    tries = iter([error(502, "UpstreamFailure"), {"uri": OURS, "cid": CID}])
    server = Server(getPosts={"posts": [post()]}, putRecord=lambda _request: next(tries))
    item = wish(target=THEIRS, text="see https://example.com", language="sv")
    with pytest.raises(Unreachable):
        send(server, item)
    send(server, item)
    first, second = (one.content for one in server.named("putRecord"))
    assert first == second
    assert json.loads(first)["rkey"] == item.record_key


def test_a_key_of_another_make_gets_a_record_key_of_its_own() -> None:
    server = Server(getPosts={"posts": [post()]}, putRecord={"uri": OURS, "cid": CID})
    item = wish(target=THEIRS, text="hi", record_key="0190a2c4-idempotency")
    send(server, item)
    send(server, item)
    first, second = (json.loads(one.content)["rkey"] for one in server.named("putRecord"))
    assert first == second
    assert len(first) == 13


def test_a_reply_where_answers_are_closed() -> None:
    closed = {**post(), "viewer": {"replyDisabled": True}}
    with pytest.raises(Rejected, match="only some people"):
        send(Server(getPosts={"posts": [closed]}), wish(target=THEIRS, text="hi"))


def test_what_was_sent_is_found_while_nothing_else_answers() -> None:
    ref = {"uri": THEIRS, "cid": CID}
    value = {
        "text": "hi",
        "createdAt": "2026-11-19T10:00:00.000Z",
        "reply": {"root": ref, "parent": ref},
    }
    server = Server(
        getRecord={"uri": OURS, "cid": CID, "value": value}, getPosts=error(502, "UpstreamFailure")
    )

    async def run() -> None:
        async with scripted(httpx.MockTransport(server), secrets=TOKENS) as bluesky:
            found = await bluesky.find_sent(wish(target=THEIRS, text="hi"))
            assert found is not None
            assert (found.native_id, found.fact) == (OURS, None)
            like = await bluesky.find_sent(wish(Act.LIKE, THEIRS))
            assert like is not None
            assert like.native_id == f"like:{BRAND}:{THEIRS}"

    asyncio.run(run())


def test_new_tokens_are_stored_before_they_are_used() -> None:
    order: list[str] = []

    def notifications(request: httpx.Request) -> Any:
        order.append(request.headers["authorization"])
        fresh = request.headers["authorization"] == "Bearer a2"
        return {"notifications": []} if fresh else error(400, "ExpiredToken", "spent")

    class Noting(Keeper):
        def save(self, secrets: Any) -> None:
            order.append(f"saved {secrets['access']} {secrets['refresh']}")

    renewed = {"accessJwt": "a2", "refreshJwt": "r2", "handle": "b.example", "did": BRAND}
    server = Server(listNotifications=notifications, refreshSession=renewed)
    pull(server, keeper=Noting())
    assert order == ["Bearer a", "saved a2 r2", "Bearer a2"]
    [refresh] = server.named("refreshSession")
    assert refresh.headers["authorization"] == "Bearer r"


def test_a_renewal_that_cannot_be_made_leaves_the_tokens_alone() -> None:
    keeper = Keeper()
    server = Server(
        listNotifications=error(400, "ExpiredToken"), refreshSession=fails(httpx.ReadTimeout)
    )
    with pytest.raises(Unreachable) as caught:
        pull(server, keeper=keeper)
    assert not caught.value.reached
    assert keeper.saved == []


def test_a_sign_in_that_is_over_asks_the_person() -> None:
    server = Server(
        listNotifications=error(400, "InvalidToken"), refreshSession=error(400, "ExpiredToken")
    )
    with pytest.raises(AuthExpired, match="no longer accepts") as caught:
        pull(server)
    assert "app password" in caught.value.hint


def _resolving(errno: int) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        cause = socket.gaierror(errno, "resolving")
        raise httpx.ConnectError("resolving", request=request) from cause

    return answer


@pytest.mark.parametrize(
    ("answer", "expected", "words"),
    [
        (_resolving(socket.EAI_NONAME), BadInput, "There is no server called pds.example"),
        (_resolving(socket.EAI_AGAIN), Unreachable, "cannot be reached"),
        (fails(httpx.ConnectError), Unreachable, "cannot be reached"),
        (error(404), BadInput, "is not a Bluesky server"),
        (error(404, "Not Found"), BadInput, "is not a Bluesky server"),
        (error(405), BadInput, "is not a Bluesky server"),
        (error(200), BadInput, "is not a Bluesky server"),
        (error(301, location="https://www.example/"), BadInput, "is not a Bluesky server"),
        (error(401, "AuthenticationRequired"), BadInput, "does not know this handle"),
        (error(401, "AuthFactorTokenRequired"), BadInput, "asks for a code by e-mail"),
        (error(401, "AccountTakedown"), Rejected, "taken this Bluesky account down"),
        (error(400, "InvalidRequest"), BadInput, "cannot read “brand.example”"),
        (error(429, "RateLimitExceeded"), RateLimited, "rest until"),
        (error(502), Unreachable, "having trouble"),
    ],
)
def test_a_sign_in_that_fails_says_why(answer: Any, expected: type[Exception], words: str) -> None:
    server = Server(createSession=answer)
    with pytest.raises(expected, match=words) as caught:
        asyncio.run(
            sign_in("pds.example", "@brand.example", "x-y", transport=httpx.MockTransport(server))
        )
    assert getattr(caught.value, "hint", "")


def test_sign_in_at_the_common_server_goes_on_at_the_one_that_keeps_the_posts() -> None:
    session: dict[str, Any] = {
        "accessJwt": "opaque",
        "refreshJwt": "r",
        "handle": "brand.example",
        "did": BRAND,
        "didDoc": {
            "service": [
                {"id": "#other", "type": "X", "serviceEndpoint": "https://other.example"},
                {"id": "#atproto_pds", "type": "Y", "serviceEndpoint": "https://host.example"},
            ]
        },
    }
    server = Server(createSession=session, getProfiles=error(502))
    signed_in = asyncio.run(
        sign_in("", "brand.example", "x-y", transport=httpx.MockTransport(server))
    )
    assert server.calls[0].url.host == "bsky.social"
    assert signed_in.profile.server == "https://bsky.social"
    assert signed_in.secrets["pds"] == "https://host.example"
    # A document that points somewhere we would not send a token to is not followed.
    session["didDoc"] = {
        "service": [{"id": "#atproto_pds", "serviceEndpoint": "http://host.example"}]
    }
    signed_in = asyncio.run(
        sign_in("", "brand.example", "x-y", transport=httpx.MockTransport(server))
    )
    assert "pds" not in signed_in.secrets


def test_unknown_reasons_and_broken_items_do_not_stop_a_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    subject = {"subject": {"uri": OURS, "cid": CID}, "createdAt": "2026-11-19T10:00:00Z"}
    server = Server(
        listNotifications={
            "notifications": [
                notification("never-heard-of", record={"odd": [1]}),
                notification("verified", record={}),
                {"uri": "at://nothing/else"},
                notification("like-via-repost", record=subject, reasonSubject="at://x/repost/1"),
                notification("repost-via-repost", record=subject),
                notification("mention"),
            ]
        }
    )
    facts = {fact.native_id: fact for fact in pull(server)}
    assert set(facts) == {THEIRS, f"like:{ALICE}:{OURS}", f"repost:{ALICE}:{OURS}"}
    assert facts[f"like:{ALICE}:{OURS}"].in_reply_to == OURS
    # The post itself was not to be had any more: the notification has to do.
    assert facts[THEIRS].kind is Kind.POST
    assert facts[THEIRS].direction is Direction.INBOUND
    assert facts[THEIRS].text == "hello"
    [line] = [one for one in caplog.messages if "left out" in one]
    assert "hello" not in line


@pytest.mark.parametrize(
    "record",
    [
        {"facets": "none"},
        {"langs": [1, 2]},
        {"reply": {"root": {}}},
        {"embed": ["?"]},
        {"createdAt": "yesterday"},
        {"createdAt": "0000-01-01T00:00:00Z"},
        {"facets": [{"index": {"byteStart": 4, "byteEnd": 999}, "features": [{"uri": "x:y"}]}]},
    ],
)
def test_a_record_that_breaks_the_lexicon_still_comes_in(record: dict[str, Any]) -> None:
    view = post(**record)
    server = Server(
        listNotifications={"notifications": [{**view, "reason": "mention"}]},
        getPosts={"posts": [view]},
    )
    [fact] = pull(server)
    assert fact.text == "hello"
    assert fact.occurred_at <= datetime(2026, 11, 19, 10, tzinfo=UTC)
    assert fact.occurred_at >= datetime(1970, 1, 1, tzinfo=UTC)


def test_a_date_ahead_counts_as_the_time_of_arrival() -> None:
    view = post(createdAt="2031-01-01T00:00:00Z")
    server = Server(
        listNotifications={"notifications": [{**view, "reason": "mention"}]},
        getPosts={"posts": [view]},
    )
    [fact] = pull(server)
    assert fact.occurred_at == datetime(2026, 11, 19, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("embed", "media"),
    [
        (
            {"images": [{"fullsize": "https://c/1", "thumb": "https://c/1s", "alt": "One"}]},
            Media("https://c/1", "image/*", "One", "https://c/1s"),
        ),
        (
            {"items": [{"fullsize": "https://c/2", "thumbnail": "https://c/2s", "alt": "Two"}]},
            Media("https://c/2", "image/*", "Two", "https://c/2s"),
        ),
        (
            {"playlist": "https://c/3.m3u8", "thumbnail": "https://c/3s", "alt": "Three"},
            Media("https://c/3.m3u8", "application/vnd.apple.mpegurl", "Three", "https://c/3s"),
        ),
        (
            {"record": {}, "media": {"images": [{"fullsize": "https://c/4", "alt": ""}]}},
            Media("https://c/4", "image/*"),
        ),
        (
            {"images": [{"fullsize": "https://c/5", "aspectRatio": {"width": 4, "height": 3}}]},
            Media("https://c/5", "image/*", width=4, height=3),
        ),
        (
            {"images": [{"fullsize": "https://c/6", "aspectRatio": {"width": -4, "height": 9}}]},
            Media("https://c/6", "image/*"),
        ),
        (
            {"images": [{"fullsize": "https://c/7", "aspectRatio": ["4", {}, 3.5]}]},
            Media("https://c/7", "image/*"),
        ),
        ({"external": {"uri": "https://example.com"}}, None),
    ],
)
def test_pictures_and_films_of_a_post(embed: dict[str, Any], media: Media | None) -> None:
    view = {**post(), "embed": embed}
    server = Server(
        listNotifications={"notifications": [notification("mention")]}, getPosts={"posts": [view]}
    )
    [fact] = pull(server)
    assert fact.media == ((media,) if media else ())


def test_an_empty_last_page_and_short_pages() -> None:
    """A page may be short, the last one empty, and a cursor may not be followed by anything."""
    pages = [
        {"notifications": [notification("mention")], "cursor": "2026-11-19T10:00:00.000Z"},
        {"notifications": [], "cursor": "2026-11-18T10:00:00.000Z"},
        {"notifications": []},
    ]
    answers = iter(pages)
    server = Server(listNotifications=lambda _request: next(answers))

    async def run() -> list[InteractionFact]:
        async with scripted(httpx.MockTransport(server), secrets=TOKENS) as bluesky:
            since = datetime(2026, 11, 1, tzinfo=UTC)
            return facts_of(
                await gather(bluesky.history("notifications", since=since, cursor=None))
            )

    assert [fact.native_id for fact in asyncio.run(run())] == [THEIRS]
    cursors = [one.url.params.get("cursor") for one in server.named("listNotifications")]
    assert cursors == [None, "2026-11-19T10:00:00.001Z", "2026-11-18T10:00:00.001Z"]


def test_a_stored_cursor_of_another_make_starts_anew() -> None:
    server = Server(listNotifications={"notifications": [notification("mention")]})

    async def run() -> list[InteractionFact]:
        async with scripted(httpx.MockTransport(server), secrets=TOKENS) as bluesky:
            facts: list[InteractionFact] = []
            for odd in ("garbage", '{"newest": "x"}', '{"known": "not base64"}', "[]"):
                facts += facts_of(await gather(bluesky.pull("notifications", cursor=odd)))
            return facts

    assert [fact.native_id for fact in asyncio.run(run())] == [THEIRS] * 4


def test_a_server_without_a_search_says_so() -> None:
    async def run() -> None:
        server = Server(searchPosts=error(403, "Forbidden", "Search is off"))
        async with scripted(httpx.MockTransport(server), secrets=TOKENS) as bluesky:
            with pytest.raises(Rejected, match="Search is off"):
                await gather(bluesky.listen("coffee", cursor=None))
            with pytest.raises(BadInput, match="empty"):
                await gather(bluesky.listen(" # ", cursor=None))
            assert await gather(bluesky.follow()) == []
            with pytest.raises(BadInput, match="no stream"):
                bluesky.pull("other", cursor=None)

    asyncio.run(run())


def test_a_thread_too_large_to_read_whole_is_read_around_the_mention() -> None:
    root = f"at://{ALICE}/app.bsky.feed.post/3jzfcijpj2z2z"
    ref = {"uri": root, "cid": CID}
    view = post(reply={"root": ref, "parent": ref})

    def thread(request: httpx.Request) -> Any:
        if request.url.params["uri"] == root:
            return httpx.Response(200, content=b" " * (16 * 1024 * 1024 + 1))
        parent = {"$type": "app.bsky.feed.defs#threadViewPost", "post": post(root)}
        return {
            "thread": {
                "$type": "app.bsky.feed.defs#threadViewPost",
                "post": view,
                "parent": parent,
                "replies": [{"$type": "app.bsky.feed.defs#somethingNew"}],
            }
        }

    server = Server(
        listNotifications={"notifications": [{**view, "reason": "mention"}]},
        getPosts={"posts": [view]},
        getPostThread=thread,
    )
    facts = {fact.native_id: fact.direction for fact in pull(server)}
    assert facts == {THEIRS: Direction.INBOUND, root: Direction.AROUND}


def test_follows_are_not_asked_for_again_and_only_ours_are_looked_up_twice() -> None:
    server = Server(getRecord=error(400, "RecordNotFound", "gone"), getPosts={"posts": []})

    async def run() -> None:
        async with scripted(httpx.MockTransport(server), secrets=TOKENS) as bluesky:
            page = await bluesky.refetch((f"follow:{ALICE}", OURS, THEIRS))
            assert set(page.gone) == {OURS, THEIRS}

    asyncio.run(run())
    [lookup] = server.named("getRecord")
    assert lookup.url.params["repo"] == BRAND


def test_retry_at_is_what_the_server_asked_for() -> None:
    server = Server(listNotifications=error(429, "RateLimitExceeded", retry_after="30"))
    before = datetime.now(UTC)
    with pytest.raises(RateLimited) as caught:
        pull(server)
    assert timedelta(seconds=29) < caught.value.retry_at - before < timedelta(seconds=60)
