"""Going away and coming back by the keys alone, and how it shows where one assigns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import PR
from app.ui.dialogs.assign import AssignSheet
from app.ui.dialogs.away import AwaySheet, away_words
from app.ui.runtime import prepare
from tests.services.desk import make_desk
from tests.store.building import said
from tests.ui.consoles import Console, make_console
from tests.ui.driving import child


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    """One case, mine; and a colleague."""
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.directory.add_agent("Tomas Berg", PR).result()
    desk.take(said("m1", "marta", "@halden Help?"))
    desk.cases.assign(desk.only_case(), desk.directory.me().id).result()
    made = make_console(desk)
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.show()
    yield made
    made.window.close()
    desk.workspace.close()


def test_my_cases_go_to_the_deputy_and_come_back(console: Console, qtbot: QtBot) -> None:
    window, desk = console.window, console.desk
    me = desk.directory.me().id
    window.named_actions["away"].trigger()
    sheet = child(window, AwaySheet)
    QTest.keyClicks(sheet.field, "tomorrow 9:00")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    assert sheet.heading.text() == "Who takes over"
    QTest.keyClicks(sheet.field, "Tomas")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.directory.me().absence is not None)
    assert desk.cases.view(desk.only_case()).result().state.assignee not in (None, me)
    shown = AssignSheet(window.services, window.bridge, window, desk.only_case())
    assert any(row.detail.startswith("away until") for row in shown.rows("Ines"))
    again = AwaySheet(window.services, window.bridge, window)
    again.open()
    again.pick(again.rows("")[0])
    qtbot.waitUntil(lambda: desk.directory.me().absence is None)
    assert desk.cases.view(desk.only_case()).result().state.assignee == me


def test_the_load_of_each_shows_where_one_assigns(console: Console, qtbot: QtBot) -> None:
    window, desk = console.window, console.desk
    desk.cases.assign(desk.only_case(), desk.directory.find_agent("Tomas Berg").id).result()
    sheet = AssignSheet(window.services, window.bridge, window, desk.only_case())
    desk.take(said("m2", "otto", "@halden And me?"))
    qtbot.waitUntil(lambda: sheet.rows("Tomas")[0].detail == "has it now")
    sheet._holder = None
    qtbot.waitUntil(lambda: sheet.rows("Tomas")[0].detail == "PR, 1 open")


def test_an_absence_without_an_end_is_told_shortly() -> None:
    assert away_words(None, 0) == "away"
