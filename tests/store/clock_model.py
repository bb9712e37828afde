"""What the clocks of a case should say, told by looking at every minute: slow, and easy to believe.

It knows the touches of the customer and the decisions of the ledger, and nothing of how the store
folds them. All moments are whole minutes after an epoch of the test.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.cases import Urgency
from app.domain.clocks import ClockKind
from app.domain.events import Event, EventType
from app.domain.hours import BusinessHours
from app.domain.ids import DepartmentId
from app.domain.sla import SlaPolicy, policy_for

MINUTE = 60_000


@dataclass(frozen=True)
class Told:
    """A clock as minutes: ``due`` and ``soon`` while it runs, ``spent`` where it stands still."""

    kind: ClockKind
    policy: str
    due: int | None = None
    soon: int | None = None
    spent: int | None = None
    met: bool = False


@dataclass
class CaseBook:
    """A case as its decisions tell, one after the other."""

    department: DepartmentId
    opened: int
    since: int
    is_open: bool = True
    origin: DepartmentId | None = None
    urgency: Urgency = Urgency.NORMAL
    tags: set[str] = field(default_factory=set)
    sleeps: list[list[int | None]] = field(default_factory=list)
    promises: dict[str, tuple[int, int, str]] = field(default_factory=dict)

    @property
    def asleep(self) -> bool:
        return bool(self.sleeps) and self.sleeps[-1][1] is None

    def wake(self, at: int) -> None:
        if self.asleep:
            self.sleeps[-1][1] = at


def minutes_open(hours: BusinessHours, epoch: datetime, count: int) -> bytearray:
    """For each minute whether the place is at work, by looking at the clock on its wall: a span
    begins and ends when the clock first shows so."""
    zone = ZoneInfo(hours.zone)
    found, day, highest = bytearray(count), None, 0
    for number in range(-24 * 60, count):
        wall = (epoch + timedelta(minutes=number)).astimezone(zone)
        shown = wall.hour * 60 + wall.minute
        highest = shown if wall.date() != day else max(highest, shown)
        day = wall.date()
        if number >= 0 and day not in hours.closed:
            spans = hours.week[day.weekday()]
            found[number] = any(span.opens <= highest < span.closes for span in spans)
    return found


def book(events: Iterable[Event], minute: dict[str, int]) -> CaseBook:
    """What decisions in force make of a case; ``minute`` of each by its id."""
    events = list(events)
    first = events[0]
    assert first.type is EventType.CASE_OPENED
    at = minute[first.id]
    case = CaseBook(DepartmentId(first.data["department"]), at, at)
    for event in events[1:]:
        _write(case, event, minute[event.id])
    return case


def _write(case: CaseBook, event: Event, at: int) -> None:  # noqa: C901 - one line a kind
    data = event.data
    match event.type:
        case EventType.CASE_HANDED_OFF:
            case.origin, case.department = case.department, DepartmentId(data["to"])
            case.urgency = Urgency(data["urgency"])
            case.wake(at)
        case EventType.CASE_RETURNED if case.origin is not None:
            case.department, case.origin = case.origin, None
            case.wake(at)
        case EventType.CASE_ACCEPTED:
            case.origin = None
        case EventType.CASE_CLOSED:
            case.is_open, case.origin = False, None
            case.promises.clear()
            case.wake(at)
        case EventType.CASE_REOPENED:
            if not case.is_open:
                case.is_open, case.since, case.sleeps = True, at, []
            case.wake(at)
        case EventType.CASE_SNOOZED:
            case.wake(at)
            case.sleeps.append([at, None])
        case EventType.CASE_TAGGED:
            case.tags = case.tags - set(data["remove"]) | set(data["add"])
        case EventType.PRIORITY_SET:
            case.urgency = Urgency(data["urgency"])
        case EventType.PROMISE_MADE:
            case.promises[event.id] = (at, data["until"], data["text"])
        case EventType.PROMISE_KEPT | EventType.PROMISE_DROPPED:
            case.promises.pop(data["promise"], None)


def clocks(
    case: CaseBook,
    touches: Iterable[tuple[int, bool]],
    policies: tuple[SlaPolicy, ...],
    open_in: dict[BusinessHours, bytearray],
    promised: dict[str, int],
) -> list[Told]:
    """Those of a case: of the reply, of the solution, then what was promised.

    ``touches``   minute, and whether the customer wrote; oldest first.
    ``promised``  the minute each promise ends, by the id of its event.
    """
    if not case.is_open:
        return []
    policy = policy_for(
        policies, department=case.department, channel=None, urgency=case.urgency,
        tags=frozenset(case.tags),
    )  # fmt: skip
    opens = open_in[policy.hours]
    count = len(opens)
    waits, answered = _waiting(touches, count)
    begun = max(waits.rfind(0) + 1, case.since)
    for asleep, woken in case.sleeps:
        end = count if woken is None else woken
        assert asleep is not None
        waits[asleep:end] = bytes(len(waits[asleep:end]))
    waits[: case.since] = bytes(case.since)
    found: list[Told] = []
    if answered is not None and policy.first_reply_ms is not None and answered >= case.since:
        awake = bytearray(b"\1") * count
        for asleep, woken in case.sleeps:
            end = count if woken is None else woken
            awake[asleep:end] = bytes(len(awake[asleep:end]))
        spent = sum(opens[at] and awake[at] for at in range(case.since, answered))
        found.append(Told(ClockKind.FIRST_REPLY, policy.name, spent=spent, met=True))
    kind = ClockKind.FIRST_REPLY if answered is None else ClockKind.NEXT_REPLY
    present = bytes(begun) + waits[begun:]
    for what, runs in ((kind, present), (ClockKind.RESOLUTION, waits)):
        target = policy.target_ms(what)
        if target is not None and any(runs):
            found.append(_walk(what, policy.name, target // MINUTE, runs, opens))
    for number, (made, _, text) in case.promises.items():
        until = promised[number]
        soon = made + (until - made) * 2 // 3
        found.append(Told(ClockKind.PROMISE, text, until, soon))
    return found


def _waiting(touches: Iterable[tuple[int, bool]], count: int) -> tuple[bytearray, int | None]:
    """In which minutes the customer waits, and when the first answer came."""
    waits, spoken, answered = bytearray(count), False, None
    for at, inbound in touches:
        spoken = spoken or inbound
        if not inbound and spoken and answered is None:
            answered = at
        waits[at:] = bytes([inbound]) * (count - at)
    return waits, answered


def _walk(
    kind: ClockKind, policy: str, target: int, runs: bytes | bytearray, opens: bytearray
) -> Told:
    """Go from minute to minute until the target is used up, and the clock still runs."""
    used, soon = 0, None
    for at in range(runs.index(1), len(runs)):
        if not runs[at]:
            soon = None  # should it run again, it tells anew
            continue
        if not opens[at]:
            continue
        if soon is None and used >= target * 2 // 3:
            soon = at
        if used == target:
            return Told(kind, policy, at, soon)
        used += 1
        goes_on = at + 1 == len(runs) or runs[at + 1]
        if soon is None and goes_on and used == target * 2 // 3:
            soon = at + 1
        if used == target and goes_on:
            return Told(kind, policy, at + 1, soon)
    assert not runs[-1], "the calendar is too short"
    return Told(kind, policy, spent=used)
