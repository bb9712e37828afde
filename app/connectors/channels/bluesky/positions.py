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

_KNOWN = 1_500
_DIGEST = 6


class Position(msgspec.Struct, frozen=True):
    """``newest`` and ``deep`` in milliseconds: the newest item seen, and when the last deep look
    began. ``known`` is a packed ``Known``."""

    newest: int = 0
    deep: int = 0
    known: bytes = b""


class HistoryPosition(msgspec.Struct, frozen=True):
    """``cursor`` is the service’s own; ``ended`` says it has nothing older."""

    cursor: str = ""
    ended: bool = False


class Known:
    """The last things handed over, six bytes each, newest first.

    A thing that is new is taken for a known one with a chance of 1 in 10^10 at 12,000 things.
    """

    def __init__(self, packed: bytes = b"", *, most: int = _KNOWN) -> None:
        digests = [packed[at : at + _DIGEST] for at in range(0, len(packed), _DIGEST)]
        self._old = dict.fromkeys(digests)
        self._new: dict[bytes, None] = {}
        self._most = most

    def __contains__(self, parts: tuple[str | int, ...]) -> bool:
        digest = _digest(parts)
        return digest in self._old or digest in self._new

    def add(self, *parts: str | int) -> None:
        """Note something as handed over; the order of calls is taken as newest first."""
        self._new[_digest(parts)] = None

    def packed(self) -> bytes:
        merged = list(dict.fromkeys((*self._new, *self._old)))[: self._most]
        return b"".join(merged)


def _digest(parts: Iterable[str | int]) -> bytes:
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=_DIGEST).digest()


class Reach:
    """How far back a pull goes: always past the overlap, every ten minutes three days.

    A post dated back by its author lands that deep in the list, behind everything known.
    """

    def __init__(self, position: Position, now: datetime) -> None:
        self.now_ms = to_ms(now)
        self.deep = not position.newest or is_due(position.deep, DEEP_EVERY, self.now_ms)
        self._must = position.newest - ms(OVERLAP) if position.newest else self.now_ms
        self._may = self.now_ms - ms(DEEP_REACH) if self.deep else self._must

    def goes_past(self, oldest_ms: int, read: int) -> bool:
        """Whether to read on behind ``oldest_ms``, after ``read`` items."""
        return oldest_ms >= self._must or (oldest_ms >= self._may and read < DEEP_ITEMS)

    def position(self, before: Position, newest_ms: int, known: Known) -> Position:
        return Position(
            newest=max(before.newest, newest_ms),
            deep=self.now_ms if self.deep else before.deep,
            known=known.packed(),
        )


def is_due(last_ms: int, every: timedelta, now_ms: int) -> bool:
    """Whether ``every`` has passed; a clock set back must not put it off for ever."""
    return not 0 <= now_ms - last_ms < ms(every)


def ms(span: timedelta) -> int:
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
