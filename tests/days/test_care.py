"""A day of Customer Care: what it is told, what it hands over, and who takes it meanwhile."""

from __future__ import annotations

from datetime import timedelta

from app.domain.cases import Status, Urgency
from app.domain.clocks import ClockKind, Due
from app.domain.departments import CARE, IT, LEADERSHIP
from app.domain.ids import CaseId
from app.domain.replies import Draft, Escalation
from app.domain.routing import Actions, Conditions, RoutingRule, Turn
from tests.days.office import MY_WORK, Office, person, respond

MARTA = person("Marta Lindqvist", followers=4_600)
PETTER = person("Petter Holm")
AINO = person("Aino Mäkelä")
HOUR_MS = 3_600_000


def test_a_complaint_becomes_a_refund_through_two_departments_and_back(office: Office) -> None:
    case = complains_and_is_answered(office)
    goes_to_it_and_on_to_leadership(office, case)
    is_told_and_closed(office, case)

    # The ledger tells the whole way, and the timeline says it.
    state = office.view(case).state
    assert [step.department for step in state.steps] == [CARE, IT, LEADERSHIP, CARE]
    assert (state.status, state.hand_offs) == (Status.CLOSED, 3)
    assert state.assignee == office.staff["Nadia Klein"].id
    ways = [(seam.origin, seam.target, seam.text) for seam in office.seams("Marta Lindqvist")]
    assert [(origin, target) for origin, target, _ in ways] == [
        (CARE, IT), (IT, LEADERSHIP), (LEADERSHIP, CARE),
    ]  # fmt: skip
    assert "Refund in full, we pay the parcel." in ways[-1][2]
    assert office.says("Marta Lindqvist", "Internal note, Jonas Weber", "The board is gone.")
    assert office.timeline("Marta Lindqvist")[-1].startswith("Case #")


def complains_and_is_answered(office: Office) -> CaseId:
    services = office.services
    office.sits("Nadia Klein")
    office.hears(MARTA, "My Duo shows E14 since the update. I want my money back.")

    # It stands in Care’s queue and nowhere else, and an hour is promised.
    assert office.everywhere() == {CARE: ["Marta Lindqvist"]}
    row = office.row(respond(CARE), "Marta Lindqvist")
    assert row.unread
    assert row.deadline is not None
    assert row.deadline.kind is ClockKind.FIRST_REPLY
    assert row.deadline.due_ms == office.now_ms + HOUR_MS
    case = row.case
    services.cases.assign(case, office.staff["Nadia Klein"].id).result()
    assert office.names(MY_WORK) == ["Marta Lindqvist"]

    # She answers within the hour: the clock of the first reply is met and no other one runs.
    office.passes(minutes=45)
    deadline = office.row(MY_WORK, "Marta Lindqvist").deadline
    assert deadline is not None
    assert deadline.due(office.now_ms) is Due.DUE
    services.replies.reply(case, Draft("Sorry, Marta. We look into E14 today.")).result()
    (waiting,) = office.outbox()
    assert waiting.text.startswith("Sorry, Marta.")
    assert office.says("Marta Lindqvist", "Sending in")
    assert office.delivers() == ["Sorry, Marta. We look into E14 today."]
    assert office.outbox() == []
    assert office.says("Marta Lindqvist", "delivered", "We look into E14")
    met = {clock.kind: clock.met for clock in office.view(case).clocks}
    assert met[ClockKind.FIRST_REPLY]
    assert office.view(case).state.breached == frozenset()

    return case


def goes_to_it_and_on_to_leadership(office: Office, case: CaseId) -> None:
    """IT is asked with a brief; the case leaves Care and is nobody’s there yet."""
    services = office.services
    to_it = Escalation(IT, Urgency.HIGH, "Technical fault", "E14 since 3.2: mendable?", follow=True)
    services.cases.escalate(case, to_it).result()
    assert office.everywhere() == {IT: ["Marta Lindqvist"]}
    assert office.names(MY_WORK) == []
    office.sits("Jonas Weber")
    row = office.row(respond(IT), "Marta Lindqvist")
    assert (row.pending_from, row.assignee, row.urgency) == (CARE, None, Urgency.HIGH)
    office.passes(minutes=12)
    services.cases.accept(case).result()
    assert office.names(MY_WORK) == ["Marta Lindqvist"]
    services.cases.note(case, "The board is gone. No build will mend it.").result()
    office.passes(minutes=3)

    # Giving money back is Leadership’s to say, who hands it to Care with the decision.
    services.cases.escalate(
        case, Escalation(LEADERSHIP, Urgency.HIGH, "Goodwill or refund", "Board broken: refund?")
    ).result()
    office.sits("Greta Halden")
    assert office.names(respond(LEADERSHIP)) == ["Marta Lindqvist"]
    services.cases.accept(case).result()
    office.passes(minutes=20)
    services.cases.escalate(
        case, Escalation(CARE, Urgency.HIGH, "Decided", "Refund in full, we pay the parcel.")
    ).result()


def is_told_and_closed(office: Office, case: CaseId) -> None:
    """Back where it began: only what was meant for Marta ever left."""
    services = office.services
    office.sits("Nadia Klein")
    assert office.everywhere() == {CARE: ["Marta Lindqvist"]}
    assert office.says("Marta Lindqvist", "Handed from Leadership to Care after 20 minutes")
    services.cases.accept(case).result()
    answer = "You get the whole price back, Marta, and we pay the parcel."
    services.replies.reply(case, Draft(answer)).result()
    office.delivers()
    services.cases.close(case).result()
    assert [item.text for item in office.outside.arrived] == [
        "Sorry, Marta. We look into E14 today.", answer,
    ]  # fmt: skip
    assert office.everywhere() == {}


def test_thanks_after_the_refund_open_the_same_case_again(office: Office) -> None:
    services = office.services
    office.sits("Nadia Klein")
    first = office.hears(MARTA, "My Duo leaks.")
    case = office.case("@marta").case
    services.replies.reply(case, Draft("A new one is on its way.")).result()
    office.delivers()
    services.cases.close(case).result()
    office.passes(days=2)
    office.hears(MARTA, "It is here. Thank you!", in_reply_to=first)
    assert office.case("@marta").case == case
    assert office.names(respond(CARE)) == ["Marta Lindqvist"]
    assert office.says("Marta Lindqvist", f"Case #{office.view(case).ref} reopened", "new message")


def test_an_agent_on_leave_is_missed_by_nobody(office: Office) -> None:
    services = office.services
    turns = RoutingRule("turn", "In turn", Conditions(), Actions(turn=Turn.ROUND_ROBIN))
    services.routing_rules.save((turns,)).result()
    nadia, amir = office.staff["Nadia Klein"], office.staff["Amir Haddad"]
    office.sits("Nadia Klein")
    for who in (MARTA, PETTER):
        office.hears(who, "Where is my parcel?")
        office.passes(minutes=1)
    assert services.absences.loads().result() == {nadia.id: 1, amir.id: 1}
    (mine,) = office.rows(MY_WORK)

    # Nadia goes until Monday; Amir has her case at once, and the timeline says why.
    monday = services.clock.now() + timedelta(days=4)
    assert services.absences.leave(nadia.id, monday, amir.id).result() == 1
    assert office.names(MY_WORK) == []
    assert services.absences.loads().result() == {amir.id: 2}
    assert office.says(mine.name, "Assigned to Amir Haddad", "Nadia Klein is away")
    office.sits("Amir Haddad")
    assert set(office.names(MY_WORK)) == {"Marta Lindqvist", "Petter Holm"}

    # What comes in goes past her, and her customer finds somebody who answers.
    office.hears(AINO, "Do you repair Solos?")
    assert office.case("@aino").state.assignee == amir.id
    services.replies.reply(mine.case, Draft("It arrives tomorrow.")).result()
    assert office.delivers() == ["It arrives tomorrow."]

    # On Monday she has her own back; what came meanwhile stays with Amir.
    office.passes(days=4)
    office.sits("Nadia Klein")
    assert services.directory.me().absence is None
    assert office.names(MY_WORK) == [mine.name]
    assert services.absences.loads().result() == {nadia.id: 1, amir.id: 2}
    assert office.says(mine.name, "Assigned to Nadia Klein")


def test_a_clock_that_runs_out_is_written_down_and_stays(office: Office) -> None:
    office.sits("Nadia Klein")
    office.hears(PETTER, "Is anybody there?")
    office.hears(AINO, "The tray is cracked.", occurred_at=_ago(office, minutes=30))
    assert office.names(respond(CARE)) == ["Aino Mäkelä", "Petter Holm"], "the next due first"
    office.passes(minutes=40)
    rows = {row.name: row.deadline for row in office.rows(respond(CARE))}
    looks = {name: line.due(office.now_ms) for name, line in rows.items() if line is not None}
    assert looks == {"Aino Mäkelä": Due.LATE, "Petter Holm": Due.DUE}
    aino = office.case("@aino")
    assert {clock for clock, _ in aino.state.breached} == {ClockKind.FIRST_REPLY}
    assert office.says("Aino Mäkelä", "First reply late")
    office.services.replies.reply(aino.case, Draft("A new tray is on its way.")).result()
    office.delivers()
    assert office.view(aino.case).state.breached == aino.state.breached


def _ago(office: Office, **time: float) -> object:
    return office.services.clock.now() - timedelta(**time)
