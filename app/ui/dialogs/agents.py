"""Choosing a colleague: everybody with what they hold and whether they are here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.domain.clock import to_ms
from app.domain.departments import Agent
from app.domain.ids import AgentId
from app.ui.dialogs.away import away_words, with_load
from app.ui.dialogs.pick import PickSheet
from app.ui.dialogs.pick_model import PickRow, fits, typed_marks

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_NOBODY = AgentId("")


class AgentSheet(PickSheet):
    """Me, nobody, or a colleague, those of my department first. Subclasses say who holds it now,
    and do what choosing another means."""

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget, title: str) -> None:
        super().__init__(parent, title=title, hint="Name of a colleague")
        self._services = services
        self._bridge = bridge
        self._holder: AgentId | None = None
        self._loads: dict[AgentId, int] = {}
        self.refresh()
        bridge.ask("assign-loads", services.absences.loads(), self._on_loads, self.refused)

    def choose(self, agent: AgentId | None) -> None:
        """Give it to another agent than now, or to nobody."""
        raise NotImplementedError

    def rows(self, typed: str) -> list[PickRow]:
        directory = self._services.directory
        me = directory.me()
        colleagues = sorted(
            (agent for agent in directory.agents() if agent.id != me.id),
            key=lambda agent: (agent.department != me.department, agent.name.casefold()),
        )
        rows = []
        for agent in (me, *colleagues):
            text = f"{agent.name} (me)" if agent is me else agent.name
            if fits(text, typed):
                holds = agent.id == self._holder
                detail = "has it now" if holds else self._detail(agent)
                rows.append(
                    PickRow(
                        agent.id,
                        text,
                        detail,
                        person=agent.name,
                        department=None if holds else agent.department,
                        marks=typed_marks(typed, text),
                    )
                )
        if fits("Nobody", typed):
            nobody = "" if self._holder else "has it now"
            place = min(1, len(rows))
            rows.insert(place, PickRow(_NOBODY, "Nobody", nobody, icon="user-x"))
        return rows

    def pick(self, row: PickRow) -> None:
        chosen = AgentId(str(row.value)) if row.value != _NOBODY else None
        if chosen == self._holder:
            self.close()
        else:
            self.choose(chosen)

    def _detail(self, agent: Agent) -> str:
        """ "Care, 12 open", or until when they are away."""
        now_ms = to_ms(self._services.clock.now())
        if agent.absence is not None and agent.absence.lasts(now_ms):
            return away_words(agent.absence.until_ms, now_ms)
        return with_load(self._services, agent, self._loads)

    @Slot(object)
    def _on_loads(self, loads: dict[AgentId, int]) -> None:
        self._loads = loads
        self.refresh()
