"""Building blocks of store tests: a workspace, and facts in a few words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app.domain.departments import CARE
from app.domain.ids import AccountId, IdentityId, account_id, identity_id
from app.domain.interactions import Channel, Direction, IdentityFact, InteractionFact, Kind
from app.store.accounts import AccountRecord, put_account
from app.store.database import Workspace
from app.store.ingest import Ingested, ingest
from tests.conftest import NOW

ACCOUNT: AccountId = account_id("mastodon", "https://social.example", "1")
US = IdentityFact(Channel.MASTODON, "halden@social.example", "@halden", "Halden Coffee")


def person(name: str) -> IdentityFact:
    return IdentityFact(
        Channel.MASTODON, f"{name}@social.example", f"@{name}", name.title(), followers=12
    )


def identity(name: str) -> IdentityId:
    return identity_id(Channel.MASTODON, f"{name}@social.example")


def said(native_id: str, who: str, text: str, *, at: int = 0, **more: Any) -> InteractionFact:
    """A mention by a customer, ``at`` seconds after NOW less one hour."""
    values: dict[str, Any] = {
        "native_id": native_id,
        "kind": Kind.REPLY if more.get("in_reply_to") else Kind.MENTION,
        "direction": Direction.INBOUND,
        "author": person(who),
        "occurred_at": NOW - timedelta(hours=1) + timedelta(seconds=at),
        "text": text,
    }
    return InteractionFact(**(values | more))


def answered(native_id: str, to: str, text: str, *, at: int = 0, **more: Any) -> InteractionFact:
    """A reply of ours to ``to``."""
    return said(
        native_id,
        "halden",
        text,
        at=at,
        **({"author": US, "direction": Direction.OUTBOUND, "in_reply_to": to} | more),
    )


def connect_brand(workspace: Workspace) -> AccountRecord:
    """The brand’s account, ``ACCOUNT``, which Customer Care answers; without its sign-in."""
    return workspace.write(
        lambda tx: put_account(
            tx,
            channel=Channel.MASTODON,
            server="https://social.example",
            native_id="1",
            handle=US.handle,
            display_name=US.display_name,
            avatar_url="",
            owner=CARE,
        )
    ).result()


def take(workspace: Workspace, *facts: InteractionFact, gone: Iterable[str] = ()) -> Ingested:
    return workspace.write(lambda tx: ingest(tx, ACCOUNT, facts, gone=gone)).result()


def rows(workspace: Workspace, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    return workspace.read(
        lambda conn: [tuple(row) for row in conn.execute(sa.text(sql), values)]
    ).result()
