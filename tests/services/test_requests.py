"""What departments ask of each other: where it waits, what answers it, and that undo is exact."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.domain.departments import CARE, IT, LEADERSHIP, MARKETING, PR, Queue
from app.domain.errors import BadInput, NeedsApproval
from app.domain.events import Event
from app.domain.ids import AgentId, CaseId, DepartmentId
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment, OutboxState
from app.domain.replies import Draft, Written
from app.domain.requests import Ask
from app.domain.setup import Sender
from app.domain.views import CaseRow, EventItem, InteractionItem, QueueName, QueueRef
from app.services.guard import Guard
from app.services.requests import Requests
from app.services.templates import Templates, Wording
from app.store import ledger
from app.store.events import events_of
from app.store.integrity import projection_faults
from app.store.projections import rebuild
from tests.services.desk import Desk, make_desk
from tests.store.building import ACCOUNT, answered, rows, said

PICTURE = Attachment("tray.png", "image/png", b"\x89PNG", "A drip tray")


@pytest.fixture
def asking(desk: Desk) -> Requests:
    """Marta has written; Ines of PR & Community, who sits here, is about to ask."""
    desk.take(said("1", "marta", "It leaks."))
    return Requests(desk.workspace, desk.directory, desk.replies)


def sit(desk: Desk, name: str, department: DepartmentId) -> AgentId:
    """Somebody else sits down at the desk."""
    desk.directory.set_me(name, department).result()
    return desk.directory.me().id


def marta(desk: Desk) -> CaseId:
    found = rows(desk.workspace, "SELECT id FROM case_state WHERE conversation <> id")
    assert len(found) == 1
    return CaseId(found[0][0])


def arrive(desk: Desk, event: Event) -> None:
    desk.workspace.write(lambda tx: ledger.append(tx, [event])).result()


def queue(desk: Desk, department: DepartmentId) -> list[CaseRow]:
    ref = QueueRef(QueueName.RESPOND, department)
    return list(desk.queues.page(ref).result().rows)


def standing(desk: Desk) -> list[tuple[object, ...]]:
    """All that is kept of cases, wishes and drafts."""
    return [
        *rows(desk.workspace, "SELECT * FROM case_state ORDER BY id"),
        *rows(desk.workspace, "SELECT id, state FROM outbox WHERE state <> 'cancelled'"),
        *rows(desk.workspace, "SELECT case_id, text, warning, answer_to FROM draft ORDER BY 1"),
        *rows(desk.workspace, "SELECT case_id, name, body FROM draft_picture ORDER BY 1, 2"),
    ]


def test_help_is_asked_drafted_commented_and_used(desk: Desk, asking: Requests) -> None:
    case = marta(desk)
    before = standing(desk)[0]
    request = asking.ask_help(case, MARKETING, "How do we put the recall?").result()
    assert (request.ask, request.case, request.origin) == (Ask.HELP, case, PR)
    (row,) = queue(desk, MARKETING)
    assert (row.case, row.queue) == (request.opened, Queue.RESPOND)
    assert row.title == "Draft with PR & Community: How do we put the recall?"
    assert row.name == "Marta"
    assert row.deadline is None
    assert row.unread
    assert standing(desk)[0] == before or before in standing(desk)

    mo = sit(desk, "Mo Lind", MARKETING)
    draft = asking.write_draft(request.event, "We take it back.").result()
    assert (draft.department, draft.agent) == (MARKETING, mo)
    assert queue(desk, MARKETING) == []

    sit(desk, "Ines Duarte", PR)
    said_of_it = asking.comment(draft.event, "Name the model.").result()
    assert [one.text for one in said_of_it.comments] == ["Name the model."]
    assert [row.case for row in queue(desk, MARKETING)] == [request.opened]
    item = desk.replies.reply(case, Draft("Dear Marta, we take it  back. Ines")).result()
    assert asking.of_case(case).result()[0].drafts[0].outbox is None
    desk.replies.undo_send(item.id).result()
    item = desk.replies.reply(case, Draft("Dear Marta. We take it back.")).result()
    (told,) = asking.of_case(request.opened).result()
    assert (told.drafts[0].outbox, told.is_open) == (item.id, False)
    used = rows(desk.workspace, "SELECT data FROM event WHERE type = 'draft_used'")
    assert [json.loads(one[0])["department"] for one in used] == [MARKETING]
    assert queue(desk, MARKETING) == []

    desk.replies.undo_send(item.id).result()
    (told,) = asking.of_case(case).result()
    assert (told.drafts[0].outbox, told.is_open) == (None, True)
    assert [row.case for row in queue(desk, MARKETING)] == [request.opened]


def test_the_customer_goes_on_in_their_own_case(desk: Desk, asking: Requests) -> None:
    case = marta(desk)
    request = asking.ask_content(case, MARKETING, "A film on the tray").result()
    (row,) = queue(desk, MARKETING)
    assert row.title == "Content for Marta: A film on the tray"
    before = rows(desk.workspace, "SELECT * FROM case_state WHERE id = :id", id=request.opened)
    desk.cases.close(case).result()
    guard = Guard(desk.workspace, desk.directory)
    customer = desk.customers.resolve("@marta").result()
    assert guard.hold(customer).result() is None  # what is asked is no complaint

    desk.take(answered("2", "1", "Try this.", at=10), said("3", "marta", "Still leaks.", at=20,
              in_reply_to="2"))  # fmt: skip
    after = rows(desk.workspace, "SELECT * FROM case_state WHERE id = :id", id=request.opened)
    assert before == after
    assert desk.cases.view(case).result().state.is_open
    hold = guard.hold(customer).result()
    assert hold is not None
    assert hold.case == case
    items = desk.timelines.page(customer).result().items
    assert {item.case for item in items if isinstance(item, InteractionItem)} == {case}
    assert len(rows(desk.workspace, "SELECT id FROM case_state")) == 2

    with pytest.raises(BadInput, match="does not see it"):
        desk.replies.reply(request.opened, Draft("Hello")).result()
    with pytest.raises(BadInput, match="opened to ask"):
        asking.ask_help(request.opened, CARE, "What?").result()


def test_content_is_answered_by_a_template_or_a_link(desk: Desk, asking: Requests) -> None:
    case = marta(desk)
    first = asking.ask_content(case, MARKETING, "A film").result()
    second = asking.ask_content(case, MARKETING, "A wording").result()
    sit(desk, "Mo Lind", MARKETING)
    with pytest.raises(BadInput, match="no link"):
        asking.answer_content(first.event, link="javascript:alert(1)").result()
    with pytest.raises(BadInput, match="a template or a link"):
        asking.answer_content(first.event).result()
    asking.answer_content(first.event, link="https://halden.example/tray").result()
    wording = Wording("Tray", "Clean the tray.")
    saved = Templates(desk.workspace, desk.directory).save(wording).result()
    asking.answer_content(second.event, template=saved.use).result()
    answers = [one.answer for one in asking.of_case(case).result()]
    assert [(one.link, one.template) for one in answers if one] == [
        ("https://halden.example/tray", None),
        ("", saved.use),
    ]
    assert queue(desk, MARKETING) == []
    assert asking.waiting().result() == ()
    with pytest.raises(BadInput, match="has been answered"):
        asking.answer_content(first.event, link="https://halden.example").result()


def test_access_is_given_or_declined_by_it_alone_and_undone(desk: Desk, asking: Requests) -> None:
    case = marta(desk)
    first = asking.ask_access(case, IT, "The warehouse, to see her parcel").result()
    second = asking.ask_access(case, IT, "A label printer", tool=True).result()
    assert [one.ask for one in asking.of_case(case).result()] == [Ask.ACCESS, Ask.TOOL]
    titles = {row.title for row in queue(desk, IT)}
    assert titles == {
        "Access for Ines Duarte: The warehouse, to see her parcel",
        "Tool for Ines Duarte: A label printer",
    }
    with pytest.raises(BadInput, match="IT was asked for this"):
        asking.grant(first.event).result()
    sit(desk, "Jonas Weber", IT)
    with pytest.raises(BadInput, match="reason is empty"):
        asking.refuse(first.event, " ")
    asking.grant(first.event, "Until Friday").result()
    declined = asking.refuse(second.event, "Ask Care for theirs").result()
    answers = [one.answer for one in asking.of_case(case).result()]
    assert [(one.granted, one.text) for one in answers if one] == [
        (True, "Until Friday"),
        (False, "Ask Care for theirs"),
    ]
    assert queue(desk, IT) == []
    with pytest.raises(BadInput, match="has been answered"):
        asking.grant(second.event).result()
    before = standing(desk)
    desk.cases.undo_event(declined.id).result()
    assert [row.case for row in queue(desk, IT)] == [second.opened]
    asking.grant(second.event).result()
    assert standing(desk) == before
    assert not desk.workspace.read(projection_faults).result()


@pytest.fixture
def needing(desk: Desk, asking: Requests) -> Requests:
    desk.directory.settle(senders=(Sender(ACCOUNT, approval=LEADERSHIP),)).result()
    return asking


def test_an_approved_reply_leaves_as_its_author_wrote_it(desk: Desk, needing: Requests) -> None:
    case, ines = marta(desk), desk.directory.me().id
    with pytest.raises(NeedsApproval) as caught:
        desk.replies.reply(case, Draft("We pay.")).result()
    assert caught.value.department == LEADERSHIP
    needed = needing.needs_approval(case).result()
    assert needed is not None
    assert needed.id == LEADERSHIP
    desk.replies.save_draft(case, Written("We pay.", pictures=(PICTURE,))).result()
    request = needing.ask_approval(case, Draft("We pay.", attachments=(PICTURE,))).result()
    assert desk.replies.draft(case).result().is_empty
    with pytest.raises(BadInput, match="Leadership was asked"):
        needing.approve(request.event).result()

    sit(desk, "Lea Ko", LEADERSHIP)
    assert [row.title for row in queue(desk, LEADERSHIP)] == ["Approve a reply to Marta"]
    item = needing.approve(request.event, "We pay it all.").result()
    assert (item.agent, item.text, item.attachments) == (ines, "We pay it all.", (PICTURE,))
    (told,) = needing.of_case(case).result()
    assert told.answer is not None
    assert (told.answer.outbox, told.answer.text) == (item.id, "We pay it all.")
    assert queue(desk, LEADERSHIP) == []
    with pytest.raises(BadInput, match="has been answered"):
        needing.approve(request.event).result()


def test_an_approver_is_held_to_what_the_author_is(desk: Desk, needing: Requests) -> None:
    case = marta(desk)
    request = needing.ask_approval(case, Draft("We pay.")).result()
    sit(desk, "Lea Ko", LEADERSHIP)
    with pytest.raises(BadInput, match="too long"):
        needing.approve(request.event, "x" * 501).result()
    with pytest.raises(BadInput, match="HUILA15 has to wait"):
        needing.approve(request.event, "Take HUILA15.").result()
    sender = Sender(ACCOUNT, departments=(CARE,), approval=CARE)
    desk.directory.settle(senders=(sender,)).result()
    with pytest.raises(BadInput, match="may not send"):
        needing.approve(request.event).result()
    assert rows(desk.workspace, "SELECT count(*) FROM outbox") == [(0,)]
    assert [row.case for row in queue(desk, LEADERSHIP)] == [request.opened]


def test_what_is_declined_is_the_asker_s_draft_again(desk: Desk, needing: Requests) -> None:
    case = marta(desk)
    request = needing.ask_approval(case, Draft("We pay.", attachments=(PICTURE,))).result()
    sit(desk, "Lea Ko", LEADERSHIP)
    with pytest.raises(BadInput, match="reason is empty"):
        needing.decline(request.event, " ").result()
    needing.decline(request.event, "Too much").result()
    back = desk.replies.draft(case).result()
    assert (back.text, back.pictures) == ("We pay.", (PICTURE,))
    (told,) = needing.of_case(case).result()
    assert told.answer is not None
    assert (told.answer.granted, told.answer.text) == (False, "Too much")


def test_what_was_begun_meanwhile_stays(desk: Desk, needing: Requests) -> None:
    case = marta(desk)
    request = needing.ask_approval(case, Draft("We pay.")).result()
    desk.replies.save_draft(case, Written("Another one.")).result()
    sit(desk, "Lea Ko", LEADERSHIP)
    needing.decline(request.event, "Too much").result()
    assert desk.replies.draft(case).result().text == "Another one."


def test_what_was_begun_meanwhile_stays_when_it_is_approved(desk: Desk, needing: Requests) -> None:
    case = marta(desk)
    request = needing.ask_approval(case, Draft("We pay.")).result()
    desk.replies.save_draft(case, Written("We")).result()
    sit(desk, "Lea Ko", LEADERSHIP)
    needing.approve(request.event).result()
    assert desk.replies.draft(case).result().text == "We"


def test_what_is_approved_answers_what_it_was_written_for(desk: Desk, needing: Requests) -> None:
    """The customer goes on in public; what answers their private message stays private."""
    desk.take(said("2", "marta", "My card is 1234.", at=60, in_reply_to="1",
                   visibility=Visibility.DIRECT))  # fmt: skip
    request = needing.ask_approval(marta(desk), Draft("We pay.")).result()
    desk.take(said("3", "marta", "Hello?", at=120, in_reply_to="1"))
    sit(desk, "Lea Ko", LEADERSHIP)
    item = needing.approve(request.event).result()
    assert (item.target, item.visibility) == ("2", Visibility.DIRECT)


@pytest.mark.parametrize("answer", ["approve", "decline", "ask"])
def test_each_is_undone_exactly(desk: Desk, needing: Requests, answer: str) -> None:
    case = marta(desk)
    draft = Draft("We pay.", attachments=(PICTURE,))
    written = Written("We pay.", answer_to="1", pictures=(PICTURE,))
    desk.replies.save_draft(case, written).result()
    before = standing(desk)
    request = needing.ask_approval(case, draft).result()
    undoing = case
    if answer != "ask":
        before = standing(desk)
        sit(desk, "Lea Ko", LEADERSHIP)
        if answer == "approve":
            needing.approve(request.event).result()
        else:
            needing.decline(request.event, "No").result()
        undoing = request.opened  # from where it was answered
    assert standing(desk) != before
    desk.cases.undo(undoing).result()
    assert standing(desk) == before
    desk.workspace.write(rebuild).result()
    assert standing(desk) == before
    assert desk.workspace.read(projection_faults).result() == []


def test_a_reply_taken_back_waits_for_its_approval_again(desk: Desk, needing: Requests) -> None:
    case = marta(desk)
    request = needing.ask_approval(case, Draft("We pay.", attachments=(PICTURE,))).result()
    before = standing(desk)
    sit(desk, "Lea Ko", LEADERSHIP)
    item = needing.approve(request.event).result()
    desk.replies.undo_send(item.id).result()
    kept = desk.replies.draft(request.opened).result()
    assert (kept.text, kept.pictures) == ("We pay.", (PICTURE,))
    assert [row.case for row in queue(desk, LEADERSHIP)] == [request.opened]
    assert [one.is_open for one in needing.of_case(case).result()] == [True]
    assert len(standing(desk)) == len(before)
    assert needing.approve(request.event).result().state is OutboxState.QUEUED


def test_what_has_left_is_not_undone(desk: Desk, needing: Requests) -> None:
    request = needing.ask_approval(marta(desk), Draft("We pay.")).result()
    sit(desk, "Lea Ko", LEADERSHIP)
    item = needing.approve(request.event).result()
    desk.workspace.write(
        lambda tx: tx.conn.exec_driver_sql("UPDATE outbox SET state = 'sent'")
    ).result()
    with pytest.raises(BadInput, match="may have left"):
        desk.cases.undo(request.opened).result()
    assert item.id
    (told,) = needing.of_case(request.case).result()
    assert told.answer is not None


def test_one_line_tells_each_decision(desk: Desk, asking: Requests) -> None:
    case = marta(desk)
    request = asking.ask_content(case, MARKETING, "A film").result()
    asking.answer_content(request.event, link="https://halden.example/tray").result()
    customer = desk.customers.resolve("@marta").result()
    page = desk.timelines.page(customer).result()
    told = [item.event.type for item in page.items if isinstance(item, EventItem)]
    assert told == ["case_opened", "content_requested", "content_answered"]
    assert {one.department for one in page.holdings} == {CARE}


def test_asking_oneself_is_refused(desk: Desk, asking: Requests) -> None:
    with pytest.raises(BadInput, match="yourself"):
        asking.ask_help(marta(desk), PR, "What?").result()
    with pytest.raises(BadInput, match="nobody’s approval"):
        asking.ask_approval(marta(desk), Draft("Hello")).result()
    data = rows(desk.workspace, "SELECT data FROM event WHERE type = 'case_opened'")
    assert ["asked" in json.loads(one[0]) for one in data] == [False]


def test_any_order_of_arrival_gives_the_same(desk: Desk, needing: Requests, tmp_path: Path) -> None:
    case = marta(desk)
    first = needing.ask_approval(case, Draft("We pay.")).result()
    needing.ask_content(case, MARKETING, "A film").result()
    desk.cases.undo(case).result()
    help_asked = needing.ask_help(case, MARKETING, "How?").result()
    sit(desk, "Lea Ko", LEADERSHIP)
    draft = needing.write_draft(help_asked.event, "Thus.").result()
    needing.comment(draft.event, "Shorter.").result()
    needing.approve(first.event).result()
    desk.cases.undo(first.opened).result()
    needing.decline(first.event, "No").result()
    subjects = [row[0] for row in rows(desk.workspace, "SELECT DISTINCT subject FROM event")]
    ledger_of = desk.workspace.read(lambda conn: events_of(conn, subjects)).result()
    events = [event for found in ledger_of.values() for event in found]
    kept = rows(desk.workspace, "SELECT * FROM case_state ORDER BY id")
    assert len(kept) == 3  # what was undone has none

    (tmp_path / "other").mkdir()
    other = make_desk(tmp_path / "other", desk.clock)
    try:
        other.take(said("1", "marta", "It leaks."))
        for event in sorted(events, key=lambda one: one.order, reverse=True):
            arrive(other, event)
        assert rows(other.workspace, "SELECT * FROM case_state ORDER BY id") == kept
    finally:
        other.workspace.close()
