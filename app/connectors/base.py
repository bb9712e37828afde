"""The contract between Seamline and a social channel.

A connector is one file under ``channels``. It speaks with one service for one account, holds no
state that matters (the store keeps cursors, the keyring keeps secrets) and translates at its
edge: what leaves it are facts of ``app.domain`` and the ``ConnectorError`` family, never an
httpx exception or a service's JSON.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import field
from datetime import datetime
from typing import ClassVar

from app.domain.interactions import Channel, InteractionFact, Visibility
from app.domain.outbox import OutboxItem
from app.domain.records import dataclass

Secrets = Mapping[str, str]
"""What the keyring keeps for one account, by name: tokens, passwords."""

SaveSecrets = Callable[[Secrets], None]
"""Called by a connector when a service rotated its secrets; returns when they are stored."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Who an account is at its service, as sign-in found out."""

    channel: Channel
    server: str
    native_id: str
    handle: str
    display_name: str = ""
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A successful sign-in: who it is and what to keep in the keyring."""

    profile: Profile
    secrets: Secrets


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do; screens ask here instead of knowing channels by name.

    ``mentions_in_text``  whether the customer's handle has to stand in the text of an answer.
    ``streams``  whether ``follow`` waits on a push connection rather than polling.
    """

    visibilities: tuple[Visibility, ...]
    content_warning: bool = False
    mentions_in_text: bool = False
    streams: bool = False
    max_attachments: int = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a message may be. ``unit`` is what ``measure`` counts, for the counter's words."""

    max_length: int
    unit: str = "characters"
    max_attachment_bytes: int = 8 * 1024 * 1024
    max_description: int = 1500


@dataclass(frozen=True, slots=True)
class Length:
    """The length of a text as the service counts it, and whether it may be sent."""

    used: int
    left: int

    @property
    def fits(self) -> bool:
        return self.left >= 0


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a pull.

    ``facts``    in any order; seen ones may come again (the store counts them once).
    ``cursor``   what to hand to the next pull once these facts are stored; opaque text, kept per
                 stream; None leaves the stored one alone.
    ``gone``     native ids that the service no longer has although we asked for them.
    ``progress`` the age reached when filling in history, None in a live pull.
    """

    facts: tuple[InteractionFact, ...]
    cursor: str | None = None
    gone: tuple[str, ...] = ()
    progress: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What the service made of an outbox item; ``fact`` is our own post as it now stands there."""

    native_id: str
    fact: InteractionFact | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What every connector is given: its account, its secrets and a way to store new ones."""

    profile: Profile
    secrets: Secrets
    save_secrets: SaveSecrets = field(default=lambda _secrets: None)


class Connector(ABC):
    """One account on one service. All coroutines run on the network thread's loop."""

    channel: ClassVar[Channel]
    capabilities: ClassVar[Capabilities]

    default_limits: ClassVar[Limits]
    """What holds where the account's server says nothing else, or cannot be asked."""

    streams: ClassVar[tuple[str, ...]]
    """The names of the independent positions this connector pulls, e.g. ``("notifications",)``."""

    def __init__(self, context: Context) -> None:
        self.context = context

    @abstractmethod
    async def limits(self) -> Limits:
        """The account's server's own limits; falls back to the service's defaults offline."""

    @staticmethod
    @abstractmethod
    def measure(text: str, limits: Limits) -> Length:
        """The length of ``text`` as the service counts it. Pure, quick, any thread."""

    @abstractmethod
    def history(self, stream: str, *, since: datetime, cursor: str | None) -> AsyncIterator[Page]:
        """Everything from now back to ``since``, newest first, for the first connection.

        Can be stopped after any page and continued with that page's cursor.
        """

    @abstractmethod
    def pull(self, stream: str, *, cursor: str | None) -> AsyncIterator[Page]:
        """What is new since ``cursor``, with an overlap, so that nothing is missed.

        Every mention comes with the thread around it. Ends when the service has no more.
        """

    @abstractmethod
    def follow(self) -> AsyncIterator[Page]:
        """Live: pages as things happen, until cancelled; only where ``capabilities.streams``.

        A page without facts means "something happened, pull now". Raises when the connection
        breaks; the caller backs off, pulls (to close the gap) and follows again.
        """

    @abstractmethod
    def listen(self, query: str, *, cursor: str | None) -> AsyncIterator[Page]:
        """New finds of a saved search (words, or ``#hashtag``), their ``found`` set."""

    @abstractmethod
    async def thread(self, native_id: str) -> Page:
        """The whole thread around a post, ancestors and descendants; empty when it is gone."""

    @abstractmethod
    async def refetch(self, native_ids: tuple[str, ...]) -> Page:
        """The present state of posts we hold: edited ones as facts, missing ones as gone."""

    @abstractmethod
    async def send(self, item: OutboxItem) -> Delivered:
        """Carry out one wish, in the safest way the service has.

        Raises a ``ConnectorError``; when its ``reached`` is true the item may have arrived and
        ``find_sent`` must be asked before anything is sent again.
        """

    @abstractmethod
    async def find_sent(self, item: OutboxItem) -> Delivered | None:
        """Look up whether an item that was in the air has arrived; None when it provably has not.

        Raises ``ConnectorError`` when that cannot be told now.
        """

    @abstractmethod
    async def close(self) -> None:
        """Release connections; called once."""
