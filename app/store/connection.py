"""Connections to an encrypted workspace file: SQLCipher beneath SQLAlchemy Core."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from app.store.driver import DAMAGED, FileKey, complaint, in_words, open_file

__all__ = ["DAMAGED", "FileKey", "complaint", "engine_for", "in_words"]


def engine_for(path: Path, key: FileKey, *, query_only: bool = False) -> sa.Engine:
    """An engine of exactly one connection, for the one thread that owns it."""

    engine = sa.create_engine(
        "sqlite://",
        creator=lambda: open_file(path, key, query_only=query_only),
        module=dbapi2,
        poolclass=StaticPool,
        hide_parameters=True,  # an error would quote what somebody wrote
    )
    # The driver is left in autocommit; a transaction begins when SQLAlchemy says so.
    begin = "BEGIN" if query_only else "BEGIN IMMEDIATE"
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def forget_pages(conn: sa.Connection) -> None:
    """Give back the memory of the pages that were read for once: what time alone decides touches
    cases all over the file, and the cache would keep them at the cost of whoever works on."""
    conn.exec_driver_sql("PRAGMA shrink_memory")
