"""Another key for a workspace and its backups: random in the keyring, or a new passphrase.

1. Copies under the new key are finished beside the old files.
2. ``workspace.json`` says that a change has begun, and the keyring takes the new key.
3. The copy of the file takes its place. This one step decides.
4. The copies of the backups take theirs, the old key is forgotten, ``workspace.json`` is final.

Whoever dies before 3 leaves the old key, after 3 the new one: see ``app.store.replacing.settle``.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from app.domain.errors import BadInput, WorkspaceError, WorkspaceLocked
from app.domain.records import dataclass
from app.store import tables
from app.store.backup import BACKUPS
from app.store.connection import FileKey, engine_for
from app.store.copying import copy_database, faults_of, fold_journal_in, opens
from app.store.keychain import Keychain
from app.store.locking import flush_folder
from app.store.manifest import DATABASE, Manifest, NextKey, read_manifest, write_manifest
from app.store.replacing import REKEYED, alone, finish_rekeying, settle_rekeying
from app.store.unlocking import key_of


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """``backups`` are under the new key; ``left`` are not, for the old key did not open them."""

    manifest: Manifest
    backups: int
    left: tuple[str, ...]


def rekey(folder: Path, keychain: Keychain, passphrase: str, new_passphrase: str) -> Rekeyed:
    """Change the key; ``new_passphrase`` "" makes a random one in the keyring.

    ``passphrase`` is the present one, where there is one. Raises WorkspaceError when the workspace
    does not open, is open anywhere, or there is no room for the copies; the old key holds then.
    """
    manifest = read_manifest(folder)
    if manifest.unlock == "nothing":
        raise BadInput("The sample workspace has no key.", hint="There is nothing secret in it.")
    key = key_of(manifest, keychain, passphrase)
    with alone(folder):
        if not opens(folder / DATABASE, key):
            raise WorkspaceLocked(
                f"{DATABASE} does not open with this key.", hint="Check the passphrase."
            )
        fold_journal_in(folder / DATABASE, key)
        return _Change(folder, manifest, key, keychain, new_passphrase).carry_out()


class _Change:
    """One change of key, step by step."""

    def __init__(
        self, folder: Path, manifest: Manifest, key: FileKey, keychain: Keychain, passphrase: str
    ) -> None:
        self._folder = folder
        self._manifest = manifest
        self._key = key
        self._keychain = keychain
        self._new = (
            FileKey(passphrase=passphrase) if passphrase else FileKey(raw=secrets.token_bytes(32))
        )
        self._database = folder / DATABASE
        self._copy = folder / (DATABASE + REKEYED)

    def carry_out(self) -> Rekeyed:
        try:
            signed_in = self._sign_ins()
            self._copy_one(self._database, signed_in)
            changed, left = self._copy_backups(signed_in)
            begun = self._begin(signed_in)
        except BaseException:
            settle_rekeying(self._folder, read_manifest(self._folder), self._keychain)
            raise
        self._copy.replace(self._database)
        flush_folder(self._folder)
        done = finish_rekeying(self._folder, begun, self._keychain)
        return Rekeyed(done, changed, left)

    @property
    def _unlock(self) -> str:
        return "keyring" if self._new.raw else "passphrase"

    def _moves(self) -> bool:
        """Whether sign-ins go from the keyring into the file, or the other way."""
        return self._unlock != self._manifest.unlock

    def _sign_ins(self) -> dict[str, str]:
        """The secrets of every account by its id, where they have to move."""
        if not self._moves():
            return {}
        engine = engine_for(self._database, self._key)
        try:
            with engine.connect() as conn:
                accounts = conn.execute(sa.select(tables.account.c.id)).scalars().all()
                held = {row.owner: row.value for row in conn.execute(sa.select(tables.secret))}
        finally:
            engine.dispose()
        if self._manifest.unlock == "passphrase":
            return {
                str(account): held[str(account)] for account in accounts if str(account) in held
            }
        found = {
            str(account): self._keychain.get(self._manifest.secret_name(str(account)))
            for account in accounts
        }
        return {account: value for account, value in found.items() if value is not None}

    def _copy_backups(self, signed_in: dict[str, str]) -> tuple[int, tuple[str, ...]]:
        changed, left = 0, []
        for path in sorted((self._folder / BACKUPS).glob("*.db")):
            if opens(path, self._key):
                self._copy_backup(path, signed_in)
                changed += 1
            else:
                left.append(path.name)
        return changed, tuple(left)

    def _copy_backup(self, path: Path, signed_in: dict[str, str]) -> None:
        """One that is damaged is for a person to give up: nothing opens it without the old key."""
        try:
            self._copy_one(path, signed_in)
        except WorkspaceError as error:
            if not faults_of(path, self._key):
                raise
            raise WorkspaceError(
                f"{path.name} in {path.parent} is damaged and cannot be put under another key.",
                hint="Move it elsewhere to go on without it: its key is forgotten then.",
            ) from error

    def _copy_one(self, path: Path, signed_in: dict[str, str]) -> None:
        """A copy beside the file, under the new key, its sign-ins where they will be sought."""
        copy = path.with_name(path.name + REKEYED)
        copy_database(path, self._key, copy, self._new)
        if not signed_in:
            return
        engine = engine_for(copy, self._new)
        try:
            with engine.begin() as conn:
                conn.execute(tables.secret.delete().where(tables.secret.c.owner.in_(signed_in)))
                if self._unlock == "passphrase":
                    rows = [{"owner": who, "value": what} for who, what in signed_in.items()]
                    conn.execute(tables.secret.insert(), rows)
        finally:
            engine.dispose()
        fold_journal_in(copy, self._new)

    def _begin(self, signed_in: dict[str, str]) -> Manifest:
        """From here on the next start knows of the change, and the keyring holds both keys."""
        if self._new.raw:
            pending = NextKey("keyring", f"key-{secrets.token_hex(4)}", tuple(signed_in))
        else:
            pending = NextKey("passphrase", "key", tuple(signed_in))
        begun = replace(self._manifest, pending=pending)
        write_manifest(self._folder, begun)
        if self._new.raw:
            self._keychain.set(begun.key_name(pending.key), self._new.raw.hex())
            for account, value in signed_in.items():
                self._keychain.set(begun.secret_name(account), value)
        return begun
