"""What one department asks of another, while the case stays where it is."""

from __future__ import annotations

import pytest

from app.domain.departments import CARE, LEADERSHIP, MARKETING
from app.domain.errors import NeedsApproval
from app.domain.replies import Draft
from app.domain.setup import Sender
from app.services.templates import Wording
from tests.days.office import Office, person, respond

MARTA = person("Marta Lindqvist")
REFUND = "You get the whole price back, Marta."


def test_leadership_lets_a_reply_leave_as_its_author_wrote_it(office: Office) -> None:
    services = office.services
    services.directory.settle(senders=(Sender(office.account, approval=LEADERSHIP),)).result()
    nadia = office.sits("Nadia Klein")
    office.hears(MARTA, "I want my money back.")
    case = office.row(respond(CARE), "Marta Lindqvist").case
    with pytest.raises(NeedsApproval, match="Leadership"):
        services.replies.reply(case, Draft(REFUND)).result()
    asked = services.requests.ask_approval(case, Draft(REFUND)).result()
    assert office.delivers() == []

    # Leadership has it in its queue; the case itself stays with Care.
    assert office.everywhere() == {CARE: ["Marta Lindqvist"], LEADERSHIP: ["Marta Lindqvist"]}
    office.sits("Greta Halden")
    (waiting,) = services.requests.waiting().result()
    assert (waiting.text, waiting.by, waiting.case) == (REFUND, nadia.id, case)
    sent = services.requests.approve(asked.event).result()
    assert (sent.agent, sent.case) == (nadia.id, case)
    assert office.delivers() == [REFUND]
    assert office.names(respond(LEADERSHIP)) == []
    assert services.requests.waiting().result() == ()

    # What Marta writes next is Care’s, and nobody’s to approve.
    office.hears(MARTA, "Thank you. When?", in_reply_to=office.outside.arrived[-1].target)
    assert office.everywhere() == {CARE: ["Marta Lindqvist"]}


def test_a_declined_reply_comes_back_as_a_draft_with_the_reason(office: Office) -> None:
    services = office.services
    services.directory.settle(senders=(Sender(office.account, approval=LEADERSHIP),)).result()
    office.sits("Nadia Klein")
    office.hears(MARTA, "I want my money back.")
    case = office.row(respond(CARE), "Marta Lindqvist").case
    asked = services.requests.ask_approval(case, Draft(REFUND)).result()
    office.sits("Greta Halden")
    services.requests.decline(asked.event, "Offer the repair first.").result()
    office.sits("Nadia Klein")
    assert services.replies.draft(case).result().text == REFUND
    assert office.says("Marta Lindqvist", "Offer the repair first.")
    assert office.delivers() == []
    assert office.everywhere() == {CARE: ["Marta Lindqvist"]}


def test_marketing_writes_what_care_asks_for_and_it_is_filed(office: Office) -> None:
    services = office.services
    office.sits("Nadia Klein")
    office.hears(MARTA, "How do I descale the Duo?")
    case = office.row(respond(CARE), "Marta Lindqvist").case
    asked = services.requests.ask_content(case, MARKETING, "Descaling in three steps").result()
    assert office.everywhere() == {CARE: ["Marta Lindqvist"], MARKETING: ["Marta Lindqvist"]}
    assert office.says("Marta Lindqvist", "Descaling in three steps")

    theo = office.sits("Theo Marsh")
    wording = Wording("Descaling", "Citric acid, {customer}, rinse twice.", CARE, "en")
    saved = services.templates.save(wording).result()
    assert saved.owner == theo.id
    services.requests.answer_content(asked.event, template=saved.use).result()
    assert office.everywhere() == {CARE: ["Marta Lindqvist"]}

    office.sits("Nadia Klein")
    offered = services.guiding.beside(case).result().templates
    assert [one.name for one in offered] == ["Descaling"]
    services.replies.reply(case, Draft("Citric acid, Marta, rinse twice.")).result()
    assert office.delivers() == ["Citric acid, Marta, rinse twice."]
    assert office.outside.arrived[-1].template == saved.use
