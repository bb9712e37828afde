"""Phrases are found as a person would find them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.phrases import found_in, plain


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("refund", "I want a REFUND, now."),
        ("refund*", "Two refunds are missing"),
        ("still  waiting", "still\nwaiting for it"),
        ("café", "CAFE AU LAIT"),
        ("cafe", "Café"),
        ("返金", "昨日返金をお願いしました"),
        ("😡", "no😡no"),
        ("#win", "join #win today"),
        ("c++", "I write c++ here"),
        ("straße", "STRASSE"),
        ("don't", "I don't know"),
    ],
)
def test_found(phrase: str, text: str) -> None:
    assert found_in(text, [phrase]) == (phrase,)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("refund", "refunds"),
        ("refund", "nonrefund"),
        ("still waiting", "waiting still"),
        ("", "anything"),
        ("*", "anything"),
        ("  ", "anything"),
        (".*", "anything"),
        ("win", "winter"),
    ],
)
def test_not_found(phrase: str, text: str) -> None:
    assert found_in(text, [phrase]) == ()


def test_the_order_of_the_phrases_is_kept() -> None:
    assert found_in("b then a", ["a", "x", "b"]) == ("a", "b")


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20))
def test_what_stands_between_spaces_is_found(before: str, after: str, phrase: str) -> None:
    text = f"{before} {phrase} {after}"
    whole = bool(plain(phrase)) and not phrase.endswith("*")
    assert bool(found_in(text, [phrase])) or not whole
