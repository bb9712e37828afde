"""A day of Marketing: an offer that has to wait, and a wording that told something wrong."""

from __future__ import annotations

import pytest

from app.domain.departments import CARE
from app.domain.guard import PromotionHeld
from app.domain.replies import Draft
from app.services.templates import Wording
from tests.days.office import Office, person, respond

MARTA = person("Marta Lindqvist")
OFFER = "As a thank you: 15 % off your next bag with HUILA15."


def test_a_promotion_is_held_and_later_sent(office: Office) -> None:
    services = office.services
    office.hears(MARTA, "My Duo leaks.")
    case = office.case("@marta").case
    office.sits("Theo Marsh")
    hold = services.customers.card(office.customer("@marta")).result().hold
    assert hold is not None
    assert hold.case == case

    # What promotes is named; the rest of the reply would go.
    with pytest.raises(PromotionHeld, match="HUILA15 has to wait") as held:
        services.replies.reply(case, Draft(OFFER)).result()
    assert office.view(case).ref in str(held.value)
    assert office.outbox() == []
    assert office.delivers() == []

    # Care solves it, and the same words leave; nobody had to give a reason.
    office.sits("Nadia Klein")
    services.replies.reply(case, Draft("A new seal is on its way.")).result()
    assert office.delivers() == ["A new seal is on its way."]
    services.cases.close(case).result()
    office.sits("Theo Marsh")
    assert services.customers.card(office.customer("@marta")).result().hold is None
    services.replies.reply(case, Draft(OFFER)).result()
    assert office.delivers() == [OFFER]
    assert not any("Promotion sent anyway" in line for line in office.timeline("@marta"))
    share = services.guiding.share(office.account).result()
    assert (share.posts, share.promotional) == (2, 1)


def test_a_promotion_that_cannot_wait_says_why(office: Office) -> None:
    services = office.services
    office.hears(MARTA, "My Duo leaks.")
    case = office.case("@marta").case
    office.sits("Theo Marsh")
    why = "Goodwill, agreed with Nadia"
    item = services.replies.reply(case, Draft(OFFER, promotion_reason=why)).result()
    assert office.says("@marta", "Promotion sent anyway", "HUILA15", why)
    services.replies.undo_send(item.id).result()
    assert office.says("@marta", "Undone: Promotion sent anyway")
    assert services.replies.draft(case).result().text == OFFER


def test_a_wrong_template_is_corrected_to_14_customers(office: Office) -> None:
    services = office.services
    office.sits("Theo Marsh")
    wrong = Wording("Descaling", "Use vinegar, {customer}, once a month.", CARE, "en")
    saved = services.templates.save(wrong).result()

    # Care tells it fourteen customers; one more asks something else.
    nadia = office.sits("Nadia Klein")
    people = [person(f"{letter}ea Carrillo") for letter in "ABCDEFGHIJKLMNO"]
    for who in people:
        office.hears(who, "How do I descale the Duo?")
    cases = {row.name: row.case for row in office.rows(respond(CARE))}
    told, other = people[:14], people[14]
    for who in told:
        name = who.display_name.split(maxsplit=1)[0]
        text = f"Use vinegar, {name}, once a month."
        services.replies.reply(cases[who.display_name], Draft(text)).result()
    services.replies.reply(cases[other.display_name], Draft("Which machine is it?")).result()
    assert len(office.delivers()) == 15
    assert services.templates.told_wrong(saved.id).result() == ()

    # Theo corrects it: these fourteen were told something wrong, and nobody else.
    office.sits("Theo Marsh")
    right = Wording("Descaling", "Citric acid, {customer}, never vinegar.", CARE, "en")
    services.templates.save(right, template=saved.id, corrects=saved.number).result()
    wrongly = services.templates.told_wrong(saved.id).result()
    assert {one.name for one in wrongly} == {who.display_name for who in told}
    (template,) = services.templates.all().result()
    assert template.told == 14

    # Care writes to each of them; who has the right words is off the list, one by one.
    office.sits("Nadia Klein")
    for left, one in zip(range(13, -1, -1), wrongly, strict=True):
        filled = services.templates.draft_correction(saved.id, one.case).result()
        first = one.name.split(maxsplit=1)[0]
        assert filled.text == f"Citric acid, {first}, never vinegar."
        assert services.replies.draft(one.case).result().text == filled.text
        sent = services.replies.reply(one.case, Draft(filled.text)).result()
        assert sent.agent == nadia.id
        assert len(services.templates.told_wrong(saved.id).result()) == left
    corrections = office.delivers()
    assert len(corrections) == 14
    assert all("never vinegar" in text for text in corrections)
    assert len(office.outside.arrived) == 29
