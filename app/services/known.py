"""What a workspace always has at hand, read from memory: departments, agents, settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from app.domain.departments import Agent, Department
from app.domain.errors import BadInput, NotFound
from app.domain.ids import AgentId, DepartmentId

ME = "agent"
NAME = "name"
SAMPLE = "sample"


class Loaded(Protocol):
    """``values`` are the settings by their names."""

    @property
    def departments(self) -> tuple[Department, ...]: ...
    @property
    def agents(self) -> tuple[Agent, ...]: ...
    @property
    def values(self) -> Mapping[str, str]: ...


class Known:
    """May be asked on any thread."""

    _loaded: Loaded

    def departments(self) -> tuple[Department, ...]:
        return self._loaded.departments

    def department(self, number: DepartmentId) -> Department:
        """Raises NotFound naming the departments there are."""
        for department in self._loaded.departments:
            if department.id == number:
                return department
        known = ", ".join(d.id for d in self._loaded.departments)
        raise NotFound(f"There is no department “{number}”.", hint=f"There are: {known}.")

    def find_department(self, typed: str) -> Department:
        """A department by its id, name or short name, whatever the case."""
        wanted = typed.strip().casefold()
        for department in self._loaded.departments:
            if wanted in (d.casefold() for d in (department.id, department.name, department.short)):
                return department
        return self.department(DepartmentId(typed))

    def agents(self) -> tuple[Agent, ...]:
        return self._loaded.agents

    def agent(self, number: AgentId) -> Agent | None:
        return next((agent for agent in self._loaded.agents if agent.id == number), None)

    def find_agent(self, typed: str) -> Agent:
        """An agent by id or name; “me” is whoever sits here. Raises NotFound or BadInput."""
        wanted = typed.strip().casefold()
        if wanted == "me":
            return self.me()
        matches = [a for a in self._loaded.agents if wanted in (a.id.casefold(), a.name.casefold())]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise BadInput(f"Several agents are called “{typed}”.", hint="Name one by its id.")
        known = ", ".join(agent.name for agent in self._loaded.agents)
        raise NotFound(f"There is no agent “{typed}”.", hint=f"There are: {known}.")

    def name_of(self, number: AgentId) -> str:
        """A name to show; "" for a rule, the id for an agent this workspace does not know."""
        agent = self.agent(number)
        return agent.name if agent else str(number)

    def me(self) -> Agent:
        agent = self.agent(AgentId(self._loaded.values.get(ME, "")))
        assert agent is not None, "a workspace always has an agent of its own"
        return agent

    def workspace_name(self) -> str:
        return self.setting(NAME, "Seamline")

    def is_sample(self) -> bool:
        return self.setting(SAMPLE) == "1"

    def setting(self, name: str, default: str = "") -> str:
        return self._loaded.values.get(name, default)
