"""Giving a case to somebody, or to nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.ids import AgentId, CaseId
from app.domain.views import CaseView
from app.ui.dialogs.attempt import attempt
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
        self.refresh()
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
                detail = "has it now" if holds else directory.department(agent.department).short
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
