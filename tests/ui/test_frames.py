"""What scrolls takes the right of way until it is painted."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.domain.right_of_way import SCREEN
from app.ui.frames import Frames
from app.ui.models.timeline_model import TimelineModel
from app.ui.timeline.canvas import Content, TimelineCanvas
from tests.ui import timeline_pages as pages


def test_a_frame_has_the_right_of_way_until_it_is_painted(qtbot: QtBot) -> None:
    frames = Frames()
    assert not frames.are_due
    frames.begin()
    assert SCREEN.is_taken
    assert frames.are_due
    qtbot.waitUntil(lambda: not SCREEN.is_taken)


def test_a_timeline_that_scrolls_goes_first(qtbot: QtBot) -> None:
    model = TimelineModel(lambda: pages.NOW_MS)
    canvas = TimelineCanvas(model, lambda: pages.NOW_MS)
    model.setParent(canvas)
    qtbot.addWidget(canvas)
    canvas.resize(514, 700)
    canvas.show()
    model.show(pages.long_page(100).items)
    canvas.set_content(Content.ROWS)
    qtbot.waitUntil(lambda: canvas.verticalScrollBar().maximum() > 0 and not SCREEN.is_taken)
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().value() - 100)
    assert SCREEN.is_taken
    qtbot.waitUntil(lambda: not SCREEN.is_taken)
