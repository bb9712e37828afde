"""The promotion guard: whom it holds promotions back from, and what sending anyway takes."""

from __future__ import annotations

import pytest

from app.domain.departments import CARE, LEADERSHIP, MARKETING, PR
from app.domain.errors import BadInput
from app.domain.events import EventType
from app.domain.guard import PromotionHeld, Standing
from app.domain.promotions import Promotion, Sign, promotions
from app.domain.replies import Draft
from app.domain.setup import Sender
from app.services.guard import Guard
from app.services.templates import Templates, Wording
from app.store.promotions import share
from tests.services.desk import Desk
from tests.store.building import ACCOUNT, answered, identity, rows, said

OFFER = "Sorry about that. Take 15 % off your next bag with HUILA15."


@pytest.fixture
def complained(desk: Desk) -> Desk:
    desk.take(said("1", "marta", "It leaks."))
    return desk


def events(desk: Desk) -> list[str]:
    wanted = "SELECT type FROM event WHERE type IN ('promotion_sent', 'undone') ORDER BY stamp"
    return [row[0] for row in rows(desk.workspace, wanted)]


def test_a_coupon_waits_while_the_case_is_open(complained: Desk) -> None:
    case = complained.only_case()
    with pytest.raises(PromotionHeld, match=r"HUILA15 has to wait: case #\w+ is open") as caught:
        complained.replies.reply(case, Draft(OFFER)).result()
    assert {place.sign for place in caught.value.found} >= {Sign.COUPON}
    assert rows(complained.workspace, "SELECT count(*) FROM outbox") == [(0,)]
    assert complained.replies.reply(case, Draft("Sorry about that.")).result()


def test_a_reason_sends_it_anyway_and_is_an_event_until_it_is_taken_back(complained: Desk) -> None:
    case = complained.only_case()
    draft = Draft(OFFER, promotion_reason="Goodwill, agreed with Theo")
    item = complained.replies.reply(case, draft).result()
    assert events(complained) == [EventType.PROMOTION_SENT]
    data = rows(complained.workspace, "SELECT data FROM event WHERE type = 'promotion_sent'")[0][0]
    assert "Goodwill, agreed with Theo" in data
    assert item.id in data
    complained.replies.undo_send(item.id).result()
    assert events(complained) == [EventType.PROMOTION_SENT, EventType.UNDONE]


def test_nothing_waits_once_all_cases_are_closed(complained: Desk) -> None:
    case = complained.only_case()
    complained.cases.close(case).result()
    assert complained.replies.reply(case, Draft(OFFER)).result()
    assert events(complained) == []


def test_a_complaint_of_another_identity_holds_it_too(desk: Desk) -> None:
    guard = Guard(desk.workspace, desk.directory)
    desk.take(said("1", "marta", "It leaks."), said("2", "brygger", "Nice bags?", at=60))
    first, second = (
        row[0] for row in rows(desk.workspace, "SELECT id FROM case_state ORDER BY last_key")
    )
    desk.cases.close(second).result()
    assert guard.hold(desk.customers.resolve("@brygger").result()).result() is None
    marta = desk.customers.resolve("@marta").result()
    desk.customers.link(identity("brygger"), marta).result()
    found = guard.hold(marta).result()
    assert found is not None
    assert found.case == first


def test_who_opted_out_is_asked_nothing_of_the_kind(complained: Desk) -> None:
    guard, case = Guard(complained.workspace, complained.directory), complained.only_case()
    complained.cases.close(case).result()
    marta = complained.customers.resolve("@marta").result()
    with pytest.raises(BadInput, match="reason"):
        guard.set_standing(marta, Standing.OPTED_OUT, " ").result()
    guard.set_standing(marta, Standing.OPTED_OUT, "Asked by mail").result()
    with pytest.raises(PromotionHeld, match="opted out"):
        complained.replies.reply(case, Draft(OFFER)).result()
    guard.set_standing(marta, Standing.WELCOME, "Asked to be told again").result()
    assert guard.hold(marta).result() is None


def test_a_template_promotes_where_its_owner_says_so(complained: Desk) -> None:
    templates = Templates(complained.workspace, complained.directory)
    wording = Wording("Roasts", "Our winter roasts are here, {customer}.", promotional=True)
    saved = templates.save(wording).result()
    case = complained.only_case()
    text = "Our winter roasts are here, Marta. Have a look."
    for draft in (Draft(text, template=saved.use), Draft(text)):
        with pytest.raises(PromotionHeld, match="This promotion") as caught:
            complained.replies.reply(case, draft).result()
        assert [place.sign for place in caught.value.found] == [Sign.TEMPLATE]


def test_only_who_may_sends_from_an_account(complained: Desk) -> None:
    case = complained.only_case()
    complained.directory.settle(senders=(Sender(ACCOUNT, departments=(CARE,)),)).result()
    with pytest.raises(BadInput, match="Customer Care"):
        complained.replies.reply(case, Draft("Hello")).result()
    complained.directory.settle(senders=(Sender(ACCOUNT, approval=MARKETING),)).result()
    with pytest.raises(BadInput, match="approval of Marketing"):
        complained.replies.reply(case, Draft("Hello")).result()
    complained.directory.settle(senders=(), approvals={PR: LEADERSHIP}).result()
    with pytest.raises(BadInput, match="approval of Leadership"):
        complained.replies.reply(case, Draft("Hello")).result()
    complained.directory.settle(approvals={CARE: LEADERSHIP}).result()
    assert complained.replies.reply(case, Draft("Hello")).result()


def test_a_text_is_judged_once_for_the_codes_there_are(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[str] = []

    def noted(text: str, **known: tuple[str, ...]) -> tuple[Promotion, ...]:
        judged.append(text)
        return promotions(text, **known)

    monkeypatch.setattr("app.store.promotions.promotions", noted)
    desk.take(answered("9", "marta", "For the next bag: warmwelcome."))

    def promotional(*codes: str) -> int:
        counted = desk.workspace.read(lambda conn: share(conn, ACCOUNT, 0, codes))
        return counted.result().promotional

    assert [promotional(), promotional(), promotional("WARMWELCOME")] == [0, 0, 1]
    assert len(judged) == 2


def test_the_share_of_promotion_counts_our_posts_of_the_month(desk: Desk) -> None:
    desk.take(said("1", "marta", "It leaks."))
    desk.take(answered("a", "1", "Sorry.", at=60), answered("b", "1", OFFER, at=120))
    counted = desk.workspace.read(lambda conn: share(conn, ACCOUNT, 0, ())).result()
    assert (counted.posts, counted.promotional, counted.of_all) == (2, 1, 0.5)
