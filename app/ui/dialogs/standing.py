"""Settles by hand whether a customer is promoted to, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.domain.errors import SeamlineError
from app.domain.guard import Standing
from app.domain.views import CustomerCard
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.controls import Segmented
from app.ui.dialogs.parts import field_label, text_label
from app.ui.dialogs.sheet import Sheet

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_WIDTH = 440
_LONGEST_REASON = 200
_CHOICES = (
    (Standing.WELCOME, "Welcome"),
    (Standing.ON_HOLD, "On hold"),
    (Standing.OPTED_OUT, "Opted out"),
)
_MEANS = "An open case holds promotions back in any case. All identities of the customer keep this."


class StandingSheet(Sheet):
    """One choice and a reason, which stands in the timeline."""

    def __init__(
        self, services: Services, bridge: UiBridge, card: CustomerCard, parent: QWidget
    ) -> None:
        super().__init__(parent, title="Marketing standing", width=_WIDTH)
        self._services = services
        self._bridge = bridge
        self._customer = card.customer
        self.add_header("Marketing standing", card.name)
        body = QVBoxLayout()
        body.setContentsMargins(22, 2, 22, 16)
        body.setSpacing(6)
        names = [(name, "") for _, name in _CHOICES]
        self.choice = Segmented(names, name="Promotions", parent=self.card)
        now = card.hold.standing if card.hold is not None else Standing.WELCOME
        self.choice.choose([standing for standing, _ in _CHOICES].index(now))
        body.addWidget(self.choice)
        means = text_label(_MEANS, "small", colour="text-3", parent=self.card)
        means.setWordWrap(True)
        body.addWidget(means)
        body.addSpacing(8)
        body.addWidget(field_label("Reason", parent=self.card))
        self.reason = QLineEdit(self.card)
        self.reason.setAccessibleName("Reason")
        self.reason.setMaxLength(_LONGEST_REASON)
        body.addWidget(self.reason)
        self.column.addLayout(body)
        self._footer = self.add_footer("Save", keys="Ctrl ↵")
        self.main = self._footer.main
        self.reason.textChanged.connect(self._typed)
        self.reason.returnPressed.connect(self.submit)
        self._typed()

    def first_focus(self) -> QWidget | None:
        return self.choice.group.checkedButton()

    @Slot()
    def _typed(self) -> None:
        self.main.setEnabled(bool(self.reason.text().strip()))

    @Slot()
    def submit(self) -> None:
        if not self.reason.text().strip():
            self._footer.say("Say why, for whoever reads it later.", wrong=True)
            return
        standing, reason = _CHOICES[self.choice.chosen()][0], self.reason.text()
        kept = attempt(lambda: self._services.guard.set_standing(self._customer, standing, reason))
        self._bridge.ask("", kept, self._kept, self._failed)

    def _kept(self, _nothing: None) -> None:
        self.close()

    def _failed(self, error: SeamlineError) -> None:
        self._footer.say(str(error), wrong=True)
