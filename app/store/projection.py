"""Projections: the folds of the ledger, kept in the transaction that appends to it.

``rebuild`` makes them anew from the ledger and the facts alone; what it makes and what was kept
are equal, whatever happened in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import sqlalchemy as sa

from app.domain.cases import CaseState, fold_case
from app.domain.clocks import Policy
from app.domain.events import Event, EventType, in_force
from app.domain.ids import (
    CaseId,
    CustomerId,
    IdentityId,
    InteractionUid,
    founding_customer,
)
from app.domain.interactions import Direction, Side
from app.domain.right_of_way import give_way
from app.domain.waiting import Touch, Waiting, reply_deadline, waiting
from app.store import tables
from app.store.bulk import BulkInsert
from app.store.database import Tx
from app.store.events import events_of, json_ids
from app.store.touches import move_touches

NO_DEADLINE = 1 << 53
"""Stands in ``due_ms`` for no deadline, so that such cases sort last."""
POLICY = Policy()

_CHUNK = 2_000
_OPENINGS = sa.text(
    "SELECT i.uid, i.conversation FROM json_each(:uids) AS wanted"
    " JOIN interaction AS i ON i.uid = wanted.value"
)
_TOUCHES = sa.text(
    "SELECT wanted.value ->> 0 AS case_id, i.key, i.direction, i.side, i.occurred_ms"
    " FROM json_each(:wanted) AS wanted JOIN interaction AS i"
    " ON i.conversation = wanted.value ->> 1 AND i.party = wanted.value ->> 2"
    " WHERE i.deleted_ms IS NULL ORDER BY case_id, i.key"
)
_REACH = sa.text(
    "SELECT i.id, i.followers FROM json_each(:ids) AS wanted JOIN identity AS i"
    " ON i.id = wanted.value WHERE i.followers > 0"
)
_OTHER_REACH = sa.text(
    "SELECT c.id, told.value ->> 1 AS reach FROM json_each(:reaches) AS told"
    " CROSS JOIN case_state AS c INDEXED BY case_identity ON c.identity = told.value ->> 0"
    " WHERE c.reach <> told.value ->> 1"
)
_SET_REACH = sa.text("UPDATE case_state SET reach = :reach WHERE id = :id")
_PUT_CASE = BulkInsert.of(tables.case_state, verb="INSERT OR REPLACE")
_DROP_CASES = sa.text("DELETE FROM case_state WHERE id IN (SELECT value FROM json_each(:ids))")
_SET_CUSTOMER = sa.text("UPDATE identity SET customer = :customer WHERE id = :id")
_CUSTOMER = sa.text("SELECT customer FROM identity WHERE id = :id")
_SET_SIDE = sa.text("UPDATE interaction SET side = :side WHERE uid = :uid AND side <> :side")


def project_cases(tx: Tx, cases: Iterable[CaseId]) -> None:
    """Fold these cases anew and keep the result; a case without events disappears."""
    wanted = list(cases)
    for start in range(0, len(wanted), _CHUNK):
        _project_chunk(tx, wanted[start : start + _CHUNK])
    tx.changes.cases.update(wanted)


def _project_chunk(tx: Tx, cases: list[CaseId]) -> None:
    ledger = events_of(tx.conn, cases)
    folded: dict[CaseId, tuple[CaseState, dict[str, Any]]] = {}
    for case in cases:
        give_way()
        events = ledger.get(case, [])
        state = fold_case(events)
        if state is not None:
            folded[case] = (state, _origin(events))
    missing = [case for case in cases if case not in folded]
    if missing:
        tx.conn.execute(_DROP_CASES, {"ids": json_ids(missing)})
    if not folded:
        return
    conversations = _present_conversations(tx, [origin for _, origin in folded.values()])
    summaries = _summaries(
        tx,
        [
            (case, conversations[origin["interaction"]], origin["identity"])
            for case, (_, origin) in folded.items()
        ],
    )
    identities = json_ids({origin["identity"] for _, origin in folded.values()})
    reaches: dict[int, int] = {
        row.id: row.followers for row in tx.conn.execute(_REACH, {"ids": identities})
    }
    rows = [
        _row(
            case,
            state,
            origin,
            conversations[origin["interaction"]],
            summaries.get(case, _Summary()),
        )
        | {"reach": reaches.get(origin["identity"], 0)}
        for case, (state, origin) in folded.items()
    ]
    _PUT_CASE(tx.conn, rows)


def project_reach(tx: Tx, reaches: Iterable[tuple[IdentityId, int]]) -> None:
    """These identities have so many followers now; their cases are sorted by it."""
    packed = msgspec.json.encode(list(reaches)).decode()
    other = tx.conn.execute(_OTHER_REACH, {"reaches": packed}).all()
    if other:
        tx.conn.execute(_SET_REACH, [{"id": row.id, "reach": row.reach} for row in other])


def _origin(events: list[Event]) -> dict[str, Any]:
    """What the case grew from: the data of its first opening that is in force."""
    first = next(e for e in in_force(events) if e.type is EventType.CASE_OPENED)
    return dict(first.data)


def _present_conversations(tx: Tx, origins: list[dict[str, Any]]) -> dict[int, int]:
    """The conversation each opening interaction is in now; it may have been joined to another."""
    present = {int(origin["interaction"]): int(origin["conversation"]) for origin in origins}
    known = tx.conn.execute(_OPENINGS, {"uids": json_ids(present)})
    return present | {row.uid: row.conversation for row in known}


class _Summary(msgspec.Struct):
    """What the facts of a case say."""

    last_key: int = 0
    last_in_key: int = 0
    wait: Waiting = Waiting()


def _summaries(tx: Tx, wanted: list[tuple[int, int, int]]) -> dict[CaseId, _Summary]:
    found: dict[CaseId, _Summary] = {}
    touches: dict[CaseId, list[Touch]] = {}
    packed = msgspec.json.encode(wanted).decode()
    rows = tx.conn.execute(_TOUCHES, {"wanted": packed}).all()
    for case_id, key, direction, side, occurred_ms in rows:
        case = CaseId(case_id)
        summary = found.setdefault(case, _Summary())
        inbound = direction == Direction.INBOUND
        summary.last_key = key
        if inbound:
            summary.last_in_key = key
        if side == Side.SERVICE or not inbound:
            touches.setdefault(case, []).append(Touch(occurred_ms, inbound))
    for case, seen in touches.items():
        give_way()
        found[case].wait = waiting(seen)
    return found


def _row(
    case: CaseId,
    state: CaseState,
    origin: dict[str, Any],
    conversation: int,
    summary: _Summary,
) -> dict[str, Any]:
    give_way()
    deadline = reply_deadline(state, summary.wait, POLICY)
    return {
        "id": case,
        "identity": origin["identity"],
        "conversation": conversation,
        "account": origin["account"],
        "department": state.department,
        "queue": int(state.queue),
        "status": int(state.status),
        "assignee": state.assignee,
        "urgency": int(state.urgency),
        "title": state.title,
        "tags": msgspec.json.encode(sorted(state.tags)).decode(),
        "pending_from": state.pending.origin if state.pending else None,
        "snoozed_until_ms": state.snoozed_until_ms,
        "opened_ms": state.opened_ms,
        "closed_ms": state.closed_ms,
        "fold": msgspec.json.encode(state, order="deterministic").decode(),
        "last_key": summary.last_key,
        "last_in_key": summary.last_in_key,
        "first_reply_ms": summary.wait.first_reply_ms,
        "waiting_since_ms": summary.wait.since_ms,
        "due_ms": deadline.due_ms if deadline else NO_DEADLINE,
    }


def project_identities(tx: Tx, identities: Iterable[IdentityId]) -> None:
    """Which customer each identity belongs to, and which interactions were moved to a side."""
    ledger = events_of(tx.conn, identities)
    for subject, events in ledger.items():
        identity = IdentityId(subject)
        counting = in_force(events)
        customer = founding_customer(identity)
        for event in counting:
            if event.type is EventType.IDENTITY_LINKED:
                customer = CustomerId(event.data["customer"])
            elif event.type is EventType.IDENTITY_UNLINKED:
                customer = founding_customer(identity)
        _put_customer(tx, identity, customer)
        _put_sides(tx, events, counting)


def _put_customer(tx: Tx, identity: IdentityId, customer: CustomerId) -> None:
    before = tx.conn.execute(_CUSTOMER, {"id": identity}).scalar()
    if before is None or before == customer:
        return
    tx.conn.execute(_SET_CUSTOMER, {"id": identity, "customer": customer})
    tx.changes.identities.add(identity)
    tx.changes.customers.update((CustomerId(before), customer))


def _put_sides(tx: Tx, events: list[Event], counting: list[Event]) -> None:
    """The side of a moved interaction: where the last move in force put it, or where it was."""
    sides: dict[int, int] = {}
    for event in sorted(events, key=lambda e: e.order, reverse=True):
        if event.type is EventType.SIDE_MOVED:
            sides[int(event.data["interaction"])] = int(event.data["was"])
    for event in counting:
        if event.type is EventType.SIDE_MOVED:
            sides[int(event.data["interaction"])] = int(event.data["side"])
    if not sides:
        return
    tx.conn.execute(_SET_SIDE, [{"uid": uid, "side": side} for uid, side in sides.items()])
    for side in Side:
        move_touches(tx, [InteractionUid(uid) for uid in sides if sides[uid] == side], side)
    tx.changes.interactions += len(sides)
    tx.changes.identities.add(IdentityId(events[0].subject))
    for row in tx.conn.execute(
        sa.text("SELECT id FROM case_state WHERE identity = :identity"),
        {"identity": events[0].subject},
    ).all():
        project_cases(tx, [CaseId(row.id)])


def rebuild(tx: Tx) -> None:
    """Make every projection anew from the ledger and the facts."""
    tx.conn.execute(sa.text("DELETE FROM case_state"))
    tx.conn.execute(sa.text("UPDATE identity SET customer = id"))
    about_identity = [kind.value for kind in EventType if kind.about_identity]
    identities = tx.conn.execute(
        sa.select(tables.event.c.subject).where(tables.event.c.type.in_(about_identity)).distinct()
    ).scalars()
    project_identities(tx, [IdentityId(subject) for subject in identities.all()])
    cases = tx.conn.execute(
        sa.select(tables.event.c.subject)
        .where(tables.event.c.type == EventType.CASE_OPENED)
        .distinct()
    ).scalars()
    project_cases(tx, [CaseId(subject) for subject in cases.all()])
