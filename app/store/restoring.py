"""Putting a backup in the place of the workspace's file; the present file is kept aside.

What the services have is pulled again by itself, since the cursors are those of the backup. What
waited in the outbox is held back: it may have left, or been taken back, after the backup was made,
and nobody here can know.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from app.domain.errors import WorkspaceError, WorkspaceLocked
from app.domain.outbox import OutboxState
from app.store import tables
from app.store.backup import BACKUPS, newest_that_opens, stamped
from app.store.connection import FileKey, engine_for
from app.store.copying import copy_database, faults_of, fold_journal_in, opens
from app.store.replacing import DATABASE, RESTORED, alone, swap_in_restored

_PREPARING = "seamline.db.preparing"


@dataclass(frozen=True, slots=True)
class Restored:
    """``kept_aside``  the file that was there, None where there was none.
    ``held``        how many outbox items wait for an agent now.
    ``decisions_lost``  decisions in the file kept aside that the backup does not have; None where
                    that file cannot be read.
    """

    source: Path
    kept_aside: Path | None
    held: int
    decisions_lost: int | None


def restore(folder: Path, key: FileKey, source: Path | None, now: datetime) -> Restored:
    """Put ``source`` (None: the newest backup that opens) in the place of the file in ``folder``.

    Raises WorkspaceError when there is no such backup, it is damaged or under another key, or the
    workspace is open anywhere; nothing is changed then.
    """
    chosen = source or _newest(folder, key)
    with alone(folder):
        _refuse_unfit(chosen, key)
        ready = folder / _PREPARING
        copy_database(chosen, key, ready)
        from app.store.migrating import upgrade

        upgrade(ready, key, fresh=False)
        held = _hold_outbox(ready, key, now)
        fold_journal_in(ready, key)
        lost = _decisions_lost(folder / DATABASE, ready, key)
        with suppress(WorkspaceError):  # damaged: then its journal goes aside with it
            fold_journal_in(folder / DATABASE, key)
        ready.replace(folder / RESTORED)
        aside = swap_in_restored(folder, stamped(now))
    return Restored(chosen, aside, held, lost)


def _newest(folder: Path, key: FileKey) -> Path:
    found = newest_that_opens(folder, key)
    if found is None:
        raise WorkspaceError(
            f"There is no backup in {folder / BACKUPS} that this key opens.",
            hint="Name a file, or check the passphrase.",
        )
    return found.path


def _refuse_unfit(source: Path, key: FileKey) -> None:
    if not source.is_file():
        raise WorkspaceError(
            f"There is no backup {source}.", hint="“seamline restore --list” lists them."
        )
    if not opens(source, key):
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
            return set(conn.execute(sa.select(tables.event.c.id)).scalars())
    finally:
        engine.dispose()
