"""Somebody who reads a timeline: opens it, presses keys, clicks, waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.changes import ChangeSet
from app.domain.views import TimelineItem, TimelinePage
from app.ui.bridge import UiBridge
from app.ui.timeline.canvas import Content
from app.ui.timeline.drawing import Action
from app.ui.views.timeline import TimelineView
from tests.ui.timeline_pages import CASE, MARTA
from tests.ui.timeline_services import FakeServices


class Reader:
    """Drives the view the way an agent does."""

    def __init__(self, qtbot: QtBot, page: TimelinePage, *, show: bool = True) -> None:
        self.qtbot = qtbot
        self.fake = FakeServices(page)
        self.bridge = UiBridge()
        self.view = TimelineView(self.fake.services, self.bridge)
        self.canvas = self.view.canvas
        self.model = self.view.model
        qtbot.addWidget(self.view)
        self.view.resize(560, 640)
        self.view.show()
        if show:
            self.open()

    def open(self) -> None:
        self.view.show_customer(MARTA, CASE)
        self.wait(lambda: self.canvas.content is Content.ROWS)

    def wait(self, until: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(until)

    def commit(self, changes: ChangeSet, *items: TimelineItem) -> None:
        """More records, and the commit that tells of them."""
        whole = self.fake.timelines.whole
        self.fake.timelines.whole = replace(whole, items=(*whole.items, *items))
        asked = len(self.fake.timelines.asked)
        self.bridge.announce_commit(changes)
        self.wait(lambda: len(self.fake.timelines.asked) > asked)
        self.qtbot.waitUntil(lambda: len(self.model) > 0)

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.canvas, key)

    def click(self, action: Action) -> None:
        """Click the last place in a row that does this."""
        for row in reversed(range(len(self.model))):
            spots = [s for s in self.canvas.layout_of(row).spots if s.action is action]
            if spots:
                at_point = spots[-1].rect.center().toPoint()
                at_point += QPoint(0, self.canvas.y_of(row))
                QTest.mouseClick(self.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at_point)
                return
        pytest.fail(f"no place for {action}")

    def wait_current(self, key: str) -> None:
        """Until the row with this key is the current one."""
        self.wait(lambda: self.current >= 0 and self.model.entry(self.current).key == key)

    @property
    def current(self) -> int:
        return self.canvas.currentIndex().row()

    def place(self, row: int) -> int:
        return self.canvas.y_of(row)
