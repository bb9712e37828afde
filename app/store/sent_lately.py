"""What was sent from here lately: how many replies, by whom and from which account."""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.ids import AccountId, AgentId, DepartmentId
from app.domain.outbox import Act, OutboxState
from app.domain.records import dataclass

_SENT = sa.text(
    "SELECT o.account, o.agent, a.department, count(*) AS replies"
    " FROM outbox AS o JOIN agent AS a ON a.id = o.agent"
    " WHERE o.act = :reply AND o.created_ms >= :since AND o.state <> :taken_back"
    " GROUP BY o.account, o.agent"
)


@dataclass(frozen=True, slots=True)
class Sent:
    """``count`` replies of an agent from an account; ``department`` is the agent’s today."""

    account: AccountId
    agent: AgentId
    department: DepartmentId
    count: int


def sent_since(conn: sa.Connection, since_ms: int) -> tuple[Sent, ...]:
    """The replies written here since then, in milliseconds since 1970; without those taken back."""
    values = {"reply": Act.REPLY, "since": since_ms, "taken_back": OutboxState.CANCELLED}
    return tuple(
        Sent(AccountId(row.account), AgentId(row.agent), DepartmentId(row.department), row.replies)
        for row in conn.execute(_SENT, values)
    )
