"""Projections: the folds of the ledger, kept in the transaction that appends to it.

``rebuild`` makes them anew from the ledger and the facts alone; what it makes and what was kept
are equal, whatever happened in between.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, replace
from typing import Any

import msgspec
import sqlalchemy as sa

from app.domain.cases import CaseState, fold_case
from app.domain.events import Event, EventType, in_force
from app.domain.ids import (
    CaseId,
    CustomerId,
    IdentityId,
    InteractionUid,
    founding_customer,
    key_floor,
)
from app.domain.interactions import Channel, Direction, Side
from app.domain.right_of_way import give_way
from app.domain.setup import Setup
from app.domain.sla import policy_for
from app.domain.waiting import Touch, Waiting, clocks_of, next_clock, next_to_pass, waiting
from app.store import tables
from app.store.bulk import BulkInsert
from app.store.database import Tx
from app.store.events import events_of, json_ids
from app.store.queue_choice import NO_DEADLINE
from app.store.setup import settled
from app.store.touches import move_touches

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
_SET_PERSON = sa.text(
    "UPDATE identity SET customer = :customer, owner = :owner, standing = :standing WHERE id = :id"
)
_PERSON = sa.text("SELECT customer, owner, standing FROM identity WHERE id = :id")
_DECLINE = sa.text("INSERT OR IGNORE INTO match_declined (first, second) VALUES (:first, :second)")
_UNDECLINE = sa.text("DELETE FROM match_declined WHERE first = :first AND second = :second")
_UNMARK = sa.text("DELETE FROM noise_mark WHERE case_id = :case_id")
_NO_MOOD = sa.text("DELETE FROM mood_set WHERE uid = :uid")
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
    _put_noise_marks(tx, ledger)
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
    setup, channels = settled(tx), _channels(tx)
    rows = [
        _row(
            case,
            state,
            origin,
            conversations[origin["interaction"]],
            summaries.get(case, _Summary()),
        )
        | _clocks(state, summaries.get(case, _Summary()), setup, channels.get(origin["account"]))
        | {"reach": reaches.get(origin["identity"], 0)}
        for case, (state, origin) in folded.items()
    ]
    _PUT_CASE(tx.conn, rows)


def _put_noise_marks(tx: Tx, ledger: dict[int, list[Event]]) -> None:
    """What people last said of these cases, where anybody said anything."""
    kinds = (EventType.NOISE_MARKED, EventType.NOISE_CLEARED)
    said = {case: events for case, events in ledger.items() if any(e.type in kinds for e in events)}
    for case, events in said.items():
        tx.conn.execute(_UNMARK, {"case_id": case})
        last = next((e for e in reversed(in_force(events)) if e.agent and e.type in kinds), None)
        if last is not None:
            noise = last.type is EventType.NOISE_MARKED
            tx.conn.execute(tables.noise_mark.insert(), {"case_id": case, "noise": noise})


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
    # Nobody writes in the case of a request: it is as new, and as unread, as what was asked.
    asked_key = key_floor(state.opened_ms) if state.asked is not None else 0
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
        "last_key": summary.last_key or asked_key,
        "last_in_key": summary.last_in_key or asked_key,
        "first_reply_ms": summary.wait.first_reply_ms,
        "waiting_since_ms": summary.wait.since_ms,
    }


def _clocks(
    state: CaseState, summary: _Summary, setup: Setup, channel: Channel | None
) -> dict[str, Any]:
    """The promises on a case, and the one that is due first."""
    policy = policy_for(
        setup.promises,
        department=state.department,
        channel=channel,
        urgency=state.urgency,
        tags=state.tags,
    )
    clocks = clocks_of(state, summary.wait, policy)
    first = next_clock(clocks)
    passes = next_to_pass(clocks, state, summary.wait.since_ms)
    deadline = first.deadline if first else None
    return {
        "started_ms": deadline.started_ms if deadline else 0,
        "soon_ms": deadline.soon_ms if deadline else NO_DEADLINE,
        "due_ms": deadline.due_ms if deadline else NO_DEADLINE,
        "due_kind": deadline.kind.value if deadline else "",
        "passes_ms": passes.due_ms if passes else None,
        "clocks": msgspec.json.encode(clocks).decode(),
    }


def _channels(tx: Tx) -> dict[int, Channel]:
    """The channel of each account."""
    rows = tx.conn.execute(sa.select(tables.account.c.id, tables.account.c.channel))
    return {row.id: Channel(row.channel) for row in rows}


def project_identities(tx: Tx, identities: Iterable[IdentityId]) -> None:
    """Whose each identity is and what was settled about it, and which of its interactions were
    moved to a side or given another mood."""
    ledger = events_of(tx.conn, identities)
    for subject, events in ledger.items():
        identity = IdentityId(subject)
        counting = in_force(events)
        _put_person(tx, identity, person_of(identity, counting))
        _put_sides(tx, events, counting)
        _put_declined(tx, identity, events, counting)
        _put_moods(tx, identity, events, counting)


@dataclass(frozen=True, slots=True)
class Person:
    """What decisions made of an identity."""

    customer: CustomerId
    owner: str | None = None
    standing: str | None = None


def person_of(identity: IdentityId, counting: Iterable[Event]) -> Person:
    """What the decisions in force make of an identity."""
    person = Person(founding_customer(identity))
    for event in counting:
        data = event.data
        if event.type is EventType.IDENTITY_LINKED:
            person = replace(person, customer=CustomerId(data["customer"]))
        elif event.type is EventType.IDENTITY_UNLINKED:
            person = replace(person, customer=founding_customer(identity))
        elif event.type is EventType.CUSTOMER_OWNED:
            person = replace(person, owner=data.get("agent"))
        elif event.type is EventType.STANDING_SET:
            person = replace(person, standing=data.get("standing"))
    return person


def _put_person(tx: Tx, identity: IdentityId, person: Person) -> None:
    row = tx.conn.execute(_PERSON, {"id": identity}).first()
    if row is None or (row.customer, row.owner, row.standing) == astuple(person):
        return
    tx.conn.execute(_SET_PERSON, {"id": identity, **asdict(person)})
    tx.changes.identities.add(identity)
    tx.changes.customers.update((CustomerId(row.customer), person.customer))


def _put_declined(tx: Tx, identity: IdentityId, events: list[Event], counting: list[Event]) -> None:
    """Who was said to be somebody else; said of either of the two."""
    said = {int(e.data["other"]) for e in events if e.type is EventType.MATCH_DECLINED}
    if not said:
        return
    tx.conn.execute(_UNDECLINE, [_pair(identity, other) for other in said])
    for event in counting:
        if event.type is EventType.MATCH_DECLINED:
            tx.conn.execute(_DECLINE, _pair(identity, int(event.data["other"])))
    tx.changes.identities.add(identity)


def _pair(one: int, other: int) -> dict[str, int]:
    return {"first": min(one, other), "second": max(one, other)}


def _put_moods(tx: Tx, identity: IdentityId, events: list[Event], counting: list[Event]) -> None:
    """The moods that agents corrected; None goes back to what the words say."""
    moods: dict[int, int | None] = {
        int(e.data["interaction"]): None for e in events if e.type is EventType.MOOD_SET
    }
    if not moods:
        return
    for event in counting:
        if event.type is EventType.MOOD_SET:
            moods[int(event.data["interaction"])] = event.data["mood"]
    tx.conn.execute(_NO_MOOD, [{"uid": uid} for uid in moods])
    set_ones = [{"uid": uid, "mood": mood} for uid, mood in moods.items() if mood is not None]
    if set_ones:
        tx.conn.execute(tables.mood_set.insert(), set_ones)
    tx.changes.interactions += len(moods)
    tx.changes.identities.add(identity)


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
