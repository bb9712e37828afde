"""Moods in the timeline: a quiet word, why, the correction by key and menu, and its undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.mood import Feeling, Mood
from app.ui.timeline import wording
from app.ui.timeline.drawing import Label
from app.ui.timeline.entries import entry_of
from app.ui.timeline.moods import mood_words, why
from tests.services.desk import make_desk
from tests.store.building import said
from tests.ui.consoles import Console, on_screen
from tests.ui.driving import CONTROL, press
from tests.ui.timeline_pages import NAMES, NOW_MS, touch

ANGRY = Feeling(Mood.ANGRY, ("awful", "ridiculous"))
HOUR_MS = 3_600_000


def test_a_mood_is_told_in_words_and_says_why() -> None:
    item = touch(1, NOW_MS, "Awful, ridiculous", feeling=ANGRY)
    assert why(item) == "Angry, by “awful” and “ridiculous”"
    assert ", angry: Awful" in wording.accessible_name(entry_of(item), NAMES, NOW_MS)
    assert wording.accessible_detail(entry_of(item)) == why(item)
    assert wording.tooltip(entry_of(item), NAMES).endswith(why(item))


def test_where_anger_ended_it_says_how_long_it_lasted() -> None:
    feeling = Feeling(Mood.GLAD, ("perfect",), lasted_ms=2 * HOUR_MS + 600_000)
    assert mood_words(feeling) == "Thanks, after 2 h 10"
    item = touch(1, NOW_MS, "Perfect", feeling=feeling)
    name = wording.accessible_name(entry_of(item), NAMES, NOW_MS)
    assert "thanks, 2 hours 10 minutes after anger" in name


def test_what_is_neutral_or_deleted_stays_quiet() -> None:
    neutral = touch(1, NOW_MS, "Hm", feeling=Feeling(Mood.NEUTRAL))
    deleted = touch(2, NOW_MS, "Awful", feeling=ANGRY, deleted_ms=NOW_MS)
    for item in (neutral, deleted, touch(3, NOW_MS, "Hm")):
        assert why(item) == ""
        assert "angry" not in wording.accessible_name(entry_of(item), NAMES, NOW_MS)


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    desk = make_desk(tmp_path, clock)
    desk.take(said("1", "marta", "It leaks. This is awful.", language="en"))
    desk.cases.assign(desk.only_case(), desk.directory.me().id).result()
    with on_screen(desk, qtbot) as console:
        press(Qt.Key.Key_J)
        qtbot.waitUntil(lambda: len(console.window.desk.timeline.model) > 1)
        yield console
    desk.workspace.close()


def drawn(console: Console) -> list[str]:
    """The words of the meta lines in the timeline."""
    canvas = console.window.desk.timeline.canvas
    rows = range(len(console.window.desk.timeline.model))
    marks = [mark for row in rows for mark in canvas.layout_of(row).marks]
    return [mark.line.text for mark in marks if isinstance(mark, Label)]


def test_a_mood_is_corrected_by_key_and_undone(console: Console, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "Angry" in drawn(console))
    press(Qt.Key.Key_M, CONTROL)
    canvas = console.window.desk.timeline.canvas
    menus = canvas.findChildren(QMenu)
    menu = menus[-1]
    checked = [action.text() for action in menu.actions() if action.isChecked()]
    assert checked == ["Angry"]
    next(action for action in menu.actions() if action.text() == "Glad").trigger()
    menu.hide()
    qtbot.waitUntil(lambda: "Glad" in drawn(console) and "Angry" not in drawn(console))
    qtbot.waitUntil(lambda: any("Mood set to glad" in words for words in drawn(console)))
    qtbot.waitUntil(console.window.notice.isVisible)  # it can be undone
    console.window.case_actions.undo()
    qtbot.waitUntil(lambda: "Angry" in drawn(console))


def test_the_menu_of_a_row_offers_the_moods(console: Console, qtbot: QtBot) -> None:
    view = console.window.desk.timeline
    row = next(row for row in range(len(view.model)) if view.model.entry(row).key.startswith("i"))
    view.canvas.go_to(row)
    view.canvas.ask_menu(view.model.index(row))
    menu = view.findChildren(QMenu)[-1]
    qtbot.addWidget(menu)
    assert "Mood…" in [action.text() for action in menu.actions()]
    menu.hide()
