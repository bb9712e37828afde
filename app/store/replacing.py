"""Putting another file in the place of the workspace's own, so that no instant can lose it.

The new file is finished first, under a name of its own; then names change, each in one step. Which
names are there says how far it had come, so whoever opens the workspace next after a crash finishes
it or takes it back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from app.domain.errors import WorkspaceError, WorkspaceLocked
from app.store.backup import BACKUPS, folder_of
from app.store.copying import JOURNALS, remove
from app.store.keychain import Keychain
from app.store.locking import flush_folder
from app.store.manifest import DATABASE, MANIFEST, Manifest, read_manifest, write_manifest
from app.store.presence import Presence

PREPARING = "seamline.db.preparing"
"""A backup that is being made ready."""
RESTORED = "seamline.db.restored"
"""A backup made ready to take the place of the file."""
REKEYED = ".rekeyed"
"""Ends the name of a copy under the next key."""
ASIDE = "before-restore-"
_HALF_DONE = f"{DATABASE}.*"
"""What is beside the file under its name and a further ending belongs to something unfinished."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else has the workspace open; raises WorkspaceError when somebody has."""
    presence = Presence(folder)
    presence.be_alone()
    try:
        yield
    except OSError as error:
        raise WorkspaceError(
            f"The workspace’s files could not be replaced: {error.strerror}.",
            hint="Check the folder’s permissions and the free space; nothing was lost.",
        ) from error
    finally:
        presence.leave()


def settle(folder: Path, keychain: Keychain) -> None:
    """Finish or take back what a program that died had begun; quick when there is nothing.

    Raises WorkspaceError when another program is at it.
    """
    manifest = read_manifest(folder)
    decided = manifest.pending is not None or (folder / RESTORED).exists()
    if not decided and not any(folder.glob(_HALF_DONE)):
        return
    try:
        with alone(folder):
            settle_restore(folder)
            settle_rekeying(folder, read_manifest(folder), keychain)
    except WorkspaceError:
        if decided:
            raise
        # Half copies are in nobody’s way, and whoever is at it may be making one.


# Restoring ------------------------------------------------------------------------------------


def swap_in_restored(folder: Path, stamp: str) -> Path | None:
    """Move the present file aside, if there is one, and the restored one into its place."""
    aside = _aside(folder, stamp)
    database = folder / DATABASE
    had = database.exists()
    if had:
        database.replace(aside)
        flush_folder(folder)
    _move_journals(database, aside)
    (folder / RESTORED).replace(database)
    flush_folder(folder)
    return aside if had else None


def _aside(folder: Path, stamp: str) -> Path:
    """A name behind all that are there, whatever the clock says: no file kept earlier is replaced,
    and whoever finishes this after a crash knows the last one to be its own."""
    kept = folder_of(folder)
    latest = max((each.stem for each in kept.glob(f"{ASIDE}*.db")), default="")
    name = f"{ASIDE}{stamp}"
    return kept / f"{name if name > latest else f'{latest}_'}.db"


def settle_restore(folder: Path) -> None:
    """Without the file, the restored one takes its place; with it, nothing had happened yet."""
    database, restored = folder / DATABASE, folder / RESTORED
    for half in (folder / f"{PREPARING}.partial", folder / PREPARING):
        remove(half)
    if not restored.exists():
        return
    if database.exists():
        remove(restored)
        return
    aside = max(folder_of(folder).glob(f"{ASIDE}*.db"), default=None)
    _move_journals(database, aside or folder_of(folder) / f"{ASIDE}unknown.db")
    restored.replace(database)
    flush_folder(folder)


def _move_journals(database: Path, aside: Path) -> None:
    """A journal belongs to its file: beside another one it would be played into that."""
    for end in JOURNALS:
        with suppress(FileNotFoundError):
            database.with_name(database.name + end).replace(aside.with_name(aside.name + end))


# Changing the key -----------------------------------------------------------------------------


def rekeyed_backups(folder: Path) -> list[Path]:
    return sorted((folder / BACKUPS).glob(f"*{REKEYED}"))


def settle_rekeying(folder: Path, manifest: Manifest, keychain: Keychain) -> None:
    """With the copy still under its own name the old key holds; without it, the new one does."""
    copy = folder / (DATABASE + REKEYED)
    if manifest.pending is None or copy.exists():
        _take_back(folder, manifest, keychain)
    else:
        finish_rekeying(folder, manifest, keychain)


def _take_back(folder: Path, manifest: Manifest, keychain: Keychain) -> None:
    for half in (folder / BACKUPS).glob(f"*{REKEYED}*"):
        half.unlink()
    pending = manifest.pending
    if pending is not None:
        with suppress(WorkspaceLocked):  # what stays in the keyring opens nothing
            if pending.unlock == "keyring":
                keychain.delete(manifest.key_name(pending.key))
                for account in pending.accounts:
                    keychain.delete(manifest.secret_name(account))
        write_manifest(folder, replace(manifest, pending=None))
    # Last: as long as it is there, this is known to be unfinished.
    remove(folder / (DATABASE + REKEYED + ".partial"))
    remove(folder / (DATABASE + REKEYED))
    flush_folder(folder)


def finish_rekeying(folder: Path, manifest: Manifest, keychain: Keychain) -> Manifest:
    """The file is under the new key: so shall be its backups, and the old key is forgotten."""
    pending = manifest.pending
    assert pending is not None
    for copy in rekeyed_backups(folder):
        copy.replace(copy.with_name(copy.name.removesuffix(REKEYED)))
    with suppress(WorkspaceLocked):  # what stays in the keyring opens nothing
        if manifest.unlock == "keyring":
            keychain.delete(manifest.key_name())
            if pending.unlock == "passphrase":
                for account in pending.accounts:
                    keychain.delete(manifest.secret_name(account))
    done = replace(manifest, unlock=pending.unlock, key=pending.key, pending=None)
    write_manifest(folder, done)
    if (folder / BACKUPS / MANIFEST).exists():
        write_manifest(folder / BACKUPS, done)
    return done
