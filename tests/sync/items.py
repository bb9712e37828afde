"""Outbox items and facts for tests, made of as little as a test cares about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from app.domain.ids import AccountId, AgentId, ConversationId, OutboxId, uuid7
from app.domain.interactions import Channel, Direction, IdentityFact, InteractionFact, Kind
from app.domain.outbox import Act, OutboxItem

BRAND = IdentityFact(Channel.MASTODON, "brand@home.example", "@brand@home.example", "Brand")
ANA = IdentityFact(Channel.MASTODON, "ana@shop.example", "@ana@shop.example", "Ana")


def make_item(
    now: datetime, *, lane: int = 1, account: int = 1, undo_s: float = 0, **changes: Any
) -> OutboxItem:
    """A reply, queued at ``now``; ``changes`` are further fields of OutboxItem."""
    number = OutboxId(uuid7())
    return OutboxItem(
        **{
            "id": number,
            "act": Act.REPLY,
            "account": AccountId(account),
            "channel": Channel.MASTODON,
            "lane": ConversationId(lane),
            "target": "100",
            "record_key": f"key-{number}",
            "agent": AgentId("ines"),
            "created_at": now,
            "not_before": now + timedelta(seconds=undo_s),
            "text": "Thank you for telling us.",
            **changes,
        }
    )


def mention(native_id: str, at: datetime, text: str = "Where is my order?") -> InteractionFact:
    """Ana writes to the brand."""
    return InteractionFact(
        native_id=native_id,
        kind=Kind.MENTION,
        direction=Direction.INBOUND,
        author=ANA,
        occurred_at=at,
        text=text,
    )


def own_post(native_id: str, at: datetime, text: str, answers: str | None) -> InteractionFact:
    """The brand answers."""
    return InteractionFact(
        native_id=native_id,
        kind=Kind.REPLY if answers else Kind.POST,
        direction=Direction.OUTBOUND,
        author=BRAND,
        occurred_at=at,
        text=text,
        party=ANA if answers else None,
        in_reply_to=answers,
    )
