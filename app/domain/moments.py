"""A moment found in a sentence: “I’ll check back at 12:30”, “in half an hour”, “tomorrow”."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

_MORNING = time(9)
_SPAN = re.compile(
    r"\bin (\d{1,3}|an?|half an?|one|two|three) ?(minutes?|mins?|m|hours?|h|days?|d)\b"
)
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b(?! ?[%€$£])")
_DAY = re.compile(r"\b(today|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b")
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS: Final = {"a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5,
                   "one": 1.0, "two": 2.0, "three": 3.0}  # fmt: skip
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
_SENTENCE = re.compile(r"[^.!?\n…]*(?:[.!?…](?=\S)[^.!?\n…]*)*")


def moment_in(text: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """The moment a text names, aware, after ``now``, in ``zone`` (the system’s when None); None
    where it names none. A time that is past today is tomorrow’s; a day alone is nine o’clock."""
    words, local = text.casefold(), now.astimezone(zone)
    if span := _SPAN.search(words):
        number = _NUMBERS.get(span[1]) or float(span[1])
        return local + timedelta(**{_UNITS[span[2][0]]: number})
    day, clock = _DAY.search(words), _CLOCK.search(words)
    if day is None and clock is None:
        return None
    at = time(int(clock[1]), int(clock[2])) if clock else _MORNING
    found = _on(local, _ahead(day[1], local) if day else 0, at, zone)
    if found > local:
        return found
    return _on(local, 1, at, zone) if day is None else None


def sentence_with_moment(text: str, now: datetime, zone: tzinfo | None = None) -> str:
    """The last sentence of a text that names a moment; "" where none does."""
    sentences = [found.group().strip() for found in _SENTENCE.finditer(text)]
    named = [one for one in sentences if one and moment_in(one, now, zone) is not None]
    return named[-1] if named else ""


def _ahead(day: str, local: datetime) -> int:
    if day in ("today", "tomorrow"):
        return int(day == "tomorrow")
    return (_DAYS.index(day) - local.weekday() - 1) % 7 + 1


def _on(local: datetime, ahead: int, at: time, zone: tzinfo | None) -> datetime:
    """That wall time so many days from now, with the offset that holds then."""
    naive = datetime.combine(local.date() + timedelta(days=ahead), at)
    return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
