"""Two lanes over the timeline: how far the customer has come through a case, and through a sale.

Folded away until an agent wants it. A station is a button that goes where it was reached.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.changes import ChangeSet
from app.domain.clock import to_ms
from app.domain.ids import CaseId, CustomerId
from app.domain.journeys import Journeys, Recovery, Station, Stop
from app.ui.bridge import UiBridge
from app.ui.theme import formats, icons, theme, theme_manager
from app.ui.views.emptying import empty
from app.ui.views.flow import FlowLayout

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from app.services.services import Services

SETTING: Final = "ui-journeys"
_SHOWN: Final = "shown"
_NAMES: Final = {
    Stop.OPENED: "Opened",
    Stop.SEEN: "Seen",
    Stop.REPLIED: "Replied",
    Stop.HANDED_OFF: "Handed off",
    Stop.SOLVED: "Solved",
    Stop.CONFIRMED: "Thanked",
    Stop.SAW: "Saw",
    Stop.LIKED: "Liked",
    Stop.ASKED: "Asked",
    Stop.BOUGHT: "Bought",
}
_RECOVERED: Final = "heart-handshake"
_LANE: Final = 26
_LABEL: Final = 40


class JourneysStrip(QWidget):
    """Hidden while it is folded away, and where neither path has begun. ``chosen`` carries what
    stands in the timeline where a station was reached: an InteractionKey, or the key of a row."""

    chosen = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._topic = f"journeys-{id(self)}"
        self._customer: CustomerId | None = None
        self._case: CaseId | None = None
        self._told = Journeys()
        self._lanes = QVBoxLayout(self)
        self._lanes.setContentsMargins(18, 4, 10, 4)
        self._lanes.setSpacing(0)
        self.setAccessibleName("Journeys")
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme_manager().changed.connect(self._fill)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line beneath: what scrolls under it is cut there."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().colour("line"))
        painter.end()

    @property
    def is_wanted(self) -> bool:
        """Whether the agent has unfolded it; kept in the workspace."""
        return self._services.directory.setting(SETTING) == _SHOWN

    def toggle(self) -> None:
        """Fold it away, or show it again, from now on."""
        wanted = "" if self.is_wanted else _SHOWN
        future = self._services.directory.set_setting(SETTING, wanted)
        self._bridge.ask("", future, lambda _done: self._ask())

    def show_customer(self, customer: CustomerId | None, case: CaseId | None) -> None:
        if (customer, case) != (self._customer, self._case):
            self._customer, self._case = customer, case
            self._ask()

    def changed(self, changes: ChangeSet) -> None:
        """Read again what a commit names."""
        if self._customer in changes.customers or self._case in changes.cases:
            self._ask()

    def _ask(self) -> None:
        if self._customer is None or not self.is_wanted:
            self._bridge.forget(self._topic)
            self._show(Journeys())
            return
        future = self._services.journeys.of(self._customer, self._case)
        self._bridge.ask(self._topic, future, self._show)

    def _show(self, told: Journeys) -> None:
        if told != self._told:
            self._told = told
            self._fill()
        self.setVisible(bool(told.issue or told.sale))

    def _fill(self) -> None:
        empty(self._lanes)
        for name, symbol, stations in (
            ("Case", "circle", self._told.issue),
            ("Sale", "diamond", self._told.sale),
        ):
            if stations:
                self._lanes.addWidget(self._lane(name, symbol, stations))

    def _lane(self, name: str, symbol: str, stations: tuple[Station, ...]) -> QWidget:
        lane = QWidget(self)
        lane.setAccessibleName(f"{name} journey")
        row = FlowLayout(lane, 0)  # a narrow timeline takes two lines, and is not made wider
        row.setContentsMargins(0, 0, 0, 0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        lane.setSizePolicy(policy)
        label = QLabel(name, lane)
        label.setProperty("role", "label")
        label.setFixedSize(theme().scaled(_LABEL), theme().scaled(_LANE))
        row.addWidget(label)
        for station in stations:
            row.addWidget(self._button(symbol, station_words(station), station, lane))
        recovery = self._told.recovery
        if stations is self._told.issue and recovery is not None:
            words = f"Thanks after {formats.duration(recovery.lasted_ms)}"
            row.addWidget(self._button(_RECOVERED, words, recovery, lane))
        return lane

    def _button(
        self, symbol: str, words: str, place: Station | Recovery, lane: QWidget
    ) -> QPushButton:
        button = QPushButton(icons.icon(symbol), words, lane)
        button.setProperty("kind", "quiet")
        button.setProperty("small", True)
        button.setIconSize(QSize(10, 10))
        button.setMinimumHeight(theme().scaled(_LANE))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        now = to_ms(self._services.clock.now())
        when = f"{formats.short_date(place.at_ms, now)}, {formats.clock_time(place.at_ms)}"
        button.setToolTip(f"{words}: {when}")
        button.setAccessibleName(f"{words}, {when}")
        button.clicked.connect(partial(self._go, place))
        return button

    def _go(self, place: Station | Recovery, _checked: bool = False) -> None:
        record = place.record
        self.chosen.emit(record if isinstance(record, int) else f"e{record}")


def station_words(station: Station) -> str:
    """“Replied”, “Handed off 2×”."""
    name = _NAMES[station.stop]
    return f"{name} {station.times}×" if station.times > 1 else name
