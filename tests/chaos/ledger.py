"""What must be true after a round, and the numbers that say how much of it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from app.domain.outbox import OutboxState
from tests.chaos.counting import Held
from tests.chaos.plans import Kind
from tests.chaos.seeing import Seen


@dataclass
class Wish:
    """What an agent wants to leave: how often it may be there in the end."""

    kind: Kind = Kind.REPLY
    target: str = ""
    """The native id of what is liked, boosted or deleted."""
    least: int = 0
    most: int = 1
    items: list[str] = field(default_factory=list)
    """Its ids in the outbox, once the program has said so."""


@dataclass
class Counts:
    """The five numbers, and one for files; each has to be 0. ``faults`` says what was counted."""

    messages_lost: int = 0
    messages_doubled: int = 0
    interactions_lost: int = 0
    events_lost: int = 0
    projections_differ: int = 0
    files_left: int = 0
    """Half or readable ones beside the workspace, and keys that nothing needs."""
    faults: list[str] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter, compare=False)
    """What the kills met with, to show that they do not all come too early or too late."""

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.messages_lost + other.messages_lost,
            self.messages_doubled + other.messages_doubled,
            self.interactions_lost + other.interactions_lost,
            self.events_lost + other.events_lost,
            self.projections_differ + other.projections_differ,
            self.files_left + other.files_left,
            self.faults + other.faults,
            self.met + other.met,
        )

    def numbers(self) -> dict[str, int]:
        return {
            "messages lost": self.messages_lost,
            "messages doubled": self.messages_doubled,
            "interactions lost": self.interactions_lost,
            "events lost": self.events_lost,
            "projections that differ": self.projections_differ,
            "files left": self.files_left,
        }

    def __str__(self) -> str:
        return ", ".join(f"{what} {number}" for what, number in self.numbers().items())


class Ledger:
    """Of one workspace: what was said and decided, as far as it was ever confirmed."""

    def __init__(self) -> None:
        self.said: set[str] = set()
        """The native ids of what the customers wrote."""
        self.decided: set[str] = set()
        """The ids of the events that the program has confirmed."""
        self.wishes: dict[str, Wish] = {}
        """What is to leave, by the word that each of them has to itself."""
        self.last = Held()
        """What the workspace held when it was quiet for the last time."""
        self._told: set[str] = set()

    def is_settled(self, found: Held) -> bool:
        """Whether nothing is left to wait for."""
        items = {item for wish in self.wishes.values() if wish.least for item in wish.items}
        return found.settled(items) and self.said <= set(found.messages)

    def of_item(self, item: str) -> tuple[str, Wish] | None:
        """The wish that an outbox item belongs to, by its word."""
        found = ((word, wish) for word, wish in self.wishes.items() if item in wish.items)
        return next(found, None)

    def forget(self, events: AbstractSet[str], items: AbstractSet[str]) -> None:
        """What a restored backup has not, and the file that was kept aside has."""
        self.decided -= events
        for wish in self.wishes.values():
            if items & set(wish.items):
                wish.least = 0
                wish.items = [item for item in wish.items if item not in items]

    def count_workspace(self, found: Held, *, whole: bool) -> Counts:
        """``whole``: all that was said must be there; else only what was there before."""
        counts = Counts()
        wanted = self.said if whole else self.said & set(self.last.messages)
        for native_id in sorted(wanted - set(found.messages)):
            counts.interactions_lost += self._fault(counts, f"interaction {native_id} is not there")
        for native_id, times in found.messages.items():
            if times > 1:
                counts.interactions_lost += self._fault(
                    counts, f"interaction {native_id} is there {times} times"
                )
        for event in sorted((self.decided | self.last.events) - found.events):
            counts.events_lost += self._fault(counts, f"event {event} is not there")
        for item, state in found.outbox.items():
            if whole and not state.is_final:
                told = f"outbox item {item} has not come to its end, it is {state}"
                counts.messages_lost += self._fault(counts, told)
        for token, wish in self.wishes.items():
            if wish.least and any(item not in found.outbox for item in wish.items):
                counts.messages_lost += self._fault(counts, f"{token} is not in the outbox")
        return counts

    def count_arrivals(self, seen: Seen) -> Counts:
        """``seen`` is all that the customers have ever seen of the brand."""
        counts = Counts()
        for token, wish in self.wishes.items():
            what = f"{wish.kind} {token}"
            times = self.times(token, seen)
            states = {self.last.outbox.get(item, OutboxState.QUEUED) for item in wish.items}
            if times < wish.least:
                in_words = ", ".join(sorted(states)) or "unknown"
                counts.messages_lost += self._fault(
                    counts, f"{what} never arrived, it is {in_words}"
                )
            if times > wish.most:
                counts.messages_doubled += self._fault(
                    counts, f"{what} arrived {times} times, at most {wish.most} was wanted"
                )
            if states == {OutboxState.CANCELLED} and times:
                counts.messages_doubled += self._fault(counts, f"{what} was undone, but arrived")
            for fault in seen.faults(token, wish.kind):
                counts.messages_lost += self._fault(counts, f"{what} {fault}")
        return counts

    def times(self, token: str, seen: Seen) -> int:
        """How often what was wished for is there."""
        wish = self.wishes[token]
        return seen.times(token, wish.kind, wish.target)

    def _fault(self, counts: Counts, words: str) -> int:
        """1 the first time this is said, then 0: a fault is counted in the round it came up."""
        if words in self._told:
            return 0
        self._told.add(words)
        counts.faults.append(words)
        return 1
