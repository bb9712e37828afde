"""Tells what this window shows and whether somebody writes in it, and says who else is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import uuid4

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from app.domain.ids import AgentId, CaseId, OutboxId
from app.domain.names import first_name
from app.domain.outbox import OutboxItem
from app.services.presence import Seat

if TYPE_CHECKING:
    from app.services.services import Services

AGAIN_MS = 20_000
"""So often a window tells that it is still there, and looks who fell silent."""
_WRITES_MS = 20_000
"""Whoever has pressed no key for so long has stopped writing."""


class Attendance(QObject):
    """One window among all that may be at the same case.

    ``changed``  (str) who else is there, as a sentence; "" where nobody is.
    """

    changed = Signal(str)
    _told = Signal()

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._window = uuid4().hex
        self._case: CaseId | None = None
        self._shown = False
        self._said = ""
        self._stop: Callable[[], None] | None = None
        self._again = QTimer(self, interval=AGAIN_MS)
        self._again.timeout.connect(self._tell)
        self._again.timeout.connect(self._look)
        self._writes = QTimer(self, singleShot=True, interval=_WRITES_MS)
        self._writes.timeout.connect(self._tell)
        # Others may tell it on a thread of theirs.
        self._told.connect(self._look, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def show_case(self, case: CaseId | None) -> None:
        """Another case is at hand, or none."""
        if case != self._case:
            self._case = case
            self._writes.stop()
            self._tell()
            self._look()

    def set_shown(self, *, shown: bool) -> None:
        """What is out of sight is looked at by nobody."""
        self._shown = shown
        if shown and self._stop is None:
            self._stop = self._services.presence.on_change(self._heard)
            self._again.start()
        elif not shown and self._stop is not None:
            self._stop()
            self._stop = None
            self._again.stop()
        self._tell()
        self._look()

    @Slot()
    def typed(self) -> None:
        """A key was pressed in what is being written."""
        began = not self._writes.isActive()
        self._writes.start()
        if began:
            self._tell()

    @Slot()
    def rest(self) -> None:
        """What was written has been handed over."""
        self._writes.stop()
        self._tell()

    @Slot(object)
    def sent(self, item: OutboxItem) -> None:
        """A reply left from this window."""
        if item.case is not None:
            self._services.presence.replied(item.case, self._window, item.id)
        self.rest()

    def took_back(self, item: OutboxItem) -> None:
        """It did not leave after all, from whatever window."""
        self._services.presence.took_back(item.id)

    def replied(self, case: CaseId) -> frozenset[OutboxId]:
        """What left for a case from elsewhere."""
        return self._services.presence.replies(case, self._window)

    @Slot()
    def _tell(self) -> None:
        presence = self._services.presence
        if self._case is None or not self._shown:
            presence.leave(self._window)
            return
        me = self._services.directory.me().id
        presence.tell(Seat(self._window, me, self._case, self._writes.isActive()))

    def _heard(self) -> None:
        if isValid(self):  # the window may be on its way out
            self._told.emit()

    @Slot()
    def _look(self) -> None:
        directory = self._services.directory
        there: tuple[Seat, ...] = ()
        if self._case is not None and self._shown:
            there = self._services.presence.others(self._case, self._window)
        said = sentence(there, directory.me().id, directory.name_of)
        if said != self._said:
            self._said = said
            self.changed.emit(said)


def sentence(there: tuple[Seat, ...], me: AgentId, name_of: Callable[[AgentId], str]) -> str:
    """What matters most of who is there: whoever writes, else whoever looks; others before me."""
    if not there:
        return ""
    writing = [seat for seat in there if seat.writes] or there
    seat = next((one for one in writing if one.agent != me), writing[0])
    if seat.agent == me:
        return "Being written in another window" if seat.writes else "Also open in another window"
    return f"{first_name(name_of(seat.agent))} is {'writing' if seat.writes else 'looking'} here"
