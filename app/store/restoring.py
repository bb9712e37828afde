"""Putting a backup in the place of the workspace's file; the present file is kept aside.

What the services have is pulled again by itself, since the cursors are those of the backup. What
waited in the outbox is held back: it may have left, or been taken back, after the backup was made,
and nobody here can know. Where the present file is damaged, what can still be read of it is
carried over; from one that is whole nothing is, for whoever restores wants to go back.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from app.domain.clock import HybridClock, SystemClock, to_ms
from app.domain.errors import WorkspaceError, WorkspaceLocked
from app.domain.events import RULE
from app.domain.ids import DeviceId
from app.domain.outbox import OutboxState
from app.domain.records import dataclass
from app.store import tables
from app.store.backup import BACKUPS, backups, moment_of, newest_whole, stamped
from app.store.connection import FileKey, engine_for
from app.store.copying import JOURNALS, copy_database, faults_of, fits, fold_journal_in, opens
from app.store.database import Tx
from app.store.manifest import DATABASE
from app.store.replacing import PREPARING, RESTORED, alone, swap_in_restored
from app.store.salvaging import Salvaged, salvage


@dataclass(frozen=True, slots=True)
class Restored:
    """``since``       the moment the backup holds, UTC.
    ``until``       when the file that was there was last written to; None where there was none.
    ``kept_aside``  that file, None where there was none.
    ``held``        how many outbox items wait for an agent now.
    ``salvaged``    what was carried over from a damaged file; None from one that was whole.
    ``decisions_lost``  decisions that the workspace has no more: those in a whole file kept aside,
                    or those that could not be read in a damaged one (rules' own among them); None
                    where nobody can say.
    """

    source: Path
    since: datetime
    until: datetime | None
    kept_aside: Path | None
    held: int
    salvaged: Salvaged | None
    decisions_lost: int | None


def restore(
    folder: Path, key: FileKey, source: Path | None, now: datetime, *, damaged: bool = False
) -> Restored:
    """Put ``source`` (None: the newest backup that is whole) in the place of the file there.

    ``damaged``: the file is known to be; otherwise it is read from end to end to find out.
    Raises WorkspaceError when there is no such backup, it is damaged or under another key, or the
    workspace is open anywhere; nothing is changed then.
    """
    present = folder / DATABASE
    with alone(folder):
        until = _last_written(present)
        chosen = source or _newest(folder, key)
        _refuse_unfit(chosen, key)
        since = moment_of(chosen)
        ready = folder / PREPARING
        copy_database(chosen, key, ready)
        from app.store.migrating import upgrade

        upgrade(ready, key, fresh=False)
        damaged = present.exists() and (damaged or bool(faults_of(present, key)))
        salvaged = _salvage(present, ready, key, now) if damaged else None
        held = _hold_outbox(ready, key, now)
        fold_journal_in(ready, key)
        lost = salvaged.missing if salvaged else _decisions_lost(present, ready, key)
        if not damaged:  # else it is kept as it is, and its journal goes aside with it
            with suppress(WorkspaceError):
                fold_journal_in(present, key)
        ready.replace(folder / RESTORED)
        aside = swap_in_restored(folder, stamped(now))
    return Restored(chosen, since, until, aside, held, salvaged, lost)


def _last_written(present: Path) -> datetime | None:
    files = (present, *(present.with_name(present.name + end) for end in JOURNALS[:1]))
    times = [file.stat().st_mtime for file in files if file.exists()]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _salvage(damaged: Path, ready: Path, key: FileKey, now: datetime) -> Salvaged:
    engine = engine_for(ready, key)
    try:
        with engine.begin() as conn:
            # Nothing is decided here, only carried over: neither clock nor device is asked.
            tx = Tx(conn, to_ms(now), HybridClock(SystemClock()), DeviceId(""), {})
            return salvage(tx, damaged, key)
    finally:
        engine.dispose()


def _newest(folder: Path, key: FileKey) -> Path:
    found = newest_whole(folder, key)
    if found is not None:
        return found.path
    broken = next((each.path for each in backups(folder) if opens(each.path, key)), None)
    if broken is not None:
        raise WorkspaceError(
            f"{broken.name} is damaged, and so is every other backup in {folder / BACKUPS}.",
            hint="Name a file of your own; nothing was changed.",
        )
    raise WorkspaceError(
        f"There is no backup in {folder / BACKUPS} that this key opens.",
        hint="Name a file, or check the passphrase.",
    )


def _refuse_unfit(source: Path, key: FileKey) -> None:
    if not source.is_file():
        raise WorkspaceError(
            f"There is no backup {source}.", hint="“seamline restore --list” lists them."
        )
    if not fits(source, key):
        raise WorkspaceLocked(
            f"{source.name} does not open with the key of this workspace.",
            hint="Take another backup: “seamline restore --list” lists them.",
        )
    if faults_of(source, key):
        raise WorkspaceError(
            f"{source.name} is damaged.",
            hint="Take another backup: “seamline restore --list” lists them.",
        )


def _hold_outbox(path: Path, key: FileKey, now: datetime) -> int:
    """Nothing that was not final leaves by itself any more; returns how many items that were."""
    outbox = tables.outbox
    waiting = outbox.c.state.notin_((OutboxState.SENT, OutboxState.CANCELLED, OutboxState.FAILED))
    hint = "It may have left since: look at the service before you send it again."
    engine = engine_for(path, key)
    try:
        with engine.begin() as conn:
            failed = outbox.update().where(outbox.c.state == OutboxState.FAILED)
            conn.execute(failed.values(hint=hint))
            held = conn.execute(
                outbox.update()
                .where(waiting)
                .values(
                    state=OutboxState.FAILED,
                    error=f"Held back: a backup was restored on {now:%d %B %Y, %H:%M} UTC.",
                    hint=hint,
                )
            )
            return held.rowcount
    finally:
        engine.dispose()


def _decisions_lost(present: Path, restored: Path, key: FileKey) -> int | None:
    if not present.exists():
        return None
    try:
        return len(_decisions(present, key) - _decisions(restored, key))
    except (WorkspaceError, sa.exc.DBAPIError):
        return None  # so damaged that nobody can say


def _decisions(path: Path, key: FileKey) -> set[str]:
    engine = engine_for(path, key)
    try:
        with engine.connect() as conn:
            # What a rule decided it decides again.
            by_people = sa.select(tables.event.c.id).where(tables.event.c.agent != RULE)
            return set(conn.execute(by_people).scalars())
    finally:
        engine.dispose()
