"""Business hours in a line of words: told and typed again they are the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.hours import ALWAYS, BusinessHours, Span
from app.services.settings_hours import FIELDS, hours_told, hours_typed, week_told, week_typed
from app.store.holidays import closing

times = st.lists(st.integers(0, 1440), max_size=6, unique=True).map(sorted)
days = times.map(lambda at: tuple(Span(a, b) for a, b in zip(at[::2], at[1::2], strict=False)))
weeks = st.lists(st.one_of(days, st.just((Span(540, 1020),))), min_size=7, max_size=7).map(tuple)


@given(weeks)
def test_a_week_that_is_told_and_typed_again_is_the_same(
    week: tuple[tuple[Span, ...], ...],
) -> None:
    assert week_typed(week_told(week)) == week


@given(
    weeks.filter(any),
    st.sampled_from(["UTC", "Europe/Stockholm"]),
    st.frozensets(st.dates(), max_size=2),
    st.sampled_from(["", "SE", "DE-BY"]),
)
def test_so_are_hours_with_zone_holidays_and_further_days(
    week: tuple[tuple[Span, ...], ...], zone: str, closed: frozenset[date], region: str
) -> None:
    hours = closing(BusinessHours(zone, week, closed, region))
    assert hours_typed(hours_told(hours)) == hours


def test_what_never_closes_has_empty_fields() -> None:
    assert set(hours_told(ALWAYS).values()) == {""}
    assert hours_typed(dict.fromkeys(FIELDS, " ")) == ALWAYS


def test_days_are_typed_as_people_write_them() -> None:
    week = week_typed("mon - fri 9:00-12:00, 13:00-17:30; Saturday: 10:00–14:00")
    assert week[0] == week[4] == (Span(540, 720), Span(780, 1050))
    assert (week[5], week[6]) == ((Span(600, 840),), ())
    assert week_told(week) == "Mon–Fri 09:00–12:00, 13:00–17:30; Sat 10:00–14:00"
    assert [bool(day) for day in week_typed("Sat–Mon 22:00–24:00")] == [
        True, False, False, False, False, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9:00–17:00", "“9:00–17:00” does not say on which days"),
        ("Mon–Fri", "“Mon–Fri” does not say"),
        ("Moonday 9:00–17:00", "does not say on which days"),
        ("Mon 9–17", "“9–17” at Mon"),
        ("Mon–Wed 9:00–17:00; Tue 10:00–12:00", "The hours of Tue are given twice"),
        ("Mon 13:00–17:00, 9:00–14:00", "do not fit their day"),
    ],
)
def test_what_cannot_be_read_is_told(typed: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence.replace("(", "[(]")):
        hours_typed(dict.fromkeys(FIELDS, "") | {"Hours": typed})


@pytest.mark.parametrize(
    ("field", "typed"), [("Zone", "Moon"), ("Holidays", "XX"), ("Closed on", "24.12.")]
)
def test_so_is_a_zone_a_region_and_a_day(field: str, typed: str) -> None:
    told = dict.fromkeys(FIELDS, "") | {"Hours": "Mon 9:00–17:00", field: typed}
    with pytest.raises(BadInput, match=typed):
        hours_typed(told)
