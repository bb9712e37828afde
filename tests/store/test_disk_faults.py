"""Full disks, folders that cannot be written to, migrations that break, keyrings, clocks.

Each is a real condition, ends in one sentence, and loses nothing that was there.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import keyring
import pytest

from app.domain.clock import FakeClock, hybrid_ms
from app.domain.errors import SeamlineError, WorkspaceError, WorkspaceLocked
from app.domain.events import EventType
from app.domain.ids import AgentId
from app.store import accounts, backup, ledger, migrating, opening, outbox
from app.store.copying import faults_of
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.manifest import read_manifest
from app.store.opening import open_workspace
from app.store.presence import LOCK
from app.store.unlocking import key_of
from tests.conftest import NOW
from tests.keyrings import LockedKeyring, MemoryKeyring
from tests.store.building import ACCOUNT, rows, said, take
from tests.store.full_disk import (
    as_nobody_who_writes,
    can_mount,
    filled,
    no_longer_files,
    public_folder,
    small_disk,
)
from tests.sync.items import make_item

_WORDS = "It has not come. " * 60_000
_NOTHING_SAVED = r"nothing was saved\."
Full = Callable[[Path], AbstractContextManager[None]]


def _open(folder: Path, clock: FakeClock) -> Workspace:
    return open_workspace(folder, keychain=Keychain(), clock=clock)


def _contents(workspace: Workspace) -> list[tuple[Any, ...]]:
    """What a person would miss."""
    return [
        *rows(workspace, "SELECT text FROM interaction ORDER BY key"),
        *rows(workspace, "SELECT id, data FROM event ORDER BY id"),
        *rows(workspace, "SELECT case_id, text FROM draft ORDER BY case_id"),
        *rows(workspace, "SELECT id, state, text FROM outbox ORDER BY id"),
        *rows(workspace, "SELECT * FROM cursor ORDER BY account, stream"),
    ]


def _one_sentence(error: SeamlineError) -> None:
    """What went wrong, and what to do; no path of ours, no name of an exception."""
    assert error.message.endswith(".")
    assert error.hint.endswith(".")
    assert "\n" not in str(error)
    assert "sqlite" not in str(error).lower()


def _furnish(folder: Path, clock: FakeClock) -> list[tuple[Any, ...]]:
    """A workspace with a bit of everything, closed; returns its contents."""
    workspace = _open(folder, clock)
    take(workspace, said("1", "ada", "Where is it?"), said("2", "ben", "And mine?"))
    workspace.write(lambda tx: accounts.set_cursor(tx, ACCOUNT, "home", "then")).result()
    workspace.write(lambda tx: outbox.put(tx, make_item(NOW))).result()
    contents = _contents(workspace)
    workspace.close()
    return contents


@pytest.fixture(params=["quota", *(["disk"] if can_mount() else [])])
def full(request: pytest.FixtureRequest, workspace_dir: Path) -> Iterator[Full]:
    """Two ways to be full: a quota that the system keeps everywhere, and, where one may be
    mounted, a small disk of the workspace's own."""
    if request.param == "quota":
        yield no_longer_files
        return
    workspace_dir.mkdir()
    with small_disk(workspace_dir):
        yield filled


# A full disk -----------------------------------------------------------------------------------


def _pull(workspace: Workspace) -> None:
    take(workspace, *(said(f"late-{n}", "cem", f"{n} {_WORDS}") for n in range(6)))


def _write_a_reply(workspace: Workspace) -> None:
    item = make_item(NOW, text=_WORDS * 6)
    workspace.write(lambda tx: outbox.put(tx, item)).result()


def _write_a_note(workspace: Workspace) -> None:
    case = int(rows(workspace, "SELECT id FROM case_state LIMIT 1")[0][0])
    note = {"text": _WORDS * 6}
    workspace.write(
        lambda tx: ledger.decide(tx, AgentId("ines"), EventType.CASE_NOTED, case, note)
    ).result()


@pytest.mark.parametrize("work", [_pull, _write_a_reply, _write_a_note])
def test_on_a_full_disk_a_write_fails_whole_and_works_again_later(
    workspace_dir: Path, clock: FakeClock, full: Full, work: Callable[[Workspace], None]
) -> None:
    before = _furnish(workspace_dir, clock)
    workspace = _open(workspace_dir, clock)
    with full(workspace_dir):
        with pytest.raises(WorkspaceError, match=_NOTHING_SAVED) as failed:
            work(workspace)
        _one_sentence(failed.value)
        assert _contents(workspace) == before  # reading goes on
    take(workspace, said("3", "dora", "Small?"))
    workspace.close()
    assert faults_of(workspace.path, workspace.key) == []
    again = _open(workspace_dir, clock)
    assert set(before) < set(_contents(again))
    assert ("Small?",) in _contents(again)
    again.close()


def test_on_a_full_disk_no_backup_is_made_and_the_older_ones_stay(
    workspace_dir: Path, clock: FakeClock, full: Full
) -> None:
    _furnish(workspace_dir, clock)
    workspace = _open(workspace_dir, clock)
    older = [
        backup.make(workspace.path, workspace.key, NOW + timedelta(days=day)).path
        for day in range(2)
    ]
    bodies = [path.read_bytes() for path in older]
    take(workspace, *(said(f"more-{n}", "cem", f"{n} " + "x" * 3_000) for n in range(200)))
    with full(older[0].parent), pytest.raises(WorkspaceError) as failed:
        backup.make(workspace.path, workspace.key, NOW + timedelta(days=2))
    _one_sentence(failed.value)
    workspace.close()
    assert [path.read_bytes() for path in older] == bodies
    assert [each.path for each in backup.backups(workspace_dir)] == older[::-1]
    assert list(older[0].parent.glob("*.partial*")) == []


# A migration -----------------------------------------------------------------------------------

_SECOND = """
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.execute("CREATE TABLE made_up (body BLOB)")
    op.execute("UPDATE interaction SET text = 'migrated'")
    op.execute("INSERT INTO made_up VALUES (zeroblob({size}))")
    if {broken}:
        raise ValueError("half-way")
"""


@pytest.fixture
def second_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A program one revision newer, whose migration does what the test wants."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrating.migrations_folder(), folder)
    monkeypatch.setattr(migrating, "migrations_folder", lambda: folder)
    monkeypatch.setattr(opening, "HEAD", "0002")

    def write(*, size: int = 1, broken: bool = False) -> None:
        text = _SECOND.format(size=size, broken=broken)
        (folder / "versions" / "0002_made_up.py").write_text(text, "utf-8")

    return write


def _as_before(folder: Path, clock: FakeClock, before: list[tuple[Any, ...]]) -> None:
    """The file has the old schema and the old contents, as the old program finds it."""
    key = key_of(read_manifest(folder), Keychain(), "")
    workspace = Workspace(folder / "seamline.db", key, clock)
    assert _contents(workspace) == before
    assert rows(workspace, "SELECT version_num FROM alembic_version") == [("0001",)]
    assert rows(workspace, "SELECT 1 FROM sqlite_schema WHERE name = 'made_up'") == []
    workspace.close()


def test_a_migration_that_breaks_half_way_changes_nothing_and_is_tried_again(
    workspace_dir: Path, clock: FakeClock, second_revision: Callable[..., None]
) -> None:
    before = _furnish(workspace_dir, clock)
    second_revision(broken=True)
    for _ in range(2):
        with pytest.raises(WorkspaceError, match="could not be brought up to date") as failed:
            _open(workspace_dir, clock)
        _one_sentence(failed.value)
        assert "backups folder" in failed.value.hint
        _as_before(workspace_dir, clock, before)
    copy = workspace_dir / "backups" / "before-migration-from-0001.db"
    key = key_of(read_manifest(workspace_dir), Keychain(), "")
    copied = Workspace(copy, key, clock)
    assert _contents(copied) == before
    copied.close()
    second_revision()
    migrated = _open(workspace_dir, clock)
    assert set(rows(migrated, "SELECT text FROM interaction")) == {("migrated",)}
    migrated.close()


def test_on_a_full_disk_a_migration_changes_nothing_and_is_tried_again(
    workspace_dir: Path,
    clock: FakeClock,
    full: Full,
    second_revision: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = _furnish(workspace_dir, clock)
    second_revision(size=6_000_000)
    real_upgrade = migrating.upgrade

    def upgrade(path: Path, *args: Any, **named: Any) -> None:
        with full(workspace_dir):  # after the copy, for which there was room
            real_upgrade(path, *args, **named)

    with monkeypatch.context() as patched:
        patched.setattr(migrating, "upgrade", upgrade)
        with pytest.raises(WorkspaceError) as failed:
            _open(workspace_dir, clock)
    _one_sentence(failed.value)
    _as_before(workspace_dir, clock, before)
    second_revision(size=1)
    _open(workspace_dir, clock).close()


# A folder that cannot be written to ------------------------------------------------------------


def test_a_read_only_folder_is_named_and_nothing_in_it_changes(clock: FakeClock) -> None:
    with public_folder() as place:
        folder = place / "workspace"
        before = _furnish(folder, clock)
        (folder / LOCK).unlink()  # as if it came from another computer
        bodies = {path: path.read_bytes() for path in folder.iterdir()}
        with as_nobody_who_writes(folder), pytest.raises(WorkspaceError) as failed:
            _open(folder, clock)
        assert failed.value.message.startswith("The workspace’s folder cannot be written to")
        assert str(folder) in failed.value.hint
        _one_sentence(failed.value)
        assert {path: path.read_bytes() for path in folder.iterdir()} == bodies
        workspace = _open(folder, clock)
        assert _contents(workspace) == before
        workspace.close()


def test_in_a_read_only_place_no_workspace_is_made(clock: FakeClock) -> None:
    with public_folder() as place:
        home = place / "home"
        home.mkdir()
        with as_nobody_who_writes(home), pytest.raises(WorkspaceError) as failed:
            _open(home / "workspace", clock)
        assert failed.value.message.startswith(f"No workspace can be made in {home}")
        _one_sentence(failed.value)
        assert list(home.iterdir()) == []


def test_a_read_only_backup_folder_is_named_and_keeps_what_it_has(clock: FakeClock) -> None:
    with public_folder() as place:
        folder = place / "workspace"
        _furnish(folder, clock)
        workspace = _open(folder, clock)
        made = backup.make(workspace.path, workspace.key, NOW)
        with as_nobody_who_writes(made.path.parent), pytest.raises(WorkspaceError) as failed:
            backup.make(workspace.path, workspace.key, NOW + timedelta(days=1))
        _one_sentence(failed.value)
        assert backup.backups(folder) == (made,)
        workspace.close()


# Opened twice ----------------------------------------------------------------------------------


def test_two_programs_work_in_one_workspace_and_see_each_other(
    workspace_dir: Path, clock: FakeClock
) -> None:
    first, second = _open(workspace_dir, clock), _open(workspace_dir, clock)
    for number in range(20):
        take((first, second)[number % 2], said(str(number), "ada", f"Where? {number}"))
    assert _contents(first) == _contents(second)
    assert len(rows(first, "SELECT 1 FROM interaction")) == 20
    assert first.hybrid is not second.hybrid
    first.close()
    second.close()


def test_whoever_waits_too_long_for_another_program_is_told(
    workspace_dir: Path, clock: FakeClock
) -> None:
    before = _furnish(workspace_dir, clock)
    first, second = _open(workspace_dir, clock), _open(workspace_dir, clock)
    # A test cannot wait the ten seconds it usually takes.
    second.write(lambda tx: tx.conn.exec_driver_sql("PRAGMA busy_timeout = 1")).result()

    def meanwhile(_tx: object) -> SeamlineError:
        with pytest.raises(WorkspaceError, match="Another program is writing") as failed:
            take(second, said("9", "ada", "Now?"))
        return failed.value

    _one_sentence(first.write(meanwhile).result())
    assert _contents(second) == before
    take(second, said("9", "ada", "Now?"))
    first.close()
    second.close()


# A keyring -------------------------------------------------------------------------------------


class DenyingKeyring(MemoryKeyring):
    """Answers, and gives nothing away: the person pressed “Deny”."""

    def get_password(self, service: str, username: str) -> str | None:
        return None


class MistakenKeyring(MemoryKeyring):
    """Holds another key under the same name, as one restored from elsewhere may."""

    def get_password(self, service: str, username: str) -> str | None:
        return "77" * 32


@pytest.mark.parametrize(
    ("ring", "kind", "words"),
    [
        (LockedKeyring, WorkspaceLocked, "keyring"),
        (DenyingKeyring, WorkspaceLocked, "is not in this keyring"),
        (MistakenKeyring, WorkspaceError, "does not open with the key in this keyring"),
    ],
)
def test_a_keyring_that_does_not_help_leaves_the_file_as_it_was(
    workspace_dir: Path,
    clock: FakeClock,
    memory_keyring: MemoryKeyring,
    ring: type[MemoryKeyring],
    kind: type[WorkspaceError],
    words: str,
) -> None:
    before = _furnish(workspace_dir, clock)
    body = (workspace_dir / "seamline.db").read_bytes()
    keyring.set_keyring(ring())
    with pytest.raises(kind, match=words) as failed:
        _open(workspace_dir, clock)
    _one_sentence(failed.value)
    assert (workspace_dir / "seamline.db").read_bytes() == body
    keyring.set_keyring(memory_keyring)
    workspace = _open(workspace_dir, clock)
    assert _contents(workspace) == before
    workspace.close()


# A clock ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_jumps_back_disorders_and_deletes_nothing(
    workspace_dir: Path, clock: FakeClock, back: timedelta
) -> None:
    before = _furnish(workspace_dir, clock)
    workspace = _open(workspace_dir, clock)
    case = int(rows(workspace, "SELECT id FROM case_state LIMIT 1")[0][0])

    def note(text: str) -> int:
        data = {"text": text}
        return (
            workspace.write(
                lambda tx: ledger.decide(tx, AgentId("ines"), EventType.CASE_NOTED, case, data)
            )
            .result()
            .stamp
        )

    stamps = [note("before")]
    made = backup.make(workspace.path, workspace.key, clock.now())
    clock.set(NOW - back)
    stamps.append(note("after"))
    workspace.close()
    workspace = _open(workspace_dir, clock)  # and across a restart
    stamps.append(note("after a restart"))
    assert stamps == sorted(set(stamps))
    assert hybrid_ms(stamps[-1]) == hybrid_ms(stamps[0])
    assert set(before) < set(_contents(workspace))
    # A backup from the future neither counts as today's nor is let go of.
    assert backup.is_due(workspace_dir, clock.now())
    again = backup.make(workspace.path, workspace.key, clock.now())
    assert set(backup.backups(workspace_dir)) == {made, again}
    assert rows(workspace, "SELECT value FROM cursor") == [("then",)]
    workspace.close()
