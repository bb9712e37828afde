"""Where an agent was when the console locked or closed, so that opening it leads back there.

Ids and numbers alone: nothing of what anybody wrote outlives the lock in it.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from app.domain.errors import SeamlineError
from app.domain.ids import CaseId, CustomerId, DepartmentId
from app.domain.records import dataclass
from app.domain.views import CaseView, QueueName, QueueRef

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
    """``reading`` None: at the newest message. ``insights``: they cover the conversation."""

    queue: QueueRef
    customer: CustomerId | None
    case: CaseId | None
    reading: Reading | None
    insights: bool = False


def place_of(window: ConsoleWindow) -> Place:
    """Where the window is now."""
    desk = window.desk
    reading = desk.timeline.reading()
    return Place(window.queue, desk.customer, desk.case, reading, window.insights.is_open)


def go_back(window: ConsoleWindow, place: Place) -> None:
    """Show the place in a window that has just started, and give the keyboard to the list."""
    window.go(place.queue, select=place.case)
    _read(window, place)


def _read(window: ConsoleWindow, place: Place) -> None:
    if place.customer is not None:
        if place.case is None:
            window.case_list.expect_case(None)  # the list that is being read begins with nothing
        window.desk.show_customer(place.customer, place.case)
        if place.reading is not None:
            window.desk.timeline.return_to(place.reading)
    if place.insights:
        window.insights.open()


def come_back(window: ConsoleWindow, place: Place) -> None:
    """The same at a new start, when what was there may be gone: then the queue alone is shown."""
    queue = place.queue
    if queue.department is not None:
        known = {department.id for department in window.services.directory.departments()}
        queue = queue if queue.department in known else window.queue
    if place.customer is None:
        _show_queue(window, queue, insights=place.insights)
        return
    window.go(queue, select=place.case)  # at once: whether they are still there takes longer
    alone = partial(_show_queue, window, queue, insights=place.insights)
    if place.case is None:
        window.case_list.expect_case(None)
        card = window.services.customers.card(place.customer)
        window.bridge.ask("place", card, lambda _there: _read(window, place), alone)
        return
    view = window.services.cases.view(place.case)
    window.bridge.ask("place", view, partial(_read_on, window, place), alone)


def written(place: Place) -> str:
    """To be kept inside the workspace; ``read_place`` reads it."""
    reading = place.reading
    return json.dumps(
        {
            "queue": [place.queue.name.value, place.queue.department, place.queue.view],
            "customer": place.customer,
            "case": place.case,
            "reading": [reading.key, reading.at_ms, reading.y] if reading else None,
            "insights": place.insights,
        }
    )


def read_place(text: str) -> Place | None:
    """None for what cannot be read."""
    try:
        kept: Any = json.loads(text)
        name, held_by, view = kept["queue"]
        department = None if held_by is None else DepartmentId(str(held_by))
        queue = QueueRef(QueueName(name), department, str(view))
        customer, case, reading = kept["customer"], kept["case"], kept["reading"]
        return Place(
            queue,
            None if customer is None else CustomerId(int(customer)),
            None if case is None else CaseId(int(case)),
            Reading(str(reading[0]), int(reading[1]), int(reading[2])) if reading else None,
            kept.get("insights") is True,
        )
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def _read_on(window: ConsoleWindow, place: Place, view: CaseView) -> None:
    """The case is still there, perhaps with another customer by now."""
    same = view.customer == place.customer
    reading = place.reading if same else None
    _read(window, Place(place.queue, view.customer, view.case, reading, place.insights))


def _show_queue(
    window: ConsoleWindow, queue: QueueRef, _gone: SeamlineError | None = None, *, insights: bool
) -> None:
    window.go(queue)
    if insights:
        window.insights.open()
