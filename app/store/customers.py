"""Customers: the people behind identities, and what a panel shows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from app.domain.campaigns import Campaign
from app.domain.cases import CaseState
from app.domain.clock import hybrid_ms
from app.domain.clocks import CaseClock, ClockKind, Deadline
from app.domain.events import Event, EventType, in_force
from app.domain.ids import (
    AccountId,
    CaseId,
    ConversationId,
    CustomerId,
    EventId,
    IdentityId,
    case_ref,
    founding_customer,
    key_ms,
)
from app.domain.interactions import Channel, Visibility
from app.domain.views import CaseView, CustomerCard, CustomerHit, IdentityView, NoteView
from app.store import campaigns, owners, promotions, recent, touches
from app.store.events import events_of, json_ids
from app.store.queues import deadline_of, name_of
from app.store.quick_rows import quick_rows
from app.store.within import EVERYWHERE, Within
from app.store.words import Query

_CASES_SHOWN = 20
_IDENTITIES = "SELECT * FROM identity WHERE customer = :customer ORDER BY followers DESC"
_CASES = (
    "SELECT c.id, c.identity, c.conversation, c.account, c.title, c.fold, c.first_reply_ms,"
    " c.waiting_since_ms, c.started_ms, c.soon_ms, c.due_ms, c.due_kind, c.clocks,"
    " i.customer, i.channel, i.handle,"
    " m.native_id AS answer_to, m.visibility AS answer_visibility,"
    " m.language AS answer_language"
    " FROM {source} JOIN identity AS i ON i.id = c.identity"
    " LEFT JOIN interaction AS m ON m.key = c.last_in_key"
)
_OF_IDENTITIES = (
    _CASES.format(
        source="json_each(:ids) AS wanted JOIN case_state AS c ON c.identity = wanted.value"
        " AND c.status < 4"
    )
    + " ORDER BY c.status = 3, c.opened_ms DESC LIMIT :limit"
)
_OF_CASE = _CASES.format(
    source="json_each(:ids) AS wanted JOIN case_state AS c ON c.id = wanted.value"
)
_UNDOABLE = frozenset(EventType) - {
    EventType.UNDONE,
    EventType.CASE_OPENED,
    EventType.IDENTITY_LINKED,
    EventType.IDENTITY_UNLINKED,
    EventType.PROMOTION_SENT,  # undone with its message
}


def identity_view(row: Any) -> IdentityView:
    return IdentityView(
        identity=IdentityId(row.id),
        customer=CustomerId(row.customer),
        channel=Channel(row.channel),
        native_id=row.native_id,
        handle=row.handle,
        name=name_of(row.display_name, row.handle),
        reach=row.followers or 0,
        profile_url=row.profile_url,
    )


def identity(conn: sa.Connection, number: IdentityId) -> IdentityView | None:
    row = conn.execute(sa.text("SELECT * FROM identity WHERE id = :id"), {"id": number}).first()
    return identity_view(row) if row else None


def identities(conn: sa.Connection, customer: CustomerId) -> tuple[IdentityView, ...]:
    """The founding identity first, then by reach."""
    views = [identity_view(row) for row in quick_rows(conn, _IDENTITIES, {"customer": customer})]
    views.sort(key=lambda view: founding_customer(view.identity) != customer)
    return tuple(views)


def card(
    conn: sa.Connection, customer: CustomerId, told: Iterable[Campaign] = ()
) -> CustomerCard | None:
    """Everything the customer panel shows; None for nobody. Agents' names are left to fill in.

    ``told``: what marketing wrote of campaigns.
    """
    views = identities(conn, customer)
    if not views:
        return None
    ids = json_ids(view.identity for view in views)
    counted = touches.sums(conn, (view.identity for view in views))
    rows = quick_rows(conn, _OF_IDENTITIES, {"ids": ids, "limit": _CASES_SHOWN})
    ledger = events_of(conn, [row.id for row in rows])
    cases = _case_views(rows, ledger)
    tags = {tag for case in cases for tag in case.state.tags}

    return CustomerCard(
        customer=customer,
        name=views[0].name,
        identities=views,
        reach=sum(view.reach for view in views),
        since_ms=counted.since_ms,
        interactions=counted.interactions,
        boosts=counted.boosts,
        likes=counted.likes,
        cases=cases,
        tags=tuple(sorted(tags)),
        notes=_notes(ledger),
        hold=promotions.hold(conn, customer),
        owner=owners.owner(conn, customer),
        campaigns=campaigns.touched_by(conn, (view.identity for view in views), told),
    )


def case_view(conn: sa.Connection, case: CaseId) -> CaseView | None:
    rows = quick_rows(conn, _OF_CASE, {"ids": json_ids([case])})
    return next(iter(_case_views(rows, events_of(conn, [case]))), None)


def _case_views(rows: Iterable[Any], ledger: Mapping[int, list[Event]]) -> tuple[CaseView, ...]:
    return tuple(_case_view(row, _last_undoable(ledger.get(row.id, []))) for row in rows)


def _last_undoable(events: list[Event]) -> EventId | None:
    """The latest decision of a person that still counts."""
    for event in reversed(in_force(events)):
        if event.agent and event.type in _UNDOABLE:
            return event.id
    return None


def _case_view(row: Any, undoable: EventId | None) -> CaseView:
    state = msgspec.json.decode(row.fold, type=CaseState)
    clocks = msgspec.json.decode(row.clocks, type=tuple[CaseClock, ...])
    case = CaseId(row.id)
    return CaseView(
        case=case,
        ref=case_ref(case),
        title=row.title,
        customer=CustomerId(row.customer),
        identity=IdentityId(row.identity),
        conversation=ConversationId(row.conversation),
        account=AccountId(row.account),
        channel=Channel(row.channel),
        state=state,
        first_reply_ms=row.first_reply_ms,
        waiting_since_ms=row.waiting_since_ms,
        deadline=deadline_of(row),
        resolution=_resolution(clocks),
        answer_to=row.answer_to or "",
        answer_visibility=Visibility(row.answer_visibility or Visibility.PUBLIC),
        answer_handle=row.handle,
        last_undoable=undoable,
        answer_language=row.answer_language or "",
        clocks=clocks,
    )


def _resolution(clocks: Iterable[CaseClock]) -> Deadline | None:
    return next((one.deadline for one in clocks if one.kind is ClockKind.RESOLUTION), None)


def _notes(ledger: Mapping[int, list[Event]]) -> tuple[NoteView, ...]:
    """The latest notes of the cases shown, newest first."""
    found: list[Event] = []
    for events in ledger.values():
        found.extend(e for e in in_force(events) if e.type is EventType.CASE_NOTED)
    found.sort(key=lambda e: e.order, reverse=True)
    return tuple(
        NoteView(str(event.data["text"]), event.agent, hybrid_ms(event.stamp))
        for event in found[:5]
    )


_HIT = (
    "SELECT i.customer, i.id, i.handle, i.display_name, i.channel, i.followers,"
    " (SELECT count(*) FROM identity AS o WHERE o.customer = i.customer) AS identities,"
    " (SELECT c.id FROM identity AS o JOIN case_state AS c ON c.identity = o.id"
    "   WHERE o.customer = i.customer AND c.status < 3 AND c.conversation <> c.id"
    "   ORDER BY c.opened_ms DESC LIMIT 1) AS open_case,"
    " (SELECT max(key) FROM timeline AS t WHERE t.identity = i.id) AS last_key"
    " FROM {source}"
)
_FOUND = sa.text(
    _HIT.format(
        # All that is told of a hit is looked up for those alone that are shown.
        source="(SELECT f.rowid AS id FROM (SELECT rowid FROM identity_search"
        "   WHERE identity_search MATCH :match ORDER BY rowid LIMIT 400) AS f"
        "  ORDER BY (SELECT max(key) FROM timeline AS t WHERE t.identity = f.rowid) DESC"
        "  LIMIT :few) AS hit JOIN identity AS i ON i.id = hit.id"
    )
)
_OF = sa.text(_HIT.format(source="json_each(:ids) AS hit JOIN identity AS i ON i.id = hit.value"))
_LISTED = sa.text(
    _HIT.format(  # noqa: S608 - both parts are constants of this file
        # Nothing stands in the timeline of an identity that is ours, or a stranger's in a thread.
        source="identity AS i WHERE i.customer = i.id AND i.id > :after"
        " AND EXISTS (SELECT 1 FROM timeline AS t WHERE t.identity = i.id)"
    )
    + " ORDER BY i.id LIMIT :limit"
)


def listed(conn: sa.Connection, *, after: CustomerId | None, limit: int) -> tuple[CustomerHit, ...]:
    """All customers in the order of their ids, paged by the last id."""
    rows = conn.execute(_LISTED, {"after": after if after is not None else -1, "limit": limit})
    return tuple(_hit(row) for row in rows)


def found(
    conn: sa.Connection, query: Query, limit: int, within: Within = EVERYWHERE
) -> tuple[CustomerHit, ...]:
    """Customers one of whose names or handles matches; those heard of last come first."""
    if not within.has_customers:
        return ()
    few = (8 if within.bounds else 2) * limit  # some may be of one customer, or outside
    lately = recent.people(conn, query, enough=few)
    if lately is None:
        rows = conn.execute(_FOUND, {"match": query.match, "few": few})
    else:
        rows = conn.execute(_OF, {"ids": json_ids(lately)})
    hits: dict[int, CustomerHit] = {}
    for row in rows:
        hit = _hit(row)
        held = hits.get(hit.customer)
        if within.holds(hit.channel, hit.last_ms) and (held is None or hit.last_ms > held.last_ms):
            hits[hit.customer] = hit
    ordered = sorted(hits.values(), key=lambda hit: hit.last_ms, reverse=True)
    return tuple(ordered[:limit])


def by_handle(conn: sa.Connection, text: str) -> tuple[IdentityView, ...]:
    """Identities with exactly this handle, with or without its @, or this native id."""
    wanted = {text, f"@{text.lstrip('@')}", text.lstrip("@")}
    statement = sa.text(
        "SELECT * FROM identity WHERE handle IN (SELECT value FROM json_each(:names))"
        " OR native_id IN (SELECT value FROM json_each(:names))"
    )
    return tuple(identity_view(r) for r in conn.execute(statement, {"names": json_ids(wanted)}))


def _hit(row: Any) -> CustomerHit:
    return CustomerHit(
        customer=CustomerId(row.customer),
        name=name_of(row.display_name, row.handle),
        handle=row.handle,
        channel=Channel(row.channel),
        identities=row.identities,
        reach=row.followers or 0,
        open_case=CaseId(row.open_case) if row.open_case is not None else None,
        last_ms=key_ms(row.last_key) if row.last_key is not None else 0,
    )
