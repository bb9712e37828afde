"""Replies that are kept until the cases of their customer are closed."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.events import Event, EventType, in_force


def still_waiting(events: Iterable[Event]) -> tuple[Event, ...]:
    """The decisions on one case to keep a reply, oldest first, of those not yet released.

    ``events``: all of that case, in any order.
    """
    counting = in_force(events)
    released = {one.data["postponed"] for one in counting if one.type is EventType.REPLY_RELEASED}
    return tuple(
        one for one in counting if one.type is EventType.REPLY_POSTPONED and one.id not in released
    )


def released_by(events: Iterable[Event], close: Event) -> tuple[Event, ...]:
    """What the close of a case has released, in force, oldest first."""
    return tuple(
        one
        for one in in_force(events)
        if one.type is EventType.REPLY_RELEASED and one.data["closed"] == close.id
    )
