"""Backups by the day, a backup put back, another key."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future
from pathlib import Path

from app.domain.clock import Clock, SystemClock
from app.domain.errors import SeamlineError, WorkspaceError
from app.services.futures import aside
from app.services.recovered import told
from app.store import backup, rekeying, restoring
from app.store.backup import Backup
from app.store.copying import CopyStopped
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.manifest import read_manifest
from app.store.rekeying import Rekeyed
from app.store.replacing import settle
from app.store.restoring import Restored
from app.store.unlocking import key_of

__all__ = ["Backup", "Rekeyed", "Restored", "Safekeeping", "backups", "rekey", "restore", "told"]

_log = logging.getLogger(__name__)

LOOK_S = 600.0
"""How often is looked whether a backup is due: the machine may have slept, the clock jumped."""


class Safekeeping:
    """Backups of an open workspace. Every method may be called from any thread."""

    def __init__(
        self, workspace: Workspace, clock: Clock, *, daily: bool = True, look_s: float = LOOK_S
    ) -> None:
        """``daily`` False: nothing in it is worth a backup, as in the sample."""
        self._workspace = workspace
        self._clock = clock
        self._daily = daily
        self._look_s = look_s
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Make a backup when the newest is a day old, now and from now on, on a thread."""
        if self._daily and self._thread is None:
            self._thread = threading.Thread(target=self._keep, name="seamline-backup", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End it; a backup that is being made is broken off and leaves nothing behind."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def backup(self, target: Path | None = None) -> Future[Backup]:
        """Make a backup now: among the daily ones, or as a file of one's own."""
        path, key, now = self._workspace.path, self._workspace.key, self._clock.now()
        if target is None:
            stopped = self._stopping.is_set
            return aside(
                lambda: backup.make(path, key, now, stopped=stopped), "seamline-backup-now"
            )
        return aside(lambda: backup.make_at(path, key, target, now), "seamline-backup-now")

    def backups(self) -> tuple[Backup, ...]:
        """The daily ones that are kept, newest first."""
        return backup.backups(self._workspace.path.parent)

    def _keep(self) -> None:
        while True:
            try:
                self._keep_once()
            except CopyStopped:
                return
            except SeamlineError as error:
                _log.warning("no backup was made: %s", error)
            except Exception:  # noqa: BLE001 - a fault of ours must not end the days of backups
                _log.exception("no backup was made")
            if self._stopping.wait(self._look_s):
                return

    def _keep_once(self) -> None:
        now = self._clock.now()
        if backup.is_due(self._workspace.path.parent, now):
            stopped = self._stopping.is_set
            backup.make(self._workspace.path, self._workspace.key, now, stopped=stopped)


def backups(folder: Path) -> tuple[Backup, ...]:
    """The daily backups of the workspace in a folder, newest first; it need not open."""
    return backup.backups(folder)


def unlocked_by(folder: Path) -> str:
    """“keyring”, “passphrase” or, of a sample, “nothing”. Raises WorkspaceError."""
    return read_manifest(folder).unlock


def restore(
    folder: Path, *, source: Path | None = None, passphrase: str = "", clock: Clock | None = None
) -> Restored:
    """Put a backup in the place of the workspace's file, which need not open and is kept aside.

    ``source`` None: the newest that is whole. What a damaged file still tells is carried over.
    Raises WorkspaceError when there is none, it is not whole, or the workspace is open anywhere;
    nothing is changed then.
    """
    keychain = Keychain()
    settle(folder, keychain)
    key = key_of(read_manifest(folder), keychain, passphrase)
    return restoring.restore(folder, key, source, (clock or SystemClock()).now())


def rekey(folder: Path, *, passphrase: str = "", new_passphrase: str = "") -> Rekeyed:
    """Give the workspace and its backups another key: the passphrase, or, where it is "", a random
    one in the keyring. ``passphrase`` is the present one.

    Raises WorkspaceError when it does not open, is open anywhere, or cannot be written.
    """
    keychain = Keychain()
    settle(folder, keychain)
    if not new_passphrase and not keychain.answers():
        raise WorkspaceError(
            "The system keyring does not answer, so it can keep no key.",
            hint="Unlock it, or choose a passphrase: “seamline rekey --to passphrase”.",
        )
    return rekeying.rekey(folder, keychain, passphrase, new_passphrase)
