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
from typing import Any

import msgspec
import sqlalchemy as sa

from app.domain.cases import CaseState, fold_case
from app.domain.clocks import ClockKind, Deadline
from app.domain.events import Event, EventType, in_force, ruled
from app.domain.interactions import Channel, Direction, Side
from app.domain.right_of_way import give_way
from app.domain.setup import Setup
from app.domain.sla import policy_for
from app.domain.waiting import REPLIES, Stretches, Touch, clocks_of, told_late, waiting
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


def judge_waits(tx: Tx, news: Mapping[Place, AbstractSet[int]]) -> None:
    """Look at the waits that begin or end with these messages: their moments, for each place."""
    places = {"places": msgspec.json.encode(sorted(news)).decode()}
    asked = places | {"outbound": int(Direction.OUTBOUND)}
    cases = tx.conn.execute(_CASES, asked).all() if news else []
    if not cases:
        return
    answered = sorted({(row.identity, row.conversation) for row in cases})
    values = {
        "places": msgspec.json.encode(answered).decode(),
        "service": int(Side.SERVICE),
        "inbound": int(Direction.INBOUND),
    }
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
    """What was late, and what was not after all, on one case: neither an answer nor a solution was
    while the customer waited for nothing."""
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
            clock = _late_reply(tx, decided, touches, row.channel, end)
            if clock is not None:
                events.append(breach(row.id, clock.kind.value, clock.due_ms))
    for kind, due_ms in state.breached:
        if kind != ClockKind.PROMISE and not _waited_at(due_ms, waits):
            wrong = breach(row.id, kind, due_ms).id
            undone = EventType.UNDONE
            data = {"event": wrong}
            events.append(ruled(undone, row.id, wrong, stamp=tx.hybrid.tick(), data=data))
    return events


def _late_reply(
    tx: Tx, decided: list[Event], touches: list[Touch], channel: str | None, at_ms: int
) -> Deadline | None:
    """The clock of the reply as it stood right before a moment, by the promises of now; None where
    it had not passed, or the ledger told so already."""
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
    wait = waiting(one for one in touches if one.at_ms < at_ms)
    running = (clock.deadline for clock in clocks_of(state, wait, policy) if clock.kind in REPLIES)
    return next(
        (
            one
            for one in running
            if one is not None and one.due_ms < at_ms and not told_late(one, state, wait.since_ms)
        ),
        None,
    )


def _waited_at(at_ms: int, waits: Stretches) -> bool:
    return any(start <= at_ms and (end is None or at_ms <= end) for start, end in waits)


def _least(setup: Setup) -> float:
    """The shortest time that any promise gives for a reply; nothing answered sooner was late."""
    targets = (
        target
        for policy in setup.promises
        for target in (policy.first_reply_ms, policy.next_reply_ms)
        if target is not None
    )
    return min(targets, default=inf)
