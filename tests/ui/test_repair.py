"""A damaged workspace on the screen: the sheet that offers its newest good backup."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.container import open_container
from app.domain.clock import FakeClock
from app.domain.departments import CARE
from app.domain.errors import WorkspaceError
from app.domain.interactions import Channel
from app.services.repairing import Offer, Repair, Restored
from app.store import accounts, backup
from app.store.keychain import Keychain
from app.store.opening import open_workspace
from app.ui.dialogs.repair import RepairDialog
from app.ui.lock_screen import LockScreen
from app.ui.runtime import prepare
from app.ui.session import Doors, Opened, Session
from app.ui.views.unlock import UnlockDialog
from app.ui.window import ConsoleWindow
from tests.conftest import NOW
from tests.store.building import said, take
from tests.store.damaging import damage_header
from tests.ui.driving import button, child, write


@pytest.fixture
def damaged(workspace_dir: Path, clock: FakeClock) -> Path:
    """A workspace with a backup of one message, and a damaged file."""
    workspace = open_workspace(workspace_dir, keychain=Keychain(), clock=clock)
    take(workspace, said("1", "ada", "Where is it?"))
    backup.make(workspace.path, workspace.key, NOW)
    workspace.close()
    damage_header(workspace_dir / "seamline.db")
    return workspace_dir


@pytest.fixture
def session(workspace_dir: Path, qtbot: QtBot) -> Iterator[Session]:
    prepare("light")

    def door(passphrase: str | None) -> Opened:
        return open_container(workspace_dir, passphrase=passphrase)

    made = Session(Doors(door, door, door, lambda _path, passphrase: door(passphrase)))
    yield made
    if made.window is not None:
        made.window.close()
        made.window.deleteLater()
    made.close()


def _sheet(qtbot: QtBot) -> RepairDialog:
    def found() -> list[RepairDialog]:
        return [w for w in QApplication.topLevelWidgets() if isinstance(w, RepairDialog)]

    qtbot.waitUntil(lambda: any(sheet.isVisible() for sheet in found()))
    return found()[-1]


def _has_keyboard(sheet: RepairDialog, button: QPushButton) -> Callable[[], bool]:
    return lambda: sheet.focusWidget() is button and button.isEnabled()


def test_the_backup_is_put_back_by_the_keyboard_alone_and_the_console_opens(
    damaged: Path, session: Session, qtbot: QtBot
) -> None:
    session.open_first()
    sheet = _sheet(qtbot)
    qtbot.waitUntil(_has_keyboard(sheet, sheet.main))
    assert sheet.head.text() == "The workspace file is damaged."
    assert sheet.words.text().startswith("The newest good backup is of 19 November, ")
    assert sheet.words.text().endswith("holds 1 interaction.")
    assert sheet.main.text().startswith("Put back the backup of 19 November, ")
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.main.text() == "Open Seamline")
    assert sheet.head.text().startswith("The workspace is as it was on 19 November, ")
    assert "could not be recovered" in sheet.words.text()
    (aside,) = damaged.glob("backups/before-restore-*.db")
    assert str(aside) in sheet.detail.text()
    with qtbot.waitSignal(session.shown):
        QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert session.window is not None
    assert session.window.isVisible()


def test_quitting_changes_nothing(damaged: Path, session: Session, qtbot: QtBot) -> None:
    before = (damaged / "seamline.db").read_bytes()
    session.open_first()
    sheet = _sheet(qtbot)
    qtbot.waitUntil(_has_keyboard(sheet, sheet.main))
    with qtbot.waitSignal(session.given_up):
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert (damaged / "seamline.db").read_bytes() == before
    assert list(damaged.glob("backups/before-restore-*")) == []


def test_without_a_backup_it_says_where_the_folder_is(
    damaged: Path, session: Session, qtbot: QtBot
) -> None:
    for each in backup.backups(damaged):
        each.path.unlink()
    session.open_first()
    sheet = _sheet(qtbot)
    qtbot.waitUntil(lambda: sheet.detail.text() == f"It is in {damaged}.")
    assert not sheet.main.isVisible()
    assert "Copy the folder before all else." in sheet.words.text()
    with qtbot.waitSignal(session.given_up):
        QTest.keyClick(sheet, Qt.Key.Key_Return)  # Quit has the keyboard


class SlowRepair(Repair):
    """Puts the backup back when it is let."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "", FakeClock(NOW + timedelta(hours=2)))
        self.answer: Future[Restored] = Future()

    def restore(self, offer: Offer) -> Future[Restored]:
        return self.answer


def test_while_it_is_put_back_it_cannot_be_closed_and_a_failure_can_be_tried_again(
    damaged: Path, qtbot: QtBot
) -> None:
    prepare("light")
    repair = SlowRepair(damaged)
    sheet = RepairDialog(repair, WorkspaceError("The workspace file is damaged."))
    qtbot.addWidget(sheet)
    sheet.open()
    qtbot.waitUntil(_has_keyboard(sheet, sheet.main))
    sheet.main.click()
    assert sheet.words.text() == "Putting the backup back…"
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    sheet.close()
    assert sheet.isVisible()
    failing = repair.answer
    repair.answer = Future()
    threading.Thread(
        target=failing.set_exception, args=(WorkspaceError("The disk is full.", hint="Free some."),)
    ).start()
    qtbot.waitUntil(lambda: sheet.head.text() == "The disk is full.")
    assert sheet.words.text() == "Free some."
    assert sheet.main.isEnabled()
    sheet.main.click()
    assert sheet.words.text() == "Putting the backup back…"
    repair.answer.set_exception(WorkspaceError("The disk is full."))
    qtbot.waitUntil(sheet.main.isEnabled)


# Behind a lock ----------------------------------------------------------------------------------

PASSPHRASE = "across town"


@pytest.fixture
def behind_a_passphrase(workspace_dir: Path, clock: FakeClock) -> Path:
    """A workspace that a passphrase opens, with a backup of one message."""
    workspace = open_workspace(
        workspace_dir, keychain=Keychain(), clock=clock, passphrase=PASSPHRASE
    )
    take(workspace, said("1", "ada", "Where is it?"))
    workspace.write(
        lambda tx: accounts.put_account(
            tx, channel=Channel.MASTODON, server="https://social.example", native_id="1",
            handle="@halden", display_name="Halden", avatar_url="", owner=CARE,
        )
    ).result()  # fmt: skip
    backup.make(workspace.path, workspace.key, NOW)
    workspace.close()
    return workspace_dir


def _shown(kind: type[QWidget]) -> bool:
    return any(isinstance(top, kind) and top.isVisible() for top in QApplication.topLevelWidgets())


def _unlock(session: Session, folder: Path, qtbot: QtBot) -> None:
    """Lock the console, damage what lies behind it, and unlock."""
    with qtbot.waitSignal(session.locked):
        session.lock()
    damage_header(folder / "seamline.db")
    assert isinstance(session.window, LockScreen)
    field = child(session.window, QLineEdit, "Passphrase")
    write(field, PASSPHRASE)
    QTest.keyClick(field, Qt.Key.Key_Return)


def _opened(session: Session, qtbot: QtBot) -> None:
    """The console is on the screen, opened through the dialog that asks for the passphrase."""
    session.open_first()
    _give_passphrase(qtbot)
    qtbot.waitUntil(lambda: isinstance(session.window, ConsoleWindow))


def _give_passphrase(qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: _shown(UnlockDialog))
    dialogs = [top for top in QApplication.topLevelWidgets() if isinstance(top, UnlockDialog)]
    asking = next(each for each in dialogs if each.isVisible())
    write(child(asking, QLineEdit, "Passphrase"), PASSPHRASE)
    button(asking, "Open").click()


def test_behind_the_dialog_that_asks_for_the_passphrase_the_sheet_comes_too(
    behind_a_passphrase: Path, session: Session, qtbot: QtBot
) -> None:
    damage_header(behind_a_passphrase / "seamline.db")
    session.open_first()
    _give_passphrase(qtbot)
    sheet = _sheet(qtbot)
    qtbot.waitUntil(_has_keyboard(sheet, sheet.main))
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.main.text() == "Open Seamline")
    QTest.keyClick(sheet, Qt.Key.Key_Return)  # the passphrase is not asked for again
    qtbot.waitUntil(lambda: isinstance(session.window, ConsoleWindow))


def test_behind_the_lock_screen_the_sheet_comes_and_leads_back_to_the_console(
    behind_a_passphrase: Path, session: Session, qtbot: QtBot
) -> None:
    _opened(session, qtbot)
    _unlock(session, behind_a_passphrase, qtbot)
    sheet = _sheet(qtbot)
    qtbot.waitUntil(_has_keyboard(sheet, sheet.main))
    assert sheet.main.text().startswith("Put back the backup of 19 November, ")
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sheet.main.text() == "Open Seamline")
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(session.window, ConsoleWindow))
    assert not _shown(LockScreen)


def test_quitting_behind_the_lock_screen_ends_the_program_and_changes_nothing(
    behind_a_passphrase: Path, session: Session, qtbot: QtBot
) -> None:
    _opened(session, qtbot)
    _unlock(session, behind_a_passphrase, qtbot)
    before = (behind_a_passphrase / "seamline.db").read_bytes()
    sheet = _sheet(qtbot)
    qtbot.waitUntil(_has_keyboard(sheet, sheet.main))
    with qtbot.waitSignal(session.given_up):
        QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert (behind_a_passphrase / "seamline.db").read_bytes() == before
