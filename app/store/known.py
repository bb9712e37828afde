"""What is known here of a message that is being answered: was it answered, edited, deleted?

Kept with a reply when it is written, and compared before it leaves: whatever came in between, the
agent has not taken into account.
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from app.domain.ids import AccountId, interaction_uid
from app.domain.interactions import Direction, Kind
from app.domain.records import dataclass

_SAYING = tuple(int(kind) for kind in Kind if kind.has_text)
_KNOWN = sa.text(
    "SELECT t.deleted_ms IS NOT NULL AS deleted,"
    " (SELECT coalesce(max(number), 0) FROM revision AS r WHERE r.key = t.key) AS revisions,"
    " (SELECT count(*) FROM interaction AS a WHERE a.conversation = t.conversation"
    "   AND a.key > t.key AND a.direction = :ours"
    "   AND a.kind IN :saying AND (a.parent = t.uid OR a.party = t.party)"
    "   AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.uid = a.uid)) AS answers"
    " FROM interaction AS t WHERE t.uid = :uid"
).bindparams(sa.bindparam("saying", _SAYING, expanding=True))

_OURS = sa.text(
    "SELECT a.occurred_ms, a.text FROM interaction AS t"
    " JOIN interaction AS a ON a.conversation = t.conversation"
    " WHERE t.uid = :uid AND a.direction = :ours AND a.deleted_ms IS NULL AND a.kind IN :saying"
    " ORDER BY a.key DESC LIMIT :most"
).bindparams(sa.bindparam("saying", _SAYING, expanding=True))


@dataclass(frozen=True, slots=True)
class Known:
    """``answers``: how many of our posts to this customer followed the message, not counting those
    written here; ``revisions``: how often it was edited."""

    answers: int
    revisions: int
    deleted: bool

    def packed(self) -> str:
        return msgspec.json.encode((self.answers, self.revisions, self.deleted)).decode()


def unpacked(text: str) -> Known | None:
    """What ``packed`` wrote; None where nothing was known."""
    if not text:
        return None
    return Known(*msgspec.json.decode(text, type=tuple[int, int, bool]))


def known(conn: sa.Connection, account: AccountId, target: str) -> Known | None:
    """What the workspace knows of a message now; None where it does not have it."""
    uid = interaction_uid(account, target)
    row = conn.execute(_KNOWN, {"uid": uid, "ours": int(Direction.OUTBOUND)}).first()
    return None if row is None else Known(row.answers, row.revisions, bool(row.deleted))


def our_latest(
    conn: sa.Connection, account: AccountId, target: str, *, most: int = 4
) -> tuple[tuple[int, str], ...]:
    """Our newest posts in the conversation of a message, newest first: (ms since 1970, text)."""
    uid = interaction_uid(account, target)
    rows = conn.execute(_OURS, {"uid": uid, "ours": int(Direction.OUTBOUND), "most": most})
    return tuple((row.occurred_ms, row.text) for row in rows)
