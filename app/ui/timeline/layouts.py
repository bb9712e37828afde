"""The rows that were laid out lately, so that scrolling past them again costs nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from app.domain.views import InteractionItem, Revision
from app.ui.theme import formats
from app.ui.timeline.drawing import RowLayout
from app.ui.timeline.entries import Entry, Shape
from app.ui.timeline.frame import Frame
from app.ui.timeline.gallery import Gallery, Plan
from app.ui.timeline.names import Names
from app.ui.timeline.rows import lay_out
from app.ui.timeline.wording import seconds_left

_MOST = 600
"""Rows kept: some fifty screens, at roughly 8 KB each."""

TICKING = (Shape.WAITING, Shape.WISH)
"""The shapes of what is about to leave, which may count down."""

_Signature = tuple[int, int, str, bool, int, int, Plan | None]


class RowLayouts:
    """Least recently used row layouts, by key and everything the layout depends on.

    Fonts and pixel ratio are not part of the question: whoever changes them calls ``clear``.
    """

    def __init__(self, now_ms: Callable[[], int]) -> None:
        self.names = Names()
        self.gallery: Gallery | None = None
        self.unfolded: set[str] = set()
        self.earlier: dict[str, tuple[Revision, ...]] = {}
        """The earlier texts of the rows that show them."""
        self._now_ms = now_ms
        self._kept: OrderedDict[str, tuple[_Signature, RowLayout]] = OrderedDict()

    def clear(self) -> None:
        self._kept.clear()

    def get(self, entry: Entry, before: Entry | None, width: int) -> tuple[RowLayout, bool]:
        """The layout of a row standing under ``before``, and whether it had to be made."""
        now = self._now_ms()
        starts = before is None or before.day != entry.day
        day = formats.day_label(entry.at_ms, now) if starts else ""
        unfolded = entry.key in self.unfolded
        earlier = self.earlier.get(entry.key, ())
        plan = self._plan(entry)
        signature = (entry.revision, width, day, unfolded, len(earlier), ticks(entry, now), plan)
        kept = self._kept.get(entry.key)
        if kept is not None and kept[0] == signature:
            self._kept.move_to_end(entry.key)
            return kept[1], False
        frame = Frame(self.names, width, now, unfolded, earlier, self.gallery)
        layout = lay_out(entry, frame, day)
        self._kept[entry.key] = (signature, layout)
        self._kept.move_to_end(entry.key)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return layout, True

    def _plan(self, entry: Entry) -> Plan | None:
        if self.gallery is None or not isinstance(entry.item, InteractionItem):
            return None
        return self.gallery.plan(entry.item) if entry.item.media else None


def ticks(entry: Entry, now_ms: int) -> int:
    """The seconds a waiting row counts down; 0 for everything that stands still."""
    if entry.shape not in TICKING:
        return 0
    return seconds_left(entry.item.item, now_ms)  # type: ignore[union-attr]  # the shape tells
