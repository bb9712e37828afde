"""Rows as the driver gives them, for what is read while somebody waits for a picture.

SQLAlchemy looks a column up by its name each time one is asked for, and describes the columns anew
for each statement of text: half of what a page of a timeline takes to become records.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Protocol

_NONE: Mapping[str, object] = {}


class Reads(Protocol):
    """Whatever holds a connection of the driver: one of SQLAlchemy’s, or a plain one."""

    @property
    def connection(self) -> Any: ...


def quick_rows(conn: Reads, sql: str, values: Mapping[str, object] = _NONE) -> list[Any]:
    """All rows of a statement, as named tuples; ``values`` are for its ``:names``.

    Nothing is converted on the way. Where SQLAlchemy is asked, a transaction has begun.
    """
    cursor = conn.connection.cursor()
    try:
        cursor.execute(sql, values)
        row = _row(tuple(column[0] for column in cursor.description))
        return [row._make(each) for each in cursor.fetchall()]
    finally:
        cursor.close()


@lru_cache(maxsize=64)
def _row(columns: tuple[str, ...]) -> Any:
    return namedtuple("Row", columns)  # noqa: PYI024 - its fields are known when it is read
