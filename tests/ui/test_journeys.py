"""The strip of journeys: unfolded by key, remembered, and every station leads to its place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.ids import interaction_uid
from app.domain.mood import Mood
from app.services.mood import Moods
from app.ui.views.journeys import SETTING
from tests.store.building import ACCOUNT, answered, said
from tests.ui.consoles import Console, on_screen, one_question
from tests.ui.driving import CONTROL, press


def stations(console: Console) -> list[QPushButton]:
    strip = console.window.desk.journeys
    buttons = strip.findChildren(QPushButton)
    return [button for button in buttons if button.isVisible()]


def test_it_is_unfolded_by_key_remembered_and_folded_again(
    tmp_path: Path, clock: FakeClock, qtbot: QtBot
) -> None:
    with one_question(tmp_path, clock) as desk, on_screen(desk, qtbot) as console:
        press(Qt.Key.Key_J)
        view = console.window.desk.timeline
        qtbot.waitUntil(lambda: len(view.model) > 1)
        assert stations(console) == []
        press(Qt.Key.Key_J, CONTROL)
        qtbot.waitUntil(
            lambda: [button.text() for button in stations(console)] == ["Opened", "Seen"]
        )
        assert stations(console)[0].accessibleName().startswith("Opened, ")
        assert desk.directory.setting(SETTING) == "shown"
        stations(console)[0].setFocus()
        press(Qt.Key.Key_Space, at=stations(console)[0])
        qtbot.waitUntil(lambda: view.canvas.currentIndex().isValid())
        row = view.canvas.currentIndex().row()
        assert view.model.entry(row).key.startswith("e")
        desk.take(answered("2", "1", "A new seal is on its way.", at=60))
        qtbot.waitUntil(lambda: "Replied" in [button.text() for button in stations(console)])
        press(Qt.Key.Key_J, CONTROL)
        qtbot.waitUntil(lambda: desk.directory.setting(SETTING) == "")
        qtbot.waitUntil(lambda: stations(console) == [])


def test_where_anger_turned_to_thanks_is_marked(
    tmp_path: Path, clock: FakeClock, qtbot: QtBot
) -> None:
    with one_question(tmp_path, clock) as desk, on_screen(desk, qtbot) as console:
        desk.take(said("2", "marta", "It works.", at=7_800, in_reply_to="1", root="1"))
        moods = Moods(desk.workspace, desk.directory)
        moods.correct(interaction_uid(ACCOUNT, "1"), Mood.ANGRY).result()
        moods.correct(interaction_uid(ACCOUNT, "2"), Mood.GLAD).result()
        press(Qt.Key.Key_J)
        view = console.window.desk.timeline
        qtbot.waitUntil(lambda: len(view.model) > 1)
        press(Qt.Key.Key_J, CONTROL)
        qtbot.waitUntil(lambda: "Thanks after 2 h 10" in [b.text() for b in stations(console)])
        recovery = next(b for b in stations(console) if b.text().startswith("Thanks"))
        press(Qt.Key.Key_Space, at=recovery)
        qtbot.waitUntil(lambda: view.canvas.currentIndex().isValid())
        entry = view.model.entry(view.canvas.currentIndex().row())
        assert getattr(entry.item, "native_id", "") == "2"
