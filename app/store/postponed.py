"""Where replies are kept until the cases of a customer are closed."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.domain.events import Event, EventType, in_force
from app.domain.ids import CaseId, CustomerId, IdentityId
from app.store.events import events_of, json_ids

_KEEPING = sa.text(
    "SELECT DISTINCT wanted.value AS id, mine.customer, theirs.id AS keeping"
    " FROM json_each(:cases) AS wanted JOIN case_state AS c ON c.id = wanted.value"
    " JOIN identity AS mine ON mine.id = c.identity"
    " JOIN identity AS i ON i.customer = mine.customer"
    " JOIN case_state AS theirs ON theirs.identity = i.id"
    " WHERE EXISTS (SELECT 1 FROM event AS e"
    "  WHERE e.subject = theirs.id AND e.type = 'reply_postponed')"
    " ORDER BY theirs.id"
)
_CASES = sa.text(
    "SELECT c.id FROM json_each(:ids) AS wanted JOIN case_state AS c ON c.identity = wanted.value"
)


def cases_of(conn: sa.Connection, identities: Iterable[IdentityId]) -> list[CaseId]:
    """All cases of these."""
    return [CaseId(case) for case in conn.execute(_CASES, {"ids": json_ids(identities)}).scalars()]


def goes_on_in(conn: sa.Connection, case: CaseId) -> CaseId:
    """The case in which the work of this one goes on: itself, unless it was merged."""
    while True:
        events = in_force(events_of(conn, [case]).get(case, []))
        merged = [event for event in events if event.type is EventType.CASE_MERGED]
        if not merged:
            return case
        case = CaseId(merged[-1].data["into"])


def beside(
    conn: sa.Connection, cases: Iterable[CaseId]
) -> dict[CaseId, tuple[CustomerId, list[list[Event]]]]:
    """For each of these cases whose customer ever had a reply kept: that customer, and the events
    of each of their cases that kept one."""
    rows = conn.execute(_KEEPING, {"cases": json_ids(cases)}).all()
    events = events_of(conn, {row.keeping for row in rows}) if rows else {}
    found: dict[CaseId, tuple[CustomerId, list[list[Event]]]] = {}
    for row in rows:
        _, kept = found.setdefault(CaseId(row.id), (CustomerId(row.customer), []))
        kept.append(events.get(row.keeping, []))
    return found
