"""Handing a case over: the sheet is filled from the timeline, and keeps the keyboard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.cases import Urgency
from app.domain.departments import CARE, IT, PR
from app.domain.errors import BadInput
from app.domain.replies import Escalation
from app.ui.bridge import UiBridge
from app.ui.dialogs.controls import Check, Segmented
from app.ui.dialogs.escalate import EscalateSheet, ReturnSheet
from app.ui.dialogs.escalate_parts import DepartmentTile, JoinHeader
from app.ui.dialogs.escalate_prefill import brief_of, told_of
from app.ui.dialogs.sheet import Sheet
from app.ui.views.composer_edit import GrowingEdit
from tests.ui.dialog_services import (
    CASE,
    TIMELINE,
    FakeServices,
    case_view,
    message,
)
from tests.ui.driving import CONTROL, child, click, focused, press, write


class Page:
    def __init__(self, qtbot: QtBot, services: FakeServices) -> None:
        self.qtbot = qtbot
        self.services = services
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(900, 800)
        self.before = QLineEdit(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.before.setFocus()
        self.bridge = UiBridge(self.window)
        self.sheet: Sheet = EscalateSheet(services.real(), self.bridge, self.window, CASE)
        self.sheet.open()
        qtbot.waitUntil(lambda: bool(self.text("Brief")))

    def tile(self, department: str) -> DepartmentTile:
        return next(
            t for t in self.sheet.findChildren(DepartmentTile) if t.department.id == department
        )

    def edit(self, name: str) -> GrowingEdit:
        return next(e for e in self.sheet.findChildren(GrowingEdit) if e.accessibleName() == name)

    def text(self, name: str) -> str:
        return self.edit(name).text

    def button(self, text: str) -> QPushButton:
        return next(b for b in self.sheet.findChildren(QPushButton) if b.text() == text)

    def escalation(self) -> Escalation:
        ((case, escalation),) = self.services.cases.asked("escalate")
        assert case == CASE
        assert isinstance(escalation, Escalation)
        return escalation


@pytest.fixture
def page(qtbot: QtBot) -> Page:
    return Page(qtbot, FakeServices())


def test_it_starts_from_the_timeline(page: Page) -> None:
    assert page.text("Brief") == (
        "Duo stuck on E14 after 3.2.\n"
        "“It has been plugged in all night, and your chat says ‘turn it off and on’.”"
    )
    told = page.text("What Marta has been told")
    assert told == "Keep it plugged in for ten minutes. I’ll check back at 12:30."
    assert page.sheet.accessibleName() == "Escalate Marta’s case"


def test_tiles_tell_how_quickly_a_department_picks_up(page: Page, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "9 min" in page.tile(CARE).accessibleName())
    assert page.tile(CARE).accessibleName() == "Customer Care, 9 min · 41 open"
    assert page.tile(PR).accessibleName() == "PR & Community, holds it now"
    assert not page.tile(PR).isEnabled()


def test_it_hands_over_everything_that_was_chosen(page: Page, qtbot: QtBot) -> None:
    click(page.tile(CARE))
    child(page.sheet, Segmented).choose(1)
    child(page.sheet, QComboBox).setCurrentText("Goodwill or refund")
    child(page.sheet, Check).setChecked(False)
    page.edit("Brief").set_text("Agree a goodwill gesture.")
    sheet = page.sheet
    assert isinstance(sheet, EscalateSheet)
    with qtbot.waitSignal(sheet.escalated):
        press(Qt.Key.Key_Return, CONTROL, page.edit("Brief"))
    assert page.escalation() == Escalation(
        to=CARE,
        urgency=Urgency.HIGH,
        reason="Goodwill or refund",
        brief="Agree a goodwill gesture.",
        told="Keep it plugged in for ten minutes. I’ll check back at 12:30.",
        follow=False,
    )


def test_nobody_chosen_nothing_handed_over(page: Page) -> None:
    main = page.button("Escalate")
    assert not main.isEnabled()
    assert main.toolTip() == "Choose who should take it on."
    page.sheet.submit()
    assert page.services.cases.asked("escalate") == []


def test_an_arrow_chooses_though_nothing_was_chosen_yet(page: Page) -> None:
    first = focused()
    assert isinstance(first, DepartmentTile)
    assert not first.isChecked()
    press(Qt.Key.Key_Right)
    second = focused()
    assert isinstance(second, DepartmentTile)
    assert second is not first
    assert second.isChecked()
    press(Qt.Key.Key_Left)
    assert focused() is first
    assert first.isChecked()


def test_the_join_names_both_sides(page: Page, qtbot: QtBot) -> None:
    page.tile(IT).setChecked(True)
    join = child(page.sheet, JoinHeader)
    assert join.accessibleName() == "From PR & Community, 4 min so far, to IT, will be step 4"


def test_closing_gives_the_keyboard_back(page: Page, qtbot: QtBot) -> None:
    assert page.sheet.isAncestorOf(focused())
    with qtbot.waitSignal(page.sheet.closed):
        press(Qt.Key.Key_Escape, at=page.tile(CARE))
    assert QApplication.focusWidget() is page.before


def test_a_screen_reader_calls_it_a_dialog(page: Page) -> None:
    seen = QAccessible.queryAccessibleInterface(page.sheet)
    assert seen.role() is QAccessible.Role.Dialog
    assert seen.text(QAccessible.Text.Name) == "Escalate Marta’s case"


def test_tab_stays_inside(page: Page, qtbot: QtBot) -> None:
    visited = set()
    for _ in range(24):
        widget = QApplication.focusWidget()
        assert widget is not None
        assert page.sheet.isAncestorOf(widget)
        visited.add(widget)
        press(Qt.Key.Key_Tab, at=widget)
    assert page.button("Escalate") not in visited, "disabled while nobody is chosen"
    assert {page.button("Cancel"), page.edit("Brief")} <= visited


def test_what_lies_behind_cannot_take_the_keyboard(page: Page) -> None:
    page.edit("Brief").setFocus()
    page.before.setFocus()
    assert QApplication.focusWidget() is page.edit("Brief")


def test_a_refusal_is_said_and_the_sheet_stays(page: Page, qtbot: QtBot) -> None:
    page.services.cases.answers["escalate"] = BadInput("The case is closed.", hint="Reopen it.")
    page.tile(CARE).setChecked(True)
    page.sheet.submit()
    said = "The case is closed. Reopen it."
    qtbot.waitUntil(
        lambda: any(w.accessibleName() == said for w in page.sheet.findChildren(QWidget))
    )
    assert page.sheet.isVisible()
    assert page.button("Escalate").isEnabled()


def test_a_low_window_scrolls_the_middle_and_keeps_the_buttons(page: Page, qtbot: QtBot) -> None:
    page.window.resize(900, 420)
    qtbot.waitUntil(lambda: page.sheet.height() == 420)
    bottom = page.button("Cancel").mapTo(page.window, page.button("Cancel").rect().bottomLeft())
    assert bottom.y() < 420


def test_a_case_is_returned_with_a_reason(qtbot: QtBot) -> None:
    services = FakeServices()
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    sheet = ReturnSheet(services.real(), UiBridge(window), window, CASE, "PR & Community")
    sheet.open()
    sheet.submit()
    assert services.cases.asked("give_back") == [], "a reason is needed"
    write(child(sheet, GrowingEdit), "The serial is missing")
    with qtbot.waitSignal(sheet.returned):
        sheet.submit()
    assert services.cases.asked("give_back") == [(CASE, "The serial is missing")]


def test_the_brief_does_not_say_the_same_twice() -> None:
    view = replace(case_view(), title="My Duo shows E14 since the…")
    assert brief_of(view, TIMELINE[:1]) == TIMELINE[0].text


def test_a_title_that_was_cut_is_told_in_full() -> None:
    view = replace(case_view(), title="My Duo shows E14 since the…")
    assert brief_of(view, TIMELINE).splitlines()[0] == TIMELINE[0].text


def test_a_long_message_is_cut_at_a_word() -> None:
    view = replace(case_view(), title="")
    long = message(9, "word " * 200)
    assert brief_of(view, [long]).endswith("word…")
    assert len(brief_of(view, [long])) <= 283


def test_what_others_were_told_is_not_what_this_customer_was_told() -> None:
    elsewhere = replace(message(4, "Something else", ours=True), case=None)
    assert told_of(case_view(), [*TIMELINE, elsewhere]).startswith("Keep it plugged in")
    assert told_of(case_view(), []) == ""
