"""Memory after an hour of work in a few minutes, beside a blank window with one list.

The hour is 3,000 things an agent does, one after the other as fast as the console follows: going
through the list, turning from queue to queue, searching, writing, tagging, scrolling back.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from app.domain.views import QueueName, QueueRef
from app.ui.dialogs.palette import Palette
from app.ui.views.composer_edit import GrowingEdit
from benchmarks.crowd import COMMON, RARE, SECOND, Crowd
from benchmarks.measure import Measure, report
from benchmarks.resident import resident_kb
from benchmarks.screen import Screen, console, named

_ACTIONS = 3_000
_WARM = 300
_MOST_MORE_MB = 200
_QUEUES = (QueueName.UNASSIGNED, QueueName.ALL, QueueName.MY_WORK, QueueName.SNOOZED)
_BETWEEN_MS = 15


def run(size: Crowd) -> None:
    """Report what the console holds at the end, and how much of it came after the first actions."""
    with console(size) as screen:
        dice = random.Random(7)  # noqa: S311 - the same hour at every run, nothing secret
        hour = _Hour(screen, dice)
        screen.window.go(QueueRef(QueueName.UNASSIGNED))
        screen.rest(500)
        for _ in range(_WARM):
            hour.act()
        warm = resident_kb()
        for _ in range(_ACTIONS - _WARM):
            hour.act()
        screen.rest(1_000)
        held = resident_kb()
    blank = _blank()
    more, grown = (held - blank) / 1024, (held - warm) / 1024
    report(
        Measure(named(f"memory after {_ACTIONS:,} actions"), round(held / 1024), "MB",
                f"blank window: {blank / 1024:.0f}; {grown:.0f} since the {_WARM}th action",
                round(more / _MOST_MORE_MB, 2), 1.0, more <= _MOST_MORE_MB)
    )  # fmt: skip


class _Hour:
    """One thing after the other, at random."""

    def __init__(self, screen: Screen, dice: random.Random) -> None:
        self._screen = screen
        self._window = screen.window
        self._dice = dice
        self._deeds: tuple[tuple[Callable[[], None], int], ...] = (
            (self._next, 60),
            (self._turn, 8),
            (self._search, 5),
            (self._write, 10),
            (self._tag, 7),
            (self._scroll, 10),
        )

    def act(self) -> None:
        deeds, weights = zip(*self._deeds, strict=True)
        self._dice.choices(deeds, weights)[0]()
        self._screen.rest(_BETWEEN_MS)

    def _next(self) -> None:
        key = self._dice.choices((Qt.Key.Key_J, Qt.Key.Key_K), (3, 1))[0]
        QTest.keyClick(self._window.case_list.rows, key)

    def _turn(self) -> None:
        self._window.go(QueueRef(self._dice.choice(_QUEUES)))

    def _search(self) -> None:
        self._window.open_palette()
        palette = self._window.findChildren(Palette)[-1]
        field = palette.findChild(QLineEdit)
        assert field is not None
        for letter in self._dice.choice((COMMON, RARE, SECOND, "customer 7")):
            QTest.keyClicks(field, letter)
            self._screen.rest(_BETWEEN_MS)
        palette.close()

    def _write(self) -> None:
        """A few letters, and away with them, lest every case end with a draft."""
        edit = self._window.desk.composer.findChild(GrowingEdit)
        if edit is None or not edit.isVisible():
            return
        QTest.keyClicks(edit, "Thank you")
        self._screen.rest(_BETWEEN_MS)
        edit.clear()
        self._window.case_list.rows.setFocus()

    def _tag(self) -> None:
        case = self._window.desk.case
        if case is not None:
            tags = (self._dice.choice(("refund", "grinder", "e14", "press", "thanks")),)
            cases = self._window.services.cases
            self._window.bridge.act(cases.tag(case, add=tags))

    def _scroll(self) -> None:
        canvas = self._window.desk.timeline.canvas
        bar = canvas.verticalScrollBar()
        for _ in range(10):
            bar.setValue(bar.value() - canvas.view_height // 2)
            QApplication.processEvents()


def _blank() -> int:
    """KB of the blank window, the same Qt behind it."""
    command = [sys.executable, "-m", "benchmarks.blank"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    return int(told.stdout)
