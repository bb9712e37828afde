"""A day of PR & Community: who reaches many, who only enters a raffle, and who is one person."""

from __future__ import annotations

from app.domain.cases import Urgency
from app.domain.departments import CARE, PR
from app.domain.interactions import Channel, Kind, Visibility
from app.domain.replies import Draft
from app.domain.routing import Actions, Conditions, RoutingRule
from tests.days.office import MY_WORK, NOISE, Office, person, respond

SOFIA = person("Sofia Ferrante", followers=212_000, links=("https://morning.example/",))
SOFIA_AT_BLUESKY = person(
    "Sofia Ferrante", Channel.BLUESKY, followers=3_100, links=("https://morning.example/",)
)
PETTER = person("Petter Holm")
LARS = person("Lars Nyström")
RULES = (
    RoutingRule(
        "raffle",
        "Raffle",
        Conditions(phrases=("#HaldenRaffle",)),
        Actions(noise=True, tags=("raffle",)),
    ),
    RoutingRule(
        "reach",
        "Reach over 10k",
        Conditions(reach=10_000),
        Actions(department=PR, urgency=Urgency.HIGH),
    ),
)


def test_an_influencers_direct_message_comes_to_community_and_is_answered_in_private(
    office: Office,
) -> None:
    services = office.services
    services.routing_rules.save(RULES).result()
    office.hears(
        SOFIA,
        "Filming the Duo on Friday. May I say when the E14 fix ships?",
        kind=Kind.DIRECT,
        visibility=Visibility.DIRECT,
    )
    office.hears(PETTER, "When does the E14 fix ship?")

    # The account is Care’s; the rule gives what reaches many to Community, and it comes first.
    assert office.everywhere() == {CARE: ["Petter Holm"], PR: ["Sofia Ferrante"]}
    row = office.row(respond(PR), "Sofia Ferrante")
    assert (row.urgency, row.reach) == (Urgency.HIGH, 212_000)
    half_an_hour = 30 * 60_000
    assert row.deadline is not None
    assert row.deadline.due_ms == office.now_ms + half_an_hour
    assert office.says("Sofia Ferrante", "direct message", "Filming the Duo on Friday")
    assert office.says("Sofia Ferrante", "Routed to PR & Community, urgency high, by a rule")

    services.cases.assign(row.case, office.sits("Ines Duarte").id).result()
    services.replies.reply(row.case, Draft("3.2.1 ships today, Sofia. Do say so.")).result()
    office.delivers()
    (sent,) = office.outside.arrived
    assert sent.visibility is Visibility.DIRECT, "what was asked in private is answered so"
    assert office.says("Sofia Ferrante", "delivered", "3.2.1 ships today")
    assert office.names(MY_WORK) == ["Sofia Ferrante"]
    assert office.row(MY_WORK, "Sofia Ferrante").deadline is None, "it is her turn now"


def test_rules_are_tried_on_what_came_in_before_they_hold(office: Office) -> None:
    services = office.services
    office.hears(SOFIA, "Is the Duo loud?")
    office.hears(PETTER, "Me too #HaldenRaffle")
    office.hears(LARS, "My tray is cracked.")
    tried = services.routing_rules.dry_run(RULES).future.result(30)
    assert (tried.looked_at, tried.total.moved, tried.total.noise) == (3, 1, 1)
    assert "would have moved 1 of 3, taken out as noise 1" in tried.sentence
    assert services.routing_rules.rules() == ()
    assert set(office.names(respond(CARE))) == {"Sofia Ferrante", "Petter Holm", "Lars Nyström"}
    services.routing_rules.save(RULES).result()
    assert set(office.names(respond(CARE))) == {"Sofia Ferrante", "Petter Holm", "Lars Nyström"}


def test_what_needs_no_answer_leaves_the_queue_and_can_be_brought_back(office: Office) -> None:
    services = office.services
    services.routing_rules.save(RULES).result()
    office.hears(PETTER, "Me too #HaldenRaffle and by the way, my Duo leaks.")
    assert office.everywhere() == {}
    assert office.names(NOISE) == ["Petter Holm"]
    assert office.says("Petter Holm", "Set aside as noise, tagged raffle, by a rule")
    found = services.search.find("leaks").result()
    assert [hit.name for hit in found.messages] == ["Petter Holm"]
    services.noise.clear(office.row(NOISE, "Petter Holm").case).result()
    assert office.everywhere() == {CARE: ["Petter Holm"]}
    assert office.says("Petter Holm", "Needs an answer after all", "Ines Duarte")


def test_two_identities_are_joined_and_separated(office: Office) -> None:
    services = office.services
    bluesky = office.connects(Channel.BLUESKY, CARE)
    office.hears(SOFIA, "Is the Duo loud?")
    office.passes(minutes=5)
    office.hears(SOFIA_AT_BLUESKY, "Asking here too: how loud is it?", account=bluesky)
    one, other = (case.customer for case in sorted(
        office.rows(respond(CARE)), key=lambda row: row.last_ms
    ))  # fmt: skip
    assert one != other
    before = {who: lines(office, who) for who in (one, other)}

    # The suggestion gives its reasons, and nothing is joined by itself.
    (match,) = services.matching.suggestions(one).result()
    told = [reason.told for reason in match.suggestion.reasons]
    assert any("morning.example" in reason for reason in told), told
    assert services.customers.card(one).result().reach == 212_000

    joined = services.matching.join(match).result()
    card = services.customers.card(one).result()
    assert {view.channel for view in card.identities} == {Channel.MASTODON, Channel.BLUESKY}
    assert card.reach == 215_100
    both = lines(office, one)
    assert any("Is the Duo loud" in line for line in both)
    assert any("how loud is it" in line for line in both)
    assert {row.customer for row in office.rows(respond(CARE))} == {one}

    # Taken back, each has its own again, and nothing but the decisions themselves is left of it.
    services.matching.part(joined).result()
    assert {row.customer for row in office.rows(respond(CARE))} == {one, other}
    decided = ("joined to this customer", "Undone")
    for who in (one, other):
        left = [line for line in lines(office, who) if not any(w in line for w in decided)]
        assert left == before[who]


def lines(office: Office, customer: object) -> list[str]:
    return office.timeline(str(customer))
