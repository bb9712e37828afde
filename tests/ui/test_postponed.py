"""Keeping a reply until the case is closed, by the keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.guard import Standing
from app.services.guard import Guard
from app.ui.dialogs.promotion import PromotionSheet
from app.ui.runtime import prepare
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.composer_remarks import GuardStrip
from tests.store.building import rows
from tests.ui.consoles import Console, on_screen, one_question
from tests.ui.driving import CONTROL, child, press, write

KEEP = CONTROL | Qt.KeyboardModifier.AltModifier
OFFER = "All good again, Marta. Take 15 % off with HUILA15."


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    """One conversation of mine is open, and the offer is written in its reply."""
    prepare("light")
    with one_question(tmp_path, clock) as desk, on_screen(desk, qtbot) as made:
        show(made, qtbot)
        made.window.desk.composer.focus_reply()
        qtbot.waitUntil(field(made).isEnabled)
        write(field(made), OFFER)
        qtbot.waitUntil(strip(made).isVisible)
        yield made


def show(console: Console, qtbot: QtBot) -> None:
    view = console.desk.cases.view(console.desk.only_case()).result()
    console.window.open_customer(view.customer, view.case)
    shown = console.window.desk
    qtbot.waitUntil(lambda: shown.view is not None and shown.view.case == view.case)


def field(console: Console) -> GrowingEdit:
    return child(console.window.desk.composer, GrowingEdit)


def strip(console: Console) -> GuardStrip:
    return child(console.window.desk.composer, GuardStrip)


def ways(console: Console) -> list[str]:
    return [way.text() for way in strip(console).menu().actions()]


def count(console: Console, table: str, what: str = "1") -> int:
    found = rows(console.desk.workspace, f"SELECT count(*) FROM {table} WHERE {what}")  # noqa: S608 - words of this file
    return int(found[0][0])


def kept(console: Console) -> bool:
    return count(console, "event", "type = 'reply_postponed'") == 1


def test_it_leaves_with_the_key_that_closes(console: Console, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Return, KEEP, field(console))
    qtbot.waitUntil(lambda: kept(console) and field(console).text == "")
    assert count(console, "outbox") == 0
    press(Qt.Key.Key_Escape, at=field(console))
    press(Qt.Key.Key_C)
    qtbot.waitUntil(lambda: count(console, "outbox", "state = 'queued'") == 1)
    assert rows(console.desk.workspace, "SELECT text FROM outbox") == [(OFFER,)]


def test_undo_puts_it_back_into_the_field(console: Console, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Return, KEEP, field(console))
    qtbot.waitUntil(lambda: kept(console) and field(console).text == "")
    console.window.named_actions["undo"].trigger()
    qtbot.waitUntil(lambda: field(console).text == OFFER)
    assert count(console, "draft", "text <> ''") == 1


def test_what_may_not_leave_when_it_is_closed_is_a_draft_again(
    console: Console, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_Return, KEEP, field(console))
    qtbot.waitUntil(lambda: kept(console) and field(console).text == "")
    desk = console.desk
    marta = desk.customers.resolve("@marta").result()
    guard = Guard(desk.workspace, desk.directory)
    guard.set_standing(marta, Standing.OPTED_OUT, "Asked by mail").result()
    press(Qt.Key.Key_Escape, at=field(console))
    press(Qt.Key.Key_C)
    qtbot.waitUntil(lambda: count(console, "draft", "text <> ''") == 1)
    assert count(console, "outbox") == 0


def test_send_offers_it_too_and_the_strip_as_long_as_it_helps(
    console: Console, qtbot: QtBot
) -> None:
    assert "Send when the case is closed" in ways(console)
    press(Qt.Key.Key_Return, CONTROL, field(console))
    sheet = child(console.window, PromotionSheet)
    sheet.send_later.setFocus()
    press(Qt.Key.Key_Space, at=sheet.send_later)
    qtbot.waitUntil(lambda: kept(console) and field(console).text == "")


def test_who_opted_out_is_not_waited_for(console: Console, qtbot: QtBot) -> None:
    desk = console.desk
    marta = desk.customers.resolve("@marta").result()
    guard = Guard(desk.workspace, desk.directory)
    guard.set_standing(marta, Standing.OPTED_OUT, "Asked by mail").result()
    qtbot.waitUntil(lambda: "Send when the case is closed" not in ways(console))
    press(Qt.Key.Key_Return, KEEP, field(console))
    composer = console.window.desk.composer
    qtbot.waitUntil(lambda: not composer._busy)
    assert not kept(console)
    assert field(console).text == OFFER
