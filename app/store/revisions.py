"""What happens when a fact comes again: nothing, or a revision that keeps the text before it."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from app.domain.clock import to_ms
from app.domain.ids import identity_id
from app.domain.interactions import Direction, InteractionFact, default_side
from app.domain.records import dataclass
from app.store.bulk import BulkInsert, bounded
from app.store.database import Tx
from app.store.preparing import searchable

_KEEP = sa.text(
    "INSERT INTO revision (key, number, text, subject, warning, seen_ms)"
    " SELECT :key, coalesce(max(number), 0) + 1, :text, :subject, :warning, :now"
    " FROM revision WHERE key = :key"
)
_CHANGE = sa.text(
    "UPDATE interaction SET text = :text, subject = :subject, warning = :warning, media = :media,"
    " visibility = :visibility, likes = :likes, boosts = :boosts, edited_ms = :edited_ms,"
    " deleted_ms = NULL WHERE key = :key"
)
_COUNT = sa.text("UPDATE interaction SET likes = :likes, boosts = :boosts WHERE key = :key")
_UNINDEX = sa.text("DELETE FROM search WHERE rowid = :key")
INDEX = BulkInsert("search", ["rowid", "body"])
_ADDRESS = sa.text(
    "UPDATE interaction SET direction = :direction, kind = :kind, side = :side, party = :party,"
    " found = :found WHERE key = :key"
)


@dataclass(slots=True)
class Stored:
    """An interaction as the store holds it: its row, by column."""

    row: dict[str, Any]

    @property
    def announces(self) -> bool:
        """A post of ours that answers nobody."""
        row = self.row
        return bool(
            row["direction"] == Direction.OUTBOUND
            and row["party"] is None
            and row["parent"] is None
        )


def refresh(tx: Tx, stored: Stored, fact: InteractionFact) -> bool:
    """Take over what a known interaction says now; True when its words or pictures changed."""
    row = stored.row
    likes, boosts = bounded(fact.likes), bounded(fact.boosts)
    media = msgspec.json.encode(fact.media).decode() if fact.media else None
    reworded = (
        row["text"] != fact.text or row["subject"] != fact.subject or row["warning"] != fact.warning
    )
    changed = (
        reworded
        or row["media"] != media
        or row["visibility"] != int(fact.visibility)
        or row["deleted_ms"] is not None
    )
    if not changed:
        if (row["likes"], row["boosts"]) != (likes, boosts):
            row.update(likes=likes, boosts=boosts)
            tx.conn.execute(_COUNT, {"key": row["key"], "likes": likes, "boosts": boosts})
        return False
    edited_ms = to_ms(fact.edited_at) if fact.edited_at else row["edited_ms"]
    if reworded:
        tx.conn.execute(_KEEP, {**row, "now": tx.now_ms})
        edited_ms = edited_ms or tx.now_ms
    row.update(
        text=fact.text,
        subject=fact.subject,
        warning=fact.warning,
        media=media,
        visibility=int(fact.visibility),
        likes=likes,
        boosts=boosts,
        edited_ms=edited_ms,
        deleted_ms=None,
    )
    tx.conn.execute(_CHANGE, row)
    if reworded:
        tx.conn.execute(_UNINDEX, {"key": row["key"]})
        body = searchable(row["subject"], row["warning"], row["text"])
        INDEX.tuples(tx.conn, [(row["key"], body)])
    tx.changes.interactions += 1
    return True


def address(tx: Tx, stored: Stored, fact: InteractionFact) -> None:
    """An interaction that stood around, or was found, turns out to be meant for us."""
    side = default_side(fact, answers_announcement=False)
    stored.row.update(
        direction=int(fact.direction),
        kind=int(fact.kind),
        side=int(side),
        party=identity_id(fact.author.channel, fact.author.native_id),
        found=fact.found,
    )
    tx.conn.execute(_ADDRESS, stored.row)
