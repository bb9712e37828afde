"""What an agent does with a case. Every action is one event in the ledger, and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from app.domain.cases import CaseState, Urgency
from app.domain.clock import Clock
from app.domain.errors import BadInput, NotFound
from app.domain.events import Event, EventType
from app.domain.ids import (
    AgentId,
    CaseId,
    DepartmentId,
    EventId,
    InteractionUid,
    case_ref,
    case_ref_range,
)
from app.domain.interactions import Side
from app.domain.mentions import mentioned
from app.domain.replies import Escalation
from app.domain.views import CaseView
from app.services import decisions, undoing
from app.services.decisions import Decision
from app.services.directory import Directory
from app.services.futures import then
from app.services.postponed import Postponed
from app.store import case_rules, cases, customers, drafts, ledger, settings, timelines
from app.store.breaches import record_breaches
from app.store.connection import forget_pages
from app.store.database import Connection, Tx, Workspace
from app.store.projections import refresh_clocks

_REF_LENGTH = 6


class Cases:
    """Each action checks that it makes sense now, appends its event and returns it."""

    def __init__(self, workspace: Workspace, directory: Directory, clock: Clock) -> None:
        self._workspace = workspace
        self._directory = directory
        self._clock = clock
        self._postponed = Postponed(workspace, directory, clock)

    def resolve(self, ref: str) -> Future[CaseId]:
        """A case as typed: its reference, the beginning of one, or its whole number."""
        bounds = case_ref_range(ref)
        if ref.strip().isdigit() and len(ref.strip()) > _REF_LENGTH:
            bounds = CaseId(int(ref)), CaseId(int(ref))
        if bounds is None:
            raise BadInput(f"“{ref}” is not a case.", hint="Cases look like #7KQ4M2.")
        first, last = bounds

        def look(conn: Connection) -> CaseId:
            found = cases.between(conn, first, last)
            if len(found) == 1:
                return found[0]
            if found:
                names = ", ".join(f"#{case_ref(case)} ({case})" for case in found[:5])
                raise BadInput(
                    f"{len(found)} cases begin with “{ref}”.", hint=f"Name one: {names}."
                )
            raise NotFound(f"There is no case “{ref}”.", hint="See queue for the open ones.")

        return self._workspace.read(look)

    def view(self, case: CaseId) -> Future[CaseView]:
        return then(
            self._workspace.read(lambda conn: customers.case_view(conn, case)),
            lambda view: present(view, case),
        )

    def assign(self, case: CaseId, assignee: AgentId | None) -> Future[Event]:
        """To an agent, or to nobody."""
        return self._take(case, decisions.assigning(self._directory, assignee))

    def tag(self, case: CaseId, add: Iterable[str], remove: Iterable[str] = ()) -> Future[Event]:
        return self._take(case, decisions.tagging(add, remove))

    def note(self, case: CaseId, text: str) -> Future[Event]:
        """An internal note; the customer never sees it. Whom it names by @ is kept with it."""
        if not text.strip():
            raise BadInput("The note is empty.", hint="Write what colleagues should know.")
        words: dict[str, Any] = {"text": text.strip()}
        if named := mentioned(text, self._directory.agents()):
            words["mentions"] = list(named)
        return self._decide(case, EventType.CASE_NOTED, words, also=_forget_note)

    def snooze(self, case: CaseId, until: datetime) -> Future[Event]:
        """Out of the queues until a moment, or until the customer writes."""
        return self._take(case, decisions.snoozing(self._clock.now(), until))

    def close(self, case: CaseId) -> Future[Event]:
        """Replies that waited for it leave."""
        agent, decision = self._directory.me().id, decisions.closing()

        def op(tx: Tx) -> Event:
            decision.may(present(customers.case_view(tx.conn, case), case).state)
            close = ledger.decide(tx, agent, decision.type, case)
            self._postponed.release(tx, [close])
            return close

        return self._workspace.write(op)

    def reopen(self, case: CaseId) -> Future[Event]:
        return self._take(case, decisions.reopening())

    def escalate(self, case: CaseId, escalation: Escalation) -> Future[Event]:
        """Hand the case to another department, with its context."""
        return self._take(case, decisions.escalating(self._directory, escalation))

    def accept(self, case: CaseId) -> Future[Event]:
        """Take on what was handed to my department; it is assigned to me."""
        return self._decide(case, EventType.CASE_ACCEPTED, {}, _is_pending)

    def give_back(self, case: CaseId, reason: str) -> Future[Event]:
        """Return a hand-off to where it came from, saying why."""
        if not reason.strip():
            raise BadInput("A reason is missing.", hint="Say why the case goes back.")
        return self._decide(case, EventType.CASE_RETURNED, {"reason": reason.strip()}, _is_pending)

    def set_urgency(self, case: CaseId, urgency: Urgency) -> Future[Event]:
        return self._decide(case, EventType.PRIORITY_SET, {"urgency": int(urgency)})

    def move_side(self, interaction: InteractionUid, side: Side) -> Future[Event]:
        """Move an interaction between service and marketing; it stays in the one timeline."""
        agent = self._directory.me().id

        def op(tx: Tx) -> Event:
            item = timelines.interaction(tx.conn, interaction)
            if item is None:
                raise NotFound("This message is not in this workspace.")
            if item.side is side:
                raise BadInput(f"This is {side.name.lower()} already.")
            data = {"interaction": interaction, "side": int(side), "was": int(item.side)}
            subject = item.party if item.party is not None else item.identity
            return ledger.decide(tx, agent, EventType.SIDE_MOVED, subject, data)

        return self._workspace.write(op)

    def open_for(self, interaction: InteractionUid) -> Future[CaseId]:
        """Make a case of a message that opened none; an existing one is returned as it is."""
        agent = self._directory.me()

        def op(tx: Tx) -> CaseId:
            item = timelines.interaction(tx.conn, interaction)
            if item is None:
                raise NotFound("This message is not in this workspace.")
            if item.case is not None:
                return item.case
            return case_rules.open_by_hand(tx, item, agent.id, agent.department)

        return self._workspace.write(op)

    def undo(self, case: CaseId) -> Future[Event]:
        """Take back the latest decision of a person on the case."""
        agent = self._directory.me().id

        def op(tx: Tx) -> Event:
            view = present(customers.case_view(tx.conn, case), case)
            if view.last_undoable is None:
                raise BadInput(f"There is nothing to undo on #{view.ref}.")
            held = ledger.event(tx.conn, view.last_undoable)
            assert held is not None, "it was read from the ledger"
            return undoing.undo(tx, agent, held)

        return self._workspace.write(op)

    def undo_event(self, event: EventId) -> Future[Event]:
        """Take back one decision; the case becomes what it would be without it."""
        agent = self._directory.me().id

        def op(tx: Tx) -> Event:
            held = ledger.event(tx.conn, event)
            if held is None:
                raise NotFound("This decision is not in the ledger.")
            return undoing.undo(tx, agent, held)

        return self._workspace.write(op)

    def mark_seen(self, case: CaseId) -> Future[None]:
        """The agent has read the case to its end."""

        def op(tx: Tx) -> None:
            settings.mark_seen(tx, case)

        return self._workspace.write(op)

    def mark_unread(self, case: CaseId) -> Future[None]:
        """The agent wants to come back to the latest message of the customer."""

        def op(tx: Tx) -> None:
            settings.mark_unread(tx, case)

        return self._workspace.write(op)

    def wake_due(self) -> Future[int]:
        """Do what time alone decides: wake what was snoozed until now, write down which promises
        passed unmet, and go on counting anew where a promise was changed. How many were woken.

        A part at a time, so that nobody waits for it; the rest is done at the next call.
        """

        def op(tx: Tx) -> int:
            woken = case_rules.wake_due(tx)
            passed = record_breaches(tx)
            if refresh_clocks(tx) or passed:
                forget_pages(tx.conn)
            return woken

        return self._workspace.write(op)

    def follow_promises(self) -> Future[int]:
        """Go on counting anew where a promise was changed, a part at a time; how many cases. Ask
        again until none is left."""
        return self._workspace.write(refresh_clocks)

    def pick_up_times(self) -> Future[dict[DepartmentId, tuple[int | None, int]]]:
        """For each department: the median milliseconds to accept a hand-off, and its open cases."""
        departments = tuple(d.id for d in self._directory.departments())
        return self._workspace.read(lambda conn: cases.pick_up_times(conn, departments))

    def tags(self) -> Future[tuple[str, ...]]:
        """The tags in use on open cases, most used first."""
        return self._workspace.read(cases.tags_in_use)

    def _take(self, case: CaseId, decision: Decision) -> Future[Event]:
        return self._decide(case, decision.type, decision.data, decision.may)

    def _decide(
        self,
        case: CaseId,
        event_type: EventType,
        data: dict[str, Any],
        may: Callable[[CaseState], None] | None = None,
        *,
        also: Callable[[Tx, CaseId], None] | None = None,
    ) -> Future[Event]:
        """``also`` is done in the same transaction."""
        agent = self._directory.me().id

        def op(tx: Tx) -> Event:
            state = present(customers.case_view(tx.conn, case), case).state
            if may is not None:
                may(state)
            event = ledger.decide(tx, agent, event_type, case, data)
            if also is not None:
                also(tx, case)
            return event

        return self._workspace.write(op)


def _forget_note(tx: Tx, case: CaseId) -> None:
    """It is in the ledger now, and no draft any more."""
    drafts.put(tx, case, drafts.draft(tx.conn, case).without_note())


def present(view: CaseView | None, case: CaseId) -> CaseView:
    """The case that was asked for; raises NotFound where there is none."""
    if view is None:
        raise NotFound(f"There is no case #{case_ref(case)}.", hint="See queue for the open ones.")
    return view


def _is_pending(state: CaseState) -> None:
    if state.pending is None:
        raise BadInput("Nothing was handed over here that waits to be accepted.")
