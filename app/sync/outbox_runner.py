"""Empties the outbox: lanes side by side, each in order, every item at its time.

A lane has one task at most. A temporary failure keeps its item at the front of the lane, so that
the order holds; a permanent one takes the item out of the lane. See ``docs/outbox.md``.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import field
from datetime import datetime, timedelta

from app.domain.clock import from_ms, to_ms
from app.domain.errors import RateLimited, SeamlineError, WorkspaceError
from app.domain.ids import AccountId, ConversationId
from app.domain.outbox import MOST_UNDO_S, OutboxItem, OutboxState
from app.domain.records import dataclass
from app.store import outbox
from app.store.database import Workspace
from app.store.locking import FileLock
from app.store.waits import shorten_waits
from app.sync.delivery import Delivery, Outcome
from app.sync.pause import Pauses, stored
from app.sync.pool import ConnectorPool
from app.sync.second_look import SecondLook

_log = logging.getLogger(__name__)

AT_ONCE = 4
"""Items of one account that may be in the air together."""
LOOK_S = 15.0
"""The wall clock may jump, so it is looked at least this often."""
_NOT_OURS = (OutboxState.SENDING, OutboxState.HELD)
"""In the air already, or an agent's to decide."""
GRACE_S = 3.0
"""How long requests in the air may take to end when the runner stops."""


@dataclass(slots=True)
class Delivered:
    """How many items of each account were sent, and how many failed for good."""

    sent: Counter[AccountId] = field(default_factory=Counter)
    failed: Counter[AccountId] = field(default_factory=Counter)
    elsewhere: bool = False
    """Another program delivers, so this one did not."""


class OutboxRunner:
    """Lives on the network thread's loop. ``wake`` it when the outbox has changed."""

    def __init__(
        self,
        workspace: Workspace,
        pool: ConnectorPool,
        pauses: Pauses,
        *,
        spread: Callable[[], float],
        heard: Callable[[AccountId, SeamlineError | None], None] = lambda _account, _error: None,
    ) -> None:
        """``heard`` is told how each attempt at an account's service went; None: it answered."""
        self._workspace = workspace
        self._pauses = pauses
        self._tell = heard
        self._delivery = Delivery(workspace, pool, pauses, spread=spread, heard=self._heard)
        self.second_look = SecondLook(workspace, pool)
        self._lock = FileLock(workspace.path.with_name("outbox.lock"))
        self._waiting: set[asyncio.Event] = set()
        self._lanes: dict[ConversationId, asyncio.Task[None]] = {}
        self._slots: dict[AccountId, asyncio.Semaphore] = {}
        self._rests: dict[AccountId, tuple[datetime, datetime]] = {}
        self._done = Delivered()

    def wake(self) -> None:
        for waiting in self._waiting:
            waiting.set()

    async def run(self) -> None:
        """Deliver until cancelled. While another program delivers, this one only waits its turn."""
        try:
            with self._listening() as woken:
                while True:
                    due: datetime | None = None
                    try:
                        if await self._ready():
                            due = await self._launch()
                    except Exception:  # noqa: BLE001 - a busy or full disk: look again later
                        _log.exception("the outbox could not be looked at")
                    await self._pauses.until(woken, self._seconds_to(due))
        finally:
            await self._let_go()

    async def drain(self, *, patience_s: float = 0.0) -> Delivered:
        """Deliver what is due, also what becomes due by it; returns what became of it.

        Waits at most ``patience_s`` in all for undo windows to end and for look-ups. What has to
        wait for longer stays in the outbox.
        """
        before = Delivered(Counter(self._done.sent), Counter(self._done.failed))
        running = self._lock.held
        if not await self._ready():
            return Delivered(elsewhere=True)
        end = self._pauses.clock.now() + timedelta(seconds=patience_s)
        try:
            with self._listening() as woken:
                while True:
                    due = await self._launch(soon_only=True)
                    if self._lanes:
                        await woken.wait()
                        woken.clear()
                    elif due is not None and due <= end:
                        await self._pauses.until(woken, self._seconds_to(due))
                    else:
                        break
        finally:
            if not running:
                await self._let_go()
        return Delivered(self._done.sent - before.sent, self._done.failed - before.failed)

    async def hasten(self, account: AccountId | None = None) -> None:
        """The network is back, or somebody asks: try now what waits for a later try."""
        await stored(self._workspace.write(lambda tx: outbox.hasten(tx, account)))
        self.wake()

    @contextmanager
    def _listening(self) -> Iterator[asyncio.Event]:
        woken = asyncio.Event()
        self._waiting.add(woken)
        try:
            yield woken
        finally:
            self._waiting.discard(woken)

    async def _ready(self) -> bool:
        """Whether delivering is ours; taking it over settles what a dead program left behind."""
        if self._lock.held:
            return True
        if not self._lock.acquire():
            return False
        try:
            left_behind = await stored(self._workspace.write(outbox.recover))
        except BaseException:
            self._lock.release()
            raise
        if left_behind:
            _log.info("%d messages were in the air and are looked up", len(left_behind))
        return True

    async def _launch(self, *, soon_only: bool = False) -> datetime | None:
        """Start every lane whose front is due; returns when the next front will be.

        ``soon_only`` leaves those out that wait for another try after a failure.
        """
        fronts = await stored(self._workspace.read(outbox.heads))
        # As the store rounds: what it stamped a moment ago is due now, not half a millisecond on.
        now = from_ms(to_ms(self._pauses.clock.now()))
        if any(_waits_long(front, now) for front in fronts) and await stored(
            self._workspace.write(lambda tx: shorten_waits(tx) > 0)
        ):
            fronts = await stored(self._workspace.read(outbox.heads))
        next_due: datetime | None = None
        for front in fronts:
            if front.lane in self._lanes or front.state in _NOT_OURS:
                continue
            due = from_ms(front.not_before_ms)
            due = max(due, self._rested(front.account, now))
            if due <= now:
                self._lanes[front.lane] = asyncio.create_task(self._work(front))
            elif soon_only and front.attempts and front.state is OutboxState.QUEUED:
                continue
            elif next_due is None or due < next_due:
                next_due = due
        return next_due

    async def _work(self, front: outbox.Head) -> None:
        slot = self._slots.setdefault(front.account, asyncio.Semaphore(AT_ONCE))
        try:
            async with slot:
                if front.state is OutboxState.UNKNOWN:
                    outcome = await self._delivery.look_up(front.id)
                elif await self.second_look.holds(front.id):
                    outcome = Outcome.HELD
                else:
                    outcome = await self._delivery.send(front.id)
            if outcome is Outcome.SENT:
                self._done.sent[front.account] += 1
            elif outcome is Outcome.FAILED:
                self._done.failed[front.account] += 1
        except SeamlineError:
            _log.exception("an item of the outbox could not be worked on")
            await self._pauses.rest(LOOK_S)
        finally:
            self._lanes.pop(front.lane, None)
            self.wake()

    def _rested(self, account: AccountId, now: datetime) -> datetime:
        """When the rest that the service asked for is over; a clock set back since ends it."""
        asked, until = self._rests.get(account, (now, now))
        if asked > now:
            del self._rests[account]
            return now
        return until

    def _heard(self, item: OutboxItem, error: SeamlineError | None) -> None:
        if isinstance(error, RateLimited):
            self._rests[item.account] = (self._pauses.clock.now(), error.retry_at)
        self._tell(item.account, error)

    def _seconds_to(self, due: datetime | None) -> float:
        if due is None:
            return LOOK_S
        return min(LOOK_S, max(0.0, (due - self._pauses.clock.now()).total_seconds()))

    async def _let_go(self) -> None:
        """Another program may deliver from here on.

        What became of our own attempts is written down before: on a busy disk it would otherwise
        be written over what the other has begun with the same message.
        """
        try:
            await self._finish()
            if self._lock.held:
                with suppress(WorkspaceError):
                    await stored(self._workspace.write(lambda _tx: None))
        finally:
            self._lock.release()

    async def _finish(self) -> None:
        """Let what is in the air end by itself for a moment, then cut it off."""
        lanes = tuple(self._lanes.values())
        if not lanes:
            return
        await asyncio.wait(lanes, timeout=GRACE_S)
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)
        self._lanes.clear()  # one that was cancelled before it began could not do so itself


def _waits_long(front: outbox.Head, now: datetime) -> bool:
    """Longer than any undo window: right after a failure, or the clock was set back."""
    return from_ms(front.not_before_ms) > now + timedelta(seconds=MOST_UNDO_S)
