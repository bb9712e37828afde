"""One attempt at one outbox item, and what is written down about it.

The order of steps is what keeps a message from being sent twice or lost:

1. ``SENDING`` is committed, and flushed to the disk;
2. the request leaves;
3. what became of it is committed: ``SENT`` together with our own post as a fact, ``QUEUED`` again
   when it provably did not arrive, ``FAILED`` when it was refused, ``UNKNOWN`` when nobody knows.

Death between any two steps leaves ``SENDING``, which the next start turns into ``UNKNOWN``; and an
``UNKNOWN`` is looked up at the service before anything else happens to it. That it is not there
counts only when the service has had time to finish.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum, auto

from app.connectors.base import Delivered
from app.domain.errors import BadInput, ConnectorError, NotFound, SeamlineError, WorkspaceError
from app.domain.ids import InteractionUid, OutboxId, interaction_uid
from app.domain.outbox import Act, OutboxItem, OutboxState
from app.store import outbox
from app.store.database import Tx, Workspace
from app.store.ingest import ingest
from app.store.locking import flush_journal
from app.sync.pause import Pauses, stored
from app.sync.pool import ConnectorPool, SampleSendsNothingError
from app.sync.retry import LOOKING_UP, SENDING

_log = logging.getLogger(__name__)

SETTLES_S = 30.0
"""So long a service may still be at work on a message whose sender is gone. A message that is not
found before that may yet appear, and sending it again would double it."""
_WRITE_AGAIN_S = 5.0
_UNEXPECTED = "Something unexpected happened while this was being sent."
_UNEXPECTED_HINT = "The log says more; Seamline looks up whether it arrived."
_INTERRUPTED = "Seamline stopped while this was being sent."
_NEXT = "It is looked up before anything is sent again."
_ONCE_MORE = "It is not there yet; it is looked up once more before it is sent again."


class Outcome(Enum):
    NOTHING = auto()
    """It was not its turn, or somebody else settled it."""
    SENT = auto()
    FAILED = auto()
    HELD = auto()
    """An agent is asked first."""
    WAITS = auto()
    """QUEUED again, or UNKNOWN."""


class _Verdict(Enum):
    UNCERTAIN = auto()
    AGAIN = auto()
    REFUSED = auto()


def _verdict(error: Exception, *, left: bool) -> _Verdict:
    """What a failed attempt means. ``left``: the request may have been made.

    Only what provably did not arrive is tried again, and only what a person can mend is refused;
    everything else, our own bugs included, is uncertain.
    """
    if isinstance(error, ConnectorError):
        if error.reached:
            return _Verdict.UNCERTAIN
        return _Verdict.AGAIN if error.retryable else _Verdict.REFUSED
    if isinstance(error, BadInput | NotFound | SampleSendsNothingError):
        return _Verdict.REFUSED
    return _Verdict.UNCERTAIN if left else _Verdict.AGAIN


class Delivery:
    """Carries items out; holds nothing between two calls but what look-ups have come to."""

    def __init__(
        self,
        workspace: Workspace,
        pool: ConnectorPool,
        pauses: Pauses,
        *,
        spread: Callable[[], float],
        heard: Callable[[OutboxItem, SeamlineError | None], None],
    ) -> None:
        """``spread`` gives random numbers from 0 to 1; ``heard`` is told how each attempt went."""
        self._workspace = workspace
        self._pool = pool
        self._pauses = pauses
        self._spread = spread
        self._heard = heard
        self._vain: dict[OutboxId, int] = {}
        self._not_there: dict[OutboxId, datetime] = {}

    async def send(self, item_id: OutboxId) -> Outcome:
        """Claim a queued item and send it."""
        item = await stored(self._workspace.write(lambda tx: outbox.claim(tx, item_id)))
        if item is None:
            return Outcome.NOTHING
        left = False
        try:
            await asyncio.to_thread(flush_journal, self._workspace.path)
            connector = await self._pool.of(item.account)
            left = True
            delivered = await connector.send(item)
        except asyncio.CancelledError:
            self._leave_behind(item, left=left)
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it has to be settled
            return await self._not_sent(item, error, left=left)
        self._heard(item, None)
        return await self._arrived(item, delivered)

    async def look_up(self, item_id: OutboxId) -> Outcome:
        """Ask the service whether an item that was in the air has arrived."""
        item = await stored(self._workspace.read(lambda conn: outbox.get(conn, item_id)))
        if item.state is not OutboxState.UNKNOWN:
            return Outcome.NOTHING
        try:
            connector = await self._pool.of(item.account)
            found = await connector.find_sent(item)
        except Exception as error:  # noqa: BLE001 - as above
            return await self._still_uncertain(item, error)
        self._heard(item, None)
        if found is not None:
            return await self._arrived(item, found)
        return await self._not_found(item)

    # What became of it ------------------------------------------------------------------------

    async def _arrived(self, item: OutboxItem, delivered: Delivered) -> Outcome:
        self._vain.pop(item.id, None)
        self._not_there.pop(item.id, None)
        try:
            return await self._settle(lambda tx: _record_arrival(tx, item, delivered), Outcome.SENT)
        except Exception:  # noqa: BLE001 - a bug in storing the post
            # That it was sent counts more than how it looks; the next pull brings the post.
            _log.exception("what was sent on %s could not be stored", item.channel)
            bare = Delivered(delivered.native_id)
            return await self._settle(lambda tx: _record_arrival(tx, item, bare), Outcome.SENT)

    async def _not_sent(self, item: OutboxItem, error: Exception, *, left: bool) -> Outcome:
        said = self._said(item, error)
        match _verdict(error, left=left):
            case _Verdict.UNCERTAIN:
                return await self._uncertain(item, said, said.message, said.hint or _NEXT)
            case _Verdict.AGAIN:
                return await self._again(item, said)
            case _Verdict.REFUSED:
                return await self._refused(item, said)

    def _said(self, item: OutboxItem, error: Exception) -> SeamlineError:
        """The failure in a person's words; what is not expected goes to the log."""
        if isinstance(error, ConnectorError):
            self._heard(item, error)
        if isinstance(error, SeamlineError):
            return error
        _log.error("an item on %s met something unexpected", item.channel, exc_info=error)
        return SeamlineError(_UNEXPECTED, hint=_UNEXPECTED_HINT)

    async def _not_found(self, item: OutboxItem) -> Outcome:
        """A reply that is not there is sent again once that proves something; the other acts do no
        harm when they are done twice."""
        now = self._pauses.clock.now()
        proven = self._proven_at(item, now)
        if item.act is Act.REPLY and proven > now:
            return await self._settle(
                lambda tx: outbox.unknown(
                    tx, item.id, not_before=proven, error=item.error, hint=_ONCE_MORE
                ),
                Outcome.WAITS,
            )
        del self._not_there[item.id]
        return await self._settle(
            lambda tx: outbox.put_back(tx, item.id, not_before=now), Outcome.WAITS
        )

    def _proven_at(self, item: OutboxItem, now: datetime) -> datetime:
        """When not finding an item proves that it did not arrive.

        It counts from the attempt, or from the first look where the clock was set back since.
        """
        first = min(self._not_there.get(item.id, now), now)
        self._not_there[item.id] = first
        return min(first, item.attempted_at or now) + timedelta(seconds=SETTLES_S)

    async def _refused(self, item: OutboxItem, error: SeamlineError) -> Outcome:
        return await self._settle(
            lambda tx: outbox.failed(tx, item.id, error=error.message, hint=error.hint),
            Outcome.FAILED,
        )

    async def _again(self, item: OutboxItem, error: SeamlineError) -> Outcome:
        later = SENDING.next_try(self._pauses.clock.now(), item.attempts, self._spread(), error)
        return await self._settle(
            lambda tx: outbox.put_back(
                tx, item.id, not_before=later, error=error.message, hint=error.hint
            ),
            Outcome.WAITS,
        )

    async def _uncertain(
        self, item: OutboxItem, error: SeamlineError, message: str, hint: str
    ) -> Outcome:
        later = self._next_look(item, error)
        return await self._settle(
            lambda tx: outbox.unknown(tx, item.id, not_before=later, error=message, hint=hint),
            Outcome.WAITS,
        )

    async def _still_uncertain(self, item: OutboxItem, error: Exception) -> Outcome:
        """The reason why it is unknown stays; what stands in the way of knowing is the hint."""
        said = self._said(item, error)
        return await self._uncertain(item, said, item.error or said.message, str(said))

    def _next_look(self, item: OutboxItem, error: SeamlineError) -> datetime:
        vain = self._vain.get(item.id, 0) + 1
        self._vain[item.id] = vain
        return LOOKING_UP.next_try(self._pauses.clock.now(), vain, self._spread(), error)

    async def _settle(self, op: Callable[[Tx], object], outcome: Outcome) -> Outcome:
        """Write it down, however long the disk refuses; an agent who was quicker wins."""
        while True:
            try:
                await stored(self._workspace.write(op))
            except BadInput:
                return Outcome.NOTHING
            except WorkspaceError:
                _log.exception("what became of a message could not be written down")
                await self._pauses.rest(_WRITE_AGAIN_S)
            else:
                return outcome

    def _leave_behind(self, item: OutboxItem, *, left: bool) -> None:
        """Stopped in the middle: hand what is known to the writer and do not wait for it."""
        now = self._pauses.clock.now()
        if left:
            self._workspace.write(
                lambda tx: outbox.unknown(
                    tx, item.id, not_before=now, error=_INTERRUPTED, hint=_NEXT
                )
            )
        else:
            self._workspace.write(lambda tx: outbox.put_back(tx, item.id, not_before=now))


def _record_arrival(tx: Tx, item: OutboxItem, delivered: Delivered) -> None:
    """In one transaction: the item is sent, and its post stands solid in the timeline."""
    uid: InteractionUid | None = None
    if item.act is Act.DELETE:
        ingest(tx, item.account, (), gone=(item.target,))
    elif delivered.fact is not None:
        ingest(tx, item.account, (delivered.fact,))
    if item.act is Act.REPLY:
        native_id = delivered.fact.native_id if delivered.fact else delivered.native_id
        uid = interaction_uid(item.account, native_id)
    outbox.sent(tx, item.id, delivered.native_id, uid)
