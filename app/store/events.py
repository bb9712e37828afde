"""The rows of the ledger: written once, read by subject."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from app.domain.clock import hybrid_floor
from app.domain.events import Event, EventType
from app.domain.ids import AgentId, DeviceId, EventId
from app.domain.right_of_way import give_way
from app.store.bulk import BulkInsert
from app.store.database import Tx
from app.store.quick_rows import quick_rows

# What a rule decides has the same id on every laptop but may carry another stamp; the smallest
# wins everywhere, so that the order of arrival does not matter.
_APPEND = BulkInsert(
    "event",
    ["id", "type", "subject", "agent", "device", "stamp", "data"],
    after=" ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp, device = excluded.device,"
    " data = excluded.data"
    " WHERE (excluded.stamp, excluded.device, excluded.data) < (stamp, device, data)",
)
_OF_SUBJECTS = (
    "SELECT e.id, e.type, e.subject, e.agent, e.device, e.stamp, e.data"
    " FROM json_each(:subjects) AS wanted JOIN event AS e ON e.subject = wanted.value"
)
_BY_SUBJECTS_OF_TIME = (
    f"{_OF_SUBJECTS} WHERE EXISTS (SELECT 1 FROM event AS d"  # noqa: S608 - a constant of ours
    "  WHERE d.subject = wanted.value AND d.stamp >= :first AND d.stamp < :behind)"
)


def json_ids(ids: Iterable[int | str]) -> str:
    """Ids as the JSON array that ``json_each`` reads: one prepared statement for any number."""
    return msgspec.json.encode(list(ids)).decode()


def store(tx: Tx, events: Iterable[Event]) -> None:
    """Only write the events; whoever calls this projects them in the same transaction."""
    rows = []
    for event in events:
        give_way()
        tx.hybrid.see(event.stamp)
        rows.append(
            {
                "id": event.id,
                "type": event.type.value,
                "subject": event.subject,
                "agent": event.agent,
                "device": event.device,
                "stamp": event.stamp,
                "data": msgspec.json.encode(event.data, order="deterministic").decode(),
            }
        )
    _APPEND(tx.conn, rows)


def event_of(row: Any) -> Event:
    """Out of a row of the table."""
    return Event(
        id=EventId(row.id),
        type=EventType(row.type),
        subject=row.subject,
        agent=AgentId(row.agent),
        device=DeviceId(row.device),
        stamp=row.stamp,
        data=msgspec.json.decode(row.data),
    )


def events_of(conn: sa.Connection, subjects: Iterable[int]) -> dict[int, list[Event]]:
    """The events of each subject, unordered; subjects without events are absent."""
    return _by_subject(quick_rows(conn, _OF_SUBJECTS, {"subjects": json_ids(subjects)}))


def events_of_time(
    conn: sa.Connection, subjects: Iterable[int], from_ms: int, until_ms: int
) -> dict[int, list[Event]]:
    """As ``events_of``, all there ever were, but only of subjects with one in that time."""
    bounds = {"first": hybrid_floor(from_ms), "behind": hybrid_floor(until_ms)}
    asked = {"subjects": json_ids(subjects), **bounds}
    return _by_subject(quick_rows(conn, _BY_SUBJECTS_OF_TIME, asked))


def _by_subject(rows: Iterable[Any]) -> dict[int, list[Event]]:
    found: dict[int, list[Event]] = {}
    for row in rows:
        found.setdefault(row.subject, []).append(event_of(row))
    return found
