"""Who holds the relationship: beside whoever has a case, and exact through joining and parting."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.departments import CARE, PR
from app.domain.errors import BadInput, NotFound
from app.domain.events import EventType
from app.domain.ids import AgentId, CustomerId, founding_customer
from app.domain.routing import Actions, Conditions, RoutingRule, Turn
from app.domain.views import EventItem
from app.services.matching import Matching
from tests.services.desk import Desk
from tests.store.building import identity, rows, said

_PEOPLE = ("ada", "bo", "cy")


def _customer(who: str) -> CustomerId:
    return founding_customer(identity(who))


def _owner(desk: Desk, who: str) -> AgentId | None:
    """Of the customer this identity belongs to now."""
    (row,) = rows(
        desk.workspace, "SELECT customer FROM identity WHERE id = :who", who=identity(who)
    )
    return desk.customers.card(CustomerId(row[0])).result().owner


def _colleagues(desk: Desk) -> tuple[AgentId, AgentId]:
    sofia = desk.directory.add_agent("Sofia Costa", CARE).result()
    tomas = desk.directory.add_agent("Tomas Berg", PR).result()
    return sofia.id, tomas.id


def test_it_is_said_changed_and_taken_back_and_leaves_the_case_alone(desk: Desk) -> None:
    sofia, tomas = _colleagues(desk)
    desk.take(said("1", "ada", "It leaks."))
    case = desk.only_case()
    desk.cases.assign(case, tomas).result()
    desk.customers.own(_customer("ada"), sofia).result()
    assert _owner(desk, "ada") == sofia
    assert desk.cases.view(case).result().state.assignee == tomas
    changed = desk.customers.own(_customer("ada"), tomas).result()
    assert _owner(desk, "ada") == tomas
    desk.cases.undo_event(changed.id).result()
    assert _owner(desk, "ada") == sofia
    desk.customers.own(_customer("ada"), None).result()
    assert _owner(desk, "ada") is None
    page = desk.timelines.page(_customer("ada")).result()
    decided = [i for i in page.items if isinstance(i, EventItem)]
    owned = [i for i in decided if i.event.type is EventType.CUSTOMER_OWNED]
    assert [item.undone for item in owned] == [False, True, False]


def test_what_makes_no_sense_is_refused(desk: Desk) -> None:
    sofia, _ = _colleagues(desk)
    desk.take(said("1", "ada", "It leaks."))
    with pytest.raises(BadInput, match="Nobody holds this relationship already"):
        desk.customers.own(_customer("ada"), None).result()
    desk.customers.own(_customer("ada"), sofia).result()
    with pytest.raises(BadInput, match="Sofia Costa holds this relationship already"):
        desk.customers.own(_customer("ada"), sofia).result()
    with pytest.raises(NotFound, match="no such agent"):
        desk.customers.own(_customer("ada"), AgentId("x")).result()
    with pytest.raises(NotFound, match="No customer"):
        desk.customers.own(CustomerId(7), sofia).result()


_Step = tuple[str, str, int]
_STEPS = st.lists(
    st.tuples(st.sampled_from(_PEOPLE), st.sampled_from(_PEOPLE), st.integers(0, 2)), max_size=6
)


def test_of_joined_ones_the_last_word_holds_and_parting_gives_each_theirs_back(desk: Desk) -> None:
    """Whoever was owned by whom: joined, the last decision holds; parted, all is as it was."""
    agents = (None, *_colleagues(desk))
    for name in _PEOPLE:
        desk.take(said(name, name, "Where is it?"))
    matching = Matching(desk.workspace, desk.directory)

    @settings(max_examples=20, deadline=None)
    @given(_STEPS, st.sampled_from(_PEOPLE), st.sampled_from(_PEOPLE))
    def every(steps: list[_Step], one: str, other: str) -> None:
        last: dict[str, tuple[int, AgentId | None]] = {n: (-1, _owner(desk, n)) for n in _PEOPLE}
        for number, (name, _, who) in enumerate(steps):
            if last[name][1] != agents[who]:
                desk.customers.own(_customer(name), agents[who]).result()
                last[name] = (number, agents[who])
        before = {name: _owner(desk, name) for name in _PEOPLE}
        assert before == {name: owner for name, (_, owner) in last.items()}
        decided = [last[name] for name in (one, other) if last[name][0] >= 0]
        if one == other or not decided:
            return
        event = desk.customers.link(identity(other), _customer(one)).result()
        assert _owner(desk, one) == _owner(desk, other) == max(decided)[1]
        matching.part((event,)).result()
        assert {name: _owner(desk, name) for name in _PEOPLE} == before

    every()


def test_who_holds_the_relationship_is_asked_before_who_answered_last(desk: Desk) -> None:
    _, tomas = _colleagues(desk)
    mia = desk.directory.add_agent("Mia Lind", PR).result().id
    rule = RoutingRule("known", "Known", Conditions(), Actions(department=PR, turn=Turn.USUAL))
    desk.directory.settle(routing=(rule,)).result()
    desk.take(said("1", "ada", "It leaks."))
    first = desk.only_case()
    desk.cases.assign(first, tomas).result()
    desk.customers.own(_customer("ada"), mia).result()
    desk.take(said("2", "ada", "And it is loud.", at=60))
    found = rows(desk.workspace, "SELECT assignee FROM case_state WHERE id <> :first", first=first)
    assert found == [(mia,)]
