"""A case turns due, then late, while somebody reads it: the row, the panel, the notice, the order.

The clock is moved by hand, and what asks for the time every half minute is asked to.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.clocks import Due
from app.domain.events import EventType
from app.domain.ids import CaseId
from app.domain.views import EventItem, QueueName, QueueRef, QueueSort
from app.ui.notifying import Notifying
from app.ui.runtime import prepare
from app.ui.theme import theme
from app.ui.views.customer_panel import CustomerPanel
from tests.conftest import NOW
from tests.services.desk import Desk, make_desk
from tests.store.building import said
from tests.ui.consoles import Console
from tests.ui.driving import button, child
from tests.ui.driving import said as reads
from tests.ui.test_notifying import Shown

MY_WORK = QueueRef(QueueName.MY_WORK)


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    """Ada is to be answered within 50 minutes, Bo within 55; both are mine."""
    prepare("light")
    made = make_desk(tmp_path, clock)
    made.take(said("b", "bo", "Is it fixed?", at=55 * 60), said("a", "ada", "It leaks?", at=3_000))
    for row in made.queues.page(QueueRef(QueueName.ALL)).result().rows:
        made.cases.assign(row.case, made.directory.me().id).result()
    yield made
    made.workspace.close()


def names(console: Console) -> list[str]:
    return [row.name for row in console.window.case_list.model.rows()]


def row_of_bo(console: Console) -> str:
    """What a screen reader says of it."""
    model = console.window.case_list.model
    return next((model.spoken(row) for row in model.rows() if row.name == "Bo"), "")


def grounds(console: Console) -> set[str]:
    """Which of the tints of a deadline are painted in the row of Bo, on the screen."""
    rows = console.window.case_list.rows
    at = next(n for n, row in enumerate(console.window.case_list.model.rows()) if row.name == "Bo")
    image = rows.viewport().grab(rows.visualRect(rows.model().index(at, 0))).toImage()
    seen = {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }
    tints = {"warn-tint": Due.DUE, "danger-tint": Due.LATE}
    return {due.value for name, due in tints.items() if theme().colour(name).name() in seen}


def pass_time(console: Console, clock: FakeClock, minutes: int) -> None:
    """So many minutes after the start; all that looks at the clock looks now."""
    clock.set(NOW + timedelta(minutes=minutes))
    console.window.case_list._tick.timeout.emit()
    child(console.window, CustomerPanel)._clock.timeout.emit()
    console.window.status._wake.timeout.emit()


def test_a_case_turns_due_and_late_under_the_eyes_of_its_reader(
    console: Console, clock: FakeClock, qtbot: QtBot
) -> None:
    window = console.window
    window.resize(1440, 900)  # room for the panel
    window.go(MY_WORK)
    qtbot.waitUntil(lambda: names(console) == ["Ada", "Bo"])
    bo = window.case_list.model.rows()[1].case
    window.case_list.expect_case(bo)
    qtbot.waitUntil(lambda: reads(window, "First reply, 55 min left"))
    panel = child(window, CustomerPanel)
    desktop = Shown()
    window.notifying.stop()  # its own look would take the answers away from this one
    notifying = Notifying(window.services, console.bridge, desktop, window, looking=lambda: False)
    with qtbot.waitSignal(notifying.counted):
        notifying.look()
    assert row_of_bo(console).endswith("next reply in 55 minutes, with Customer Care")
    assert grounds(console) == set()

    pass_time(console, clock, 40)
    qtbot.waitUntil(lambda: reads(panel, "First reply, 15 min left"))
    assert row_of_bo(console).endswith("next reply in 15 minutes, with Customer Care")
    assert grounds(console) == {Due.DUE.value}
    assert button(window, "Due soon 2").isVisible()
    notifying.look()
    qtbot.waitUntil(lambda: len(desktop.titles) == 2)
    assert sorted(desktop.titles) == ["Ada: reply due in 10 min", "Bo: reply due in 15 min"]

    pass_time(console, clock, 56)
    qtbot.waitUntil(lambda: reads(panel, "First reply, 1 min late"))
    assert row_of_bo(console).endswith("reply 1 minute late, with Customer Care")
    assert grounds(console) == {Due.LATE.value}
    qtbot.waitUntil(lambda: _late_lines(console) == ["first_reply"])
    assert names(console) == ["Ada", "Bo"], "the one that is late longest comes first"
    assert window.desk.case == bo, "whoever reads is not led away"
    desktop.clear()
    console.desk.take(said("c", "cy", "Hello?", at=3_600))
    console.desk.cases.assign(_newest(console), console.desk.directory.me().id).result()
    notifying.look()
    qtbot.waitUntil(lambda: bool(desktop.titles))
    assert {title[:2] for title in desktop.titles} == {"Cy"}, "of the others it was told before"


def _newest(console: Console) -> CaseId:
    newest = QueueSort.NEWEST
    return console.desk.queues.page(QueueRef(QueueName.ALL), sort=newest).result().rows[0].case


def _late_lines(console: Console) -> list[str]:
    """What the timeline shows of promises that passed, by their clocks."""
    return [
        entry.item.event.data["clock"]
        for entry in console.window.desk.timeline.model.entries
        if isinstance(entry.item, EventItem) and entry.item.event.type is EventType.CLOCK_BREACHED
    ]
