"""A glance at a workspace when it is opened: a few pages are read, whatever its size.

``app.store.integrity`` reads everything. What is found damaged is told in one sentence, with the
backup that can take its place.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from app.domain.errors import WorkspaceError, WorkspaceLocked
from app.store.backup import newest_that_opens
from app.store.connection import DAMAGED, FileKey, complaint
from app.store.copying import faults_of
from app.store.manifest import read_manifest

SUSPECT = "seamline.db.suspect"
"""Says that a damaged page was met at work: the next start reads the whole file first."""
_COPY = "Copy the folder before all else."


class WorkspaceDamaged(WorkspaceError):
    """The file in ``folder`` has lost something; a backup can take its place."""

    def __init__(self, message: str, folder: Path, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.folder = folder


def refuse_if_damaged(conn: sa.Connection, path: Path) -> None:
    """Compare the file's length with what it says itself, and read an end of every table.

    Raises WorkspaceError. Costs about a millisecond.
    """
    pages = int(conn.exec_driver_sql("PRAGMA page_count").scalar() or 0)
    size = int(conn.exec_driver_sql("PRAGMA page_size").scalar() or 0)  # SQLCipher gives text
    journal = path.with_name(path.name + "-wal")
    journalled = journal.exists() and journal.stat().st_size > 0
    if path.stat().st_size < pages * size and not journalled:  # else the rest may stand there
        raise WorkspaceError(DAMAGED)
    try:
        names = conn.exec_driver_sql(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        ).scalars()
        for name in names.all():
            conn.exec_driver_sql(f'SELECT 1 FROM "{name}" LIMIT 1').first()  # noqa: S608 - ours
    except sa.exc.DBAPIError as error:
        if isinstance(error.orig, dbapi2.DatabaseError):
            raise complaint(error.orig) or WorkspaceError(DAMAGED) from error
        raise


def refuse_suspect(path: Path, key: FileKey) -> None:
    """Refuse a file that has become empty, and read all of one in which a damaged page was met.

    Raises WorkspaceError when it is damaged.
    """
    if path.stat().st_size == 0 and not read_manifest(path.parent).new:  # SQLite would begin anew
        raise WorkspaceError(DAMAGED)
    mark = path.with_name(SUSPECT)
    if not mark.exists():
        return
    if faults_of(path, key):
        raise WorkspaceError(DAMAGED)
    mark.unlink(missing_ok=True)


def suspect(path: Path) -> None:
    """Have the next start read the whole file; a folder that cannot be written stays as it is."""
    with suppress(OSError):
        os.close(os.open(path.with_name(SUSPECT), os.O_CREAT | os.O_WRONLY, 0o600))


def explained(error: WorkspaceError, path: Path, key: FileKey, unlock: str) -> WorkspaceError:
    """Why a workspace did not open, and which backup helps.

    A wrong key and a damaged first page look the same from outside. They are told apart by the
    backups: where the key opens one of them, it is the file that is wrong. ``unlock`` is as in the
    manifest: only a passphrase may simply have been mistyped.
    """
    wrong_key = isinstance(error, WorkspaceLocked)
    if not wrong_key and error.message != DAMAGED:
        return error
    found = newest_that_opens(path.parent, key)
    if found is not None:
        return WorkspaceDamaged(
            DAMAGED,
            path.parent,
            hint=f"“seamline restore” puts the backup of {found.at:%d %B %Y, %H:%M} UTC in its "
            "place and keeps the damaged file aside; the console offers it when it starts.",
        )
    if not wrong_key:
        hint = f"There is no backup that this key opens. {_COPY}"
        return WorkspaceDamaged(DAMAGED, path.parent, hint=hint)
    if unlock == "passphrase":
        return error
    return WorkspaceDamaged(
        f"{path.name} does not open with the key in this keyring.",
        path.parent,
        hint=f"The file is damaged, or the keyring is of another computer or user. {_COPY}",
    )
