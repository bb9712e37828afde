"""Business hours as one types them into the fields of a form.

The week is one line: “Mon–Fri 9:00–12:00, 13:00–17:30; Sat 10:00–14:00”.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Final

from app.domain.errors import BadInput
from app.domain.hours import ALWAYS, BusinessHours, Span
from app.services.settings_text import spans_read, spans_written
from app.store.holidays import bare, closing

FIELDS: Final[Mapping[str, str]] = {
    "Hours": "Always; or Mon–Fri 9:00–12:00, 13:00–17:00; Sat 10:00–14:00",
    "Zone": "Europe/Stockholm",
    "Holidays": "None; or a region like SE or DE-BY",
    "Closed on": "Further days, like 2026-12-24, 2026-12-31",
}
"""The fields, each with what stands in it while it is empty."""
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAMES: Final = (
    "mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_GIVEN: Final = re.compile(
    rf"({_NAMES})(?:\s*[-–]\s*({_NAMES}))?(?:\s+|:\s*)(?=\d)(.+)", re.IGNORECASE
)
_HINT: Final = "Write it like Mon–Fri 9:00–12:00, 13:00–17:00; Sat 10:00–14:00."
Week = tuple[tuple[Span, ...], ...]


def hours_told(hours: BusinessHours) -> dict[str, str]:
    """What stands in each of ``FIELDS``; nothing in any of them for what never closes."""
    if hours == ALWAYS:
        return dict.fromkeys(FIELDS, "")
    return {
        "Hours": week_told(hours.week),
        "Zone": hours.zone,
        "Holidays": hours.holidays,
        "Closed on": ", ".join(day.isoformat() for day in sorted(bare(hours).closed)),
    }


def hours_typed(typed: Mapping[str, str]) -> BusinessHours:
    """The way back. Raises BadInput that says what cannot be read."""
    told = {name: " ".join(typed[name].split()) for name in FIELDS}
    if not any(told.values()):
        return ALWAYS
    week = week_typed(told["Hours"]) if told["Hours"] else ALWAYS.week
    closed = frozenset(_day(word.strip()) for word in told["Closed on"].split(",") if word.strip())
    return closing(BusinessHours(told["Zone"] or "UTC", week, closed, told["Holidays"].upper()))


def week_told(week: Week) -> str:
    """A week in a line; days in a row with the same hours stand together."""
    parts = []
    for spans, days in groupby(zip(_DAYS, week, strict=True), key=lambda one: one[1]):
        names = [name for name, _ in days]
        if spans:
            which = names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}"
            parts.append(f"{which} {spans_written(spans)}")
    return "; ".join(parts)


def week_typed(text: str) -> Week:
    """The spans of each weekday, Monday first. Raises BadInput."""
    week: dict[str, tuple[Span, ...]] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        given = _GIVEN.fullmatch(part)
        if given is None:
            raise BadInput(f"“{part}” does not say on which days and when.", hint=_HINT)
        spans = spans_read(given[3], given[1])
        for day in _between(given[1], given[2] or given[1]):
            if day in week:
                raise BadInput(f"The hours of {day} are given twice.", hint=_HINT)
            week[day] = spans
    return tuple(week.get(day, ()) for day in _DAYS)


def _between(first: str, last: str) -> list[str]:
    """The days from one to another, over Sunday where need be: “Sat–Mon” are three."""
    start, end = (_DAYS.index(name[:3].capitalize()) for name in (first, last))
    return [_DAYS[(start + step) % 7] for step in range((end - start) % 7 + 1)]


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise BadInput(f"“{word}” is no date.", hint="Write it like 2026-12-24.") from None
