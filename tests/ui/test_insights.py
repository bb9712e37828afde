"""Insights before there are any: what will be measured, since when, and the way in and out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import IT
from app.domain.insights import Beginnings
from app.domain.replies import Escalation
from app.domain.views import QueueName, QueueRef
from app.ui.models.sidebar_model import ENTRY_ROLE, EntryKind
from app.ui.runtime import prepare
from app.ui.theme import theme, theme_manager
from app.ui.views.insights import InsightsPage
from app.ui.views.insights_cards import FIRST_REPLY, PROMOTION, STEPS, TOPICS, TURNAROUND
from app.ui.window import ConsoleWindow
from tests.services.desk import make_desk
from tests.store.building import said
from tests.ui.consoles import Console, make_console
from tests.ui.driving import focused, press, shown_window

DAY_MS = 86_400_000
NOW_MS = 1_795_000_000_000


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    prepare("light")
    made = make_console(make_desk(tmp_path, clock))
    qtbot.addWidget(made.window)
    shown_window(made.window, 1440, 900)
    yield made
    made.window.close()
    made.desk.workspace.close()
    theme_manager().set_text_scale(1.0)
    theme_manager().set_scheme("light")


def open_by_keys(console: Console) -> InsightsPage:
    press(Qt.Key.Key_G, at=console.window)
    press(Qt.Key.Key_I, at=console.window)
    page = console.window.insights.page
    assert page is not None
    return page


def strips(page: InsightsPage) -> list[str]:
    """What the cards say of their beginning."""
    return [card.strip.accessibleName() for card in page.cards]


def test_an_empty_workspace_says_what_counting_begins_with(console: Console, qtbot: QtBot) -> None:
    page = open_by_keys(console)
    qtbot.waitUntil(lambda: all(strips(page)))
    assert strips(page) == [
        "Begins with the first case.",
        "Begins with the first hand-off.",
        "Begins with the first case.",
        "Begins with the first interaction.",
        "Begins with the first interaction.",
    ]


def test_it_names_the_day_of_the_first(console: Console, qtbot: QtBot, clock: FakeClock) -> None:
    desk = console.desk
    desk.take(said("1", "marta", "It leaks."))
    case = desk.only_case()
    begun = console.window.services.insights.beginnings().result()
    assert (begun.hand_off_ms, begun.case_ms is None) == (None, False)
    desk.cases.escalate(case, Escalation(IT, reason="Only IT can.")).result()
    page = open_by_keys(console)
    qtbot.waitUntil(lambda: "From" in strips(page)[1])
    assert strips(page)[1] == "From 19 Nov, the first hand-off."
    assert strips(page)[3].endswith(", the first interaction.")
    assert strips(page)[3].startswith("From ")


@pytest.mark.parametrize("measure", [TURNAROUND, STEPS, FIRST_REPLY, PROMOTION, TOPICS])
def test_every_measure_has_a_day_of_its_own(measure: object) -> None:
    begun = Beginnings(NOW_MS - 3 * DAY_MS, NOW_MS - 2 * DAY_MS, NOW_MS - DAY_MS)
    days = {TURNAROUND: 2, STEPS: 1, FIRST_REPLY: 2, PROMOTION: 3, TOPICS: 3}
    for one, back in days.items():
        if one is measure:
            assert one.since(begun) == NOW_MS - back * DAY_MS


def test_nothing_that_is_shown_is_a_number_of_the_work(console: Console, qtbot: QtBot) -> None:
    page = open_by_keys(console)
    qtbot.waitUntil(lambda: all(strips(page)))
    said_there = [widget.accessibleName() for widget in page.findChildren(QWidget)]
    told = {words for words in said_there if any(letter.isdigit() for letter in words)}
    spans = {"7 days", "30 days", "90 days"}
    assert told - spans == {page.head.dates.whole_text()}


def test_the_keyboard_goes_through_the_cards_and_back_to_the_list(
    console: Console, qtbot: QtBot
) -> None:
    window = console.window
    page = open_by_keys(console)
    assert focused() is page.cards[0]
    told = []
    for _ in page.cards:
        told.append(focused().accessibleName())
        press(Qt.Key.Key_Tab)
    assert told == [card.measure.title for card in page.cards]
    press(Qt.Key.Key_F6)
    press(Qt.Key.Key_F6)
    assert page.isAncestorOf(focused())
    press(Qt.Key.Key_Escape)
    assert not window.insights.is_open
    assert window.case_list.isAncestorOf(focused())


def test_a_queue_leaves_them_and_the_sidebar_marks_what_is_shown(console: Console) -> None:
    window = console.window
    page = open_by_keys(console)
    queues = window.sidebar.queues

    def marked() -> str:
        return str(queues.currentIndex().data(ENTRY_ROLE).label)

    assert page.isVisible()
    assert marked() == "Insights"
    assert queues.current is None
    window.go(QueueRef(QueueName.SNOOZED))
    assert page.isHidden()
    assert window.case_list.isVisible()
    assert marked() == "Snoozed"


def test_the_sidebar_opens_them_by_key_and_by_mouse(console: Console) -> None:
    window = console.window
    queues = window.sidebar.queues
    model = queues.model()
    row = next(
        number for number in range(model.rowCount())
        if model.index(number, 0).data(ENTRY_ROLE).kind is EntryKind.INSIGHTS
    )  # fmt: skip
    queues.setFocus()
    queues.setCurrentIndex(model.index(row, 0))
    press(Qt.Key.Key_Return)
    assert window.insights.is_open
    window.back_to_list()
    at = queues.visualRect(model.index(row, 0)).center()
    QTest.mouseClick(queues.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert window.insights.is_open


def test_a_window_opens_where_it_was_left(console: Console, qtbot: QtBot) -> None:
    window = console.window
    open_by_keys(console)
    window.close()
    again = ConsoleWindow(window.services, console.bridge)
    qtbot.addWidget(again)
    qtbot.waitUntil(lambda: '"insights": true' in window.services.directory.setting("ui-place"))
    again.start()
    qtbot.waitUntil(lambda: again.insights.is_open)
    assert again.queue == QueueRef(QueueName.MY_WORK)
    again.close()


def test_what_they_cover_rests(console: Console, qtbot: QtBot) -> None:
    """Nobody closes a case that they do not see."""
    console.desk.take(said("1", "marta", "It leaks."))
    window = console.window
    case = console.desk.only_case()
    view = console.desk.cases.view(case).result()
    window.open_customer(view.customer, case)
    qtbot.waitUntil(lambda: window.desk.view is not None)
    resting = ("close", "escalate", "next", "narrow", "panel", "reply")
    assert all(window.named_actions[name].isEnabled() for name in resting)
    open_by_keys(console)
    press(Qt.Key.Key_C)
    assert not any(window.named_actions[name].isEnabled() for name in resting)
    assert not any(command.id in resting for command in window.palette_commands())
    window.open_customer(view.customer, case)
    assert not window.insights.is_open
    assert all(window.named_actions[name].isEnabled() for name in resting)
    assert console.desk.cases.view(case).result().state.is_open


def test_the_days_chosen_are_the_days_named(console: Console) -> None:
    page = open_by_keys(console)
    assert page.head.dates.whole_text() == (
        "Not counted yet: 21 Oct to 19 Nov, against the 30 days before"
    )
    page.head.span.group.button(1).setFocus()
    press(Qt.Key.Key_Left)
    press(Qt.Key.Key_Return)
    assert page.head.dates.whole_text() == (
        "Not counted yet: 13 Nov to 19 Nov, against the 7 days before"
    )


@pytest.mark.parametrize(("wide", "high", "scale"), [(1440, 900, 1.0), (700, 620, 1.3)])
def test_no_card_is_cut_off(console: Console, wide: int, high: int, scale: float) -> None:
    theme_manager().set_text_scale(scale)
    console.window.resize(wide, high)
    page = open_by_keys(console)
    QGuiApplication.processEvents()
    for card in page.cards:
        right = card.mapTo(page, QPoint(card.width(), 0)).x()
        assert right <= page.width()
        assert card.drawing.height() >= 60
    boxes = [card.geometry() for card in page.cards]
    assert not any(a.intersects(b) for a in boxes for b in boxes if a is not b)


def test_a_card_reached_by_tab_is_in_sight(console: Console, qtbot: QtBot) -> None:
    console.window.resize(700, 620)
    page = open_by_keys(console)
    for _ in page.cards[1:]:
        press(Qt.Key.Key_Tab)
    last = page.cards[-1]
    assert focused() is last
    qtbot.waitUntil(lambda: 0 <= last.mapTo(page, QPoint()).y() < page.height())
    before = last.mapTo(page, QPoint()).y()
    press(Qt.Key.Key_Home)
    assert last.mapTo(page, QPoint()).y() > before


def test_from_right_to_left_the_cards_stand_in_a_mirror(console: Console) -> None:
    def lefts() -> list[int]:
        return [card.mapTo(page, QPoint()).x() for card in page.cards]

    page = open_by_keys(console)
    _, steps, reply, promotion, topics = lefts()
    assert steps < reply
    assert promotion < topics
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        QGuiApplication.processEvents()
        _, steps, reply, promotion, topics = lefts()
        assert steps > reply
        assert promotion > topics
    finally:
        QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_it_is_painted_in_the_theme(console: Console) -> None:
    page = open_by_keys(console)
    for scheme in ("light", "dark"):
        theme_manager().set_scheme(scheme)
        QGuiApplication.processEvents()
        picture = page.cards[4].grab().toImage()
        assert picture.pixelColor(60, 16) == theme().colour("surface")


def test_a_card_is_read_with_what_it_tells(console: Console, qtbot: QtBot) -> None:
    page = open_by_keys(console)
    qtbot.waitUntil(lambda: all(strips(page)))
    spoken = QAccessible.queryAccessibleInterface(page.cards[1])
    assert spoken.text(QAccessible.Text.Name) == "Steps per resolution, by path"
    assert spoken.text(QAccessible.Text.Description) == (
        "How many departments a case goes through, and how long it waits between them."
        " Begins with the first hand-off."
    )
