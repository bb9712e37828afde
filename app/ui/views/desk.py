"""The middle of the window: header, timeline and composer of whatever is being worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.changes import ChangeSet
from app.domain.errors import SeamlineError
from app.domain.excerpt import Strand
from app.domain.ids import AgentId, CaseId, CustomerId, InteractionKey
from app.domain.outbox import OutboxItem
from app.domain.views import CaseRow, CaseView, CustomerCard
from app.ui.actions import Actions
from app.ui.after_painting import AfterPainting
from app.ui.bridge import UiBridge
from app.ui.views.attendance import Attendance
from app.ui.views.composer import Composer
from app.ui.views.customer_panel import CustomerPanel
from app.ui.views.header import CaseHeader
from app.ui.views.journeys import JourneysStrip
from app.ui.views.noise_hint import NoiseHint
from app.ui.views.timeline import TimelineView

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.services.services import Services

SEEN_AFTER_MS = 1_000
"""How long a case has to be looked at until it counts as read."""
SETTLE_MS = 40
"""Running through the list with J held down shows the first case and where it stops."""
_BESIDE_AFTER_MS = 120
"""The parts beside a timeline wait no longer than this for it."""


class Desk(QWidget):
    """Shows one case, or a customer without one, and keeps the panel beside it in step.

    ``case_changed``  (CaseId or None): another case is at hand; actions mean this one.
    ``view_changed``  (CaseView): the case at hand was read, or changed.
    """

    case_changed = Signal(object)
    view_changed = Signal(object)

    def __init__(
        self,
        services: Services,
        bridge: UiBridge,
        actions: Actions,
        panel: CustomerPanel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._panel = panel
        self.customer: CustomerId | None = None
        self.case: CaseId | None = None
        self.view: CaseView | None = None
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        directory = services.directory
        self.header = CaseHeader(actions, directory.department, directory.name_of, self._me, self)
        self.timeline = TimelineView(services, bridge, self)
        self.journeys = JourneysStrip(services, bridge, self)
        self.journeys.chosen.connect(self.timeline.scroll_to)
        self.composer = Composer(services, bridge, self)
        self.noise_hint = NoiseHint(services, bridge, actions, self)
        self._attendance = Attendance(services, self)
        self._attendance.changed.connect(self.header.show_others)
        self.case_changed.connect(self._attendance.show_case)
        self.composer.typed.connect(self._attendance.typed)
        self.composer.sent.connect(self._attendance.sent)
        for handed_over in (self.composer.noted, self.composer.kept, self.composer.acted_on):
            handed_over.connect(self._attendance.rest)
        self.composer.replied_elsewhere = self._attendance.replied
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.journeys)
        layout.addWidget(self.noise_hint)
        layout.addWidget(self.timeline, 1)
        layout.addWidget(self.composer)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._settled)
        self._passed = False
        self._list = AfterPainting(self)
        self._list.due.connect(self._show_parts)
        self._beside = AfterPainting(self)
        self._beside.due.connect(self._show_beside)
        self._waited = QTimer(self, singleShot=True, interval=_BESIDE_AFTER_MS)
        self._waited.timeout.connect(self._show_beside)
        self.timeline.arrived.connect(self._beside.start)
        self.timeline.excerpt_changed.connect(self._look_on)
        self._tie_composer_and_timeline(actions)
        self._seen = QTimer(self, singleShot=True, interval=SEEN_AFTER_MS)
        self._seen.timeout.connect(self._mark_seen)
        # What stands beside the timeline shows the case at hand when it is whole.
        self._unread = self._held_unread = self._is_whole = False

    def _tie_composer_and_timeline(self, actions: Actions) -> None:
        timeline, composer = self.timeline, self.composer
        timeline.given_back.connect(self._write_again)
        timeline.by_hand.clicked.connect(actions["by-hand"].trigger)
        composer.sent.connect(lambda: timeline.reveal(Strand.SERVICE))
        composer.kept.connect(lambda: timeline.reveal(Strand.SERVICE))
        composer.noted.connect(lambda: timeline.reveal(Strand.INTERNAL))

    def show_row(self, row: CaseRow, *, after_list: bool = False) -> None:
        """Show a case of the list; the timeline follows when the choice has settled, with
        ``after_list`` once the list is painted."""
        if row.case == self.case:
            if row.unread and not self._unread and not self._held_unread:
                self._unread = True  # something new came while it is looked at
                self._seen.start()
            return
        self._take(row.customer, row.case)
        self._unread = row.unread
        self.header.show_row(row)
        self._passed = self.is_running
        self._settle.start()
        if not self._passed:
            self._begin(after_list=after_list)

    @property
    def is_running(self) -> bool:
        """Whether somebody went to the case at hand so lately that the next one may be passed."""
        return self._settle.isActive()

    def show_customer(
        self, customer: CustomerId, case: CaseId | None, key: InteractionKey | None = None
    ) -> None:
        """Show a customer at once, and a moment of their timeline when ``key`` names one."""
        if (customer, case) != (self.customer, self.case):
            self._take(customer, case)
            if case is None:
                card = self._services.customers.card(customer)
                self._bridge.ask("desk-card", card, self._show_name)
            self._passed = False
            self._show_parts()
        if key is not None:
            if self.timeline.customer != customer:  # it waits for the list, or for the choice
                self._list.stop()
                self._passed = False
                self._show_parts()
            self.timeline.scroll_to(key)

    def show_nothing(self, *, after_list: bool = False) -> None:
        """As ``show_row``, for a list that is empty."""
        self._take(None, None)
        self.header.show_nothing()
        self._passed = False
        self._begin(after_list=after_list)

    def restore(self, item: OutboxItem) -> None:
        """Go on writing a reply that was taken back."""
        self._attendance.took_back(item)
        self.composer.restore(item)

    def composer_at_hand(self) -> Composer:
        """The composer on the case at hand, at once: whoever begins to write while it waits for
        the painting of what stands above would write to the customer before."""
        if self.case is not None and not self._is_whole:
            self._passed = False
            self._list.stop()
            self._show_parts()
            self._show_beside()
        return self.composer

    def _write_again(self, case: CaseId) -> None:
        """Go on writing a reply that was kept; the composer reads it where nothing is in hand."""
        if self.customer is not None:
            self.show_customer(self.customer, case)
            self.composer_at_hand().focus_reply()

    def mark_unread(self) -> None:
        """The case at hand is to be read again; looking at it now does not count."""
        if self.case is not None:
            self._unread, self._held_unread = False, True
            self._seen.stop()
            self._bridge.act(self._services.cases.mark_unread(self.case))

    def changed(self, changes: ChangeSet) -> None:
        """Read the case at hand again when a commit names it; what is not whole yet will be."""
        self.journeys.changed(changes)
        if self._is_whole and (self.case in changes.cases or self.customer in changes.customers):
            self._read_case()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._attendance.set_shown(shown=True)
        if self._is_whole:
            self._look_on()

    def hideEvent(self, event: QHideEvent) -> None:
        self._attendance.set_shown(shown=False)
        super().hideEvent(event)

    def _me(self) -> AgentId:
        return self._services.directory.me().id

    def _take(self, customer: CustomerId | None, case: CaseId | None) -> None:
        self.customer, self.case, self.view = customer, case, None
        self._unread = self._held_unread = self._is_whole = False
        self._list.stop()
        self._seen.stop()
        self._bridge.forget("desk-case")
        self._bridge.forget("desk-card")
        self.noise_hint.show_case(None)
        self.case_changed.emit(case)

    def _begin(self, *, after_list: bool) -> None:
        """The timeline of what a list begins with would hold the list up."""
        if after_list:
            self._list.start()
        else:
            self._show_parts()

    def _settled(self) -> None:
        """The choice has stood for a moment; what was only passed was never shown."""
        if self._passed:
            self._passed = False
            self._show_parts()

    def _show_parts(self) -> None:
        """The timeline at once; the parts beside it once it is painted, for they would hold it
        up."""
        self.timeline.show_customer(self.customer, self.case)
        if self.timeline.is_loading:
            self._waited.start()
        else:
            self._beside.start()

    def _show_beside(self) -> None:
        self._waited.stop()
        self._beside.stop()
        if self._passed:  # the next case is at hand already, and is shown once it has settled
            return
        self._is_whole = True
        self._panel.show_customer(self.customer, self.case)
        self.journeys.show_customer(self.customer, self.case)
        self.composer.show_case(self.case)
        self.composer.setVisible(self.case is not None)
        if self.case is not None:
            self._read_case()
            self._seen.start()

    def _read_case(self) -> None:
        if self.case is not None:
            view = self._services.cases.view(self.case)
            self._bridge.ask("desk-case", view, self._show_view, self._case_failed)

    def _show_view(self, view: CaseView) -> None:
        self.view = view
        if view.customer != self.customer:
            # Its identity was joined to somebody else, or separated again: the case goes along.
            self.customer = view.customer
            self.timeline.show_customer(self.customer, self.case)
            self._panel.show_customer(self.customer, self.case)
            self.journeys.show_customer(self.customer, self.case)
        self.header.show_case(view)
        self.noise_hint.show_case(view)
        self.view_changed.emit(view)

    def _case_failed(self, error: SeamlineError) -> None:
        self._bridge.failed.emit(error)

    def _show_name(self, card: CustomerCard) -> None:
        self.header.show_customer(card.name)

    def _look_on(self) -> None:
        """What an excerpt or the list hid is in sight again, and is read after a moment."""
        if self._unread and not self.timeline.excerpt:
            self._seen.start()

    def _mark_seen(self) -> None:
        """Only what was unread is written: reading must not cause commits. Nor is read what the
        timeline does not show."""
        if self.case is None or self.timeline.excerpt.hides(Strand.SERVICE, self.case):
            return
        if self._unread and self.isVisible():
            self._unread = False
            self._bridge.act(self._services.cases.mark_seen(self.case))
