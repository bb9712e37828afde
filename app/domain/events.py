"""The second kind of record: an event, a decision of a person or of a rule.

The ledger of events only grows; undo is another event. Its order is (stamp, device, id), so that
any set of laptops that holds the same events folds them to the same state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from app.domain.clock import hybrid_ms
from app.domain.ids import AgentId, DeviceId, EventId, caused_event_id
from app.domain.records import dataclass

RULE = AgentId("")
"""The agent of what a rule decided."""


class EventType(StrEnum):
    """What was decided, with the keys of its data. Stored by value: never rename, only add."""

    CASE_OPENED = "case_opened"
    """queue, department, title, and what it grew from: identity, conversation, account,
    interaction (uid). What one department asks of another opens a case that is its own conversation
    and grew from no message: then also asked, the event, and for, the case it was asked on"""
    CASE_ASSIGNED = "case_assigned"
    """assignee: an agent id, or None for nobody"""
    CASE_HANDED_OFF = "case_handed_off"
    """to, urgency, reason, brief, told, follow"""
    CASE_ACCEPTED = "case_accepted"
    CASE_RETURNED = "case_returned"
    """reason"""
    CASE_TAGGED = "case_tagged"
    """add, remove: lists of tags"""
    CASE_NOTED = "case_noted"
    """text, mentions: the ids of the agents named in it, left out where it names nobody"""
    CASE_SNOOZED = "case_snoozed"
    """until: milliseconds since 1970"""
    CASE_CLOSED = "case_closed"
    """answer: the event that answers what the case was opened to ask, left out otherwise"""
    CASE_REOPENED = "case_reopened"
    """cause: "message", "snooze", "agent" or "comment", then with comment: the event"""
    CASE_MERGED = "case_merged"
    """into: the case of the same customer in the same thread that goes on with the work"""
    PRIORITY_SET = "priority_set"
    """urgency"""
    SIDE_MOVED = "side_moved"
    """interaction: uid, side, was; the subject is the identity the interaction concerns"""
    IDENTITY_LINKED = "identity_linked"
    """identity, customer; the subject is the identity. evidence, score: what it was decided on;
    pair: the two identities that were compared, where a rule decided or all sure pairs were joined
    on request"""
    IDENTITY_UNLINKED = "identity_unlinked"
    """identity; the subject is the identity"""
    UNDONE = "undone"
    """event: the id of the event undone"""

    # What rules do to a case, and what is promised on it.
    CASE_ROUTED = "case_routed"
    """rules: the ids of those that decided; department, assignee, urgency, tags, noise: what they
    decided, each left out where they did not"""
    NOISE_MARKED = "noise_marked"
    """reason: words; rule or score where a rule or the classifier marked it"""
    NOISE_CLEARED = "noise_cleared"
    CLOCK_BREACHED = "clock_breached"
    """clock: a ``ClockKind``; due: milliseconds since 1970"""
    PROMISE_MADE = "promise_made"
    """until: milliseconds since 1970; text"""
    PROMISE_KEPT = "promise_kept"
    """promise: the id of the event that made it"""
    PROMISE_DROPPED = "promise_dropped"
    """promise, reason"""

    # Writing together.
    HELP_ASKED = "help_asked"
    """department, question: another department is asked to write along; origin: the department that
    asks, opened: the case made for it there, as in all that is asked"""
    DRAFT_WRITTEN = "draft_written"
    """department, text, and for: the event that asked for it"""
    DRAFT_COMMENTED = "draft_commented"
    """draft: the event commented on; text, and department: of whoever comments"""
    DRAFT_USED = "draft_used"
    """draft: the event that wrote it, department: whose it is; outbox: the reply with its words;
    changed: that it says more or less, left out where it does not"""
    APPROVAL_ASKED = "approval_asked"
    """text, department: whoever may approve; origin, opened; warning, visibility, answer_to,
    template, number, promotion_reason, co_draft: of the reply, as in ``Draft``, each left out where
    it has none"""
    APPROVAL_GIVEN = "approval_given"
    """asked: the event that asked; text: what may leave, perhaps changed; outbox: the reply"""
    APPROVAL_DECLINED = "approval_declined"
    """asked, reason"""
    CONTENT_REQUESTED = "content_requested"
    """department, wish, origin, opened"""
    CONTENT_ANSWERED = "content_answered"
    """requested: the event answered; template and number: of a version, or link"""
    ACCESS_REQUESTED = "access_requested"
    """ask: "access" to a tool, or a "tool"; department, wish, origin, opened"""
    ACCESS_ANSWERED = "access_answered"
    """requested, granted; text: what of it, or why not, left out where nothing was said"""
    PROMOTION_SENT = "promotion_sent"
    """reason, words, outbox: promoted in spite of the guard"""
    REPLY_POSTPONED = "reply_postponed"
    """what ``APPROVAL_ASKED`` says of the reply: it leaves when the customer’s cases are closed"""
    REPLY_RELEASED = "reply_released"
    """postponed: the event that kept it; closed: the event that closed the last case; outbox: the
    reply, or refused: the sentence that says why it is a draft again"""

    # About an identity.
    STANDING_SET = "standing_set"
    """standing: a ``Standing``; reason"""
    CUSTOMER_OWNED = "customer_owned"
    """agent: who holds the relationship, None for nobody"""
    MATCH_DECLINED = "match_declined"
    """other: the identity that is somebody else"""
    MOOD_SET = "mood_set"
    """interaction: uid; mood: a ``Mood``, None for what the words say"""

    # About an agent, a template, the workspace.
    AGENT_AWAY = "agent_away"
    """agent; until: milliseconds since 1970, None until called back; deputy: an agent or None"""
    AGENT_BACK = "agent_back"
    """agent"""
    TEMPLATE_SAVED = "template_saved"
    """number, name, text, department, language, owner, promotional, as in ``TemplateVersion``;
    corrects: the number of an earlier version that told something wrong, left out where none did"""
    TEMPLATE_RETIRED = "template_retired"
    RULES_SET = "rules_set"
    """name: which part of the ``Setup``; document: the whole part as it holds from now on"""

    @property
    def about(self) -> About:
        """What kind of thing the subject is."""
        return _ABOUT.get(self, About.CASE)


class About(StrEnum):
    """What a decision is about."""

    CASE = "case"
    IDENTITY = "identity"
    AGENT = "agent"
    TEMPLATE = "template"
    WORKSPACE = "workspace"


_ABOUT = {
    EventType.SIDE_MOVED: About.IDENTITY,
    EventType.IDENTITY_LINKED: About.IDENTITY,
    EventType.IDENTITY_UNLINKED: About.IDENTITY,
    EventType.STANDING_SET: About.IDENTITY,
    EventType.CUSTOMER_OWNED: About.IDENTITY,
    EventType.MATCH_DECLINED: About.IDENTITY,
    EventType.MOOD_SET: About.IDENTITY,
    EventType.AGENT_AWAY: About.AGENT,
    EventType.AGENT_BACK: About.AGENT,
    EventType.TEMPLATE_SAVED: About.TEMPLATE,
    EventType.TEMPLATE_RETIRED: About.TEMPLATE,
    EventType.RULES_SET: About.WORKSPACE,
}


@dataclass(frozen=True, slots=True)
class Event:
    """One decision.

    ``subject``  what it is about: the id of a case or an identity, or see ``agent_subject``,
                 ``rules_subject`` and the ids of templates.
    ``stamp``    hybrid time, see ``app.domain.clock``.
    ``data``     the values named at its type; JSON only.
    """

    id: EventId
    type: EventType
    subject: int
    agent: AgentId
    device: DeviceId
    stamp: int
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def order(self) -> tuple[int, str, str]:
        """The place in the ledger, the same on every laptop."""
        return (self.stamp, self.device, self.id)

    @property
    def at_ms(self) -> int:
        return hybrid_ms(self.stamp)


def ruled(
    kind: EventType,
    subject: int,
    *cause: str | int,
    stamp: int,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """What a rule decides: of no device and under an id computed from the subject and its cause,
    so that every laptop that sees the cause decides the same."""
    return Event(
        id=caused_event_id(kind, subject, *cause),
        type=kind,
        subject=subject,
        agent=RULE,
        device=DeviceId(""),
        stamp=stamp,
        data={} if data is None else data,
    )


def in_force(events: Iterable[Event]) -> list[Event]:
    """The events that count, in ledger order: without undone ones and without the undoing.

    An undo strikes only an event before it, and may itself be undone by a later one, so walking
    backwards settles each event before anything it could strike.
    """
    events = list(events)
    if len(events) == 1:
        return [] if events[0].type is EventType.UNDONE else events
    ordered = sorted({event.id: event for event in events}.values(), key=lambda e: e.order)
    struck: set[EventId] = set()
    kept: list[Event] = []
    for event in reversed(ordered):
        if event.id in struck:
            continue
        if event.type is EventType.UNDONE:
            struck.add(EventId(str(event.data["event"])))
        else:
            kept.append(event)
    kept.reverse()
    return kept
