"""What ``--json`` prints: one function a record, and so the promise that scripts rely on.

Ids are strings (they have 63 bits, more than JSON readers keep), times are ISO 8601 in UTC, names
of states are lower case. Fields are added, never renamed.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from app.domain.clock import from_ms
from app.domain.clocks import Deadline
from app.domain.events import Event
from app.domain.outbox import OutboxItem
from app.domain.views import (
    AccountView,
    CaseHit,
    CaseRow,
    CaseView,
    CustomerCard,
    CustomerHit,
    EventItem,
    Holding,
    IdentityView,
    InteractionItem,
    MessageHit,
    OutboxEntry,
    QueueCounts,
    SavedSearch,
    SearchResults,
    TimelineItem,
)

Json = dict[str, Any]


def at(ms: int | None) -> str | None:
    return None if ms is None else from_ms(ms).isoformat(timespec="milliseconds")


def _id(value: int | str | None) -> str | None:
    return None if value is None else str(value)


def _name(value: Enum) -> str:
    """How a member of an enumeration is called outside: its text, or its name in lower case."""
    return value.value if isinstance(value.value, str) else value.name.lower().replace("_", "-")


def _deadline(deadline: Deadline | None, now_ms: int) -> Json | None:
    if deadline is None:
        return None
    return {
        "started_at": at(deadline.started_ms),
        "due_at": at(deadline.due_ms),
        "state": _name(deadline.due(now_ms)),
    }


def case_row(row: CaseRow, now_ms: int) -> Json:
    return {
        "ref": row.ref,
        "case": _id(row.case),
        "title": row.title,
        "customer": _id(row.customer),
        "identity": _id(row.identity),
        "conversation": _id(row.conversation),
        "account": _id(row.account),
        "channel": _name(row.channel),
        "name": row.name,
        "handle": row.handle,
        "followers": row.reach,
        "snippet": row.snippet,
        "snippet_ours": row.snippet_ours,
        "last_at": at(row.last_ms),
        "unread": row.unread,
        "status": _name(row.status),
        "queue": _name(row.queue),
        "department": row.department,
        "assignee": row.assignee,
        "urgency": _name(row.urgency),
        "tags": list(row.tags),
        "deadline": _deadline(row.deadline, now_ms),
        "snoozed_until": at(row.snoozed_until_ms),
        "handed_off_from": row.pending_from,
        "outbox_failed": row.outbox_failed,
        "outbox_waiting": row.outbox_waiting,
    }


def case_view(view: CaseView, now_ms: int) -> Json:
    state = view.state
    return {
        "ref": view.ref,
        "case": _id(view.case),
        "title": view.title,
        "customer": _id(view.customer),
        "identity": _id(view.identity),
        "conversation": _id(view.conversation),
        "account": _id(view.account),
        "channel": _name(view.channel),
        "status": _name(state.status),
        "queue": _name(state.queue),
        "department": state.department,
        "assignee": state.assignee,
        "urgency": _name(state.urgency),
        "tags": sorted(state.tags),
        "hand_offs": state.hand_offs,
        "notes": state.notes,
        "opened_at": at(state.opened_ms),
        "closed_at": at(state.closed_ms),
        "snoozed_until": at(state.snoozed_until_ms),
        "handed_off_from": state.pending.origin if state.pending else None,
        "steps": [
            {
                "department": step.department,
                "entered_at": at(step.entered_ms),
                "left_at": at(step.left_ms),
            }
            for step in state.steps
        ],
        "deadline": _deadline(view.deadline, now_ms),
        "resolution": _deadline(view.resolution, now_ms),
    }


def event(item: Event) -> Json:
    return {
        "id": item.id,
        "type": _name(item.type),
        "subject": _id(item.subject),
        "agent": item.agent or None,
        "at": at(item.at_ms),
        "data": dict(item.data),
    }


def outbox_item(item: OutboxItem) -> Json:
    return {
        "id": item.id,
        "act": _name(item.act),
        "state": _name(item.state),
        "case": _id(item.case),
        "account": _id(item.account),
        "channel": _name(item.channel),
        "target": item.target,
        "text": item.text,
        "visibility": _name(item.visibility),
        "attachments": [
            {"name": each.name, "mime": each.mime, "description": each.description}
            for each in item.attachments
        ],
        "created_at": item.created_at.isoformat(timespec="milliseconds"),
        "not_before": item.not_before.isoformat(timespec="milliseconds"),
        "attempts": item.attempts,
        "error": item.error or None,
        "hint": item.hint or None,
        "native_id": item.native_id or None,
    }


def outbox_entry(entry: OutboxEntry) -> Json:
    return {
        **outbox_item(entry.item),
        "record": "outbox",
        "customer": _id(entry.customer),
        "customer_name": entry.customer_name,
        "agent_name": entry.agent_name,
    }


def interaction(item: InteractionItem) -> Json:
    return {
        "record": "interaction",
        "key": _id(item.key),
        "uid": _id(item.uid),
        "at": at(item.at_ms),
        "kind": _name(item.kind),
        "side": _name(item.side),
        "direction": _name(item.direction),
        "channel": _name(item.channel),
        "account": _id(item.account),
        "conversation": _id(item.conversation),
        "case": _id(item.case),
        "native_id": item.native_id,
        "in_reply_to": item.in_reply_to or None,
        "author": item.author,
        "handle": item.handle,
        "text": item.text,
        "subject": item.subject,
        "warning": item.warning,
        "visibility": _name(item.visibility),
        "url": item.url,
        "media": [
            {"url": each.url, "mime": each.mime, "description": each.description}
            for each in item.media
        ],
        "feeling": feeling(item),
        "likes": item.likes,
        "boosts": item.boosts,
        "edited_at": at(item.edited_ms),
        "deleted_at": at(item.deleted_ms),
        "revisions": item.revisions,
    }


def event_item(item: EventItem) -> Json:
    seam = item.seam
    return {
        "record": "event",
        **event(item.event),
        "case": _id(item.case),
        "agent_name": item.agent_name,
        "department": item.department,
        "undone": item.undone,
        "waits": item.waits,
        "draft": None
        if item.draft is None
        else {
            "fate": item.draft.fate.value,
            "comments": [
                {
                    "agent": said.agent,
                    "department": said.department,
                    "at": at(said.at_ms),
                    "text": said.text,
                }
                for said in item.draft.draft.comments
            ],
        },
        "seam": None
        if seam is None
        else {
            "from": seam.origin,
            "to": seam.target,
            "held_ms": seam.held_ms,
            "text": seam.text,
        },
    }


def timeline_item(item: TimelineItem) -> Json:
    if isinstance(item, InteractionItem):
        return interaction(item)
    return event_item(item) if isinstance(item, EventItem) else outbox_entry(item)


def feeling(item: InteractionItem) -> Json | None:
    found = item.feeling
    if found is None:
        return None
    return {
        "mood": _name(found.mood),
        "reasons": list(found.reasons),
        "corrected": found.corrected,
        "anger_lasted_ms": found.lasted_ms,
    }


def holding(item: Holding) -> Json:
    return {"at": at(item.at_ms), "department": item.department}


def identity(view: IdentityView) -> Json:
    return {
        "identity": _id(view.identity),
        "customer": _id(view.customer),
        "channel": _name(view.channel),
        "native_id": view.native_id,
        "handle": view.handle,
        "name": view.name,
        "followers": view.reach,
        "profile_url": view.profile_url or None,
    }


def customer_card(card: CustomerCard, now_ms: int) -> Json:
    return {
        "customer": _id(card.customer),
        "name": card.name,
        "identities": [identity(each) for each in card.identities],
        "followers": card.reach,
        "since": at(card.since_ms),
        "interactions": card.interactions,
        "likes": card.likes,
        "boosts": card.boosts,
        "owner": card.owner,
        "tags": list(card.tags),
        "cases": [case_view(each, now_ms) for each in card.cases],
        "notes": [
            {"text": note.text, "agent_name": note.agent_name, "at": at(note.at_ms)}
            for note in card.notes
        ],
        "campaigns": [
            {
                "name": each.name,
                "brief": each.brief,
                "codes": list(each.codes),
                "starts": each.starts.isoformat() if each.starts else None,
                "ends": each.ends.isoformat() if each.ends else None,
                **{stage.label.lower(): at(stage.at_ms) for stage in each.stages},
            }
            for each in card.campaigns
        ],
    }


def customer_hit(hit: CustomerHit) -> Json:
    return {
        "customer": _id(hit.customer),
        "name": hit.name,
        "handle": hit.handle,
        "channel": _name(hit.channel),
        "identities": hit.identities,
        "followers": hit.reach,
        "open_case": _id(hit.open_case),
        "last_at": at(hit.last_ms),
    }


def case_hit(hit: CaseHit) -> Json:
    return {
        "ref": hit.ref,
        "case": _id(hit.case),
        "customer": _id(hit.customer),
        "name": hit.name,
        "channel": _name(hit.channel),
        "title": hit.title,
        "status": _name(hit.status),
        "department": hit.department,
        "at": at(hit.at_ms),
    }


def message_hit(hit: MessageHit) -> Json:
    return {
        "key": _id(hit.key),
        "uid": _id(hit.uid),
        "customer": _id(hit.customer),
        "case": _id(hit.case),
        "name": hit.name,
        "channel": _name(hit.channel),
        "kind": _name(hit.kind),
        "side": _name(hit.side),
        "at": at(hit.at_ms),
        "snippet": hit.snippet,
        "marks": [list(mark) for mark in hit.marks],
    }


def search_results(results: SearchResults) -> Json:
    return {
        "query": results.query,
        "customers": [customer_hit(hit) for hit in results.customers],
        "cases": [case_hit(hit) for hit in results.cases],
        "messages": [message_hit(hit) for hit in results.messages],
        "messages_count": results.messages_count,
        "messages_more": results.messages_more,
        "interactions": results.total_interactions,
        "elapsed_ms": round(results.elapsed_ms, 3),
    }


def account(view: AccountView) -> Json:
    return {
        "account": _id(view.account),
        "channel": _name(view.channel),
        "server": view.server,
        "native_id": view.native_id,
        "handle": view.handle,
        "name": view.name,
        "owner": view.owner,
        "state": _name(view.state),
        "message": view.message or None,
        "synced_at": at(view.synced_ms),
    }


def saved_search(search: SavedSearch) -> Json:
    return {
        "id": search.id,
        "account": _id(search.account),
        "query": search.query,
        "department": search.department,
    }


def counts(value: QueueCounts) -> Json:
    return {
        "my-work": value.my_work,
        "unassigned": value.unassigned,
        "escalated": value.escalated,
        "snoozed": value.snoozed,
        "outbox": {"waiting": value.outbox_waiting, "failed": value.outbox_failed},
        "departments": {
            department: {"respond": respond, "reach-out": reach_out}
            for department, (respond, reach_out) in value.departments.items()
        },
    }
