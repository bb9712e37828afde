"""Rules tried on what came in lately: what they would have caught, without anything written."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from app.domain.departments import CARE, IT, MARKETING, PR
from app.domain.errors import BadInput
from app.domain.interactions import Direction, Kind
from app.domain.routing import Actions, Conditions, RoutingRule, Turn
from app.services.routing_rules import DryRun, RoutingRules
from tests.services.desk import Desk
from tests.store.building import answered, rows, said

DAY_S = 86_400


@pytest.fixture
def rules(desk: Desk) -> RoutingRules:
    return RoutingRules(desk.workspace, desk.directory, desk.clock)


def rule(
    name: str, then: Actions, *phrases: str, goes_on: bool = False, **when: object
) -> RoutingRule:
    conditions = Conditions(phrases=phrases, **when)  # type: ignore[arg-type] # as the test says
    return RoutingRule(name, name.title(), conditions, then, goes_on)


def tried(rules: RoutingRules, *these: RoutingRule) -> DryRun:
    return rules.dry_run(these).future.result(30)


def test_it_counts_what_opens_a_case_and_nothing_else(desk: Desk, rules: RoutingRules) -> None:
    desk.take(
        said("1", "marta", "Where is my refund?"),
        answered("2", "1", "On its way.", at=10),
        said("3", "marta", "The refund is not here.", at=20, in_reply_to="2"),  # joins the case
        said("4", "kwame", "Your refund page is down.", at=30),
        said("5", "aino", "", at=40, kind=Kind.LIKE, in_reply_to="2"),
        said("6", "stranger", "A refund!", at=50, in_reply_to="3", direction=Direction.AROUND),
        said("7", "liu", "Hello.", at=60),
    )
    run = tried(rules, rule("money", Actions(department=PR), "refund"))
    assert (run.looked_at, run.total.caught, run.total.moved) == (3, 2, 2)
    assert run.whole
    assert run.sentence == "In the last 30 days would have moved 2 of 3."


def test_the_examples_say_who_what_and_from_where_to_where_latest_first(
    desk: Desk, rules: RoutingRules
) -> None:
    desk.take(*(said(str(n), f"p{n}", f"Refund {n}", at=n) for n in range(25)))
    run = tried(rules, rule("money", Actions(department=PR), "refund"))
    assert len(run.examples) == 20
    first = run.examples[0]
    assert (first.name, first.handle, first.text) == ("P24", "@p24", "Refund 24")
    assert (first.before, first.after, first.rules) == (CARE, PR, ("Money",))


def test_each_rule_is_told_its_own_share(desk: Desk, rules: RoutingRules) -> None:
    desk.take(said("1", "marta", "A refund, please."), said("2", "kwame", "Win a giveaway.", at=5))
    run = tried(
        rules,
        rule("first", Actions(department=PR), "refund", goes_on=True),
        rule("second", Actions(department=IT, turn=Turn.LEAST_LOADED), "refund"),
        rule("third", Actions(department=MARKETING), "refund"),
        rule("noise", Actions(noise=True), "giveaway"),
    )
    counted = {name: (t.caught, t.moved, t.assigned, t.noise) for name, t in run.by_rule.items()}
    assert counted == {
        "first": (1, 1, 0, 0),
        "second": (1, 0, 1, 0),  # the department was decided before it
        "third": (0, 0, 0, 0),
        "noise": (1, 0, 0, 1),
    }


def test_the_department_of_the_account_is_no_move(desk: Desk, rules: RoutingRules) -> None:
    desk.take(said("1", "marta", "A refund, please."))
    run = tried(rules, rule("stays", Actions(department=CARE), "refund"))
    assert (run.total.caught, run.total.moved) == (1, 0)


def test_only_the_last_days_count_but_who_spoke_before_them_is_known(
    desk: Desk, rules: RoutingRules
) -> None:
    desk.take(
        said("1", "marta", "Long ago.", at=-40 * DAY_S),
        said("2", "marta", "And still.", at=-DAY_S, in_reply_to="1"),
        said("3", "marta", "Something else.", at=-DAY_S + 5),
    )
    everything = rule("all", Actions(noise=True))
    assert tried(rules, everything).looked_at == 1
    assert rules.dry_run([everything], days=60).future.result(30).looked_at == 2


def test_what_is_known_of_the_customer_is_known_of_that_moment(
    desk: Desk, rules: RoutingRules
) -> None:
    desk.take(said("1", "marta", "One.", at=-100))
    case = desk.only_case()
    desk.cases.tag(case, ["vip"]).result()
    desk.take(said("2", "marta", "Two."), said("3", "kwame", "Three.", at=5))
    opened = tried(rules, rule("open", Actions(department=PR), open_case=True))
    assert [one.text for one in opened.examples] == ["Two."]
    tagged = tried(rules, rule("vip", Actions(department=PR), tags=("vip",)))
    assert [one.text for one in tagged.examples] == ["Two.", "One."]


def test_a_campaign_counts_from_when_it_was_sent(desk: Desk, rules: RoutingRules) -> None:
    mail = answered("9", "1", "", at=-50, kind=Kind.CAMPAIGN_SENT, subject="Autumn")
    desk.take(said("1", "marta", "Before.", at=-100), mail, said("2", "marta", "After.", at=10))
    run = tried(rules, rule("mailed", Actions(department=PR), campaigns=("Autumn",)))
    assert [one.text for one in run.examples] == ["After."]


def test_chunks_make_no_difference(
    desk: Desk, rules: RoutingRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.take(*(said(str(n), f"p{n % 7}", f"Refund {n}", at=n) for n in range(30)))
    money = rule("money", Actions(department=PR), "refund")
    whole = tried(rules, money)
    monkeypatch.setattr("app.services.routing_rules.CHUNK", 4)
    assert tried(rules, money) == whole
    assert whole.looked_at == 30


def test_it_ends_when_nobody_waits_for_it(
    desk: Desk, rules: RoutingRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.routing_rules.CHUNK", 2)
    desk.take(*(said(str(n), f"p{n}", "Refund", at=n) for n in range(5)))
    held: Future[None] = Future()
    blocked = desk.workspace.read(lambda _conn: held.result(30))
    run = rules.dry_run([rule("all", Actions(noise=True))])
    run.stop()
    held.set_result(None)
    blocked.result(30)
    assert not run.future.result(30).whole


def test_nothing_is_written(desk: Desk, rules: RoutingRules) -> None:
    desk.take(said("1", "marta", "A refund, please."))
    before = rows(desk.workspace, "SELECT * FROM event ORDER BY id")
    tried(rules, rule("money", Actions(department=PR, noise=True), "refund"))
    assert rows(desk.workspace, "SELECT * FROM event ORDER BY id") == before


def test_saved_rules_hold_for_what_comes_next(desk: Desk, rules: RoutingRules) -> None:
    rules.save([rule("money", Actions(department=PR), "refund")]).result()
    desk.take(said("1", "marta", "A refund, please."))
    assert rows(desk.workspace, "SELECT department FROM case_state") == [(PR,)]
    assert [one.id for one in rules.rules()] == ["money"]


def test_two_rules_of_one_id_are_refused(rules: RoutingRules) -> None:
    with pytest.raises(BadInput, match="more than once"):
        rules.save([rule("a", Actions(noise=True)), rule("a", Actions(department=PR))])


def test_an_empty_month_says_so(rules: RoutingRules) -> None:
    assert "nothing came in" in tried(rules).sentence
