"""The right side of the window: who the customer is, and how their case stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.cases import Urgency
from app.domain.changes import ChangeSet
from app.domain.clock import to_ms
from app.domain.errors import NotFound, SeamlineError
from app.domain.events import Event
from app.domain.ids import CaseId, CustomerId, IdentityId, founding_customer
from app.domain.links import target_of
from app.domain.views import CampaignView, CaseView, CustomerCard, IdentityView
from app.ui.bridge import UiBridge
from app.ui.dialogs.parts import icon_button
from app.ui.theme import formats, glyphs, icons, mirroring, painting, theme, theme_manager
from app.ui.timeline.names import Names
from app.ui.views.customer_campaigns import campaign_rows
from app.ui.views.customer_join import JoinSheet
from app.ui.views.customer_matches import MatchesPart
from app.ui.views.customer_parts import (
    PAD,
    Chips,
    Line,
    Paragraph,
    PressLine,
    Section,
    Stats,
)
from app.ui.views.customer_sections import (
    case_heading,
    case_rows,
    note_rows,
    owner_rows,
    standing_rows,
)
from app.ui.views.timeline import open_url

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from app.services.services import Services

WIDTH = 300
_REFRESH_MS = 30_000
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class CustomerPanel(QScrollArea):
    """Shows one customer; reads their card again when a commit names them."""

    tag_requested = Signal()
    """The plus at Tags: the window opens what adds one."""
    belonging_changed = Signal(str, tuple)
    """What was joined or separated, in words, and the events that say so."""
    owner_requested = Signal()
    campaign_requested = Signal(str)
    """Somebody wants to say who holds the relationship."""

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._topic = f"card-{id(self)}"
        self._customer: CustomerId | None = None
        self._case: CaseId | None = None
        self._card: CustomerCard | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Customer")
        body = _Body(self)
        layout = QVBoxLayout(body)
        layout.setContentsMargins(*mirroring.sides(1, 0, 0, 0))
        layout.setSpacing(0)
        self._head = Head(body)
        self._identities = Section("Identities", body)
        self._matches = MatchesPart(services, bridge, body)
        self._matches.joined.connect(self.belonging_changed)
        self._case_part = Section("Case", body)
        self._standing = Section("Marketing standing", body)
        self._tags = Section("Tags", body)
        self._notes = Section("Notes", body)
        self._campaigns = Section("Campaigns", body)
        self._parts = (self._identities, self._case_part, self._standing, self._tags, self._notes,
                       self._campaigns)  # fmt: skip
        layout.addWidget(self._head)
        for part in self._parts:
            layout.addWidget(part)
        layout.insertWidget(layout.indexOf(self._identities) + 1, self._matches)
        layout.addStretch(1)
        self.setWidget(body)
        self._add_tag = _small_button("plus", "Add a tag", self._tags, 24, 14)
        self._head.more.clicked.connect(self.open_menu)
        self._add_tag.clicked.connect(self.tag_requested)
        self._clock = QTimer(self, interval=_REFRESH_MS)
        self._clock.timeout.connect(self._fill)
        bridge.committed.connect(self._committed)
        theme_manager().changed.connect(self._restyle)
        self._show_nobody()

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 600)

    def show_customer(self, customer: CustomerId | None, case: CaseId | None) -> None:
        """Show a customer and, of their cases, this one; None shows nobody."""
        self._case = case
        if customer == self._customer:
            self._fill()
            return
        self._customer = customer
        self._card = None
        if customer is None:
            self._bridge.forget(self._topic)
            self._show_nobody()
            return
        self._read()

    @property
    def card(self) -> CustomerCard | None:
        return self._card

    @property
    def case_shown(self) -> CaseView | None:
        """The case that was asked for, else the open one, of the customer shown."""
        if self._card is None:
            return None
        asked = (case for case in self._card.cases if case.case == self._case)
        return next(asked, self._card.open_case)

    def _read(self) -> None:
        if self._customer is not None:
            future = self._services.customers.card(self._customer)
            self._bridge.ask(self._topic, future, self._take, self._lost)

    def _take(self, card: CustomerCard) -> None:
        self._card = card
        self._fill()
        self._matches.show_customer(card.customer)
        self._clock.start()

    def _lost(self, error: SeamlineError) -> None:
        """Reading failed; no news for one who was joined to another customer meanwhile."""
        joined_away = self._card is not None and isinstance(error, NotFound)
        self._card = None
        self._customer = None
        self._show_nobody()
        if not joined_away:
            self._bridge.failed.emit(error)

    def _committed(self, changes: ChangeSet) -> None:
        card = self._card
        if card is None:
            return
        identities = {identity.identity for identity in card.identities}
        cases = {case.case for case in card.cases}
        if (
            card.customer in changes.customers
            or identities & changes.identities
            or cases & changes.cases
            or (changes.settings and card.campaigns)
        ):
            self._read()

    def _show_nobody(self) -> None:
        self._clock.stop()
        self._matches.show_customer(None)
        self._head.hide()
        for part in self._parts:
            part.hide()

    def _restyle(self) -> None:
        self._add_tag.setIcon(icons.icon("plus", "text-3", 14))
        self._head.more.setIcon(icons.icon("ellipsis", "text-2", 17))
        self._matches.restyle()
        self._fill()

    def _fill(self) -> None:
        """Make the parts anew; the keyboard stays on what it was on."""
        focus = QApplication.focusWidget()
        inside = focus is not None and self.isAncestorOf(focus)
        name = focus.accessibleName() if focus is not None and inside else ""
        self._fill_parts()
        if name:
            rows = [row for row in self.findChildren(QAbstractButton) if not row.isHidden()]
            again = next((row for row in rows if row.accessibleName() == name), None)
            if again is not None:
                again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_parts(self) -> None:
        card = self._card
        if card is None:
            return
        now = to_ms(self._services.clock.now())
        directory = self._services.directory
        names = Names(
            {department.id: department for department in directory.departments()},
            {agent.id: agent for agent in directory.agents()},
        )
        case = self.case_shown
        self._head.show_card(card)
        self._identities.heading.say(_identities_title(len(card.identities)))
        identities: list[QWidget | int] = [self._identity_row(view) for view in card.identities]
        owner = owner_rows(names.agent(card.owner), self.owner_requested.emit, self._identities)
        self._identities.fill([*identities, *owner])
        self._case_part.heading.say(*case_heading(case))
        self._case_part.heading.chip = case is not None and case.state.urgency > Urgency.NORMAL
        self._case_part.fill(case_rows(card, case, names, now, self._case_part))
        self._standing.fill(standing_rows(card, self.open_standing, self._standing))
        self._tags.fill([self._tag_row(card.tags)])
        self._add_tag.setVisible(case is not None)
        self._notes.fill(note_rows(card, now, self._notes))
        self._notes.setVisible(bool(card.notes))
        self._campaigns.fill(campaign_rows(card, now, self._open_campaign, self._campaigns))
        self._campaigns.setVisible(bool(card.campaigns))
        self._head.show()
        for part in self._parts[:-2]:
            part.show()
        self._place_plus()

    def _place_plus(self) -> None:
        heading = self._tags.heading
        y = heading.y() + (heading.height() - self._add_tag.height()) // 2
        width = self.viewport().width()
        x = PAD - 5 if mirroring.right_to_left() else width - PAD - 19
        self._add_tag.move(x, max(0, y))
        self._add_tag.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_plus()

    def _tag_row(self, tags: tuple[str, ...]) -> QWidget:
        if not tags:
            return Paragraph("No tags yet.", self._tags, ink="text-3")
        chips = Chips(tags, self._tags)
        chips.pressed.connect(self._open_tag_menu)
        return chips

    def _identity_row(self, view: IdentityView) -> PressLine:
        line = Line(self._identities)
        reach = formats.compact_number(view.reach) if view.reach else ""
        line.say(view.handle, reach, right_ink="text-3", right_style="caption")
        line.put_mark(partial(_draw_channel, view), 18)
        row = PressLine(line, self._identities)
        reached = f", reach {reach}" if reach else ""
        row.setAccessibleName(f"{view.handle}, {view.channel.label}{reached}")
        row.clicked.connect(partial(self._open_identity_menu, view, row))
        return row

    # Menus

    def _open_identity_menu(self, view: IdentityView, row: QWidget) -> None:
        menu = self.identity_menu(view)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(row.mapToGlobal(QPoint(18 + 9, row.height())))

    def identity_menu(self, view: IdentityView) -> QMenu:
        """What can be done with an identity."""
        menu = QMenu(self)
        _add(menu, "copy", "Copy handle", partial(_copy, view.handle))
        if target_of(view.profile_url) is not None:
            _add(menu, "external-link", "Open profile", partial(open_url, view.profile_url))
        menu.addSeparator()
        separate = _add(
            menu, "unlink", "Separate from this customer", partial(self._separate, view.identity)
        )
        if view.customer == founding_customer(view.identity):
            separate.setEnabled(False)
            separate.setText("The identity this customer began with")
        return menu

    def _separate(self, identity: IdentityId) -> None:
        self._bridge.act(self._services.customers.unlink(identity), self._separated)

    def _separated(self, events: tuple[Event, ...]) -> None:
        self.belonging_changed.emit("Separated.", events)

    def open_menu(self) -> None:
        """Offer what can be done with the customer, beneath the button for it."""
        menu = self.customer_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._head.more.mapToGlobal(QPoint(0, self._head.more.height())))

    def customer_menu(self) -> QMenu:
        """What can be done with the customer."""
        menu = QMenu(self)
        _add(menu, "link", "Join with another customer…", self.open_join)
        _add(menu, "megaphone", "Marketing standing…", self.open_standing)
        _add(menu, "user-check", "Who holds the relationship…", self.owner_requested.emit)
        _add(menu, "phone", "Log a call, a meeting, a letter or a visit…", self.open_by_hand)
        if self._card is not None:
            _add(menu, "copy", "Copy name", partial(_copy, self._card.name))
        return menu

    def open_standing(self) -> None:
        """Settle whether the customer is promoted to."""
        if self._card is not None:
            from app.ui.dialogs.standing import StandingSheet

            StandingSheet(self._services, self._bridge, self._card, self).open()

    def _open_campaign(self, campaign: CampaignView) -> None:
        """Read what service should know of it."""
        if self._card is not None:
            from app.ui.dialogs.campaign import CampaignSheet

            now = to_ms(self._services.clock.now())
            sheet = CampaignSheet(campaign, self._card.name, now, self)
            sheet.edit_asked.connect(self.campaign_requested)
            sheet.open()

    def open_by_hand(self) -> None:
        """Write down what no service tells of."""
        if self._card is not None:
            from app.ui.dialogs.by_hand import ByHandSheet

            ByHandSheet(self._services, self._bridge, self._card, self).open()

    def open_join(self) -> None:
        """Ask who else this customer is."""
        if self._card is not None:
            sheet = JoinSheet(self._services, self._bridge, self._card, self)
            sheet.joined.connect(self.belonging_changed)
            sheet.open()

    def _open_tag_menu(self, tag: str) -> None:
        case = self.case_shown
        if case is None or tag not in case.state.tags:
            return
        menu = QMenu(self)
        _add(menu, "x", f"Remove {tag} from #{case.ref}", partial(self._remove_tag, case.case, tag))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.cursor().pos())

    def _remove_tag(self, case: CaseId, tag: str) -> None:
        self._bridge.act(self._services.cases.tag(case, (), (tag,)))


class _Body(QWidget):
    """The ground of the panel, with the hairline that parts it from the timeline."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().colour("surface"))
        mirroring.mirror(painter, QRectF(self.rect()))
        painter.fillRect(QRectF(0, 0, 1, self.height()), theme().colour("line"))
        painter.end()


class Head(QWidget):
    """The customer's face, name and numbers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = Line(self, height=19, style="title", weight=600)
        self._about = Line(self, height=16, style="small", ink="text-2")
        self._stats = Stats(self)
        self.more = _small_button("ellipsis", "More about this customer", self, 26, 17)
        self._face = _Face(self)
        names = QVBoxLayout()
        names.setContentsMargins(0, 0, 0, 0)
        names.setSpacing(0)
        names.addStretch(1)
        names.addWidget(self._name)
        names.addWidget(self._about)
        names.addStretch(1)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(12)
        top.addWidget(self._face)
        top.addLayout(names, 1)
        top.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAD, 14, PAD, 14)
        layout.setSpacing(11)
        layout.addLayout(top)
        layout.addWidget(self._stats)

    def show_card(self, card: CustomerCard) -> None:
        self._face.show_name(card.name)
        self._name.say(card.name)
        self._about.say(_counted(card.interactions, "interaction"))
        since = str(formats.local(card.since_ms).year) if card.since_ms is not None else "now"
        middle = (card.boosts, "boosts") if card.boosts or not card.likes else (card.likes, "likes")
        self._stats.say(
            (formats.compact_number(card.reach) if card.reach else "unknown", "reach"),
            (formats.compact_number(middle[0]), middle[1]),
            (since, "customer since"),
        )

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - one line
        painter = QPainter(self)
        line = QRectF(0, self.height() - 1, self.width(), 1)
        painter.fillRect(line, theme().colour("line"))
        painter.end()


class _Face(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = ""
        self.setFixedSize(46, 46)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_name(self, name: str) -> None:
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - small
        painter = QPainter(self)
        painting.draw_avatar(painter, QRectF(self.rect()), self._name)
        painter.end()


def _draw_channel(view: IdentityView, painter: QPainter, box: QRectF) -> None:
    glyphs.draw_channel(painter, box, view.channel)


def _identities_title(count: int) -> str:
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"One person, {number} {'identity' if count == 1 else 'identities'}"


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{formats.grouped(number)} {noun}s"


def _small_button(icon: str, name: str, parent: QWidget, size: int, icon_size: int) -> QToolButton:
    button = icon_button(icon, name, parent)
    button.setFixedSize(size, size)
    button.setIconSize(QSize(icon_size, icon_size))
    return button


def _add(menu: QMenu, icon: str, text: str, deed: Callable[[], None]) -> QAction:
    action = menu.addAction(icons.icon(icon), text)
    # The menu and what it calls live on the main thread, so a closure is safe here.
    action.triggered.connect(lambda _checked: deed())
    return action


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)
