"""Promises and noise by the keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.domain.cases import Status
from app.domain.clock import FakeClock, to_ms
from app.domain.clocks import ClockKind, Deadline, Due
from app.domain.views import QueueName, QueueRef
from app.ui.dialogs.promise import PromiseSheet, usual
from app.ui.runtime import prepare
from app.ui.theme import formats
from tests.services.desk import make_desk
from tests.store.building import said
from tests.ui.consoles import Console, make_console
from tests.ui.driving import child, focused

MINUTE = 60_000
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALL, NOISE = QueueRef(QueueName.ALL), QueueRef(QueueName.NOISE)


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    """Three unassigned cases, the first of them at hand."""
    prepare("light")
    desk = make_desk(tmp_path, clock)
    desk.take(*(said(f"m{n}", f"c{n}", f"@halden Question {n}?", at=n) for n in range(3)))
    made = make_console(desk)
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        made.window.show()
    made.window.activateWindow()
    made.window.go(QueueRef(QueueName.UNASSIGNED))
    qtbot.waitUntil(lambda: made.window.case_list.model.rowCount() == 3)
    qtbot.waitUntil(lambda: made.window.desk.view is not None)
    made.window.case_list.rows.setFocus()
    yield made
    made.window.close()
    desk.workspace.close()


def press(console: Console, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    held = modifier or Qt.KeyboardModifier.NoModifier
    QTest.keyClick(console.window.case_list.rows, key, held)


def count(console: Console, queue: QueueRef) -> int:
    return len(console.desk.queues.everything(queue).result())


def test_a_promise_is_typed_kept_and_undone(console: Console, qtbot: QtBot) -> None:
    window = console.window
    case = window.desk.case
    assert case is not None
    press(console, Qt.Key.Key_P)
    sheet = child(window, PromiseSheet)
    qtbot.waitUntil(lambda: "#" in sheet.heading.text())
    QTest.keyClicks(sheet.field, "I will check back in 20 minutes")
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(window.desk.view and window.desk.view.state.promises))
    assert window.desk.view is not None
    promise = window.desk.view.state.promises[0]
    assert promise.text == "I will check back in 20 minutes"
    assert promise.until_ms == to_ms(console.desk.clock.now()) + 20 * MINUTE
    press(console, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(window.desk.view and not window.desk.view.state.promises))


def test_what_the_composer_says_is_offered(console: Console, qtbot: QtBot) -> None:
    window = console.window
    window.desk.composer.focus_reply()
    QTest.keyClicks(focused(), "We look. Back in 2 hours.")
    window.named_actions["promise"].trigger()
    sheet = child(window, PromiseSheet)
    assert sheet.field.text() == "Back in 2 hours"
    sheet.close()


def test_dropping_needs_a_reason(console: Console, qtbot: QtBot) -> None:
    window = console.window
    case = window.desk.case
    assert case is not None
    until = datetime.fromtimestamp(console.desk.clock.now().timestamp() + 3600, UTC)
    window.services.promises.make(case, until).result()
    press(console, Qt.Key.Key_P)
    sheet = child(window, PromiseSheet)
    qtbot.waitUntil(lambda: any(row.text == "Drop it" for row in sheet.rows("")))
    drop = next(row for row in sheet.rows("") if row.text == "Drop it")
    sheet.pick(drop)
    assert "why" in sheet.note.text()
    sheet.field.setText("The parcel came")
    sheet.pick(drop)
    qtbot.waitUntil(lambda: not console.desk.cases.view(case).result().state.promises)


def test_the_usual_moments_are_ahead_and_in_order() -> None:
    now = datetime(2026, 11, 19, 10, 47, tzinfo=UTC)
    moments = [at for _, at in usual(now)]
    assert moments == sorted(moments)
    assert all(at > now for at in moments)
    assert {at.minute for at in moments[1:3]} <= {0, 30}


def test_one_case_is_noise_and_back(console: Console, qtbot: QtBot) -> None:
    window = console.window
    case = window.desk.case
    assert case is not None
    press(console, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: console.desk.cases.view(case).result().state.status is Status.NOISE)
    qtbot.waitUntil(lambda: window.case_list.model.rowCount() == 2)
    qtbot.waitUntil(window.notice.isVisible)  # it can be undone
    press(console, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.case_list.model.rowCount() == 3)


def test_a_whole_result_is_noise_and_back(console: Console, qtbot: QtBot) -> None:
    window = console.window
    press(console, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(window.case_list.chosen()) == 3)
    press(console, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: count(console, NOISE) == 3)
    window.named_actions["go-noise"].trigger()
    qtbot.waitUntil(lambda: window.case_list.model.rowCount() == 3)
    press(console, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(window.case_list.chosen()) == 3)
    press(console, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: count(console, ALL) == 3)


def test_a_row_says_that_it_was_promised() -> None:
    promised = Deadline(0, 60 * MINUTE, kind=ClockKind.PROMISE)
    assert formats.clock_text(promised, 48 * MINUTE) == ("promised in 12 min", Due.DUE)
    assert formats.clock_text(promised, 72 * MINUTE) == ("promise 12 min late", Due.LATE)
    assert formats.clock_text(Deadline(0, 60 * MINUTE), 48 * MINUTE) == ("12 min", Due.DUE)
