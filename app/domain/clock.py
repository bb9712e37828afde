"""Time: a clock that tests can hold still, and the hybrid clock that orders the ledger."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

_COUNTER_BITS = 16


class Clock(Protocol):
    """Tells the time; everything that needs now is handed one of these."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class StoryClock:
    """Runs like any other clock, but began at a moment of our choosing.

    The sample workspace lives on one: its story always resumes on the same morning.
    """

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._began)


class FakeClock:
    """A clock that stands still until it is told to move."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        self._at = at


def to_ms(at: datetime) -> int:
    """Milliseconds since 1970 of an aware time."""
    return round(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def hybrid_at(at: datetime) -> int:
    """The hybrid time of an outside moment, its counter zero: for events whose cause is dated."""
    return to_ms(at) << _COUNTER_BITS


def hybrid_floor(ms: int) -> int:
    """The first hybrid time of a millisecond since 1970."""
    return ms << _COUNTER_BITS


def hybrid_ms(stamp: int) -> int:
    """The wall-clock milliseconds inside a hybrid time."""
    return stamp >> _COUNTER_BITS


class HybridClock:
    """A hybrid logical clock: 48 bits of milliseconds, 16 bits of counter.

    Never goes back, also when the wall clock does, and is always after everything it has seen.
    Source: Kulkarni, Demirbas et al., "Logical Physical Clocks", OPODIS 2014.
    """

    def __init__(self, clock: Clock, last: int = 0) -> None:
        self._clock = clock
        self._last = last
        self._lock = threading.Lock()

    def tick(self) -> int:
        """A stamp greater than every stamp ticked or seen before."""
        with self._lock:
            self._last = max(to_ms(self._clock.now()) << _COUNTER_BITS, self._last + 1)
            return self._last

    def see(self, stamp: int) -> None:
        """Take note of a stamp made elsewhere."""
        with self._lock:
            self._last = max(self._last, stamp)
