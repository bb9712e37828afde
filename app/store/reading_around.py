"""Reading a table of a damaged file: everything but the rows that nobody can read any more.

A page whose authentication code is wrong ends a query, and whatever its connection is asked next.
So a table is walked from both ends with a new connection each time; where the walks stop, the rows
between them are tried in halves, since there may be whole pages between two damaged ones.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from app.domain.records import dataclass
from app.store.connection import FileKey
from app.store.copying import connect

Row = dict[str, Any]

LAST_ROWID = 2**63 - 1
_HALVINGS = 5
"""64 attempts at the most for each stretch that cannot be read."""


@dataclass(slots=True)
class Readable:
    """``rows`` are those that were wanted, by column; ``gaps`` are first and last row ids of what
    could not be read, the last being ``LAST_ROWID`` where the end of the table is lost."""

    rows: list[Row] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.gaps


def read_around(
    path: Path,
    key: FileKey,
    table: sa.Table,
    wanted: Callable[[int, Row], bool] = lambda _rowid, _row: True,
) -> Readable:
    """What can be read of ``table`` in the file at ``path``, in no order; raises nothing.

    ``wanted`` is asked for each row, with its row id, before it is kept. The file must be this
    one's alone; it is not changed, except that its journal is folded in.
    """
    walk = _Walk(path, key, table, wanted)
    walk.fill(0, LAST_ROWID, _HALVINGS)
    return walk.read


def read_small(path: Path, key: FileKey, table: sa.Table) -> Readable:
    """All of a table that is small or has no row ids, or nothing of it."""
    columns = [column.name for column in table.columns]
    sql = f"SELECT {', '.join(columns)} FROM {table.name}"  # noqa: S608 - our own table
    try:
        with closing(connect(path, key)) as conn:
            rows = [dict(zip(columns, row, strict=True)) for row in conn.execute(sql)]
    except dbapi2.DatabaseError:
        return Readable(gaps=[(0, LAST_ROWID)])
    return Readable(rows)


class _Walk:
    def __init__(
        self, path: Path, key: FileKey, table: sa.Table, wanted: Callable[[int, Row], bool]
    ) -> None:
        self._path = path
        self._key = key
        self._columns = [column.name for column in table.columns]
        self._sql = (
            f"SELECT rowid, {', '.join(self._columns)} FROM {table.name}"  # noqa: S608 - our own
            " WHERE rowid BETWEEN ? AND ? ORDER BY rowid "
        )
        self._wanted = wanted
        self.read = Readable()

    def fill(self, low: int, high: int, halvings: int) -> None:
        """Read the rows from ``low`` to ``high``, both included."""
        reached = self._walk(low, high, "ASC")
        if reached is None:
            return
        low = reached
        reached = self._walk(low, high, "DESC")
        if reached is None:
            return
        high = reached
        if halvings == 0 or low == high:
            self.read.gaps.append((low, high))
            return
        middle = (low + high) // 2
        self.fill(low, middle, halvings - 1)
        self.fill(middle + 1, high, halvings - 1)

    def _walk(self, low: int, high: int, way: str) -> int | None:
        """Read as far as it goes; returns the first row id not read, None when all were."""
        next_one = low if way == "ASC" else high
        step = 1 if way == "ASC" else -1
        try:
            with closing(connect(self._path, self._key)) as conn:
                for rowid, *values in conn.execute(self._sql + way, (low, high)):
                    row = dict(zip(self._columns, values, strict=True))
                    if self._wanted(rowid, row):
                        self.read.rows.append(row)
                    next_one = rowid + step
        except dbapi2.DatabaseError:
            return next_one if low <= next_one <= high else None
        return None
