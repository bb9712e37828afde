"""Who is away: their cases go to a deputy or back to the department, and come back with them."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime
from typing import Any

from app.domain.clock import Clock, to_ms
from app.domain.departments import Agent
from app.domain.errors import BadInput, NotFound
from app.domain.events import EventType
from app.domain.ids import AgentId, agent_subject
from app.services.directory import Directory
from app.store import absences, ledger
from app.store.database import Tx, Workspace


class Absences:
    """Numbers in the answers are cases that changed hands."""

    def __init__(self, workspace: Workspace, directory: Directory, clock: Clock) -> None:
        self._workspace = workspace
        self._directory = directory
        self._clock = clock

    def leave(
        self, agent: AgentId, until: datetime | None = None, deputy: AgentId | None = None
    ) -> Future[int]:
        """Away until a moment (None: until called back). Open cases go to the deputy; without
        one, or where the deputy is away too, to nobody, in their department."""
        now = self._clock.now()
        if self._directory.agent(agent) is None:
            raise NotFound("There is no such agent.", hint="Choose one of the list.")
        if until is not None and (until.tzinfo is None or until <= now):
            raise BadInput("That moment is already past.", hint="Choose one in the future.")
        stand_in = None if deputy is None else self._directory.agent(deputy)
        if deputy is not None and (stand_in is None or deputy == agent):
            raise BadInput("That is no deputy.", hint="Choose a colleague, or nobody.")
        me = self._directory.me().id
        data: dict[str, Any] = {
            "agent": agent,
            "until": None if until is None else to_ms(until),
            "deputy": deputy,
        }
        holds = stand_in is not None and not is_away(stand_in, to_ms(now))

        def op(tx: Tx) -> int:
            event = ledger.decide(tx, me, EventType.AGENT_AWAY, agent_subject(agent), data)
            return absences.hand_over(tx, event, deputy if holds else None)

        return self._directory.decide(op)

    def come_back(self, agent: AgentId) -> Future[int]:
        """At work again: what was handed over comes back, as far as nobody decided otherwise."""
        held = self._directory.agent(agent)
        if held is None or held.absence is None:
            raise BadInput("This agent is not away.")
        me = self._directory.me().id
        return self._directory.decide(lambda tx: absences.take_back(tx, agent, me))

    def return_due(self) -> Future[int]:
        """Whoever was away until now is back."""
        now_ms = to_ms(self._clock.now())
        due = [
            agent.id
            for agent in self._directory.agents()
            if agent.absence is not None and not agent.absence.lasts(now_ms)
        ]
        if due:
            return self._directory.decide(
                lambda tx: sum(absences.take_back(tx, agent) for agent in due)
            )
        none: Future[int] = Future()
        none.set_result(0)
        return none

    def loads(self) -> Future[dict[AgentId, int]]:
        """How many open cases each agent holds; those without any are absent."""
        return self._workspace.read(absences.loads)


def is_away(agent: Agent, now_ms: int) -> bool:
    return agent.absence is not None and agent.absence.lasts(now_ms)
