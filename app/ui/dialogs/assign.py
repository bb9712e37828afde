"""Giving a case to somebody, or to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.clock import to_ms
from app.domain.departments import Agent
from app.domain.ids import AgentId, CaseId
from app.domain.views import CaseView
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.away import away_words
from app.ui.dialogs.pick import PickSheet
from app.ui.dialogs.pick_model import PickRow, fits, typed_marks

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_NOBODY = AgentId("")


class AssignSheet(PickSheet):
    """Me, nobody, or a colleague. ``assigned`` carries the event."""

    assigned = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget, case: CaseId) -> None:
        super().__init__(parent, title="Assign to", hint="Name of a colleague")
        self._services = services
        self._bridge = bridge
        self._case = case
        self._holder: AgentId | None = None
        self._loads: dict[AgentId, int] = {}
        self.refresh()
        bridge.ask("assign-loads", services.absences.loads(), self._on_loads, self.refused)
        bridge.ask("assign-case", services.cases.view(case), self._on_view, self.refused)

    @Slot(object)
    def _on_view(self, view: CaseView) -> None:
        self._holder = view.state.assignee
        self.heading.setText(f"Assign case #{view.ref} to")
        self.refresh()

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

    def _detail(self, agent: Agent) -> str:
        """ "Care, 12 open", or until when they are away."""
        now_ms = to_ms(self._services.clock.now())
        if agent.absence is not None and agent.absence.lasts(now_ms):
            return away_words(agent.absence.until_ms, now_ms)
        short = self._services.directory.department(agent.department).short
        held = self._loads.get(agent.id, 0)
        return f"{short}, {held} open" if held else short

    @Slot(object)
    def _on_loads(self, loads: dict[AgentId, int]) -> None:
        self._loads = loads
        self.refresh()

    def pick(self, row: PickRow) -> None:
        chosen = row.value if row.value != _NOBODY else None
        if chosen == self._holder:
            self.close()
            return
        who = AgentId(str(chosen)) if chosen is not None else None
        assigned = attempt(lambda: self._services.cases.assign(self._case, who))
        self._bridge.ask("", assigned, self._on_assigned, self.refused)

    @Slot(object)
    def _on_assigned(self, event: object) -> None:
        self.assigned.emit(event)
        self.close()
