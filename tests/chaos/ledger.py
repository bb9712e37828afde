"""What must be true after a round, and the five numbers that say how much of it is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.outbox import OutboxState
from tests.chaos.counting import Held

_TOKEN = re.compile(r"\bc\d+n\d+\b")


@dataclass
class Wish:
    """A reply that an agent wrote: how often it may have arrived in the end."""

    least: int = 0
    most: int = 1
    item: str = ""
    """Its id in the outbox, once the program has said so."""


@dataclass
class Counts:
    """The five numbers; each has to be 0. ``faults`` says in words what was counted."""

    messages_lost: int = 0
    messages_doubled: int = 0
    interactions_lost: int = 0
    events_lost: int = 0
    projections_differ: int = 0
    faults: list[str] = field(default_factory=list)

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.messages_lost + other.messages_lost,
            self.messages_doubled + other.messages_doubled,
            self.interactions_lost + other.interactions_lost,
            self.events_lost + other.events_lost,
            self.projections_differ + other.projections_differ,
            self.faults + other.faults,
        )

    def __str__(self) -> str:
        return (
            f"messages lost {self.messages_lost}, messages doubled {self.messages_doubled}, "
            f"interactions lost {self.interactions_lost}, events lost {self.events_lost}, "
            f"projections that differ {self.projections_differ}"
        )


class Ledger:
    """Of one workspace: what was said and decided, as far as it was ever confirmed."""

    def __init__(self) -> None:
        self.said: set[str] = set()
        """The native ids of what the customers wrote."""
        self.decided: set[str] = set()
        """The ids of the events that the program has confirmed."""
        self.wishes: dict[str, Wish] = {}
        """The replies, by the word that each of them has to itself."""
        self.last = Held(Counter(), frozenset(), {}, ())
        """What the workspace held when it was quiet for the last time."""
        self._told: set[str] = set()

    def is_settled(self, found: Held) -> bool:
        """Whether nothing is left to wait for."""
        items = {wish.item for wish in self.wishes.values() if wish.least}
        return found.settled(items) and self.said <= set(found.messages)

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
        for token, wish in self.wishes.items():
            if wish.least and wish.item and wish.item not in found.outbox:
                counts.messages_lost += self._fault(counts, f"{token} is not in the outbox")
        return counts

    def count_arrivals(self, texts: Iterable[str]) -> Counts:
        """``texts`` are the brand’s messages that the customers have ever seen, each once."""
        counts = Counts()
        arrived = Counter(token for text in texts for token in _TOKEN.findall(text))
        for token, wish in self.wishes.items():
            times = arrived[token]
            state = self.last.outbox.get(wish.item, OutboxState.QUEUED)
            if times < wish.least:
                counts.messages_lost += self._fault(counts, f"{token} never arrived, it is {state}")
            if times > wish.most:
                counts.messages_doubled += self._fault(
                    counts, f"{token} arrived {times} times, at most {wish.most} was wanted"
                )
            if wish.item and state is OutboxState.CANCELLED and times:
                counts.messages_doubled += self._fault(counts, f"{token} was undone, but arrived")
        return counts

    def _fault(self, counts: Counts, words: str) -> int:
        """1 the first time this is said, then 0: a fault is counted in the round it came up."""
        if words in self._told:
            return 0
        self._told.add(words)
        counts.faults.append(words)
        return 1
