"""Rows straight from the driver: by name, inside the transaction, and of the thread that asks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from app.domain.clock import FakeClock
from app.store.database import Workspace
from app.store.quick_rows import quick_rows
from tests.sync.workspaces import make_workspace


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


def test_columns_are_read_by_name(workspace: Workspace) -> None:
    sql = "SELECT value AS number, value * :by AS product FROM json_each(:numbers)"
    values = {"by": 3, "numbers": "[1, 2]"}
    found = workspace.read(lambda conn: quick_rows(conn, sql, values)).result()
    assert [(row.number, row.product) for row in found] == [(1, 3), (2, 6)]


def test_what_the_transaction_has_written_is_seen(workspace: Workspace) -> None:
    def written(value: str) -> list[str]:
        found = workspace.write(
            lambda tx: quick_rows(
                tx.conn,
                "INSERT INTO setting (name, value) VALUES ('a', :value) RETURNING value",
                {"value": value},
            )
        ).result()
        return [row.value for row in found]

    assert written("kept") == ["kept"]
    with pytest.raises(dbapi2.IntegrityError):
        written("again")
    sql = "SELECT value FROM setting WHERE name = :name"
    found = workspace.read(lambda conn: quick_rows(conn, sql, {"name": "a"})).result()
    assert [row.value for row in found] == ["kept"]
