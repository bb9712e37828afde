"""The keyboard goes where the eye goes, can always be seen, and stays in an open sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.domain.ids import CaseId
from app.ui.access.focus_order import tab_stops
from app.ui.dialogs.sheet import Sheet
from app.ui.theme import theme_manager
from app.ui.window import ConsoleWindow
from tests.ui.driving import focused, press

SHIFT = Qt.KeyboardModifier.ShiftModifier
PANES = ["sidebar", "list", "timeline", "composer", "panel"]
_MOST_STOPS = 80
SHEETS: dict[str, Callable[[ConsoleWindow], None]] = {
    "palette": lambda window: window.open_palette(),
    "escalate": lambda window: window.sheets.escalate(_case(window)),
    "assign": lambda window: window.sheets.assign(_case(window)),
    "tag": lambda window: window.sheets.tag(_case(window)),
    "snooze": lambda window: window.sheets.snooze(_case(window)),
    "accounts": lambda window: window.sheets.accounts(),
    "connect": lambda window: window.sheets.connect_account(),
    "settings": lambda window: window.sheets.settings(),
    "shortcuts": lambda window: window.sheets.shortcuts(),
    "keys": lambda window: window.sheets.keys(),
    "about": lambda window: window.sheets.about(),
    "me": lambda window: window.open_me(),
}


@pytest.fixture(params=["light", "dark"])
def in_every_look(request: pytest.FixtureRequest, sample_window: ConsoleWindow) -> Iterator[None]:
    assert sample_window.isVisible()
    theme_manager().set_scheme(request.param)
    yield
    theme_manager().set_scheme("light")


def test_tab_goes_through_the_panes_from_left_to_right(sample_window: ConsoleWindow) -> None:
    sample_window.sidebar.queues.setFocus()
    there = _visited(sample_window, Qt.KeyboardModifier.NoModifier)
    assert there == [*PANES, "sidebar"]
    assert _visited(sample_window, SHIFT) == ["sidebar", *reversed(PANES)]


def test_f6_goes_from_pane_to_pane(sample_window: ConsoleWindow) -> None:
    sample_window.sidebar.queues.setFocus()
    went = []
    for _ in PANES:
        went.append(_pane(sample_window, focused()))
        press(Qt.Key.Key_F6)
    assert went == PANES
    press(Qt.Key.Key_F6, SHIFT)
    assert _pane(sample_window, focused()) == "panel"


@pytest.mark.usefixtures("in_every_look")
def test_it_can_always_be_seen_where_the_keyboard_is(sample_window: ConsoleWindow) -> None:
    sample_window.sidebar.queues.setFocus()
    unseen, first = [], _told(focused())
    for _ in range(_MOST_STOPS):
        widget = focused()
        name, area = _told(widget), _area(widget)
        with_it = _picture(sample_window, area)
        press(Qt.Key.Key_Tab)
        if _picture(sample_window, area) == with_it:
            unseen.append(name)
        if _told(focused()) == first:
            break
    assert _told(focused()) == first
    assert unseen == []


def test_what_is_not_in_sight_is_passed_over(sample_window: ConsoleWindow, qtbot: QtBot) -> None:
    sample_window.resize(880, 700)
    qtbot.waitUntil(lambda: not sample_window.panel.isVisible())
    sample_window.sidebar.queues.setFocus()
    for _ in range(_MOST_STOPS):
        press(Qt.Key.Key_Tab)
        assert focused().isVisible()
        if focused() is sample_window.sidebar.queues:
            return
    pytest.fail("Tab never came back")


@pytest.mark.parametrize("name", ["palette", "escalate", "settings"])
def test_a_sheet_keeps_the_keyboard_and_gives_it_back(
    sample_window: ConsoleWindow, qtbot: QtBot, name: str
) -> None:
    rows = sample_window.case_list.rows
    rows.setFocus()
    SHEETS[name](sample_window)
    qtbot.waitUntil(lambda: _sheet(sample_window) is not None)
    sheet = _sheet(sample_window)
    assert sheet is not None
    for modifier in (Qt.KeyboardModifier.NoModifier, SHIFT):
        for _ in range(12):
            assert sheet is focused() or sheet.isAncestorOf(focused())
            area = _area(focused())
            before = _picture(sample_window, area)
            here = focused()
            press(Qt.Key.Key_Tab, modifier)
            alone = focused() is here
            assert alone or _picture(sample_window, area) != before, _told(here)
    press(Qt.Key.Key_F6)
    assert sheet is focused() or sheet.isAncestorOf(focused())
    sheet.close()
    # What a window manager does; without one, a window of another test may be given the turn.
    sample_window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is rows)


def test_stops_are_read_line_by_line_and_from_the_right_where_one_reads_so(qtbot: QtBot) -> None:
    part = QWidget()
    qtbot.addWidget(part)
    part.resize(300, 200)
    places = {"below": (0, 100, 60), "right": (200, 4, 20), "left": (10, 0, 28), "off": (0, 50, 24)}
    for name, (x, y, high) in places.items():  # made in another order than they stand
        button = QPushButton(name, part)
        button.setGeometry(x, y, 60, high)
        button.setEnabled(name != "off")
    QLabel("only read", part)
    part.show()

    def order() -> list[str]:
        return [stop.text() for stop in tab_stops([part]) if isinstance(stop, QPushButton)]

    assert order() == ["left", "right", "below"]
    part.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert order() == ["right", "left", "below"]


def _case(window: ConsoleWindow) -> CaseId:
    case = window.desk.case
    assert case is not None
    return case


def _sheet(window: ConsoleWindow) -> Sheet | None:
    return next((one for one in window.findChildren(Sheet) if one.isVisible()), None)


def _visited(window: ConsoleWindow, modifier: Qt.KeyboardModifier) -> list[str]:
    """The panes as they are entered, until the first one is entered again from another."""
    went = [_pane(window, focused())]
    for _ in range(_MOST_STOPS):
        press(Qt.Key.Key_Tab, modifier)
        pane = _pane(window, focused())
        if pane != went[-1]:
            went.append(pane)
        if len(went) > 1 and pane == went[0]:
            return went
    pytest.fail(f"Tab went {went}")


def _pane(window: ConsoleWindow, widget: QWidget) -> str:
    """The header of a case belongs to its timeline."""
    desk = window.desk
    holders = {
        "sidebar": (window.sidebar,),
        "list": (window.case_list, window.outbox),
        "timeline": (desk.header, desk.timeline),
        "composer": (desk.composer,),
        "panel": (window.panel,),
    }
    for name, parts in holders.items():
        if any(part is widget or part.isAncestorOf(widget) for part in parts):
            return name
    raise AssertionError(f"{_told(widget)} is in no pane")


def _told(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{widget.accessibleName()}”"


def _area(widget: QWidget) -> QRect:
    """Where a widget stands in its window, with room for a ring around it."""
    corner = widget.mapTo(widget.window(), QPoint())
    return QRect(corner, widget.size()).adjusted(-4, -4, 4, 4)


def _picture(window: QWidget, area: QRect) -> QImage:
    QTest.qWait(0)  # what was asked to be painted is
    return window.grab(area).toImage()
