"""What one department asks of another on a case: to write along, to approve, to make content, to
give access or a tool.

The case stays where it is. What is asked opens a case of its own with those who are asked, which is
closed by the answer; ``Request`` is both, folded from the events of the case it was asked on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from app.domain.events import Event, EventType, in_force
from app.domain.ids import AgentId, CaseId, DepartmentId, EventId, OutboxId, hash63
from app.domain.interactions import Visibility
from app.domain.outbox import Attachment
from app.domain.records import dataclass
from app.domain.replies import Draft
from app.domain.templates import TemplateUse


class Ask(StrEnum):
    HELP = "help"
    """To write a reply along."""
    APPROVAL = "approval"
    """To let a reply leave."""
    CONTENT = "content"
    """To make something that can be sent, or shown."""
    ACCESS = "access"
    """To be let into a tool."""
    TOOL = "tool"
    """To be given a tool, or to have one put right."""

    @property
    def is_for_work(self) -> bool:
        """Whether colleagues alone get something by it."""
        return self in (Ask.ACCESS, Ask.TOOL)


@dataclass(frozen=True, slots=True)
class Comment:
    """What was said of a draft, and in which department."""

    event: EventId
    agent: AgentId
    department: DepartmentId
    at_ms: int
    text: str


class DraftFate(StrEnum):
    """What became of a draft."""

    OPEN = "open"
    USED = "used"
    CHANGED = "changed"
    """A reply was made of it, with other words."""
    DECLINED = "declined"
    """Another one was asked for, or written."""


@dataclass(frozen=True, slots=True)
class CoDraft:
    """What the asked department would write. ``outbox``: the reply that has its words, if any;
    ``changed``: not word for word."""

    event: EventId
    department: DepartmentId
    agent: AgentId
    at_ms: int
    text: str
    comments: tuple[Comment, ...] = ()
    outbox: OutboxId | None = None
    changed: bool = False

    @property
    def settled(self) -> bool:
        """Whether nobody else has asked for another one since."""
        return all(one.department == self.department for one in self.comments)


@dataclass(frozen=True, slots=True)
class Answer:
    """``text``: what was approved, perhaps changed, or why it was not; ``granted`` is False then.

    ``outbox``: the approved reply; ``template`` or ``link``: the content. Of access and tools
    ``text`` is what was said of them, often nothing.
    """

    event: EventId
    agent: AgentId
    at_ms: int
    granted: bool = True
    text: str = ""
    outbox: OutboxId | None = None
    template: TemplateUse | None = None
    link: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What ``by`` of the department ``origin`` asked of ``department`` on ``case``.

    ``text``    the question, the reply to approve, or the wish.
    ``opened``  the case that was opened for it.
    ``data``    all that the asking event says.
    """

    event: EventId
    ask: Ask
    case: CaseId
    department: DepartmentId
    origin: DepartmentId
    by: AgentId
    at_ms: int
    text: str
    opened: CaseId
    data: Mapping[str, Any]
    drafts: tuple[CoDraft, ...] = ()
    answer: Answer | None = None

    @property
    def is_open(self) -> bool:
        """Whether the asked department is waited for."""
        if self.ask is not Ask.HELP:
            return self.answer is None
        used = any(draft.outbox for draft in self.drafts)
        return not used and not (self.drafts and self.drafts[-1].settled)

    def fate(self, draft: CoDraft) -> DraftFate:
        """What became of one of the drafts."""
        if draft.outbox is not None:
            return DraftFate.CHANGED if draft.changed else DraftFate.USED
        if draft.settled and draft.event == self.drafts[-1].event:
            return DraftFate.OPEN
        return DraftFate.DECLINED

    def draft(self, pictures: tuple[Attachment, ...] = ()) -> Draft:
        """The reply that waits for approval; its pictures are kept beside the ledger."""
        return draft_of(self.data, pictures)


def draft_told(draft: Draft) -> dict[str, Any]:
    """What the ledger keeps of a reply that is to leave later; its pictures are kept beside it."""
    data = {
        "text": draft.text.strip(),
        "warning": draft.warning.strip(),
        "visibility": None if draft.visibility is None else int(draft.visibility),
        "answer_to": draft.answer_to,
        "template": draft.template.template if draft.template else None,
        "number": draft.template.number if draft.template else None,
        "promotion_reason": draft.promotion_reason.strip(),
        "co_draft": draft.co_draft,
    }
    return {key: value for key, value in data.items() if key == "text" or value not in ("", None)}


def draft_of(data: Mapping[str, Any], pictures: tuple[Attachment, ...] = ()) -> Draft:
    """The reply again that ``draft_told`` tells of."""
    visibility, template = data.get("visibility"), data.get("template")
    return Draft(
        text=str(data["text"]),
        visibility=None if visibility is None else Visibility(visibility),
        warning=str(data.get("warning", "")),
        attachments=pictures,
        answer_to=str(data.get("answer_to", "")),
        template=None if template is None else TemplateUse(template, int(data["number"])),
        promotion_reason=str(data.get("promotion_reason", "")),
        co_draft=data.get("co_draft"),
    )


def opened_by(asking: EventId) -> CaseId:
    """The case that an asking event opens."""
    return CaseId(hash63("request", asking))


def requests_of(events: Iterable[Event]) -> tuple[Request, ...]:
    """All that was asked on one case and counts, oldest first, from the events of that case."""
    found: dict[str, Request] = {}
    for event in in_force(events):
        if event.type in _TEXTS:
            found[event.id] = _asked(event)
            continue
        asking = _asking(event, found)
        if asking is not None:
            found[asking.event] = _ANSWERS[event.type](asking, event)
    return tuple(found.values())


_TEXTS = {
    EventType.HELP_ASKED: (Ask.HELP, "question"),
    EventType.APPROVAL_ASKED: (Ask.APPROVAL, "text"),
    EventType.CONTENT_REQUESTED: (Ask.CONTENT, "wish"),
    EventType.ACCESS_REQUESTED: (Ask.ACCESS, "wish"),
}


def _asked(event: Event) -> Request:
    ask, text = _TEXTS[event.type]
    data = event.data
    return Request(
        event=event.id,
        ask=Ask(data.get("ask", ask)),
        case=CaseId(event.subject),
        department=DepartmentId(data["department"]),
        origin=DepartmentId(data.get("origin", "")),
        by=event.agent,
        at_ms=event.at_ms,
        text=str(data[text]),
        opened=CaseId(data.get("opened", opened_by(event.id))),
        data=data,
    )


def _asking(event: Event, found: Mapping[str, Request]) -> Request | None:
    """The request that an event is an answer to; None where there is none, or no longer."""
    data = event.data
    if event.type in (EventType.DRAFT_COMMENTED, EventType.DRAFT_USED):
        draft = data["draft"]
        having = (one for one in found.values() if any(d.event == draft for d in one.drafts))
        return next(having, None)
    key = _KEYS.get(event.type)
    return found.get(str(data[key])) if key else None


_KEYS = {
    EventType.DRAFT_WRITTEN: "for",
    EventType.APPROVAL_GIVEN: "asked",
    EventType.APPROVAL_DECLINED: "asked",
    EventType.CONTENT_ANSWERED: "requested",
    EventType.ACCESS_ANSWERED: "requested",
}


def _drafted(request: Request, event: Event) -> Request:
    draft = CoDraft(
        event=event.id,
        department=DepartmentId(event.data["department"]),
        agent=event.agent,
        at_ms=event.at_ms,
        text=str(event.data["text"]),
    )
    return replace(request, drafts=(*request.drafts, draft))


def _commented(request: Request, event: Event) -> Request:
    comment = Comment(
        event=event.id,
        agent=event.agent,
        department=DepartmentId(event.data.get("department", "")),
        at_ms=event.at_ms,
        text=str(event.data["text"]),
    )
    return _with_draft(
        request, event, lambda draft: replace(draft, comments=(*draft.comments, comment))
    )


def _used(request: Request, event: Event) -> Request:
    outbox, changed = OutboxId(event.data["outbox"]), bool(event.data.get("changed"))
    return _with_draft(request, event, lambda draft: replace(draft, outbox=outbox, changed=changed))


def _with_draft(request: Request, event: Event, change: Any) -> Request:
    number = event.data["draft"]
    drafts = (change(one) if one.event == number else one for one in request.drafts)
    return replace(request, drafts=tuple(drafts))


def _answered(request: Request, event: Event) -> Request:
    data = event.data
    template = data.get("template")
    answer = Answer(
        event=event.id,
        agent=event.agent,
        at_ms=event.at_ms,
        granted=event.type is not EventType.APPROVAL_DECLINED and data.get("granted", True),
        text=str(data.get("text") or data.get("reason") or ""),
        outbox=data.get("outbox"),
        template=None if template is None else TemplateUse(template, int(data["number"])),
        link=str(data.get("link", "")),
    )
    return replace(request, answer=answer)


_ANSWERS = {
    EventType.DRAFT_WRITTEN: _drafted,
    EventType.DRAFT_COMMENTED: _commented,
    EventType.DRAFT_USED: _used,
    EventType.APPROVAL_GIVEN: _answered,
    EventType.APPROVAL_DECLINED: _answered,
    EventType.CONTENT_ANSWERED: _answered,
    EventType.ACCESS_ANSWERED: _answered,
}
