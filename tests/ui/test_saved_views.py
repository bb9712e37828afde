"""The list narrowed by conditions, and kept as views in the sidebar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.narrowing import Narrowing
from app.domain.saved_views import SavedView
from app.domain.views import QueueName, QueueRef, QueueSort
from app.ui.dialogs.palette import Palette
from app.ui.dialogs.view_name import ViewNameSheet
from app.ui.models.sidebar_model import EntryKind
from app.ui.runtime import prepare
from app.ui.views.narrowing_chips import NarrowingChips, language_name, reach_words
from app.ui.views.sidebar import VIEW_COMMANDS
from tests.services.desk import make_desk
from tests.store.building import person, said
from tests.ui.consoles import Console, make_console
from tests.ui.driving import CONTROL, button, child, click

UNASSIGNED = QueueRef(QueueName.UNASSIGNED)
REACHES = {"ada": 12_000, "bo": 300, "cy": 48_000}
MOVE = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.take(
        *(
            said(who, who, f"@halden {who}?", at=n, language="de" if who == "bo" else "en",
                 author=replace(person(who), followers=reach))
            for n, (who, reach) in enumerate(REACHES.items())
        )
    )  # fmt: skip
    made = make_console(desk)
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.window.activateWindow()
    made.window.go(UNASSIGNED)
    qtbot.waitUntil(lambda: len(_names(made)) == len(REACHES))
    yield made
    made.window.close()
    desk.workspace.close()


def _names(console: Console) -> list[str]:
    return [row.name for row in console.window.case_list.model.rows()]


def _views(console: Console) -> list[tuple[str, int | None]]:
    entries = console.window.sidebar_model.rows()
    return [(entry.label, entry.count) for entry in entries if entry.kind is EntryKind.VIEW]


def _opened_menu(qtbot: QtBot) -> QMenu:
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def _trigger(menu: QMenu, *path: str) -> None:
    for words in path:
        action = next(action for action in menu.actions() if action.text() == words)
        inner = action.menu()
        if isinstance(inner, QMenu):
            menu = inner
        else:
            action.trigger()


def _save(console: Console, qtbot: QtBot, narrowing: Narrowing, name: str) -> SavedView:
    window = console.window
    window.case_list.narrow(narrowing)
    QTest.keyClick(window.case_list.rows, Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: bool(window.findChildren(ViewNameSheet)))
    sheet = child(window, ViewNameSheet)
    sheet.field.setText(name)
    sheet.submit()
    qtbot.waitUntil(lambda: name in [label for label, _ in _views(console)])
    qtbot.waitUntil(lambda: not window.findChildren(ViewNameSheet))
    return next(v for v in console.window.services.views.views().result() if v.name == name)


def test_conditions_are_chosen_in_a_menu_and_taken_away_as_chips(
    console: Console, qtbot: QtBot
) -> None:
    pane = console.window.case_list
    QTest.keyClick(pane.rows, Qt.Key.Key_F)
    menu = _opened_menu(qtbot)
    _trigger(menu, "Reach", reach_words(10_000))
    menu.close()
    qtbot.waitUntil(lambda: _names(console) == ["Ada", "Cy"])
    chips = child(pane, NarrowingChips)
    assert chips.isVisible()
    QTest.keyClick(pane.rows, Qt.Key.Key_F)
    menu = _opened_menu(qtbot)
    _trigger(menu, "Language", language_name("de"))
    menu.close()
    qtbot.waitUntil(lambda: _names(console) == [])
    click(button(chips, f"{reach_words(10_000)}, take away"))
    qtbot.waitUntil(lambda: _names(console) == ["Bo"])
    click(button(chips, "German, take away"))
    qtbot.waitUntil(lambda: _names(console) == ["Ada", "Bo", "Cy"])
    assert not chips.isVisible()


def test_nothing_that_fits_says_so_and_shows_all_again(console: Console, qtbot: QtBot) -> None:
    pane = console.window.case_list
    pane.narrow(Narrowing(tags=("nobody",)))
    qtbot.waitUntil(lambda: _names(console) == [])
    click(button(pane, "Show all"))
    qtbot.waitUntil(lambda: len(_names(console)) == len(REACHES))


def test_a_view_is_saved_counted_and_shown_again(console: Console, qtbot: QtBot) -> None:
    window = console.window
    window.case_list.loader.set_sort(QueueSort.REACH)
    wide = _save(console, qtbot, Narrowing(reach=10_000), "Reach over 10k")
    qtbot.waitUntil(lambda: _views(console) == [("Reach over 10k", 2)])
    assert window.queue == wide.ref
    qtbot.waitUntil(lambda: _names(console) == ["Cy", "Ada"])
    window.go(UNASSIGNED)
    qtbot.waitUntil(lambda: len(_names(console)) == len(REACHES))
    window.sidebar.queues.chosen.emit(wide.ref)
    qtbot.waitUntil(lambda: _names(console) == ["Cy", "Ada"])
    assert window.case_list.loader.sort is QueueSort.REACH
    assert window.case_list.rows.accessibleName() == "Reach over 10k"
    console.desk.take(said("d", "di", "@halden?", author=replace(person("di"), followers=90_000)))
    qtbot.waitUntil(lambda: _views(console) == [("Reach over 10k", 3)])


def test_views_are_moved_renamed_and_deleted_by_key(console: Console, qtbot: QtBot) -> None:
    window = console.window
    _save(console, qtbot, Narrowing(reach=10_000), "Wide")
    german = _save(console, qtbot, Narrowing(language="de"), "German")
    sidebar = window.sidebar.queues
    sidebar.show_at(german.ref)
    sidebar.setFocus()
    QTest.keyClick(sidebar, Qt.Key.Key_Up, MOVE)
    qtbot.waitUntil(lambda: [label for label, _ in _views(console)] == ["German", "Wide"])
    QTest.keyClick(sidebar, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: bool(window.findChildren(ViewNameSheet)))
    sheet = child(window, ViewNameSheet)
    assert sheet.field.text() == "German"
    sheet.field.setText("Auf Deutsch")
    sheet.submit()
    qtbot.waitUntil(lambda: [label for label, _ in _views(console)] == ["Auf Deutsch", "Wide"])
    sidebar.show_at(german.ref)
    sidebar.setFocus()
    QTest.keyClick(sidebar, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: [label for label, _ in _views(console)] == ["Wide"])
    assert window.queue == UNASSIGNED
    window.named_actions["undo"].trigger()
    qtbot.waitUntil(lambda: [label for label, _ in _views(console)] == ["Auf Deutsch", "Wide"])


def test_the_menu_of_a_view_offers_the_same(console: Console, qtbot: QtBot) -> None:
    wide = _save(console, qtbot, Narrowing(reach=10_000), "Wide")
    sidebar = console.window.sidebar.queues
    sidebar.show_at(wide.ref)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(sidebar.viewport(), event)
    menu = _opened_menu(qtbot)
    assert [action.objectName() for action in menu.actions()] == [
        what for what, *_ in VIEW_COMMANDS
    ]
    _trigger(menu, "Delete")
    menu.close()
    qtbot.waitUntil(lambda: _views(console) == [])


def test_a_search_becomes_a_view_of_the_open_cases_it_was_said_in(
    console: Console, qtbot: QtBot
) -> None:
    QTest.keyClick(console.window, Qt.Key.Key_K, CONTROL)
    qtbot.waitUntil(lambda: bool(console.window.findChildren(Palette)))
    palette = child(console.window, Palette)
    QTest.keyClicks(child(palette, QLineEdit), "halden a side: service ")
    QTest.keyClick(child(palette, QLineEdit), Qt.Key.Key_S, CONTROL)
    qtbot.waitUntil(lambda: bool(console.window.findChildren(ViewNameSheet)))
    sheet = child(console.window, ViewNameSheet)
    assert sheet.field.text() == "“halden a”, Service side"
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _names(console) == ["Ada"])
    qtbot.waitUntil(lambda: _views(console) == [("“halden a”, Service side", 1)])
    chips = child(console.window, NarrowingChips)
    click(button(chips, "“halden a” "))
    qtbot.waitUntil(lambda: len(_names(console)) == len(REACHES))


def test_the_plus_beside_the_heading_saves_a_view(console: Console, qtbot: QtBot) -> None:
    sidebar = console.window.sidebar.queues
    model = console.window.sidebar_model
    row = next(n for n, entry in enumerate(model.rows()) if entry.label == "Saved views")
    rect = sidebar.visualRect(model.index(row))
    at = QPoint(rect.right() - 24, rect.bottom() - 12)
    QTest.mouseClick(sidebar.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: bool(console.window.findChildren(ViewNameSheet)))
    assert child(console.window, ViewNameSheet).field.text() == "Unassigned"
