"""Every attack as a post: through both channels’ translators into a workspace, and out again."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from app.cli.text import clean, json_text, wrap
from app.connectors.base import Profile
from app.connectors.channels.bluesky.facts import post_fact
from app.connectors.channels.bluesky.posts import read_post as read_bluesky
from app.connectors.channels.bluesky.shapes import NotificationPage, PostsAnswer, ThreadAnswer
from app.connectors.channels.mastodon.facts import Translator, read_post
from app.connectors.channels.mastodon.pulling import read_notification
from app.connectors.channels.mastodon.shapes import Found, Instance, Thread
from app.connectors.http import Http
from app.connectors.picture_size import pixel_size
from app.domain.clock import FakeClock
from app.domain.errors import ContractBroken
from app.domain.interactions import Channel, InteractionFact
from app.domain.views import InteractionItem, QueueName, QueueRef
from tests.fuzz import honest
from tests.security.attacks import TEXTS, Attack
from tests.security.broken import DOCUMENTS, PICTURES, Body
from tests.security.timing import bounded, cost, harmless
from tests.services.desk import Desk, make_desk

PROFILE = Profile(Channel.MASTODON, "https://shop.example", "1@shop.example", "@brand@shop.example")
ME = "did:plc:brand"
_OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def mastodon_post(text: str, number: int = 1) -> InteractionFact:
    """A post with this text wherever a stranger may write: also in names and descriptions."""
    status: dict[str, Any] = copy.deepcopy(honest.STATUS)
    status |= {"id": str(1_000 + number), "content": text, "spoiler_text": text[:500]}
    status |= {"in_reply_to_id": None, "url": text[:3_000], "language": text[:5]}
    status["account"] |= {"id": f"a{number}", "acct": f"u{number}@far.example"}
    status["account"] |= {"display_name": text[:500], "url": text[:3_000], "avatar": text[:3_000]}
    status["media_attachments"][0] |= {"url": text[:3_000], "description": text[:1_500]}
    status["poll"] = {"options": [{"title": text[:100]}]}
    read = read_post(msgspec.Raw(json.dumps(status).encode()))
    assert read is not None
    return Translator(PROFILE).post(read, addressed=True)


def bluesky_post(text: str, number: int = 1) -> InteractionFact:
    post: dict[str, Any] = copy.deepcopy(honest.POST)
    post["uri"] = f"at://did:plc:u{number}/app.bsky.feed.post/{number}"
    post["author"] |= {"did": f"did:plc:u{number}", "handle": text[:253], "displayName": text[:640]}
    post["author"] |= {"avatar": text[:3_000]}
    post["record"] |= {"text": text, "langs": [text[:10]], "reply": None}
    post["record"]["facets"][1]["features"][0]["uri"] = text[:3_000]
    post["embed"]["images"][0] |= {"fullsize": text[:3_000], "alt": text[:2_000]}
    read = read_bluesky(msgspec.Raw(json.dumps(post).encode()))
    assert read is not None
    return post_fact(read, ME, inbound=True)


@pytest.fixture(scope="module")
def facts() -> list[InteractionFact]:
    """All attacks, once through each channel."""
    made: list[InteractionFact] = []
    for number, attack in enumerate(TEXTS):
        try:
            made.append(bounded(partial(mastodon_post, number=number), attack.text))
            made.append(bounded(partial(bluesky_post, number=number), attack.text))
        except BaseException as error:
            error.add_note(str(attack))
            raise
    return made


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    made = make_desk(tmp_path, clock)
    yield made
    made.workspace.close()


def test_the_corpus_is_stored_found_and_read(
    desk: Desk, facts: list[InteractionFact], tmp_path: Path
) -> None:
    """Kept word for word, each with its customer and case, none of it a file of its own."""
    _, taken = cost(lambda: desk.take(*facts))
    lengths = [len(fact.text) for fact in facts[::2]]
    honest_facts = [mastodon_post(harmless(length), 10_000 + n) for n, length in enumerate(lengths)]
    _, honestly = cost(lambda: desk.take(*honest_facts))
    assert taken < 2 + 20 * honestly
    desk.take(*facts)  # again: nothing is doubled
    rows = desk.queues.page(QueueRef(QueueName.UNASSIGNED), limit=2_000).result().rows
    assert len(rows) == len(facts) + len(honest_facts)
    attacking = {fact.author.handle for fact in facts[::2]}
    shown: set[str] = set()
    for row in rows:
        assert not _OBEYED.search(clean(f"{row.title} {row.name} {row.snippet}"))
        if row.handle not in attacking:
            continue
        for item in desk.timelines.page(row.customer, limit=5).result().items:
            if isinstance(item, InteractionItem):
                shown.add(item.text)
                for line in wrap(f"{item.author} {item.text[:2_000]}", 70):
                    assert not _OBEYED.search(line)
                assert not _OBEYED.search(json_text([item.author, item.handle, item.text[:2_000]]))
    assert {fact.text for fact in facts[::2]} <= shown
    files = {one.name for one in tmp_path.rglob("*") if one.is_file()}
    assert all(name.startswith("seamline.db") for name in files), files
    assert not [one for one in tmp_path.rglob("*") if one.is_dir() and one.name != "home"]


def test_whatever_is_typed_can_be_searched_for(desk: Desk, facts: list[InteractionFact]) -> None:
    desk.take(*facts[::2])
    asked = [one for one in TEXTS if one.family not in ("markup", "links", "nesting", "huge")]
    for attack in asked:
        try:
            bounded(lambda text: desk.search.find(text).result(), attack.text)
        except BaseException as error:
            error.add_note(str(attack))
            raise


_SHAPES = (Instance, Found, Thread, NotificationPage, PostsAnswer, ThreadAnswer, list[msgspec.Raw])


@pytest.mark.parametrize("shape", _SHAPES, ids=str)
def test_a_broken_answer_is_a_broken_contract(shape: Any) -> None:
    http = Http("https://shop.example", label="shop.example")
    for document in DOCUMENTS:
        response = httpx.Response(
            200, content=document.body, request=httpx.Request("GET", "https://shop.example/x")
        )
        try:
            _decoded(http, response, shape)
        except BaseException as error:
            error.add_note(str(document))
            raise


def _decoded(http: Http, response: httpx.Response, shape: Any) -> None:
    """Read, or refused in one sentence that quotes nothing of it."""
    try:
        http.decode(response, shape)
    except ContractBroken as error:
        if error.hint == "":
            raise AssertionError("a sentence without a way on") from error
        if len(str(error)) > 300:
            raise AssertionError("a sentence of more than 300 characters") from error


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_a_broken_post_is_passed_over_alone(document: Body) -> None:
    raw = msgspec.Raw(document.body)
    assert read_post(raw) is None
    assert read_notification(raw) is None
    assert read_bluesky(raw) is None
    inside = json.dumps(honest.STATUS).encode()[:-1] + b', "more": ' + document.body + b"}"
    read = read_post(msgspec.Raw(inside))
    if read is not None:
        Translator(PROFILE).post(read)


@pytest.mark.parametrize("picture", PICTURES, ids=str)
def test_a_picture_that_is_none_has_a_size_or_none(picture: Body) -> None:
    _, taken = cost(lambda: pixel_size(picture.body))
    assert taken < 0.5


@pytest.mark.parametrize("attack", [a for a in TEXTS if a.family == "file names"], ids=str)
def test_a_file_name_stays_inside_its_own_part(attack: Attack) -> None:
    """What a request makes of a name: one part, one line, whatever the name would be."""
    request = httpx.Request(
        "POST", "https://shop.example/", files={"file": (attack.text, b"body", "image/png")}
    )
    body = request.read()
    head, _, rest = body.partition(b"\r\n\r\n")
    assert head.count(b"\r\n") == 2
    assert rest.startswith(b"body\r\n")
    assert body.count(b"Content-Disposition") == 1
    assert b"X-Injected" not in head.split(b"\r\n")
