"""The ledger: append-only, and the same on every laptop that holds the same events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.domain.events import Event, EventType
from app.domain.ids import AgentId, CaseId, EventId, IdentityId, uuid7
from app.store import tables
from app.store.database import Tx
from app.store.events import event_of, store
from app.store.projection import project_cases, project_identities


def decide(
    tx: Tx, agent: AgentId, event_type: EventType, subject: int, data: dict[str, Any] | None = None
) -> Event:
    """A person's decision, now: made and appended."""
    event = Event(
        id=EventId(uuid7()),
        type=event_type,
        subject=subject,
        agent=agent,
        device=tx.device,
        stamp=tx.hybrid.tick(),
        data=data or {},
    )
    append(tx, [event])
    return event


def append(tx: Tx, events: Sequence[Event]) -> None:
    """Add events, in any order, known ones too, and bring the projections up to date."""
    if not events:
        return
    store(tx, events)
    cases = {CaseId(e.subject) for e in events if not e.type.about_identity}
    identities = {IdentityId(e.subject) for e in events if e.type.about_identity}
    undone = [str(e.data["event"]) for e in events if e.type is EventType.UNDONE]
    if undone:
        for row in tx.conn.execute(
            sa.select(tables.event.c.type, tables.event.c.subject).where(
                tables.event.c.id.in_(undone)
            )
        ):
            if EventType(row.type).about_identity:
                identities.add(IdentityId(row.subject))
                cases.discard(CaseId(row.subject))
    project_identities(tx, identities)
    project_cases(tx, cases)


def event(conn: sa.Connection, event_id: EventId) -> Event | None:
    row = conn.execute(sa.select(tables.event).where(tables.event.c.id == event_id)).first()
    return event_of(row) if row else None
