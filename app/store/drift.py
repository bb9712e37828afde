"""Who really takes what comes in on each account."""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.ids import AccountId, DepartmentId

_TAKEN = sa.text(
    "SELECT account, department, count(*) AS cases FROM case_state"
    " WHERE opened_ms >= :since AND status <> 4 AND conversation <> id GROUP BY account, department"
)


def taken_since(conn: sa.Connection, since_ms: int) -> dict[AccountId, dict[DepartmentId, int]]:
    """How many cases each department has, or had in the end, of those opened since a moment, by
    account."""
    found: dict[AccountId, dict[DepartmentId, int]] = {}
    for row in conn.execute(_TAKEN, {"since": since_ms}):
        found.setdefault(AccountId(row.account), {})[DepartmentId(row.department)] = row.cases
    return found
