"""Rules decide in their order, the same everywhere, and never more than they say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.cases import Urgency
from app.domain.departments import CARE, IT, PR
from app.domain.hours import BusinessHours, Span
from app.domain.ids import AccountId, AgentId
from app.domain.interactions import Channel, Kind
from app.domain.routing import (
    Actions,
    Arriving,
    Conditions,
    Hand,
    Routed,
    RoutingRule,
    Turn,
    route,
    whose_turn,
)

THURSDAY_NOON = 1_795_089_600_000  # 2026-11-19 12:00 UTC
OFFICE = BusinessHours("UTC", (*((Span(540, 1020),),) * 5, (), ()))
NIGHT = THURSDAY_NOON + 10 * 3_600_000
MESSAGE = Arriving(
    "My refund is still missing",
    Channel.MASTODON,
    AccountId(1),
    Kind.MENTION,
    THURSDAY_NOON,
    language="de-AT",
    reach=12_000,
    tags=frozenset({"vip"}),
    campaigns=frozenset({"Duo"}),
)


@pytest.mark.parametrize(
    ("conditions", "message"),
    [
        (Conditions(phrases=("refund", "never")), replace(MESSAGE, text="a loan")),
        (Conditions(without=("giveaway",)), replace(MESSAGE, text="My giveaway entry")),
        (Conditions(channels=(Channel.MASTODON,)), replace(MESSAGE, channel=Channel.X)),
        (Conditions(accounts=(AccountId(1),)), replace(MESSAGE, account=AccountId(2))),
        (Conditions(kinds=(Kind.MENTION, Kind.DIRECT)), replace(MESSAGE, kind=Kind.COMMENT)),
        (Conditions(languages=("DE",)), replace(MESSAGE, language="den")),
        (Conditions(languages=("de",)), replace(MESSAGE, language="")),
        (Conditions(reach=12_000), replace(MESSAGE, reach=11_999)),
        (Conditions(tags=("vip", "press")), replace(MESSAGE, tags=frozenset({"b2b"}))),
        (Conditions(campaigns=("Duo",)), replace(MESSAGE, campaigns=frozenset({"Solo"}))),
        (Conditions(campaigns=("*",)), replace(MESSAGE, campaigns=frozenset())),
        (Conditions(open_case=False), replace(MESSAGE, has_open_case=True)),
        (Conditions(during=OFFICE), replace(MESSAGE, at_ms=NIGHT)),
    ],
)
def test_a_condition_holds_for_one_and_not_for_the_other(
    conditions: Conditions, message: Arriving
) -> None:
    assert conditions.hold(MESSAGE)
    assert not conditions.hold(message)


def test_outside_the_hours() -> None:
    assert Conditions(outside=OFFICE).hold(replace(MESSAGE, at_ms=NIGHT))
    assert not Conditions(outside=OFFICE).hold(MESSAGE)


def test_all_conditions_of_a_rule_must_hold() -> None:
    both = Conditions(phrases=("refund",), channels=(Channel.X,))
    assert not both.hold(MESSAGE)
    assert both.hold(replace(MESSAGE, channel=Channel.X))


def rule(name: str, *, goes_on: bool = False, reach: int = 0, **actions: Any) -> RoutingRule:
    return RoutingRule(name, name, Conditions(reach=reach), Actions(**actions), goes_on)


def test_the_first_rule_that_fits_ends_the_search() -> None:
    rules = [
        rule("a", reach=99_999, department=IT),
        rule("b", department=PR),
        rule("c", noise=True),
    ]
    assert route(MESSAGE, rules) == Routed(Actions(department=PR), ("b",))
    assert route(MESSAGE, rules[:1]) == Routed()


def test_rules_that_go_on_add_and_do_not_overrule() -> None:
    rules = [
        rule("a", goes_on=True, department=PR, tags=("press",), turn=Turn.USUAL),
        rule("b", goes_on=True, department=IT, tags=("press", "duo"), assignee=AgentId("kim")),
        rule("c", urgency=Urgency.HIGH),
        rule("d", noise=True),
    ]
    routed = route(MESSAGE, rules)
    assert routed.rules == ("a", "b", "c")
    assert routed.actions == Actions(
        department=PR, turn=Turn.USUAL, urgency=Urgency.HIGH, tags=("press", "duo")
    )


@given(st.lists(st.builds(rule, st.text("abc", min_size=1), goes_on=st.booleans(),
       reach=st.integers(0, 20_000), department=st.sampled_from([None, CARE, IT, PR]),
       urgency=st.sampled_from([None, *Urgency]), noise=st.booleans()), max_size=8))  # fmt: skip
def test_what_comes_after_the_last_rule_that_was_asked_changes_nothing(
    rules: list[RoutingRule],
) -> None:
    routed = route(MESSAGE, rules)
    ended = next(
        (n for n, one in enumerate(rules, 1) if one.when.hold(MESSAGE) and not one.goes_on),
        len(rules),
    )
    assert route(MESSAGE, rules[:ended]) == routed
    said = [one.then for one in rules[:ended] if one.when.hold(MESSAGE)]
    assert routed.actions.department == next((a.department for a in said if a.department), None)
    assert routed.actions.urgency == next((a.urgency for a in said if a.urgency), None)
    assert routed.actions.noise == any(a.noise for a in said)


ANA, BEN, CID = AgentId("ana"), AgentId("ben"), AgentId("cid")


@pytest.mark.parametrize(
    ("turn", "usual", "taken"),
    [
        (Turn.ROUND_ROBIN, (), CID),
        (Turn.LEAST_LOADED, (ANA,), BEN),
        (Turn.USUAL, (ANA,), ANA),
        (Turn.USUAL, (CID, ANA), CID),
        (Turn.USUAL, (AgentId("dee"), ANA), ANA),
        (Turn.USUAL, (AgentId("dee"),), BEN),
        (Turn.USUAL, (), BEN),
    ],
)
def test_whose_turn_it_is(turn: Turn, usual: tuple[AgentId, ...], taken: AgentId) -> None:
    hands = [
        Hand(ANA, 5, 100),
        Hand(BEN, 1, 300),
        Hand(CID, 2, 50),
        Hand(AgentId("dee"), away=True),
    ]
    assert whose_turn(turn, hands, usual) == taken
    assert whose_turn(turn, reversed(hands), usual) == taken


def test_nobody_is_there() -> None:
    assert whose_turn(Turn.USUAL, [Hand(ANA, away=True)], [ANA]) is None


def test_in_turn_everybody_gets_as_many() -> None:
    hands = {name: Hand(name) for name in (ANA, BEN, CID)}
    for moment in range(1, 31):
        agent = whose_turn(Turn.ROUND_ROBIN, hands.values())
        assert agent is not None
        hands[agent] = replace(hands[agent], open_cases=hands[agent].open_cases + 1, last_ms=moment)
    assert {hand.open_cases for hand in hands.values()} == {10}
