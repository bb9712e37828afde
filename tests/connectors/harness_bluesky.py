"""What the tests of the Bluesky connector share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import httpx

from app.connectors.base import Connector, Context, Page, Profile, Secrets, SignIn
from app.connectors.channels.bluesky import Bluesky, sign_in
from app.domain.clock import Clock
from app.domain.ids import AccountId, AgentId, ConversationId, OutboxId
from app.domain.interactions import Channel, InteractionFact
from app.domain.outbox import Act, OutboxItem
from app.domain.tid import make_record_key
from tests.peers.bluesky_network import BlueskyNetwork, Person, Ref, Thread


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


class BlueskyCustomer:
    """Somebody on the network who knows the brand; see ``tests.connectors.harness.Customer``."""

    def __init__(self, person: Person, brand: Person) -> None:
        self._person = person
        self._brand = brand

    @property
    def native_id(self) -> str:
        return self._person.did

    @property
    def handle(self) -> str:
        return f"@{self._person.handle}"

    def post(self, text: str) -> str:
        return self._person.post(text, mentions=(self._brand,)).uri

    def mention(self, text: str) -> str:
        return self._person.mention(self._brand, text).uri

    def reply(self, to: str, text: str) -> str:
        parent, record = self._person.network.record(to)
        root = Ref(**record["reply"]["root"]) if "reply" in record else parent
        return self._person.post(text, mentions=(self._brand,), reply=Thread(root, parent)).uri

    def like(self, post: str) -> None:
        self._person.like(self._person.network.record(post)[0])

    def boost(self, post: str) -> None:
        self._person.repost(self._person.network.record(post)[0])

    def follow(self) -> None:
        self._person.follow(self._brand)

    def delete(self, post: str) -> None:
        self._person.delete(Ref(post, ""))

    def received(self) -> list[str]:
        return [
            one["record"]["text"]
            for one in self._person.notifications()
            if one["reason"] in ("reply", "mention")
        ]

    def is_liked(self, post: str) -> bool:
        [shown] = self._person.get("app.bsky.feed.getPosts", uris=[post])["posts"]
        return bool(shown["likeCount"])


class BlueskyHarness:
    """A fresh brand; see ``tests.connectors.harness.Harness``."""

    channel = Channel.BLUESKY

    def __init__(self, network: BlueskyNetwork) -> None:
        self._network = network
        self._brand = network.person("brand")

    async def sign_in(self) -> SignIn:
        password = self._brand.app_password(make_record_key(_now()))
        return await sign_in(self._network.pds, self._brand.handle, password)

    def connector(self, sign_in: SignIn) -> Connector:
        return Bluesky(Context(sign_in.profile, sign_in.secrets))

    def with_wrong_secrets(self, sign_in: SignIn) -> Connector:
        wrong = dict.fromkeys(sign_in.secrets, "wrong")
        return Bluesky(Context(sign_in.profile, wrong))

    def unreachable(self, sign_in: SignIn) -> Connector:
        away = replace(sign_in.profile, server="http://127.0.0.1:9")
        return Bluesky(Context(away, sign_in.secrets))

    def customer(self, name: str) -> BlueskyCustomer:
        return BlueskyCustomer(self._network.person(name), self._brand)

    def announce(self, text: str) -> str:
        return self._brand.post(text).uri

    def exists(self, post: str) -> bool:
        return any(one["uri"] == post for one in self._brand.posts())

    def record_key(self) -> str:
        return make_record_key(_now())


def _now() -> datetime:
    return datetime.now(UTC)
