"""A case as the fold of its events: owner, assignee, status, tags, steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import IntEnum

from app.domain.departments import Queue
from app.domain.events import Event, EventType, in_force
from app.domain.ids import AgentId, CaseId, DepartmentId, EventId
from app.domain.records import dataclass


class Status(IntEnum):
    """The numbers are stored."""

    OPEN = 1
    SNOOZED = 2
    CLOSED = 3
    MERGED = 4
    """Its work goes on in another case of the same thread."""
    NOISE = 5
    """Needs no answer: in no queue, and kept."""


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
class Promise:
    """What an agent promised a customer: to be back until a moment (milliseconds since 1970)."""

    id: EventId
    by: AgentId
    text: str
    made_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class CaseState:
    """Where a case stands. Times are milliseconds since 1970.

    ``since_ms``  when it was opened, or opened again after it was closed.
    ``sleeps``    the stretches since then in which it slept; the last may go on.
    ``promises``  those neither kept nor dropped.
    ``breached``  the deadlines that passed unmet, as (clock, due).
    ``asked``     of a case that was opened to ask something of a department: the event that asks;
                  ``asked_on`` is the case it was asked on. Both None for what customers wrote.
    """

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
    since_ms: int = 0
    sleeps: tuple[tuple[int, int | None], ...] = ()
    promises: tuple[Promise, ...] = ()
    breached: frozenset[tuple[str, int]] = frozenset()
    asked: EventId | None = None
    asked_on: CaseId | None = None

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
        since_ms=event.at_ms,
        asked=event.data.get("asked"),
        asked_on=event.data.get("for"),
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
    return replace(
        state,
        status=Status.SNOOZED,
        snoozed_until_ms=event.data["until"],
        sleeps=(*_awake(state.sleeps, event.at_ms), (event.at_ms, None)),
    )


def _awake(
    sleeps: tuple[tuple[int, int | None], ...], at_ms: int
) -> tuple[tuple[int, int | None], ...]:
    if not sleeps or sleeps[-1][1] is not None:
        return sleeps
    return (*sleeps[:-1], (sleeps[-1][0], at_ms))


def _closed(state: CaseState, event: Event) -> CaseState:
    return replace(
        state,
        status=Status.CLOSED,
        closed_ms=event.at_ms,
        snoozed_until_ms=None,
        pending=None,
        steps=_leave(state.steps, event.at_ms),
        sleeps=_awake(state.sleeps, event.at_ms),
        promises=(),
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
        since_ms=state.since_ms if state.is_open else at_ms,
        sleeps=_awake(state.sleeps, at_ms) if state.is_open else (),
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
    return replace(
        state,
        status=Status.OPEN,
        snoozed_until_ms=None,
        sleeps=_awake(state.sleeps, event.at_ms),
    )


def _routed(state: CaseState, event: Event) -> CaseState:
    """What the rules say of a case that has just been opened: no hand-off, and no step."""
    data = event.data
    department = DepartmentId(data.get("department") or state.department)
    first = len(state.steps) == 1 and state.hand_offs == 0
    routed = replace(
        state,
        department=department,
        steps=(replace(state.steps[0], department=department),) if first else state.steps,
        assignee=AgentId(data["assignee"]) if data.get("assignee") else state.assignee,
        urgency=Urgency(data.get("urgency") or state.urgency),
        tags=state.tags | frozenset(data.get("tags", ())),
    )
    return _noise(routed, event) if data.get("noise") else routed


def _noise(state: CaseState, event: Event) -> CaseState:
    """What was promised stays so: it may be work after all."""
    return replace(_closed(state, event), status=Status.NOISE, promises=state.promises)


def _cleared(state: CaseState, _event: Event) -> CaseState:
    """It was work after all, and has been since it was opened."""
    if state.status is not Status.NOISE:
        return state
    return replace(state, status=Status.OPEN, closed_ms=None, steps=_stay(state.steps))


def _stay(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return (*steps[:-1], replace(steps[-1], left_ms=None)) if steps else steps


def _promised(state: CaseState, event: Event) -> CaseState:
    promise = Promise(
        event.id, event.agent, event.data.get("text", ""), event.at_ms, int(event.data["until"])
    )
    return replace(state, promises=(*state.promises, promise))


def _settled(state: CaseState, event: Event) -> CaseState:
    """A promise was kept or dropped."""
    promise = event.data["promise"]
    return replace(state, promises=tuple(one for one in state.promises if one.id != promise))


def _breached(state: CaseState, event: Event) -> CaseState:
    passed = (str(event.data["clock"]), int(event.data["due"]))
    return replace(state, breached=state.breached | {passed})


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
    EventType.CASE_ROUTED: _routed,
    EventType.NOISE_MARKED: _noise,
    EventType.NOISE_CLEARED: _cleared,
    EventType.PROMISE_MADE: _promised,
    EventType.PROMISE_KEPT: _settled,
    EventType.PROMISE_DROPPED: _settled,
    EventType.CLOCK_BREACHED: _breached,
}
