"""The window over real servers: what customers wrote stands there once, what is sent arrives."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.container import Container
from app.domain.departments import IT, PR
from app.domain.interactions import Direction
from app.domain.replies import Escalation
from app.domain.views import EventItem, InteractionItem, QueueName, QueueRef
from app.ui.bridge import UiBridge
from app.ui.models.queue_loader import AfterLeaving
from app.ui.runtime import prepare
from app.ui.window import ConsoleWindow
from tests.e2e.towns import CUSTOMERS, Town, Written

pytestmark = pytest.mark.peer

SCREENS_VARIABLE = "SEAMLINE_SCREENS"
"""Names a folder that keeps a picture of the window at the end of its story."""
_DEADLINE_MS = 90_000
_EACH = 15


@pytest.fixture
def window(container: Container, town: Town, qtbot: QtBot) -> Iterator[ConsoleWindow]:
    """The console on an account of PR & Community, live, shown on its queue."""
    services = container.services
    account = town.connect(services)
    services.accounts.set_owner(account.account, PR).result()
    prepare("light")
    bridge = UiBridge()
    stop = [
        container.workspace.on_commit(bridge.announce_commit),
        services.syncing.on_change(bridge.announce_connection),
    ]
    made = ConsoleWindow(services, bridge)
    qtbot.addWidget(made)
    made.resize(1440, 900)
    with qtbot.waitExposed(made):
        made.show()
    made.start()
    made.go(QueueRef(QueueName.RESPOND, PR))
    services.syncing.start()
    yield made
    for one in stop:
        one()
    made.close()


def _shown(window: ConsoleWindow) -> Counter[str]:
    """What the customers said, as often as the timeline on the screen shows it."""
    return Counter(
        entry.item.native_id
        for entry in window.desk.timeline.model.entries
        if isinstance(entry.item, InteractionItem) and entry.item.direction is Direction.INBOUND
    )


def _shows(window: ConsoleWindow, wanted: Counter[str]) -> bool:
    return _shown(window) == wanted


def test_the_days_work(
    window: ConsoleWindow, town: Town, container: Container, qtbot: QtBot
) -> None:
    services = container.services
    said: dict[str, set[str]] = {who: set() for who in CUSTOMERS}
    threads: dict[str, Written] = {}
    for number in range(_EACH):
        for who in CUSTOMERS:
            text = f"question {number} of {who}: why does my grinder squeal?"
            if number % 3 == 0:
                written = threads[who] = town.mention(who, text)
            else:
                written = town.reply(who, threads[who], text)
            said[who].add(written.id)
            QTest.qWait(1)
    town.settle()

    model = window.case_list.model
    waiting = len(CUSTOMERS) * _EACH // 3
    qtbot.waitUntil(lambda: len(model.rows()) == waiting, timeout=_DEADLINE_MS)
    assert len({row.case for row in model.rows()}) == waiting
    for who in CUSTOMERS:
        row = next(row for row in model.rows() if row.handle == town.handle(who))
        window.open_customer(row.customer, row.case)
        qtbot.waitUntil(partial(_shows, window, Counter(said[who])), timeout=_DEADLINE_MS)

    # Answer with the keyboard; the customer's own account has it.
    row = next(row for row in model.rows() if row.handle == town.handle("ada"))
    window.open_customer(row.customer, row.case)
    qtbot.waitUntil(lambda: window.desk.view is not None and window.desk.view.case == row.case)
    services.directory.set_setting("undo_seconds", "0").result()
    window.case_list.rows.setFocus()
    QTest.keyClicks(window.case_list.rows, "r")
    editor = window.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "Take the hopper off and brush the burrs")
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(
        lambda: sum("brush the burrs" in one.text for one in town.received("ada")) == 1,
        timeout=_DEADLINE_MS,
    )
    qtbot.waitUntil(
        lambda: any(
            isinstance(entry.item, InteractionItem) and entry.item.ours
            for entry in window.desk.timeline.model.entries
        ),
        timeout=_DEADLINE_MS,
    )

    # There and back: both seams stand in the timeline on the screen. In between, the case is in
    # another queue, and a list that is read just then would go on to the next one.
    window.case_list.loader.after = AfterLeaving.STAY
    services.cases.escalate(row.case, Escalation(IT, reason="The app shows an error")).result()
    services.cases.escalate(row.case, Escalation(PR, reason="Mended, tell her")).result()
    qtbot.waitUntil(lambda: _seams(window) == [(PR, IT), (IT, PR)], timeout=_DEADLINE_MS)
    _keep_a_picture(window, town)


def _seams(window: ConsoleWindow) -> list[tuple[str, str]]:
    return [
        (entry.item.seam.origin, entry.item.seam.target)
        for entry in window.desk.timeline.model.entries
        if isinstance(entry.item, EventItem) and entry.item.seam is not None
    ]


def _keep_a_picture(window: ConsoleWindow, town: Town) -> None:
    folder = os.environ.get(SCREENS_VARIABLE)
    if folder:
        timeline = window.desk.timeline
        timeline.scroll_to(timeline.model.entries[-1].key)
        QTest.qWait(500)
        name = type(town).__name__.removesuffix("Town").lower()
        assert window.grab().save(str(Path(folder) / f"live-{name}.png"))
