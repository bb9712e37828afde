"""The ledger: append-only, and the same on every laptop that holds the same events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.domain.events import About, Event, EventType
from app.domain.ids import AgentId, EventId, uuid7
from app.store import tables
from app.store.breaches import record_before_deciding
from app.store.database import Tx
from app.store.events import event_of, json_ids, store
from app.store.projections import project

_KINDS = sa.text(
    "SELECT DISTINCT e.type, e.subject FROM json_each(:subjects) AS wanted"
    " JOIN event AS e ON e.subject = wanted.value WHERE e.type <> 'undone'"
)


def decide(
    tx: Tx, agent: AgentId, event_type: EventType, subject: int, data: dict[str, Any] | None = None
) -> Event:
    """A person's decision, now: made and appended; what has passed by now is written before."""
    if event_type.about is About.CASE:
        record_before_deciding(tx, [subject])
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
    subjects: dict[About, set[int]] = {about: set() for about in About}
    for event in events:
        if event.type is not EventType.UNDONE:
            subjects[event.type.about].add(event.subject)
    undone = {e.subject for e in events if e.type is EventType.UNDONE}
    for row in tx.conn.execute(_KINDS, {"subjects": json_ids(undone)}) if undone else ():
        subjects[EventType(row.type).about].add(row.subject)
    project(tx, subjects)


def event(conn: sa.Connection, event_id: EventId) -> Event | None:
    row = conn.execute(sa.select(tables.event).where(tables.event.c.id == event_id)).first()
    return event_of(row) if row else None
