"""Which posts are worth asking about again: the newest ones in open cases."""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.ids import AccountId

# Open and snoozed cases only, so the scan is of work at hand and not of history.
_NEWEST = sa.text(
    "WITH held AS (SELECT conversation FROM case_state WHERE status != 3 AND account = :account"
    "  AND conversation != id"
    "  GROUP BY conversation ORDER BY max(last_key) DESC LIMIT :conversations)"
    " SELECT i.native_id FROM held JOIN interaction AS i ON i.conversation = held.conversation"
    " WHERE i.account = :account AND i.deleted_ms IS NULL AND i.kind NOT IN (9, 10, 11)"
    " ORDER BY i.key DESC LIMIT :posts"
)
_CONVERSATIONS = 40


def watched_posts(conn: sa.Connection, account: AccountId, *, at_most: int) -> tuple[str, ...]:
    """Native ids, newest first: what customers may still edit or delete while we work on it."""
    rows = conn.execute(
        _NEWEST, {"account": account, "conversations": _CONVERSATIONS, "posts": at_most}
    )
    return tuple(rows.scalars())
