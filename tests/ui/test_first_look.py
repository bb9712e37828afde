"""The window stands on a first look, and goes on when the workspace is open whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from app.container import Container, open_container
from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.errors import WorkspaceError
from app.domain.views import QueueName, QueueRef
from app.services.promised import Promised
from app.store.first_look import first_look
from app.ui.lock_place import Place, written
from app.ui.runtime import prepare
from app.ui.session import Doors, Session
from app.ui.window import ConsoleWindow
from tests.store.building import connect_brand, said, take


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
def begin(
    folder: Path, clock: FakeClock, qtbot: QtBot
) -> Iterator[Callable[[Callable[[], Container]], Session]]:
    sessions: list[Session] = []
    prepare("light")

    def begin(open_whole: Callable[[], Container]) -> Session:
        def door(_passphrase: str | None) -> Promised:
            look = first_look(folder, "")
            assert look is not None
            return Promised(look, folder, clock, open_whole)

        session = Session(Doors(door, door, door, lambda _path, passphrase: door(passphrase)))
        sessions.append(session)
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
    begin: Callable[[Callable[[], Container]], Session], folder: Path, qtbot: QtBot
) -> None:
    may_open = threading.Event()
    opened: list[Container] = []

    def open_whole() -> Container:
        may_open.wait(10)
        opened.append(open_container(folder))
        return opened[0]

    session = begin(open_whole)
    window = session.window
    assert isinstance(window, ConsoleWindow)
    assert [row.name for row in window.case_list.model.rows()] == ["Ada"]
    assert not opened
    qtbot.waitUntil(lambda: window.sidebar_model.count_of(QueueRef(QueueName.UNASSIGNED)) == 1)
    assert window.desk.case == window.case_list.model.rows()[0].case
    may_open.set()
    qtbot.waitUntil(lambda: window.desk.timeline.canvas.isVisible() and bool(opened))
    take(opened[0].workspace, said("2", "bo", "@halden And me?"))
    qtbot.waitUntil(lambda: len(window.case_list.model.rows()) == 2)


def test_what_turns_out_broken_leaves_no_window_that_nobody_answers(
    begin: Callable[[Callable[[], Container]], Session],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    may_open = threading.Event()

    def broken() -> Container:
        may_open.wait(10)
        raise WorkspaceError("The disk is gone.")

    session = begin(broken)
    with qtbot.waitSignal(session.given_up):
        may_open.set()
    assert told == ["The disk is gone."]
    assert session.window is None
