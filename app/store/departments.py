"""What hangs on a department, and so would be left without one."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app.domain.ids import DepartmentId

_HELD = {
    "cases": "SELECT count(*) FROM case_state WHERE department = :id OR pending_from = :id",
    "accounts": "SELECT count(*) FROM account WHERE owner = :id AND removed_ms IS NULL",
    "saved searches": "SELECT count(*) FROM saved_search WHERE department = :id",
    "agents": "SELECT count(*) FROM agent WHERE department = :id",
}


def held_by(
    conn: sa.Connection, departments: Iterable[DepartmentId]
) -> dict[DepartmentId, dict[str, int]]:
    """For each department that holds anything: what and how much, “cases” first."""
    found = {}
    for department in departments:
        counts = {
            what: int(conn.execute(sa.text(sql), {"id": department}).scalar() or 0)
            for what, sql in _HELD.items()
        }
        if held := {what: count for what, count in counts.items() if count}:
            found[department] = held
    return found
