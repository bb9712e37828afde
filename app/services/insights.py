"""Measures of the work, as far as there are any: since when they can be taken."""

from __future__ import annotations

from concurrent.futures import Future

from app.domain.insights import Beginnings
from app.store import beginnings
from app.store.database import Workspace
from app.store.sent_lately import Sent, sent_since


class Insights:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def beginnings(self) -> Future[Beginnings]:
        """Since when the workspace holds interactions, cases and hand-offs."""
        return self._workspace.read(beginnings.beginnings)

    def sent_since(self, since_ms: int) -> Future[tuple[Sent, ...]]:
        """How many replies were written here since then, by whom and from which account."""
        return self._workspace.read(lambda conn: sent_since(conn, since_ms))
