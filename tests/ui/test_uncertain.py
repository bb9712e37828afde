"""Deciding whether an uncertain message arrived, with both texts side by side."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QPushButton
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.errors import Unreachable
from app.domain.ids import OutboxId
from app.domain.outbox import OutboxItem, OutboxState
from app.domain.replies import Draft
from app.store import outbox
from app.ui.bridge import UiBridge
from app.ui.dialogs.uncertain import UncertainSheet
from app.ui.runtime import prepare
from tests.services.desk import Desk, make_desk
from tests.store.building import answered, said
from tests.ui.consoles import ListedAccounts, StillSyncing, make_services


class Looking(StillSyncing):
    """A service that shows one answer of ours, or cannot be asked."""

    desk: Desk
    away = False

    def look_at(self, _item: OutboxId) -> Future[None]:
        done: Future[None] = Future()
        if self.away:
            done.set_exception(Unreachable("Mastodon didn’t answer."))
        else:
            self.desk.take(answered("2", "1", "We will look.", at=60))
            done.set_result(None)
        return done


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    prepare("light")
    made = make_desk(tmp_path, clock)
    made.take(said("1", "marta", "It leaks."))
    yield made
    made.workspace.close()


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    """What a sheet opens over; it lives as long as the test holds it."""
    made = QMainWindow()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def uncertain(desk: Desk) -> OutboxItem:
    item = desk.replies.reply(desk.only_case(), Draft("Is it the tray?")).result()
    desk.replies.send_now(item.id).result()
    desk.workspace.write(lambda tx: outbox.claim(tx, item.id)).result()
    desk.workspace.write(outbox.recover).result()
    return item


def show(
    desk: Desk, item: OutboxItem, window: QMainWindow, qtbot: QtBot, *, away: bool = False
) -> UncertainSheet:
    syncing = Looking()
    syncing.desk, syncing.away = desk, away
    sheet = UncertainSheet(
        make_services(desk, syncing, ListedAccounts()), UiBridge(), window, item.id
    )
    sheet.open()
    qtbot.waitUntil(lambda: sheet.wrote.text() == "Is it the tray?")
    return sheet


def state(desk: Desk, item: OutboxItem) -> OutboxState:
    return desk.workspace.read(lambda conn: outbox.get(conn, item.id)).result().state


@pytest.mark.parametrize(
    ("press", "left"), [("arrived", OutboxState.SENT), ("again", OutboxState.QUEUED)]
)
def test_both_texts_are_shown_and_the_agent_decides(
    desk: Desk, window: QMainWindow, qtbot: QtBot, press: str, left: OutboxState
) -> None:
    item = uncertain(desk)
    sheet = show(desk, item, window, qtbot)
    qtbot.waitUntil(lambda: "We will look." in sheet.shown.text())
    chosen: QPushButton = getattr(sheet, press)
    with qtbot.waitSignal(sheet.closed):
        QTest.mouseClick(chosen, Qt.MouseButton.LeftButton)
    assert state(desk, item) is left


def test_a_service_that_cannot_be_asked_is_named(
    desk: Desk, window: QMainWindow, qtbot: QtBot
) -> None:
    item = uncertain(desk)
    sheet = show(desk, item, window, qtbot, away=True)
    told = "Mastodon didn’t answer. This is what was seen last."
    qtbot.waitUntil(lambda: sheet.state.text() == told)
    assert sheet.shown.text() == "Nothing of ours stands in this conversation."
    assert state(desk, item) is OutboxState.UNKNOWN
