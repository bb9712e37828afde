"""One workspace on the screen: opened on another thread, shown, closed, swapped for another."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QWidget

from app.domain.changes import ChangeSet
from app.domain.errors import SeamlineError, WorkspaceLocked
from app.domain.ids import AccountId
from app.domain.records import dataclass
from app.services.promised import Promised
from app.ui.after_painting import AfterPainting
from app.ui.bridge import UiBridge
from app.ui.later import later
from app.ui.lock_idle import IdleWatch
from app.ui.lock_place import Place, go_back, place_of
from app.ui.views.curtain import Curtain

if TYPE_CHECKING:  # the services bring the database with them: the opening thread imports it
    from app.services.repairing import Repair
    from app.services.services import Services
    from app.ui.lock_screen import LockScreen
    from app.ui.window import ConsoleWindow
    from app.ui.window_memory import WindowMemory

_CURTAIN_AFTER_MS = 150
_REST_AFTER_MS = 1_500
"""At the latest; usually it is once the first queue is painted that the rest is opened."""
_WORK_AFTER_MS = 300
"""By then the first queue is painted; what speaks to services takes a while to import."""


class Announces(Protocol):
    """Tells of every commit."""

    def on_commit(self, listener: Callable[[ChangeSet], None]) -> Callable[[], None]:
        """Call ``listener`` after every commit, on the thread that wrote; returns the way to
        stop it."""


class Opened(Protocol):
    """An open workspace, as the composition root hands it over."""

    @property
    def services(self) -> Services: ...

    @property
    def workspace(self) -> Announces: ...

    def close(self) -> None:
        """Stop everything and write what is left; may take seconds."""


@dataclass(frozen=True, slots=True)
class Doors:
    """How workspaces are opened; called on another thread. A passphrase is asked for when a
    door raises WorkspaceLocked, and given at the second call."""

    first: Callable[[str | None], Opened]
    """What the program starts with."""
    own: Callable[[str | None], Opened]
    sample: Callable[[str | None], Opened]
    other: Callable[[Path, str | None], Opened]


Door = Callable[[str | None], Opened]


@dataclass(frozen=True, slots=True, eq=False)
class _Beside:
    """A window beside the first, its bridge, and how that stops listening."""

    window: ConsoleWindow
    bridge: UiBridge
    stops: tuple[Callable[[], None], ...]


class Session(QObject):
    """``shown`` after a workspace has its window; ``given_up`` when none could be opened."""

    shown = Signal()
    given_up = Signal()
    locked = Signal()
    """The locked workspace is closed, and nothing of it is left in memory that could be let go."""
    _left = Signal()

    def __init__(
        self, doors: Doors, parent: QObject | None = None, *, memory: WindowMemory | None = None
    ) -> None:
        """``memory`` keeps the shape of the window; None forgets it."""
        super().__init__(parent)
        self._memory = memory
        self._doors = doors
        self._opened: Opened | None = None
        self._bridge = UiBridge(self)
        self._opening = UiBridge(self)
        self._leaving: list[threading.Thread] = []
        self._curtain: Curtain | None = None
        self._lock_screen: LockScreen | None = None
        self._raise_curtain = QTimer(self, singleShot=True, interval=_CURTAIN_AFTER_MS)
        self._raise_curtain.timeout.connect(self._show_curtain)
        self._door: Door = doors.first
        self._is_opening = False
        self._place: Place | None = None
        self._idle: IdleWatch | None = None
        self._beside: list[_Beside] = []
        self._left.connect(self._clear_memory, Qt.ConnectionType.QueuedConnection)
        self.window: QMainWindow | None = None

    def open_first(self) -> None:
        self._open(self._doors.first)

    def open_own(self) -> None:
        self._open(self._doors.own)

    def open_sample(self) -> None:
        self._open(self._doors.sample)

    def open_folder(self, path: str) -> None:
        self._open(partial(self._doors.other, Path(path)))

    def close(self) -> None:
        """Close the workspace; blocks until everything acknowledged is on disk."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None
        for leaving in self._leaving:
            leaving.join()
        self._leaving.clear()

    # Opening ----------------------------------------------------------------------------------

    def _open(self, door: Door, passphrase: str | None = None) -> None:
        self._is_opening = True
        if self._lock_screen is None:
            self._raise_curtain.start()
        future: Future[tuple[Opened, bool]] = Future()
        work = partial(_open_into, future, partial(door, passphrase), tuple(self._leaving))
        threading.Thread(target=work, name="opening", daemon=True).start()
        failed = partial(self._failed, door, passphrase)
        self._opening.ask("open", future, partial(self._show, door), failed)

    def _show(self, door: Door, result: tuple[Opened, bool]) -> None:
        self._is_opening = False
        self._door = door
        before = self._opened
        self._opened, has_accounts = result
        self._raise_curtain.stop()
        self._bridge.deleteLater()
        self._bridge = UiBridge(self)
        self._opened.workspace.on_commit(self._bridge.announce_commit)
        services = self._opened.services
        services.syncing.on_change(self._bridge.announce_connection)
        if has_accounts or services.directory.is_sample():
            self._show_console()
        else:
            self._show_first_run()
        if before is not None:
            self._leave(before)

    def _leave(self, before: Opened) -> None:
        """Close what was shown before, once nothing on the screen asks it any more."""
        leaving = threading.Thread(target=_leave, args=(before, self._left), name="leaving")
        leaving.start()
        self._leaving.append(leaving)

    def _failed(self, door: Door, passphrase: str | None, error: SeamlineError) -> None:
        from app.services.repairing import Repair, WorkspaceDamaged

        self._is_opening = False
        self._raise_curtain.stop()
        if isinstance(error, WorkspaceDamaged):
            repair = Repair(error.folder, passphrase)
            self._offer_repair(repair, error, partial(self._open, door, passphrase))
            return
        if self._lock_screen is not None:
            self._lock_screen.refuse(error)
            return
        if isinstance(error, WorkspaceLocked):
            self._ask_passphrase(door, error)
            return
        message = QMessageBox(self._behind())
        message.setIcon(QMessageBox.Icon.Critical)
        message.setWindowTitle("Seamline")
        message.setTextFormat(Qt.TextFormat.PlainText)
        message.setText(str(error))
        message.exec()
        self._give_up()

    def _ask_passphrase(self, door: Door, error: WorkspaceLocked) -> None:
        if self.window is None and self._curtain is None:
            self._show_curtain()
        from app.ui.views.unlock import UnlockDialog

        dialog = UnlockDialog(error, self._behind())
        dialog.given.connect(partial(self._open, door))
        dialog.rejected.connect(self._give_up)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _offer_repair(
        self, repair: Repair, error: SeamlineError, again: Callable[[], None]
    ) -> None:
        from app.ui.dialogs.repair import RepairDialog

        if self.window is None and self._curtain is None:
            self._show_curtain()
        dialog = RepairDialog(repair, error, self._behind())
        dialog.repaired.connect(again)
        dialog.rejected.connect(self._give_up)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _behind(self) -> QWidget | None:
        return self.window or self._curtain

    def _give_up(self) -> None:
        """Whatever is on the screen stays; with nothing there, or nothing open behind the lock,
        the program ends."""
        if self.window is None or self._lock_screen is not None:
            self.given_up.emit()

    # Locking ----------------------------------------------------------------------------------

    def lock(self) -> None:
        """Blank every window and close the workspace; its key is forgotten.

        What is written is kept as a draft first; what waits in the outbox leaves after unlocking.
        """
        from app.ui.lock_screen import LockScreen
        from app.ui.spelling.speller import speller

        opened, window = self._opened, self.window
        if opened is None or self._is_opening or not _is_console(window):
            return
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if over is not None and over.close():
            QTimer.singleShot(0, self.lock)  # whoever waits for its answer goes on first
            return
        self._stop_watching()
        self._place = place_of(window)
        waiting = opened.services.syncing.connection().waiting
        screen = self._lock_screen = LockScreen(opened.services.unlocked_by, waiting)
        screen.unlock_requested.connect(self._unlock)
        self._replace(screen)
        for other in QApplication.topLevelWidgets():
            if other is not screen:  # a tooltip, a menu, whatever still stands somewhere
                other.hide()
                other.deleteLater()
        if (asked := speller()) is not None:
            asked.stop()
        self._opened = None
        self._bridge.deleteLater()
        self._bridge = UiBridge(self)
        self._leave(opened)

    def _unlock(self, passphrase: str) -> None:
        """Open it again by the door it came through, once it is closed."""
        self._open(self._door, passphrase)

    def _clear_memory(self) -> None:
        """After a workspace is closed: the key and what was read of it go with the last cycle."""
        self._leaving = [thread for thread in self._leaving if thread.is_alive()]
        QPixmapCache.clear()
        gc.collect()
        if self._lock_screen is not None:
            self.locked.emit()

    def _watch_idleness(self, services: Services) -> None:
        from app.services.lock_settings import LockSettings

        self._stop_watching()
        settings = LockSettings(services.directory, services.unlocked_by)
        self._idle = IdleWatch(settings.minutes, self)
        self._idle.expired.connect(self.lock)
        self._idle.start()

    def _stop_watching(self) -> None:
        if self._idle is not None:
            self._idle.stop()
            self._idle.deleteLater()  # it would hold on to the workspace
            self._idle = None

    # Showing ----------------------------------------------------------------------------------

    def _show_console(self) -> None:
        from app.ui.window import ConsoleWindow

        assert self._opened is not None
        services = self._opened.services
        window = ConsoleWindow(services, self._bridge, memory=self._memory)
        self._listen_to(window)
        was_locked = self._lock_screen is not None
        self._replace(window)
        window.start()
        if was_locked and self._place is not None:
            go_back(window, self._place)
        self._place = None
        if not services.directory.is_sample():  # a sample has no outside: its outbox stands still
            later(_WORK_AFTER_MS, window, partial(_start_work, services))
        window.case_list.loader.loaded.connect(self.shown)
        if isinstance(self._opened, Promised):
            self._stop_watching()
            self._open_rest_after(window, self._opened)
        else:
            self._watch_idleness(services)

    def _open_rest_after(self, window: ConsoleWindow, promised: Promised) -> None:
        """The window shows what a first look has found; the rest is opened once that is painted."""
        painted = AfterPainting(window)
        open_rest = partial(self._open_rest, promised)
        painted.due.connect(lambda: later(0, window, open_rest))
        window.case_list.loader.loaded.connect(painted.start)
        later(_REST_AFTER_MS, window, open_rest)

    def _open_rest(self, promised: Promised) -> None:
        if promised is not self._opened:
            return
        if self._idle is None:  # its filter has PySide6 make types of whatever events go to
            self._watch_idleness(promised.services)
        if promised.whole is None:
            broken = partial(self._rest_is_broken, promised)
            self._opening.ask(
                "rest", promised.go_on(), partial(self._rest_is_open, promised), broken
            )

    def _rest_is_open(self, promised: Promised, _whole: object) -> None:
        if promised is self._opened:
            promised.arrive()

    def _rest_is_broken(self, promised: Promised, error: SeamlineError) -> None:
        """A first look does not see everything; nothing stays on the screen that nobody answers."""
        window = self.window
        if promised is not self._opened or window is None:
            return
        self._opened = None
        self._show_curtain()
        self.window = None
        window.close()
        window.deleteLater()
        self._leave(promised)
        self._failed(self._door, None, error)

    def _listen_to(self, window: ConsoleWindow) -> None:
        window.sample_requested.connect(self.open_sample)
        window.own_requested.connect(self.open_own)
        window.lock_requested.connect(self.lock)
        window.window_requested.connect(self._open_beside)

    def _open_beside(self, place: Place) -> None:
        """A second window on the same workspace, with a bridge of its own: what one of them asks
        must not make the other's question stale."""
        from app.ui.window import ConsoleWindow

        opened = self._opened
        if opened is None or self._is_opening:
            return
        bridge = UiBridge(self)
        window = ConsoleWindow(opened.services, bridge, begins_at=place)
        beside = _Beside(
            window,
            bridge,
            (
                opened.workspace.on_commit(bridge.announce_commit),
                opened.services.syncing.on_change(bridge.announce_connection),
            ),
        )
        self._listen_to(window)
        window.closed.connect(partial(self._forget_beside, beside))
        self._beside.append(beside)
        window.show()
        window.start()

    def _forget_beside(self, beside: _Beside) -> None:
        if beside in self._beside:
            self._beside.remove(beside)
            for stop in beside.stops:
                stop()
            beside.window.deleteLater()
            beside.bridge.deleteLater()

    def _close_beside(self) -> None:
        """The workspace goes: what shows it beside the first window goes with it."""
        for beside in tuple(self._beside):
            beside.window.close()

    def _show_first_run(self) -> None:
        from app.ui.dialogs.first_run import FirstRun

        assert self._opened is not None
        window = QMainWindow()
        window.setWindowTitle("Seamline")
        window.resize(1440, 900)
        first = FirstRun(self._opened.services, self._bridge, window)
        first.explore_sample.connect(self.open_sample)
        first.connected.connect(self._connected)
        first.open_workspace.connect(self.open_folder)
        window.setCentralWidget(first)
        self._replace(window)
        self.shown.emit()

    def _connected(self, _account: AccountId) -> None:
        self._show_console()

    def _replace(self, window: QMainWindow) -> None:
        """Show the new window before the old one goes: the program ends with its last window."""
        self._close_beside()
        before: list[QWidget | None] = [self.window, self._curtain]
        stood = self._behind()
        if stood is not None and not (stood is self._curtain and _is_restored(window)):
            window.setGeometry(stood.geometry())
            window.setWindowState(stood.windowState())
        self.window, self._curtain = window, None
        if window is not self._lock_screen:
            self._lock_screen = None
        window.show()
        for old in before:
            if old is not None:
                old.close()
                old.deleteLater()

    def _show_curtain(self) -> None:
        self._curtain = Curtain()
        self._curtain.show()


def _is_restored(window: QMainWindow) -> bool:
    return _is_console(window) and window.is_restored


def _is_console(window: QMainWindow | None) -> TypeGuard[ConsoleWindow]:
    """Whether there is something to lock: the first run shows nothing of anybody."""
    from app.ui.window import ConsoleWindow

    return isinstance(window, ConsoleWindow)


def _start_work(services: Services) -> None:
    services.syncing.start()
    services.safekeeping.start()


def _leave(opened: Opened, left: Any) -> None:
    """On its own thread."""
    opened.close()
    del opened
    left.emit()


def _open_into(
    future: Future[tuple[Opened, bool]],
    door: Callable[[], Opened],
    leaving: tuple[threading.Thread, ...],
) -> None:
    """On its own thread: open, once what was left is closed, and see whether there are accounts."""
    try:
        for thread in leaving:
            thread.join()
        opened = door()
        future.set_result((opened, bool(opened.services.accounts.list().result())))
    except BaseException as error:  # noqa: BLE001  (handed to the main thread whatever it is)
        future.set_exception(error)
