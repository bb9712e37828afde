"""Bounds of a search: typed, finished by a space, chosen, and when a day began."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.domain.bounds import UNBOUND, Bounds, begins, chips, choices, since_ms, typed
from app.domain.clock import to_ms
from app.domain.departments import CARE, MARKETING, SEEDED, Department
from app.domain.ids import DepartmentId
from app.domain.interactions import Channel, Side

NOW = datetime(2026, 11, 19, 12, 30, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("line", "words", "bounds"),
    [
        ("e14 update", "e14 update", UNBOUND),
        ("e14 since: Monday ", "e14 ", Bounds(since="monday")),
        ("since:monday e14", "e14", Bounds(since="monday")),
        ("e14 SINCE: yes ", "e14 ", Bounds(since="yesterday")),
        ("e14 since: 2026-11 x", "e14 x", Bounds(since="2026-11")),
        ("channel: bl leaks", "leaks", Bounds(channels=(Channel.BLUESKY,))),
        ("department: Customer Care e14", "e14", Bounds(departments=(CARE,))),
        (
            "side: marketing channel: x e14",
            "e14",
            Bounds(channels=(Channel.X,), side=Side.MARKETING),
        ),
        ("department: care e14", "e14", Bounds(departments=(CARE,))),
        ("department: marketing e14", "e14", Bounds(departments=(MARKETING,))),
        ("department: customer x", "x", Bounds(departments=(CARE,))),
        ("since: soon x", "since: soon x", UNBOUND),
        ("since: t x", "since: t x", UNBOUND),  # today, Tuesday or Thursday
        ("since: 2026-13-40 x", "since: 2026-13-40 x", UNBOUND),
        ("https://since: x", "https://since: x", UNBOUND),
        ("fireside: marketing x", "fireside: marketing x", UNBOUND),
    ],
)
def test_finished_bounds_leave_the_line(line: str, words: str, bounds: Bounds) -> None:
    found = typed(line, UNBOUND, SEEDED)
    assert (found.words, found.bounds, found.open_word) == (words, bounds, "")


@pytest.mark.parametrize(
    ("line", "word", "offered"),
    [
        ("e14 since: ", "since", "today"),
        ("e14 since:mo", "since", "Monday"),
        ("e14 since: 2026-1", "since", "2026-1"),
        ("channel: in", "channel", "Instagram"),
        ("department: marketing", "department", "Marketing"),
        ("side:", "side", "service"),
    ],
)
def test_what_is_still_written_offers_what_fits(line: str, word: str, offered: str) -> None:
    found = typed(line, UNBOUND, SEEDED)
    assert found.open_word == word
    fitting = choices(word, found.open_value, found.bounds, SEEDED)
    assert fitting[0].value == offered
    assert fitting[0].bounds


@pytest.mark.parametrize("written", ["Außendienst", "aussendienst", "AUSSENDIENST"])
def test_a_name_is_as_long_as_it_was_written(written: str) -> None:
    field = Department(DepartmentId("field"), "Außendienst", "ADM", "grey", "visits", "calls")
    found = typed(f"department: {written} e14", UNBOUND, [field])
    assert (found.words, found.bounds.departments) == ("e14", (field.id,))


def test_several_channels_add_up_and_a_day_takes_the_place_of_another() -> None:
    held = Bounds("monday", (Channel.X,), (MARKETING,))
    found = typed("channel: mastodon since: today ", held, SEEDED)
    assert found.bounds == Bounds("today", (Channel.X, Channel.MASTODON), (MARKETING,))


def test_every_chip_takes_its_own_bound_away() -> None:
    held = Bounds("monday", (Channel.X, Channel.EMAIL), (CARE,), Side.SERVICE)
    shown = chips(held, SEEDED)
    assert [chip.text for chip in shown] == [
        "since: Monday",
        "channel: X",
        "channel: E-mail",
        "department: Customer Care",
        "side: service",
    ]
    assert shown[1].bounds == Bounds("monday", (Channel.EMAIL,), (CARE,), Side.SERVICE)
    for chip in shown:
        held = next(c.bounds for c in chips(held, SEEDED) if c.text == chip.text)
    assert held == UNBOUND


@pytest.mark.parametrize(
    ("since", "day"),
    [
        ("today", (11, 19)),
        ("thursday", (11, 19)),
        ("yesterday", (11, 18)),
        ("monday", (11, 16)),
        ("friday", (11, 13)),
        ("2026-11-02", (11, 2)),
        ("2026-03", (3, 1)),
        ("2026", (1, 1)),
    ],
)
def test_a_day_begins_at_midnight(since: str, day: tuple[int, int]) -> None:
    assert begins(since, NOW) == datetime(2026, *day, tzinfo=UTC)


@pytest.fixture
def in_stockholm(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Stockholm")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("since", "now", "began"),
    [
        ("2026-07-01", NOW, datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-07", NOW, datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-12-01", NOW, datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("sunday", datetime(2026, 10, 27, 12, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        ("yesterday", datetime(2026, 3, 30, 12, tzinfo=UTC), datetime(2026, 3, 28, 23, tzinfo=UTC)),
    ],
)
def test_a_day_in_summer_begins_by_the_clock_of_summer(
    in_stockholm: None, since: str, now: datetime, began: datetime
) -> None:
    assert since_ms(since, now) == to_ms(began)


@pytest.mark.parametrize("since", ["0001", "0001-01-01", "1970"])
def test_what_began_before_all_messages_bounds_nothing(since: str) -> None:
    assert since_ms(since, NOW) == 0


def test_a_day_that_never_comes_leaves_nothing() -> None:
    assert since_ms("9999-12-31", NOW) > to_ms(NOW)


def test_a_day_begins_where_one_is() -> None:
    here = NOW.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    assert since_ms("today", NOW) == to_ms(here)
    assert since_ms("", NOW) == since_ms("someday", NOW) == 0
