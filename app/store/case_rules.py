"""When an arriving message opens a case, joins one, or reopens one.

These are decisions of a rule: their ids are computed from their cause, so that every laptop that
sees the message decides the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import sqlalchemy as sa

from app.domain.cases import Status
from app.domain.clock import hybrid_at, hybrid_floor
from app.domain.departments import CARE, Queue
from app.domain.events import Event, EventType, ruled
from app.domain.ids import (
    AccountId,
    AgentId,
    CaseId,
    ConversationId,
    DepartmentId,
    IdentityId,
    case_id,
)
from app.domain.interactions import InteractionFact, Kind, Side, needs_answer
from app.domain.right_of_way import give_way
from app.domain.views import InteractionItem
from app.store import drafts, ledger
from app.store.database import Tx
from app.store.events import store
from app.store.routing import Router

_DAY_MS = 86_400_000
_HORIZON_DAYS = 30
_TITLE_LENGTH = 60
_TITLE_SOURCE = 400
"""A title is made from so many characters of a message at the most."""

_CASES = sa.text(
    "SELECT c.id, c.identity, c.conversation, c.status, c.queue, c.last_in_key, c.opened_ms"
    " FROM json_each(:places) AS place JOIN case_state AS c"
    " ON c.identity = place.value ->> 0 AND c.conversation = place.value ->> 1"
    " ORDER BY c.opened_ms"
)
_ANSWERED = sa.text(
    "SELECT i.party, i.conversation, max(i.occurred_ms) AS at_ms"
    " FROM json_each(:places) AS place JOIN interaction AS i"
    " ON i.conversation = place.value ->> 1 AND i.party = place.value ->> 0"
    " WHERE i.direction = 2 AND i.deleted_ms IS NULL GROUP BY 1, 2"
)
_IN_CONVERSATION = sa.text(
    "SELECT id, identity, status, opened_ms FROM case_state"
    " WHERE conversation = :conversation AND status < 4 ORDER BY opened_ms, id"
)
_OPENED_BY = sa.text(
    "SELECT data ->> 'interaction' FROM event WHERE subject = :case_id AND type = 'case_opened'"
    " ORDER BY stamp LIMIT 1"
)
_DUE = sa.text(
    "SELECT id, snoozed_until_ms FROM case_state WHERE status = 2 AND snoozed_until_ms <= :now"
)
_LAST_STAMP = sa.text("SELECT max(stamp) FROM event WHERE subject = :case_id")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the account's rules say about work that comes in.

    ``owner``     the department that answers messages to the brand.
    ``found``     the department whose reach-out queue gets what a saved search found.
    ``since_ms``  older messages are history and open no case.
    ``answered``  whether a message that the brand has answered already opens one too.
    ``judged``    whether what was late when its answer came is written down: it is not for what
                  happened before anybody worked here.
    """

    owner: DepartmentId = CARE
    found: DepartmentId = CARE
    since_ms: int = 0
    answered: bool = True
    judged: bool = True


def rules_of(
    tx: Tx, account: AccountId, *, history: bool = False, found: DepartmentId | None = None
) -> Rules:
    """The rules of an account. ``history``: filling in the past, where what was answered already
    is no work; ``found``: the department of the saved search that brings these facts."""
    owner = tx.conn.execute(
        sa.text("SELECT owner FROM account WHERE id = :id"), {"id": account}
    ).scalar()
    return Rules(
        owner=DepartmentId(owner or CARE),
        found=found or CARE,
        since_ms=tx.now_ms - _HORIZON_DAYS * _DAY_MS,
        answered=not history,
        judged=not history,
    )


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that has just been stored, or has just turned out to be meant for us."""

    fact: InteractionFact
    key: int
    uid: int
    side: int
    party: int
    conversation: int
    at_ms: int

    @property
    def place(self) -> tuple[int, int]:
        return (self.party, self.conversation)


@dataclass(slots=True)
class _Known:
    """A case as it stands while the batch goes through."""

    case: CaseId
    status: Status
    queue: Queue
    last_in_key: int
    opened_ms: int


def cases_at(tx: Tx, places: set[tuple[int, int]]) -> Sequence[Any]:
    """The cases of these (identity, conversation) pairs, merged ones too, oldest first."""
    if not places:
        return ()
    return tx.conn.execute(_CASES, {"places": _packed(places)}).all()


def decide_work(
    tx: Tx, account: AccountId, arrivals: Iterable[Arrival], rules: Rules, present: Sequence[Any]
) -> set[CaseId]:
    """Append what the rules decide; the cases to fold anew are returned.

    ``present`` are the ``cases_at`` the places of the arrivals, and perhaps more.
    """
    work = [a for a in arrivals if needs_answer(a.fact, Side(a.side))]
    if not work:
        return set()
    work.sort(key=lambda a: a.key)
    cases = {
        (row.identity, row.conversation): _Known(
            CaseId(row.id), Status(row.status), Queue(row.queue), row.last_in_key, row.opened_ms
        )
        # Where a thread holds noise too, what comes in belongs to the work.
        for row in sorted(present, key=lambda row: row.status != Status.NOISE)
        if row.status != Status.MERGED
    }
    # Most of a history is too old for work of its own, and none of it need be asked about.
    work = [a for a in work if a.at_ms >= rules.since_ms or a.place in cases]
    if not work:
        return set()
    answered = {} if rules.answered else _answered(tx, work)
    router = Router(tx, account)
    events: list[Event] = []
    for arrival in work:
        give_way()
        known = cases.get(arrival.place)
        if known is None:
            if arrival.at_ms < rules.since_ms or answered.get(arrival.place, -1) > arrival.at_ms:
                continue
            event = _opening(account, arrival, rules)
            routed = router.decision(arrival, event)
            events.extend([event] if routed is None else [event, routed])
            noise = routed is not None and routed.data.get("noise")
            cases[arrival.place] = _Known(
                CaseId(event.subject),
                Status.NOISE if noise else Status.OPEN,
                Queue(event.data["queue"]),
                arrival.key,
                arrival.at_ms,
            )
            continue
        if arrival.at_ms < known.opened_ms and arrival.at_ms >= rules.since_ms:
            events.extend(_opened_earlier(tx, account, arrival, known, rules))
        events.extend(_rejoining(tx, account, arrival, known, rules))
    store(tx, events)
    return {CaseId(event.subject) for event in events}


def _answered(tx: Tx, work: list[Arrival]) -> dict[tuple[int, int], int]:
    """When the brand last spoke in each of these places, in milliseconds since 1970."""
    found = tx.conn.execute(_ANSWERED, {"places": _packed({arrival.place for arrival in work})})
    return {(row.party, row.conversation): row.at_ms for row in found}


def _packed(places: set[tuple[int, int]]) -> str:
    return msgspec.json.encode(sorted(places)).decode()


def _opening(account: AccountId, arrival: Arrival, rules: Rules) -> Event:
    fact = arrival.fact
    case = case_id(ConversationId(arrival.conversation), IdentityId(arrival.party))
    queue = Queue.REACH_OUT if fact.found else Queue.RESPOND
    return ruled(
        EventType.CASE_OPENED,
        case,
        int(queue),
        stamp=hybrid_at(fact.occurred_at),
        data={
            "queue": int(queue),
            "department": rules.found if fact.found else rules.owner,
            "title": title_of(fact),
            "identity": arrival.party,
            "conversation": arrival.conversation,
            "account": account,
            "interaction": arrival.uid,
        },
    )


def _opened_earlier(
    tx: Tx, account: AccountId, arrival: Arrival, known: _Known, rules: Rules
) -> list[Event]:
    """A message from before the one that opened the case: had it come in first, as elsewhere it
    may have, it would have opened it. The event is the same, and the smaller stamp wins."""
    opening = _of_case(_opening(account, arrival, rules), known.case)
    if ledger.event(tx.conn, opening.id) is None:
        return []  # an agent made a case of it
    known.opened_ms = arrival.at_ms
    return [opening]


def _rejoining(
    tx: Tx, account: AccountId, arrival: Arrival, known: _Known, rules: Rules
) -> list[Event]:
    """A further message: it may wake or reopen its case, or turn a find into a conversation."""
    events: list[Event] = []
    if known.queue is Queue.REACH_OUT and not arrival.fact.found:
        opening = _opening(account, arrival, rules)
        stamp = max(opening.stamp, _last_stamp(tx, known.case) + 1)
        events.append(replace(_of_case(opening, known.case), stamp=stamp))
        known.queue = Queue.RESPOND
    newer = arrival.key > known.last_in_key
    # What is noise stays it until a person says otherwise, whatever is added in the same thread.
    if newer and known.status not in (Status.OPEN, Status.NOISE):
        stamp = max(hybrid_at(arrival.fact.occurred_at), _last_stamp(tx, known.case) + 1)
        because = {"cause": "message", "interaction": arrival.uid}
        reopened = EventType.CASE_REOPENED
        events.append(ruled(reopened, known.case, arrival.uid, stamp=stamp, data=because))
        known.status = Status.OPEN
    known.last_in_key = max(known.last_in_key, arrival.key)
    return events


def _of_case(opening: Event, case: CaseId) -> Event:
    """The opening of a case that is there, perhaps under a number another conversation gave it."""
    return ruled(
        opening.type, case, int(opening.data["queue"]),
        stamp=opening.stamp, data=opening.data,
    )  # fmt: skip


def _last_stamp(tx: Tx, case: CaseId) -> int:
    return int(tx.conn.execute(_LAST_STAMP, {"case_id": case}).scalar() or 0)


def open_by_hand(tx: Tx, item: InteractionItem, agent: AgentId, department: DepartmentId) -> CaseId:
    """An agent makes a case of a message that opened none."""
    party = item.party if item.party is not None else item.identity
    case = case_id(item.conversation, party)
    ledger.decide(
        tx,
        agent,
        EventType.CASE_OPENED,
        case,
        {
            "queue": int(Queue.RESPOND),
            "department": department,
            "title": short_title(item.subject or item.text) or "Message",
            "identity": party,
            "conversation": item.conversation,
            "account": item.account,
            "interaction": item.uid,
        },
    )
    return case


def wake_due(tx: Tx) -> int:
    """Reopen what was snoozed until now: a decision of a rule, dated when it was due."""
    due = tx.conn.execute(_DUE, {"now": tx.now_ms}).all()
    events = []
    for row in due:
        stamp = max(row.snoozed_until_ms << 16, _last_stamp(tx, CaseId(row.id)) + 1)
        kind, cause = EventType.CASE_REOPENED, row.snoozed_until_ms
        events.append(ruled(kind, row.id, cause, stamp=stamp, data={"cause": "snooze"}))
    ledger.append(tx, events)
    return len(events)


def merge_doubles(tx: Tx, conversation: int) -> None:
    """Two threads became one: of a customer's cases in it, the oldest goes on with the work. It is
    opened again where it was not as open as another: that work is not done."""
    events = []
    oldest: dict[int, Any] = {}
    widest: dict[int, Any] = {}
    for row in tx.conn.execute(_IN_CONVERSATION, {"conversation": conversation}).all():
        into = oldest.setdefault(row.identity, row)
        if into is not row:
            stamp, data = _last_stamp(tx, CaseId(row.id)) + 1, {"into": into.id}
            events.append(ruled(EventType.CASE_MERGED, row.id, into.id, stamp=stamp, data=data))
            drafts.move(tx, CaseId(row.id), CaseId(into.id))
        if row.status < widest.setdefault(row.identity, row).status:
            widest[row.identity] = row
    for identity, row in widest.items():
        if row is not oldest[identity]:
            events.append(_going_on(tx, CaseId(oldest[identity].id), row))
    ledger.append(tx, events)


def _going_on(tx: Tx, into: CaseId, merged: Any) -> Event:
    """The work of a merged case goes on in this one: by the event of its first message, as if the
    threads had been one when that came."""
    uid: int = tx.conn.execute(_OPENED_BY, {"case_id": merged.id}).scalar_one()
    stamp = max(hybrid_floor(merged.opened_ms), _last_stamp(tx, into) + 1)
    data = {"cause": "message", "interaction": uid}
    return ruled(EventType.CASE_REOPENED, into, uid, stamp=stamp, data=data)


def title_of(fact: InteractionFact) -> str:
    """A line to know the case by: its subject, or how the message begins without the @names."""
    told = short_title(fact.subject or fact.text)
    return told or ("Picture" if fact.media else _FALLBACK.get(fact.kind, "Message"))


def short_title(text: str) -> str:
    """The beginning of a text on one line, without the @names it is addressed to."""
    words: list[str] = []
    length = 0
    for word in text[:_TITLE_SOURCE].split():
        if not word.startswith("@"):
            words.append(word)
            length += len(word) + 1
            if length > _TITLE_LENGTH + 1:
                break
    line = " ".join(words)
    if len(line) <= _TITLE_LENGTH:
        return line
    cut = line[: _TITLE_LENGTH + 1]
    return (cut[: cut.rfind(" ")] if " " in cut[20:] else line[:_TITLE_LENGTH]).rstrip() + "…"


_FALLBACK: dict[Any, str] = {Kind.MENTION: "Mention", Kind.DIRECT: "Direct message"}
