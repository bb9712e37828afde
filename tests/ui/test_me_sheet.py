"""Saying who sits here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import IT
from app.ui.bridge import UiBridge
from app.ui.dialogs.controls import ChoiceBox
from app.ui.runtime import prepare
from app.ui.views.me_sheet import MeSheet
from tests.services.desk import make_desk
from tests.ui.consoles import ListedAccounts, StillSyncing, make_services
from tests.ui.driving import CONTROL, child, said


def test_a_name_and_a_department_are_saved(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> None:
    prepare("light")
    desk = make_desk(tmp_path, clock)
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    sheet = MeSheet(make_services(desk, StillSyncing(), ListedAccounts()), UiBridge(), window)
    sheet.open()
    name = child(sheet, QLineEdit, "Name")
    department = child(sheet, ChoiceBox, "Department")
    assert (name.text(), department.currentText()) == ("Ines Duarte", "PR & Community")
    name.clear()
    QTest.keyClick(name, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: said(sheet, "A name is missing. Enter the name colleagues will see."))
    QTest.keyClicks(name, "Jonas Weber")
    department.setCurrentIndex(department.findData(IT))
    with qtbot.waitSignal(sheet.saved):
        QTest.keyClick(name, Qt.Key.Key_Return, CONTROL)
    me = desk.directory.me()
    assert (me.name, me.department) == ("Jonas Weber", IT)
    desk.workspace.close()
