"""The real window on the sample workspace, and what is done to it before each picture.

Nothing in a picture moves: the clock stands at the morning of the sample’s story, the caret does
not blink, motion is reduced, and how long a search took is always the same.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from PySide6.QtCore import QElapsedTimer, QEventLoop, Qt, QTimer
from PySide6.QtGui import QImage, QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QMainWindow,
    QTextEdit,
    QWidget,
)

from app.container import open_sample
from app.domain.clock import FakeClock, to_ms
from app.domain.departments import CARE
from app.domain.replies import Draft
from app.domain.views import CaseRow, QueueName, QueueRef, SearchResults
from app.services.futures import then
from app.services.sample.book import NOW
from app.services.search import Search
from app.services.syncing import Connection
from app.ui.bridge import UiBridge
from app.ui.dialogs.escalate import EscalateSheet
from app.ui.dialogs.escalate_parts import DepartmentTile
from app.ui.dialogs.first_run import FirstRun
from app.ui.dialogs.sheet import Sheet
from app.ui.lock_place import Place
from app.ui.runtime import MainThreadCollector, prepare
from app.ui.theme import theme_manager
from app.ui.views.composer_edit import GrowingEdit
from app.ui.window import ConsoleWindow
from scripts.screens.states import StatesBoard

SHEETS = ("console", "escalate", "search", "first-run", "insights", "offline", "states")
SCHEMES = ("light", "dark")
SIZE = (1440, 900)
_SEARCH = "e14 update since: Monday "
_SEARCH_TOOK_MS = 4.0
_QUIET_MS = 300
"""Longer than any pause that the window makes before it shows something."""
_AGAIN_MS = 60
_GIVE_UP_MS = 20_000

Picture = tuple[str, str, QImage]


class Studio:
    """Opens the sample in ``folder``, which it makes there where there is none."""

    def __init__(self, folder: Path) -> None:
        self._clock = FakeClock(NOW)
        self._container = open_sample(folder, clock=self._clock)
        self._application = prepare("light")
        self._application.setCursorFlashTime(0)
        self._collector = MainThreadCollector(self._application)
        theme_manager().set_motion("reduced")
        theme_manager().set_contrast("usual")
        self._services = replace(
            self._container.services,
            search=_TimelessSearch(self._container.workspace, self._clock),
        )
        self._bridge = UiBridge()
        self._container.workspace.on_commit(self._bridge.announce_commit)
        self.window = ConsoleWindow(self._services, self._bridge, begins_at=self._marta())

    def close(self) -> None:
        self.window.close()
        self._collector.stop()
        self._container.close()

    def pictures(self, sheets: Collection[str] = SHEETS) -> Iterator[Picture]:
        """Sheets in both schemes: (sheet, scheme, picture)."""
        self._show(self.window)
        self.window.start()
        self._wait_until(lambda: self.window.desk.view is not None)
        self._wait_until(lambda: not any(row.unread for row in self._rows("Marta Lindqvist")))
        self._settle(self.window)
        self._write()
        draw: dict[str, Callable[[], Iterator[Picture]]] = {
            "console": lambda: self._both("console"),
            "escalate": self._escalate,
            "search": lambda: self._sheet("search", lambda: self.window.open_palette(_SEARCH)),
            "insights": self._insights,
            "states": self._states,
            "offline": self._offline,
            "first-run": self._first_run,
        }
        for name, sheet in draw.items():
            if name in sheets:
                yield from sheet()

    # Before each picture ----------------------------------------------------------------------

    def _marta(self) -> Place:
        """Her case from the start: what is only passed by would be read or unread by chance."""
        queue = QueueRef(QueueName.MY_WORK)
        page = self._services.queues.page(queue).result()
        row = next(row for row in page.rows if row.name == "Marta Lindqvist")
        return Place(queue, row.customer, row.case, None)

    def _rows(self, name: str) -> list[CaseRow]:
        """What the list shows of somebody."""
        return [row for row in self.window.case_list.model.rows() if row.name == name]

    def _write(self) -> None:
        """The keyboard is in the composer, behind the last word of a draft that is kept."""
        self.window.desk.composer.focus_reply()
        field = _caret_to_end()
        field.insertPlainText(" ")
        field.textCursor().deletePreviousChar()
        self._wait_until(lambda: any(
            label.text() == "Draft kept" for label in self.window.desk.composer.findChildren(QLabel)
        ))  # fmt: skip

    def _sheet(self, name: str, opens: Callable[[], object]) -> Iterator[Picture]:
        opens()
        yield from self._both(name)
        for sheet in self.window.findChildren(Sheet):
            sheet.close()
        self._settle(self.window)

    def _escalate(self) -> Iterator[Picture]:
        """To Customer Care, for a refund; the keyboard is in the brief."""

        def opens() -> None:
            self.window.named_actions["escalate"].trigger()
            self._settle(self.window)
            sheet = self.window.findChildren(EscalateSheet)[0]
            tiles = sheet.findChildren(DepartmentTile)
            next(tile for tile in tiles if tile.department.id == CARE).click()
            sheet.findChildren(QComboBox)[0].setCurrentText("Goodwill or refund")
            sheet.findChildren(GrowingEdit)[0].setFocus()
            _caret_to_end()

        return self._sheet("escalate", opens)

    def _insights(self) -> Iterator[Picture]:
        self.window.named_actions["insights"].trigger()
        self.window.sidebar.queues.setFocus()
        self._look_elsewhere()
        yield from self._both("insights")
        self.window.back_to_list()

    def _states(self) -> Iterator[Picture]:
        board = StatesBoard(self.window)
        for scheme in SCHEMES:
            theme_manager().set_scheme(scheme)
            self._settle(self.window, _AGAIN_MS)
            yield "states", scheme, board.drawn()
        theme_manager().set_scheme("light")

    def _offline(self) -> Iterator[Picture]:
        """Four replies written in as many minutes, on a train."""
        rows = {row.name: row.case for row in self.window.case_list.model.rows()}
        for minute, name, words in _ON_THE_TRAIN:
            self._clock.set(NOW + timedelta(minutes=minute))
            self._services.replies.reply(rows[name], Draft(words)).result()
        self._clock.set(NOW + timedelta(minutes=21))
        now = to_ms(self._clock.now())
        self.window.go(QueueRef(QueueName.OUTBOX))
        self._settle(self.window)
        entries = self.window.outbox.model.rows()
        row = next(
            number for number, entry in enumerate(entries)
            if getattr(getattr(entry, "entry", entry), "customer_name", "") == "Kwame Osei"
        )  # fmt: skip
        self.window.outbox.rows.setCurrentIndex(self.window.outbox.model.index(row, 0))
        self._look_elsewhere()
        self._settle(self.window)
        connection = Connection(
            online=False,
            since_ms=now - 14 * 60_000,
            waiting=2 + len(_ON_THE_TRAIN),
            next_try_ms=now + 40_000,
        )
        with mock.patch.object(self._services.syncing, "connection", return_value=connection):
            self._bridge.connection_changed.emit()
            self._settle(self.window)
            yield from self._both("offline")
        self._bridge.connection_changed.emit()
        self._clock.set(NOW)

    def _first_run(self) -> Iterator[Picture]:
        self.window.hide()
        frame = QMainWindow()
        frame.setCentralWidget(FirstRun(self._services, self._bridge, frame))
        self._show(frame)
        for scheme in SCHEMES:
            theme_manager().set_scheme(scheme)
            yield "first-run", scheme, self._settle(frame, _AGAIN_MS)
        theme_manager().set_scheme("light")
        frame.close()

    def _look_elsewhere(self) -> None:
        """Nothing has the keyboard, so that no ring is drawn."""
        holder = QApplication.focusWidget()
        if holder is not None:
            holder.clearFocus()

    # Taking it --------------------------------------------------------------------------------

    def _both(self, sheet: str) -> Iterator[Picture]:
        self._spend(_QUIET_MS)
        for scheme in SCHEMES:
            theme_manager().set_scheme(scheme)
            yield sheet, scheme, self._settle(self.window, _AGAIN_MS)
        theme_manager().set_scheme("light")

    def _show(self, window: QWidget) -> None:
        window.resize(*SIZE)
        window.show()
        window.activateWindow()

    def _settle(self, window: QWidget, quiet_ms: int = _QUIET_MS) -> QImage:
        """Wait until nothing changes any more, and at least a while; the picture then."""
        self._answer_everything()
        self._spend(quiet_ms)
        waited = QElapsedTimer()
        waited.start()
        before = _taken(window)
        while waited.elapsed() < _GIVE_UP_MS:
            self._answer_everything()
            self._spend(_AGAIN_MS)
            now = _taken(window)
            if now == before:
                return now
            before = now
        raise TimeoutError(f"{window.windowTitle()} is still changing")

    def _wait_until(self, holds: Callable[[], bool]) -> None:
        waited = QElapsedTimer()
        waited.start()
        while not holds():
            if waited.elapsed() > _GIVE_UP_MS:
                raise TimeoutError("The window did not come to what a picture needs.")
            self._spend(_AGAIN_MS)

    def _answer_everything(self) -> None:
        """Whatever was asked of the workspace is answered: both its threads are in order."""
        self._container.workspace.read(_nothing).result()
        self._container.workspace.write(_nothing).result()

    @staticmethod
    def _spend(milliseconds: int) -> None:
        """Let answers and paints come, without keeping a processor from whoever gives them."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()


_ON_THE_TRAIN = (
    (13, "Kwame Osei", "The burrs differ: 40 mm in the Duo, 38 in the Solo. Lighter roasts tell."),
    (14, "Kwame Osei", "And yes, we take Solos in part exchange. Interested?"),
    (16, "Sofia Ferrante", "Fixed in 3.2.1, Sofia. Happy to show you before Friday."),
    (19, "Tobias Brandt", "Fourteen machines, gladly. Our service lead calls you today."),
)  # fmt: skip
"""Minutes after the story’s morning, to whom, what."""


class _TimelessSearch(Search):
    """Finds what the other finds, always equally fast."""

    def find(self, query: str, **more: Any) -> Future[SearchResults]:
        return then(
            super().find(query, **more),
            lambda found: replace(found, elapsed_ms=_SEARCH_TOOK_MS),
        )


def _taken(window: QWidget) -> QImage:
    for widget in QApplication.allWidgets():  # a picture has no pointer, so nothing is hovered
        widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)
    return window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def _caret_to_end() -> QTextEdit:
    """Behind the last word of the field that has the keyboard."""
    field = QApplication.focusWidget()
    if not isinstance(field, QTextEdit):
        raise TypeError(f"{field} is no field one writes in.")
    field.moveCursor(QTextCursor.MoveOperation.End)
    return field


def _nothing(_connection: object) -> None:
    pass
