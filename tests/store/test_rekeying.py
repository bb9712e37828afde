"""Another key: random, a passphrase, and from one to the other; and dying between any two steps."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import keyring
import pytest
from sqlcipher3 import dbapi2

from app.domain.clock import FakeClock
from app.domain.errors import BadInput, WorkspaceError, WorkspaceLocked
from app.store import accounts, backup, rekeying, replacing, restoring
from app.store.connection import FileKey
from app.store.copying import copy_database, opens
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.manifest import read_manifest, write_manifest
from app.store.opening import open_workspace
from app.store.unlocking import key_of
from app.store.vault import Vault
from tests.conftest import NOW
from tests.keyrings import MemoryKeyring
from tests.store.building import connect_brand, rows, said, take
from tests.store.damaging import damage_page

TEXT = "Where is it?"
TOKEN = {"token": "t"}


class Died(BaseException):
    """What ``kill -9`` is to a test: nothing that tidies up may run afterwards."""


def _open(folder: Path, clock: FakeClock, passphrase: str = "") -> Workspace:
    return open_workspace(folder, keychain=Keychain(), clock=clock, passphrase=passphrase)


def _vault(workspace: Workspace) -> Vault:
    manifest = read_manifest(workspace.path.parent)
    return Vault(workspace, manifest.id, Keychain() if manifest.unlock == "keyring" else None)


def _furnish(folder: Path, clock: FakeClock, passphrase: str) -> None:
    """A workspace with an account, its sign-in, a message and a backup."""
    workspace = _open(folder, clock, passphrase)
    record = connect_brand(workspace)
    _vault(workspace).set(record.id, TOKEN)
    take(workspace, said("1", "ada", TEXT))
    backup.make(workspace.path, workspace.key, NOW)
    workspace.close()


def _check(folder: Path, clock: FakeClock, passphrase: str = "") -> None:
    """Everything is there, and the backup is under the same key as the file."""
    workspace = _open(folder, clock, passphrase)
    assert rows(workspace, "SELECT text FROM interaction") == [(TEXT,)]
    record = workspace.read(accounts.all_accounts).result()[0]
    assert _vault(workspace).get(record.id) == TOKEN
    assert [opens(each.path, workspace.key) for each in backup.backups(folder)] == [True]
    workspace.close()
    assert read_manifest(folder).pending is None
    left = [path.name for path in folder.rglob("*") if "rekeyed" in path.name]
    assert left == []
    for path in folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path.name


def _keys(folder: Path, ring: MemoryKeyring) -> list[str]:
    """What the keyring holds of the workspace: keys of the file, and sign-ins."""
    return sorted(name.split("/")[1][:4] for _, name in ring.values if "/" in name)


@pytest.fixture(autouse=True)
def _quick_passphrases() -> Iterator[None]:
    """Stretching a passphrase takes a tenth of a second, and here is opened hundreds of times."""
    with closing(dbapi2.connect(":memory:")) as conn:
        usual = conn.execute("PRAGMA cipher_default_kdf_iter").fetchone()[0]
        conn.execute("PRAGMA cipher_default_kdf_iter = 1000")
        yield
        conn.execute(f"PRAGMA cipher_default_kdf_iter = {usual}")


WAYS = [("", ""), ("", "new"), ("old", ""), ("old", "new")]


@pytest.mark.parametrize(("old", "new"), WAYS)
def test_the_key_changes_and_nothing_else(
    workspace_dir: Path, clock: FakeClock, memory_keyring: MemoryKeyring, old: str, new: str
) -> None:
    _furnish(workspace_dir, clock, old)
    before = key_of(read_manifest(workspace_dir), Keychain(), old)
    done = rekeying.rekey(workspace_dir, Keychain(), old, new)
    assert (done.backups, done.left) == (1, ())
    assert done.manifest.unlock == ("passphrase" if new else "keyring")
    _check(workspace_dir, clock, new)
    assert not opens(workspace_dir / "seamline.db", before)
    assert not any(opens(each.path, before) for each in backup.backups(workspace_dir))
    # The old key is forgotten, and sign-ins lie where the workspace is unlocked, nowhere else.
    assert len(_keys(workspace_dir, memory_keyring)) == (0 if new else 2)
    restoring.restore(
        workspace_dir, key_of(read_manifest(workspace_dir), Keychain(), new), None, NOW
    )
    _check(workspace_dir, clock, new)


def _dying(real: Callable[..., Any], at: list[int]) -> Callable[..., Any]:
    """Counts down with every call of everything so wrapped; dies before the one at zero."""

    def step(*args: Any, **kwargs: Any) -> Any:
        if at[0] == 0:
            raise Died
        at[0] -= 1
        return real(*args, **kwargs)

    return step


def _die_at(monkeypatch: pytest.MonkeyPatch, step: int) -> list[int]:
    """Every step that leaves a mark on the disk or in the keyring counts."""
    left = [step]
    for module in (rekeying, replacing):
        monkeypatch.setattr(module, "write_manifest", _dying(write_manifest, left))
    monkeypatch.setattr(rekeying, "copy_database", _dying(copy_database, left))
    monkeypatch.setattr(Path, "replace", _dying(Path.replace, left))
    monkeypatch.setattr(Keychain, "set", _dying(Keychain.set, left))
    monkeypatch.setattr(Keychain, "delete", _dying(Keychain.delete, left))
    # A dead program settles nothing.
    monkeypatch.setattr(rekeying, "settle_rekeying", lambda *_: None)
    return left


@pytest.mark.parametrize(("old", "new"), WAYS)
def test_whoever_dies_between_two_steps_leaves_the_old_key_or_the_new(
    workspace_dir: Path, clock: FakeClock, memory_keyring: MemoryKeyring, old: str, new: str
) -> None:
    _furnish(workspace_dir, clock, old)
    now, steps, changed = old, 0, False
    while not changed:
        with pytest.MonkeyPatch.context() as patch:
            _die_at(patch, steps)
            try:
                rekeying.rekey(workspace_dir, Keychain(), now, new)
            except Died:
                steps += 1
            else:
                changed = True
        # With its old key, or else with its new one; a third there is not.
        try:
            _check(workspace_dir, clock, now)
        except WorkspaceLocked:
            _check(workspace_dir, clock, new)
            now = new
        assert len(_keys(workspace_dir, memory_keyring)) in (0, 2)
    assert steps >= 6
    _check(workspace_dir, clock, new)


def test_a_keyring_that_refuses_the_new_key_leaves_the_old_one(
    workspace_dir: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    _furnish(workspace_dir, clock, "old")

    def refuse(_self: Keychain, _name: str, _value: str) -> None:
        raise WorkspaceLocked("The system keyring does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(Keychain, "set", refuse)
        with pytest.raises(WorkspaceLocked, match="does not answer"):
            rekeying.rekey(workspace_dir, Keychain(), "old", "")
    _check(workspace_dir, clock, "old")


def test_a_wrong_passphrase_and_an_open_workspace_are_refused(
    workspace_dir: Path, clock: FakeClock
) -> None:
    _furnish(workspace_dir, clock, "old")
    with pytest.raises(WorkspaceLocked, match="does not open with this key"):
        rekeying.rekey(workspace_dir, Keychain(), "guessed", "new")
    workspace = _open(workspace_dir, clock, "old")
    with pytest.raises(WorkspaceError, match="open in another program"):
        rekeying.rekey(workspace_dir, Keychain(), "old", "new")
    workspace.close()
    _check(workspace_dir, clock, "old")


def test_a_backup_under_another_key_is_left_and_named(
    workspace_dir: Path, clock: FakeClock
) -> None:
    _furnish(workspace_dir, clock, "")
    stranger = workspace_dir / "backups" / "stranger.db"
    stranger.write_bytes(b"x" * 4096)
    stranger.chmod(0o600)
    assert rekeying.rekey(workspace_dir, Keychain(), "", "").left == ("stranger.db",)
    assert stranger.read_bytes() == b"x" * 4096


def test_a_damaged_backup_is_named_and_given_up_by_a_person_alone(
    workspace_dir: Path, clock: FakeClock
) -> None:
    _furnish(workspace_dir, clock, "")
    damaged = workspace_dir / "backups" / "before-restore-2026-01-01T00-00-00Z.db"
    shutil.copy(backup.backups(workspace_dir)[0].path, damaged)
    damage_page(damaged, 5)
    before = damaged.read_bytes()
    with pytest.raises(WorkspaceError, match=rf"{damaged.name} in .* is damaged") as refused:
        rekeying.rekey(workspace_dir, Keychain(), "", "")
    assert "its key is forgotten" in refused.value.hint
    assert damaged.read_bytes() == before
    _check(workspace_dir, clock)
    damaged.unlink()
    assert rekeying.rekey(workspace_dir, Keychain(), "", "").left == ()
    _check(workspace_dir, clock)


def test_the_sample_has_no_key_to_change(workspace_dir: Path, clock: FakeClock) -> None:
    open_workspace(workspace_dir, keychain=Keychain(), clock=clock, sample=True).close()
    with pytest.raises(BadInput, match="no key"):
        rekeying.rekey(workspace_dir, Keychain(), "", "")


def test_a_passphrase_with_quotes_is_a_passphrase(workspace_dir: Path, clock: FakeClock) -> None:
    _furnish(workspace_dir, clock, "")
    rekeying.rekey(workspace_dir, Keychain(), "", 'it\'s "so"; --')
    _check(workspace_dir, clock, 'it\'s "so"; --')
    assert keyring.get_password("seamline", read_manifest(workspace_dir).key_name()) is None
    assert not opens(workspace_dir / "seamline.db", FileKey(passphrase="its so"))
