"""What an agent promises a customer: to be back until a moment. It is a clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from app.domain.cases import CaseState, Promise
from app.domain.clock import Clock, to_ms
from app.domain.errors import BadInput
from app.domain.events import Event, EventType
from app.domain.ids import CaseId, EventId
from app.services.cases import present
from app.services.decisions import is_open
from app.services.directory import Directory
from app.store import customers, ledger
from app.store.database import Tx, Workspace

_LONGEST = 400


class Promises:
    """Each action is one event. A reply that leaves later keeps a promise by itself."""

    def __init__(self, workspace: Workspace, directory: Directory, clock: Clock) -> None:
        self._workspace = workspace
        self._directory = directory
        self._clock = clock

    def make(self, case: CaseId, until: datetime, text: str = "") -> Future[Event]:
        """Promise to be back until a moment; ``text`` is how it was put. Raises BadInput."""
        if until.tzinfo is None or until <= self._clock.now():
            raise BadInput("That moment is already past.", hint="Choose one in the future.")
        words = " ".join(text.split())[:_LONGEST]

        def data(state: CaseState) -> dict[str, Any]:
            is_open(state)
            return {"until": to_ms(until), "text": words}

        return self._decide(case, EventType.PROMISE_MADE, data)

    def keep(self, case: CaseId, promise: EventId | None = None) -> Future[Event]:
        """Say that it was kept, by a call say; None means the one that is due first."""
        return self._decide(
            case,
            EventType.PROMISE_KEPT,
            lambda state: {"promise": _meant(state, promise).id},
        )

    def drop(self, case: CaseId, reason: str, promise: EventId | None = None) -> Future[Event]:
        """It no longer holds, for a reason; None means the one that is due first."""
        if not reason.strip():
            raise BadInput("A reason is missing.", hint="Say why the promise no longer holds.")
        return self._decide(
            case,
            EventType.PROMISE_DROPPED,
            lambda state: {"promise": _meant(state, promise).id, "reason": reason.strip()},
        )

    def _decide(
        self, case: CaseId, kind: EventType, data: Callable[[CaseState], dict[str, Any]]
    ) -> Future[Event]:
        agent = self._directory.me().id

        def op(tx: Tx) -> Event:
            state = present(customers.case_view(tx.conn, case), case).state
            return ledger.decide(tx, agent, kind, case, data(state))

        return self._workspace.write(op)


def _meant(state: CaseState, promise: EventId | None) -> Promise:
    held = [one for one in state.promises if promise in (None, one.id)]
    if not held:
        raise BadInput("No promise is open on this case.")
    return min(held, key=lambda one: one.until_ms)
