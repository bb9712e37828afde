"""Our own posts, wherever they were written, and what saved searches find.

Both lists page by time and id together, so following their cursors loses nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

from app.connectors.base import Page
from app.connectors.channels.bluesky.facts import addressee_in_feed, found, post_fact
from app.connectors.channels.bluesky.positions import (
    HistoryPosition,
    Known,
    Reach,
    read_history,
    read_position,
    write,
)
from app.connectors.channels.bluesky.posts import Post, occurred, read_post
from app.connectors.channels.bluesky.reading import Reader
from app.connectors.channels.bluesky.shapes import FeedAnswer, FeedItem, PostsAnswer
from app.domain.clock import Clock, from_ms, to_ms
from app.domain.errors import BadInput
from app.domain.interactions import InteractionFact

PAGE = 100


class OwnPosts:
    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    async def pull(self, cursor: str | None) -> AsyncIterator[Page]:
        before = read_position(cursor)
        reach = Reach(before, self._clock.now())
        known = Known(before.known)
        newest, read = 0, 0
        async for answer in self._pages(""):
            facts: list[InteractionFact] = []
            for item in answer.feed:
                post = self._own(item)
                if post is None:
                    continue
                newest = max(newest, _ms_of(post))
                # Counts are part of it: how a post of ours is liked is worth an update.
                mark = (post.uri, post.view.cid, post.view.like_count, post.view.repost_count)
                if mark not in known:
                    facts += self._facts(item, post)
                known.add(*mark)
            read += len(answer.feed)
            if facts:
                yield Page(tuple(facts))
            if not reach.goes_past(_oldest_ms(answer), read):
                break
        after = write(reach.position(before, newest, known))
        yield Page((), cursor=after if after != cursor else None)

    async def history(self, since: datetime, cursor: str | None) -> AsyncIterator[Page]:
        before = read_history(cursor)
        if before.ended:
            return
        floor = to_ms(since)
        async for answer in self._pages(before.cursor):
            own = [(item, post) for item in answer.feed if (post := self._own(item)) is not None]
            facts = [
                fact
                for item, post in own
                if _ms_of(post) >= floor
                for fact in self._facts(item, post)
            ]
            oldest = _oldest_ms(answer)
            ended = not answer.cursor
            yield Page(
                tuple(facts),
                cursor=write(HistoryPosition(answer.cursor or before.cursor, ended)),
                progress=since if ended else from_ms(max(oldest, floor)),
            )
            if oldest < floor:
                return

    async def _pages(self, cursor: str) -> AsyncIterator[FeedAnswer]:
        visited: set[str] = set()
        while True:
            params: dict[str, str | int] = {
                "actor": self._reader.me,
                "filter": "posts_with_replies",
                "limit": PAGE,
            }
            if cursor:
                params["cursor"] = cursor
            answer = await self._reader.session.get(
                "app.bsky.feed.getAuthorFeed", FeedAnswer, params
            )
            yield answer
            visited.add(cursor)
            if not answer.cursor or answer.cursor in visited:
                return
            cursor = answer.cursor

    def _own(self, item: FeedItem) -> Post | None:
        """The post, when it is ours: the feed lists what we reposted too."""
        post = read_post(item.post)
        return post if post is not None and post.author.did == self._reader.me else None

    def _facts(self, item: FeedItem, post: Post) -> list[InteractionFact]:
        """Our post, and before it what it answers."""
        me = self._reader.me
        person, above = addressee_in_feed(post, item.reply, me)
        facts = [post_fact(one, me) for one in above if one.author.did != me]
        facts.append(post_fact(post, me, party=person))
        return facts


class Listening:
    """Saved searches: ``#hashtag`` or words."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader = reader
        self._clock = clock

    async def listen(self, query: str, cursor: str | None) -> AsyncIterator[Page]:
        params = _search(query)
        before = read_position(cursor)
        reach = Reach(before, self._clock.now())
        known = Known(before.known)
        newest, read, at = 0, 0, ""
        visited: set[str] = set()
        while True:
            page = params | {"limit": PAGE} | ({"cursor": at} if at else {})
            answer = await self._reader.session.get("app.bsky.feed.searchPosts", PostsAnswer, page)
            posts = [post for raw in answer.posts if (post := read_post(raw)) is not None]
            fresh = [
                post
                for post in posts
                if post.author.did != self._reader.me and (post.uri, post.view.cid) not in known
            ]
            facts = [found(post_fact(post, self._reader.me)) for post in fresh]
            for post in posts:
                newest = max(newest, _ms_of(post))
                known.add(post.uri, post.view.cid)
            read += len(posts)
            if facts:
                yield Page(tuple(await self._reader.with_reach(facts)))
            oldest = min(map(_ms_of, posts), default=0)
            visited.add(at)
            over = not answer.cursor or answer.cursor in visited
            if over or not reach.goes_past(oldest, read):
                break
            at = answer.cursor
        after = write(reach.position(before, newest, known))
        yield Page((), cursor=after if after != cursor else None)


def _search(query: str) -> dict[str, str | int | list[str]]:
    words = query.strip()
    if not words.strip("#＃"):
        raise BadInput("The search is empty.", hint="Give words, or a hashtag like #haldencoffee.")
    params: dict[str, str | int | list[str]] = {"q": words, "sort": "latest"}
    if words[0] in "#＃" and " " not in words:
        params |= {"q": f"#{words[1:]}", "tag": [words[1:]]}
    return params


def _oldest_ms(answer: FeedAnswer) -> int:
    """How far back a page of our feed reaches; what we reposted counts from the repost."""
    times = [
        to_ms(occurred("", item.reason.indexed_at)) if item.reason else _ms_of(post)
        for item in answer.feed
        if (post := read_post(item.post)) is not None
    ]
    return min(times, default=0)


def _ms_of(post: Post) -> int:
    return to_ms(occurred(post.record.created_at, post.view.indexed_at))
