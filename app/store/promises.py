"""What an agent promised is kept by the reply that is sent after it."""

from __future__ import annotations

from typing import Final

from app.domain.cases import Promise
from app.domain.clock import to_ms
from app.domain.events import RULE, Event, EventType
from app.domain.ids import caused_event_id
from app.domain.outbox import Act, OutboxItem
from app.store import ledger, many
from app.store.breaches import record_before_deciding
from app.store.database import Tx

_TELLING_MS: Final = 5 * 60_000


def keep_by_reply(tx: Tx, item: OutboxItem) -> None:
    """A reply has left: it keeps what was promised before it was written.

    The id of each event is computed from the promise and the reply, so that what an agent takes
    back stays taken back until another reply leaves.
    """
    if item.act is not Act.REPLY or item.case is None:
        return
    state = many.states(tx.conn, [item.case]).get(item.case)
    if state is None:
        return
    record_before_deciding(tx, [item.case])
    written_ms = to_ms(item.created_at)
    ledger.append(
        tx,
        [
            Event(
                id=caused_event_id(EventType.PROMISE_KEPT, promise.id, item.id),
                type=EventType.PROMISE_KEPT,
                subject=item.case,
                agent=RULE,
                device=tx.device,
                stamp=tx.hybrid.tick(),
                data={"promise": promise.id},
            )
            for promise in state.promises
            if written_ms >= _answerable_ms(promise)
        ],
    )


def _answerable_ms(promise: Promise) -> int:
    """From when on a reply keeps it. One that is written within the first five minutes tells the
    customer of the promise; a short promise leaves half of its time for that."""
    span = max(0, promise.until_ms - promise.made_ms)
    return promise.made_ms + min(_TELLING_MS, span // 2)
