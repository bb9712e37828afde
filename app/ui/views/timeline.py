"""The middle of the window: everything a customer and the brand have said to each other."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QDesktopServices,
    QGuiApplication,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from app.domain.clock import to_ms
from app.domain.errors import SeamlineError
from app.domain.ids import CaseId, CustomerId, InteractionKey
from app.domain.interactions import Side
from app.domain.links import target_of
from app.domain.outbox import OutboxState
from app.domain.views import EventItem, InteractionItem, OutboxEntry
from app.ui.access.stand_ins import StandIns
from app.ui.access.timeline_places import timeline_places
from app.ui.after_painting import AfterPainting
from app.ui.bridge import UiBridge
from app.ui.lock_place import Reading
from app.ui.models.timeline_model import TimelineModel, text_of
from app.ui.timeline.canvas import Content, TimelineCanvas
from app.ui.timeline.drawing import Action, Spot
from app.ui.timeline.entries import Entry, Shape
from app.ui.timeline.finder import Finder
from app.ui.timeline.gallery import Gallery
from app.ui.timeline.loader import TimelineLoader
from app.ui.timeline.menu import Deeds, row_menu
from app.ui.timeline.mood_deeds import MoodDeeds
from app.ui.timeline.names import Names
from app.ui.timeline.picture_deeds import PictureDeeds
from app.ui.timeline.thread import Thread
from app.ui.views.scrubber import Scrubber

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from app.services.services import Services

_SKELETON_AFTER_MS = 120
_PILL_ABOVE = 12


class TimelineView(QWidget):
    """One customer's timeline with the scrubber beside it.

    Reading happens on other threads; what is shown stays until the answer is there. What an
    agent asks of a message that has not left is announced, for the window to do.
    """

    retry_requested = Signal(str)
    """OutboxId"""
    edit_requested = Signal(str)
    """OutboxId: its text belongs back in the composer"""
    undo_requested = Signal(str)
    """OutboxId"""
    reply_to_requested = Signal(str)
    """native id of the message to answer"""
    arrived = Signal()
    """Another customer’s newest page is shown, or it could not be read."""

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._unseen = 0
        self.model = TimelineModel(self._now_ms, self)
        self.gallery = Gallery(services, bridge, self)
        self.canvas = TimelineCanvas(self.model, self._now_ms, self, gallery=self.gallery)
        self._pictures = PictureDeeds(services, bridge, self.gallery, self.canvas)
        self.moods = MoodDeeds(services, bridge, self.model, self.canvas)
        self.scrubber = Scrubber(self._now_ms, self)
        self._loader = TimelineLoader(services, bridge, self.model, self)
        self._finder = Finder(self.model, self.canvas, self._loader)
        self._pill = QPushButton(self.canvas)
        self._pill.setProperty("kind", "plain")
        self._pill.setProperty("small", True)
        self._pill.hide()
        self._skeleton = QTimer(self, singleShot=True, interval=_SKELETON_AFTER_MS)
        self._months = AfterPainting(self)
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.scrubber)
        self.setFocusProxy(self.canvas)
        self._stand_ins = StandIns(
            self.canvas, "Actions in the timeline", partial(timeline_places, self.canvas)
        )
        self._connect()

    def _connect(self) -> None:
        self._loader.started.connect(self._loading)
        self._loader.shown.connect(self._first_page_came)
        self._loader.grown.connect(self._older_page_came)
        self._loader.refreshed.connect(self._refreshed)
        self._loader.failed.connect(self._first_page_failed)
        self._skeleton.timeout.connect(self._show_skeleton)
        self._months.due.connect(self._ask_months)
        self.canvas.older_wanted.connect(self._loader.want_older)
        self.canvas.scrolled.connect(self._scrolled)
        self.canvas.scrolled.connect(self._stand_ins.look_again)
        self.canvas.spot_triggered.connect(self._spot_triggered)
        self.canvas.menu_requested.connect(self._open_menu)
        self.model.rowsInserted.connect(self._rows_inserted)
        self.scrubber.month_chosen.connect(self._finder.month)
        self._pill.clicked.connect(self.canvas.to_end)

    # For the window

    def show_customer(self, customer: CustomerId | None, case: CaseId | None) -> None:
        """Show a customer from the newest record of this case; None shows nobody."""
        self._loader.case = case
        if customer == self._loader.customer:
            if not self._loader.is_loading:
                self._finder.case(self._loader.case)
            return
        self._finder.forget()
        self._loader.show(customer)
        if customer is None:
            self._skeleton.stop()
            self.canvas.set_content(Content.NOTHING)
            self.scrubber.show_months(())

    @property
    def customer(self) -> CustomerId | None:
        return self._loader.customer

    @property
    def is_loading(self) -> bool:
        """Whether the first page of the customer is still on its way."""
        return self._loader.is_loading

    def next_seam(self) -> None:
        self._finder.next_seam()

    def previous_seam(self) -> None:
        self._finder.previous_seam()

    def next_day(self) -> None:
        self._finder.next_day()

    def previous_day(self) -> None:
        self._finder.previous_day()

    def scroll_to(self, key: InteractionKey | str) -> None:
        """Bring a record into sight and make it current, reading back as far as it lies."""
        self._finder.record(key)

    def reading(self) -> Reading | None:
        """Where the reader is, for coming back later; None at the end, where everybody begins."""
        if self.canvas.is_at_end or not len(self.model):
            return None
        row, y = self.canvas.place()
        entry = self.model.entry(row)
        return Reading(entry.key, entry.at_ms, y)

    def return_to(self, reading: Reading) -> None:
        """Put a row back where it stood, reading back as far as it lies."""
        self._finder.place(reading)

    # Pages coming

    def _loading(self) -> None:
        self._unseen = 0
        self._pill.hide()
        self._skeleton.start()

    def _show_skeleton(self) -> None:
        self.canvas.set_content(Content.LOADING)

    def _first_page_came(self) -> None:
        self._skeleton.stop()
        self._take_page()
        self.canvas.set_content(Content.ROWS if len(self.model) else Content.EMPTY)
        self.canvas.to_end()
        self._finder.case(self._loader.case)
        self._finder.go_on()
        self._months.start()
        self.arrived.emit()

    def _first_page_failed(self, error: SeamlineError) -> None:
        self._skeleton.stop()
        self.model.show(())
        self.canvas.set_content(Content.NOTHING)
        self.arrived.emit()
        self._bridge.failed.emit(error)

    def _older_page_came(self) -> None:
        self._take_page()
        self._finder.go_on()

    def _refreshed(self) -> None:
        self._take_page()
        self.canvas.set_content(Content.ROWS if len(self.model) else Content.EMPTY)
        self._ask_months()

    def _take_page(self) -> None:
        directory = self._services.directory
        names = Names(
            {department.id: department for department in directory.departments()},
            {agent.id: agent for agent in directory.agents()},
        )
        self.model.names = names
        self.canvas.set_names(names)
        self.canvas.set_thread(Thread(self._loader.holdings), begins=not self._loader.has_older)

    def _ask_months(self) -> None:
        if self._loader.customer is not None:
            future = self._services.timelines.months(self._loader.customer)
            self._bridge.ask(f"months-{id(self)}", future, self.scrubber.show_months)

    def _rows_inserted(self, _parent: QModelIndex, first: int, last: int) -> None:
        """Tell of new messages without moving the reader."""
        if last != len(self.model) - 1 or first == 0:
            return
        fresh = [self.model.entry(row) for row in range(first, last + 1)]
        said = [entry for entry in fresh if entry.shape is Shape.INBOUND]
        if not said:
            return
        text = _new_messages(len(said))
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.canvas, text))
        if not self.canvas.is_at_end:
            self._unseen += len(said)
            self._pill.setText(_new_messages(self._unseen))
            self._place_pill()
            self._pill.show()

    def _scrolled(self) -> None:
        if self.canvas.is_at_end and not self._pill.isHidden():
            self._unseen = 0
            self._pill.hide()
        first, last = self.canvas.first_visible(), self.canvas.last_visible()
        if 0 <= first <= last:
            entries = self.model.entries
            self.scrubber.set_window(entries[first].at_ms, entries[last].at_ms)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_pill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._place_pill()

    def _place_pill(self) -> None:
        self._pill.adjustSize()
        x = (self.canvas.width() - self._pill.width()) // 2
        self._pill.move(x, self.canvas.height() - self._pill.height() - _PILL_ABOVE)

    # What the agent does

    def _spot_triggered(self, key: str, spot: Spot) -> None:
        row = self.model.row_of(key)
        if row < 0:
            return
        entry = self.model.entry(row)
        item = entry.item
        if spot.action is Action.OPEN_LINK:
            open_url(spot.target)
        elif spot.action is Action.EARLIER:
            self._toggle_earlier(entry)
        elif isinstance(item, InteractionItem):
            self._pictures.clicked(entry, item, spot)
        elif isinstance(item, OutboxEntry):
            self._wish_triggered(item, spot.action)

    def _wish_triggered(self, item: OutboxEntry, action: Action) -> None:
        match action:
            case Action.UNDO:
                self.undo_requested.emit(item.item.id)
            case Action.RETRY:
                self._retry(item)
            case Action.EDIT:
                self.edit_requested.emit(item.item.id)
            case Action.COPY:
                QGuiApplication.clipboard().setText(item.item.text)
            case Action.DISCARD:
                self._bridge.act(self._services.replies.discard(item.item.id))
            case Action.ARRIVED:
                self._bridge.act(self._services.replies.arrived(item.item.id))
            case _:
                pass

    def _toggle_earlier(self, entry: Entry) -> None:
        """Show what a message said before it was edited, or hide it again."""
        if self.canvas.shows_earlier(entry.key):
            self.canvas.show_earlier(entry.key, ())
        elif isinstance(entry.item, InteractionItem):
            future = self._services.timelines.revisions(entry.item.key)
            show = partial(self.canvas.show_earlier, entry.key)
            self._bridge.ask(f"revisions-{id(self)}", future, show)

    def _open_menu(self, key: str, at: QPoint) -> None:
        row = self.model.row_of(key)
        if row < 0:
            return
        entry = self.model.entry(row)
        can_act = (
            isinstance(entry.item, InteractionItem)
            and entry.item.channel in self._services.accounts.connectable()
        )
        menu = row_menu(
            entry,
            text_of(entry),
            self._deeds(),
            can_act=can_act,
            parent=self,
            pictures=self._pictures.offered(entry),
        )
        menu.aboutToHide.connect(menu.deleteLater)
        if not menu.isEmpty():
            menu.popup(at)

    def _deeds(self) -> Deeds:
        replies, cases, act = self._services.replies, self._services.cases, self._bridge.act
        return Deeds(
            reply_to=lambda item: self.reply_to_requested.emit(item.native_id),
            copy=_copy,
            open_url=open_url,
            unfold=lambda entry: self.canvas.unfold(entry.key),
            earlier=self._toggle_earlier,
            like=lambda item: act(replies.like(item.uid)),
            boost=lambda item: act(replies.boost(item.uid)),
            delete=lambda item: act(replies.delete(item.uid)),
            move=self._move,
            mood=self.moods.choose_for,
            open_case=lambda item: act(cases.open_for(item.uid)),
            undo_event=self._undo_event,
            undo_send=lambda entry: self.undo_requested.emit(entry.item.id),
            send_now=lambda entry: act(replies.send_now(entry.item.id)),
            retry=self._retry,
            edit=lambda entry: self.edit_requested.emit(entry.item.id),
            arrived=lambda entry: act(replies.arrived(entry.item.id)),
            discard=lambda entry: act(replies.discard(entry.item.id)),
        )

    def _retry(self, entry: OutboxEntry) -> None:
        if entry.item.state is OutboxState.UNKNOWN:
            self._settle(entry)
        else:
            self.retry_requested.emit(entry.item.id)

    def _settle(self, entry: OutboxEntry) -> None:
        """Nobody can tell whether it arrived: the agent compares before it is sent again."""
        from app.ui.dialogs.uncertain import UncertainSheet

        UncertainSheet(self._services, self._bridge, self.window(), entry.item.id).open()

    def _move(self, item: InteractionItem, side: Side) -> None:
        self._bridge.act(self._services.cases.move_side(item.uid, side))

    def _undo_event(self, item: EventItem) -> None:
        self._bridge.act(self._services.cases.undo_event(item.event.id))

    def _now_ms(self) -> int:
        return to_ms(self._services.clock.now())


def open_url(url: str) -> None:
    """Open a web address in the browser; nothing but the web is ever opened."""
    target = target_of(url)
    if target is not None:
        QDesktopServices.openUrl(QUrl(target.url))


def _copy(entry: Entry) -> None:
    QGuiApplication.clipboard().setText(text_of(entry))


def _new_messages(count: int) -> str:
    return "1 new message" if count == 1 else f"{count} new messages"
