"""Dying between any two steps of a restore: the file that was there or the backup, whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain.clock import FakeClock
from app.domain.outbox import OutboxState
from app.store import backup, migrating, opening, outbox, replacing, restoring
from app.store.checking import WorkspaceDamaged
from app.store.connection import FileKey
from app.store.copying import faults_of
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.opening import open_workspace
from app.store.presence import Presence
from tests.conftest import NOW
from tests.store.building import rows, said, take
from tests.store.damaging import damage_header
from tests.sync.items import make_item

BEFORE, SINCE = "Before the backup?", "Since?"
DIED = 9


def _open(folder: Path, clock: FakeClock) -> Workspace:
    return open_workspace(folder, keychain=Keychain(), clock=clock)


def _messages(workspace: Workspace) -> list[str]:
    return [text for (text,) in rows(workspace, "SELECT text FROM interaction ORDER BY native_id")]


def _furnish(folder: Path, clock: FakeClock) -> FileKey:
    """A message and a queued reply, a backup of both; since then the reply left, and a message."""
    workspace = _open(folder, clock)
    take(workspace, said("1", "ada", BEFORE))
    item = workspace.write(lambda tx: outbox.put(tx, make_item(NOW))).result()
    backup.make(workspace.path, workspace.key, NOW)
    workspace.write(lambda tx: outbox.claim(tx, item.id)).result()
    workspace.write(lambda tx: outbox.sent(tx, item.id, "77", None)).result()
    take(workspace, said("2", "ben", SINCE))
    workspace.close()
    return workspace.key


def _dies(folder: Path, key: FileKey, step: int) -> bool:
    """Restore in a child that is gone, with nothing tidied up, before its step of that number.

    False when it came to its end before.
    """
    child = os.fork()
    if child:
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, DIED)
        return status == DIED
    try:
        left = [step]
        for owner, name in (
            (restoring, "copy_database"),
            (migrating, "upgrade"),
            (restoring, "_salvage"),
            (restoring, "_hold_outbox"),
            (restoring, "fold_journal_in"),
            (replacing, "flush_folder"),
            (Path, "replace"),
            (Path, "unlink"),
        ):
            setattr(owner, name, _dying(getattr(owner, name), left))
        restoring.restore(folder, key, None, NOW)
        os._exit(0)
    finally:
        os._exit(1)


def _dying(real: Callable[..., Any], left: list[int]) -> Callable[..., Any]:
    def step(*args: Any, **kwargs: Any) -> Any:
        if left[0] == 0:
            os._exit(DIED)
        left[0] -= 1
        return real(*args, **kwargs)

    return step


def _nothing_half(folder: Path) -> None:
    left = [path.name for path in folder.glob("seamline.db.*")]
    assert left == []


@pytest.mark.parametrize("damaged", [False, True], ids=["whole", "damaged"])
def test_whoever_dies_while_restoring_leaves_the_file_or_the_backup_and_sends_nothing(
    tmp_path: Path, clock: FakeClock, damaged: bool
) -> None:
    pristine = tmp_path / "pristine"
    key = _furnish(pristine, clock)
    if damaged:
        damage_header(pristine / "seamline.db")
    there = (pristine / "seamline.db").read_bytes()
    steps, found, died = 0, [], True
    while died:
        folder = tmp_path / f"step-{steps}"
        shutil.copytree(pristine, folder)
        died = _dies(folder, key, steps)
        found.append(_found(folder, clock, key, there))
        steps += 1
    assert found == sorted(found, reverse=True)  # the file for a while, then the backup for good
    assert found[0] == "file"
    assert found[-1] == "backup"
    assert steps > 8


def _found(folder: Path, clock: FakeClock, key: FileKey, there: bytes) -> str:
    """Which of the two the next start opens, after comparing all that matters in it."""
    try:
        workspace = _open(folder, clock)
    except WorkspaceDamaged:
        _nothing_half(folder)
        assert (folder / "seamline.db").read_bytes() == there
        assert list(folder.glob("backups/before-restore-*")) == []
        return "file"
    messages = _messages(workspace)
    assert workspace.read(outbox.heads).result() == ()
    assert workspace.write(outbox.recover).result() == ()
    (state,) = rows(workspace, "SELECT state FROM outbox")[0]
    workspace.close()
    _nothing_half(folder)
    assert faults_of(folder / "seamline.db", key) == []
    if messages == [BEFORE, SINCE]:
        assert state == OutboxState.SENT
        return "file"
    assert messages == [BEFORE]
    assert state == OutboxState.FAILED  # held back: nobody here can know that it left
    (aside,) = folder.glob("backups/before-restore-*.db")
    if faults_of(aside, key):
        assert aside.read_bytes() == there
        return "backup"
    kept = Workspace(aside, key, clock)
    assert _messages(kept) == [BEFORE, SINCE]
    kept.close()
    return "backup"


def test_a_restore_that_dies_while_another_program_opens(
    workspace_dir: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between that program's look for something half done and its mark of being there."""
    _furnish(workspace_dir, clock)
    database = workspace_dir / opening.DATABASE
    share = Presence.share

    def died_just_before(presence: Presence) -> None:
        monkeypatch.setattr(Presence, "share", share)
        for end in ("-wal", "-shm"):
            database.with_name(database.name + end).unlink(missing_ok=True)
        database.rename(workspace_dir / replacing.RESTORED)
        presence.share()

    monkeypatch.setattr(Presence, "share", died_just_before)
    workspace = _open(workspace_dir, clock)
    assert _messages(workspace) == [BEFORE, SINCE]
    workspace.close()
