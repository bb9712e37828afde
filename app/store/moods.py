"""What a customer said in a thread before a moment: enough to see where anger turned to thanks."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from app.domain.ids import IdentityId
from app.store.quick_rows import quick_rows

MOST: Final = 200
"""So many of the customer's interactions are looked through; who thanks later does not thank for
that."""
_SAID: Final = (
    "SELECT m.key, m.uid, m.occurred_ms, m.conversation, m.text, m.language, s.mood AS mood_set"
    " FROM (SELECT key FROM timeline WHERE identity = :party AND touch IS NOT NULL"
    "  AND key <= :until AND key >= :since ORDER BY key DESC LIMIT :most) AS k"
    " JOIN interaction AS m ON m.key = k.key"
    " LEFT JOIN mood_set AS s ON s.uid = m.uid"
    " WHERE m.conversation = :conversation AND m.direction = 1 AND m.deleted_ms IS NULL"
    " AND m.text <> '' ORDER BY m.key"
)


def said_in(
    conn: sa.Connection, conversation: int, party: IdentityId, *, until: int, since: int = 0
) -> list[Any]:
    """What a customer's identity said in a thread, up to and with the key ``until``, oldest first.

    Rows of key, uid, occurred_ms, conversation, text, language and mood_set (None: nobody
    corrected it).
    """
    asked = {"conversation": conversation, "party": party, "until": until, "since": since}
    return quick_rows(conn, _SAID, {**asked, "most": MOST})
