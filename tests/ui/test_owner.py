"""Saying by the keys alone who holds the relationship with a customer, and taking it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.ids import CustomerId
from app.ui.dialogs.assign import OwnerSheet
from app.ui.dialogs.away import AwaySheet
from app.ui.runtime import prepare
from tests.ui.consoles import Console, on_screen, one_question
from tests.ui.driving import CONTROL, child, press, said


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    prepare("light")
    with one_question(tmp_path, clock) as desk:
        desk.directory.add_agent("Sofia Costa", CARE).result()
        with on_screen(desk, qtbot) as console:
            console.window.resize(1500, 900)  # wide enough for the panel
            console.window.step(1)
            qtbot.waitUntil(lambda: console.window.panel.card is not None)
            yield console


def test_it_is_said_by_keys_shown_and_undone(console: Console, qtbot: QtBot) -> None:
    window = console.window
    press(Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier, window.case_list.rows)
    sheet = child(window, OwnerSheet)
    qtbot.waitUntil(lambda: "with Marta" in sheet.heading.text())
    assert sheet.rows("Nobody")[0].detail == "has it now"
    QTest.keyClicks(sheet.field, "Sofia")
    press(Qt.Key.Key_Return, at=sheet.field)
    qtbot.waitUntil(lambda: said(window.panel, "Sofia holds the relationship"))
    qtbot.waitUntil(window.notice.isVisible)  # it can be undone
    press(Qt.Key.Key_Z, CONTROL, window.case_list.rows)
    qtbot.waitUntil(lambda: not said(window.panel, "Sofia holds the relationship"))
    assert console.desk.customers.card(_customer(console)).result().owner is None


def test_the_line_in_the_panel_leads_to_changing_it(console: Console, qtbot: QtBot) -> None:
    sofia = console.desk.directory.find_agent("Sofia Costa").id
    console.desk.customers.own(_customer(console), sofia).result()
    panel = console.window.panel
    qtbot.waitUntil(lambda: said(panel, "Sofia holds the relationship"))
    panel.owner_requested.emit()
    sheet = child(console.window, OwnerSheet)
    qtbot.waitUntil(lambda: sheet.rows("Sofia")[0].detail == "has it now")
    sheet.pick(sheet.rows("Nobody")[0])
    qtbot.waitUntil(lambda: not said(panel, "Sofia holds the relationship"))


def test_the_load_of_each_shows_where_one_chooses_a_deputy(console: Console, qtbot: QtBot) -> None:
    desk = console.desk
    desk.cases.assign(desk.only_case(), desk.directory.find_agent("Sofia Costa").id).result()
    sheet = AwaySheet(console.window.services, console.window.bridge, console.window)
    sheet.pick(sheet.rows("")[0])
    qtbot.waitUntil(lambda: sheet.rows("Sofia")[0].detail == "Care, 1 open")


def _customer(console: Console) -> CustomerId:
    assert console.window.desk.customer is not None
    return console.window.desk.customer
