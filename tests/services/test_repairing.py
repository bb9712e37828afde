"""Which backup a damaged workspace is offered, and what is said after it was put back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from app.domain.clock import FakeClock
from app.domain.errors import WorkspaceError
from app.services.recovered import told
from app.services.repairing import Repair, WorkspaceDamaged
from app.store import backup
from app.store.database import Workspace
from app.store.keychain import Keychain
from app.store.opening import open_workspace
from app.store.restoring import Restored
from app.store.salvaging import Salvaged
from tests.conftest import NOW
from tests.store.building import rows, said, take
from tests.store.damaging import cut_short, damage_header, damage_page

SINCE = datetime(2026, 11, 21, 9, 12, tzinfo=UTC)
DONE = Restored(
    source=Path("seamline-2026-11-21T09-12-00Z.db"),
    since=SINCE,
    until=SINCE + timedelta(hours=5, minutes=18),
    kept_aside=Path("before-restore-x.db"),
    held=0,
    salvaged=Salvaged(missing=0, whole=True),
    decisions_lost=0,
)
SPAN = "between 09:12 and 14:30 on 21 November"


def _open(folder: Path, clock: FakeClock, passphrase: str = "") -> Workspace:
    return open_workspace(folder, keychain=Keychain(), clock=clock, passphrase=passphrase)


def _furnish(folder: Path, clock: FakeClock, passphrase: str = "") -> list[Path]:
    """Two backups, of one and of two messages; newest last."""
    workspace = _open(folder, clock, passphrase)
    made = []
    for number in (1, 2):
        take(workspace, said(str(number), "ada", f"Where is it? {number}"))
        at = NOW + timedelta(days=number)
        made.append(backup.make(workspace.path, workspace.key, at).path)
    workspace.close()
    return made


@pytest.mark.parametrize("passphrase", ["", "open sesame"])
def test_the_newest_whole_backup_is_offered_and_put_back(
    workspace_dir: Path, clock: FakeClock, passphrase: str
) -> None:
    made = _furnish(workspace_dir, clock, passphrase)
    database = workspace_dir / "seamline.db"
    damage_header(database)
    damaged = database.read_bytes()
    with pytest.raises(WorkspaceDamaged) as refused:
        _open(workspace_dir, clock, passphrase)
    assert refused.value.folder == workspace_dir
    repair = Repair(workspace_dir, passphrase, clock)
    offer = repair.look().result()
    assert offer is not None
    assert (offer.backup.path, offer.interactions) == (made[1], 2)
    done = repair.restore(offer).result()
    assert done.kept_aside is not None
    assert done.kept_aside.read_bytes() == damaged
    again = _open(workspace_dir, clock, passphrase)
    assert rows(again, "SELECT count(*) FROM interaction") == [(2,)]
    again.close()


def test_a_backup_that_is_cut_short_or_damaged_is_not_offered(
    workspace_dir: Path, clock: FakeClock
) -> None:
    older, newer = _furnish(workspace_dir, clock)
    database = workspace_dir / "seamline.db"
    damage_header(database)
    cut_short(newer, 1)
    with pytest.raises(WorkspaceDamaged, match="20 November 2026, 10:45 UTC"):
        _open(workspace_dir, clock)  # what a glance can tell
    offer = Repair(workspace_dir, "", clock).look().result()
    assert offer is not None
    assert (offer.backup.path, offer.interactions) == (older, 1)
    damage_page(older, 5)  # what only reading all of it can tell
    assert Repair(workspace_dir, "", clock).look().result() is None


def test_without_a_whole_backup_nothing_is_changed(workspace_dir: Path, clock: FakeClock) -> None:
    _, newer = _furnish(workspace_dir, clock)
    repair = Repair(workspace_dir, "", clock)
    offer = repair.look().result()
    assert offer is not None
    damage_page(newer, 3)
    before = {path.name for path in workspace_dir.rglob("*")}
    with pytest.raises(WorkspaceError, match="is damaged"):
        repair.restore(offer).result()
    assert {path.name for path in workspace_dir.rglob("*")} == before
    _open(workspace_dir, clock).close()


@pytest.mark.parametrize(
    ("salvaged", "sentence"),
    [
        (Salvaged(missing=0, whole=True), "Nothing that was decided or written since is missing."),
        (
            Salvaged(2, 1, 1, missing=0, whole=True),
            "2 decisions, 1 draft and 1 unsent message made since came over from the damaged file.",
        ),
        (Salvaged(), f"Decisions made {SPAN} could not be recovered."),
        (Salvaged(decisions=4), f"Further decisions made {SPAN} could not be recovered."),
        (Salvaged(missing=3), f"Up to 3 decisions made {SPAN} could not be recovered."),
        (Salvaged(missing=0), f"Drafts and unsent messages written {SPAN} may be missing."),
    ],
)
def test_it_says_what_came_over_and_what_could_not(salvaged: Salvaged, sentence: str) -> None:
    sentences = told(replace(DONE, salvaged=salvaged), UTC)
    assert sentence in sentences
    assert sentences[0] == "The workspace is as it was on 21 November, 09:12."
    assert sentences[-1] == "The damaged file is kept as before-restore-x.db."


def test_the_span_is_told_in_the_zone_of_whoever_reads_it() -> None:
    lost = replace(DONE, salvaged=Salvaged())
    east = timezone(timedelta(hours=11))
    between = "between 21 November, 20:12 and 22 November, 01:30"
    assert f"Decisions made {between} could not be recovered." in told(lost, east)
    # A clock that was put back since: nobody knows until when.
    back = replace(lost, until=SINCE - timedelta(hours=1))
    assert "Decisions made since 21 November, 09:12 could not be recovered." in told(back, UTC)


def test_what_is_held_back_is_told() -> None:
    assert told(replace(DONE, held=1), UTC)[2].startswith("1 message held back in the outbox:")
    assert told(replace(DONE, held=2), UTC)[2].startswith("2 messages held back in the outbox:")


def test_going_back_from_a_whole_file_says_what_stayed_behind() -> None:
    whole = replace(DONE, salvaged=None, decisions_lost=2)
    assert told(whole, UTC) == (
        "The workspace is as it was on 21 November, 09:12.",
        "2 decisions since the backup stayed behind.",
        "What was there is kept as before-restore-x.db.",
    )
