"""What an answer that comes in later tells of the promises before it.

The console may have been closed, or another laptop may have answered: then the clock passed, or did
not, before anybody here could know. So when a message comes in, the clocks are looked at as they
stood when the customer’s wait ended, and what had passed by then is written down. What a sweep took
for late, though the customer had their answer by then, is taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from math import inf
from typing import Any, Final

import msgspec
import sqlalchemy as sa

from app.domain.cases import CaseState, fold_case
from app.domain.clocks import ClockKind, Deadline
from app.domain.events import Event, EventType, in_force, ruled
from app.domain.interactions import Channel, Direction, Side
from app.domain.right_of_way import give_way
from app.domain.setup import Setup
from app.domain.sla import policy_for
from app.domain.waiting import Stretches, Touch, clocks_of, waiting
from app.store import ledger
from app.store.breaches import breach
from app.store.database import Tx
from app.store.events import events_of
from app.store.setup import settled

Place = tuple[int, int]
"""An identity, and a conversation it is in."""

_CASES = sa.text(
    "SELECT c.id, c.identity, c.conversation, c.fold, a.channel FROM json_each(:places) AS place"
    " JOIN case_state AS c ON c.identity = place.value ->> 0"
    "  AND c.conversation = place.value ->> 1 AND c.status <> 4"
    " LEFT JOIN account AS a ON a.id = c.account"
    " WHERE EXISTS (SELECT 1 FROM interaction AS i WHERE i.conversation = c.conversation"
    "  AND i.party = c.identity AND i.direction = :outbound)"
)
"""Where nobody has answered yet, no wait has ended."""
_TOUCHES = sa.text(
    "SELECT i.party, i.conversation, i.direction, i.occurred_ms"
    " FROM json_each(:places) AS place JOIN interaction AS i"
    " ON i.conversation = place.value ->> 1 AND i.party = place.value ->> 0"
    " WHERE i.deleted_ms IS NULL AND (i.side = :service OR i.direction <> :inbound)"
    " ORDER BY i.key"
)
_REPLIES: Final = (ClockKind.FIRST_REPLY, ClockKind.NEXT_REPLY)


def judge_waits(tx: Tx, news: Mapping[Place, AbstractSet[int]]) -> None:
    """Look at the waits that begin or end with these messages: their moments, for each place."""
    places = {"places": msgspec.json.encode(sorted(news)).decode()}
    asked = places | {"outbound": int(Direction.OUTBOUND)}
    cases = tx.conn.execute(_CASES, asked).all() if news else []
    if not cases:
        return
    values = places | {"service": int(Side.SERVICE), "inbound": int(Direction.INBOUND)}
    touches: dict[Place, list[Touch]] = {}
    for row in tx.conn.execute(_TOUCHES, values):
        touch = Touch(row.occurred_ms, row.direction == Direction.INBOUND)
        touches.setdefault((row.party, row.conversation), []).append(touch)
    events: list[Event] = []
    for row in cases:
        give_way()
        place = (row.identity, row.conversation)
        events.extend(_judged(tx, row, touches.get(place, []), news[place]))
    ledger.append(tx, events)


def _judged(tx: Tx, row: Any, touches: list[Touch], news: AbstractSet[int]) -> list[Event]:
    """What was late, and what was not after all, on one case."""
    state = msgspec.json.decode(row.fold, type=CaseState)
    waits = waiting(touches).stretches
    least = _least(settled(tx))
    ended = [
        end
        for start, end in waits
        if end is not None
        and end > state.opened_ms
        and end - start > least
        and (start in news or end in news)
    ]
    events: list[Event] = []
    if ended:
        decided = in_force(events_of(tx.conn, [row.id])[row.id])
        for end in ended:
            clock = _reply_clock(tx, decided, touches, row.channel, end)
            if clock is None or clock.due_ms >= end:
                continue
            if (clock.kind.value, clock.due_ms) not in state.breached:
                events.append(breach(row.id, clock.kind.value, clock.due_ms))
    for kind, due_ms in state.breached:
        if kind in _REPLIES and not _waited_at(due_ms, waits):
            wrong = breach(row.id, kind, due_ms).id
            undone = EventType.UNDONE
            data = {"event": wrong}
            events.append(ruled(undone, row.id, wrong, stamp=tx.hybrid.tick(), data=data))
    return events


def _reply_clock(
    tx: Tx, decided: list[Event], touches: list[Touch], channel: str | None, at_ms: int
) -> Deadline | None:
    """The running clock of the reply as it stood right before a moment, by the promises of now."""
    state = fold_case(event for event in decided if event.at_ms < at_ms)
    if state is None:
        return None
    policy = policy_for(
        settled(tx).promises,
        department=state.department,
        channel=Channel(channel) if channel else None,
        urgency=state.urgency,
        tags=state.tags,
    )
    clocks = clocks_of(state, waiting(one for one in touches if one.at_ms < at_ms), policy)
    running = (clock.deadline for clock in clocks if clock.kind in _REPLIES)
    return next((deadline for deadline in running if deadline is not None), None)


def _waited_at(at_ms: int, waits: Stretches) -> bool:
    return any(start < at_ms and (end is None or at_ms <= end) for start, end in waits)


def _least(setup: Setup) -> float:
    """The shortest time that any promise gives for a reply; nothing answered sooner was late."""
    targets = (
        target
        for policy in setup.promises
        for target in (policy.first_reply_ms, policy.next_reply_ms)
        if target is not None
    )
    return min(targets, default=inf)
