"""A day of Advertising: answers under a paid post, and what a campaign has told whom."""

from __future__ import annotations

from typing import Any

from app.domain.departments import ADVERTISING, CARE
from app.domain.interactions import Channel, Direction, IdentityFact, Kind
from app.domain.replies import Draft
from app.domain.routing import Actions, Conditions, RoutingRule
from tests.days.office import Office, person, respond

GRACE = person("Grace Whitcombe", Channel.FACEBOOK)
PAUL = person("Paul Sommer", Channel.FACEBOOK)
BRAND = IdentityFact(Channel.FACEBOOK, "halden", "@halden", "Halden Coffee")
TOUCHES = (
    "customer,campaign,touch,time,link,brief,codes\n"
    "@grace,Winter roast,sent,2026-11-16T09:00:00Z,,20 % off; not for the Duo,ROAST20\n"
    "@grace,Winter roast,clicked,2026-11-16T09:20:00Z,https://halden.example/winter,,\n"
    "nobody,Winter roast,sent,2026-11-16T09:00:00Z,,,\n"
)


def test_a_question_under_a_paid_post_is_advertisings_and_praise_is_no_work(
    office: Office,
) -> None:
    services = office.services
    ads = office.connects(Channel.FACEBOOK, ADVERTISING)
    post = office.hears(
        BRAND,
        "The winter roast, for four weeks.",
        account=ads,
        kind=Kind.POST,
        direction=Direction.OUTBOUND,
    )
    office.passes(hours=1)
    under: dict[str, Any] = {"account": ads, "kind": Kind.COMMENT, "in_reply_to": post}
    office.hears(PAUL, "Lovely packaging", **under)
    office.hears(GRACE, "Does the offer hold for the Duo?", **under)

    # What asks is work, and Advertising’s; what only praises stands in the timeline, as marketing.
    assert office.everywhere() == {ADVERTISING: ["Grace Whitcombe"]}
    assert office.says("@paul", "Lovely packaging")
    camille = office.sits("Camille Roux")
    case = office.row(respond(ADVERTISING), "Grace Whitcombe").case
    services.cases.assign(case, camille.id).result()
    answer = "Not for the Duo, Grace: beans only, until Friday."
    services.replies.reply(case, Draft(answer)).result()
    assert office.delivers() == [answer]
    assert office.says("@grace", "delivered", answer)

    # A fault told under the advertisement is no advertising: it goes to Care for good.
    rule = RoutingRule(
        "faults",
        "Faults",
        Conditions(accounts=(ads,), phrases=("leaks", "broken")),
        Actions(department=CARE, tags=("from an ad",)),
    )
    services.routing_rules.save((rule,)).result()
    office.hears(PAUL, "Mine leaks, who helps?", **under)
    row = office.row(respond(CARE), "Paul Sommer")
    assert row.tags == ("from an ad",)
    assert office.names(respond(ADVERTISING)) == ["Grace Whitcombe"]


def test_a_campaign_is_known_before_its_customer_is_answered(office: Office) -> None:
    services = office.services
    ads = office.connects(Channel.FACEBOOK, ADVERTISING)
    office.hears(GRACE, "Does ROAST20 hold for the Duo?", account=ads)
    (done,) = services.importing.marketing(TOUCHES.encode().splitlines(keepends=True))
    assert done.read == 2
    (unknown,) = done.bad
    assert (unknown.number, unknown.words) == (4, "no customer has this handle.")
    told = " ".join(office.timeline("@grace"))
    assert "Winter roast" in told
    assert "ROAST20 hold" in told
    case = office.case("@grace").case
    beside = services.guiding.beside(case).result()
    assert "ROAST20" in beside.codes
    assert (beside.goal, beside.share.promotional) == (0.2, 0)
    # The same file once more brings nothing new.
    (again,) = services.importing.marketing(TOUCHES.encode().splitlines(keepends=True))
    assert again.stored.new == 0
    assert " ".join(office.timeline("@grace")) == told
