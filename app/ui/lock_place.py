"""Where an agent was when the console locked, so that unlocking leads back there.

Ids and numbers alone: nothing of what anybody wrote outlives the lock in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.ids import CaseId, CustomerId
from app.domain.views import QueueRef

if TYPE_CHECKING:  # imported when the first console is shown
    from app.ui.window import ConsoleWindow


@dataclass(frozen=True, slots=True)
class Reading:
    """The row of the timeline at the upper edge: its key, its time, where it begins in pixels."""

    key: str
    at_ms: int
    y: int


@dataclass(frozen=True, slots=True)
class Place:
    """``reading`` None: at the newest message."""

    queue: QueueRef
    customer: CustomerId | None
    case: CaseId | None
    reading: Reading | None


def place_of(window: ConsoleWindow) -> Place:
    """Where the window is now."""
    desk = window.desk
    return Place(window.queue, desk.customer, desk.case, desk.timeline.reading())


def go_back(window: ConsoleWindow, place: Place) -> None:
    """Show the place in a window that has just started, and give the keyboard to the list."""
    window.go(place.queue, select=place.case)
    if place.customer is not None:
        window.desk.show_customer(place.customer, place.case)
        if place.reading is not None:
            window.desk.timeline.return_to(place.reading)
