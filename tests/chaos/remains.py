"""What a program leaves in the folder of its workspace: whole backups, nothing readable."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

import keyring

from app.store.backup import BACKUPS
from app.store.connection import FileKey
from app.store.copying import faults_of
from app.store.keychain import SERVICE
from app.store.manifest import MANIFEST, read_manifest
from tests.chaos import counting
from tests.chaos.file_keyring import FileKeyring
from tests.chaos.ledger import Counts

_HALF = ("*.partial*", "*.preparing*", "*.rekeyed*", "*.restored*")
_IN_THE_CLEAR = (b"SQLite format 3", b"why does it drip", b"try the blue button", b"good morning")
"""The head of a database that is not encrypted, and what people write in every round."""


def backups_in(folder: Path) -> list[Path]:
    """Every file that has the name of a backup, whatever it was made for."""
    return sorted((folder / BACKUPS).glob("*.db"))


def count_backups(backups: Iterable[Path], key: FileKey, scratch: Path) -> Counts:
    """Every backup there is must be whole, whatever its maker died of."""
    counts = Counts()
    for backup in backups:
        # On a copy: a look into a file may move its journal.
        copy = scratch / "backup-looked-at.db"
        counting.copy_database(backup, copy)
        for fault in faults_of(copy, key):
            counts.projections_differ += 1
            counts.faults.append(f"the backup {backup.name} is not whole: {fault}")
        remove_all(scratch.glob(f"{copy.name}*"))
    return counts


def count_readable(folder: Path) -> Counts:
    """Nothing in the folder may be read without the key, or by anybody else."""
    counts = Counts()
    for path in folder.rglob("*"):
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            counts.files_left += 1
            counts.faults.append(f"{path.name} is open to others")
        if path.is_file() and any(mark in (body := path.read_bytes()) for mark in _IN_THE_CLEAR):
            counts.files_left += 1
            counts.faults.append(f"{path.name} ({len(body)} bytes) can be read without the key")
    return counts


def count_half(folder: Path) -> Counts:
    """When the next start has tidied up, nothing half done may be left."""
    counts = Counts()
    for path in (found for pattern in _HALF for found in folder.rglob(pattern)):
        if path.name.startswith(MANIFEST):  # nothing secret, and the next one takes its place
            continue
        counts.files_left += 1
        counts.faults.append(f"{path.name} was left behind")
    return counts


def count_keys(folder: Path) -> Counts:
    """The keyring holds the key of the workspace and no other for it, none for a passphrase."""
    counts = Counts()
    manifest = read_manifest(folder)
    backend = keyring.get_keyring()
    assert isinstance(backend, FileKeyring)
    wanted = {manifest.key_name()} if manifest.unlock == "keyring" else set()
    found = {name for name in backend.names(SERVICE) if name.startswith(f"{manifest.id}/key")}
    if found != wanted or manifest.pending is not None:
        counts.files_left += 1
        counts.faults.append(f"after a change of key: {found} in the keyring, {manifest}")
    return counts


def remove_all(paths: Iterable[Path]) -> None:
    for path in list(paths):
        path.unlink()
