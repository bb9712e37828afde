"""Moments as people type them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.cli.when import parse_since, parse_when
from app.domain.errors import BadInput

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 11, 19, 10, 45, tzinfo=UTC)  # a Thursday, 11:45 in Stockholm


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("30m", "2026-11-19 12:15"),
        ("2h", "2026-11-19 13:45"),
        ("1 w", "2026-11-26 11:45"),
        ("tomorrow", "2026-11-20 09:00"),
        ("Tomorrow 14:00", "2026-11-20 14:00"),
        ("monday", "2026-11-23 09:00"),
        ("thursday", "2026-11-26 09:00"),
        ("16:30", "2026-11-19 16:30"),
        ("2026-12-01", "2026-12-01 09:00"),
        ("2026-12-01 15:20", "2026-12-01 15:20"),
        ("2026-12-01T15:20", "2026-12-01 15:20"),
        # Summer time: the wall clock is meant, not today’s offset.
        ("2027-07-01", "2027-07-01 09:00"),
    ],
)
def test_a_typed_time_is_understood(typed: str, meant: str) -> None:
    assert f"{parse_when(typed, NOW, STOCKHOLM):%Y-%m-%d %H:%M}" == meant


def test_an_offset_of_its_own_wins() -> None:
    meant = datetime(2026, 12, 1, 15, 0, tzinfo=UTC)
    assert parse_when("2026-12-01T15:00+00:00", NOW, STOCKHOLM) == meant


def test_without_a_zone_the_systems_is_taken() -> None:
    assert parse_when("2h", NOW) == datetime(2026, 11, 19, 12, 45, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "tomorrow noon", "2026-13-01", "-2h"])
def test_what_is_no_time_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(BadInput, match="is not a time"):
        parse_when(typed, NOW, STOCKHOLM)


@pytest.mark.parametrize("typed", ["2020-01-01", "today", "09:00", "0m"])
def test_the_past_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="not in the future"):
        parse_when(typed, NOW, STOCKHOLM)


def test_a_span_back() -> None:
    assert parse_since("30d", NOW, UTC) == datetime(2026, 10, 20, 10, 45, tzinfo=UTC)
    assert parse_since("2026-01-01", NOW, UTC).date() == datetime(2026, 1, 1, tzinfo=UTC).date()


@pytest.mark.parametrize("typed", ["2027-01-01", "long ago"])
def test_a_span_back_cannot_be_ahead(typed: str) -> None:
    with pytest.raises(BadInput, match="not a time in the past"):
        parse_since(typed, NOW, UTC)
