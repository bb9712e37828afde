"""Words for a terminal: what cannot do harm, and columns that line up in every script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli.text import cells, clean, cut, day, duration, moment, plural, table, wrap
from app.domain.clock import to_ms

NOW = to_ms(datetime(2026, 11, 19, 10, 45, tzinfo=UTC))
STOCKHOLM = timezone(timedelta(hours=1))


def test_control_characters_of_a_customer_do_not_reach_the_terminal() -> None:
    assert clean("red \x1b[31malert\x07\nnext\tline\u2028end") == "red [31malert next line end"


def test_a_direction_override_cannot_hide_what_follows() -> None:
    assert clean("paid\u202egnihton\u2066") == "paidgnihton"


@pytest.mark.parametrize(
    ("text", "columns"),
    [("abc", 3), ("林 美咲", 7), ("café", 4), ("cafe\N{COMBINING ACUTE ACCENT}", 4), ("", 0)],
)
def test_cells_are_what_a_terminal_takes(text: str, columns: int) -> None:
    assert cells(text) == columns


@given(st.text(), st.integers(min_value=2, max_value=40))
def test_a_cut_text_never_takes_more_than_its_columns(text: str, width: int) -> None:
    assert cells(cut(text, width)) <= width


@given(st.text(), st.integers(min_value=4, max_value=40))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(clean(text).split())
    assert all(cells(line) <= width for line in lines)


def test_columns_line_up_beside_wide_characters() -> None:
    lines = table([("林美咲", "one"), ("Bo", "two")], ("WHO", "WHAT"), width=40)
    assert lines == ["WHO     WHAT", "林美咲  one", "Bo      two"]


def test_the_last_column_gives_way() -> None:
    assert table([("a", "x" * 50)], ("", ""), width=20)[1] == "a  " + "x" * 16 + "…"


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 11, 19, 8, 5, tzinfo=UTC), "09:05"),
        (datetime(2026, 11, 18, 23, 30, tzinfo=UTC), "00:30"),
        (datetime(2026, 11, 18, 22, 30, tzinfo=UTC), "18 Nov 23:30"),
        (datetime(2024, 5, 3, 12, 0, tzinfo=UTC), "3 May 2024"),
    ],
)
def test_moments_are_shown_by_the_readers_clock(at: datetime, shown: str) -> None:
    assert moment(to_ms(at), NOW, STOCKHOLM) == shown


def test_days_are_named() -> None:
    assert day(NOW, STOCKHOLM) == "Thursday 19 November 2026"


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, "0 min"), (39, "39 min"), (60, "1 h"), (130, "2 h 10"), (1440, "1 d"), (1500, "1 d 1 h")],
)
def test_durations_keep_their_two_largest_units(minutes: int, shown: str) -> None:
    assert duration(minutes * 60_000) == shown


def test_plurals() -> None:
    assert plural(1, "case") == "1 case"
    assert plural(1204, "case") == "1,204 cases"
    assert plural(2, "identity", "identities") == "2 identities"
