"""``timeline``: everything said with a customer and decided about them, oldest first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cli import shapes
from app.cli.commands import excerpting
from app.cli.commands.adding import Add
from app.cli.commands.excerpting import Wanted
from app.cli.names import find_customer
from app.cli.session import Session, wait
from app.cli.text import clean, cut, day, duration, moment, terminal_width, wrap
from app.domain.clock import from_ms
from app.domain.events import EventType
from app.domain.ids import CustomerId, DepartmentId, key_floor, key_ms
from app.domain.interactions import Direction
from app.domain.mood import Mood
from app.domain.requests import DraftFate
from app.domain.views import (
    DraftShown,
    EventItem,
    InteractionItem,
    OutboxEntry,
    TimelineItem,
)

_PAGE = 200
_SCREENFUL = 60
_INDENT = " " * 7

_DECISIONS = {
    EventType.CASE_OPENED: "opened a case",
    EventType.CASE_ASSIGNED: "assigned",
    EventType.CASE_ACCEPTED: "accepted the hand-off",
    EventType.CASE_TAGGED: "tagged",
    EventType.CASE_SNOOZED: "snoozed",
    EventType.CASE_CLOSED: "closed the case",
    EventType.CASE_REOPENED: "reopened the case",
    EventType.PRIORITY_SET: "set the urgency",
    EventType.SIDE_MOVED: "moved a message to the other side",
    EventType.IDENTITY_LINKED: "joined an identity",
    EventType.IDENTITY_UNLINKED: "separated an identity",
    EventType.MATCH_DECLINED: "told two people apart",
    EventType.PROMISE_MADE: "promised to be back",
    EventType.PROMISE_KEPT: "kept a promise",
    EventType.PROMISE_DROPPED: "dropped a promise",
    EventType.CLOCK_BREACHED: "wrote down that it was late:",
    EventType.NOISE_MARKED: "set it aside as noise",
    EventType.NOISE_CLEARED: "took it back from the noise",
    EventType.HELP_ASKED: "asked for help with a reply:",
    EventType.DRAFT_WRITTEN: "drafted:",
    EventType.DRAFT_COMMENTED: "said of the draft:",
    EventType.DRAFT_USED: "used the draft",
    EventType.APPROVAL_ASKED: "asked for approval of:",
    EventType.APPROVAL_GIVEN: "approved:",
    EventType.APPROVAL_DECLINED: "declined:",
    EventType.CONTENT_REQUESTED: "asked for content:",
    EventType.REPLY_POSTPONED: "keeps a reply until the case is closed:",
    EventType.REPLY_RELEASED: "let the reply go that waited",
    EventType.CONTENT_ANSWERED: "gave the content",
    EventType.ACCESS_REQUESTED: "asked for access or a tool:",
    EventType.ACCESS_ANSWERED: "gave what was asked",
    EventType.MOOD_SET: "corrected the mood of a message",
}
_FATES = {
    DraftFate.OPEN: "not used yet",
    DraftFate.USED: "used",
    DraftFate.CHANGED: "used, with changes",
    DraftFate.DECLINED: "another one was asked for",
}


def add_to(add: Add) -> None:
    timeline = add("timeline", run_timeline, "everything said with a customer, oldest first")
    timeline.add_argument("customer", metavar="CUSTOMER", help="a handle, a name or an id")
    excerpting.add_to(timeline)
    timeline.add_argument(
        "--limit", type=int, metavar="N", help=f"the latest N; 0 for all (default {_SCREENFUL})"
    )


def run_timeline(session: Session) -> None:
    customer = find_customer(session, session.args.customer)
    limit = session.args.limit
    if limit is None:
        limit = 0 if session.wants_json else _SCREENFUL
    wanted = excerpting.wanted(session)
    items = _timeline(session, customer, wanted, limit)
    session.give([shapes.timeline_item(item) for item in items])
    heading = ""
    for item in items:
        if (today := day(item.at_ms)) != heading:
            session.say("", today)
            heading = today
        session.say(*_item_lines(session, item))
    if not items and wanted.is_all:
        session.say("Nothing was said with this customer yet.")
    elif not items:
        session.say("Nothing of the kind was said with this customer.")


def _timeline(
    session: Session, customer: CustomerId, wanted: Wanted, limit: int
) -> list[TimelineItem]:
    """The latest ``limit`` items that are wanted, oldest first; 0 means all."""
    pages: list[list[TimelineItem]] = []
    since_ms = wanted.since_ms or 0
    before: int | None = None if wanted.until_ms is None else key_floor(wanted.until_ms)
    count = 0
    while not limit or count < limit:
        page = wait(
            session.services.timelines.page(
                customer, before=before, limit=_PAGE, excerpt=wanted.excerpt
            )
        )
        pages.append([item for item in page.items if item.at_ms >= since_ms])
        count += len(pages[-1])
        before = page.before
        if before is None or key_ms(before) < since_ms:
            break
    items = [item for page_items in reversed(pages) for item in page_items]
    return items[-limit:] if limit else items


def _item_lines(session: Session, item: TimelineItem) -> list[str]:
    if isinstance(item, InteractionItem):
        return _message_lines(item)
    if isinstance(item, EventItem):
        return _event_lines(session, item)
    return _wish_lines(item)


def _message_lines(item: InteractionItem) -> list[str]:
    kind = item.kind.name.lower().replace("_", " ")
    marks = [item.channel.label, kind, item.visibility.name.lower()]
    marks += ["edited"] if item.edited_ms is not None else []
    marks += ["deleted"] if item.deleted_ms is not None else []
    if item.feeling is not None and item.feeling.mood is not Mood.NEUTRAL:
        marks.append(item.feeling.mood.name.lower())
    marks += ["somebody else"] if item.direction is Direction.AROUND else []
    arrow = "→ " if item.ours else ""
    head = f"{_clock(item.at_ms)}  {arrow}{clean(item.author)} ({', '.join(marks)})"
    body = item.text if not item.subject else f"{item.subject}: {item.text}"
    if item.warning:
        body = f"[{item.warning}] {body}"
    lines = [cut(head, terminal_width()), *_indented(body)]
    lines += [f"{_INDENT}▣ {clean(media.description or media.url)}" for media in item.media]
    return lines


def _event_lines(session: Session, item: EventItem) -> list[str]:
    who = clean(item.agent_name) or "A rule"
    undone = " (undone)" if item.undone else ""
    if item.seam is not None:
        origin, target = (
            _department(session, department) for department in (item.seam.origin, item.seam.target)
        )
        words = f"≫ {origin} → {target} after {duration(item.seam.held_ms)}, {who}{undone}"
        why = (line for part in item.seam.text.splitlines() for line in _indented(part))
        return [f"{_clock(item.at_ms)}  {words}", *why]
    if item.event.type is EventType.CASE_NOTED:
        words = f"✎ {who} noted{undone}"
        return [f"{_clock(item.at_ms)}  {words}", *_indented(str(item.event.data.get("text", "")))]
    if item.waits:
        head = f"{_clock(item.at_ms)}  ⇢ {who}: reply, {_kept_until(session, item)}"
        return [head, *_indented(str(item.event.data.get("text", "")))]
    if item.draft is not None:
        return _draft_lines(session, item, item.draft)
    return [f"{_clock(item.at_ms)}  · {who} {_decision(session, item)}{undone}"]


def _kept_until(session: Session, item: EventItem) -> str:
    if item.event.type is EventType.APPROVAL_ASKED:
        approver = _department(session, DepartmentId(item.event.data["department"]))
        return f"waits for approval by {approver}"
    return "leaves when the case is closed"


def _draft_lines(session: Session, item: EventItem, shown: DraftShown) -> list[str]:
    """What another department would write, what became of it, and what was said of it."""
    draft, name_of = shown.draft, session.services.directory.name_of
    whose = f"{clean(item.agent_name)}, {_department(session, draft.department)}"
    lines = [f"{_clock(item.at_ms)}  ✎ {whose}, drafted ({_FATES[shown.fate]})"]
    lines += _indented(draft.text)
    for said in draft.comments:
        lines += _indented(f"– {clean(name_of(said.agent))}: {said.text}")
    return lines


def _decision(session: Session, item: EventItem) -> str:
    data = item.event.data
    words = _DECISIONS.get(item.event.type, item.event.type.replace("_", " "))
    match item.event.type:
        case EventType.CASE_ASSIGNED:
            assignee = data.get("assignee")
            directory = session.services.directory
            return f"{words} it to {directory.name_of(assignee) if assignee else 'nobody'}"
        case EventType.CASE_TAGGED:
            tags = [f"+{tag}" for tag in data.get("add", ())]
            tags += [f"−{tag}" for tag in data.get("remove", ())]
            return f"{words} {clean(' '.join(tags))}"
        case EventType.CASE_SNOOZED:
            return f"{words} until {moment(int(data['until']), session.now_ms)}"
        case EventType.PROMISE_MADE:
            text = f": {clean(str(data['text']))}" if data.get("text") else ""
            return f"{words} {moment(int(data['until']), session.now_ms)}{text}"
        case EventType.PROMISE_DROPPED | EventType.NOISE_MARKED if data.get("reason"):
            return f"{words}: {clean(str(data['reason']))}"
        case (
            EventType.HELP_ASKED
            | EventType.DRAFT_WRITTEN
            | EventType.DRAFT_COMMENTED
            | EventType.APPROVAL_ASKED
            | EventType.APPROVAL_GIVEN
            | EventType.APPROVAL_DECLINED
            | EventType.CONTENT_REQUESTED
            | EventType.ACCESS_REQUESTED
            | EventType.REPLY_POSTPONED
        ):
            said = next(data[key] for key in ("question", "text", "reason", "wish") if key in data)
            return f"{words} {clean(' '.join(str(said).split()))}"
        case EventType.CONTENT_ANSWERED | EventType.ACCESS_ANSWERED:
            return _given(words, data)
        case EventType.REPLY_RELEASED if data.get("refused"):
            return f"made the reply that waited a draft again: {clean(str(data['refused']))}"
        case EventType.CLOCK_BREACHED:
            return f"{words} {str(data['clock']).replace('_', ' ')}"
        case _:
            return words


def _given(words: str, data: Mapping[str, Any]) -> str:
    """What a request was answered with, or why it was not."""
    if not data.get("granted", True):
        words = "declined what was asked"
    said = clean(" ".join(str(data.get("link") or data.get("text") or "").split()))
    return f"{words}: {said}" if said else words


def _wish_lines(entry: OutboxEntry) -> list[str]:
    item = entry.item
    head = f"{_clock(entry.at_ms)}  ⇢ {clean(entry.agent_name)}: {item.act}, {item.state}"
    trouble = [f"{_INDENT}{clean(item.error)}"] if item.error else []
    return [head, *_indented(item.text), *trouble]


def _indented(text: str) -> list[str]:
    if not text.strip():
        return []
    return [_INDENT + line for line in wrap(text, terminal_width() - len(_INDENT))]


def _clock(ms: int) -> str:
    return f"{from_ms(ms).astimezone():%H:%M}"


def _department(session: Session, department: DepartmentId) -> str:
    return session.services.directory.department(department).name
