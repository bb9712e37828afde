"""Where a pull stands: the cursors that the store keeps for us, as JSON.

Pages can be cut anywhere and posts can be dated back, so "the newest one seen" is not enough. A
position also remembers what was lately handed over, so that re-reading an overlap costs neither
requests nor writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b

import msgspec

from app.domain.clock import to_ms

OVERLAP = timedelta(minutes=15)
DEEP_EVERY = timedelta(minutes=10)
DEEP_REACH = timedelta(days=3)
DEEP_ITEMS = 1_000
WHOLE_EVERY = timedelta(hours=24)
WHOLE_REACH = timedelta(days=30)
WHOLE_ITEMS = 10_000

_KNOWN = 1_500
_DIGEST = 6


class Position(msgspec.Struct, frozen=True):
    """``newest``, ``deep`` and ``whole`` in milliseconds: the newest item seen, and when a deep
    and a whole reconcile began last. ``known`` is a packed ``Known``."""

    newest: int = 0
    deep: int = 0
    whole: int = 0
    known: bytes = b""


class HistoryPosition(msgspec.Struct, frozen=True):
    """``cursor`` is the service’s own; ``ended`` says it has nothing older."""

    cursor: str = ""
    ended: bool = False


class Known:
    """The last 1,500 things handed over, six bytes each, newest first.

    A thing that is new is taken for a known one with a chance of 1 in 10^11.
    """

    def __init__(self, packed: bytes = b"") -> None:
        digests = [packed[at : at + _DIGEST] for at in range(0, len(packed), _DIGEST)]
        self._old = dict.fromkeys(digests)
        self._new: dict[bytes, None] = {}

    def __contains__(self, parts: tuple[str | int, ...]) -> bool:
        digest = _digest(parts)
        return digest in self._old or digest in self._new

    def add(self, *parts: str | int) -> None:
        """Note something as handed over; the order of calls is taken as newest first."""
        self._new[_digest(parts)] = None

    def packed(self) -> bytes:
        merged = list(dict.fromkeys((*self._new, *self._old)))[:_KNOWN]
        return b"".join(merged)


def _digest(parts: Iterable[str | int]) -> bytes:
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=_DIGEST).digest()


class Reach:
    """How far back a pull goes: always past the overlap, at times much deeper.

    A post dated back by its author lands that deep in the list, behind everything known. A deep
    look every ten minutes and a whole one every day find those.
    """

    def __init__(self, position: Position, now: datetime) -> None:
        self.now_ms = to_ms(now)
        first = not position.newest
        self.whole = not first and self._due(position.whole, WHOLE_EVERY)
        self.deep = first or self.whole or self._due(position.deep, DEEP_EVERY)
        self._must = position.newest - _ms(OVERLAP) if position.newest else self.now_ms
        reach = WHOLE_REACH if self.whole else DEEP_REACH
        self._may = self.now_ms - _ms(reach) if self.deep else self._must
        self._items = WHOLE_ITEMS if self.whole else DEEP_ITEMS

    def goes_past(self, oldest_ms: int, read: int) -> bool:
        """Whether to read on behind ``oldest_ms``, after ``read`` items."""
        return oldest_ms >= self._must or (oldest_ms >= self._may and read < self._items)

    def position(self, before: Position, newest_ms: int, known: Known) -> Position:
        return Position(
            newest=max(before.newest, newest_ms),
            deep=self.now_ms if self.deep else before.deep,
            whole=self.now_ms if self.whole or not before.newest else before.whole,
            known=known.packed(),
        )

    def _due(self, last_ms: int, every: timedelta) -> bool:
        # A clock set back must not put the next look off for ever.
        return not 0 <= self.now_ms - last_ms < _ms(every)


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


def read_position(cursor: str | None) -> Position:
    """A stored position; a fresh one when there is none or it was written by something else."""
    try:
        return msgspec.json.decode(cursor or "{}", type=Position)
    except msgspec.DecodeError:
        return Position()


def read_history(cursor: str | None) -> HistoryPosition:
    try:
        return msgspec.json.decode(cursor or "{}", type=HistoryPosition)
    except msgspec.DecodeError:
        return HistoryPosition()


def write(position: Position | HistoryPosition) -> str:
    return msgspec.json.encode(position).decode()
