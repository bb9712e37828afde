"""How somebody feels who writes this: by words that are weighed, so that every verdict has reasons.

A list for each language gives words a weight from −3 to 3. A word that denies turns what follows it
within three words and the same clause, one that strengthens makes it half as heavy again, and what
is shouted counts more: the rules of VADER (C. J. Hutto, E. Gilbert, 2014), reduced to what can be
told in a line. For a language without a list there is no verdict: silence beats a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import IntEnum

from app.domain.phrases import LONGEST_TEXT, plain
from app.domain.records import dataclass


class Mood(IntEnum):
    """The numbers are stored."""

    ANGRY = -1
    NEUTRAL = 0
    GLAD = 1


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language. ``weights`` of words in their plain form, “word*” for every ending;
    ``deny`` and ``strengthen`` are the words that turn and strengthen what follows."""

    language: str
    weights: Mapping[str, float]
    deny: frozenset[str] = field(default_factory=frozenset)
    strengthen: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``score`` below 0 is angry; ``reasons`` are the words that decided, the heaviest first."""

    mood: Mood
    score: float
    reasons: tuple[str, ...] = ()


_TOKEN = re.compile(
    r"[^\W_]+(?:['’][^\W_]+)*|[!?！？]{2,}|[.,;\n](?=\s|$)|[\u2639-\u263b\u2764\U0001f300-\U0001faff]|[:;]-?[()]"
)
_LINK_OR_NAME = re.compile(r"https?://\S+|[@#][\w.@-]+")
_SIGNS: Mapping[str, float] = {
    ":(": -1.5, ":-(": -1.5, ":)": 1.0, ":-)": 1.0, ";)": 0.5,
    **dict.fromkeys("😠😡🤬👎💩😤🖕", -2.5),
    **dict.fromkeys("😭😩😢😞😔😣😖😫🙄😒☹🥺🙃🤦", -1.5),
    **dict.fromkeys("😀😃😄😁😊🙂😍🥰🤩👍🎉👏🙌❤💚💙💜🧡💛🤗", 1.5),
}  # fmt: skip
_ENDS = frozenset(".,;\n")
_DENIES_SO_FAR = 3
_STRONGER = 1.5
_SHOUTED = 1.3
_SHORTEST_SHOUT = 3
_MARKS = -0.7
_DECIDES = 1.2
_REASONS = 4


class MoodModel:
    """Lists for some languages; ``judge`` answers None for the others."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self._lexicons = {lexicon.language: _Compiled(lexicon) for lexicon in lexicons}

    def judge(self, text: str, language: str) -> Verdict | None:
        """``language`` as BCP 47: the list of "de" serves "de-AT" too."""
        lexicon = self._lexicons.get(language.partition("-")[0].casefold())
        if lexicon is None:
            return None
        weighed = lexicon.weigh(_LINK_OR_NAME.sub(" ", text[:LONGEST_TEXT]))
        score = sum(weight for _, weight in weighed)
        mood = (
            Mood.ANGRY if score <= -_DECIDES else Mood.GLAD if score >= _DECIDES else Mood.NEUTRAL
        )
        speaking = [(word, weight) for word, weight in weighed if weight * mood > 0]
        speaking.sort(key=lambda one: -abs(one[1]))
        reasons = dict.fromkeys(word for word, _ in speaking)
        return Verdict(mood, round(score, 2), tuple(reasons)[:_REASONS])


class _Compiled:
    """A list as it is looked up: whole words by name, open ones by their longest beginning."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._deny, self._strengthen = lexicon.deny, lexicon.strengthen
        self._whole = {
            plain(word): weight for word, weight in lexicon.weights.items() if "*" not in word
        }
        self._open = {
            plain(word.removesuffix("*")): weight
            for word, weight in lexicon.weights.items()
            if word.endswith("*")
        }
        self._lengths = sorted({len(word) for word in self._open}, reverse=True)

    def weigh(self, text: str) -> list[tuple[str, float]]:
        """The words that weigh anything, with what they weigh here."""
        found: list[tuple[str, float]] = []
        denied_until = -1
        strengthened_at = -1
        for place, token in enumerate(_TOKEN.findall(text)):
            word = plain(token)
            if token in _ENDS:
                denied_until = -1
            if word in self._deny:
                denied_until = place + _DENIES_SO_FAR
            if word in self._strengthen:
                strengthened_at = place + 1
            weight = self._weight(token, word)
            if not weight:
                continue
            if place <= denied_until and word not in self._deny and token[0].isalnum():
                weight = -weight / 2
            if place == strengthened_at:
                weight *= _STRONGER
            if token.isupper() and len(token) >= _SHORTEST_SHOUT:
                weight *= _SHOUTED
            found.append((word, weight))
        return found

    def _weight(self, token: str, word: str) -> float:
        if token in _SIGNS:
            return _SIGNS[token]
        if token[0] in "!?！？":
            return _MARKS
        if word in self._whole:
            return self._whole[word]
        return next(
            (self._open[word[:length]] for length in self._lengths if word[:length] in self._open),
            0.0,
        )
