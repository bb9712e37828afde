"""Who waits for whom: what the touches of a conversation say about its clocks."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.cases import CaseState
from app.domain.clocks import CaseClock, ClockKind, Deadline
from app.domain.departments import Queue
from app.domain.records import dataclass
from app.domain.sla import Clock, SlaPolicy, running_clock

Stretches = tuple[tuple[int, int | None], ...]
"""From when to when, in milliseconds since 1970, in their order and apart; the last may go on."""
REPLIES: tuple[ClockKind, ...] = (ClockKind.FIRST_REPLY, ClockKind.NEXT_REPLY)
"""What ends with an answer."""


@dataclass(frozen=True, slots=True)
class Touch:
    """One message between the customer and the brand; ``at_ms`` since 1970."""

    at_ms: int
    inbound: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """``since_ms``: since when the customer waits, None when the ball is in their court;
    ``stretches``: whenever they did, the present one included."""

    first_reply_ms: int | None = None
    since_ms: int | None = None
    stretches: Stretches = ()


def waiting(touches: Iterable[Touch]) -> Waiting:
    """Fold touches, oldest first. The first of several unanswered messages starts the wait."""
    first_reply: int | None = None
    since: int | None = None
    spoken = False
    stretches: list[tuple[int, int | None]] = []
    for touch in touches:
        if touch.inbound:
            spoken = True
            since = touch.at_ms if since is None else since
        else:
            if first_reply is None and spoken:
                first_reply = touch.at_ms
            if since is not None and since < touch.at_ms:
                stretches.append((since, touch.at_ms))
            since = None
    if since is not None:
        stretches.append((since, None))
    return Waiting(first_reply, since, tuple(stretches))


def clocks_of(state: CaseState, wait: Waiting, policy: SlaPolicy) -> tuple[CaseClock, ...]:
    """The promises on an open case: that of the reply, met or running, that of the solution, and
    what agents promised. None for a case that is closed; and only the last for one that nobody
    waits for: what we reach out to.
    """
    if not state.is_open:
        return ()
    promised = tuple(
        CaseClock(
            ClockKind.PROMISE,
            promise.until_ms - promise.made_ms,
            0,
            Clock(
                ClockKind.PROMISE,
                max(0, promise.until_ms - promise.made_ms),
                promise.made_ms,
                promise.until_ms,
            ).deadline,
            policy=promise.text,
        )
        for promise in state.promises
    )
    if state.queue is Queue.REACH_OUT:
        return promised
    return (*_replies(state, wait, policy), *_solution(state, wait, policy), *promised)


def next_clock(clocks: Iterable[CaseClock]) -> CaseClock | None:
    """What a queue is sorted by: the reply or the promise that is due first. The solution is not
    asked: it has its place on the case, and no single step that would meet it."""
    running = [
        clock
        for clock in clocks
        if clock.deadline is not None and clock.kind is not ClockKind.RESOLUTION
    ]
    return min(
        running, key=lambda clock: clock.deadline.due_ms if clock.deadline else 0, default=None
    )


def next_to_pass(
    clocks: Iterable[CaseClock], state: CaseState, waits_since_ms: int | None
) -> Deadline | None:
    """Of all that run, the solution too, the next to pass of which it is not told already that it
    was late; see ``told_late``."""
    running = [clock.deadline for clock in clocks if clock.deadline is not None]
    return min(
        (one for one in running if not told_late(one, state, waits_since_ms)),
        key=lambda deadline: deadline.due_ms,
        default=None,
    )


def told_late(deadline: Deadline, state: CaseState, waits_since_ms: int | None) -> bool:
    """Whether the ledger tells already that this was late: a wait is late once, by the promise that
    passed first, and so is a solution. What holds for the case since, because it was handed over or
    the promises were changed, does not make the same late again.

    ``waits_since_ms``: since when the customer waits.
    """
    kind = deadline.kind
    if kind is ClockKind.PROMISE:
        return (kind.value, deadline.due_ms) in state.breached
    same: tuple[ClockKind, ...] = (kind,)
    since = state.since_ms
    if kind in REPLIES:
        same, since = REPLIES, max(since, waits_since_ms or 0)
    return any(clock in same and since <= due for clock, due in state.breached)


def _replies(state: CaseState, wait: Waiting, policy: SlaPolicy) -> Iterable[CaseClock]:
    first, replied = policy.first_reply_ms, wait.first_reply_ms
    # That of a case which was closed since is over and done with.
    if first is not None and replied is not None and replied >= state.since_ms:
        ran = _apart(((state.since_ms, replied),), state.sleeps)
        taken = sum(policy.hours.open_between(start, end or replied) for start, end in ran)
        yield CaseClock(ClockKind.FIRST_REPLY, first, taken, met=True, policy=policy.name)
    if wait.since_ms is None:
        return
    kind = ClockKind.FIRST_REPLY if wait.first_reply_ms is None else ClockKind.NEXT_REPLY
    # What was closed without an answer needed none; only what reopened it does.
    since = max(wait.since_ms, state.since_ms)
    yield from _running(kind, _apart(((since, None),), state.sleeps), policy)


def _solution(state: CaseState, wait: Waiting, policy: SlaPolicy) -> Iterable[CaseClock]:
    since = state.since_ms
    worked = tuple(
        (max(start, since), end) for start, end in wait.stretches if end is None or end > since
    )
    yield from _running(ClockKind.RESOLUTION, _apart(worked, state.sleeps), policy)


def _running(kind: ClockKind, ran: Stretches, policy: SlaPolicy) -> Iterable[CaseClock]:
    target = policy.target_ms(kind)
    if target is None:
        return
    clock = running_clock(kind, target, ran, policy.hours)
    if clock is not None:
        yield CaseClock(kind, target, clock.spent_ms, clock.deadline, policy=policy.name)


def _apart(stretches: Stretches, sleeps: Stretches) -> Stretches:
    """The stretches without those in which the case slept."""
    left = list(stretches)
    for asleep, woken in sleeps:
        if asleep == woken:
            continue
        cut: list[tuple[int, int | None]] = []
        for start, end in left:
            if (woken is not None and woken <= start) or (end is not None and end <= asleep):
                cut.append((start, end))
                continue
            if start < asleep:
                cut.append((start, asleep))
            if woken is not None and (end is None or woken < end):
                cut.append((woken, end))
        left = cut
    return tuple(left)
