"""Search over everything: the newest matches first, without sorting and without scanning.

The row id of the text index is the time-ordered key of the interaction, so that reading it
backwards gives newest first and stops at the fiftieth match.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.domain.cases import Status
from app.domain.ids import (
    CaseId,
    CustomerId,
    DepartmentId,
    InteractionKey,
    InteractionUid,
    case_ref,
    case_ref_range,
)
from app.domain.interactions import Channel, Kind, Side
from app.domain.views import CaseHit, MessageHit, SearchResults, SearchScope
from app.store import customers, recent
from app.store.events import json_ids
from app.store.queues import name_of
from app.store.quick_rows import quick_rows
from app.store.within import EVERYWHERE, Within
from app.store.words import Query, parse_query, snippet

COUNT_STOPS_AT = 1_000
_CASES_AMONG, _FIRST_LOOK = 500, 100
"""Cases are looked for among so many of the newest hits, and first among so many of them."""
_FEW = 50
"""So many of the newest texts have to hold what is looked for among them alone."""
_COUNT_WITHIN = 200
"""So many are counted where each match has to be read."""
_END_OF_TIME = 1 << 62
_KEYS = (
    "SELECT rowid FROM search WHERE search MATCH :match AND rowid < :before AND rowid >= :since"
    " ORDER BY rowid DESC LIMIT :limit"
)
_KEYS_WITHIN = (
    "SELECT f.rowid FROM search AS f CROSS JOIN interaction AS m ON m.key = f.rowid"
    " WHERE f.search MATCH :match AND f.rowid < :before AND f.rowid >= :since AND {also}"
    " ORDER BY f.rowid DESC LIMIT :limit"
)
_MESSAGES = (
    "SELECT m.key, m.uid, m.kind, m.side, m.occurred_ms, m.text, m.subject, m.warning,"
    " a.display_name, a.handle, a.channel, p.customer,"
    " (SELECT id FROM case_state AS c"
    "   WHERE c.identity = m.party AND c.conversation = m.conversation AND c.status < 4) AS case_id"
    " FROM json_each(:keys) AS hit JOIN interaction AS m ON m.key = hit.value"
    " JOIN identity AS a ON a.id = m.author"
    " LEFT JOIN identity AS p ON p.id = coalesce(m.party, m.author)"
    " ORDER BY m.key DESC"
)
_TOTAL = sa.text("SELECT count(*) FROM interaction")
_CASE_ROW = (
    "SELECT c.id, c.title, c.status, c.department, c.opened_ms, i.customer, i.channel,"
    " i.display_name, i.handle FROM {source} JOIN identity AS i ON i.id = c.identity"
)
_CASES_OF_HITS = sa.text(
    _CASE_ROW.format(
        source="json_each(:keys) AS hit JOIN interaction AS m ON m.key = hit.value"
        " JOIN case_state AS c ON c.identity = m.party AND c.conversation = m.conversation"
        " AND c.status < 4"
    )
    + " GROUP BY c.id ORDER BY c.status = 3, max(m.key) DESC LIMIT :limit"
)
_CASES_BY_REF = sa.text(
    _CASE_ROW.format(source="case_state AS c") + " WHERE c.id BETWEEN :first AND :last LIMIT 20"
)


def find(
    conn: sa.Connection,
    typed: str,
    *,
    scope: SearchScope,
    before: InteractionKey | None,
    limit: int,
    total: int,
    within: Within = EVERYWHERE,
) -> SearchResults:
    """What matches; ``before`` pages the messages. ``total``: interactions in the workspace.

    Customers are known by their channel and by when they were last heard of: where the bounds ask
    for what only messages and cases have, none is found.
    """
    started = time.perf_counter()
    query = parse_query(typed)
    everything = scope is SearchScope.EVERYTHING
    people = cases = messages = ()  # type: tuple[Any, ...]
    counted, more = 0, False
    if query:
        if everything or scope is SearchScope.CUSTOMERS:
            people = customers.found(conn, query, 5 if everything else limit, within)
        keys: Sequence[int] = ()
        if scope is not SearchScope.CUSTOMERS:
            keys, more = _counted(conn, query, max(limit, _FEW), within)
        if everything or scope is SearchScope.CASES:
            cases = _cases(conn, typed, keys[:_CASES_AMONG], 5 if everything else limit)
        if everything or scope is SearchScope.MESSAGES:
            counted = len(keys)
            if before is not None:
                keys = newest(conn, query, before=before, limit=limit, within=within)
            messages = _messages(conn, query, keys[:limit])
    return SearchResults(
        query=typed,
        customers=people,
        cases=cases,
        messages=messages,
        messages_count=counted,
        messages_more=more,
        before=messages[-1].key if len(messages) == limit else None,
        total_interactions=total,
        elapsed_ms=(time.perf_counter() - started) * 1000,
    )


def newest(
    conn: sa.Connection,
    query: Query,
    *,
    before: int = _END_OF_TIME,
    limit: int,
    within: Within = EVERYWHERE,
) -> Sequence[int]:
    """The keys of the newest matches older than ``before``, newest first."""
    lately = recent.messages(conn, query, before=before, enough=limit, within=within)
    return lately[:limit] if lately is not None else _indexed(conn, query, before, limit, within)


def _indexed(
    conn: sa.Connection, query: Query, before: int, limit: int, within: Within = EVERYWHERE
) -> Sequence[int]:
    asked = {"match": query.match, "before": before, "limit": limit, "since": within.since}
    sql = _KEYS_WITHIN.format(also=within.also) if within.also else _KEYS
    return [row.rowid for row in quick_rows(conn, sql, asked | within.values)]


def _counted(
    conn: sa.Connection, query: Query, enough: int, within: Within
) -> tuple[Sequence[int], bool]:
    """The newest that match, no more than are counted, and whether there may be more.

    For a beginning of a word the index puts all places in order before it names the first, so that
    a thousand take hardly longer than fifty; asking again for each purpose would do it again.
    """
    lately = recent.messages(conn, query, before=_END_OF_TIME, enough=enough, within=within)
    if lately is not None:
        return lately, True
    most = max(enough, _COUNT_WITHIN) if within.also else COUNT_STOPS_AT
    keys = _indexed(conn, query, _END_OF_TIME, most + 1, within)
    return keys[:most], len(keys) > most


def total_interactions(conn: sa.Connection) -> int:
    return int(conn.execute(_TOTAL).scalar() or 0)


def _messages(conn: sa.Connection, query: Query, keys: Sequence[int]) -> tuple[MessageHit, ...]:
    hits = []
    for row in quick_rows(conn, _MESSAGES, {"keys": json_ids(keys)}):
        text = " — ".join(part for part in (row.subject, row.text or row.warning) if part)
        cut, marks = snippet(text, query.words)
        hits.append(
            MessageHit(
                key=InteractionKey(row.key),
                uid=InteractionUid(row.uid),
                customer=CustomerId(row.customer) if row.customer is not None else None,
                case=CaseId(row.case_id) if row.case_id is not None else None,
                name=name_of(row.display_name, row.handle),
                channel=Channel(row.channel),
                kind=Kind(row.kind),
                side=Side(row.side),
                at_ms=row.occurred_ms,
                snippet=cut,
                marks=marks,
            )
        )
    return tuple(hits)


def _cases(conn: sa.Connection, typed: str, keys: Sequence[int], limit: int) -> tuple[CaseHit, ...]:
    """Cases named by their reference first, then those of the messages of these keys."""
    rows: list[Any] = []
    bounds = case_ref_range(typed)
    if bounds is not None:
        first, last = bounds
        rows.extend(conn.execute(_CASES_BY_REF, {"first": first, "last": last}))
    for among in (keys[:_FIRST_LOOK], keys):
        hits_of = conn.execute(_CASES_OF_HITS, {"keys": json_ids(among), "limit": limit}).all()
        if len(among) == len(keys) or sum(row.status != Status.CLOSED for row in hits_of) == limit:
            # Open ones come first, the latest before the others: no older hit changes that.
            break
    rows.extend(hits_of)
    hits: dict[int, CaseHit] = {}
    for row in rows:
        hits.setdefault(
            row.id,
            CaseHit(
                case=CaseId(row.id),
                ref=case_ref(CaseId(row.id)),
                customer=CustomerId(row.customer),
                name=name_of(row.display_name, row.handle),
                channel=Channel(row.channel),
                title=row.title,
                status=Status(row.status),
                department=DepartmentId(row.department),
                at_ms=row.opened_ms,
            ),
        )
    return tuple(hits.values())[:limit]
