"""Handing a case to another department, and handing it back with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from app.domain.clock import to_ms
from app.domain.errors import SeamlineError
from app.domain.ids import CaseId, DepartmentId
from app.domain.names import first_name
from app.domain.replies import Escalation
from app.domain.views import CaseView, CustomerCard, TimelinePage
from app.ui.dialogs.controls import Check, ChoiceBox, ScrollBody
from app.ui.dialogs.escalate_parts import URGENCIES, DepartmentTile, JoinHeader, urgency_choice
from app.ui.dialogs.escalate_prefill import brief_of, told_of
from app.ui.dialogs.parts import field_label, text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import formats, theme
from app.ui.views.composer_edit import GrowingEdit

if TYPE_CHECKING:
    from app.services.replies import ComposerView
    from app.services.services import Services
    from app.ui.bridge import UiBridge

REASONS = (
    "Needs their knowledge",
    "Goodwill or refund",
    "Technical fault",
    "Public statement",
    "Content needed",
    "Paid reach needed",
    "Legal or safety",
    "Sent to the wrong department",
)
_WIDTH = 584
_COLUMNS = 3


class EscalateSheet(Sheet):
    """Asks who takes the case on, how soon, why, and what they must know.

    ``escalated`` carries the event once it is in the ledger.
    """

    escalated = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget, case: CaseId) -> None:
        super().__init__(parent, title="Escalate", width=_WIDTH)
        self._services = services
        self._bridge = bridge
        self._case = case
        self._view: CaseView | None = None
        self._busy = False
        self._name = "The customer"
        self._tiles: dict[DepartmentId, DepartmentTile] = {}
        self._heading, self._reference = self.add_header("Escalate this case")
        self._join = JoinHeader(self.card)
        self.column.addWidget(self._join)
        self._build_body()
        self._footer = self.add_footer("Escalate", keys="Ctrl ↵")
        self._footer.set_icon("eye-off")
        self._footer.say("The customer won’t see this.")
        self._footer.main.setEnabled(False)
        bridge.ask("escalate-case", services.cases.view(case), self._on_view, self._on_error)
        pace = services.cases.pick_up_times()
        bridge.ask("escalate-pace", pace, self._on_pace, self._on_error)
        self._refresh()

    # building

    def _build_body(self) -> None:
        body = QWidget(self.card)
        column = QVBoxLayout(body)
        column.setContentsMargins(22, 16, 22, 12)
        column.setSpacing(14)
        column.addLayout(self._build_tiles(body))
        column.addLayout(self._build_urgency(body))
        column.addLayout(self._build_brief(body))
        column.addLayout(self._build_told(body))
        row = QHBoxLayout()
        self._follow = Check("Keep me following", body)
        self._follow.setChecked(True)
        row.addWidget(self._follow)
        row.addWidget(
            text_label("you see every reply and can step back in", "small", colour="text-3")
        )
        row.addStretch(1)
        column.addLayout(row)
        self.column.addWidget(ScrollBody(body, self.card), 1)

    def _build_tiles(self, body: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(
            field_label("Who should take it on?", "median time to pick up", parent=body)
        )
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._group = QButtonGroup(self)
        for department in self._services.directory.departments():
            tile = DepartmentTile(department, body)
            self._group.addButton(tile)
            self._tiles[department.id] = tile
        self._lay_tiles(None)
        self._group.buttonToggled.connect(self._chosen)
        column.addLayout(self._grid)
        return column

    def _lay_tiles(self, holder: DepartmentId | None) -> None:
        """Those that can take it first, the one that holds it last."""
        ordered = sorted(self._tiles.values(), key=lambda tile: tile.department.id == holder)
        for index, tile in enumerate(ordered):
            self._grid.addWidget(tile, index // _COLUMNS, index % _COLUMNS)
            if index:
                QWidget.setTabOrder(ordered[index - 1], tile)

    def _build_urgency(self, body: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(field_label("How soon?", parent=body))
        self._urgency = urgency_choice(body, self._services.directory.setup().promises)
        left.addWidget(self._urgency)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(field_label("Why?", parent=body))
        self._reason = ChoiceBox(body)
        self._reason.setAccessibleName("Why?")
        self._reason.setEditable(True)
        self._reason.addItems(list(REASONS))
        self._reason.setCurrentIndex(-1)
        self._reason.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._reason.setFixedHeight(theme().scaled(44))
        line = self._reason.lineEdit()
        if line is not None:
            line.setPlaceholderText("Choose or write a reason")
            line.setMaxLength(200)
        right.addWidget(self._reason)
        row.addLayout(left, 118)
        row.addLayout(right, 100)
        return row

    def _build_brief(self, body: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        self._brief_label = field_label("Brief", "drafted from the timeline", parent=body)
        column.addWidget(self._brief_label)
        self._brief = GrowingEdit(lowest=84, highest=150, line=19, name="Brief", parent=body)
        self._brief.submitted.connect(self.submit)
        column.addWidget(self._brief)
        return column

    def _build_told(self, body: QWidget) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        self._told_label = field_label(
            "What the customer has been told", "from your last message", parent=body
        )
        column.addWidget(self._told_label)
        self._told = GrowingEdit(
            lowest=36, highest=76, line=19, name="What the customer has been told", parent=body
        )
        self._told.setPlaceholderText("Nothing yet")
        self._told.submitted.connect(self.submit)
        column.addWidget(self._told)
        return column

    # answers of the workspace

    @Slot(object)
    def _on_view(self, view: CaseView) -> None:
        self._view = view
        self._reference.setText(f"#{view.ref}")
        holder = self._tiles.get(view.state.department)
        if holder is not None:
            had_focus = holder.hasFocus()
            holder.show_holder()
            self._lay_tiles(view.state.department)
            if had_focus:
                next(t for t in self._tiles.values() if t.isEnabled()).setFocus()
        self._urgency.choose(URGENCIES.index(view.state.urgency))
        card = self._services.customers.card(view.customer)
        self._bridge.ask("escalate-card", card, self._on_card, self._on_error)
        page = self._services.timelines.page(view.customer, limit=60)
        self._bridge.ask("escalate-page", page, self._on_page, self._on_error)
        self._refresh()

    @Slot(object)
    def _on_card(self, card: CustomerCard) -> None:
        name = first_name(card.name)
        self._heading.setText(f"Escalate {name}’s case")
        self.setAccessibleName(f"Escalate {name}’s case")
        self._told.setAccessibleName(f"What {name} has been told")
        self._told_label.set_text(f"What {name} has been told")
        self._name = name
        self._say_who_answers("")
        setup = self._services.replies.composer(self._case)
        self._bridge.ask("escalate-account", setup, self._on_account, self._on_error)

    @Slot(object)
    def _on_account(self, setup: ComposerView) -> None:
        self._say_who_answers(f" Replies stay with {setup.handle}.")

    def _say_who_answers(self, account: str) -> None:
        if not self._footer.is_wrong:
            self._footer.say(f"{self._name} won’t see this.{account}")

    @Slot(object)
    def _on_page(self, page: TimelinePage) -> None:
        if self._view is None:
            return
        if not self._brief.text:
            self._brief.set_text(brief_of(self._view, page.items))
        if not self._told.text:
            self._told.set_text(told_of(self._view, page.items))

    @Slot(object)
    def _on_pace(self, pace: dict[DepartmentId, tuple[int | None, int]]) -> None:
        for key, tile in self._tiles.items():
            if tile.isEnabled():
                tile.show_load(*pace.get(key, (None, 0)))

    @Slot(object)
    def _on_error(self, error: SeamlineError) -> None:
        self._busy = False
        self._footer.say(str(error), wrong=True)
        self._refresh()

    # choosing and handing over

    def _target(self) -> DepartmentId | None:
        chosen = self._group.checkedButton()
        return chosen.department.id if isinstance(chosen, DepartmentTile) else None

    @Slot(QAbstractButton, bool)
    def _chosen(self, _button: QAbstractButton, on: bool) -> None:
        if on:
            self._refresh()

    def _refresh(self) -> None:
        directory = self._services.directory
        target = self._target()
        view = self._view
        origin = directory.department(view.state.department) if view else None
        held, step = "", ""
        if view is not None and view.state.steps:
            now = to_ms(self._services.clock.now())
            held = f"{formats.duration(now - view.state.steps[-1].entered_ms)} so far"
            step = f"will be step {len(view.state.steps) + 1}"
        taker = directory.department(target) if target is not None else None
        self._join.show_join(origin, held, taker, step if taker else "")
        self._brief_label.set_text(f"Brief for {taker.name}" if taker else "Brief")
        ready = taker is not None and view is not None and not self._busy
        self._footer.main.setEnabled(ready)
        self._footer.main.setToolTip("" if taker else "Choose who should take it on.")

    def submit(self) -> None:
        target = self._target()
        if target is None or self._view is None or self._busy:
            return
        self._busy = True
        escalation = Escalation(
            to=target,
            urgency=URGENCIES[self._urgency.chosen()],
            reason=self._reason.currentText().strip(),
            brief=self._brief.text.strip(),
            told=self._told.text.strip(),
            follow=self._follow.isChecked(),
        )
        self._refresh()
        handed = self._services.cases.escalate(self._case, escalation)
        self._bridge.ask("", handed, self._on_escalated, self._on_error)

    @Slot(object)
    def _on_escalated(self, event: object) -> None:
        self.escalated.emit(event)
        self.close()


class ReturnSheet(Sheet):
    """Gives a case back to the department that handed it over, with a reason.

    ``returned`` carries the event once it is in the ledger.
    """

    returned = Signal(object)

    def __init__(
        self, services: Services, bridge: UiBridge, parent: QWidget, case: CaseId, origin: str
    ) -> None:
        super().__init__(parent, title=f"Return to {origin}", width=440)
        self._services = services
        self._bridge = bridge
        self._case = case
        self._busy = False
        self.add_header(f"Return to {origin}")
        body = QVBoxLayout()
        body.setContentsMargins(22, 4, 22, 16)
        body.setSpacing(0)
        body.addWidget(field_label("What is missing, or who should take it", parent=self.card))
        self._reason = GrowingEdit(lowest=64, highest=140, line=19, name="Reason", parent=self.card)
        self._reason.submitted.connect(self.submit)
        self._reason.textChanged.connect(self._refresh)
        body.addWidget(self._reason)
        self.column.addLayout(body)
        self._footer = self.add_footer("Return", keys="Ctrl ↵")
        self._footer.say(f"{origin} reads this in the timeline.")
        self._refresh()

    def first_focus(self) -> QWidget:
        return self._reason

    @Slot()
    def _refresh(self) -> None:
        said = bool(self._reason.text.strip())
        self._footer.main.setEnabled(said and not self._busy)
        self._footer.main.setToolTip("" if said else "Say why it comes back.")

    def submit(self) -> None:
        reason = self._reason.text.strip()
        if not reason or self._busy:
            return
        self._busy = True
        self._refresh()
        returned = self._services.cases.give_back(self._case, reason)
        self._bridge.ask("", returned, self._on_returned, self._on_error)

    @Slot(object)
    def _on_returned(self, event: object) -> None:
        self.returned.emit(event)
        self.close()

    @Slot(object)
    def _on_error(self, error: SeamlineError) -> None:
        self._busy = False
        self._footer.say(str(error), wrong=True)
        self._refresh()
