"""Outbox items as the timeline and the outbox show them: whose customer, which place in line."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from app.domain.clock import to_ms
from app.domain.ids import CustomerId, IdentityId, interaction_uid
from app.domain.outbox import Act, OutboxItem
from app.domain.records import dataclass
from app.domain.views import OutboxEntry
from app.store.events import json_ids
from app.store.outbox import unfinished
from app.store.queues import name_of

_BY_CASE = sa.text(
    "SELECT c.id, i.id AS identity, i.customer, i.display_name, i.handle"
    " FROM json_each(:ids) AS wanted JOIN case_state AS c ON c.id = wanted.value"
    " JOIN identity AS i ON i.id = c.identity"
)
_BY_TARGET = sa.text(
    "SELECT m.uid AS id, i.id AS identity, i.customer, i.display_name, i.handle"
    " FROM json_each(:ids) AS wanted JOIN interaction AS m ON m.uid = wanted.value"
    " JOIN identity AS i ON i.id = coalesce(m.party, m.author)"
)


@dataclass(frozen=True, slots=True)
class _Person:
    identity: IdentityId
    customer: CustomerId
    name: str


def entries(conn: sa.Connection) -> tuple[OutboxEntry, ...]:
    """All that has not left: what needs an agent first, then the rest in the order it leaves."""
    items = unfinished(conn)
    people = _people(conn, items)
    place = 0
    needing: list[OutboxEntry] = []
    waiting: list[OutboxEntry] = []
    for item in items:
        person = people.get(item.id)
        if item.state.needs_agent:
            needing.append(_entry(item, person, 0))
        else:
            place += 1
            waiting.append(_entry(item, person, place))
    return (*needing, *waiting)


def of_identities(
    conn: sa.Connection, identities: Collection[IdentityId]
) -> tuple[OutboxEntry, ...]:
    """The unsent messages to these identities; likes and boosts do not stand in a timeline."""
    items = unfinished(conn)
    people = _people(conn, items)
    wanted = frozenset(identities)
    found: list[OutboxEntry] = []
    place = 0
    for item in items:
        place += not item.state.needs_agent
        person = people.get(item.id)
        if item.act is Act.REPLY and person is not None and person.identity in wanted:
            found.append(_entry(item, person, 0 if item.state.needs_agent else place))
    return tuple(found)


def _people(conn: sa.Connection, items: Collection[OutboxItem]) -> dict[str, _Person]:
    if not items:
        return {}
    cases = {item.case for item in items if item.case is not None}
    targets = {item.id: interaction_uid(item.account, item.target) for item in items}
    by_case = _read(conn, _BY_CASE, cases)
    by_target = _read(conn, _BY_TARGET, targets.values())
    found: dict[str, _Person] = {}
    for item in items:
        person = by_case.get(item.case) if item.case is not None else None
        person = person or by_target.get(targets[item.id])
        if person is not None:
            found[item.id] = person
    return found


def _read(conn: sa.Connection, statement: sa.TextClause, ids: Iterable[int]) -> dict[int, _Person]:
    return {
        row.id: _Person(
            IdentityId(row.identity),
            CustomerId(row.customer),
            name_of(row.display_name, row.handle),
        )
        for row in conn.execute(statement, {"ids": json_ids(ids)})
    }


def _entry(item: OutboxItem, person: _Person | None, place: int) -> OutboxEntry:
    return OutboxEntry(
        item=item,
        at_ms=to_ms(item.created_at),
        customer=person.customer if person else None,
        customer_name=person.name if person else "",
        agent_name="",
        department=item.department,
        place=place,
    )
