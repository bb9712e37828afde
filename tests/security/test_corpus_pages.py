"""A page of notifications, one of them made to break it: the others come."""

from __future__ import annotations

import asyncio
import copy
import json
from typing import Any

import httpx
import pytest

from tests.connectors.harness_bluesky import pulled as pulled_bluesky
from tests.connectors.harness_bluesky import scripted
from tests.connectors.mastodon_wire import Server, notification, page_of, pulled, status
from tests.security.broken import DOCUMENTS, Body

BOTTOMLESS = [one for one in DOCUMENTS if one.name.endswith("100,000 deep")]
_PLACE = '"the attack"'
_AT = "2026-11-19T10:00:00.000Z"


def _spoilt(answer: Any, document: Body) -> httpx.Response:
    """The answer, with the document where its place is."""
    head, place, tail = json.dumps(answer).encode().partition(_PLACE.encode())
    assert place
    return httpx.Response(
        200,
        content=head + document.body + tail,
        headers={"content-type": "application/json"},
    )


def test_there_are_documents_without_a_bottom() -> None:
    assert len(BOTTOMLESS) == 2


@pytest.mark.parametrize("document", BOTTOMLESS, ids=str)
@pytest.mark.parametrize("field", ["status", "account", "content", "extra"])
def test_a_page_of_mastodon_outlives_a_bottomless_entry(document: Body, field: str) -> None:
    entries = [notification(number) for number in (101, 102, 103)]
    spoilt = copy.deepcopy(entries[1])
    spoilt[field] = "the attack"
    if field == "content":
        spoilt["status"] = status(102) | {"content": "the attack"}
        del spoilt["content"]
    entries[1] = spoilt

    def answer(request: httpx.Request) -> httpx.Response:
        page = page_of(entries, request)
        if _PLACE in json.dumps(page):
            return _spoilt(page, document)
        return httpx.Response(200, json=page)

    context: dict[str, Any] = {"ancestors": [], "descendants": []}
    routes: dict[str, Any] = {f"/api/v1/statuses/{n}/context": context for n in (101, 102, 103)}
    pages = pulled(Server({"/api/v1/notifications": answer} | routes))
    came = {fact.native_id for page in pages for fact in page.facts}
    assert came - {"102"} == {"101", "103"}
    if field == "extra":  # what nobody reads spoils nothing
        assert "102" in came


def _notified(key: str) -> dict[str, Any]:
    did = "did:plc:alice"
    return {
        "uri": f"at://{did}/app.bsky.feed.post/{key}",
        "cid": "bafyreiaaaa",
        "author": {"did": did, "handle": "alice.example"},
        "indexedAt": _AT,
        "reason": "mention",
        "record": {"$type": "app.bsky.feed.post", "text": f"hello {key}", "createdAt": _AT},
    }


@pytest.mark.parametrize("document", BOTTOMLESS, ids=str)
@pytest.mark.parametrize("field", ["record", "author", "text", "extra"])
def test_a_page_of_bluesky_outlives_a_bottomless_record(document: Body, field: str) -> None:
    """A record is whatever its author’s own server says it is."""
    entries = [_notified(key) for key in ("3a", "3b", "3c")]
    if field in ("text", "extra"):
        entries[1]["record"][field] = "the attack"
    else:
        entries[1][field] = "the attack"

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("listNotifications"):
            return _spoilt({"notifications": entries}, document)
        posts = [one for one in entries if one["uri"] in request.url.params.get_list("uris")]
        if request.url.path.endswith("getPosts"):
            whole = {"posts": posts}
            return _spoilt(whole, document) if _PLACE in json.dumps(whole) else _plain(whole)
        if request.url.path.endswith("getProfiles"):
            return _plain({"profiles": []})
        return httpx.Response(400, json={"error": "NotFound", "message": "Post not found"})

    async def run() -> set[str]:
        secrets = {"access": "a", "refresh": "r"}
        async with scripted(httpx.MockTransport(answer), secrets=secrets) as bluesky:
            facts, _ = await pulled_bluesky(bluesky)
            return {native_id.rpartition("/")[2] for native_id in facts}

    came = asyncio.run(run())
    assert came - {"3b"} == {"3a", "3c"}
    if field == "extra":
        assert "3b" in came


def _plain(answer: Any) -> httpx.Response:
    return httpx.Response(200, json=answer)
