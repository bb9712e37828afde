"""What the outbox waits for when the clock is set back: not for as long as the clock jumped.

Moments in the outbox are those of the wall clock, since they must hold over a restart. A clock that
is put right by an hour would make everything wait for that hour more. So no wait may be longer than
any that is ever begun; nothing leaves earlier by that than it would have.
"""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.ids import OutboxId
from app.domain.outbox import MOST_UNDO_S
from app.store.database import Tx

LONGEST_PAUSE_S = 600
"""The longest pause between two tries. Only a rest that a service asked for may be longer; cut
short by a clock that was set back, it is asked for again."""

_SHORTEN = (
    "UPDATE outbox SET not_before_ms = :now + min(:most, not_before_ms - {since})"
    " WHERE state NOT IN ('sent', 'cancelled') AND state IN ('queued', 'unknown')"
    " AND (attempts > 0) = {tried} AND {since} > :now AND not_before_ms > :now + :most"
    " RETURNING id"
)
_UNTRIED = sa.text(_SHORTEN.format(since="created_ms", tried=0))
_TRIED = sa.text(_SHORTEN.format(since="attempted_ms", tried=1))


def shorten_waits(tx: Tx) -> int:
    """Let nothing wait for a clock that was set back; returns how many items that concerned.

    It was set back where an item was written, or tried, at a moment that has not come yet.
    """
    shortened: set[OutboxId] = set()
    for statement, most_s in ((_UNTRIED, MOST_UNDO_S), (_TRIED, LONGEST_PAUSE_S)):
        rows = tx.conn.execute(statement, {"now": tx.now_ms, "most": most_s * 1000})
        shortened.update(OutboxId(row.id) for row in rows)
    tx.changes.outbox.update(shortened)
    return len(shortened)
