"""The third kind of record: an outbox item, a wish to change the outside.

Stored before anything happens; it moves through these states and no others. The attempt is
recorded (``SENDING``) before the request leaves, so that what was in the air when the program
died is known as such, looked up at the service, and never sent blindly again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from app.domain.errors import BadInput
from app.domain.ids import AccountId, AgentId, CaseId, ConversationId, DepartmentId, OutboxId
from app.domain.interactions import Channel, Visibility
from app.domain.records import dataclass
from app.domain.templates import TemplateUse


class OutboxState(StrEnum):
    QUEUED = "queued"
    HELD = "held"
    """Due, but its thread has changed since it was written: an agent is asked first."""
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in (OutboxState.SENT, OutboxState.CANCELLED)

    @property
    def needs_agent(self) -> bool:
        """Whether it is counted as waiting for a person."""
        return self in (OutboxState.FAILED, OutboxState.HELD)


_MOVES: dict[OutboxState, frozenset[OutboxState]] = {
    OutboxState.QUEUED: frozenset(
        # SENT: an agent asked to send again, while a look-up was finding that it had arrived.
        {OutboxState.SENDING, OutboxState.HELD, OutboxState.CANCELLED, OutboxState.SENT}
    ),
    OutboxState.HELD: frozenset({OutboxState.QUEUED, OutboxState.CANCELLED}),
    OutboxState.SENDING: frozenset(
        {OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.QUEUED}
    ),
    OutboxState.UNKNOWN: frozenset({OutboxState.SENT, OutboxState.QUEUED, OutboxState.FAILED}),
    OutboxState.FAILED: frozenset({OutboxState.QUEUED, OutboxState.CANCELLED, OutboxState.SENT}),
    OutboxState.SENT: frozenset(),
    OutboxState.CANCELLED: frozenset(),
}


class Act(StrEnum):
    """What is wished for."""

    REPLY = "reply"
    """A public reply or a direct message: ``visibility`` tells."""
    LIKE = "like"
    BOOST = "boost"
    DELETE = "delete"


MOST_UNDO_S = 30
"""The longest undo window that can be chosen, in seconds."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send; its bytes are kept in the workspace, so the original may go away."""

    name: str
    mime: str
    body: bytes
    description: str = ""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A wish and how far it has come.

    ``lane``         items of one lane leave in order, lanes do not wait for each other.
    ``target``       native id of what is answered, liked, boosted or deleted.
    ``record_key``   made by us before sending: the record key on Bluesky, the idempotency key
                     on Mastodon; the same at every attempt.
    ``not_before``   the end of the undo window, or the next try.
    ``native_id``    what the service called the result, once known.
    ``template``     the wording a reply began with.
    """

    id: OutboxId
    act: Act
    account: AccountId
    channel: Channel
    lane: ConversationId
    target: str
    record_key: str
    agent: AgentId
    created_at: datetime
    not_before: datetime
    case: CaseId | None = None
    department: DepartmentId | None = None
    text: str = ""
    warning: str = ""
    language: str = ""
    visibility: Visibility = Visibility.PUBLIC
    mention: str = ""
    attachments: tuple[Attachment, ...] = ()
    state: OutboxState = OutboxState.QUEUED
    attempts: int = 0
    attempted_at: datetime | None = None
    error: str = ""
    hint: str = ""
    native_id: str = ""
    template: TemplateUse | None = None

    def moved(self, state: OutboxState, **changes: object) -> OutboxItem:
        """This item in another state; raises BadInput when the state machine forbids it."""
        if state not in _MOVES[self.state]:
            raise BadInput(
                f"This message is {self.state} and cannot become {state}.",
                hint="Look at the outbox for where it is now.",
            )
        return replace(self, state=state, **changes)  # type: ignore[arg-type]
