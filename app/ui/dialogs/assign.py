"""Giving a case to somebody, or to nobody; and who holds the relationship with a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.domain.events import Event
from app.domain.ids import AgentId, CaseId, CustomerId
from app.domain.views import CaseView, CustomerCard
from app.ui.dialogs.agents import AgentSheet
from app.ui.dialogs.attempt import attempt

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge


class AssignSheet(AgentSheet):
    """Who has a case. ``assigned`` carries the event."""

    assigned = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget, case: CaseId) -> None:
        super().__init__(services, bridge, parent, "Assign to")
        self._case = case
        bridge.ask("assign-case", services.cases.view(case), self._on_view, self.refused)

    @Slot(object)
    def _on_view(self, view: CaseView) -> None:
        self._holder = view.state.assignee
        self.heading.setText(f"Assign case #{view.ref} to")
        self.refresh()

    def choose(self, agent: AgentId | None) -> None:
        assigned = attempt(lambda: self._services.cases.assign(self._case, agent))
        self._bridge.ask("", assigned, self._on_assigned, self.refused)

    @Slot(object)
    def _on_assigned(self, event: object) -> None:
        self.assigned.emit(event)
        self.close()


class OwnerSheet(AgentSheet):
    """Who holds the relationship, whoever has a case. ``owned`` carries the event, in words and as
    a tuple of it."""

    owned = Signal(str, tuple)

    def __init__(
        self, services: Services, bridge: UiBridge, parent: QWidget, customer: CustomerId
    ) -> None:
        super().__init__(services, bridge, parent, "Who holds the relationship")
        self._customer = customer
        bridge.ask("owner-card", services.customers.card(customer), self._on_card, self.refused)

    @Slot(object)
    def _on_card(self, card: CustomerCard) -> None:
        self._holder = card.owner
        self.heading.setText(f"Who holds the relationship with {card.name}")
        self.refresh()

    def choose(self, agent: AgentId | None) -> None:
        owned = attempt(lambda: self._services.customers.own(self._customer, agent))
        self._bridge.ask("", owned, self._on_owned, self.refused)

    @Slot(object)
    def _on_owned(self, event: Event) -> None:
        name = self._services.directory.name_of(AgentId(event.data["agent"] or ""))
        self.owned.emit(f"{name or 'Nobody'} holds the relationship now.", (event,))
        self.close()
