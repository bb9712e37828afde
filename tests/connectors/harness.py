"""What the contract suite needs of a channel's test network, and the channels it runs over."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeVar

from app.connectors.base import Connector, Page, SignIn
from app.domain.ids import AccountId, AgentId, ConversationId, OutboxId, uuid7
from app.domain.interactions import Channel, InteractionFact, Visibility
from app.domain.outbox import Act, Attachment, OutboxItem

T = TypeVar("T")

PATIENCE = 20.0
"""Seconds within which a network that indexes behind its back must show what was written."""

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


class Customer(Protocol):
    """Somebody on the test network. Posts are named by the ids that facts carry."""

    @property
    def native_id(self) -> str:
        """What facts call this identity."""

    @property
    def handle(self) -> str:
        """As facts show it, with its at sign."""

    def post(self, text: str) -> str: ...

    def mention(self, text: str) -> str:
        """Write to the brand."""

    def reply(self, to: str, text: str) -> str:
        """Answer a post; the brand is not named unless the channel does so by itself."""

    def like(self, post: str) -> None: ...

    def boost(self, post: str) -> None: ...

    def follow(self) -> None:
        """Follow the brand."""

    def delete(self, post: str) -> None: ...

    def received(self) -> list[str]:
        """The texts of what reached this customer as an answer or a mention."""

    def is_liked(self, post: str) -> bool:
        """Whether somebody likes this post."""


class Harness(Protocol):
    """A fresh brand account on a channel's test network."""

    channel: Channel

    def __init__(self, network: Any) -> None: ...

    async def sign_in(self) -> SignIn: ...

    def connector(self, sign_in: SignIn) -> Connector: ...

    def with_wrong_secrets(self, sign_in: SignIn) -> Connector: ...

    def unreachable(self, sign_in: SignIn) -> Connector:
        """The same account on a server that does not answer."""

    def customer(self, name: str) -> Customer: ...

    def announce(self, text: str) -> str:
        """The brand posts from somewhere else."""

    def exists(self, post: str) -> bool: ...

    def record_key(self) -> str: ...


HARNESSES: dict[str, tuple[str, str]] = {
    # name: (harness class, fixture that runs the network)
    "mastodon": ("tests.connectors.harness_mastodon:MastodonHarness", "mastodon"),
    "bluesky": ("tests.connectors.harness_bluesky:BlueskyHarness", "bluesky_network"),
}


def available() -> list[str]:
    """The channels whose harness is here."""
    here = Path(__file__).parent
    return [
        name
        for name, (path, _) in HARNESSES.items()
        if (here / f"{path.partition(':')[0].rpartition('.')[2]}.py").exists()
    ]


def load(name: str) -> Callable[[Any], Harness]:
    module, _, attribute = HARNESSES[name][0].partition(":")
    made: Callable[[Any], Harness] = getattr(import_module(module), attribute)
    return made


def wish(harness: Harness, act: Act, target: str, **changes: Any) -> OutboxItem:
    """An outbox item for this account as services would make it, on its way."""
    return outbox_item(
        harness.channel, act, target, **{"record_key": harness.record_key(), **changes}
    )


def outbox_item(channel: Channel, act: Act, target: str, **changes: Any) -> OutboxItem:
    """An outbox item; ``changes`` are further fields, ``record_key`` among them."""
    now = datetime.now(UTC)
    fields: dict[str, Any] = {
        "id": OutboxId(uuid7()),
        "act": act,
        "account": AccountId(1),
        "channel": channel,
        "lane": ConversationId(1),
        "target": target,
        "agent": AgentId("ines"),
        "created_at": now,
        "not_before": now,
        "attempted_at": now,
        "visibility": Visibility.PUBLIC,
    }
    return OutboxItem(**{**fields, **changes})


def picture(description: str) -> Attachment:
    return Attachment("dot.png", "image/png", PIXEL, description)


async def facts_of(connector: Connector, stream: str, cursor: str | None = None) -> Pulled:
    """Everything one pull gives."""
    pulled = Pulled(cursor)
    async for page in connector.pull(stream, cursor=cursor):
        pulled.take(page)
    return pulled


class Pulled:
    """What the store would hold after these pages: each native id once."""

    def __init__(self, cursor: str | None = None) -> None:
        self.facts: dict[str, InteractionFact] = {}
        self.gone: set[str] = set()
        self.cursor = cursor
        self.pages = 0

    def take(self, page: Page) -> None:
        self.pages += 1
        self.facts.update((fact.native_id, fact) for fact in page.facts)
        self.gone.update(page.gone)
        if page.cursor is not None:
            self.cursor = page.cursor

    def missing(self, native_ids: Iterable[str]) -> set[str]:
        return set(native_ids) - set(self.facts)


async def until(ask: Callable[[], Awaitable[T]], enough: Callable[[T], bool]) -> T:
    """Ask again until the answer is enough; fails the test with the last answer otherwise."""
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = await ask()
        if enough(answer):
            return answer
        assert time.monotonic() < deadline, f"not within {PATIENCE:.0f} s; last: {answer!r}"
        await asyncio.sleep(0.1)


async def pulled_until(connector: Connector, stream: str, native_ids: Iterable[str]) -> Pulled:
    """Pull from the start until these are all there."""
    wanted = set(native_ids)
    return await until(
        lambda: facts_of(connector, stream), lambda pulled: not pulled.missing(wanted)
    )
