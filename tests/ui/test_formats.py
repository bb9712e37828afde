"""Numbers, times and dates as the reader of each place writes them; the words stay English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from PySide6.QtCore import QLocale

from app.ui.theme import formats
from app.ui.theme.habits import Habits, habits_of


def at(hour: int, minute: int = 5, *, year: int = 2026) -> int:
    """The 3rd of November, on the clock of this machine."""
    return int(datetime(year, 11, 3, hour, minute).astimezone().timestamp() * 1000)


NOW = at(18)


@pytest.fixture
def habits(request: pytest.FixtureRequest) -> Iterator[None]:
    formats.use_habits(habits_of(QLocale(request.param)))
    yield
    formats.use_habits(Habits())


def written() -> list[str]:
    return [
        formats.grouped(1_048_211),
        formats.compact_number(48_200),
        formats.clock_time(at(0)),
        formats.clock_time(at(13)),
        formats.short_date(at(9), NOW),
        formats.short_date(at(9, year=2024), NOW),
        formats.day_label(at(9), NOW),
        formats.day_label(at(9, year=2024), NOW),
    ]


BRITISH = [
    "1,048,211", "48.2k", "00:05", "13:05", "3 Nov", "3 Nov 2024",
    "Today, Tuesday 3 November", "3 November 2024",
]  # fmt: skip
AMERICAN = [
    "1,048,211", "48.2k", "12:05 am", "1:05 pm", "Nov 3", "Nov 3, 2024",
    "Today, Tuesday, November 3", "November 3, 2024",
]  # fmt: skip


@pytest.mark.parametrize(
    ("habits", "expected"),
    [
        ("C", BRITISH),
        ("en_GB", BRITISH),
        ("en_US", AMERICAN),
        ("de_DE", ["1.048.211", "48,2k", *BRITISH[2:]]),
        ("ja_JP", BRITISH),
        ("hi_IN", [*BRITISH[:2], *AMERICAN[2:4], *BRITISH[4:]]),
    ],
    indirect=["habits"],
)
@pytest.mark.usefixtures("habits")
def test_written_as_it_is_read_there(expected: list[str]) -> None:
    assert written() == expected


@pytest.mark.parametrize("habits", ["fr_FR", "sv_SE"], indirect=True)
@pytest.mark.usefixtures("habits")
def test_a_space_between_thousands_does_not_break_a_line() -> None:
    assert formats.grouped(1_048_211).split(" ") == [formats.grouped(1_048_211)]
    assert [c for c in formats.grouped(1_048_211) if c.isdigit()] == list("1048211")
