"""The second kind of record: an event, a decision of a person or of a rule.

The ledger of events only grows; undo is another event. Its order is (stamp, device, id), so that
any set of laptops that holds the same events folds them to the same state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from app.domain.clock import hybrid_ms
from app.domain.ids import AgentId, DeviceId, EventId
from app.domain.records import dataclass

RULE = AgentId("")
"""The agent of what a rule decided."""


class EventType(StrEnum):
    """What was decided, with the keys of its data. Stored by value: never rename, only add."""

    CASE_OPENED = "case_opened"
    """queue, department, title, and what it grew from: identity, conversation, account,
    interaction (uid)"""
    CASE_ASSIGNED = "case_assigned"
    """assignee: an agent id, or None for nobody"""
    CASE_HANDED_OFF = "case_handed_off"
    """to, urgency, reason, brief, told, follow"""
    CASE_ACCEPTED = "case_accepted"
    CASE_RETURNED = "case_returned"
    """reason"""
    CASE_TAGGED = "case_tagged"
    """add, remove: lists of tags"""
    CASE_NOTED = "case_noted"
    """text, mentions: the ids of the agents named in it, left out where it names nobody"""
    CASE_SNOOZED = "case_snoozed"
    """until: milliseconds since 1970"""
    CASE_CLOSED = "case_closed"
    CASE_REOPENED = "case_reopened"
    """cause: "message" or "agent" """
    CASE_MERGED = "case_merged"
    """into: the case of the same customer in the same thread that goes on with the work"""
    PRIORITY_SET = "priority_set"
    """urgency"""
    SIDE_MOVED = "side_moved"
    """interaction: uid, side, was; the subject is the identity the interaction concerns"""
    IDENTITY_LINKED = "identity_linked"
    """identity, customer; the subject is the identity"""
    IDENTITY_UNLINKED = "identity_unlinked"
    """identity; the subject is the identity"""
    UNDONE = "undone"
    """event: the id of the event undone"""

    @property
    def about_identity(self) -> bool:
        """Whether the subject is an identity rather than a case."""
        return self in (
            EventType.IDENTITY_LINKED,
            EventType.IDENTITY_UNLINKED,
            EventType.SIDE_MOVED,
        )


@dataclass(frozen=True, slots=True)
class Event:
    """One decision.

    ``subject``  the case (or, for linking, the identity) it is about.
    ``stamp``    hybrid time, see ``app.domain.clock``.
    ``data``     the values named at its type; JSON only.
    """

    id: EventId
    type: EventType
    subject: int
    agent: AgentId
    device: DeviceId
    stamp: int
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> tuple[int, str, str]:
        """The place in the ledger, the same on every laptop."""
        return (self.stamp, self.device, self.id)

    @property
    def at_ms(self) -> int:
        return hybrid_ms(self.stamp)


def in_force(events: Iterable[Event]) -> list[Event]:
    """The events that count, in ledger order: without undone ones and without the undoing.

    An undo strikes only an event before it, and may itself be undone by a later one, so walking
    backwards settles each event before anything it could strike.
    """
    events = list(events)
    if len(events) == 1:
        return [] if events[0].type is EventType.UNDONE else events
    ordered = sorted({event.id: event for event in events}.values(), key=lambda e: e.order)
    struck: set[EventId] = set()
    kept: list[Event] = []
    for event in reversed(ordered):
        if event.id in struck:
            continue
        if event.type is EventType.UNDONE:
            struck.add(EventId(str(event.data["event"])))
        else:
            kept.append(event)
    kept.reverse()
    return kept
