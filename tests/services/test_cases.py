"""What an agent does with a case, and that all of it can be undone and read again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.cases import Status, Urgency
from app.domain.departments import CARE, PR
from app.domain.errors import BadInput, NotFound
from app.domain.events import EventType
from app.domain.ids import CaseId, case_ref
from app.domain.interactions import Side
from app.domain.replies import Escalation
from app.domain.views import EventItem, QueueName, QueueRef, Seam
from tests.conftest import NOW
from tests.services.desk import Desk
from tests.store.building import answered, identity, said


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    desk.take(said("1", "ada", "@halden My Duo leaks, can you help?"))
    return desk


def _names(desk: Desk, name: QueueName, department: str | None = None) -> list[str]:
    number = desk.directory.find_department(department).id if department else None
    page = desk.queues.page(QueueRef(name, number)).result()
    return [row.name for row in page.rows]


def test_a_mention_waits_in_the_owner_departments_queue(waiting: Desk) -> None:
    assert _names(waiting, QueueName.RESPOND, "care") == ["Ada"]
    assert _names(waiting, QueueName.UNASSIGNED) == ["Ada"]
    counts = waiting.queues.counts().result()
    assert (counts.unassigned, counts.my_work) == (1, 0)
    assert counts.departments[CARE] == (1, 0)
    row = waiting.queues.page(QueueRef(QueueName.ALL)).result().rows[0]
    assert row.title == "My Duo leaks, can you help?"
    assert row.unread
    assert row.deadline is not None
    assert row.reach == 12


def test_assigning_moves_it_to_my_work(waiting: Desk) -> None:
    case = waiting.only_case()
    waiting.cases.assign(case, waiting.directory.me().id).result()
    assert _names(waiting, QueueName.MY_WORK) == ["Ada"]
    assert _names(waiting, QueueName.UNASSIGNED) == []
    waiting.cases.undo(case).result()
    assert _names(waiting, QueueName.UNASSIGNED) == ["Ada"]


def _seams(desk: Desk, case: CaseId) -> list[Seam]:
    page = desk.timelines.page(desk.queues.rows([case]).result()[0].customer).result()
    return [item.seam for item in page.items if isinstance(item, EventItem) and item.seam]


def test_an_escalation_carries_its_context_there_and_back(waiting: Desk) -> None:
    case = waiting.only_case()
    desk = waiting
    desk.clock.set(NOW + timedelta(minutes=39))
    escalation = Escalation(PR, Urgency.HIGH, "Press asks", "Leaks since 3.2", "We look into it")
    desk.cases.escalate(case, escalation).result()
    assert _names(desk, QueueName.ESCALATED) == ["Ada"]
    assert desk.queues.counts().result().escalated == 1
    state = desk.cases.view(case).result().state
    assert state.department == PR
    assert state.urgency is Urgency.HIGH
    assert state.pending is not None
    assert (state.pending.reason, state.pending.told) == ("Press asks", "We look into it")
    assert _seams(desk, case)[0].text.splitlines() == [
        "Press asks",
        "Leaks since 3.2",
        "The customer has been told: We look into it",
    ]
    desk.clock.set(NOW + timedelta(minutes=50))
    desk.cases.give_back(case, "Not ours").result()
    state = desk.cases.view(case).result().state
    assert (state.department, state.pending) == (CARE, None)
    assert [step.department for step in state.steps] == [CARE, PR, CARE]
    seams = _seams(desk, case)
    assert [(s.origin, s.target, s.text) for s in seams] == [
        (CARE, PR, "Press asks"),
        (PR, CARE, "Not ours"),
    ]
    assert seams[1].held_ms == 11 * 60_000
    page = desk.timelines.page(desk.queues.rows([case]).result()[0].customer).result()
    assert [holding.department for holding in page.holdings] == [CARE, PR, CARE]


def test_accepting_assigns_it_to_whoever_accepts(waiting: Desk) -> None:
    case = waiting.only_case()
    waiting.cases.escalate(case, Escalation(PR)).result()
    waiting.cases.accept(case).result()
    view = waiting.cases.view(case).result()
    assert view.state.assignee == waiting.directory.me().id
    with pytest.raises(BadInput, match="Nothing was handed over"):
        waiting.cases.accept(case).result()


def test_it_cannot_go_to_the_department_that_holds_it(waiting: Desk) -> None:
    with pytest.raises(BadInput, match="Customer Care holds this case now"):
        waiting.cases.escalate(waiting.only_case(), Escalation(CARE)).result()


def test_snoozing_until_and_waking(waiting: Desk) -> None:
    case = waiting.only_case()
    with pytest.raises(BadInput, match="past"):
        waiting.cases.snooze(case, NOW - timedelta(hours=1))
    waiting.cases.snooze(case, NOW + timedelta(hours=1)).result()
    assert _names(waiting, QueueName.SNOOZED) == ["Ada"]
    assert _names(waiting, QueueName.UNASSIGNED) == []
    assert waiting.cases.wake_due().result() == 0
    waiting.clock.set(NOW + timedelta(hours=2))
    assert waiting.cases.wake_due().result() == 1
    assert _names(waiting, QueueName.UNASSIGNED) == ["Ada"]


def test_closing_reopening_and_undoing_both(waiting: Desk) -> None:
    case = waiting.only_case()
    waiting.cases.close(case).result()
    assert _names(waiting, QueueName.CLOSED) == ["Ada"]
    with pytest.raises(BadInput, match="closed"):
        waiting.cases.close(case).result()
    waiting.cases.reopen(case).result()
    assert waiting.cases.view(case).result().state.status is Status.OPEN
    waiting.cases.undo(case).result()
    assert waiting.cases.view(case).result().state.status is Status.CLOSED
    waiting.cases.undo(case).result()
    assert waiting.cases.view(case).result().state.status is Status.OPEN
    with pytest.raises(BadInput, match="nothing to undo"):
        waiting.cases.undo(case).result()


def test_a_note_keeps_whom_it_names(waiting: Desk) -> None:
    case = waiting.only_case()
    jonas = waiting.directory.add_agent("Jonas Weber", PR).result()
    named = waiting.cases.note(case, "Ask @Jonas Weber.").result()
    assert named.data == {"text": "Ask @Jonas Weber.", "mentions": [jonas.id]}
    assert waiting.cases.note(case, "Ask nobody.").result().data == {"text": "Ask nobody."}


def test_tags_and_notes(waiting: Desk) -> None:
    case = waiting.only_case()
    waiting.cases.tag(case, ["Firmware 3.2", "#leak"]).result()
    waiting.cases.tag(case, [], ["leak"]).result()
    waiting.cases.note(case, " Serial asked for. ").result()
    row = waiting.queues.rows([case]).result()[0]
    assert row.tags == ("firmware-3.2",)
    card = waiting.customers.card(row.customer).result()
    assert [(n.text, n.agent_name) for n in card.notes] == [("Serial asked for.", "Ines Duarte")]
    assert waiting.cases.tags().result() == ("firmware-3.2",)
    with pytest.raises(BadInput, match="empty"):
        waiting.cases.note(case, "  ")


def test_a_case_is_found_by_its_reference(waiting: Desk) -> None:
    case = waiting.only_case()
    ref = case_ref(case)
    for typed in (ref, f"#{ref.lower()}", ref[:4], str(case)):
        assert waiting.cases.resolve(typed).result() == case
    with pytest.raises(NotFound):
        waiting.cases.resolve("ZZZZZZ").result()
    with pytest.raises(BadInput, match="is not a case"):
        waiting.cases.resolve("no!")


def test_moving_to_marketing_takes_the_clock_away(waiting: Desk) -> None:
    page = waiting.timelines.page(waiting.queues.rows([waiting.only_case()]).result()[0].customer)
    item = page.result().items[0]
    assert not isinstance(item, EventItem)
    uid = item.uid  # type: ignore[union-attr]
    moved = waiting.cases.move_side(uid, Side.MARKETING).result()
    assert waiting.cases.view(waiting.only_case()).result().deadline is None
    waiting.cases.undo_event(moved.id).result()
    assert waiting.cases.view(waiting.only_case()).result().deadline is not None


def test_joining_and_separating_identities_loses_nothing(desk: Desk) -> None:
    desk.take(said("1", "ada", "It leaks?"), said("2", "ada2", "It still leaks?", at=60))
    first, second = identity("ada"), identity("ada2")
    before = [desk.timelines.page(customer).result() for customer in (first, second)]  # type: ignore[arg-type]
    desk.customers.link(second, first).result()  # type: ignore[arg-type]
    joined = desk.timelines.page(first).result()  # type: ignore[arg-type]
    texts = [item.text for item in joined.items if not isinstance(item, EventItem)]  # type: ignore[union-attr]
    assert texts == ["It leaks?", "It still leaks?"]
    card = desk.customers.card(first).result()  # type: ignore[arg-type]
    assert [view.identity for view in card.identities] == [first, second]
    assert len(card.cases) == 2
    desk.customers.unlink(second).result()
    after = [desk.timelines.page(customer).result() for customer in (first, second)]  # type: ignore[arg-type]
    for old, new in zip(before, after, strict=True):
        kept = [item for item in new.items if not _is_link(item)]
        assert kept == list(old.items)


def _is_link(item: object) -> bool:
    return isinstance(item, EventItem) and item.event.type in (
        EventType.IDENTITY_LINKED,
        EventType.IDENTITY_UNLINKED,
    )


def test_reading_marks_follow_the_reader(waiting: Desk) -> None:
    case = waiting.only_case()
    waiting.cases.mark_seen(case).result()
    assert not waiting.queues.rows([case]).result()[0].unread
    waiting.take(
        answered("2", "1", "Hello", at=2), said("3", "ada", "Well?", at=9, in_reply_to="2")
    )
    assert waiting.queues.rows([case]).result()[0].unread
