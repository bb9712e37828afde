"""A day of Leadership: where the work really goes, who carries it, and what is settled for all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.cases import Urgency
from app.domain.checks import Check, Guidelines
from app.domain.departments import CARE, MARKETING
from app.domain.errors import BadInput
from app.domain.interactions import Channel
from app.domain.replies import Draft, Escalation
from app.domain.sla import USUAL
from tests.days.office import Office, person, respond

MINUTE_MS = 60_000


def test_an_account_whose_work_another_department_does_changes_its_owner(office: Office) -> None:
    services = office.services
    linkedin = office.connects(Channel.LINKEDIN, MARKETING)
    office.sits("Theo Marsh")
    people = [person(f"{letter}on Ek", Channel.LINKEDIN) for letter in "ABCDEFGHIJKLMNOPQRSTUVWXY"]
    for who in people:
        office.hears(who, "Where is my order?", account=linkedin)
    assert services.drifting.found().result() == {}
    for row in office.rows(respond(MARKETING))[:16]:
        handed = Escalation(CARE, Urgency.NORMAL, "Service question", "Where is the order?")
        services.cases.escalate(row.case, handed).result()

    # 16 of 25 went to Care: two thirds, nearly, of what Marketing was thought to answer.
    office.sits("Greta Halden")
    drift = services.drifting.found().result()[linkedin]
    assert (drift.owner, drift.department, drift.cases) == (MARKETING, CARE, 25)
    assert f"{drift.share:.0%}" == "64%"
    services.accounts.set_owner(linkedin, CARE).result()
    assert services.drifting.found().result() == {}
    office.hears(person("Zoe Ek", Channel.LINKEDIN), "And mine?", account=linkedin)
    assert "Zoe Ek" in office.names(respond(CARE))


def test_what_is_promised_changes_for_what_is_open_already(office: Office) -> None:
    services = office.services
    office.sits("Greta Halden")
    office.hears(person("Petter Holm"), "Is anybody there?")
    sooner = tuple(
        replace(one, first_reply_ms=10 * MINUTE_MS) if one.id == "usual" else one for one in USUAL
    )
    services.directory.settle(promises=sooner).result()
    while services.cases.follow_promises().result():
        pass
    (row,) = office.rows(respond(CARE))
    assert row.deadline is not None
    assert row.deadline.due_ms == office.now_ms + 10 * MINUTE_MS
    office.passes(minutes=11)
    assert office.says("@petter", "First reply late")


def test_a_word_that_leadership_forbids_is_held_back_before_it_leaves(office: Office) -> None:
    services = office.services
    rules = Guidelines(forbidden=("guarantee",), blocking=frozenset({Check.FORBIDDEN}))
    office.sits("Greta Halden")
    services.directory.settle(guidelines={CARE: rules}).result()
    office.sits("Nadia Klein")
    office.hears(person("Petter Holm"), "Will it last?")
    case = office.case("@petter").case
    with pytest.raises(BadInput, match="“guarantee”"):
        services.replies.reply(case, Draft("Hello Petter, we guarantee it.")).result()
    assert office.outbox() == []
    services.replies.reply(case, Draft("Hello Petter, for years, if it is descaled.")).result()
    assert len(office.delivers()) == 1


def test_who_carries_what_is_seen(office: Office) -> None:
    services = office.services
    nadia, amir = office.staff["Nadia Klein"], office.staff["Amir Haddad"]
    for number in range(5):
        office.hears(person(f"{'ABCDE'[number]}da Holm"), "Help?")
    for number, row in enumerate(office.rows(respond(CARE))):
        services.cases.assign(row.case, (nadia if number else amir).id).result()
    office.sits("Greta Halden")
    assert services.absences.loads().result() == {nadia.id: 4, amir.id: 1}
    assert services.queues.counts().result().departments[CARE] == (5, 0)
