"""How wide each column of the window may be, and what gives way first.

Plain numbers at a text size of 1; whoever asks scales them, since columns grow with the text.
"""

from __future__ import annotations

from app.domain.records import dataclass

DRAWER_BELOW = 1240
NARROW_BELOW = 1010
"""What sidebar, list and timeline take at the least, with the lines between them."""
FOLDED_BELOW = 900
SIDEBAR, SIDEBAR_LEAST, SIDEBAR_ICONS = 248, 208, 56
LIST, LIST_LEAST, LIST_MOST = 332, 280, 420
PANEL, PANEL_LEAST = 300, 270
TIMELINE_LEAST = 480
_LINES = 2
"""The hairlines beside the timeline; the sidebar’s own is a part of it."""


@dataclass(frozen=True, slots=True)
class Room:
    """``list_width`` is where sidebar and list are not folded; ``panel`` also that of a drawer."""

    sidebar: float
    list_width: float
    panel: float
    is_narrow: bool
    is_folded: bool
    is_drawer: bool


def room_for(width: float, list_wanted: float = LIST) -> Room:
    """Share out a width in pixels of a text size of 1.

    The timeline has what it needs first. Then the list gives way down to its least; then sidebar
    and panel together, as far as they reach at 1240, where the panel becomes a drawer.
    """
    wanted = min(LIST_MOST, max(LIST_LEAST, list_wanted))
    is_drawer, is_narrow = width < DRAWER_BELOW, width < NARROW_BELOW
    sidebar: float = SIDEBAR_ICONS if is_narrow else SIDEBAR
    panel: float = PANEL
    left = width - TIMELINE_LEAST - _LINES - sidebar - (0 if is_drawer else panel)
    if left < LIST_LEAST and not is_drawer:
        can_give = SIDEBAR - SIDEBAR_LEAST + PANEL - PANEL_LEAST
        share = min(1.0, (LIST_LEAST - left) / can_give)
        sidebar -= share * (SIDEBAR - SIDEBAR_LEAST)
        panel -= share * (PANEL - PANEL_LEAST)
    list_width = min(wanted, max(LIST_LEAST, left))
    return Room(sidebar, list_width, panel, is_narrow, width < FOLDED_BELOW, is_drawer)
