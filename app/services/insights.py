"""Measures of the work, as far as there are any: since when they can be taken."""

from __future__ import annotations

from concurrent.futures import Future

from app.domain.insights import Beginnings
from app.store import beginnings
from app.store.database import Workspace


class Insights:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def beginnings(self) -> Future[Beginnings]:
        """Since when the workspace holds interactions, cases and hand-offs."""
        return self._workspace.read(beginnings.beginnings)
