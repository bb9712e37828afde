"""What an excerpt of a timeline shows is what the whole holds of it, in the same order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.departments import IT
from app.domain.events import EventType
from app.domain.excerpt import WHOLE, Excerpt, Strand
from app.domain.ids import CaseId, CustomerId, founding_customer
from app.domain.interactions import Channel, Direction, IdentityFact, Kind, Side
from app.domain.replies import Draft, Escalation
from app.domain.views import EventItem, InteractionItem, OutboxEntry, TimelineItem
from app.services.by_hand import ByHand
from tests.conftest import NOW
from tests.services.desk import Desk
from tests.store.building import answered, identity, said

ADA = founding_customer(identity("ada"))
_MAIL = IdentityFact(Channel.EMAIL, "ada@post.example", "ada@post.example", "Ada")
MARKETING, SERVICE, INTERNAL = (
    Excerpt((strand,)) for strand in (Strand.MARKETING, Strand.SERVICE, Strand.INTERNAL)
)


def _whole(desk: Desk, excerpt: Excerpt = WHOLE, limit: int = 60) -> list[TimelineItem]:
    """All pages of an excerpt, oldest first; none of them is longer than it was asked to be."""
    pages = [desk.timelines.page(ADA, limit=limit, excerpt=excerpt).result()]
    while (before := pages[-1].before) is not None:
        pages.append(desk.timelines.page(ADA, before=before, limit=limit, excerpt=excerpt).result())
    return [item for page in reversed(pages) for item in page.items]


def _strand(item: TimelineItem) -> Strand:
    if isinstance(item, EventItem):
        return Strand.INTERNAL
    if isinstance(item, OutboxEntry):
        return Strand.SERVICE
    return Strand.MARKETING if item.side is Side.MARKETING else Strand.SERVICE


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Ada: both sides mixed, two conversations, a stranger around, a mail address and a call."""
    facts = [said("1", "ada", "It leaks?"), answered("2", "1", "Where?", at=2)]
    facts += [said("3", "zed", "Mine too", at=3, in_reply_to="1", direction=Direction.AROUND)]
    facts += [said(f"l{n}", "ada", "", kind=Kind.LIKE, at=4 + n) for n in range(25)]
    facts += [said(f"m{n}", "ada", "At the seal", at=40 + n, in_reply_to="1") for n in range(25)]
    facts += [said("9", "ada", "Where is my parcel?", at=90)]
    desk.take(*facts)
    desk.take(said("e1", "ada", "As a mail?", author=_MAIL, kind=Kind.MAIL, at=100))
    mail = desk.customers.resolve(_MAIL.handle).result()
    other = desk.customers.card(mail).result().identities[0].identity
    desk.customers.link(other, ADA).result()
    by_hand = ByHand(desk.workspace, desk.directory, desk.clock)
    by_hand.log(ADA, Kind.CALL, "Wants it whole", at=NOW - timedelta(minutes=30)).result()
    leak, *_ = _cases(desk)
    desk.cases.note(leak, "She is patient.").result()
    desk.cases.escalate(leak, Escalation(IT, reason="Only IT can.")).result()
    for number in range(12):
        desk.clock.set(desk.clock.now() + timedelta(seconds=1))
        desk.cases.tag(leak, [f"t{number}"]).result()
    desk.replies.reply(leak, Draft("@ada On it.")).result()
    return desk


def _cases(desk: Desk) -> list[CaseId]:
    """The leak first, then the parcel, then the mail."""
    cases = desk.customers.card(ADA).result().cases
    return [case.case for case in sorted(cases, key=lambda case: case.state.opened_ms)]


@pytest.mark.parametrize("limit", [4, 7, 60])
@pytest.mark.parametrize(
    "strands",
    [
        (Strand.MARKETING,),
        (Strand.SERVICE,),
        (Strand.INTERNAL,),
        (Strand.MARKETING, Strand.SERVICE),
        (Strand.SERVICE, Strand.INTERNAL),
        (Strand.MARKETING, Strand.INTERNAL),
    ],
)
def test_strands_are_what_the_whole_holds_of_them(
    busy: Desk, strands: tuple[Strand, ...], limit: int
) -> None:
    wanted = [item for item in _whole(busy) if _strand(item) in strands]
    assert len({_strand(item) for item in wanted}) == len(strands)
    assert _whole(busy, Excerpt(strands), limit) == wanted


def test_no_page_of_decisions_is_the_whole_ledger(busy: Desk) -> None:
    page = busy.timelines.page(ADA, limit=5, excerpt=INTERNAL).result()
    assert len(page.items) <= 6
    assert page.before is not None
    mixed = Excerpt((Strand.MARKETING, Strand.INTERNAL))
    assert len(busy.timelines.page(ADA, limit=5, excerpt=mixed).result().items) <= 11


def test_one_channel_is_what_was_on_it_and_decided_about_it(busy: Desk) -> None:
    shown = _whole(busy, Excerpt(channel=Channel.EMAIL))
    facts = [item for item in shown if isinstance(item, InteractionItem)]
    assert [fact.native_id for fact in facts] == ["e1"]
    decided = {item.event.type for item in shown if isinstance(item, EventItem)}
    assert decided == {EventType.CASE_OPENED, EventType.IDENTITY_LINKED}
    fediverse = _whole(busy, Excerpt(channel=Channel.MASTODON))
    kinds = {item.kind for item in fediverse if isinstance(item, InteractionItem)}
    assert Kind.MENTION in kinds
    assert kinds.isdisjoint({Kind.MAIL, Kind.CALL}), "a call is on no channel"
    assert any(isinstance(item, OutboxEntry) for item in fediverse)


def test_one_case_is_its_conversation_and_what_was_decided_about_it(busy: Desk) -> None:
    leak, parcel, _mail = _cases(busy)
    shown = _whole(busy, Excerpt(case=parcel), 3)
    assert [item.native_id for item in shown if isinstance(item, InteractionItem)] == ["9"]
    assert {item.case for item in shown if isinstance(item, EventItem)} == {parcel}
    assert not [item for item in shown if isinstance(item, OutboxEntry)]
    of_leak = _whole(busy, Excerpt(case=leak), 3)
    natives = [item.native_id for item in of_leak if isinstance(item, InteractionItem)]
    assert natives == ["1", "2", "3", *(f"m{n}" for n in range(25))]
    assert [item for item in of_leak if isinstance(item, OutboxEntry)]
    words = _whole(busy, Excerpt((Strand.INTERNAL,), case=leak))
    assert [item for item in of_leak if isinstance(item, EventItem)] == words


def test_a_case_of_somebody_else_shows_nothing(busy: Desk) -> None:
    busy.take(said("b1", "bo", "Hello?"))
    bo = founding_customer(identity("bo"))
    (case,) = busy.customers.card(bo).result().cases
    assert _whole(busy, Excerpt(case=case.case)) == []


def test_what_moves_to_the_other_side_moves_between_the_excerpts(busy: Desk) -> None:
    fact = next(
        item for item in _whole(busy) if isinstance(item, InteractionItem) and item.native_id == "9"
    )
    busy.cases.move_side(fact.uid, Side.MARKETING).result()
    natives = [i.native_id for i in _whole(busy, MARKETING) if isinstance(i, InteractionItem)]
    assert natives[-1] == "9"
    assert "9" not in [i.native_id for i in _whole(busy, SERVICE) if isinstance(i, InteractionItem)]


def test_months_follow_the_channel(busy: Desk) -> None:
    (month,) = busy.timelines.months(ADA, Excerpt(channel=Channel.EMAIL)).result()
    assert (month.service, month.marketing) == (1, 0)
    (month,) = busy.timelines.months(ADA).result()
    assert month.marketing == 25
    assert busy.timelines.months(CustomerId(1)).result() == ()


def test_an_excerpt_of_every_strand_is_no_condition() -> None:
    excerpt = WHOLE
    for strand in Strand:
        excerpt = excerpt.with_strand(strand)
    assert excerpt == WHOLE
    assert not excerpt
    assert SERVICE.with_strand(Strand.INTERNAL).strands == (Strand.SERVICE, Strand.INTERNAL)
    assert SERVICE.with_strand(Strand.SERVICE) == WHOLE


def test_what_an_excerpt_hides_of_a_case() -> None:
    case = CaseId(7)
    assert not WHOLE.hides(Strand.SERVICE, case)
    assert MARKETING.hides(Strand.SERVICE, case)
    assert Excerpt(case=CaseId(8)).hides(Strand.SERVICE, case)
    assert Excerpt(channel=Channel.EMAIL).hides(Strand.SERVICE, case)
    assert not Excerpt((Strand.SERVICE,), case=case).hides(Strand.SERVICE, case)
