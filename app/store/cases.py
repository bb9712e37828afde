"""Questions about cases that are neither a queue nor one case's view."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

import sqlalchemy as sa

from app.domain.events import EventType
from app.domain.ids import CaseId, DepartmentId

_HAND_OFFS_LOOKED_AT = 2_000
_BETWEEN = sa.text("SELECT id FROM case_state WHERE id BETWEEN :first AND :last LIMIT 20")
_PASSED = sa.text(
    "SELECT type, subject, stamp, data ->> 'to' AS target FROM ("
    "  SELECT type, subject, stamp, data FROM event"
    "  WHERE type IN ('case_handed_off', 'case_accepted') ORDER BY stamp DESC LIMIT :limit"
    ") ORDER BY stamp"
)
_OPEN = sa.text(
    "SELECT department, count(*) AS n FROM case_state INDEXED BY case_queue"
    " WHERE status = 1 GROUP BY department"
)
_TAGS = sa.text(
    "SELECT tag.value AS tag, count(*) AS n FROM case_state AS c, json_each(c.tags) AS tag"
    " WHERE c.status = 1 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 200"
)


def between(conn: sa.Connection, first: CaseId, last: CaseId) -> list[CaseId]:
    """The cases whose ids lie in a range: what a typed reference can mean."""
    return [CaseId(i) for i in conn.execute(_BETWEEN, {"first": first, "last": last}).scalars()]


def pick_up_times(
    conn: sa.Connection, departments: Iterable[DepartmentId]
) -> dict[DepartmentId, tuple[int | None, int]]:
    """The median milliseconds from hand-off to acceptance over the latest hand-offs (None when
    there were none), and how many cases are open, for each department."""
    handed: dict[int, tuple[str, int]] = {}
    waits: dict[str, list[int]] = {}
    for row in conn.execute(_PASSED, {"limit": _HAND_OFFS_LOOKED_AT}):
        if row.type == EventType.CASE_HANDED_OFF:
            handed[row.subject] = (row.target, row.stamp >> 16)
        elif row.subject in handed:
            target, since_ms = handed.pop(row.subject)
            waits.setdefault(target, []).append((row.stamp >> 16) - since_ms)
    opened = {row.department: row.n for row in conn.execute(_OPEN)}
    return {
        department: (
            round(median(waits[department])) if department in waits else None,
            opened.get(department, 0),
        )
        for department in departments
    }


def tags_in_use(conn: sa.Connection) -> tuple[str, ...]:
    return tuple(conn.execute(_TAGS).scalars())
