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
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.domain.clock import to_ms
from app.domain.errors import SeamlineError
from app.domain.excerpt import WHOLE, Excerpt, Strand
from app.domain.ids import CaseId, CustomerId, InteractionKey
from app.domain.interactions import Direction, Side
from app.domain.links import target_of
from app.domain.outbox import OutboxState
from app.domain.views import EventItem, InteractionItem, OutboxEntry
from app.ui.access.stand_ins import StandIns
from app.ui.access.timeline_places import timeline_places
from app.ui.after_painting import AfterPainting
from app.ui.bridge import UiBridge
from app.ui.lock_place import Reading
from app.ui.models.timeline_model import TimelineModel, text_of
from app.ui.theme import theme
from app.ui.timeline import blank
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
from app.ui.views.excerpt_bar import SHOW_EVERYTHING, ExcerptBar, nothing_of, why_nothing
from app.ui.views.scrubber import Scrubber
from app.ui.views.timeline_excerpt import ExcerptChoice

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from app.services.services import Services

_SKELETON_AFTER_MS = 120
_PILL_ABOVE = 12
_BELOW_WORDS = 58


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
    given_back = Signal(object)
    """CaseId: a reply that was kept is a draft of this case again"""
    excerpt_changed = Signal()
    """Another part of the timeline is to be shown, or the whole."""
    arrived = Signal()
    """Another customer’s newest page is shown, or it could not be read."""

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._unseen = 0
        self._name = ""
        self._months_topic = f"months-{id(self)}"
        self._in_sight: tuple[Reading, ...] | None = None
        self.model = TimelineModel(self._now_ms, self)
        self.gallery = Gallery(services, bridge, self)
        self.canvas = TimelineCanvas(self.model, self._now_ms, self, gallery=self.gallery)
        self._pictures = PictureDeeds(services, bridge, self.gallery, self.canvas)
        self.moods = MoodDeeds(services, bridge, self.model, self.canvas)
        self.scrubber = Scrubber(self._now_ms, self)
        self._loader = TimelineLoader(services, bridge, self.model, self)
        self._finder = Finder(self.model, self.canvas, self._loader)
        self._pill = _small_button(self.canvas)
        self.bar = ExcerptBar(self)
        self.everything = _small_button(self.canvas, SHOW_EVERYTHING)
        self.by_hand = _small_button(self.canvas, "Log a call…")
        self.choice = ExcerptChoice(services, bridge, self)
        self._skeleton = QTimer(self, singleShot=True, interval=_SKELETON_AFTER_MS)
        self._months = AfterPainting(self)
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        beside = QHBoxLayout()
        beside.setSpacing(0)
        beside.addWidget(self.canvas, 1)
        beside.addWidget(self.scrubber)
        layout.addLayout(beside, 1)
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
        """Show a customer from the newest record of this case; None shows nobody. Whoever is
        opened, and any other case, is shown whole."""
        other = case != self._loader.case
        self._loader.case = case
        if customer == self._loader.customer:
            if other and self.excerpt:
                self.show_excerpt(WHOLE)
                self._in_sight = None
            if not self._loader.is_loading:
                self._finder.case(self._loader.case)
            return
        self._finder.forget()
        self._bridge.forget(self._months_topic)  # those of whoever was shown before
        self.scrubber.setVisible(customer is not None)
        self._in_sight = None
        self._name = ""
        self._loader.show(customer)
        self._show_what_is_shown()
        if customer is None:
            self._skeleton.stop()
            self.canvas.set_content(Content.NOTHING)
            self.scrubber.show_months(())
            self._offer_nothing()

    @property
    def customer(self) -> CustomerId | None:
        return self._loader.customer

    @property
    def case(self) -> CaseId | None:
        """The case it was opened for."""
        return self._loader.case

    @property
    def excerpt(self) -> Excerpt:
        """What of the customer’s timeline is shown."""
        return self._loader.excerpt

    def show_excerpt(self, excerpt: Excerpt) -> None:
        """Show a part of the timeline, or the whole again; the reader stays where they are."""
        if self.customer is None or excerpt == self.excerpt:
            return
        self._finder.forget()
        if not self._loader.is_loading:
            self._in_sight = self._rows_in_sight()
        since_ms = min((row.at_ms for row in self._in_sight or ()), default=None)
        self._loader.narrow(excerpt, since_ms)
        self._show_what_is_shown()
        self._ask_months()

    def reveal(self, strand: Strand) -> None:
        """Show everything where this strand of the case at hand may be hidden."""
        if self.case is not None and self.excerpt.hides(strand, self.case):
            self.show_excerpt(WHOLE)

    def _show_what_is_shown(self) -> None:
        excerpt = self.excerpt
        self.bar.show_excerpt(excerpt)
        self.scrubber.dim(
            service=not excerpt.shows(Strand.SERVICE),
            marketing=not excerpt.shows(Strand.MARKETING),
        )
        self.excerpt_changed.emit()

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
        """Bring a record into sight and make it current, reading back as far as it lies. Where the
        excerpt does not show it, the whole does."""
        wanted = f"i{key}" if isinstance(key, int) else key
        if self.excerpt and self.model.row_of(wanted) < 0:
            self.show_excerpt(WHOLE)
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
        self._offer_nothing()
        self.canvas.set_content(Content.LOADING)

    def _first_page_came(self) -> None:
        self._skeleton.stop()
        self._take_page()
        self._show_rows()
        if self._in_sight is not None:
            seen, self._in_sight = self._in_sight, None
            self._keep_place(seen)
            self._finder.go_on()
            return
        self.canvas.to_end()
        self._finder.case(self._loader.case)
        self._finder.go_on()
        self._months.start()
        self.arrived.emit()

    def _rows_in_sight(self) -> tuple[Reading, ...]:
        """Which rows the reader sees, from the anchor down, and where; none for one at the end."""
        if self.reading() is None:
            return ()
        first, _ = self.canvas.place()
        rows = range(first, self.canvas.last_visible() + 1)
        entries = ((row, self.model.entry(row)) for row in rows)
        return tuple(Reading(e.key, e.at_ms, self.canvas.y_of(row)) for row, e in entries)

    def _keep_place(self, seen: tuple[Reading, ...]) -> None:
        """Put the first row that was in sight and still is there back where it stood; where none
        is, what came next."""
        for reading in seen:
            row = self.model.row_of(reading.key)
            if row >= 0:
                self.canvas.put(row, reading.y)
                return
        for row, entry in enumerate(self.model.entries):
            if seen and entry.at_ms >= seen[0].at_ms:
                self.canvas.put(row, seen[0].y)
                return
        self.canvas.to_end()

    def _show_rows(self) -> None:
        """The rows, or the words that stand where there are none."""
        nothing = not len(self.model)
        hidden = nothing and bool(self.excerpt)
        if hidden:
            self.canvas.say_empty(nothing_of(self.excerpt, self._name), why_nothing(self.excerpt))
        elif nothing:
            self.canvas.say_empty(*blank.FIRST_CONTACT)
        else:
            self.canvas.set_content(Content.ROWS)
        self.everything.setVisible(hidden)
        self.by_hand.setVisible(nothing and not hidden)
        self._place_pill()

    def _first_page_failed(self, error: SeamlineError) -> None:
        self._skeleton.stop()
        self.model.show(())
        self.canvas.set_content(Content.NOTHING)
        self._offer_nothing()
        self.arrived.emit()
        self._bridge.failed.emit(error)

    def _offer_nothing(self) -> None:
        self.everything.hide()
        self.by_hand.hide()

    def _older_page_came(self) -> None:
        self._take_page()
        self._finder.go_on()

    def _refreshed(self) -> None:
        self._take_page()
        self._show_rows()
        self._ask_months()

    def _take_page(self) -> None:
        directory = self._services.directory
        names = Names(
            {department.id: department for department in directory.departments()},
            {agent.id: agent for agent in directory.agents()},
        )
        self.model.names = names
        self.canvas.set_names(names)
        self._name = self._name or _first_name(self.model)
        self.canvas.set_thread(Thread(self._loader.holdings), begins=not self._loader.has_older)

    def _ask_months(self) -> None:
        if self._loader.customer is not None:
            future = self._services.timelines.months(self._loader.customer, self.excerpt)
            self._bridge.ask(self._months_topic, future, self.scrubber.show_months)

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
        for way_out in (self.everything, self.by_hand):
            way_out.adjustSize()
            x = (self.canvas.width() - way_out.width()) // 2
            way_out.move(x, self.canvas.height() // 2 + theme().scaled(_BELOW_WORDS))

    # What the agent does

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc shows the whole timeline again, before it leads back to the list."""
        if event.key() == Qt.Key.Key_Escape and self.excerpt:
            self.choice.whole()
        else:
            super().keyPressEvent(event)

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
        elif spot.action is Action.TAKE_BACK:
            self._take_back(item)

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
            undo_comment=lambda said: act(cases.undo_event(said.event)),
            take_back=self._take_back,
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

    def _take_back(self, item: EventItem) -> None:
        """What was kept, or is to be approved, is written on."""
        undone = self._services.cases.undo_event(item.event.id)
        self._bridge.ask("", undone, lambda _event: self.given_back.emit(item.case))

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


def _small_button(parent: QWidget, words: str = "") -> QPushButton:
    button = QPushButton(words, parent)
    button.setProperty("kind", "plain")
    button.setProperty("small", True)
    button.hide()
    return button


def _first_name(model: TimelineModel) -> str:
    """What the customer is called, as far as the rows tell."""
    for entry in reversed(model.entries):
        item = entry.item
        if isinstance(item, InteractionItem) and item.direction is Direction.INBOUND:
            return item.author.split(maxsplit=1)[0] if item.author.split() else ""
    return ""


def _new_messages(count: int) -> str:
    return "1 new message" if count == 1 else f"{count} new messages"
