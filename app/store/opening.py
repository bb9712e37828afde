"""Making, unlocking and migrating a workspace.

A workspace is a folder: ``seamline.db`` (encrypted), ``workspace.json`` (its id and how it is
unlocked, nothing secret) and ``backups``. The folder is 0700, files in it 0600.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from contextlib import closing
from dataclasses import asdict, dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Literal

from sqlcipher3 import dbapi2

from app.domain.clock import Clock
from app.domain.errors import BadInput, WorkspaceError, WorkspaceLocked
from app.domain.ids import uuid7
from app.store.connection import FileKey
from app.store.database import Workspace
from app.store.keychain import Keychain

DATABASE = "seamline.db"
MANIFEST = "workspace.json"
BACKUPS = "backups"
HEAD = "0001"
"""The newest revision in ``migrations``; a test holds it to that. Alembic is imported only when a
file is not there yet, since its import costs a fifth of a second."""

Unlock = Literal["keyring", "passphrase", "nothing"]
_UNLOCKS: dict[str, Unlock] = {
    "keyring": "keyring",
    "passphrase": "passphrase",
    "nothing": "nothing",
}
# All in a sample is made up and printed in the source: whoever has no keyring shall still see it.
_SAMPLE_KEY = FileKey(raw=blake2b(b"the sample of seamline", digest_size=32).digest())


@dataclass(frozen=True, slots=True)
class Manifest:
    """``sample``: a made-up brand, on a clock of its own, that sends nothing."""

    id: str
    unlock: Unlock
    sample: bool = False


def exists(folder: Path) -> bool:
    """Whether a workspace lives in this folder."""
    return (folder / MANIFEST).is_file() and (folder / DATABASE).is_file()


def read_manifest(folder: Path) -> Manifest:
    try:
        data = json.loads((folder / MANIFEST).read_text("utf-8"))
        return Manifest(str(data["id"]), _UNLOCKS[data["unlock"]], bool(data.get("sample")))
    except FileNotFoundError as error:
        raise WorkspaceError(
            f"There is no workspace in {folder}.", hint="Name another folder with --workspace."
        ) from error
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise WorkspaceError(
            f"{MANIFEST} in {folder} cannot be read.", hint="Restore it from a backup."
        ) from error


def open_workspace(
    folder: Path, *, keychain: Keychain, clock: Clock, passphrase: str = "", sample: bool = False
) -> Workspace:
    """Open the workspace in ``folder``, making it where there is none.

    ``passphrase`` makes a new workspace one that is unlocked by it, and unlocks such a one;
    ``sample`` marks a new one as the sample, which opens without either.
    Raises WorkspaceLocked when the key is missing or wrong, WorkspaceError otherwise.
    """
    if not exists(folder):
        _refuse_half_a_workspace(folder)
        key = _create(folder, keychain, passphrase, sample=sample)
    else:
        key = _key_of(folder, keychain, passphrase)
    _migrate(folder, key)
    return Workspace(folder / DATABASE, key, clock)


def _refuse_half_a_workspace(folder: Path) -> None:
    """A database without its manifest must not be overwritten by a new one."""
    if (folder / DATABASE).exists():
        raise WorkspaceError(
            f"{folder} has a database but no {MANIFEST}.", hint="Restore it from a backup."
        )
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.", hint="Name a folder for the workspace.")


def _create(folder: Path, keychain: Keychain, passphrase: str, *, sample: bool) -> FileKey:
    if sample:
        manifest, key = Manifest(uuid7(), "nothing", sample=True), _SAMPLE_KEY
    elif passphrase:
        manifest, key = Manifest(uuid7(), "passphrase"), FileKey(passphrase=passphrase)
    else:
        manifest, key = Manifest(uuid7(), "keyring"), FileKey(raw=secrets.token_bytes(32))
        keychain.set(_key_name(manifest), key.raw.hex())
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        database = folder / DATABASE
        # SQLite gives its journal files the permissions of the database file.
        os.close(os.open(database, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600))
        _write_manifest(folder, manifest)
    except OSError as error:
        raise WorkspaceError(
            f"No workspace can be made in {folder}: {error.strerror}.",
            hint="Choose a folder you may write to.",
        ) from error
    return key


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    path = folder / MANIFEST
    text = json.dumps(asdict(manifest), indent=1)
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")


def _key_name(manifest: Manifest) -> str:
    return f"{manifest.id}/key"


def _key_of(folder: Path, keychain: Keychain, passphrase: str) -> FileKey:
    manifest = read_manifest(folder)
    if manifest.unlock == "nothing":
        return _SAMPLE_KEY
    if manifest.unlock == "passphrase":
        if not passphrase:
            raise WorkspaceLocked(
                "This workspace opens with a passphrase.",
                hint="Enter it, or set SEAMLINE_PASSPHRASE.",
            )
        return FileKey(passphrase=passphrase)
    stored = keychain.get(_key_name(manifest))
    if stored is None:
        raise WorkspaceLocked(
            "The key of this workspace is not in this keyring.",
            hint="Open it on the computer and as the user that made it.",
        )
    return FileKey(raw=bytes.fromhex(stored))


def _migrate(folder: Path, key: FileKey) -> None:
    """Bring the file to the newest schema; a file with data is copied first."""
    path = folder / DATABASE
    revision = _revision(path, key)
    if revision == HEAD:
        return
    if revision is not None:
        _copy_before_migration(folder, key, revision)
    from app.store.migrating import upgrade

    upgrade(path, key, fresh=revision is None)


def _revision(path: Path, key: FileKey) -> str | None:
    from app.store.connection import engine_for

    engine = engine_for(path, key)
    try:
        with engine.connect() as conn:
            known = conn.exec_driver_sql(
                "SELECT count(*) FROM sqlite_schema WHERE name = 'alembic_version'"
            ).scalar()
            if not known:
                return None
            return conn.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    finally:
        engine.dispose()


def _copy_before_migration(folder: Path, key: FileKey, revision: str) -> None:
    backups = folder / BACKUPS
    backups.mkdir(mode=0o700, exist_ok=True)
    with closing(dbapi2.connect(str(folder / DATABASE))) as conn:
        conn.execute(key.pragma())
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    target = backups / f"before-migration-from-{revision}.db"
    shutil.copyfile(folder / DATABASE, target)
    target.chmod(0o600)
