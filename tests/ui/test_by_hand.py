"""Writing down a call by the keys alone, for another department than one’s own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.interactions import Kind, Side
from app.domain.views import InteractionItem
from app.ui.dialogs.by_hand import ByHandSheet
from app.ui.runtime import prepare
from tests.ui.consoles import Console, on_screen, one_question
from tests.ui.driving import CONTROL, child, press


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    prepare("light")
    with one_question(tmp_path, clock) as desk, on_screen(desk, qtbot) as console:
        console.window.resize(1500, 900)  # wide enough for the panel
        console.window.step(1)
        qtbot.waitUntil(lambda: console.window.panel.card is not None)
        yield console


def _calls(console: Console) -> list[InteractionItem]:
    card = console.window.panel.card
    assert card is not None
    page = console.desk.timelines.page(card.customer).result()
    return [i for i in page.items if isinstance(i, InteractionItem) and i.kind is Kind.CALL]


def test_a_call_is_logged_by_keys_for_marketing(console: Console, qtbot: QtBot) -> None:
    window = console.window
    press(Qt.Key.Key_L, at=window.case_list.rows)
    sheet = child(window, ByHandSheet)
    QTest.keyClicks(sheet.department, "Marketing")
    assert sheet.department.currentText() == "Marketing"
    QTest.keyClicks(sheet.about, "About the fair")
    press(Qt.Key.Key_Return, CONTROL, sheet.about)
    qtbot.waitUntil(lambda: bool(_calls(console)))
    (call,) = _calls(console)
    assert (call.side, call.text) == (Side.MARKETING, "About the fair")
    assert call.subject.endswith(", Marketing")
