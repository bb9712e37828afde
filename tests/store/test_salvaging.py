"""What a damaged file still tells is carried into the restored one, and counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.events import EventType
from app.domain.ids import AgentId, CaseId, account_id
from app.domain.interactions import Channel, Kind, Side
from app.domain.outbox import Attachment, OutboxState
from app.domain.replies import Written
from app.store import accounts, backup, drafts, ledger, outbox, restoring, tables
from app.store.archiving import BY_HAND, put_archive
from app.store.bulk import insert_sql, write_rows
from app.store.connection import FileKey
from app.store.database import Tx, Workspace
from app.store.ingest import ingest
from app.store.keychain import Keychain
from app.store.opening import open_workspace
from app.store.reading_around import LAST_ROWID, read_around
from tests.conftest import NOW
from tests.store.building import rows, said, take
from tests.store.damaging import damage_header, damage_page, pages_of
from tests.sync.items import make_item

INES = AgentId("ines")
LATER = NOW + timedelta(hours=5)


def _open(folder: Path, clock: FakeClock) -> Workspace:
    return open_workspace(folder, keychain=Keychain(), clock=clock)


def _decide(workspace: Workspace, case: int, kind: EventType, **data: Any) -> str:
    return workspace.write(lambda tx: ledger.decide(tx, INES, kind, case, data)).result().id


def _note(workspace: Workspace, case: int, text: str) -> str:
    return _decide(workspace, case, EventType.CASE_NOTED, text=text)


def _draft(workspace: Workspace, case: int, text: str, saved_ms: int) -> None:
    blank = {column.name: 0 for column in tables.draft.columns}
    row = blank | {"case_id": case, "text": text, "saved_ms": saved_ms}
    put = insert_sql(tables.draft, replace=True)
    workspace.write(lambda tx: write_rows(tx.conn, put, [row])).result()


def _people_decided(workspace: Workspace) -> set[str]:
    return {row[0] for row in rows(workspace, "SELECT id FROM event WHERE agent <> ''")}


def _case(workspace: Workspace, name: str) -> int:
    found = rows(
        workspace,
        "SELECT c.id FROM case_state AS c JOIN identity AS i ON i.id = c.identity"
        " WHERE i.handle = :handle",
        handle=f"@{name}",
    )
    return int(found[0][0])


@pytest.fixture
def key(workspace_dir: Path, clock: FakeClock) -> FileKey:
    """A workspace of three customers with a backup; afterwards more happens in it."""
    workspace = _open(workspace_dir, clock)
    take(workspace, *(said(name, name, "Where is it?") for name in ("ada", "ben", "cem")))
    _note(workspace, _case(workspace, "ada"), "before the backup")
    _draft(workspace, _case(workspace, "ada"), "Dear Ada", 1_000)
    _draft(workspace, _case(workspace, "cem"), "Dear Cem", 1_000)
    known = workspace.key
    backup.make(workspace.path, known, NOW)
    workspace.close()
    return known


def _spoil(folder: Path, key: FileKey, table: str = "interaction") -> None:
    """Damage one page of messages, which every check finds and no salvage of what channels bring
    again needs."""
    path = folder / "seamline.db"
    wanted = f"SELECT * FROM {table}"  # noqa: S608 - named by a test
    damage_page(path, pages_of(path, key, wanted, folder / "try.db")[0])


def test_decisions_since_the_backup_come_over(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    workspace = _open(workspace_dir, clock)
    take(workspace, said("dora", "dora", "And mine?"))
    ada, dora = _case(workspace, "ada"), _case(workspace, "dora")
    _note(workspace, ada, "after the backup")
    _decide(workspace, ada, EventType.CASE_TAGGED, add=["late"], remove=[])
    _decide(workspace, dora, EventType.CASE_CLOSED)
    decided = _people_decided(workspace)
    before = rows(workspace, "SELECT fold FROM case_state WHERE id = :id", id=ada)
    closed = rows(workspace, "SELECT status FROM case_state WHERE id = :id", id=dora)
    workspace.close()
    _spoil(workspace_dir, key)

    done = restoring.restore(workspace_dir, key, None, LATER)
    assert done.salvaged is not None
    assert (done.salvaged.decisions, done.salvaged.missing, done.salvaged.whole) == (3, 0, True)
    assert done.decisions_lost == 0
    assert done.since == NOW
    again = _open(workspace_dir, clock)
    assert _people_decided(again) == decided
    assert rows(again, "SELECT fold FROM case_state WHERE id = :id", id=ada) == before
    # Dora’s case was opened by her message, and is again when the channel brings it.
    assert rows(again, "SELECT id FROM case_state WHERE id = :id", id=dora) == []
    take(again, said("dora", "dora", "And mine?"))
    assert rows(again, "SELECT status FROM case_state WHERE id = :id", id=dora) == closed
    again.close()


def test_what_no_service_brings_again_comes_over(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    workspace = _open(workspace_dir, clock)
    number = account_id(Channel.EMAIL, BY_HAND, "by-hand")

    def log(tx: Tx) -> None:
        put_archive(
            tx, number, channel=Channel.EMAIL, native_id="by-hand", name="By hand", owner=CARE,
            server=BY_HAND,
        )  # fmt: skip
        call = said("call", "ada", "She called.", kind=Kind.CALL, side=Side.MARKETING)
        ingest(tx, number, [call])

    workspace.write(log).result()
    written = "SELECT i.* FROM interaction AS i WHERE i.account = :number"
    before = rows(workspace, written, number=number)
    workspace.close()
    _spoil(workspace_dir, key, "timeline")

    assert restoring.restore(workspace_dir, key, None, LATER).salvaged is not None
    again = _open(workspace_dir, clock)
    assert rows(again, written, number=number) == before
    again.close()


def test_drafts_come_over_and_what_was_sent_is_no_draft_again(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    workspace = _open(workspace_dir, clock)
    ada, ben, cem = (_case(workspace, name) for name in ("ada", "ben", "cem"))
    _draft(workspace, ada, "Dear Ada, it left", 2_000)
    box = Attachment(name="box.png", mime="image/png", body=b"\x89PNG", description="A box")
    dear_ben = Written(text="Dear Ben", pictures=(box,))
    workspace.write(lambda tx: drafts.put(tx, CaseId(ben), dear_ben)).result()
    workspace.write(
        lambda tx: tx.conn.execute(tables.draft.delete().where(tables.draft.c.case_id == cem))
    ).result()
    workspace.close()
    _spoil(workspace_dir, key)
    done = restoring.restore(workspace_dir, key, None, LATER)
    assert done.salvaged is not None
    assert done.salvaged.drafts == 2
    again = _open(workspace_dir, clock)
    assert set(rows(again, "SELECT case_id, text FROM draft")) == {
        (ada, "Dear Ada, it left"),
        (ben, "Dear Ben"),
    }
    assert again.read(lambda conn: drafts.draft(conn, CaseId(ben))).result() == dear_ben
    again.close()


def test_messages_come_over_and_none_of_them_leaves(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    workspace = _open(workspace_dir, clock)
    picture = Attachment(name="box.png", mime="image/png", body=b"\x89PNG", description="A box")
    items = {state: make_item(NOW, state=state) for state in OutboxState}
    items[OutboxState.QUEUED] = replace(items[OutboxState.QUEUED], attachments=(picture,))
    for item in items.values():
        workspace.write(lambda tx, item=item: outbox.put(tx, item)).result()  # type: ignore[misc]
    workspace.close()
    _spoil(workspace_dir, key)
    done = restoring.restore(workspace_dir, key, None, LATER)
    assert done.salvaged is not None
    final = {OutboxState.SENT, OutboxState.CANCELLED}
    assert done.salvaged.messages == len(OutboxState) - len(final)
    again = _open(workspace_dir, clock)
    assert again.read(outbox.heads).result() == ()
    assert again.write(outbox.recover).result() == ()
    kept = {item.id: item for item in again.read(outbox.unfinished).result()}
    assert {item.state for item in kept.values()} == {OutboxState.FAILED}
    assert kept.keys() == {item.id for state, item in items.items() if state not in final}
    queued = items[OutboxState.QUEUED].id
    assert again.read(lambda conn: outbox.get(conn, queued)).result().attachments == (picture,)
    again.close()


def test_what_the_damaged_file_knows_to_have_left_is_not_held_back(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    workspace = _open(workspace_dir, clock)
    item = make_item(NOW)
    workspace.write(lambda tx: outbox.put(tx, item)).result()
    source = backup.make(workspace.path, key, NOW + timedelta(hours=1)).path
    workspace.write(lambda tx: outbox.claim(tx, item.id)).result()
    workspace.write(lambda tx: outbox.sent(tx, item.id, "900", None)).result()
    workspace.close()
    _spoil(workspace_dir, key)
    done = restoring.restore(workspace_dir, key, source, LATER)
    assert done.held == 0
    again = _open(workspace_dir, clock)
    assert again.read(lambda conn: outbox.get(conn, item.id)).result().state is OutboxState.SENT
    again.close()


def test_an_account_connected_since_comes_over_and_fetches_its_history_again(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    workspace = _open(workspace_dir, clock)
    record = workspace.write(
        lambda tx: accounts.put_account(
            tx,
            channel=Channel.MASTODON,
            server="https://social.example",
            native_id="7",
            handle="@new",
            display_name="New",
            avatar_url="",
            owner=CARE,
        )
    ).result()
    workspace.write(
        lambda tx: accounts.update_account(tx, record.id, history_done=True, synced_ms=1)
    ).result()
    workspace.close()
    _spoil(workspace_dir, key)
    restoring.restore(workspace_dir, key, None, LATER)
    again = _open(workspace_dir, clock)
    (found,) = again.read(accounts.all_accounts).result()
    assert (found.id, found.history_done) == (record.id, False)
    again.close()


def test_a_damaged_page_of_the_ledger_loses_its_own_entries_alone(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    workspace = _open(workspace_dir, clock)
    ada = _case(workspace, "ada")
    wrote = [_note(workspace, ada, f"{number:03} " + "x" * 150) for number in range(120)]
    workspace.close()
    path = workspace_dir / "seamline.db"
    hit = pages_of(path, key, "SELECT data FROM event NOT INDEXED", workspace_dir / "try.db")
    assert len(hit) > 4
    damage_page(path, hit[len(hit) // 2])  # a leaf in the middle
    done = restoring.restore(workspace_dir, key, None, LATER)
    assert done.salvaged is not None
    again = _open(workspace_dir, clock)
    there = _people_decided(again)
    again.close()
    lost = [note for note in wrote if note not in there]
    assert 0 < len(lost) < 40
    assert done.decisions_lost == done.salvaged.missing == len(lost)
    assert done.salvaged.decisions == len(wrote) - len(lost)


def test_where_the_end_of_the_ledger_is_lost_nobody_can_count(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    workspace = _open(workspace_dir, clock)
    ada = _case(workspace, "ada")
    for number in range(60):
        _note(workspace, ada, f"{number:03} " + "x" * 150)
    workspace.close()
    path = workspace_dir / "seamline.db"
    last = "SELECT data FROM event NOT INDEXED ORDER BY rowid DESC LIMIT 1"
    leaf = pages_of(path, key, last, workspace_dir / "try.db")[-1]
    damage_page(path, leaf)
    done = restoring.restore(workspace_dir, key, None, LATER)
    assert done.salvaged is not None
    assert done.decisions_lost is None
    assert done.salvaged.decisions > 0


def test_behind_a_damaged_header_nothing_is_read(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    damage_header(workspace_dir / "seamline.db")
    done = restoring.restore(workspace_dir, key, None, LATER)
    assert done.salvaged is not None
    assert (done.salvaged.decisions, done.salvaged.missing, done.salvaged.whole) == (0, None, False)
    _open(workspace_dir, clock).close()


def test_from_a_file_that_is_whole_nothing_is_carried_over(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    workspace = _open(workspace_dir, clock)
    _note(workspace, _case(workspace, "ada"), "to be gone")
    workspace.close()
    done = restoring.restore(workspace_dir, key, None, LATER)
    assert (done.salvaged, done.decisions_lost) == (None, 1)


def test_a_table_is_read_around_every_pair_of_damaged_pages(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    """Whichever two leaves are lost, rows between and around them are found, and none twice."""
    workspace = _open(workspace_dir, clock)
    ada = _case(workspace, "ada")
    for number in range(120):
        _note(workspace, ada, f"{number:03} " + "x" * 150)
    total = int(rows(workspace, "SELECT count(*) FROM event")[0][0])
    workspace.close()
    path, other = workspace_dir / "seamline.db", workspace_dir / "other.db"
    leaves = pages_of(path, key, "SELECT data FROM event NOT INDEXED", other)
    whole = path.read_bytes()
    for first, second in ((leaves[1], leaves[-2]), (leaves[2], leaves[3]), (leaves[1], leaves[3])):
        other.write_bytes(whole)
        damage_page(other, first)
        damage_page(other, second)
        read = read_around(other, key, tables.event)
        ids = [row["id"] for row in read.rows]
        assert len(ids) == len(set(ids))
        unread = sum(end - start + 1 for start, end in read.gaps if end != LAST_ROWID)
        assert read.gaps
        assert len(ids) + unread >= total - 20
        assert len(ids) > total // 2


def test_rules_decide_anew_and_are_not_carried_over(
    workspace_dir: Path, clock: FakeClock, key: FileKey
) -> None:
    workspace = _open(workspace_dir, clock)
    take(workspace, said("dora", "dora", "And mine?"))
    workspace.close()
    _spoil(workspace_dir, key)
    restoring.restore(workspace_dir, key, None, LATER)
    again = _open(workspace_dir, clock)
    by_rule = "SELECT count(*) FROM event WHERE agent = ''"
    assert rows(again, by_rule) == [(3,)]
    take(again, said("dora", "dora", "And mine?"))
    assert rows(again, by_rule) == [(4,)]
    again.close()
