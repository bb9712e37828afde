"""Cases by what was said in them, as conditions on ``case_state AS c``."""

from __future__ import annotations

from typing import Any

from app.domain.bounds import since_ms
from app.domain.clock import from_ms
from app.domain.ids import key_floor
from app.domain.interactions import Side
from app.domain.narrowing import Narrowing
from app.store.words import parse_query

_SAID_AMONG = 2_000
_SAID = (
    "c.id IN (SELECT o.id FROM"  # noqa: S608 - a number of ours
    " (SELECT rowid AS key FROM search WHERE search MATCH :words AND rowid >= :since"
    f"  ORDER BY rowid DESC LIMIT {_SAID_AMONG}) AS hit"
    " CROSS JOIN interaction AS m ON m.key = hit.key AND m.side BETWEEN :side AND :last_side"
    " CROSS JOIN case_state AS o ON o.identity = m.party AND o.conversation = m.conversation)"
)
"""By the newest that match: what is looked for in a view is in what is worked on now."""
_LATEST = "c.last_key >= :since"
_ON_SIDE = (
    "EXISTS (SELECT 1 FROM interaction AS m"
    " WHERE m.conversation = c.conversation AND m.party = c.identity AND m.side = :side)"
)


def conditions(narrowing: Narrowing, now_ms: int) -> tuple[list[str], dict[str, Any]]:
    """What words, day and side ask for at this moment, and the values that names."""
    since = key_floor(since_ms(narrowing.since, from_ms(now_ms)))
    words = parse_query(narrowing.words).match
    side = narrowing.side
    if words:
        sides = {"side": side or min(Side), "last_side": side or max(Side)}
        return [_SAID], {"words": words, "since": since, **sides}
    held = [(since, _LATEST), (side, _ON_SIDE)]
    return [condition for asked, condition in held if asked], {"since": since, "side": side}
