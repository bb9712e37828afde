"""The outbox in the workspace: every move of an item is one compare-and-set in one transaction.

An agent takes a message back while the runner is about to send it: whichever transaction comes
first wins, and the other finds the item no longer in the state it expected. Nothing here talks
to the outside, and nothing decides when to try: see ``app.sync.outbox_runner``.

A lane is a conversation. Within a lane items leave in the order they were written, one at a time:
what is in the air (``SENDING``, ``UNKNOWN``) is settled before the next one is claimed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, func, insert, or_, select, update

from app.domain.clock import from_ms, to_ms
from app.domain.errors import BadInput, NotFound
from app.domain.ids import (
    AccountId,
    AgentId,
    CaseId,
    ConversationId,
    DepartmentId,
    InteractionUid,
    OutboxId,
)
from app.domain.interactions import Channel, Visibility
from app.domain.outbox import Act, Attachment, OutboxItem, OutboxState
from app.domain.records import dataclass
from app.domain.templates import TemplateUse
from app.store.database import Tx
from app.store.known import Known, known, unpacked
from app.store.promises import keep_by_reply
from app.store.tables import attachment as attachment_table
from app.store.tables import outbox as outbox_table

_IN_THE_AIR = (OutboxState.SENDING, OutboxState.UNKNOWN)
_TO_LEAVE = (OutboxState.QUEUED, OutboxState.HELD)
_LANE_HOLDING = (*_TO_LEAVE, *_IN_THE_AIR)

_BY_ID = select(outbox_table).where(outbox_table.c.id == bindparam("item"))
_FILES = (
    select(attachment_table)
    .where(attachment_table.c.item == bindparam("item"))
    .order_by(attachment_table.c.position)
)
# Written out so that SQLite sees that the partial index outbox_waiting answers them.
_UNFINISHED = outbox_table.c.state.notin_(("sent", "cancelled"))
_HOLDING = (
    select(
        outbox_table.c.id,
        outbox_table.c.account,
        outbox_table.c.lane,
        outbox_table.c.state,
        outbox_table.c.not_before_ms,
        outbox_table.c.attempts,
    )
    .where(_UNFINISHED, outbox_table.c.state.in_(_LANE_HOLDING))
    .order_by(outbox_table.c.lane, outbox_table.c.created_ms, outbox_table.c.id)
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands at the front of a lane, and when it may be worked on (ms since 1970)."""

    id: OutboxId
    account: AccountId
    lane: ConversationId
    state: OutboxState
    not_before_ms: int
    attempts: int


def put(tx: Tx, item: OutboxItem) -> OutboxItem:
    """Store a new wish with its files; returns it."""
    tx.conn.execute(insert(outbox_table).values(_row(item) | _known_now(tx.conn, item)))
    if item.attachments:
        tx.conn.execute(
            insert(attachment_table),
            [
                {
                    "item": item.id,
                    "position": position,
                    "name": file.name,
                    "mime": file.mime,
                    "description": file.description,
                    "body": file.body,
                }
                for position, file in enumerate(item.attachments)
            ],
        )
    _announce(tx, item)
    return item


def get(conn: Connection, item: OutboxId, *, with_bodies: bool = True) -> OutboxItem:
    """One item; raises NotFound. ``with_bodies`` False leaves the files' bytes unread."""
    row = conn.execute(_BY_ID, {"item": item}).mappings().first()
    if row is None:
        raise NotFound(
            "This message is not in the outbox.", hint="List the outbox to see what is in it."
        )
    return _item(conn, row, with_bodies=with_bodies)


def unfinished(conn: Connection) -> tuple[OutboxItem, ...]:
    """All that has not been sent or taken back, oldest first, without the files' bytes."""
    rows = conn.execute(
        select(outbox_table)
        .where(_UNFINISHED)
        .order_by(outbox_table.c.created_ms, outbox_table.c.id)
    ).mappings()
    return tuple(_item(conn, row, with_bodies=False) for row in rows.all())


def heads(conn: Connection) -> tuple[Head, ...]:
    """The front of every lane that holds something: what is in the air before what is to leave."""
    front: dict[ConversationId, Head] = {}
    for row in conn.execute(_HOLDING):
        head = Head(
            OutboxId(row.id),
            AccountId(row.account),
            ConversationId(row.lane),
            OutboxState(row.state),
            row.not_before_ms,
            row.attempts,
        )
        held = front.get(head.lane)
        if held is None or (held.state in _TO_LEAVE and head.state in _IN_THE_AIR):
            front[head.lane] = head
    return tuple(front.values())


def waiting_count(conn: Connection) -> int:
    """How many items wait to leave or for certainty; failed ones wait for a person instead."""
    count = conn.scalar(
        select(func.count())
        .select_from(outbox_table)
        .where(_UNFINISHED, outbox_table.c.state.in_((OutboxState.QUEUED, OutboxState.UNKNOWN)))
    )
    return int(count or 0)


def waiting_by_account(conn: Connection) -> dict[AccountId, int]:
    """How many items of each account have not left and wait for no person."""
    wanted = outbox_table.c.state.in_((*_IN_THE_AIR, OutboxState.QUEUED))
    counts = conn.execute(
        select(outbox_table.c.account, func.count())
        .where(_UNFINISHED, wanted)
        .group_by(outbox_table.c.account)
    )
    return {AccountId(account): int(count) for account, count in counts}


def claim(tx: Tx, item: OutboxId) -> OutboxItem | None:
    """Record the attempt: QUEUED becomes SENDING, committed before the request leaves.

    None when there is nothing to do: taken back meanwhile, not yet due, or not its turn.
    """
    held = get(tx.conn, item)
    if held.state is not OutboxState.QUEUED or to_ms(held.not_before) > tx.now_ms:
        return None
    first = tx.conn.execute(
        select(outbox_table.c.id)
        .where(
            _UNFINISHED,
            outbox_table.c.lane == held.lane,
            outbox_table.c.id != held.id,
            or_(
                outbox_table.c.state.in_(_IN_THE_AIR),
                and_(
                    outbox_table.c.state.in_(_TO_LEAVE),
                    or_(
                        outbox_table.c.created_ms < to_ms(held.created_at),
                        and_(
                            outbox_table.c.created_ms == to_ms(held.created_at),
                            outbox_table.c.id < held.id,
                        ),
                    ),
                ),
            ),
        )
        .limit(1)
    ).first()
    if first is not None:
        return None
    return _store(
        tx,
        held,
        held.moved(
            OutboxState.SENDING,
            attempts=held.attempts + 1,
            attempted_at=from_ms(tx.now_ms),
            error="",
            hint="",
        ),
    )


def sent(tx: Tx, item: OutboxId, native_id: str, uid: InteractionUid | None) -> OutboxItem:
    """It arrived. ``uid`` is the interaction it became, None where it became none."""
    held = get(tx.conn, item)
    moved = held.moved(OutboxState.SENT, native_id=native_id, error="", hint="")
    keep_by_reply(tx, held)
    return _store(tx, held, moved, uid=uid)


def put_back(
    tx: Tx, item: OutboxId, *, not_before: datetime, error: str = "", hint: str = ""
) -> OutboxItem:
    """It provably did not arrive: QUEUED again, for another try from ``not_before`` on."""
    held = get(tx.conn, item)
    return _store(
        tx,
        held,
        held.moved(OutboxState.QUEUED, not_before=not_before, error=error, hint=hint),
    )


def unknown(
    tx: Tx, item: OutboxId, *, not_before: datetime, error: str, hint: str = ""
) -> OutboxItem:
    """Nobody can tell whether it arrived; it is looked up from ``not_before`` on."""
    held = get(tx.conn, item)
    changes: dict[str, object] = {"not_before": not_before, "error": error, "hint": hint}
    if held.state is OutboxState.UNKNOWN:
        return _store(tx, held, replace(held, **changes))  # type: ignore[arg-type]  # as in moved
    return _store(tx, held, held.moved(OutboxState.UNKNOWN, **changes))


def failed(tx: Tx, item: OutboxId, *, error: str, hint: str) -> OutboxItem:
    """The service refused; it leaves its lane and waits for a person."""
    held = get(tx.conn, item)
    return _store(tx, held, held.moved(OutboxState.FAILED, error=error, hint=hint))


def hold(tx: Tx, item: OutboxId, *, error: str, hint: str) -> bool:
    """Its thread has changed: it keeps its place in its lane and waits for a person.

    False when an agent has taken it back meanwhile.
    """
    held = get(tx.conn, item)
    if held.state is not OutboxState.QUEUED:
        return False
    _store(tx, held, held.moved(OutboxState.HELD, error=error, hint=hint))
    return True


def known_then(conn: Connection, item: OutboxId) -> Known | None:
    """What was known of the answered message when the agent last decided about this item."""
    return unpacked(
        conn.scalar(select(outbox_table.c.known).where(outbox_table.c.id == item)) or ""
    )


def recover(tx: Tx) -> tuple[OutboxId, ...]:
    """At start: what was in the air when the program ended is UNKNOWN, to be looked up first."""
    rows = tx.conn.execute(
        select(outbox_table.c.id).where(_UNFINISHED, outbox_table.c.state == OutboxState.SENDING)
    ).all()
    for row in rows:
        unknown(
            tx,
            OutboxId(row.id),
            not_before=from_ms(tx.now_ms),
            error="Seamline ended while this was being sent.",
            hint="It is being looked up before anything is sent again.",
        )
    return tuple(OutboxId(row.id) for row in rows)


def hasten(tx: Tx, account: AccountId | None = None) -> int:
    """Try again now what waits for a later try (of one account); undo windows run on.

    Returns how many items moved up.
    """
    rows = tx.conn.execute(
        select(outbox_table.c.id).where(
            _UNFINISHED,
            outbox_table.c.state.in_((OutboxState.QUEUED, OutboxState.UNKNOWN)),
            outbox_table.c.attempts > 0,
            outbox_table.c.not_before_ms > tx.now_ms,
            *(() if account is None else (outbox_table.c.account == account,)),
        )
    ).all()
    if rows:
        ids = [row.id for row in rows]
        tx.conn.execute(
            update(outbox_table).where(outbox_table.c.id.in_(ids)).values(not_before_ms=tx.now_ms)
        )
        tx.changes.outbox.update(OutboxId(one) for one in ids)
    return len(rows)


def latest_undoable(tx: Tx, agent: AgentId) -> OutboxId | None:
    """The newest item of an agent whose undo window still runs."""
    found = tx.conn.scalar(
        select(outbox_table.c.id)
        .where(
            _UNFINISHED,
            outbox_table.c.state == OutboxState.QUEUED,
            outbox_table.c.agent == agent,
            outbox_table.c.attempts == 0,
            outbox_table.c.not_before_ms > tx.now_ms,
        )
        .order_by(outbox_table.c.created_ms.desc(), outbox_table.c.id.desc())
        .limit(1)
    )
    return None if found is None else OutboxId(found)


def cancel(tx: Tx, item: OutboxId) -> OutboxItem:
    """Take a message back; succeeds only while it is QUEUED, raises BadInput otherwise."""
    held = get(tx.conn, item)
    if held.state is not OutboxState.QUEUED:
        raise _too_late(held)
    return _store(tx, held, held.moved(OutboxState.CANCELLED))


def discard(tx: Tx, item: OutboxId) -> OutboxItem:
    """Give a message up that waits or has failed; raises BadInput for what may have left."""
    held = get(tx.conn, item)
    if held.state not in (*_TO_LEAVE, OutboxState.FAILED):
        raise _too_late(held)
    return _store(tx, held, held.moved(OutboxState.CANCELLED))


def send_now(tx: Tx, item: OutboxId) -> OutboxItem:
    """End the undo window, or the wait for the next try."""
    held = get(tx.conn, item)
    if held.state is not OutboxState.QUEUED:
        raise _too_late(held)
    return _store(tx, held, replace(held, not_before=from_ms(tx.now_ms)))


def retry(tx: Tx, item: OutboxId) -> OutboxItem:
    """Try again now, or send what is held anyway: the agent has seen what there is to see.

    What may have arrived is looked up first, also when an agent asks.
    """
    held = get(tx.conn, item)
    now = from_ms(tx.now_ms)
    if held.state in (OutboxState.QUEUED, OutboxState.UNKNOWN):
        return _store(tx, held, replace(held, not_before=now))
    if held.state not in (OutboxState.FAILED, OutboxState.HELD):
        raise _too_late(held)
    return _decided_to_send(tx, held)


def send_again(tx: Tx, item: OutboxId) -> OutboxItem:
    """An agent has seen at the service that an uncertain message did not arrive.

    It leaves under its old key, so that a service that knows the key still takes it once.
    """
    held = get(tx.conn, item)
    if held.state is not OutboxState.UNKNOWN:
        raise _too_late(held)
    return _decided_to_send(tx, held)


def _decided_to_send(tx: Tx, held: OutboxItem) -> OutboxItem:
    tx.conn.execute(
        update(outbox_table).where(outbox_table.c.id == held.id).values(_known_now(tx.conn, held))
    )
    now = from_ms(tx.now_ms)
    return _store(tx, held, held.moved(OutboxState.QUEUED, not_before=now, error="", hint=""))


def arrived(tx: Tx, item: OutboxId) -> OutboxItem:
    """An agent has seen at the service that it did arrive; raises BadInput where that is known."""
    held = get(tx.conn, item)
    if held.state not in (OutboxState.UNKNOWN, OutboxState.FAILED):
        raise _too_late(held)
    keep_by_reply(tx, held)
    return _store(tx, held, held.moved(OutboxState.SENT, error="", hint=""))


_WHERE_IT_IS = {
    OutboxState.QUEUED: "This message is still waiting to leave.",
    OutboxState.HELD: "This message is held, because its conversation has changed.",
    OutboxState.SENDING: "This message is already on its way.",
    OutboxState.UNKNOWN: "This message may have arrived; it is being looked up.",
    OutboxState.SENT: "This message has been sent.",
    OutboxState.FAILED: "This message was not sent.",
    OutboxState.CANCELLED: "This message was taken back.",
}
_WHAT_NEXT = {
    OutboxState.QUEUED: "Undo it, or wait until it has left.",
    OutboxState.HELD: "Send it anyway, edit it or discard it.",
    OutboxState.SENDING: "Delete the reply once it has arrived.",
    OutboxState.UNKNOWN: "Look at the service, then mark it as arrived or try again.",
    OutboxState.SENT: "Delete the reply instead.",
    OutboxState.FAILED: "Retry it, or discard it.",
    OutboxState.CANCELLED: "Write it again.",
}


def _too_late(held: OutboxItem) -> BadInput:
    return BadInput(_WHERE_IT_IS[held.state], hint=_WHAT_NEXT[held.state])


def _store(
    tx: Tx, held: OutboxItem, moved: OutboxItem, *, uid: InteractionUid | None = None
) -> OutboxItem:
    """Write the new state over exactly the state that was read."""
    values: dict[str, Any] = {
        "state": moved.state,
        "not_before_ms": to_ms(moved.not_before),
        "attempts": moved.attempts,
        "attempted_ms": None if moved.attempted_at is None else to_ms(moved.attempted_at),
        "error": moved.error,
        "hint": moved.hint,
        "native_id": moved.native_id,
    }
    if uid is not None:
        values["uid"] = uid
    result = tx.conn.execute(
        update(outbox_table)
        .where(outbox_table.c.id == held.id, outbox_table.c.state == held.state)
        .values(values)
    )
    if result.rowcount != 1:
        raise _too_late(get(tx.conn, held.id, with_bodies=False))
    _announce(tx, moved)
    return moved


def _announce(tx: Tx, item: OutboxItem) -> None:
    tx.changes.outbox.add(item.id)
    if item.case is not None:
        tx.changes.cases.add(item.case)


def _known_now(conn: Connection, item: OutboxItem) -> dict[str, str]:
    now = known(conn, item.account, item.target) if item.act is Act.REPLY else None
    return {"known": now.packed() if now else ""}


def _row(item: OutboxItem) -> dict[str, Any]:
    return {
        "id": item.id,
        "act": item.act,
        "account": item.account,
        "channel": item.channel,
        "lane": item.lane,
        "target": item.target,
        "record_key": item.record_key,
        "agent": item.agent,
        "created_ms": to_ms(item.created_at),
        "not_before_ms": to_ms(item.not_before),
        "case_id": item.case,
        "department": item.department,
        "text": item.text,
        "warning": item.warning,
        "language": item.language,
        "visibility": int(item.visibility),
        "mention": item.mention,
        "state": item.state,
        "attempts": item.attempts,
        "attempted_ms": None if item.attempted_at is None else to_ms(item.attempted_at),
        "error": item.error,
        "hint": item.hint,
        "native_id": item.native_id,
        "template": item.template.template if item.template else None,
        "template_number": item.template.number if item.template else None,
    }


def _item(conn: Connection, row: RowMapping, *, with_bodies: bool) -> OutboxItem:
    return OutboxItem(
        id=OutboxId(row["id"]),
        act=Act(row["act"]),
        account=AccountId(row["account"]),
        channel=Channel(row["channel"]),
        lane=ConversationId(row["lane"]),
        target=row["target"],
        record_key=row["record_key"],
        agent=AgentId(row["agent"]),
        created_at=from_ms(row["created_ms"]),
        not_before=from_ms(row["not_before_ms"]),
        case=None if row["case_id"] is None else CaseId(row["case_id"]),
        department=None if row["department"] is None else DepartmentId(row["department"]),
        text=row["text"],
        warning=row["warning"],
        language=row["language"],
        visibility=Visibility(row["visibility"]),
        mention=row["mention"],
        attachments=_attachments(conn, row["id"]) if with_bodies else (),
        state=OutboxState(row["state"]),
        attempts=row["attempts"],
        attempted_at=None if row["attempted_ms"] is None else from_ms(row["attempted_ms"]),
        error=row["error"],
        hint=row["hint"],
        native_id=row["native_id"],
        template=None
        if row["template"] is None
        else TemplateUse(row["template"], row["template_number"]),
    )


def _attachments(conn: Connection, item: str) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(row.name, row.mime, row.body, row.description)
        for row in conn.execute(_FILES, {"item": item})
    )
