"""Bluesky (the AT Protocol) behind the connector contract."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import ClassVar

import httpx

from app.connectors.base import (
    Capabilities,
    Connector,
    Context,
    Delivered,
    Length,
    Limits,
    Page,
)
from app.connectors.channels.bluesky import composing
from app.connectors.channels.bluesky.facts import NOTIFIED_LEVELS, is_inbound
from app.connectors.channels.bluesky.feed import Listening, OwnPosts
from app.connectors.channels.bluesky.notifications import Notifications
from app.connectors.channels.bluesky.posts import Post, did_of
from app.connectors.channels.bluesky.reading import Placed, Reader
from app.connectors.channels.bluesky.reconciling import Reconciling
from app.connectors.channels.bluesky.sending import Sender
from app.connectors.channels.bluesky.session import Session
from app.connectors.channels.bluesky.shapes import Profile
from app.domain.clock import Clock, SystemClock
from app.domain.errors import BadInput
from app.domain.interactions import Channel, Visibility
from app.domain.outbox import OutboxItem

NOTIFICATIONS = "notifications"
POSTS = "posts"
RECONCILE = "reconcile"


class Bluesky(Connector):
    """One Bluesky account, polled.

    Native ids: posts by their ``at://`` uri, people by DID, likes ``like:DID:uri``, reposts
    ``repost:DID:uri``, follows ``follow:DID``.
    """

    channel: ClassVar[Channel] = Channel.BLUESKY
    capabilities: ClassVar[Capabilities] = Capabilities(
        visibilities=(Visibility.PUBLIC,), max_attachments=composing.MAX_PICTURES
    )
    streams: ClassVar[tuple[str, ...]] = (NOTIFICATIONS, POSTS, RECONCILE)
    default_limits = composing.LIMITS

    def __init__(
        self,
        context: Context,
        *,
        clock: Clock | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(context)
        clock = clock or SystemClock()
        profile = context.profile
        me = Profile(
            did=profile.native_id,
            handle=profile.handle.removeprefix("@"),
            display_name=profile.display_name,
            avatar=profile.avatar_url,
        )
        self._session = Session(context, clock=clock, transport=transport)
        self._reader = Reader(self._session)
        self._sender = Sender(self._reader, me)
        self._notifications = Notifications(self._reader, me.handle, clock)
        self._own_posts = OwnPosts(self._reader, clock)
        self._reconciling = Reconciling(self._notifications, clock)
        self._listening = Listening(self._reader, clock)

    async def limits(self) -> Limits:
        return composing.LIMITS

    @staticmethod
    def measure(text: str, limits: Limits) -> Length:
        return composing.measure(text, limits)

    def history(self, stream: str, *, since: datetime, cursor: str | None) -> AsyncIterator[Page]:
        return self._stream(stream).history(since, cursor)

    def pull(self, stream: str, *, cursor: str | None) -> AsyncIterator[Page]:
        return self._stream(stream).pull(cursor)

    async def follow(self) -> AsyncIterator[Page]:
        """Nothing to wait on: Bluesky has no push for one account, it is polled."""
        pages: tuple[Page, ...] = ()
        for page in pages:
            yield page

    def listen(self, query: str, *, cursor: str | None) -> AsyncIterator[Page]:
        return self._listening.listen(query, cursor)

    async def thread(self, native_id: str) -> Page:
        placed = await self._reader.thread(native_id)
        root = placed[native_id].post.root if native_id in placed else native_id
        if root != native_id:
            placed = {**placed, **await self._reader.thread(root)}
        facts = self._reader.facts(placed.values())
        return Page(tuple(await self._reader.with_reach(facts)))

    async def refetch(self, native_ids: tuple[str, ...]) -> Page:
        """Likes, reposts and follows are not asked for: nobody tells when they are withdrawn."""
        me = self._session.did
        uris = [one for one in native_ids if one.startswith("at://")]
        posts, riddles = await self._reader.posts_and_riddles(uris)
        unseen = [uri for uri in uris if uri not in posts]
        # What we just wrote may not be indexed yet: our own server knows better.
        posts |= await self._sender.own_posts([uri for uri in unseen if did_of(uri) == me])
        placed = await self._placed(list(posts.values()))
        missing = tuple(uri for uri in unseen if uri not in posts)
        return Page(
            tuple(await self._reader.with_reach(self._reader.facts(placed))),
            # Which of them came as something that cannot be read is not to be told.
            gone=() if riddles else missing,
        )

    async def _placed(self, posts: list[Post]) -> list[Placed]:
        """Posts with as much of their ancestors as it takes to tell whom they speak to."""
        me = self._session.did
        ours = [post for post in posts if post.author.did == me]
        above_ours = await self._reader.posts(
            [
                ref.uri
                for post in ours
                if (reply := post.record.reply)
                for ref in (reply.parent, reply.root)
            ]
        )

        async def place(post: Post) -> Placed:
            if post.parent is None:
                return Placed(post, ())
            if post.author.did == me:
                near = (above_ours.get(uri) for uri in dict.fromkeys((post.parent, post.root)))
                return Placed(post, tuple(one for one in near if one is not None))
            if is_inbound(post, me, ()):
                return Placed(post, ())
            thread = await self._reader.thread(post.uri, below=0, above=NOTIFIED_LEVELS)
            return thread.get(post.uri, Placed(post, ()))

        return await self._reader.each(place, posts)

    async def send(self, item: OutboxItem) -> Delivered:
        return await self._sender.send(item)

    async def find_sent(self, item: OutboxItem) -> Delivered | None:
        return await self._sender.find_sent(item)

    async def close(self) -> None:
        await self._session.close()

    def _stream(self, name: str) -> Notifications | OwnPosts | Reconciling:
        if name == NOTIFICATIONS:
            return self._notifications
        if name == POSTS:
            return self._own_posts
        if name == RECONCILE:
            return self._reconciling
        raise BadInput(f"Bluesky has no stream called {name}.", hint="Pull one it names itself.")
