"""What a department promises, and the clocks that run by it.

Time on a clock is time at work: ``BusinessHours`` say which. The clock of a reply runs while the
customer waits. The clock of the solution also stands still while the customer has the word or the
case sleeps, and goes on where it stood. Nothing is kept of a clock but what it is computed from, so
that a restart, a hand-off or another laptop makes no difference. Times are milliseconds since 1970.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field

from app.domain.cases import Urgency
from app.domain.clocks import ClockKind, Deadline
from app.domain.hours import ALWAYS, BusinessHours
from app.domain.ids import DepartmentId
from app.domain.interactions import Channel
from app.domain.records import dataclass

_MINUTE = 60_000
_HOUR = 60 * _MINUTE


@dataclass(frozen=True, slots=True)
class SlaPolicy:
    """Targets in milliseconds at work, None for no promise; and the cases they are given for:
    those of any of the departments, channels, urgencies and customer tags named, all where none is.
    """

    id: str
    name: str
    first_reply_ms: int | None
    next_reply_ms: int | None
    resolution_ms: int | None
    departments: tuple[DepartmentId, ...] = ()
    channels: tuple[Channel, ...] = ()
    urgencies: tuple[Urgency, ...] = ()
    tags: tuple[str, ...] = ()
    hours: BusinessHours = field(default=ALWAYS)

    def covers(
        self,
        department: DepartmentId | None,
        channel: Channel | None,
        urgency: Urgency,
        tags: frozenset[str],
    ) -> bool:
        return (
            (not self.departments or department in self.departments)
            and (not self.channels or channel in self.channels)
            and (not self.urgencies or urgency in self.urgencies)
            and (not self.tags or not tags.isdisjoint(self.tags))
        )

    def target_ms(self, kind: ClockKind) -> int | None:
        return {
            ClockKind.FIRST_REPLY: self.first_reply_ms,
            ClockKind.NEXT_REPLY: self.next_reply_ms,
            ClockKind.RESOLUTION: self.resolution_ms,
        }.get(kind)


USUAL: tuple[SlaPolicy, ...] = (
    SlaPolicy("critical", "Critical", 20 * _MINUTE, 40 * _MINUTE, 24 * _HOUR,
              urgencies=(Urgency.CRITICAL,)),
    SlaPolicy("high", "High", 30 * _MINUTE, _HOUR, 24 * _HOUR, urgencies=(Urgency.HIGH,)),
    SlaPolicy("usual", "Usual", _HOUR, 2 * _HOUR, 24 * _HOUR),
)  # fmt: skip
"""What a workspace starts with."""
NO_PROMISE = SlaPolicy("", "No promise", None, None, None)


def policy_for(
    policies: Iterable[SlaPolicy],
    *,
    department: DepartmentId | None,
    channel: Channel | None,
    urgency: Urgency,
    tags: frozenset[str] = frozenset(),
) -> SlaPolicy:
    """The first that covers the case; ``NO_PROMISE`` where none does. A department or channel that
    is None is covered by what holds for all of them."""
    return next(
        (policy for policy in policies if policy.covers(department, channel, urgency, tags)),
        NO_PROMISE,
    )


@dataclass(frozen=True, slots=True)
class Clock:
    """A promise and how much of it is used.

    ``started_ms``  since when it has been running, or since when it stands still.
    ``due_ms``      when it will be late; None while it stands still.
    ``spent_ms``    time at work that was used before ``started_ms``.
    """

    kind: ClockKind
    target_ms: int
    started_ms: int
    due_ms: int | None
    spent_ms: int = 0
    hours: BusinessHours = field(default=ALWAYS)

    @property
    def is_paused(self) -> bool:
        return self.due_ms is None

    def used(self, now_ms: int) -> float:
        """The part of the target that is gone, 0 to 1."""
        spent = self.spent_ms
        if not self.is_paused:
            spent += self.hours.open_between(self.started_ms, now_ms)
        return min(1.0, spent / self.target_ms) if self.target_ms else 1.0

    def is_late(self, now_ms: int) -> bool:
        return self.due_ms <= now_ms if self.due_ms is not None else self.spent_ms > self.target_ms

    @property
    def deadline(self) -> Deadline | None:
        """As it is shown; None while it stands still."""
        soon = self.due_soon_ms()
        if self.due_ms is None or soon is None:
            return None
        spent = min(1.0, self.spent_ms / self.target_ms) if self.target_ms else 1.0
        return Deadline(self.started_ms, self.due_ms, soon, self.kind, spent)

    def due_soon_ms(self) -> int | None:
        """When its last third begins; None while it stands still."""
        if self.due_ms is None:
            return None
        first_part = self.target_ms * 2 // 3 - self.spent_ms
        return self.hours.after(self.started_ms, max(0, first_part))


def running_clock(
    kind: ClockKind,
    target_ms: int,
    stretches: Sequence[tuple[int, int | None]],
    hours: BusinessHours,
) -> Clock | None:
    """The clock after these stretches in which it ran, in their order and apart; the last may be
    open. None where it never started.

    A clock that ran out is due at the moment it did, whenever it is looked at.
    """
    if not stretches:
        return None
    spent = 0
    for start, end in stretches:
        due = hours.after(start, target_ms - spent)
        if end is None or due < end:
            return Clock(kind, target_ms, start, due, spent, hours)
        spent += hours.open_between(start, end)
    stopped = stretches[-1][1]
    assert stopped is not None
    return Clock(kind, target_ms, stopped, None, spent, hours)
