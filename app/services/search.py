"""Search over everything the workspace holds."""

from __future__ import annotations

import threading
from concurrent.futures import Future

from app.domain.bounds import UNBOUND, Bounds
from app.domain.changes import ChangeSet
from app.domain.clock import Clock, to_ms
from app.domain.ids import InteractionKey
from app.domain.views import SearchResults, SearchScope
from app.store import searching
from app.store.database import Connection, Workspace
from app.store.within import within


class Search:
    """Keeps the total at hand, which would take a scan to count at every key press."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace = workspace
        self._clock = clock
        self._lock = threading.Lock()
        self._total: int | None = None
        workspace.on_commit(self._committed)

    def find(
        self,
        query: str,
        *,
        scope: SearchScope = SearchScope.EVERYTHING,
        before: InteractionKey | None = None,
        limit: int = 50,
        bounds: Bounds = UNBOUND,
    ) -> Future[SearchResults]:
        """All words must occur, the last may be unfinished; “quoted words” stand in this order."""
        inside = within(bounds, to_ms(self._clock.now()))

        def look(conn: Connection) -> SearchResults:
            return searching.find(
                conn,
                query,
                scope=scope,
                before=before,
                limit=limit,
                total=self._count(conn),
                within=inside,
            )

        return self._workspace.read(look)

    def _count(self, conn: Connection) -> int:
        with self._lock:
            held = self._total
        if held is None:
            held = searching.total_interactions(conn)
            with self._lock:
                self._total = held
        return held

    def _committed(self, changes: ChangeSet) -> None:
        if changes.interactions:
            with self._lock:
                self._total = None
