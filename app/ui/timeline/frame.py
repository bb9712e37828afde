"""Where things stand in a row: the metrics of the timeline, in logical pixels."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from app.domain.records import dataclass
from app.domain.views import Revision
from app.ui.theme import theme
from app.ui.timeline.gallery import Gallery
from app.ui.timeline.names import Names

THREAD_X: Final = 30
CONTENT_X: Final = 58
RIGHT_PAD: Final = 8
GAP: Final = 8
SEAM_GAP: Final = 10
SEAM_UNDER: Final = 2
DAY_HEIGHT: Final = 18
BUBBLE_MOST: Final = 396
BUBBLE_SHARE: Final = 0.72
NOTE_MOST: Final = 430
QUOTE_MOST: Final = 400
AVATAR: Final = 30
SMALL_AVATAR: Final = 22


@dataclass(frozen=True, slots=True)
class Frame:
    """What a row is laid out for: the width of the pane, the moment, and what is unfolded.

    ``earlier`` are the texts a message had before, when they are to be shown; without a
    ``gallery`` pictures are only named.
    """

    names: Names
    width: int
    now_ms: int
    unfolded: bool = False
    earlier: tuple[Revision, ...] = ()
    gallery: Gallery | None = None

    @property
    def right(self) -> int:
        return self.width - RIGHT_PAD

    @property
    def content(self) -> int:
        """The room right of the thread; never less than one short word needs."""
        return max(120, self.right - CONTENT_X)

    @property
    def bubble(self) -> int:
        """The widest a bubble may be: 396, or 72 % of a wide pane, or what there is."""
        return _bubble(self.content, theme().scaled(BUBBLE_MOST))

    @property
    def note(self) -> int:
        return min(theme().scaled(NOTE_MOST), self.content)

    @property
    def quote(self) -> int:
        return min(theme().scaled(QUOTE_MOST), self.content)


@lru_cache(maxsize=16)
def _bubble(content: int, most: int) -> int:
    return round(min(content, max(most, content * BUBBLE_SHARE)))
