"""Identities as facts bring them: written in bulk, found by their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.domain.ids import IdentityId, founding_customer, identity_id
from app.domain.interactions import IdentityFact
from app.store import tables
from app.store.bulk import BulkInsert, bounded, write_rows
from app.store.database import Tx
from app.store.events import json_ids
from app.store.projection import project_identities, project_reach
from app.store.words import spaced

_KNOWN = sa.text(
    "SELECT i.id, i.handle, i.display_name, i.avatar_url, i.profile_url, i.followers"
    " FROM json_each(:ids) AS wanted JOIN identity AS i ON i.id = wanted.value"
)
_PUT = BulkInsert.of(
    tables.identity,
    after=" ON CONFLICT (id) DO UPDATE SET handle = excluded.handle,"
    " display_name = excluded.display_name, avatar_url = excluded.avatar_url,"
    " profile_url = excluded.profile_url,"
    " followers = coalesce(excluded.followers, identity.followers)",
)
_UNFIND = "DELETE FROM identity_search WHERE rowid = :id"
_FIND = BulkInsert("identity_search", ["rowid", "body"])


def put_identities(tx: Tx, facts: Iterable[IdentityFact]) -> None:
    """Insert or refresh; the last fact of an identity counts. Unchanged ones cost one look."""
    latest: dict[IdentityId, IdentityFact] = {}
    for fact in facts:
        identity = identity_id(fact.channel, fact.native_id)
        latest[identity] = _filled(fact, latest.get(identity))
    known = {row.id: row for row in tx.conn.execute(_KNOWN, {"ids": json_ids(latest)}).all()}
    told = {identity: _filled(fact, known.get(identity)) for identity, fact in latest.items()}
    rows = [
        _row(identity, fact)
        for identity, fact in sorted(told.items())
        if identity not in known or _differs(known[identity], fact)
    ]
    if not rows:
        return
    _PUT(tx.conn, rows)
    write_rows(tx.conn, _UNFIND, [{"id": row["id"]} for row in rows if row["id"] in known])
    _FIND(
        tx.conn,
        [
            {"rowid": row["id"], "body": spaced(f"{row['display_name']} {row['handle']}")}
            for row in rows
        ],
    )
    fresh = [IdentityId(row["id"]) for row in rows if row["id"] not in known]
    # A link may have arrived before the identity itself, from another laptop.
    project_identities(tx, fresh)
    project_reach(
        tx,
        [
            (IdentityId(row["id"]), max(0, row["followers"]))
            for row in rows
            if row["followers"] is not None
            and (row["id"] not in known or known[row["id"]].followers != row["followers"])
        ],
    )
    tx.changes.identities.update(IdentityId(row["id"]) for row in rows)


def _filled(fact: IdentityFact, before: Any) -> IdentityFact:
    """The fact, with what it leaves blank as it was known before.

    A mere mention of somebody tells a handle only; it must not wipe out their name.
    """
    if before is None or (fact.display_name and fact.avatar_url and fact.profile_url):
        return fact
    return replace(
        fact,
        display_name=fact.display_name or before.display_name,
        avatar_url=fact.avatar_url or before.avatar_url,
        profile_url=fact.profile_url or before.profile_url,
    )


def _differs(row: Any, fact: IdentityFact) -> bool:
    return (
        row.handle != fact.handle
        or row.display_name != fact.display_name
        or row.avatar_url != fact.avatar_url
        or row.profile_url != fact.profile_url
        or (fact.followers is not None and row.followers != fact.followers)
    )


def _row(identity: IdentityId, fact: IdentityFact) -> dict[str, Any]:
    return {
        "id": identity,
        "channel": fact.channel.value,
        "native_id": fact.native_id,
        "handle": fact.handle,
        "display_name": fact.display_name,
        "avatar_url": fact.avatar_url,
        "profile_url": fact.profile_url,
        "followers": None if fact.followers is None else bounded(fact.followers),
        "customer": founding_customer(identity),
    }
