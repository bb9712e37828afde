"""Moments as people type them: ``2h``, ``tomorrow 14:00``, ``monday``, ``2026-11-20 09:00``."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, tzinfo

from app.domain.errors import BadInput

_MORNING = time(9)
_SPAN = re.compile(r"(\d{1,4})\s*(m|min|h|d|w)")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HINT = "Write 2h, tomorrow 14:00, monday, or 2026-11-20 09:00."


def parse_when(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """The moment meant, aware, in ``zone`` (the system’s when None).

    A day without a time means nine in the morning. Raises BadInput for what cannot be read and
    for what is past.
    """
    local = now.astimezone(zone)
    words = text.strip().lower()
    found = _span(words, local) or _named(words, local, zone) or _written(text.strip(), local, zone)
    if found is None:
        raise BadInput(f"“{text}” is not a time.", hint=_HINT)
    if found <= local:
        raise BadInput(f"“{text}” is not in the future.", hint=_HINT)
    return found


def parse_since(text: str, now: datetime, zone: tzinfo | None = None) -> datetime:
    """A moment in the past: a span back (``30d``) or a day. Raises BadInput."""
    local = now.astimezone(zone)
    span = _span(text.strip().lower(), local)
    found = local - (span - local) if span else _written(text.strip(), local, zone)
    if found is None or found >= local:
        raise BadInput(f"“{text}” is not a time in the past.", hint="Write 30d, 52w or 2026-01-01.")
    return found


def _span(words: str, local: datetime) -> datetime | None:
    match = _SPAN.fullmatch(words)
    return local + timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None


def _named(words: str, local: datetime, zone: tzinfo | None) -> datetime | None:
    """``tomorrow``, ``today`` or a day of the week, and a time after it or not."""
    name, _, clock = words.partition(" ")
    if name in _WEEKDAYS:
        ahead = (_WEEKDAYS.index(name) - local.weekday() - 1) % 7 + 1
    elif name in ("today", "tomorrow"):
        ahead = int(name == "tomorrow")
    else:
        return None
    at = _clock(clock) if clock else _MORNING
    return None if at is None else _at(local.date() + timedelta(days=ahead), at, zone)


def _written(text: str, local: datetime, zone: tzinfo | None) -> datetime | None:
    """ISO 8601: a day, or a day and a time, or a time of today."""
    if (at := _clock(text)) is not None:
        return _at(local.date(), at, zone)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        return moment
    at = _MORNING if re.fullmatch(r"[\dW-]+", text) else moment.time()
    return _at(moment.date(), at, zone)


def _clock(text: str) -> time | None:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text)
    try:
        return time(int(match[1]), int(match[2])) if match else None
    except ValueError:
        return None


def _at(on: date, at: time, zone: tzinfo | None) -> datetime:
    """That wall-clock time, with the offset that holds on that day rather than today’s."""
    naive = datetime.combine(on, at)
    return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
