"""The window stands on a first look, and goes on when the workspace is open whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.container import Container, open_container
from app.domain.cases import Status
from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.errors import WorkspaceError
from app.domain.views import QueueName, QueueRef
from app.services.promised import Promised
from app.store.first_look import first_look
from app.ui.lock_idle import IdleWatch
from app.ui.lock_place import Place, written
from app.ui.runtime import prepare
from app.ui.session import Doors, Session
from app.ui.views.desk import Desk
from app.ui.window import ConsoleWindow
from tests.store.building import connect_brand, said, take
from tests.ui.driving import press

Begin = Callable[..., Session]


@pytest.fixture
def folder(workspace_dir: Path) -> Path:
    """Somebody sits here who left where there is something to do."""
    container = open_container(workspace_dir)
    directory = container.services.directory
    directory.set_me("Ines Duarte", CARE).result()
    place = Place(QueueRef(QueueName.ALL), None, None, None)
    directory.set_setting("ui-place", written(place)).result()
    connect_brand(container.workspace)
    take(container.workspace, said("1", "ada", "@halden Can you help?"))
    container.close()
    return workspace_dir


@pytest.fixture
def begin(folder: Path, clock: FakeClock, qtbot: QtBot) -> Iterator[Begin]:
    sessions: list[Session] = []
    prepare("light")

    def begin(
        open_whole: Callable[[], Container], at_first: Callable[[ConsoleWindow], None] | None = None
    ) -> Session:
        def door(_passphrase: str | None) -> Promised:
            look = first_look(folder, "")
            assert look is not None
            return Promised(look, folder, clock, open_whole)

        session = Session(Doors(door, door, door, lambda _path, passphrase: door(passphrase)))
        sessions.append(session)
        if at_first is not None:
            session.shown.connect(lambda: at_first(_console(session)))
        with qtbot.waitSignal(session.shown):
            session.open_first()
        return session

    yield begin
    for session in sessions:
        if session.window is not None:
            session.window.close()
            session.window.deleteLater()
        session.close()


def test_the_queue_stands_before_it_is_open_and_the_conversation_follows(
    begin: Begin, folder: Path, qtbot: QtBot
) -> None:
    may_open = threading.Event()
    opened: list[Container] = []

    def open_whole() -> Container:
        may_open.wait(30)
        opened.append(open_container(folder))
        return opened[0]

    session = begin(open_whole)
    window = _console(session)
    assert [row.name for row in window.case_list.model.rows()] == ["Ada"]
    assert not opened
    qtbot.waitUntil(lambda: window.sidebar_model.count_of(QueueRef(QueueName.UNASSIGNED)) == 1)
    assert window.desk.case == window.case_list.model.rows()[0].case
    may_open.set()
    qtbot.waitUntil(lambda: window.desk.timeline.canvas.isVisible() and bool(opened))
    take(opened[0].workspace, said("2", "bo", "@halden And me?"))
    qtbot.waitUntil(lambda: len(window.case_list.model.rows()) == 2)
    assert session.findChild(IdleWatch) is not None


def test_the_list_is_painted_before_what_stands_beside_it_and_nothing_moves(
    begin: Begin, folder: Path, qtbot: QtBot
) -> None:
    first: list[tuple[bool, list[QRect]]] = []

    def look(window: ConsoleWindow) -> None:
        first.append((window.findChild(Desk) is None, _places(window)))

    window = _console(begin(lambda: open_container(folder), look))
    qtbot.waitUntil(lambda: window.findChild(Desk) is not None)
    qtbot.waitUntil(window.desk.timeline.canvas.isVisible)
    assert first[0] == (True, _places(window))
    assert window.desk.case == window.case_list.model.rows()[0].case


def test_a_key_pressed_before_the_rest_is_there_acts(
    begin: Begin, folder: Path, qtbot: QtBot
) -> None:
    alone: list[bool] = []

    def close(window: ConsoleWindow) -> None:
        alone.append(window.findChild(Desk) is None)
        press(Qt.Key.Key_C, at=window.case_list.rows)

    window = _console(begin(lambda: open_container(folder), close))
    assert alone == [True]
    case = window.desk.case
    assert case is not None
    view = window.services.cases.view
    qtbot.waitUntil(lambda: view(case).result().state.status is Status.CLOSED)
    qtbot.waitUntil(lambda: not window.notice.isHidden())


def _console(session: Session) -> ConsoleWindow:
    assert isinstance(session.window, ConsoleWindow)
    return session.window


def _places(window: ConsoleWindow) -> list[QRect]:
    """Where everything stands that is there from the beginning, in the window."""
    parts = (window.sidebar, window.case_list, window.case_list.rows, window.columns)
    return [QRect(part.mapTo(window, QPoint()), part.size()) for part in parts]


def test_what_turns_out_broken_leaves_no_window_that_nobody_answers(
    begin: Begin,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    may_open = threading.Event()

    def broken() -> Container:
        may_open.wait(30)
        raise WorkspaceError("The disk is gone.")

    session = begin(broken)
    with qtbot.waitSignal(session.given_up):
        may_open.set()
    assert told == ["The disk is gone."]
    assert session.window is None
