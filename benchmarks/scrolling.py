"""Frames of the timeline with 10,000 rows: what scrolling costs the main thread.

A frame is everything between a move of the scroll bar and the painted pane, measured in the
processor time of the main thread, because the machine is shared. The reference is the time a
screen of 120 Hz leaves for a frame.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Iterable

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

from PySide6.QtWidgets import QApplication

from app.ui.models.timeline_model import TimelineModel
from app.ui.theme.fonts import load_bundled
from app.ui.timeline.canvas import Content, TimelineCanvas
from app.ui.timeline.thread import Thread
from benchmarks.crowd import Crowd
from benchmarks.measure import Measure, report
from benchmarks.screen import named
from tests.ui import timeline_pages as pages

_ROWS = 10_000
_FRAME_MS = 8.3
_SIZE = (514, 700)
_NOTCH = 120


def run(_size: Crowd) -> None:
    """Report the 99th percentile of a frame for each way of scrolling."""
    application = QApplication.instance() or QApplication([])
    load_bundled()
    canvas = _canvas()
    application.processEvents()
    bar = canvas.verticalScrollBar()
    end = bar.maximum()
    some = random.Random(1)  # noqa: S311 - the same jumps at every run, nothing secret
    ways: dict[str, Iterable[int]] = {
        "up by the wheel, unseen rows": range(end, end - 300 * _NOTCH, -_NOTCH),
        "down by the wheel, seen rows": range(end - 300 * _NOTCH, end, _NOTCH),
        "fling, half a pane a frame": range(end, end - 200 * _SIZE[1] // 2, -_SIZE[1] // 2),
        "jumps anywhere": [some.randrange(end) for _ in range(200)],
    }
    for name, places in ways.items():
        times: list[float] = []
        for place in places:
            begun = time.thread_time()
            bar.setValue(place)
            application.processEvents()
            times.append((time.thread_time() - begun) * 1000)
        _report(named(f"timeline frame, {name}"), times)


def _canvas() -> TimelineCanvas:
    page = pages.long_page(_ROWS)
    model = TimelineModel(lambda: pages.NOW_MS)
    model.names = pages.NAMES
    canvas = TimelineCanvas(model, lambda: pages.NOW_MS)
    model.setParent(canvas)
    canvas.set_names(pages.NAMES)
    canvas.resize(*_SIZE)
    canvas.show()
    model.show(page.items)
    canvas.set_thread(Thread(page.holdings), begins=True)
    canvas.set_content(Content.ROWS)
    return canvas


def _report(name: str, times: list[float]) -> None:
    times.sort()
    worst = times[int(len(times) * 0.99) - 1]
    usual = statistics.median(times)
    reference = f"median {usual:.1f} ms; a frame at 120 Hz lasts {_FRAME_MS} ms"
    report(
        Measure(name, round(worst, 1), "ms at the 99th percentile", reference,
                round(worst / _FRAME_MS, 2), 1.0, worst <= _FRAME_MS)
    )  # fmt: skip
