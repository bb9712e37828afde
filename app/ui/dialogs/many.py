"""The small sheets for several conversations at once: whom to assign, what to tag, until when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.ids import AgentId, CaseId, DepartmentId
from app.domain.replies import Escalation
from app.ui.dialogs.assign import AssignSheet
from app.ui.dialogs.escalate_parts import URGENCIES, urgency_choice
from app.ui.dialogs.parts import field_label
from app.ui.dialogs.pick import PickSheet
from app.ui.dialogs.pick_model import PickRow, fits, typed_marks
from app.ui.dialogs.snooze import SnoozeSheet
from app.ui.dialogs.tags import tag_rows
from app.ui.theme.formats import grouped
from app.ui.views.composer_edit import GrowingEdit

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
        self.heading.setText(_heading("Assign", self._count, "to"))
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
        self.heading.setText(_heading("Tag", len(cases)))
        bridge.ask("tag-known", services.cases.tags(), self._on_known, self.refused)
        self.refresh()

    @Slot(object)
    def _on_known(self, known: tuple[str, ...]) -> None:
        self._known = known
        self.refresh()

    def rows(self, typed: str) -> list[PickRow]:
        rows = tag_rows(typed, self._known)
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
        self.heading.setText(_heading("Snooze", self._count, "until"))

    def _snooze(self, until: datetime) -> None:
        self.chosen.emit(until)
        self.close()


class EscalateMany(PickSheet):
    """A department, an urgency, a reason and a brief, the same for all of them.

    ``chosen`` carries the Escalation.
    """

    chosen = Signal(object)

    def __init__(
        self, services: Services, _bridge: UiBridge, parent: QWidget, cases: Sequence[CaseId]
    ) -> None:
        super().__init__(parent, title="Escalate", hint="Department")
        self._services = services
        self.heading.setText(_heading("Escalate", len(cases), "to"))
        form = QVBoxLayout()
        form.setContentsMargins(16, 4, 16, 12)
        form.setSpacing(0)
        form.addWidget(field_label("How soon?", parent=self.card))
        self.urgency = urgency_choice(self.card)
        form.addWidget(self.urgency)
        form.addSpacing(12)
        form.addWidget(field_label("Why?", parent=self.card))
        self._reason = QLineEdit(self.card)
        self._reason.setPlaceholderText("Needs their knowledge")
        self._reason.setAccessibleName("Why?")
        self._reason.setMaxLength(200)
        form.addWidget(self._reason)
        form.addSpacing(12)
        form.addWidget(field_label("Brief", parent=self.card))
        self.brief = GrowingEdit(lowest=56, highest=120, line=19, name="Brief", parent=self.card)
        self.brief.submitted.connect(self.submit)
        form.addWidget(self.brief)
        self.column.insertLayout(self.column.count() - 1, form)
        self.say("All of them get this urgency and these words. The customers won’t see it.")
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
        reason, brief = self._reason.text().strip(), self.brief.text.strip()
        if not reason and not brief:
            self.say("Write why: they see only this.", wrong=True)
            self._reason.setFocus()
            return
        escalation = Escalation(
            to=DepartmentId(str(row.value)),
            urgency=URGENCIES[self.urgency.chosen()],
            reason=reason,
            brief=brief,
        )
        self.chosen.emit(escalation)
        self.close()


def _heading(verb: str, count: int, after: str = "") -> str:
    """ "Assign 23 conversations to"."""
    return f"{verb} {grouped(count)} conversations {after}".rstrip()
