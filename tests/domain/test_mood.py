"""A verdict has its reasons, and there is none where there is no list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mood import Lexicon, Mood, MoodModel

ENGLISH = Lexicon(
    "en",
    {"bad": -1.5, "good": 1.5, "disappoint*": -2.0, "fix": 0.0},
    frozenset({"not", "no", "never"}),
    frozenset({"very"}),
)
MODEL = MoodModel([ENGLISH])


@pytest.mark.parametrize(
    ("text", "mood", "reasons"),
    [
        ("That is bad.", Mood.ANGRY, ("bad",)),
        ("Disappointing", Mood.ANGRY, ("disappointing",)),
        ("GOOD, thank you", Mood.GLAD, ("good",)),
        ("very good, not bad", Mood.GLAD, ("good", "bad")),
        ("It is not good.", Mood.NEUTRAL, ()),
        ("No help, no answer. Disappointing.", Mood.ANGRY, ("disappointing",)),
        ("never ever was bad", Mood.NEUTRAL, ()),
        ("Where is my order?", Mood.NEUTRAL, ()),
        ("Not here 😡", Mood.ANGRY, ("😡",)),
        ("Thanks 🎉", Mood.GLAD, ("🎉",)),
        ("see https://bad.example/bad by @bad", Mood.NEUTRAL, ()),
        ("badly", Mood.NEUTRAL, ()),
        ("", Mood.NEUTRAL, ()),
    ],
)
def test_verdicts(text: str, mood: Mood, reasons: tuple[str, ...]) -> None:
    verdict = MODEL.judge(text, "en-GB")
    assert verdict is not None
    assert (verdict.mood, verdict.reasons) == (mood, reasons)


def score(text: str) -> float:
    verdict = MODEL.judge(text, "en")
    assert verdict is not None
    return verdict.score


def test_what_strengthens_and_what_is_shouted_weighs_more() -> None:
    assert score("very bad") < score("bad")
    assert score("BAD") < score("bad")
    assert score("bad!!!") < score("bad")
    assert score("very, bad") == score("bad")


def test_no_list_no_verdict() -> None:
    assert MODEL.judge("That is bad", "de") is None
    assert MODEL.judge("That is bad", "") is None
    assert MoodModel([]).judge("That is bad", "en") is None


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    verdict = MODEL.judge(text, "en")
    assert verdict is not None
    assert bool(verdict.reasons) == (verdict.mood is not Mood.NEUTRAL)
