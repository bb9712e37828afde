"""Frozen values that reading the workspace returns, shaped for those who show them.

Times are milliseconds since 1970 in UTC; a name or text is as the outside wrote it and never
trusted as markup.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from app.domain.cases import CaseState, Status, Urgency
from app.domain.clocks import CaseClock, Deadline
from app.domain.departments import Queue
from app.domain.events import Event
from app.domain.ids import (
    AccountId,
    AgentId,
    CaseId,
    ConversationId,
    CustomerId,
    DepartmentId,
    EventId,
    IdentityId,
    InteractionKey,
    InteractionUid,
)
from app.domain.interactions import Channel, Direction, Kind, Media, Side, Visibility
from app.domain.outbox import OutboxItem
from app.domain.pictures import PictureChoice
from app.domain.records import dataclass

if TYPE_CHECKING:
    # Only named here: what departments ask of each other, what moods and promotions are told by, is
    # not needed for the first picture.
    from app.domain.guard import Hold
    from app.domain.mood import Feeling
    from app.domain.requests import CoDraft, DraftFate


class QueueName(StrEnum):
    MY_WORK = "my-work"
    UNASSIGNED = "unassigned"
    ESCALATED = "escalated"
    SNOOZED = "snoozed"
    OUTBOX = "outbox"
    RESPOND = "respond"
    REACH_OUT = "reach-out"
    ALL = "all"
    CLOSED = "closed"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class QueueRef:
    """Which queue: RESPOND and REACH_OUT name a department too; ``view`` is the id of the saved
    view it is shown by, "" for the queue itself."""

    name: QueueName
    department: DepartmentId | None = None
    view: str = ""


class QueueFilter(StrEnum):
    ALL = "all"
    UNREAD = "unread"
    DUE_SOON = "due-soon"


class QueueSort(StrEnum):
    DEADLINE = "deadline"
    NEWEST = "newest"
    OLDEST = "oldest"
    REACH = "reach"


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """All counts of the sidebar; ``departments`` maps to (respond, reach out)."""

    my_work: int
    unassigned: int
    escalated: int
    snoozed: int
    outbox_waiting: int
    outbox_failed: int
    departments: dict[DepartmentId, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A row of the case list.

    ``handle`` as written on the channel; ``reach`` followers of the identity, 0 when unknown;
    ``snippet`` the latest text of the conversation, ``snippet_ours`` whether we wrote it.
    """

    case: CaseId
    ref: str
    customer: CustomerId
    identity: IdentityId
    conversation: ConversationId
    account: AccountId
    channel: Channel
    name: str
    handle: str
    reach: int
    title: str
    snippet: str
    snippet_ours: bool
    last_ms: int
    unread: bool
    status: Status
    queue: Queue
    department: DepartmentId
    assignee: AgentId | None
    urgency: Urgency
    tags: tuple[str, ...]
    deadline: Deadline | None
    snoozed_until_ms: int | None
    pending_from: DepartmentId | None
    outbox_failed: bool
    outbox_waiting: bool
    has_draft: bool
    cursor: tuple[int, int]
    """Where the next page starts: give the last row's cursor to the next call."""


@dataclass(frozen=True, slots=True)
class CasePage:
    rows: tuple[CaseRow, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class IdentityView:
    identity: IdentityId
    customer: CustomerId
    channel: Channel
    native_id: str
    handle: str
    name: str
    reach: int
    profile_url: str = ""


@dataclass(frozen=True, slots=True)
class Pip:
    """One stage of a campaign touch: "Opened", when, what was clicked, and which fact says so."""

    label: str
    at_ms: int
    key: int = 0


@dataclass(frozen=True, slots=True)
class InteractionItem:
    """A fact in the timeline.

    ``identity`` is its author's, ``party`` the customer's it concerns (None: an announcement).
    ``author`` is a name to show; ``ours`` whether the brand wrote it; ``by_agent`` the agent who
    wrote it here, "" when it was written elsewhere; ``revisions`` how many earlier texts are kept;
    ``around`` marks a stranger's post, kept so that the conversation reads whole. ``language`` as
    its service named it, "" where it did not; ``feeling`` None where nothing can be said of it.
    """

    key: InteractionKey
    uid: InteractionUid
    at_ms: int
    kind: Kind
    side: Side
    direction: Direction
    channel: Channel
    account: AccountId
    conversation: ConversationId
    native_id: str
    identity: IdentityId
    party: IdentityId | None
    author: str
    handle: str
    text: str
    subject: str
    warning: str
    visibility: Visibility
    media: tuple[Media, ...]
    url: str
    likes: int
    boosts: int
    edited_ms: int | None
    deleted_ms: int | None
    revisions: int
    in_reply_to: str
    case: CaseId | None
    by_agent: AgentId
    department: DepartmentId | None
    pips: tuple[Pip, ...] = ()
    language: str = ""
    feeling: Feeling | None = None

    @property
    def ours(self) -> bool:
        return self.direction is Direction.OUTBOUND

    @property
    def around(self) -> bool:
        return self.direction is Direction.AROUND


@dataclass(frozen=True, slots=True)
class Revision:
    """An earlier text of an interaction, and when it was found to be another one."""

    text: str
    replaced_ms: int


@dataclass(frozen=True, slots=True)
class EventItem:
    """A decision in the timeline. ``seam`` is set for hand-offs and returns only.

    ``draft``  what another department drafted, as it stands now, with what was said of it.
    ``waits``  whether it keeps a reply that has not been let go: until its case is closed, or until
               another department approves.
    """

    event: Event
    at_ms: int
    case: CaseId
    agent_name: str
    department: DepartmentId | None
    seam: Seam | None
    undone: bool
    draft: DraftShown | None = None
    waits: bool = False


@dataclass(frozen=True, slots=True)
class DraftShown:
    """A draft of another department, and what became of it."""

    draft: CoDraft
    fate: DraftFate


@dataclass(frozen=True, slots=True)
class Seam:
    """The mark of a hand-off: who gave it to whom after holding it how long."""

    origin: DepartmentId
    target: DepartmentId
    held_ms: int
    text: str


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """A wish in the timeline or the outbox, until its fact arrives.

    ``place`` counts from 1 within what waits for the connection; 0 when not waiting.
    """

    item: OutboxItem
    at_ms: int
    customer: CustomerId | None
    customer_name: str
    agent_name: str
    department: DepartmentId | None
    place: int


TimelineItem = InteractionItem | EventItem | OutboxEntry


@dataclass(frozen=True, slots=True)
class Holding:
    """From ``at_ms`` on, this department holds the customer (None: nobody does)."""

    at_ms: int
    department: DepartmentId | None


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Items oldest first. ``before`` is the cursor of the next older page, None at the start.

    ``holdings`` is the whole sequence for the customer, oldest first: the colour of the thread.
    """

    customer: CustomerId
    items: tuple[TimelineItem, ...]
    before: int | None
    holdings: tuple[Holding, ...]


@dataclass(frozen=True, slots=True)
class MonthCount:
    """One month of the scrubber."""

    year: int
    month: int
    service: int
    marketing: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the panel and the header show it."""

    case: CaseId
    ref: str
    title: str
    customer: CustomerId
    identity: IdentityId
    conversation: ConversationId
    account: AccountId
    channel: Channel
    state: CaseState
    first_reply_ms: int | None
    waiting_since_ms: int | None
    deadline: Deadline | None
    resolution: Deadline | None
    answer_to: str
    """Native id of the customer's latest message: what a reply answers."""
    answer_visibility: Visibility
    answer_handle: str
    last_undoable: EventId | None
    answer_language: str = ""
    """Of that message, as the service tells it ("de", "pt-BR"); "" where it tells none."""
    clocks: tuple[CaseClock, ...] = ()
    """Every promise on it; ``deadline`` and ``resolution`` repeat the ends of two."""


@dataclass(frozen=True, slots=True)
class NoteView:
    text: str
    agent_name: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class CampaignView:
    """How far a campaign has come with a customer, and what service should know of it before it
    answers; ``brief`` and ``codes`` (its coupons) may be empty.

    ``stages``: sent, opened, clicked and bought, those that were, each when it first was.
    """

    name: str
    stages: tuple[Pip, ...]
    brief: str = ""
    codes: tuple[str, ...] = ()
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class CustomerCard:
    """What the customer panel shows; ``reach`` adds up the followers of all identities."""

    customer: CustomerId
    name: str
    identities: tuple[IdentityView, ...]
    reach: int
    since_ms: int | None
    interactions: int
    boosts: int
    likes: int
    cases: tuple[CaseView, ...]
    """Open cases first, then the latest closed; at most 20."""
    tags: tuple[str, ...]
    notes: tuple[NoteView, ...]
    hold: Hold | None = None
    """Why promotions wait for them; None where they are welcome."""
    owner: AgentId | None = None
    """Who holds the relationship, whoever has a case now."""
    campaigns: tuple[CampaignView, ...] = ()
    """Those they were lately touched by, the latest first; at most 12."""

    @property
    def open_case(self) -> CaseView | None:
        """Of the customer’s own; what departments ask of each other has cases of its own."""
        held = (case for case in self.cases if case.state.asked is None)
        return next((case for case in held if case.state.is_open), None)


class SearchScope(StrEnum):
    EVERYTHING = "everything"
    CUSTOMERS = "customers"
    CASES = "cases"
    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class MessageHit:
    """``marks``: (start, end) character ranges of ``snippet`` that matched."""

    key: InteractionKey
    uid: InteractionUid
    customer: CustomerId | None
    case: CaseId | None
    name: str
    channel: Channel
    kind: Kind
    side: Side
    at_ms: int
    snippet: str
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class CustomerHit:
    customer: CustomerId
    name: str
    handle: str
    channel: Channel
    identities: int
    reach: int
    open_case: CaseId | None
    last_ms: int


@dataclass(frozen=True, slots=True)
class CaseHit:
    case: CaseId
    ref: str
    customer: CustomerId
    name: str
    channel: Channel
    title: str
    status: Status
    department: DepartmentId
    at_ms: int


@dataclass(frozen=True, slots=True)
class SearchResults:
    """``messages_more`` says the count stopped, at 1,000 or before; ``elapsed_ms`` is the reading
    alone."""

    query: str
    customers: tuple[CustomerHit, ...]
    cases: tuple[CaseHit, ...]
    messages: tuple[MessageHit, ...]
    messages_count: int
    messages_more: bool
    before: InteractionKey | None
    total_interactions: int
    elapsed_ms: float


class AccountState(StrEnum):
    """How an account's connection is doing."""

    UP_TO_DATE = "up-to-date"
    SYNCING = "syncing"
    RESTING = "resting"
    OFFLINE = "offline"
    SIGN_IN = "sign-in"
    FAILED = "failed"
    SAMPLE = "sample"


@dataclass(frozen=True, slots=True)
class AccountStatus:
    """How an account's connection is doing; ``message`` is one sentence, "" when all is well."""

    state: AccountState
    message: str = ""
    until_ms: int | None = None
    fetched: int = 0


@dataclass(frozen=True, slots=True)
class AccountView:
    """``message`` is one sentence for a state other than up to date; ``until_ms`` its end."""

    account: AccountId
    channel: Channel
    server: str
    native_id: str
    handle: str
    name: str
    owner: DepartmentId
    state: AccountState
    message: str
    until_ms: int | None
    synced_ms: int | None
    history_since_ms: int | None
    fetched: int
    """Interactions fetched in the running pull."""
    pictures: PictureChoice = PictureChoice.ASK

    @property
    def label(self) -> str:
        """“@halden (Mastodon)”: where accounts of several channels stand together."""
        return f"{self.handle} ({self.channel.label})"


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search of a service that feeds a reach-out queue."""

    id: int
    account: AccountId
    query: str
    department: DepartmentId
