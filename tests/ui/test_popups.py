"""Assigning, tagging and snoozing: type a little, press Enter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDateTimeEdit, QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from app.domain.errors import BadInput
from app.ui.bridge import UiBridge
from app.ui.dialogs.assign import AssignSheet
from app.ui.dialogs.keys_help import KeysHelp
from app.ui.dialogs.pick import PickSheet
from app.ui.dialogs.pick_model import PickModel, PickRow
from app.ui.dialogs.snooze import SnoozeSheet, moments
from app.ui.dialogs.tags import TagSheet
from tests.ui.dialog_services import CASE, JONAS, FakeServices
from tests.ui.driving import button, child, click, focused, press, said, shown_window, write

S = TypeVar("S", bound=PickSheet)


@pytest.fixture(autouse=True)
def _stockholm(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local times are told where the design’s agents sit."""
    monkeypatch.setenv("TZ", "Europe/Stockholm")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def services() -> FakeServices:
    services = FakeServices()
    services.cases.answers["tags"] = ("firmware-3.2", "press", "delivery")
    return services


class Desk:
    """A window to open popups over."""

    def __init__(self, qtbot: QtBot, services: FakeServices) -> None:
        self.qtbot = qtbot
        self.services = services
        self.window = QWidget()
        qtbot.addWidget(self.window)
        shown_window(self.window)
        self.bridge = UiBridge(self.window)

    def open(self, kind: Callable[..., S]) -> S:
        sheet = kind(self.services.real(), self.bridge, self.window, CASE)
        sheet.open()
        self.qtbot.waitUntil(lambda: "#4817AB" in sheet.heading.text())
        return sheet


@pytest.fixture
def desk(qtbot: QtBot, services: FakeServices) -> Desk:
    return Desk(qtbot, services)


def texts(sheet: PickSheet) -> list[str]:
    return [sheet.model.row(n).text for n in range(sheet.model.rowCount())]


def test_assign_offers_me_nobody_and_colleagues(
    desk: Desk, qtbot: QtBot, services: FakeServices
) -> None:
    sheet = desk.open(AssignSheet)
    assert texts(sheet) == ["Ines Duarte (me)", "Nobody", "Jonas Weber", "Nadia Klein"]
    assert sheet.model.row(0).detail == "has it now"


def test_typing_and_enter_assigns(desk: Desk, qtbot: QtBot, services: FakeServices) -> None:
    sheet = desk.open(AssignSheet)
    write(focused(), "jon")
    assert texts(sheet) == ["Jonas Weber"]
    with qtbot.waitSignal(sheet.assigned):
        press(Qt.Key.Key_Return)
    assert services.cases.asked("assign") == [(CASE, JONAS.id)]


def test_an_answer_after_esc_takes_the_keyboard_from_nobody(
    desk: Desk, qtbot: QtBot, services: FakeServices
) -> None:
    first, second = QLineEdit(desk.window), QLineEdit(desk.window)
    for field in (first, second):
        field.show()
    first.setFocus()
    sheet = desk.open(AssignSheet)
    closed: list[None] = []
    sheet.closed.connect(lambda: closed.append(None))
    with qtbot.waitSignal(sheet.assigned):
        press(Qt.Key.Key_Down, at=sheet.field)
        press(Qt.Key.Key_Return, at=sheet.field)
        press(Qt.Key.Key_Escape, at=sheet.field)
        assert first.hasFocus()
        second.setFocus()
    assert second.hasFocus()
    assert len(closed) == 1


def test_a_sheet_that_is_gone_holds_nothing(desk: Desk, qtbot: QtBot) -> None:
    sheet = desk.open(AssignSheet)
    sheet.grab()
    assert vars(sheet)["_behind"] is not None, "it has the picture of the window"
    press(Qt.Key.Key_Escape, at=sheet.field)
    qtbot.waitUntil(lambda: not isValid(sheet))
    assert vars(sheet) == {}


def test_nobody_takes_the_case_from_everybody(
    desk: Desk, qtbot: QtBot, services: FakeServices
) -> None:
    sheet = desk.open(AssignSheet)
    press(Qt.Key.Key_Down)
    with qtbot.waitSignal(sheet.assigned):
        press(Qt.Key.Key_Return)
    assert services.cases.asked("assign") == [(CASE, None)]


def test_who_has_it_already_is_not_asked_again(
    desk: Desk, qtbot: QtBot, services: FakeServices
) -> None:
    sheet = desk.open(AssignSheet)
    with qtbot.waitSignal(sheet.closed):
        press(Qt.Key.Key_Return)
    assert services.cases.asked("assign") == []


def test_tags_are_ticked_taken_off_and_made(
    desk: Desk, qtbot: QtBot, services: FakeServices
) -> None:
    sheet = desk.open(TagSheet)
    qtbot.waitUntil(lambda: len(texts(sheet)) == 4)
    assert texts(sheet) == ["complaint", "firmware-3.2", "press", "delivery"]
    with qtbot.waitSignal(sheet.tagged):
        press(Qt.Key.Key_Return)
    write(sheet.field, "pre")
    assert texts(sheet) == ["press", "Add “pre”"]
    with qtbot.waitSignal(sheet.tagged):
        press(Qt.Key.Key_Return)
    write(sheet.field, "pre-sale")
    with qtbot.waitSignal(sheet.tagged):
        press(Qt.Key.Key_Return)
    assert services.cases.asked("tag") == [
        (CASE, [], ["complaint"]),
        (CASE, ["press"], []),
        (CASE, ["pre-sale"], []),
    ]
    assert sheet.isVisible(), "open for the next tag"


def test_a_known_tag_is_not_offered_as_new(
    desk: Desk, qtbot: QtBot, services: FakeServices
) -> None:
    sheet = desk.open(TagSheet)
    qtbot.waitUntil(lambda: "press" in texts(sheet))
    write(sheet.field, "PRESS")
    assert texts(sheet) == ["press"]


def test_a_refused_tag_is_explained(desk: Desk, qtbot: QtBot, services: FakeServices) -> None:
    def refuse(*_: object) -> object:
        raise BadInput("A tag has at most 40 characters.", hint="Shorten it.")

    sheet = desk.open(TagSheet)
    services.cases.answers["tag"] = refuse
    write(sheet.field, "x" * 60)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: said(sheet, "A tag has at most 40 characters. Shorten it."))


def test_snooze_takes_a_usual_moment(desk: Desk, qtbot: QtBot, services: FakeServices) -> None:
    sheet = desk.open(SnoozeSheet)
    assert [(sheet.model.row(n).text, sheet.model.row(n).detail) for n in range(5)] == [
        ("In 1 hour", "12:45"),
        ("This afternoon", "14:00"),
        ("This evening", "18:00"),
        ("Tomorrow morning", "Fri 09:00"),
        ("Monday morning", "Mon 09:00"),
    ]
    write(sheet.field, "tom")
    with qtbot.waitSignal(sheet.snoozed):
        press(Qt.Key.Key_Return)
    until = datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert services.cases.asked("snooze") == [(CASE, until)]


def test_snooze_takes_a_moment_of_ones_own(
    desk: Desk, qtbot: QtBot, services: FakeServices
) -> None:
    sheet = desk.open(SnoozeSheet)
    press(Qt.Key.Key_Up)
    press(Qt.Key.Key_Return)
    own = child(sheet, QDateTimeEdit)
    assert focused() is own
    press(Qt.Key.Key_Up)
    with qtbot.waitSignal(sheet.snoozed):
        click(button(sheet, "Snooze"))
    until = datetime(2026, 11, 21, 8, tzinfo=UTC)
    assert services.cases.asked("snooze") == [(CASE, until)]


@pytest.mark.parametrize(
    ("now", "names"),
    [
        (datetime(2026, 11, 19, 12, 45, tzinfo=UTC), ["In 1 hour", "This evening",
         "Tomorrow morning", "Monday morning"]),
        (datetime(2026, 11, 19, 21, 0, tzinfo=UTC), ["In 1 hour", "Tomorrow morning",
         "Monday morning"]),
        (datetime(2026, 11, 22, 8, 0, tzinfo=UTC), ["In 1 hour", "This afternoon", "This evening",
         "Tomorrow morning"]),
        (datetime(2026, 11, 23, 8, 0, tzinfo=UTC), ["In 1 hour", "This afternoon", "This evening",
         "Tomorrow morning", "Monday morning"]),
    ],
)  # fmt: skip
def test_only_moments_worth_waiting_for_are_offered(now: datetime, names: list[str]) -> None:
    offered = moments(now)
    assert [moment.name for moment in offered] == names
    assert all(moment.at > now for moment in offered)


def test_nine_is_nine_also_after_the_clocks_change() -> None:
    before = datetime(2027, 3, 27, 20, 0, tzinfo=UTC)  # summer time begins that night
    tomorrow = next(m for m in moments(before) if m.name == "Tomorrow morning")
    assert tomorrow.at == datetime(2027, 3, 28, 7, 0, tzinfo=UTC)


def test_the_model_of_choices_keeps_the_rules(qtmodeltester: Any) -> None:
    model = PickModel()
    qtmodeltester.check(model)
    model.show([PickRow("a", "A"), PickRow("b", "B", checked=True)])
    model.show([PickRow("a", "A"), PickRow("b", "B", checked=False)])
    qtmodeltester.check(model)
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole) == "B, not ticked"


def test_all_keys_are_listed_and_found(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    shown_window(window)
    sheet = KeysHelp(window, (("R", "Reply"), ("Ctrl+K", "Search everything"), ("E", "Escalate")))
    sheet.open()
    assert sheet.shown() == [("R", "Reply"), ("Ctrl+K", "Search everything"), ("E", "Escalate")]
    write(focused(), "esc")
    assert sheet.shown() == [("E", "Escalate")]
