"""One decision on many cases: done in batches, told in numbers, taken back as one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from app.domain.departments import CARE, IT
from app.domain.errors import BadInput, SeamlineError, WorkspaceError
from app.domain.events import Event
from app.domain.ids import CaseId
from app.domain.replies import Escalation
from app.domain.views import QueueFilter, QueueName, QueueRef
from app.services import many as services_many
from app.services.many import Done, ManyCases
from app.store import ledger
from app.store.database import Tx
from tests.conftest import NOW
from tests.services.desk import Desk
from tests.store.building import rows, said

ALL = QueueRef(QueueName.ALL)


@pytest.fixture
def crowd(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Twenty-five cases, in batches of ten."""
    monkeypatch.setattr(services_many, "BATCH", 10)
    desk.take(*(said(f"m{n}", f"c{n:02}", f"Question {n}?", at=60 * n) for n in range(25)))
    return desk


@pytest.fixture
def many(crowd: Desk) -> ManyCases:
    return ManyCases(crowd.workspace, crowd.directory, crowd.clock)


def _all(desk: Desk) -> tuple[CaseId, ...]:
    return desk.queues.everything(ALL).result()


def _states(desk: Desk) -> list[tuple[object, ...]]:
    return rows(
        desk.workspace,
        "SELECT id, status, assignee, department, tags, snoozed_until_ms FROM case_state"
        " ORDER BY id",
    )


@pytest.mark.parametrize("deed", ["assign", "tag", "snooze", "escalate", "close"])
def test_every_deed_reaches_all_and_is_taken_back_as_one(
    crowd: Desk, many: ManyCases, deed: str
) -> None:
    before, cases = _states(crowd), _all(crowd)
    me = crowd.directory.me().id
    until = NOW + timedelta(hours=2)
    hand_off = Escalation(to=IT, reason="Firmware", brief="", told="")
    deeds = {
        "assign": lambda: many.assign(cases, me),
        "tag": lambda: many.tag(cases, ["#Firmware 3.2"]),
        "snooze": lambda: many.snooze(cases, until),
        "escalate": lambda: many.escalate(cases, hand_off),
        "close": lambda: many.close(cases),
    }
    done = deeds[deed]().result()
    assert (done.cases, done.left_alone, len(done.events)) == (25, 0, 25)
    after = _states(crowd)
    assert all(was != now for was, now in zip(before, after, strict=True))
    assert many.undo(done).result().cases == 25
    assert _states(crowd) == before


def test_what_makes_no_sense_for_some_is_left_alone_and_told(crowd: Desk, many: ManyCases) -> None:
    cases = _all(crowd)
    crowd.cases.close(cases[3]).result()
    crowd.cases.close(cases[14]).result()
    done = many.close((*cases, CaseId(404))).result()
    assert (done.cases, done.left_alone, done.why) == (23, 3, "This case is closed.")
    many.undo(done).result()
    # What was closed before stays closed.
    closed = rows(crowd.workspace, "SELECT id FROM case_state WHERE status = 3")
    assert {row[0] for row in closed} == {cases[3], cases[14]}


def test_a_refusal_of_the_whole_touches_nothing(crowd: Desk, many: ManyCases) -> None:
    before = _states(crowd)
    with pytest.raises(BadInput, match="past"):
        many.snooze(_all(crowd), NOW - timedelta(minutes=1))
    assert many.escalate(
        _all(crowd), Escalation(to=CARE, reason="", brief="", told="")
    ).result() == Done(0, 25, "Customer Care holds this case now.")
    assert _states(crowd) == before


def test_reading_many_is_undone_to_what_was_unread(crowd: Desk, many: ManyCases) -> None:
    cases = _all(crowd)
    crowd.cases.mark_seen(cases[0]).result()
    crowd.cases.mark_seen(cases[1]).result()
    crowd.cases.mark_unread(cases[1]).result()
    unread = crowd.queues.everything(ALL, filter=QueueFilter.UNREAD).result()
    assert cases[0] not in unread
    assert cases[1] in unread
    done = many.mark_seen(cases).result()
    assert (done.cases, done.left_alone) == (24, 1)
    assert crowd.queues.everything(ALL, filter=QueueFilter.UNREAD).result() == ()
    many.undo(done).result()
    assert crowd.queues.everything(ALL, filter=QueueFilter.UNREAD).result() == unread


def test_others_get_their_turn_between_batches(crowd: Desk, many: ManyCases) -> None:
    """A write handed in after the first batch is done before the last."""
    order: list[str] = []

    def other(_tx: Tx) -> None:
        order.append("other")

    def progress(reached: int) -> None:
        if reached == 10:
            crowd.workspace.write(other)
        order.append(str(reached))

    many.close(_all(crowd), progress).result()
    crowd.workspace.write(lambda _tx: None).result()
    assert order.index("other") < order.index("25")
    assert [step for step in order if step != "other"] == ["10", "20", "25"]


def test_what_was_done_before_trouble_counts_and_can_be_undone(
    crowd: Desk, many: ManyCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _states(crowd)
    append = ledger.append
    calls: list[int] = []

    def failing(tx: Tx, events: Sequence[Event]) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise WorkspaceError("The disk is full.", hint="Make room.")
        append(tx, events)

    monkeypatch.setattr(ledger, "append", failing)
    done = many.close(_all(crowd)).result()
    assert done.cases == 10
    assert isinstance(done.trouble, SeamlineError)
    monkeypatch.setattr(ledger, "append", append)
    many.undo(done).result()
    assert _states(crowd) == before


def test_nothing_chosen_is_nothing_done(many: ManyCases) -> None:
    assert many.close(()).result() == Done(0)
