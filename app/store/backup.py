"""The backups of a workspace: copies under its own key, in ``backups`` beside it.

Kept are the newest of each of the last seven days that have one and of each of the last four weeks.
Days on which the program did not run do not count, so that a holiday eats no backup.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.domain.errors import BadInput, WorkspaceError
from app.domain.records import dataclass
from app.store.connection import FileKey
from app.store.copying import connect, copy_database, faults_of, opens
from app.store.locking import FileLock
from app.store.manifest import MANIFEST

BACKUPS = "backups"
DAYS = 7
WEEKS = 4
EVERY = timedelta(days=1)

_STAMP = "%Y-%m-%dT%H-%M-%SZ"
_NAME = re.compile(r"seamline-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ)\.db")


@dataclass(frozen=True, slots=True)
class Backup:
    """``at`` is the moment of the workspace that it holds, in UTC; ``size`` is in bytes."""

    path: Path
    at: datetime
    size: int


def folder_of(workspace: Path) -> Path:
    """The folder for the backups of the workspace in this folder; made where it is missing."""
    folder = workspace / BACKUPS
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"There is no room for backups in {workspace}: {error.strerror}.",
            hint="Check the folder’s permissions and the free space.",
        ) from error
    return folder


def stamped(at: datetime) -> str:
    """A moment as it stands in the name of a file."""
    return at.astimezone(UTC).strftime(_STAMP)


def backups(workspace: Path) -> tuple[Backup, ...]:
    """The backups of the workspace in this folder, newest first."""
    found = []
    for path in (workspace / BACKUPS).glob("seamline-*.db"):
        match = _NAME.fullmatch(path.name)
        if match is None:
            continue
        with suppress(ValueError, FileNotFoundError):  # no such day; or just pruned
            at = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, at, path.stat().st_size))
    return tuple(sorted(found, key=lambda each: each.at, reverse=True))


def is_due(workspace: Path, now: datetime) -> bool:
    """Whether the newest backup is a day old. One from the future says nothing: the clock was
    wrong then, or is now."""
    return not any(now - EVERY < each.at <= now for each in backups(workspace))


def make(
    database: Path, key: FileKey, at: datetime, *, stopped: Callable[[], bool] = lambda: False
) -> Backup:
    """Make a backup, then let go of those that are not kept any longer.

    Raises WorkspaceError when it cannot be written, when the workspace itself is damaged, or
    while another program makes one; the backups there are stay as they are then.
    """
    workspace = database.parent
    folder = folder_of(workspace)
    lock = FileLock(folder / "backup.lock")
    if not lock.acquire():
        raise WorkspaceError(
            "Another program is making a backup of this workspace.", hint="Wait until it is done."
        )
    try:
        for half in folder.glob("seamline-*.partial*"):  # whoever made it has died
            half.unlink(missing_ok=True)
        target = folder / f"seamline-{stamped(at)}.db"
        copy_database(database, key, target, stopped=stopped)
        with suppress(OSError):  # without it the backup can still be restored here
            shutil.copyfile(workspace / MANIFEST, folder / MANIFEST)
            (folder / MANIFEST).chmod(0o600)
        prune(workspace, but=target)
    finally:
        lock.release()
    return Backup(target, at, target.stat().st_size)


def make_at(database: Path, key: FileKey, target: Path, at: datetime) -> Backup:
    """Make a backup of a name of one's own; raises BadInput where something is already."""
    if target.exists():
        raise BadInput(f"{target} is there already.", hint="Name a file that is not there yet.")
    if not target.parent.is_dir():
        raise BadInput(f"There is no folder {target.parent}.", hint="Make it first.")
    copy_database(database, key, target)
    return Backup(target, at, target.stat().st_size)


def kept_of(moments: Sequence[datetime]) -> set[datetime]:
    """Which of these moments, newest first, are kept: of the last days and of the last weeks."""
    days: dict[object, datetime] = {}
    weeks: dict[object, datetime] = {}
    for at in moments:  # the first of a day is its newest
        days.setdefault(at.date(), at)
        weeks.setdefault(at.isocalendar()[:2], at)
    return {*list(days.values())[:DAYS], *list(weeks.values())[:WEEKS]}


def prune(workspace: Path, but: Path | None = None) -> None:
    """Delete what is neither of the last days nor of the last weeks, and never ``but``: after the
    clock was put back, the backup just made is not the newest of its day."""
    held = backups(workspace)
    kept = kept_of([each.at for each in held])
    for each in held:
        if each.at not in kept and each.path != but:
            with suppress(OSError):  # open somewhere: the next time
                each.path.unlink()


def newest_that_opens(workspace: Path, key: FileKey) -> Backup | None:
    """The newest backup that this key opens and that is not cut short; a glance at each."""
    return next((each for each in backups(workspace) if opens(each.path, key)), None)


def newest_whole(workspace: Path, key: FileKey) -> Backup | None:
    """The newest backup that is whole; reads it from end to end, 1 s for about 100 MB."""
    return next((each for each in backups(workspace) if not faults_of(each.path, key)), None)


def moment_of(file: Path) -> datetime:
    """Which moment a backup holds: its name says so, or else when it was written. UTC."""
    match = _NAME.fullmatch(file.name)
    with suppress(ValueError):
        if match is not None:
            return datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)


def interactions_in(file: Path, key: FileKey) -> int:
    """How many interactions a whole backup holds; raises WorkspaceError where there is no file."""
    with closing(connect(file, key)) as conn:
        return int(conn.execute("SELECT count(*) FROM interaction").fetchone()[0])
