"""When a department is at work: the time that counts on a clock.

Opening times are wall time of a place. A span lasts from the first moment of the day at which the
clock there shows its beginning, or more, to the first at which it shows its end; so a day on which
the clock is put forward or back is as long as it really was. Milliseconds since 1970 go in and out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.errors import BadInput
from app.domain.records import dataclass

DAY_MINUTES = 24 * 60
_DAYS_A_WEEK = 7
_DAYS_SEARCHED = 10 * 366
"""No target is further away; and a place whose holidays last longer is not at work."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Minutes after midnight, ``closes`` not counted; 1440 closes at the end of the day."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """The spans of each weekday, Monday first, in the time of ``zone``; ``closed`` are holidays.
    ``holidays`` names the region whose public holidays are among them: “SE”, “DE-BY”, "" for none.

    Raises BadInput for spans that overlap or do not fit a day, for a week that never opens and for
    a zone nobody knows.
    """

    zone: str
    # A clock is asked for a day of them many times: the spans are compared, but not hashed.
    week: tuple[tuple[Span, ...], ...] = field(hash=False)
    closed: frozenset[date] = frozenset()
    holidays: str = ""

    def __post_init__(self) -> None:
        if len(self.week) != _DAYS_A_WEEK or not any(self.week):
            raise BadInput("These business hours never open.", hint="Give at least one day a span.")
        for spans in self.week:
            _check(spans)
        _zone(self.zone)

    def open_between(self, start_ms: int, end_ms: int) -> int:
        """The milliseconds at work from ``start_ms`` to ``end_ms``; 0 where that is before."""
        total = 0
        for opens, closes in self._spans_from(start_ms):
            if opens >= end_ms:
                break
            total += min(closes, end_ms) - max(opens, start_ms)
        return total

    def after(self, start_ms: int, open_ms: int) -> int:
        """When ``open_ms`` at work have gone since ``start_ms``; for 0 the next moment at work."""
        left = open_ms
        for opens, closes in self._spans_from(start_ms):
            begins = max(opens, start_ms)
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
        raise AssertionError("a target is met, or the place is open again, within ten years")

    def is_open(self, at_ms: int) -> bool:
        """Whether it is at work in this moment."""
        return next(self._spans_from(at_ms))[0] <= at_ms

    def _spans_from(self, start_ms: int) -> Iterator[tuple[int, int]]:
        """The spans that end after ``start_ms``, in order."""
        day = datetime.fromtimestamp(start_ms / 1000, _zone(self.zone)).date()
        for number in range(_DAYS_SEARCHED):
            for span in _opened(self, day + timedelta(days=number)):
                if span[1] > start_ms:
                    yield span


def _check(spans: tuple[Span, ...]) -> None:
    end = 0
    for span in spans:
        if not end <= span.opens < span.closes <= DAY_MINUTES:
            raise BadInput(
                f"The business hours {_told(span)} do not fit their day.",
                hint="Spans go from earlier to later and do not overlap.",
            )
        end = span.closes


def _told(span: Span) -> str:
    opens, closes = (f"{at // 60:02d}:{at % 60:02d}" for at in (span.opens, span.closes))
    return f"{opens} to {closes}"


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(
            f"There is no time zone “{name}”.", hint="Name one like Europe/Stockholm."
        ) from None


@lru_cache(maxsize=4096)
def _opened(hours: BusinessHours, day: date) -> tuple[tuple[int, int], ...]:
    """The spans of one day as instants."""
    if day in hours.closed:
        return ()
    zone = _zone(hours.zone)
    spans = (
        (_first_moment(zone, day, span.opens), _first_moment(zone, day, span.closes))
        for span in hours.week[day.weekday()]
    )
    return tuple(span for span in spans if span[0] < span[1])


def _first_moment(zone: ZoneInfo, day: date, minutes: int) -> int:
    """When the clock first shows so many minutes after midnight, or more."""
    shown = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    early, late = (_ms(shown.replace(tzinfo=zone, fold=fold)) for fold in (1, 0))
    if early >= late:
        return late  # shown once, or twice: then ``late`` is the first time
    while late - early > 1:  # never shown: the clock jumps over it, somewhere in between
        middle = (early + late) // 2
        jumped = datetime.fromtimestamp(middle / 1000, zone).replace(tzinfo=None) >= shown
        early, late = (early, middle) if jumped else (middle, late)
    return late


def _ms(at: datetime) -> int:
    return round(at.astimezone(UTC).timestamp() * 1000)


ALWAYS = BusinessHours("UTC", ((Span(0, DAY_MINUTES),),) * _DAYS_A_WEEK)
"""A place that never closes; what holds where nobody said anything."""
