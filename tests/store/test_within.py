"""A search within bounds finds what it finds without them, less what lies outside."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.bounds import UNBOUND, Bounds
from app.domain.clock import FakeClock
from app.domain.departments import CARE, MARKETING
from app.domain.interactions import Channel, Side
from app.domain.views import SearchResults, SearchScope
from tests.conftest import NOW
from tests.services.desk import Desk, make_desk
from tests.store.building import said


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path, FakeClock(NOW))
    made.take(
        *(
            said(str(n), f"ada{n}", f"The grinder leaks {'oil' if n % 2 else 'water'}",
                 occurred_at=NOW - timedelta(days=n))
            for n in range(10)
        )
    )  # fmt: skip
    yield made
    made.workspace.close()


def _find(desk: Desk, words: str, bounds: Bounds, **how: object) -> SearchResults:
    return desk.search.find(words, bounds=bounds, **how).result()  # type: ignore[arg-type]  # as find has them


@pytest.mark.parametrize("words", ["grinder", "grinder oil", "g", "grinder o"])
def test_since_leaves_out_what_is_older(desk: Desk, words: str) -> None:
    whole = _find(desk, words, UNBOUND)
    day = (NOW - timedelta(days=4)).astimezone().strftime("%Y-%m-%d")
    late = _find(desk, words, Bounds(since=day))
    wanted = [hit for hit in whole.messages if hit.at_ms >= _midnight_ms(day)]
    assert list(late.messages) == wanted
    assert 0 < len(wanted) < len(whole.messages)
    assert late.messages_count == len(wanted)
    assert {hit.customer for hit in late.cases} <= {hit.customer for hit in wanted}


def _midnight_ms(day: str) -> int:
    year, month, date = map(int, day.split("-"))
    there = NOW.astimezone().replace(
        year=year, month=month, day=date, hour=0, minute=0, second=0, microsecond=0
    )
    return int(there.timestamp() * 1000)


@pytest.mark.parametrize(
    ("bounds", "finds"),
    [
        (Bounds(channels=(Channel.MASTODON, Channel.X)), True),
        (Bounds(channels=(Channel.X,)), False),
        (Bounds(departments=(CARE,)), True),
        (Bounds(departments=(MARKETING,)), False),
        (Bounds(side=Side.SERVICE), True),
        (Bounds(side=Side.MARKETING), False),
        (Bounds("2020", (Channel.MASTODON,), (CARE,), Side.SERVICE), True),
    ],
)
@pytest.mark.parametrize("words", ["leaks", "l"])
def test_what_a_message_is_has_to_fit(desk: Desk, bounds: Bounds, finds: bool, words: str) -> None:
    found = _find(desk, words, bounds)
    assert (len(found.messages) > 0) is finds
    assert (len(found.cases) > 0) is finds


def test_customers_are_known_by_channel_and_by_when_they_were_heard_of(desk: Desk) -> None:
    def names(bounds: Bounds) -> int:
        return len(_find(desk, "ada", bounds, scope=SearchScope.CUSTOMERS).customers)

    assert names(UNBOUND) == names(Bounds(channels=(Channel.MASTODON,))) == 10
    assert names(Bounds(channels=(Channel.X,))) == 0
    assert 0 < names(Bounds(since="yesterday")) < 10
    assert names(Bounds(side=Side.SERVICE)) == 0, "a customer has no side"


def test_pages_go_on_within_bounds(desk: Desk) -> None:
    bounds = Bounds(channels=(Channel.MASTODON,))
    first = _find(desk, "grinder", bounds, limit=6)
    second = _find(desk, "grinder", bounds, limit=6, before=first.before)
    keys = [hit.key for hit in (*first.messages, *second.messages)]
    assert len(keys) == 10
    assert keys == sorted(keys, reverse=True)
