"""Whose hands the customer is in, moment by moment: the colour of the thread."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from app.domain.ids import DepartmentId
from app.domain.views import Holding


class Thread:
    """Which department holds the customer at a time; None when none does."""

    def __init__(self, holdings: Sequence[Holding] = ()) -> None:
        self._at = [holding.at_ms for holding in holdings]
        self._holders = [holding.department for holding in holdings]

    def holder(self, at_ms: int) -> DepartmentId | None:
        """Who holds the customer from this moment on."""
        place = bisect_right(self._at, at_ms)
        return self._holders[place - 1] if place else None
