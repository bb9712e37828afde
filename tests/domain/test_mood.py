"""A verdict has its reasons, and there is none where there is no list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mood import Felt, Lexicon, Mood, MoodModel, recoveries

ENGLISH = Lexicon(
    "en",
    {"bad": -1.5, "good": 1.5, "disappoint*": -2.0, "fix": 0.0},
    frozenset({"not", "no", "never"}),
    frozenset({"very"}),
    wish=frozenset({"would"}),
    thanks=frozenset({"thanks"}),
    common=frozenset({"the", "and", "is", "my"}),
)
GERMAN = Lexicon("de", {"schlecht": -2.0}, common=frozenset({"und", "ist", "das", "mein"}))
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
        ("Thanks 🎉", Mood.GLAD, ("🎉", "thanks")),
        ("see https://bad.example/bad by @bad", Mood.NEUTRAL, ()),
        ("badly", Mood.NEUTRAL, ()),
        ("", Mood.NEUTRAL, ()),
        ("It would be good.", Mood.NEUTRAL, ()),
        ("It would be bad.", Mood.ANGRY, ("bad",)),
        ("That works, thanks", Mood.GLAD, ("thanks",)),
        ("When does it come? thanks", Mood.NEUTRAL, ()),
        ("I have been told three times now that it will come, thanks", Mood.NEUTRAL, ()),
        ("bad, thanks", Mood.NEUTRAL, ()),
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


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("my pump and the seal is bad", Mood.ANGRY),
        ("und das ist schlecht", Mood.ANGRY),
        ("bad", None),
        ("the pump is mein, und das is bad", None),
    ],
)
def test_a_text_without_a_language_is_claimed_by_its_common_words(
    text: str, mood: Mood | None
) -> None:
    verdict = MoodModel([ENGLISH, GERMAN]).judge(text, "")
    assert (verdict and verdict.mood) == mood


def test_anger_turns_to_thanks_once_a_thread() -> None:
    told = [
        Felt(1, (1, 1), 100, Mood.GLAD),
        Felt(2, (1, 1), 200, Mood.ANGRY),
        Felt(3, (2, 1), 250, Mood.ANGRY),
        Felt(4, (1, 1), 300, Mood.ANGRY),
        Felt(5, (1, 1), 350, Mood.NEUTRAL),
        Felt(6, (1, 1), 400, Mood.GLAD),
        Felt(7, (1, 1), 500, Mood.ANGRY),
        Felt(8, (1, 1), 600, Mood.GLAD),
    ]
    assert recoveries(told) == {6: 200}
    assert recoveries(reversed(told)) == {6: 200}


moods = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(Mood)), max_size=20)


@given(moods)
def test_a_recovery_is_glad_and_has_anger_before_it(told: list[tuple[int, Mood]]) -> None:
    felt = [Felt(n, (thread, 0), n * 10, mood) for n, (thread, mood) in enumerate(told)]
    found = recoveries(felt)
    for key, lasted in found.items():
        assert felt[key].mood is Mood.GLAD
        assert lasted > 0
        before = [one for one in felt[:key] if one.thread == felt[key].thread]
        assert any(one.mood is Mood.ANGRY for one in before)
    assert len({felt[key].thread for key in found}) == len(found)


@given(st.text(max_size=300))
def test_any_text_is_judged(text: str) -> None:
    verdict = MODEL.judge(text, "en")
    assert verdict is not None
    assert bool(verdict.reasons) == (verdict.mood is not Mood.NEUTRAL)
