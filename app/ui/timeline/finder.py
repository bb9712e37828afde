"""Going to a seam, a day, a month or a search hit, also where it is not loaded yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from app.domain.ids import CaseId, InteractionKey, key_ms
from app.domain.views import InteractionItem
from app.ui.lock_place import Reading
from app.ui.models.timeline_model import TimelineModel
from app.ui.timeline.canvas import TimelineCanvas
from app.ui.timeline.entries import Shape
from app.ui.timeline.loader import TimelineLoader


class Finder:
    """Looks through what is loaded; what lies further back is read until it is found.

    A search outlives the pages it waits for: whoever hears of a page calls ``go_on``.
    """

    def __init__(
        self, model: TimelineModel, canvas: TimelineCanvas, loader: TimelineLoader
    ) -> None:
        self._model = model
        self._canvas = canvas
        self._loader = loader
        self._look: Callable[[], bool] | None = None

    def forget(self) -> None:
        """Search no further."""
        self._look = None

    def go_on(self) -> None:
        """Look again, and ask for older rows when that was in vain."""
        if self._look is None or self._look() or not self._loader.has_older:
            self._look = None
        else:
            self._loader.want_older(far=True)

    # What can be gone to

    def next_seam(self) -> None:
        self._forward(self._is_seam)

    def previous_seam(self) -> None:
        self._back(self._is_seam)

    def next_day(self) -> None:
        self._forward(self._begins_day)

    def previous_day(self) -> None:
        self._back(self._begins_day)

    def record(self, key: InteractionKey | str) -> None:
        """An interaction by its number, or any row by its key."""
        wanted = f"i{key}" if isinstance(key, int) else key
        since_ms = key_ms(key) if isinstance(key, int) else 0

        def look() -> bool:
            row = self._model.row_of(wanted)
            if row < 0:
                row = self._row_of_stage(key)
            if row >= 0:
                self._canvas.go_to(row, at_top=True)
            oldest = self._model.entry(0).at_ms if len(self._model) else 0
            return row >= 0 or oldest < since_ms - 1000

        self._start(look)

    def _row_of_stage(self, key: InteractionKey | str) -> int:
        """The row of a mailing that a stage of it stands in."""
        for row, entry in enumerate(self._model.entries):
            pips = entry.item.pips if isinstance(entry.item, InteractionItem) else ()
            if any(pip.key == key for pip in pips):
                return row
        return -1

    def place(self, reading: Reading) -> None:
        """A row where it stood in the view before."""

        def look() -> bool:
            row = self._model.row_of(reading.key)
            if row >= 0:
                self._canvas.put(row, reading.y)
            oldest = self._model.entry(0).at_ms if len(self._model) else 0
            return row >= 0 or oldest < reading.at_ms - 1000

        self._start(look)

    def month(self, year: int, month: int) -> None:
        """The first record of a month, or the first one after it."""
        since_ms = month_begins(year, month)

        def look() -> bool:
            entries = self._model.entries
            if not entries or (entries[0].at_ms >= since_ms and self._loader.has_older):
                return False
            row = next((r for r, e in enumerate(entries) if e.at_ms >= since_ms), len(entries) - 1)
            self._canvas.go_to(row, at_top=True)
            return True

        self._start(look)

    def case(self, case: CaseId | None) -> None:
        """The newest record of a case, unless it is in sight or something else is sought."""

        def look() -> bool:
            rows = reversed(range(len(self._model)))
            row = next((row for row in rows if self._model.entry(row).case == case), -1)
            if row >= 0 and not self._canvas.first_visible() <= row <= self._canvas.last_visible():
                self._canvas.scrollTo(self._model.index(row))
            return row >= 0

        if case is not None and self._look is None:
            self._start(look)

    # How

    def _start(self, look: Callable[[], bool]) -> None:
        self._look = look
        if not self._loader.is_loading:
            self.go_on()

    def _forward(self, fits: Callable[[int], bool]) -> None:
        for row in range(self._reading_row() + 1, len(self._model)):
            if fits(row):
                self._canvas.go_to(row)
                return

    def _back(self, fits: Callable[[int], bool]) -> None:
        start = self._reading_row()
        key = self._model.entry(start).key if len(self._model) else ""

        def look() -> bool:
            for row in range(self._model.row_of(key) - 1, -1, -1):
                # A day begins at the first row only if nothing older is waiting to be read.
                if fits(row) and (row or not self._loader.has_older):
                    self._canvas.go_to(row)
                    return True
            return False

        self._start(look)

    def _reading_row(self) -> int:
        """The current row while it is in sight, else the first one that is."""
        current = self._canvas.currentIndex().row()
        first, last = self._canvas.first_visible(), self._canvas.last_visible()
        return current if first <= current <= last else max(0, first)

    def _is_seam(self, row: int) -> bool:
        return self._model.entry(row).shape is Shape.SEAM

    def _begins_day(self, row: int) -> bool:
        return row == 0 or self._model.entry(row - 1).day != self._model.entry(row).day


def month_begins(year: int, month: int) -> int:
    """Milliseconds since 1970 of a month's first moment, in UTC as months are counted."""
    return int(datetime(year, month, 1, tzinfo=UTC).timestamp() * 1000)
