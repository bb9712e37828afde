"""Putting a case to sleep until a moment."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, QRectF, Qt, QTime, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDateTimeEdit, QHBoxLayout, QWidget

from app.domain.clock import to_ms
from app.domain.ids import CaseId
from app.domain.records import dataclass
from app.domain.views import CaseView
from app.ui.dialogs.attempt import attempt
from app.ui.dialogs.parts import button
from app.ui.dialogs.pick import PickSheet
from app.ui.dialogs.pick_model import PickRow, fits, typed_marks
from app.ui.theme import formats, icons, theme

if TYPE_CHECKING:
    from app.services.services import Services
    from app.ui.bridge import UiBridge

_MORNING, _AFTERNOON, _EVENING = time(9), time(14), time(18)
_SOON = timedelta(minutes=30)
_MONDAY = 0
_PICK = "pick"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment to wake up at, in UTC, and what it is called."""

    name: str
    at: datetime


def moments(now: datetime) -> list[Moment]:
    """The usual moments after ``now``, in the zone of this computer, earliest first.

    Those too near are left out, and a Monday that is tomorrow is named once.
    """
    here = now.astimezone().replace(tzinfo=None)
    tomorrow = here.date() + timedelta(days=1)
    monday = here.date() + timedelta(days=(_MONDAY - here.weekday() - 1) % 7 + 1)
    wished = [
        ("In 1 hour", here + timedelta(hours=1)),
        ("This afternoon", datetime.combine(here.date(), _AFTERNOON)),
        ("This evening", datetime.combine(here.date(), _EVENING)),
        ("Tomorrow morning", datetime.combine(tomorrow, _MORNING)),
        ("Monday morning", datetime.combine(monday, _MORNING)),
    ]
    found: list[Moment] = []
    for name, wall in sorted(wished, key=lambda wish: wish[1]):
        # A wall time without a zone is taken as this computer's, summer time included.
        at = wall.astimezone(UTC)
        if at - now >= _SOON and all(at != other.at for other in found):
            found.append(Moment(name, at))
    return found


class SnoozeSheet(PickSheet):
    """Usual moments, or a date and time of one's own. ``snoozed`` carries the event."""

    snoozed = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget, case: CaseId) -> None:
        super().__init__(parent, title="Snooze until", hint="When")
        self._services = services
        self._bridge = bridge
        self._case = case
        self._build_own()
        self.refresh()
        self.say("A new message of the customer wakes it earlier.")
        bridge.ask("snooze-case", services.cases.view(case), self._on_view, self.refused)

    def _build_own(self) -> None:
        self._own = QWidget(self.card)
        row = QHBoxLayout(self._own)
        row.setContentsMargins(16, 0, 16, 12)
        row.setSpacing(8)
        here = self._services.clock.now().astimezone()
        tomorrow = QDate(here.year, here.month, here.day).addDays(1)
        self._when = DateTimeBox(QDateTime(tomorrow, QTime(9, 0)), self._own)
        self._when.setMinimumDate(tomorrow.addDays(-1))
        self._when.setDisplayFormat("ddd d MMM yyyy, HH:mm")
        self._when.setCalendarPopup(True)
        self._when.setAccessibleName("Date and time")
        self._take = button("Snooze", kind="main", parent=self._own)
        self._take.clicked.connect(self._take_own)
        row.addWidget(self._when, 1)
        row.addWidget(self._take)
        self._own.setVisible(False)
        self.column.insertWidget(self.column.count() - 1, self._own)

    @Slot(object)
    def _on_view(self, view: CaseView) -> None:
        self.heading.setText(f"Snooze case #{view.ref} until")

    def rows(self, typed: str) -> list[PickRow]:
        now = self._services.clock.now()
        rows = [
            PickRow(
                moment.at,
                moment.name,
                _when(moment.at, now),
                icon="alarm-clock",
                marks=typed_marks(typed, moment.name),
            )
            for moment in moments(now)
            if fits(f"{moment.name} {_when(moment.at, now)}", typed)
        ]
        if fits("Pick a date and time", typed) or not rows:
            rows.append(PickRow(_PICK, "Pick a date and time…", icon="calendar"))
        return rows

    def pick(self, row: PickRow) -> None:
        if isinstance(row.value, datetime):
            self._snooze(row.value)
        else:
            self._own.setVisible(True)
            self._when.setFocus()
            self._when.setSelectedSection(QDateTimeEdit.Section.DaySection)

    def submit(self) -> None:
        if self._own.isVisible() and not self.field.hasFocus():
            self._take_own()
        else:
            super().submit()

    @Slot()
    def _take_own(self) -> None:
        at = datetime.fromtimestamp(self._when.dateTime().toMSecsSinceEpoch() / 1000, UTC)
        self._snooze(at)

    def _snooze(self, until: datetime) -> None:
        snoozed = attempt(lambda: self._services.cases.snooze(self._case, until))
        self._bridge.ask("", snoozed, self._on_snoozed, self.refused)

    @Slot(object)
    def _on_snoozed(self, event: object) -> None:
        self.snoozed.emit(event)
        self.close()


class DateTimeBox(QDateTimeEdit):
    """A date and time with the line icon of the theme for its arrow; where the window reads from
    the right Qt would tell even the minutes before the hours."""

    def __init__(self, at: QDateTime, parent: QWidget) -> None:
        super().__init__(at, parent)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        arrow = QRectF(self.width() - 25, (self.height() - 15) / 2, 15, 15)
        icons.draw(painter, "chevron-down", arrow, theme().colour("text-3"))


def _when(at: datetime, now: datetime) -> str:
    """ "15:00" today, "Fri 09:00" this week, "3 Dec 09:00" later."""
    ms = to_ms(at)
    clock = formats.clock_time(ms)
    there, here = at.astimezone().date(), now.astimezone().date()
    if there == here:
        return clock
    # A day and its name are told as the list tells past days, seen from there.
    return f"{formats.list_time(ms, ms + 24 * 3_600_000)} {clock}"
