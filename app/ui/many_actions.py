"""What the keys and buttons do to all chosen conversations at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.errors import SeamlineError
from app.domain.ids import AgentId, CaseId
from app.domain.replies import Escalation
from app.ui.bridge import UiBridge
from app.ui.theme.formats import grouped

if TYPE_CHECKING:  # imported when first wanted
    from app.services.many import Done, Progress
    from app.services.services import Services
    from app.ui.dialogs.pick import PickSheet

DEEDS = ("assign", "tag", "snooze", "escalate", "close", "read", "noise")
"""The actions that mean all chosen conversations."""
Cases = Sequence[CaseId]
_WORTH_TELLING = 400
"""Of so many and fewer nobody could read how far it is."""


class ManyActions(QObject):
    """``said`` (sentence, whether it can be undone): what was done, or how far it is.
    ``done`` carries what can be taken back as one."""

    said = Signal(str, bool)
    done = Signal(object)
    _reached = Signal(str, int, int)

    def __init__(self, services: Services, bridge: UiBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self._reached.connect(self._say_how_far, Qt.ConnectionType.QueuedConnection)

    def open(self, name: str, cases: Cases, window: QWidget) -> None:
        """Do the action of this name to all of them, asking first what is missing."""
        from app.ui.dialogs import many as sheets

        cases = tuple(cases)
        services, bridge = self._services, self._bridge
        sheet: PickSheet
        match name:
            case "assign":
                sheet = sheets.AssignMany(services, bridge, window, cases)
                sheet.chosen.connect(partial(self.assign, cases))
            case "tag":
                sheet = sheets.TagMany(services, bridge, window, cases)
                sheet.chosen.connect(partial(self.tag, cases))
            case "snooze":
                sheet = sheets.SnoozeMany(services, bridge, window, cases)
                sheet.chosen.connect(partial(self.snooze, cases))
            case "escalate":
                sheet = sheets.EscalateMany(services, bridge, window, cases)
                sheet.chosen.connect(partial(self.escalate, cases))
            case "read":
                return self.mark_read(cases)
            case _:
                return self.close(cases)
        sheet.open()
        return None

    def assign(self, cases: Cases, who: AgentId | None) -> None:
        name = self._services.directory.name_of(who) if who else "nobody"
        many = self._services.many
        self._start(cases, f"Assigned to {name}", lambda tell: many.assign(cases, who, tell))

    def tag(self, cases: Cases, tag: str) -> None:
        many = self._services.many
        self._start(cases, f"Tagged “{tag}”", lambda tell: many.tag(cases, [tag], (), tell))

    def snooze(self, cases: Cases, until: datetime) -> None:
        many = self._services.many
        self._start(cases, "Snoozed", lambda tell: many.snooze(cases, until, tell))

    def escalate(self, cases: Cases, escalation: Escalation) -> None:
        many = self._services.many
        to = self._services.directory.department(escalation.to).name
        self._start(cases, f"Handed to {to}", lambda tell: many.escalate(cases, escalation, tell))

    def close(self, cases: Cases) -> None:
        self._start(cases, "Closed", lambda tell: self._services.many.close(cases, tell))

    def set_aside(self, cases: Cases) -> None:
        many = self._services.many
        self._start(cases, "Set aside as noise", lambda tell: many.set_aside(cases, tell))

    def take_back(self, cases: Cases) -> None:
        many = self._services.many
        self._start(cases, "Back among the work", lambda tell: many.take_back(cases, tell))

    def mark_read(self, cases: Cases) -> None:
        many = self._services.many
        self._start(cases, "Marked read", lambda tell: many.mark_seen(cases, tell))

    def undo(self, done: Done) -> None:
        count = len(done.events or done.marks)
        undone = self._services.many.undo(done, partial(self._tell, "Undone", count))
        self._bridge.ask("", undone, self._undone)

    def _start(self, cases: Cases, words: str, ask: Callable[[Progress], Future[Done]]) -> None:
        try:
            future = ask(partial(self._tell, words, len(cases)))
        except SeamlineError as error:
            self._bridge.failed.emit(error)
            return
        self._bridge.ask("", future, partial(self._finished, words))

    def _tell(self, words: str, of: int, reached: int) -> None:
        """On a thread of the store."""
        if reached < of and of > _WORTH_TELLING:
            self._reached.emit(words, reached, of)

    def _say_how_far(self, words: str, reached: int, of: int) -> None:
        self.said.emit(f"{words}: {grouped(reached)} of {grouped(of)}.", False)

    def _finished(self, words: str, done: Done) -> None:
        if done.cases:
            self.done.emit(done)
        self.said.emit(told(words, done), bool(done.cases))
        if done.trouble is not None:
            self._bridge.failed.emit(done.trouble)

    def _undone(self, done: Done) -> None:
        self.said.emit(f"Undone for {counted(done.cases)}.", False)
        if done.trouble is not None:
            self._bridge.failed.emit(done.trouble)


def told(words: str, done: Done) -> str:
    """ "Closed: 23 conversations. 2 were left as they are: This case is closed." """
    sentence = f"{words}: {counted(done.cases)}."
    if done.left_alone:
        were = (
            "1 was left as it is"
            if done.left_alone == 1
            else (f"{grouped(done.left_alone)} were left as they are")
        )
        why = f": {done.why}" if done.why else "."
        sentence = f"{sentence} {were}{why}"
    return sentence


def counted(count: int) -> str:
    return "1 conversation" if count == 1 else f"{grouped(count)} conversations"
