"""Queues and their counts, for the agent who sits here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from app.domain.clock import Clock, to_ms
from app.domain.events import Event
from app.domain.ids import CaseId
from app.domain.narrowing import EVERYTHING, Narrowing
from app.domain.records import dataclass
from app.domain.views import (
    CasePage,
    CaseRow,
    OutboxEntry,
    QueueCounts,
    QueueFilter,
    QueueRef,
    QueueSort,
)
from app.services.futures import then
from app.services.known import Known
from app.store import queues
from app.store.queue_choice import Wanted

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Departure:
    """Why a case is not in its queue any more: the last decision that moved it.

    ``row``  as it is now; None where it is no case any more.
    ``own``  whether whoever sits here decided so, by going on leave too.
    ``by``   the name of who did, "" for a rule; ``to`` that of the agent or the department that
             has it now by this decision, "" where it gave it to none.
    """

    row: CaseRow | None
    event: Event
    own: bool
    by: str
    to: str


class Readable(Protocol):
    """A workspace as far as it can be read; the first look at one is no more."""

    def read(self, op: Callable[[Any], T]) -> Future[T]:
        """Run ``op`` on a thread that owns a connection, which it is given."""
        ...


class Queues:
    def __init__(self, workspace: Readable, directory: Known, clock: Clock) -> None:
        self._workspace = workspace
        self._directory = directory
        self._clock = clock

    def counts(self) -> Future[QueueCounts]:
        """Every number of the sidebar."""
        me = self._directory.me()
        departments = tuple(d.id for d in self._directory.departments())
        return self._workspace.read(
            lambda conn: queues.counts(conn, me=me.id, mine=me.department, departments=departments)
        )

    def page(
        self,
        queue: QueueRef,
        *,
        filter: QueueFilter = QueueFilter.ALL,  # noqa: A002 - the word on the screen
        narrowing: Narrowing = EVERYTHING,
        sort: QueueSort = QueueSort.DEADLINE,
        after: tuple[int, int] | None = None,
        limit: int = 50,
    ) -> Future[CasePage]:
        """A page of cases; ``after`` is the cursor of the last row of the page before."""
        wanted = self._wanted(queue, filter, narrowing)
        return self._workspace.read(
            lambda conn: queues.page(conn, wanted, sort=sort, after=after, limit=limit)
        )

    def everything(
        self,
        queue: QueueRef,
        *,
        filter: QueueFilter = QueueFilter.ALL,  # noqa: A002 - the word on the screen
        narrowing: Narrowing = EVERYTHING,
        sort: QueueSort = QueueSort.DEADLINE,
    ) -> Future[tuple[CaseId, ...]]:
        """All cases of a queue, in its order."""
        wanted = self._wanted(queue, filter, narrowing)
        return self._workspace.read(lambda conn: queues.everything(conn, wanted, sort=sort))

    def _wanted(self, queue: QueueRef, chosen: QueueFilter, narrowing: Narrowing) -> Wanted:
        me = self._directory.me()
        now_ms = to_ms(self._clock.now())
        return Wanted(queue, me.id, me.department, now_ms, chosen, narrowing)

    def languages(self) -> Future[tuple[str, ...]]:
        """What open cases are written in, the most frequent first."""
        return self._workspace.read(queues.languages)

    def rows(self, cases: Iterable[CaseId]) -> Future[tuple[CaseRow, ...]]:
        """The present rows of just these cases, whatever queue they are in now."""
        wanted = tuple(cases)
        return self._workspace.read(lambda conn: queues.rows(conn, wanted))

    def departure(self, case: CaseId) -> Future[Departure | None]:
        """Why it has left the queue it was in; None for a case that is not there."""
        from app.store.departures import last_move  # a first look does without

        me = self._directory.me().id

        def look(conn: Any) -> Departure | None:
            event = last_move(conn, case)
            if event is None:
                return None
            row = next(iter(queues.rows(conn, (case,))), None)
            own = me in (event.agent, event.data.get("away"))
            by, to = self._directory.name_of(event.agent), self._given_to(event)
            return Departure(row, event, own, by, to)

        return self._workspace.read(look)

    def _given_to(self, event: Event) -> str:
        agent = event.data.get("assignee")
        if agent:
            return self._directory.name_of(agent)
        to = event.data.get("to") or event.data.get("department")
        return next((one.name for one in self._directory.departments() if one.id == to), "")

    def outbox(self) -> Future[tuple[OutboxEntry, ...]]:
        """All that has not left: what needs an agent first, then in the order it will leave."""
        from app.store import wishes  # brings the whole database; a first look does without

        return then(
            self._workspace.read(wishes.entries),
            lambda entries: tuple(
                replace(entry, agent_name=self._directory.name_of(entry.item.agent))
                for entry in entries
            ),
        )
