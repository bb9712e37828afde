"""What came in lately and opened a case, or would have, as routing rules look at it.

Read in chunks along the primary key, so that a month costs the same however long the history is and
whoever else reads comes in between.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from app.domain.ids import AccountId, DepartmentId
from app.domain.interactions import Channel, Direction, Kind, Side
from app.domain.right_of_way import give_way
from app.domain.routing import Arriving, Conditions
from app.store.events import json_ids
from app.store.quick_rows import quick_rows

_WORK = (
    "SELECT m.key, m.party, m.conversation, m.account, m.kind, m.occurred_ms, m.subject, m.text,"
    " m.language, i.channel, i.handle, i.display_name, i.followers, a.owner, CASE WHEN m.found THEN"
    "  (SELECT c.department FROM case_state AS c"
    "   WHERE c.identity = m.party AND c.conversation = m.conversation) END AS found_for"
    " FROM interaction AS m JOIN identity AS i ON i.id = m.party"
    " JOIN account AS a ON a.id = m.account"
    " WHERE m.key > :after AND m.direction = :inbound AND m.side = :service"
    " AND m.deleted_ms IS NULL AND m.kind NOT IN (SELECT value FROM json_each(:idle))"
    " ORDER BY m.key LIMIT :limit"
)
_SPOKE_BEFORE = (
    "SELECT place.value ->> 0 AS key FROM json_each(:places) AS place WHERE EXISTS ("
    " SELECT 1 FROM interaction AS e WHERE e.conversation = place.value ->> 1"
    " AND e.key < place.value ->> 0 AND e.party = place.value ->> 2"
    " AND e.direction = :inbound AND e.side = :service"
    " AND e.kind NOT IN (SELECT value FROM json_each(:idle)))"
)
_CASES = (
    " FROM json_each(:wanted) AS wanted JOIN identity AS mine ON mine.id = wanted.value ->> 1"
    " JOIN identity AS i ON i.customer = mine.customer JOIN case_state AS c ON c.identity = i.id"
)
_TAGS = f"SELECT wanted.value ->> 0 AS key, tag.value{_CASES} JOIN json_each(c.tags) AS tag"
_OPEN = (
    f"SELECT wanted.value ->> 0 AS key{_CASES}"
    " WHERE c.status <= 3 AND c.conversation <> c.id AND c.opened_ms < wanted.value ->> 2"
    " AND (c.closed_ms IS NULL OR c.closed_ms > wanted.value ->> 2)"
)
_CAMPAIGNS = (
    "SELECT wanted.value ->> 0 AS key, m.subject AS value FROM json_each(:wanted) AS wanted"
    " JOIN timeline AS t ON t.identity = wanted.value ->> 1 AND t.key < wanted.value ->> 0"
    " AND t.touch = -:sent JOIN interaction AS m ON m.key = t.key"
)
_WORDS = {
    "inbound": int(Direction.INBOUND),
    "service": int(Side.SERVICE),
    "idle": json_ids(int(k) for k in Kind if not k.has_text or k is Kind.PHONE_NOTE),
}
"""What of all that came in is work, as ``needs_answer`` says."""


@dataclass(frozen=True, slots=True)
class Came:
    """A message that opens a case, who wrote it, and which ``department`` gets it without rules."""

    arriving: Arriving
    name: str
    handle: str
    department: DepartmentId


@dataclass(frozen=True, slots=True)
class Chunk:
    """``after`` is where the next one begins; None behind the last."""

    came: tuple[Came, ...]
    after: int | None


def came_since(
    conn: sa.Connection,
    after: int,
    asked: Collection[Conditions],
    spoken: set[tuple[int, int]],
    limit: int,
) -> Chunk:
    """The next messages behind the key ``after``, oldest first: the first of each customer in each
    conversation, which opens a case.

    Only what a condition of ``asked`` asks for is looked up. ``spoken`` remembers from chunk to
    chunk who spoke where.
    """
    rows = quick_rows(conn, _WORK, _WORDS | {"after": after, "limit": limit})
    first = []
    for row in rows:
        place = (row.conversation, row.party)
        if place not in spoken:
            spoken.add(place)
            first.append(row)
    places = _packed([row.key, row.conversation, row.party] for row in first)
    before = {row.key for row in quick_rows(conn, _SPOKE_BEFORE, _WORDS | {"places": places})}
    first = [row for row in first if row.key not in before]
    known = _Known(conn, first, asked)
    came = []
    for row in first:
        give_way()
        came.append(_came(row, known))
    return Chunk(tuple(came), rows[-1].key if len(rows) == limit else None)


class _Known:
    """What is known of who wrote, as far as it is asked for: tags, campaigns, open cases by key.

    Tags and followers are those of today, campaigns and cases those of that moment.
    """

    def __init__(
        self, conn: sa.Connection, rows: Iterable[Any], asked: Collection[Conditions]
    ) -> None:
        wanted = {"wanted": _packed([row.key, row.party, row.occurred_ms] for row in rows)}
        self.tags: dict[int, frozenset[str]] = {}
        self.campaigns: dict[int, frozenset[str]] = {}
        self.open = set[int]()
        if any(one.tags for one in asked):
            self.tags = _gathered(quick_rows(conn, _TAGS, wanted))
        if any(one.campaigns for one in asked):
            sent = wanted | {"sent": int(Kind.CAMPAIGN_SENT)}
            self.campaigns = _gathered(quick_rows(conn, _CAMPAIGNS, sent))
        if any(one.open_case is not None for one in asked):
            self.open = {row.key for row in quick_rows(conn, _OPEN, wanted)}


def _came(row: Any, known: _Known) -> Came:
    return Came(
        Arriving(
            text=f"{row.subject}\n{row.text}" if row.subject else row.text,
            channel=Channel(row.channel),
            account=AccountId(row.account),
            kind=Kind(row.kind),
            at_ms=row.occurred_ms,
            language=row.language,
            reach=row.followers or 0,
            tags=known.tags.get(row.key, frozenset()),
            campaigns=known.campaigns.get(row.key, frozenset()),
            has_open_case=row.key in known.open,
        ),
        row.display_name,
        row.handle,
        DepartmentId(row.found_for or row.owner),
    )


def _packed(rows: Iterable[list[int]]) -> str:
    return msgspec.json.encode(list(rows)).decode()


def _gathered(rows: Iterable[Any]) -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(row.key, set()).add(str(row.value))
    return {key: frozenset(values) for key, values in found.items()}
