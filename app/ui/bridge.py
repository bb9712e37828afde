"""The one crossing from the working threads to the screen.

Futures of the services resolve on store and network threads; widgets may only be touched on the
main thread. The bridge lives there: whatever thread an answer comes from, it is delivered in the
main thread's event loop, later, and never blocks anybody.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from app.domain.changes import ChangeSet
from app.domain.errors import SeamlineError
from app.domain.records import dataclass
from app.ui.frames import frames

T = TypeVar("T")

COALESCE_MS = 15
"""A single commit reaches the views this soon, together with those on its heels."""
STORM_PAUSE_MS = 150
"""While commits keep coming, views hear of them no more often than this: each refresh costs the
main thread some 20 ms, and a pull commits a hundred times a second."""
MOVING_PAUSE_MS = 10_000
"""What comes in while the reader scrolls is told of once they stop, or after so long: it appears
elsewhere than where they look, and each refresh would be seen as a hitch. Who scrolls rests a
quarter of a second long before."""

CONNECTION_PAUSE_MS = 120
"""A pull counts what it fetched many times a second; the strip shows it a few times."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Answer:
    topic: str
    generation: int
    future: Future[Any]
    on_result: Callable[[Any], None]
    on_error: Callable[[SeamlineError], None] | None


class UiBridge(QObject):
    """Turns futures and commits into calls on the main thread.

    ``committed``           a ChangeSet: everything committed since the last emission; what came
                            in while the reader scrolls is held back until they stop.
    ``failed``              a SeamlineError that nobody asked for.
    ``connection_changed``  the network came, went, or is being tried.
    """

    committed = Signal(object)
    failed = Signal(object)
    connection_changed = Signal()
    _answered = Signal(object)
    _commit_arrived = Signal(object)
    _connection_arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._generations: dict[str, int] = {}
        self._decided, self._news = ChangeSet(), ChangeSet()
        self._news_since = QElapsedTimer()
        self._announced = QElapsedTimer()
        self._coalesce = QTimer(self, singleShot=True)
        self._coalesce.timeout.connect(self._announce)
        queued = Qt.ConnectionType.QueuedConnection
        self._answered.connect(self._deliver, queued)
        self._commit_arrived.connect(self._collect, queued)
        self._connection_pause = QTimer(self, singleShot=True, interval=CONNECTION_PAUSE_MS)
        self._connection_pause.timeout.connect(self.connection_changed)
        self._connection_arrived.connect(self._pause_connection, queued)

    def ask(
        self,
        topic: str,
        future: Future[T],
        on_result: Callable[[T], None],
        on_error: Callable[[SeamlineError], None] | None = None,
    ) -> None:
        """Call ``on_result`` with the future's value, on the main thread, in a later turn.

        A newer question on the same topic makes this answer stale: it is dropped, its error
        too. The topic "" is never stale; use it for actions. An error without ``on_error``
        is announced by ``failed``. Bound methods of deleted widgets are not called.
        """
        generation = self._generations.get(topic, 0) + 1
        self._generations[topic] = generation
        answer = _Answer(topic, generation, future, on_result, on_error)
        future.add_done_callback(partial(self._resolved, answer))

    def forget(self, topic: str) -> None:
        """Make every open question on the topic stale."""
        self._generations[topic] = self._generations.get(topic, 0) + 1

    def act(self, future: Future[T], on_result: Callable[[T], None] | None = None) -> None:
        """Follow an action: its failure is announced, its result usually comes as a commit."""
        self.ask("", future, on_result or _nothing)

    def announce_commit(self, changes: ChangeSet) -> None:
        """To be given to the workspace's ``on_commit``; may be called on any thread."""
        self._emit_safely(self._commit_arrived, changes)

    def announce_connection(self) -> None:
        """To be given to ``Syncing.on_change``; may be called on any thread."""
        if isValid(self):
            self._connection_arrived.emit()

    def _resolved(self, answer: _Answer, _future: Future[Any]) -> None:
        """Runs on the thread that resolved the future: nothing but hand over."""
        self._emit_safely(self._answered, answer)

    def _emit_safely(self, signal: Any, value: object) -> None:
        if isValid(self):  # the program may be on its way out
            signal.emit(value)

    def _deliver(self, answer: _Answer) -> None:
        if answer.topic and self._generations.get(answer.topic) != answer.generation:
            return
        if answer.future.cancelled():
            return
        error = answer.future.exception()
        if error is None:
            if _alive(answer.on_result):
                answer.on_result(answer.future.result())
        elif isinstance(error, SeamlineError):
            self._deliver_error(answer, error)
        else:
            _log.error("An answer to the screen failed in a way nobody foresaw", exc_info=error)
            self._deliver_error(answer, _unforeseen())

    def _deliver_error(self, answer: _Answer, error: SeamlineError) -> None:
        if answer.on_error is None:
            self.failed.emit(error)
        elif _alive(answer.on_error):
            answer.on_error(error)

    def _pause_connection(self) -> None:
        if not self._connection_pause.isActive():
            self._connection_pause.start()

    def _collect(self, changes: ChangeSet) -> None:
        if not changes.interactions:
            self._decided = _merged(self._decided, changes)
        else:
            if not self._news:
                self._news_since.start()
            self._news = _merged(self._news, changes)
        soon = max(COALESCE_MS, STORM_PAUSE_MS - self._quiet_ms())
        if not self._coalesce.isActive() or self._coalesce.remainingTime() > soon:
            self._coalesce.start(soon)

    def _quiet_ms(self) -> int:
        """How long ago views heard of a commit."""
        return self._announced.elapsed() if self._announced.isValid() else STORM_PAUSE_MS

    def _announce(self) -> None:
        """What was decided is told at once; what came in, when the reader does not scroll."""
        changes, self._decided = self._decided, ChangeSet()
        if not frames().are_due or self._news_since.hasExpired(MOVING_PAUSE_MS):
            changes, self._news = _merged(changes, self._news), ChangeSet()
        elif self._news:
            self._coalesce.start(STORM_PAUSE_MS)
        if changes:
            self._announced.start()
            self.committed.emit(changes)


def _unforeseen() -> SeamlineError:
    return SeamlineError(
        "Something went wrong inside Seamline.",
        hint="Nothing was lost. “seamline doctor” looks for the cause.",
    )


def _nothing(_value: object) -> None:
    pass


def _alive(callback: Callable[[Any], None]) -> bool:
    """Whether the object a callback is bound to still exists in Qt."""
    if isinstance(callback, partial):
        return _alive(callback.func)
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


def _merged(a: ChangeSet, b: ChangeSet) -> ChangeSet:
    return ChangeSet(
        cases=a.cases | b.cases,
        identities=a.identities | b.identities,
        customers=a.customers | b.customers,
        accounts=a.accounts | b.accounts,
        outbox=a.outbox | b.outbox,
        interactions=a.interactions + b.interactions,
        settings=a.settings or b.settings,
    )
