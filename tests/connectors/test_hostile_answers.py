"""Answers no honest server gives: bounded in time, read as far as they go, stored all the same."""

from __future__ import annotations

import json
import time
from typing import Any

import msgspec
import pytest

from app.connectors.base import Profile
from app.connectors.channels.mastodon.facts import Translator, read_post
from app.connectors.channels.mastodon.pulling import read_notification
from app.connectors.html import html_to_text
from app.domain.clock import from_ms, to_ms
from app.domain.interactions import Channel

PROFILE = Profile(Channel.MASTODON, "https://shop.example", "1@shop.example", "@brand@shop.example")
POST: dict[str, Any] = {
    "id": "5",
    "created_at": "2026-11-19T08:00:00Z",
    "account": {"id": "7", "acct": "a@far.example"},
    "content": "<p>hello</p>",
}


@pytest.mark.parametrize("tag", ["<div>", "<p>", "<b><i>", "<ul><li>", "<a href=x>", "<table>"])
def test_a_megabyte_of_open_tags_is_read_in_no_time(tag: str) -> None:
    started = time.process_time()
    text = html_to_text("before " + tag * 200_000 + "after")
    assert time.process_time() - started < 5
    assert text.startswith("before")
    assert "after" not in text
    assert "…" in text


@pytest.mark.parametrize(
    "at", ["0001-01-01T00:00:00+23:00", "9999-12-31T23:59:59-23:00", "9999-12-31T23:59:59Z"]
)
def test_a_moment_outside_the_calendar_is_moved_inside(at: str) -> None:
    post = read_post(msgspec.Raw(json.dumps({**POST, "created_at": at}).encode()))
    assert post is not None
    moment = Translator(PROFILE).post(post).occurred_at
    assert from_ms(to_ms(moment)).astimezone() == moment


@pytest.mark.parametrize("broken", [b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\xaf", b"\\ud800"])
def test_broken_text_spoils_its_post_and_nothing_else(broken: bytes) -> None:
    body = json.dumps(POST).encode().replace(b"hello", broken)
    assert read_post(msgspec.Raw(body)) is None
    body = b'{"id": "%s", "type": "mention", "created_at": "2026-11-19T08:00:00Z"}' % broken
    assert read_notification(msgspec.Raw(body)) is None
