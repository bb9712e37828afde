"""The runner's promises one by one; ``test_outbox_machine`` plays them all at once."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest

from app.domain.changes import ChangeSet
from app.domain.errors import SeamlineError
from app.domain.ids import AccountId, OutboxId, interaction_uid
from app.domain.outbox import Act, OutboxItem, OutboxState
from app.store import outbox
from app.store.database import Workspace
from app.store.ingest import ingest
from app.store.locking import FileLock
from app.sync.outbox_runner import AT_ONCE
from tests.sync.fake_connector import FakeService, Fault
from tests.sync.hand_time import HandTime, until
from tests.sync.items import make_item, mention
from tests.sync.runners import make_pool, make_runner


def put(workspace: Workspace, item: OutboxItem) -> OutboxItem:
    return workspace.write(lambda tx: outbox.put(tx, item)).result()


def state(workspace: Workspace, item: OutboxItem) -> OutboxItem:
    return workspace.read(lambda conn: outbox.get(conn, item.id)).result()


def arrived(service: FakeService) -> list[OutboxId]:
    return [item.id for item in service.arrived]


def drain(workspace: Workspace, service: FakeService, time: HandTime) -> None:
    asyncio.run(make_runner(workspace, service, time.pauses).drain())


def test_what_is_sent_becomes_a_solid_fact_in_the_same_commit(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    now = time.clock.now()
    workspace.write(lambda tx: ingest(tx, AccountId(1), [mention("100", now)])).result()
    item = put(workspace, make_item(now))
    seen: list[tuple[OutboxState, int]] = []

    def look(_change: object) -> None:
        # On the writer thread, right after the commit: the reader sees both or neither.
        rows = workspace.read(
            lambda conn: (
                outbox.get(conn, item.id).state,
                conn.exec_driver_sql(
                    "SELECT count(*) FROM interaction WHERE direction = 2"
                ).scalar_one(),
            )
        )
        seen.append(rows.result())

    workspace.on_commit(look)
    drain(workspace, service, time)
    assert (OutboxState.SENT, 1) in seen
    assert (OutboxState.SENT, 0) not in seen
    assert (OutboxState.SENDING, 1) not in seen
    uid = workspace.read(
        lambda conn: conn.exec_driver_sql("SELECT uid FROM outbox").scalar_one()
    ).result()
    assert uid == interaction_uid(AccountId(1), f"sent-{item.id}")


def test_a_delivered_delete_marks_the_interaction(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    now = time.clock.now()
    workspace.write(lambda tx: ingest(tx, AccountId(1), [mention("100", now)])).result()
    put(workspace, make_item(now, act=Act.DELETE, target="100"))
    drain(workspace, service, time)
    deleted = workspace.read(
        lambda conn: conn.exec_driver_sql(
            "SELECT deleted_ms IS NOT NULL FROM interaction WHERE native_id = '100'"
        ).scalar_one()
    ).result()
    assert deleted == 1


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        (Fault.NO_ROUTE, OutboxState.QUEUED),
        (Fault.SLOW_DOWN, OutboxState.QUEUED),
        (Fault.LOST_REQUEST, OutboxState.UNKNOWN),
        (Fault.LOST_ANSWER, OutboxState.UNKNOWN),
        (Fault.NONSENSE, OutboxState.UNKNOWN),
        (Fault.BUG_AFTER, OutboxState.UNKNOWN),
        (Fault.REJECTED, OutboxState.FAILED),
        (Fault.SIGNED_OUT, OutboxState.FAILED),
    ],
)
def test_where_each_failure_leaves_an_item(
    workspace: Workspace, service: FakeService, time: HandTime, fault: Fault, left: OutboxState
) -> None:
    item = put(workspace, make_item(time.clock.now()))
    service.faults.append(fault)
    drain(workspace, service, time)
    held = state(workspace, item)
    assert held.state is left
    assert held.error
    assert held.hint or fault is Fault.SLOW_DOWN


def test_an_unknown_is_looked_up_and_never_sent_blindly(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    item = put(workspace, make_item(time.clock.now()))
    service.faults.append(Fault.LOST_ANSWER)
    service.blind = 1
    drain(workspace, service, time)
    for _ in range(2):  # the first look-up cannot tell, the second finds it
        time.clock.set(time.clock.now() + timedelta(minutes=1))
        drain(workspace, service, time)
    assert state(workspace, item).state is OutboxState.SENT
    assert service.attempts == [item.id]
    assert service.looked_up == [item.id, item.id]


def test_a_rate_limit_rests_the_whole_account(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    async def play() -> None:
        runner = make_runner(workspace, service, time.pauses)
        put(workspace, make_item(time.clock.now(), lane=1))
        service.faults.append(Fault.SLOW_DOWN)
        await runner.drain()
        other = put(workspace, make_item(time.clock.now(), lane=2))
        await runner.drain()
        assert service.arrived == []
        time.advance(121)
        await runner.drain()
        assert other.id in arrived(service)

    asyncio.run(play())


def test_a_temporary_failure_holds_its_lane_and_no_other(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    now = time.clock.now()
    first, second = (put(workspace, make_item(now, lane=1)) for _ in range(2))
    service.faults.append(Fault.NO_ROUTE)
    drain(workspace, service, time)
    other = put(workspace, make_item(now, lane=2))
    drain(workspace, service, time)
    assert arrived(service) == [other.id]
    time.clock.set(now + timedelta(minutes=1))
    drain(workspace, service, time)
    assert arrived(service) == [other.id, first.id, second.id]


def test_lanes_go_side_by_side_but_not_too_many(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    async def play() -> None:
        service.gate = asyncio.Event()
        runner = make_runner(workspace, service, time.pauses)
        for lane in range(AT_ONCE + 3):
            put(workspace, make_item(time.clock.now(), lane=lane))
        draining = asyncio.create_task(runner.drain())
        await until(lambda: service.in_the_air == AT_ONCE)
        service.gate.set()
        await draining
        assert service.most_in_the_air == AT_ONCE
        assert len(service.arrived) == AT_ONCE + 3

    asyncio.run(play())


def test_live_it_sends_when_the_undo_window_ends(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    async def play() -> None:
        runner = make_runner(workspace, service, time.pauses)
        loop = asyncio.get_running_loop()

        def wake(_change: ChangeSet) -> None:
            loop.call_soon_threadsafe(runner.wake)

        workspace.on_commit(wake)
        running = asyncio.create_task(runner.run())
        await until(lambda: time.longest_sleep > 0)
        item = put(workspace, make_item(time.clock.now(), undo_s=6))
        await until(lambda: 0 < time.longest_sleep <= 6)
        time.advance(5)
        assert service.attempts == []
        time.advance(1)
        await until(lambda: arrived(service) == [item.id])
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(play())


def test_stopping_in_the_middle_leaves_an_unknown(
    workspace: Workspace,
    service: FakeService,
    time: HandTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.sync.outbox_runner.GRACE_S", 0.01)
    item = put(workspace, make_item(time.clock.now()))

    async def play() -> None:
        service.gate = asyncio.Event()
        running = asyncio.create_task(make_runner(workspace, service, time.pauses).run())
        await until(lambda: service.in_the_air == 1)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(play())
    workspace.write(lambda _tx: None).result()  # whatever was handed to the writer is done
    held = state(workspace, item)
    assert held.state is OutboxState.UNKNOWN
    assert held.error == "Seamline stopped while this was being sent."


def test_no_other_program_delivers_before_what_became_of_an_attempt_is_written_down(
    workspace: Workspace,
    service: FakeService,
    time: HandTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.sync.outbox_runner.GRACE_S", 0.01)
    item = put(workspace, make_item(time.clock.now()))
    at_release: list[OutboxState] = []
    release = FileLock.release

    def noting(lock: FileLock) -> None:
        if lock.held:
            at_release.append(state(workspace, item).state)
        release(lock)

    monkeypatch.setattr(FileLock, "release", noting)
    busy = threading.Event()

    async def play() -> None:
        service.gate = asyncio.Event()
        running = asyncio.create_task(make_runner(workspace, service, time.pauses).run())
        await until(lambda: service.in_the_air == 1)
        workspace.write(lambda _tx: busy.wait(30.0))
        running.cancel()
        await until(lambda: service.in_the_air == 0)
        for _ in range(20):  # as many turns as it takes to let go at once
            await asyncio.sleep(0)
        busy.set()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(play())
    assert at_release == [OutboxState.UNKNOWN]


def test_only_one_program_delivers(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    put(workspace, make_item(time.clock.now()))
    other = FileLock(workspace.path.with_name("outbox.lock"))
    assert other.acquire()
    drain(workspace, service, time)
    assert service.attempts == []
    other.release()
    drain(workspace, service, time)
    assert len(service.arrived) == 1


@pytest.mark.parametrize(
    ("sample", "known", "words"),
    [
        (True, True, "The sample workspace sends nothing."),
        (False, False, "The account this belongs to is no longer connected."),
    ],
)
def test_an_account_without_an_outside_sends_nothing(
    workspace: Workspace,
    service: FakeService,
    time: HandTime,
    sample: bool,
    known: bool,
    words: str,
) -> None:
    item = put(workspace, make_item(time.clock.now()))
    pool = make_pool(service, sample=sample, known=known)
    asyncio.run(make_runner(workspace, service, time.pauses, pool=pool).drain())
    held = state(workspace, item)
    assert (held.state, held.error) == (OutboxState.FAILED, words)
    assert service.attempts == []


def test_each_attempt_is_heard(workspace: Workspace, service: FakeService, time: HandTime) -> None:
    heard: list[SeamlineError | None] = []
    put(workspace, make_item(time.clock.now()))
    service.faults.append(Fault.NO_ROUTE)

    async def play() -> None:
        runner = make_runner(
            workspace, service, time.pauses, heard=lambda _account, error: heard.append(error)
        )
        await runner.drain()
        time.advance(60)
        await runner.drain()

    asyncio.run(play())
    assert [str(error) if error else None for error in heard] == [
        "home.example did not answer. It is tried again.",
        None,
    ]


def test_when_the_network_returns_nobody_waits_for_the_next_try(
    workspace: Workspace, service: FakeService, time: HandTime
) -> None:
    item = put(workspace, make_item(time.clock.now()))
    service.faults.append(Fault.NO_ROUTE)

    async def play() -> None:
        runner = make_runner(workspace, service, time.pauses)
        await runner.drain()
        assert service.arrived == []
        await runner.hasten()
        await runner.drain()

    asyncio.run(play())
    assert arrived(service) == [item.id]
