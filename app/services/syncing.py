"""Keeping the workspace and the services in step: live, once, and as far back as asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from app.domain.changes import ChangeSet
from app.domain.clock import Clock, to_ms
from app.domain.ids import AccountId, OutboxId
from app.domain.views import AccountState, AccountStatus
from app.store import outbox
from app.store.database import Workspace
from app.sync.connectivity import Connection, Connectivity, Down
from app.sync.engine import Engine, SyncReport
from app.sync.network import NetworkThread, cancel_others
from app.sync.pause import Pauses
from app.sync.pool import ConnectorFactory

__all__ = ["Connection", "Down", "SyncReport", "Syncing"]

NEVER_ONLINE = (
    "The sample workspace never goes online; connect an account in a workspace of your own."
)

T = TypeVar("T")

_STOP_S = 5.0


class Syncing:
    """Every method may be called from any thread and returns at once."""

    def __init__(
        self,
        workspace: Workspace,
        network: NetworkThread,
        connector: ConnectorFactory,
        clock: Clock,
        *,
        pauses: Pauses | None = None,
    ) -> None:
        """``connector`` makes an account's connector; ``pauses`` lets tests own the time."""
        self._workspace = workspace
        self._network = network
        self._clock = clock
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], None]] = []
        self._waiting = 0
        self._used = False
        self._connectivity = Connectivity(clock, self._announce)
        self._engine = Engine(
            workspace,
            connector,
            pauses or Pauses(clock),
            self._connectivity,
            changed=self._announce,
        )
        workspace.on_commit(self._committed)
        self._count_waiting()

    def start(self) -> None:
        """Live: follow and poll every account, deliver the outbox as it fills."""

        async def go() -> None:
            self._engine.start()

        self._submit(go())

    def stop(self) -> None:
        """End everything remote; waits for it, at most five seconds."""
        if not self._used:
            return
        with suppress(Exception):  # the program ends; what could be saved was saved
            self._network.submit(self._stop()).result(_STOP_S)

    async def _stop(self) -> None:
        """A client that is closed while somebody connects through it forgets that connection, so
        whoever asked for something once is sent away before."""
        await self._engine.end()
        await cancel_others()
        await self._engine.close()

    def once(self, *, since: datetime | None = None) -> Future[tuple[SyncReport, ...]]:
        """Pull every account, then deliver the outbox; one report an account.

        ``since`` is how far back the first sync of an account reaches, 90 days where nobody says.
        An account that fails says so in its report and stops no other.
        """
        return self._submit(self._engine.once(since))

    def fetch_history(self, account: AccountId, since: datetime) -> Future[None]:
        """Fetch what an account has back to ``since``; resolves when done or stopped.

        How far it has come is in the account's status. One that was stopped goes on where it was.
        """
        return self._submit(self._engine.fetch_history(account, since))

    def stop_history(self, account: AccountId) -> None:
        """Stop fetching; what came stays."""
        self._submit(self._engine.stop_history(account))

    def try_now(self) -> tuple[str, ...]:
        """Try now whatever waits for a later try.

        Returns a sentence for each account that is not tried, because its service has asked for a
        rest: when that is over.
        """
        self._submit(self._engine.try_now())
        now_ms = to_ms(self._clock.now())
        return tuple(
            f"{status.message} It is left alone until then."
            for status in tuple(self._engine.statuses.values())
            if status.state is AccountState.RESTING and (status.until_ms or 0) > now_ms
        )

    def look_at(self, item: OutboxId) -> Future[None]:
        """Bring in what the service shows now of the thread an outbox item belongs to.

        Raises the ``ConnectorError`` that stood in the way.
        """
        return self._submit(self._engine.look_at(item))

    def status(self, account: AccountId) -> AccountStatus | None:
        """How an account is doing; None while nothing was tried with it."""
        return self._engine.statuses.get(account)

    def connection(self) -> Connection:
        """Whether there is a network, and what waits for it."""
        return self._connectivity.connection(self._waiting)

    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when ``connection`` or a ``status`` changes; on any thread, quickly.

        Returns the way to stop it.
        """
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock, suppress(ValueError):
                self._listeners.remove(listener)

        return unsubscribe

    def _submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        self._used = True
        return self._network.submit(work)

    def _committed(self, change: ChangeSet) -> None:
        """On the writer thread."""
        if change.outbox:
            self._count_waiting()
        if change.outbox or change.accounts:
            self._network.call(lambda: self._engine.committed(change))

    def _count_waiting(self) -> None:
        self._workspace.read(outbox.waiting_count).add_done_callback(self._counted)

    def _counted(self, done: Future[int]) -> None:
        if done.cancelled() or done.exception() is not None:
            return  # a closing workspace; the next commit counts again
        if done.result() != self._waiting:
            self._waiting = done.result()
            self._announce()

    def _announce(self) -> None:
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()
