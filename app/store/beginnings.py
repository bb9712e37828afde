"""When everything began: the oldest interaction, case and hand-off of a workspace."""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.clock import hybrid_ms
from app.domain.events import EventType
from app.domain.insights import Beginnings

_INTERACTION = sa.text("SELECT occurred_ms FROM interaction ORDER BY key LIMIT 1")
_EVENT = sa.text("SELECT stamp FROM event WHERE type = :type ORDER BY stamp LIMIT 1")
"""Walks the ledger from its beginning: cases and hand-offs are met early."""


def beginnings(conn: sa.Connection) -> Beginnings:
    return Beginnings(
        interaction_ms=conn.execute(_INTERACTION).scalar(),
        case_ms=_first(conn, EventType.CASE_OPENED),
        hand_off_ms=_first(conn, EventType.CASE_HANDED_OFF),
    )


def _first(conn: sa.Connection, kind: EventType) -> int | None:
    stamp = conn.execute(_EVENT, {"type": kind.value}).scalar()
    return None if stamp is None else hybrid_ms(stamp)
