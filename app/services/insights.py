"""Measures of the work, as far as there are any: since when they can be taken."""

from __future__ import annotations

from concurrent.futures import Future

from app.domain.insights import Beginnings
from app.services.futures import aside
from app.services.match_preview import SurePairs, sure_pairs
from app.store import beginnings
from app.store.database import Workspace
from app.store.sent_lately import Sent, sent_since


class Insights:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def beginnings(self) -> Future[Beginnings]:
        """Since when the workspace holds interactions, cases and hand-offs."""
        return self._workspace.read(beginnings.beginnings)

    def sure_pairs(self) -> Future[SurePairs]:
        """The pairs of customers that may be one person, as far as matching is nearly sure; on a
        thread of its own."""
        return aside(lambda: sure_pairs(self._workspace), "sure-pairs")

    def sent_since(self, since_ms: int) -> Future[tuple[Sent, ...]]:
        """How many replies were written here since then, by whom and from which account."""
        return self._workspace.read(lambda conn: sent_since(conn, since_ms))
