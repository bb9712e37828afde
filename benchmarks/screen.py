"""The real console over a copy of the big workspace, and how long what a key shows takes.

A measure presses a key where the keyboard is and lets the event loop run until what the key asks
for stands in a widget and that widget has been painted and flushed. What counts is the wall without
the time in which the screen, or the thread it waits for, could have run but other programs held
every processor: Linux keeps account of that wait, and on an idle machine there is none.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from PySide6.QtCore import QDeadlineTimer, QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.container import Container, open_container
from app.domain.clock import StoryClock
from app.domain.departments import CARE
from app.ui.bridge import UiBridge
from app.ui.runtime import MainThreadCollector, prepare
from app.ui.window import ConsoleWindow
from benchmarks import million
from benchmarks.crowd import NOW, Crowd
from benchmarks.measure import Measure, report

FRAME_MS = 16.7
"""What a screen of 60 Hz leaves for a frame."""
_SIZE = (1440, 900)
_PATIENCE_S = 30
_NOTHING = Qt.KeyboardModifier.NoModifier


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds: of the wall, and how many of them were spent waiting for a processor."""

    wall: float
    queued: float

    @property
    def own(self) -> float:
        return self.wall - self.queued


class Stopwatch:
    """Runs since it was made, or since a moment of ``time.perf_counter``."""

    def __init__(self, since: float | None = None) -> None:
        self._queued = _queued_ms()
        self._wall = time.perf_counter() if since is None else since

    def took(self) -> Took:
        wall = (time.perf_counter() - self._wall) * 1000
        waits = [now - then for now, then in zip(_queued_ms(), self._queued, strict=True)]
        return Took(wall, min(wall, max(waits)))


def _queued_ms() -> tuple[float, float]:
    """How long the main thread and the one that reads have waited for a processor so far; 0 where
    the system does not tell. The longer of both is counted: they may have waited side by side.

    Source: Documentation/scheduler/sched-stats.rst of Linux, /proc/<pid>/schedstat.
    """
    main, reader = 0.0, 0.0
    for thread in threading.enumerate():
        if thread is threading.main_thread():
            main = _queued_of(thread)
        elif thread.name == "seamline-reader":
            reader = _queued_of(thread)
    return main, reader


def _queued_of(thread: threading.Thread) -> float:
    with suppress(OSError):
        account = Path(f"/proc/self/task/{thread.native_id}/schedstat").read_text(encoding="ascii")
        return int(account.split()[1]) / 1e6
    return 0.0


class _Paints(QObject):
    """Notes when a widget has been painted, and that flushed, while it showed what was asked for.

    Qt paints and flushes all of a window that is due in one event, which is handled from here.
    """

    def __init__(self, widget: QWidget, shows: Callable[[], bool]) -> None:
        super().__init__()
        self._widget = widget
        self._window = widget.window()
        self._shows = shows
        self._seen = False
        self._watch = Stopwatch()
        self.took: Took | None = None
        for watched in (self._widget, self._window):
            watched.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._seen = self._seen or self._shows()
        elif event.type() == QEvent.Type.UpdateRequest:
            self._window.event(event)
            if self._seen:
                self.took = self._watch.took()
                for watched in (self._widget, self._window):
                    watched.removeEventFilter(self)
            return True
        return False


class Screen:
    """A started console that has the keyboard."""

    def __init__(self, container: Container, window: ConsoleWindow) -> None:
        self.container = container
        self.window = window

    def wait(self, until: Callable[[], bool]) -> None:
        """Let the event loop run until something holds."""
        end = time.monotonic() + _PATIENCE_S
        # Qt waits for an event; this one makes sure that there will be one.
        with _heartbeat():
            while not until():
                if time.monotonic() > end:
                    raise TimeoutError("the console does not show what was asked for")
                QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def rest(self, ms: int = 120) -> None:
        """Let everything that follows come to its end, so that the next key finds nobody busy."""
        deadline = QDeadlineTimer(ms)
        self.wait(deadline.hasExpired)

    def key(
        self,
        key: Qt.Key,
        *,
        paints: QWidget,
        shows: Callable[[], bool],
        modifiers: Qt.KeyboardModifier = _NOTHING,
        at: QWidget | None = None,
    ) -> Took:
        """Press a key; how long until ``paints`` is painted while ``shows`` holds."""
        target = at or QApplication.focusWidget() or self.window
        return self.until_painted(lambda: QTest.keyClick(target, key, modifiers), paints, shows)

    def until_painted(
        self, act: Callable[[], object], paints: QWidget, shows: Callable[[], bool]
    ) -> Took:
        """As ``key``, for whatever else one does."""
        painted = _Paints(paints, shows)
        act()
        self.wait(lambda: painted.took is not None)
        assert painted.took is not None
        return painted.took


@contextmanager
def console(size: Crowd) -> Iterator[Screen]:
    """A console on a copy of the workspace of this size, which is gone afterwards."""
    with copied(size) as folder, _container(folder) as container:
        directory = container.services.directory
        directory.set_me("Ines Duarte", CARE).result()
        application = prepare("light")
        collector = MainThreadCollector(application)
        bridge = UiBridge()
        stop = container.workspace.on_commit(bridge.announce_commit)
        window = ConsoleWindow(container.services, bridge)
        window.resize(*_SIZE)
        window.show()
        window.activateWindow()
        window.start()
        screen = Screen(container, window)
        screen.wait(lambda: window.isActiveWindow() and bool(window.case_list.loader.queue))
        screen.rest(500)
        try:
            yield screen
        finally:
            stop()
            window.close()
            screen.rest()
            window.deleteLater()
            screen.rest()
            collector.stop()


@contextmanager
def copied(size: Crowd) -> Iterator[Path]:
    """The folder of a copy that may be written into."""
    original = million.folder(size)
    with tempfile.TemporaryDirectory(dir=original.parent, prefix="copy-") as place:
        folder = Path(place) / "workspace"
        shutil.copytree(original, folder)
        yield folder


@contextmanager
def _container(folder: Path) -> Iterator[Container]:
    """On the day the crowd was written, so that what is new then is new."""
    with mock.patch("app.container._clock", return_value=StoryClock(NOW)):
        container = open_container(folder, passphrase=million.PASSPHRASE)
    try:
        yield container
    finally:
        container.close()


@contextmanager
def _heartbeat() -> Iterator[None]:
    timer = QTimer(interval=20)
    timer.start()
    try:
        yield
    finally:
        timer.stop()


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of all do not pass."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def report_frames(name: str, took: Sequence[Took], most_ms: float, share: float = 0.95) -> None:
    """A percentile beside what is allowed."""
    own = [one.own for one in took]
    value = percentile(own, share)
    wall = percentile([one.wall for one in took], share)
    reference = (
        f"{most_ms} ms; median {statistics.median(own):.1f}, "
        f"{wall:.1f} with the wait for a processor, {len(took)} keys"
    )
    report(
        Measure(named(name), round(value, 1), f"ms at the {share * 100:.0f}th percentile",
                reference, round(value / most_ms, 2), 1.0, value <= most_ms)
    )  # fmt: skip


def named(name: str) -> str:
    """A measure’s name with where the window stands: “offscreen”, “xcb”."""
    return f"{name} ({QGuiApplication.platformName()})"
