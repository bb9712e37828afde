"""What the tests of the Bluesky connector share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from app.connectors.base import Context, Page, Profile, Secrets
from app.connectors.channels.bluesky import Bluesky, sign_in
from app.domain.clock import Clock
from app.domain.ids import AccountId, AgentId, ConversationId, OutboxId
from app.domain.interactions import Channel, InteractionFact
from app.domain.outbox import Act, OutboxItem
from app.domain.tid import make_record_key
from tests.peers.bluesky_network import BlueskyNetwork, Person


@dataclass
class Keeper:
    """Stands for the keyring: every set of secrets it was given, the latest last."""

    saved: list[Secrets] = field(default_factory=list)

    def save(self, secrets: Secrets) -> None:
        self.saved.append(secrets)


@asynccontextmanager
async def connected(
    network: BlueskyNetwork,
    brand: Person,
    *,
    clock: Clock | None = None,
    secrets: dict[str, str] | None = None,
    keeper: Keeper | None = None,
) -> AsyncIterator[Bluesky]:
    """The brand's account, signed in with an app password; ``secrets`` replace some of them."""
    signed_in = await sign_in(
        network.pds, brand.handle, brand.app_password(make_record_key(_now()))
    )
    held = {**signed_in.secrets, **(secrets or {})}
    context = Context(signed_in.profile, held, (keeper or Keeper()).save)
    connector = Bluesky(context, clock=clock)
    try:
        yield connector
    finally:
        await connector.close()


@asynccontextmanager
async def scripted(
    answer: httpx.AsyncBaseTransport, *, secrets: dict[str, str], keeper: Keeper | None = None
) -> AsyncIterator[Bluesky]:
    """A connector whose server is ``answer``: for what a real one does not do on demand."""
    profile = Profile(Channel.BLUESKY, "https://pds.example", "did:plc:brand", "@brand.example")
    context = Context(profile, secrets, (keeper or Keeper()).save)
    connector = Bluesky(context, transport=answer)
    try:
        yield connector
    finally:
        await connector.close()


async def gather(pages: AsyncIterator[Page]) -> list[Page]:
    return [page async for page in pages]


def facts_of(pages: Iterable[Page]) -> list[InteractionFact]:
    return [fact for page in pages for fact in page.facts]


def cursor_of(pages: Iterable[Page]) -> str | None:
    return next((page.cursor for page in reversed(list(pages)) if page.cursor), None)


async def pulled(
    connector: Bluesky, cursor: str | None = None, stream: str = "notifications"
) -> tuple[dict[str, InteractionFact], str | None]:
    """One pull: facts by native id as a store would end up with, and the cursor to go on from."""
    pages = await gather(connector.pull(stream, cursor=cursor))
    return {fact.native_id: fact for fact in facts_of(pages)}, cursor_of(pages) or cursor


def wish(act: Act = Act.REPLY, target: str = "", **changes: Any) -> OutboxItem:
    now = _now()
    values: dict[str, Any] = {
        "id": OutboxId("0190-test"),
        "account": AccountId(1),
        "channel": Channel.BLUESKY,
        "lane": ConversationId(1),
        "record_key": make_record_key(now),
        "agent": AgentId("agent"),
        "created_at": now,
        "not_before": now,
    }
    return OutboxItem(act=act, target=target, **(values | changes))


def _now() -> datetime:
    return datetime.now(UTC)
