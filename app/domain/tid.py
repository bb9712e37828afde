"""Timestamp identifiers (TIDs): record keys a client may choose before it writes.

A key chosen beforehand and kept makes a write repeatable: the same record put under the same key
a second time changes nothing. Source: https://atproto.com/specs/tid
"""

from __future__ import annotations

import os
import re
import threading
from datetime import UTC, datetime
from hashlib import blake2b

_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"
_CLOCK_BITS = 10
_LENGTH = 13
_PATTERN = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_clock_id = int.from_bytes(os.urandom(2), "big") & ((1 << _CLOCK_BITS) - 1)


class _Ticker:
    """Microseconds that never repeat and never go back, whatever the clock does."""

    def __init__(self) -> None:
        self._last = 0
        self._lock = threading.Lock()

    def tick(self, microseconds: int) -> int:
        with self._lock:
            self._last = max(microseconds, self._last + 1)
            return self._last


_ticker = _Ticker()


def make_record_key(now: datetime) -> str:
    """A TID of that moment, greater than every one made before in this process.

    The ten low bits tell processes apart that write to the same repository at the same time.
    """
    return _encode(_ticker.tick(_microseconds(now)), _clock_id)


def derived_record_key(at: datetime, cause: str) -> str:
    """The TID of a cause: always the same for the same moment and cause."""
    low = int.from_bytes(blake2b(cause.encode(), digest_size=2).digest(), "big")
    return _encode(_microseconds(at), low & ((1 << _CLOCK_BITS) - 1))


def is_record_key(text: str) -> bool:
    """Whether ``text`` is a well-formed TID."""
    return _PATTERN.fullmatch(text) is not None


def _microseconds(at: datetime) -> int:
    since = at - _EPOCH
    return max(0, (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)


def _encode(microseconds: int, clock_id: int) -> str:
    value = microseconds << _CLOCK_BITS | clock_id
    return "".join(_ALPHABET[value >> 5 * place & 31] for place in reversed(range(_LENGTH)))
