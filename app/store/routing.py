"""What the workspace’s rules say of a message that opens a case.

Only what a rule asks for is looked up, and only for messages that open a case; most batches open
few.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any, Protocol

import sqlalchemy as sa

from app.domain.departments import Agent
from app.domain.events import Event, EventType, ruled
from app.domain.ids import (
    AccountId,
    AgentId,
    DepartmentId,
    IdentityId,
)
from app.domain.interactions import InteractionFact
from app.domain.routing import Arriving, Hand, Routed, Turn, route, whose_turn
from app.store import settings
from app.store.database import Tx
from app.store.owners import owner_beside
from app.store.setup import settled

_REACH = sa.text("SELECT coalesce(followers, 0) FROM identity WHERE id = :identity")
_OF_CUSTOMER = (
    "FROM identity AS mine JOIN identity AS i ON i.customer = mine.customer"
    " JOIN case_state AS c ON c.identity = i.id {} WHERE mine.id = :identity"
)
_CASES = _OF_CUSTOMER.format("")
_TAGS = sa.text(f"SELECT DISTINCT tag.value {_OF_CUSTOMER.format('JOIN json_each(c.tags) AS tag')}")
_OPEN = sa.text(f"SELECT EXISTS (SELECT 1 {_CASES} AND c.status < 3 AND c.conversation <> c.id)")
_USUAL = sa.text(
    f"SELECT c.assignee {_CASES} AND c.assignee NOTNULL AND c.conversation <> c.id"
    " ORDER BY c.last_key DESC LIMIT 1"
)
_CAMPAIGNS = sa.text(
    "SELECT DISTINCT m.subject FROM timeline AS t JOIN interaction AS m ON m.key = t.key"
    " WHERE t.identity = :identity AND t.touch = -12"
)
"""``touch`` of a campaign that was sent, see ``app.store.touches``."""
_LOADS = sa.text(
    "SELECT assignee, count(*) AS n, max(opened_ms) AS last_ms FROM case_state"
    " WHERE status = 1 AND assignee NOTNULL GROUP BY assignee"
)


class Arrived(Protocol):
    """What has arrived; ``at_ms`` since 1970."""

    @property
    def fact(self) -> InteractionFact: ...
    @property
    def uid(self) -> int: ...
    @property
    def party(self) -> int: ...
    @property
    def at_ms(self) -> int: ...


class Router:
    """The rules in force, for one batch: whom it gave work to counts for the next message."""

    def __init__(self, tx: Tx, account: AccountId) -> None:
        self._tx = tx
        self._account = account
        self._rules = settled(tx).routing
        self._given: Counter[AgentId] = Counter()

    def decision(self, arrived: Arrived, opening: Event) -> Event | None:
        """What the rules decide about the case that ``opening`` opened; None where nothing."""
        if not self._rules:
            return None
        routed = route(self.arriving(arrived), self._rules)
        if not routed.rules:
            return None
        data = self._decided(routed, arrived, DepartmentId(opening.data["department"]))
        case = opening.subject
        stamp = opening.stamp + 1
        return ruled(EventType.CASE_ROUTED, case, arrived.uid, stamp=stamp, data=data)

    def arriving(self, arrived: Arrived) -> Arriving:
        """What the rules may look at; what none of them asks for is left out."""
        fact, who = arrived.fact, {"identity": arrived.party}
        conn, asked = self._tx.conn, [rule.when for rule in self._rules]
        return Arriving(
            text=f"{fact.subject}\n{fact.text}" if fact.subject else fact.text,
            channel=fact.author.channel,
            account=self._account,
            kind=fact.kind,
            at_ms=arrived.at_ms,
            language=fact.language,
            reach=conn.execute(_REACH, who).scalar() or 0 if any(c.reach for c in asked) else 0,
            tags=_all(conn, _TAGS, who) if any(c.tags for c in asked) else frozenset(),
            campaigns=(
                _all(conn, _CAMPAIGNS, who) if any(c.campaigns for c in asked) else frozenset()
            ),
            has_open_case=(
                any(c.open_case is not None for c in asked)
                and bool(conn.execute(_OPEN, who).scalar())
            ),
        )

    def _decided(
        self, routed: Routed, arrived: Arrived, department: DepartmentId
    ) -> dict[str, Any]:
        actions = routed.actions
        data: dict[str, Any] = {"rules": list(routed.rules)}
        if actions.department:
            data["department"] = department = actions.department
        assignee = actions.assignee or self._turn(actions.turn, arrived, department)
        if assignee:
            data["assignee"] = assignee
            self._given[assignee] += 1
        if actions.urgency:
            data["urgency"] = int(actions.urgency)
        if actions.tags:
            data["tags"] = list(actions.tags)
        if actions.noise:
            data["noise"] = True
        return data

    def _turn(
        self, turn: Turn | None, arrived: Arrived, department: DepartmentId
    ) -> AgentId | None:
        if turn is None:
            return None
        hands = [self._hand(agent) for agent in self._agents if agent.department == department]
        return whose_turn(turn, hands, self._usual(IdentityId(arrived.party)))

    def _usual(self, identity: IdentityId) -> list[AgentId]:
        """Who holds the relationship, then who answered last."""
        last = self._tx.conn.execute(_USUAL, {"identity": identity}).scalar()
        known = (owner_beside(self._tx.conn, identity), AgentId(last) if last else None)
        return [agent for agent in known if agent]

    @cached_property
    def _agents(self) -> tuple[Agent, ...]:
        return settings.agents(self._tx.conn)

    @cached_property
    def _loads(self) -> dict[str, Any]:
        """What each held before this batch, whose cases are folded at its end."""
        return {row.assignee: row for row in self._tx.conn.execute(_LOADS)}

    def _hand(self, agent: Agent) -> Hand:
        given, load, now_ms = self._given[agent.id], self._loads.get(agent.id), self._tx.now_ms
        held, last_ms = (load.n, load.last_ms) if load is not None else (0, 0)
        away = agent.absence is not None and agent.absence.lasts(now_ms)
        # What this batch gave is newer than all that stands in the store.
        return Hand(agent.id, held + given, now_ms + given if given else last_ms, away)


def _all(conn: sa.Connection, statement: sa.TextClause, who: dict[str, int]) -> frozenset[str]:
    return frozenset(str(value) for value in conn.execute(statement, who).scalars())
