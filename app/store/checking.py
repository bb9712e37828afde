"""A glance at a workspace when it is opened: a few pages are read, whatever its size.

``app.store.integrity`` reads everything. What is found damaged is told in one sentence, with the
backup that can take its place.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from app.domain.errors import WorkspaceError, WorkspaceLocked
from app.store.backup import newest_that_opens
from app.store.connection import FileKey, complaint

_DAMAGED = "The workspace file is damaged."


class WorkspaceDamaged(WorkspaceError):
    """The file has lost something; a backup can take its place."""


def refuse_if_damaged(conn: sa.Connection, path: Path) -> None:
    """Compare the file's length with what it says itself, and read an end of every table.

    Raises WorkspaceDamaged. Costs about a millisecond.
    """
    pages = int(conn.exec_driver_sql("PRAGMA page_count").scalar() or 0)
    size = int(conn.exec_driver_sql("PRAGMA page_size").scalar() or 0)  # SQLCipher gives text
    journal = path.with_name(path.name + "-wal")
    journalled = journal.exists() and journal.stat().st_size > 0
    if path.stat().st_size < pages * size and not journalled:  # else the rest may stand there
        raise WorkspaceDamaged(_DAMAGED)
    try:
        names = conn.exec_driver_sql(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        ).scalars()
        for name in names.all():
            conn.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1').first()  # noqa: S608 - ours
    except sa.exc.DBAPIError as error:
        if isinstance(error.orig, dbapi2.DatabaseError):
            raise complaint(error.orig) or WorkspaceDamaged(_DAMAGED) from error
        raise


def explained(error: WorkspaceError, path: Path, key: FileKey) -> WorkspaceError:
    """Why a workspace did not open, and which backup helps.

    A wrong key and a damaged first page look the same from outside. They are told apart by the
    backups: where the key opens one of them, it is the file that is wrong.
    """
    wrong_key = isinstance(error, WorkspaceLocked)
    if not wrong_key and error.message != _DAMAGED:
        return error
    found = newest_that_opens(path.parent, key)
    if found is not None:
        return WorkspaceDamaged(
            _DAMAGED,
            hint=f"“seamline restore” puts the backup of {found.at:%d %B %Y, %H:%M} UTC in its "
            "place and keeps the damaged file aside.",
        )
    if wrong_key:
        return error
    return WorkspaceDamaged(
        _DAMAGED, hint="There is no backup that this key opens; copy the folder before all else."
    )
