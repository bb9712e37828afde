"""Promises of agents: clocks of their own, kept by the reply that follows, taken back at will."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.cases import Promise
from app.domain.clock import to_ms
from app.domain.clocks import ClockKind
from app.domain.errors import BadInput
from app.domain.events import EventType
from app.domain.ids import CaseId
from app.domain.replies import Draft
from app.services.promises import Promises
from app.store import outbox
from app.store.projections import rebuild
from tests.conftest import NOW
from tests.services.desk import Desk
from tests.store.building import answered, rows, said

MINUTE = timedelta(minutes=1)


@pytest.fixture
def case(desk: Desk) -> CaseId:
    """A customer who was answered, and so waits for nothing but what is promised."""
    desk.take(said("m1", "marta", "Still E14?"), answered("m2", "m1", "We look.", at=60))
    return desk.only_case()


@pytest.fixture
def promises(desk: Desk) -> Promises:
    return Promises(desk.workspace, desk.directory, desk.clock)


def open_ones(desk: Desk, case: CaseId) -> tuple[Promise, ...]:
    return desk.cases.view(case).result().state.promises


def reply(desk: Desk, case: CaseId) -> None:
    """Write a reply now, and let it arrive."""
    item = desk.replies.reply(case, Draft("It is mended.")).result()
    desk.clock.set(desk.clock.now() + timedelta(seconds=60))
    desk.workspace.write(lambda tx: outbox.claim(tx, item.id)).result()
    desk.workspace.write(lambda tx: outbox.sent(tx, item.id, "n9", None)).result()


def test_a_promise_is_a_clock_the_queue_is_sorted_by(
    desk: Desk, case: CaseId, promises: Promises
) -> None:
    assert desk.cases.view(case).result().deadline is None
    until = NOW + 30 * MINUTE
    promises.make(case, until, "I’ll check back at 12:30").result()
    view = desk.cases.view(case).result()
    clock = next(one for one in view.clocks if one.kind is ClockKind.PROMISE)
    assert clock.policy == "I’ll check back at 12:30"
    assert view.deadline is not None
    assert (view.deadline.kind, view.deadline.due_ms) == (ClockKind.PROMISE, to_ms(until))


def test_a_reply_that_follows_keeps_it(desk: Desk, case: CaseId, promises: Promises) -> None:
    promises.make(case, NOW + 30 * MINUTE).result()
    desk.clock.set(desk.clock.now() + timedelta(seconds=6 * 60))
    reply(desk, case)
    assert open_ones(desk, case) == ()
    assert desk.cases.view(case).result().deadline is None
    # What it was kept by can be doubted by a person.
    event = rows(desk.workspace, "SELECT id FROM event WHERE type = 'promise_kept'")[0][0]
    desk.cases.undo_event(event).result()
    assert len(open_ones(desk, case)) == 1


def test_the_reply_that_tells_of_it_does_not_keep_it(
    desk: Desk, case: CaseId, promises: Promises
) -> None:
    promises.make(case, NOW + 30 * MINUTE).result()
    desk.clock.set(desk.clock.now() + timedelta(seconds=4 * 60))
    reply(desk, case)
    assert len(open_ones(desk, case)) == 1


def test_a_late_promise_is_a_breach_and_stays_one(
    desk: Desk, case: CaseId, promises: Promises
) -> None:
    promises.make(case, NOW + 30 * MINUTE).result()
    desk.clock.set(desk.clock.now() + timedelta(seconds=31 * 60))
    desk.cases.wake_due().result()
    kept = rows(desk.workspace, "SELECT data ->> 'clock' FROM event WHERE type = 'clock_breached'")
    assert kept == [("promise",)]
    promises.keep(case).result()
    assert desk.cases.view(case).result().state.breached
    before = rows(desk.workspace, "SELECT * FROM case_state")
    desk.workspace.write(rebuild).result()
    assert rows(desk.workspace, "SELECT * FROM case_state") == before


def test_of_several_the_first_due_is_meant(desk: Desk, case: CaseId, promises: Promises) -> None:
    late = promises.make(case, NOW + 90 * MINUTE, "the parcel").result()
    promises.make(case, NOW + 30 * MINUTE, "the refund").result()
    assert promises.keep(case).result().type is EventType.PROMISE_KEPT
    assert [one.id for one in open_ones(desk, case)] == [late.id]
    promises.drop(case, "It was sent already.").result()
    assert open_ones(desk, case) == ()
    desk.cases.undo(case).result()
    assert [one.text for one in open_ones(desk, case)] == ["the parcel"]


def test_what_makes_no_sense_is_refused(desk: Desk, case: CaseId, promises: Promises) -> None:
    with pytest.raises(BadInput, match="already past"):
        promises.make(case, NOW - MINUTE)
    with pytest.raises(BadInput, match="No promise is open"):
        promises.keep(case).result()
    with pytest.raises(BadInput, match="reason"):
        promises.drop(case, "  ")
    desk.cases.close(case).result()
    with pytest.raises(BadInput, match="closed"):
        promises.make(case, NOW + MINUTE).result()
