"""What a letter has painted again: the text and what counts it, and nothing around them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.ui.views.composer_parts import Counter, VoiceLine
from tests.ui.composer_page import Page
from tests.ui.dialog_services import FakeServices
from tests.ui.driving import child


class _Painted(QObject):
    """Notes which widgets of a window are painted."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.widgets: set[QWidget] = set()
        for widget in (window, *window.findChildren(QWidget)):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and isinstance(watched, QWidget):
            self.widgets.add(watched)
        return False


@contextmanager
def _painted(page: Page, qtbot: QtBot) -> Iterator[set[QWidget]]:
    """Who is painted for what is done meanwhile."""
    QApplication.processEvents()
    seen = _Painted(page.window)
    yield seen.widgets
    qtbot.waitUntil(lambda: page.edit.viewport() in seen.widgets)
    seen.deleteLater()


def test_a_letter_paints_the_text_and_its_counter_alone(qtbot: QtBot) -> None:
    page = Page(qtbot, FakeServices()).open()
    page.type("It is on its wa")
    qtbot.waitUntil(lambda: page.counter != "")
    with _painted(page, qtbot) as widgets:
        QTest.keyClicks(page.edit, "y")
    assert child(page.composer, Counter) in widgets
    assert page.window not in widgets, "the composer paints its own ground"
    assert child(page.composer, VoiceLine) not in widgets
    assert page.send not in widgets


def test_the_frame_says_at_once_who_has_the_keyboard(qtbot: QtBot) -> None:
    page = Page(qtbot, FakeServices()).open()
    page.type("It is on its way")
    with _painted(page, qtbot) as widgets:
        page.send.setFocus()
    assert child(page.composer, VoiceLine) in widgets, "the whole of the frame"
