"""Departments in the settings."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.departments import CARE, IT, PR
from app.ui.dialogs.settings import SECTIONS, SettingsSheet
from app.ui.dialogs.settings_departments import DepartmentsSection
from tests.services.desk import Desk
from tests.ui.consoles import Console
from tests.ui.driving import CONTROL, child, press


@pytest.fixture
def section(console: Console) -> DepartmentsSection:
    press(Qt.Key.Key_Comma, CONTROL, console.window)
    sheet = child(console.window, SettingsSheet)
    sheet.tabs.button(SECTIONS.index(DepartmentsSection)).click()
    return child(sheet, DepartmentsSection)


def choose(section: DepartmentsSection, number: str | None) -> None:
    section.which.setCurrentIndex(section.which.findData(number))
    section.which.activated.emit(section.which.currentIndex())


def test_ones_own_is_shown_and_renamed_by_return(
    section: DepartmentsSection, console: Console, desk: Desk, qtbot: QtBot
) -> None:
    name = section.fields["name"]
    assert name.text() == "PR & Community"
    name.setText("Community")
    press(Qt.Key.Key_Return, at=name)
    qtbot.waitUntil(lambda: desk.directory.department(PR).name == "Community")
    qtbot.waitUntil(lambda: section.which.currentText() == "Community")
    listed = console.window.sidebar_model
    qtbot.waitUntil(
        lambda: "Community" in [listed.index(row, 0).data() for row in range(listed.rowCount())]
    )


def test_another_is_added_and_deleted(
    section: DepartmentsSection, desk: Desk, qtbot: QtBot
) -> None:
    section.which.setCurrentIndex(section.which.count() - 1)
    section.which.activated.emit(section.which.currentIndex())
    assert section.keep.text() == "Add"
    assert not section.remove.isVisible()
    section.fields["name"].setText("Shop")
    section.keep.click()
    qtbot.waitUntil(lambda: desk.directory.departments()[-1].name == "Shop")
    qtbot.waitUntil(lambda: section.which.currentText() == "Shop")
    section.remove.click()
    qtbot.waitUntil(lambda: len(desk.directory.departments()) == 6)
    choose(section, str(IT))
    assert section.fields["short"].text() == "IT"


def test_one_that_holds_a_case_stays_and_it_is_said(
    section: DepartmentsSection, desk: Desk, qtbot: QtBot
) -> None:
    choose(section, str(CARE))
    section.remove.click()
    qtbot.waitUntil(lambda: "cannot go: it holds 1 case" in section.wrong.text())
    assert len(desk.directory.departments()) == 6
