"""Who waits for whom: what the touches of a conversation say about its clocks."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.cases import CaseState
from app.domain.clocks import Deadline, Policy
from app.domain.departments import Queue
from app.domain.records import dataclass


@dataclass(frozen=True, slots=True)
class Touch:
    """One message between the customer and the brand; ``at_ms`` since 1970."""

    at_ms: int
    inbound: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """``since_ms``: since when the customer waits, None when the ball is in their court."""

    first_reply_ms: int | None = None
    since_ms: int | None = None


def waiting(touches: Iterable[Touch]) -> Waiting:
    """Fold touches, oldest first. The first of several unanswered messages starts the wait."""
    first_reply: int | None = None
    since: int | None = None
    spoken = False
    for touch in touches:
        if touch.inbound:
            spoken = True
            since = touch.at_ms if since is None else since
        else:
            if first_reply is None and spoken:
                first_reply = touch.at_ms
            since = None
    return Waiting(first_reply, since)


def reply_deadline(state: CaseState, wait: Waiting, policy: Policy) -> Deadline | None:
    """The running reply clock; none while nobody waits, nor for what we reach out to."""
    if wait.since_ms is None or not state.is_open or state.queue is Queue.REACH_OUT:
        return None
    target = policy.reply_target_ms(first=wait.first_reply_ms is None, urgency=state.urgency)
    return Deadline(wait.since_ms, wait.since_ms + target)


def resolution_deadline(state: CaseState, policy: Policy) -> Deadline | None:
    """The clock from opening to solution; none once closed, nor for what we reach out to."""
    if not state.is_open or state.queue is Queue.REACH_OUT:
        return None
    return Deadline(state.opened_ms, state.opened_ms + policy.resolution_ms)
