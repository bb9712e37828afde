"""Reading posts, threads and profiles in as few requests as the service allows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

from app.connectors.channels.bluesky.facts import is_inbound, post_fact
from app.connectors.channels.bluesky.posts import Post, did_of, read_post
from app.connectors.channels.bluesky.session import Refused, Session
from app.connectors.channels.bluesky.shapes import (
    NOTHING,
    PostsAnswer,
    ProfilesAnswer,
    ThreadAnswer,
    ThreadNode,
)
from app.domain.errors import ContractBroken
from app.domain.interactions import Direction, IdentityFact, InteractionFact
from app.domain.records import dataclass

_BATCH = 25
_AT_ONCE = 4
_DEPTH = 100
_HEIGHT = 100
_FEW = 4
_FOLLOWERS_KEPT = 20_000

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Placed:
    """A post and its known ancestors, nearest first."""

    post: Post
    above: tuple[Post, ...]


class Reader:
    """Reads through one session; never more than four requests at once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.me = session.did
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._followers: dict[str, int | None] = {}

    async def each(self, work: Callable[[A], Awaitable[B]], items: Iterable[A]) -> list[B]:
        """``work`` on every item, some at once, in order; the first failure stops the rest."""

        async def gated(item: A) -> B:
            async with self._gate:
                return await work(item)

        tasks = [asyncio.ensure_future(gated(item)) for item in items]
        try:
            return list(await asyncio.gather(*tasks))
        except BaseException:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            raise

    async def posts(self, uris: Sequence[str]) -> dict[str, Post]:
        """Posts by uri; those deleted or hidden from us are absent."""
        return (await self.posts_and_riddles(uris))[0]

    async def posts_and_riddles(self, uris: Sequence[str]) -> tuple[dict[str, Post], int]:
        """Posts by uri, and how many came that cannot be read: those are absent but not gone."""

        async def some(batch: tuple[str, ...]) -> list[Post | None]:
            answer = await self.session.get(
                "app.bsky.feed.getPosts", PostsAnswer, {"uris": list(batch)}
            )
            return [read_post(raw) for raw in answer.posts]

        unique = tuple(dict.fromkeys(uris))
        pages = await self.each(some, _batched(unique))
        read = [post for page in pages for post in page]
        posts = {post.uri: post for post in read if post is not None}
        return posts, read.count(None)

    async def thread(
        self, uri: str, *, below: int = _DEPTH, above: int = _HEIGHT
    ) -> dict[str, Placed]:
        """Every post around ``uri`` that the service shows; empty when ``uri`` itself is gone.

        ``below`` and ``above`` are how many levels it is followed either way.
        Deleted and blocked posts leave a hole; what stands on both sides of it is kept.
        """
        try:
            answer = await self.session.get(
                "app.bsky.feed.getPostThread",
                ThreadAnswer,
                {"uri": uri, "depth": below, "parentHeight": above},
            )
        except Refused as refusal:
            if refusal.name in ("NotFound", "InvalidRequest"):
                return {}
            raise
        return place(answer.thread)

    async def conversation(self, root: str, wanted: Sequence[str]) -> dict[str, Placed]:
        """The thread below ``root``, and around each ``wanted`` post that is not seen from there.

        A deleted root, a blocked branch or a very deep or large thread hides posts from the root.
        Below a post of ours everybody who answers is notified, so a few new answers don't call for
        reading all of what may be thousands.
        """
        placed: dict[str, Placed] = {}
        if did_of(root) != self.me or not 0 < len(wanted) <= _FEW:
            # Too large to read whole? The surroundings of what was wanted have to do.
            with suppress(ContractBroken):
                placed = await self.thread(root)
        for uri in wanted:
            if uri not in placed:
                for found, one in (await self.thread(uri)).items():
                    known = placed.get(found)
                    if known is None or len(one.above) > len(known.above):
                        placed[found] = one
        return placed

    def facts(
        self, placed: Iterable[Placed], notified: frozenset[str] = frozenset()
    ) -> list[InteractionFact]:
        """Facts of posts in a thread; ``notified``: uris the service told us about."""
        return [
            post_fact(
                one.post,
                self.me,
                above=one.above,
                inbound=one.post.uri in notified or is_inbound(one.post, self.me, one.above),
            )
            for one in placed
        ]

    async def with_reach(self, facts: Sequence[InteractionFact]) -> list[InteractionFact]:
        """The facts with how many follow each customer, asked once for a customer."""
        if len(self._followers) > _FOLLOWERS_KEPT:
            self._followers.clear()
        inbound = [fact for fact in facts if fact.direction is Direction.INBOUND]
        unknown = dict.fromkeys(
            fact.author.native_id
            for fact in inbound
            if fact.author.native_id not in self._followers
        )

        async def some(dids: tuple[str, ...]) -> None:
            answer = await self.session.get(
                "app.bsky.actor.getProfiles", ProfilesAnswer, {"actors": list(dids)}
            )
            self._followers.update(dict.fromkeys(dids))
            self._followers.update({one.did: one.followers_count for one in answer.profiles})

        await self.each(some, _batched(tuple(unknown)))
        return [self._reaching(fact) for fact in facts]

    def _reaching(self, fact: InteractionFact) -> InteractionFact:
        if fact.direction is not Direction.INBOUND:
            return fact
        followers = self._followers.get(fact.author.native_id)
        if followers is None:
            return fact
        author: IdentityFact = replace(fact.author, followers=followers)
        return replace(fact, author=author, party=author)


def place(thread: ThreadNode) -> dict[str, Placed]:
    """The posts of a thread with their ancestors, by uri. Iterative: threads can be deep."""
    ancestors: list[Post] = []
    node = thread.parent
    while node is not None:
        post = read_post(node.post) if node.post != NOTHING else None
        if post is not None:
            ancestors.append(post)
        node = node.parent
    found = {
        post.uri: Placed(post, tuple(ancestors[index + 1 :]))
        for index, post in enumerate(ancestors)
    }
    todo: list[tuple[ThreadNode, tuple[Post, ...]]] = [(thread, tuple(ancestors))]
    while todo:
        node, above = todo.pop()
        post = read_post(node.post) if node.post != NOTHING else None
        if post is not None:
            found[post.uri] = Placed(post, above)
            above = (post, *above)
        todo.extend((reply, above) for reply in node.replies)
    return found


def _batched(items: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    return (items[at : at + _BATCH] for at in range(0, len(items), _BATCH))
