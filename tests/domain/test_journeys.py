"""Which stations of a case and of a sale were reached."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import RULE, Event, EventType
from app.domain.ids import AgentId, DeviceId, EventId, InteractionKey, key_floor
from app.domain.interactions import Kind
from app.domain.journeys import SALE_KINDS, Station, Stop, issue_path, sale_path, with_question
from app.domain.mood import Felt, Mood

INES = AgentId("ines")
START = 1_700_000_000_000
MINUTE = 60_000


def key(minute: int) -> InteractionKey:
    return key_floor(START + minute * MINUTE)


def event(kind: EventType, minute: int, agent: AgentId = INES, **data: Any) -> Event:
    at_ms = START + minute * MINUTE
    name = EventId(f"{kind}-{minute}")
    return Event(name, kind, 1, agent, DeviceId("d"), at_ms << 16, data)


def felt(minute: int, mood: Mood) -> Felt:
    return Felt(key(minute), (1, 1), START + minute * MINUTE, mood)


def stops(stations: tuple[Station, ...]) -> list[Stop]:
    return [station.stop for station in stations]


OPENED = event(EventType.CASE_OPENED, 0, RULE)
CLOSED = event(EventType.CASE_CLOSED, 50)


def test_a_case_goes_from_opened_to_confirmed() -> None:
    events = [
        OPENED,
        event(EventType.CASE_ASSIGNED, 2, assignee="ines"),
        event(EventType.CASE_HANDED_OFF, 10, to="it"),
        event(EventType.CASE_HANDED_OFF, 20, to="pr"),
        CLOSED,
    ]
    path = issue_path(events, key(5), [felt(60, Mood.GLAD)])
    assert stops(path) == [
        Stop.OPENED, Stop.SEEN, Stop.REPLIED, Stop.HANDED_OFF, Stop.SOLVED, Stop.CONFIRMED,
    ]  # fmt: skip
    assert path[3].times == 2
    assert path[3].record == events[2].id
    assert path[5].record == key(60)


def test_what_a_rule_decides_is_not_seen_yet() -> None:
    assert stops(issue_path([OPENED], None, [])) == [Stop.OPENED]
    given = event(EventType.CASE_ASSIGNED, 1, RULE, assignee="ines")
    assert stops(issue_path([OPENED, given], None, [])) == [Stop.OPENED, Stop.SEEN]


def test_whoever_answers_has_seen_it() -> None:
    path = issue_path([OPENED, event(EventType.CASE_TAGGED, 9)], key(5), [])
    assert path[1] == Station(Stop.SEEN, START + 5 * MINUTE, key(5))


def test_a_case_opened_again_is_not_solved_unless_by_thanks() -> None:
    again = event(EventType.CASE_REOPENED, 60, RULE, cause="message")
    for mood, solved in ((Mood.GLAD, True), (Mood.ANGRY, False), (Mood.NEUTRAL, False)):
        path = issue_path([OPENED, CLOSED, again], None, [felt(60, mood)])
        assert (Stop.SOLVED in stops(path)) is solved
    undone = Event(EventId("u"), EventType.UNDONE, 1, INES, DeviceId("d"), CLOSED.stamp + 1,
                   {"event": CLOSED.id})  # fmt: skip
    assert Stop.SOLVED not in stops(issue_path([OPENED, CLOSED, undone], None, []))


def test_thanks_just_before_it_was_closed_confirm_too() -> None:
    told = [felt(20, Mood.ANGRY), felt(45, Mood.GLAD)]
    assert issue_path([OPENED, CLOSED], None, told)[-1].stop is Stop.CONFIRMED
    assert Stop.CONFIRMED not in stops(issue_path([OPENED, CLOSED], None, told[:1]))
    assert Stop.CONFIRMED not in stops(issue_path([OPENED], None, told))


def test_a_sale_goes_from_saw_to_bought_and_begins_anew() -> None:
    touches = [
        (key(1), Kind.CAMPAIGN_SENT),
        (key(2), Kind.CAMPAIGN_OPENED),
        (key(3), Kind.LIKE),
        (key(5), Kind.BOUGHT),
    ]
    path = with_question(sale_path(reversed(touches)), key(4))
    assert stops(path) == [Stop.SAW, Stop.LIKED, Stop.ASKED, Stop.BOUGHT]
    assert (path[0].record, path[0].times) == (key(1), 2)
    assert stops(sale_path([*touches, (key(9), Kind.BOOST)])) == [Stop.SAW]
    assert with_question(sale_path([]), key(4)) == ()


@given(st.lists(st.tuples(st.integers(0, 10**6), st.sampled_from(SALE_KINDS)), max_size=30))
def test_no_stop_is_told_twice(told: list[tuple[int, Kind]]) -> None:
    touches = [(InteractionKey(number), kind) for number, kind in told]
    path = stops(sale_path(touches))
    assert path == sorted(set(path), key=list(Stop).index)
    assert bool(path) == bool(told)
