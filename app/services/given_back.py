"""Replies kept until a case is closed, where no close will ever let them leave.

What is set aside as noise was not solved, and where somebody was separated from the customer, or
the reopening of a case was undone, there may be nothing left to close. Only a close sends; anything
else makes such a reply a draft again, and the timeline says why.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.domain.events import RULE, Event, EventType
from app.domain.ids import CaseId, IdentityId
from app.domain.postponed import still_waiting
from app.domain.replies import unsent
from app.domain.requests import draft_of
from app.store import drafts, ledger, many, postponed, promotions
from app.store.database import Tx

NOISE: Final = "The case was set aside as noise."
SEPARATED: Final = "Who it was for is another customer now, without an open case."
SHUT: Final = "What had opened the case again was undone."


def give_back_noise(tx: Tx, marks: Iterable[Event]) -> None:
    """These cases have become noise: what was kept on them, and what waited for them alone."""
    _give_back(tx, {CaseId(mark.subject): mark for mark in marks}, NOISE)


def give_back_separated(tx: Tx, identities: Iterable[IdentityId], cause: Event) -> None:
    """These belong to other customers since the cause: what waits where nothing is open."""
    cases = postponed.cases_of(tx.conn, identities)
    _give_back(tx, dict.fromkeys(cases, cause), SEPARATED)


def give_back_shut(tx: Tx, undone: Iterable[Event]) -> None:
    """These took decisions back, perhaps what had opened a case again: what waits where nothing is
    open."""
    causes = {CaseId(one.subject): one for one in undone}
    states = many.states(tx.conn, causes)
    shut = {case: causes[case] for case, state in states.items() if not state.is_open}
    _give_back(tx, shut, SHUT)


def released(tx: Tx, waiting: Event, cause: Event, **outcome: str) -> None:
    """Write down that a reply waits no longer: ``outbox``, or why it was ``refused``."""
    data = {"postponed": waiting.id, "closed": cause.id, **outcome}
    ledger.decide(tx, RULE, EventType.REPLY_RELEASED, waiting.subject, data)


def write_again(tx: Tx, waiting: Event) -> None:
    """A kept reply is a draft again, before what was begun since, where the case goes on."""
    case = postponed.goes_on_in(tx.conn, CaseId(waiting.subject))
    begun = drafts.draft(tx.conn, case)
    drafts.put(tx, case, begun.after(unsent(draft_of(waiting.data))))


def _give_back(tx: Tx, causes: dict[CaseId, Event], why: str) -> None:
    done: set[str] = set()
    for case, (customer, kept) in postponed.beside(tx.conn, causes).items():
        hold = promotions.hold(tx.conn, customer)
        open_elsewhere = hold is not None and hold.case is not None
        for waiting in (one for events in kept for one in still_waiting(events)):
            mine = why == NOISE and waiting.subject == case
            if waiting.id not in done and (mine or not open_elsewhere):
                done.add(waiting.id)
                write_again(tx, waiting)
                released(tx, waiting, causes[case], refused=why)
