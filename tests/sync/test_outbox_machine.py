"""Whatever fails, dies or is taken back, and in whatever order: never twice, never lost, in order.

Hypothesis plays an agent, a clock, a service that fails in every way and a program that dies at
every line, against the real runner on a real workspace file.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
)

from app.connectors.base import Page
from app.domain.clock import FakeClock
from app.domain.errors import BadInput
from app.domain.ids import AccountId, ConversationId, OutboxId
from app.domain.interactions import Visibility
from app.domain.outbox import Act, Attachment, OutboxItem, OutboxState
from app.store import outbox
from app.store.database import Tx
from app.store.ingest import ingest
from app.sync.outbox_runner import OutboxRunner
from app.sync.pause import Pauses
from tests.sync.fake_connector import FakeService, Fault
from tests.sync.hand_time import until
from tests.sync.items import make_item, mention, own_post
from tests.sync.runners import make_runner
from tests.sync.workspaces import make_workspace, reopen

_LANES = 3
_MOVING = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNKNOWN)
_PICTURE = Attachment("tray.png", "image/png", b"tray", "A tray")
_WISHES: tuple[dict[str, Any], ...] = (
    {},
    {"visibility": Visibility.DIRECT},
    {"attachments": (_PICTURE, replace(_PICTURE, name="cup.png", body=b"cup"))},
    {"act": Act.LIKE, "text": ""},
    {"act": Act.BOOST, "text": ""},
    {"act": Act.DELETE, "text": "", "target": "ours"},
)
"""Every outbound act: a reply, a direct message, one with pictures, a like, a boost, a deletion."""


class OutboxMachine(RuleBasedStateMachine):
    items = Bundle("items")

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock(datetime(2026, 11, 19, 10, 45, tzinfo=UTC))
        self.folder = Path(tempfile.mkdtemp())
        self.workspace = make_workspace(self.folder, self.clock)
        self.service = FakeService(self.clock)
        self.loop = asyncio.new_event_loop()
        # A death leaves a task behind that nobody asks any more; that is what death is.
        self.loop.set_exception_handler(lambda _loop, _context: None)
        self.put: list[OutboxItem] = []
        self.ever_failed: set[OutboxId] = set()

        self.news = 0
        self.agent_knew: dict[OutboxId, Page | None] = {}
        """The thread as the workspace showed it when the agent wrote, or decided again."""
        self.not_asked: list[OutboxId] = []
        self.service.on_send = self.note_what_the_agent_knew

    def teardown(self) -> None:
        try:
            self.start_again()
            for _ in range(5):
                self.deliver(after_s=3600)
            while held := [i for i in self.put if self.states()[i.id].state is OutboxState.HELD]:
                for item in held:
                    self.retry(item)
                self.deliver()
            self.nobody_is_answered_over_what_the_agent_has_not_seen()
            self.nothing_is_sent_twice()
            self.what_is_recorded_is_true()
            self.lanes_keep_their_order()
            for item in self.states().values():
                assert item.state in (
                    OutboxState.SENT,
                    OutboxState.CANCELLED,
                    OutboxState.FAILED,
                ), f"{item.state} although nothing stands in its way: it would be lost"
        finally:
            self.workspace.close()
            self.loop.close()
            shutil.rmtree(self.folder)

    # What may happen --------------------------------------------------------------------------

    @initialize(
        target=items,
        wishes=st.lists(
            st.tuples(st.integers(1, _LANES), st.sampled_from(_WISHES)), min_size=2, max_size=5
        ),
    )
    def start(self, wishes: list[tuple[int, dict[str, Any]]]) -> MultipleResults[OutboxItem]:
        self.runner: OutboxRunner = self.new_runner()
        asked = [mention(_target(lane), self.clock.now()) for lane in range(1, _LANES + 1)]
        self.workspace.write(lambda tx: ingest(tx, AccountId(1), asked)).result()
        return multiple(*(self.put_item(lane, undo_s=0, **wish) for lane, wish in wishes))

    @rule(
        target=items,
        lane=st.integers(1, _LANES),
        undo_s=st.sampled_from([0, 6]),
        wish=st.sampled_from(_WISHES),
    )
    def write(self, lane: int, undo_s: int, wish: dict[str, Any]) -> OutboxItem:
        return self.put_item(lane, undo_s, **wish)

    @rule(lane=st.integers(1, _LANES))
    def one_conversation_hangs(self, lane: int) -> None:
        """Its request gets no answer for long; all that is due in the others arrives meanwhile."""
        self.start_again()
        self.clock.set(self.clock.now() + timedelta(seconds=600))
        self.service.faults, self.service.blind = deque(), 0
        self.loop.run_until_complete(self.deliver_around(lane))

    async def deliver_around(self, lane: int) -> None:
        gate = asyncio.Event()
        self.service.gate, self.service.gated = gate, ConversationId(lane)
        delivering = asyncio.create_task(self.runner.drain())
        try:
            await until(lambda: not any(self.due(other) for other in _others(lane)))
        finally:
            gate.set()
            await delivering
            self.service.gate, self.service.gated = None, None

    @rule(
        after_s=st.sampled_from([0, 1, 6, 30, 600]),
        faults=st.lists(st.sampled_from(Fault), min_size=1, max_size=4),
        blind=st.integers(0, 2),
    )
    def deliver(self, after_s: int = 0, faults: Iterable[Fault] = (), blind: int = 0) -> None:
        """After a while, to a service that fails its next senders and its next look-ups so."""
        self.clock.set(self.clock.now() + timedelta(seconds=after_s))
        self.service.faults = deque(faults)
        self.service.blind = blind
        self.loop.run_until_complete(self.runner.drain())
        self.note_failures()

    @rule()
    def start_again(self) -> None:
        self.workspace.close()
        self.workspace = reopen(self.workspace)
        self.runner = self.new_runner()

    @rule(item=items)
    def undo(self, item: OutboxItem) -> None:
        before = self.states()[item.id].state
        assert self.move(item, outbox.cancel) == (before is OutboxState.QUEUED)

    @rule(item=items)
    def undo_while_it_is_being_sent(self, item: OutboxItem) -> None:
        """The agent's undo falls between the record and the request: it comes too late."""

        def too_late(sending: OutboxItem) -> None:
            if sending.id == item.id:
                assert not self.move(sending, outbox.cancel)

        self.service.on_send = too_late
        self.deliver()
        self.service.on_send = self.note_what_the_agent_knew

    @rule(lane=st.integers(1, _LANES), what=st.sampled_from(["answers", "edits"]))
    def somebody_else(self, lane: int, what: str) -> None:
        """A colleague answers elsewhere, or the customer edits; a look at the thread shows it."""
        self.news += 1
        target = _target(lane)
        before = self.service.threads.get(target)
        facts = before.facts if isinstance(before, Page) else (mention(target, self.clock.now()),)
        asked = next(fact for fact in facts if fact.native_id == target)
        others = tuple(fact for fact in facts if fact.native_id != target)
        if what == "edits":
            asked = replace(asked, text=f"{asked.text} And when?")
        else:
            later = self.clock.now() + timedelta(milliseconds=1)
            name = f"colleague-{self.news}"
            others = (*others, own_post(name, later, "We are on it.", target))
        self.service.threads[target] = Page((asked, *others))

    @rule(item=items)
    def retry(self, item: OutboxItem) -> None:
        """Also: send anyway what is held."""
        before = self.states()[item.id].state
        if self.move(item, outbox.retry) and before in (OutboxState.FAILED, OutboxState.HELD):
            self.agent_knew[item.id] = self.service.shown.get(item.target)

    @rule(item=items)
    def agent_sends_again_what_did_not_arrive(self, item: OutboxItem) -> None:
        if not self.service.arrivals(item.id) and self.move(item, outbox.send_again):
            self.agent_knew[item.id] = self.service.shown.get(item.target)

    @rule(item=items)
    def discard(self, item: OutboxItem) -> None:
        self.move(item, outbox.discard)

    @rule(item=items)
    def agent_looks_at_the_service(self, item: OutboxItem) -> None:
        if self.service.arrivals(item.id):
            self.move(item, outbox.arrived)

    @rule()
    def network_returns(self) -> None:
        self.loop.run_until_complete(self.runner.hasten())

    # What must hold at any moment ---------------------------------------------------------------

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        for item in self.put:
            assert self.service.arrivals(item.id) <= 1

    @invariant()
    def what_is_recorded_is_true(self) -> None:
        states = self.states()
        assert len(states) == len(self.put), "an item has vanished"
        for item in states.values():
            arrivals = self.service.arrivals(item.id)
            match item.state:
                case OutboxState.SENT:
                    assert arrivals == 1
                case (
                    OutboxState.QUEUED
                    | OutboxState.HELD
                    | OutboxState.FAILED
                    | OutboxState.CANCELLED
                ):
                    assert arrivals == 0
                case OutboxState.SENDING | OutboxState.UNKNOWN:
                    assert arrivals <= 1

    @invariant()
    def all_of_a_wish_arrives(self) -> None:
        """With its pictures, however often those were taken before."""
        written = {item.id: item for item in self.put}
        for item in self.service.arrived:
            wish = written[item.id]
            assert (item.act, item.visibility) == (wish.act, wish.visibility)
            assert item.attachments == wish.attachments
        least = sum(len(item.attachments) for item in self.service.arrived)
        assert self.service.uploads >= least

    @invariant()
    def lanes_keep_their_order(self) -> None:
        """But for what failed for good: it left its lane and may come back later."""
        place = {item.id: number for number, item in enumerate(self.put)}
        for lane in range(1, _LANES + 1):
            came = [
                place[item.id]
                for item in self.service.arrived
                if item.lane == ConversationId(lane) and item.id not in self.ever_failed
            ]
            assert came == sorted(came)

    @invariant()
    def nobody_is_answered_over_what_the_agent_has_not_seen(self) -> None:
        assert self.not_asked == []

    # Means --------------------------------------------------------------------------------------

    def new_runner(self) -> OutboxRunner:
        return make_runner(self.workspace, self.service, Pauses(self.clock))

    def due(self, lane: int) -> list[OutboxItem]:
        """What nothing keeps from leaving: all of a lane up to what is held for an agent."""
        states = self.states()
        items = [states[item.id] for item in self.put if item.lane == ConversationId(lane)]
        ahead = takewhile(lambda item: item.state is not OutboxState.HELD, items)
        return [item for item in ahead if item.state in _MOVING]

    def put_item(self, lane: int, undo_s: int, **wish: Any) -> OutboxItem:
        about = {"target": _target(lane)} | wish
        item = make_item(self.clock.now(), lane=lane, undo_s=undo_s, **about)
        self.agent_knew[item.id] = self.service.shown.get(item.target)
        self.workspace.write(lambda tx: outbox.put(tx, item)).result()
        self.put.append(item)
        return item

    def states(self) -> dict[OutboxId, OutboxItem]:
        ids = [item.id for item in self.put]
        return self.workspace.read(
            lambda conn: {one: outbox.get(conn, one) for one in ids}
        ).result()

    def move(self, item: OutboxItem, how: Callable[[Tx, OutboxId], OutboxItem]) -> bool:
        try:
            self.workspace.write(lambda tx: how(tx, item.id)).result()
        except BadInput:
            return False
        return True

    def note_what_the_agent_knew(self, item: OutboxItem) -> None:
        """Called as a request leaves, right after its thread was looked at."""
        shown = self.service.threads.get(item.target)
        if item.act is Act.REPLY and self.agent_knew[item.id] is not shown:
            self.not_asked.append(item.id)

    def note_failures(self) -> None:
        self.ever_failed |= {
            number for number, item in self.states().items() if item.state is OutboxState.FAILED
        }


def _others(lane: int) -> list[int]:
    return [other for other in range(1, _LANES + 1) if other != lane]


def _target(lane: int) -> str:
    return f"ask-{lane}"


OutboxMachine.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
TestOutbox = OutboxMachine.TestCase
