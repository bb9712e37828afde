"""Making, unlocking and migrating a workspace."""

from __future__ import annotations

import json
import stat
from hashlib import pbkdf2_hmac
from pathlib import Path
from typing import Any

import keyring
import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from app.domain.clock import FakeClock
from app.domain.errors import WorkspaceError, WorkspaceLocked
from app.store import driver, opening
from app.store.connection import engine_for
from app.store.database import Workspace
from app.store.ingest import ingest
from app.store.keychain import Keychain
from app.store.migrating import alembic_config
from app.store.tables import metadata
from tests.keyrings import LockedKeyring
from tests.store.building import ACCOUNT, said
from tests.sync.workspaces import KEY, make_workspace


def _open(folder: Path, clock: FakeClock, passphrase: str = "") -> Workspace:
    return opening.open_workspace(folder, keychain=Keychain(), clock=clock, passphrase=passphrase)


def test_a_new_workspace_is_private_and_unreadable_without_its_key(
    workspace_dir: Path, clock: FakeClock
) -> None:
    workspace = _open(workspace_dir, clock)
    workspace.write(lambda tx: ingest(tx, ACCOUNT, [said("1", "ada", "marzipan-marker?")])).result()
    assert stat.S_IMODE(workspace_dir.stat().st_mode) == 0o700
    for file in workspace_dir.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
        assert b"marzipan" not in file.read_bytes()
        assert not file.read_bytes().startswith(b"SQLite format 3")
    workspace.close()


def test_it_opens_again_with_the_key_of_the_keyring(workspace_dir: Path, clock: FakeClock) -> None:
    _open(workspace_dir, clock).close()
    _open(workspace_dir, clock).close()
    assert opening.read_manifest(workspace_dir).unlock == "keyring"


def test_another_keyring_does_not_open_it(workspace_dir: Path, clock: FakeClock) -> None:
    _open(workspace_dir, clock).close()
    for name in list(keyring.get_keyring().values):  # type: ignore[attr-defined]
        keyring.delete_password(*name)
    with pytest.raises(WorkspaceLocked, match="not in this keyring"):
        _open(workspace_dir, clock)


def test_a_locked_keyring_says_so_and_makes_nothing(workspace_dir: Path, clock: FakeClock) -> None:
    keyring.set_keyring(LockedKeyring())
    with pytest.raises(WorkspaceLocked, match="keyring is locked"):
        _open(workspace_dir, clock)
    assert not workspace_dir.exists()


def test_a_passphrase_opens_it_where_no_keyring_answers(
    workspace_dir: Path, clock: FakeClock
) -> None:
    keyring.set_keyring(LockedKeyring())
    _open(workspace_dir, clock, "it's a secret").close()
    _open(workspace_dir, clock, "it's a secret").close()
    with pytest.raises(WorkspaceLocked, match="opens with a passphrase"):
        _open(workspace_dir, clock)
    with pytest.raises(WorkspaceLocked, match="does not open with this key"):
        _open(workspace_dir, clock, "another")


def test_a_passphrase_is_stretched_once_for_each_file(
    workspace_dir: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    keyring.set_keyring(LockedKeyring())
    _open(workspace_dir, clock, "it's a secret").close()
    stretched: list[bytes] = []

    def stretch(*asked: Any) -> bytes:
        stretched.append(asked[2])
        return pbkdf2_hmac(*asked)

    monkeypatch.setattr(driver, "pbkdf2_hmac", stretch)
    _open(workspace_dir, clock, "it's a secret").close()
    assert stretched == [(workspace_dir / opening.DATABASE).read_bytes()[:16]]


def test_half_a_workspace_is_not_overwritten(workspace_dir: Path, clock: FakeClock) -> None:
    _open(workspace_dir, clock).close()
    (workspace_dir / opening.MANIFEST).unlink()
    with pytest.raises(WorkspaceError, match=r"no workspace\.json"):
        _open(workspace_dir, clock)
    (workspace_dir / opening.MANIFEST).write_text(json.dumps({"id": "x", "unlock": "magic"}))
    with pytest.raises(WorkspaceError, match="cannot be read"):
        _open(workspace_dir, clock)


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == opening.HEAD


def test_migrations_make_the_tables_the_code_expects(tmp_path: Path, clock: FakeClock) -> None:
    make_workspace(tmp_path, clock).close()
    engine = engine_for(tmp_path / "seamline.db", KEY)
    expected = sa.create_engine("sqlite://")
    metadata.create_all(expected)
    with engine.connect() as made, expected.connect() as wanted:
        query = sa.text(
            'SELECT m.name, c.name, c.type, c."notnull", c.pk FROM sqlite_schema AS m,'
            " pragma_table_xinfo(m.name) AS c WHERE m.type = 'table'"
            " AND m.name NOT LIKE '%search%' AND m.name <> 'alembic_version' ORDER BY 1, c.cid"
        )
        indexes = sa.text(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
            " ORDER BY name"
        )
        assert made.execute(query).all() == wanted.execute(query).all()
        squeezed = [
            [(name, " ".join(sql.split())) for name, sql in conn.execute(indexes)]
            for conn in (made, wanted)
        ]
        assert squeezed[0] == squeezed[1]
    engine.dispose()


def test_a_failed_transaction_leaves_nothing_and_the_next_one_works(
    tmp_path: Path, clock: FakeClock
) -> None:
    workspace = make_workspace(tmp_path, clock)

    def fail(tx: object) -> None:
        ingest(tx, ACCOUNT, [said("1", "ada", "It leaks?")])  # type: ignore[arg-type]
        raise ValueError("on purpose")

    announced: list[object] = []
    workspace.on_commit(announced.append)
    with pytest.raises(ValueError, match="on purpose"):
        workspace.write(fail).result()
    assert announced == []
    made = workspace.write(lambda tx: ingest(tx, ACCOUNT, [said("1", "ada", "It leaks?")])).result()
    assert made.new == 1
    assert len(announced) == 1
    workspace.close()
    with pytest.raises(WorkspaceError, match="closed"):
        workspace.write(lambda tx: None).result()


def test_the_reader_cannot_write(tmp_path: Path, clock: FakeClock) -> None:
    workspace = make_workspace(tmp_path, clock)
    with pytest.raises(WorkspaceError, match="cannot be written"):
        workspace.read(lambda conn: conn.execute(sa.text("DELETE FROM setting"))).result()
    workspace.close()
