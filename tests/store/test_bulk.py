"""Writing many rows with few statements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.clock import FakeClock
from app.store import tables
from app.store.bulk import BulkInsert
from app.store.database import Workspace
from tests.store.building import rows
from tests.sync.workspaces import make_workspace

_TIMELINE = BulkInsert.of(tables.timeline, verb="INSERT OR IGNORE")


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 700])
def test_any_number_of_rows_is_written_once(workspace: Workspace, count: int) -> None:
    wanted = [{"identity": 7, "key": number, "touch": 1} for number in range(count)]
    again = [(7, number, 2) for number in range(count)]
    workspace.write(lambda tx: _TIMELINE(tx.conn, wanted)).result()
    workspace.write(lambda tx: _TIMELINE.tuples(tx.conn, again)).result()  # ignored, as it says
    assert rows(workspace, "SELECT DISTINCT touch FROM timeline") == [(1,)] * (count > 0)
    assert rows(workspace, "SELECT identity, key FROM timeline ORDER BY key") == [
        (7, number) for number in range(count)
    ]


def test_a_row_that_conflicts_takes_the_way_it_was_given(workspace: Workspace) -> None:
    put = BulkInsert(
        "setting",
        ["name", "value"],
        after=" ON CONFLICT (name) DO UPDATE SET value = value || excluded.value",
    )
    pair = [{"name": "tone", "value": "a"}, {"name": "tone", "value": "b"}]
    workspace.write(lambda tx: put(tx.conn, pair)).result()
    assert rows(workspace, "SELECT value FROM setting WHERE name = 'tone'") == [("ab",)]


def test_as_many_values_as_a_statement_takes(workspace: Workspace) -> None:
    """A table so wide that fewer rows than usual fit into one statement."""
    names = [f"c{number}" for number in range(200)]
    put = BulkInsert("wide", names)

    def op(tx: sa.Connection) -> int:
        tx.exec_driver_sql(f"CREATE TEMP TABLE wide ({', '.join(names)})")
        put(tx, [dict.fromkeys(names, number) for number in range(300)])
        return int(tx.exec_driver_sql("SELECT sum(c199) FROM wide").scalar() or 0)

    assert workspace.write(lambda tx: op(tx.conn)).result() == sum(range(300))
