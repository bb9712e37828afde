"""A promise with a moment: what kind it is, when it ends, and how it looks on the way."""

from __future__ import annotations

from enum import StrEnum

from app.domain.records import dataclass


class ClockKind(StrEnum):
    """What was promised. Stored by value."""

    FIRST_REPLY = "first_reply"
    NEXT_REPLY = "next_reply"
    RESOLUTION = "resolution"
    PROMISE = "promise"


class Due(StrEnum):
    """How a deadline looks: only due and late get colour."""

    NONE = "none"
    IN_TIME = "in_time"
    DUE = "due"
    LATE = "late"
    PAUSED = "paused"


_LAST_THIRD = 2 / 3


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running clock, in milliseconds since 1970.

    ``soon_ms``  when the last third of the time at work begins; None where all time is, and it is
                 the last third between the other two.
    ``spent``    the part of the time that was gone when it was started again, 0 to 1.
    """

    started_ms: int
    due_ms: int
    soon_ms: int | None = None
    kind: ClockKind = ClockKind.NEXT_REPLY
    spent: float = 0.0

    def used(self, now_ms: int) -> float:
        """The part of the time that is gone, 0 to 1; straight from the start to the last third,
        and from there to the end, wherever the hours of rest lie."""
        soon, then = self._soon_ms, max(self.spent, _LAST_THIRD)
        if now_ms < soon:
            gone = max(0, now_ms - self.started_ms) / (soon - self.started_ms)
            return self.spent + (_LAST_THIRD - self.spent) * gone
        left = max(0, self.due_ms - now_ms) / max(1, self.due_ms - soon)
        return 1.0 - left * (1 - then)

    def due(self, now_ms: int) -> Due:
        """In time, due in the last third, late afterwards."""
        if now_ms >= self.due_ms:
            return Due.LATE
        return Due.DUE if now_ms >= self._soon_ms else Due.IN_TIME

    @property
    def _soon_ms(self) -> int:
        if self.soon_ms is not None:
            return self.soon_ms
        return self.due_ms - (self.due_ms - self.started_ms) // 3


@dataclass(frozen=True, slots=True)
class CaseClock:
    """A promise on a case as it is kept and shown.

    ``target_ms``  time at work that was promised.
    ``spent_ms``   of it, what is gone for good: all of it where the clock does not run.
    ``deadline``   while it runs; None where it stands still, or was met.
    ``met``        whether what was promised has been done.
    """

    kind: ClockKind
    target_ms: int
    spent_ms: int
    deadline: Deadline | None = None
    met: bool = False
    policy: str = ""

    def used(self, now_ms: int) -> float:
        """The part of the time that is gone, 0 to 1."""
        if self.deadline is not None:
            return self.deadline.used(now_ms)
        return min(1.0, self.spent_ms / self.target_ms) if self.target_ms else 1.0
