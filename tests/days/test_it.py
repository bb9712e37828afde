"""A day of IT: access that somebody needs for a customer, given and handed back."""

from __future__ import annotations

import pytest

from app.domain.cases import Urgency
from app.domain.departments import CARE, IT
from app.domain.errors import BadInput
from app.domain.replies import Draft, Escalation
from tests.days.office import MY_WORK, Office, person, respond

TOBIAS = person("Tobias Brandt")


def test_access_is_asked_for_given_and_the_case_comes_back(office: Office) -> None:
    services = office.services
    nadia = office.sits("Nadia Klein")
    office.hears(TOBIAS, "Can you see whether my order 4711 was packed?")
    case = office.case("@tobias").case
    services.cases.assign(case, nadia.id).result()
    asked = Escalation(IT, Urgency.NORMAL, "Tool access", "I cannot open the warehouse.")
    services.cases.escalate(case, asked).result()

    jonas = office.sits("Jonas Weber")
    (row,) = office.rows(respond(IT))
    assert (row.name, row.pending_from) == ("Tobias Brandt", CARE)
    assert office.says("@tobias", "Handed from Care to IT")
    pending = office.view(case).state.pending
    assert pending is not None
    assert (pending.reason, pending.brief) == ("Tool access", "I cannot open the warehouse.")
    office.passes(minutes=9)
    with pytest.raises(BadInput, match="reason"):
        services.cases.give_back(case, " ")
    services.cases.give_back(case, "You have access to the warehouse since 12:05.").result()
    assert office.rows(respond(IT)) == ()

    # It comes back to her who asked, not to the department at large.
    office.sits("Nadia Klein")
    assert office.names(MY_WORK) == ["Tobias Brandt"]
    state = office.view(case).state
    assert (state.assignee, state.pending, state.department) == (nadia.id, None, CARE)
    assert "access to the warehouse" in office.seams("@tobias")[-1].text
    services.replies.reply(case, Draft("It was packed at noon, Tobias.")).result()
    assert office.delivers() == ["It was packed at noon, Tobias."]
    assert jonas.id not in {item.agent for item in office.outside.arrived}


def test_a_tool_is_asked_for_and_the_case_stays_where_it_is(office: Office) -> None:
    services = office.services
    nadia = office.sits("Nadia Klein")
    office.hears(TOBIAS, "Can you send me another label for order 4711?")
    case = office.case("@tobias").case
    services.cases.assign(case, nadia.id).result()
    asked = services.requests.ask_access(case, IT, "A label printer", tool=True).result()
    assert office.names(MY_WORK) == ["Tobias Brandt"]
    assert office.says("@tobias", "Asked IT for a tool", "A label printer")

    office.sits("Jonas Weber")
    (row,) = office.rows(respond(IT))
    assert (row.case, row.title) == (asked.opened, "Tool for Nadia Klein: A label printer")
    office.passes(minutes=20)
    services.requests.grant(asked.event, "It stands in room 2.").result()
    assert office.rows(respond(IT)) == ()

    office.sits("Nadia Klein")
    (told,) = services.requests.of_case(case).result()
    assert told.answer is not None
    assert (told.answer.granted, told.answer.text) == (True, "It stands in room 2.")
    assert office.names(MY_WORK) == ["Tobias Brandt"]
    # Granted by mistake: undone, it waits with IT again.
    services.cases.undo_event(told.answer.event).result()
    assert [row.case for row in office.rows(respond(IT))] == [asked.opened]


def test_a_hand_off_by_mistake_is_undone_as_if_it_had_not_been(office: Office) -> None:
    services = office.services
    nadia = office.sits("Nadia Klein")
    office.hears(TOBIAS, "Where is my order?")
    case = office.case("@tobias").case
    services.cases.assign(case, nadia.id).result()
    before = office.view(case).state
    services.cases.escalate(case, Escalation(IT, reason="Tool access", brief="Which?")).result()
    assert office.everywhere() == {IT: ["Tobias Brandt"]}
    services.cases.undo(case).result()
    assert office.view(case).state == before
    assert office.everywhere() == {CARE: ["Tobias Brandt"]}
    assert office.says("@tobias", "Undone: Handed to IT")
