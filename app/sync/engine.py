"""Everything that happens at services, on one loop: all accounts and the outbox.

Lives on the network thread's loop; ``app.services.syncing`` is its door to the other threads.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta

from app.domain.changes import ChangeSet
from app.domain.clock import from_ms, to_ms
from app.domain.errors import AuthExpired, BadInput, NotFound, SeamlineError, WorkspaceError
from app.domain.ids import AccountId, OutboxId
from app.domain.interactions import Channel
from app.domain.records import dataclass
from app.domain.views import AccountState, AccountStatus
from app.store import accounts, outbox
from app.store.accounts import AccountRecord
from app.store.database import Workspace
from app.store.ingest import Ingested
from app.sync.account_sync import AccountSync
from app.sync.connectivity import Connectivity, is_no_answer
from app.sync.history import HISTORY, RUNNING
from app.sync.in_between import in_words
from app.sync.outbox_runner import OutboxRunner
from app.sync.pause import Pauses, stored
from app.sync.pool import ConnectorFactory, ConnectorPool
from app.sync.surroundings import Surroundings

_log = logging.getLogger(__name__)

Work = Callable[[], Coroutine[object, object, None]]

FIRST_HISTORY = timedelta(days=90)
"""How far back a first sync reaches where nobody says."""
PATIENCE_S = 20.0
"""How long ``once`` waits for undo windows to end."""
_VIGIL_S = 5.0
_SLEPT_S = 20.0
"""So much later than it should: nothing but a sleep delays a look around that long."""


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What one sync did for an account. ``error`` is a sentence, "" when all went well.

    ``left_to_another`` is how many messages wait for another program that has the workspace open
    and delivers; None where this one did.
    """

    account: AccountId
    handle: str
    channel: Channel
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    sent: int = 0
    failed: int = 0
    left_to_another: int | None = None
    error: str = ""


class Engine:
    def __init__(
        self,
        workspace: Workspace,
        factory: ConnectorFactory,
        pauses: Pauses,
        connectivity: Connectivity,
        *,
        changed: Callable[[], None],
        spread: Callable[[], float] = random.random,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``changed`` is called whenever the status of an account or of the network changes."""
        self._workspace = workspace
        self._pauses = pauses
        self._connectivity = connectivity
        self._changed = changed
        self._monotonic = monotonic
        self._pool = ConnectorPool(factory, self._record)
        self._around = Surroundings(
            workspace, self._pool, pauses, spread, self._heard, connectivity.tries_again, self._show
        )
        self._runner = OutboxRunner(
            workspace, self._pool, pauses, spread=spread, heard=self._heard_sending
        )
        self._syncs: dict[AccountId, AccountSync] = {}
        self._tasks: dict[AccountId, asyncio.Task[None]] = {}
        self._beside: set[asyncio.Task[None]] = set()
        self._live = False
        self.statuses: dict[AccountId, AccountStatus] = {}
        """Read from any thread; replaced entry by entry on the loop's."""

    # Live ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Keep everything up to date until ``end``; starting twice is starting once."""
        if self._live:
            return
        self._live = True
        self._aside(self._runner.run)
        self._aside(lambda: self.reload(resume=True))
        self._aside(self._vigil)

    async def end(self) -> None:
        """Cancel everything; the connections stay open until ``close``."""
        self._live = False
        for sync in self._syncs.values():
            sync.history.break_off()
        tasks = (*self._beside, *self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()
        self._syncs.clear()

    async def close(self) -> None:
        """Close the connections, once nobody uses them."""
        await self._pool.close()

    async def reload(self, *, resume: bool = False) -> None:
        """Take up accounts that came, let go of those that went. Only while live."""
        records = await self._records()
        for gone in set(self._tasks) - {record.id for record in records}:
            task = self._tasks.pop(gone)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            self._syncs.pop(gone, None)
            self.statuses.pop(gone, None)
            self._connectivity.forget(gone)
            await self._pool.drop(gone)
        if not self._live:
            return
        for record in records:
            if record.id in self._tasks:
                continue
            sync = self._sync(record)
            self._tasks[record.id] = asyncio.create_task(sync.run())
            if resume:
                await self._resume_history(sync)

    async def _resume_history(self, sync: AccountSync) -> None:
        """A history that the end of the program broke off goes on by itself."""
        record = sync.record
        mark = await stored(
            self._workspace.read(lambda conn: accounts.cursor(conn, record.id, HISTORY))
        )
        if mark == RUNNING and record.history_since_ms is not None and not record.history_done:
            back_to = from_ms(record.history_since_ms)
            self._aside(lambda: sync.fill(back_to))

    async def _vigil(self) -> None:
        """Look around from time to time.

        The machine has slept when that took much longer than it should, by either clock: on some
        systems the steady one sleeps too. And another program may have connected or removed an
        account.
        """
        while True:
            wall, steady = self._pauses.clock.now(), self._monotonic()
            await self._pauses.rest(_VIGIL_S)
            by_wall = (self._pauses.clock.now() - wall).total_seconds()
            late_s = max(by_wall, self._monotonic() - steady) - _VIGIL_S
            with suppress(WorkspaceError):  # a busy disk: there is a next time
                if late_s > _SLEPT_S:
                    _log.info("the machine slept for about %d s", late_s)
                    await self._woke()
                await self.reload()

    async def _woke(self) -> None:
        """Begin anew after a sleep: whoever was connected then is gone, and may never say so."""
        for account, task in tuple(self._tasks.items()):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            sync = self._syncs.get(account)
            if sync is None or self._tasks.get(account) is not task:
                continue  # it was removed meanwhile
            await sync.begin_anew()
            self._tasks[account] = asyncio.create_task(sync.run())
        await self._runner.hasten()

    async def try_now(self) -> None:
        """Whatever waits for a later try is tried now; a rest that a service asked for is kept."""
        for sync in self._syncs.values():
            sync.wake()
        await self._runner.hasten()

    async def look_at(self, item: OutboxId) -> None:
        """Bring in what the service shows of an outbox item's thread; raises what hinders it."""
        await self._runner.second_look.refresh(item)

    def committed(self, change: ChangeSet) -> None:
        """The workspace changed: the outbox may hold something new, an account may have come."""
        if change.outbox:
            self._runner.wake()
        if change.accounts and self._live:
            for account in change.accounts:
                sync = self._syncs.get(account)
                if sync is not None:
                    sync.sign_in_changed()
            self._aside(self.reload)

    # Once ------------------------------------------------------------------------------------

    async def once(self, since: datetime | None = None) -> tuple[SyncReport, ...]:
        """Pull every account, fill in a first history, ask again, then deliver the outbox."""
        records = await self._records()
        pulled = await asyncio.gather(*(self._once(record, since) for record in records))
        delivered = await self._runner.drain(patience_s=PATIENCE_S)
        left: dict[AccountId, int] = {}
        if delivered.elsewhere:
            left = await stored(self._workspace.read(outbox.waiting_by_account))
        if not self._live:
            await self._pool.close()
            self._syncs.clear()
        return tuple(
            SyncReport(
                account=record.id,
                handle=record.handle,
                channel=record.channel,
                new=counted.new,
                changed=counted.changed,
                unchanged=counted.unchanged,
                sent=delivered.sent[record.id],
                failed=delivered.failed[record.id],
                left_to_another=left.get(record.id, 0) if delivered.elsewhere else None,
                error=error,
            )
            for record, (counted, error) in zip(records, pulled, strict=True)
        )

    async def _once(self, record: AccountRecord, since: datetime | None) -> tuple[Ingested, str]:
        sync = self._sync(record)
        counted = Ingested()
        try:
            puller = await sync.puller()
            counted += await puller.pull()
            if not (record.history_done or sync.history.is_running):
                counted += await self._first_history(sync, record, since)
            found, refusal = await puller.listen(await sync.searches())
            counted += found
            counted += await puller.refetch()
            await sync.note_limits()
            await sync.note_synced()
        except Exception as error:  # noqa: BLE001 - what stops one account stops no other
            await sync.failed(error)
            said = in_words(error, record.server) if isinstance(error, SeamlineError) else None
            return counted, str(said) if said is not None else sync.status.message
        sync.succeeded(counted)
        return counted, "" if refusal is None else str(refusal)

    async def _first_history(
        self, sync: AccountSync, record: AccountRecord, since: datetime | None
    ) -> Ingested:
        if since is None and record.history_since_ms is not None:
            since = from_ms(record.history_since_ms)
        back_to = since or self._pauses.clock.now() - FIRST_HISTORY
        await stored(
            self._workspace.write(
                lambda tx: accounts.update_account(tx, record.id, history_since_ms=to_ms(back_to))
            )
        )
        counted = await (await sync.puller()).history(back_to)
        await sync.history.mark_done()
        return counted

    # History ---------------------------------------------------------------------------------

    async def fetch_history(self, account: AccountId, since: datetime) -> None:
        """Raises NotFound, or what no waiting can mend."""
        if since > self._pauses.clock.now():
            raise BadInput("History cannot begin in the future.", hint="Name an earlier day.")
        record = await self._record(account)
        if record is None:
            raise NotFound("This account is not connected.", hint="List the accounts.")
        await self._sync(record).fill(since)

    async def stop_history(self, account: AccountId) -> None:
        sync = self._syncs.get(account)
        if sync is not None:
            await sync.history.stop()

    # Means -----------------------------------------------------------------------------------

    def _sync(self, record: AccountRecord) -> AccountSync:
        sync = self._syncs.get(record.id)
        if sync is None:
            sync = self._syncs[record.id] = AccountSync(record, self._around)
        return sync

    async def _records(self) -> tuple[AccountRecord, ...]:
        """The accounts that have an outside."""
        held = await stored(self._workspace.read(accounts.all_accounts))
        return tuple(record for record in held if not record.sample)

    async def _record(self, account: AccountId) -> AccountRecord | None:
        held = await stored(self._workspace.read(accounts.all_accounts))
        return next((record for record in held if record.id == account), None)

    def _heard(self, account: AccountId, error: SeamlineError | None) -> None:
        sync = self._syncs.get(account)
        handle = "" if sync is None else sync.record.handle
        if error is not None and sync is not None:
            error = in_words(error, sync.record.server)
        was_online = self._connectivity.online
        if self._connectivity.heard(account, error, handle):
            # It is reached again: what waited for that need not wait for its own next try.
            self._aside(lambda: self._runner.hasten(account))
        if self._connectivity.online and not was_online:
            # The network is back, for the others too.
            for other in self._syncs.values():
                if other.status.state is AccountState.OFFLINE and other is not sync:
                    other.wake()

    def _heard_sending(self, account: AccountId, error: SeamlineError | None) -> None:
        sync = self._syncs.get(account)
        doubtful = is_no_answer(error) or isinstance(error, AuthExpired)
        if doubtful and self._live and sync is not None:
            # One request that failed is no outage: a pull finds out at once how the account is.
            sync.look_now()
        else:
            self._heard(account, error)

    def _show(self, account: AccountId, status: AccountStatus) -> None:
        self.statuses[account] = status
        self._changed()

    def _aside(self, work: Work) -> None:
        """Something beside everything else; its failure is logged, not passed on.

        Taken as a function: a coroutine that is cancelled before its first step would complain.
        """
        task = asyncio.create_task(_logged(work))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)


async def _logged(work: Work) -> None:
    try:
        await work()
    except SeamlineError as error:
        _log.warning("%s", error)
    except Exception:  # noqa: BLE001 - whoever started it does not wait for it
        _log.exception("work beside the sync broke")
