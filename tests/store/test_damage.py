"""Damaged files: found, told in one sentence with the backup that helps, mended, nothing lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.clock import FakeClock
from app.domain.errors import WorkspaceError
from app.store import backup, restoring
from app.store.checking import SUSPECT, WorkspaceDamaged
from app.store.connection import DAMAGED, FileKey
from app.store.copying import faults_of
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.opening import open_workspace
from tests.conftest import NOW
from tests.store.building import rows, said, take
from tests.store.damaging import PAGE, cut_short, damage_header, damage_page, pages_of
from tests.sync.workspaces import KEY, make_workspace

LATER = NOW + timedelta(hours=1)


def _open(folder: Path, clock: FakeClock) -> Workspace:
    return open_workspace(folder, keychain=Keychain(), clock=clock)


def _contents(workspace: Workspace) -> list[tuple[Any, ...]]:
    return [
        *rows(workspace, "SELECT text FROM interaction ORDER BY key"),
        *rows(workspace, "SELECT id, data FROM event ORDER BY id"),
    ]


@pytest.fixture
def furnished(workspace_dir: Path, clock: FakeClock) -> tuple[FileKey, list[tuple[Any, ...]]]:
    """A workspace with a backup of all it holds, closed; its key and contents."""
    workspace = _open(workspace_dir, clock)
    take(workspace, *(said(str(n), f"p{n}", f"Where is it? {n} " + "x" * 400) for n in range(40)))
    backup.make(workspace.path, workspace.key, NOW)
    contents = _contents(workspace)
    workspace.close()
    return workspace.key, contents


def _mended(folder: Path, clock: FakeClock, key: FileKey, contents: list[tuple[Any, ...]]) -> None:
    """Restoring brings everything back and keeps the damaged file as it was."""
    damaged = (folder / "seamline.db").read_bytes()
    done = restoring.restore(folder, key, None, LATER)
    assert done.kept_aside is not None
    assert done.kept_aside.read_bytes() == damaged
    again = _open(folder, clock)
    assert _contents(again) == contents
    again.close()
    assert not (folder / SUSPECT).exists() or _open_and_close(folder, clock)


def _open_and_close(folder: Path, clock: FakeClock) -> bool:
    _open(folder, clock).close()
    return not (folder / SUSPECT).exists()


# Found when it is opened -----------------------------------------------------------------------


def _foreign(path: Path) -> None:
    path.write_bytes(b"\xff\xd8\xff\xe0 a holiday picture " * 5_000)


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize(
    "spoil", [damage_header, _foreign, _empty, lambda path: cut_short(path, 20)]
)
def test_a_file_that_does_not_open_names_the_backup_and_stays_as_it_is(
    workspace_dir: Path,
    clock: FakeClock,
    furnished: tuple[FileKey, list[tuple[Any, ...]]],
    spoil: Callable[[Path], None],
) -> None:
    database = workspace_dir / "seamline.db"
    spoil(database)
    spoilt = database.read_bytes()
    with pytest.raises(WorkspaceDamaged) as refused:
        _open(workspace_dir, clock)
    assert refused.value.message == DAMAGED
    assert "the backup of 19 November 2026, 10:45 UTC" in refused.value.hint
    assert refused.value.folder == workspace_dir
    assert database.read_bytes() == spoilt
    _mended(workspace_dir, clock, *furnished)


@pytest.mark.parametrize("spoil", [damage_header, _foreign, _empty])
def test_without_a_backup_it_is_not_begun_anew(
    workspace_dir: Path,
    clock: FakeClock,
    furnished: tuple[FileKey, list[tuple[Any, ...]]],
    spoil: Callable[[Path], None],
) -> None:
    for each in backup.backups(workspace_dir):
        each.path.unlink()
    database = workspace_dir / "seamline.db"
    spoil(database)
    spoilt = database.read_bytes()
    with pytest.raises(WorkspaceDamaged) as refused:
        _open(workspace_dir, clock)
    assert refused.value.hint.endswith("Copy the folder before all else.")
    assert database.read_bytes() == spoilt


# Found at work ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT text FROM interaction NOT INDEXED",
        "SELECT conversation FROM interaction INDEXED BY interaction_conversation",
    ],
    ids=["table", "index"],
)
def test_a_page_damaged_in_the_middle_is_told_at_work_and_offered_at_the_next_start(
    workspace_dir: Path,
    clock: FakeClock,
    furnished: tuple[FileKey, list[tuple[Any, ...]]],
    sql: str,
) -> None:
    key, _ = furnished
    database = workspace_dir / "seamline.db"
    damage_page(database, pages_of(database, key, sql, workspace_dir / "try.db")[-1])
    workspace = _open(workspace_dir, clock)
    for _ in range(2):
        with pytest.raises(WorkspaceDamaged) as refused:
            rows(workspace, sql)
        assert refused.value.message == DAMAGED
    assert len(rows(workspace, "SELECT id FROM department")) > 1  # what is whole still works
    workspace.close()
    with pytest.raises(WorkspaceDamaged, match="puts the backup of 19 November"):
        _open(workspace_dir, clock)
    _mended(workspace_dir, clock, *furnished)


def test_a_suspicion_that_proves_wrong_is_forgotten(
    workspace_dir: Path, clock: FakeClock, furnished: tuple[FileKey, list[tuple[Any, ...]]]
) -> None:
    (workspace_dir / SUSPECT).touch()
    assert _open_and_close(workspace_dir, clock)
    assert furnished[1]


def test_whichever_page_is_damaged_no_reading_tells_less_than_there_was(
    workspace_dir: Path, clock: FakeClock, furnished: tuple[FileKey, list[tuple[Any, ...]]]
) -> None:
    """Everything, or a sentence: every fifth page of the file in turn."""
    database = workspace_dir / "seamline.db"
    whole = database.read_bytes()
    told = 0
    for number in range(1, len(whole) // PAGE + 1, 5):
        database.write_bytes(whole)
        (workspace_dir / SUSPECT).unlink(missing_ok=True)
        damage_page(database, number)
        read = _read(workspace_dir, clock)
        assert read in (furnished[1], DAMAGED)
        told += read == DAMAGED
        assert faults_of(database, furnished[0]), number
    assert told


def _read(folder: Path, clock: FakeClock) -> list[tuple[Any, ...]] | str:
    """All contents, or the sentence that came instead."""
    try:
        workspace = _open(folder, clock)
    except WorkspaceError as error:
        return error.message
    try:
        return _contents(workspace)
    except WorkspaceError as error:
        return error.message
    finally:
        workspace.close()


# The journal -----------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0.3, 0.6, 0.9])
def test_of_a_damaged_journal_whole_commits_are_kept_up_to_the_damage(
    tmp_path: Path, clock: FakeClock, at: float
) -> None:
    """Of a program that died: nothing half, nothing out of order, and the file is whole."""
    living, dead = tmp_path / "living", tmp_path / "dead"
    living.mkdir()
    workspace = make_workspace(living, clock)
    for number in range(30):
        take(workspace, said(f"{number:02}", "ada", f"{number:02}"))
    shutil.copytree(living, dead)  # as a machine that stopped here leaves it
    workspace.close()
    journal = dead / "seamline.db-wal"
    body = bytearray(journal.read_bytes())
    spot = int(len(body) * at)
    body[spot : spot + 64] = bytes(64)
    journal.write_bytes(body)
    again = Workspace(dead / "seamline.db", KEY, clock)
    texts = [row[0] for row in rows(again, "SELECT text FROM interaction ORDER BY native_id")]
    events = rows(again, "SELECT count(*) FROM event")
    again.close()
    assert texts == [f"{number:02}" for number in range(len(texts))]
    assert 0 < len(texts) < 30
    assert events == [(len(texts),)]  # each opened a case in the commit that stored it
    assert faults_of(dead / "seamline.db", KEY) == []
