"""Open cases, with what a promise on them depends on."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from app.domain.cases import CaseState
from app.domain.ids import CaseId
from app.domain.interactions import Channel
from app.domain.records import dataclass

_OPEN = sa.text(
    "SELECT c.id, c.fold, c.first_reply_ms, c.waiting_since_ms, a.channel"
    " FROM case_state AS c LEFT JOIN account AS a ON a.id = c.account"
    " WHERE c.id > :after AND c.status IN (1, 2) ORDER BY c.id LIMIT :limit"
)


@dataclass(frozen=True, slots=True)
class OpenCase:
    """``channel`` is None where its account was removed."""

    case: CaseId
    state: CaseState
    channel: Channel | None
    first_reply_ms: int | None
    waiting_since_ms: int | None


def open_cases(conn: sa.Connection, after: int, limit: int) -> list[OpenCase]:
    """A page of them, in the order of their ids."""
    return [
        OpenCase(
            CaseId(row.id),
            msgspec.json.decode(row.fold, type=CaseState),
            Channel(row.channel) if row.channel else None,
            row.first_reply_ms,
            row.waiting_since_ms,
        )
        for row in conn.execute(_OPEN, {"after": after, "limit": limit})
    ]
