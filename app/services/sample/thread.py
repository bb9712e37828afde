"""One customer's conversation with the brand and the case it opens: what can happen to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.cases import Urgency
from app.domain.clock import from_ms, to_ms
from app.domain.departments import Queue
from app.domain.events import Event, EventType
from app.domain.ids import (
    AgentId,
    CaseId,
    DepartmentId,
    OutboxId,
    case_id,
    conversation_id,
    identity_id,
    interaction_uid,
)
from app.domain.interactions import (
    Channel,
    Direction,
    IdentityFact,
    InteractionFact,
    Kind,
    Side,
    Visibility,
)
from app.domain.outbox import Act, OutboxItem, OutboxState
from app.domain.tid import derived_record_key
from app.services.sample.book import Opening
from app.services.sample.scribe import Scribe

UNDO_WINDOW = timedelta(seconds=6)

_ANSWER_KINDS = {
    Kind.MENTION: Kind.REPLY,
    Kind.QUOTE: Kind.REPLY,
    Kind.REPLY: Kind.REPLY,
    Kind.REVIEW: Kind.REPLY,
}


class Thread:
    """One customer's conversation and its case."""

    def __init__(
        self,
        scribe: Scribe,
        who: IdentityFact,
        kind: Kind,
        *,
        first_name: str = "",
        language: str = "en",
        subject: str = "",
        under: InteractionFact | None = None,
        found_by: DepartmentId | None = None,
        visibility: Visibility | None = None,
    ) -> None:
        self.scribe = scribe
        self.who = who
        self.kind = kind
        self.first_name = first_name
        self.language = language
        self.subject = subject
        self.account = scribe.accounts[who.channel]
        self.found_by = found_by
        self.department = found_by or self.account.owner
        private = kind in (Kind.DIRECT, Kind.MAIL)
        self.visibility = visibility or (Visibility.DIRECT if private else Visibility.PUBLIC)
        self.last: InteractionFact | None = None
        self.root = ""
        self.place_under(under)
        self.first = ""
        self.case = CaseId(0)
        self.closed = False
        self.ended = datetime.min.replace(tzinfo=UTC)

    @property
    def waits(self) -> bool:
        """Whether the customer had the last word."""
        return self.last is not None and self.last.direction is Direction.INBOUND

    # What is said -----------------------------------------------------------------------------

    def place_under(self, post: InteractionFact | None) -> None:
        """Begin under a post of ours; before anything is said."""
        if post is not None:
            self.last, self.root = post, post.root or post.native_id

    def says(
        self,
        at: datetime,
        text: str,
        *,
        warning: str = "",
        picture: str = "",
        visibility: Visibility | None = None,
        boosts: int = 0,
        likes: int = 0,
    ) -> InteractionFact:
        """The customer writes; the first time opens the case, after closing it opens again."""
        first = self.case == 0
        native = self.scribe.message_id(self.who.channel, self.who, at)
        self.root = self.root or native
        fact = InteractionFact(
            native_id=native,
            kind=self.kind if first else _ANSWER_KINDS.get(self.kind, self.kind),
            direction=Direction.INBOUND,
            author=self.who,
            party=self.who,
            occurred_at=at,
            text=text,
            in_reply_to=self.last.native_id if self.last else None,
            root=self.root,
            visibility=visibility or self.visibility,
            subject=self._subject(first=first),
            warning=warning,
            language=self.language,
            media=(self.scribe.picture(picture),) if picture else (),
            found=first and self.found_by is not None,
            boosts=boosts,
            likes=likes,
        )
        self.scribe.put(self.who.channel, fact)
        if first:
            self.first = native
            self._open(fact)
        elif self.closed:
            uid = interaction_uid(self.account.id, native)
            self.scribe.rule(
                at, EventType.CASE_REOPENED, self.case, uid, cause="message", interaction=uid
            )
            self.closed = False
        self._happened(fact)
        return fact

    def _subject(self, *, first: bool) -> str:
        if self.kind is Kind.MAIL and not first and self.subject:
            return f"Re: {self.subject}"
        return self.subject if first or self.kind is not Kind.DIRECT else ""

    def _open(self, fact: InteractionFact) -> None:
        conversation = conversation_id(self.account.id, self.root)
        self.case = case_id(conversation, identity_id(self.who.channel, self.who.native_id))
        queue = Queue.REACH_OUT if fact.found else Queue.RESPOND
        self.scribe.openings[self.case] = Opening(
            self.case, self.department, queue, fact.occurred_at
        )
        if self.found_by is not None:
            self.scribe.found[fact.native_id] = self.found_by

    def _happened(self, fact: InteractionFact) -> None:
        self.last = fact
        self.ended = max(self.ended, fact.occurred_at)

    def answers(
        self,
        at: datetime,
        text: str,
        agent: AgentId,
        *,
        visibility: Visibility | None = None,
        elsewhere: bool = False,
    ) -> InteractionFact:
        """We reply and it arrives; ``elsewhere``: written outside the console, author unknown."""
        us = self.scribe.us(self.who.channel)
        target = self.last
        fact = InteractionFact(
            native_id=self.scribe.message_id(self.who.channel, us, at),
            kind=_ANSWER_KINDS.get(self.kind, self.kind),
            direction=Direction.OUTBOUND,
            author=us,
            party=self.who,
            occurred_at=at,
            text=text,
            in_reply_to=target.native_id if target else None,
            root=self.root,
            visibility=visibility or self.visibility,
            subject=self._subject(first=False),
            language=self.language,
        )
        self.scribe.put(self.who.channel, fact)
        if not elsewhere and target is not None:
            item = self._item(at, text, agent, target, visibility)
            self.scribe.outbox.append(
                replace(
                    item,
                    state=OutboxState.SENT,
                    attempts=1,
                    attempted_at=item.not_before,
                    native_id=fact.native_id,
                )
            )
        self._happened(fact)
        return fact

    def wishes(
        self,
        at: datetime,
        text: str,
        agent: AgentId,
        *,
        visibility: Visibility | None = None,
        error: str = "",
        hint: str = "",
    ) -> OutboxItem:
        """A reply that has not left: queued, or failed with ``error``."""
        if self.last is None:
            raise ValueError("There is nothing to answer yet.")
        target = self._last_inbound()
        item = self._item(at, text, agent, target, visibility)
        if error:
            item = replace(
                item,
                state=OutboxState.FAILED,
                attempts=3,
                attempted_at=item.not_before,
                error=error,
                hint=hint,
            )
        self.scribe.outbox.append(item)
        return item

    def _last_inbound(self) -> InteractionFact:
        return next(
            fact
            for fact in reversed(self.scribe.facts.values())
            if fact.root == self.root and fact.author == self.who and fact.kind.has_text
        )

    def _item(
        self,
        at: datetime,
        text: str,
        agent: AgentId,
        target: InteractionFact,
        visibility: Visibility | None,
    ) -> OutboxItem:
        number = self.scribe.uuid(at)
        channel = self.who.channel
        bluesky = channel is Channel.BLUESKY
        return OutboxItem(
            id=OutboxId(number),
            act=Act.REPLY,
            account=self.account.id,
            channel=channel,
            lane=conversation_id(self.account.id, self.root),
            target=target.native_id,
            record_key=derived_record_key(at, number) if bluesky else number,
            agent=agent,
            created_at=at,
            not_before=at + UNDO_WINDOW,
            case=self.case,
            department=self.department,
            text=text,
            language=self.language,
            visibility=visibility or self.visibility,
            mention=self.who.handle,
        )

    def stranger(self, who: IdentityFact, at: datetime, text: str) -> InteractionFact:
        """Somebody else speaks in the thread."""
        fact = InteractionFact(
            native_id=self.scribe.message_id(who.channel, who, at),
            kind=Kind.COMMENT if self.kind is Kind.COMMENT else Kind.REPLY,
            direction=Direction.AROUND,
            author=who,
            occurred_at=at,
            text=text,
            in_reply_to=self.last.native_id if self.last else None,
            root=self.root,
            language=self.language,
        )
        return self.scribe.put(who.channel, fact)

    # What is decided --------------------------------------------------------------------------

    def assign(self, at: datetime, agent: AgentId, by: AgentId | None = None) -> None:
        self._decide(at, by or agent, EventType.CASE_ASSIGNED, assignee=agent)

    def tag(self, at: datetime, agent: AgentId, *tags: str) -> Event:
        return self._decide(at, agent, EventType.CASE_TAGGED, add=list(tags), remove=[])

    def note(self, at: datetime, agent: AgentId, text: str) -> None:
        self._decide(at, agent, EventType.CASE_NOTED, text=text)

    def prioritise(self, at: datetime, agent: AgentId, urgency: Urgency) -> None:
        self._decide(at, agent, EventType.PRIORITY_SET, urgency=int(urgency))

    def hand_off(
        self,
        at: datetime,
        by: AgentId,
        to: DepartmentId,
        reason: str,
        *,
        brief: str = "",
        told: str = "",
        urgency: Urgency = Urgency.NORMAL,
        follow: bool = False,
    ) -> None:
        self._decide(
            at,
            by,
            EventType.CASE_HANDED_OFF,
            to=to,
            urgency=int(urgency),
            reason=reason,
            brief=brief,
            told=told,
            follow=follow,
        )
        self.department = to

    def accept(self, at: datetime, agent: AgentId) -> None:
        self._decide(at, agent, EventType.CASE_ACCEPTED)

    def give_back(self, at: datetime, agent: AgentId, reason: str, origin: DepartmentId) -> None:
        self._decide(at, agent, EventType.CASE_RETURNED, reason=reason)
        self.department = origin

    def snooze(self, at: datetime, agent: AgentId, until: datetime) -> None:
        self._decide(at, agent, EventType.CASE_SNOOZED, until=to_ms(until))

    def wake(self, until: datetime) -> None:
        """The snooze ends by itself."""
        self.scribe.rule(until, EventType.CASE_REOPENED, self.case, to_ms(until), cause="snooze")

    def close(self, at: datetime, agent: AgentId) -> None:
        self._decide(at, agent, EventType.CASE_CLOSED)
        self.closed = True

    def move_first(self, at: datetime, agent: AgentId, side: Side) -> None:
        """Put the message that opened the case on the other side of the customer's life."""
        who = identity_id(self.who.channel, self.who.native_id)
        uid = interaction_uid(self.account.id, self.first)
        was = Side.MARKETING if side is Side.SERVICE else Side.SERVICE
        data = {"interaction": uid, "side": int(side), "was": int(was)}
        self.scribe.decide(at, agent, EventType.SIDE_MOVED, who, **data)

    def undo(self, at: datetime, agent: AgentId, event: Event) -> None:
        self._decide(at, agent, EventType.UNDONE, event=event.id)

    def _decide(self, at: datetime, agent: AgentId, kind: EventType, /, **data: Any) -> Event:
        event = self.scribe.decide(at, agent, kind, self.case, **data)
        self.ended = max(self.ended, from_ms(event.at_ms))
        return event
