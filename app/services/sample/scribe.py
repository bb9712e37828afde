"""Writes the sample down: facts and decisions with consistent ids and times."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.domain.clock import hybrid_at, to_ms
from app.domain.departments import ADVERTISING, CARE, MARKETING, PR
from app.domain.events import Event, EventType, ruled
from app.domain.ids import (
    AccountId,
    AgentId,
    CaseId,
    DepartmentId,
    DeviceId,
    EventId,
    IdentityId,
    account_id,
    identity_id,
)
from app.domain.interactions import (
    Channel,
    Direction,
    IdentityFact,
    InteractionFact,
    Kind,
    Media,
)
from app.domain.outbox import OutboxItem
from app.services.sample.book import AGENTS, ME, Opening, SampleAccount, SampleBook, SampleSearch
from app.services.sample.natives import identity_native, message_native

DEVICE = DeviceId("sample")
DEPARTMENT_OF: dict[AgentId, DepartmentId] = {agent.id: agent.department for agent in AGENTS}

_ACCOUNTS: tuple[tuple[Channel, str, str, DepartmentId], ...] = (
    (Channel.MASTODON, "https://social.halden.example", "@halden@social.halden.example", PR),
    (Channel.BLUESKY, "https://bsky.social", "@halden.example", PR),
    (Channel.X, "https://x.com", "@halden", CARE),
    (Channel.FACEBOOK, "https://www.facebook.com", "Halden Coffee", ADVERTISING),
    (Channel.INSTAGRAM, "https://www.instagram.com", "halden.coffee", CARE),
    (Channel.LINKEDIN, "https://www.linkedin.com", "Halden Coffee", MARKETING),
    (Channel.YOUTUBE, "https://www.youtube.com", "Halden Coffee", PR),
    (Channel.EMAIL, "imaps://mail.halden.example", "hello@halden.example", CARE),
)


def _account(channel: Channel, server: str, handle: str, owner: DepartmentId) -> SampleAccount:
    native = identity_native(channel, handle)
    number = account_id(channel, server, native)
    return SampleAccount(number, channel, server, native, handle, "Halden Coffee", owner)


class Scribe:
    """Collects the book. Nothing here is random but the bits that make ids look like ids."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.accounts = {entry[0]: _account(*entry) for entry in _ACCOUNTS}
        self.facts: dict[str, InteractionFact] = {}
        self.edits: dict[str, InteractionFact] = {}
        self.deleted: list[str] = []
        self.found: dict[str, DepartmentId] = {}
        self.openings: dict[CaseId, Opening] = {}
        self.events: list[Event] = []
        self.outbox: list[OutboxItem] = []
        self.unread: set[CaseId] = set()
        self.drafts: dict[CaseId, str] = {}
        self._account_of: dict[str, Channel] = {}
        self._stamps: dict[int, int] = {}
        self._taken: dict[IdentityId, IdentityFact] = {}

    # Facts ------------------------------------------------------------------------------------

    def us(self, channel: Channel) -> IdentityFact:
        account = self.accounts[channel]
        return IdentityFact(channel, account.native_id, account.handle, account.name)

    def put(self, account: Channel, fact: InteractionFact) -> InteractionFact:
        """Keep a fact; its native id must be new."""
        if fact.native_id in self.facts:
            raise ValueError(f"{fact.native_id} is taken")
        self.facts[fact.native_id] = fact
        self._account_of[fact.native_id] = account
        return fact

    def message_id(self, channel: Channel, author: IdentityFact, at: datetime) -> str:
        number = len(self.facts)
        return message_native(channel, author.native_id, at, number)

    def announce(
        self, channel: Channel, at: datetime, text: str, *, alt: str = "", subject: str = ""
    ) -> InteractionFact:
        """A post of ours to everybody."""
        us = self.us(channel)
        native = self.message_id(channel, us, at)
        fact = InteractionFact(
            native_id=native,
            kind=Kind.POST,
            direction=Direction.OUTBOUND,
            author=us,
            occurred_at=at,
            text=text,
            subject=subject,
            root=native,
            media=(self.picture(alt),) if alt else (),
        )
        return self.put(channel, fact)

    def picture(self, description: str) -> Media:
        number = self.rng.getrandbits(40)
        address = f"https://media.halden.example/{number:010x}.jpg"
        return Media(address, "image/jpeg", description, address.replace(".jpg", ".small.jpg"))

    def touch(
        self,
        kind: Kind,
        who: IdentityFact,
        at: datetime,
        on: InteractionFact | None = None,
        *,
        text: str = "",
        subject: str = "",
    ) -> InteractionFact | None:
        """A like, boost, follow, or a comment under a post of ours; None when it was there."""
        channel = who.channel
        if kind.has_text:
            native = self.message_id(channel, who, at)
        else:
            name = {Kind.LIKE: "favourite", Kind.BOOST: "reblog", Kind.FOLLOW: "follow"}[kind]
            native = ":".join(filter(None, (name, on.native_id if on else "", who.native_id)))
            if native in self.facts:
                return None
        fact = InteractionFact(
            native_id=native,
            kind=kind,
            direction=Direction.INBOUND,
            author=who,
            party=who,
            occurred_at=at,
            text=text,
            subject=subject,
            in_reply_to=on.native_id if on else None,
            root=(on.root or on.native_id) if on else native,
        )
        return self.put(channel, fact)

    # Decisions --------------------------------------------------------------------------------

    def decide(
        self, at: datetime, agent: AgentId, kind: EventType, subject: int, /, **data: Any
    ) -> Event:
        event = Event(
            id=EventId(self.uuid(at)),
            type=kind,
            subject=subject,
            agent=agent,
            device=DEVICE,
            stamp=self._stamp(at),
            data=data,
        )
        self.events.append(event)
        return event

    def rule(self, at: datetime, kind: EventType, case: CaseId, by: int, /, **data: Any) -> Event:
        """What the rules would have decided at that moment, under the id they give it."""
        event = ruled(kind, case, by, stamp=self._stamp(at), data=data)
        self.events.append(event)
        return event

    def link(self, at: datetime, agent: AgentId, who: IdentityFact, customer: int) -> None:
        number = identity_id(who.channel, who.native_id)
        self.decide(
            at, agent, EventType.IDENTITY_LINKED, number, identity=number, customer=customer
        )

    def uuid(self, at: datetime) -> str:
        """A UUIDv7 of that moment whose random bits come from the seed."""
        bits = self.rng.getrandbits(74)
        value = to_ms(at) << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & ((1 << 62) - 1)
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def _stamp(self, at: datetime) -> int:
        """Hybrid time of a decision; never the same twice, and after the facts of its moment."""
        base = hybrid_at(at)
        self._stamps[base] = self._stamps.get(base, 0) + 1
        return base + self._stamps[base]

    # The book ---------------------------------------------------------------------------------

    def finished(self, searches: Iterable[SampleSearch]) -> SampleBook:
        facts: dict[AccountId, list[InteractionFact]] = {}
        edits: dict[AccountId, list[InteractionFact]] = {}
        for native, fact in self.facts.items():
            facts.setdefault(self.account_of(native), []).append(fact)
        for native, fact in self.edits.items():
            edits.setdefault(self.account_of(native), []).append(fact)
        for listed in (*facts.values(), *edits.values()):
            listed.sort(key=lambda fact: (fact.occurred_at, fact.native_id))
        return SampleBook(
            me=ME,
            agents=AGENTS,
            accounts=tuple(self.accounts.values()),
            searches=tuple(searches),
            facts={number: tuple(listed) for number, listed in facts.items()},
            edits={number: tuple(listed) for number, listed in edits.items()},
            deleted=tuple((self.account_of(native), native) for native in self.deleted),
            found=dict(self.found),
            openings=dict(self.openings),
            events=tuple(sorted(self.events, key=lambda event: event.order)),
            outbox=tuple(self.outbox),
            unread=frozenset(self.unread),
            drafts=dict(self.drafts),
        )

    def account_of(self, native_id: str) -> AccountId:
        return self.accounts[self._account_of[native_id]].id
