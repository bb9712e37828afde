"""The workspace at work: one writer thread, one reader thread, every commit announced once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from app.domain.changes import ChangeSet
from app.domain.clock import Clock, HybridClock, to_ms
from app.domain.errors import WorkspaceError
from app.domain.ids import DeviceId
from app.domain.records import dataclass
from app.domain.right_of_way import stand_back
from app.store.changes import Changes
from app.store.checking import WorkspaceDamaged, explained, suspect
from app.store.connection import DAMAGED, FileKey, complaint, engine_for
from app.store.presence import Presence

T = TypeVar("T")
Connection = sa.Connection
Listener = Callable[[ChangeSet], None]


@dataclass(slots=True)
class Tx:
    """A write transaction: its connection, what it changed so far, and the present moment."""

    conn: sa.Connection
    now_ms: int
    hybrid: HybridClock
    device: DeviceId
    memo: dict[str, Any]
    """Lives as long as the workspace is open: what the writer need not make anew each time."""
    changes: Changes = field(default_factory=Changes)


class Workspace:
    """One encrypted file, open.

    Operations are plain functions; they run on the store's own threads and return frozen values.
    Writing: one transaction an operation, in the order they were handed in. Reading never waits
    for writing. Futures carry the value or the exception.
    """

    def __init__(
        self, path: Path, key: FileKey, clock: Clock, presence: Presence | None = None
    ) -> None:
        """``presence`` marks the workspace as open, and leaves when it is closed."""
        self.path = path
        self.key = key
        self._presence = presence
        self.clock = clock
        self._listeners: list[Listener] = []
        self._memo: dict[str, Any] = {}
        self._writer = _Worker(
            "seamline-writer", lambda: engine_for(path, key), self._told, stands_back=True
        )
        try:
            self._reader = _Worker(
                "seamline-reader", lambda: engine_for(path, key, query_only=True), self._told
            )
            self.device: DeviceId
            self.device, last = self._writer.submit(_clock_position).result()
        except BaseException:
            self._abandon()
            raise
        self.hybrid = HybridClock(clock, last)

    def write(self, op: Callable[[Tx], T]) -> Future[T]:
        """Run ``op`` in one transaction; the change set is announced after the commit."""

        def run(conn: sa.Connection) -> T:
            tx = Tx(conn, to_ms(self.clock.now()), self.hybrid, self.device, self._memo)
            try:
                with conn.begin():
                    value = op(tx)
            except BaseException:
                self._memo.clear()  # it may hold what was never written
                raise
            changed = tx.changes.frozen()
            if changed:
                for listener in tuple(self._listeners):
                    listener(changed)
            return value

        return self._writer.submit(run)

    def read(self, op: Callable[[sa.Connection], T]) -> Future[T]:
        """Run ``op`` on a consistent, read-only view of the file."""

        def run(conn: sa.Connection) -> T:
            with conn.begin():
                return op(conn)

        return self._reader.submit(run)

    def on_commit(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` on the writer thread after each commit that changed something.

        Returns the way to stop it. A listener must be quick and must not raise.
        """
        self._listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(listener)

        return stop

    def _told(self, error: BaseException) -> BaseException:
        """The file's own failures in a person's words; everything else as it is."""
        cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
        told = complaint(cause) if isinstance(cause, dbapi2.DatabaseError) else None
        if told is None:
            return error
        if told.message == DAMAGED:
            suspect(self.path)
            told = explained(told, self.path, self.key, "")
        told.__cause__ = error
        return told

    def _abandon(self) -> None:
        """Let go of a file that did not open whole: whoever mends it must find it closed."""
        self._writer.close()
        reader = getattr(self, "_reader", None)
        if reader is not None:
            reader.close()

    def close(self) -> None:
        """Finish what was handed in, then close both connections."""
        self._reader.close()
        self._writer.close(last=lambda conn: conn.exec_driver_sql("PRAGMA optimize"))
        if self._presence is not None:
            self._presence.leave()


def _clock_position(conn: sa.Connection) -> tuple[DeviceId, int]:
    with conn.begin():
        device = conn.exec_driver_sql("SELECT value FROM setting WHERE name = 'device'").scalar()
        last = conn.exec_driver_sql("SELECT max(stamp) FROM event").scalar()
    return DeviceId(str(device)), int(last or 0)


class _Worker:
    """A thread that owns one connection and runs what it is handed, in order."""

    def __init__(
        self,
        name: str,
        engine: Callable[[], sa.Engine],
        told: Callable[[BaseException], BaseException],
        *,
        stands_back: bool = False,
    ) -> None:
        """``told`` puts into words what a job raised; ``stands_back`` behind the screen, which
        does not wait for it."""
        self._told = told
        self._stands_back = stands_back
        self._jobs: queue.SimpleQueue[tuple[Callable[[sa.Connection], Any], Future[Any]] | None]
        self._jobs = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(engine, opened), name=name, daemon=True
        )
        self._thread.start()
        opened.result()

    def submit(self, job: Callable[[sa.Connection], T]) -> Future[T]:
        future: Future[T] = Future()
        with self._lock:
            if self._closed:
                future.set_exception(WorkspaceError("The workspace is closed."))
            else:
                self._jobs.put((job, future))
        return future

    def close(self, last: Callable[[sa.Connection], object] | None = None) -> None:
        if last is not None:
            self.submit(last)
        with self._lock:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _run(self, make_engine: Callable[[], sa.Engine], opened: Future[None]) -> None:
        if self._stands_back:
            stand_back()
        try:
            connection = make_engine().connect()
        except BaseException as error:  # noqa: BLE001 - whoever waits for the opening gets it
            opened.set_exception(error)
            return
        opened.set_result(None)
        while (job := self._jobs.get()) is not None:
            if not self._do(connection, *job):
                connection = _renewed(connection, make_engine)
        _end(connection)

    def _do(
        self, connection: sa.Connection, job: Callable[[sa.Connection], Any], future: Future[Any]
    ) -> bool:
        """False when the connection has met a damaged page, and is of no use any more."""
        if not future.set_running_or_notify_cancel():
            return True
        try:
            value = job(connection)
        except BaseException as error:  # noqa: BLE001 - belongs to whoever asked
            told = self._told(error)
            future.set_exception(told)
            return not isinstance(told, WorkspaceDamaged)
        future.set_result(value)
        return True


def _renewed(connection: sa.Connection, make_engine: Callable[[], sa.Engine]) -> sa.Connection:
    """Another connection to the same file: one that met a damaged page reads no whole one either.

    The old one, when there is none to be had; the next job fails as this one did.
    """
    try:
        fresh = make_engine().connect()
    except (WorkspaceError, sa.exc.DBAPIError):
        return connection
    _end(connection)
    return fresh


def _end(connection: sa.Connection) -> None:
    connection.close()
    connection.engine.dispose()
