"""Promises: how long a customer may wait, and how much of that is used."""

from __future__ import annotations

from enum import StrEnum

from app.domain.cases import Urgency
from app.domain.records import dataclass

_MINUTE = 60_000
_HOUR = 60 * _MINUTE


class Due(StrEnum):
    """How a deadline looks: only due and late get colour."""

    NONE = "none"
    IN_TIME = "in_time"
    DUE = "due"
    LATE = "late"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Policy:
    """What a company promises, in milliseconds."""

    first_reply_ms: int = 1 * _HOUR
    next_reply_ms: int = 2 * _HOUR
    resolution_ms: int = 24 * _HOUR

    def reply_target_ms(self, *, first: bool, urgency: Urgency) -> int:
        """How long the customer may wait for this reply; urgency shortens it."""
        target = self.first_reply_ms if first else self.next_reply_ms
        return target // int(urgency)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running clock: from when, until when (milliseconds since 1970)."""

    started_ms: int
    due_ms: int

    def used(self, now_ms: int) -> float:
        """The part of the time that is gone, 0 to 1."""
        span = max(1, self.due_ms - self.started_ms)
        return min(1.0, max(0.0, (now_ms - self.started_ms) / span))

    def due(self, now_ms: int) -> Due:
        """In time, due in the last third, late afterwards."""
        if now_ms >= self.due_ms:
            return Due.LATE
        return Due.DUE if self.used(now_ms) >= 2 / 3 else Due.IN_TIME
