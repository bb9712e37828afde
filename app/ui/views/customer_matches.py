"""Who else the customer may be: suggestions with their reasons, to join or to turn down."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.events import Event
from app.domain.ids import CustomerId
from app.domain.links import target_of
from app.domain.views import IdentityView
from app.ui.bridge import UiBridge
from app.ui.theme import glyphs, icons
from app.ui.views.customer_parts import Line, Paragraph, PressLine, Section
from app.ui.views.timeline import open_url

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from app.services.matching import Match
    from app.services.services import Services

_INDENT = 27


class MatchesPart(Section):
    """Hidden where there is nobody to suggest. ``joined`` tells of a joining in words, with the
    events it took."""

    joined = Signal(str, tuple)

    def __init__(self, services: Services, bridge: UiBridge, parent: QWidget) -> None:
        super().__init__("May be the same person", parent)
        self._services = services
        self._bridge = bridge
        self._topic = f"matches-{id(self)}"
        self._customer: CustomerId | None = None
        self._shown: tuple[Match, ...] = ()
        self.hide()

    def show_customer(self, customer: CustomerId | None) -> None:
        """Ask about a customer, or about nobody; until it is known, nobody is suggested."""
        if customer != self._customer:
            self._customer = customer
            self._take(())
        if customer is None:
            self._bridge.forget(self._topic)
            return
        future = self._services.matching.suggestions(customer)
        self._bridge.ask(self._topic, future, self._take)

    def restyle(self) -> None:
        self._fill()

    def _take(self, found: tuple[Match, ...]) -> None:
        if found != self._shown:
            self._shown = found
            self._fill()
        self.setVisible(bool(found))

    def _fill(self) -> None:
        rows: list[QWidget | int] = []
        for match in self._shown:
            rows.append(self._row(match))
            why = ". ".join(reason.told for reason in match.suggestion.reasons)
            rows.extend((Paragraph(f"{why}.", self, indent=_INDENT), 4))
        self.fill(rows)

    def _row(self, match: Match) -> PressLine:
        sure = f"{round(100 * min(match.suggestion.score, 0.99))} %"
        line = Line(self).say(match.other.handle, sure, right_ink="text-3", right_style="caption")
        line.put_mark(partial(_draw_channel, match.other), 18)
        row = PressLine(line, self)
        row.setAccessibleName(
            f"May be the same person: {match.other.handle}, {match.other.channel.label}, {sure}"
        )
        row.clicked.connect(partial(self._open_menu, match, row))
        return row

    def _open_menu(self, match: Match, row: QWidget) -> None:
        menu = self.menu(match)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(row.mapToGlobal(QPoint(_INDENT, row.height())))

    def menu(self, match: Match) -> QMenu:
        """What can be said to a suggestion."""
        menu = QMenu(self)
        join = menu.addAction(icons.icon("link"), "Join with this customer")
        join.triggered.connect(lambda _checked: self._join(match))
        apart = menu.addAction(icons.icon("user-x"), "Not the same person")
        apart.triggered.connect(lambda _checked: self._decline(match))
        url = match.other.profile_url
        if target_of(url) is not None:
            menu.addSeparator()
            profile = menu.addAction(icons.icon("external-link"), "Open profile")
            profile.triggered.connect(lambda _checked: open_url(url))
        return menu

    def _join(self, match: Match) -> None:
        told = partial(self._told, f"Joined with {match.other.handle}.")
        self._bridge.act(self._services.matching.join(match), told)

    def _told(self, words: str, events: tuple[Event, ...]) -> None:
        self.joined.emit(words, events)

    def _decline(self, match: Match) -> None:
        future = self._services.matching.decline(match.mine.identity, match.other.identity)
        self._bridge.act(future)


def _draw_channel(view: IdentityView, painter: QPainter, box: QRectF) -> None:
    glyphs.draw_channel(painter, box, view.channel)
