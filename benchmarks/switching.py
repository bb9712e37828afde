"""From the key to the painted list: one queue after another, the count in its head included."""

from __future__ import annotations

import statistics
import time

from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest

from app.domain.views import QueueName, QueueRef
from benchmarks.crowd import Crowd
from benchmarks.measure import Measure, report
from benchmarks.screen import FRAME_MS, Screen, Took, console, named, report_frames

_ROUNDS = 34
_MINE = 60
_KEYS = (
    (Qt.Key.Key_U, QueueName.UNASSIGNED),
    (Qt.Key.Key_W, QueueName.MY_WORK),
    (Qt.Key.Key_S, QueueName.SNOOZED),
)


def run(size: Crowd) -> None:
    """Report going from queue to queue by G and a letter: a long one, a short one, an empty one."""
    with console(size) as screen:
        _take_some(screen)
        took = [_go(screen, key, name) for _ in range(_ROUNDS) for key, name in _KEYS]
        report_frames("switch queue, key to painted with its count", took, FRAME_MS)
        _counts(screen)


def _take_some(screen: Screen) -> None:
    """An agent has work of their own."""
    services = screen.container.services
    me = services.directory.me()
    page = services.queues.page(QueueRef(QueueName.UNASSIGNED), limit=_MINE).result()
    for row in page.rows:
        services.cases.assign(row.case, me.id).result()
    screen.rest(1_000)


def _go(screen: Screen, key: Qt.Key, name: QueueName) -> Took:
    pane = screen.window.case_list
    QTest.keyClick(pane.rows, Qt.Key.Key_G)
    screen.rest()
    loaded = QSignalSpy(pane.loader.loaded)

    def shown() -> bool:
        return screen.window.queue.name is name and loaded.count() > 0

    widget = pane.rows.viewport() if name is not QueueName.SNOOZED else pane
    took = screen.key(key, paints=widget, shows=shown, at=pane.rows)
    screen.rest(300)
    return took


def _counts(screen: Screen) -> None:
    """All numbers of the sidebar, read anew: what a commit costs the thread that reads."""
    queues = screen.container.services.queues
    times = []
    for _ in range(100):
        began = time.perf_counter()
        queues.counts().result()
        times.append((time.perf_counter() - began) * 1000)
    value = statistics.median(times)
    report(
        Measure(named("all counts of the sidebar, query"), round(value, 2), "ms",
                f"a frame lasts {FRAME_MS} ms", round(value / FRAME_MS, 2), 1.0, value <= FRAME_MS)
    )  # fmt: skip
