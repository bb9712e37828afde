"""The one timeline of a customer: facts, decisions and wishes, merged by time and paged by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa

from app.domain.events import Event, EventType, in_force
from app.domain.excerpt import WHOLE, Excerpt, Strand
from app.domain.ids import (
    AccountId,
    AgentId,
    CaseId,
    ConversationId,
    CustomerId,
    DepartmentId,
    EventId,
    IdentityId,
    InteractionKey,
    InteractionUid,
    key_floor,
    key_ms,
)
from app.domain.interactions import Channel, Direction, Kind, Media, Side, Visibility
from app.domain.mood import Feeling, Mood
from app.domain.postponed import still_waiting
from app.domain.records import dataclass
from app.domain.requests import Ask, requests_of
from app.domain.seams import Stays, holdings_of, seams_of
from app.domain.views import (
    DraftShown,
    EventItem,
    InteractionItem,
    MonthCount,
    OutboxEntry,
    Revision,
    TimelineItem,
    TimelinePage,
)
from app.store import excerpts, touches
from app.store.campaigns import with_pips
from app.store.events import events_of_time, json_ids
from app.store.queues import name_of
from app.store.quick_rows import quick_rows
from app.store.wishes import of_identities

_ITEM = (
    "SELECT m.*, a.handle AS author_handle, a.display_name AS author_name,"
    " a.channel AS author_channel, p.native_id AS parent_native,"
    " (SELECT max(number) FROM revision AS r WHERE r.key = m.key) AS revisions,"
    " (SELECT id FROM case_state AS c WHERE c.identity = m.party"
    "   AND c.conversation = m.conversation AND c.status < 4) AS case_id,"
    " o.agent AS by_agent, o.department AS by_department,"
    " (SELECT mood FROM mood_set AS s WHERE s.uid = m.uid) AS mood_set"
    " FROM ({keys}) AS k JOIN interaction AS m ON m.key = k.key"
    " JOIN identity AS a ON a.id = m.author"
    " LEFT JOIN interaction AS p ON p.uid = m.parent"
    " LEFT JOIN outbox AS o ON o.uid = m.uid AND o.act = 'reply'"
)
_END_OF_TIME = 1 << 62
_END_OF_TIME_MS = 1 << 46
"""More than any clock says, and a hybrid time of it is still a number of SQLite."""
_REVISIONS = sa.text("SELECT text, subject, seen_ms FROM revision WHERE key = :key ORDER BY number")
_IDENTITIES = "SELECT id FROM identity WHERE customer = :customer"
_CASES = (
    "SELECT c.id, c.identity, c.fold FROM json_each(:identities) AS wanted"
    " JOIN case_state AS c ON c.identity = wanted.value"
)
_STAYS = msgspec.json.Decoder(Stays)
"""Reads only what it needs of the fold: a customer may have hundreds of cases."""
_SHOWN_EVENTS = frozenset(EventType) - {EventType.UNDONE}


def identities_of(conn: sa.Connection, customer: CustomerId) -> list[IdentityId]:
    return [IdentityId(row.id) for row in quick_rows(conn, _IDENTITIES, {"customer": customer})]


def page(
    conn: sa.Connection,
    customer: CustomerId,
    *,
    before: int | None = None,
    limit: int = 60,
    excerpt: Excerpt = WHOLE,
) -> TimelinePage:
    """The newest ``limit`` interactions older than ``before``, with all decisions in that time,
    as far as the ``excerpt`` shows them.

    The first page (``before`` None) also holds the wishes that have not left. Where an excerpt
    shows decisions among few interactions, or none, the page ends after ``limit`` of these.
    """
    everybody = identities_of(conn, customer)
    identities = excerpts.narrowed(conn, everybody, excerpt) if excerpt else everybody
    upper = _END_OF_TIME if before is None else before
    until_ms = _END_OF_TIME_MS if before is None else key_ms(before)
    newest_first = newest(conn, identities, before=upper, limit=limit + 1, excerpt=excerpt)
    more = len(newest_first) > limit
    shown = newest_first[:limit]
    cursor = shown[-1].key if more else None
    from_ms = key_ms(shown[-1].key) if more else 0
    cases = quick_rows(conn, _CASES, {"identities": json_ids(everybody)})
    subjects = _subjects(cases, identities, excerpt)
    if excerpt:
        since_ms = excerpts.decisions_since(conn, subjects, excerpt, until_ms, limit)
        if since_ms > from_ms:
            from_ms, cursor = since_ms, key_floor(since_ms)
            shown = [row for row in shown if row.key >= cursor]
    decided: list[EventItem] = []
    internal, service = excerpt.shows(Strand.INTERNAL), excerpt.shows(Strand.SERVICE)
    if internal or service:
        ledger = events_of_time(conn, subjects, from_ms, until_ms)
        shows = (e for e in _decisions(ledger) if internal or e.waits)
        decided = [e for e in shows if from_ms <= e.at_ms < until_ms]
    wishes: Sequence[OutboxEntry] = ()
    if before is None and service:
        wishes = of_identities(conn, identities)
        if excerpt.case is not None:
            wishes = [wish for wish in wishes if wish.item.case == excerpt.case]
    facts = _items(reversed(shown))
    items: list[TimelineItem] = [*with_pips(facts), *decided, *wishes]
    items.sort(key=_order)
    return TimelinePage(
        customer=customer,
        items=tuple(items),
        before=cursor,
        holdings=holdings_of(
            case
            for case in (_STAYS.decode(case.fold) for case in cases)
            if case.asked is None  # whoever is asked does not hold the customer
        ),
    )


def _subjects(
    cases: Iterable[Any], identities: Sequence[IdentityId], excerpt: Excerpt
) -> list[int]:
    """What the decisions that are shown are about."""
    if excerpt.case is not None:
        return [excerpt.case] if identities else []
    about = set(identities)
    return [*(case.id for case in cases if case.identity in about), *identities]


def around(
    conn: sa.Connection, customer: CustomerId, key: InteractionKey, limit: int = 60
) -> TimelinePage:
    """The page that ends a third of ``limit`` interactions after ``key``."""
    identities = identities_of(conn, customer)
    later = conn.execute(
        sa.text(
            "SELECT t.key FROM json_each(:identities) AS wanted"
            " JOIN timeline AS t ON t.identity = wanted.value AND t.key > :key"
            " ORDER BY t.key LIMIT :few"
        ),
        {"identities": json_ids(identities), "key": key, "few": limit // 3 + 1},
    ).scalars()
    following = later.all()
    before = following[-1] if len(following) > limit // 3 else None
    return page(conn, customer, before=before, limit=limit)


def _order(item: TimelineItem) -> tuple[int, int]:
    """By time; at the same moment the fact comes before the decision it caused."""
    rank = {InteractionItem: 0, EventItem: 1, OutboxEntry: 2}[type(item)]
    return (item.at_ms, rank)


def newest(
    conn: sa.Connection,
    identities: Sequence[IdentityId],
    *,
    before: int,
    limit: int,
    excerpt: Excerpt = WHOLE,
) -> list[Any]:
    """The rows of what stands in these timelines, newest first, as far as the ``excerpt`` shows
    it.

    Each identity's own range is cut before they are merged.
    """
    if not identities or not excerpt.sides:
        return []
    who = {f"who{number}": identity for number, identity in enumerate(identities)}
    asked = {"before": before, "limit": limit, "case": excerpt.case, **who}
    return quick_rows(conn, _newest(excerpts.kind_of(excerpt), len(who)), asked)


@lru_cache(maxsize=64)
def _newest(excerpt: Excerpt, identities: int) -> str:
    """The same statement for as many identities, so that it is prepared once."""
    keys = excerpts.keys_sql(excerpt, identities)
    return _ITEM.format(keys=keys) + " ORDER BY k.key DESC LIMIT :limit"


def conversation(
    conn: sa.Connection, number: ConversationId, limit: int = 500
) -> tuple[InteractionItem, ...]:
    """A whole thread, oldest first, whoever took part; its newest ``limit`` posts."""
    keys = (
        "SELECT key FROM interaction WHERE conversation = :conversation"
        " ORDER BY key DESC LIMIT :limit"
    )
    statement = _ITEM.format(keys=keys) + " ORDER BY k.key"
    return tuple(_items(quick_rows(conn, statement, {"conversation": number, "limit": limit})))


def interaction(conn: sa.Connection, uid: InteractionUid) -> InteractionItem | None:
    statement = _ITEM.format(keys="SELECT key FROM interaction WHERE uid = :uid")
    return next(iter(_items(quick_rows(conn, statement, {"uid": uid}))), None)


def revisions(conn: sa.Connection, key: InteractionKey) -> tuple[Revision, ...]:
    """The earlier texts of an interaction, oldest first."""
    rows = conn.execute(_REVISIONS, {"key": key})
    return tuple(Revision(row.text or row.subject, row.seen_ms) for row in rows)


def _items(rows: Iterable[Any]) -> list[InteractionItem]:
    return [_item(row) for row in rows]


def _item(row: Any) -> InteractionItem:
    return InteractionItem(
        key=InteractionKey(row.key),
        uid=InteractionUid(row.uid),
        at_ms=row.occurred_ms,
        kind=Kind(row.kind),
        side=Side(row.side),
        direction=Direction(row.direction),
        channel=Channel(row.author_channel),
        account=AccountId(row.account),
        conversation=ConversationId(row.conversation),
        native_id=row.native_id,
        identity=IdentityId(row.author),
        party=IdentityId(row.party) if row.party is not None else None,
        author=name_of(row.author_name, row.author_handle),
        handle=row.author_handle,
        text=row.text,
        subject=row.subject,
        warning=row.warning,
        visibility=Visibility(row.visibility),
        media=tuple(msgspec.json.decode(row.media, type=list[Media])) if row.media else (),
        url=row.url,
        likes=row.likes,
        boosts=row.boosts,
        edited_ms=row.edited_ms,
        deleted_ms=row.deleted_ms,
        revisions=row.revisions or 0,
        in_reply_to=row.parent_native or "",
        case=CaseId(row.case_id) if row.case_id is not None else None,
        by_agent=AgentId(row.by_agent or ""),
        department=DepartmentId(row.by_department) if row.by_department else None,
        language=row.language,
        feeling=_corrected(row.mood_set),
    )


def _corrected(mood: int | None) -> Feeling | None:
    """What an agent said of the mood; what the words say is for the services."""
    return None if mood is None else Feeling(Mood(mood), corrected=True)


def _goes_along(event: Event) -> bool:
    """What a request does to the case it opens is told by the request and its answer."""
    match event.type:
        case EventType.CASE_OPENED:
            return "asked" in event.data
        case EventType.CASE_CLOSED:
            return "answer" in event.data
        case EventType.CASE_REOPENED:
            return "comment" in event.data
        case _:
            return False


@dataclass(frozen=True, slots=True)
class _Together:
    """What departments do together on one case, as it stands now: their drafts, the comments that
    stand beneath these, and the decisions whose replies have not been let go."""

    drafts: Mapping[EventId, DraftShown] = field(default_factory=dict)
    said: frozenset[EventId] = frozenset()
    waiting: frozenset[EventId] = frozenset()


_ALONE = _Together()
_TOGETHER = frozenset(
    {EventType.DRAFT_WRITTEN, EventType.APPROVAL_ASKED, EventType.REPLY_POSTPONED}
)


def _together(counting: Sequence[Event]) -> _Together:
    if _TOGETHER.isdisjoint(event.type for event in counting):
        return _ALONE
    asked = requests_of(counting)
    drafts = [(one, draft) for one in asked for draft in one.drafts]
    approvals = (one.event for one in asked if one.ask is Ask.APPROVAL and one.is_open)
    return _Together(
        {draft.event: DraftShown(draft, one.fate(draft)) for one, draft in drafts},
        frozenset(said.event for _, draft in drafts for said in draft.comments),
        frozenset((*approvals, *(event.id for event in still_waiting(counting)))),
    )


def _decisions(ledger: dict[int, list[Event]]) -> list[EventItem]:
    items: list[EventItem] = []
    for subject, events in ledger.items():
        events.sort(key=lambda e: e.order)
        in_order = in_force(events)
        counting = {event.id for event in in_order}
        seams = seams_of(events)
        together = _together(in_order)
        for event in events:
            if event.type not in _SHOWN_EVENTS or _goes_along(event) or event.id in together.said:
                continue
            seam = seams.get(event.id)
            items.append(
                EventItem(
                    event=event,
                    at_ms=event.at_ms,
                    case=CaseId(subject),
                    agent_name="",
                    department=None,
                    seam=seam,
                    undone=event.id not in counting,
                    draft=together.drafts.get(event.id),
                    waits=event.id in together.waiting,
                )
            )
    return items


def months(
    conn: sa.Connection, customer: CustomerId, *, now_ms: int, excerpt: Excerpt = WHOLE
) -> tuple[MonthCount, ...]:
    """Those months that have interactions with them, oldest first, over all years; of the channel
    and the case that an ``excerpt`` names."""
    identities = identities_of(conn, customer)
    if excerpt:
        identities = excerpts.narrowed(conn, identities, excerpt)
    return touches.months(conn, identities, now_ms=now_ms)
