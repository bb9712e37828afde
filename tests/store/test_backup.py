"""Backups: consistent, encrypted, pruned; and what a restored one does and does not do."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.domain.errors import BadInput, WorkspaceError, WorkspaceLocked
from app.domain.events import EventType
from app.domain.ids import AgentId, case_id, conversation_id
from app.domain.outbox import OutboxState
from app.store import accounts, backup, ledger, outbox, restoring
from app.store.connection import FileKey
from app.store.copying import CopyStopped, faults_of
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.opening import open_workspace, read_manifest
from app.store.unlocking import key_of
from tests.conftest import NOW
from tests.store.building import ACCOUNT, identity, rows, said, take
from tests.sync.items import make_item
from tests.sync.workspaces import KEY, make_workspace


def _open(folder: Path, clock: FakeClock) -> Workspace:
    return open_workspace(folder, keychain=Keychain(), clock=clock)


def _key(folder: Path) -> FileKey:
    return key_of(read_manifest(folder), Keychain(), "")


def _messages(workspace: Workspace) -> list[str]:
    return [row[0] for row in rows(workspace, "SELECT text FROM interaction ORDER BY native_id")]


def test_a_backup_is_private_whole_and_opens_with_the_same_key(
    workspace_dir: Path, clock: FakeClock
) -> None:
    workspace = _open(workspace_dir, clock)
    take(workspace, said("1", "ada", "marzipan-marker?"))
    made = backup.make(workspace.path, workspace.key, NOW)
    assert made.path.name == "seamline-2026-11-19T10-45-00Z.db"
    assert made.size == made.path.stat().st_size
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    for file in made.path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
        assert b"marzipan" not in file.read_bytes()
    assert backup.backups(workspace_dir) == (made,)
    workspace.close()
    assert faults_of(made.path, _key(workspace_dir)) == []
    assert faults_of(made.path, KEY)


def test_a_backup_is_one_moment_of_a_file_that_is_written_to(
    tmp_path: Path, clock: FakeClock
) -> None:
    workspace = make_workspace(tmp_path, clock)
    filler = "x" * 2_000
    take(workspace, *(said(str(n), "ada", f"{filler} {n}?") for n in range(1_500)))
    looks = 0

    def stopped() -> bool:
        nonlocal looks
        looks += 1
        take(workspace, said(f"late-{looks}", "ada", "Too late?"))
        return False

    made = backup.make(workspace.path, KEY, NOW, stopped=stopped)
    assert looks > 1
    copy = Workspace(made.path, KEY, clock)
    assert rows(copy, "SELECT count(*) FROM interaction") == [(1_500,)]
    copy.close()
    assert rows(workspace, "SELECT count(*) FROM interaction") == [(1_500 + looks,)]
    workspace.close()


def test_a_backup_that_is_broken_off_leaves_nothing(tmp_path: Path, clock: FakeClock) -> None:
    workspace = make_workspace(tmp_path, clock)
    with pytest.raises(CopyStopped):
        backup.make(workspace.path, KEY, NOW, stopped=lambda: True)
    assert [path.name for path in (tmp_path / "backups").iterdir()] == ["backup.lock"]
    workspace.close()


def test_the_last_seven_days_and_four_weeks_are_kept(tmp_path: Path) -> None:
    folder = backup.folder_of(tmp_path)
    for hours in range(0, 24 * 60, 12):  # twice a day for sixty days
        at = NOW - timedelta(hours=hours)
        (folder / f"seamline-{backup.stamped(at)}.db").write_bytes(b"x")
    (folder / "seamline-by-hand.db").write_bytes(b"x")
    backup.prune(tmp_path)
    kept = [each.at for each in backup.backups(tmp_path)]
    # Thursday 19 November back to Friday 13, then the last of three earlier weeks.
    days = [NOW - timedelta(days=1) * back for back in range(7)]
    assert [at.date() for at in kept[:7]] == [at.date() for at in days]
    assert [f"{at:%a %d %b}" for at in kept[7:]] == ["Sun 08 Nov", "Sun 01 Nov"]
    assert (folder / "seamline-by-hand.db").exists()


@pytest.mark.parametrize(
    ("ages", "due"),
    [((), True), ((1,), False), ((25,), True), ((-30,), True), ((-30, 2), False)],
)
def test_a_backup_is_due_when_none_is_younger_than_a_day(
    tmp_path: Path, ages: tuple[int, ...], due: bool
) -> None:
    folder = backup.folder_of(tmp_path)
    for age in ages:  # hours; what is younger than now was made while the clock was wrong
        at = NOW - timedelta(hours=age)
        (folder / f"seamline-{backup.stamped(at)}.db").write_bytes(b"x")
    assert backup.is_due(tmp_path, NOW) is due


def test_a_backup_of_ones_own_replaces_nothing(tmp_path: Path, clock: FakeClock) -> None:
    workspace = make_workspace(tmp_path, clock)
    target = tmp_path / "mine.db"
    assert backup.make_at(workspace.path, KEY, target, NOW).path == target
    with pytest.raises(BadInput, match="there already"):
        backup.make_at(workspace.path, KEY, target, NOW)
    with pytest.raises(BadInput, match="no folder"):
        backup.make_at(workspace.path, KEY, tmp_path / "nowhere" / "mine.db", NOW)
    workspace.close()


def test_restoring_keeps_the_present_file_and_goes_back_with_the_cursors(
    workspace_dir: Path, clock: FakeClock
) -> None:
    workspace = _open(workspace_dir, clock)
    workspace.write(lambda tx: accounts.set_cursor(tx, ACCOUNT, "home", "then")).result()
    take(workspace, said("1", "ada", "Before?"))
    made = backup.make(workspace.path, workspace.key, NOW)
    workspace.write(lambda tx: accounts.set_cursor(tx, ACCOUNT, "home", "now")).result()
    take(workspace, said("2", "ben", "After?"))
    ben = case_id(conversation_id(ACCOUNT, "2"), identity("ben"))
    workspace.write(
        lambda tx: ledger.decide(tx, AgentId("ines"), EventType.CASE_CLOSED, ben)
    ).result()
    key = workspace.key
    workspace.close()

    done = restoring.restore(workspace_dir, key, None, NOW + timedelta(hours=1))
    assert (done.source, done.held) == (made.path, 0)
    assert done.decisions_lost == 1  # that Ben’s case was closed; a rule would open it again
    assert done.kept_aside is not None
    again = _open(workspace_dir, clock)
    assert _messages(again) == ["Before?"]
    assert again.read(lambda conn: accounts.cursor(conn, ACCOUNT, "home")).result() == "then"
    again.close()
    aside = Workspace(done.kept_aside, key, clock)
    assert _messages(aside) == ["Before?", "After?"]
    aside.close()


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=-1)])
def test_a_file_kept_aside_is_never_replaced_by_a_later_one(
    workspace_dir: Path, clock: FakeClock, later: timedelta
) -> None:
    """Two restores within a second, and one after the clock was put back."""
    workspace = _open(workspace_dir, clock)
    take(workspace, said("1", "ada", "Before?"))
    backup.make(workspace.path, workspace.key, NOW)
    take(workspace, said("2", "ben", "After?"))
    key = workspace.key
    workspace.close()
    first = restoring.restore(workspace_dir, key, None, NOW).kept_aside
    second = restoring.restore(workspace_dir, key, None, NOW + later).kept_aside
    assert first is not None
    assert second is not None
    assert second.name > first.name  # so that who finishes it after a crash takes this one
    for aside, messages in ((first, ["Before?", "After?"]), (second, ["Before?"])):
        held = Workspace(aside, key, clock)
        assert _messages(held) == messages
        held.close()


def test_nothing_leaves_because_of_a_restore(workspace_dir: Path, clock: FakeClock) -> None:
    workspace = _open(workspace_dir, clock)
    for state in OutboxState:
        item = make_item(NOW, state=state)
        workspace.write(lambda tx, item=item: outbox.put(tx, item)).result()  # type: ignore[misc]
    key, made = workspace.key, backup.make(workspace.path, workspace.key, NOW)
    workspace.close()

    done = restoring.restore(workspace_dir, key, made.path, NOW)
    final = {OutboxState.SENT, OutboxState.CANCELLED}
    assert done.held == len(set(OutboxState) - final - {OutboxState.FAILED})
    again = _open(workspace_dir, clock)
    assert again.read(outbox.heads).result() == ()
    assert again.write(outbox.recover).result() == ()
    left = again.read(outbox.unfinished).result()
    assert {item.state for item in left} == {OutboxState.FAILED}
    assert len(left) == len(set(OutboxState) - final)
    assert all("look at the service" in item.hint for item in left)
    again.close()


def test_an_open_workspace_is_not_replaced(workspace_dir: Path, clock: FakeClock) -> None:
    workspace = _open(workspace_dir, clock)
    backup.make(workspace.path, workspace.key, NOW)
    before = sorted(path.name for path in workspace_dir.iterdir())
    with pytest.raises(WorkspaceError, match="open in another program"):
        restoring.restore(workspace_dir, workspace.key, None, NOW)
    assert sorted(path.name for path in workspace_dir.iterdir()) == before
    take(workspace, said("1", "ada", "Still here?"))
    workspace.close()


def test_what_is_no_whole_backup_is_refused_and_changes_nothing(
    workspace_dir: Path, tmp_path: Path, clock: FakeClock
) -> None:
    workspace = _open(workspace_dir, clock)
    take(workspace, said("1", "ada", "Here?"))
    key, made = workspace.key, backup.make(workspace.path, workspace.key, NOW)
    workspace.close()
    body = bytearray(made.path.read_bytes())
    body[-2_000] ^= 0xFF
    made.path.write_bytes(body)
    with pytest.raises(WorkspaceError, match="is damaged"):
        restoring.restore(workspace_dir, key, None, NOW)
    with pytest.raises(WorkspaceError, match="There is no backup"):
        restoring.restore(workspace_dir, key, tmp_path / "none.db", NOW)
    stranger = make_workspace(tmp_path, clock)
    stranger.close()
    with pytest.raises(WorkspaceLocked, match="does not open with the key"):
        restoring.restore(workspace_dir, key, stranger.path, NOW)
    again = _open(workspace_dir, clock)
    assert _messages(again) == ["Here?"]
    again.close()


def test_the_name_of_a_backup_is_in_utc() -> None:
    at = datetime.fromisoformat("2026-03-01T00:30:00+02:00")
    assert backup.stamped(at) == backup.stamped(at.astimezone(UTC)) == "2026-02-28T22-30-00Z"
