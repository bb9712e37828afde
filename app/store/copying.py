"""Copies of an encrypted file that are whole or not there, and a look at whether a file is whole.

Copied is by SQLite's online backup: a consistent moment of the file, taken while others go on
writing. Page by page it is decrypted, checked against its authentication code and encrypted again,
so that nothing readable ever reaches the disk and a damaged page never reaches a copy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from app.domain.errors import WorkspaceError
from app.store.connection import FileKey, in_words
from app.store.locking import flush_file, flush_folder

_STEP_PAGES = 256
"""1 MB a step: how soon a copy that is told to stop does so."""
_SHOWN = 5
JOURNALS = ("-wal", "-shm", "-journal")
"""What SQLite may keep beside a file, by the end of its name."""


class CopyStopped(WorkspaceError):
    """Whoever asked for the copy does not want it any more."""


def copy_database(
    source: Path,
    key: FileKey,
    target: Path,
    target_key: FileKey | None = None,
    *,
    stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Copy ``source`` to ``target`` (replacing it), under ``target_key`` if one is given.

    The copy is checked from end to end and flushed before it gets its name. Raises WorkspaceError
    in words, CopyStopped when ``stopped`` says so; then ``target`` is as it was.
    """
    part = target.with_name(target.name + ".partial")
    try:
        with _told():
            remove(part)
            os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
            _copy(source, key, part, target_key or key, stopped)
            _refuse_half(part, target_key or key)
            flush_file(part)
            remove(target)  # with its journal, which would be played into the new one
            part.replace(target)
            flush_folder(target.parent)
    except BaseException:
        with suppress(OSError):
            remove(part)
        raise


def remove(path: Path) -> None:
    """Delete a file that nobody has open, and its journals; none of them need be there."""
    for name in (path, *(path.with_name(path.name + end) for end in JOURNALS)):
        name.unlink(missing_ok=True)


def _copy(
    source: Path, key: FileKey, target: Path, target_key: FileKey, stopped: Callable[[], bool]
) -> None:
    def progress(_status: int, _remaining: int, _total: int) -> None:
        if stopped():
            raise CopyStopped("The copy was broken off.")

    with closing(connect(source, key)) as origin, closing(connect(target, target_key)) as copy:
        # Half a copy is thrown away, and a whole one is flushed afterwards: no journal is needed.
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        # One moment of the file from the first page to the last, whatever is written meanwhile.
        origin.execute("BEGIN")
        origin.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        origin.backup(copy, pages=_STEP_PAGES, progress=progress, sleep=0)


def _refuse_half(copy: Path, key: FileKey) -> None:
    faults = faults_of(copy, key)
    if faults:
        raise WorkspaceError(
            f"The copy of the workspace is not whole: {faults[0]}.",
            hint="Run “seamline doctor”, and check the disk.",
        )


def faults_of(path: Path, key: FileKey) -> list[str]:
    """What is wrong with a file, none when it is whole; reads all of it, 1 s for about 100 MB."""
    if path.exists() and not path.stat().st_size:  # to SQLite that is a file without tables
        return ["the file is empty"]
    try:
        with closing(connect(path, key)) as conn:
            forged = [str(row[0]) for row in conn.execute("PRAGMA cipher_integrity_check")]
            if forged:
                return forged[:_SHOWN]
            rows = conn.execute(f"PRAGMA quick_check({_SHOWN})").fetchall()
    except dbapi2.DatabaseError as error:
        return [str(error)]
    return [str(row[0]) for row in rows if row[0] != "ok"]


def opens(path: Path, key: FileKey) -> bool:
    """Whether this key opens this file, and it is not cut short; reads its first pages alone."""
    try:
        with closing(connect(path, key)) as conn:
            tables = conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    except dbapi2.DatabaseError:
        return False
    return bool(tables)


def fits(path: Path, key: FileKey) -> bool:
    """Whether this is a file under this key, in whatever state; a damaged start looks like none."""
    try:
        with closing(connect(path, key)) as conn:
            conn.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except dbapi2.DatabaseError as error:
        return "not a database" not in str(error)
    return True


def fold_journal_in(path: Path, key: FileKey) -> None:
    """Leave all that is committed in the one file, without a journal beside it.

    Only who is alone can do that; raises WorkspaceError while another program has it open.
    """
    with _told(), closing(connect(path, key)) as conn:
        mode = conn.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    if mode != "delete":
        raise WorkspaceError(
            "The workspace is open in another program.", hint="Close it there, then try again."
        )
    flush_file(path)


def connect(path: Path, key: FileKey) -> Any:
    """A connection of the driver's own, as plain as it can be; closing it is the caller's.

    Raises WorkspaceError where there is no file. A wrong key shows at the first question.
    """
    if not path.exists():  # SQLite would make it
        raise WorkspaceError(f"{path.name} is not there.", hint="Check its name.")
    conn = dbapi2.connect(str(path), isolation_level=None)
    conn.execute("PRAGMA cipher_log_level = NONE")
    conn.execute("PRAGMA temp_store = MEMORY")
    conn.execute(key.pragma())
    return conn


@contextmanager
def _told() -> Iterator[None]:
    """What the file and the disk complain of, in a person's words."""
    try:
        yield
    except dbapi2.DatabaseError as error:
        raise in_words(error) from error
    except OSError as error:
        raise WorkspaceError(
            f"A copy of the workspace could not be written: {error.strerror}.",
            hint="Check the folder’s permissions and the free space.",
        ) from error
