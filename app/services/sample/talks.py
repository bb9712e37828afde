"""Topics people write about: which words follow which, so that a conversation makes sense."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.interactions import Channel
from app.domain.records import dataclass
from app.services.sample.people import Person
from app.services.sample.texts import Decks, circumstances, fill, load

_FILES = ("talks-en", "talks-europe", "talks-world")
_FOLLOWS = {"reply": "fits", "more": "then", "answer": "ends"}


@dataclass(frozen=True, slots=True)
class Talk:
    """A topic in one language, with what may be said at each turn; see talks-en.toml."""

    topic: str
    language: str
    entry: Mapping[str, Any]

    def suits(self, person: Person, channel: Channel) -> bool:
        """Whether this person would write about it there, on an ordinary day."""
        entry = self.entry
        if entry.get("recent") or entry.get("review"):
            return False
        if entry.get("product") and entry["product"] != person.owns:
            return False
        if entry.get("influencer") and not person.influential_on(channel):
            return False
        if entry.get("business") and (
            channel not in (Channel.LINKEDIN, Channel.EMAIL) or person.on(Channel.LINKEDIN) is None
        ):
            return False
        return channel is not Channel.LINKEDIN or bool(
            entry.get("marketing") or entry.get("business")
        )

    def following(self, turn: str, last: int) -> Sequence[int]:
        """The numbers of the lines of ``turn`` that make sense after line ``last`` before it."""
        if turn == "ask":
            return range(len(self.entry["ask"]))
        digits = self.entry[_FOLLOWS[turn]].split()
        return () if digits[last] == "-" else tuple(int(digit) for digit in digits[last])


def talks() -> list[Talk]:
    return [
        Talk(entry["topic"], entry.get("language", "en"), entry)
        for name in _FILES
        for entry in load(name)["talk"]
    ]


class Dialogue:
    """The lines of one conversation, each chosen to fit the one before."""

    def __init__(self, rng: random.Random, lines: Decks, talk: Talk, person: Person) -> None:
        self._rng = rng
        self._lines = lines
        self._talk = talk
        self._at: dict[str, int] = {}
        self._said: set[tuple[str, int]] = set()
        owned = talk.entry.get("product", person.owns)
        self._fixed = circumstances(rng, talk.language)
        self._fixed["first"] = person.first_name
        if owned:
            self._fixed["machine"] = str(owned).title()
            series = "HD2" if owned == "duo" else "HS1"
            self._fixed["serial"] = f"{series}-{rng.randrange(20_000, 70_000)}"

    def next(self, turn: str) -> str:
        """A line for this turn that fits and was not said yet; "" where nothing is left to say."""
        before = {"ask": "ask", "reply": "ask", "more": "reply", "answer": "more"}[turn]
        allowed = [
            number
            for number in self._talk.following(turn, self._at.get(before, 0))
            if (turn, number) not in self._said
        ]
        if not allowed:
            return ""
        name = f"{self._talk.language} {self._talk.topic} {turn}"
        number = self._lines.choose(name, allowed)
        self._at[turn] = number
        self._said.add((turn, number))
        return self.fill(self._talk.entry[turn][number])

    def picture(self) -> str:
        """What a picture that goes with the question shows; "" where none does."""
        if self._talk.language != "en":
            return ""
        shown = load("desk")["pictures"].get(self._talk.topic, {})
        return str(shown.get(str(self._at["ask"]), ""))

    def fill(self, text: str) -> str:
        return fill(self._rng, text, self._talk.language, self._fixed)
