"""The moves of an outbox item as the workspace stores them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from app.domain.changes import ChangeSet
from app.domain.clock import FakeClock, to_ms
from app.domain.errors import BadInput, NotFound
from app.domain.ids import AccountId, CaseId, ConversationId, InteractionUid, OutboxId
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment, OutboxItem, OutboxState
from app.store import outbox
from app.store.database import Tx, Workspace
from tests.sync.items import make_item
from tests.sync.workspaces import make_workspace


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    yield made
    made.close()


def put(workspace: Workspace, item: OutboxItem) -> OutboxItem:
    return workspace.write(lambda tx: outbox.put(tx, item)).result()


def get(workspace: Workspace, item: OutboxItem) -> OutboxItem:
    return workspace.read(lambda conn: outbox.get(conn, item.id)).result()


def claim(workspace: Workspace, item: OutboxItem) -> OutboxItem | None:
    return workspace.write(lambda tx: outbox.claim(tx, item.id)).result()


def moved(
    workspace: Workspace, item: OutboxItem, move: Callable[[Tx, OutboxId], OutboxItem]
) -> OutboxItem:
    return workspace.write(lambda tx: move(tx, item.id)).result()


def fail(workspace: Workspace, item: OutboxItem) -> OutboxItem:
    return workspace.write(
        lambda tx: outbox.failed(tx, item.id, error="The post is gone.", hint="Discard it.")
    ).result()


def put_back(workspace: Workspace, item: OutboxItem, later: datetime) -> OutboxItem:
    return workspace.write(lambda tx: outbox.put_back(tx, item.id, not_before=later)).result()


def fronts(workspace: Workspace) -> list[OutboxId]:
    return [head.id for head in workspace.read(outbox.heads).result()]


def test_an_item_comes_back_as_it_was_put(workspace: Workspace, clock: FakeClock) -> None:
    item = make_item(
        clock.now(),
        text="Grüße 👋",
        warning="spoiler",
        language="de",
        visibility=Visibility.DIRECT,
        mention="@ana@shop.example",
        attachments=(
            Attachment("a.png", "image/png", b"\x89PNG", "a cup"),
            Attachment("b.jpg", "image/jpeg", b"\xff\xd8", ""),
        ),
    )
    put(workspace, item)
    assert get(workspace, item) == item
    (listed,) = workspace.read(outbox.unfinished).result()
    assert listed.attachments == ()
    assert listed.text == "Grüße 👋"


def test_what_is_not_there_is_named(workspace: Workspace) -> None:
    with pytest.raises(NotFound, match="not in the outbox"):
        workspace.read(lambda conn: outbox.get(conn, OutboxId("nothing"))).result()


def test_an_item_is_claimed_once_and_only_when_due(workspace: Workspace, clock: FakeClock) -> None:
    item = put(workspace, make_item(clock.now(), undo_s=6))
    assert claim(workspace, item) is None
    clock.set(clock.now() + timedelta(seconds=6))
    claimed = claim(workspace, item)
    assert claimed is not None
    assert claimed.state is OutboxState.SENDING
    assert claimed.attempts == 1
    assert claimed.attempted_at == clock.now()
    assert claim(workspace, item) is None


def test_taking_back_and_claiming_exclude_each_other(
    workspace: Workspace, clock: FakeClock
) -> None:
    first = put(workspace, make_item(clock.now(), lane=1))
    second = put(workspace, make_item(clock.now(), lane=2))
    moved(workspace, first, outbox.cancel)
    assert claim(workspace, first) is None
    assert claim(workspace, second) is not None
    with pytest.raises(BadInput, match="already on its way") as refused:
        moved(workspace, second, outbox.cancel)
    assert refused.value.hint == "Delete the reply once it has arrived."
    assert get(workspace, second).state is OutboxState.SENDING


@pytest.mark.parametrize("held_by", [OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.QUEUED])
def test_a_lane_goes_in_order(workspace: Workspace, clock: FakeClock, held_by: OutboxState) -> None:
    first = put(workspace, make_item(clock.now(), undo_s=0))
    clock.set(clock.now() + timedelta(seconds=1))
    second = put(workspace, make_item(clock.now(), undo_s=0))
    if held_by is not OutboxState.QUEUED:
        assert claim(workspace, first) is not None
    if held_by is OutboxState.UNKNOWN:
        later = clock.now() + timedelta(hours=1)
        workspace.write(
            lambda tx: outbox.unknown(tx, first.id, not_before=later, error="Lost.")
        ).result()
    assert fronts(workspace) == [first.id]
    assert claim(workspace, second) is None


def test_a_failure_for_good_leaves_the_lane(workspace: Workspace, clock: FakeClock) -> None:
    first = put(workspace, make_item(clock.now()))
    second = put(workspace, make_item(clock.now()))
    claim(workspace, first)
    fail(workspace, first)
    assert fronts(workspace) == [second.id]
    assert claim(workspace, second) is not None


def test_what_was_in_the_air_is_unknown_after_a_start(
    workspace: Workspace, clock: FakeClock
) -> None:
    item = put(workspace, make_item(clock.now()))
    claim(workspace, item)
    assert workspace.write(outbox.recover).result() == (item.id,)
    left = get(workspace, item)
    assert left.state is OutboxState.UNKNOWN
    assert left.not_before == clock.now()
    assert workspace.write(outbox.recover).result() == ()


def test_sent_is_the_end(workspace: Workspace, clock: FakeClock) -> None:
    item = put(workspace, make_item(clock.now()))
    claim(workspace, item)
    workspace.write(lambda tx: outbox.sent(tx, item.id, "42", InteractionUid(7))).result()
    assert get(workspace, item).native_id == "42"
    assert fronts(workspace) == []
    assert workspace.read(outbox.unfinished).result() == ()
    for move in (outbox.cancel, outbox.discard, outbox.retry, outbox.send_now, outbox.arrived):
        with pytest.raises(BadInput, match="has been sent"):
            moved(workspace, item, move)


def test_retrying_an_unknown_only_looks_it_up_sooner(
    workspace: Workspace, clock: FakeClock
) -> None:
    item = put(workspace, make_item(clock.now()))
    claim(workspace, item)
    later = clock.now() + timedelta(hours=1)
    workspace.write(
        lambda tx: outbox.unknown(tx, item.id, not_before=later, error="Lost.")
    ).result()
    retried = moved(workspace, item, outbox.retry)
    assert retried.state is OutboxState.UNKNOWN
    assert retried.not_before == clock.now()


def test_an_agent_who_saw_it_arrive_settles_it(workspace: Workspace, clock: FakeClock) -> None:
    item = put(workspace, make_item(clock.now()))
    claim(workspace, item)
    workspace.write(outbox.recover).result()
    settled = moved(workspace, item, outbox.arrived)
    assert settled.state is OutboxState.SENT


def test_a_failed_item_is_retried_or_discarded(workspace: Workspace, clock: FakeClock) -> None:
    items = [put(workspace, make_item(clock.now(), lane=lane)) for lane in (1, 2)]
    for item in items:
        claim(workspace, item)
        fail(workspace, item)
    again = moved(workspace, items[0], outbox.retry)
    assert (again.state, again.error) == (OutboxState.QUEUED, "")
    gone = moved(workspace, items[1], outbox.discard)
    assert gone.state is OutboxState.CANCELLED


def test_send_now_ends_the_undo_window(workspace: Workspace, clock: FakeClock) -> None:
    item = put(workspace, make_item(clock.now(), undo_s=6))
    moved(workspace, item, outbox.send_now)
    assert claim(workspace, item) is not None


def test_hastening_leaves_undo_windows_alone(workspace: Workspace, clock: FakeClock) -> None:
    fresh = put(workspace, make_item(clock.now(), lane=1, undo_s=6))
    tried = put(workspace, make_item(clock.now(), lane=2))
    elsewhere = put(workspace, make_item(clock.now(), lane=3, account=2))
    later = clock.now() + timedelta(minutes=5)
    for item in (tried, elsewhere):
        claim(workspace, item)
        put_back(workspace, item, later)
    moved = workspace.write(lambda tx: outbox.hasten(tx, AccountId(1))).result()
    assert moved == 1
    assert get(workspace, tried).not_before == clock.now()
    assert get(workspace, elsewhere).not_before == later
    assert get(workspace, fresh).not_before == clock.now() + timedelta(seconds=6)


def test_waiting_counts_what_waits_for_no_person(workspace: Workspace, clock: FakeClock) -> None:
    items = [put(workspace, make_item(clock.now(), lane=lane)) for lane in range(4)]
    for item in items[1:]:
        claim(workspace, item)
    workspace.write(
        lambda tx: outbox.failed(tx, items[1].id, error="No.", hint="Edit it.")
    ).result()
    workspace.write(
        lambda tx: outbox.unknown(tx, items[2].id, not_before=clock.now(), error="Lost.")
    ).result()
    assert workspace.read(outbox.waiting_count).result() == 2  # one queued, one unknown


def test_every_move_is_announced_with_its_case(workspace: Workspace, clock: FakeClock) -> None:
    announced: list[ChangeSet] = []
    workspace.on_commit(announced.append)
    item = put(workspace, make_item(clock.now(), case=CaseId(5)))
    claim(workspace, item)
    assert [(change.outbox, change.cases) for change in announced] == [({item.id}, {5})] * 2


def test_the_front_is_found_through_its_index(workspace: Workspace) -> None:
    def plan(conn: Connection) -> str:
        rows = conn.exec_driver_sql(
            "EXPLAIN QUERY PLAN "
            + str(outbox._HOLDING.compile(compile_kwargs={"literal_binds": True}))
        )
        return " ".join(str(row[-1]) for row in rows)

    assert "USING INDEX outbox_waiting" in workspace.read(plan).result()


def test_times_survive_to_the_millisecond(workspace: Workspace, clock: FakeClock) -> None:
    item = put(workspace, make_item(clock.now() + timedelta(milliseconds=7), lane=9))
    back = get(workspace, item)
    assert to_ms(back.created_at) == to_ms(item.created_at)
    assert back.lane == ConversationId(9)
