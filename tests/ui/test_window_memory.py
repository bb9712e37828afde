"""A window comes back where it stood, on what was at hand; and a second one stands beside it."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.ids import CaseId, CustomerId
from app.domain.views import QueueName, QueueRef
from app.ui.bridge import UiBridge
from app.ui.lock_place import Place, Reading, read_place, written
from app.ui.lock_screen import LockScreen
from app.ui.runtime import prepare
from app.ui.session import Doors, Session
from app.ui.window import ConsoleWindow
from app.ui.window_memory import WindowMemory, WindowShape
from tests.services.desk import Desk, make_desk
from tests.store.building import said
from tests.ui.consoles import ListedAccounts, StillSyncing, make_services
from tests.ui.driving import CONTROL, press, shown_window

RESPOND = QueueRef(QueueName.RESPOND, CARE)
WAITING = ("ada", "bea", "cid")


@pytest.fixture
def desk(tmp_path: Path, clock: FakeClock) -> Iterator[Desk]:
    prepare("light")
    made = make_desk(tmp_path, clock)
    made.take(*(said(f"m{n}", who, f"@halden {who} asks?", at=n) for n, who in enumerate(WAITING)))
    yield made
    made.workspace.close()


def window_on(
    desk: Desk,
    memory: WindowMemory | None = None,
    begins_at: Place | None = None,
    size: tuple[int, int] | None = None,
) -> ConsoleWindow:
    bridge = UiBridge()
    desk.workspace.on_commit(bridge.announce_commit)
    services = make_services(desk, StillSyncing(), ListedAccounts())
    window = ConsoleWindow(services, bridge, memory=memory, begins_at=begins_at)
    bridge.setParent(window)
    if size is not None:
        window.resize(*size)
    window.show()
    window.start()
    return window


def names(window: ConsoleWindow) -> list[str]:
    return [row.name for row in window.case_list.model.rows()]


def row_of(window: ConsoleWindow, qtbot: QtBot, name: str) -> CaseId:
    """Wait for a customer's row and choose it."""
    model = window.case_list.model
    qtbot.waitUntil(lambda: name in names(window))
    case = next(row.case for row in model.rows() if row.name == name)
    window.case_list.select_case(case)
    qtbot.waitUntil(lambda: window.desk.view is not None and window.desk.case == case)
    return case


# The shape, on this machine


def test_the_shape_is_kept_for_this_user_alone(tmp_path: Path) -> None:
    memory = WindowMemory(tmp_path / "state" / "seamline")
    assert memory.read() is None
    memory.write(WindowShape(b"\x01\xd9", 310))
    memory.write(WindowShape(b"\x01\xd9\xff", 300))
    assert memory.read() == WindowShape(b"\x01\xd9\xff", 300)
    files = list((tmp_path / "state" / "seamline").iterdir())
    assert [file.name for file in files] == ["window.json"]
    if sys.platform != "win32":
        assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
        assert stat.S_IMODE(files[0].parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("kept", ["", "[]", '{"geometry": "?", "list_width": 1}', "9" * 5_000])
def test_what_is_no_shape_is_none(tmp_path: Path, kept: str) -> None:
    (tmp_path / "window.json").write_text(kept)
    assert WindowMemory(tmp_path).read() is None


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    WindowMemory(tmp_path / "file").write(WindowShape(b"", 300))


def test_size_and_list_come_back(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    memory = WindowMemory(tmp_path / "state")
    first = window_on(desk, memory, size=(1310, 761))
    qtbot.addWidget(first)
    first.columns.set_list_width(400)
    assert not first.is_restored
    first.close()
    assert "ada" not in (tmp_path / "state" / "window.json").read_text()
    smaller = window_on(desk, memory)  # the screen of a test is 800 × 800: it has to fit
    qtbot.addWidget(smaller)
    assert smaller.is_restored
    assert smaller.height() == 761
    smaller.close()
    memory.write(WindowShape(b"", 400))
    again = window_on(desk, memory, size=(1310, 761))
    qtbot.addWidget(again)
    assert again.columns.list_width() == 400
    again.close()


# The place, inside the workspace


@pytest.mark.parametrize(
    "place",
    [
        Place(RESPOND, CustomerId(7), CaseId(9), Reading("i:3", 12, -40)),
        Place(QueueRef(QueueName.MY_WORK, view="v1"), None, None, None),
    ],
)
def test_a_place_is_read_as_it_was_written(place: Place) -> None:
    assert read_place(written(place)) == place


@pytest.mark.parametrize("kept", ["", "7", '{"queue": ["nowhere", null, ""]}', '{"queue": []}'])
def test_what_is_no_place_is_none(kept: str) -> None:
    assert read_place(kept) is None


def test_queue_and_case_come_back(desk: Desk, qtbot: QtBot) -> None:
    first = window_on(desk)
    qtbot.addWidget(first)
    first.go(RESPOND)
    case = row_of(first, qtbot, "Cid")
    first.close()
    qtbot.waitUntil(lambda: str(case) in desk.directory.setting("ui-place"))
    again = window_on(desk)
    qtbot.addWidget(again)
    qtbot.waitUntil(lambda: again.desk.view is not None)
    assert again.queue == RESPOND
    assert again.desk.case == case
    again.close()


def test_a_place_that_is_gone_leaves_the_queue(desk: Desk, qtbot: QtBot) -> None:
    gone = Place(RESPOND, CustomerId(1), CaseId(2), None)
    desk.directory.set_setting("ui-place", written(gone)).result()
    window = window_on(desk)
    qtbot.addWidget(window)
    complaints: list[object] = []
    window.bridge.failed.connect(complaints.append)
    qtbot.waitUntil(lambda: window.desk.view is not None)
    assert window.queue == RESPOND
    assert complaints == []
    window.close()


# A second window


@pytest.fixture
def session(desk: Desk, qtbot: QtBot) -> Iterator[Session]:
    class Opened:
        services = make_services(desk, StillSyncing(), ListedAccounts())
        workspace = desk.workspace

        def close(self) -> None:
            pass

    def door(_passphrase: str | None) -> Opened:
        return Opened()

    made = Session(Doors(door, door, door, lambda _path, passphrase: door(passphrase)))
    with qtbot.waitSignal(made.shown):
        made.open_first()
    yield made
    for window in consoles():
        window.close()
    assert made.window is not None
    made.window.close()
    made.window.deleteLater()
    made.close()


def consoles() -> list[ConsoleWindow]:
    return [
        widget for widget in QApplication.topLevelWidgets()
        if isinstance(widget, ConsoleWindow) and widget.isVisible()
    ]  # fmt: skip


def test_a_second_window_shows_another_customer_and_hears_of_changes(
    session: Session, desk: Desk, qtbot: QtBot
) -> None:
    first = session.window
    assert isinstance(first, ConsoleWindow)
    shown_window(first)
    first.go(RESPOND)
    ada = row_of(first, qtbot, "Ada")
    press(Qt.Key.Key_N, CONTROL | Qt.KeyboardModifier.ShiftModifier, first)
    (second,) = (window for window in consoles() if window is not first)
    qtbot.waitUntil(lambda: second.desk.view is not None)
    assert second.queue == RESPOND
    assert second.desk.case == ada
    bea = row_of(second, qtbot, "Bea")
    assert (first.desk.case, second.desk.case) == (ada, bea)
    desk.cases.close(ada).result()
    qtbot.waitUntil(lambda: "Ada" not in names(first))
    qtbot.waitUntil(lambda: "Ada" not in names(second))
    second.close()
    assert first.isVisible()
    assert consoles() == [first]


def test_locking_blanks_both(session: Session, qtbot: QtBot) -> None:
    first = session.window
    assert isinstance(first, ConsoleWindow)
    first.named_actions["new-window"].trigger()
    assert len(consoles()) == 2
    with qtbot.waitSignal(session.locked):
        session.lock()
    assert consoles() == []
    assert isinstance(session.window, LockScreen)


def test_a_second_window_keeps_no_place(desk: Desk, qtbot: QtBot) -> None:
    window = window_on(desk, begins_at=Place(RESPOND, None, None, None))
    qtbot.addWidget(window)
    row_of(window, qtbot, "Bea")
    window.close()
    assert desk.directory.setting("ui-place") == ""
