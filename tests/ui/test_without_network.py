"""Every view of a real workspace whose server is not there, or never answers: usable and quick."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListView
from pytestqt.qtbot import QtBot

from app.container import Container, open_container
from app.domain.departments import CARE
from app.domain.interactions import Direction
from app.domain.views import InteractionItem, QueueName, QueueRef
from app.store.ingest import ingest
from app.store.vault import Vault
from app.ui.bridge import UiBridge
from app.ui.dialogs.accounts import AccountsSheet
from app.ui.dialogs.assign import AssignSheet
from app.ui.dialogs.connect import ConnectSheet
from app.ui.dialogs.escalate import EscalateSheet
from app.ui.dialogs.keys_help import KeysHelp
from app.ui.dialogs.palette import Palette
from app.ui.dialogs.settings import SettingsSheet
from app.ui.dialogs.sheet import Sheet
from app.ui.dialogs.snooze import SnoozeSheet
from app.ui.dialogs.tags import TagSheet
from app.ui.runtime import prepare
from app.ui.views.composer_edit import GrowingEdit
from app.ui.views.me_sheet import MeSheet
from app.ui.window import ConsoleWindow
from tests.store.building import said as wrote
from tests.sync.shop import SILENCE, Shop, closed_address, connect_at
from tests.ui.driving import CONTROL, child, main_button, press, shown_window, write

AT_ONCE_S = 5.0
"""On a machine busy with other tests. What waits for the network waits for ten and more."""
SHEETS: dict[str, type[Sheet]] = {
    "assign": AssignSheet,
    "tag": TagSheet,
    "snooze": SnoozeSheet,
    "escalate": EscalateSheet,
    "accounts": AccountsSheet,
    "connect": ConnectSheet,
    "keys": KeysHelp,
    "settings": SettingsSheet,
    "me": MeSheet,
}


@pytest.fixture(params=["closed", "silent"])
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """An address where nobody listens, and one where somebody listens and never says a word."""
    if request.param == "closed":
        yield closed_address()
        return
    shop = Shop()
    shop.block = SILENCE
    yield shop.url
    shop.close()


@pytest.fixture
def container(server: str, workspace_dir: Path) -> Iterator[Container]:
    """A workspace with a day of work in it, whose account was connected when all was well."""
    opened = open_container(workspace_dir, passphrase="for a test")
    opened.services.directory.set_me("Ines Duarte", CARE).result()
    account = connect_at(opened.workspace, server)
    Vault(opened.workspace, "", None).set(account, {"token": "t"})
    facts = [wrote(str(n), f"customer{n}", f"My Duo shows E14, day {n}?", at=n) for n in range(12)]
    opened.workspace.write(lambda tx: ingest(tx, account, facts)).result()
    yield opened
    opened.close()


@pytest.fixture
def touched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the main thread asked of the network: nothing, if all is well."""
    asked: list[str] = []
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def note(what: str) -> None:
        if threading.current_thread() is threading.main_thread():
            asked.append(what)

    def connecting(self: socket.socket, address: Any) -> None:
        note(f"connect {address}")
        connect(self, address)

    def resolving(*args: Any, **more: Any) -> Any:
        note(f"resolve {args[0]}")
        return resolve(*args, **more)

    monkeypatch.setattr(socket.socket, "connect", connecting)
    monkeypatch.setattr(socket, "getaddrinfo", resolving)
    return asked


@pytest.fixture
def window(container: Container, qtbot: QtBot) -> Iterator[ConsoleWindow]:
    prepare("light")
    bridge = UiBridge()
    stops = (
        container.workspace.on_commit(bridge.announce_commit),
        container.services.syncing.on_change(bridge.announce_connection),
    )
    made = ConsoleWindow(container.services, bridge)
    shown_window(made, 1440, 900)
    made.start()
    container.services.syncing.start()
    yield made
    for stop in stops:
        stop()
    made.close()


def at_once(qtbot: QtBot, act: Callable[[], object], shown: Callable[[], bool]) -> None:
    """Does it, and sees it on the screen before a person would wonder."""
    began = time.monotonic()
    act()
    qtbot.waitUntil(shown, timeout=round(AT_ONCE_S * 1000))
    assert time.monotonic() - began < AT_ONCE_S


def _messages(window: ConsoleWindow) -> list[str]:
    return [
        entry.item.text
        for entry in window.desk.timeline.model.entries
        if isinstance(entry.item, InteractionItem) and entry.item.direction is Direction.INBOUND
    ]


def test_every_view_works(window: ConsoleWindow, qtbot: QtBot, touched: list[str]) -> None:
    respond = QueueRef(QueueName.RESPOND, CARE)
    rows = window.case_list.model
    at_once(qtbot, lambda: window.go(respond), lambda: rows.rowCount() == 12)
    at_once(qtbot, lambda: window.step(1), lambda: len(_messages(window)) == 1)
    qtbot.waitUntil(lambda: window.panel.card is not None, timeout=round(AT_ONCE_S * 1000))
    for name in QueueName:
        if name not in (QueueName.RESPOND, QueueName.REACH_OUT, QueueName.ALL, QueueName.OUTBOX):
            at_once(qtbot, lambda name=name: window.go(QueueRef(name)), lambda: True)  # type: ignore[misc]  # a lambda's default
    at_once(qtbot, lambda: window.go(respond), lambda: rows.rowCount() == 12)
    at_once(qtbot, lambda: window.step(1), lambda: window.desk.case is not None)
    for action, kind in SHEETS.items():
        at_once(qtbot, window.named_actions[action].trigger, lambda kind=kind: _open(window, kind))  # type: ignore[misc]  # as above
        at_once(qtbot, lambda kind=kind: _close(window, kind), lambda: not _sheets(window))  # type: ignore[misc]  # as above
    at_once(qtbot, window.open_palette, lambda: _open(window, Palette))
    palette = child(window, Palette)
    found = child(palette, QListView)
    at_once(
        qtbot, lambda: write(child(palette, QLineEdit), "day 7"), lambda: _finds(found, "day 7")
    )
    at_once(qtbot, lambda: _close(window, Palette), lambda: not _sheets(window))
    assert touched == []


def test_the_work_goes_on(
    window: ConsoleWindow, qtbot: QtBot, request: pytest.FixtureRequest, touched: list[str]
) -> None:
    respond = QueueRef(QueueName.RESPOND, CARE)
    rows = window.case_list.model
    at_once(qtbot, lambda: window.go(respond), lambda: rows.rowCount() == 12)
    at_once(qtbot, lambda: window.step(1), lambda: window.desk.case is not None)
    composer = window.desk.composer
    edit = child(composer, GrowingEdit)
    at_once(qtbot, composer.focus_reply, lambda: "Customer" in edit.placeholderText())
    write(edit, "We found it. A fix is on its way.")
    qtbot.waitUntil(main_button(composer).isEnabled)
    with qtbot.waitSignal(composer.sent, timeout=round(AT_ONCE_S * 1000)):
        press(Qt.Key.Key_Return, CONTROL, edit)
    entries = window.outbox.model
    at_once(qtbot, lambda: window.go(QueueRef(QueueName.OUTBOX)), lambda: entries.rowCount() == 1)
    at_once(qtbot, lambda: window.go(respond), lambda: rows.rowCount() == 12)
    at_once(qtbot, lambda: window.step(1), lambda: window.desk.case is not None)
    at_once(qtbot, window.named_actions["close"].trigger, lambda: rows.rowCount() == 11)
    if "closed" in request.node.name:  # of a silent one nothing is known yet
        qtbot.waitUntil(window.banner.isVisible)
        assert "One reply waits in the outbox" in window.banner.accessibleName()
    assert touched == []


def _sheets(window: ConsoleWindow) -> list[Sheet]:
    return [sheet for sheet in window.findChildren(Sheet) if sheet.isVisible()]


def _open(window: ConsoleWindow, kind: type[Sheet]) -> bool:
    return any(isinstance(sheet, kind) for sheet in _sheets(window))


def _close(window: ConsoleWindow, kind: type[Sheet]) -> None:
    for sheet in _sheets(window):
        assert isinstance(sheet, kind)
        sheet.close()


def _finds(view: QListView, words: str) -> bool:
    model = view.model()
    return any(words in str(model.index(row, 0).data()) for row in range(model.rowCount()))
