"""A service that fails in every way on demand, and remembers what really arrived."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import ClassVar

from app.connectors.base import (
    Capabilities,
    Connector,
    Context,
    Delivered,
    Length,
    Limits,
    Page,
    Profile,
)
from app.domain.clock import Clock
from app.domain.errors import (
    AuthExpired,
    ContractBroken,
    RateLimited,
    Rejected,
    Unreachable,
)
from app.domain.ids import ConversationId, OutboxId
from app.domain.interactions import Channel, Visibility
from app.domain.outbox import Act, OutboxItem
from tests.sync.items import own_post


class Fault(Enum):
    """How one attempt to send ends."""

    NO_ROUTE = auto()
    """Provably not sent."""
    LOST_REQUEST = auto()
    """A time-out; it did not arrive."""
    LOST_ANSWER = auto()
    """A time-out; it did arrive."""
    NONSENSE = auto()
    """It arrived, and the answer breaks the contract."""
    UPLOAD_LOST = auto()
    """Its pictures were taken, and then the connection broke before the post was made."""
    REJECTED = auto()
    SIGNED_OUT = auto()
    SLOW_DOWN = auto()
    BUG_BEFORE = auto()
    BUG_AFTER = auto()
    DEATH_BEFORE = auto()
    """The program dies after the attempt was recorded, before the request leaves."""
    DEATH_AFTER = auto()
    """The program dies after the request arrived, before that is recorded."""


ARRIVES = frozenset({Fault.LOST_ANSWER, Fault.NONSENSE, Fault.BUG_AFTER, Fault.DEATH_AFTER})


class Death(BaseException):
    """The end of the program at this very line: nothing catches it."""


@dataclass
class FakeService:
    """The outside, shared by all connectors that are made for it."""

    clock: Clock
    faults: deque[Fault] = field(default_factory=deque)
    """One for each of the next attempts to send."""
    blind: int = 0
    """How many of the next look-ups cannot tell."""
    arrived: list[OutboxItem] = field(default_factory=list)
    attempts: list[OutboxId] = field(default_factory=list)
    looked_up: list[OutboxId] = field(default_factory=list)
    on_send: Callable[[OutboxItem], None] = lambda _item: None
    gate: asyncio.Event | None = None
    """Sending waits for it, where there is one."""
    gated: ConversationId | None = None
    """The only lane that waits for the gate; None: all do."""
    uploads: int = 0
    """How many pictures were taken, for posts that followed and for those that did not."""
    in_the_air: int = 0
    most_in_the_air: int = 0

    pages: dict[str, deque[Page | Exception]] = field(default_factory=lambda: defaultdict(deque))
    """What the next pulls yield, by stream ("history:…", "listen:…", "refetch", "follow")."""
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    """Every pull: (stream, cursor)."""
    threads: dict[str, Page | Exception] = field(default_factory=dict)
    """What looking at the thread around a post finds; nothing where none is named."""
    shown: dict[str, Page] = field(default_factory=dict)
    """What the last look at each thread found."""
    refetched: list[tuple[str, ...]] = field(default_factory=list)
    followed: asyncio.Queue[Page | Exception] = field(default_factory=asyncio.Queue)
    closed: int = 0

    def arrivals(self, item: OutboxId) -> int:
        return sum(1 for one in self.arrived if one.id == item)

    def take(self, stream: str) -> list[Page | Exception]:
        waiting = self.pages[stream]
        taken = list(waiting)
        waiting.clear()
        return taken


class FakeConnector(Connector):
    channel: ClassVar[Channel] = Channel.MASTODON
    capabilities: ClassVar[Capabilities] = Capabilities(visibilities=tuple(Visibility))
    streams: ClassVar[tuple[str, ...]] = ("mentions", "posts")

    def __init__(self, service: FakeService) -> None:
        super().__init__(Context(Profile(self.channel, "home.example", "1", "@brand"), {}))
        self.service = service

    # Sending ----------------------------------------------------------------------------------

    async def send(self, item: OutboxItem) -> Delivered:
        service = self.service
        service.attempts.append(item.id)
        service.on_send(item)
        service.in_the_air += 1
        service.most_in_the_air = max(service.most_in_the_air, service.in_the_air)
        try:
            if service.gate is not None and service.gated in (None, item.lane):
                await service.gate.wait()
            return self._deliver(item)
        finally:
            service.in_the_air -= 1

    def _deliver(self, item: OutboxItem) -> Delivered:
        fault = self.service.faults.popleft() if self.service.faults else None
        if fault is None or fault in ARRIVES or fault is Fault.UPLOAD_LOST:
            self.service.uploads += len(item.attachments)
        if fault is None or fault in ARRIVES:
            self.service.arrived.append(item)
        if fault is None:
            return self._delivered(item)
        raise self._failure(fault)

    def _failure(self, fault: Fault) -> BaseException:
        match fault:
            case Fault.NO_ROUTE | Fault.UPLOAD_LOST:
                return Unreachable("home.example did not answer.", hint="It is tried again.")
            case Fault.LOST_REQUEST | Fault.LOST_ANSWER:
                return Unreachable("home.example took too long.", reached=True)
            case Fault.NONSENSE:
                return ContractBroken("home.example answered something else.")
            case Fault.REJECTED:
                return Rejected("home.example refused it.", hint="Edit it.")
            case Fault.SIGNED_OUT:
                return AuthExpired("The sign-in has ended.", hint="Connect the account again.")
            case Fault.SLOW_DOWN:
                later = self.service.clock.now() + timedelta(minutes=2)
                return RateLimited("home.example asks for rest.", retry_at=later)
            case Fault.BUG_BEFORE | Fault.BUG_AFTER:
                return ZeroDivisionError("a bug")
            case Fault.DEATH_BEFORE | Fault.DEATH_AFTER:
                return Death()

    def _delivered(self, item: OutboxItem) -> Delivered:
        native_id = f"sent-{item.id}"
        if item.act is not Act.REPLY:
            return Delivered(native_id)
        fact = own_post(native_id, self.service.clock.now(), item.text, item.target)
        return Delivered(native_id, fact)

    async def find_sent(self, item: OutboxItem) -> Delivered | None:
        self.service.looked_up.append(item.id)
        if self.service.blind:
            self.service.blind -= 1
            raise Unreachable("home.example did not answer.")
        return self._delivered(item) if self.service.arrivals(item.id) else None

    # Pulling ----------------------------------------------------------------------------------

    async def pull(self, stream: str, *, cursor: str | None) -> AsyncIterator[Page]:
        async for page in self._pages(stream, cursor):
            yield page

    async def history(
        self, stream: str, *, since: datetime, cursor: str | None
    ) -> AsyncIterator[Page]:
        async for page in self._pages(f"history:{stream}", cursor):
            yield page

    async def listen(self, query: str, *, cursor: str | None) -> AsyncIterator[Page]:
        async for page in self._pages(f"listen:{query}", cursor):
            yield page

    async def _pages(self, stream: str, cursor: str | None) -> AsyncIterator[Page]:
        self.service.asked.append((stream, cursor))
        for page in self.service.take(stream):
            await asyncio.sleep(0)
            if isinstance(page, Exception):
                raise page
            yield page

    async def follow(self) -> AsyncIterator[Page]:
        self.service.asked.append(("follow", None))
        while True:
            page = await self.service.followed.get()
            if isinstance(page, Exception):
                raise page
            yield page

    async def refetch(self, native_ids: tuple[str, ...]) -> Page:
        self.service.refetched.append(native_ids)
        for page in self.service.take("refetch"):
            if isinstance(page, Exception):
                raise page
            return page
        return Page(())

    async def thread(self, native_id: str) -> Page:
        found = self.service.threads.get(native_id)
        if found is None:
            return Page(())
        if isinstance(found, Exception):
            raise found
        self.service.shown[native_id] = found
        return found

    async def limits(self) -> Limits:
        return Limits(500)

    @staticmethod
    def measure(text: str, limits: Limits) -> Length:
        return Length(len(text), limits.max_length - len(text))

    async def close(self) -> None:
        self.service.closed += 1
