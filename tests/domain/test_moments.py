"""Moments as people write them into a sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.moments import moment_in, sentence_with_moment

NOW = datetime(2026, 11, 19, 10, 45, tzinfo=UTC)
"""A Thursday."""


@pytest.mark.parametrize(
    ("text", "day", "clock"),
    [
        ("I’ll check back at 12:30", 19, "12:30"),
        ("by 9.15", 20, "09:15"),
        ("In half an hour you hear from us", 19, "11:15"),
        ("in 90 minutes", 19, "12:15"),
        ("in 2h", 19, "12:45"),
        ("in an hour", 19, "11:45"),
        ("in two days", 21, "10:45"),
        ("Tomorrow, then", 20, "09:00"),
        ("tomorrow 14:00", 20, "14:00"),
        ("on Thursday at 8:00", 26, "08:00"),
        ("Monday", 23, "09:00"),
    ],
)
def test_it_is_found(text: str, day: int, clock: str) -> None:
    found = moment_in(text, NOW, UTC)
    assert found is not None
    assert (found.day, found.strftime("%H:%M")) == (day, clock)


@pytest.mark.parametrize("text", ["", "soon", "it costs 12:99", "today at 9:00", "firmware 3.2"])
def test_nothing_is_made_up(text: str) -> None:
    assert moment_in(text, NOW, UTC) is None


def test_a_wall_time_holds_over_the_night_the_clock_is_put_back() -> None:
    zone = ZoneInfo("Europe/Stockholm")
    found = moment_in("tomorrow 12:30", datetime(2026, 10, 24, 10, tzinfo=UTC), zone)
    assert found is not None
    assert found.astimezone(UTC) == datetime(2026, 10, 25, 11, 30, tzinfo=UTC)


def test_the_sentence_that_names_it_is_found() -> None:
    text = "Keep it plugged in for ten minutes. I’ll check back at 12:30. Thank you!"
    assert sentence_with_moment(text, NOW, UTC) == "I’ll check back at 12:30"
    assert sentence_with_moment("Thank you.", NOW, UTC) == ""
