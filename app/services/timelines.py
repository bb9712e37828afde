"""The one timeline of a customer, with the names of those who decided."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace

from app.domain.clock import Clock, to_ms
from app.domain.excerpt import WHOLE, Excerpt
from app.domain.ids import ConversationId, CustomerId, InteractionKey
from app.domain.views import (
    EventItem,
    InteractionItem,
    MonthCount,
    OutboxEntry,
    Revision,
    TimelineItem,
    TimelinePage,
)
from app.services.directory import Directory
from app.services.futures import then
from app.services.mood import with_moods
from app.store import timelines
from app.store.database import Connection, Workspace


class Timelines:
    def __init__(self, workspace: Workspace, directory: Directory, clock: Clock) -> None:
        self._workspace = workspace
        self._directory = directory
        self._clock = clock

    def page(
        self,
        customer: CustomerId,
        *,
        before: int | None = None,
        limit: int = 60,
        excerpt: Excerpt = WHOLE,
    ) -> Future[TimelinePage]:
        """Up to ``limit`` interactions older than ``before``, and all decisions among them, as far
        as the ``excerpt`` shows them."""
        read = self._workspace.read(
            lambda conn: _felt(
                conn,
                timelines.page(conn, customer, before=before, limit=limit, excerpt=excerpt),
            )
        )
        return then(read, self._named)

    def around(
        self, customer: CustomerId, key: InteractionKey, limit: int = 60
    ) -> Future[TimelinePage]:
        """A page that holds ``key`` with something after it."""
        read = self._workspace.read(
            lambda conn: _felt(conn, timelines.around(conn, customer, key, limit))
        )
        return then(read, self._named)

    def months(
        self, customer: CustomerId, excerpt: Excerpt = WHOLE
    ) -> Future[tuple[MonthCount, ...]]:
        """All months with something in them, for the scrubber."""
        now_ms = to_ms(self._clock.now())
        return self._workspace.read(
            lambda conn: timelines.months(conn, customer, now_ms=now_ms, excerpt=excerpt)
        )

    def revisions(self, key: InteractionKey) -> Future[tuple[Revision, ...]]:
        """The earlier texts of an interaction that was edited, oldest first."""
        return self._workspace.read(lambda conn: timelines.revisions(conn, key))

    def conversation(self, conversation: ConversationId) -> Future[tuple[InteractionItem, ...]]:
        """A whole thread on its channel, whoever took part."""
        return self._workspace.read(lambda conn: timelines.conversation(conn, conversation))

    def _named(self, page: TimelinePage) -> TimelinePage:
        return replace(page, items=tuple(self._name(item) for item in page.items))

    def _name(self, item: TimelineItem) -> TimelineItem:
        if isinstance(item, EventItem):
            agent = self._directory.agent(item.event.agent)
            return replace(
                item,
                agent_name=agent.name if agent else str(item.event.agent),
                department=agent.department if agent else None,
            )
        if isinstance(item, OutboxEntry):
            return replace(item, agent_name=self._directory.name_of(item.item.agent))
        return item


def _felt(conn: Connection, page: TimelinePage) -> TimelinePage:
    """Judged where the page is read, so that no picture waits for it."""
    return replace(page, items=with_moods(conn, page.items))
