"""Writing many rows: the statement compiled once, the values handed to the driver as they are.

SQLAlchemy's own executemany rebuilds every row's parameters; for batches that is a third of the
time spent. And the driver's executemany gives up and takes back the interpreter's lock for every
row, so that a busy thread beside it (the screen, a connector) makes it wait hundreds of times a
batch; one statement for hundreds of rows does so once.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from app.domain.right_of_way import give_way

_LARGEST = 2**63 - 1
_DIALECT = sqlite.dialect(paramstyle="named")
_MOST_ROWS = 256
_MOST_VALUES = 1_600
"""SQLite takes twenty times as many, but the driver holds the interpreter while it hands them over:
a millisecond for six thousand, and the screen would wait for it. As fast for the writer."""


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


class BulkInsert:
    """An insert of many rows at a time: ``INSERT`` (or ``verb``) into ``into``, then ``after``."""

    def __init__(
        self, into: str, columns: Sequence[str], *, verb: str = "INSERT", after: str = ""
    ) -> None:
        self._head = f"{verb} INTO {into} ({', '.join(columns)}) VALUES "
        self._row = f"({', '.join('?' * len(columns))})"
        self._after = after
        self._values = itemgetter(*columns)
        most = min(_MOST_ROWS, _MOST_VALUES // len(columns))
        # Powers of two, so that any number of rows takes few different statements.
        sizes = [1 << power for power in reversed(range(most.bit_length()))]
        self._statements = [(size, self._statement(size)) for size in sizes]

    @classmethod
    def of(cls, table: sa.Table, *, verb: str = "INSERT", after: str = "") -> BulkInsert:
        """Into all columns of a table."""
        return cls(table.name, [column.name for column in table.columns], verb=verb, after=after)

    def __call__(self, conn: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Write ``rows``, each with a value for every column, in their order."""
        self.tuples(conn, [self._values(row) for row in rows])

    def tuples(self, conn: sa.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write ``rows``, each the values of all columns in the order these were given."""
        done = 0
        for size, statement in self._statements:
            while len(rows) - done >= size:
                part = rows[done : done + size]
                give_way()
                values = tuple(itertools.chain.from_iterable(part))
                conn.exec_driver_sql(statement, values)
                done += size

    def _statement(self, rows: int) -> str:
        return f"{self._head}{', '.join([self._row] * rows)}{self._after}"
