"""Identities as facts bring them: written in bulk, found by their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from app.domain.ids import IdentityId, founding_customer, identity_id
from app.domain.interactions import IdentityFact
from app.domain.right_of_way import give_way
from app.store import tables
from app.store.bulk import BulkInsert, bounded, write_rows
from app.store.database import Tx
from app.store.events import json_ids
from app.store.evidence import keep_evidence
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
_Held = tuple[str, str, str, str, int | None]
"""Handle, name, address of the picture, address of the profile, followers."""


def put_identities(tx: Tx, facts: Iterable[IdentityFact]) -> None:
    """Insert or refresh; the last fact of an identity counts. Unchanged ones cost one look."""
    latest: dict[IdentityId, IdentityFact] = {}
    telling: dict[IdentityId, IdentityFact] = {}
    for fact in facts:
        give_way()
        identity = identity_id(fact.channel, fact.native_id)
        if fact.links or fact.mails:
            telling[identity] = fact
        before = latest.get(identity)
        latest[identity] = fact if before is None else _filled(fact, _held(before))
    if telling:
        keep_evidence(tx, telling)
    known: dict[int, _Held] = {
        number: (handle, name, avatar, profile, followers)
        for number, handle, name, avatar, profile, followers in tx.conn.execute(
            _KNOWN, {"ids": json_ids(latest)}
        ).all()
    }
    told = {
        identity: fact if identity not in known else _filled(fact, known[identity])
        for identity, fact in latest.items()
    }
    rows = [
        _row(identity, fact)
        for identity, fact in sorted(told.items())
        if identity not in known or _differs(known[identity], fact)
    ]
    if not rows:
        return
    _PUT(tx.conn, rows)
    _put_words(tx, rows, known)
    fresh = [IdentityId(row["id"]) for row in rows if row["id"] not in known]
    # A link may have arrived before the identity itself, from another laptop.
    project_identities(tx, fresh)
    project_reach(
        tx,
        [
            (IdentityId(row["id"]), max(0, row["followers"]))
            for row in rows
            if row["followers"] is not None
            and (row["id"] not in known or known[row["id"]][4] != row["followers"])
        ],
    )
    tx.changes.identities.update(IdentityId(row["id"]) for row in rows)


def _put_words(tx: Tx, rows: list[dict[str, Any]], known: dict[int, _Held]) -> None:
    """Index the names and handles of these identities; a count of followers is no word."""
    found = [
        row
        for row in rows
        if row["id"] not in known or known[row["id"]][:2] != (row["handle"], row["display_name"])
    ]
    write_rows(tx.conn, _UNFIND, [{"id": row["id"]} for row in found if row["id"] in known])
    _FIND.tuples(
        tx.conn, [(row["id"], spaced(f"{row['display_name']} {row['handle']}")) for row in found]
    )


def _held(fact: IdentityFact) -> _Held:
    return (fact.handle, fact.display_name, fact.avatar_url, fact.profile_url, fact.followers)


def _filled(fact: IdentityFact, before: _Held) -> IdentityFact:
    """The fact, with what it leaves blank as it was known before.

    A mere mention of somebody tells a handle only; it must not wipe out their name.
    """
    if fact.display_name and fact.avatar_url and fact.profile_url:
        return fact
    _, name, avatar, profile, _ = before
    return replace(
        fact,
        display_name=fact.display_name or name,
        avatar_url=fact.avatar_url or avatar,
        profile_url=fact.profile_url or profile,
    )


def _differs(before: _Held, fact: IdentityFact) -> bool:
    now = _held(fact)
    return now[:4] != before[:4] or (fact.followers is not None and now[4] != before[4])


def _row(identity: IdentityId, fact: IdentityFact) -> dict[str, Any]:
    give_way()
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
        "owner": None,
        "standing": None,
    }
