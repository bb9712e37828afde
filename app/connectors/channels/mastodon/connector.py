"""The Mastodon connector: one account on any server that speaks Mastodon’s client API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

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
from app.connectors.channels.mastodon import counting
from app.connectors.channels.mastodon.api import Api
from app.connectors.channels.mastodon.facts import Translator
from app.connectors.channels.mastodon.looking import Tagged, present_state, search, whole_thread
from app.connectors.channels.mastodon.pulling import Listing, Notifications, OwnPosts
from app.connectors.channels.mastodon.sending import Sender
from app.connectors.channels.mastodon.shapes import Instance
from app.connectors.channels.mastodon.streaming import Live
from app.domain.clock import Clock, SystemClock
from app.domain.errors import ConnectorError
from app.domain.interactions import Channel, Visibility
from app.domain.outbox import OutboxItem


class Mastodon(Connector):
    """``context.secrets`` holds ``token``; ``context.profile.native_id`` is ``id@domain``."""

    channel = Channel.MASTODON
    capabilities = Capabilities(
        visibilities=tuple(Visibility),
        content_warning=True,
        mentions_in_text=True,
        streams=True,
        max_attachments=4,
    )
    streams = ("notifications", "own_posts")
    default_limits = counting.DEFAULT

    def __init__(
        self,
        context: Context,
        *,
        clock: Clock | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        super().__init__(context)
        clock = clock or SystemClock()
        token = context.secrets.get("token", "")
        self._api = Api(context.profile.server, token, clock=clock, transport=transport)
        self._translator = Translator(context.profile)
        self._sender = Sender(self._api, self._translator, clock=clock)
        self._instance: Instance | None = None

    async def _known_instance(self) -> Instance | None:
        """What the server says of itself, asked once; None while it cannot be asked."""
        if self._instance is None:
            try:
                self._instance = await self._api.instance()
            except ConnectorError:
                return None
        return self._instance

    async def limits(self) -> Limits:
        instance = await self._known_instance()
        return counting.limits_of(instance) if instance else counting.DEFAULT

    @staticmethod
    def measure(text: str, limits: Limits) -> Length:
        return counting.measure(text, limits)

    def _listing(self, stream: str) -> Listing:
        kind = Notifications if stream == "notifications" else OwnPosts
        return kind(self._api, self._translator)

    def history(self, stream: str, *, since: datetime, cursor: str | None) -> AsyncIterator[Page]:
        return self._listing(stream).history(since, cursor)

    def pull(self, stream: str, *, cursor: str | None) -> AsyncIterator[Page]:
        return self._listing(stream).pull(cursor)

    def follow(self) -> AsyncIterator[Page]:
        return Live(self._api, self._translator, self._known_instance).pages()

    def listen(self, query: str, *, cursor: str | None) -> AsyncIterator[Page]:
        words = query.strip()
        if words.startswith("#") and " " not in words:
            return Tagged(self._api, self._translator, words[1:]).pull(cursor)
        return search(self._api, self._translator, words, cursor)

    async def thread(self, native_id: str) -> Page:
        return await whole_thread(self._api, self._translator, native_id)

    async def refetch(self, native_ids: tuple[str, ...]) -> Page:
        return await present_state(self._api, self._translator, native_ids)

    async def send(self, item: OutboxItem) -> Delivered:
        return await self._sender.send(item)

    async def find_sent(self, item: OutboxItem) -> Delivered | None:
        return await self._sender.find_sent(item)

    async def close(self) -> None:
        await self._api.close()
