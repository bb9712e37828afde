"""Conversations out of JSON lines: who, whom, when, and what is wrong with a line."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.connectors.archives.conversations import (
    LONGEST_LINE,
    Conversation,
    read_conversations,
)
from app.connectors.lines import BadLine
from app.domain.interactions import Channel, Direction, Kind

_AT = datetime(2020, 4, 1, 12, tzinfo=UTC)


def _message(
    native_id: str, role: str, author: str | None, at: int | None, text: str = "Hello."
) -> dict[str, Any]:
    time = None if at is None else (_AT + timedelta(seconds=at)).isoformat()
    return {"id": native_id, "role": role, "author": author, "created_at": time, "text": text}


def _line(*messages: dict[str, Any], **more: Any) -> bytes:
    return json.dumps(
        {"brand": "HaldenCare", "session": "s1", "messages": messages} | more
    ).encode()


def _only(line: bytes, **options: Any) -> Conversation:
    (read,) = read_conversations([line], **options)
    assert isinstance(read, Conversation)
    return read


def test_each_message_answers_the_one_before_it() -> None:
    read = _only(
        _line(
            _message("a", "client", "mira", 0, "@HaldenCare it &amp; I are stuck"),
            _message("b", "agent", "HaldenCare", 60, "@mira Which model?"),
            _message("c", "client", "mira", 90),
        )
    )
    assert [fact.in_reply_to for fact in read.facts] == [None, "a", "b"]
    assert {fact.root for fact in read.facts} == {"a"}
    assert [fact.kind for fact in read.facts] == [Kind.MENTION, Kind.REPLY, Kind.REPLY]
    assert [f.direction for f in read.facts] == [
        Direction.INBOUND, Direction.OUTBOUND, Direction.INBOUND,
    ]  # fmt: skip
    assert {fact.party.handle for fact in read.facts if fact.party} == {"@mira"}
    assert read.facts[0].text == "@HaldenCare it & I are stuck"
    assert read.guessed == 0


def test_an_answer_is_to_whom_it_names_and_else_to_who_spoke_last() -> None:
    read = _only(
        _line(
            _message("a", "client", "mira", 0),
            _message("b", "client", "kwame", 10),
            _message("c", "agent", "HaldenCare", 60, "@mira We look into it."),
            _message("d", "agent", "HaldenCare", 70, "So do we."),
        )
    )
    assert [fact.party.handle for fact in read.facts if fact.party] == [
        "@mira", "@kwame", "@mira", "@kwame",
    ]  # fmt: skip


def test_whom_no_answer_addresses_stood_around() -> None:
    read = _only(
        _line(
            _message("a", "client", "mira", 0, "Look at my new kettle"),
            _message("b", "client", "kwame", 10, "@mira @HaldenCare mine leaks"),
            _message("c", "agent", "HaldenCare", 60, "@kwame Which model?"),
        )
    )
    assert [fact.direction for fact in read.facts] == [
        Direction.AROUND, Direction.INBOUND, Direction.OUTBOUND,
    ]  # fmt: skip
    assert read.facts[0].party is None
    waiting = _only(_line(_message("a", "client", "m", 0), _message("b", "client", "k", 1)))
    assert {fact.direction for fact in waiting.facts} == {Direction.INBOUND}


def test_an_unknown_author_is_whom_the_answer_addresses() -> None:
    read = _only(
        _line(
            _message("a", "client", "mira", 0),
            _message("b", "client", None, 10),
            _message("c", "agent", "HaldenCare", 60, "@aino Here is how."),
        )
    )
    assert [fact.author.handle for fact in read.facts] == ["@mira", "@aino", "@HaldenCare"]


def test_an_unknown_author_nobody_addresses_is_nobody_else() -> None:
    line = (
        _message("a", "client", "mira", 0),
        _message("b", "client", None, 10),
        _message("c", "agent", "HaldenCare", 60, "@mira Here is how."),
    )
    first, second = _only(_line(*line)), _only(_line(*line, session="s2"))
    unknown = {read.facts[1].author.native_id for read in (first, second)}
    assert len(unknown) == 2
    assert read_names(first) == ["@mira", "@unknown", "@HaldenCare"]


def read_names(read: Conversation) -> list[str]:
    return [fact.author.handle for fact in read.facts]


def test_missing_times_stand_between_their_neighbours_and_are_counted() -> None:
    read = _only(
        _line(
            _message("a", "client", "mira", None),
            _message("b", "client", "mira", 0),
            _message("c", "agent", "HaldenCare", None),
            _message("d", "client", "mira", 60),
            _message("e", "agent", "HaldenCare", None),
        )
    )
    seconds = [(fact.occurred_at - _AT).total_seconds() for fact in read.facts]
    assert seconds == [-1, 0, 30, 60, 61]
    assert read.guessed == 3


def test_two_of_one_moment_keep_their_order() -> None:
    read = _only(_line(*(_message(name, "client", "mira", 0) for name in "cba")))
    times = [fact.occurred_at for fact in read.facts]
    assert times == sorted(set(times))


def _post_number(at: int) -> str:
    """The number X would give to a post of that moment."""
    ms = int((_AT + timedelta(seconds=at)).timestamp() * 1000)
    return str(((ms - 1_288_834_974_657) << 22) | 7)


def test_a_post_of_x_tells_its_time_by_its_number() -> None:
    line = _line(
        _message(_post_number(0), "client", "mira", 0),
        _message(_post_number(95), "agent", "HaldenCare", None),
    )
    read = _only(line)
    assert [(fact.occurred_at - _AT).total_seconds() for fact in read.facts] == [0, 95]
    assert read.guessed == 0
    assert _only(line, channel=Channel.FACEBOOK).guessed == 1


def test_numbers_that_contradict_the_times_told_are_no_times() -> None:
    read = _only(
        _line(
            _message(_post_number(500), "client", "mira", 0),
            _message(_post_number(595), "agent", "HaldenCare", None),
        )
    )
    assert read.guessed == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "it is not JSON."),
        (b"\xff\xfe", "it is not JSON."),
        (_line(), "it has no messages."),
        (_line(_message("a", "client", "m", 0), brand=" "), "“brand” is empty."),
        (_line(_message("", "client", "m", 0)), "a message has no “id”."),
        (_line(_message("a", "client", "m", None)), "none of its messages has a time."),
        (
            _line(_message("a", "client", "m", 0), _message("a", "agent", "h", 1)),
            "two messages have the same “id”.",
        ),
        (
            _line(_message("a", "owner", "m", 0)),
            "invalid enum value “owner” at “messages[0].role”.",
        ),
        (b'{"brand": "H", "session": "s"}', "object missing required field “messages”."),
        (b" " * LONGEST_LINE + b"{}", "it is longer than 4 MB."),
    ],
)  # fmt: skip
def test_a_line_that_is_no_conversation_says_why(line: bytes, words: str) -> None:
    good = _line(_message("z", "client", "mira", 0))
    bad, read = read_conversations([line, good])
    assert bad == BadLine(1, words)
    assert isinstance(read, Conversation), "the rest goes on"


def test_empty_lines_are_passed_over_and_counted() -> None:
    assert list(read_conversations([b"\n", b"{\n"])) == [BadLine(2, "it is not JSON.")]
