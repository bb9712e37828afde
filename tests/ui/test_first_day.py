"""A newcomer's first day, on a real server: connect, read what is there, answer, be understood."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.container import Container, open_container
from app.domain.interactions import Channel
from app.domain.views import QueueName, QueueRef
from app.ui.bridge import UiBridge
from app.ui.dialogs.connect import ConnectSheet
from app.ui.dialogs.connect_history import HistoryPanel
from app.ui.dialogs.controls import Segmented
from app.ui.dialogs.first_run import FirstRun
from app.ui.runtime import prepare
from app.ui.views.composer_edit import GrowingEdit
from app.ui.window import ConsoleWindow
from tests.peers.mastodon import MastodonServer
from tests.ui.driving import (
    CONTROL,
    button,
    child,
    click,
    main_button,
    press,
    said,
    shown_window,
    write,
)

pytestmark = pytest.mark.peer

_PATIENCE_MS = 20_000


@pytest.fixture
def container(workspace_dir: Path) -> Iterator[Container]:
    opened = open_container(workspace_dir, passphrase="for a test")
    opened.services.directory.set_setting("undo_seconds", "0").result()
    yield opened
    opened.close()


@pytest.fixture
def bridge(container: Container, qtbot: QtBot) -> Iterator[UiBridge]:
    prepare("light")
    made = UiBridge()
    stops = (
        container.workspace.on_commit(made.announce_commit),
        container.services.syncing.on_change(made.announce_connection),
    )
    yield made
    for stop in stops:
        stop()


def _connected(
    container: Container, bridge: UiBridge, qtbot: QtBot, server: str, token: str
) -> FirstRun:
    """Through the first run: Mastodon, a token, everything that is there."""
    first = FirstRun(container.services, bridge)
    qtbot.addWidget(first)
    shown_window(first)
    click(button(first, Channel.MASTODON.label))
    sheet = child(first, ConnectSheet)
    click(button(sheet, "Use an access token instead"))
    write(child(sheet, QLineEdit, "Server"), server)
    write(child(sheet, QLineEdit, "Access token"), token)
    click(button(sheet, "Connect"))
    panel = child(sheet, HistoryPanel)
    qtbot.waitUntil(panel.isVisible, timeout=_PATIENCE_MS)
    child(panel, Segmented).choose(3)
    click(button(sheet, "Read"))
    qtbot.waitUntil(lambda: said(panel, "Everything is here."), timeout=_PATIENCE_MS)
    with qtbot.waitSignal(first.connected):
        click(button(sheet, "Done"))
    return first


def test_a_mention_is_found_and_answered_and_the_customer_has_the_answer(
    mastodon: MastodonServer, container: Container, bridge: UiBridge, qtbot: QtBot
) -> None:
    brand, marta = mastodon.person("halden"), mastodon.person("marta")
    mention = marta.post(f"@{brand.username} my Duo shows E14, what now?")
    first = _connected(container, bridge, qtbot, mastodon.url, brand.token)

    window = ConsoleWindow(container.services, bridge)
    qtbot.addWidget(window)
    shown_window(window)
    window.start()
    window.go(QueueRef(QueueName.UNASSIGNED))
    qtbot.waitUntil(lambda: window.desk.case is not None, timeout=_PATIENCE_MS)
    edit = child(window.desk.composer, GrowingEdit)
    qtbot.waitUntil(lambda: "Marta" in edit.placeholderText(), timeout=_PATIENCE_MS)

    container.services.syncing.start()
    write(edit, "Hold the power key for ten seconds.")
    qtbot.waitUntil(main_button(window.desk.composer).isEnabled)
    with qtbot.waitSignal(window.desk.composer.sent, timeout=_PATIENCE_MS):
        press(Qt.Key.Key_Return, CONTROL, edit)

    def has_the_answer() -> bool:
        return any(
            "Hold the power key" in one["status"]["content"]
            and one["status"]["in_reply_to_id"] == mention["id"]
            and one["status"]["visibility"] == mention["visibility"]
            for one in marta.notifications("mention")
        )

    qtbot.waitUntil(has_the_answer, timeout=_PATIENCE_MS)
    window.close()
    first.close()


def test_a_server_that_is_none_is_named(
    container: Container, bridge: UiBridge, qtbot: QtBot
) -> None:
    window = FirstRun(container.services, bridge)
    qtbot.addWidget(window)
    shown_window(window)
    sheet = ConnectSheet(container.services, bridge, window, Channel.MASTODON)
    sheet.open()
    write(child(sheet, QLineEdit, "Server"), "http://127.0.0.1:9")
    click(button(sheet, "Sign in with your browser"))
    qtbot.waitUntil(
        lambda: child(sheet, QLineEdit, "Server").property("invalid") is True,
        timeout=_PATIENCE_MS,
    )
    assert sheet.isVisible()
    sheet.close()
