"""What was between a brand and an identity, counted without reading any of it.

The timeline of an identity repeats kind and side of each interaction with it, so that the months
and the sums of somebody with ten thousand interactions come from one range of one index.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
import sqlalchemy as sa

from app.domain.ids import IdentityId, InteractionUid, key_floor, key_ms
from app.domain.interactions import Kind, Side
from app.domain.records import dataclass
from app.domain.views import MonthCount
from app.store.database import Tx
from app.store.events import json_ids
from app.store.quick_rows import quick_rows

# One sub-query a month, so that nothing is sorted to be grouped.
_MONTHS = (
    "SELECT wanted.value ->> 0 AS year, wanted.value ->> 1 AS month, ("
    "  SELECT json_array(count(*) FILTER (WHERE t.touch > 0), count(*) FILTER (WHERE t.touch < 0))"
    "  FROM json_each(:identities) AS who JOIN timeline AS t ON t.identity = who.value"
    "  AND t.key >= wanted.value ->> 2 AND t.key < wanted.value ->> 3) AS sides"
    " FROM json_each(:months) AS wanted"
)
_SUMS = (
    "SELECT count(t.touch) AS interactions,"
    " count(*) FILTER (WHERE t.touch IN (:boost, -:boost)) AS boosts,"
    " count(*) FILTER (WHERE t.touch IN (:like, -:like)) AS likes"
    " FROM json_each(:ids) AS who JOIN timeline AS t ON t.identity = who.value"
)
_FIRST = (
    "SELECT min((SELECT t.key FROM timeline AS t WHERE t.identity = who.value"
    "  AND t.touch IS NOT NULL ORDER BY t.key LIMIT 1)) AS key FROM json_each(:ids) AS who"
)
_MOVE = sa.text(
    "UPDATE timeline SET touch = abs(touch) * :sign FROM json_each(:uids) AS moved"
    " JOIN interaction AS m ON m.uid = moved.value"
    " WHERE timeline.identity = m.party AND timeline.key = m.key"
)


def touch(kind: int, side: int) -> int:
    """How an interaction stands in the timeline of the identity it was with."""
    return int(kind) if side == Side.SERVICE else -int(kind)


def move_touches(tx: Tx, uids: Iterable[InteractionUid], side: Side) -> None:
    """These interactions belong to ``side`` now."""
    sign = 1 if side is Side.SERVICE else -1
    tx.conn.execute(_MOVE, {"uids": json_ids(uids), "sign": sign})


@dataclass(frozen=True, slots=True)
class Sums:
    """How many interactions there were with a customer, and when the first was (None for none)."""

    interactions: int
    boosts: int
    likes: int
    since_ms: int | None


def sums(conn: sa.Connection, identities: Iterable[IdentityId]) -> Sums:
    """Of all identities of a customer."""
    ids = json_ids(identities)
    kinds = {"boost": int(Kind.BOOST), "like": int(Kind.LIKE)}
    row = quick_rows(conn, _SUMS, {"ids": ids, **kinds})[0]
    first = _first(conn, ids)
    since_ms = None if first is None else key_ms(first)
    return Sums(row.interactions, row.boosts, row.likes, since_ms)


def months(
    conn: sa.Connection, identities: Iterable[IdentityId], *, now_ms: int
) -> tuple[MonthCount, ...]:
    """Those months in UTC up to this one that have interactions, oldest first, since the first
    there was."""
    ids = json_ids(identities)
    first = _first(conn, ids)
    if first is None:
        return ()
    begin, now = (datetime.fromtimestamp(ms / 1000, UTC) for ms in (key_ms(first), now_ms))
    ranges = _ranges(begin.year * 12 + begin.month - 1, now.year * 12 + now.month - 1)
    rows = quick_rows(conn, _MONTHS, {"identities": ids, "months": ranges})
    counted = ((row.year, row.month, *msgspec.json.decode(row.sides)) for row in rows)
    return tuple(MonthCount(*each) for each in counted if each[2] or each[3])


def _first(conn: sa.Connection, ids: str) -> int | None:
    """The key of the first interaction with any of them; None where there was none."""
    key: int | None = quick_rows(conn, _FIRST, {"ids": ids})[0].key
    return key


@lru_cache(maxsize=64)
def _ranges(first: int, last: int) -> str:
    """The months of these numbers as JSON, each with its first key and that of the next."""
    numbers = range(first, last + 1)
    begins = [key_floor(_begins_ms(number)) for number in (*numbers, last + 1)]
    ranges = zip(map(_of, numbers), begins, begins[1:], strict=False)
    return msgspec.json.encode([(*of, key, behind) for of, key, behind in ranges]).decode()


def _of(number: int) -> tuple[int, int]:
    return number // 12, number % 12 + 1


def _begins_ms(number: int) -> int:
    year, month = _of(number)
    return round(datetime(year, month, 1, tzinfo=UTC).timestamp() * 1000)
