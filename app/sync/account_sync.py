"""One account kept up to date for as long as the program runs, whatever its service does.

Polls (quickly after something happened, slowly when all is quiet), follows live where the channel
can, listens for saved searches, asks again about posts in open cases, and fills in history beside
all that. Whatever fails, fails for this account alone and is tried again at its own pace.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import cast

import msgspec

from app.connectors.base import Connector, Page
from app.domain.clock import to_ms
from app.domain.errors import (
    AuthExpired,
    ConnectorError,
    NotFound,
    RateLimited,
    SeamlineError,
)
from app.domain.views import AccountState, AccountStatus, SavedSearch
from app.store import accounts
from app.store.accounts import AccountRecord
from app.store.ingest import Ingested
from app.sync.connectivity import is_no_answer
from app.sync.history import History
from app.sync.in_between import in_words
from app.sync.pause import stored
from app.sync.puller import Puller
from app.sync.retry import FOLLOWING, pulling_after
from app.sync.surroundings import Surroundings

_log = logging.getLogger(__name__)

QUICK_S, QUIET_S, SLOWER = 5.0, 30.0, 1.5
"""Polling: the pause after something new, the longest pause, and how it grows in between."""
FOLLOWED_S = 60.0
"""Polling beside a live connection, which may lose something without noticing."""
BETWEEN_PULLS_S = 2.0
"""However much happens live, pulls keep this distance."""
LISTEN_S = 60.0
REFETCH_S = 120.0
LIMITS_S = 86_400.0
SYNCED_S = 60.0
"""How often “last synced” is written down while nothing else is."""


class AccountSync:
    """Lives on the network thread's loop."""

    def __init__(self, record: AccountRecord, around: Surroundings) -> None:
        self.record = record
        self._id = record.id
        self._around = around
        self._now = around.pauses.clock.now
        self._woken = asyncio.Event()
        self._puller: Puller | None = None
        self._connector: Connector | None = None
        self._status = AccountStatus(AccountState.SYNCING)
        self._failures = 0
        self._pause_s = QUICK_S
        self._following: asyncio.Task[None] | None = None
        self._rests_until: datetime | None = None
        self.history = History(record.id, around, self.puller, self.rest_left, self._history_waits)
        self._worked = False
        self._fetched = 0
        self._due: dict[str, datetime] = {}

    @property
    def status(self) -> AccountStatus:
        return self._status

    def rest_left(self) -> float:
        """Seconds of the rest that the service asked for; 0 when none."""
        if self._rests_until is None:
            return 0.0
        return max(0.0, (self._rests_until - self._now()).total_seconds())

    def wake(self) -> None:
        """Try now: somebody asked. A rest that the service asked for is kept."""
        if self.rest_left():
            return
        self._failures = 0
        self._due.clear()
        self._woken.set()
        self.history.wake()

    def look_now(self) -> None:
        """Something went wrong elsewhere: look how the account is, unless that is known."""
        if self._status.state in (AccountState.UP_TO_DATE, AccountState.SYNCING):
            self.wake()

    async def begin_anew(self) -> None:
        """After a sleep, before ``run`` is called again: connections from before are dead, though
        they may not know it yet."""
        await self._drop_connector()
        self.wake()

    def sign_in_changed(self) -> None:
        """New secrets may be there; what waited for a sign-in tries again."""
        if self._status.state is AccountState.SIGN_IN:
            self.wake()

    # Live ------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled."""
        try:
            if rest_s := self.rest_left():
                await self._around.pauses.until(self._woken, rest_s)
            while True:
                try:
                    counted = await self._round_with_present_secrets()
                except Exception as error:  # noqa: BLE001 - a bug stops no other account
                    pause_s = await self.failed(error)
                else:
                    pause_s = self.succeeded(counted)
                await self._around.pauses.until(self._woken, pause_s)
        finally:
            await self._stop_following()

    async def _round_with_present_secrets(self) -> Ingested:
        """A connector keeps the secrets it was made with; a sign-in may have come since."""
        try:
            return await self._round()
        except AuthExpired:
            if not self._worked:
                raise
            self._worked = False
            await self._stop_following()
            await self._drop_connector()
            return await self._round()

    async def _round(self) -> Ingested:
        """One time through everything that is due."""
        puller = await self.puller()
        counted = await puller.pull()
        if self._is_due("listen", LISTEN_S):
            found, refusal = await puller.listen(await self.searches())
            counted += found
            if refusal is not None:
                _log.warning("a saved search was refused: %s", refusal)
        if self._is_due("refetch", REFETCH_S):
            counted += await puller.refetch()
        if counted.new or counted.changed or self._is_due("synced", SYNCED_S):
            await self.note_synced()
        if self._is_due("limits", LIMITS_S):
            await self.note_limits()
        self._follow()
        return counted

    def succeeded(self, counted: Ingested) -> float:
        """Show it, and how long to pause."""
        self._around.heard(self._id, None)
        self._failures = 0
        self._rests_until = None
        self._worked = True
        if not self.history.is_running:
            self._fetched = 0
            self._show(AccountStatus(AccountState.UP_TO_DATE))
        elif self._status.state is not AccountState.SYNCING:
            self._show(AccountStatus(AccountState.SYNCING, fetched=self._fetched))
        quiet = not (counted.new or counted.changed)
        self._pause_s = min(QUIET_S, self._pause_s * SLOWER) if quiet else QUICK_S
        return FOLLOWED_S if self._following is not None else self._pause_s

    async def failed(self, cause: Exception) -> float | None:
        """Show it, and how long to rest; None until something changes."""
        error = self._said(cause)
        self._failures += 1
        if isinstance(error, ConnectorError):
            self._around.heard(self._id, error)
        if isinstance(error, AuthExpired | NotFound):
            await self._stop_following()
            await self._drop_connector()
            self._show(AccountStatus(AccountState.SIGN_IN, str(error)))
            return None
        now = self._now()
        at = pulling_after(error).next_try(now, self._failures, self._around.spread(), error)
        self._waits(error, at)
        return (at - now).total_seconds()

    def _waits(self, error: SeamlineError, at: datetime) -> None:
        """Show what it waits for, and until when."""
        if isinstance(error, RateLimited):
            self._rests_until = at
        state = _state_after(error)
        self._show(AccountStatus(state, error.message, until_ms=to_ms(at)))
        if state is AccountState.OFFLINE:
            self._around.tries_at(self._id, at)

    def _history_waits(self, cause: ConnectorError, at: datetime) -> None:
        error = in_words(cause, self.record.server)
        self._around.heard(self._id, error)
        self._waits(error, at)

    def _said(self, cause: Exception) -> SeamlineError:
        """The failure in a person's words; what is not expected goes to the log."""
        if isinstance(cause, SeamlineError):
            return in_words(cause, self.record.server)
        _log.error("syncing a %s account broke", self.record.channel, exc_info=cause)
        return SeamlineError(
            "Something unexpected stopped this account.", hint="The log says more; it tries again."
        )

    def _is_due(self, what: str, every_s: float) -> bool:
        now = self._now()
        if now < self._due.get(what, now):
            return False
        self._due[what] = now + timedelta(seconds=every_s)
        return True

    # Following -------------------------------------------------------------------------------

    def _follow(self) -> None:
        connector = self._connector
        if connector is None or not connector.capabilities.streams or self._following is not None:
            return
        self._following = asyncio.create_task(self._keep_following(connector))

    async def _keep_following(self, connector: Connector) -> None:
        """Each event is stored and starts a pull, which brings the thread around it."""
        puller = await self.puller()
        failures = 0
        while True:
            broke: Exception | None = None
            try:
                # Closed here and now, also when this task is cancelled between two pages: left to
                # the garbage collector, its connection would outlive the loop.
                live = cast("AsyncGenerator[Page, None]", connector.follow())
                async with aclosing(live) as pages:
                    async for page in pages:
                        failures = 0
                        if page.facts or page.gone:
                            await puller.store(page)
                        await self._around.pauses.rest(BETWEEN_PULLS_S)
                        self._pull_soon()
            except SeamlineError as error:
                broke = error
                _log.info("the live connection of a %s account: %s", connector.channel, error)
            except Exception:  # noqa: BLE001 - polling goes on without it
                _log.exception("following a %s account broke", connector.channel)
            failures += 1
            # Close the gap; whether the service is there at all, the pull finds out.
            self._pull_soon()
            now = self._now()
            at = FOLLOWING.next_try(now, failures, self._around.spread(), broke)
            await self._around.pauses.rest((at - now).total_seconds())

    def _pull_soon(self) -> None:
        """Unless pulling fails as it is: then its back-off decides."""
        if not self._failures:
            self._woken.set()

    async def _stop_following(self) -> None:
        task, self._following = self._following, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    # History ---------------------------------------------------------------------------------

    async def fill(self, since: datetime) -> None:
        """Fetch history back to ``since``; see ``History.fill``."""
        try:
            done = await self.history.fill(since)
        except Exception as error:
            await self.failed(error)
            raise
        if done:
            self._around.heard(self._id, None)
        if done or self._status.state is AccountState.SYNCING:
            self._show(AccountStatus(AccountState.UP_TO_DATE))

    # Means -----------------------------------------------------------------------------------

    async def puller(self) -> Puller:
        """Made when first needed, and again after the connector was dropped."""
        if self._puller is None:
            connector = await self._around.pool.of(self._id)
            if self._puller is None:  # nobody was quicker meanwhile
                self._connector = connector
                self._puller = Puller(self._around.workspace, self._id, connector, self._progressed)
        return self._puller

    async def searches(self) -> tuple[SavedSearch, ...]:
        held = await stored(self._around.workspace.read(accounts.saved_searches))
        return tuple(search for search in held if search.account == self._id)

    async def note_synced(self) -> None:
        now_ms = to_ms(self._now())
        await stored(
            self._around.workspace.write(
                lambda tx: accounts.update_account(tx, self._id, synced_ms=now_ms)
            )
        )

    async def note_limits(self) -> None:
        """Keep how long a message may be, so that the composer knows it offline."""
        connector = await self._around.pool.of(self._id)
        limits = msgspec.json.encode(await connector.limits()).decode()
        await stored(
            self._around.workspace.write(
                lambda tx: accounts.set_cursor(tx, self._id, accounts.LIMITS, limits)
            )
        )

    def _progressed(self, counted: Ingested, reached: datetime | None) -> None:
        """Show the work while it is more than a glance."""
        self._fetched += counted.new + counted.changed
        if self._status.state is AccountState.OFFLINE:
            self._around.heard(self._id, None)
        if reached is not None:
            back = f"{reached:%Y-%m-%d}"
            self._show(
                AccountStatus(
                    AccountState.SYNCING, f"Fetched back to {back}.", fetched=self._fetched
                )
            )
        elif counted.new:
            self._show(AccountStatus(AccountState.SYNCING, fetched=self._fetched))

    async def _drop_connector(self) -> None:
        self._puller = self._connector = None
        await self._around.pool.drop(self._id)

    def _show(self, status: AccountStatus) -> None:
        if status != self._status:
            self._status = status
            self._around.show(self._id, status)


def _state_after(error: SeamlineError) -> AccountState:
    if is_no_answer(error):
        return AccountState.OFFLINE
    return AccountState.RESTING if isinstance(error, RateLimited) else AccountState.FAILED
