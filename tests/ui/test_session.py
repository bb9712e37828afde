"""Opening, swapping and closing workspaces on the screen."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.errors import KeyringSilent, SeamlineError, WorkspaceError, WorkspaceLocked
from app.services.services import Services
from app.store.database import Workspace
from app.ui.dialogs.first_run import FirstRun
from app.ui.frames import Frames
from app.ui.runtime import MainThreadCollector, prepare, require_display
from app.ui.session import Doors, Opened, Session
from app.ui.views.unlock import UnlockDialog
from app.ui.window import ConsoleWindow
from tests.services.desk import make_desk
from tests.store.building import said
from tests.ui.consoles import ListedAccounts, StillSyncing, make_services
from tests.ui.driving import button, child


@dataclass
class Place:
    """A workspace as the composition root would hand it over."""

    services: Services
    workspace: Workspace
    syncing: StillSyncing
    closed: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        self.workspace.close()
        self.closed.set()


@dataclass
class Street:
    """Doors, what lies behind them, and who went through."""

    folder: Path
    clock: FakeClock
    has_accounts: bool = True
    refusals: list[SeamlineError] = field(default_factory=list)
    given: list[str | None] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)

    def door(self, passphrase: str | None) -> Opened:
        self.given.append(passphrase)
        if self.refusals:
            raise self.refusals.pop(0)
        folder = self.folder / str(len(self.places))
        folder.mkdir()
        desk = make_desk(folder, self.clock)
        desk.take(said("1", "ada", "@halden Can you help?"))
        syncing, accounts = StillSyncing(), ListedAccounts()
        if not self.has_accounts:
            accounts.views = ()
        place = Place(make_services(desk, syncing, accounts), desk.workspace, syncing)
        self.places.append(place)
        return place


@pytest.fixture
def street(tmp_path: Path, clock: FakeClock) -> Street:
    return Street(tmp_path, clock)


@pytest.fixture
def session(street: Street, qtbot: QtBot) -> Iterator[Session]:
    prepare("light")
    door = street.door
    session = Session(Doors(door, door, door, lambda _path, passphrase: door(passphrase)))
    yield session
    if session.window is not None:
        session.window.close()
        session.window.deleteLater()
    session.close()
    assert all(place.closed.is_set() for place in street.places)


def test_a_workspace_with_accounts_opens_on_the_console(
    session: Session, street: Street, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.shown):
        session.open_first()
    assert isinstance(session.window, ConsoleWindow)
    assert session.window.isVisible()
    qtbot.waitUntil(lambda: street.places[0].syncing.started)


def test_one_without_accounts_begins_with_the_first_run(
    session: Session, street: Street, qtbot: QtBot
) -> None:
    street.has_accounts = False
    with qtbot.waitSignal(session.shown):
        session.open_first()
    assert session.window is not None
    first = session.window.centralWidget()
    assert isinstance(first, FirstRun)
    assert not street.places[0].syncing.started
    with qtbot.waitSignal(session.shown):
        first.explore_sample.emit()
    assert street.places[0].closed.wait(30)


def test_another_workspace_takes_the_place_of_the_first(
    session: Session, street: Street, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.shown):
        session.open_first()
    before = session.window
    assert isinstance(before, ConsoleWindow)
    with qtbot.waitSignal(session.shown):
        before.named_actions["sample"].trigger()
    assert session.window is not before
    assert street.places[0].closed.wait(30)
    assert not street.places[1].closed.is_set()


def test_a_locked_workspace_asks_for_its_passphrase(
    session: Session, street: Street, qtbot: QtBot
) -> None:
    street.refusals = [WorkspaceLocked("This workspace opens with a passphrase.")]
    session.open_first()
    dialog = _unlocking(qtbot)
    open_button = button(dialog, "Open")
    assert not open_button.isEnabled()
    field = child(dialog, QLineEdit)
    assert field.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClicks(field, "open sesame")
    with qtbot.waitSignal(session.shown):
        QTest.mouseClick(open_button, Qt.MouseButton.LeftButton)
    assert street.given == [None, "open sesame"]


def test_a_silent_keyring_can_be_asked_again(
    session: Session, street: Street, qtbot: QtBot
) -> None:
    street.refusals = [KeyringSilent("The system keyring is locked.", hint="Unlock it.")]
    session.open_first()
    dialog = _unlocking(qtbot)
    with qtbot.waitSignal(session.shown):
        QTest.mouseClick(button(dialog, "Try again"), Qt.MouseButton.LeftButton)
    assert street.given == [None, ""]


def test_without_the_passphrase_the_program_ends(
    session: Session, street: Street, qtbot: QtBot
) -> None:
    street.refusals = [WorkspaceLocked("This workspace opens with a passphrase.")]
    session.open_first()
    with qtbot.waitSignal(session.given_up):
        QTest.keyClick(_unlocking(qtbot), Qt.Key.Key_Escape)
    assert street.given == [None]


def _unlocking(qtbot: QtBot) -> UnlockDialog:
    def found() -> list[UnlockDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, UnlockDialog)]

    qtbot.waitUntil(lambda: any(dialog.isVisible() for dialog in found()))
    return found()[-1]


def test_one_that_cannot_be_opened_says_why_and_gives_up(
    session: Session, street: Street, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    street.refusals = [WorkspaceError("The file is damaged.", hint="A backup lies beside it.")]
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    with qtbot.waitSignal(session.given_up):
        session.open_first()
    assert told == ["The file is damaged. A backup lies beside it."]


def test_what_is_open_stays_when_the_next_cannot_be_opened(
    session: Session, street: Street, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qtbot.waitSignal(session.shown):
        session.open_first()
    window = session.window
    street.refusals = [WorkspaceError("The file is damaged.")]
    told: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: told.append(box.text()))
    session.open_sample()
    qtbot.waitUntil(lambda: bool(told))
    assert session.window is window
    assert not street.places[0].closed.is_set()


def test_without_a_display_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(SeamlineError, match="make screenshots"):
        require_display()
    monkeypatch.setenv("DISPLAY", ":0")
    require_display()


def test_cycles_are_collected_on_the_main_thread_alone(
    qtbot: QtBot, request: pytest.FixtureRequest
) -> None:
    collector = MainThreadCollector(QApplication.instance())
    request.addfinalizer(collector.stop)
    threads: set[str] = set()

    def note(_phase: str, _info: dict[str, int]) -> None:
        threads.add(threading.current_thread().name)

    gc.callbacks.append(note)
    request.addfinalizer(lambda: gc.callbacks.remove(note))
    worker = threading.Thread(target=_make_cycles, name="worker")
    worker.start()
    worker.join()
    assert threads == set()
    _make_cycles()
    collector.collect()
    assert threads == {threading.current_thread().name}


def test_cycles_wait_while_the_reader_scrolls_but_not_for_ever(
    qtbot: QtBot, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Frames, "are_due", property(lambda _self: True))
    collector = MainThreadCollector(QApplication.instance())
    request.addfinalizer(collector.stop)
    timer = collector.findChild(QTimer)
    assert timer is not None
    timer.stop()
    collected: list[None] = []
    monkeypatch.setattr(collector, "collect", lambda: collected.append(None))
    for _ in range(10):
        timer.timeout.emit()
    assert not collected
    timer.timeout.emit()
    assert len(collected) == 1
    timer.timeout.emit()
    assert len(collected) == 1


def _make_cycles() -> None:
    for _ in range(5_000):
        ring: list[object] = []
        ring.append(ring)
