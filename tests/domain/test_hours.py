"""Time at work, checked against a clock on the wall that is looked at every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.hours import ALWAYS, BusinessHours, Span

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
# Clocks go forward, go back, skip midnight, go back over midnight, change by half an hour, and
# skip a whole day.
CHANGES = [
    ("Europe/Stockholm", date(2026, 3, 29)),
    ("Europe/Stockholm", date(2026, 10, 25)),
    ("America/New_York", date(2026, 11, 1)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("America/Sao_Paulo", date(2018, 2, 17)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 29)),
]
NINE_TO_FIVE = (Span(9 * 60, 17 * 60),)
OFFICE = (*(NINE_TO_FIVE,) * 5, (), ())


def at(text: str, zone: str = "Europe/Stockholm") -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return round(moment.timestamp() * 1000)


@st.composite
def days(draw: st.DrawFn) -> tuple[Span, ...]:
    near_a_change = st.sampled_from([*range(0, 241, 15), *range(1380, 1441, 15)])
    edges = draw(st.lists(near_a_change | st.integers(0, 1440), max_size=6, unique=True))
    edges.sort()
    return tuple(Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def hours(draw: st.DrawFn) -> tuple[BusinessHours, date]:
    """Hours of a place, and a day near a change of its clock."""
    zone, change = draw(st.sampled_from(CHANGES))
    week = draw(st.tuples(*[days()] * 7).filter(any))
    closed = draw(st.frozensets(st.integers(-2, 4), max_size=2))
    return (
        BusinessHours(zone, week, frozenset(change + timedelta(days=n) for n in closed)),
        change,
    )


def minutes_at_work(place: BusinessHours, first: date) -> set[int]:
    """Every minute at work of the five days around one, by looking at the wall."""
    zone = ZoneInfo(place.zone)
    start = datetime.combine(first - timedelta(days=2), datetime.min.time(), UTC)
    found: set[int] = set()
    highest: dict[date, int] = {}
    for number in range(-26 * 60, 6 * 24 * 60):
        moment = start + timedelta(minutes=number)
        wall = moment.astimezone(zone)
        day = wall.date()
        shown = wall.hour * 60 + wall.minute
        # What the clock showed once it does not show for the first time again.
        highest[day] = max(shown, highest.get(day, 0))
        if day in place.closed or any(later > day for later in highest):
            continue
        spans = place.week[day.weekday()]
        if any(span.opens <= highest[day] < span.closes for span in spans):
            found.add(round(moment.timestamp() * 1000))
    return found


@given(hours(), st.integers(0, 4 * 24 * 60), st.integers(0, 2 * 24 * 60))
def test_open_time_is_what_the_clock_on_the_wall_says(
    place_and_day: tuple[BusinessHours, date], start: int, length: int
) -> None:
    place, day = place_and_day
    begins = round(datetime.combine(day - timedelta(days=2), datetime.min.time(), UTC).timestamp())
    begins = begins * 1000 + start * MINUTE
    ends = begins + length * MINUTE
    looked = minutes_at_work(place, day)
    counted = sum(begins <= minute < ends for minute in looked)
    assert place.open_between(begins, ends) == counted * MINUTE
    assert place.is_open(begins) == (begins in looked)


@given(hours(), st.integers(0, 5 * DAY), st.integers(0, 40 * HOUR))
def test_after_is_the_inverse_of_open_between(
    place_and_day: tuple[BusinessHours, date], start: int, target: int
) -> None:
    place, day = place_and_day
    begins = round(datetime.combine(day - timedelta(days=2), datetime.min.time(), UTC).timestamp())
    begins = begins * 1000 + start
    due = place.after(begins, target)
    assert place.open_between(begins, due) == target
    assert due == begins or place.open_between(begins, due - 1) < target or target == 0


@given(hours(), st.integers(0, 3 * DAY), st.integers(0, DAY), st.integers(0, DAY))
def test_time_at_work_adds_up(
    place_and_day: tuple[BusinessHours, date], start: int, first: int, second: int
) -> None:
    place, day = place_and_day
    begins = round(datetime.combine(day, datetime.min.time(), UTC).timestamp()) * 1000 + start
    middle, end = begins + first, begins + first + second
    parts = place.open_between(begins, middle) + place.open_between(middle, end)
    assert place.open_between(begins, end) == parts


@pytest.mark.parametrize(
    ("day", "opens", "closes", "lasts"),
    [
        ("2026-03-29", "02:30", "05:00", "2:00"),  # there is no 02:30: from 03:00 on
        ("2026-03-29", "01:00", "02:30", "1:00"),
        ("2026-03-29", "00:00", "24:00", "23:00"),
        ("2026-10-25", "01:00", "04:00", "4:00"),  # 02:00 to 03:00 comes twice
        ("2026-10-25", "01:00", "02:30", "1:30"),
        ("2026-10-25", "00:00", "24:00", "25:00"),
    ],
)
def test_the_days_on_which_the_clock_is_changed(
    day: str, opens: str, closes: str, lasts: str
) -> None:
    minutes = [int(text[:-3]) * 60 + int(text[-2:]) for text in (opens, closes, lasts)]
    place = BusinessHours("Europe/Stockholm", (*((),) * 6, (Span(*minutes[:2]),)))
    midnight = at(f"{day} 00:00")
    assert place.open_between(midnight, midnight + 2 * DAY) == minutes[2] * MINUTE


def test_over_a_weekend_and_a_holiday() -> None:
    place = BusinessHours("Europe/Stockholm", OFFICE, frozenset({date(2026, 11, 23)}))
    friday = at("2026-11-20 16:30")
    assert place.after(friday, HOUR) == at("2026-11-24 09:30")
    assert place.after(at("2026-11-21 12:00"), 0) == at("2026-11-24 09:00")
    assert place.open_between(friday, at("2026-11-24 10:00")) == 90 * MINUTE
    assert place.open_between(at("2026-11-24 10:00"), friday) == 0


def test_what_never_closes_is_plain_time() -> None:
    start = at("2026-10-24 22:00")
    assert ALWAYS.after(start, 3 * HOUR) == start + 3 * HOUR
    assert ALWAYS.open_between(start, start + DAY) == DAY


@pytest.mark.parametrize(
    ("zone", "week", "sentence"),
    [
        ("Europe/Stockholm", ((),) * 7, "never open"),
        ("Europe/Stockholm", (NINE_TO_FIVE,) * 6, "never open"),
        ("Europe/Atlantis", OFFICE, "no time zone “Europe/Atlantis”"),
        ("../etc/passwd", OFFICE, "no time zone"),
        ("", OFFICE, "no time zone"),
        ("UTC", ((Span(600, 660), Span(650, 700)), *OFFICE[1:]), "10:50 to 11:40 do not fit"),
        ("UTC", ((Span(660, 600),), *OFFICE[1:]), "11:00 to 10:00 do not fit"),
        ("UTC", ((Span(600, 1500),), *OFFICE[1:]), "do not fit"),
    ],
)
def test_hours_that_cannot_be_are_refused(
    zone: str, week: tuple[tuple[Span, ...], ...], sentence: str
) -> None:
    with pytest.raises(BadInput, match=sentence):
        BusinessHours(zone, week)
