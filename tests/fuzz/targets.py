"""Everything that reads what comes from outside, each as a function of arbitrary bytes.

A target returns for every input. What it raises is a fault: an error of another family than
Seamline’s own, or a promise about the result that does not hold.
"""

from __future__ import annotations

import asyncio
import functools
import json
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import httpx
import msgspec

from app.cli.text import clean, cut, json_text, wrap
from app.connectors.base import Profile
from app.connectors.channels.bluesky import facets, positions
from app.connectors.channels.bluesky.facts import (
    addressee_in_feed,
    media_of,
    post_fact,
    touch_fact,
)
from app.connectors.channels.bluesky.posts import (
    moment,
    notified_post,
    read_notification,
    read_post,
    read_record,
)
from app.connectors.channels.bluesky.reading import place
from app.connectors.channels.bluesky.session import pds_of
from app.connectors.channels.bluesky.shapes import (
    ByteSlice,
    Facet,
    Feature,
    FeedAnswer,
    SessionAnswer,
    ThreadAnswer,
)
from app.connectors.channels.mastodon import facts as mastodon
from app.connectors.channels.mastodon.api import Api, reason_of
from app.connectors.channels.mastodon.counting import limits_of
from app.connectors.channels.mastodon.loopback import Loopback
from app.connectors.channels.mastodon.pulling import read_notification as read_mastodon_notification
from app.connectors.channels.mastodon.shapes import Instance, is_present
from app.connectors.channels.mastodon.signin import domain_of
from app.connectors.channels.mastodon.streaming import Live, streaming_url
from app.connectors.channels.mastodon.windows import Window
from app.connectors.html import html_to_text
from app.connectors.http import Elsewhere, Http, is_private, server_url
from app.connectors.picture_size import pixel_size
from app.domain.clock import FakeClock, from_ms, to_ms
from app.domain.errors import SeamlineError
from app.domain.ids import case_ref_range
from app.domain.interactions import Channel, InteractionFact
from app.domain.links import addresses, blotted, exposed, target_of
from app.store.manifest import MANIFEST, read_manifest
from app.store.words import parse_query, snippet
from tests.fuzz import honest
from tests.fuzz.shaping import Dice, spoilt

Target = Callable[[bytes], None]

NOW = datetime(2026, 11, 19, 10, 45, tzinfo=UTC)
ME = "did:plc:brand"
PROFILE = Profile(Channel.MASTODON, "https://shop.example", "1@shop.example", "@brand@shop.example")
REORDERING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def html(data: bytes) -> None:
    text = html_to_text(data.decode("utf-8", "replace"))
    assert text == text.strip()
    assert not REORDERING & set(exposed(text))


def links(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    shown = exposed("https://" + text)
    assert not REORDERING & set(shown)
    assert len(blotted(text)) == len(text)
    for at, url in addresses(shown):
        target = target_of(url)
        assert target is not None
        assert shown[at : at + len(url)] == url
        assert target.host.isascii()
        target.told.encode()
        again = target_of(target.url)
        assert again is not None
        assert again.host == target.host


def server_address(data: bytes) -> None:
    with suppress(SeamlineError):
        url = server_url(data.decode("utf-8", "replace"))
        Http(url, label="it")
        is_private(url.partition("://")[2])


def terminal(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for line in (*wrap(text, 40), cut(clean(text), 40), json_text({"text": text})):
        assert not _OBEYED.search(line)
        assert not REORDERING & set(line)


def search(data: bytes) -> None:
    typed, _, text = data.decode("utf-8", "replace").partition("\n")
    query = parse_query(typed)
    shown, marks = snippet(text, query.words)
    assert all(0 <= start < end <= len(shown) for start, end in marks)
    case_ref_range(typed)


def mastodon_post(data: bytes) -> None:
    dice = Dice(data)
    whole = honest.BOOST if dice.byte() % 4 == 0 else honest.STATUS
    post = mastodon.read_post(msgspec.Raw(spoilt(whole, dice)))
    if post is None:
        return
    translator = mastodon.Translator(PROFILE)
    _check(translator.post(post, addressed=bool(dice.byte() & 1), found=bool(dice.byte() & 1)))
    if is_present(post.status.reblog):
        _check(*translator.boost_of_ours(post))


def mastodon_notification(data: bytes) -> None:
    notification = read_mastodon_notification(msgspec.Raw(spoilt(honest.NOTIFICATION, Dice(data))))
    if notification is not None:
        post = mastodon.notified_post(notification)
        _check(*mastodon.Translator(PROFILE).notification(notification, post))


def mastodon_instance(data: bytes) -> None:
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        instance = msgspec.json.decode(
            spoilt(honest.INSTANCE, Dice(data)), type=Instance, strict=False
        )
        url = streaming_url("https://shop.example", instance)
        assert url.startswith("wss://"), url
        limits_of(instance)
        domain_of(instance, "shop.example")


def mastodon_stream(data: bytes) -> None:
    dice = Dice(data)
    kind = ("notification", "update", "delete", "conversation", "status.update", "?")[
        dice.byte() % 6
    ]
    inner = honest.NOTIFICATION if kind == "notification" else honest.STATUS
    wrapped: Any = {"last_status": inner} if kind == "conversation" else inner
    payload = spoilt(wrapped, dice).decode("utf-8", "replace")
    frame = spoilt({"event": kind, "payload": payload}, dice)
    live, run = _live()
    page = run(live._page(frame.decode("utf-8", "replace") if dice.byte() & 1 else frame))
    if page is not None:
        _check(*page.facts)


@functools.cache
def _live() -> tuple[Live, Callable[..., Any]]:
    """One listener for all inputs, on a server that knows nothing more, and what runs it."""
    transport = httpx.MockTransport(lambda _request: httpx.Response(404, json={"error": "no"}))
    api = Api("https://shop.example", "t", transport=transport)

    async def no_instance() -> None:
        return None

    runner = asyncio.Runner()
    return Live(api, mastodon.Translator(PROFILE), no_instance), runner.run


def bluesky_post(data: bytes) -> None:
    post = read_post(msgspec.Raw(spoilt(honest.POST, Dice(data))))
    if post is not None:
        _check(post_fact(post, ME), post_fact(post, ME, above=(post,), inbound=True))
        media_of(post.view.embed)


def bluesky_record(data: bytes) -> None:
    read_record(spoilt(honest.RECORD, Dice(data)))
    read_record(data)


def bluesky_notification(data: bytes) -> None:
    dice = Dice(data)
    whole = honest.TELLING if dice.byte() & 1 else honest.TOUCH
    one = read_notification(msgspec.Raw(spoilt(whole, dice)))
    if one is None:
        return
    touch = touch_fact(one)
    _check(*([touch] if touch else []), post_fact(notified_post(one), ME, inbound=True))


def bluesky_thread(data: bytes) -> None:
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        answer = msgspec.json.decode(spoilt(honest.THREAD, Dice(data)), type=ThreadAnswer)
        for placed in place(answer.thread).values():
            _check(post_fact(placed.post, ME, above=placed.above))


def bluesky_feed(data: bytes) -> None:
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        answer = msgspec.json.decode(spoilt(honest.FEED, Dice(data)), type=FeedAnswer, strict=False)
        moment(answer.cursor)
        for item in answer.feed:
            post = read_post(item.post)
            if post is not None:
                person, above = addressee_in_feed(post, item.reply, ME)
                _check(post_fact(post, ME, above=above, party=person))


def bluesky_session(data: bytes) -> None:
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        answer = msgspec.json.decode(spoilt(honest.SESSION, Dice(data)), type=SessionAnswer)
        with suppress(SeamlineError):
            server_url(pds_of(answer))


def bluesky_facets(data: bytes) -> None:
    dice = Dice(data)
    marks = [
        Facet(
            ByteSlice(dice.below(90) - 10, dice.below(90) - 10),
            (Feature(uri=dice.text(), did=dice.text(20)),),
        )
        for _ in range(dice.byte() % 5)
    ]
    text = dice.rest().decode("utf-8", "replace")
    facets.expand_links(text, marks).encode()
    facets.mentioned(marks)
    for span in facets.find_spans(text):
        assert 0 <= span.start < span.end <= len(text.encode())


def dates(data: bytes) -> None:
    at = moment(data.decode("utf-8", "replace"))
    if at is not None:
        to_ms(at)
        at.isoformat(timespec="milliseconds")


def cursors(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    positions.read_position(text)
    positions.read_history(text)
    Window.parse(text)


def headers(data: bytes) -> None:
    dice = Dice(data)
    names = (
        "retry-after", "ratelimit-reset", "x-ratelimit-reset", "date", "location", "content-type",
    )  # fmt: skip
    chosen = {
        names[dice.byte() % len(names)]: dice.take(dice.byte() % 50) for _ in range(dice.byte() % 4)
    }
    response = httpx.Response(
        429,
        headers=[(name.encode(), value) for name, value in chosen.items()],
        content=dice.rest(),
        request=httpx.Request("GET", "https://shop.example/x"),
    )
    http = Http("https://shop.example", label="shop.example", clock=FakeClock(NOW))
    assert http.rate_limited(response).retry_at > NOW
    assert Elsewhere("shop.example", response).message
    with suppress(SeamlineError):
        http.decode(response, Instance)
    assert len(reason_of(response)) <= 200


def callbacks(data: bytes) -> None:
    loopback = Loopback("state")
    loopback._answer = _live()[1](_new_future())
    for head in (data, b"GET /?" + data, b"GET /?state=state&" + data):
        status, sentence = loopback._taken(head)
        assert status[:3] in ("200", "400", "404", "410")
        assert sentence


async def _new_future() -> asyncio.Future[dict[str, str]]:
    return asyncio.get_running_loop().create_future()


def pictures(data: bytes) -> None:
    heads = (b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8", b"RIFF\0\0\0\0WEBPVP8X")
    for head in heads:
        size = pixel_size(head + data)
        assert size is None or min(size) > 0


def manifests(data: bytes) -> None:
    folder = _folder()
    body = data if data[:1] == b"\x01" else spoilt(honest.MANIFEST, Dice(data))
    (folder / MANIFEST).write_bytes(body)
    with suppress(SeamlineError):
        read_manifest(folder)


@functools.cache
def _folder() -> Path:
    made = tempfile.TemporaryDirectory(prefix="fuzz-")
    _KEPT.append(made)
    return Path(made.name)


_KEPT: list[tempfile.TemporaryDirectory[str]] = []


def _check(*facts: InteractionFact) -> None:
    """What the store and the screen expect of a fact, wherever it came from."""
    for fact in facts:
        assert isinstance(cast("Any", fact.native_id), str)
        assert from_ms(to_ms(fact.occurred_at)).astimezone()
        if fact.edited_at is not None:
            assert from_ms(to_ms(fact.edited_at)).astimezone()
        json.dumps([fact.text, fact.author.display_name, fact.url], ensure_ascii=False).encode()
        msgspec.json.encode(fact.media)


TARGETS: dict[str, tuple[Target, int]] = {
    # name: (target, its share of the inputs)
    "html": (html, 12),
    "links": (links, 8),
    "server addresses": (server_address, 4),
    "terminal": (terminal, 4),
    "search": (search, 4),
    "mastodon posts": (mastodon_post, 10),
    "mastodon notifications": (mastodon_notification, 6),
    "mastodon instances": (mastodon_instance, 3),
    "mastodon stream": (mastodon_stream, 5),
    "bluesky posts": (bluesky_post, 10),
    "bluesky records": (bluesky_record, 4),
    "bluesky notifications": (bluesky_notification, 6),
    "bluesky threads": (bluesky_thread, 3),
    "bluesky feeds": (bluesky_feed, 3),
    "bluesky sessions": (bluesky_session, 2),
    "bluesky facets": (bluesky_facets, 4),
    "dates": (dates, 3),
    "cursors": (cursors, 2),
    "headers": (headers, 3),
    "callbacks": (callbacks, 3),
    "picture sizes": (pictures, 2),
    "manifests": (manifests, 1),
}
