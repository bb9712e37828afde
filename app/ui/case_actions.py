"""What the keys and buttons do to the case at hand, and how it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.clock import Clock
from app.domain.errors import SeamlineError
from app.domain.events import Event
from app.domain.ids import CaseId
from app.domain.outbox import Act, OutboxItem
from app.domain.views import CasePage, QueueName, QueueRef
from app.ui.bridge import UiBridge
from app.ui.many_actions import ManyActions

if TYPE_CHECKING:  # for the types alone: the database comes with them
    from app.services.many import Done
    from app.services.services import Services


class CaseActions(QObject):
    """Close, reopen, accept, take, undo.

    ``said``      (sentence, whether it can be undone): something was done.
    ``restored``  an OutboxItem that was taken back before it left: its text is to be edited.
    ``revealed``  a CaseId that an undo brought back.
    """

    said = Signal(str, bool)
    restored = Signal(object)
    revealed = Signal(object)

    def __init__(self, services: Services, bridge: UiBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._bridge = bridge
        self.case: CaseId | None = None
        self._acted_on: CaseId | None = None
        self._sent: OutboxItem | None = None
        self._many_done: Done | None = None
        self._other_undo: Callable[[], None] | None = None
        self._comes_back = False
        """Whether the agent is still where they asked for the undo that is under way."""
        self.many = ManyActions(services, bridge, self)
        self.many.said.connect(self.said)
        self.many.done.connect(self._did_many)

    def close(self) -> None:
        self._decide(self._services.cases.close, "Closed.")

    def reopen(self) -> None:
        self._decide(self._services.cases.reopen, "Reopened.")

    def noise(self, *, is_noise: bool) -> None:
        """Set the case aside, or take it back from the noise."""
        if is_noise:
            self._decide(self._services.noise.clear, "Back among the work.")
        else:
            self._decide(self._services.noise.mark, "Set aside as noise.")

    def keep(self) -> None:
        """The case needs an answer, whatever it looks like."""
        self._decide(self._services.noise.keep, "It stays among the work.")

    def accept(self) -> None:
        self._decide(self._services.cases.accept, "Accepted. It is yours now.")

    def take_next(self) -> None:
        """Assign me the unassigned case that is due first."""
        page = self._services.queues.page(QueueRef(QueueName.UNASSIGNED), limit=1)
        self._bridge.ask("take-next", page, self._take_first)

    def decided(self, event: Event) -> None:
        """A sheet wrote a decision; undo would take it back."""
        self.acted_on(CaseId(event.subject))

    def reply_kept(self, event: Event) -> None:
        """The composer keeps a reply until the case is closed; undo makes it a draft again."""
        self._decided("It leaves when the case is closed.", event)

    def acted_on(self, case: CaseId) -> None:
        """Something was decided on a case; undo would take that back."""
        self._acted_on = case
        self._many_done = self._other_undo = None

    def mark_read(self) -> None:
        if self.case is not None:
            self._bridge.act(self._services.cases.mark_seen(self.case))

    def say_undoable(self, words: str, undo: Callable[[], None]) -> None:
        """Something beside the cases was done; the next undo calls ``undo``."""
        self._other_undo = undo
        self.said.emit(words, True)

    def belonging_changed(self, words: str, events: tuple[Event, ...]) -> None:
        """Something was decided about a customer; the next undo is its exact inverse."""
        self.say_undoable(words, partial(self._belong_as_before, events))

    def _belong_as_before(self, events: tuple[Event, ...]) -> None:
        self._bridge.ask("", self._services.matching.part(events), self._belongs_as_before)

    def _belongs_as_before(self, _events: tuple[Event, ...]) -> None:
        self.said.emit("Undone.", False)

    def _did_many(self, done: Done) -> None:
        self._many_done, self._other_undo = done, None

    def reply_sent(self, item: OutboxItem) -> None:
        """The composer queued a reply; undo takes it back while it has not left. One that was
        approved is its author’s: whoever approved it takes back the approval."""
        self._sent = item if item.agent == self._services.directory.me().id else None

    def undo(self) -> None:
        """Take back what is in its undo window, or else the latest decision on the case.

        The workspace is asked what can be undone: the window of a message runs on across a start.
        """
        self._comes_back = True
        sent, self._sent = self._sent, None
        in_time = sent is not None and self._clock.now() < sent.not_before
        taken = self._services.replies.undo_latest()
        self._bridge.ask("", taken, partial(self._taken_back, in_time=in_time))

    def gone_elsewhere(self) -> None:
        """The agent has opened something else: no undo under way takes them back."""
        self._comes_back = False

    def _taken_back(self, item: OutboxItem | None, *, in_time: bool) -> None:
        if item is not None and item.act is Act.REPLY:
            self.restored.emit(item)
            if item.case is not None and item.case != self.case:
                self.said.emit("The reply was taken back. It is a draft again.", False)
                if self._comes_back:
                    self.revealed.emit(item.case)
        elif item is not None:
            self.said.emit(f"The {item.act} was taken back.", False)
        elif in_time:
            self.said.emit("That reply has left already.", False)
        else:
            self._undo_decision()

    @property
    def _clock(self) -> Clock:
        return self._services.clock

    def _undo_decision(self) -> None:
        if self._other_undo is not None:
            undo, self._other_undo = self._other_undo, None
            undo()
            return
        if self._many_done is not None:
            done, self._many_done = self._many_done, None
            self.many.undo(done)
            return
        case = self._acted_on or self.case
        self._acted_on = None
        if case is None:
            self.said.emit("Nothing to undo.", False)
            return
        self._attempt(lambda: self._services.cases.undo(case), partial(self._undone, case))

    def _undone(self, case: CaseId, _event: Event) -> None:
        self.said.emit("Undone.", False)
        if self._comes_back:
            self.revealed.emit(case)

    def _take_first(self, page: CasePage) -> None:
        if not page.rows:
            self.said.emit("Nobody is waiting.", False)
            return
        row = page.rows[0]
        me = self._services.directory.me().id
        assign = partial(self._services.cases.assign, row.case, me)
        self._attempt(assign, partial(self._decided, f"{row.name} is yours now."))

    def _decide(self, action: Callable[[CaseId], Future[Event]], words: str) -> None:
        if self.case is not None:
            self._attempt(partial(action, self.case), partial(self._decided, words))

    def _decided(self, words: str, event: Event) -> None:
        self.decided(event)
        self.said.emit(words, True)

    def _attempt(self, action: Callable[[], Future[Event]], done: Callable[[Event], None]) -> None:
        """Some refusals come at once, others with the answer: both are announced."""
        try:
            future = action()
        except SeamlineError as error:
            self._bridge.failed.emit(error)
            return
        self._bridge.ask("", future, done)
