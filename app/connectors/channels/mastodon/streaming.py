"""The streaming API: what happens to the account, as it happens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import SplitResult, urlencode, urlsplit, urlunsplit

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHandshake,
    InvalidStatus,
    InvalidURI,
    WebSocketException,
)

from app.connectors.base import Page
from app.connectors.channels.mastodon.api import Api
from app.connectors.channels.mastodon.facts import Translator, notified_post, read_post
from app.connectors.channels.mastodon.pulling import read_notification, thread_facts
from app.connectors.channels.mastodon.shapes import Envelope, Instance, is_present
from app.connectors.channels.mastodon.threads import Threads
from app.connectors.http import USER_AGENT, is_loopback, is_private
from app.domain.errors import AuthExpired, ConnectorError, Unreachable
from app.domain.interactions import Direction, InteractionFact

PING_SECONDS = 30.0
"""How often a silent connection is asked whether it still lives, and how long that may take."""

_MAX_MESSAGE = 4 * 1024 * 1024
_REFUSED = frozenset({400, 401, 403})
_PULL_NOW = Page(())

_envelope = msgspec.json.Decoder(Envelope)


class _Connect(connect):
    """Follows no redirection: it would take the token along, to wherever the answer says."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        return exc


class _Conversation(msgspec.Struct, frozen=True):
    last_status: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def streaming_url(server: str, instance: Instance | None) -> str:
    """Where the server streams.

    The address it advertises, except that a server on this machine is asked where it is, that one
    out there cannot point to a private address, and that the scheme is ours to choose: some on this
    machine say ``wss`` while they speak plain http, and no other is ever spoken to plainly.
    """
    base = urlsplit(server)
    local = is_loopback(base.hostname or "")
    scheme = "ws" if local and base.scheme == "http" else "wss"
    told = None
    if instance is not None:
        urls = instance.configuration.urls if instance.configuration else None
        told = (urls and urls.streaming) or (instance.urls and instance.urls.streaming_api)
    host, path = base.netloc, ""
    if told and not local:
        parts = _split(told)
        # A server out there has no business sending us into the network around us.
        if parts.hostname and (is_private(base.hostname or "") or not is_private(parts.hostname)):
            host, path = parts.netloc, parts.path.rstrip("/")
    if not path.endswith("/api/v1/streaming"):
        path += "/api/v1/streaming"
    return urlunsplit((scheme, host, path, urlencode({"stream": "user"}), ""))


def _split(address: str) -> SplitResult:
    """The parts of an advertised address without a user before its host; empty when it is none."""
    try:
        parts = urlsplit(address)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2])
    except ValueError:
        return urlsplit("")


class Live:
    """Follows the account’s own stream; one connection at a time.

    ``instance`` tells what the server says of itself, or None.
    """

    def __init__(
        self,
        api: Api,
        translator: Translator,
        instance: Callable[[], Awaitable[Instance | None]],
    ) -> None:
        self._api = api
        self._translator = translator
        self._instance = instance

    async def pages(self) -> AsyncIterator[Page]:
        """Pages until the connection breaks (``Unreachable``) or the caller stops.

        The first is empty: connected, pull now, so that what fell between is not missed.
        """
        connection = await self._connect()
        try:
            yield _PULL_NOW
            async for message in connection:
                page = await self._page(message)
                if page is not None:
                    yield page
        except ConnectionClosed as error:
            raise self._broken() from error
        finally:
            with suppress(WebSocketException, OSError):
                await connection.close()
        raise self._broken()

    async def _connect(self) -> ClientConnection:
        """Open with the token as a header; where that is refused, in the address, as old servers
        want it."""
        url = streaming_url(self._api.server, await self._instance())
        bearer = {"Authorization": f"Bearer {self._api.token}"}
        try:
            try:
                return await self._open(url, bearer)
            except InvalidStatus as refused:
                if refused.response.status_code not in _REFUSED:
                    raise
            return await self._open(f"{url}&{urlencode({'access_token': self._api.token})}", {})
        except InvalidStatus as error:
            if error.response.status_code == HTTPStatus.UNAUTHORIZED:
                raise AuthExpired(
                    f"{self._api.host} does not accept the sign-in for live updates.",
                    hint="Connect the account again.",
                ) from error
            raise self._broken() from error
        except (InvalidHandshake, InvalidURI, OSError, TimeoutError) as error:
            raise self._broken() from error

    async def _open(self, url: str, headers: dict[str, str]) -> ClientConnection:
        local = is_loopback(urlsplit(url).hostname or "")
        return await _Connect(
            url,
            additional_headers=headers,
            user_agent_header=USER_AGENT,
            open_timeout=self._api.http.client.timeout.connect,
            close_timeout=2,
            ping_interval=PING_SECONDS,
            ping_timeout=PING_SECONDS,
            max_size=_MAX_MESSAGE,
            proxy=None if local else True,
        )

    def _broken(self) -> Unreachable:
        return Unreachable(
            f"Live updates from {self._api.host} were cut.",
            hint="They are resumed by themselves; until then it is asked now and then.",
            reached=False,
        )

    async def _page(self, message: str | bytes) -> Page | None:
        try:
            envelope = _envelope.decode(message)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        payload = envelope.payload or ""
        match envelope.event:
            case "notification":
                return await self._notified(payload)
            case "update" | "status.update" | "status_update":
                return self._posted(payload)
            case "delete":
                return Page((), gone=(payload,)) if payload else None
            case "conversation":
                return self._conversed(payload)
            case "notifications_merged":
                return _PULL_NOW
            case _:
                return None

    async def _notified(self, payload: str) -> Page:
        """The facts of a notification with their thread; what cannot be read is pulled instead."""
        notification = read_notification(payload)
        if notification is None:
            return _PULL_NOW
        post = notified_post(notification)
        facts: dict[str, InteractionFact] = {}
        root = None
        if post is not None and notification.type in ("mention", "quote"):
            threads = Threads(self._api)
            # Without its thread the mention still counts; the next pull brings the thread.
            with suppress(ConnectorError):
                facts = await thread_facts(self._translator, threads, [post])
            root = threads.root_of.get(post.id)
        for fact in self._translator.notification(notification, post, root=root):
            facts[fact.native_id] = fact
        return Page(tuple(facts.values()))

    def _posted(self, payload: str) -> Page | None:
        """A post in the home timeline: kept when it is ours or for us."""
        post = read_post(msgspec.Raw(payload))
        if post is None or is_present(post.status.reblog):
            return None
        fact = self._translator.post(post)
        return None if fact.direction is Direction.AROUND else Page((fact,))

    def _conversed(self, payload: str) -> Page | None:
        try:
            conversation = msgspec.json.decode(payload, type=_Conversation)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return _PULL_NOW
        if not is_present(conversation.last_status):
            return None
        return self._posted(bytes(conversation.last_status).decode())
