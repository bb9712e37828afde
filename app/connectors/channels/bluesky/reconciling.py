"""Once a day, the whole last month of notifications is compared with what was seen of it.

A deep look every ten minutes finds posts dated back by up to three days. What lands deeper, for
instance from an app that publishes drafts under their first date, is found here. The stream keeps
a position of its own, because remembering a month takes more room than a poll should write.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import msgspec

from app.connectors.base import Page
from app.connectors.channels.bluesky.notifications import Notifications
from app.connectors.channels.bluesky.positions import Known, is_due, ms
from app.domain.clock import Clock, to_ms

EVERY = timedelta(hours=24)
REACH = timedelta(days=30)
ITEMS = 10_000
_KNOWN = 12_000


class Reconciled(msgspec.Struct, frozen=True):
    """When the last comparison began (milliseconds), and what the list held then."""

    at: int = 0
    known: bytes = b""


class Reconciling:
    def __init__(self, notifications: Notifications, clock: Clock) -> None:
        self._notifications = notifications
        self._clock = clock

    async def pull(self, cursor: str | None) -> AsyncIterator[Page]:
        """Nothing, until a day has passed. The first time only takes note of what there is: that
        is what history is for."""
        before = _read(cursor)
        now_ms = to_ms(self._clock.now())
        if not is_due(before.at, EVERY, now_ms):
            return
        first = not before.at
        known = Known(before.known, most=_KNOWN)
        floor = now_ms - ms(REACH)
        threaded: set[str] = set()
        read = 0
        async for part in self._notifications.slices(""):
            fresh = [one for one in part.items if (one.uri, one.cid) not in known]
            for one in part.items:
                known.add(one.uri, one.cid)
            if fresh and not first:
                yield Page(tuple(await self._notifications.facts(fresh, threaded)))
            read += len(part.items)
            if part.oldest_ms < floor or read >= ITEMS:
                break
        after = Reconciled(now_ms, known.packed())
        yield Page((), cursor=msgspec.json.encode(after).decode())

    async def history(self, since: datetime, _cursor: str | None) -> AsyncIterator[Page]:
        """None of its own: the other streams have it."""
        yield Page((), progress=since)


def _read(cursor: str | None) -> Reconciled:
    try:
        return msgspec.json.decode(cursor or "{}", type=Reconciled)
    except msgspec.DecodeError:
        return Reconciled()
