"""Drafts of other departments and replies that are kept, as the timeline tells of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.departments import LEADERSHIP, MARKETING
from app.domain.events import EventType
from app.domain.ids import AgentId, CaseId, DepartmentId
from app.domain.interactions import Visibility
from app.domain.replies import Draft
from app.domain.requests import CoDraft, DraftFate, Request
from app.domain.setup import Sender
from app.domain.views import DraftShown, EventItem, OutboxEntry
from app.services.known import ME
from app.services.requests import Requests
from tests.services.desk import Desk
from tests.store.building import ACCOUNT, said

WORDS = "It is the seal, Marta. A new one leaves today."


@pytest.fixture
def case(desk: Desk) -> CaseId:
    desk.take(said("1", "marta", "It leaks."))
    return desk.only_case()


def requests(desk: Desk) -> Requests:
    return Requests(desk.workspace, desk.directory, desk.replies)


def sit_down(desk: Desk, name: str, department: DepartmentId) -> AgentId:
    agent = desk.directory.add_agent(name, department).result()
    return sit_back(desk, agent.id)


def sit_back(desk: Desk, agent: AgentId) -> AgentId:
    before = desk.directory.me().id
    desk.directory.set_setting(ME, agent).result()
    return before


def told(desk: Desk, case: CaseId) -> list[EventItem]:
    """What stands in the timeline of decisions."""
    customer = desk.cases.view(case).result().customer
    items = desk.timelines.page(customer).result().items
    return [item for item in items if isinstance(item, EventItem)]


def of_type(desk: Desk, case: CaseId, kind: EventType) -> list[EventItem]:
    return [item for item in told(desk, case) if item.event.type is kind]


def shown(desk: Desk, case: CaseId) -> DraftShown:
    (item,) = of_type(desk, case, EventType.DRAFT_WRITTEN)
    assert item.draft is not None
    return item.draft


def drafted(desk: Desk, case: CaseId) -> tuple[Request, CoDraft]:
    """Marketing was asked and has written along; whoever asked sits there again."""
    request = requests(desk).ask_help(case, MARKETING, "How do we say it?").result()
    me = sit_down(desk, "Theo Brandt", MARKETING)
    draft = requests(desk).write_draft(request.event, WORDS).result()
    sit_back(desk, me)
    return request, draft


def reply(desk: Desk, case: CaseId, draft: CoDraft, text: str) -> None:
    wish = Draft(text, visibility=Visibility.UNLISTED)
    desk.replies.reply(case, replace(wish, co_draft=draft.event)).result()


def test_a_draft_tells_what_became_of_it(desk: Desk, case: CaseId) -> None:
    _, draft = drafted(desk, case)
    assert shown(desk, case) == DraftShown(draft, DraftFate.OPEN)
    reply(desk, case, draft, f"{WORDS}\n")
    assert shown(desk, case).fate is DraftFate.USED
    desk.replies.undo_latest().result()
    assert shown(desk, case).fate is DraftFate.OPEN
    reply(desk, case, draft, f"{WORDS} Sorry for that.")
    assert shown(desk, case).fate is DraftFate.CHANGED


def test_comments_stand_beneath_and_not_again_for_themselves(desk: Desk, case: CaseId) -> None:
    _, draft = drafted(desk, case)
    requests(desk).comment(draft.event, "Say which day.").result()
    found = shown(desk, case)
    assert [one.text for one in found.draft.comments] == ["Say which day."]
    assert found.fate is DraftFate.DECLINED
    assert of_type(desk, case, EventType.DRAFT_COMMENTED) == []
    desk.cases.undo_event(found.draft.comments[0].event).result()
    assert shown(desk, case) == DraftShown(draft, DraftFate.OPEN)
    (undone,) = of_type(desk, case, EventType.DRAFT_COMMENTED)
    assert undone.undone


def test_the_draft_before_the_last_is_declined(desk: Desk, case: CaseId) -> None:
    request, first = drafted(desk, case)
    requests(desk).write_draft(request.event, "The seal is worn.").result()
    fates = {
        item.draft.draft.text: item.draft.fate
        for item in of_type(desk, case, EventType.DRAFT_WRITTEN)
        if item.draft is not None
    }
    assert fates == {first.text: DraftFate.DECLINED, "The seal is worn.": DraftFate.OPEN}


def test_a_draft_that_was_taken_back_is_none(desk: Desk, case: CaseId) -> None:
    _, draft = drafted(desk, case)
    desk.cases.undo_event(draft.event).result()
    (item,) = of_type(desk, case, EventType.DRAFT_WRITTEN)
    assert item.undone
    assert item.draft is None


def test_a_kept_reply_waits_until_it_is_let_go(desk: Desk, case: CaseId) -> None:
    desk.replies.send_when_closed(case, Draft("All good again.")).result()
    (kept,) = of_type(desk, case, EventType.REPLY_POSTPONED)
    assert kept.waits
    close = desk.cases.close(case).result()
    (kept,) = of_type(desk, case, EventType.REPLY_POSTPONED)
    assert not kept.waits, "it stands in the outbox now"
    assert [one.item.text for one in _wishes(desk, case)] == ["All good again."]
    desk.cases.undo_event(close.id).result()
    (kept,) = of_type(desk, case, EventType.REPLY_POSTPONED)
    assert kept.waits
    assert _wishes(desk, case) == []
    desk.cases.undo_event(kept.event.id).result()
    (kept,) = of_type(desk, case, EventType.REPLY_POSTPONED)
    assert kept.undone
    assert not kept.waits


def test_a_reply_waits_for_its_approval(desk: Desk, case: CaseId) -> None:
    desk.directory.settle(senders=(Sender(ACCOUNT, approval=LEADERSHIP),)).result()
    request = requests(desk).ask_approval(case, Draft("We pay the repair.")).result()
    (asked,) = of_type(desk, case, EventType.APPROVAL_ASKED)
    assert asked.waits
    sit_down(desk, "Lea Ko", LEADERSHIP)
    requests(desk).approve(request.event).result()
    (asked,) = of_type(desk, case, EventType.APPROVAL_ASKED)
    assert not asked.waits
    assert [one.item.text for one in _wishes(desk, case)] == ["We pay the repair."]
    (given,) = of_type(desk, case, EventType.APPROVAL_GIVEN)
    desk.cases.undo_event(given.event.id).result()
    (asked,) = of_type(desk, case, EventType.APPROVAL_ASKED)
    assert asked.waits, "taken back, it waits again"
    assert _wishes(desk, case) == []


def _wishes(desk: Desk, case: CaseId) -> list[OutboxEntry]:
    customer = desk.cases.view(case).result().customer
    items = desk.timelines.page(customer).result().items
    return [item for item in items if isinstance(item, OutboxEntry)]
