"""A first look into a workspace, by the driver alone: enough for the first picture.

Opening a workspace whole takes as long as importing SQLAlchemy. What is unusual about a workspace,
or wrong with it, is not for a first look: whoever opens it whole mends it, or says what it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from app.domain.errors import SeamlineError
from app.store.driver import open_file
from app.store.keychain import Keychain
from app.store.manifest import DATABASE, HEAD, Manifest, read_manifest
from app.store.presence import Presence
from app.store.quick_rows import quick_rows
from app.store.unlocking import key_of


class FirstLook:
    """Reads, as ``quick_rows`` asks for; for one thread at a time. ``close`` it."""

    def __init__(self, manifest: Manifest, connection: Any, presence: Presence) -> None:
        self.manifest = manifest
        self.connection = connection
        self._presence = presence

    def close(self) -> None:
        """It need not have been open still."""
        self.connection.close()
        self._presence.leave()


def first_look(folder: Path, passphrase: str) -> FirstLook | None:
    """None where there is nothing to be seen yet, or by these means."""
    presence = Presence(folder)
    try:
        manifest = read_manifest(folder)
        if manifest.new or manifest.sample or manifest.pending or _is_unfinished(folder):
            return None
        key = key_of(manifest, Keychain(), passphrase)
        presence.share()
        look = FirstLook(manifest, open_file(folder / DATABASE, key, query_only=True), presence)
    except (SeamlineError, OSError, dbapi2.Error):
        presence.leave()
        return None
    if not _is_as_usual(look):
        look.close()
        return None
    return look


def _is_as_usual(look: FirstLook) -> bool:
    """Nothing has to be migrated, and somebody sits here."""
    try:
        revisions = quick_rows(look, "SELECT version_num FROM alembic_version")
        me = quick_rows(
            look,
            "SELECT agent.id FROM setting JOIN agent ON agent.id = setting.value"
            " WHERE setting.name = 'agent'",
        )
    except dbapi2.Error:
        return False
    return bool(me) and [row.version_num for row in revisions] == [HEAD]


def _is_unfinished(folder: Path) -> bool:
    """A backup is being put back, the key changed, or damage was met; or the file is not there."""
    file = folder / DATABASE
    return any(folder.glob(f"{DATABASE}.*")) or not file.is_file() or not file.stat().st_size
