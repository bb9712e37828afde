"""Why a case is where it is: the last decision that moved it from one queue to another."""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.events import Event, EventType
from app.domain.ids import CaseId
from app.store.events import event_of, json_ids

_MOVING = json_ids(
    kind.value
    for kind in (
        EventType.CASE_OPENED,
        EventType.CASE_ASSIGNED,
        EventType.CASE_HANDED_OFF,
        EventType.CASE_ACCEPTED,
        EventType.CASE_RETURNED,
        EventType.CASE_SNOOZED,
        EventType.CASE_CLOSED,
        EventType.CASE_REOPENED,
        EventType.CASE_MERGED,
        EventType.CASE_ROUTED,
        EventType.NOISE_MARKED,
        EventType.NOISE_CLEARED,
        EventType.UNDONE,
    )
)
_LAST = sa.text(
    "SELECT * FROM event WHERE subject = :case_id"
    " AND type IN (SELECT value FROM json_each(:moving)) ORDER BY stamp DESC, device DESC LIMIT 1"
)


def last_move(conn: sa.Connection, case: CaseId) -> Event | None:
    """The latest decision that may have moved a case; None for a case that is not there."""
    row = conn.execute(_LAST, {"case_id": case, "moving": _MOVING}).first()
    return event_of(row) if row is not None else None
