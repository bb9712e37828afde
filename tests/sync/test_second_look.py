"""A reply does not leave over what its agent has not seen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.connectors.base import Page
from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.errors import BadInput, ContractBroken, Unreachable
from app.domain.ids import AccountId, AgentId, OutboxId, interaction_uid
from app.domain.interactions import InteractionFact
from app.domain.outbox import OutboxItem, OutboxState
from app.store import outbox, queues, settings, timelines
from app.store.database import Workspace
from app.store.ingest import ingest
from app.store.known import Known
from app.sync import second_look
from app.sync.second_look import what_changed
from tests.sync.fake_connector import FakeConnector, FakeService, Fault
from tests.sync.hand_time import HandTime
from tests.sync.items import make_item, mention, own_post
from tests.sync.runners import make_runner
from tests.sync.workspaces import make_workspace, reopen

ACCOUNT = AccountId(1)


@pytest.fixture
def workspace(tmp_path: Path, clock: FakeClock) -> Iterator[Workspace]:
    made = make_workspace(tmp_path, clock)
    take(made, asked(clock))
    yield made
    made.close()


def asked(clock: FakeClock) -> InteractionFact:
    return mention("100", clock.now() - timedelta(minutes=5))


def colleague(clock: FakeClock) -> InteractionFact:
    return own_post("101", clock.now() - timedelta(minutes=1), "It is on its way.", "100")


def take(workspace: Workspace, *facts: InteractionFact) -> None:
    workspace.write(lambda tx: ingest(tx, ACCOUNT, facts)).result()


def put(workspace: Workspace, item: OutboxItem) -> OutboxItem:
    return workspace.write(lambda tx: outbox.put(tx, item)).result()


def state(workspace: Workspace, item: OutboxItem) -> OutboxItem:
    return workspace.read(lambda conn: outbox.get(conn, item.id)).result()


def drain(workspace: Workspace, service: FakeService, time: HandTime) -> None:
    asyncio.run(make_runner(workspace, service, time.pauses).drain())


def arrived(service: FakeService) -> list[OutboxId]:
    return [item.id for item in service.arrived]


def test_an_answer_of_a_colleague_holds_it_and_stands_in_the_timeline(
    workspace: Workspace, service: FakeService, time: HandTime, clock: FakeClock
) -> None:
    item = put(workspace, make_item(clock.now()))
    service.threads["100"] = Page((asked(clock), colleague(clock)))
    drain(workspace, service, time)
    held = state(workspace, item)
    assert held.state is OutboxState.HELD
    assert held.error == "This was answered meanwhile, by a colleague or another program."
    assert "send it anyway" in held.hint
    assert service.attempts == []
    counted = workspace.read(
        lambda conn: queues.counts(conn, me=AgentId("ines"), mine=CARE, departments=())
    ).result()
    assert (counted.outbox_failed, counted.outbox_waiting) == (1, 0)
    uid = interaction_uid(ACCOUNT, "101")
    shown = workspace.read(lambda conn: timelines.interaction(conn, uid)).result()
    assert shown is not None
    assert shown.text == "It is on its way."


def test_what_another_pull_brought_after_writing_holds_it_too(
    workspace: Workspace, service: FakeService, time: HandTime, clock: FakeClock
) -> None:
    """Written without a network; the colleague's answer is older, and comes before it leaves."""
    item = put(workspace, make_item(clock.now()))
    take(workspace, colleague(clock))
    service.threads["100"] = Unreachable("home.example did not answer.")
    drain(workspace, service, time)
    assert state(workspace, item).state is OutboxState.HELD


def test_what_the_agent_could_see_while_writing_does_not(
    workspace: Workspace, service: FakeService, time: HandTime, clock: FakeClock
) -> None:
    take(workspace, colleague(clock))
    item = put(workspace, make_item(clock.now()))
    service.threads["100"] = Page((asked(clock), colleague(clock)))
    drain(workspace, service, time)
    assert arrived(service) == [item.id]


def test_an_edit_and_a_deletion_hold_it(
    workspace: Workspace, service: FakeService, time: HandTime, clock: FakeClock
) -> None:
    edited = put(workspace, make_item(clock.now(), lane=1))
    service.threads["100"] = Page((replace(asked(clock), text="It has come."),))
    drain(workspace, service, time)
    assert state(workspace, edited).error == "The message this answers was edited meanwhile."
    deleted = put(workspace, make_item(clock.now(), lane=2))
    service.threads.clear()  # a thread that is not shown proves nothing …
    service.pages["refetch"].append(Page((), gone=("100",)))  # … asking for the post itself does
    drain(workspace, service, time)
    assert state(workspace, deleted).error == "The message this answers was deleted meanwhile."
    assert service.attempts == []


def test_our_own_answers_written_here_hold_nothing(
    workspace: Workspace, service: FakeService, time: HandTime, clock: FakeClock
) -> None:
    items = [put(workspace, make_item(clock.now())) for _ in range(3)]
    drain(workspace, service, time)
    assert arrived(service) == [item.id for item in items]


def test_sent_anyway_it_leaves_and_so_does_what_waited_behind_it(
    workspace: Workspace, service: FakeService, time: HandTime, clock: FakeClock
) -> None:
    first, second = (put(workspace, make_item(clock.now())) for _ in range(2))
    other = put(workspace, make_item(clock.now(), lane=2, target="unrelated"))
    service.threads["100"] = Page((asked(clock), colleague(clock)))
    drain(workspace, service, time)
    assert arrived(service) == [other.id]
    assert state(workspace, second).state is OutboxState.QUEUED, "order: it waits its turn"
    again = reopen(workspace)  # the decision has to survive, as the question does
    again.write(lambda tx: outbox.retry(tx, first.id)).result()
    drain(again, service, time)
    assert arrived(service) == [other.id, first.id]
    assert state(again, second).state is OutboxState.HELD
    again.write(lambda tx: outbox.discard(tx, second.id)).result()
    drain(again, service, time)
    assert state(again, second).state is OutboxState.CANCELLED
    assert arrived(service) == [other.id, first.id]
    again.close()


@pytest.mark.parametrize(
    "obstacle", [Unreachable("No route."), ContractBroken("It answered something else.")]
)
def test_what_cannot_be_looked_at_is_sent(
    workspace: Workspace,
    service: FakeService,
    time: HandTime,
    clock: FakeClock,
    obstacle: Exception,
) -> None:
    item = put(workspace, make_item(clock.now()))
    service.threads["100"] = obstacle
    drain(workspace, service, time)
    assert arrived(service) == [item.id]


def test_a_service_that_never_answers_does_not_keep_it(
    workspace: Workspace,
    service: FakeService,
    time: HandTime,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(_self: FakeConnector, _native_id: str) -> Page:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(FakeConnector, "thread", never)
    monkeypatch.setattr(second_look, "PATIENCE_S", 0.01)
    item = put(workspace, make_item(clock.now()))
    drain(workspace, service, time)
    assert arrived(service) == [item.id]


def test_by_setting_nobody_is_asked(
    workspace: Workspace, service: FakeService, time: HandTime, clock: FakeClock
) -> None:
    workspace.write(
        lambda tx: settings.put_setting(tx, second_look.SETTING, second_look.SEND)
    ).result()
    item = put(workspace, make_item(clock.now()))
    service.threads["100"] = Page((asked(clock), colleague(clock)))
    drain(workspace, service, time)
    assert arrived(service) == [item.id]
    assert service.shown == {}


def test_an_uncertain_reply_is_sent_again_only_when_an_agent_says_so(
    workspace: Workspace, service: FakeService, time: HandTime, clock: FakeClock
) -> None:
    item = put(workspace, make_item(clock.now()))
    service.faults.append(Fault.LOST_REQUEST)
    service.blind = 100
    drain(workspace, service, time)
    workspace.write(lambda tx: outbox.retry(tx, item.id)).result()
    drain(workspace, service, time)
    assert service.attempts == [item.id]
    assert state(workspace, item).state is OutboxState.UNKNOWN
    workspace.write(lambda tx: outbox.send_again(tx, item.id)).result()
    drain(workspace, service, time)
    assert arrived(service) == [item.id]
    assert service.arrived[0].record_key == item.record_key
    with pytest.raises(BadInput, match="has been sent"):
        workspace.write(lambda tx: outbox.send_again(tx, item.id)).result()


def test_a_look_up_that_finds_it_after_all_wins_over_sending_again(
    workspace: Workspace, clock: FakeClock
) -> None:
    """The agent asks while the look-up is under way."""
    item = put(workspace, make_item(clock.now()))
    workspace.write(lambda tx: outbox.claim(tx, item.id)).result()
    workspace.write(outbox.recover).result()
    workspace.write(lambda tx: outbox.send_again(tx, item.id)).result()
    workspace.write(lambda tx: outbox.sent(tx, item.id, "found", None)).result()
    assert state(workspace, item).state is OutboxState.SENT
    assert workspace.write(lambda tx: outbox.claim(tx, item.id)).result() is None


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        (Known(0, 0, False), Known(0, 0, False), ""),
        (Known(2, 1, True), Known(2, 1, True), ""),
        (Known(2, 0, False), Known(1, 0, False), ""),
        (Known(0, 0, True), Known(0, 0, False), ""),
        (Known(0, 0, False), Known(1, 0, False), "answered"),
        (Known(0, 0, False), Known(0, 1, False), "edited"),
        (Known(0, 0, False), Known(1, 1, True), "deleted"),
    ],
)
def test_what_an_agent_is_asked_about(then: Known, now: Known, words: str) -> None:
    assert words in what_changed(then, now)
    assert bool(what_changed(then, now)) is bool(words)
