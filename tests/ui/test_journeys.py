"""The strip of journeys: unfolded by key, remembered, and every station leads to its place."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.ui.views.journeys import SETTING
from tests.store.building import answered
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
