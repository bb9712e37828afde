"""Who holds the relationship with a customer: one agent for all identities, or nobody."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.domain.events import Event, EventType, in_force
from app.domain.ids import AgentId, CustomerId, IdentityId
from app.store.events import events_of

_OF_CUSTOMER = sa.text("SELECT id, owner FROM identity WHERE customer = :customer")
_BESIDE = sa.text(
    "SELECT o.id, o.owner FROM identity AS mine JOIN identity AS o ON o.customer = mine.customer"
    " WHERE mine.id = :identity"
)


def owner(conn: sa.Connection, customer: CustomerId) -> AgentId | None:
    """Of two identities that were joined, what was decided last holds for both."""
    return _owner(conn, conn.execute(_OF_CUSTOMER, {"customer": customer}).all())


def owner_beside(conn: sa.Connection, identity: IdentityId) -> AgentId | None:
    """Who holds the relationship with the customer of an identity."""
    return _owner(conn, conn.execute(_BESIDE, {"identity": identity}).all())


def _owner(conn: sa.Connection, rows: Iterable[sa.Row[tuple[int, str | None]]]) -> AgentId | None:
    held = {row.id: row.owner for row in rows}
    names = set(held.values())
    if len(names) > 1:
        last = _last(conn, held)
        return AgentId(str(last.data["agent"])) if last and last.data.get("agent") else None
    name = next(iter(names), None)
    return AgentId(name) if name else None


def _last(conn: sa.Connection, identities: Iterable[int]) -> Event | None:
    """The last decision in force about any of them."""
    decided = [
        event
        for events in events_of(conn, identities).values()
        for event in in_force(events)
        if event.type is EventType.CUSTOMER_OWNED
    ]
    return max(decided, key=lambda event: event.order, default=None)
