"""Which cases a queue holds, and which of them are wanted: the conditions of a question, as SQL.

They are put so that the index of a queue answers as much as it can: what it holds itself (unread,
the deadline, the reach, the account) before what has to be looked up for each case.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from app.domain.ids import AgentId, DepartmentId
from app.domain.narrowing import EVERYTHING, Narrowing
from app.domain.records import dataclass
from app.domain.views import QueueFilter, QueueName, QueueRef

NO_DEADLINE = 1 << 53
"""Behind every deadline: what has none comes last."""
_WHERE = {
    QueueName.MY_WORK: ("case_assignee", "c.status = 1 AND c.assignee = :me"),
    QueueName.UNASSIGNED: (
        "case_assignee",
        "c.status = 1 AND c.assignee IS NULL AND c.queue = 1",
    ),
    QueueName.ESCALATED: (
        "case_assignee",
        "c.status = 1 AND c.assignee IS NULL AND c.department = :mine AND c.pending_from NOTNULL",
    ),
    QueueName.SNOOZED: ("case_snoozed", "c.status = 2"),
    QueueName.RESPOND: (
        "case_queue",
        "c.status = 1 AND c.department = :department AND c.queue = 1",
    ),
    QueueName.REACH_OUT: (
        "case_queue",
        "c.status = 1 AND c.department = :department AND c.queue = 2",
    ),
    QueueName.ALL: ("case_assignee", "c.status = 1"),
    QueueName.CLOSED: ("case_closed", "c.status = 3"),
    QueueName.NOISE: ("case_noise", "c.status = 5"),
}
"""What is in a queue, and the index that answers it alone."""
_UNREAD = "c.last_in_key > coalesce((SELECT s.key FROM seen AS s WHERE s.case_id = c.id), 0)"
_DUE_SOON = "c.soon_ms <= :now"
_CHANNELS = (
    "c.account IN (SELECT a.id FROM json_each(:channels) AS one"
    " JOIN account AS a ON a.channel = one.value)"
)
_DEPARTMENTS = "c.department IN (SELECT value FROM json_each(:departments))"
_DRAFT = "EXISTS (SELECT 1 FROM draft AS d WHERE d.case_id = c.id)"
_FAILED = (
    "c.id IN (SELECT case_id FROM outbox INDEXED BY outbox_waiting"
    " WHERE state NOT IN ('sent', 'cancelled') AND state IN ('failed', 'held'))"
)
_LANGUAGE = (
    "EXISTS (SELECT 1 FROM interaction AS m WHERE m.key = c.last_in_key"
    " AND (m.language = :language OR m.language LIKE :language || '-%'))"
)
_TAGS = (
    "NOT EXISTS (SELECT 1 FROM json_each(:tags) AS asked"
    " WHERE asked.value NOT IN (SELECT value FROM json_each(c.tags)))"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, by whom and when: ``me`` and ``mine`` are the agent and the agent's
    department, ``now_ms`` tells what is due."""

    queue: QueueRef
    me: AgentId
    mine: DepartmentId
    now_ms: int
    chosen: QueueFilter = QueueFilter.ALL
    narrowing: Narrowing = EVERYTHING

    @property
    def index(self) -> str:
        """The index that answers for the queue."""
        return _WHERE[self.queue.name][0]

    def conditions(self) -> tuple[str, dict[str, Any]]:
        """The condition on ``case_state AS c``, and the values it names."""
        where = [_WHERE[self.queue.name][1]]
        values: dict[str, Any] = {
            "me": self.me,
            "mine": self.mine,
            "department": self.queue.department,
        }
        if self.chosen is QueueFilter.DUE_SOON:
            where.append(_DUE_SOON)
            values["now"] = self.now_ms
        elif self.chosen is QueueFilter.UNREAD:
            where.append(_UNREAD)
        narrowing = self.narrowing
        for asked, condition, more in (
            (narrowing.reach, "c.reach >= :reach", {"reach": narrowing.reach}),
            (
                narrowing.departments,
                _DEPARTMENTS,
                {"departments": _json(narrowing.departments)},
            ),
            (narrowing.channels, _CHANNELS, {"channels": _json(narrowing.channels)}),
            (narrowing.draft, _DRAFT, {}),
            (narrowing.failed, _FAILED, {}),
            (narrowing.tags, _TAGS, {"tags": _json(narrowing.tags)}),
            (narrowing.language, _LANGUAGE, {"language": narrowing.language}),
        ):
            if asked:
                where.append(condition)
                values |= more
        if narrowing.words or narrowing.since or narrowing.side is not None:
            from app.store import said  # reading what is typed is not needed for the first picture

            conditions, more = said.conditions(narrowing, self.now_ms)
            where += conditions
            values |= more
        return " AND ".join(where), values


def _json(asked: Iterable[str]) -> str:
    """As ``json_each`` reads it."""
    return json.dumps(list(asked))
