"""What identities say of themselves that another may say too, kept by its plain form."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app.domain.ids import IdentityId
from app.domain.interactions import IdentityFact
from app.domain.matching import plain_link
from app.store.database import Tx
from app.store.events import json_ids

LINK, VERIFIED, MAIL = "link", "verified", "mail"
_MOST = 20
"""Of what a single profile says; more of it is no person’s."""

_KEPT = sa.text(
    "SELECT e.identity, e.kind, e.value FROM json_each(:ids) AS wanted"
    " JOIN identity_evidence AS e INDEXED BY evidence_identity ON e.identity = wanted.value"
)
_PUT = "INSERT OR IGNORE INTO identity_evidence (kind, value, identity) VALUES (?, ?, ?)"
_DROP = "DELETE FROM identity_evidence WHERE kind = ? AND value = ? AND identity = ?"
Row = tuple[str, str, int]
"""Kind, value, identity."""


def keep_evidence(tx: Tx, facts: Mapping[IdentityId, IdentityFact]) -> None:
    """Keep what these say now, in the place of what they said; unchanged ones cost one look."""
    told = {row for identity, fact in facts.items() for row in _rows(identity, fact)}
    kept: set[Row] = {
        (row.kind, row.value, row.identity)
        for row in tx.conn.execute(_KEPT, {"ids": json_ids(facts)})
    }
    if gone := kept - told:
        tx.conn.exec_driver_sql(_DROP, sorted(gone))
    if fresh := told - kept:
        tx.conn.exec_driver_sql(_PUT, sorted(fresh))
        tx.changes.identities.update(IdentityId(row[2]) for row in fresh)


def _rows(identity: IdentityId, fact: IdentityFact) -> set[Row]:
    rows = {(LINK, plain_link(link), identity) for link in fact.links[:_MOST]}
    rows |= {(VERIFIED, plain_link(link), identity) for link in fact.verified[:_MOST]}
    rows |= {(MAIL, mail.strip().casefold(), identity) for mail in fact.mails[:_MOST]}
    return {row for row in rows if row[1]}
