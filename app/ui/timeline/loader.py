"""Fetches the pages of one customer's timeline and keeps the model up to date."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import field, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.changes import ChangeSet
from app.domain.errors import SeamlineError
from app.domain.events import EventType
from app.domain.excerpt import WHOLE, Excerpt
from app.domain.ids import CaseId, CustomerId, EventId, IdentityId, OutboxId, key_floor, key_ms
from app.domain.records import dataclass
from app.domain.views import (
    EventItem,
    Holding,
    InteractionItem,
    OutboxEntry,
    TimelineItem,
    TimelinePage,
)
from app.ui.bridge import UiBridge
from app.ui.models.timeline_model import TimelineModel

if TYPE_CHECKING:
    # Only named here: the services bring SQLAlchemy along, which other threads import.
    from app.services.services import Services

FIRST_PAGE = 40
"""Three panes full: more would hold up the first of them."""
_OLDER_PAGE = 120
_JUMP_PAGE = 250
_REFRESH_MOST = 300
"""A commit makes at most so many of the newest interactions be read again."""
_BELONGING = frozenset({EventType.IDENTITY_LINKED, EventType.IDENTITY_UNLINKED})


class TimelineLoader(QObject):
    """What is loaded is one stretch without gaps that ends with the newest record.

    Older pages are put before it; a commit that names the customer has the newest part read and
    compared again. Answers for a customer no longer shown are dropped by the bridge.
    """

    started = Signal()
    """Another customer is being read."""
    shown = Signal()
    """The first page of another customer, or of another excerpt, is in the model."""
    grown = Signal()
    """An older page, or the answer that there is none, has come."""
    refreshed = Signal()
    failed = Signal(object)
    """SeamlineError: the first page could not be read"""

    def __init__(
        self, services: Services, bridge: UiBridge, model: TimelineModel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._timelines = services.timelines
        self._bridge = bridge
        self._model = model
        self._topic = f"timeline-{id(self)}"
        self._asking_older = False
        self._overtaken = False
        self.is_loading = False
        self.excerpt = WHOLE
        self.customer: CustomerId | None = None
        self.case: CaseId | None = None
        self.before: int | None = None
        self.holdings: tuple[Holding, ...] = ()
        self._named = _Named()
        bridge.committed.connect(self._committed)

    def show(self, customer: CustomerId | None) -> None:
        """Start over with another customer, shown whole; None shows nobody."""
        self._start_over(WHOLE)
        self._named = _Named()
        self.customer = customer
        self.before = None
        self.is_loading = customer is not None
        if customer is None:
            self._bridge.forget(self._topic)
            self._model.show(())
            return
        self.started.emit()
        self._read_back(None)

    def narrow(self, excerpt: Excerpt, since_ms: int | None) -> None:
        """Show another excerpt of the same customer, read back to ``since_ms``; None: the newest
        page. What is shown stays until then, and ``shown`` tells."""
        if self.customer is not None:
            self._start_over(excerpt)
            self.is_loading = True
            self._read_back(since_ms)

    def _start_over(self, excerpt: Excerpt) -> None:
        self._bridge.forget(f"{self._topic}-older")
        self._bridge.forget(f"{self._topic}-fresh")
        self._asking_older = self._overtaken = False
        self.excerpt = excerpt

    def _read_back(self, since_ms: int | None, newer: TimelinePage | None = None) -> None:
        """Read pages until they reach that far; only then is any of it shown."""

        def came(page: TimelinePage) -> None:
            whole = replace(page, items=page.items + newer.items) if newer else page
            if since_ms is not None and page.before is not None and key_ms(page.before) > since_ms:
                self._read_back(since_ms, whole)
            else:
                self._first(whole)

        if newer is None:
            future = self._page(FIRST_PAGE)
        else:
            future = self._page(_JUMP_PAGE, before=newer.before)
        self._bridge.ask(self._topic, future, came, self._first_failed)

    def _page(self, limit: int, *, before: int | None = None) -> Future[TimelinePage]:
        assert self.customer is not None
        return self._timelines.page(self.customer, before=before, limit=limit, excerpt=self.excerpt)

    @property
    def has_older(self) -> bool:
        return self.before is not None

    def want_older(self, *, far: bool = False) -> None:
        """Ask for the next older page, once; a large one for whoever is on the way far back."""
        if self._asking_older or self.before is None or self.customer is None:
            return
        self._asking_older = True
        limit = _JUMP_PAGE if far else _OLDER_PAGE
        future = self._page(limit, before=self.before)
        self._bridge.ask(f"{self._topic}-older", future, self._older, self._older_failed)

    def refresh(self) -> None:
        """Read the newest part again and change what differs."""
        if self.customer is None:
            return
        loaded = sum(isinstance(e.item, InteractionItem) for e in self._model.entries)
        limit = max(FIRST_PAGE, min(_REFRESH_MOST, loaded))
        self._bridge.ask(f"{self._topic}-fresh", self._page(limit), self._fresh, None)

    def _first_failed(self, error: SeamlineError) -> None:
        self.is_loading = False
        self.failed.emit(error)

    def _first(self, page: TimelinePage) -> None:
        self.is_loading = False
        self.before = page.before
        self.holdings = page.holdings
        self._named.add(page.items)
        self._model.show(page.items)
        self.shown.emit()
        if self._overtaken:
            self._overtaken = False
            self.refresh()

    def _older(self, page: TimelinePage) -> None:
        self._asking_older = False
        self.before = page.before
        self.holdings = page.holdings
        self._named.add(page.items)
        self._model.prepend(page.items)
        self.grown.emit()

    def _older_failed(self, error: SeamlineError) -> None:
        self._asking_older = False
        self._bridge.failed.emit(error)

    def _fresh(self, page: TimelinePage) -> None:
        if self.is_loading:  # it is of an excerpt that is not shown yet
            self._overtaken = True
            return
        if self._leaves_gap(page):
            self._close_gap(page)
            return
        loaded = [entry.item for entry in self._model.entries]
        # Who belongs to the customer has changed: what is loaded further back may be another's.
        all_new = page.before is None or _belonging(loaded) != _belonging(page.items)
        self.holdings = page.holdings
        if all_new:
            self.before = page.before
        self._named.add(page.items)
        self._model.merge(page.items, from_start=all_new)
        self.refreshed.emit()

    def _leaves_gap(self, page: TimelinePage) -> bool:
        """Whether more has come since than the page holds, as after a night."""
        entries = self._model.entries
        facts = (e.item.key for e in entries if isinstance(e.item, InteractionItem))
        newest: int | None = max(facts, default=None)
        if newest is None and not self.excerpt.sides:
            newest = max((key_floor(e.at_ms + 1) for e in entries), default=None)
        return newest is not None and page.before is not None and page.before > newest

    def _close_gap(self, page: TimelinePage) -> None:
        """Read on until what is loaded begins; only then is any of it shown."""

        def joined(older: TimelinePage) -> None:
            self._fresh(replace(older, items=older.items + page.items, holdings=page.holdings))

        future = self._page(_JUMP_PAGE, before=page.before)
        self._bridge.ask(f"{self._topic}-fresh", future, joined, None)

    def _committed(self, changes: ChangeSet) -> None:
        if self.customer is not None and self._concerns(changes):
            self.refresh()

    def _concerns(self, changes: ChangeSet) -> bool:
        if self.customer in changes.customers or self.case in changes.cases:
            return True
        return self._named.meets(changes)


@dataclass(slots=True)
class _Named:
    """The cases, customers' identities and wishes that were ever shown of a customer.

    Kept up with every page, because asking ten thousand rows at every commit would be felt. What
    is gone stays in: at worst a page is read once too often.
    """

    cases: set[CaseId] = field(default_factory=set)
    identities: set[IdentityId] = field(default_factory=set)
    wishes: set[OutboxId] = field(default_factory=set)

    def add(self, items: Iterable[TimelineItem]) -> None:
        for item in items:
            match item:
                case InteractionItem(party=party, case=case):
                    self.identities.update([party] if party is not None else ())
                    self.cases.update([case] if case is not None else ())
                case EventItem(case=case):
                    self.cases.add(case)
                case OutboxEntry(item=wish):
                    self.wishes.add(wish.id)

    def meets(self, changes: ChangeSet) -> bool:
        """Whether a commit names any of them."""
        return not (
            self.cases.isdisjoint(changes.cases)
            and self.identities.isdisjoint(changes.identities)
            and self.wishes.isdisjoint(changes.outbox)
        )


def _belonging(items: Iterable[TimelineItem]) -> set[tuple[EventId, bool]]:
    """The decisions about who the customer is that are among these rows."""
    return {
        (item.event.id, item.undone)
        for item in items
        if isinstance(item, EventItem) and item.event.type in _BELONGING
    }
