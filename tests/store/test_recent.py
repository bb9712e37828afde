"""Short beginnings are found among the newest, as the index would find them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.domain.ids import InteractionKey
from app.domain.views import SearchResults, SearchScope
from app.store import recent, searching
from app.store.database import Workspace
from app.store.words import parse_query
from tests.store.building import said, take
from tests.sync.workspaces import make_workspace

_WORDS = (
    "Beans", "beans and bags", "no coffee", "a_barista", "Éclair", "bébé", "über", "(box)", "b", "x"
)  # fmt: skip
_PARITY = ("odd", "even")
_COUNT = 240


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    take(
        made,
        *(
            said(
                str(n),
                f"p{n % 40}",
                f"{_WORDS[n % len(_WORDS)]} {'even' if n % 2 else 'odd'}",
                at=n,
            )
            for n in range(_COUNT)
        ),
        said("like", "p1", "", warning="beans", at=_COUNT),  # no text, so in no index
    )
    yield made
    made.close()


def _find(workspace: Workspace, typed: str, before: InteractionKey | None = None) -> SearchResults:
    return workspace.read(
        lambda conn: searching.find(
            conn,
            typed,
            scope=SearchScope.EVERYTHING,
            before=before,
            limit=20,
            total=0,
        )
    ).result()


def _keys(workspace: Workspace, typed: str, *, by_index: bool) -> list[int] | None:
    query = parse_query(typed)
    if by_index:
        return list(
            workspace.read(lambda conn: searching._indexed(conn, query, 1 << 62, 1_000)).result()
        )
    return workspace.read(
        lambda conn: recent.messages(conn, query, before=1 << 62, enough=1)
    ).result()


@pytest.mark.parametrize("typed", ["b", "B", "ba", "be", "e", "u", "x", "odd b", "co*", "ev"])
def test_the_newest_are_those_of_the_index(workspace: Workspace, typed: str) -> None:
    found = _keys(workspace, typed, by_index=False)
    assert found
    assert found == _keys(workspace, typed, by_index=True)


@pytest.mark.parametrize("typed", ["bea", '"be"', "咖", "b beans", "*"])
def test_what_is_no_short_beginning_is_left_to_the_index(workspace: Workspace, typed: str) -> None:
    assert _keys(workspace, typed, by_index=False) is None


def test_a_page_follows_the_page_before(workspace: Workspace) -> None:
    whole = _keys(workspace, "b", by_index=True)
    assert whole is not None
    first = _find(workspace, "b")
    second = _find(workspace, "b", before=first.before)
    assert [hit.key for hit in (*first.messages, *second.messages)] == whole[:40]
    assert (first.messages_count, first.messages_more) == (len(whole), True)


def test_too_few_are_counted_by_the_index(workspace: Workspace) -> None:
    found = _find(workspace, "ub")
    assert found.messages_count == _COUNT // len(_WORDS)
    assert not found.messages_more


def test_people_heard_of_last_come_first(workspace: Workspace) -> None:
    assert [hit.handle for hit in _find(workspace, "p").customers] == [
        f"@p{number}" for number in (1, 39, 38, 37, 36)
    ]


@pytest.mark.parametrize("typed", ["ca", "caro", "carol"])
def test_of_many_people_those_heard_of_last_are_shown(workspace: Workspace, typed: str) -> None:
    """By a short beginning among the newest, by a longer one through the index."""
    order = [(n * 7) % 30 for n in range(30)]
    spoke = [said(f"c{n}", f"carol{n}", "Hello?", at=_COUNT + 1 + n) for n in order]
    take(workspace, *spoke, said("again", "carol3", "Hello?", at=_COUNT + 50))
    found = [hit.name for hit in _find(workspace, typed).customers]
    assert found == ["Carol3", "Carol29", "Carol28", "Carol27", "Carol26"]
