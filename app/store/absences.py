"""Cases of whoever is away: handed over by a rule, and given back by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import sqlalchemy as sa

from app.domain.events import RULE, Event, EventType, in_force, ruled
from app.domain.ids import AgentId, CaseId, DeviceId, agent_subject, caused_event_id
from app.store import ledger, many
from app.store.database import Tx
from app.store.events import events_of

_HELD = sa.text("SELECT id FROM case_state WHERE assignee = :agent AND status IN (1, 2)")
_HANDED_OVER = sa.text(
    "SELECT DISTINCT subject FROM event"
    " WHERE stamp >= :since AND type = 'case_assigned' AND data ->> 'absence' = :absence"
)
_LOADS = sa.text(
    "SELECT assignee, count(*) AS n FROM case_state INDEXED BY case_assignee"
    " WHERE status = 1 AND assignee NOTNULL GROUP BY assignee"
)
_CHANGES_HANDS: Final = frozenset((
    EventType.CASE_ASSIGNED, EventType.CASE_ACCEPTED, EventType.CASE_HANDED_OFF,
    EventType.CASE_RETURNED, EventType.CASE_ROUTED,
))  # fmt: skip


def hand_over(tx: Tx, away: Event, deputy: AgentId | None) -> int:
    """Give the open cases of whoever went to the deputy, or to nobody; how many."""
    agent = AgentId(str(away.data["agent"]))
    held = tx.conn.execute(_HELD, {"agent": agent}).scalars()
    data = {"assignee": deputy, "away": agent, "absence": away.id}
    events = [_assigned(tx, CaseId(case), data, away.id) for case in held]
    ledger.append(tx, events)
    return len(events)


def take_back(tx: Tx, agent: AgentId, by: AgentId = RULE) -> int:
    """Whoever was away is back, and so are those of their cases that are open and that nobody
    gave to anybody else meanwhile; how many."""
    subject = agent_subject(agent)
    absences = _since_the_last_return(events_of(tx.conn, [subject]).get(subject, []))
    if not absences:
        return 0
    if by:
        ledger.decide(tx, by, EventType.AGENT_BACK, subject, {"agent": agent})
    else:
        ledger.append(tx, [_back(tx, agent, absences[-1])])
    events = [
        _assigned(tx, case, {"assignee": agent, "back": away.id}, "back", away.id)
        for away in absences
        for case in _still_given(tx, away)
    ]
    ledger.append(tx, events)
    return len(events)


def loads(conn: sa.Connection) -> dict[AgentId, int]:
    """How many open cases each agent holds."""
    return {AgentId(row.assignee): row.n for row in conn.execute(_LOADS)}


def _since_the_last_return(events: Iterable[Event]) -> list[Event]:
    """The absence that lasts, with the earlier ones that it goes on from."""
    lasting: list[Event] = []
    for event in in_force(events):
        if event.type is EventType.AGENT_AWAY:
            lasting.append(event)
        elif event.type is EventType.AGENT_BACK:
            lasting.clear()
    return lasting


def _still_given(tx: Tx, away: Event) -> list[CaseId]:
    """The open cases whose holder is still the one that this absence gave them to."""
    asked = {"since": away.stamp, "absence": away.id}
    cases = [CaseId(case) for case in tx.conn.execute(_HANDED_OVER, asked).scalars()]
    ledger_of, states = events_of(tx.conn, cases), many.states(tx.conn, cases)
    return [
        case
        for case in cases
        if case in states
        and states[case].is_open
        and _last_holder(ledger_of[case]).data.get("absence") == away.id
    ]


def _last_holder(events: Iterable[Event]) -> Event:
    return [event for event in in_force(events) if event.type in _CHANGES_HANDS][-1]


def _assigned(tx: Tx, case: CaseId, data: dict[str, Any], *cause: str) -> Event:
    stamp = tx.hybrid.tick()
    return ruled(EventType.CASE_ASSIGNED, case, *cause, stamp=stamp, data=data)


def _back(tx: Tx, agent: AgentId, away: Event) -> Event:
    return Event(
        id=caused_event_id(EventType.AGENT_BACK, away.id),
        type=EventType.AGENT_BACK,
        subject=agent_subject(agent),
        agent=RULE,
        device=DeviceId(""),
        stamp=tx.hybrid.tick(),
        data={"agent": agent},
    )
