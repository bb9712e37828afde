"""Which interactions an excerpt of a timeline shows, found by key and never read for it.

``timeline.touch`` tells the side of what was with an identity; only what stands around, which has
none, is looked up. A channel is the identities that are on it. A case is walked along its
conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import sqlalchemy as sa

from app.domain.clock import hybrid_floor, hybrid_ms
from app.domain.excerpt import Excerpt, Strand
from app.domain.ids import CaseId, IdentityId
from app.domain.interactions import Kind, Side
from app.store.events import json_ids
from app.store.quick_rows import quick_rows

_OF_IDENTITY = (
    "SELECT key FROM (SELECT t.key FROM timeline AS t WHERE t.identity = :who{number}"
    " AND t.key < :before{fits} ORDER BY t.key DESC LIMIT :limit)"
)
_OF_CASE = (
    "SELECT m.key FROM case_state AS c JOIN interaction AS m ON m.conversation = c.conversation"
    " JOIN timeline AS t ON t.identity = c.identity AND t.key = m.key"
    " WHERE c.id = :case AND c.identity IN ({who}) AND m.key < :before{fits}"
    " ORDER BY m.key DESC LIMIT :limit"
)
_ON = {Side.SERVICE: ("t.touch > 0", 1), Side.MARKETING: ("t.touch < 0", 2)}
_ON_SIDE = (
    " AND ({touched} OR t.touch IS NULL"
    " AND (SELECT side FROM interaction AS s WHERE s.key = t.key) = {side})"
)
_ON_A_CHANNEL = " AND abs(coalesce(t.touch, 0)) NOT IN ({by_hand})"
_LATEST = (
    "SELECT e.stamp FROM json_each(:subjects) AS wanted JOIN event AS e"
    " ON e.subject = wanted.value AND e.stamp < :behind ORDER BY e.stamp DESC LIMIT :limit"
)
_ON_CHANNEL = (
    "SELECT i.id FROM json_each(:ids) AS wanted JOIN identity AS i ON i.id = wanted.value"
    " WHERE i.channel = :channel"
)
_OF_THE_CASE = "SELECT identity AS id FROM case_state WHERE id = :case"


def kind_of(excerpt: Excerpt) -> Excerpt:
    """Without the number of its case: what two excerpts share whose statements are the same."""
    return excerpt if excerpt.case is None else replace(excerpt, case=CaseId(0))


def keys_sql(excerpt: Excerpt, identities: int) -> str:
    """The newest ``:limit`` keys before ``:before`` of so many identities, ``:who0`` and on, and of
    ``:case`` where it names one."""
    fits = _fits(excerpt)
    numbers = range(identities)
    if excerpt.case is not None:
        return _OF_CASE.format(who=", ".join(f":who{number}" for number in numbers), fits=fits)
    # UNION drops what stands with two identities of one person.
    return " UNION ".join(_OF_IDENTITY.format(number=number, fits=fits) for number in numbers)


def _fits(excerpt: Excerpt) -> str:
    conditions = ""
    if len(excerpt.sides) == 1:
        touched, side = _ON[excerpt.sides[0]]
        conditions += _ON_SIDE.format(touched=touched, side=side)
    if excerpt.channel is not None:
        by_hand = ", ".join(str(int(kind)) for kind in Kind if kind.by_hand)
        conditions += _ON_A_CHANNEL.format(by_hand=by_hand)
    return conditions


def narrowed(
    conn: sa.Connection, identities: Sequence[IdentityId], excerpt: Excerpt
) -> list[IdentityId]:
    """Those of the identities that an excerpt is about."""
    kept = set(identities)
    if excerpt.channel is not None:
        asked = {"ids": json_ids(identities), "channel": excerpt.channel.value}
        kept &= {row.id for row in quick_rows(conn, _ON_CHANNEL, asked)}
    if excerpt.case is not None:
        kept &= {row.id for row in quick_rows(conn, _OF_THE_CASE, {"case": excerpt.case})}
    return [identity for identity in identities if identity in kept]


def decisions_since(
    conn: sa.Connection, subjects: Iterable[int], excerpt: Excerpt, until_ms: int, limit: int
) -> int:
    """From when on a page may show all decisions and not many more than ``limit``, in
    milliseconds since 1970; 0 where there are no more, or none are shown."""
    if not excerpt.shows(Strand.INTERNAL):
        return 0
    asked = {"subjects": json_ids(subjects), "behind": hybrid_floor(until_ms), "limit": limit + 1}
    rows = quick_rows(conn, _LATEST, asked)
    return hybrid_ms(rows[limit - 1].stamp) if len(rows) > limit else 0
