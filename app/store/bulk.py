"""Writing many rows: the statement compiled once, the rows handed to the driver as they are.

SQLAlchemy's own executemany rebuilds every row's parameters; for batches that is a third of the
time spent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

_LARGEST = 2**63 - 1
_DIALECT = sqlite.dialect(paramstyle="named")


def insert_sql(table: sa.Table, *, replace: bool = False) -> str:
    """An insert of all columns with named parameters."""
    statement = table.insert()
    if replace:
        statement = statement.prefix_with("OR REPLACE")
    return str(statement.compile(dialect=_DIALECT))


def bounded(count: int) -> int:
    """A count as far as a column can hold it: services may say anything."""
    return min(max(count, 0), _LARGEST)


def write_rows(conn: sa.Connection, sql: str, rows: Sequence[dict[str, Any]]) -> None:
    """Run ``sql`` for each row; rows are dicts with a value for every named parameter."""
    if rows:
        conn.exec_driver_sql(sql, rows)
