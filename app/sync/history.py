"""An account's past, fetched beside everything else: it can be stopped and goes on where it was."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from app.domain.clock import to_ms
from app.domain.errors import ConnectorError
from app.domain.ids import AccountId
from app.store import accounts
from app.store.database import Tx
from app.sync.pause import stored
from app.sync.puller import Puller
from app.sync.retry import pulling_after
from app.sync.surroundings import Surroundings

HISTORY, RUNNING, STOPPED, DONE = "history", "running", "stopped", "done"
"""The cursor of that name says whether a history goes on by itself at the next start."""


class History:
    def __init__(
        self,
        account: AccountId,
        around: Surroundings,
        puller: Callable[[], Awaitable[Puller]],
        rest_left: Callable[[], float],
        waits: Callable[[ConnectorError, datetime], None],
    ) -> None:
        """``rest_left`` gives the seconds for which the service wants to be left alone; ``waits``
        is told what a next try waits for, and until when."""
        self._account = account
        self._rest_left = rest_left
        self._waits = waits
        self._woken = asyncio.Event()
        self._around = around
        self._puller = puller
        self._task: asyncio.Task[None] | None = None
        self._ending = False

    @property
    def is_running(self) -> bool:
        return self._task is not None

    async def fill(self, since: datetime) -> bool:
        """Fetch everything back to ``since``; True when done, False when stopped.

        Rests and outages are waited out. Raises what no waiting can mend.
        """
        await self.stop()
        since_ms = to_ms(since)

        def begin(tx: Tx) -> None:
            accounts.update_account(
                tx, self._account, history_since_ms=since_ms, history_done=False
            )
            accounts.set_cursor(tx, self._account, HISTORY, RUNNING)

        await stored(self._around.workspace.write(begin))
        task = self._task = asyncio.create_task(self._fetch(since))
        try:
            await asyncio.wait((task,))
        except asyncio.CancelledError:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            raise
        finally:
            if self._task is task:
                self._task = None
        if not task.cancelled():
            task.result()
            return True
        if not self._ending:
            await self._mark_stopped()
        return False

    async def stop(self) -> None:
        """Stop; what was fetched stays, and the next ``fill`` goes on from there."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def wake(self) -> None:
        """Try now, where it waits for another try."""
        self._woken.set()

    def break_off(self) -> None:
        """The program ends: history goes on at the next start."""
        self._ending = True
        if self._task is not None:
            self._task.cancel()

    async def mark_done(self) -> None:
        """The account's past is here, as far back as was asked for."""

        def done(tx: Tx) -> None:
            accounts.update_account(tx, self._account, history_done=True)
            accounts.set_cursor(tx, self._account, HISTORY, DONE)

        await stored(self._around.workspace.write(done))

    async def _mark_stopped(self) -> None:
        await stored(
            self._around.workspace.write(
                lambda tx: accounts.set_cursor(tx, self._account, HISTORY, STOPPED)
            )
        )

    async def _fetch(self, since: datetime) -> None:
        failures = 0
        while True:
            while rest_s := self._rest_left():
                await self._around.pauses.rest(rest_s)
            self._woken.clear()
            try:
                await (await self._puller()).history(since)
            except ConnectorError as error:
                if not error.retryable:
                    raise
                failures += 1
                now = self._around.pauses.clock.now()
                spread = self._around.spread()
                at = pulling_after(error).next_try(now, failures, spread, error)
                self._waits(error, at)
                await self._around.pauses.until(self._woken, (at - now).total_seconds())
            else:
                await self.mark_done()
                return
