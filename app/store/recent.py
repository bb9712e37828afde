"""What begins with one or two letters, looked for among the newest first.

So short a beginning stands in a good part of all texts, and the index would put the places of
thousands of words in order before it could name the newest fifty: 0.1 to 0.4 s of a million. The
newest thousand nearly always hold fifty already, and reading them takes three milliseconds; where
they do not, the beginning is rare and the index is quick.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import sqlalchemy as sa

from app.domain.ids import IdentityId
from app.store.words import Query, fold

_LOOKED_THROUGH = 1_000
_TEXTS = "SELECT m.key, m.subject, m.warning, m.text FROM {} ORDER BY m.key DESC"  # newest first
_NEWEST = sa.text(
    _TEXTS.format("interaction AS m WHERE m.key < :before") + f" LIMIT {_LOOKED_THROUGH}"
)
_NEWEST_WITH = sa.text(
    _TEXTS.format(
        "(SELECT rowid AS key FROM search"  # noqa: S608 - a number of ours
        "  WHERE search MATCH :match AND rowid < :before"
        f"  ORDER BY rowid DESC LIMIT {_LOOKED_THROUGH}) AS hit"
        " JOIN interaction AS m ON m.key = hit.key"
    )
)
_PEOPLE = sa.text(
    "SELECT i.id, i.display_name, i.handle FROM (SELECT party, max(key) AS last FROM"  # noqa: S608
    f"  (SELECT party, key FROM interaction ORDER BY key DESC LIMIT {_LOOKED_THROUGH})"
    "  GROUP BY party) AS heard JOIN identity AS i ON i.id = heard.party ORDER BY heard.last DESC"
)


def messages(conn: sa.Connection, query: Query, *, before: int, enough: int) -> list[int] | None:
    """The keys of matches among the newest texts older than ``before``, newest first.

    None where the query has no short beginning, or there are not ``enough``: ask the index then.
    """
    if not query.short:
        return None
    if query.rest:
        rows = conn.execute(_NEWEST_WITH, {"match": query.rest, "before": before})
    else:
        rows = conn.execute(_NEWEST, {"before": before})
    begins = _beginning(query.short)
    found = [
        key
        for key, subject, warning, text in rows
        if (text or subject) and begins.search(fold(f"{subject} {warning} {text}"))
    ]
    return found if len(found) >= enough else None


def people(conn: sa.Connection, query: Query, *, enough: int) -> Sequence[IdentityId] | None:
    """Whose name or handle matches among those last heard of, latest first; None as above."""
    if not query.short or query.rest:
        return None
    begins = _beginning(query.short)
    found = [
        IdentityId(identity)
        for identity, name, handle in conn.execute(_PEOPLE)
        if begins.search(fold(f"{name} {handle}"))
    ]
    return found if len(found) >= enough else None


def _beginning(short: str) -> re.Pattern[str]:
    """Matches ``short`` where a word of a folded text begins."""
    return re.compile(rf"(?<![^\W_]){re.escape(short)}")
