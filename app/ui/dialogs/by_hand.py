"""Writes down what no service tells of: a call, a meeting, a letter, a visit."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, Qt, Slot
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.clock import to_ms
from app.domain.departments import usual_side
from app.domain.errors import SeamlineError
from app.domain.ids import DepartmentId, InteractionUid
from app.domain.interactions import Direction, Kind, Side
from app.domain.views import CustomerCard
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.controls import ChoiceBox, Segmented
from app.ui.dialogs.parts import field_label
from app.ui.dialogs.sheet import Sheet
from app.ui.dialogs.snooze import DateTimeBox

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_WIDTH = 460
_TEXT_HEIGHT = 96
_KINDS = (
    (Kind.CALL, "Call"),
    (Kind.MEETING, "Meeting"),
    (Kind.LETTER, "Letter"),
    (Kind.VISIT, "Visit"),
)
_WAYS = ((Direction.INBOUND, "They came to us"), (Direction.OUTBOUND, "We went to them"))
_SIDES = ((Side.SERVICE, "Service"), (Side.MARKETING, "Marketing"))


class ByHandSheet(Sheet):
    """What it was, who began, when, whose it was, and a line about it; it stands in the timeline at
    its time, on the side chosen."""

    def __init__(
        self, services: Services, bridge: UiBridge, card: CustomerCard, parent: QWidget
    ) -> None:
        super().__init__(parent, title="Log by hand", width=_WIDTH)
        self._services = services
        self._bridge = bridge
        self._customer = card.customer
        self.add_header("Log by hand", card.name)
        body = QVBoxLayout()
        body.setContentsMargins(22, 2, 22, 16)
        body.setSpacing(0)
        self.kind = Segmented([(n, "") for _, n in _KINDS], name="What it was", parent=self.card)
        self.way = Segmented([(n, "") for _, n in _WAYS], name="Who began", parent=self.card)
        now = QDateTime.fromMSecsSinceEpoch(to_ms(services.clock.now()))
        self.when = DateTimeBox(now, self.card)
        self.when.setAccessibleName("When")
        self.when.setDisplayFormat("ddd d MMM yyyy, HH:mm")
        self.when.setCalendarPopup(True)
        self.when.setMaximumDateTime(now)
        me = services.directory.me()
        self.department = ChoiceBox(self.card)
        self.department.setAccessibleName("Department")
        for department in services.directory.departments():
            self.department.addItem(department.name, department.id)
        self.department.setCurrentIndex(self.department.findData(me.department))
        self.side = Segmented([(n, "") for _, n in _SIDES], name="Side", parent=self.card)
        self.about = QPlainTextEdit(self.card)
        self.about.setAccessibleName("What it was about")
        self.about.setTabChangesFocus(True)
        self.about.setFixedHeight(_TEXT_HEIGHT)
        for words, field in (
            ("", self.kind),
            ("", self.way),
            ("When", self.when),
            ("Whose it was", self.department),
            ("", self.side),
            ("What it was about", self.about),
        ):
            if field is not self.kind:
                body.addSpacing(14 if words else 8)
            if words:
                body.addWidget(field_label(words, parent=self.card))
            boxed = isinstance(field, (DateTimeBox, ChoiceBox))
            side = Qt.AlignmentFlag.AlignLeading if boxed else Qt.AlignmentFlag(0)
            body.addWidget(field, 0, side)
        self.column.addLayout(body)
        self._footer = self.add_footer("Log", keys="Ctrl ↵")
        self.main = self._footer.main
        self.about.textChanged.connect(self._typed)
        self.department.currentIndexChanged.connect(self._choose_side)
        self._choose_side()
        self._typed()

    def first_focus(self) -> QWidget | None:
        return self.kind.group.checkedButton()

    @Slot()
    def _choose_side(self) -> None:
        """The usual one of the department, until another is chosen."""
        usual = usual_side(self._whose())
        self.side.choose([side for side, _ in _SIDES].index(usual))

    def _whose(self) -> DepartmentId:
        return DepartmentId(self.department.currentData())

    @Slot()
    def _typed(self) -> None:
        self.main.setEnabled(bool(self.about.toPlainText().strip()))

    @Slot()
    def submit(self) -> None:
        at = datetime.fromtimestamp(self.when.dateTime().toMSecsSinceEpoch() / 1000, UTC)
        kind, direction = _KINDS[self.kind.chosen()][0], _WAYS[self.way.chosen()][0]
        side, text = _SIDES[self.side.chosen()][0], self.about.toPlainText()
        logged = attempt(
            lambda: self._services.by_hand.log(
                self._customer,
                kind,
                text,
                at=at,
                direction=direction,
                side=side,
                department=self._whose(),
            )
        )
        self._bridge.ask("", logged, self._logged, self._failed)

    def _logged(self, _uid: InteractionUid) -> None:
        self.close()

    def _failed(self, error: SeamlineError) -> None:
        self._footer.say(str(error), wrong=True)
