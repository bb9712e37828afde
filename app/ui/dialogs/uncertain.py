"""Did it arrive? What we wrote beside what the service shows, for an agent to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.errors import SeamlineError
from app.domain.ids import OutboxId
from app.ui.dialogs.parts import TextLabel, button, text_label
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import formats

if TYPE_CHECKING:
    from app.services.replies import Uncertain
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_WIDTH = 620
_NOTHING = "Nothing of ours stands in this conversation."


class UncertainSheet(Sheet):
    """Settles an outbox item of which nobody knows whether it arrived.

    What is known here is shown at once, and again when the service has been asked.
    """

    def __init__(
        self, services: Services, bridge: UiBridge, parent: QWidget, item: OutboxId
    ) -> None:
        super().__init__(parent, title="Did it arrive?", width=_WIDTH)
        self._services = services
        self._bridge = bridge
        self._item = item
        self.add_header("Did it arrive?", "Look for your message among what the service shows.")
        self.wrote = self._text()
        self.shown = self._text()
        sides = QHBoxLayout()
        sides.setContentsMargins(22, 4, 22, 14)
        sides.setSpacing(18)
        for title, side in (("You wrote", self.wrote), ("The service shows", self.shown)):
            column = QVBoxLayout()
            column.setSpacing(5)
            column.addWidget(
                text_label(title, "small", weight=600, colour="text-3", parent=self.card)
            )
            column.addWidget(side)
            column.addStretch(1)
            sides.addLayout(column, 1)
        self.column.addLayout(sides)
        self.state = text_label("Asking the service…", "small", colour="text-3", parent=self.card)
        self.state.setWordWrap(True)
        self.arrived = button("It arrived", kind="main", parent=self.card)
        self.again = button("Send again", parent=self.card)
        foot = QHBoxLayout()
        foot.setContentsMargins(22, 0, 22, 18)
        foot.setSpacing(8)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.again)
        foot.addWidget(self.arrived)
        self.column.addLayout(foot)
        self.arrived.clicked.connect(self._say_arrived)
        self.again.clicked.connect(self._send_again)
        self._read()
        bridge.ask("", services.syncing.look_at(item), self._asked, self._not_asked)

    def first_focus(self) -> QWidget:
        return self.arrived

    def _text(self) -> TextLabel:
        label = text_label("", "body", parent=self.card)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def _read(self) -> None:
        self._bridge.ask(
            f"uncertain-{id(self)}", self._services.replies.uncertain(self._item), self._show
        )

    @Slot(object)
    def _show(self, both: Uncertain) -> None:
        self.wrote.setText(both.item.text)
        now_ms = round(self._services.clock.now().timestamp() * 1000)
        listed = [f"{formats.list_time(at, now_ms)}  {text}" for at, text in both.shown]
        self.shown.setText("\n\n".join(listed) or _NOTHING)

    @Slot(object)
    def _asked(self, _nothing: object) -> None:
        self.state.setText("This is what the service shows now.")
        self._read()

    @Slot(object)
    def _not_asked(self, error: SeamlineError) -> None:
        self.state.setText(f"{error.message} This is what was seen last.")

    @Slot()
    def _say_arrived(self) -> None:
        replies = self._services.replies
        self._bridge.ask("", replies.arrived(self._item), self._settled, self._refused)

    @Slot()
    def _send_again(self) -> None:
        replies = self._services.replies
        self._bridge.ask("", replies.send_again(self._item), self._settled, self._refused)

    @Slot(object)
    def _settled(self, _item: object) -> None:
        self.close()

    @Slot(object)
    def _refused(self, error: SeamlineError) -> None:
        """It has been settled meanwhile."""
        self.state.setText(str(error))
