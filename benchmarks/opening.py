"""From the key to the painted timeline: the customer with the most interactions, and usual ones."""

from __future__ import annotations

import statistics
import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy

from app.domain.ids import CustomerId
from app.domain.views import QueueName, QueueRef, QueueSort
from app.ui.models.case_list_model import CaseListModel
from app.ui.timeline.loader import FIRST_PAGE
from benchmarks.crowd import Crowd
from benchmarks.measure import Measure, report
from benchmarks.screen import FRAME_MS, Screen, Took, console, named, report_frames

_TIMES = 100
_FAVOURITE = "Customer 0"


def run(size: Crowd) -> None:
    """Report going to the favourite and to their neighbour in the list, back and forth."""
    with console(size) as screen:
        favourite = beside_the_favourite(screen)
        there, back = [], []
        for _ in range(_TIMES):
            there.append(_step(screen, Qt.Key.Key_J))
            assert screen.window.desk.timeline.customer == favourite
            back.append(_step(screen, Qt.Key.Key_K))
        report_frames(
            f"open a customer with {size.interactions // 100:,} interactions, key to painted",
            there,
            FRAME_MS,
        )
        report_frames("open another customer, key to painted", back, FRAME_MS)
        _asked_and_answered(screen, favourite)


def beside_the_favourite(screen: Screen) -> CustomerId:
    """Stand on the row above theirs; they write so often that they are among the newest."""
    window = screen.window
    window.case_list.loader.sort = QueueSort.NEWEST
    window.go(QueueRef(QueueName.ALL))
    screen.rest(500)
    model, loader = window.case_list.model, window.case_list.loader
    while (place := _place_of_favourite(model)) is None:
        if not model.more:
            raise RuntimeError(f"{_FAVOURITE} is in no open case")
        loader.next_page()
        screen.rest()
    window.case_list.select_case(model.rows()[place - 1].case)
    screen.rest(500)
    return model.rows()[place].customer


def _place_of_favourite(model: CaseListModel) -> int | None:
    """A row with another above it."""
    return next((n for n, row in enumerate(model.rows()) if n and row.name == _FAVOURITE), None)


def _step(screen: Screen, key: Qt.Key) -> Took:
    timeline = screen.window.desk.timeline
    before = timeline.customer
    came = QSignalSpy(timeline.model.modelReset)

    def shown() -> bool:
        return came.count() > 0 and timeline.customer != before

    took = screen.key(key, paints=timeline.canvas.viewport(), shows=shown)
    screen.rest()
    return took


def _asked_and_answered(screen: Screen, customer: CustomerId) -> None:
    """The newest page of the favourite’s timeline as the window asks for it: both ways between the
    threads, decisions, wishes and moods included. What has a target is the query alone, in
    ``favourite``."""
    timelines = screen.container.services.timelines
    times = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        timelines.page(customer, limit=FIRST_PAGE).result()
        times.append((time.perf_counter() - began) * 1000)
    name = named("the first page of that customer, asked and answered")
    report(Measure(name, round(statistics.median(times), 2), "ms", ""))
