"""How one says that somebody else moved the case that is being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.events import RULE, EventType

if TYPE_CHECKING:  # for the type alone
    from app.services.queues import Departure

_DONE = {
    EventType.CASE_CLOSED: "closed this case",
    EventType.CASE_SNOOZED: "snoozed this case",
    EventType.CASE_ACCEPTED: "accepted this case",
    EventType.CASE_RETURNED: "gave this case back",
    EventType.CASE_REOPENED: "opened this case again",
    EventType.NOISE_MARKED: "set this case aside as noise",
    EventType.NOISE_CLEARED: "took this case out of the noise",
    EventType.UNDONE: "took a decision on this case back",
}
_STAYS = "It stays here while you read."


def departure_words(departure: Departure) -> str:
    """A sentence for what happened, and that the reader need not mind."""
    return f"{_happened(departure)} {_STAYS}"


def _happened(departure: Departure) -> str:
    event, to = departure.event, departure.to
    if event.agent == RULE:
        if event.type is EventType.CASE_REOPENED and event.data.get("cause") == "message":
            return "The customer wrote again, so this case is open."
        if event.type is EventType.CASE_REOPENED:
            return "This case is awake again."
        if event.type is EventType.NOISE_MARKED:
            return "This case was set aside as noise."
        return f"A rule moved this case to {to}." if to else "A rule moved this case."
    if event.type is EventType.CASE_ASSIGNED:
        if event.data.get("assignee") == event.agent:
            return f"{departure.by} took this case."
        deed = f"gave this case to {to}" if to else "put this case back"
        return f"{departure.by} {deed}."
    if event.type is EventType.CASE_HANDED_OFF:
        return f"{departure.by} handed this case to {to}."
    return f"{departure.by} {_DONE.get(event.type, 'moved this case')}."
