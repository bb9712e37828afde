"""Fills a case list from a queue: first page, further pages, and refreshes after commits."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from app.domain.changes import ChangeSet
from app.domain.errors import SeamlineError
from app.domain.ids import CaseId, EventId
from app.domain.narrowing import EVERYTHING, Narrowing
from app.domain.saved_views import Shown
from app.domain.views import CasePage, CaseRow, QueueFilter, QueueRef, QueueSort
from app.services.futures import then
from app.ui.bridge import UiBridge
from app.ui.models.case_list_model import CaseListModel

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.services.queues import Departure, Queues

PAGE_ROWS = 50
_TOPIC = "queue"
_NEXT = "queue-next"
_SLOW_MS = 120
_RESTS = 4
"""After a refresh commits wait so many times as long as it took: while an import runs, a list that
was scrolled far down would otherwise be read again without a pause, and everything else with it
stand still."""
_LONGEST_REST_MS = 2_000


class AfterLeaving(StrEnum):
    """What follows when the reader makes the case leave its queue. The words are kept in
    settings."""

    NEXT = "next"
    STAY = "stay"
    LIST = "list"


class _How(TypedDict):
    filter: QueueFilter
    narrowing: Narrowing
    sort: QueueSort


class QueueLoader(QObject):
    """``loaded`` after the first page of a queue and ``loading`` before it, ``refreshed`` after any
    later change and ``refreshing`` before it; ``slow`` when a first page takes longer than one
    notices; ``left`` when the case being read is about to leave and nothing is to follow it;
    ``moved`` (a Departure) when somebody else moved it, once for each time they do: then it stays.

    At most one question is open at a time: commits that come meanwhile ask once more after it.
    """

    loading = Signal()
    loaded = Signal()
    refreshing = Signal()
    refreshed = Signal()
    left = Signal()
    moved = Signal(object)
    slow = Signal()

    def __init__(
        self, queues: Queues, bridge: UiBridge, model: CaseListModel, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._queues = queues
        self._bridge = bridge
        self._model = model
        self.queue: QueueRef | None = None
        self.filter = QueueFilter.ALL
        self.narrowing = EVERYTHING
        self.sort = QueueSort.DEADLINE
        self.kept: CaseId | None = None
        """The case being read: under a filter it stays in the list when it stops to fit, or
        reading the unread would take away row after row from under the reader."""
        self._busy = False
        self._dirty = False
        self._fetching_next = False
        self.after = AfterLeaving.NEXT
        self.stayed = False
        """Whether the case being read is shown though it has left the queue."""
        self._told: EventId | None = None
        self._slow = QTimer(self, singleShot=True, interval=_SLOW_MS)
        self._slow.timeout.connect(self.slow)
        self._asked = QElapsedTimer()
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._rested)

    def open(self, queue: QueueRef) -> None:
        """Show a queue from its start."""
        self.queue = queue
        self._reload()

    def set_filter(self, chosen: QueueFilter) -> None:
        self.filter = chosen
        self._reload()

    def set_narrowing(self, narrowing: Narrowing) -> None:
        self.narrowing = narrowing
        self._reload()

    @property
    def shows(self) -> Shown | None:
        """What is shown, to be kept as a view."""
        if self.queue is None:
            return None
        return Shown(self.queue, self.filter, self.narrowing, self.sort)

    @property
    def is_reading(self) -> bool:
        """Whether rows that were asked for have not come yet."""
        return self._busy

    @property
    def is_filtered(self) -> bool:
        return self.filter is not QueueFilter.ALL or bool(self.narrowing)

    def _how(self) -> _How:
        return {"filter": self.filter, "narrowing": self.narrowing, "sort": self.sort}

    def set_sort(self, sort: QueueSort) -> None:
        self.sort = sort
        self._reload()

    def changed(self, changes: ChangeSet) -> None:
        """Something was committed; asks again when it can concern a queue."""
        if changes.cases or changes.identities or changes.customers or changes.outbox:
            if self._rest.isActive():
                self._dirty = True
            else:
                self.refresh()

    def refresh(self) -> None:
        """Read again everything that is loaded, and show the difference."""
        if self.queue is None:
            return
        if self._busy:
            self._dirty = True
            return
        self._busy = True
        self._dirty = False
        self._asked.start()
        self._ask_again(max(PAGE_ROWS, self._model.rowCount()), last=False)

    def _ask_again(self, limit: int, *, last: bool) -> None:
        if self.queue is not None:
            page = self._queues.page(self.queue, **self._how(), limit=limit)
            future = then(page, partial(_recognised, {row.case: row for row in self._model.rows()}))
            shown = partial(self._show_refresh, limit=limit, last=last)
            self._bridge.ask(_TOPIC, future, shown, self._failed)

    def everything(self) -> Future[tuple[CaseId, ...]] | None:
        """All cases of what is shown, in its order; None while nothing is."""
        if self.queue is None:
            return None
        return self._queues.everything(self.queue, **self._how())

    def next_page(self) -> None:
        """Read the rows after the last one loaded."""
        cursor = self._model.cursor
        if self.queue is None or self._fetching_next or not self._model.more or cursor is None:
            return
        self._fetching_next = True
        future = self._queues.page(self.queue, **self._how(), after=cursor, limit=PAGE_ROWS)
        self._bridge.ask(_NEXT, future, self._show_next)

    def _reload(self) -> None:
        if self.queue is None:
            return
        self._busy = True
        self._dirty = False
        self._fetching_next = False
        self._bridge.forget(_NEXT)
        self.kept = None
        self._slow.start()
        future = self._queues.page(self.queue, **self._how(), limit=PAGE_ROWS)
        self._bridge.ask(_TOPIC, future, self._show_first, self._failed)

    def _failed(self, error: SeamlineError) -> None:
        """What was shown before is shown again, and the error is told."""
        self._slow.stop()
        self._bridge.failed.emit(error)
        self.refreshed.emit()
        self._busy = self._dirty = False

    def _show_first(self, page: CasePage) -> None:
        self._slow.stop()
        self.loading.emit()
        self._model.show_page(page)
        self.loaded.emit()
        self._settle()

    def _show_refresh(self, page: CasePage, *, limit: int, last: bool) -> None:
        missing = self._kept_row() is not None and all(row.case != self.kept for row in page.rows)
        self.stayed = False
        if missing and page.more and not last:
            # It has left, or what came before it has pushed it beyond what was asked for.
            self._ask_again(limit + PAGE_ROWS, last=True)
            return
        if missing and self.kept is not None and not self.is_filtered:
            why = self._queues.departure(self.kept)
            self._bridge.ask(_TOPIC, why, partial(self._show_departure, page), self._failed)
            return
        self._become(self._with_kept(page))

    def _show_departure(self, page: CasePage, departure: Departure | None) -> None:
        """The reader goes on by what they did themselves; what others do leaves them where they
        are, with the case as it is now."""
        found = self._kept_row()
        if departure is None or departure.row is None or departure.row.case != self.kept:
            self._become(page)
            return
        if departure.own and self.after is not AfterLeaving.STAY:
            if self.after is AfterLeaving.LIST:
                self.left.emit()
        elif found is not None:
            rows = list(page.rows)
            rows.insert(min(found[0], len(rows)), departure.row)
            page = replace(page, rows=tuple(rows))
            self.stayed = True
            if not departure.own and departure.event.id != self._told:
                self._told = departure.event.id
                self.moved.emit(departure)
        self._become(page)

    def _become(self, page: CasePage) -> None:
        self.refreshing.emit()
        self._model.show_page(page)
        self.refreshed.emit()
        self._busy = False
        self._rest.start(min(_LONGEST_REST_MS, _RESTS * self._asked.elapsed()))

    def _rested(self) -> None:
        if self._dirty:
            self.refresh()

    def _settle(self) -> None:
        self._busy = False
        if self._dirty:
            self.refresh()

    def _show_next(self, page: CasePage) -> None:
        self._fetching_next = False
        self._model.append_page(page)
        self.refreshed.emit()

    def _with_kept(self, page: CasePage) -> CasePage:
        if not self.is_filtered or self.kept is None:
            return page
        if any(row.case == self.kept for row in page.rows):
            return page
        found = self._kept_row()
        if found is None:
            return page
        place, row = found
        rows = list(page.rows)
        rows.insert(min(place, len(rows)), replace(row, unread=False))
        return replace(page, rows=tuple(rows))

    def _kept_row(self) -> tuple[int, CaseRow] | None:
        for place, row in enumerate(self._model.rows()):
            if row.case == self.kept:
                return place, row
        return None


def _recognised(shown: Mapping[CaseId, CaseRow], page: CasePage) -> CasePage:
    """The page with the very rows that are shown wherever nothing is different.

    Hundreds of rows are compared on the thread that read them; on the main one a look at whether
    they are the same is enough.
    """
    rows = []
    for row in page.rows:
        before = shown.get(row.case)
        rows.append(before if before is not None and before == row else row)
    return replace(page, rows=tuple(rows))
