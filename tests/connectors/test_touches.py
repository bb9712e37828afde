"""Touches of a campaign out of CSV, and what is wrong with a line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.connectors.lines import BadLine
from app.connectors.marketing.touches import Touch, fact_of, read_touches
from app.domain.errors import BadInput
from app.domain.interactions import (
    Channel,
    Direction,
    IdentityFact,
    Kind,
    Side,
    default_side,
    needs_answer,
)

_MIRA = IdentityFact(Channel.EMAIL, "mira@post.example", "mira@post.example")
_HEAD = b"customer,campaign,touch,time,link,brief,codes\n"


def _read(*lines: bytes, head: bytes = _HEAD) -> list[Touch | BadLine]:
    return list(read_touches([head, *lines]))


def test_a_line_is_a_touch() -> None:
    (touch,) = _read(
        b'mira@post.example,Spring roast,Sent,2026-03-02T10:15:00+01:00,,"Ends, Friday",A1 B2\n'
    )
    assert touch == Touch(
        2, "mira@post.example", "Spring roast", Kind.CAMPAIGN_SENT,
        datetime(2026, 3, 2, 9, 15, tzinfo=UTC), "", "Ends, Friday", ("A1", "B2"),
    )  # fmt: skip


@pytest.mark.parametrize("sign", [b";", b"\t"])
def test_other_signs_between_columns_and_other_orders_are_read(sign: bytes) -> None:
    head = b"\xef\xbb\xbf" + sign.join([b"Time", b"touch", b"Campaign", b"customer"]) + b"\r\n"
    line = sign.join([b"2026-03-02", b"bought", b"Spring", b"@mira"]) + b"\r\n"
    (touch,) = _read(line, b"\r\n", head=head)
    assert isinstance(touch, Touch)
    assert (touch.customer, touch.kind, touch.at) == (
        "@mira", Kind.BOUGHT, datetime(2026, 3, 2, tzinfo=UTC),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b",Spring,sent,2026-03-02\n", "“customer” is empty."),
        (b"@mira,Spring,seen,2026-03-02\n", "“touch” is none of sent, opened, clicked, bought."),
        (b"@mira,Spring,sent,yesterday\n", "“time” is not written as 2026-03-02T09:15:00Z."),
        (b"@mira\n", "“campaign” is empty."),
    ],
)
def test_a_line_that_is_no_touch_says_why(line: bytes, words: str) -> None:
    bad, good = _read(line, b"@mira,Spring,sent,2026-03-02\n")
    assert bad == BadLine(2, words)
    assert isinstance(good, Touch)
    assert good.number == 3


def test_a_file_without_the_columns_is_refused() -> None:
    with pytest.raises(BadInput, match="no column “customer” and no “touch”"):
        _read(head=b"campaign,time\n")
    with pytest.raises(BadInput, match="“customer”"):
        list(read_touches([]))


def test_the_stages_of_a_mail_follow_from_its_sending_and_are_marketing() -> None:
    read = _read(
        b"m,Spring,sent,2026-03-02T09:00,,Ends Friday\n",
        b"m,Spring,opened,2026-03-02T10:00\n",
        b"m,Spring,clicked,2026-03-02T10:01,https://halden.example/spring\n",
        b"m,Spring,bought,2026-03-02T10:09,Duo\n",
    )
    facts = [fact_of(touch, _MIRA) for touch in read if isinstance(touch, Touch)]
    sent, *later = facts
    assert (sent.direction, sent.subject, sent.text) == (
        Direction.OUTBOUND, "Spring", "Ends Friday",
    )  # fmt: skip
    assert {fact.in_reply_to for fact in later} == {sent.native_id}
    assert [fact.text for fact in later] == ["", "https://halden.example/spring", "Duo"]
    assert {fact.party for fact in facts} == {_MIRA}
    sides = {default_side(fact, answers_announcement=False) for fact in facts}
    assert sides == {Side.MARKETING}
    assert not any(needs_answer(fact, Side.MARKETING) for fact in facts)


def test_the_same_touch_has_the_same_id_and_another_time_another() -> None:
    lines = (b"m,Spring,opened,2026-03-02T10:00\n", b"m,spring,opened,2026-03-02T10:00Z\n")
    same = {fact_of(t, _MIRA).native_id for t in _read(*lines) if isinstance(t, Touch)}
    assert len(same) == 1
    (later,) = _read(b"m,Spring,opened,2026-03-02T11:00\n")
    assert isinstance(later, Touch)
    assert fact_of(later, _MIRA).native_id not in same
