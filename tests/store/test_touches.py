"""Months and sums of a customer: what their timeline repeats is what the interactions say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.clock import FakeClock, to_ms
from app.domain.events import EventType
from app.domain.ids import AgentId, EventId, founding_customer
from app.domain.interactions import Direction, Kind, Side
from app.domain.views import MonthCount
from app.store import customers, ledger, timelines
from app.store.database import Workspace
from app.store.touches import Sums, sums
from tests.conftest import NOW
from tests.store.building import answered, identity, person, rows, said, take
from tests.sync.workspaces import make_workspace

_DIFFERENT = (
    "SELECT t.identity, m.native_id, t.touch FROM timeline AS t JOIN interaction AS m"
    " ON m.key = t.key WHERE t.touch IS NOT CASE WHEN m.party = t.identity"
    " THEN m.kind * (3 - 2 * m.side) END"
)
ADA = identity("ada")


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


def _months(workspace: Workspace) -> tuple[MonthCount, ...]:
    customer = founding_customer(ADA)
    return workspace.read(lambda conn: timelines.months(conn, customer, now_ms=to_ms(NOW))).result()


def _take_two_years(workspace: Workspace) -> None:
    last_of_may = datetime(2026, 5, 31, 23, 59, 59, 999_000, tzinfo=UTC)
    take(
        workspace,
        said("1", "ada", "It leaks?", occurred_at=datetime(2025, 1, 1, tzinfo=UTC)),
        said("2", "ada", "Still?", occurred_at=last_of_may),
        said("3", "ada", "", kind=Kind.LIKE, occurred_at=datetime(2026, 6, 1, tzinfo=UTC)),
        said("4", "ada", "", kind=Kind.BOOST, occurred_at=datetime(2026, 6, 2, tzinfo=UTC)),
        answered("5", "2", "Descale it", occurred_at=datetime(2026, 6, 3, tzinfo=UTC)),
        said("6", "bo", "Mine too", occurred_at=datetime(2026, 6, 4, tzinfo=UTC)),
    )


def test_months_are_counted_by_the_calendar_and_the_side(workspace: Workspace) -> None:
    _take_two_years(workspace)
    assert _months(workspace) == (
        MonthCount(2025, 1, 1, 0),
        MonthCount(2026, 5, 1, 0),
        MonthCount(2026, 6, 1, 2),
    )


def test_months_go_back_to_the_first_there_was(workspace: Workspace) -> None:
    assert _months(workspace) == ()
    take(workspace, said("0", "ada", "It is loud", occurred_at=datetime(2009, 7, 1, tzinfo=UTC)))
    _take_two_years(workspace)
    assert _months(workspace)[:2] == (MonthCount(2009, 7, 1, 0), MonthCount(2025, 1, 1, 0))


def test_sums_are_of_what_was_between_us(workspace: Workspace) -> None:
    _take_two_years(workspace)
    first = to_ms(datetime(2025, 1, 1, tzinfo=UTC))
    assert workspace.read(lambda conn: sums(conn, [ADA])).result() == Sums(5, 1, 1, first)
    assert workspace.read(lambda conn: sums(conn, [identity("cy")])).result() == Sums(0, 0, 0, None)
    card = workspace.read(lambda conn: customers.card(conn, founding_customer(ADA))).result()
    assert card is not None
    assert (card.interactions, card.boosts, card.likes, card.since_ms) == (5, 1, 1, first)


def test_what_only_stands_around_is_not_counted(workspace: Workspace) -> None:
    take(
        workspace,
        said("1", "halden", "New beans", author=person("halden"), direction=Direction.OUTBOUND),
        said("2", "ada", "When?", at=1, in_reply_to="1"),
        said("3", "zed", "Soon", at=2, in_reply_to="2", direction=Direction.AROUND),
    )
    assert len(rows(workspace, "SELECT key FROM timeline WHERE identity = :who", who=ADA)) == 3
    assert workspace.read(lambda conn: sums(conn, [ADA])).result().interactions == 1
    assert rows(workspace, _DIFFERENT) == []


def test_what_turns_out_to_be_meant_for_us_is_counted(workspace: Workspace) -> None:
    around = said("1", "ada", "Anyone?", direction=Direction.AROUND)
    take(workspace, around, said("2", "ada", "It leaks?", at=1, in_reply_to="1"))
    assert workspace.read(lambda conn: sums(conn, [ADA])).result().interactions == 1
    take(workspace, said("1", "ada", "Anyone?"))
    assert workspace.read(lambda conn: sums(conn, [ADA])).result().interactions == 2
    assert rows(workspace, _DIFFERENT) == []


def test_what_a_search_found_and_then_speaks_to_us(workspace: Workspace) -> None:
    take(workspace, said("1", "ada", "Their grinder squeals", found=True))
    take(workspace, said("1", "ada", "Their grinder squeals"))
    assert rows(workspace, _DIFFERENT) == []


def test_a_move_to_the_other_side_and_its_undoing(workspace: Workspace) -> None:
    _take_two_years(workspace)
    ((uid,),) = rows(workspace, "SELECT uid FROM interaction WHERE native_id = '2'")
    agent = AgentId("me")

    def move() -> EventId:
        data = {"interaction": uid, "side": int(Side.MARKETING), "was": int(Side.SERVICE)}
        return (
            workspace.write(lambda tx: ledger.decide(tx, agent, EventType.SIDE_MOVED, ADA, data))
            .result()
            .id
        )

    moved = move()
    assert _months(workspace)[1] == MonthCount(2026, 5, 0, 1)
    assert rows(workspace, _DIFFERENT) == []
    undone = {"event": moved}
    workspace.write(lambda tx: ledger.decide(tx, agent, EventType.UNDONE, ADA, undone)).result()
    assert _months(workspace)[1] == MonthCount(2026, 5, 1, 0)
    assert rows(workspace, _DIFFERENT) == []
