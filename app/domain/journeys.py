"""A customer’s path through a case, and through a sale: which stations were reached, and when.

Both are folds of what happened; nothing of them is kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from app.domain.events import RULE, Event, EventType, in_force
from app.domain.ids import EventId, InteractionKey, key_ms
from app.domain.interactions import Kind
from app.domain.mood import Felt, Mood, recoveries
from app.domain.records import dataclass


class Stop(StrEnum):
    """Of the path through a case, then of that through a sale."""

    OPENED = "opened"
    SEEN = "seen"
    REPLIED = "replied"
    HANDED_OFF = "handed-off"
    SOLVED = "solved"
    CONFIRMED = "confirmed"
    SAW = "saw"
    LIKED = "liked"
    ASKED = "asked"
    BOUGHT = "bought"


@dataclass(frozen=True, slots=True)
class Station:
    """A stop that was reached. ``record`` is what stands there in the timeline; ``times`` how
    often it was reached."""

    stop: Stop
    at_ms: int
    record: InteractionKey | EventId
    times: int = 1


@dataclass(frozen=True, slots=True)
class Recovery:
    """Where anger turned to thanks, and how long it had lasted."""

    at_ms: int
    record: InteractionKey
    lasted_ms: int


@dataclass(frozen=True, slots=True)
class Journeys:
    """Both paths, each in the order of its stops; empty where none has begun. ``recovery`` is that
    of the case."""

    issue: tuple[Station, ...] = ()
    sale: tuple[Station, ...] = ()
    recovery: Recovery | None = None


_SALE: Mapping[int, Stop] = {
    Kind.CAMPAIGN_SENT: Stop.SAW,
    Kind.CAMPAIGN_OPENED: Stop.SAW,
    Kind.CAMPAIGN_CLICKED: Stop.SAW,
    Kind.BOOST: Stop.SAW,
    Kind.LIKE: Stop.LIKED,
    Kind.FOLLOW: Stop.LIKED,
    Kind.BOUGHT: Stop.BOUGHT,
}
SALE_KINDS = tuple(Kind(kind) for kind in _SALE)


def issue_path(
    events: Iterable[Event], reply: InteractionKey | None, felt: Iterable[Felt]
) -> tuple[Station, ...]:
    """The path through the case of these events.

    ``reply`` is the first answer that reached the customer, ``felt`` what they said in the case
    with its mood. Seen: somebody decided something or was given it, or answered. Confirmed: they
    thank after it was solved, or thanked last before it was. A message that opens the case again
    leaves it solved if it thanks.
    """
    counting = in_force(events)
    said = sorted(felt, key=lambda one: one.at_ms)
    found = [
        _first(Stop.OPENED, counting, lambda e: e.type is EventType.CASE_OPENED),
        _seen(counting, reply),
        Station(Stop.REPLIED, key_ms(reply), reply) if reply is not None else None,
        _first(Stop.HANDED_OFF, counting, lambda e: e.type is EventType.CASE_HANDED_OFF),
        *_solved(counting, said),
    ]
    return tuple(station for station in found if station is not None)


def recovery_of(felt: Iterable[Felt]) -> Recovery | None:
    """Where what a customer said in one case turned from anger to thanks."""
    said = {one.key: one for one in felt}
    turned = recoveries(said.values())
    return next(
        (Recovery(said[key].at_ms, InteractionKey(key), ms) for key, ms in turned.items()), None
    )


def sale_path(touches: Iterable[tuple[InteractionKey, int]]) -> tuple[Station, ...]:
    """The path through the latest sale, by touches of ``SALE_KINDS``; whatever comes after a
    purchase begins the next one. Somebody may have ten thousand."""
    first: dict[Stop, InteractionKey] = {}
    times: Counter[Stop] = Counter()
    for key, kind in sorted(touches):
        stop = _SALE[kind]
        if Stop.BOUGHT in first and stop is not Stop.BOUGHT:
            first, times = {}, Counter()
        if stop not in first:
            first[stop] = key
        times[stop] += 1
    return tuple(
        Station(stop, key_ms(first[stop]), first[stop], times[stop])
        for stop in Stop
        if stop in first
    )


def with_question(path: tuple[Station, ...], asked: InteractionKey | None) -> tuple[Station, ...]:
    """The path through a sale with the first question since it began, if one was asked."""
    if asked is None or not path:
        return path
    order = list(Stop)
    found = [*path, Station(Stop.ASKED, key_ms(asked), asked)]
    return tuple(sorted(found, key=lambda station: order.index(station.stop)))


def _first(stop: Stop, events: Sequence[Event], fits: Callable[[Event], bool]) -> Station | None:
    fitting = [event for event in events if fits(event)]
    if not fitting:
        return None
    return Station(stop, fitting[0].at_ms, fitting[0].id, len(fitting))


def _seen(events: Sequence[Event], reply: InteractionKey | None) -> Station | None:
    given = (
        event
        for event in events
        if event.agent != RULE
        or (event.type is EventType.CASE_ASSIGNED and event.data.get("assignee"))
    )
    first = next(given, None)
    if first is not None and (reply is None or first.at_ms <= key_ms(reply)):
        return Station(Stop.SEEN, first.at_ms, first.id)
    return Station(Stop.SEEN, key_ms(reply), reply) if reply is not None else None


def _solved(events: Sequence[Event], said: Sequence[Felt]) -> tuple[Station | None, Station | None]:
    """When it was solved for good, and the thanks for that."""
    closed = [event for event in events if event.type is EventType.CASE_CLOSED]
    if not closed:
        return None, None
    last = closed[-1]
    again = any(e.type is EventType.CASE_REOPENED and e.order > last.order for e in events)
    after = [one for one in said if one.at_ms > last.at_ms]
    before = [one for one in said if one.at_ms <= last.at_ms]
    if again and not (after and after[0].mood is Mood.GLAD):
        return None, None
    thanks = next((one for one in after if one.mood is Mood.GLAD), None)
    if thanks is None and before and before[-1].mood is Mood.GLAD:
        thanks = before[-1]
    confirmed = (
        Station(Stop.CONFIRMED, thanks.at_ms, InteractionKey(thanks.key)) if thanks else None
    )
    return Station(Stop.SOLVED, last.at_ms, last.id, len(closed)), confirmed
