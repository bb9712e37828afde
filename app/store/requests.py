"""Cases that were opened to ask something: each is its own conversation."""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.ids import CaseId

_OPEN = sa.text(
    "SELECT id FROM case_state WHERE conversation = id AND status IN (1, 2) ORDER BY opened_ms, id"
)


def open_ones(conn: sa.Connection) -> list[CaseId]:
    """Those that wait for their answer, oldest first."""
    return [CaseId(case) for case in conn.execute(_OPEN).scalars()]
