"""Chooses what of a timeline is shown: by keys, by chips, and by the head of the scrubber."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QMenu

from app.domain.excerpt import WHOLE, Excerpt, Strand
from app.domain.views import CustomerCard
from app.ui.bridge import UiBridge
from app.ui.views.excerpt_bar import NAMES, SHOW_EVERYTHING

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from app.services.services import Services
    from app.ui.views.timeline import TimelineView

_LONGEST_TITLE = 40


class ExcerptChoice(QObject):
    """What an agent does to the excerpt of a timeline. The next customer is shown whole again:
    nobody should miss what somebody said because of what was looked for with another."""

    def __init__(self, services: Services, bridge: UiBridge, view: TimelineView) -> None:
        super().__init__(view)
        self._services = services
        self._bridge = bridge
        self._view = view
        view.scrubber.legend.clicked.connect(self.open_menu)
        view.bar.changed.connect(self._pressed)
        view.everything.clicked.connect(lambda: self._pressed(WHOLE))

    def strand(self, strand: Strand) -> None:
        """Show this strand too, or no more."""
        self._view.show_excerpt(self._view.excerpt.with_strand(strand))

    def case(self) -> None:
        """Show the case at hand alone, or everything of the customer again."""
        case = self._view.case
        if case is not None:
            self._view.show_excerpt(self._view.excerpt.with_case(case))

    def whole(self) -> None:
        self._view.show_excerpt(WHOLE)

    def _pressed(self, excerpt: Excerpt) -> None:
        """What was pressed is gone with it; the keyboard goes to the rows."""
        self._view.show_excerpt(excerpt)
        self._view.canvas.setFocus()

    def open_menu(self) -> None:
        """Offer what there is of the customer: the strands, their channels, their cases."""
        if self._view.customer is not None:
            card = self._services.customers.card(self._view.customer)
            self._bridge.ask(f"excerpt-{id(self)}", card, self._pop_up)

    def _pop_up(self, card: CustomerCard) -> None:
        if card.customer != self._view.customer:
            return  # somebody else is shown by now
        menu = QMenu(self._view)
        menu.aboutToHide.connect(menu.deleteLater)
        self._fill(menu, card)
        legend = self._view.scrubber.legend
        menu.ensurePolished()
        below = legend.mapToGlobal(QPoint(legend.width() - menu.sizeHint().width(), 32))
        menu.popup(below)
        menu.setActiveAction(menu.actions()[0])

    def _fill(self, menu: QMenu, card: CustomerCard) -> None:
        held = self._view.excerpt
        for strand, name in NAMES.items():
            self._add(menu, name, held.with_strand(strand), on=strand in held.strands)
        channels = menu.addMenu("Channel")
        for channel in sorted({identity.channel for identity in card.identities}):
            on = held.channel is channel
            self._add(channels, channel.label, held.with_channel(channel), on=on)
        cases = menu.addMenu("Case")
        for case in card.cases:
            title = case.title[:_LONGEST_TITLE].replace("&", "&&")
            words = f"#{case.ref} {title}".strip()
            self._add(cases, words, held.with_case(case.case), on=held.case == case.case)
        cases.setEnabled(bool(card.cases))
        menu.addSeparator()
        everything = menu.addAction(SHOW_EVERYTHING)
        everything.setEnabled(bool(held))
        everything.triggered.connect(self.whole)

    def _add(self, menu: QMenu, words: str, excerpt: Excerpt, *, on: bool) -> None:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _checked: self._view.show_excerpt(excerpt))
