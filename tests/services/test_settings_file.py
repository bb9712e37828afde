"""Settings as a file: written and read again they are the same, and what is wrong is told."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from app.domain.campaigns import Campaign
from app.domain.cases import Urgency
from app.domain.checks import Check, Guidelines
from app.domain.departments import CARE, IT, PR, SEEDED
from app.domain.errors import BadInput
from app.domain.hours import BusinessHours, Span
from app.domain.ids import AccountId, AgentId
from app.domain.interactions import Channel, Kind
from app.domain.routing import Actions, Conditions, RoutingRule, Turn
from app.domain.setup import Goals, Sender, Setup
from app.domain.sla import SlaPolicy
from app.services.settings_file import SettingsFile, parsed, parts_of, text_of
from app.services.settings_text import Names
from tests.services.desk import Desk
from tests.store.building import ACCOUNT, said

INES = AgentId("0190aaaa-0000-7000-8000-000000000001")
NAMES = Names(
    frozenset(one.id for one in SEEDED), {AccountId(7): "mastodon @halden"}, {INES: "Ines Duarte"}
)

words = st.text(max_size=12)
filled = st.text('abcÅß’ "\\\n#', min_size=1, max_size=8).filter(str.strip)
ids = st.text("abcdef-", min_size=1, max_size=6)
several = st.lists(filled, max_size=3).map(tuple)
accounts = st.sampled_from([AccountId(7), AccountId(2**62)])
agents = st.sampled_from([INES, AgentId("0190bbbb-0000-7000-8000-000000000002")])
departments = st.sampled_from([one.id for one in SEEDED])
spans = st.lists(st.integers(0, 1440), min_size=2, max_size=4, unique=True).map(sorted)
days = spans.map(lambda at: tuple(Span(a, b) for a, b in zip(at[::2], at[1::2], strict=False)))
hours = st.builds(
    BusinessHours,
    st.sampled_from(["UTC", "Europe/Stockholm"]),
    st.one_of(
        st.lists(st.one_of(days, st.just(())), min_size=6, max_size=6),
        days.map(lambda day: [day] * 6),
    ).flatmap(lambda week: days.map(lambda last: (*week, last))),
    st.frozensets(st.dates(), max_size=2),
)
whens = st.builds(
    Conditions,
    several,
    several,
    st.lists(st.sampled_from(Channel), max_size=2).map(tuple),
    st.lists(accounts, max_size=2).map(tuple),
    st.lists(st.sampled_from(Kind), max_size=2).map(tuple),
    several,
    st.integers(0, 10**9),
    several,
    several,
    st.sampled_from([None, True, False]),
    st.none() | hours,
    st.none() | hours,
)
thens = st.builds(
    Actions,
    st.none() | departments,
    st.none() | agents,
    st.none() | st.sampled_from(Turn),
    st.none() | st.sampled_from(Urgency),
    several,
    st.booleans(),
)
times = st.none() | st.integers(0, 10**10)


def unique(entries: st.SearchStrategy, key: str = "id") -> st.SearchStrategy:
    return st.lists(entries, max_size=3, unique_by=lambda one: getattr(one, key)).map(tuple)


setups = st.builds(
    Setup,
    promises=unique(
        st.builds(
            SlaPolicy,
            ids,
            filled,
            times,
            times,
            times,
            st.lists(departments, max_size=2).map(tuple),
            tags=several,
            hours=hours,
        )
    ),
    routing=unique(st.builds(RoutingRule, ids, filled, whens, thens, st.booleans())),
    guidelines=st.dictionaries(
        departments,
        st.builds(
            Guidelines, several, several, st.integers(0, 99), st.frozensets(st.sampled_from(Check))
        ),
        max_size=2,
    ),
    senders=unique(
        st.builds(
            Sender,
            accounts,
            st.lists(departments, max_size=2).map(tuple),
            st.lists(agents, max_size=2).map(tuple),
            st.none() | departments,
        ),
        "account",
    ),
    approvals=st.dictionaries(departments, departments, max_size=3).map(
        lambda asked: {one: other for one, other in asked.items() if one != other}
    ),
    goals=st.builds(
        Goals,
        st.floats(0, 1),
        st.dictionaries(accounts, st.floats(0, 1), max_size=2),
        st.floats(0, 2),
        st.floats(0, 2),
    ),
    campaigns=unique(
        st.builds(
            Campaign,
            filled.filter(lambda name: bool(name.split())),
            words,
            st.lists(st.text("abÅ1-", min_size=1, max_size=8), max_size=3, unique=True).map(tuple),
            st.none() | st.dates(max_value=date(2026, 1, 1)),
            st.none() | st.dates(min_value=date(2026, 1, 1)),
        ),
        "name",
    ),
)


@given(setups)
def test_what_is_written_and_read_again_is_the_same(setup: Setup) -> None:
    assert Setup(**parts_of(tomllib.loads(text_of(setup, NAMES)), NAMES)) == setup


def test_a_person_can_read_it() -> None:
    week = ((Span(540, 720), Span(780, 1020)),) * 5 + ((Span(600, 1440),), ())
    at_work = BusinessHours("Europe/Stockholm", week, frozenset({date(2026, 12, 25)}))
    rule = RoutingRule(
        "loud",
        "Loud voices",
        Conditions(kinds=(Kind.DIRECT,), accounts=(AccountId(7),), reach=10_000, outside=at_work),
        Actions(department=PR, assignee=INES, urgency=Urgency.HIGH),
    )
    promise = SlaPolicy("all", "All", 90 * 60_000, None, 86_400_000)
    text = text_of(Setup(routing=(rule,), promises=(promise,)), NAMES)
    for line in (
        'first_reply = "1 h 30 min"',
        'resolution = "24 h"',
        '"direct"',
        '"mastodon @halden"',
        'assignee = "Ines Duarte"',
        'urgency = "high"',
        'weekdays = "09:00–12:00, 13:00–17:00"',
        'saturday = "10:00–24:00"',
        "2026-12-25",
    ):
        assert line in text
    assert "next_reply" not in text
    assert "goes_on" not in text


RULE = '[[routing]]\nname = "A"\n[routing.when]\n{}\n[routing.then]\n{}\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a = ", "no TOML"),
        ("colour = 1", "no part “colour”"),
        (RULE.format('phrase = ["x"]', ""), "a “phrase” at routing[0].when"),
        (RULE.format('phrases = "x"', ""), "a list at routing[0].when.phrases"),
        (RULE.format("reach = true", ""), "a whole number at routing[0].when.reach"),
        (RULE.format('kinds = ["dm"]', ""), "“dm” at routing[0].when.kinds[0]"),
        (RULE.format("", 'department = "hr"'), "“hr” at routing[0].then.department"),
        (RULE.format("", 'assignee = "Bob"'), "“Bob” at routing[0].then.assignee"),
        (RULE.format('during = {monday = "9-17"}', ""), "“9-17” at routing[0].when.during.monday"),
        (RULE.format('during = {monday = "17:00-09:00"}', ""), "routing[0].when.during"),
        (RULE.format('during = {zone = "Moon", monday = "09:00-17:00"}', ""), "zone “Moon”"),
        (RULE.format("", "") * 2, "“a” in routing more than once"),
        ('[[routing]]\nname = " "\nid = "a"\nwhen = {}\nthen = {}', "empty name at routing[0]"),
        ('[[routing]]\nid = "a"\nwhen = {}\nthen = {}', "no “name” at routing[0]"),
        ('[[promises]]\nname = "A"\nfirst_reply = "soon"', "“soon” at promises[0].first_reply"),
        ("[goals]\npromotions = 20", "no share at goals.promotions"),
        ('[approvals]\ncare = "hr"', "“hr” at approvals.care"),
        ('[approvals]\ncare = "care"', "care approve its own replies"),
        ("[guidelines.hr]\nmost_words = 3", "“hr” at guidelines"),
        ("departments = []", "no department"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as caught:
        parts_of(parsed(text), NAMES)
    assert sentence in caught.value.message


def test_a_rule_without_an_id_is_known_by_its_name() -> None:
    rule = parts_of(tomllib.loads(RULE.format("", "noise = true")), NAMES)["routing"][0]
    assert (rule.id, rule.name) == ("a", "A")


@pytest.fixture
def file(desk: Desk) -> SettingsFile:
    return SettingsFile(desk.workspace, desk.directory)


def test_an_import_says_what_changes_and_takes_that_alone(desk: Desk, file: SettingsFile) -> None:
    text = file.export().result()
    assert file.plan(text).result().parts == {}
    edited = text.replace("routing = []\n", "") + RULE.format("", "noise = true")
    edited = edited.replace('voice = "calm, exact, one next step."', 'voice = "calm."')
    plan = file.plan(edited).result()
    told = [str(change) for change in plan.changes if change.is_change]
    assert told == ["departments: 6 departments, 1 changed", "routing: 1 rule, 1 new"]
    assert desk.directory.setup().routing == ()
    file.take(plan).result()
    assert [rule.name for rule in desk.directory.setup().routing] == ["A"]
    assert desk.directory.department(CARE).voice == "calm."
    assert file.plan(edited).result().parts == {}


def test_accounts_and_agents_stand_there_by_name(desk: Desk, file: SettingsFile) -> None:
    me = desk.directory.me().id
    rule = RoutingRule("a", "A", Conditions(accounts=(ACCOUNT,)), Actions(assignee=me))
    desk.directory.settle(routing=[rule]).result()
    text = file.export().result()
    assert '"mastodon @halden"' in text
    assert 'assignee = "Ines Duarte"' in text
    assert file.plan(text).result().parts == {}


def test_rules_in_another_order_are_a_change(desk: Desk, file: SettingsFile) -> None:
    rules = [RoutingRule(n, n, Conditions(), Actions(noise=True)) for n in ("a", "b")]
    desk.directory.settle(routing=rules).result()
    text = file.export().result()
    desk.directory.settle(routing=rules[::-1]).result()
    plan = file.plan(text).result()
    assert [str(one) for one in plan.changes if one.is_change] == [
        "routing: 2 rules, in another order"
    ]


def test_a_department_that_holds_cases_stays(desk: Desk, file: SettingsFile) -> None:
    desk.take(said("1", "marta", "It leaks."))
    with pytest.raises(BadInput, match="“Customer Care” cannot go: it holds 1 case"):
        file.plan(_without(file, CARE)).result()
    file.take(file.plan(_without(file, IT)).result()).result()
    assert IT not in [one.id for one in desk.directory.departments()]


def test_a_department_that_a_rule_names_stays(desk: Desk, file: SettingsFile) -> None:
    rule = RoutingRule("a", "A", Conditions(), Actions(department=IT))
    desk.directory.settle(routing=[rule]).result()
    kept = _without(file, IT, "routing")
    with pytest.raises(BadInput, match="“IT” cannot go: routing still"):
        file.plan(kept).result()


def _without(file: SettingsFile, department: str, *parts: str) -> str:
    document = parsed(file.export().result())
    listed = document["departments"]
    document["departments"] = [one for one in listed if one["id"] != department]
    return tomli_w.dumps({name: part for name, part in document.items() if name not in parts})
