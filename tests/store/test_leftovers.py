"""What a program that died had begun beside the workspace is taken away by the next start."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.store import backup
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.opening import open_workspace
from tests.conftest import NOW
from tests.store.building import rows, said, take

HALF = (
    "seamline.db.preparing",
    "seamline.db.preparing-wal",
    "seamline.db.preparing.partial",
    "seamline.db.rekeyed.partial",
)


def _open(folder: Path, clock: FakeClock) -> Workspace:
    return open_workspace(folder, keychain=Keychain(), clock=clock)


def _furnish(folder: Path, clock: FakeClock) -> None:
    workspace = _open(folder, clock)
    take(workspace, said("1", "ada", "Where is it?"))
    backup.make(workspace.path, workspace.key, NOW)
    workspace.close()


def _texts(workspace: Workspace) -> list[object]:
    return [text for (text,) in rows(workspace, "SELECT text FROM interaction")]


@pytest.mark.parametrize("name", HALF)
def test_half_a_copy_is_gone_after_the_next_start(
    tmp_path: Path, clock: FakeClock, name: str
) -> None:
    folder = tmp_path / "halden"
    _furnish(folder, clock)
    (folder / name).write_bytes(b"half")
    workspace = _open(folder, clock)
    assert _texts(workspace) == ["Where is it?"]
    workspace.close()
    assert sorted(path.name for path in folder.glob("seamline.db.*")) == []


def test_half_a_backup_under_the_next_key_is_gone_too(tmp_path: Path, clock: FakeClock) -> None:
    folder = tmp_path / "halden"
    _furnish(folder, clock)
    (made,) = backup.backups(folder)
    for half in ("seamline.db.rekeyed", f"backups/{made.path.name}.rekeyed.partial"):
        (folder / half).write_bytes(b"half")
    _open(folder, clock).close()
    assert not list(folder.rglob("*.rekeyed*"))
    assert made.path.exists()


def test_it_is_left_alone_while_another_program_may_be_making_it(
    tmp_path: Path, clock: FakeClock
) -> None:
    folder = tmp_path / "halden"
    _furnish(folder, clock)
    first = _open(folder, clock)
    half = folder / "seamline.db.preparing.partial"
    half.write_bytes(b"half")
    second = _open(folder, clock)
    assert _texts(second) == ["Where is it?"]
    assert half.exists()
    first.close()
    second.close()
