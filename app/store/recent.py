"""What begins with one or two letters, looked for among the newest first.

So short a beginning stands in a good part of all texts, and the index would put the places of
thousands of words in order before it could name the newest fifty: 0.1 to 0.4 s of a million. The
newest thousand nearly always hold fifty already, and reading them takes two milliseconds; where
they do not, the beginning is rare and the index is quick.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import closing

import sqlalchemy as sa

from app.domain.ids import IdentityId
from app.store.quick_rows import quick_rows
from app.store.within import EVERYWHERE, Within
from app.store.words import Query, fold

_LOOKED_THROUGH = 1_000
_TEXTS = "SELECT m.key, m.subject, m.warning, m.text FROM {} ORDER BY m.key DESC"  # newest first
_NEWEST = _TEXTS.format(
    "(SELECT * FROM interaction WHERE key < :before AND key >= :since"  # noqa: S608 - a number of ours
    f"  ORDER BY key DESC LIMIT {_LOOKED_THROUGH}) AS m WHERE {{also}}"
)
_NEWEST_WITH = _TEXTS.format(
    "(SELECT rowid AS key FROM search"  # noqa: S608 - a number of ours
    "  WHERE search MATCH :match AND rowid < :before AND rowid >= :since"
    f"  ORDER BY rowid DESC LIMIT {_LOOKED_THROUGH}) AS hit"
    " JOIN interaction AS m ON m.key = hit.key WHERE {also}"
)
_PEOPLE = (
    "SELECT i.id, i.display_name, i.handle FROM interaction AS m"  # noqa: S608 - a number of ours
    f" JOIN identity AS i ON i.id = m.party ORDER BY m.key DESC LIMIT {_LOOKED_THROUGH}"
)


def messages(
    conn: sa.Connection, query: Query, *, before: int, enough: int, within: Within = EVERYWHERE
) -> list[int] | None:
    """The keys of matches among the newest texts older than ``before``, newest first.

    None where the query has no short beginning, or there are not ``enough``: ask the index then.
    """
    if not query.short:
        return None
    sql = (_NEWEST_WITH if query.rest else _NEWEST).format(also=within.also or "1")
    asked = {"match": query.rest, "before": before, "since": within.since}
    rows = quick_rows(conn, sql, asked | within.values)
    begins = _beginning(query.short)
    found = [
        key
        for key, subject, warning, text in rows
        if (text or subject) and begins(fold(f" {subject} {warning} {text}"))
    ]
    return found if len(found) >= enough else None


def people(conn: sa.Connection, query: Query, *, enough: int) -> Sequence[IdentityId] | None:
    """The first ``enough`` whose name or handle matches of those last heard of, latest first; None
    as above."""
    if not query.short or query.rest:
        return None
    begins = _beginning(query.short)
    found: dict[IdentityId, None] = {}
    with closing(conn.connection.cursor()) as cursor:
        cursor.execute(_PEOPLE)
        for identity, name, handle in iter(cursor.fetchone, None):  # no further than it takes
            if identity not in found and begins(fold(f" {name} {handle}")):
                found[IdentityId(identity)] = None
                if len(found) == enough:
                    return tuple(found)
    return None


def _beginning(short: str) -> Callable[[str], bool]:
    """Whether a word of a folded text, which has a space before it, begins with ``short``."""
    after_space = f" {short}"
    anywhere = re.compile(rf"(?<![^\W_]){re.escape(short)}")

    def begins(text: str) -> bool:
        # A search for letters takes a fiftieth of one for a pattern, and settles most texts.
        return after_space in text or (short in text and anywhere.search(text) is not None)

    return begins
