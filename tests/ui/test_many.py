"""Several conversations at once: chosen by keys and pointer, done and undone as one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from app.domain.cases import Urgency
from app.domain.clock import FakeClock
from app.domain.departments import IT
from app.domain.views import QueueName, QueueRef
from app.services.many import Done
from app.ui.dialogs.many import EscalateMany
from app.ui.dialogs.pick import PickSheet
from app.ui.many_actions import DEEDS, told
from app.ui.models.queue_loader import PAGE_ROWS
from app.ui.room import LIST_LEAST, LIST_MOST
from app.ui.runtime import prepare
from app.ui.theme import formats
from app.ui.views.selection_bar import SelectionBar
from tests.services.desk import make_desk
from tests.store.building import said
from tests.ui.consoles import Console, make_console
from tests.ui.driving import CONTROL, child, press, write

CROWD = 70
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALL = QueueRef(QueueName.ALL)
MY_WORK = QueueRef(QueueName.MY_WORK)


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    """More unassigned cases than a page of the list holds."""
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.take(*(said(f"m{n}", f"c{n:02}", f"@halden Question {n}?", at=n) for n in range(CROWD)))
    made = make_console(desk)
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.window.activateWindow()
    made.window.go(QueueRef(QueueName.UNASSIGNED))
    qtbot.waitUntil(lambda: made.window.case_list.model.rowCount() == PAGE_ROWS)
    qtbot.waitUntil(lambda: made.window.desk.view is not None)
    made.window.case_list.rows.setFocus()
    yield made
    made.window.close()
    desk.workspace.close()


def _press(console: Console, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    QTest.keyClick(console.window.case_list.rows, key, held)


def _chosen(console: Console) -> list[str]:
    pane = console.window.case_list
    names = {row.case: row.name for row in pane.model.rows()}
    return [names[case] for case in pane.chosen()]


def _click(console: Console, row: int, modifier: Qt.KeyboardModifier) -> None:
    rows = console.window.case_list.rows
    at = rows.visualRect(rows.model().index(row, 0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def _count(console: Console, queue: QueueRef) -> int:
    return len(console.desk.queues.everything(queue).result())


def test_shift_j_and_k_choose_one_more_and_one_less(console: Console) -> None:
    _press(console, Qt.Key.Key_J)
    _press(console, Qt.Key.Key_J, SHIFT)
    _press(console, Qt.Key.Key_Down, SHIFT)
    assert _chosen(console) == ["C01", "C02", "C03"]
    assert console.window.case_list.bar.isVisible()
    _press(console, Qt.Key.Key_K, SHIFT)
    assert _chosen(console) == ["C01", "C02"]
    for _ in range(3):
        _press(console, Qt.Key.Key_Up, SHIFT)
    assert _chosen(console) == ["C00", "C01"]
    _press(console, Qt.Key.Key_J)
    assert _chosen(console) == []
    assert not console.window.case_list.bar.isVisible()


@pytest.mark.parametrize("width", [LIST_LEAST, LIST_MOST])
def test_how_many_are_chosen_is_never_cut(qtbot: QtBot, width: int) -> None:
    prepare("light")
    holder = QWidget()
    qtbot.addWidget(holder)
    bar = SelectionBar(holder)
    actions = [QAction(str(number)) for number in range(7)]
    for action in actions:
        action.setData("check")
    bar.offer(lambda: actions)
    bar.setFixedWidth(width)
    holder.show()
    bar.show()
    for count, whole in ((2, False), (12, True), (1_204, True), (104_000, True)):
        bar.say(count, whole=whole)
        QApplication.sendPostedEvents()
        label = child(bar, QLabel)
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
        number = formats.grouped(count)
        assert number in label.text() or label.text() == formats.compact_number(count)
        assert label.accessibleName() == (f"All {number}" if whole else f"{number} chosen")


def test_another_queue_begins_with_nothing_chosen(console: Console, qtbot: QtBot) -> None:
    console.window.named_actions["choose-all"].trigger()
    qtbot.waitUntil(console.window.case_list.bar.isVisible)
    console.window.go(QueueRef(QueueName.NOISE))
    qtbot.waitUntil(lambda: not console.window.case_list.bar.isVisible())
    assert console.window.case_list.chosen() == ()


def test_shift_and_ctrl_click_choose_a_span_and_single_ones(console: Console) -> None:
    _click(console, 1, Qt.KeyboardModifier.NoModifier)
    _click(console, 4, SHIFT)
    assert _chosen(console) == ["C01", "C02", "C03", "C04"]
    _click(console, 2, CONTROL)
    _click(console, 5, CONTROL)
    assert _chosen(console) == ["C01", "C03", "C04", "C05"]
    _click(console, 3, Qt.KeyboardModifier.NoModifier)
    assert _chosen(console) == []
    row = console.window.case_list.current_row()
    assert row is not None
    assert row.name == "C03"


def test_the_whole_list_is_chosen_also_what_is_not_loaded(console: Console, qtbot: QtBot) -> None:
    pane = console.window.case_list
    _press(console, Qt.Key.Key_A, CONTROL)
    qtbot.waitUntil(lambda: len(pane.chosen()) == CROWD)
    assert pane.model.rowCount() == PAGE_ROWS
    # What comes now was not there to be chosen.
    console.desk.take(said("late", "late", "@halden me too?", at=900))
    qtbot.waitUntil(lambda: _count(console, ALL) == CROWD + 1)
    _press(console, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: [row.name for row in pane.model.rows()] == ["Late"])
    assert _count(console, ALL) == 1
    qtbot.waitUntil(console.window.notice.isVisible)  # it can be undone
    _press(console, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: _count(console, ALL) == CROWD + 1)


def _fill_in(sheet: PickSheet, *words: str) -> None:
    fields = [sheet.field, *(f for f in sheet.findChildren(QLineEdit) if f is not sheet.field)]
    for field, text in zip(fields, words, strict=False):
        field.setText(text)
    sheet.submit()


@pytest.mark.parametrize(
    ("key", "words", "holds"),
    [
        (Qt.Key.Key_A, ("Ines",), lambda c: _count(c, MY_WORK) == 3),
        (Qt.Key.Key_T, ("press",), lambda c: c.desk.cases.tags().result() == ("press",)),
        (Qt.Key.Key_S, ("tomorrow",), lambda c: _count(c, QueueRef(QueueName.SNOOZED)) == 3),
        (
            Qt.Key.Key_E,
            ("IT", "Firmware 3.2"),
            lambda c: _count(c, QueueRef(QueueName.RESPOND, IT)) == 3,
        ),
        (Qt.Key.Key_C, (), lambda c: _count(c, QueueRef(QueueName.CLOSED)) == 3),
    ],
)
def test_every_deed_reaches_all_that_is_chosen_and_one_undo_takes_it_back(
    console: Console,
    qtbot: QtBot,
    key: Qt.Key,
    words: tuple[str, ...],
    holds: Callable[[Console], bool],
) -> None:
    _press(console, Qt.Key.Key_J, SHIFT)
    _press(console, Qt.Key.Key_J, SHIFT)
    _press(console, key)
    if words:
        qtbot.waitUntil(lambda: bool(console.window.findChildren(PickSheet)))
        sheet = child(console.window, PickSheet)
        assert "3 conversations" in sheet.heading.text()
        if key is Qt.Key.Key_T:
            qtbot.waitUntil(lambda: sheet.model.rowCount() == 0)
        _fill_in(sheet, *words)
    qtbot.waitUntil(lambda: holds(console))
    qtbot.waitUntil(console.window.notice.isVisible)
    _press(console, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: not holds(console))


def test_all_are_escalated_with_one_urgency_and_one_brief(console: Console, qtbot: QtBot) -> None:
    _press(console, Qt.Key.Key_J, SHIFT)
    _press(console, Qt.Key.Key_E)
    sheet = child(console.window, EscalateMany)
    assert sheet.heading.text() == "Escalate 2 conversations to"
    sheet.submit()
    assert "Write why" in sheet.note.text(), "they would see nothing"
    sheet.field.setText("IT")
    write(sheet.brief, "Firmware 3.2 again.")
    sheet.urgency.group.button(0).setFocus()
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Return, CONTROL)
    held = QueueRef(QueueName.RESPOND, IT)
    qtbot.waitUntil(lambda: _count(console, held) == 2)
    for row in console.desk.queues.page(held).result().rows:
        view = console.desk.cases.view(row.case).result()
        assert view.state.urgency is Urgency.CRITICAL
        assert view.state.pending is not None
        assert view.state.pending.brief == "Firmware 3.2 again."
    qtbot.waitUntil(console.window.notice.isVisible)
    _press(console, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: _count(console, held) == 0)


@pytest.mark.parametrize("whole", [False, True])
def test_escape_chooses_only_the_one_at_hand(console: Console, qtbot: QtBot, whole: bool) -> None:
    pane = console.window.case_list
    _press(console, Qt.Key.Key_J)
    _press(console, Qt.Key.Key_J, SHIFT)
    if whole:
        _press(console, Qt.Key.Key_A, CONTROL)
        qtbot.waitUntil(lambda: len(pane.chosen()) == CROWD)
    _press(console, Qt.Key.Key_Escape)
    assert pane.chosen() == ()
    assert not pane.bar.isVisible()
    row = pane.current_row()
    assert row is not None
    assert row.name == "C02"
    _press(console, Qt.Key.Key_J, SHIFT)
    assert _chosen(console) == ["C02", "C03"]


def test_reading_several_marks_them_read(console: Console, qtbot: QtBot) -> None:
    pane = console.window.case_list
    _press(console, Qt.Key.Key_J, SHIFT)
    _press(console, Qt.Key.Key_J, SHIFT)
    _press(console, Qt.Key.Key_U, SHIFT)
    qtbot.waitUntil(lambda: not any(row.unread for row in pane.model.rows()[:3]))
    assert pane.model.rows()[3].unread


def test_unread_follows_the_reader_and_u_holds_it(console: Console, qtbot: QtBot) -> None:
    pane, desk = console.window.case_list, console.window.desk
    qtbot.waitUntil(lambda: not pane.model.rows()[0].unread)
    _press(console, Qt.Key.Key_U)
    qtbot.waitUntil(lambda: pane.model.rows()[0].unread)
    assert not desk._seen.isActive()  # nothing is about to call it read


def test_what_comes_while_it_is_looked_at_is_read_too(console: Console, qtbot: QtBot) -> None:
    model = console.window.case_list.model
    qtbot.waitUntil(lambda: not model.rows()[0].unread)
    console.desk.take(said("more", "c00", "@halden And one more?", at=950, in_reply_to="m0"))
    qtbot.waitUntil(lambda: model.rows()[0].snippet.endswith("And one more?"))
    qtbot.waitUntil(lambda: not model.rows()[0].unread)


def test_the_menu_of_a_row_offers_what_fits(console: Console, qtbot: QtBot) -> None:
    rows = console.window.case_list.rows

    def opened() -> QMenu:
        found = QApplication.activePopupWidget()
        assert isinstance(found, QMenu)
        return found

    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(rows.viewport(), event)
    one = [action.objectName() for action in opened().actions()]
    assert {"reply", "note", "unread", "choose-all", *DEEDS} <= set(one)
    opened().close()
    _press(console, Qt.Key.Key_J, SHIFT)
    QApplication.sendEvent(rows.viewport(), event)
    several = [action.objectName() for action in opened().actions() if action.objectName()]
    assert several == [*DEEDS, "choose-all"]
    assert all(action.isEnabled() for action in opened().actions())
    opened().close()


def test_what_follows_a_closed_conversation_is_chosen_in_the_lists_menu(
    console: Console, qtbot: QtBot
) -> None:
    window = console.window
    _press(console, Qt.Key.Key_F, SHIFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    choices = {action.text(): action for action in menu.actions()}
    assert choices["Go to the next"].isChecked()
    choices["Go back to the list"].trigger()
    menu.close()
    case = window.desk.case
    _press(console, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: not window.case_list.model.index_of(case).isValid())
    assert window.desk.case is None
    qtbot.waitUntil(lambda: window.services.directory.setting("ui-after-leaving") == "list")


def test_what_is_done_is_told_in_numbers() -> None:
    assert told("Closed", Done(1)) == "Closed: 1 conversation."
    assert told("Closed", Done(1_204, 2, "This case is closed.")) == (
        "Closed: 1,204 conversations. 2 were left as they are: This case is closed."
    )
