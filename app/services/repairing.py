"""A damaged workspace: which backup can take its place, and what that could not bring back."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

from app.domain.clock import Clock, SystemClock
from app.domain.records import dataclass
from app.services.futures import aside
from app.services.places import passphrase_of_environment
from app.services.recovered import day_and_time, told
from app.store import restoring
from app.store.backup import Backup, interactions_in, newest_whole
from app.store.checking import WorkspaceDamaged
from app.store.keychain import Keychain
from app.store.manifest import read_manifest
from app.store.replacing import settle
from app.store.restoring import Restored
from app.store.unlocking import key_of

__all__ = ["Backup", "Offer", "Repair", "Restored", "WorkspaceDamaged", "day_and_time", "told"]


@dataclass(frozen=True, slots=True)
class Offer:
    """The newest backup that is whole, and how many interactions it holds."""

    backup: Backup
    interactions: int


class Repair:
    """What can be done about the damaged workspace in ``folder``, which is open nowhere.

    ``passphrase`` None takes the environment's.
    """

    def __init__(
        self, folder: Path, passphrase: str | None = None, clock: Clock | None = None
    ) -> None:
        self.folder = folder
        self._passphrase = passphrase_of_environment() if passphrase is None else passphrase
        self._clock = clock or SystemClock()

    def look(self) -> Future[Offer | None]:
        """The backup to take, None where none is whole. Reads it from end to end."""
        return aside(self._look, "seamline-repair")

    def restore(self, offer: Offer) -> Future[Restored]:
        """Put the backup in place, with what the damaged file still tells; that file is kept.

        Raises WorkspaceError; nothing is changed then.
        """
        return aside(lambda: self._restore(offer), "seamline-repair")

    def _look(self) -> Offer | None:
        keychain = Keychain()
        settle(self.folder, keychain)
        key = key_of(read_manifest(self.folder), keychain, self._passphrase)
        found = newest_whole(self.folder, key)
        return None if found is None else Offer(found, interactions_in(found.path, key))

    def _restore(self, offer: Offer) -> Restored:
        key = key_of(read_manifest(self.folder), Keychain(), self._passphrase)
        now = self._clock.now()
        return restoring.restore(self.folder, key, offer.backup.path, now, damaged=True)
