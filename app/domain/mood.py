"""How somebody feels who writes this: by words that are weighed, so that every verdict has reasons.

A list for each language gives words a weight from −3 to 3. A word that denies turns what follows it
within three words and the same clause, one that strengthens makes it half as heavy again, and what
is shouted counts more: the rules of VADER (C. J. Hutto, E. Gilbert, 2014), reduced to what can be
told in a line. What is only wished for (“would be nice”) is no joy, and thanks count where a
message is hardly more than them: they also stand beneath complaints. For a language without a list
there is no verdict: silence beats a guess.
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
    """One language. ``weights`` of words in their plain form, “word*” for every ending; ``deny``,
    ``strengthen`` and ``wish`` are the words that turn, strengthen and merely wish what follows;
    ``thanks`` those that thank. ``common`` are its commonest words that few other languages have,
    by which a text is known that names no language."""

    language: str
    weights: Mapping[str, float]
    deny: frozenset[str] = field(default_factory=frozenset)
    strengthen: frozenset[str] = field(default_factory=frozenset)
    wish: frozenset[str] = field(default_factory=frozenset)
    thanks: frozenset[str] = field(default_factory=frozenset)
    common: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``score`` below 0 is angry; ``reasons`` are the words that decided, the heaviest first."""

    mood: Mood
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Feeling:
    """The mood of a message as it is shown: the verdict’s, or where ``corrected``, an agent’s.

    ``lasted_ms`` is set where a case turned from anger to thanks: how long the anger had lasted.
    """

    mood: Mood
    reasons: tuple[str, ...] = ()
    corrected: bool = False
    lasted_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Felt:
    """What ``recoveries`` looks at: one message of a customer in a thread."""

    key: int
    thread: tuple[int, int]
    at_ms: int
    mood: Mood


_TOKEN = re.compile(
    r"[^\W_]+(?:['’][^\W_]+)*|[!?！？]{2,}|[.,;\n](?=\s|$)|[\u2639-\u263b\u2764\U0001f300-\U0001faff]|[:;]-?[()]"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LINK_OR_NAME = re.compile(r"https?://\S+|[@#][\w.@-]+")
_SIGNS: Mapping[str, float] = {
    ":(": -1.5, ":-(": -1.5, ":)": 1.0, ":-)": 1.0, ";)": 0.5,
    **dict.fromkeys("😠😡🤬👎💩😤🖕", -2.5),
    **dict.fromkeys("😭😩😢😞😔😣😖😫🙄😒☹🥺🙃🤦", -1.5),
    **dict.fromkeys("😀😃😄😁😊🙂😍🥰🤩👍🎉👏🙌❤💚💙💜🧡💛🤗", 1.5),
}  # fmt: skip
_ENDS = frozenset(".,;\n")
_REACHES = 3
"""So many words further a denial or a wish reaches."""
_STRONGER = 1.5
_SHOUTED = 1.3
_SHORTEST_SHOUT = 3
_MARKS = -0.7
_DECIDES = 1.2
_REASONS = 4
_HARDLY_MORE = 10
"""A message of so many words that thanks and asks nothing is thanks."""
_THANKED = 1.2
_CLAIMED = 3
"""A list claims a text by so many of its common words, and twice as many as the next list."""


class MoodModel:
    """Lists for some languages; ``judge`` answers None for the others."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self._lexicons = {lexicon.language: _Compiled(lexicon) for lexicon in lexicons}

    def judge(self, text: str, language: str) -> Verdict | None:
        """``language`` as BCP 47: the list of "de" serves "de-AT" too; "" where nobody named it,
        and then the text must show it."""
        text = _LINK_OR_NAME.sub(" ", text[:LONGEST_TEXT])
        named = language.partition("-")[0].casefold() or self._language_of(text)
        lexicon = self._lexicons.get(named)
        if lexicon is None:
            return None
        weighed = lexicon.weigh(text)
        score = sum(weight for _, weight in weighed)
        mood = (
            Mood.ANGRY if score <= -_DECIDES else Mood.GLAD if score >= _DECIDES else Mood.NEUTRAL
        )
        speaking = [(word, weight) for word, weight in weighed if weight * mood > 0]
        speaking.sort(key=lambda one: -abs(one[1]))
        reasons = dict.fromkeys(word for word, _ in speaking)
        return Verdict(mood, round(score, 2), tuple(reasons)[:_REASONS])

    def _language_of(self, text: str) -> str:
        """The language whose common words a text clearly has; "" where none does."""
        words = {plain(word) for word in _WORD.findall(text)}
        shares = sorted(
            ((len(words & each.common), name) for name, each in self._lexicons.items()),
            reverse=True,
        )
        if not shares or shares[0][0] < _CLAIMED:
            return ""
        second = shares[1][0] if len(shares) > 1 else 0
        return shares[0][1] if shares[0][0] >= 2 * second else ""


class _Compiled:
    """A list as it is looked up: whole words by name, open ones by their longest beginning."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._deny, self._strengthen, self._wish, self._thanks, self.common = (
            frozenset(map(plain, words))
            for words in (
                lexicon.deny, lexicon.strengthen, lexicon.wish, lexicon.thanks, lexicon.common,
            )
        )  # fmt: skip
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
        denied_until = wished_until = strengthened_at = -1
        tokens = [(token, plain(token)) for token in _TOKEN.findall(text)]
        said = sum(token[0].isalnum() for token, _ in tokens)
        only_thanks = said <= _HARDLY_MORE and "?" not in text
        for place, (token, word) in enumerate(tokens):
            if token in _ENDS:
                denied_until = wished_until = -1
            if word in self._deny:
                denied_until = place + _REACHES
            if word in self._wish:
                wished_until = place + _REACHES
            if word in self._strengthen:
                strengthened_at = place + 1
            weight = self._weight(token, word)
            if only_thanks and word in self._thanks:
                weight += _THANKED
            if not weight or (weight > 0 and place <= wished_until):
                continue
            denied = place <= denied_until and word not in self._deny and token[0].isalnum()
            weight *= -0.5 if denied else 1
            weight *= _STRONGER if place == strengthened_at else 1
            weight *= _SHOUTED if token.isupper() and len(token) >= _SHORTEST_SHOUT else 1
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


def recoveries(felt: Iterable[Felt]) -> dict[int, int]:
    """Where anger turned to thanks: the key of the first glad message of a thread after an angry
    one, and how many milliseconds after the first anger it came; once a thread at the most."""
    angry: dict[tuple[int, int], int] = {}
    turned: dict[tuple[int, int], tuple[int, int]] = {}
    for one in sorted(felt, key=lambda each: (each.at_ms, each.key)):
        if one.mood is Mood.ANGRY:
            angry.setdefault(one.thread, one.at_ms)
        elif one.mood is Mood.GLAD and one.thread in angry and one.thread not in turned:
            turned[one.thread] = (one.key, one.at_ms - angry[one.thread])
    return dict(turned.values())
