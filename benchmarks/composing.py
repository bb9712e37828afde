"""From the key to the painted letter in the reply."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.domain.views import QueueName, QueueRef
from app.ui.views.composer_edit import GrowingEdit
from benchmarks.crowd import Crowd
from benchmarks.screen import Screen, Took, console, report_frames

_MOST_MS = 8.0
_TEXT = (
    "Thank you for telling us, and sorry for the trouble with your grinder: please switch it off, "
    "let it cool for ten minutes and take out the upper burr. If it squeals again, write to us "
    "here, and we will send you a new one by the end of this week, whatever your warranty says. "
)
_LETTERS = 600
_BETWEEN_MS = 40
"""As somebody types who types fast; what a letter sets off must be done by then."""


def run(size: Crowd) -> None:
    """Report each letter of a reply that becomes longer than its channel allows."""
    with console(size) as screen:
        screen.window.go(QueueRef(QueueName.UNASSIGNED))
        screen.rest(500)
        QTest.keyClick(screen.window.case_list.rows, Qt.Key.Key_R)
        screen.rest(500)
        edit = screen.window.desk.composer.findChild(GrowingEdit)
        assert edit is not None
        letters = (_TEXT * 3)[:_LETTERS]
        took = [_type(screen, edit, letter) for letter in letters]
        report_frames("key to the painted letter in the reply", took, _MOST_MS, 0.99)


def _type(screen: Screen, edit: GrowingEdit, letter: str) -> Took:
    wanted = len(edit.toPlainText()) + 1
    took = screen.until_painted(
        lambda: QTest.keyClicks(edit, letter),
        edit.viewport(),
        lambda: edit.document().characterCount() > wanted,
    )
    screen.rest(_BETWEEN_MS)
    return took
