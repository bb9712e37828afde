"""Names of departments and agents, as the workspace has them now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from app.domain.departments import Agent, Department
from app.domain.ids import AgentId, DepartmentId
from app.domain.records import dataclass


@dataclass(frozen=True)
class Names:
    """Looks up how departments and agents are called; what is unknown is called by its id."""

    departments: Mapping[DepartmentId, Department] = field(default_factory=dict)
    agents: Mapping[AgentId, Agent] = field(default_factory=dict)

    def department(self, department: DepartmentId | None) -> str:
        if department is None:
            return "nobody"
        known = self.departments.get(department)
        return known.name if known else str(department)

    def short(self, department: DepartmentId) -> str:
        known = self.departments.get(department)
        return known.short if known else str(department)

    def agent(self, agent: AgentId | None) -> str:
        """The name of an agent; "" for none."""
        if not agent:
            return ""
        known = self.agents.get(agent)
        return known.name if known else "a colleague"

    def speaker(self, agent: AgentId, name: str, department: DepartmentId | None) -> str:
        """Who speaks: “Ines”, or “Ines for Marketing” when she answers for another department."""
        if not name:
            return ""
        known = self.agents.get(agent)
        first = name.split(maxsplit=1)[0] if known else name
        if known and department and known.department != department:
            return f"{first} for {self.short(department)}"
        return first
