"""Who says something of themselves that another may say too, a page at a time."""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.ids import CustomerId, IdentityId

_TELLING = sa.text(
    "SELECT told.identity, i.customer FROM"
    " (SELECT DISTINCT identity FROM identity_evidence WHERE identity > :after"
    "  ORDER BY identity LIMIT :limit) AS told"
    " JOIN identity AS i ON i.id = told.identity ORDER BY told.identity"
)


def telling(conn: sa.Connection, after: int, limit: int) -> list[tuple[IdentityId, CustomerId]]:
    """Identities of which there is evidence, behind this one, with the customer of each."""
    rows = conn.execute(_TELLING, {"after": after, "limit": limit})
    return [(IdentityId(row.identity), CustomerId(row.customer)) for row in rows]
