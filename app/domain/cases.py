"""A case as the fold of its events: owner, assignee, status, tags, steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import IntEnum

from app.domain.departments import Queue
from app.domain.events import Event, EventType, in_force
from app.domain.ids import AgentId, DepartmentId
from app.domain.records import dataclass


class Status(IntEnum):
    """The numbers are stored."""

    OPEN = 1
    SNOOZED = 2
    CLOSED = 3
    MERGED = 4
    """Its work goes on in another case of the same thread."""


class Urgency(IntEnum):
    """How soon a case or a hand-off wants an answer. The numbers are stored."""

    NORMAL = 1
    HIGH = 2
    CRITICAL = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One department's stay on a case; ``left_ms`` is None while it holds the case."""

    department: DepartmentId
    entered_ms: int
    left_ms: int | None = None


@dataclass(frozen=True, slots=True)
class HandOff:
    """A transfer that the receiving department has not yet accepted or returned."""

    origin: DepartmentId
    by: AgentId
    reason: str
    brief: str
    told: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class CaseState:
    """Where a case stands. Times are milliseconds since 1970."""

    department: DepartmentId
    queue: Queue = Queue.RESPOND
    title: str = ""
    status: Status = Status.OPEN
    assignee: AgentId | None = None
    urgency: Urgency = Urgency.NORMAL
    tags: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = ()
    pending: HandOff | None = None
    followers: frozenset[AgentId] = frozenset()
    snoozed_until_ms: int | None = None
    opened_ms: int = 0
    closed_ms: int | None = None
    notes: int = 0
    hand_offs: int = 0

    @property
    def is_open(self) -> bool:
        return self.status < Status.CLOSED


def fold_case(events: Iterable[Event]) -> CaseState | None:
    """The state after these events, whatever order they come in; None before a case is opened."""
    state: CaseState | None = None
    for event in in_force(events):
        if event.type is EventType.CASE_OPENED:
            state = _opened(event) if state is None else _addressed(state, event)
        elif state is not None:
            state = _apply(state, event)
    return state


def _opened(event: Event) -> CaseState:
    department = DepartmentId(event.data["department"])
    return CaseState(
        department=department,
        queue=Queue(event.data.get("queue", Queue.RESPOND)),
        title=event.data.get("title", ""),
        steps=(Step(department, event.at_ms),),
        opened_ms=event.at_ms,
    )


def _addressed(state: CaseState, event: Event) -> CaseState:
    """What we had found by listening now speaks to us: it moves to the queue that responds."""
    return replace(state, queue=min(state.queue, Queue(event.data.get("queue", Queue.RESPOND))))


def _apply(state: CaseState, event: Event) -> CaseState:
    """What one decision makes of a case; a kind that is not about the state leaves it alone."""
    change = _CHANGES.get(event.type)
    return change(state, event) if change else state


def _assigned(state: CaseState, event: Event) -> CaseState:
    assignee = event.data.get("assignee")
    return replace(state, assignee=AgentId(assignee) if assignee else None)


def _accepted(state: CaseState, event: Event) -> CaseState:
    return replace(state, pending=None, assignee=event.agent or state.assignee)


def _tagged(state: CaseState, event: Event) -> CaseState:
    removed = frozenset(event.data.get("remove", ()))
    return replace(state, tags=(state.tags - removed) | frozenset(event.data.get("add", ())))


def _noted(state: CaseState, _event: Event) -> CaseState:
    return replace(state, notes=state.notes + 1)


def _snoozed(state: CaseState, event: Event) -> CaseState:
    return replace(state, status=Status.SNOOZED, snoozed_until_ms=event.data["until"])


def _closed(state: CaseState, event: Event) -> CaseState:
    return replace(
        state,
        status=Status.CLOSED,
        closed_ms=event.at_ms,
        snoozed_until_ms=None,
        pending=None,
        steps=_leave(state.steps, event.at_ms),
    )


def _merged(state: CaseState, event: Event) -> CaseState:
    return replace(_closed(state, event), status=Status.MERGED)


def _prioritised(state: CaseState, event: Event) -> CaseState:
    return replace(state, urgency=Urgency(event.data["urgency"]))


def _leave(steps: tuple[Step, ...], at_ms: int) -> tuple[Step, ...]:
    if not steps or steps[-1].left_ms is not None:
        return steps
    return (*steps[:-1], replace(steps[-1], left_ms=at_ms))


def _enter(state: CaseState, department: DepartmentId, at_ms: int) -> CaseState:
    """The case changes hands, and is open again whatever it was."""
    return replace(
        state,
        department=department,
        status=Status.OPEN,
        snoozed_until_ms=None,
        closed_ms=None,
        steps=(*_leave(state.steps, at_ms), Step(department, at_ms)),
    )


def _handed_off(state: CaseState, event: Event) -> CaseState:
    data = event.data
    pending = HandOff(
        origin=state.department,
        by=event.agent,
        reason=data.get("reason", ""),
        brief=data.get("brief", ""),
        told=data.get("told", ""),
        at_ms=event.at_ms,
    )
    followers = state.followers | {event.agent} if data.get("follow") else state.followers
    return replace(
        _enter(state, DepartmentId(data["to"]), event.at_ms),
        assignee=None,
        pending=pending,
        urgency=Urgency(data.get("urgency", state.urgency)),
        followers=followers,
        hand_offs=state.hand_offs + 1,
    )


def _returned(state: CaseState, event: Event) -> CaseState:
    if state.pending is None:
        return state
    back = _enter(state, state.pending.origin, event.at_ms)
    return replace(
        back,
        assignee=state.pending.by or None,
        pending=None,
        hand_offs=state.hand_offs + 1,
    )


def _reopened(state: CaseState, event: Event) -> CaseState:
    """Wakes a snoozed case and opens a closed one; a closed one starts a new step where it was."""
    if not state.is_open:
        return _enter(state, state.department, event.at_ms)
    return replace(state, status=Status.OPEN, snoozed_until_ms=None)


_CHANGES: dict[EventType, Callable[[CaseState, Event], CaseState]] = {
    EventType.CASE_ASSIGNED: _assigned,
    EventType.CASE_HANDED_OFF: _handed_off,
    EventType.CASE_ACCEPTED: _accepted,
    EventType.CASE_RETURNED: _returned,
    EventType.CASE_TAGGED: _tagged,
    EventType.CASE_NOTED: _noted,
    EventType.CASE_SNOOZED: _snoozed,
    EventType.CASE_CLOSED: _closed,
    EventType.CASE_REOPENED: _reopened,
    EventType.CASE_MERGED: _merged,
    EventType.PRIORITY_SET: _prioritised,
}
