"""One decision on many cases at once, and one way to take all of it back.

The cases are named beforehand: what has come since is not touched. They are decided upon in
batches, a transaction each, so that the screen reads and the outbox writes between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import TypeVar

from app.domain.clock import Clock
from app.domain.errors import BadInput, SeamlineError
from app.domain.events import Event, EventType
from app.domain.ids import AgentId, CaseId, EventId, uuid7
from app.domain.records import dataclass
from app.domain.replies import Escalation
from app.services import decisions, undoing
from app.services.decisions import Decision
from app.services.directory import Directory
from app.services.given_back import give_back_noise, give_back_shut
from app.services.postponed import Postponed
from app.store import ledger, many
from app.store.breaches import record_before_deciding
from app.store.database import Tx, Workspace

T = TypeVar("T")

BATCH = 200
Progress = Callable[[int], None]
"""Told after every batch, on a thread of the store, how many cases have been gone through."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: to how many cases, and how many were left as they are, the first for
    ``why``. ``trouble`` is what stopped it half-way; what is done by then counts all the same."""

    cases: int
    left_alone: int = 0
    why: str = ""
    events: tuple[EventId, ...] = ()
    marks: tuple[tuple[CaseId, int | None], ...] = ()
    trouble: SeamlineError | None = None


class ManyCases:
    def __init__(self, workspace: Workspace, directory: Directory, clock: Clock) -> None:
        self._workspace = workspace
        self._directory = directory
        self._clock = clock
        self._postponed = Postponed(workspace, directory, clock)

    def assign(
        self, cases: Sequence[CaseId], assignee: AgentId | None, progress: Progress | None = None
    ) -> Future[Done]:
        return self._decide(cases, decisions.assigning(self._directory, assignee), progress)

    def tag(
        self,
        cases: Sequence[CaseId],
        add: Iterable[str],
        remove: Iterable[str] = (),
        progress: Progress | None = None,
    ) -> Future[Done]:
        return self._decide(cases, decisions.tagging(add, remove), progress)

    def snooze(
        self, cases: Sequence[CaseId], until: datetime, progress: Progress | None = None
    ) -> Future[Done]:
        return self._decide(cases, decisions.snoozing(self._clock.now(), until), progress)

    def escalate(
        self, cases: Sequence[CaseId], escalation: Escalation, progress: Progress | None = None
    ) -> Future[Done]:
        return self._decide(cases, decisions.escalating(self._directory, escalation), progress)

    def close(self, cases: Sequence[CaseId], progress: Progress | None = None) -> Future[Done]:
        return self._decide(cases, decisions.closing(), progress)

    def set_aside(self, cases: Sequence[CaseId], progress: Progress | None = None) -> Future[Done]:
        """They need no answer."""
        return self._decide(cases, decisions.setting_aside(), progress)

    def take_back(self, cases: Sequence[CaseId], progress: Progress | None = None) -> Future[Done]:
        """They are no noise after all."""
        return self._decide(cases, decisions.taking_back(), progress)

    def mark_seen(self, cases: Sequence[CaseId], progress: Progress | None = None) -> Future[Done]:
        def op(tx: Tx, batch: Sequence[CaseId]) -> Done:
            marks = many.mark_seen(tx, batch)
            return Done(len(marks), len(batch) - len(marks), "It was read.", marks=tuple(marks))

        return self._in_batches(cases, op, progress)

    def undo(self, done: Done, progress: Progress | None = None) -> Future[Done]:
        """Take back all of it; cases decided upon anew since keep what was decided then."""
        agent = self._directory.me().id

        def undo_events(tx: Tx, batch: Sequence[EventId]) -> Done:
            held = [(event, ledger.event(tx.conn, event)) for event in batch]
            closes = [one for _, one in held if one and one.type is EventType.CASE_CLOSED]
            undoing.keep_again(tx, agent, closes)
            undone = [
                _event(tx, agent, EventType.UNDONE, CaseId(known.subject), {"event": event})
                for event, known in held
                if known is not None
            ]
            ledger.append(tx, undone)
            give_back_shut(tx, undone)
            return Done(len(undone))

        def undo_marks(tx: Tx, batch: Sequence[tuple[CaseId, int | None]]) -> Done:
            many.put_seen(tx, batch)
            return Done(len(batch))

        if done.marks:
            return self._in_batches(done.marks, undo_marks, progress)
        return self._in_batches(done.events, undo_events, progress)

    def _decide(
        self, cases: Sequence[CaseId], decision: Decision, progress: Progress | None
    ) -> Future[Done]:
        agent = self._directory.me().id

        def op(tx: Tx, batch: Sequence[CaseId]) -> Done:
            events: list[Event] = []
            refusals: list[str] = []
            for case, state in many.states(tx.conn, batch).items():
                try:
                    decision.may(state)
                except BadInput as refusal:
                    refusals.append(refusal.message)
                else:
                    events.append(_event(tx, agent, decision.type, case, decision.data))
            record_before_deciding(tx, [event.subject for event in events])
            ledger.append(tx, events)
            if decision.type is EventType.CASE_CLOSED:
                self._postponed.release(tx, events)
            elif decision.type is EventType.NOISE_MARKED:
                give_back_noise(tx, events)
            return Done(
                len(events),
                len(batch) - len(events),
                refusals[0] if refusals else "",
                tuple(event.id for event in events),
            )

        return self._in_batches(cases, op, progress)

    def _in_batches(
        self,
        subjects: Sequence[T],
        op: Callable[[Tx, Sequence[T]], Done],
        progress: Progress | None,
    ) -> Future[Done]:
        """Each batch is asked for when the one before has ended, so others get their turn."""
        result: Future[Done] = Future()
        parts: list[Done] = []

        def ask(start: int) -> None:
            batch = subjects[start : start + BATCH]
            if not batch:
                result.set_result(_sum(parts))
                return
            self._workspace.write(lambda tx: op(tx, batch)).add_done_callback(
                lambda done: ended(start + len(batch), done)
            )

        def ended(reached: int, batch: Future[Done]) -> None:
            error = batch.exception()
            if error is None:
                parts.append(batch.result())
                if progress is not None:
                    progress(reached)
                ask(reached)
            elif parts and isinstance(error, SeamlineError):
                result.set_result(_sum(parts, error))
            else:
                result.set_exception(error)

        ask(0)
        return result


def _event(
    tx: Tx, agent: AgentId, event_type: EventType, case: CaseId, data: dict[str, object]
) -> Event:
    return Event(
        id=EventId(uuid7()),
        type=event_type,
        subject=case,
        agent=agent,
        device=tx.device,
        stamp=tx.hybrid.tick(),
        data=data,
    )


def _sum(parts: Sequence[Done], trouble: SeamlineError | None = None) -> Done:
    return Done(
        sum(part.cases for part in parts),
        sum(part.left_alone for part in parts),
        next((part.why for part in parts if part.why and part.left_alone), ""),
        tuple(event for part in parts for event in part.events),
        tuple(mark for part in parts for mark in part.marks),
        trouble,
    )
