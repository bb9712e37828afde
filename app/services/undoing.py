"""Taking a decision back, with all that was decided along with it.

What a request does to the case it opens has an id computed from the event that causes it, and the
close of that case names the answer; so either end leads to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.domain.errors import BadInput
from app.domain.events import Event, EventType, in_force
from app.domain.ids import AgentId, CaseId, EventId, IdentityId, OutboxId, caused_event_id, uuid7
from app.domain.outbox import OutboxItem, OutboxState
from app.domain.postponed import released_by, still_waiting
from app.domain.replies import Written, unsent
from app.domain.requests import CoDraft, Request, requests_of
from app.services.given_back import give_back_separated, give_back_shut, write_again
from app.store import customers, drafts, ledger, many, outbox, postponed
from app.store.database import Connection, Tx
from app.store.events import events_of

_ALONG = (EventType.CASE_OPENED, EventType.CASE_CLOSED, EventType.CASE_REOPENED)


def undo(tx: Tx, agent: AgentId, event: Event) -> Event:
    """Take a decision back; returns the event that does. Raises BadInput where a reply that was
    approved, or kept, may have left by it."""
    undone = _undo(tx, agent, event)
    give_back_shut(tx, undone)
    return undone[0]


def _undo(tx: Tx, agent: AgentId, event: Event) -> list[Event]:
    """The events that do, the first of the decision itself."""
    whole = [event, *_causes(tx, event)]
    for one in whole:
        _give_back(tx, agent, one)
    undone = [
        made(tx, agent, EventType.UNDONE, other.subject, {"event": other.id})
        for one in whole
        for other in (one, *_along(tx, one))
    ]
    joined = _together(tx, event)
    ledger.append(tx, list({one.data["event"]: one for one in undone}.values()))
    if joined:
        give_back_separated(tx, joined, undone[0])
    return undone


def _together(tx: Tx, event: Event) -> list[IdentityId]:
    """Who is one customer now, where an event that joined them is taken back."""
    if event.type is not EventType.IDENTITY_LINKED:
        return []
    view = customers.identity(tx.conn, IdentityId(event.subject))
    return (
        []
        if view is None
        else [one.identity for one in customers.identities(tx.conn, view.customer)]
    )


def made(
    tx: Tx,
    agent: AgentId,
    kind: EventType,
    subject: int,
    data: dict[str, Any],
    *,
    number: EventId | None = None,
) -> Event:
    """A decision of now that is still to be appended."""
    return Event(
        id=number or EventId(uuid7()),
        type=kind,
        subject=subject,
        agent=agent,
        device=tx.device,
        stamp=tx.hybrid.tick(),
        data=data,
    )


def along(tx: Tx, cause: Event, kind: EventType, case: CaseId, data: dict[str, Any]) -> Event:
    """What a decision does to the case of a request."""
    return made(tx, cause.agent, kind, case, data, number=caused_event_id(kind, cause.id))


def closing(tx: Tx, answer: Event, case: CaseId) -> list[Event]:
    """The close of a request’s case by an answer; nothing where it is closed."""
    state = many.states(tx.conn, [case]).get(case)
    if state is None or not state.is_open:
        return []
    return [along(tx, answer, EventType.CASE_CLOSED, case, {"answer": answer.id})]


def asked_on(conn: Connection, case: CaseId) -> tuple[Request, ...]:
    """All that was asked on a case, oldest first."""
    return requests_of(events_of(conn, [case]).get(case, []))


def decide_use(tx: Tx, item: OutboxItem, draft: CoDraft) -> None:
    """Write down that a reply has the words of another department’s draft, and who they are."""
    assert item.case is not None, "a reply belongs to a case"
    data: dict[str, Any] = {"draft": draft.event, "outbox": item.id}
    data["department"] = draft.department
    if item.text.strip() != draft.text:
        data["changed"] = True
    used = made(tx, item.agent, EventType.DRAFT_USED, item.case, data)
    asked = asked_on(tx.conn, item.case)
    opened = next(
        one.opened for one in asked if any(each.event == draft.event for each in one.drafts)
    )
    ledger.append(tx, [used, *closing(tx, used, opened)])


def undo_decisions_for(tx: Tx, agent: AgentId, item: OutboxItem) -> None:
    """What was decided for a reply that never left is undone with it."""
    for event in _naming(tx.conn, item, (EventType.PROMOTION_SENT, EventType.DRAFT_USED)):
        _undo(tx, agent, event)


def undo_approval_of(tx: Tx, agent: AgentId, item: OutboxItem) -> bool:
    """Let a reply that was taken back wait for its approval again; whether it had one."""
    given = _naming(tx.conn, item, (EventType.APPROVAL_GIVEN,))
    for event in given:
        _wait_again(tx, event, item)
        _undo(tx, agent, event)
    return bool(given)


def _naming(conn: Connection, item: OutboxItem, kinds: tuple[EventType, ...]) -> list[Event]:
    if item.case is None:
        return []
    events = in_force(events_of(conn, [item.case]).get(item.case, []))
    return [one for one in events if one.type in kinds and one.data.get("outbox") == item.id]


def _causes(tx: Tx, event: Event) -> list[Event]:
    cause = ledger.event(tx.conn, EventId(str(event.data.get("answer", ""))))
    return [cause] if event.type is EventType.CASE_CLOSED and cause is not None else []


def _along(tx: Tx, event: Event) -> list[Event]:
    found = (ledger.event(tx.conn, caused_event_id(kind, event.id)) for kind in _ALONG)
    return [one for one in found if one is not None]


def _give_back(tx: Tx, agent: AgentId, event: Event) -> None:
    """The words that a decision moved go back to where they were."""
    match event.type:
        case EventType.APPROVAL_GIVEN:
            _take_back_reply(tx, agent, event)
        case EventType.CASE_CLOSED:
            keep_again(tx, agent, [event])
        case EventType.REPLY_POSTPONED:
            _write_again(tx, event)
        case EventType.REPLY_RELEASED:
            raise BadInput("This reply was let go.", hint="Undo the sending of the reply itself.")
        case EventType.APPROVAL_ASKED:
            kept = drafts.draft(tx.conn, CaseId(event.data["opened"]))
            _move(tx, CaseId(event.data["opened"]), CaseId(event.subject), kept)
        case EventType.APPROVAL_DECLINED:
            asked = _request(tx, event)
            kept = drafts.draft(tx.conn, CaseId(event.subject))
            if asked is not None and kept.text == asked.text:
                _move(tx, CaseId(event.subject), asked.opened, kept)


def keep_again(tx: Tx, agent: AgentId, closes: Sequence[Event]) -> None:
    """Closes are undone: what they released and has not left is kept back again. What has left, or
    was taken back by hand, stays what it is."""
    by_case = {CaseId(close.subject): close for close in closes}
    for case, (_, kept) in postponed.beside(tx.conn, by_case).items():
        for release in (one for events in kept for one in released_by(events, by_case[case])):
            if "outbox" in release.data and _call_back(tx, agent, release):
                undone = {"event": release.id}
                ledger.decide(tx, agent, EventType.UNDONE, release.subject, undone)


def _call_back(tx: Tx, agent: AgentId, release: Event) -> bool:
    """Whether the released reply could still be taken out of the outbox."""
    item = outbox.get(tx.conn, OutboxId(str(release.data["outbox"])))
    if item.state is OutboxState.CANCELLED:
        return False
    try:
        given_up = outbox.discard(tx, item.id)
    except BadInput:
        return False
    undo_decisions_for(tx, agent, given_up)
    return True


def _write_again(tx: Tx, kept: Event) -> None:
    """A reply that is no longer kept is a draft."""
    case = CaseId(kept.subject)
    waiting = still_waiting(events_of(tx.conn, [case]).get(case, []))
    if kept.id not in {one.id for one in waiting}:
        raise BadInput("This reply was let go.", hint="Undo the sending of the reply itself.")
    write_again(tx, kept)


def _take_back_reply(tx: Tx, agent: AgentId, event: Event) -> None:
    item = outbox.get(tx.conn, OutboxId(str(event.data["outbox"])))
    if item.state is OutboxState.CANCELLED:
        return
    try:
        given_up = outbox.discard(tx, item.id)
    except BadInput as late:
        raise BadInput("The approved reply may have left.", hint=late.hint) from late
    undo_decisions_for(tx, agent, given_up)
    _wait_again(tx, event, given_up)


def _wait_again(tx: Tx, given: Event, item: OutboxItem) -> None:
    """The reply as it was asked about, with its pictures."""
    asked = _request(tx, given)
    if asked is not None:
        written = unsent(asked.draft(item.attachments))
        drafts.put(tx, asked.opened, written.after(drafts.draft(tx.conn, asked.opened)))


def _request(tx: Tx, answer: Event) -> Request | None:
    asked = asked_on(tx.conn, CaseId(answer.subject))
    return next((one for one in asked if one.event == answer.data["asked"]), None)


def _move(tx: Tx, origin: CaseId, target: CaseId, kept: Written) -> None:
    """A draft goes from one case to another, before what was begun there; notes stay."""
    drafts.put(tx, target, drafts.draft(tx.conn, target).after(kept.without_note()))
    drafts.put(tx, origin, Written(note=kept.note))
