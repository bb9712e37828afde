"""Notifications: what customers do towards us, read so that nothing is missed.

The service pages by time alone, to the millisecond and exclusive, so items that share the last
millisecond of a page are lost to whoever follows its cursor as it is. Every next page therefore
starts one millisecond later and re-reads that moment. More items in one millisecond than a page
holds (100) cannot be read that way at all; ``moments`` finds them by other means.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from app.connectors.base import Page
from app.connectors.channels.bluesky.facts import is_inbound, post_fact, touch_fact
from app.connectors.channels.bluesky.moments import find_crowd
from app.connectors.channels.bluesky.positions import (
    HistoryPosition,
    Known,
    Reach,
    ms,
    read_history,
    read_position,
    write,
)
from app.connectors.channels.bluesky.posts import moment, notified_post, occurred, read_notification
from app.connectors.channels.bluesky.reading import Placed, Reader
from app.connectors.channels.bluesky.shapes import Notification, NotificationPage
from app.domain.clock import Clock, from_ms, to_ms
from app.domain.interactions import InteractionFact
from app.domain.records import dataclass

PAGE = 100
_TEXT_REASONS = frozenset({"mention", "reply", "quote"})
_FRESH_THREADS = timedelta(hours=24)
_MOST_FRESH_THREADS = 40
_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Slice:
    """One page of the list. ``crowded``: the millisecond that holds more than a page shows."""

    items: tuple[Notification, ...]
    cursor: str
    oldest_ms: int
    crowded: datetime | None = None


class Notifications:
    def __init__(self, reader: Reader, handle: str, clock: Clock) -> None:
        self._reader = reader
        self._handle = handle
        self._clock = clock

    async def pull(self, cursor: str | None) -> AsyncIterator[Page]:
        """New notifications, each with the thread around it; the last page brings the cursor."""
        before = read_position(cursor)
        reach = Reach(before, self._clock.now())
        known = Known(before.known)
        threaded: set[str] = set()
        roots: dict[str, None] = {}
        newest, read = 0, 0
        fresh_since = reach.now_ms - ms(_FRESH_THREADS)
        async for part in self.slices(""):
            fresh = [one for one in part.items if (one.uri, one.cid) not in known]
            facts = await self.facts(fresh, threaded)
            if part.crowded is not None:
                facts += await self.crowd(part, threaded, known)
            for one in part.items:
                newest = max(newest, ms_of(one))
                known.add(one.uri, one.cid)
                if one.reason in _TEXT_REASONS and ms_of(one) >= fresh_since:
                    roots[notified_post(one).root] = None
            read += len(part.items)
            if facts:
                yield Page(tuple(facts))
            if not reach.goes_past(part.oldest_ms, read):
                break
        if reach.deep:
            # Replies deep down, or among strangers, are not notified: look at live threads again.
            again = [root for root in roots if root not in threaded][:_MOST_FRESH_THREADS]
            placed = await self._threads({root: [] for root in again})
            if placed:
                facts = await self._reader.with_reach(self._reader.facts(placed))
                yield Page(tuple(facts))
        after = write(reach.position(before, newest, known))
        yield Page((), cursor=after if after != cursor else None)

    async def history(self, since: datetime, cursor: str | None) -> AsyncIterator[Page]:
        """Back to ``since``; every page can be the last one and be continued from."""
        before = read_history(cursor)
        if before.ended:
            return
        threaded: set[str] = set()
        floor = to_ms(since)
        async for part in self.slices(before.cursor):
            wanted = [one for one in part.items if ms_of(one) >= floor]
            facts = await self.facts(wanted, threaded)
            if part.crowded is not None and part.crowded >= since:
                facts += await self.crowd(part, threaded, Known())
            ended = not part.cursor
            yield Page(
                tuple(facts),
                cursor=write(HistoryPosition(part.cursor or before.cursor, ended)),
                progress=from_ms(max(part.oldest_ms, floor)) if not ended else since,
            )
            if part.oldest_ms < floor:
                return

    async def slices(self, cursor: str) -> AsyncIterator[Slice]:
        """Pages newest first from ``cursor`` ("" for now). Always at least one, none twice."""
        visited: set[str] = set()
        while True:
            params: dict[str, str | int] = {"limit": PAGE}
            if cursor:
                params["cursor"] = cursor
            answer = await self._reader.session.get(
                "app.bsky.notification.listNotifications", NotificationPage, params
            )
            read = (read_notification(raw) for raw in answer.notifications)
            items = tuple(one for one in read if one is not None)
            last = moment(answer.cursor) if answer.cursor else None
            following, crowded = answer.cursor, None
            if last is not None:
                overlapping = last + _TICK
                started = moment(cursor) if cursor else None
                if started is None or overlapping < started:
                    following = _stamp(overlapping)
                else:
                    # This page began one tick after where it ends: all of it is one millisecond,
                    # and there may be more of that than was shown.
                    crowded = last
            times = [ms_of(one) for one in items]
            if last is not None:
                times.append(to_ms(last))
            yield Slice(items, following, min(times, default=0), crowded)
            visited.add(cursor)
            if not following or following in visited:
                return
            cursor = following

    async def facts(
        self, items: Sequence[Notification], threaded: set[str]
    ) -> list[InteractionFact]:
        """Facts of notifications, each post with its thread; ``threaded`` grows by the roots."""
        facts = [fact for one in items if (fact := touch_fact(one)) is not None]
        told = [notified_post(one) for one in items if one.reason in _TEXT_REASONS]
        if not told:
            return await self._reader.with_reach(facts)
        # A thread brings counts and pictures of its posts along; the others are asked for.
        alone = [post for post in told if post.parent is None or post.root in threaded]
        posts = await self._reader.posts([post.uri for post in alone])
        wanted: dict[str, list[str]] = {}
        single: dict[str, InteractionFact] = {}
        for bare in told:
            post = posts.get(bare.uri, bare)
            single[post.uri] = post_fact(post, self._reader.me, inbound=True)
            if post.root in threaded:
                continue
            if post.parent or post.view.reply_count:
                wanted.setdefault(post.root, []).append(post.uri)
            else:
                threaded.add(post.root)
        around = await self._threads(wanted)
        threaded.update(wanted)
        for fact in self._reader.facts(around, frozenset(single)):
            single[fact.native_id] = fact
        return await self._reader.with_reach([*facts, *single.values()])

    async def _threads(self, wanted: dict[str, list[str]]) -> list[Placed]:
        async def one(entry: tuple[str, list[str]]) -> dict[str, Placed]:
            return await self._reader.conversation(*entry)

        threads = await self._reader.each(one, wanted.items())
        return [placed for thread in threads for placed in thread.values()]

    async def crowd(self, part: Slice, threaded: set[str], known: Known) -> list[InteractionFact]:
        """What else there is of a crowded moment, looked for at every visit: it may still grow."""
        assert part.crowded is not None
        placed = [
            one
            for one in await find_crowd(self._reader, self._handle, part.crowded, part.items)
            if is_inbound(one.post, self._reader.me, one.above)
            and (one.post.uri, one.post.view.cid) not in known
        ]
        for one in placed:
            known.add(one.post.uri, one.post.view.cid)
            threaded.add(one.post.root)
        return await self._reader.with_reach(self._reader.facts(placed))


def ms_of(one: Notification) -> int:
    return to_ms(occurred("", one.indexed_at))


def _stamp(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
