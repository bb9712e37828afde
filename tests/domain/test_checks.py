"""What a colleague would mention before a reply is sent, and nothing else."""

from __future__ import annotations

import pytest

from app.domain.checks import Check, Guidelines, check
from app.domain.interactions import Visibility

GUIDELINES = Guidelines(
    forbidden=("calm down", "policy"),
    greetings=("hello", "hi", "hej", "guten tag"),
    blocking=frozenset({Check.PERSONAL}),
)


def found(
    text: str, *, visibility: Visibility = Visibility.PUBLIC, first_reply: bool = False
) -> list[tuple[Check, str]]:
    concerns = check(text, GUIDELINES, visibility=visibility, first_reply=first_reply)
    return [(concern.check, concern.words) for concern in concerns]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Please CALM  down.", [(Check.FORBIDDEN, "calm down")]),
        ("It is our policy.", [(Check.FORBIDDEN, "policy")]),
        ("We’ll send you 20 € today.", [(Check.MONEY, "20 €")]),
        ("Wir erstatten Ihnen 49,90 EUR.", [(Check.MONEY, "49,90 EUR")]),
        ("You will receive $1,000.", [(Check.MONEY, "$1,000")]),
        ("Write to marta.l@example.com", [(Check.PERSONAL, "marta.l@example.com")]),
        ("Call +46 70 123 45 67", [(Check.PERSONAL, "+46 70 123 45 67")]),
        ("Ring 070-123 45 67", [(Check.PERSONAL, "070-123 45 67")]),
        ("Call (555) 123-4567", [(Check.PERSONAL, "(555) 123-4567")]),
        ("SE35 5000 0000 0549 1000 0003", [(Check.PERSONAL, "SE35 5000 0000 0549 1000 0003")]),
        ("Card 4111 1111 1111 1111", [(Check.PERSONAL, "4111 1111 1111 1111")]),
        ("YOU MUST WAIT for it", [(Check.SHOUTING, "YOU MUST WAIT")]),
        ("Really???", [(Check.SHOUTING, "???")]),
        (" ".join(["word"] * 60) + ".", [(Check.LONG_SENTENCES, "")]),
    ],
)
def test_mentioned(text: str, expected: list[tuple[Check, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The Duo costs 499 €.",
        "We’ll be back at 12:30 with an answer.",
        "Your order HC-20931 left, parcel 00340434161094 follows.",
        "Ask @marta@mastodon.social about it.",
        "The USB and the TV work.",
        "Case #2Y7A74, opened 2026-11-19 10:45.",
        "Short. Words. Only.",
        "",
    ],
)
def test_not_mentioned(text: str) -> None:
    assert found(text) == []


def test_what_only_the_customer_sees_may_be_personal() -> None:
    assert found("Write to marta.l@example.com", visibility=Visibility.DIRECT) == []


@pytest.mark.parametrize(
    ("text", "greets"),
    [
        ("Hello Marta, it left.", True),
        ("HEJ Marta", True),
        ("Guten Tag, Frau Brandt", True),
        ("@marta@mastodon.social hi, it left.", True),
        ("It left.", False),
        ("Hierarchy is no greeting", False),
        ("@marta it left", False),
    ],
)
def test_a_first_reply_greets(text: str, greets: bool) -> None:
    assert (found(text, first_reply=True) == []) is greets
    assert found(text) == []


def test_only_what_the_rule_says_holds_a_reply_back() -> None:
    concerns = check(
        "Calm down, write to a@b.example", GUIDELINES,
        visibility=Visibility.PUBLIC, first_reply=False,
    )  # fmt: skip
    assert {concern.check: concern.blocks for concern in concerns} == {
        Check.FORBIDDEN: False,
        Check.PERSONAL: True,
    }
