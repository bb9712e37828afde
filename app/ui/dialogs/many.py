"""The small sheets for several conversations at once: whom to assign, what to tag, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.domain.ids import AgentId, CaseId, DepartmentId
from app.domain.replies import Escalation
from app.ui.dialogs.assign import AssignSheet
from app.ui.dialogs.pick import PickSheet
from app.ui.dialogs.pick_model import PickRow, fits, typed_marks
from app.ui.dialogs.snooze import SnoozeSheet
from app.ui.theme.formats import grouped

if TYPE_CHECKING:
    from app.domain.views import CaseView
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_SEVERAL = AgentId("several")
"""Stands for whoever holds them now: no row says “has it now”."""


class AssignMany(AssignSheet):
    """``chosen`` carries an agent’s id, or None for nobody."""

    chosen = Signal(object)

    def __init__(
        self, services: Services, bridge: UiBridge, parent: QWidget, cases: Sequence[CaseId]
    ) -> None:
        self._count = len(cases)
        super().__init__(services, bridge, parent, cases[0])
        self._several()

    @Slot(object)
    def _on_view(self, _view: CaseView) -> None:
        self._several()

    def _several(self) -> None:
        self._holder = _SEVERAL
        self.heading.setText(f"Assign {grouped(self._count)} conversations to")
        self.refresh()

    def pick(self, row: PickRow) -> None:
        self.chosen.emit(AgentId(str(row.value)) if row.value else None)
        self.close()


class TagMany(PickSheet):
    """One tag for all of them, in use already or new. ``chosen`` carries it."""

    chosen = Signal(str)

    def __init__(
        self, services: Services, bridge: UiBridge, parent: QWidget, cases: Sequence[CaseId]
    ) -> None:
        super().__init__(parent, title="Tag", hint="Find or add a tag")
        self._known: tuple[str, ...] = ()
        self.heading.setText(f"Tag {grouped(len(cases))} conversations")
        bridge.ask("tag-known", services.cases.tags(), self._on_known, self.refused)
        self.refresh()

    @Slot(object)
    def _on_known(self, known: tuple[str, ...]) -> None:
        self._known = known
        self.refresh()

    def rows(self, typed: str) -> list[PickRow]:
        wanted = typed.casefold()
        rows = [
            PickRow(tag, tag, icon="tag", marks=typed_marks(typed, tag))
            for tag in self._known
            if wanted in tag.casefold()
        ]
        if typed and wanted not in (tag.casefold() for tag in self._known):
            rows.append(PickRow(typed, f"Add “{typed}”", icon="plus"))
        self.say("" if rows else "No tags yet. Type the first.")
        return rows

    def pick(self, row: PickRow) -> None:
        self.chosen.emit(str(row.value))
        self.close()


class SnoozeMany(SnoozeSheet):
    """``chosen`` carries the moment."""

    chosen = Signal(object)

    def __init__(
        self, services: Services, bridge: UiBridge, parent: QWidget, cases: Sequence[CaseId]
    ) -> None:
        self._count = len(cases)
        super().__init__(services, bridge, parent, cases[0])
        self._name_them()

    @Slot(object)
    def _on_view(self, _view: CaseView) -> None:
        self._name_them()

    def _name_them(self) -> None:
        self.heading.setText(f"Snooze {grouped(self._count)} conversations until")

    def _snooze(self, until: datetime) -> None:
        self.chosen.emit(until)
        self.close()


class EscalateMany(PickSheet):
    """A department and one reason for all of them. ``chosen`` carries the Escalation."""

    chosen = Signal(object)

    def __init__(
        self, services: Services, _bridge: UiBridge, parent: QWidget, cases: Sequence[CaseId]
    ) -> None:
        super().__init__(parent, title="Escalate", hint="Department")
        self._services = services
        self.heading.setText(f"Hand {grouped(len(cases))} conversations to")
        self._reason = QLineEdit(self.card)
        self._reason.setPlaceholderText("What must they know?")
        self._reason.setAccessibleName("What must they know?")
        row = QHBoxLayout()
        row.setContentsMargins(16, 0, 16, 12)
        row.addWidget(self._reason)
        self.column.insertLayout(self.column.count() - 1, row)
        self.say("The customers won’t see this.")
        self.refresh()

    def rows(self, typed: str) -> list[PickRow]:
        return [
            PickRow(
                department.id,
                department.name,
                department=department.id,
                marks=typed_marks(typed, department.name),
            )
            for department in self._services.directory.departments()
            if fits(department.name, typed)
        ]

    def pick(self, row: PickRow) -> None:
        reason = self._reason.text().strip()
        if not reason:
            self.say("Write what they must know: they see only this.", wrong=True)
            self._reason.setFocus()
            return
        self.chosen.emit(Escalation(to=DepartmentId(str(row.value)), reason=reason))
        self.close()
