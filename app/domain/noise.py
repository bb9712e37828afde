"""What needs no answer: a classifier that learns from what agents mark, and knows how good it is.

Multinomial naive Bayes over the words of a message and a few facts about its shape (C. D. Manning,
P. Raghavan, H. Schütze: Introduction to Information Retrieval, 2008, chapter 13). Each word counts
once a message. What is known of a word is shrunk towards how often it is met at all (the m-estimate
of T. Mitchell: Machine Learning, 1997, section 6.9.1): by Laplace’s rule, every rare word would
speak for whichever kind has fewer marks. It is trained anew from all marks, which takes
milliseconds for thousands, so that taking a mark back leaves no trace.

It never decides on its own merit: ``measured`` asks, for each mark, a model that has not seen it,
and finds the score from which on at least so many of a hundred were right. Where no score is good
enough, or the marks are too few, it only suggests.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from app.domain.phrases import LONGEST_TEXT, plain
from app.domain.records import dataclass

_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+)*|[\u2190-\u2bff\U0001f000-\U0001faff]")
_LINK = re.compile(r"https?://\S+")
_NAME = re.compile(r"@[\w.@-]+")
_TAG = re.compile(r"#\w+")
_MANY_NAMES = 3
_FOLDS = 10
_LEAST_MARKS = 20
"""Of each kind; fewer say nothing about precision."""
_REASONS = 4
_SHRUNK = 5
"""How many messages the usual share of a word weighs as much as."""
_Z = 1.645
"""One-sided confidence of 95 %."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What an agent said of a message; ``number`` names the message, the same on every laptop."""

    number: int
    text: str
    noise: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """``probability`` that it is noise, and what speaks for it most, strongest first."""

    probability: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """How good it is on the marks it had not seen.

    ``threshold``  from which probability on it may decide; None where it may not.
    ``precision``  the share of right ones among those it would then have called noise;
    ``recall``     the share it would have found. Both 0 without a threshold.
    ``marks``      how many there are.
    """

    threshold: float | None
    precision: float = 0.0
    recall: float = 0.0
    marks: int = 0


def features(text: str) -> frozenset[str]:
    """The words of a message, without case and accents, and facts about its shape in brackets."""
    text = text[:LONGEST_TEXT]
    names, tags, links = _NAME.findall(text), _TAG.findall(text), _LINK.findall(text)
    bare = _LINK.sub(" ", _NAME.sub(" ", text))
    words = set(_WORD.findall(plain(bare)))
    shape = {
        "[link]": bool(links),
        "[only names]": bool(names) and not _WORD.search(plain(bare)),
        "[many names]": len(names) >= _MANY_NAMES,
        "[only tags]": bool(tags) and not _WORD.search(plain(_TAG.sub(" ", bare))),
        "[question]": "?" in text or "？" in text,
        "[nothing said]": not words,
    }
    return frozenset(words | {name for name, holds in shape.items() if holds})


class NoiseModel:
    """Trained from marks; without any it holds everything for work."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self._counts = (Counter[str](), Counter[str]())
        self._messages = [0, 0]
        self._vocabulary: set[str] = set()
        for mark in marks:
            self._learn(features(mark.text), noise=mark.noise)

    def judge(self, text: str) -> Judgement:
        """How likely a message is noise, and why."""
        if not all(self._messages):
            return Judgement(0.0)
        weights = {one: self._weight(one) for one in features(text) if one in self._vocabulary}
        # Exactly rounded, so that the order of a set is no matter.
        odds = math.fsum((self._prior(), *weights.values()))
        speaking = sorted(weights, key=lambda one: (-weights[one], one))
        reasons = tuple(one for one in speaking[:_REASONS] if weights[one] > 0)
        return Judgement(_probability(odds), reasons)

    def _learn(self, seen: frozenset[str], *, noise: bool) -> None:
        self._counts[noise].update(seen)
        self._messages[noise] += 1
        self._vocabulary |= seen

    def _prior(self) -> float:
        return math.log(self._messages[True] / self._messages[False])

    def _weight(self, feature: str) -> float:
        """The logarithm of how much likelier it is in noise."""
        usual = sum(counts[feature] for counts in self._counts) / sum(self._messages)
        shares = [
            (self._counts[kind][feature] + _SHRUNK * usual) / (self._messages[kind] + _SHRUNK)
            for kind in (False, True)
        ]
        return math.log(shares[1] / shares[0])


def measured(marks: Sequence[Mark], *, least_precision: float = 0.95) -> Measured:
    """Cross-validation in ten parts, the same on every laptop.

    The precision that counts is the lower end of Wilson’s interval (E. B. Wilson, Probable
    inference, 1927), so that a few lucky ones are not enough.
    """
    noise = sum(mark.noise for mark in marks)
    if min(noise, len(marks) - noise) < _LEAST_MARKS:
        return Measured(None, marks=len(marks))
    judged: list[tuple[float, bool]] = []
    for fold in range(_FOLDS):
        model = NoiseModel(mark for mark in marks if mark.number % _FOLDS != fold)
        judged += [
            (model.judge(mark.text).probability, mark.noise)
            for mark in marks
            if mark.number % _FOLDS == fold
        ]
    judged.sort(reverse=True)
    best = Measured(None, marks=len(marks))
    right = 0
    for called, (probability, is_noise) in enumerate(judged, 1):
        right += is_noise
        last_of_its_score = called == len(judged) or judged[called][0] < probability
        if last_of_its_score and probability > 0.5 and _at_least(right, called) >= least_precision:  # noqa: PLR2004 - more likely than not
            best = Measured(probability, right / called, right / noise, len(marks))
    return best


def _at_least(right: int, called: int) -> float:
    """The lower end of Wilson’s interval for ``right`` of ``called``."""
    share, square = right / called, _Z * _Z
    middle = share + square / (2 * called)
    spread = _Z * math.sqrt(share * (1 - share) / called + square / (4 * called * called))
    return (middle - spread) / (1 + square / called)


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, odds))))
