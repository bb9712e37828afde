"""Bytes of a fuzzer as decisions: from them come texts, and answers that are almost right.

Random bytes are hardly ever JSON, let alone a post, so they would never get past the first check.
Here they choose instead how an honest answer is spoilt.
"""

from __future__ import annotations

import copy
import json
from typing import Any

_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, 2**64, -(2**70), 1.5, 1e308,
    "", " ", "0", "null", "\x00", "\u202e", "\ud83d\ude00", "<b>", "&#0;", "<a href=x>", "a" * 999,
    "https://[", "https://a@b", "../..", "at://", "at://a/b/c", "did:plc:brand", "1",
    "2026-11-19T08:00:00Z", "9999-12-31T23:59:59.999999-14:00", "0001-01-01T00:00:00+14:00",
    "1e999", "public", "direct", "mention", "like", "follow",
    [], {}, [None], [[]], [{}], {"id": None}, {"uri": 1},
)  # fmt: skip


class Dice:
    """Decisions out of ``data``, in order; nothing but zeros when it is used up."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def byte(self) -> int:
        if self._at >= len(self._data):
            return 0
        self._at += 1
        return self._data[self._at - 1]

    def below(self, most: int) -> int:
        """A number from 0 up to, not including, ``most``."""
        return (self.byte() << 8 | self.byte()) % max(1, most)

    def take(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        self._at += len(piece)
        return piece

    def rest(self) -> bytes:
        return self.take(self.left)

    def text(self, most: int = 60) -> str:
        return self.take(self.below(most)).decode("utf-8", "replace")

    def value(self) -> Any:
        """Something that may stand in JSON."""
        kind = self.byte()
        if kind < 200:
            return copy.deepcopy(_ODD[kind % len(_ODD)])
        if kind < 240:
            return self.text()
        return self.below(65_536) - 32_768


def spoilt(honest: Any, dice: Dice) -> bytes:
    """An honest answer as JSON, changed in up to six places; now and then broken as text too."""
    answer = copy.deepcopy(honest)
    for _ in range(dice.byte() % 7):
        answer = _changed(answer, dice)
    body = json.dumps(answer).encode()
    match dice.byte() % 16:
        case 1:
            at = dice.below(len(body))
            return body[:at]
        case 2:
            at = dice.below(len(body))
            return body[:at] + dice.take(4) + body[at:]
        case 3:
            at = dice.below(len(body))
            return body[:at] + dice.take(1) + body[at + 1 :]
        case _:
            return body


def _changed(value: Any, dice: Dice) -> Any:
    """``value`` with one of its parts, somewhere inside, gone, doubled or something else."""
    if isinstance(value, dict) and value and dice.byte() % 8:
        key = sorted(value)[dice.below(len(value))]
        if dice.byte() % 6 == 0:
            return {name: part for name, part in value.items() if name != key}
        return {**value, key: _changed(value[key], dice)}
    if isinstance(value, list) and value and dice.byte() % 8:
        at = dice.below(len(value))
        match dice.byte() % 6:
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return value[: at + 1] + value[at:]
            case _:
                return [*value[:at], _changed(value[at], dice), *value[at + 1 :]]
    return dice.value()
