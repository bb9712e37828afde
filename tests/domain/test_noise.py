"""It learns from marks, says why, and does not trust itself further than it has measured."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.noise import Mark, Measured, NoiseModel, features, measured

WORK = ["my duo shows E14 again", "where is my order?", "refund please", "the grinder is too loud"]
NOISE = ["entering the giveaway", "win win win #giveaway", "check my page https://x.example", "🎉"]


def marks(count: int, *, honest: bool = True, seed: int = 1) -> list[Mark]:
    """Half of them noise; dishonest ones are marked by chance."""
    chance = random.Random(seed)
    texts = [(text, False) for text in WORK] + [(text, True) for text in NOISE]
    made = []
    for number in range(count):
        text, noise = texts[number % len(texts)]
        said = f"{text} {chance.choice(['today', 'now', 'thanks', 'hello'])}"
        made.append(Mark(chance.getrandbits(60), said, noise if honest else chance.random() < 0.5))
    return made


def test_without_marks_of_both_kinds_everything_is_work() -> None:
    only_work = [mark for mark in marks(80) if not mark.noise]
    for model in (NoiseModel(), NoiseModel(only_work)):
        assert model.judge("win the giveaway").probability == 0.0


def test_it_learns_and_says_why() -> None:
    model = NoiseModel(marks(80))
    noise = model.judge("Giveaway! I want to WIN")
    assert noise.probability > 0.9
    assert set(noise.reasons) >= {"giveaway", "win"}
    work = model.judge("my order, where is it?")
    assert work.probability < 0.1
    assert "order" not in work.reasons


def test_it_may_decide_where_it_was_measured_to_be_right() -> None:
    result = measured(marks(200))
    assert result.threshold is not None
    assert result.precision >= 0.95
    assert result.recall > 0.9
    assert result.marks == 200


def test_it_may_not_decide_on_marks_made_by_chance() -> None:
    assert measured(marks(400, honest=False)) == Measured(None, marks=400)


def test_few_marks_say_nothing() -> None:
    assert measured(marks(39)).threshold is None
    assert measured([mark for mark in marks(400) if mark.noise]).threshold is None


def test_a_few_lucky_ones_are_not_enough() -> None:
    assert measured(marks(40)).threshold is None


@given(st.permutations(marks(60)))
def test_the_order_of_the_marks_changes_nothing(shuffled: list[Mark]) -> None:
    text = "win a grinder now"
    assert NoiseModel(shuffled).judge(text) == NoiseModel(marks(60)).judge(text)
    assert measured(shuffled) == measured(marks(60))


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("@halden @ana", {"[only names]", "[nothing said]"}),
        ("#duo #coffee", {"[only tags]"}),
        ("@a @b @c hello", {"[many names]"}),
        ("see https://x.example/a?b=1", {"[link]", "[question]"}),
        ("なぜ？", {"[question]"}),
        ("", {"[nothing said]"}),
    ],
)
def test_facts_about_the_shape(text: str, shape: set[str]) -> None:
    assert {one for one in features(text) if one.startswith("[")} == shape


@given(st.text(max_size=200))
def test_any_text_has_features(text: str) -> None:
    assert 0.0 <= NoiseModel(marks(80)).judge(text).probability <= 1.0


def test_few_marks_of_noise_do_not_make_noise_of_rare_words() -> None:
    """Of a hundred messages five are noise: a word met once in work speaks for work."""
    work = [Mark(n, f"my grinder{n} stopped after update{n}", noise=False) for n in range(95)]
    spam = [Mark(n, "follow me for free coins", noise=True) for n in range(95, 100)]
    model = NoiseModel([*work, *spam])
    assert model.judge("grinder7 and update12 puzzle us").probability < 0.5
    assert model.judge("free coins, follow me").probability > 0.5
