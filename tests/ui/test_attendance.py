"""Two windows at one case know of each other, and of a colleague elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import PR
from app.domain.ids import AgentId, CaseId
from app.services.presence import Seat
from app.ui.bridge import UiBridge
from app.ui.lock_place import place_of
from app.ui.runtime import prepare
from app.ui.views.attendance import sentence
from app.ui.views.composer_case import CROSSED
from app.ui.views.composer_edit import GrowingEdit
from app.ui.window import ConsoleWindow
from tests.ui.consoles import Console, on_screen, one_question
from tests.ui.driving import CONTROL, button, child, press, said, write

ME, TOMAS = AgentId("me"), AgentId("tomas")


@pytest.fixture
def console(tmp_path: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Console]:
    prepare("light")
    with one_question(tmp_path, clock) as desk, on_screen(desk, qtbot) as made:
        open_case(made.window, qtbot, desk.only_case())
        yield made


def open_case(window: ConsoleWindow, qtbot: QtBot, case: CaseId) -> None:
    view = window.services.cases.view(case).result()
    window.open_customer(view.customer, case)
    qtbot.waitUntil(lambda: window.desk.view is not None and window.desk.view.case == case)
    qtbot.waitUntil(child(window.desk.composer, GrowingEdit).isEnabled)


def stands(window: ConsoleWindow, words: str) -> bool:
    named = (part.accessibleName() for part in window.desk.header.findChildren(QWidget))
    return any(name.endswith(f". {words}") for name in named)


@pytest.fixture
def second(console: Console, qtbot: QtBot) -> Iterator[ConsoleWindow]:
    """Another window on the same case."""
    bridge = UiBridge()
    stop = console.desk.workspace.on_commit(bridge.announce_commit)
    window = ConsoleWindow(console.window.services, bridge, begins_at=place_of(console.window))
    bridge.setParent(window)
    qtbot.addWidget(window)
    window.show()
    window.start()
    open_case(window, qtbot, console.desk.only_case())
    yield window
    window.close()
    stop()


def send(window: ConsoleWindow, qtbot: QtBot) -> None:
    composer = window.desk.composer
    qtbot.waitUntil(button(composer, "Send").isEnabled)
    press(Qt.Key.Key_Return, CONTROL, child(composer, GrowingEdit))


def test_two_windows_know_of_each_other(
    console: Console, second: ConsoleWindow, qtbot: QtBot
) -> None:
    first = console.window
    qtbot.waitUntil(lambda: stands(first, "Also open in another window"))
    qtbot.waitUntil(lambda: stands(second, "Also open in another window"))
    height = first.desk.timeline.height()
    write(child(second.desk.composer, GrowingEdit), "It is the seal.")
    qtbot.waitUntil(lambda: stands(first, "Being written in another window"))
    assert stands(second, "Also open in another window")
    assert first.desk.timeline.height() == height, "whoever reads is not moved"
    second.close()
    qtbot.waitUntil(lambda: not stands(first, "Being written in another window"))


def test_a_reply_that_crossed_another_is_asked_about_once(
    console: Console, second: ConsoleWindow, qtbot: QtBot
) -> None:
    first, composer = console.window, second.desk.composer
    write(child(composer, GrowingEdit), "A new seal leaves today.")
    qtbot.waitUntil(button(composer, "Send").isEnabled)
    write(child(first.desk.composer, GrowingEdit), "It is the seal.")
    with qtbot.waitSignal(first.desk.composer.sent):
        send(first, qtbot)
    sent: list[object] = []
    composer.sent.connect(sent.append)
    send(second, qtbot)
    assert said(composer, CROSSED)
    assert sent == []
    send(second, qtbot)
    qtbot.waitUntil(lambda: len(sent) == 1)


def test_a_reply_that_was_taken_back_has_not_crossed_another(
    console: Console, second: ConsoleWindow, qtbot: QtBot
) -> None:
    first, composer = console.window, second.desk.composer
    write(child(composer, GrowingEdit), "A new seal leaves today.")
    write(child(first.desk.composer, GrowingEdit), "It is the seal.")
    with qtbot.waitSignal(first.desk.composer.sent):
        send(first, qtbot)
    with qtbot.waitSignal(first.case_actions.restored):
        first.named_actions["undo"].trigger()
    with qtbot.waitSignal(composer.sent):
        send(second, qtbot)


def test_who_has_handed_over_a_reply_writes_no_more(
    console: Console, second: ConsoleWindow, qtbot: QtBot
) -> None:
    first, composer = console.window, second.desk.composer
    write(child(composer, GrowingEdit), "A new seal leaves today.")
    qtbot.waitUntil(lambda: stands(first, "Being written in another window"))
    qtbot.waitUntil(button(composer, "Send").isEnabled)
    with qtbot.waitSignal(composer.kept):
        second.named_actions["send-when-closed"].trigger()
    there = first.services.presence.others(console.desk.only_case(), "elsewhere")
    assert [seat.writes for seat in there] == [False, False]
    qtbot.waitUntil(lambda: stands(first, "Also open in another window"))


def test_a_colleague_is_named_whatever_thread_tells_it(console: Console, qtbot: QtBot) -> None:
    services = console.window.services
    tomas = services.directory.add_agent("Tomas Vrba", PR).result().id
    seat = Seat("elsewhere", tomas, console.desk.only_case(), writes=True)
    thread = Thread(target=services.presence.tell, args=(seat,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: stands(console.window, "Tomas is writing here"))
    services.presence.leave("elsewhere")
    qtbot.waitUntil(lambda: not stands(console.window, "Tomas is writing here"))


@pytest.mark.parametrize(
    ("there", "words"),
    [
        ((), ""),
        (((ME, False),), "Also open in another window"),
        (((ME, True), (TOMAS, False)), "Being written in another window"),
        (((ME, False), (TOMAS, False)), "Tomas is looking here"),
        (((ME, True), (TOMAS, True)), "Tomas is writing here"),
    ],
)
def test_what_matters_most_is_said(there: tuple[tuple[AgentId, bool], ...], words: str) -> None:
    seats = tuple(
        Seat(str(number), agent, CaseId(1), writes) for number, (agent, writes) in enumerate(there)
    )
    assert sentence(seats, ME, str.title) == words
