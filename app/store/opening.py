"""Making, unlocking, checking and migrating a workspace.

A workspace is a folder: ``seamline.db`` (encrypted), ``workspace.json`` (its id and how it is
unlocked, nothing secret) and ``backups``. The folder is 0700, files in it 0600.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from pathlib import Path

from app.domain.clock import Clock
from app.domain.errors import BadInput, WorkspaceError
from app.domain.ids import uuid7
from app.store import backup, checking
from app.store.connection import DAMAGED, FileKey, engine_for
from app.store.copying import copy_database
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.locking import private_folder
from app.store.manifest import (
    DATABASE,
    HEAD,
    MANIFEST,
    Manifest,
    read_manifest,
    write_manifest,
)
from app.store.presence import Presence
from app.store.replacing import RESTORED, settle
from app.store.unlocking import SAMPLE_KEY, key_of

__all__ = ["DATABASE", "HEAD", "MANIFEST", "Manifest", "exists", "open_workspace", "read_manifest"]


def exists(folder: Path) -> bool:
    """Whether a workspace lives in this folder, or was about to get its file back."""
    has_file = (folder / DATABASE).is_file() or (folder / RESTORED).is_file()
    return has_file and (folder / MANIFEST).is_file()


def open_workspace(
    folder: Path, *, keychain: Keychain, clock: Clock, passphrase: str = "", sample: bool = False
) -> Workspace:
    """Open the workspace in ``folder``, making it where there is none.

    ``passphrase`` makes a new workspace one that is unlocked by it, and unlocks such a one;
    ``sample`` marks a new one as the sample, which opens without either.
    Raises WorkspaceLocked when the key is missing or wrong, WorkspaceError otherwise; a file that
    is damaged names the backup to take instead.
    """
    if exists(folder):
        settle(folder, keychain)
        key = key_of(read_manifest(folder), keychain, passphrase)
    else:
        _refuse_half_a_workspace(folder)
        key = _create(folder, keychain, passphrase, sample=sample)
    manifest = read_manifest(folder)
    presence = Presence(folder)
    presence.share()
    if not (folder / DATABASE).is_file():
        # A restore died between our look and our mark; SQLite would begin an empty file instead.
        presence.leave()
        settle(folder, keychain)
        presence.share()
    try:
        checking.refuse_suspect(folder / DATABASE, key)
        _migrate(folder, key, new=manifest.new)
        if manifest.new:
            write_manifest(folder, replace(manifest, new=False))
        return Workspace(folder / DATABASE, key, clock, presence)
    except WorkspaceError as error:
        presence.leave()
        raise checking.explained(error, folder / DATABASE, key, manifest.unlock) from error
    except BaseException:
        presence.leave()
        raise


def _refuse_half_a_workspace(folder: Path) -> None:
    """A database without its manifest, or the reverse, must not be overwritten by a new one."""
    if (folder / DATABASE).exists():
        raise WorkspaceError(
            f"{folder} has a database but no {MANIFEST}.",
            hint=f"Copy backups/{MANIFEST} beside it, if there is one.",
        )
    if (folder / MANIFEST).exists() and backup.backups(folder):
        raise WorkspaceError(
            f"The database is missing from {folder}.",
            hint="“seamline restore” puts the newest backup in its place.",
        )
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.", hint="Name a folder for the workspace.")


def _create(folder: Path, keychain: Keychain, passphrase: str, *, sample: bool) -> FileKey:
    if sample:
        manifest, key = Manifest(uuid7(), "nothing", sample=True, new=True), SAMPLE_KEY
    elif passphrase:
        manifest, key = Manifest(uuid7(), "passphrase", new=True), FileKey(passphrase=passphrase)
    else:
        manifest = Manifest(uuid7(), "keyring", new=True)
        key = FileKey(raw=secrets.token_bytes(32))
        keychain.set(manifest.key_name(), key.raw.hex())
    try:
        private_folder(folder)
        # The file comes last: a manifest alone is begun anew, a file alone could be somebody’s.
        write_manifest(folder, manifest)
        # SQLite gives its journal files the permissions of the database file.
        os.close(os.open(folder / DATABASE, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
    except OSError as error:
        raise WorkspaceError(
            f"No workspace can be made in {folder}: {error.strerror}.",
            hint="Choose a folder you may write to.",
        ) from error
    return key


def _migrate(folder: Path, key: FileKey, *, new: bool) -> None:
    """Look whether the file is whole, as far as a glance tells, and bring it to the newest schema.

    A file with data is copied first. One without a schema is taken as ``new`` or as damaged.
    """
    path = folder / DATABASE
    revision = _revision(path, key)
    if revision == HEAD:
        return
    if revision is None and not new:
        raise WorkspaceError(DAMAGED)
    if revision is not None:
        target = backup.folder_of(folder) / f"before-migration-from-{revision}.db"
        copy_database(path, key, target)
    from app.store.migrating import upgrade

    upgrade(path, key, fresh=revision is None)


def _revision(path: Path, key: FileKey) -> str | None:
    engine = engine_for(path, key)
    try:
        with engine.connect() as conn:
            checking.refuse_if_damaged(conn, path)
            known = conn.exec_driver_sql(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'alembic_version'"
            ).scalar()
            if not known:
                return None
            return conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    finally:
        engine.dispose()
